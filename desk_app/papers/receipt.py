"""Mẫu số 01: giấy tiếp nhận hồ sơ và hẹn trả kết quả, what the citizen walks away with.

Fields and their order are those of TT 01/2018/TT-VPCP with the provinces' usual additions (the
submitter, the identity number, the fee). Every fixed word comes from the form's dated texts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from io import BytesIO
from typing import Literal

from db.kinds import DossierReceived
from db.refused import Refused
from desk_app.papers.layout import MM, Block, Look, on_dot, paint
from desk_app.papers.lines import REGULAR, register_fonts
from desk_app.papers.receipt_setting import set_receipt
from desk_app.papers.wording import TEXTS

Size = Literal["A5", "A4", "A4x2"]

SMALLEST = 8.0
"""Points of type below which a receipt takes another sheet rather than smaller letters."""

A5 = Look(
    width=148 * MM,
    height=210 * MM,
    left=12 * MM,
    right=10 * MM,
    top=7.5 * MM,
    bottom=7 * MM,
    agency=9,
    nation=9,
    motto=10,
    title=13,
    body=9.4,
    due=12,
    table=8.8,
    fine=7.3,
    gap=1.2,
    leading=1.17,
    bar=10 * MM,
    sign=11 * MM,
    code_column=33 * MM,
    count_column=16.5 * MM,
)
A4 = Look(
    width=210 * MM,
    height=297 * MM,
    left=30 * MM,
    right=17 * MM,
    top=20 * MM,
    bottom=15 * MM,
    agency=12,
    nation=12,
    motto=13,
    title=14,
    body=12,
    due=15,
    table=11,
    fine=9.3,
    gap=2.2,
    leading=1.2,
    bar=13 * MM,
    sign=16 * MM,
    code_column=36 * MM,
    count_column=20 * MM,
)


class FormTextMissing(Refused):
    """The published form lacks texts: ``form_set`` and ``names`` say which."""


@dataclass(frozen=True)
class Receipt:
    """What stands on one dossier's receipt.

    Attributes:
        texts: the fixed words, ``FormPublished.texts`` of the form set of ``facts``.
        machine: dossier id, device, epoch and seq in clear, beside a signed code.
        signed: content of the office copy's QR code; empty: that copy bears the lookup code too.
        signed_on_both: an office's setting; the citizen's copy then bears both QR codes.
        nth: which printing this is; from 2 on the paper says so.
        draft: for the preview: no code that a scanner could take for a promise.
    """

    facts: DossierReceived
    texts: Mapping[str, str]
    machine: str = ""
    signed: str = ""
    signed_on_both: bool = False
    nth: int = 1
    draft: bool = False


def receipt_pdf(receipt: Receipt, size: Size, copies: tuple[int, ...] = (1, 2)) -> bytes:
    """The receipt as PDF; the same receipt always gives the same bytes.

    Args:
        size: ``A4x2`` is A4 across with two A5 copies side by side.
        copies: 1 is the office's liên, 2 the citizen's, in the order of printing.

    Raises:
        FormTextMissing: the form's texts are not complete.
    """
    from reportlab.pdfgen.canvas import Canvas

    missing = TEXTS - receipt.texts.keys()
    if missing:
        raise FormTextMissing(form_set=receipt.facts.form_set, names=sorted(missing))
    register_fonts()
    look = A4 if size == "A4" else A5
    pages = set_on_fewest(receipt, look, copies)
    across = 2 if size == "A4x2" else 1
    file = BytesIO()
    half = on_dot(148.5 * MM)
    paper = (297 * MM if across == 2 else look.width, look.height)
    canvas = Canvas(file, pagesize=paper, invariant=1, lang="vi", initialFontName=REGULAR)  # type: ignore[arg-type]
    canvas.setTitle(receipt.facts.code)
    canvas.setAuthor("")
    shared = len(copies) > 1
    if shared:
        for number, page in enumerate(pages):
            canvas.beginForm(f"page{number}", 0, 0, look.width, look.height)
            paint(canvas, page, look.height, copy=0)
            canvas.endForm()
    for sheet in _sheets(len(pages), copies, across):
        for place, (number, copy) in enumerate(sheet):
            right = place * half
            if shared:
                canvas.saveState()
                canvas.translate(right, 0)
                canvas.doForm(f"page{number}")
                canvas.restoreState()
            else:
                paint(canvas, pages[number], look.height, copy=0, right=right)
            paint(canvas, pages[number], look.height, copy=copy, right=right)
        if across == 2:
            middle, up = look.width, look.height
            canvas.addLiteral(
                f"q 0.3 w 0.6 G [2 3] 0 d {middle:.2f} 0 m {middle:.2f} {up:.2f} l S Q"
            )
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _sheets(pages: int, copies: tuple[int, ...], across: int) -> list[list[tuple[int, int]]]:
    """Which page of which copy stands where: one after the other, or two copies abreast."""
    if across == 1:
        return [[(page, copy)] for copy in copies for page in range(pages)]
    pairs = [copies[i : i + 2] for i in range(0, len(copies), 2)]
    return [[(page, copy) for copy in pair] for pair in pairs for page in range(pages)]


def set_on_fewest(receipt: Receipt, look: Look, copies: tuple[int, ...]) -> list[Block]:
    """Airy where there is room; closer, in smaller type, where that saves a sheet."""
    pages: list[Block] = []
    for air in (1.2, 0.6):
        airy = replace(
            look,
            gap=look.gap * (1 + air),
            leading=look.leading * (1 + 0.025 * air),
            sign=look.sign * (1 + 0.2 * air),
        )
        pages = set_receipt(receipt, airy, copies)
        if len(pages) == 1:
            return pages
    for scale in (1.0, 0.96, 0.92, 0.86, 0.8, 0.74):
        if len(pages) == 1 or look.body * scale < SMALLEST:
            break
        closer = replace(
            look,
            body=look.body * scale,
            table=look.table * scale,
            fine=look.fine * scale,
            gap=look.gap * scale,
            sign=look.sign * scale,
        )
        pages = min(pages, set_receipt(receipt, closer, copies), key=len)
    return pages
