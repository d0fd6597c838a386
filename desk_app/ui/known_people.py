"""Somebody who came before, and the card they show today."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from desk_app.ui.intake_form import PersonEntry

if TYPE_CHECKING:
    from desk_app.services.people import KnownPerson


def entry_of(known: KnownPerson) -> PersonEntry:
    """Who they were on their newest dossier, as the fields of a form."""
    from desk_app.rules.people import typed_from
    from desk_app.rules.phones import show_phone

    typed = typed_from(known.person)
    return PersonEntry(
        name=typed.name,
        id_number=typed.id_number,
        born=typed.born,
        sex=typed.sex,
        address=typed.address,
        phone=show_phone(typed.phone),
        email=typed.email,
        kind=typed.kind,
        representative=typed.representative,
        source="known",
        known=True,
    )


def names_differ(entry: PersonEntry, known: KnownPerson) -> bool:
    """Whether two names under one number are more than two spellings of one name."""
    from db.spelling import search_key

    lost = "name" in entry.doubts
    return bool(entry.name) and not lost and search_key(entry.name) != search_key(known.person.name)


def merged(entry: PersonEntry, known: KnownPerson) -> PersonEntry:
    """The card's facts with what an earlier dossier knows besides.

    The stored name wins over the same name without its marks: it was confirmed once.
    """
    from desk_app.rules.phones import show_phone

    person = known.person
    name = entry.name if names_differ(entry, known) else person.name
    settled = {"name"} if name == person.name else set()
    if "address" in entry.doubts and person.address:
        settled.add("address")
    return replace(
        entry,
        name=name,
        born=entry.born or entry_of(known).born,
        sex=entry.sex or person.sex,
        address=person.address if "address" in settled else entry.address or person.address,
        phone=entry.phone or show_phone(person.phone),
        email=entry.email or person.email,
        known=True,
        doubts=tuple(d for d in entry.doubts if d not in settled),
    )
