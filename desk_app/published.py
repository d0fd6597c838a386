"""What the offices published, as this counter holds it: procedures, forms, calendar, clerks."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
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
    TextPublished,
)
from db.parts import Kind, OfficeFacts
from db.seed import seed_forms, seed_offices, seed_regimes
from db.texts import LOGO, OFFICE

K = TypeVar("K", bound=Kind)


class Procedure(NamedTuple):
    """One version of a procedure and the id of the entry that published it."""

    version: str
    says: ProcedurePublished


class Edition(NamedTuple):
    """One wording of one text, and the first 16 digits of the entry that published it."""

    id: str
    says: TextPublished


class Words(NamedTuple):
    """The fixed words of a paper, and which editions are among them."""

    texts: dict[str, str]
    made_with: tuple[str, ...] = ()
    form_set: str = ""
    """Whose forms it has, when they are not those of the receipt."""


@dataclass
class Published:
    """Every reference entry, read once and again only when one has been added."""

    stamp: bytes = b""
    procedures: tuple[Procedure, ...] = ()
    offices: tuple[OfficePublished, ...] = ()
    forms: tuple[FormPublished, ...] = ()
    editions: tuple[Edition, ...] = ()
    """Of each text the earlier before the later; of the same day everybody's before an office's."""
    regimes: tuple[RegimePublished, ...] = ()
    clerks: tuple[ClerkRegistered, ...] = ()
    counters: tuple[CounterEnrolled, ...] = ()
    calendar: Calendar = field(default_factory=lambda: Calendar(()))
    _versions: dict[str, list[Procedure]] = field(default_factory=dict)
    _offices: dict[tuple[str, date], OfficePublished | None] = field(default_factory=dict)

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
            found = (Edition(i[:16], b) for i, b in _all(connection, TextPublished))
            self.editions = tuple(sorted(found, key=_rank))
            self.regimes = tuple(b for _, b in _all(connection, RegimePublished))
            self.clerks = tuple(b for _, b in _all(connection, ClerkRegistered))
            self.counters = tuple(b for _, b in _all(connection, CounterEnrolled))
            self.calendar = Calendar(b for _, b in _all(connection, CalendarPublished))
            self._offices = {}
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
        """An office by its code or its statistic code, as it was on a day, with the names it gave
        itself."""
        asked = (code, day)
        if asked not in self._offices:
            found = self.office_as_published(code, day)
            if found is not None:
                own = self.wording(OFFICE, "", found.statistic_code, day)
                found = renamed(found, {key: each.says.says for key, each in own.items()})
            self._offices[asked] = found
        return self._offices[asked]

    def office_as_published(self, code: str, day: date) -> OfficePublished | None:
        """The same with the names it was given from above."""
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

    def form_of(self, form: str, form_set: str, day: date) -> FormPublished:
        """What a form says under the regime a dossier was received in, as published by a day."""
        known = [f for f in self.forms if (f.form, f.form_set) == (form, form_set)]
        return [known[0], *(f for f in known if f.valid_from <= day.isoformat())][-1]

    def wording(self, form: str, form_set: str, office: str, day: date) -> dict[str, Edition]:
        """Which texts of a form an office words otherwise on a day, by key.

        The newest edition holds; of the same day the office's own before everybody's.
        """
        found = {
            e.says.text: e
            for e in self.editions
            if (e.says.form, e.says.form_set) == (form, form_set)
            and e.says.office in ("", office)
            and e.says.valid_from <= day.isoformat()
        }
        return {key: e for key, e in found.items() if e.says.says is not None}

    def words(
        self,
        form: str,
        form_set: str,
        office: str,
        day: date,
        made_with: Collection[str] | None = None,
    ) -> Words:
        """The words of a form over those that all papers of its regime share, for a paper first
        printed on a day.

        Args:
            office: whose papers, by statistic code.
            made_with: the editions of the first print, when there was one.
        """
        texts: dict[str, str] = {}
        used: dict[str, str] = {}
        for of in dict.fromkeys(((OFFICE, ""), ("01", form_set), (form, form_set))):
            law = {} if of[0] == OFFICE else self.form_of(*of, day).texts
            own = self.wording(*of, office, day)
            if law == {}:
                # The other names of an office are in the facts of the dossier, as of its receipt.
                own = {LOGO: own[LOGO]} if LOGO in own else {}
            if made_with is not None:
                own = {
                    e.says.text: e
                    for e in self.editions
                    if (e.says.form, e.says.form_set) == of and e.id in made_with
                }
            for key in law:
                used.pop(key, None)
            texts |= law
            texts |= {key: e.says.says or "" for key, e in own.items()}
            used |= {key: e.id for key, e in own.items()}
        return Words(texts, tuple(used.values()))

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


def renamed(office: OfficePublished, names: Mapping[str, str | None]) -> OfficePublished:
    """The office with other names on its papers, and another signer."""
    own = {key: names[key] for key in ("signer", "signer_title") if key in names}
    facts = {k: v for k, v in names.items() if k in OfficeFacts.__struct_fields__}
    return msgspec.structs.replace(
        office, facts=msgspec.structs.replace(office.facts, **facts), **own
    )


def _rank(edition: Edition) -> tuple[str, bool, datetime, str]:
    says = edition.says
    return says.valid_from, bool(says.office), datetime.fromisoformat(says.at), edition.id


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
