"""Rows that several forms share: whose dossier it is, and the number of a paper."""

from __future__ import annotations

from collections.abc import Mapping

from db.kinds import DossierReceived
from db.parts import Person
from desk_app.papers import wording
from desk_app.papers.lines import BOLD
from desk_app.papers.slip import Part, maybe, row

Texts = Mapping[str, str]


def whose(facts: DossierReceived, texts: Texts) -> list[Part]:
    """Applicant, what is asked for, address, telephone."""
    person = facts.applicant
    phone = wording.phone(person.phone) if person.phone else ""
    return [
        row(texts["applicant"], person.name, BOLD),
        maybe(texts["representative"], person.representative),
        maybe(texts["submitter"], facts.submitter.name if facts.submitter else ""),
        row(texts["address"], person.address),
        row(texts["phone"], phone),
        maybe(texts["email"], person.email),
        row(texts["request"], facts.procedure.name, BOLD),
    ]


def polite(said: str, person: Person) -> str:
    """A sentence to a citizen, or to what is no Mr or Mrs."""
    if person.kind == "citizen":
        return said
    return said.replace(f"Ông/Bà {person.name}", person.name).replace("Ông/Bà", "quý đơn vị")


def numbered(facts: DossierReceived, nth: int, counter: int) -> str:
    """The number of a dossier's paper: the end of its code, which of its form, and the counter
    where that is not the dossier's own.

    It is derived, never drawn: no two counters give one twice, also when neither knows of the
    other's paper, and no restored copy does.
    """
    tail = "-".join(facts.code.rsplit("-", 2)[-2:])
    return f"{tail}.{nth}" + (f"-Q{counter}" if counter not in (0, facts.counter) else "")
