"""Amounts in đồng: read as typed, shown, written in words, and what a dossier costs."""

from __future__ import annotations

import re

from db.parts import FeeRule
from db.refused import Refused
from desk_app.rules.remarks import Remark
from desk_app.rules.typed import clean

LARGEST = 1_000_000_000_000
"""The largest amount an entry may hold (``db.kinds.Dong``)."""

_DIGITS = ("không", "một", "hai", "ba", "bốn", "năm", "sáu", "bảy", "tám", "chín")
_UNIT = re.compile(r"(?:đồng|vnđ|vnd|đ|₫|d)\.?$")
_MULTIPLES = {"k": 1_000, "nghìn": 1_000, "ngàn": 1_000, "tr": 1_000_000, "triệu": 1_000_000}


class FeeUnknown(Refused):
    """The catalogue does not say what this procedure costs; the clerk has to type it."""


def read_money(text: str, field: str = "fee") -> tuple[int | None, tuple[Remark, ...]]:
    """The amount in đồng, None when nothing or nothing readable was typed, and remarks."""
    typed, remarks = clean(text, field=field)
    if not typed:
        return None, remarks
    plain = _UNIT.sub("", typed.casefold().replace(" ", ""))
    name = "money_unreadable"
    with_multiple = re.fullmatch(r"(\d{1,6})(k|nghìn|ngàn|tr|triệu)", plain)
    amount: int | None = None
    if with_multiple:
        amount = int(with_multiple[1]) * _MULTIPLES[with_multiple[2]]
    elif re.fullmatch(r"\d+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?:,\d{3})+", plain):
        amount = int(re.sub(r"\D", "", plain))
    elif plain.startswith(("-", "−", "–")):
        name = "money_negative"
    elif re.fullmatch(r"[\d.,]*\d[.,]\d+", plain):
        name = "money_decimal"
    if amount is not None and amount > LARGEST:
        amount, name = None, "money_too_large"
    if amount is None:
        return None, (*remarks, Remark(field, name, "error"))
    return amount, remarks


def dotted(number: int) -> str:
    """ "50.000", as figures are written here."""
    return f"{number:,}".replace(",", ".")


def show_money(amount: int) -> str:
    """ "15.000 đ"."""
    return f"{dotted(amount)} đ"


def words(amount: int, zero_tens: str = "linh") -> str:
    """The amount as receipts write it: "Mười lăm nghìn đồng".

    ``zero_tens`` is the word for an empty place of tens: "linh" in the North, "lẻ" in the South.

    Raises:
        ValueError: negative, or ten to the fifteenth and more.
    """
    if not 0 <= amount < 10**15:
        raise ValueError(amount)
    said = _say(amount, zero_tens) if amount else "không"
    return f"{said[0].upper()}{said[1:]} đồng"


def _say(number: int, zero_tens: str) -> str:
    billions, rest = divmod(number, 10**9)
    parts = [f"{_say(billions, zero_tens)} tỷ"] if billions else []
    for unit, name in ((10**6, " triệu"), (10**3, " nghìn"), (1, "")):
        group = rest // unit % 1000
        if group:
            parts.append(_say_group(group, bool(parts), zero_tens) + name)
    return " ".join(parts)


def _say_group(group: int, follows: bool, zero_tens: str) -> str:
    """Three digits; a group that follows another says its empty hundreds too."""
    hundreds, tens, ones = group // 100, group // 10 % 10, group % 10
    said = [f"{_DIGITS[hundreds]} trăm"] if hundreds or follows else []
    if tens == 0:
        if ones and said:
            said.append(zero_tens)
    else:
        said.append("mười" if tens == 1 else f"{_DIGITS[tens]} mươi")
    if ones == 1 and tens > 1:
        said.append("mốt")
    elif ones == 4 and tens > 1:
        said.append("tư")
    elif ones == 5 and tens > 0:
        said.append("lăm")
    elif ones:
        said.append(_DIGITS[ones])
    return " ".join(said)


def fee_for(rule: FeeRule, pages: int = 0, copies: int = 1) -> int:
    """What is asked for a dossier, in đồng.

    ``pages`` counts the pages of one copy. The tail beyond ``first_pages`` is cheaper and each
    copy is capped: certified copies cost 2,000 for pages one and two, 1,000 from the third,
    at most 200,000 a copy (Circular 226/2016/TT-BTC).

    Raises:
        FeeUnknown: the catalogue has no figure.
    """
    if rule.kind == "unknown":
        raise FeeUnknown()
    if rule.kind == "free":
        return 0
    if rule.kind == "case":
        return rule.amount
    if rule.kind == "copy":
        return rule.amount * copies
    first = min(pages, rule.first_pages) if rule.first_pages else pages
    one_copy = rule.amount * first + rule.then_amount * (pages - first)
    return copies * (min(one_copy, rule.cap) if rule.cap else one_copy)
