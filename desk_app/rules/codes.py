"""Codes of dossiers: made from a pattern that is data, read as people type and scanners send.

Legal form (Circular 01/2018/TT-VPCP Art. 19): code of the receiving agency, day of receipt,
number of the day. Agency codes come in two styles: ``H24.31.02.05`` (Decision 20/2020/QĐ-TTg)
and ``000.00.06.H56`` (Circular 10/2016/TT-BTTTT).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import date
from itertools import product

from db.refused import Refused
from desk_app.rules.remarks import Remark
from desk_app.rules.typed import clean

CODE = re.compile(
    r"(?P<office>(?:T\d{2}\.\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2})"
    r"|(?:[A-Z]\d{2}(?:\.[0-9A-Z]+){0,5})|(?:\d{3}\.\d{2}\.\d{2}\.[A-Z]\d{2}))"
    r"-(?P<date>\d{6})-(?P<number>\d{4,7})"
)
"""A whole code of either style, official or provisional."""

_LOOK_ALIKE = str.maketrans(
    "АВЕКМНОРСТХУІЈЅабекмнорстхуіјѕΑΒΕΖΗΙΚΜΝΟΡΤΥΧ",
    "ABEKMHOPCTXYIJSABEKMHOPCTXYIJSABEZHIKMNOPTYX",
)
_AS_DIGITS = str.maketrans("OQILSB", "001158")
_KEYS = {"\u0302": "6", "\u0306": "W8", "\u031b": "W7"}
"""Marks to the keys that an input method may have turned into them: Telex, VNI."""
_TONE_KEYS = {"\u0301": "S1", "\u0300": "F2", "\u0309": "R3", "\u0303": "X4", "\u0323": "J5"}
_LABEL = re.compile(r"^\s*(?:mã(?:\s+(?:số|hồ\s+sơ))*|số)\s*:?\s*", re.IGNORECASE)


class BlockUsedUp(Refused):
    """A counter has issued every number of its block for this day; facts: ``block``, ``n``."""


def make_code(pattern: str, office: str, day: date, number: int) -> str:
    """The code by an office's own pattern, ``{office}-{date}-{number:04d}`` by default."""
    return pattern.format(office=office, date=f"{day:%y%m%d}", number=number)


def provisional_code(counter: int, office: str, day: date, number: int) -> str:
    """``T02.H24.31.02.05-261126-0003``: good on paper until the office's number is known.

    The counter's number keeps two counters apart, and the T in front keeps it apart from every
    official code.
    """
    return f"T{counter:02d}.{office}-{day:%y%m%d}-{number:04d}"


def block_number(block: int, size: int, n: int) -> int:
    """The n-th number of a block: block b of 500 issues 500·b + 1 to 500·b + 499.

    Raises:
        BlockUsedUp: n is beyond the block.
    """
    if not 1 <= n < size:
        raise BlockUsedUp(block=block, n=n)
    return block * size + n


_LOCAL = re.compile(r"HD[- ]?([0-9A-HJKMNP-TV-Z]{7})")
"""What a dossier without a code is called (``db.beginning.local_code``)."""


def read_code(
    text: str, office: str = "", field: str = "code"
) -> tuple[tuple[str, ...], tuple[Remark, ...]]:
    """Every code the text can mean, the plainest reading first, and remarks.

    Spaces, small letters, missing dashes, look-alike letters and what an input method made of
    them are undone; which of several candidates exists is for the caller to find out. With
    ``office`` a tail alone ("261126-0019") is completed. No candidate and no remark: no code.
    """
    typed, remarks = clean(_LABEL.sub("", text), field=field)
    plain = unicodedata.normalize("NFKC", typed).translate(_LOOK_ALIKE).upper()
    plain = re.sub(r"[‐‑‒–—−_]", "-", plain)
    found: dict[str, None] = {}
    for spelled in _spellings(plain):
        if local := _LOCAL.fullmatch(spelled.strip()):
            found.setdefault(f"HD-{local[1]}")
        for candidate in _complete(spelled, office):
            found.setdefault(candidate)
    if not found and (remark := _strange_letter(typed, field)):
        remarks = (*remarks, remark)
    return tuple(found), remarks


def _strange_letter(typed: str, field: str) -> Remark | None:
    """Points at the first letter no code can hold, counting from 1; only for what has digits."""
    if not re.search(r"\d{4}", typed):
        return None
    for position, sign in enumerate(typed, 1):
        letter = unicodedata.normalize("NFKC", sign).translate(_LOOK_ALIKE)
        if sign.isalpha() and "LATIN" not in unicodedata.name(letter[0], ""):
            facts: dict[str, object] = {"position": position, "letter": sign}
            return Remark(field, "code_not_latin", "error", facts)
    return None


def _spellings(plain: str) -> Iterable[str]:
    """The text, and what the keys behind its Vietnamese letters spell."""
    if plain.isascii():
        return [plain]
    choices = [_keys_of(sign) for sign in plain]
    if sum(len(choice) > 1 for choice in choices) > 3:
        return []
    return ["".join(keys) for keys in product(*choices)]


def _keys_of(sign: str) -> tuple[str, ...]:
    if sign.isascii():
        return (sign,)
    if sign == "Đ":
        return ("DD", "D9")
    base, *marks = list(unicodedata.normalize("NFD", sign))
    spelled = [base]
    for mark in marks:
        keys = _TONE_KEYS.get(mark) or _KEYS.get(mark, "")
        doubled = base if mark == "\u0302" else ""
        spelled = [so_far + key for so_far in spelled for key in [*doubled, *keys]]
    # "ư" is also what a single w becomes.
    return ("W", *spelled) if sign == "Ư" else tuple(spelled)


def _complete(spelled: str, office: str) -> Iterable[str]:
    """Codes in a text that may lack dashes: office, six digits of a real day, the number."""
    squeezed = re.sub(r"[\s-]+", "", spelled)
    tidy = re.sub(r"\s*-[\s-]*", "-", spelled.strip())
    if CODE.fullmatch(tidy) and _is_day(tidy.rsplit("-", 2)[1]):
        yield tidy
        return
    for width in range(4, 8):
        head, day, number = squeezed[: -6 - width], squeezed[-6 - width : -width], squeezed[-width:]
        day, number = day.translate(_AS_DIGITS), number.translate(_AS_DIGITS)
        if not _is_day(day) or not number.isdecimal():
            continue
        if office and head in {"", office.replace(".", "")}:
            head = office
        candidate = f"{head}-{day}-{number}"
        if CODE.fullmatch(candidate):
            yield candidate


def _is_day(digits: str) -> bool:
    try:
        date(2000 + int(digits[:2]), int(digits[2:4]), int(digits[4:]))
    except ValueError:
        return False
    return len(digits) == 6 and digits.isascii()
