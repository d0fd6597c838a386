"""The shipped catalogue: what a founding counter, or a new district server, publishes first."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import TypeVar

import msgspec

from db.kinds import (
    CalendarPublished,
    FormPublished,
    OfficePublished,
    ProcedurePublished,
    RegimePublished,
)
from db.parts import Kind
from db.refused import Refused
from db.resources import resource

T = TypeVar("T", bound=Kind)


class UnknownOffice(Refused):
    """No office of the catalogue has this code; ``code``."""


def seed() -> Iterator[tuple[tuple[str, str], Kind]]:
    """The shipped catalogue: (what it is about, body)."""
    for office in seed_offices():
        yield ("office", office.facts.code), office
    for year in _read("calendar", CalendarPublished):
        yield ("calendar", str(year.year)), year
    for form in seed_forms():
        yield ("form", f"{form.form}/{form.form_set}"), form
    for regime in seed_regimes():
        yield ("regime", regime.regime), regime
    for procedure in _read("procedures", ProcedurePublished):
        yield ("procedure", procedure.code), procedure


def seed_office(code: str) -> OfficePublished:
    """An office of the shipped list, by its code or its statistic code.

    Raises:
        UnknownOffice: it is not in the list.
    """
    for office in seed_offices():
        if code in (office.facts.code, office.statistic_code):
            return office
    raise UnknownOffice(code=code)


def seed_forms() -> list[FormPublished]:
    """The words of every form, as shipped."""
    return _read("forms", FormPublished)


def seed_offices() -> list[OfficePublished]:
    """Every office, as shipped."""
    return _read("offices", OfficePublished)


def seed_regimes() -> list[RegimePublished]:
    """What the decrees say of the clock, as shipped."""
    return _read("regimes", RegimePublished)


def named(*key: str) -> bytes:
    """The id of a thing offices know by name: the same at every node."""
    return hashlib.sha256("\0".join(key).encode()).digest()[:16]


def _read(name: str, kind: type[T]) -> list[T]:
    data = resource(f"catalogue/{name}.json").read_bytes()
    return msgspec.json.decode(data, type=list[kind])  # type: ignore[valid-type]
