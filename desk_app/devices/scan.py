"""What the text of a scan is, before anybody asks what is in it."""

from __future__ import annotations

import re
from typing import Literal

from desk_app.rules.card import Card, read_card
from desk_app.rules.codes import CODE, read_code

ScanKind = Literal["", "card", "code", "number"]

_NUMBER = re.compile(r"\d{9}|\d{12}")
_OWN_QR = re.compile(r"HS\d\||https?://", re.IGNORECASE)


def kind_of(text: str) -> ScanKind:
    """Card, dossier code, bare identity number, or "" for nothing we know.

    The same thing twice without a gap is nothing we know either: the scanner fired twice and may
    have lost something in between.
    """
    text = text.strip()
    half = len(text) // 2
    if half >= 6 and text[:half].strip() == text[half:].strip():
        return ""
    if _NUMBER.fullmatch(text):
        return "number"
    if _OWN_QR.match(text) or not re.match(r"\D*\d{12}", text):
        return "code" if code_in(text) else ""
    return "card" if isinstance(read_card(text), Card) else ""


def code_in(text: str) -> str:
    """The dossier code that a barcode is, or that a QR of our paper carries; "" when none."""
    if _OWN_QR.match(text):
        found = CODE.search(text.upper())
        return found[0] if found else ""
    candidates, _ = read_code(text)
    return candidates[0] if candidates else ""
