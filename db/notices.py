"""What a person must know that is no contradiction within one dossier: kept until settled."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text, update

from db import projection, tables
from db.acts import NOT_TAKEN_IN
from db.dossier import Dossier
from db.engine import Prepared
from db.projection import AT_A_TIME, number_words
from db.spelling import search_key

Kind = str
"""Between dossiers ``code_clash``, ``alike``; of a peer (``dev``) ``restored``, ``went_back`` and
``different``, with the ``day``."""

_put = Prepared(tables.put(tables.notices, keep=True))
_by_word = Prepared(
    text(
        "SELECT obj, code, id_number, procedure, received, counter, status"
        " FROM search JOIN dossier ON dossier.n = -search.rowid"
        " WHERE search MATCH :word LIMIT 50"
    )
)
NO_MATTER = frozenset({"voided"}) | NOT_TAKEN_IN
DAY = 86_400


class Notice(NamedTuple):
    """One of them; ``facts`` as its kind says, ``at`` ISO."""

    key: str
    at: str
    kind: Kind
    dev: str
    facts: dict[str, Any]


def note(connection: Connection, kind: Kind, dev: str, facts: dict[str, Any], at: str) -> None:
    """Keep a notice; the same one again adds nothing."""
    plain = json.dumps(facts, sort_keys=True, ensure_ascii=False)
    row = {"key": f"{kind} {dev} {plain}", "at": at, "kind": kind, "dev": dev, "facts": plain}
    _put.run(connection, {**row, "settled_at": None})


def notices(connection: Connection) -> list[Notice]:
    """Those nobody has settled, the newest first."""
    table = tables.notices.c
    rows = connection.execute(
        select(table.key, table.at, table.kind, table.dev, table.facts)
        .where(table.settled_at.is_(None))
        .order_by(table.at.desc(), table.key)
    )
    return [Notice(r.key, r.at, r.kind, r.dev, json.loads(r.facts)) for r in rows]


def settle(connection: Connection, key: str, at: str) -> None:
    """A person has seen it."""
    table = tables.notices
    connection.execute(update(table).where(table.c.key == key).values(settled_at=at))


def compare(connection: Connection, dossiers: Sequence[Dossier], at: str) -> None:
    """Look whether dossiers that just came bear a code another one has, or look like one."""
    server = projection.is_server(connection)
    bearers = (_bearers_at_server if server else _bearers)(connection, dossiers)
    for dossier in dossiers:
        others = [obj for obj in bearers.get(dossier.facts.code, ()) if obj != dossier.id]
        for other in others:
            pair = sorted((dossier.id, other))
            note(connection, "code_clash", "", {"dossiers": pair}, at)
        for row in () if server else _alike(connection, dossier):
            pair = sorted((dossier.id, bytes(row.obj).hex()))
            note(connection, "alike", "", {"dossiers": pair}, at)


Bearers = dict[str, list[str]]
"""By code the dossiers that bear it."""


def _bearers_at_server(connection: Connection, dossiers: Sequence[Dossier]) -> Bearers:
    """Asked for many codes at a time: each question is a way to PostgreSQL and back."""
    table, found = tables.dossiers.c, Bearers()
    codes = list({dossier.facts.code for dossier in dossiers})
    for at in range(0, len(codes), AT_A_TIME):
        wanted = select(table.obj, table.code).where(table.code.in_(codes[at : at + AT_A_TIME]))
        for obj, code in connection.execute(wanted):
            found.setdefault(code, []).append(bytes(obj).hex())
    return found


def _bearers(connection: Connection, dossiers: Sequence[Dossier]) -> Bearers:
    """A counter's only index with codes is that of the find box."""
    found = Bearers()
    for code in {dossier.facts.code for dossier in dossiers}:
        word = search_key(number_words(code)[0])
        rows = _by_word.rows(connection, {"word": f'"{word}"'})
        found[code] = [bytes(row.obj).hex() for row in rows if row.code == code]
    return found


def _alike(connection: Connection, dossier: Dossier) -> Sequence[Any]:
    """Dossiers of the same person and procedure, received on the same day at another counter."""
    facts = dossier.facts
    number = search_key(facts.applicant.id_number)
    if not number.isalnum() or dossier.status in NO_MATTER:
        return ()
    received = projection.seconds(facts.received_at)
    said = {link.other for link in dossier.links}
    return [
        row
        for row in _by_word.rows(connection, {"word": f'"{number}"'})
        if row.id_number == facts.applicant.id_number
        and row.procedure == facts.procedure.code
        and row.counter != facts.counter
        and row.status not in NO_MATTER
        and abs(row.received - received) < DAY
        and bytes(row.obj).hex() not in said | {dossier.id}
    ]
