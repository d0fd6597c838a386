"""Fonts and measured lines: how wide a string is, where a line breaks.

Lengths are PDF points (1/72 inch). reportlab is imported on first use, so that a window opens
without it.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Sequence
from functools import cache, lru_cache
from pathlib import Path
from typing import NamedTuple

FONTS = Path(__file__).parents[2] / "resources" / "fonts"
REGULAR = "LiberationSerif-Regular"
BOLD = "LiberationSerif-Bold"
ITALIC = "LiberationSerif-Italic"

Run = tuple[str, str]
"""A stretch of text and its font."""


class Piece(NamedTuple):
    """Text of one font on a line, ``dx`` from where the line begins."""

    dx: float
    font: str
    string: str


class Line(NamedTuple):
    """A set line: its pieces and how wide it came out."""

    pieces: tuple[Piece, ...]
    width: float


@cache
def register_fonts() -> dict[str, dict[int, float]]:
    """Make the paper's fonts known to reportlab, once; the width of every letter by font."""
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    widths = {}
    for name in (REGULAR, BOLD, ITALIC):
        font = TTFont(name, str(FONTS / f"{name}.ttf"), asciiReadable=0)
        pdfmetrics.registerFont(font)
        widths[name] = font.face.charWidths
    return widths


@lru_cache(maxsize=4096)
def _units(word: str, font: str) -> float:
    widths = register_fonts()[font]
    missing = widths.get(0, 778.0)
    return sum(widths.get(ord(letter), missing) for letter in word)


def width(string: str, font: str, size: float) -> float:
    """How wide a string is."""
    return _units(string, font) * size / 1000


def _broken(word: str, font: str, size: float, most: float) -> list[str]:
    """A word wider than a line (an address on the web, a row of letters), cut where it must be."""
    parts, begin = [], 0
    for end in range(1, len(word) + 1):
        if end - begin > 1 and width(word[begin:end], font, size) > most:
            parts.append(word[begin : end - 1])
            begin = end - 1
    return [*parts, word[begin:]]


def wrap(runs: Iterable[Run], size: float, most: float) -> list[Line]:
    """Set runs into lines no wider than ``most``; a space stands between two runs.

    Text is brought to NFC first: separate tone marks would be drawn beside their letters.
    """
    lines: list[Line] = []
    pieces: list[Piece] = []
    words: list[str] = []
    x = begin = 0.0
    now = ""

    def close_piece() -> None:
        if words:
            pieces.append(Piece(begin, now, " ".join(words)))
            words.clear()

    def close_line() -> None:
        close_piece()
        lines.append(Line(tuple(pieces), x))
        pieces.clear()

    for string, font in runs:
        space = width(" ", font, size)
        for whole in unicodedata.normalize("NFC", string).split():
            wide = width(whole, font, size)
            for word in [whole] if wide <= most else _broken(whole, font, size, most):
                wide = width(word, font, size)
                step = space if x else 0.0
                if x and x + step + wide > most:
                    close_line()
                    x = step = 0.0
                if font != now or not words:
                    close_piece()
                    begin, now = x + step, font
                words.append(word)
                x += step + wide
    if words or not lines:
        close_line()
    return lines


def balanced(runs: Sequence[Run], size: float, most: float) -> list[Line]:
    """Like ``wrap``, with lines about equally long: for what stands centred."""
    lines = wrap(runs, size, most)
    count, low, high = len(lines), most / max(len(lines), 1) * 0.8, most
    while count > 1 and high - low > 2:
        middle = (low + high) / 2
        closer = wrap(runs, size, middle)
        if len(closer) == count and max(line.width for line in closer) <= middle:
            lines, high = closer, middle
        else:
            low = middle
    return lines
