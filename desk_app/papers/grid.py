"""Tables of any columns, whose heading stands again on every further page."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import accumulate, pairwise
from typing import Literal, NamedTuple

from desk_app.papers.layout import PAD, Block, Look, Rule
from desk_app.papers.lines import BOLD, REGULAR, Line, Run, wrap

Cell = str | tuple[Run, ...]
"""Plain text, or stretches in their fonts, each on a line of its own."""


class Column(NamedTuple):
    """A column: its heading, its share of the width, and where its text stands."""

    title: str
    share: float
    side: Literal["left", "middle", "right"] = "left"


def grid(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], look: Look, label: Block
) -> list[list[Block]]:
    """The parts of a table for ``layout.flow``: label, heading and first row stay together."""
    edges = _edges(columns, look)
    centred = [column._replace(side="middle") for column in columns]
    head = _row(centred, bold([column.title for column in columns]), edges, look, 0.5)
    blocks = [_row(columns, cells, edges, look) for cells in rows]
    for block in blocks:
        block.head = head
    return [[label, head, *blocks[:1]], *([block] for block in blocks[1:]), [Block(look.gap * 2)]]


def bold(cells: Sequence[str]) -> list[Cell]:
    """A row of sums."""
    return [((cell, BOLD),) for cell in cells]


def _edges(columns: Sequence[Column], look: Look) -> list[float]:
    whole = sum(column.share for column in columns)
    shares = accumulate((column.share for column in columns), initial=0.0)
    return [look.left + look.measure * share / whole for share in shares]


def _row(
    columns: Sequence[Column],
    cells: Sequence[Cell],
    edges: Sequence[float],
    look: Look,
    down: float = 0.0,
) -> Block:
    """``down``: which part of the white of a short cell stands above its text."""
    size, step = look.table, look.table * look.leading
    rooms = [right - left - 2 * PAD for left, right in pairwise(edges)]
    filled = [_lines(cell, size, room) for cell, room in zip(cells, rooms, strict=True)]
    block = Block(max(map(len, filled)) * step + PAD)
    for n, (column, lines) in enumerate(zip(columns, filled, strict=True)):
        y = PAD / 2 + (block.height - PAD - len(lines) * step) * down
        for line in lines:
            y = block.put([line], _begin(column, line, edges[n], edges[n + 1]), y, size, step)
    block.box(edges[0], 0, edges[-1] - edges[0], block.height)
    block.rules += [Rule(edge, 0, edge, block.height) for edge in edges[1:-1]]
    return block


def _lines(cell: Cell, size: float, room: float) -> list[Line]:
    runs = ((cell, REGULAR),) if isinstance(cell, str) else cell
    return [line for run in runs for line in wrap([run], size, room)]


def _begin(column: Column, line: Line, left: float, right: float) -> float:
    if column.side == "left":
        return left + PAD
    if column.side == "right":
        return right - PAD - line.width
    return (left + right - line.width) / 2
