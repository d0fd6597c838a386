"""One spelling for searching: without marks, đ as d, small letters, single spaces."""

from __future__ import annotations

import unicodedata


def search_key(text: str) -> str:
    """What a clerk's fingers mean: ``"Đặng  Thị Ánh"`` and ``"dang thi anh"`` are the same key.

    FTS5 folds marks but never đ, so both the index and the query go through here.
    """
    plain = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in plain if not unicodedata.combining(c))
    return " ".join(letters.split())
