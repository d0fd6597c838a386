"""Keep the screen tables and the search index in step with the journal; rebuild them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, bindparam, delete, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from db import engine as engines
from db import tables
from db.entry import Entry, parse
from db.fold import FOLD_VERSION, Dossier, fold, heads
from db.kinds import (
    OFFICE_KINDS,
    CalendarPublished,
    ClerkRegistered,
    CounterEnrolled,
    FormPublished,
    Kind,
    OfficePublished,
    ProcedurePublished,
    read_body,
)
from db.spelling import search_key

Progress = Callable[[int, int], None]
"""Told (done, of how many)."""

_lines_of = (
    select(tables.journal.c.n, tables.journal.c.own, tables.journal.c.line)
    .where(tables.journal.c.obj == bindparam("obj"))
    .order_by(tables.journal.c.n)
)
_row_of = select(tables.dossiers.c.n, tables.dossiers.c.words).where(
    tables.dossiers.c.obj == bindparam("obj")
)
_heads_of = select(tables.heads.c.id).where(tables.heads.c.obj == bindparam("obj")).order_by("id")
_put_row = insert(tables.dossiers).prefix_with("OR REPLACE")
_put_head = insert(tables.heads).prefix_with("OR IGNORE")
_drop_heads = delete(tables.heads).where(tables.heads.c.obj == bindparam("obj_"))
_put_meta = insert(tables.meta).prefix_with("OR REPLACE")
_get_meta = select(tables.meta.c.v).where(tables.meta.c.k == bindparam("k"))
_index = text("INSERT INTO search(rowid, words) VALUES (:rowid, :words)")
_unindex = text("INSERT INTO search(search, rowid, words) VALUES ('delete', :rowid, :words)")
_put_reference = upsert(tables.references)
_put_reference = _put_reference.on_conflict_do_update(
    index_elements=["kind", "key", "valid_from"],
    set_={c: _put_reference.excluded[c] for c in ("id", "n", "body")},
    where=_put_reference.excluded.n > tables.references.c.n,
)


class Line(NamedTuple):
    """A journal row as the fold wants it."""

    n: int
    own: bool
    entry: Entry


def project(connection: Connection, line: Line, alone: bool) -> None:
    """Bring the screen tables up to date with one line just inserted.

    ``alone`` says that nothing else about its object is in the journal.

    Raises:
        msgspec.ValidationError, ValueError: the body is not of its kind's shape.
    """
    obj = bytes.fromhex(line.entry.says.obj)
    if alone:
        _put(connection, [_read([line])])
        return
    lines = [Line(n, bool(own), parse(text)) for n, own, text in _stored(connection, obj)]
    old = connection.execute(_row_of, {"obj": obj}).first()
    if old is not None:
        connection.execute(_unindex, {"rowid": -old.n, "words": old.words})
    connection.execute(_drop_heads, {"obj_": obj})
    _put(connection, [_read(lines)])


def dossier_of(connection: Connection, obj: bytes) -> Dossier | None:
    """The fold of one dossier's entries; None when it has not been received."""
    return fold(parse(text) for _, _, text in _stored(connection, obj))


def heads_of(connection: Connection, obj: bytes) -> tuple[str, ...]:
    """The heads a new entry about this object must name; none when it is new."""
    return tuple(row.hex() for row in connection.scalars(_heads_of, {"obj": obj}))


def dossier_row(dossier: Dossier, n: int, own: bool) -> dict[str, Any]:
    """The screen row of a dossier; ``n`` is the journal number of its first entry."""
    facts = dossier.facts
    people = [facts.applicant, *([facts.submitter] if facts.submitter else [])]
    names = [name for p in people for name in (p.name, p.representative) if name]
    return {
        "n": n,
        "obj": bytes.fromhex(dossier.id),
        "code": facts.code,
        "number": _running_number(facts.code),
        "name": facts.applicant.name,
        "words": search_key(" ".join(names)),
        "id_number": facts.applicant.id_number,
        "phone": facts.applicant.phone,
        "procedure": facts.procedure.code,
        "short_name": facts.procedure.short_name,
        "received": _seconds(facts.received_at),
        "due": _seconds(facts.due_at),
        "status": dossier.status,
        "prints": len(dossier.prints),
        "counter": facts.counter,
        "own": int(own),
        "flags": len(dossier.flags) + (not dossier.readable),
        "ref": facts.sender.ref if facts.sender else None,
    }


def read_reference(connection: Connection, kind: type[Kind]) -> list[tuple[str, Kind]]:
    """Every version of one kind the offices published: (entry id, body), by key and date."""
    table = tables.references
    rows = connection.execute(
        select(table.c.id, table.c.body)
        .where(table.c.kind == _NAMES[kind])
        .order_by(table.c.key, table.c.valid_from)
    )
    return [(row.id.hex(), msgspec.json.decode(row.body, type=kind)) for row in rows]


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Drop the screen tables and fold the whole journal again; returns entries read.

    One transaction: a rebuild that is cut off leaves the old tables as they were.
    """
    with engines.writing(engine) as connection:
        tables.drop_screen(connection)
        tables.create(connection)
        total = connection.scalar(select(func.count()).select_from(tables.journal)) or 0
        done = 0
        for lines in _objects(connection):
            batch = [reading for each in lines if (reading := _try_read(connection, each))]
            _put(connection, batch)
            done += sum(len(each) for each in lines)
            if progress is not None:
                progress(done, total)
        stamp(connection)
    return done


def stamp(connection: Connection) -> None:
    """Note which fold the screen tables were made by."""
    connection.execute(_put_meta, {"k": "fold", "v": str(FOLD_VERSION).encode()})


def is_current(connection: Connection) -> bool:
    """Whether the screen tables were made by this program's fold."""
    return connection.scalar(_get_meta, {"k": "fold"}) == str(FOLD_VERSION).encode()


def references_stamp(connection: Connection) -> bytes:
    """Changes whenever an office publishes something."""
    return bytes(connection.scalar(_get_meta, {"k": "references"}) or b"")


_NAMES: dict[type[Kind], str] = {
    ProcedurePublished: "procedure.published",
    OfficePublished: "office.published",
    CalendarPublished: "calendar.published",
    FormPublished: "form.published",
    ClerkRegistered: "clerk.registered",
    CounterEnrolled: "counter.enrolled",
}


class _Reading(NamedTuple):
    """What the lines about one object come to, as rows."""

    heads: list[dict[str, Any]]
    dossier: dict[str, Any] | None
    references: list[dict[str, Any]]


def _read(lines: Sequence[Line]) -> _Reading:
    entries = [line.entry for line in lines]
    obj = bytes.fromhex(entries[0].says.obj)
    rows = [{"obj": obj, "id": bytes.fromhex(head)} for head in heads(entries)]
    if entries[0].says.k in OFFICE_KINDS:
        return _Reading(rows, None, [r for r in map(_reference_row, lines) if r is not None])
    dossier = fold(entries)
    if dossier is None:
        return _Reading(rows, None, [])
    return _Reading(rows, dossier_row(dossier, lines[0].n, lines[0].own), [])


def _try_read(connection: Connection, lines: Sequence[Line]) -> _Reading | None:
    """The same, but what cannot be read is set aside and the rest goes on."""
    try:
        return _read(lines)
    except (msgspec.ValidationError, ValueError) as e:
        park(connection, lines[-1].entry, type(e).__name__)
        return None


def park(connection: Connection, entry: Entry, why: str) -> None:
    """Note that a stored entry could not be read into the tables."""
    row = {"id": bytes.fromhex(entry.id), "why": why, "at": entry.says.ts}
    connection.execute(insert(tables.parked).prefix_with("OR IGNORE"), row)


def _put(connection: Connection, batch: Sequence[_Reading]) -> None:
    found = [r.dossier for r in batch if r.dossier is not None]
    if found:
        connection.execute(_put_row, found)
        connection.execute(_index, [{"rowid": -r["n"], "words": r["words"]} for r in found])
    if head_rows := [row for r in batch for row in r.heads]:
        connection.execute(_put_head, head_rows)
    if references := [row for r in batch for row in r.references]:
        connection.execute(_put_reference, references)
        newest = max(row["n"] for row in references)
        connection.execute(_put_meta, {"k": "references", "v": str(newest).encode()})


def _stored(connection: Connection, obj: bytes) -> Sequence[Any]:
    return connection.execute(_lines_of, {"obj": obj}).all()


def _objects(connection: Connection, size: int = 500) -> Iterator[list[list[Line]]]:
    """All lines, grouped by what they are about, some objects at a time."""
    table = tables.journal
    rows = connection.execute(
        select(table.c.obj, table.c.n, table.c.own, table.c.line).order_by(table.c.obj, table.c.n),
        execution_options={"yield_per": 2_000},
    )
    batch: list[list[Line]] = []
    for _, group in groupby(rows, key=itemgetter(0)):
        batch.append([Line(row.n, bool(row.own), parse(bytes(row.line))) for row in group])
        if len(batch) == size:
            yield batch
            batch = []
    yield batch


def _running_number(code: str) -> int:
    """The digits at the end of a code, which is what people read out."""
    tail = code.rsplit("-", 1)[-1]
    return int(tail) if tail.isdecimal() else 0


def _reference_row(line: Line) -> dict[str, Any] | None:
    says = line.entry.says
    body = read_body(says.k, says.kv, says.body)
    if body is None:
        return None
    key, valid_from = _key(body)
    return {
        "kind": says.k,
        "key": key,
        "valid_from": valid_from,
        "id": bytes.fromhex(line.entry.id),
        "n": line.n,
        "body": msgspec.json.encode(body),
    }


def _key(body: Kind) -> tuple[str, str]:
    """What a reference is known by, and from when; a later entry for both replaces it."""
    match body:
        case ProcedurePublished():
            return body.code, body.valid_from
        case OfficePublished():
            return body.facts.code, body.valid_from
        case CalendarPublished():
            return str(body.year), ""
        case FormPublished():
            return f"{body.form}/{body.form_set}", body.valid_from
        case ClerkRegistered():
            return body.login, ""
        case CounterEnrolled():
            return body.device, ""
        case _:
            raise AssertionError(body)


def _seconds(moment: str) -> int:
    return int(datetime.fromisoformat(moment).timestamp())


def drawn_on(connection: Connection, day: str) -> dict[int, int]:
    """How many numbers each block has given on a day (ISO)."""
    table = tables.counters.c
    rows = connection.execute(select(table.block, table.n).where(table.day == day))
    return {row.block: row.n for row in rows}
