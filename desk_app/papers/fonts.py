"""The paper's typefaces, embedded with one standing Vietnamese alphabet.

reportlab cuts and packs the letters of every document anew, most of the time a page takes. Here
every document holds the same cut first, made once; letters beyond it follow in reportlab's own way.
A receipt is some 30 KB larger for it and takes a third less time. Import this on first use only.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache, lru_cache
from itertools import product
from pathlib import Path
from typing import Any
from unicodedata import normalize

from reportlab import rl_config
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.pdfdoc import PDFStreamFilterZCompress
from reportlab.pdfbase.ttfonts import TTFont, TTFontFace

_TONES = ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
_LETTERS = "".join(normalize("NFC", "".join(p)) for p in product("aăâeêioôơuưy", _TONES)) + "đ"
ALPHABET = "".join(map(chr, range(33, 127))) + _LETTERS + _LETTERS.upper() + "–…“”×·₫"
"""What the standing cut holds: ASCII, the 146 Vietnamese letters, some signs."""


class _KeptCompression(PDFStreamFilterZCompress):
    """Packs a standing cut once."""

    def encode(self, text: bytes) -> bytes:
        return _packed(text)


@lru_cache(maxsize=8)
def _packed(cut: bytes) -> bytes:
    return PDFStreamFilterZCompress().encode(cut)


class _Face(TTFontFace):
    """A typeface that keeps the cuts it made last."""

    def makeSubset(self, subset: Sequence[Any]) -> bytes:  # noqa: N802
        return _cut(self, tuple(subset))

    def addSubsetObjects(self, doc: Any, fontname: str, subset: Sequence[Any]) -> Any:  # noqa: N802
        descriptor = super().addSubsetObjects(doc, fontname, subset)  # type: ignore[no-untyped-call]
        doc.idToObject[f"fontFile:{self.filename}({fontname})"].filters = [_KeptCompression()]
        return descriptor


@lru_cache(maxsize=8)
def _cut(face: _Face, subset: tuple[int, ...]) -> bytes:
    cut: bytes = TTFontFace.makeSubset(face, list(subset))
    return cut


class _Font(TTFont):
    """A font whose documents all begin with the same letters, in the same places."""

    def __init__(self, name: str, path: Path) -> None:
        super().__init__(name, str(path), asciiReadable=0)
        self.face = _Face(str(path))

    def splitString(  # noqa: N802
        self, text: str, doc: Any, encoding: str = "utf-8"
    ) -> list[tuple[int, bytes]]:
        if doc not in self.state:
            super().splitString(ALPHABET, doc, encoding)
        return super().splitString(text, doc, encoding)

    def addObjects(self, doc: Any) -> None:  # noqa: N802
        count = len(self.state[doc].subsets)
        names = [self.getSubsetInternalName(number, doc)[1:] for number in range(count)]
        super().addObjects(doc)
        fonts = doc.idToObject["BasicFonts"].dict
        for name in names:
            fonts[name].Widths = _array(tuple(fonts[name].Widths.sequence))


@lru_cache(maxsize=8)
def _array(widths: tuple[float, ...]) -> str:
    """Widths as PDF writes them; the same for the same cut."""
    return f"[ {' '.join(f'{width:g}' for width in widths)} ]"


@cache
def register(name: str, path: Path) -> dict[int, float]:
    """Make a font known to reportlab, once; the width of every letter in thousandths."""
    # Compressed streams are not wrapped in letters, which is for mail of the last century: a
    # fifth more bytes, a quarter of the time.
    rl_config.useA85 = 0
    font = _Font(name, path)
    pdfmetrics.registerFont(font)
    widths: dict[int, float] = font.face.charWidths
    return widths
