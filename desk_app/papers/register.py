"""Sổ theo dõi hồ sơ on A4 across, page by page: a year of 75,000 lines is never in memory."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from db.parts import OfficeFacts
from desk_app.papers.grid import Column, grid
from desk_app.papers.layout import MM, Block, Rule, Text, paint
from desk_app.papers.letterhead import letterhead
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, register_fonts, width, wrap
from desk_app.papers.slip import ACROSS
from desk_app.papers.wording import fill

LOOK = replace(
    ACROSS, left=15 * MM, right=10 * MM, top=12 * MM, bottom=10 * MM, table=7.5, fine=8, gap=2
)
SHARES = (18, 104, 88, 26, 64, 86, 60, 52, 52, 52, 42, 52, 60)
Progress = Callable[[int], None]
"""Told how many lines are set; raises to stop."""


def register_pdf(
    path: Path,
    office: OfficeFacts,
    texts: Mapping[str, str],
    heading: str,
    moment: str,
    lines: Iterable[Sequence[object]],
    progress: Progress,
) -> int:
    """Write the book; returns its pages. The last one says how many lines and pages there are.

    Args:
        texts: the form's words over those of the receipt.
        heading: year and volume.
        moment: when it is printed.
    """
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    paper = (LOOK.width, LOOK.height)
    canvas = Canvas(str(path), pagesize=paper, invariant=1, lang="vi", initialFontName=REGULAR)  # type: ignore[arg-type]
    canvas.setTitle(heading)
    pages = _Pages(canvas, texts, heading)
    pages.begin(_head(office, texts, heading, moment))
    rows = 0
    for done, line in enumerate(lines, start=1):
        pages.put([str(cell) for cell in line])
        rows += bool(line[1])  # a number whose dossier is elsewhere has no code
        progress(done)
    pages.close(rows)
    canvas.save()
    return pages.number


class _Pages:
    """Sets rows one by one and lets go of each page when it is full."""

    def __init__(self, canvas: object, texts: Mapping[str, str], heading: str) -> None:
        self._canvas, self._texts, self._heading = canvas, texts, heading
        names = texts["columns"].split("|")
        self._columns = [
            Column(name, share, "middle" if share < 30 else "left")
            for name, share in zip(names, SHARES, strict=True)
        ]
        self._page, self._y = Block(), LOOK.top
        self.number = 0

    def begin(self, head: Block | None = None) -> None:
        """A page with the table's heading, below ``head`` when there is one."""
        self._page, self._y = Block(), LOOK.top
        self.number += 1
        if head is not None:
            self._add(head)
        # A table of one empty row gives the heading.
        self._add(grid(self._columns, [[""] * len(self._columns)], LOOK, Block())[0][1])

    def put(self, cells: Sequence[str]) -> None:
        """One row, on the next page when this one is full."""
        row = grid(self._columns, [cells], LOOK, Block())[0][2]
        if self._y + row.height > LOOK.height - LOOK.bottom - LOOK.fine * 2:
            self._show()
            self.begin()
        self._add(row)

    def close(self, rows: int) -> None:
        """How much there is, and who signs when the book is closed."""
        end = Block()
        said = fill(self._texts["closed"], rows=rows, pages=self.number)
        y = end.put(wrap([(said, BOLD)], 10, LOOK.measure), LOOK.left, 6, 10, 14)
        half = LOOK.measure / 2
        for n, name in enumerate(("signer", "head")):
            middle = LOOK.left + half * (n + 0.5)
            low = end.put(wrap([(self._texts[name], BOLD)], 10, half), 0, y + 6, 10, 13, middle)
            hint = self._texts["sign_hint" if n == 0 else "seal"]
            end.put(wrap([(hint, ITALIC)], 9, half), 0, low, 9, 12, middle)
        end.height = y + 90
        if self._y + end.height > LOOK.height - LOOK.bottom - LOOK.fine * 2:
            self._show()
            self.begin()
        self._add(end)
        self._show()

    def _add(self, block: Block) -> None:
        self._page.add(block, self._y)
        self._y += block.height

    def _show(self) -> None:
        base = LOOK.height - LOOK.bottom
        low = base - LOOK.fine * 1.15
        self._page.rules.append(Rule(LOOK.left, low, LOOK.width - LOOK.right, low, 0.3))
        self._page.texts.append(Text(LOOK.left, base, REGULAR, LOOK.fine, self._heading))
        at = f"Trang {self.number}"
        end = LOOK.width - LOOK.right - width(at, REGULAR, LOOK.fine)
        self._page.texts.append(Text(end, base, REGULAR, LOOK.fine, at))
        paint(self._canvas, self._page, LOOK.height, copy=0)  # type: ignore[arg-type]
        self._canvas.showPage()  # type: ignore[attr-defined]


def _head(office: OfficeFacts, texts: Mapping[str, str], heading: str, moment: str) -> Block:
    block = letterhead(office, texts, moment, LOOK)
    middle = LOOK.left + LOOK.measure / 2
    title = wrap([(texts["title"], BOLD)], 14, LOOK.measure)
    y = block.put(title, 0, block.height + 6, 14, 18, middle)
    y = block.put(wrap([(heading, ITALIC)], 11, LOOK.measure), 0, y, 11, 15, middle)
    block.height = y + 6
    return block
