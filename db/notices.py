"""What a person must know that is no contradiction within one dossier: kept until settled."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection, select, text, update

from db import projection, tables
from db.dossier import Dossier
from db.engine import Prepared
from db.projection import number_words
from db.spelling import search_key

Kind = str
"""Between dossiers ``code_clash``, ``alike``; of a peer (``dev``) ``restored``, ``went_back`` and
``different``, with the ``day``."""

_put = Prepared(tables.put(tables.notices, keep=True))
_by_code = Prepared(
    text(
        "SELECT obj, code, id_number, procedure, received, counter, status"
        " FROM dossier WHERE code = :code"
    )
)
_by_word = Prepared(
    text(
        "SELECT obj, code, id_number, procedure, received, counter, status"
        " FROM search JOIN dossier ON dossier.n = -search.rowid"
        " WHERE search MATCH :word LIMIT 50"
    )
)
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


def compare(connection: Connection, dossiers: Iterable[Dossier], at: str) -> None:
    """Look whether dossiers that just came bear a code another one has, or look like one."""
    for dossier in dossiers:
        for other in _same_code(connection, dossier.facts.code):
            if bytes(other.obj).hex() != dossier.id:
                pair = sorted((dossier.id, bytes(other.obj).hex()))
                note(connection, "code_clash", "", {"dossiers": pair}, at)
        for other in _alike(connection, dossier):
            pair = sorted((dossier.id, bytes(other.obj).hex()))
            note(connection, "alike", "", {"dossiers": pair}, at)


def _same_code(connection: Connection, code: str) -> Sequence[Any]:
    if projection.is_server(connection):
        return _by_code.rows(connection, {"code": code})
    word = search_key(number_words(code)[0])
    found = _by_word.rows(connection, {"word": f'"{word}"'})
    return [row for row in found if row.code == code]


def _alike(connection: Connection, dossier: Dossier) -> Sequence[Any]:
    """Dossiers of the same person and procedure, received on the same day at another counter."""
    facts = dossier.facts
    number = search_key(facts.applicant.id_number)
    if projection.is_server(connection) or not number.isalnum() or dossier.status != "received":
        return ()
    received = projection.seconds(facts.received_at)
    said = {link.other for link in dossier.links}
    return [
        row
        for row in _by_word.rows(connection, {"word": f'"{number}"'})
        if row.id_number == facts.applicant.id_number
        and row.procedure == facts.procedure.code
        and row.counter != facts.counter
        and row.status == "received"
        and abs(row.received - received) < DAY
        and bytes(row.obj).hex() not in said | {dossier.id}
    ]
