"""The text of an identity card's QR code, as a scanner sends it.

Chip card (CCCD, 2021 to 30/06/2024), seven fields between pipes: number, old number, name, day of
birth ddmmyyyy, sex, address, day of issue. Căn cước (from 01/07/2024): the same and four parts
more, kept as they are. Pipes get lost or doubled on the way, so nothing is counted: the number,
the days and the sex are plain ASCII, survive every known damage and are the anchors; the rest
lies between them. The code is not signed and proves nothing about its holder.
"""

from __future__ import annotations

import html
import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from typing import Literal, NamedTuple
from urllib.parse import unquote

from desk_app.rules.card_letters import read_letters


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says. ``doubts`` names the fields to compare with the card in hand."""

    id_number: str
    old_id: str
    name: str
    born: str
    """``yyyy-mm-dd``, ``yyyy-mm`` or ``yyyy``, as in ``db.kinds.Person``."""
    sex: Literal["", "Nam", "Nữ"]
    address: str
    issued: str
    """``yyyy-mm-dd``; "" when the scan ended before it."""
    extra: tuple[str, ...] = ()
    doubts: tuple[str, ...] = ()
    profile: str = "plain"
    """The damage that was undone, to be remembered for this scanner."""


class CardProblem(NamedTuple):
    """Why the text is not a card; ``name`` is a key of the sentences.

    ``not_a_card``: something else. ``card_unclear``: a card, but only part of it arrived.
    ``card_two_people``: two different cards in one scan.
    """

    name: Literal["not_a_card", "card_unclear", "card_two_people"]


_LONGEST = 4_000
"""Characters; every letter in byte decimals and the whole scanned twice stay well below."""

_GAP = "[|\n ]*"
_FEMALE = r"nữ|ná»¯|ná»|n∩|n7919|n022501870175|nuwx|nu74|nu7|nu|n\?|n\ufffd|n(?=\||$|\n(?!am|ữ))"
"""Nữ under every damage. Whatever begins with N between a day and a pipe is not Nam."""
_BORN_AND_SEX = re.compile(
    rf"(?P<born>\d{{8}}|(?<!\d)\d{{4}}){_GAP}(?P<sex>nam|{_FEMALE})", re.IGNORECASE
)
_NUMBER = re.compile(r"^[^\d|]{0,8}(?P<number>\d{12})(?P<gap>[|\n ]*)")


def read_card(raw: str) -> Card | CardProblem:
    """The card in a scan, whatever happened to it on the way.

    Number, days and sex are always read when they arrived. A name or an address that cannot be
    restored without guessing stays as it came and is listed in ``doubts``.
    """
    if len(raw) > _LONGEST:
        return CardProblem("not_a_card")
    text, carried = _unwrap(raw)
    number = _NUMBER.match(text)
    if number is None:
        looks_like_card = re.search(r"\d{9,}", text) and text.count("|") >= 3
        return CardProblem("card_unclear" if looks_like_card else "not_a_card")
    rest = text[number.end() :]
    rest, other = _first_of_two(rest, number["number"])
    if other:
        return CardProblem("card_two_people")
    old_id, rest = _old_number(rest, number["gap"], has_pipes="|" in text)
    fields = _between_anchors(rest)
    if fields is None:
        return CardProblem("card_unclear" if "|" in text else "not_a_card")
    letters = read_letters(fields.name, fields.address, fields.extra)
    doubts = [*letters.doubts]
    doubts += [field for field in ("sex", "issued") if not getattr(fields, field)]
    if not letters.name:
        doubts.append("name")
    if letters.address and not fields.issued:
        # The scan broke off somewhere behind the sex, perhaps within the address.
        doubts.append("address")
    return Card(
        id_number=number["number"],
        old_id=old_id,
        name=letters.name,
        born=fields.born,
        sex=fields.sex,
        address=letters.address,
        issued=fields.issued,
        extra=tuple(part for part in letters.extra if part),
        doubts=tuple(dict.fromkeys(doubts)),
        profile=carried if carried and letters.profile == "plain" else letters.profile,
    )


# ---------------------------------------------------------------- before the anchors


def _unwrap(raw: str) -> tuple[str, str]:
    """The text without what wraps it (escapes, Backspaces, breaks), and which escape it was."""
    text = raw
    while "\b" in text:
        # An input method rewrote keys by sending Backspace and then the letter it meant.
        text = re.sub("[^\b]\b", "", text, count=1) if text[0] != "\b" else text[1:]
    carried = ""
    if re.search("%[0-9A-Fa-f]{2}", text):
        opened = unquote(text.replace("+", " ") if " " not in text else text, errors="replace")
        if "\ufffd" not in opened:
            text, carried = opened, "percent"
    if re.search(r"&(?:#\d+|#x[0-9a-f]+|[a-z]+);?", text, re.IGNORECASE):
        text, carried = html.unescape(text), "entities"
    composed = unicodedata.normalize("NFC", text)
    if composed != text:
        text, carried = composed, carried or "nfd"
    text = re.sub(r"^\][A-Za-z]\d", "", text.lstrip("\ufeff\x00 \t\r\n").replace("\x00", ""))
    text = text.replace("¦", "|")
    text = re.sub("[\r\n\t]+", "\n", text).strip("\n ")
    text = re.sub("\n* *\\| *\n*", "|", text)
    # A break between digits can only have been put there.
    return re.sub(r"(?<=\d)\n(?=\d)", "", text), carried


def _first_of_two(rest: str, number: str) -> tuple[str, bool]:
    """A card scanned twice in one go is cut to the first; True when the second is another."""
    anchors = [match for match in _BORN_AND_SEX.finditer(rest) if _birth(match["born"])]
    for anchor in anchors[1:]:
        before = rest[anchors[0].end() : anchor.start()]
        second = re.search(r"(?<!\d)(?:\d{8})?(\d{12})(?!\d)|(\d{12})\d{9}(?!\d)", before)
        if second and (number_again := second[1] or second[2]):
            if number_again != number:
                return rest, True
            return rest[: anchors[0].end() + before.index(number_again)], False
    return rest, False


def _old_number(rest: str, gap: str, has_pipes: bool) -> tuple[str, str]:
    """The old nine- or twelve-digit number if one follows, and what comes after it."""
    old = re.match(r"(\d{12}|\d{9})(?!\d)([|\n ]*)", rest)
    if old is None or (has_pipes and gap and not old[2]):
        # Digits that run into the name are letters written as decimals.
        return "", rest
    return old[1], rest[old.end() :]


# ---------------------------------------------------------------- the anchors


class _Fields(NamedTuple):
    name: str
    born: str
    sex: Literal["", "Nam", "Nữ"]
    address: str
    issued: str
    extra: tuple[str, ...]


def _between_anchors(rest: str) -> _Fields | None:
    for anchor in _BORN_AND_SEX.finditer(rest):
        born = _birth(anchor["born"])
        if born:
            name = _bare(rest[: anchor.start()])
            sex: Literal["Nam", "Nữ"] = "Nam" if anchor["sex"].casefold() == "nam" else "Nữ"
            return _Fields(name, born, sex, *_tail(rest[anchor.end() :]))
    # The sex did not arrive in any known form: fields that are days still say where they are.
    lone = re.search(r"(?:^|[|\n])(\d{8})(?=[|\n])", rest)
    if lone is None or not (born := _birth(lone[1])):
        return None
    after = rest[lone.end() :].lstrip("|\n").partition("|")[2]
    return _Fields(_bare(rest[: lone.start()]), born, "", *_tail(after))


def _tail(tail: str) -> tuple[str, str, tuple[str, ...]]:
    """Address, day of issue, and the parts after it."""
    found = [m for m in re.finditer(r"(?:^|(?<=[|\n]))\d{8}(?=[|\n]|$)", tail) if _day(m.group())]
    if not found:
        glued = re.finditer(r"\d{8}(?!\d)", tail)
        found = [match for match in glued if _day(match.group())][-1:]
    if not found:
        return _bare(tail), "", ()
    issued = found[0]
    extra = tuple(_bare(part) for part in tail[issued.end() :].split("|"))
    return _bare(tail[: issued.start()]), _day(issued.group()), tuple(p for p in extra if p)


def _bare(text: str) -> str:
    return text.strip("|\n ").replace("|", " ")


def _birth(digits: str) -> str:
    """ddmmyyyy with 00 for what is not known, or a year alone; "" when it is no birth."""
    if len(digits) == 4 or digits.startswith("0000"):
        return digits[-4:] if 1850 <= int(digits[-4:]) <= 2100 else ""
    if digits.startswith("00"):
        month = _day("01" + digits[2:])
        return month[:7]
    return _day(digits)


def _day(digits: str) -> str:
    try:
        day = date(int(digits[4:]), int(digits[2:4]), int(digits[:2]))
    except ValueError:
        return ""
    return day.isoformat() if 1850 <= day.year <= 2100 else ""
