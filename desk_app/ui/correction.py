"""What a clerk changed in a received dossier, read field by field; pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, tzinfo
from typing import Any, Final

import msgspec

from db.kinds import DossierReceived
from db.parts import PaperCount
from desk_app.rules.days import read_day
from desk_app.rules.money import dotted, read_money
from desk_app.rules.people import PersonTyped, read_person, typed_from
from desk_app.rules.phones import show_phone
from desk_app.rules.remarks import Remark
from desk_app.rules.typed import LINE, clean

PERSON_FIELDS: Final = ("name", "id_number", "born", "sex", "address", "phone", "email")
MOST_SETS: Final = 999
_MOMENT = re.compile(
    r"\s*(\d{1,2})\s*(?::|h|giờ)\s*(\d{2}(?!\d?/))?\s*(?:phút)?\s*,?\s*(.+)", re.IGNORECASE
)
_FAR: Final = date(2099, 12, 31)
"""A promise lies ahead, and ``read_day`` refuses days after its today."""


@dataclass(frozen=True)
class Typed:
    """The fields of the correction form as they stand in it."""

    applicant: PersonTyped
    due: str
    purpose: str
    delivery: str
    papers: tuple[PaperCount, ...]
    fee: str
    """Đồng, as typed."""
    sets: str
    submitter: PersonTyped
    """Who handed it in for the applicant; without a name nobody did."""


@dataclass(frozen=True)
class Correction:
    """Changes by path, and what is to be said about them."""

    changes: dict[str, Any] = field(default_factory=dict)
    remarks: tuple[Remark, ...] = ()


def typed_of(facts: DossierReceived) -> Typed:
    """A dossier's facts as they would have been typed."""
    person = typed_from(facts.applicant)
    return Typed(
        applicant=replace(person, phone=show_phone(person.phone)),
        due=f"{datetime.fromisoformat(facts.due_at):%H:%M %d/%m/%Y}",
        purpose=facts.purpose,
        delivery=facts.delivery,
        papers=facts.papers,
        fee=dotted(facts.fee.amount),
        sets=str(facts.sets),
        submitter=typed_from(facts.submitter) if facts.submitter else PersonTyped(),
    )


def read_correction(before: DossierReceived, typed: Typed, reason: str, today: date) -> Correction:
    """What differs from the dossier, as changes to save; untouched fields are not judged again."""
    was = typed_of(before)
    changes: dict[str, Any] = {}
    remarks: list[Remark] = []
    _read_person(was.applicant, typed.applicant, today, changes, remarks)
    if typed.due.strip() != was.due:
        _read_due(before, typed.due, reason, changes, remarks)
    if typed.purpose != was.purpose:
        changes["purpose"], said = clean(typed.purpose, limit=LINE, field="purpose")
        remarks += said
    if typed.delivery != was.delivery:
        changes["delivery"] = typed.delivery
    if typed.papers != was.papers:
        papers = _read_papers(before.papers, typed.papers, remarks)
        changes["papers"] = msgspec.to_builtins(papers)
    if typed.fee != was.fee:
        _read_fee(before, typed.fee, reason, changes, remarks)
    if typed.sets != was.sets:
        _read_sets(typed.sets, changes, remarks)
    if typed.submitter != was.submitter:
        _read_submitter(typed.submitter, today, changes, remarks)
    return Correction(changes, tuple(remarks))


def _read_fee(
    before: DossierReceived,
    typed: str,
    reason: str,
    changes: dict[str, Any],
    remarks: list[Remark],
) -> None:
    """Another amount; nothing to pay where something was asked is an exemption, and says why."""
    amount, said = read_money(typed)
    remarks += said
    if amount is None:
        remarks += [] if said else [Remark("fee", "money_unreadable", "error")]
        return
    was = before.fee
    how = was.how if was.how not in ("none", "exempt") else "cash"
    if not amount:
        how = "exempt" if was.amount else "none"
    why = reason.strip() if how == "exempt" else ""
    fee = msgspec.structs.replace(was, amount=amount, how=how, reason=why)
    changes["fee"] = msgspec.to_builtins(fee)


def _read_sets(typed: str, changes: dict[str, Any], remarks: list[Remark]) -> None:
    plain = typed.strip()
    if plain.isdecimal() and 1 <= int(plain) <= MOST_SETS:
        changes["sets"] = int(plain)
    else:
        remarks.append(Remark("sets", "sets_unreadable", "error", {"most": MOST_SETS}))


def _read_submitter(
    typed: PersonTyped, today: date, changes: dict[str, Any], remarks: list[Remark]
) -> None:
    if not (typed.name.strip() or typed.id_number.strip() or typed.phone.strip()):
        changes["submitter"] = None
        return
    person, said = read_person(typed, today, "submitter")
    remarks += said
    changes["submitter"] = msgspec.to_builtins(person)


def _read_papers(
    before: tuple[PaperCount, ...], typed: tuple[PaperCount, ...], remarks: list[Remark]
) -> tuple[PaperCount, ...]:
    """The papers, the names of new ones tidied."""
    known = {paper.name for paper in before}
    read = []
    for paper in typed:
        if paper.name not in known:
            name, said = clean(paper.name, limit=LINE, field="papers")
            remarks += said
            paper = msgspec.structs.replace(paper, name=name)
        read.append(paper)
    return tuple(read)


def _read_person(
    was: PersonTyped,
    typed: PersonTyped,
    today: date,
    changes: dict[str, Any],
    remarks: list[Remark],
) -> None:
    changed = [name for name in PERSON_FIELDS if getattr(typed, name) != getattr(was, name)]
    if not changed:
        return
    person, said = read_person(typed, today)
    for name in changed:
        changes[f"applicant.{name}"] = getattr(person, name)
    if "id_number" in changed:
        changes["applicant.id_kind"] = person.id_kind
    remarks += [remark for remark in said if remark.field.removeprefix("applicant.") in changed]


def _read_due(
    before: DossierReceived,
    typed: str,
    reason: str,
    changes: dict[str, Any],
    remarks: list[Remark],
) -> None:
    received = datetime.fromisoformat(before.received_at)
    moment = read_moment(typed, received.tzinfo)
    if moment is None:
        remarks.append(Remark("due_at", "due_unreadable", "error"))
        return
    if moment <= received:
        remarks.append(Remark("due_at", "due_before_received", "error"))
        return
    changes["due_at"] = moment.isoformat()
    changes["due_override"] = reason.strip()


def read_moment(typed: str, zone: tzinfo | None) -> datetime | None:
    """ "16:30 15/12/2026", also "16h30, 15-12-2026" and "16 giờ 15/12/26"; None when unclear."""
    parts = _MOMENT.fullmatch(typed)
    if parts is None or int(parts[1]) > 23 or int(parts[2] or 0) > 59:
        return None
    day, _ = read_day(parts[3], _FAR, "due_at", of_birth=False)
    if len(day) != len("2026-12-15"):
        return None
    return datetime.combine(date.fromisoformat(day), time(int(parts[1]), int(parts[2] or 0)), zone)
