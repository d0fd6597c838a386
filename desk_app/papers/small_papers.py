"""The folder's label and the 80 mm ticket: code, whose, what, until when.

The ticket is also given as a raster: cheap ticket printers take one bit a dot and know no fonts
of ours (ESC/POS ``GS v 0``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from db.dossier import Dossier
from desk_app.papers import wording
from desk_app.papers.codes import QR_QUIET, bars, qr
from desk_app.papers.layout import DOT, MM, Block, Code, Rule, on_dot
from desk_app.papers.lines import BOLD, REGULAR, balanced, register_fonts, wrap
from desk_app.papers.receipt import A5
from desk_app.papers.slip import pages_pdf
from desk_app.papers.wording import fill

if TYPE_CHECKING:
    from PIL.Image import Image

LABEL = replace(A5, width=100 * MM, height=50 * MM, left=4 * MM, right=4 * MM)
TICKET_WIDTH = 72 * MM
"""What a printer of 80 mm paper can reach: 576 dots of 203 dpi."""
DOTS = 576
TICKET_DPI = DOTS / (TICKET_WIDTH / 72)
_MODULE = 2 * DOT
"""Two dots at 300 dpi, 0.17 mm: 25 signs fit a label."""


def label_pdf(dossier: Dossier, texts: Mapping[str, str]) -> bytes:
    """100 × 50 mm for the folder: the code as bars, the name large, what it is, until when.

    Long names are set smaller, never cut.
    """
    register_fonts()
    scales = (1.0, 0.92, 0.84, 0.77, 0.7, 0.64, 0.58)
    blocks = (_label(dossier, texts, scale) for scale in scales)
    block = next((b for b in blocks if b.height <= LABEL.height - 4), None)
    block = block or _label(dossier, texts, scales[-1])
    return pages_pdf([block], LABEL, dossier.facts.code)


def _label(dossier: Dossier, texts: Mapping[str, str], scale: float) -> Block:
    facts, block = dossier.facts, Block()
    art = bars(facts.code)
    wide = art.columns * _MODULE
    x = (LABEL.width - wide) / 2
    block.codes.append(Code(on_dot(x), 6, art, _MODULE, 11 * MM))
    y = 6 + 11 * MM + 2
    y = block.put(wrap([(facts.code, BOLD)], 9, LABEL.measure), 0, y, 9, 11, LABEL.width / 2) + 2
    due = f"{texts['due']} {wording.hour_and_day(texts, dossier.life.due_at)}"
    what = facts.procedure.short_name or facts.procedure.name
    for said, font, size in (
        (facts.applicant.name, BOLD, 13 * scale),
        (what, REGULAR, 10 * scale),
        (due, REGULAR, max(7.5, 8.5 * scale)),
    ):
        lines = balanced(said, font, size, LABEL.measure)
        y = block.put(lines, 0, y, size, size * 1.16, LABEL.width / 2) + 1
    block.height = y
    return block


def ticket_pdf(dossier: Dossier, texts: Mapping[str, str]) -> bytes:
    """A strip of 72 mm, as long as it needs: for who waits, or asked for a small paper."""
    register_fonts()
    facts, block = dossier.facts, Block()
    look = replace(A5, width=TICKET_WIDTH, left=2 * MM, right=2 * MM)
    middle, room = look.width / 2, look.measure
    y = block.put(balanced(facts.office.desk_line, BOLD, 9, room), 0, 4, 9, 11, middle)
    y = block.put(balanced(facts.office.name, REGULAR, 9, room), 0, y, 9, 11, middle)
    mark = qr(facts.code)
    module = 4 * 72 / TICKET_DPI
    side = mark.columns * module
    y += QR_QUIET * module
    block.codes.append(Code(middle - side / 2, y, mark, module, side))
    y += side + QR_QUIET * module
    y = block.put(wrap([(facts.code, BOLD)], 11, room), 0, y, 11, 14, middle)
    y = block.put(balanced(facts.applicant.name, BOLD, 12, room), 0, y + 2, 12, 14, middle)
    y = block.put(balanced(facts.procedure.name, REGULAR, 9.5, room), 0, y, 9.5, 11.5, middle)
    due = fill(texts["promise"], at=wording.hour_and_day(texts, dossier.life.due_at))
    y = block.put(balanced(due, BOLD, 11, room), 0, y + 4, 11, 13, middle)
    y = block.put(balanced(texts["advice"], REGULAR, 8.5, room), 0, y + 3, 8.5, 10, middle)
    block.rules.append(Rule(look.left, y + 4, look.width - look.right, y + 4, 0.5))
    return pages_pdf([block], replace(look, height=y + 10), facts.code)


def ticket_picture(dossier: Dossier, texts: Mapping[str, str]) -> Image:
    """The ticket as black and white dots, 576 across."""
    import pypdfium2

    document = pypdfium2.PdfDocument(ticket_pdf(dossier, texts))
    try:
        grey = document[0].render(scale=TICKET_DPI / 72, grayscale=True).to_pil()
    finally:
        document.close()
    picture: Image = grey.crop((0, 0, DOTS, grey.height)).point(lambda tone: 255 * (tone > 127))
    return picture.convert("1")


def ticket_bytes(picture: Image) -> bytes:
    """What a ticket printer is sent: reset, the raster, feed, cut."""
    across, down = DOTS // 8, picture.height
    inverted = bytes(byte ^ 0xFF for byte in picture.tobytes())
    size = bytes((across % 256, across // 256, down % 256, down // 256))
    return b"\x1b@" + b"\x1dv0\x00" + size + inverted + b"\x1bd\x03" + b"\x1dV\x00"
