"""Telephone numbers as people write them, kept as digits that begin with 0.

Numbering: mobile numbers have 10 digits (03, 05, 07, 08, 09), fixed ones 11 (02…), since the
change of prefixes of 15/09/2018; the old eleven-digit mobile prefixes are offered in the new form.
"""

from __future__ import annotations

import re

from desk_app.rules.remarks import Remark
from desk_app.rules.typed import clean

_VALID = re.compile(r"0(?:[35789]\d{8}|2\d{9})")
_BETWEEN = re.compile(r"[/,;|\n]|\bhoặc\b|\bvà\b|\s-\s", re.IGNORECASE)
_MOVED = {
    **{"0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036"},
    **{"0167": "037", "0168": "038", "0169": "039", "0120": "070", "0121": "079"},
    **{"0122": "077", "0126": "076", "0128": "078", "0123": "083", "0124": "084"},
    **{"0125": "085", "0127": "081", "0129": "082", "0186": "056", "0188": "058", "0199": "059"},
}


def read_phone(text: str, field: str = "applicant.phone") -> tuple[str, tuple[Remark, ...]]:
    """The number as digits, and remarks; a second number is told under ``phone_second``.

    What cannot be read comes back empty with the error ``phone_unreadable``; the field keeps
    what was typed.
    """
    typed, remarks = clean(text, field=field)
    if not typed:
        return "", remarks
    numbers = _numbers_in(typed)
    if not numbers:
        digits = re.sub(r"\D", "", typed)
        moved = _moved(digits)
        if moved:
            offer = show_phone(moved)
            remark = Remark(field, "phone_old_prefix", "error", {"offer": offer}, offer)
        else:
            remark = Remark(field, "phone_unreadable", "error", {"digits": len(digits)})
        return "", (*remarks, remark)
    if len(numbers) > 1:
        facts: dict[str, object] = {"phone": show_phone(numbers[1])}
        remarks = (*remarks, Remark(field, "phone_second", "told", facts))
    if len(re.sub(r"\D", "", typed)) == 9:
        facts = {"phone": show_phone(numbers[0])}
        remarks = (*remarks, Remark(field, "phone_zero_added", "told", facts))
    return numbers[0], remarks


def _numbers_in(typed: str) -> list[str]:
    """Every part of the text read as a number; empty when one of them cannot be."""
    parts = [part for part in _BETWEEN.split(typed) if re.search(r"\d", part)]
    if re.search(r"[^\W\d_]", re.sub(r"\b(?:hoặc|và|đt|sđt|tel|đtdđ)\b", "", typed.casefold())):
        return []
    numbers: list[str] = []
    for part in parts:
        digits = re.sub(r"\D", "", part)
        found = _number(digits) or _pair(digits)
        if not found:
            # A slash or a comma may also stand inside one number: 0912/345/678.
            whole = _number(re.sub(r"\D", "", typed))
            return [whole] if whole else []
        numbers += [found] if isinstance(found, str) else found
    return list(dict.fromkeys(numbers))


def _number(digits: str) -> str:
    """One national number, or "" when these digits are not one."""
    digits = re.sub(r"^(?:00)?84(?=0?[2-9]\d{8})", "0", digits)
    digits = re.sub(r"^00(?=[2-9])", "0", digits)
    if re.fullmatch(r"[35789]\d{8}", digits):
        digits = "0" + digits
    return digits if _VALID.fullmatch(digits) else ""


def _pair(digits: str) -> list[str]:
    """Two numbers written one after the other, or nothing."""
    for cut in (10, 11):
        first, second = _number(digits[:cut]), _number(digits[cut:])
        if first and second and len(digits) >= 19:
            return [first, second]
    return []


def _moved(digits: str) -> str:
    digits = re.sub(r"^84", "0", digits)
    new = _MOVED.get(digits[:4])
    return new + digits[4:] if new and len(digits) == 11 else ""


def show_phone(phone: str) -> str:
    """ "0912 345 678"; fixed lines with their area code apart: "0225 388 1234"."""
    if len(phone) == 10:
        return f"{phone[:4]} {phone[4:7]} {phone[7:]}"
    if phone.startswith(("024", "028")):
        return f"{phone[:3]} {phone[3:7]} {phone[7:]}"
    return f"{phone[:4]} {phone[4:7]} {phone[7:]}".rstrip()
