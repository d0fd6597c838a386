"""The two machine-readable marks of a paper, as filled rectangles: Code 128 and QR."""

from __future__ import annotations

from functools import lru_cache
from itertools import groupby
from typing import NamedTuple

from desk_app.papers.layout import DOT

BAR_MODULE = 3 * DOT
"""0.254 mm: three dots at 300 dpi, six at 600, two (2.03) at 203. Cheap scanners read 0.25 mm."""
BAR_QUIET = 10 * BAR_MODULE
QR_QUIET = 4
"""Modules left white round a QR code (ISO/IEC 18004)."""
QR_MASK = 3


class Art(NamedTuple):
    """A code in units of its own module: PDF rectangles, columns and rows (1 for bars)."""

    columns: int
    rows: int
    drawing: str


@lru_cache(maxsize=64)
def bars(code: str) -> Art:
    """Code 128 of a dossier code, quiet zones not included."""
    from barcode.codex import Code128

    modules: str = Code128(code).build()[0]
    drawing, x = [], 0
    for dark, run in groupby(modules):
        wide = len(list(run))
        if dark == "1":
            drawing.append(f"{x} 0 {wide} 1 re")
        x += wide
    return Art(x, 1, " ".join(drawing))


@lru_cache(maxsize=64)
def qr(content: str) -> Art:
    """QR code of a text, quiet zone not included; at least a quarter of it may be smudged (M)."""
    import segno

    # A fixed mask: weighing all eight takes four times as long as the code itself, and the
    # tests read hundreds of such codes back at 203 dpi.
    encoding = None if content.isascii() else "utf-8"
    matrix = segno.make_qr(content, error="m", encoding=encoding, mask=QR_MASK).matrix
    size = len(matrix)
    drawing = []
    for row, cells in enumerate(matrix):
        x = 0
        for dark, run in groupby(cells):
            wide = len(list(run))
            if dark:
                drawing.append(f"{x} {size - 1 - row} {wide} 1 re")
            x += wide
    return Art(size, size, " ".join(drawing))


def qr_module(art: Art, room: float) -> float:
    """The largest module of whole 300 dpi dots with which the code and its quiet zone fit."""
    for dots in (6, 5, 4):
        if (art.columns + 2 * QR_QUIET) * dots * DOT <= room:
            return dots * DOT
    return 3 * DOT
