"""Append (one command, one transaction) and accept lines from elsewhere. Nothing else writes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any, Literal, NamedTuple, Protocol

import msgspec
from sqlalchemy import Connection, Engine, bindparam, func, insert, select, update
from sqlalchemy.dialects.sqlite import insert as upsert

from db import engine as engines
from db import projection, tables
from db.engine import Prepared
from db.entry import Entry, Envelope, Malformed, parse, seal, verify
from db.fold import Dossier, heads
from db.identity import Device, device_id
from db.kinds import NAME_OF, CounterEnrolled, Kind, read_body
from db.numbering import drawn_for
from db.projection import Line
from db.refused import Refused

MODULUS = 2**256
CLOCK_SLACK = timedelta(minutes=5)
CLOCK_AHEAD = timedelta(days=60)
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock is right that shows a day on which this program did not exist."""

_read_tallies = Prepared(
    select(tables.tallies).where(tables.tallies.c.scope.in_([bindparam("own"), bindparam("com")]))
)
_put_tally = Prepared(insert(tables.tallies).prefix_with("OR REPLACE"))
_put_line = Prepared(insert(tables.journal))
_known = Prepared(select(tables.journal.c.n).where(tables.journal.c.id == bindparam("id")))
_draw = upsert(tables.counters).values(block=bindparam("block"), day=bindparam("day"), n=1)
_draw_number = Prepared(
    _draw.on_conflict_do_update(
        index_elements=["block", "day"], set_={"n": tables.counters.c.n + 1}
    ).returning(tables.counters.c.n)
)
_raise = upsert(tables.counters).values({k: bindparam(k) for k in ("block", "day", "n")})
_raise_number = Prepared(
    _raise.on_conflict_do_update(
        index_elements=["block", "day"],
        set_={"n": func.max(tables.counters.c.n, _raise.excluded.n)},
    )
)


class Tally(NamedTuple):
    """How many entries a scope holds, Σ of their ids, its newest id, and its newest sure moment."""

    scope: str
    n: int
    sum: bytes
    last: bytes
    last_at: str


Tallies = dict[str, Tally]


class SecondCopyFailed(Refused):
    """The second medium did not take the lines; the journal holds them."""


class SecondCopy(Protocol):
    """A second medium that takes each line after its commit."""

    def append(self, lines: Sequence[bytes]) -> None:
        """Append and sync.

        Raises:
            SecondCopyFailed: it is missing, full or faulty; never a reason to stop.
        """


class Accepted(NamedTuple):
    """What became of lines from elsewhere: ids taken, ids known, and (line id, why) set aside."""

    stored: tuple[str, ...]
    known: tuple[str, ...]
    parked: tuple[tuple[str, str], ...]


@dataclass
class Saving:
    """One command being saved: draw numbers and append entries inside its transaction."""

    connection: Connection
    entries: list[Entry] = field(default_factory=list)
    _append: Callable[[Saving, bytes, Kind], Dossier | None] = field(repr=False, kw_only=True)

    def append(self, obj: bytes, body: Kind) -> Dossier | None:
        """Sign and insert one entry about ``obj`` (16 bytes) and fold it into the tables.

        Returns the dossier as it is now; None when ``obj`` is something an office publishes.

        Raises:
            Malformed: the body is not of its kind's shape, or holds what no entry may hold.
        """
        return self._append(self, obj, body)

    def draw(self, block: int, day: str) -> int:
        """The next number of a block on a day, counted from 1; never given twice."""
        return int(_draw_number.run(self.connection, {"block": block, "day": day})[0][0])


class Journal:
    """The counter's journal. One object per running program: it owns this start's epoch."""

    def __init__(
        self,
        engine: Engine,
        device: Device,
        commune: str,
        now: Callable[[], datetime],
        second: SecondCopy | None = None,
    ) -> None:
        self.engine = engine
        self.device = device
        self.commune = commune
        self.second = second
        self._now = now
        self._epoch = secrets.token_hex(8)
        self._seq = 0
        self._one_at_a_time = threading.RLock()
        self._clock_confirmed = False

    @contextmanager
    def saving(self, by: str) -> Iterator[Saving]:
        """One command, one transaction, durable when the block ends; then the second copy.

        Raises:
            DiskFull, DiskFault, DatabaseBusy, DatabaseDamaged: nothing was saved.
        """
        # A command that fails gives its numbers of the epoch back, so no other thread may have
        # taken the next ones meanwhile.
        with self._one_at_a_time:
            seq = self._seq
            try:
                with engines.writing(self.engine) as connection:
                    saving = Saving(connection, _append=_Writer(self, by))
                    yield saving
            except BaseException:
                self._seq = seq
                raise
            self._copy([e.line for e in saving.entries])

    def accept(self, lines: Iterable[bytes], own: bool = False) -> Accepted:
        """Take lines written elsewhere, or by this device before it lost them; known ones are
        passed over, bad ones set aside, and no line holds up the next."""
        stored: list[str] = []
        known: list[str] = []
        parked: list[tuple[str, str]] = []
        with engines.writing(self.engine) as connection:
            keys = enrolled_keys(connection)
            for line in lines:
                try:
                    entry = parse(line)
                except Malformed as e:
                    parked.append(("", str(e.facts["why"])))
                    continue
                if _known.run(connection, {"id": bytes.fromhex(entry.id)}):
                    known.append(entry.id)
                    continue
                why = self._take(connection, entry, keys, own)
                if why in ("unknown-device", "bad-signature"):
                    parked.append((entry.id, why))
                    continue
                stored.append(entry.id)
                if why:
                    parked.append((entry.id, why))
        return Accepted(tuple(stored), tuple(known), tuple(parked))

    def clock_quality(self, now: datetime | None = None) -> str:
        """``ok``, or ``unsure`` when the clock is before the newest entry or 60 days past it."""
        with engines.reading(self.engine) as connection:
            own = _tallies(connection, self.commune).get("own")
        return _quality(now or self._now(), own)

    def confirm_clock(self) -> None:
        """A person says the clock is right. It counts from now on, but entries of this start stay
        marked ``unsure``: nothing has proved it."""
        self._clock_confirmed = True
        with engines.writing(self.engine) as connection:
            connection.execute(
                update(tables.tallies)
                .where(tables.tallies.c.scope == "own")
                .values(last_at=self._now().isoformat(timespec="seconds"))
            )

    def lines(self, after: int = 0, limit: int = 1_000) -> list[tuple[int, bytes]]:
        """Own and others' lines in the order they came: (n, line)."""
        table = tables.journal
        with engines.reading(self.engine) as connection:
            rows = connection.execute(
                select(table.c.n, table.c.line)
                .where(table.c.n > after)
                .order_by(table.c.n)
                .limit(limit)
            )
            return [(row.n, bytes(row.line)) for row in rows]

    def _take(self, connection: Connection, entry: Entry, keys: dict[str, bytes], own: bool) -> str:
        """Insert and project one line from elsewhere; why it is parked, or ''."""
        if entry.says.k == "counter.enrolled" and entry.says.dev not in keys:
            keys |= _self_enrolment(entry)
        key = keys.get(entry.says.dev)
        if key is None:
            return "unknown-device"
        if not verify(entry, key):
            return "bad-signature"
        mine = own and entry.says.dev == self.device.id
        lines = projection.lines_of(connection, bytes.fromhex(entry.says.obj))
        line = Line(self._insert(connection, entry, mine), mine, entry)
        try:
            with connection.begin_nested():
                dossier = projection.project(connection, [*lines, line])
                if mine and dossier is not None:
                    _never_again(connection, dossier)
        except (msgspec.ValidationError, ValueError) as e:
            projection.park(connection, entry, type(e).__name__)
            return type(e).__name__
        return ""

    def _insert(
        self, connection: Connection, entry: Entry, own: bool, tallies: Tallies | None = None
    ) -> int:
        row = {
            "id": bytes.fromhex(entry.id),
            "obj": bytes.fromhex(entry.says.obj),
            "own": int(own),
            "line": entry.line,
        }
        if tallies is None:
            tallies = _tallies(connection, entry.says.com)
        scopes = [f"com:{entry.says.com}", *(["own"] if own else [])]
        _put_tally.run_many(connection, [_added(tallies.get(s), s, entry) for s in scopes])
        return _put_line.insert(connection, row)

    def _copy(self, lines: Sequence[bytes]) -> None:
        if self.second is None or not lines:
            return
        try:
            self.second.append(lines)
        except SecondCopyFailed:
            # Never a block: the second copy catches up at its next append, and until then the
            # status line counts the dossiers that exist once only.
            return


@dataclass
class _Writer:
    """Signs entries of one command as this device, at this moment, by this person."""

    journal: Journal
    by: str

    def __call__(self, saving: Saving, obj: bytes, body: Kind) -> Dossier | None:
        journal, connection = self.journal, saving.connection
        tallies = _tallies(connection, journal.commune)
        own = tallies.get("own")
        now = journal._now()
        quality = "unsure" if journal._clock_confirmed else _quality(now, own)
        kind, version = NAME_OF[type(body)]
        plain = msgspec.to_builtins(body)
        _check_shape(kind, version, plain)
        lines = projection.lines_of(connection, obj)
        envelope = Envelope(
            v=1,
            dev=journal.device.id,
            ep=journal._epoch,
            seq=journal._seq + 1,
            prev=own.last.hex() if own else "",
            com=journal.commune,
            obj=obj.hex(),
            par=heads([line.entry for line in lines]),
            k=kind,
            kv=version,
            ts=now.isoformat(timespec="seconds"),
            ck=quality,
            by=self.by,
            body=plain,
        )
        entry = seal(envelope, journal.device.sign)
        n = journal._insert(connection, entry, own=True, tallies=tallies)
        dossier = projection.project(connection, [*lines, Line(n, True, entry)])
        journal._seq += 1
        saving.entries.append(entry)
        return dossier


def _check_shape(kind: str, version: int, plain: object) -> None:
    """What is written must be readable: limits of length are looked at when a body is read only.

    Raises:
        Malformed: it would make its dossier unreadable for ever.
    """
    try:
        read_body(kind, version, plain)
    except msgspec.ValidationError as e:
        raise Malformed(why=str(e)) from e


def _never_again(connection: Connection, dossier: Dossier) -> None:
    """A number this counter drew before it lost its database is not drawn a second time."""
    size = projection.block_size(connection, dossier.facts.office.code)
    drawn = drawn_for(dossier.facts, size)
    if drawn is not None:
        _raise_number.run(connection, drawn._asdict())


def enrolled_keys(connection: Connection) -> dict[str, bytes]:
    """Device id to public key, of every counter enrolled here."""
    bodies = projection.read_reference(connection, CounterEnrolled)
    return {
        body.device: bytes.fromhex(body.public_key)
        for _, body in bodies
        if isinstance(body, CounterEnrolled)
    }


def _self_enrolment(entry: Entry) -> dict[str, bytes]:
    """A founding counter enrols itself; its id is made from its key, so the line proves it."""
    try:
        body = msgspec.convert(entry.says.body, CounterEnrolled)
    except msgspec.ValidationError:
        return {}
    key = bytes.fromhex(body.public_key)
    return {entry.says.dev: key} if device_id(key) == body.device == entry.says.dev else {}


def _tallies(connection: Connection, commune: str) -> Tallies:
    rows = _read_tallies.run(connection, {"own": "own", "com": f"com:{commune}"})
    return {row[0]: Tally(*row) for row in rows}


def _added(row: Tally | None, scope: str, entry: Entry) -> dict[str, Any]:
    """A tally with one entry more: the sum of ids needs no order and shows any difference."""
    total = (int.from_bytes(row.sum, "big") if row else 0) + int(entry.id, 16)
    return {
        "scope": scope,
        "n": (row.n if row else 0) + 1,
        "sum": (total % MODULUS).to_bytes(32, "big"),
        "last": bytes.fromhex(entry.id),
        "last_at": entry.says.ts if row is None or entry.says.ck == "ok" else row.last_at,
    }


def _quality(now: datetime, own: Tally | None) -> Literal["ok", "unsure"]:
    if now < BUILT:
        return "unsure"
    if own is None:
        return "ok"
    last = datetime.fromisoformat(own.last_at)
    return "ok" if last - CLOCK_SLACK <= now <= last + CLOCK_AHEAD else "unsure"
