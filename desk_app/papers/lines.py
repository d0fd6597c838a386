"""Fonts and measured lines: how wide a string is, where a line breaks.

Lengths are PDF points (1/72 inch). reportlab is imported on first use, so that a window opens
without it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import cache, lru_cache
from typing import NamedTuple

from desk_app.resources import resource

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
    from desk_app.papers.fonts import register

    names = (REGULAR, BOLD, ITALIC)
    return {name: register(name, resource(f"fonts/{name}.ttf")) for name in names}


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


def _words(string: str) -> list[str]:
    """What a line may be broken between; a no-break space holds a number together."""
    return [word for word in re.split(r"[^\S\xa0]+", string) if word]


def wrap(runs: Iterable[Run], size: float, most: float) -> list[Line]:
    """Set runs into lines no wider than ``most``; a space stands between two runs.

    Text is brought to NFC first: separate tone marks would be drawn beside their letters.
    """
    whole = [
        (" ".join(_words(unicodedata.normalize("NFC", string))), font) for string, font in runs
    ]
    pieces: list[Piece] = []
    x = 0.0
    for string, font in whole:
        if pieces and font == pieces[-1].font:
            before = pieces.pop()
            x, string = before.dx, f"{before.string} {string}".rstrip()
        elif pieces:
            x += width(" ", font, size)
        if string:
            pieces.append(Piece(x, font, string))
            x += width(string, font, size)
    # Most lines of a form are short, and need not be weighed word by word.
    return [Line(tuple(pieces), x)] if x <= most else _wrap_words(whole, size, most)


def _wrap_words(runs: Iterable[Run], size: float, most: float) -> list[Line]:
    lines: list[Line] = []
    pieces: list[Piece] = []
    words: list[str] = []
    x = begin = 0.0
    now = ""

    def close_piece() -> None:
        if words:
            pieces.append(Piece(begin, now, " ".join(words)))
            words.clear()

    for string, font in runs:
        space = width(" ", font, size)
        for whole in _words(string):
            wide = width(whole, font, size)
            for word in [whole] if wide <= most else _broken(whole, font, size, most):
                wide = width(word, font, size)
                step = space if x else 0.0
                if x and x + step + wide > most:
                    close_piece()
                    lines.append(Line(tuple(pieces), x))
                    pieces.clear()
                    x = step = 0.0
                if font != now or not words:
                    close_piece()
                    begin, now = x + step, font
                words.append(word)
                x += step + wide
    close_piece()
    return [*lines, Line(tuple(pieces), x)]


@lru_cache(maxsize=512)
def balanced(string: str, font: str, size: float, most: float) -> list[Line]:
    """Like ``wrap``, with lines about equally long: for what stands centred.

    Kept once found: it is sought by trying, and headings are the same all day.
    """
    lines = wrap([(string, font)], size, most)
    count, low, high = len(lines), most / max(len(lines), 1) * 0.8, most
    while count > 1 and high - low > 2:
        middle = (low + high) / 2
        closer = wrap([(string, font)], size, middle)
        if len(closer) == count and max(line.width for line in closer) <= middle:
            lines, high = closer, middle
        else:
            low = middle
    return lines
