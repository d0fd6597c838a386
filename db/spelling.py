"""One spelling for searching: without marks, đ as d, small letters, single spaces."""

from __future__ import annotations

import unicodedata

_D_LETTERS = str.maketrans({"đ": "d", "Đ": "D", "ð": "d", "Ð": "D"})


class _Seen(dict[int, int | None]):
    """Each sign as itself, marks and invisible signs as nothing; learnt as they are met."""

    def __missing__(self, sign: int) -> int | None:
        self[sign] = None if unicodedata.category(chr(sign)) in {"Mn", "Cf"} else sign
        return self[sign]


_SEEN = _Seen()


def search_key(text: str) -> str:
    """What a clerk's fingers mean: ``"Đặng  Thị Ánh"`` and ``"dang thi anh"`` are the same key.

    FTS5 folds marks but never đ, so both the index and the query go through here. Idempotent.
    """
    previous = None
    while text != previous:
        # Folding a rare letter (ŉ, ΐ) can leave marks or capitals behind: once more settles it.
        previous = text
        if not text.isascii():
            text = unicodedata.normalize("NFKD", text.translate(_D_LETTERS))
            text = unicodedata.normalize("NFC", text.translate(_SEEN))
        text = " ".join(text.casefold().split())
    return text
