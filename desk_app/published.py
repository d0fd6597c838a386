"""What the offices published, as this counter holds it: procedures, forms, calendar, clerks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import NamedTuple, TypeVar

import msgspec
from sqlalchemy import Connection

from db import projection
from db.calendar import Calendar
from db.kinds import (
    CalendarPublished,
    ClerkRegistered,
    CounterEnrolled,
    FormPublished,
    OfficePublished,
    ProcedurePublished,
    RegimePublished,
)
from db.parts import Kind
from db.seed import seed_forms, seed_offices, seed_regimes

K = TypeVar("K", bound=Kind)


class Procedure(NamedTuple):
    """One version of a procedure and the id of the entry that published it."""

    version: str
    says: ProcedurePublished


@dataclass
class Published:
    """Every reference entry, read once and again only when one has been added."""

    stamp: bytes = b""
    procedures: tuple[Procedure, ...] = ()
    offices: tuple[OfficePublished, ...] = ()
    forms: tuple[FormPublished, ...] = ()
    regimes: tuple[RegimePublished, ...] = ()
    clerks: tuple[ClerkRegistered, ...] = ()
    counters: tuple[CounterEnrolled, ...] = ()
    calendar: Calendar = field(default_factory=lambda: Calendar(()))
    _versions: dict[str, list[Procedure]] = field(default_factory=dict)

    def refresh(self, connection: Connection) -> Published:
        """Read again what changed since the last look; returns itself."""
        stamp = projection.references_stamp(connection)
        if stamp != self.stamp:
            self.procedures = tuple(
                Procedure(id_, body) for id_, body in _all(connection, ProcedurePublished)
            )
            self._versions = {}
            for procedure in self.procedures:
                self._versions.setdefault(procedure.says.code, []).append(procedure)
            self.offices = tuple(_whole(b) for _, b in _all(connection, OfficePublished))
            self.forms = _with_shipped(b for _, b in _all(connection, FormPublished))
            self.regimes = tuple(b for _, b in _all(connection, RegimePublished))
            self.clerks = tuple(b for _, b in _all(connection, ClerkRegistered))
            self.counters = tuple(b for _, b in _all(connection, CounterEnrolled))
            self.calendar = Calendar(b for _, b in _all(connection, CalendarPublished))
            self.stamp = stamp
        return self

    def procedure(self, code: str, day: date) -> Procedure | None:
        """The version of a procedure in force on a day; None when it is unknown or withdrawn."""
        versions = [p for p in self._versions.get(code, ()) if _in_force(p.says, day)]
        return versions[-1] if versions and not versions[-1].says.withdrawn else None

    def catalogue(self, day: date) -> list[Procedure]:
        """Every procedure in force on a day."""
        newest = {p.says.code: p for p in self.procedures if _in_force(p.says, day)}
        return [p for p in newest.values() if not p.says.withdrawn]

    def office(self, code: str, day: date) -> OfficePublished | None:
        """An office by its code or its statistic code, as it was on a day."""
        found = [
            o
            for o in self.offices
            if code in (o.facts.code, o.statistic_code) and _in_force(o, day)
        ]
        return found[-1] if found else None

    def form(self, form: str, day: date) -> FormPublished:
        """The wording of a statutory form in force on a day; before all of them, the first."""
        known = [f for f in self.forms if f.form == form]
        return [known[0], *(f for f in known if _in_force(f, day))][-1]

    def form_of(self, form: str, form_set: str) -> FormPublished:
        """The wording of a form under the regime a dossier was received in."""
        return [f for f in self.forms if (f.form, f.form_set) == (form, form_set)][-1]

    def regime_of(self, form_set: str, day: date) -> RegimePublished:
        """What the decree a dossier was received under says, as of a day.

        A dossier of which only its receipt is left has no form set: the regime of the day counts.
        """
        its = [r for r in self.regimes if r.regime == form_set]
        known = its or [r for r in self.regimes if _in_force(r, day)] or seed_regimes()
        return known[-1]

    def clerk(self, login: str) -> ClerkRegistered | None:
        """The person with this login."""
        return next((c for c in self.clerks if c.login == login), None)


def _all(connection: Connection, kind: type[K]) -> Iterator[tuple[str, K]]:
    for id_, body in projection.read_reference(connection, kind):
        assert isinstance(body, kind)
        yield id_, body


def _with_shipped(published: Iterator[FormPublished]) -> tuple[FormPublished, ...]:
    """What was published, and the shipped words of what was not: a counter made by an earlier
    program has never heard of some forms, and of some words of the others.

    Mẫu 01 is whole as it was published: a word that is left out there is meant to be.
    """
    shipped = {(form.form, form.form_set): form for form in seed_forms()}
    forms = tuple(published)
    known = {(form.form, form.form_set) for form in forms}
    whole = (_with_every_word(form, shipped.get((form.form, form.form_set))) for form in forms)
    return (*whole, *(f for key, f in shipped.items() if key not in known))


def _with_every_word(form: FormPublished, shipped: FormPublished | None) -> FormPublished:
    if form.form == "01" or shipped is None:
        return form
    return msgspec.structs.replace(form, texts={**shipped.texts, **form.texts})


def _whole(office: OfficePublished) -> OfficePublished:
    """The same with the shipped departments, reasons and shelves where it was published before
    there were any."""
    if office.departments:
        return office
    for shipped in seed_offices():
        if shipped.facts.code == office.facts.code:
            return msgspec.structs.replace(
                office,
                departments=shipped.departments,
                reasons=office.reasons or shipped.reasons,
                shelves=office.shelves or shipped.shelves,
                signer_title=office.signer_title or shipped.signer_title,
            )
    return office


def _in_force(
    body: ProcedurePublished | OfficePublished | FormPublished | RegimePublished, day: date
) -> bool:
    iso = day.isoformat()
    return body.valid_from <= iso and (body.valid_to is None or iso <= body.valid_to)
