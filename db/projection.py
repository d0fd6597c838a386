"""Keep the screen tables and the search index in step with the journal; rebuild them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Connection, Engine, bindparam, func, select, text, update
from sqlalchemy.exc import StatementError

from db import engine as engines
from db import tables
from db.acts import RUNNING
from db.conflicts import ancestors
from db.dossier import Dossier
from db.engine import Prepared
from db.entry import Entry, kept
from db.fold import FOLD_VERSION, fold, in_order
from db.identity import SERVER
from db.kinds import (
    NAME_OF,
    OFFICE_KINDS,
    CalendarPublished,
    ClerkRegistered,
    CounterEnrolled,
    CounterRevoked,
    DossierReceived,
    FormPublished,
    OfficePublished,
    ProcedurePublished,
    RegimePublished,
    TextPublished,
    read_body,
)
from db.numbering import BLOCK_SIZE
from db.parts import Kind
from db.spelling import search_key
from db.steps import FeeRefunded, FeeTaken

AT_A_TIME = 500
"""Values in one ``IN``."""

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
_newest = Prepared(select(func.max(tables.journal.c.n)))
_words_of = Prepared(select(tables.dossiers.c.words).where(tables.dossiers.c.n == bindparam("n")))
_put_attached = Prepared(tables.put(tables.attachments))
_put_payment = Prepared(tables.put(tables.payments))
_put_row = Prepared(tables.put(tables.dossiers))
_put_meta = Prepared(tables.put(tables.meta))
_put_references = Prepared(tables.put(tables.references))
_park = Prepared(tables.put(tables.parked, keep=True))
_get_meta = Prepared(select(tables.meta.c.v).where(tables.meta.c.k == bindparam("k")))
_index = Prepared(text("INSERT INTO search(rowid, words) VALUES (:rowid, :words)"))
_unindex = Prepared(
    text("INSERT INTO search(search, rowid, words) VALUES ('delete', :rowid, :words)")
)


class Line(NamedTuple):
    """A journal row as the fold wants it."""

    n: int
    own: bool
    entry: Entry


class Reading(NamedTuple):
    """What the lines about one object come to."""

    dossier: Dossier | None = None
    row: dict[str, Any] | None = None
    references: list[dict[str, Any]] = []  # noqa: RUF012 - nobody writes to the default


class Unread(NamedTuple):
    """A stored entry that could not be read into the tables, and why."""

    entry: Entry
    why: str


def project(connection: Connection, lines: Sequence[Line]) -> Dossier | None:
    """Bring the screen tables up to date with an object whose newest line was just inserted.

    ``lines`` are all of its lines, in the order they came. Returns the dossier they come to.

    Raises:
        msgspec.ValidationError, ValueError: the body is not of its kind's shape.
    """
    reading = read_object(lines)
    put(connection, [reading], [lines[0].n] if len(lines) > 1 else [])
    return reading.dossier


def absorb(connection: Connection, new: Sequence[Line]) -> tuple[list[Dossier], list[Unread]]:
    """The same for many lines that were just inserted, each object read once.

    What cannot be read, or does not fit the tables, is parked and the rest goes on. Returns the
    dossiers they come to.
    """
    objects: dict[str, list[Line]] = {}
    for line in new:
        objects.setdefault(line.entry.says.obj, []).append(line)
    known = _earlier(connection, objects, new[0].n) if new else {}
    whole = {obj: [*known.get(obj, ()), *lines] for obj, lines in objects.items()}
    readings: list[tuple[Sequence[Line], Reading]] = []
    unread: list[Unread] = []
    for lines in whole.values():
        try:
            readings.append((lines, read_object(lines)))
        except (msgspec.ValidationError, ValueError) as e:
            unread.append(Unread(lines[-1].entry, type(e).__name__))
    try:
        with connection.begin_nested():
            put(connection, [r for _, r in readings], [known[obj][0].n for obj in known])
    except StatementError:
        # One of them is not to the database's liking: find out which, and go on with the others.
        readings, more = _one_by_one(connection, readings)
        unread += more
    for each in unread:
        park(connection, each.entry, each.why)
    return [r.dossier for _, r in readings if r.dossier is not None], unread


def _one_by_one(
    connection: Connection, readings: Sequence[tuple[Sequence[Line], Reading]]
) -> tuple[list[tuple[Sequence[Line], Reading]], list[Unread]]:
    done, unread = [], []
    for lines, reading in readings:
        try:
            with connection.begin_nested():
                put(connection, [reading], [lines[0].n])
            done.append((lines, reading))
        except StatementError as e:
            unread.append(Unread(lines[-1].entry, type(e).__name__))
    return done, unread


def _earlier(
    connection: Connection, objects: Collection[str], before: int
) -> dict[str, list[Line]]:
    """What the journal held about these objects before the line with this number."""
    table, found = tables.journal.c, dict[str, list[Line]]()
    ids = [bytes.fromhex(obj) for obj in objects]
    for at in range(0, len(ids), AT_A_TIME):
        rows = connection.execute(
            select(table.n, table.own, table.line)
            .where(table.obj.in_(ids[at : at + AT_A_TIME]), table.n < before)
            .order_by(table.n)
        )
        for n, own, line in rows:
            entry = kept(bytes(line))
            found.setdefault(entry.says.obj, []).append(Line(n, bool(own), entry))
    return found


def dossier_of(connection: Connection, obj: bytes) -> Dossier | None:
    """The fold of one dossier's entries; None when it has not been received."""
    return fold(line.entry for line in lines_of(connection, obj))


def lines_of(connection: Connection, obj: bytes) -> list[Line]:
    """Everything the journal holds about one object, in the order it came."""
    rows = _lines_of.run(connection, {"obj": obj})
    return [Line(n, bool(own), kept(line)) for n, own, line in rows]


def dossier_row(dossier: Dossier, n: int, own: bool) -> dict[str, Any]:
    """The screen row of a dossier; ``n`` is the journal number of its first entry."""
    facts, life = dossier.facts, dossier.life
    people = [facts.applicant, *([facts.submitter] if facts.submitter else [])]
    names = [name for p in people for name in (p.name, p.representative) if name]
    return {
        "n": n,
        "obj": bytes.fromhex(dossier.id),
        "code": facts.code,
        "name": facts.applicant.name,
        "words": search_key(" ".join([*names, *_numbers(facts, dossier.former_codes)])),
        "id_number": facts.applicant.id_number,
        "phone": facts.applicant.phone,
        "procedure": facts.procedure.code,
        "short_name": facts.procedure.short_name,
        "received": seconds(facts.received_at),
        "due": seconds(life.due_at),
        "status": dossier.status,
        "clock": _clock(dossier),
        "ready": seconds(life.waits_here_since) if life.waits_here_since else None,
        "ended": seconds(life.ended_at) if life.ended_at else None,
        "department": life.holder.department if life.holder else "",
        "person": life.holder.person if life.holder else "",
        "prints": _papers_out(dossier),
        "counter": facts.counter,
        "volume": facts.book.volume if facts.book else 0,
        "number": facts.book.number if facts.book else 0,
        # What only its paper is left of was received elsewhere, whoever scanned the paper.
        "own": int(own and not dossier.recovered),
        "flags": len(dossier.unsettled) + (not dossier.readable),
        "ref": facts.sender.ref if facts.sender else None,
    }


def taken_in_here(lines: Sequence[Line]) -> bool:
    """Whether this device took a dossier in, wherever it was looked at before; of one that was
    only looked at, whether it did that."""
    received = [line for line in lines if line.entry.says.k == "dossier.received"]
    return any(line.own for line in received or lines[:1])


def _clock(dossier: Dossier) -> int | None:
    """The next promise to keep while the clock runs: of several results the first not yet there."""
    if dossier.status not in RUNNING:
        return None
    awaited = [r.due_at for r in dossier.life.results if r.delivery == "awaited"]
    return min(map(seconds, awaited), default=seconds(dossier.life.due_at))


def read_reference(connection: Connection, kind: type[Kind]) -> list[tuple[str, Kind]]:
    """Every version of one kind the offices published: (entry id, body), by key and date."""
    table = tables.references
    rows = connection.execute(
        select(table.c.id, table.c.body)
        .where(table.c.kind == NAME_OF[kind][0])
        .order_by(table.c.key, table.c.valid_from)
    )
    return [(row.id.hex(), msgspec.json.decode(row.body, type=kind)) for row in rows]


def rebuild(engine: Engine, progress: Progress | None = None) -> int:
    """Drop the screen tables and fold the whole journal again; returns entries read.

    One transaction: a rebuild that is cut off leaves the old tables as they were.
    """
    with engines.writing(engine) as connection:
        tables.drop_screen(connection)
        tables.create(connection, is_server(connection))
        total = connection.scalar(select(func.count()).select_from(tables.journal)) or 0
        done = 0
        for read, objects in _objects(connection):
            put(connection, [r for lines in objects if (r := _try_read(connection, lines))])
            done += read
            if progress is not None:
                progress(done, total)
        if not is_server(connection):
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


def disown(connection: Connection) -> None:
    """This database gets another device: what its former one wrote is somebody else's now."""
    for table in (tables.journal, tables.dossiers):
        connection.execute(update(table).where(table.c.own == 1).values(own=0))


def is_server(connection: Connection) -> bool:
    """Whether this is a district server's database: other indexes, and nothing to find by name."""
    return read_meta(connection, "role") == SERVER.encode()


def references_stamp(connection: Connection) -> bytes:
    """Changes whenever an office publishes something."""
    return read_meta(connection, "references") or b""


def read_object(lines: Sequence[Line]) -> Reading:
    """What one object's lines come to, in the order they came.

    Raises:
        msgspec.ValidationError, ValueError: a body is not of its kind's shape.
    """
    if lines[0].entry.says.k in OFFICE_KINDS:
        return Reading(references=_references(lines))
    dossier = fold(line.entry for line in lines)
    if dossier is None:
        return Reading()
    return Reading(dossier, dossier_row(dossier, lines[0].n, taken_in_here(lines)))


def _try_read(connection: Connection, lines: Sequence[Line]) -> Reading | None:
    """The same, but what cannot be read is set aside and the rest goes on."""
    try:
        return read_object(lines)
    except (msgspec.ValidationError, ValueError) as e:
        park(connection, lines[-1].entry, type(e).__name__)
        return None


def park(connection: Connection, entry: Entry, why: str) -> None:
    """Note that a stored entry could not be read into the tables."""
    _park.run(connection, {"id": bytes.fromhex(entry.id), "why": why, "at": entry.says.ts})


def put(
    connection: Connection, batch: Sequence[Reading], again: Sequence[int] | None = None
) -> None:
    """Write what was read into the tables and, where there is one, into the search index.

    ``again`` are the numbers of dossiers that may have rows already; None leaves the index to the
    caller, who makes it anew.
    """
    rows = [r.row for r in batch if r.row is not None]
    searched = again is not None and not is_server(connection)
    if searched and again:
        old = [(n, words) for n in again for (words,) in _words_of.run(connection, {"n": n})]
        _unindex.run_many(connection, [{"rowid": -n, "words": words} for n, words in old])
    _put_row.run_many(connection, rows)
    if attached := [
        {"sha": file.sha256, "n": r.row["n"], "size": file.size}
        for r in batch
        if r.row is not None and r.dossier is not None
        for file in r.dossier.files
    ]:
        _put_attached.run_many(connection, attached)
    if paid := [row for r in batch for row in _payments(r)]:
        _put_payment.run_many(connection, paid)
    if searched:
        _index.run_many(connection, [{"rowid": -r["n"], "words": r["words"]} for r in rows])
    if references := [row for r in batch for row in r.references]:
        _put_references.run_many(connection, references)
        newest = _newest.run(connection, {})[0][0]
        write_meta(connection, "references", str(newest).encode())


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


def _payments(reading: Reading) -> Iterator[dict[str, Any]]:
    """Every time money is said to have moved; a mistake keeps its row and counts for nothing."""
    if reading.dossier is None or reading.row is None:
        return
    for event in reading.dossier.history:
        if isinstance(body := event.body, FeeTaken | FeeRefunded):
            back = isinstance(body, FeeRefunded)
            yield {
                "id": bytes.fromhex(event.id),
                "n": reading.row["n"],
                "at": seconds(body.at),
                "by": body.clerk.name,
                "how": body.how,
                "amount": -body.amount if back else body.amount,
                "payment": "" if isinstance(body, FeeRefunded) else body.payment,
                "valid": int(event.id not in reading.dossier.life.annulled),
            }


def number_words(code: str) -> tuple[str, ...]:
    """A code as the search index has it, in single words: day and running number together, and
    the number alone; of the desk's own code its letters together, and what follows HD alone."""
    *_, day, number = ("", *code.rsplit("-", 2))
    if number.isdecimal():
        return day + number, number
    whole, tail = code.replace("-", ""), code.rpartition("-")[2]
    return (whole, tail) if tail != whole else (whole,)


def _papers_out(dossier: Dossier) -> int:
    """How often the receipt came out; a dossier nobody handed in at the desk needs a file only."""
    enough = (
        ("printer", "clerk") if dossier.facts.channel == "direct" else ("printer", "clerk", "file")
    )
    return sum(1 for print_ in dossier.prints if print_.form == "01" and print_.word_of in enough)


def _numbers(facts: DossierReceived, former: Sequence[str]) -> list[str]:
    """What people read out: numbers of persons, telephones, the ends of its codes."""
    people = [facts.applicant, *([facts.submitter] if facts.submitter else [])]
    numbers = [number for p in people for number in (p.id_number, p.phone) if number]
    codes = [word for code in (facts.code, *former) for word in number_words(code)]
    return [*dict.fromkeys(numbers), *dict.fromkeys(codes)]


def _references(lines: Sequence[Line]) -> list[dict[str, Any]]:
    """Of each key and date the version that counts: the last in the order of the ``par`` graph,
    the server's before any that did not see it; the same at every node, however they came."""
    place = {line.entry.id: line for line in lines}
    ordered = in_order({line.entry.id: line.entry for line in lines})
    above = ancestors(ordered)
    counts: dict[tuple[str, str, str], Entry] = {}
    rows: dict[tuple[str, str, str], dict[str, Any]] = {}
    for entry in ordered:
        says = entry.says
        body = read_body(says.k, says.kv, says.body)
        if body is None or says.k not in OFFICE_KINDS or not _may_say(body, says.dev, says.com):
            continue
        key = (says.k, *_key(body, entry.id))
        before = counts.get(key)
        server_says = before is not None and before.says.dev == SERVER != says.dev
        if before is not None and server_says and before.id not in above[entry.id]:
            continue
        counts[key] = entry
        rows[key] = {
            "kind": says.k,
            "key": key[1],
            "valid_from": key[2],
            "id": bytes.fromhex(entry.id),
            "n": place[entry.id].n,
            # The same bytes whether it comes from a form here or from a line read back.
            "body": msgspec.json.encode(body, order="deterministic"),
        }
    return list(rows.values())


def _may_say(body: Kind, device: str, commune: str) -> bool:
    """An office words its own papers, the server everybody's."""
    return not isinstance(body, TextPublished) or device == SERVER or body.office == commune


def _key(body: Kind, id: str) -> tuple[str, str]:
    """What a reference is known by, and from when; a later entry for both replaces it."""
    match body:
        case TextPublished():
            # None replaces another: a paper that was printed with it may be printed again.
            text = f"{body.office}/{body.form}/{body.form_set}/{body.text}"
            return text, f"{body.valid_from} {body.at} {id[:16]}"
        case ProcedurePublished():
            return body.code, body.valid_from
        case OfficePublished():
            return body.facts.code, body.valid_from
        case CalendarPublished():
            return str(body.year), ""
        case FormPublished():
            return f"{body.form}/{body.form_set}", body.valid_from
        case RegimePublished():
            return body.regime, body.valid_from
        case ClerkRegistered():
            return body.login, ""
        case CounterEnrolled() | CounterRevoked():
            return body.device, ""
        case _:
            raise AssertionError(body)


def seconds(moment: str) -> int:
    """A moment as the tables have it: seconds UTC."""
    return int(datetime.fromisoformat(moment).timestamp())


def block_size(connection: Connection, office: str) -> int:
    """How many numbers a block of this office spans, by its newest publication."""
    table = tables.references.c
    body = connection.scalar(
        select(table.body)
        .where(table.kind == NAME_OF[OfficePublished][0], table.key == office)
        .order_by(table.n.desc())
        .limit(1)
    )
    return msgspec.json.decode(body, type=OfficePublished).block_size if body else BLOCK_SIZE


def drawn_on(connection: Connection, day: str) -> dict[int, int]:
    """How many numbers each block has given on a day (ISO)."""
    table = tables.counters.c
    rows = connection.execute(select(table.block, table.n).where(table.day == day))
    return {row.block: row.n for row in rows}
