"""What all papers after the receipt have in common: head, code, number, title, body, signatures.

A form makes a ``Slip`` of a dossier and of the entry the paper is about; this file sets it. Fixed
words are dated data of the form (``resources/catalogue/forms.json``), nothing here is an office's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from io import BytesIO

from db.parts import OfficeFacts
from desk_app.papers.codes import BAR_MODULE, BAR_QUIET, QR_QUIET, bars, qr, qr_module
from desk_app.papers.grid import Cell, Column, grid
from desk_app.papers.layout import MM, PAD, Block, Code, Look, Rule, Text, flow, paint, paragraph
from desk_app.papers.letterhead import letterhead
from desk_app.papers.lines import (
    BOLD,
    ITALIC,
    REGULAR,
    Run,
    balanced,
    register_fonts,
    width,
    wrap,
)
from desk_app.papers.receipt import A4, A5, SMALLEST
from desk_app.papers.wording import fill

ACROSS = replace(
    A4,
    width=297 * MM,
    height=210 * MM,
    left=20 * MM,
    right=15 * MM,
    top=15 * MM,
    body=11,
    table=9.5,
)
A5_ACROSS = replace(
    A5, width=210 * MM, height=148 * MM, left=15 * MM, right=12 * MM, top=7 * MM, bottom=6 * MM
)
LOOKS = {"A4": A4, "across": ACROSS, "A5-across": A5_ACROSS}
Part = Callable[[Look], Sequence[Sequence[Block]]]
"""A piece of the body, set for a look: parts for ``layout.flow``."""


@dataclass(frozen=True)
class Signer:
    """A place to sign: whose (TM., KT. … on lines of their own, with ``|`` between), what is asked
    below, the name that stands there already."""

    title: str
    name: str = ""
    hint: str = ""


@dataclass(frozen=True)
class Slip:
    """One paper.

    Attributes:
        texts: the words of the form and those of the receipt of the same regime.
        at: when it is issued, a moment.
        number: "Số: …", or empty.
        code: what its Code 128 and QR code say.
        nth: which printing this is; from 2 on the paper says so.
    """

    office: OfficeFacts
    texts: Mapping[str, str]
    at: str
    code: str
    title: str
    body: Sequence[Part]
    signers: Sequence[Signer]
    number: str = ""
    subtitle: str = ""
    recipients: Sequence[str] = ()
    nth: int = 1


def row(label: str, value: str, font: str = REGULAR) -> Part:
    """A label and its value; dots to write on when there is none."""
    return lambda look: [
        [paragraph([(label, REGULAR), (value or "…" * 12, font)], look, look.body)]
    ]


def maybe(label: str, value: str, font: str = REGULAR) -> Part:
    """The same, left out when there is no value."""
    return row(label, value, font) if value else lambda _: []


def text(*runs: Run) -> Part:
    """A paragraph."""
    return lambda look: [[paragraph(runs, look, look.body)]]


def table(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> Part:
    """A table that goes on over pages."""
    return lambda look: grid(columns, rows, look, Block())


def slip_pdf(slip: Slip, size: str) -> bytes:
    """The paper as PDF; the same slip always gives the same bytes.

    ``A4x2`` is set as A5; ``across`` is A4 across, ``A5-across`` is A5 across.
    """
    look = LOOKS.get(size, A5)
    return pages_pdf(fewest(partial(_pages, slip), look), look, slip.code)


def pages_pdf(pages: Sequence[Block], look: Look, title: str) -> bytes:
    """Pages that were set, as PDF."""
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    file = BytesIO()
    paper = (look.width, look.height)
    canvas = Canvas(file, pagesize=paper, invariant=1, lang="vi", initialFontName=REGULAR)  # type: ignore[arg-type]
    canvas.setTitle(title)
    canvas.setAuthor("")
    for page in pages:
        paint(canvas, page, look.height, copy=0)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def fewest(set_pages: Callable[[Look], list[Block]], look: Look) -> list[Block]:
    """Airy where there is room; closer, in smaller type, where that saves a sheet."""
    register_fonts()
    airy = replace(look, gap=look.gap * 2.2, leading=look.leading * 1.05, sign=look.sign * 1.2)
    best = set_pages(airy)
    for scale in (1.0, 0.92, 0.86):
        if len(best) == 1 or look.body * scale < SMALLEST:
            break
        closer = replace(
            look,
            body=look.body * scale,
            table=look.table * scale,
            fine=look.fine * scale,
            gap=look.gap * scale,
            sign=look.sign * scale,
        )
        best = min(best, set_pages(closer), key=len)
    return best


def _pages(slip: Slip, look: Look) -> list[Block]:
    body = [part for each in slip.body for part in each(look)]
    last = [block for part in body[-1:] for block in part]
    parts: list[Sequence[Block]] = [[_head(slip, look)], *body[:-1]]
    # Nobody signs a page with nothing else on it.
    parts.append([*last, _signatures(slip, look)])
    pages = flow(parts, look, look.fine * 1.7)
    for number, page in enumerate(pages, start=1):
        _foot(page, slip, look, number, len(pages))
    return pages


def _head(slip: Slip, look: Look) -> Block:
    block = letterhead(slip.office, slip.texts, slip.at, look)
    y = block.height + look.gap
    if slip.number:
        lines = wrap([(slip.number, REGULAR)], look.body, look.measure / 2)
        y = block.put(lines, look.left, y, look.body, look.body * 1.3)
    y = code_band(block, slip, look, y + look.gap)
    middle = look.left + look.measure / 2
    lines = balanced(slip.title, BOLD, look.title, look.measure)
    y = block.put(lines, 0, y + look.gap, look.title, look.title * 1.25, middle)
    if slip.subtitle:
        lines = balanced(slip.subtitle, ITALIC, look.body, look.measure)
        y = block.put(lines, 0, y, look.body, look.body * 1.25, middle)
    if slip.nth >= 2:
        mark = wrap([(fill(slip.texts["reprint"], nth=slip.nth), BOLD)], look.body, look.measure)
        wide, step = mark[0].width + 4 * PAD, look.body * 1.3
        x = look.width - look.right - wide
        block.put(mark, x + 2 * PAD, y + 2, look.body, step)
        block.box(x, y + 1, wide, step + 2.5, 0.8)
        y += step + PAD
    block.height = y + look.gap * 2
    return block


def code_band(block: Block, slip: Slip, look: Look, y: float) -> float:
    """Code 128 with its plain digits at the left, the same as QR code at the right."""
    art = bars(slip.code)
    x = look.left + BAR_QUIET
    block.codes.append(Code(x, y, art, BAR_MODULE, look.bar))
    label = wrap([(fill(slip.texts["code"], code=slip.code), BOLD)], look.body, look.measure)
    wide = art.columns * BAR_MODULE
    middle = max(x + wide / 2, look.left + label[0].width / 2)
    low = block.put(label, 0, y + look.bar + 1, look.body, look.body * 1.25, middle)
    mark = qr(slip.code)
    module = qr_module(mark, look.code_column)
    side = mark.columns * module
    right = look.width - look.right - QR_QUIET * module - side
    block.codes.append(Code(right, y, mark, module, side))
    return max(low, y + side + 2)


def _signatures(slip: Slip, look: Look) -> Block:
    block, size = Block(), look.body
    step = size * 1.3
    signers = list(slip.signers)
    columns = max(2, len(signers) + bool(slip.recipients))
    wide = look.measure / columns
    if slip.recipients:
        lines = [wrap([(each, ITALIC if n == 0 else REGULAR)], look.fine * 1.15, wide) for n, each
                 in enumerate(slip.recipients)]  # fmt: skip
        y = 8.0
        for each in lines:
            y = block.put(each, look.left, y, look.fine * 1.15, look.fine * 1.4)
        block.height = y
    for n, signer in enumerate(signers, start=columns - len(signers)):
        middle = look.left + wide * (n + 0.5)
        y = 8.0
        for title in signer.title.split("|"):
            y = block.put(balanced(title, BOLD, size, wide - 6), 0, y, size, step, middle)
        hint = signer.hint or slip.texts["sign_hint"]
        y = block.put(wrap([(hint, ITALIC)], size, wide), 0, y, size, step, middle) + look.sign
        lines_ = balanced(signer.name, BOLD, size, wide - 6)
        block.height = max(block.height, block.put(lines_, 0, y, size, step, middle))
    return block


def _foot(page: Block, slip: Slip, look: Look, number: int, of: int) -> None:
    base = look.height - look.bottom
    low = base - look.fine * 1.15
    page.rules.append(Rule(look.left, low, look.width - look.right, low, 0.3))
    name = fill(slip.texts["code"], code=slip.code)
    page.texts.append(Text(look.left, base, REGULAR, look.fine, name))
    at = fill(slip.texts["page"], page=number, pages=of)
    end = look.width - look.right - width(at, REGULAR, look.fine)
    page.texts.append(Text(end, base, REGULAR, look.fine, at))
