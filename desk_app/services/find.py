"""The find box: people and dossiers, accent-free, as the clerk types."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

from sqlalchemy import Connection, bindparam, select

from db import projection
from db.dossier import Dossier
from db.engine import Prepared
from db.refused import Refused
from db.spelling import search_key
from db.tables import dossiers, matches, search
from desk_app.desk import Desk
from desk_app.rules import codes
from desk_app.services.dossiers import DossierLine, as_lines
from desk_app.services.people import KnownPerson, person_of

FULL_NUMBER = 5
"""Fewer digits than this are the running number at the end of a code."""
RUNNING_DIGITS = 4
DAY_DIGITS = 6

_WORD = re.compile("[^\\W_\u19b0-\u19c9\u1cf2\u1cf3]+")
"""Letters, but for those that SQLite's older table of Unicode has as marks: they part a word."""


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
        rows = _rows(connection, typed, desk.office.facts.code, limit)
        people: dict[str, KnownPerson] = {}
        for row in rows:
            if row.id_number and row.id_number not in people and len(people) < 5:
                person = person_of(desk, connection, row.id_number)
                if person is not None:
                    people[row.id_number] = person
        return Found(tuple(people.values()), tuple(as_lines(desk, connection, rows)))


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
    candidates, _ = codes.read_code(typed, desk.office.facts.code)
    with desk.reading() as connection:
        rows = {row.n: row for code in candidates for row in _with_code(connection, code)}
        return tuple(as_lines(desk, connection, rows.values()))


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


def _rows(connection: Connection, typed: str, office: str, limit: int) -> list[Any]:
    """Rows that fit, newest first: the index is in that order, so the first ones are enough."""
    # Digits alone may also be a telephone; only what names an office is surely a code.
    named = any(sign.isalpha() for sign in typed)
    candidates, _ = codes.read_code(typed, office if named else "")
    if candidates:
        exact = [row for code in candidates for row in _with_code(connection, code)]
        return exact[:limit] or _nearest(connection, candidates[0], limit)
    words = _WORD.findall(search_key(typed))
    if not words:
        return []
    if all(word.isdecimal() for word in words):
        whole = "".join(words)
        if len(whole) < FULL_NUMBER:
            return _matching(connection, [whole.zfill(RUNNING_DIGITS)], "", limit)
        if len(words) == 2 and len(words[0]) == DAY_DIGITS:
            whole = words[0] + words[1].zfill(RUNNING_DIGITS)
        return _matching(connection, [whole], "*", limit)
    return _matching(connection, words, "*", limit)


def _with_code(connection: Connection, code: str) -> list[Any]:
    """Dossiers that bear this code, or bore it before two had the same."""
    rows = _matching(connection, [projection.number_words(code)[0]], "", 50)
    return [row for row in rows if row.code == code or code in _former(connection, row)]


def _former(connection: Connection, row: Any) -> tuple[str, ...]:
    found = projection.dossier_of(connection, bytes(row.obj))
    return found.former_codes if found else ()


def _nearest(connection: Connection, code: str, limit: int) -> list[Any]:
    """What a code with no dossier may have meant: another office's, or one digit mistyped."""
    tail = projection.number_words(code)[0]
    slips = [
        tail[:at] + digit + tail[at + 1 :] for at in range(len(tail)) for digit in "0123456789"
    ]
    return _fitting(connection, " OR ".join(f'"{slip}"' for slip in slips), limit)


def _matching(
    connection: Connection, words: list[str], prefix: Literal["", "*"], limit: int
) -> list[Any]:
    return _fitting(connection, " ".join(f'"{word}"{prefix}' for word in words), limit)


def _fitting(connection: Connection, match: str, limit: int) -> list[Any]:
    return _match.rows(connection, {"match": match, "limit": limit})


_match = Prepared(
    select(dossiers)
    .select_from(search.join(dossiers, dossiers.c.n == -search.c.rowid))
    .where(matches(bindparam("match")))
    .order_by(search.c.rowid)
    .limit(bindparam("limit"))
)
