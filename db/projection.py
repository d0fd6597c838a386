"""Keep the screen tables and the search index in step with the journal; rebuild them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, bindparam, func, insert, select, text
from sqlalchemy.dialects.sqlite import insert as upsert

from db import engine as engines
from db import tables
from db.engine import Prepared
from db.entry import Entry, kept
from db.fold import FOLD_VERSION, Dossier, fold
from db.kinds import (
    OFFICE_KINDS,
    CalendarPublished,
    ClerkRegistered,
    CounterEnrolled,
    DossierReceived,
    FormPublished,
    Kind,
    OfficePublished,
    ProcedurePublished,
    read_body,
)
from db.numbering import BLOCK_SIZE
from db.spelling import search_key

Progress = Callable[[int, int], None]
"""Told (done, of how many)."""

_lines_of = Prepared(
    select(tables.journal.c.n, tables.journal.c.own, tables.journal.c.line)
    .where(tables.journal.c.obj == bindparam("obj"))
    .order_by(tables.journal.c.n)
)
_line = select(*(tables.journal.c[k] for k in ("n", "obj", "own", "line")))
_line_at = Prepared(_line.where(tables.journal.c.n == bindparam("n")))
_lines_after = Prepared(
    _line.where(tables.journal.c.n > bindparam("n"))
    .order_by(tables.journal.c.n)
    .limit(bindparam("size"))
)
_numbers_of = Prepared(
    select(tables.journal.c.n)
    .where(tables.journal.c.obj == bindparam("obj"))
    .order_by(tables.journal.c.n)
)
_words_of = Prepared(select(tables.dossiers.c.words).where(tables.dossiers.c.n == bindparam("n")))
_put_row = Prepared(insert(tables.dossiers).prefix_with("OR REPLACE"))
_put_meta = Prepared(insert(tables.meta).prefix_with("OR REPLACE"))
_get_meta = Prepared(select(tables.meta.c.v).where(tables.meta.c.k == bindparam("k")))
_index = Prepared(text("INSERT INTO search(rowid, words) VALUES (:rowid, :words)"))
_unindex = Prepared(
    text("INSERT INTO search(search, rowid, words) VALUES ('delete', :rowid, :words)")
)
_put_reference = upsert(tables.references)
_put_reference = _put_reference.on_conflict_do_update(
    index_elements=["kind", "key", "valid_from"],
    set_={c: _put_reference.excluded[c] for c in ("id", "n", "body")},
    where=_put_reference.excluded.n > tables.references.c.n,
)
_put_references = Prepared(_put_reference)


class Line(NamedTuple):
    """A journal row as the fold wants it."""

    n: int
    own: bool
    entry: Entry


def project(connection: Connection, lines: Sequence[Line]) -> Dossier | None:
    """Bring the screen tables up to date with an object whose newest line was just inserted.

    ``lines`` are all of its lines, in the order they came. Returns the dossier they come to.

    Raises:
        msgspec.ValidationError, ValueError: the body is not of its kind's shape.
    """
    reading = read_object(lines)
    if len(lines) > 1:
        for (words,) in _words_of.run(connection, {"n": lines[0].n}):
            _unindex.run(connection, {"rowid": -lines[0].n, "words": words})
    put(connection, [reading])
    if reading.row is not None:
        words = {"rowid": -reading.row["n"], "words": reading.row["words"]}
        _index.run(connection, words)
    return reading.dossier


def dossier_of(connection: Connection, obj: bytes) -> Dossier | None:
    """The fold of one dossier's entries; None when it has not been received."""
    return fold(line.entry for line in lines_of(connection, obj))


def lines_of(connection: Connection, obj: bytes) -> list[Line]:
    """Everything the journal holds about one object, in the order it came."""
    rows = _lines_of.run(connection, {"obj": obj})
    return [Line(n, bool(own), kept(line)) for n, own, line in rows]


def dossier_row(dossier: Dossier, n: int, own: bool) -> dict[str, Any]:
    """The screen row of a dossier; ``n`` is the journal number of its first entry."""
    facts = dossier.facts
    people = [facts.applicant, *([facts.submitter] if facts.submitter else [])]
    names = [name for p in people for name in (p.name, p.representative) if name]
    return {
        "n": n,
        "obj": bytes.fromhex(dossier.id),
        "code": facts.code,
        "name": facts.applicant.name,
        "words": search_key(" ".join([*names, *_numbers(facts)])),
        "id_number": facts.applicant.id_number,
        "phone": facts.applicant.phone,
        "procedure": facts.procedure.code,
        "short_name": facts.procedure.short_name,
        "received": _seconds(facts.received_at),
        "due": _seconds(facts.due_at),
        "status": dossier.status,
        "prints": _papers_out(dossier),
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
        for read, objects in _objects(connection):
            put(connection, [r for lines in objects if (r := _try_read(connection, lines))])
            done += read
            if progress is not None:
                progress(done, total)
        index_all(connection)
        stamp(connection)
    return done


def stamp(connection: Connection) -> None:
    """Note which fold the screen tables were made by."""
    write_meta(connection, "fold", str(FOLD_VERSION).encode())


def is_current(connection: Connection) -> bool:
    """Whether the screen tables were made by this program's fold."""
    return read_meta(connection, "fold") == str(FOLD_VERSION).encode()


def read_meta(connection: Connection, key: str) -> bytes | None:
    """A value the database keeps beside the journal, such as this device's key."""
    rows = _get_meta.run(connection, {"k": key})
    return bytes(rows[0][0]) if rows else None


def write_meta(connection: Connection, key: str, value: bytes) -> None:
    """Keep a value beside the journal, in place of what was there."""
    _put_meta.run(connection, {"k": key, "v": value})


def references_stamp(connection: Connection) -> bytes:
    """Changes whenever an office publishes something."""
    return read_meta(connection, "references") or b""


_NAMES: dict[type[Kind], str] = {
    ProcedurePublished: "procedure.published",
    OfficePublished: "office.published",
    CalendarPublished: "calendar.published",
    FormPublished: "form.published",
    ClerkRegistered: "clerk.registered",
    CounterEnrolled: "counter.enrolled",
}


class Reading(NamedTuple):
    """What the lines about one object come to."""

    dossier: Dossier | None = None
    row: dict[str, Any] | None = None
    references: list[dict[str, Any]] = []  # noqa: RUF012 - nobody writes to the default


def read_object(lines: Sequence[Line]) -> Reading:
    """What one object's lines come to, in the order they came.

    Raises:
        msgspec.ValidationError, ValueError: a body is not of its kind's shape.
    """
    if lines[0].entry.says.k in OFFICE_KINDS:
        return Reading(references=[r for r in map(_reference_row, lines) if r is not None])
    dossier = fold(line.entry for line in lines)
    if dossier is None:
        return Reading()
    return Reading(dossier, dossier_row(dossier, lines[0].n, lines[0].own))


def _try_read(connection: Connection, lines: Sequence[Line]) -> Reading | None:
    """The same, but what cannot be read is set aside and the rest goes on."""
    try:
        return read_object(lines)
    except (msgspec.ValidationError, ValueError) as e:
        park(connection, lines[-1].entry, type(e).__name__)
        return None


def park(connection: Connection, entry: Entry, why: str) -> None:
    """Note that a stored entry could not be read into the tables."""
    row = {"id": bytes.fromhex(entry.id), "why": why, "at": entry.says.ts}
    connection.execute(insert(tables.parked).prefix_with("OR IGNORE"), row)


def put(connection: Connection, batch: Sequence[Reading]) -> None:
    """Write what was read into the tables; the search index is the caller's."""
    _put_row.run_many(connection, [r.row for r in batch if r.row is not None])
    if references := [row for r in batch for row in r.references]:
        _put_references.run_many(connection, references)
        write_meta(connection, "references", str(max(r["n"] for r in references)).encode())


def index_all(connection: Connection) -> None:
    """Fill the empty search index from the rows: in one piece, in the order of its row ids."""
    connection.execute(
        text("INSERT INTO search(rowid, words) SELECT -n, words FROM dossier ORDER BY n DESC")
    )


def _objects(connection: Connection, size: int = 5_000) -> Iterator[tuple[int, list[list[Line]]]]:
    """All lines in their order, some at a time: (how many, those of each object that begins
    here). Later lines of an object mostly follow soon, so the file is read from end to end."""
    last = 0
    while rows := _lines_after.run(connection, {"n": last, "size": size}):
        held = {row[0]: row for row in rows}
        objects = []
        for first, obj, *_ in rows:
            numbers = [n for (n,) in _numbers_of.run(connection, {"obj": obj})]
            if numbers[0] == first:
                its = (held.get(n) or _line_at.run(connection, {"n": n})[0] for n in numbers)
                objects.append([Line(n, bool(own), kept(line)) for n, _, own, line in its])
        yield len(rows), objects
        last = rows[-1][0]


def number_words(code: str) -> tuple[str, ...]:
    """A code as the search index has it: day and running number together, and the number alone."""
    *_, day, number = ("", *code.rsplit("-", 2))
    return (day + number, number) if number.isdecimal() else (code,)


def _papers_out(dossier: Dossier) -> int:
    """How often paper came out; for a dossier nobody handed in at the desk a file is enough."""
    enough = (
        ("printer", "clerk") if dossier.facts.channel == "direct" else ("printer", "clerk", "file")
    )
    return sum(1 for print_ in dossier.prints if print_.word_of in enough)


def _numbers(facts: DossierReceived) -> list[str]:
    """What people read out: numbers of persons, telephones, the end of the code."""
    people = [facts.applicant, *([facts.submitter] if facts.submitter else [])]
    numbers = [number for p in people for number in (p.id_number, p.phone) if number]
    return [*dict.fromkeys(numbers), *number_words(facts.code)]


def _reference_row(line: Line) -> dict[str, Any] | None:
    says = line.entry.says
    body = read_body(says.k, says.kv, says.body)
    if body is None or says.k not in OFFICE_KINDS:
        return None
    key, valid_from = _key(body)
    return {
        "kind": says.k,
        "key": key,
        "valid_from": valid_from,
        "id": bytes.fromhex(line.entry.id),
        "n": line.n,
        # The same bytes whether it comes from a form here or from a line read back.
        "body": msgspec.json.encode(body, order="deterministic"),
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


def block_size(connection: Connection, office: str) -> int:
    """How many numbers a block of this office spans, by its newest publication."""
    table = tables.references.c
    body = connection.scalar(
        select(table.body)
        .where(table.kind == _NAMES[OfficePublished], table.key == office)
        .order_by(table.n.desc())
        .limit(1)
    )
    return msgspec.json.decode(body, type=OfficePublished).block_size if body else BLOCK_SIZE


def drawn_on(connection: Connection, day: str) -> dict[int, int]:
    """How many numbers each block has given on a day (ISO)."""
    table = tables.counters.c
    rows = connection.execute(select(table.block, table.n).where(table.day == day))
    return {row.block: row.n for row in rows}
