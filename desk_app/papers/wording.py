"""What the values of a dossier look like in print, in the form's own words."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime

from db.kinds import BookLine
from db.parts import Fee, Limit, Person
from desk_app.rules.money import show_money, words
from desk_app.rules.numbers import show_id
from desk_app.rules.phones import show_phone

Texts = Mapping[str, str]
NO_BREAK = "\xa0"

TEXTS = frozenset(
    re.findall(
        r"\w+",
        """
    title copy_1 copy_2 nation motto place_date code code_provisional office applicant
    representative submitter address phone email id_personal id_cmnd id_passport id_tax
    id_other request purpose papers column_number column_paper column_quantity
    column_originals column_certified column_copies shown sets sets_value limit
    limit_working_days limit_calendar_days limit_hours limit_same_day limit_cut_off
    limit_unknown received_at due_at moment weekdays day delivery delivery_counter
    delivery_post delivery_electronic fee fee_value fee_none fee_cash fee_transfer
    fee_post fee_online fee_exempt fee_pages book blank signer_submitter signer_clerk
    sign_hint notes note_1 note_2 note_3 qr_lookup qr_code qr_signed lookup lookup_phone
    machine reprint draft page
    """,
    )
)
"""The fixed texts Mẫu 01 needs; an empty note leaves its place out."""


def fill(text: str, **values: object) -> str:
    """Put values into the ``{places}`` of a fixed text; a place nobody knows stays as it is."""

    def value(place: re.Match[str]) -> str:
        return str(values.get(place[1], place[0]))

    return re.sub(r"\{(\w+)\}", value, text)


def book(texts: Texts, line: BookLine | None) -> str:
    """Where a dossier stands in the book of its year; dots where it has no line."""
    blank = texts["blank"]
    volume, number = (f"{line.volume:02d}", f"{line.number:02d}") if line else (blank, blank)
    return fill(texts["book"], volume=volume, number=number, blank=blank)


def day(texts: Texts, moment: str) -> str:
    """A day as NĐ 30/2020 writes it: 0 before days under 10 and before months 1 and 2 only."""
    if not moment:
        blank = texts["blank"]
        return fill(texts["day"], day=blank, month=blank, year=blank)
    on = datetime.fromisoformat(moment)
    month = f"{on.month:02d}" if on.month <= 2 else str(on.month)
    return fill(texts["day"], day=f"{on.day:02d}", month=month, year=on.year)


def hour_and_day(texts: Texts, moment: str) -> str:
    """A moment in full; dots to write on when it is not known yet."""
    if not moment:
        blank = texts["blank"]
        return fill(texts["moment"], hour=blank, minute=blank, day=day(texts, ""))
    at = datetime.fromisoformat(moment)
    return fill(
        texts["moment"], hour=f"{at.hour:02d}", minute=f"{at.minute:02d}", day=day(texts, moment)
    )


def weekday(texts: Texts, moment: str) -> str:
    """The name of a moment's weekday."""
    return texts["weekdays"].split("|")[datetime.fromisoformat(moment).weekday()] if moment else ""


def limit(texts: Texts, given: Limit) -> str:
    """How long it may take; halves with a decimal comma, whole numbers under 10 with a 0."""
    if given.unit == "same_day" and given.cut_off:
        return texts["limit_cut_off"]
    whole, half = divmod(given.halves, 2)
    count = f"{whole},5" if half else f"{whole:02d}"
    return fill(texts[f"limit_{given.unit}"], count=count)


def fee(texts: Texts, asked: Fee) -> str:
    """What is to be paid, in figures and words, and how."""
    parts = []
    if asked.amount:
        amount = show_money(asked.amount).removesuffix("đ").strip()
        parts.append(fill(texts["fee_value"], amount=amount, words=words(asked.amount)))
    elif asked.how != "exempt":
        parts.append(texts["fee_none"])
    if asked.how == "exempt" or (asked.amount and asked.how != "none"):
        parts.append(texts[f"fee_{asked.how}"])
    if asked.pages or asked.copies:
        pages = fill(texts["fee_pages"], pages=f"{asked.pages:02d}", copies=f"{asked.copies:02d}")
        parts.append(pages)
    if asked.reason:
        parts.append(asked.reason)
    return "; ".join(parts)


def phone(number: str) -> str:
    """A telephone number in its groups, never parted between two lines."""
    return show_phone(number).replace(" ", NO_BREAK)


def identity(texts: Texts, person: Person) -> tuple[str, str]:
    """Which number a person or organisation is known by, and the number as people read it."""
    label = texts[f"id_{person.id_kind or 'other'}"]
    grouped = person.id_kind in ("personal", "cmnd")
    shown = show_id(person.id_number) if grouped else person.id_number
    return label, shown.replace(" ", NO_BREAK)
