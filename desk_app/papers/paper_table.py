"""The table of the papers of a dossier."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.parts import PaperCount
from desk_app.papers.layout import PAD, Block, Look, Rule, paragraph
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, Run, balanced, wrap

if TYPE_CHECKING:
    from desk_app.papers.receipt import Receipt


def papers(receipt: Receipt, look: Look) -> list[list[Block]]:
    """The table, its heading never alone at the foot of a page; a row is parted only if it must."""
    texts = receipt.texts
    label = paragraph([(texts["papers"], REGULAR)], look, look.body)
    edges = _edges(look)
    head = _table_head(receipt, look, edges)
    rows = [
        row
        for number, paper in enumerate(receipt.facts.papers, start=1)
        for row in _table_row(receipt, look, edges, number, paper)
    ] or _table_row(receipt, look, edges, 0, PaperCount(name=""))
    for row in rows:
        row.head = head
    end = Block(height=look.gap * 2)
    return [[label, head, rows[0]], *([row] for row in rows[1:]), [end]]


def _edges(look: Look) -> tuple[float, ...]:
    """Where the table's six upright rules stand."""
    end = look.width - look.right
    first = look.left + 8.5 / 9.5 * look.table * 2.4
    return (look.left, first, *(end - look.count_column * n for n in (3, 2, 1)), end)


def _table_head(receipt: Receipt, look: Look, edges: tuple[float, ...]) -> Block:
    texts, size, block = receipt.texts, look.table, Block()
    step = size * look.leading
    counts = [
        balanced(texts[name], BOLD, size, edges[n + 1] - edges[n] - 2)
        for n, name in ((2, "column_originals"), (3, "column_certified"), (4, "column_copies"))
    ]
    upper = step + PAD
    lower = max(len(lines) for lines in counts) * step + PAD
    block.height = upper + lower
    for n, name in ((0, "column_number"), (1, "column_paper")):
        lines = balanced(texts[name], BOLD, size, edges[n + 1] - edges[n] - 2)
        y = (block.height - len(lines) * step) / 2
        block.put(lines, 0, y, size, step, (edges[n] + edges[n + 1]) / 2)
    quantity = wrap([(texts["column_quantity"], BOLD)], size, edges[5] - edges[2])
    block.put(quantity, 0, PAD / 2, size, step, (edges[2] + edges[5]) / 2)
    for n, lines in enumerate(counts, start=2):
        y = upper + (lower - len(lines) * step) / 2
        block.put(lines, 0, y, size, step, (edges[n] + edges[n + 1]) / 2)
    block.box(edges[0], 0, edges[5] - edges[0], block.height)
    for n in (1, 2, 3, 4):
        block.rules.append(Rule(edges[n], upper if n > 2 else 0, edges[n], block.height))
    block.rules.append(Rule(edges[2], upper, edges[5], upper))
    return block


def _table_row(
    receipt: Receipt, look: Look, edges: tuple[float, ...], number: int, paper: PaperCount
) -> list[Block]:
    size, step = look.table, look.table * look.leading
    shown = receipt.texts["shown"]
    counts = (paper.originals, paper.certified, paper.copies)
    runs: list[Run] = [(paper.name, REGULAR)]
    if paper.shown and any(counts):
        runs.append((f"({shown})", ITALIC))
    lines = wrap(runs, size, edges[2] - edges[1] - 2 * PAD)
    most = int((look.height - look.top - look.bottom) * 0.7 / step)
    blocks = []
    for begin in range(0, len(lines), most):
        block = Block()
        some = lines[begin : begin + most]
        block.height = block.put(some, edges[1] + PAD, PAD / 2, size, step) + PAD / 2
        block.box(edges[0], 0, edges[5] - edges[0], block.height)
        spans_all = paper.shown and not any(counts)
        for n in (1, 2) if spans_all else (1, 2, 3, 4):
            block.rules.append(Rule(edges[n], 0, edges[n], block.height))
        if begin == 0:
            _row_cells(block, edges, size, step, number, () if spans_all else counts, shown)
        blocks.append(block)
    return blocks


def _row_cells(
    block: Block,
    edges: tuple[float, ...],
    size: float,
    step: float,
    number: int,
    counts: tuple[int, ...],
    shown: str,
) -> None:
    y = PAD / 2
    if number:
        block.put(
            wrap([(str(number), REGULAR)], size, 99), 0, y, size, step, (edges[0] + edges[1]) / 2
        )
    for n, count in enumerate(counts, start=2):
        if count:
            line = wrap([(f"{count:02d}", REGULAR)], size, 99)
            block.put(line, 0, y, size, step, (edges[n] + edges[n + 1]) / 2)
    if not counts:
        block.put(wrap([(shown, ITALIC)], size, 200), 0, y, size, step, (edges[2] + edges[5]) / 2)
