"""The find box: people and dossiers, accent-free, as the clerk types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, Select, or_, select, text

from db import projection
from db.fold import Dossier
from db.refused import Refused
from db.spelling import search_key
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.rules import codes
from desk_app.services.dossiers import DossierLine, as_lines
from desk_app.services.people import KnownPerson, person_of

ENOUGH_DIGITS = 5
"""Fewer digits than this are the running number at the end of a code."""


class UnknownDossier(Refused):
    """No dossier here has this code or id; ``code`` as typed."""


class SeveralDossiers(Refused):
    """More than one dossier fits; ``codes`` of them."""


@dataclass(frozen=True)
class Found:
    """What fits, newest first."""

    people: tuple[KnownPerson, ...]
    dossiers: tuple[DossierLine, ...]


def find(desk: Desk, typed: str, limit: int = 20) -> Found:
    """Dossiers and people that fit: words of a name, a number, a phone, part of a code."""
    with desk.reading() as connection:
        rows = _rows(connection, typed, limit)
        people: dict[str, KnownPerson] = {}
        for row in rows:
            if row.id_number and row.id_number not in people and len(people) < 5:
                person = person_of(desk, connection, row.id_number)
                if person is not None:
                    people[row.id_number] = person
        return Found(tuple(people.values()), tuple(as_lines(desk, rows)))


def dossier(desk: Desk, id: bytes) -> Dossier:
    """One dossier with its whole history.

    Raises:
        UnknownDossier: it is not in this journal.
    """
    with desk.reading() as connection:
        found = projection.dossier_of(connection, id)
    if found is None:
        raise UnknownDossier(code=id.hex())
    return found


def by_code(desk: Desk, typed: str) -> tuple[DossierLine, ...]:
    """Every dossier with this code, as typed or scanned; two when a code was given twice."""
    candidates = codes.read_code(typed)
    with desk.reading() as connection:
        rows = connection.execute(
            select(dossiers).where(dossiers.c.code.in_(candidates)).order_by(dossiers.c.n)
        ).all()
        return tuple(as_lines(desk, rows))


def the_one(desk: Desk, typed: str) -> Dossier:
    """The dossier of a code, or of the 32 hex digits of an id.

    Raises:
        UnknownDossier, SeveralDossiers
    """
    if re.fullmatch(r"[0-9a-f]{32}", typed):
        return dossier(desk, bytes.fromhex(typed))
    lines = by_code(desk, typed)
    if not lines:
        raise UnknownDossier(code=typed)
    if len(lines) > 1:
        raise SeveralDossiers(codes=tuple(f"{line.code} {line.id.hex()}" for line in lines))
    return dossier(desk, lines[0].id)


def _rows(connection: Connection, typed: str, limit: int) -> list[Row[Any]]:
    key = search_key(typed)
    digits = re.sub(r"\D", "", key)
    if digits and not re.search(r"[a-z]", key.replace("h", "", 1)):
        return list(connection.execute(_by_digits(digits, key, limit)))
    words = re.findall(r"[^\W_]+", key)
    if not words:
        return []
    match = " ".join(f'"{word}"*' for word in words)
    found = connection.execute(
        text("SELECT -rowid FROM search WHERE words MATCH :match LIMIT :limit"),
        {"match": match, "limit": limit},
    )
    ns = [n for (n,) in found]
    return list(
        connection.execute(
            select(dossiers).where(dossiers.c.n.in_(ns)).order_by(dossiers.c.n.desc())
        )
    )


def _by_digits(digits: str, key: str, limit: int) -> Select[Any]:
    table = dossiers.c
    if len(digits) < ENOUGH_DIGITS:
        query = select(dossiers).where(table.number == int(digits))
        return query.order_by(table.n.desc()).limit(limit)
    after = digits[:-1] + chr(ord(digits[-1]) + 1)
    fits = [
        (table.id_number >= digits) & (table.id_number < after),
        (table.phone >= digits) & (table.phone < after),
        table.code.in_(codes.read_code(key)),
    ]
    if day_and_number := re.fullmatch(r"(\d{6})[ .-]?(\d{1,4})", key):
        day, number = day_and_number.groups()
        fits.append((table.number == int(number)) & table.code.like(f"%-{day}-{int(number):04d}"))
    return select(dossiers).where(or_(*fits)).order_by(table.n.desc()).limit(limit)
