"""The typesetter of every paper: blocks that flow over pages, and their painting.

Lengths are PDF points (1/72 inch). While a paper is set, y grows downwards from the upper edge of
the sheet; ``paint`` turns it round. Typography follows Annex I of NĐ 30/2020/NĐ-CP, scaled down on
A5 as the provinces' forms are.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from desk_app.papers.lines import Line, Run, wrap

if TYPE_CHECKING:
    from reportlab.pdfgen.canvas import Canvas

    from desk_app.papers.codes import Art

MM = 72 / 25.4
DOT = 0.24
"""One dot of a 300 dpi printer, two of a 600 dpi one. Codes and halves of a sheet stand on it."""
GREY = 0.62
PAD = 3.0
"""White between a rule and the text beside it."""


class Text(NamedTuple):
    """Text at a baseline. ``copy``: on that copy of the paper only; 0: on every one."""

    x: float
    y: float
    font: str
    size: float
    string: str
    grey: bool = False
    copy: int = 0


class Rule(NamedTuple):
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    weight: float = 0.5
    grey: bool = False


class Code(NamedTuple):
    """A barcode or QR code; x and y are the upper left corner of its dark part."""

    x: float
    y: float
    art: Art
    module: float
    height: float
    copy: int = 0


class Picture(NamedTuple):
    """A PNG in its box; x and y are the upper left corner."""

    x: float
    y: float
    width: float
    height: float
    png: bytes


@dataclass(frozen=True)
class Look:
    """A sheet and its sizes of type; ``bar`` is the height of Code 128, ``sign`` of a signature."""

    width: float
    height: float
    left: float
    right: float
    top: float
    bottom: float
    agency: float
    nation: float
    motto: float
    title: float
    body: float
    due: float
    table: float
    fine: float
    gap: float
    leading: float
    bar: float
    sign: float
    code_column: float
    count_column: float

    @property
    def measure(self) -> float:
        """How wide a line may be."""
        return self.width - self.left - self.right


@dataclass
class Block:
    """Something set that is not parted between two pages; y counts from its own upper edge.

    ``head`` is set again above it when it comes first on a new page.
    """

    height: float = 0.0
    texts: list[Text] = field(default_factory=list)
    rules: list[Rule] = field(default_factory=list)
    codes: list[Code] = field(default_factory=list)
    pictures: list[Picture] = field(default_factory=list)
    head: Block | None = None

    def add(self, other: Block, down: float = 0.0) -> None:
        """Take over what ``other`` holds, ``down`` points lower."""
        self.texts += [Text(t[0], t[1] + down, *t[2:]) for t in other.texts]
        self.rules += [Rule(r[0], r[1] + down, r[2], r[3] + down, *r[4:]) for r in other.rules]
        self.codes += [c._replace(y=c.y + down) for c in other.codes]
        self.pictures += [p._replace(y=p.y + down) for p in other.pictures]

    def put(
        self, lines: Iterable[Line], x: float, y: float, size: float, step: float, middle: float = 0
    ) -> float:
        """Set lines below ``y``; returns where the next may begin. ``middle``: their centre."""
        for line in lines:
            begin = middle - line.width / 2 if middle else x
            base = y + step * 0.5 + size * 0.32
            self.texts += [Text(begin + p.dx, base, p.font, size, p.string) for p in line.pieces]
            y += step
        return y

    def box(self, x: float, y: float, width: float, height: float, weight: float = 0.5) -> None:
        """Four rules round a place."""
        right, low = x + width, y + height
        self.rules += [
            Rule(x, y, right, y, weight),
            Rule(x, low, right, low, weight),
            Rule(x, y, x, low, weight),
            Rule(right, y, right, low, weight),
        ]


def paragraph(runs: Sequence[Run], look: Look, size: float, most: float = 0.0) -> Block:
    """Lines from the left margin, with the look's gap below."""
    block = Block()
    lines = wrap(runs, size, most or look.measure)
    block.height = block.put(lines, look.left, 0, size, size * look.leading) + look.gap
    return block


def flow(parts: Iterable[Sequence[Block]], look: Look, foot: float) -> list[Block]:
    """Lay blocks on pages, one block a page, ``foot`` left free below.

    The blocks of one part stay together when a page can hold them all.
    """
    pages = [Block()]
    low, top = look.height - look.bottom - foot, look.top
    y = top

    def turn(first: Block) -> None:
        nonlocal y
        pages.append(Block())
        y = top
        if first.head is not None:
            place(first.head)

    def place(block: Block) -> None:
        nonlocal y
        if y + block.height > low + 0.01 and y > top:
            turn(block)
        pages[-1].add(block, y)
        y += block.height

    for part in parts:
        together = sum(block.height for block in part)
        if low + 0.01 < y + together and together <= low - top:
            turn(part[0])
        for block in part:
            place(block)
    return pages


def on_dot(length: float) -> float:
    """The length in whole dots of a 300 dpi printer, so that no bar is smeared over two."""
    return round(length / DOT) * DOT


def paint(canvas: Canvas, page: Block, height: float, copy: int, right: float = 0.0) -> None:
    """Draw what ``page`` holds for one copy, on paper ``height`` high, moved to the right.

    ``copy`` 0 draws what all copies share.
    """
    text = canvas.beginText()
    now: tuple[str, float] | None = None
    for x, y, font, size, string, grey, only in page.texts:
        if only != copy:
            continue
        if grey:
            text.setFillGray(GREY)
        if now != (font, size):
            text.setFont(font, size)
            now = (font, size)
        text.setTextOrigin(right + x, height - y)
        text.textOut(string)
        if grey:
            text.setFillGray(0)
    canvas.drawText(text)
    if copy == 0:
        for x1, y1, x2, y2, weight, grey in page.rules:
            canvas.addLiteral(
                f"{weight:g} w {GREY if grey else 0:g} G {right + x1:.2f} {height - y1:.2f} m "
                f"{right + x2:.2f} {height - y2:.2f} l S"
            )
        for picture in page.pictures:
            _draw(canvas, picture, right + picture.x, height - picture.y - picture.height)
    for code in page.codes:
        if code.copy == copy:
            x, low = on_dot(right + code.x), on_dot(height - code.y - code.height)
            up = code.height / code.art.rows
            canvas.addLiteral(
                f"q 0 g {code.module:.4f} 0 0 {up:.4f} {x:.2f} {low:.2f} cm {code.art.drawing} f Q"
            )


def _draw(canvas: Canvas, picture: Picture, x: float, y: float) -> None:
    """As large as its box allows, in the middle of it."""
    from io import BytesIO

    from reportlab.lib.utils import ImageReader

    image = ImageReader(BytesIO(picture.png))
    canvas.drawImage(
        image, x, y, picture.width, picture.height, mask="auto", preserveAspectRatio=True
    )
