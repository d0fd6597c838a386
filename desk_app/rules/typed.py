"""Cleaning of what was typed or pasted (reliability.md §5, rows 1-9).

What is invisible and means nothing goes silently; what can be seen changing is told.
"""

from __future__ import annotations

import re
import unicodedata
from typing import NamedTuple

from desk_app.rules import legacy
from desk_app.rules.remarks import Remark

SHORT, LINE, TEXT = 200, 1_000, 4_000
"""Limits of the fields of ``db.kinds``, in characters."""

_PAIR = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_BREAKS = re.compile("(?:\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")
_BIDI = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_BROKEN = re.compile("[\x00\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_CONTROL = re.compile("[\x01-\x09\x0b-\x1f\x7f-\x9f]")
_SPACES = re.compile(r"[^\S\n]+")


class Cleaned(NamedTuple):
    """The text as it may be stored, and what the clerk is to be told about it."""

    text: str
    remarks: tuple[Remark, ...] = ()


def clean(text: str, one_line: bool = True, limit: int = SHORT, field: str = "") -> Cleaned:
    """The text in NFC without anything invisible, in one line or several.

    Over-long text comes back cut at ``limit`` with the error ``too_long``: the field keeps what
    it held before. The cut is made first, so ten pasted megabytes cost nothing.
    """
    length = len(text)
    if length > 8 * limit + 64:
        text = text[:limit]
    remarks: list[Remark] = []
    old = None if text.isascii() else legacy.recognise(text[:limit])
    if old is not None and length <= limit:
        facts: dict[str, object] = {"encoding": old.encoding, "reads": old.text}
        remarks.append(Remark(field, "legacy_text", "warning", facts, offer=old.text))
    if text.isprintable():
        text = " ".join(unicodedata.normalize("NFC", text).split())
    else:
        text = _only_visible(text, field, remarks)
    if one_line and "\n" in text:
        text = re.sub("\n+", " ", text)
        remarks.append(Remark(field, "line_breaks_joined", "told"))
    if len(text) > limit or length > 8 * limit + 64:
        shown = max(len(text), length) if length > 8 * limit + 64 else len(text)
        counts: dict[str, object] = {"limit": _dotted(limit), "length": _dotted(shown)}
        remarks.append(Remark(field, "too_long", "error", counts))
        text = text[:limit].rstrip()
    return Cleaned(text, tuple(remarks))


def _only_visible(text: str, field: str, remarks: list[Remark]) -> str:
    """The text without what cannot be seen, and with breaks and blanks of one kind only."""
    text = _PAIR.sub(_join_pair, text)
    text, broken = _BROKEN.subn("", text)
    if broken:
        remarks.append(Remark(field, "broken_characters", "told", {"count": broken}))
    text, turned = _BIDI.subn("", text)
    if turned:
        remarks.append(Remark(field, "direction_marks", "told", {"count": turned}))
    text = _BREAKS.sub("\n", text)
    text = "".join(sign for sign in text if unicodedata.category(sign) != "Cf")
    text = unicodedata.normalize("NFC", _CONTROL.sub(" ", text))
    text = _SPACES.sub(" ", text)
    return re.sub(" ?\n ?", "\n", text).strip()


def _join_pair(pair: re.Match[str]) -> str:
    return pair.group().encode("utf-16", "surrogatepass").decode("utf-16")


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
