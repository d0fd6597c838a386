"""Choosing a procedure: by short form, by name without marks, by number, by habit."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import func, select

from db.kinds import ProcedurePublished
from db.spelling import search_key
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.people import of_person

HABIT_DAYS = 30
HABITS = 9


@dataclass(frozen=True)
class Catalogue:
    """The procedures in force today."""

    procedures: tuple[ProcedurePublished, ...]
    _keys: tuple[tuple[str, str], ...]

    def by_code(self, code: str) -> ProcedurePublished | None:
        """A procedure by its national code."""
        return next((p for p in self.procedures if p.code == code), None)

    def search(self, typed: str, first: Sequence[str] = ()) -> list[ProcedurePublished]:
        """Procedures that fit, best first; with nothing typed, those of ``first`` and no others.

        A short form counts most, then the beginning of the name, then its words together, then
        words anywhere, then the number. Among equals the codes in ``first`` come first, in their
        order.
        """
        rank = {code: i for i, code in enumerate(first)}
        key = search_key(typed)
        if not key:
            chosen = [p for p in self.procedures if p.code in rank]
            return sorted(chosen, key=lambda p: rank[p.code])
        found = []
        for procedure, (name, field) in zip(self.procedures, self._keys, strict=True):
            score = _score(key, procedure, name, field)
            if score is not None:
                place = rank.get(procedure.code, len(rank))
                found.append((score, place, len(procedure.name), procedure.code, procedure))
        return [p for *_, p in sorted(found, key=lambda row: row[:4])]


def catalogue(desk: Desk) -> Catalogue:
    """What may be asked for at this counter today."""
    with desk.reading() as connection:
        found = desk.published(connection).catalogue(desk.now().date())
    procedures = tuple(p.says for p in found)
    keys = tuple((search_key(f"{p.name} {p.short_name}"), search_key(p.field)) for p in procedures)
    return Catalogue(procedures, keys)


def habit(desk: Desk, id_number: str | None) -> list[str]:
    """Procedure codes: done before by this person, then most used today, then this month."""
    now = desk.now()
    midnight = int(now.replace(hour=0, minute=0, second=0).timestamp())
    month = int((now - timedelta(days=HABIT_DAYS)).timestamp())
    table = dossiers.c
    often = select(table.procedure).group_by(table.procedure)
    often = often.order_by(func.count().desc(), table.procedure).limit(HABITS)
    with desk.reading() as connection:
        theirs = connection.scalars(
            select(table.procedure)
            .where(of_person(id_number or ""))
            .group_by(table.procedure)
            .order_by(func.max(table.received).desc())
            .limit(HABITS)
        ).all()
        today = connection.scalars(often.where(table.received >= midnight)).all()
        lately = connection.scalars(often.where(table.received >= month)).all()
        usual = USUAL if not lately else ()
    return list(dict.fromkeys([*theirs, *today, *lately, *usual]))[:HABITS]


USUAL = ("2.000815", "1.004873", "1.001193", "1.000894", "1.000656", "2.000635", "2.000884")
"""What communes are asked for most, for a counter that has no habits yet."""


def _score(key: str, procedure: ProcedurePublished, name: str, field: str) -> int | None:
    if key == procedure.short_form:
        return 0
    if procedure.short_form.startswith(key):
        return 1
    if name.startswith(key):
        return 2
    if f" {key}" in name:
        return 3
    words = key.split()
    if all(re.search(rf"\b{re.escape(word)}", name) for word in words):
        return 4
    if all(word in f"{name} {field}" for word in words):
        return 5
    digits = re.sub(r"\D", "", key)
    if digits and digits in procedure.code.replace(".", ""):
        return 6
    return None
