"""Append (one command, one transaction) and accept lines from elsewhere. Nothing else writes."""

from __future__ import annotations

import secrets
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Literal, Protocol

import msgspec
from sqlalchemy import Connection, Engine, select, text, update

from db import engine as engines
from db import projection, tables
from db.dossier import Dossier
from db.engine import Prepared
from db.entry import Entry, Envelope, Malformed, seal
from db.fold import heads
from db.identity import Device
from db.kinds import NAME_OF, DossierReceived, read_body
from db.notices import compare
from db.numbering import drawn_for
from db.parts import Kind
from db.refused import Refused
from db.taking import Accepted, Verify, insert, take, verify_here
from db.tally import Tally, device_scope, read_tally

CLOCK_SLACK = timedelta(minutes=5)
CLOCK_AHEAD = timedelta(days=60)
BUILT = datetime(2026, 1, 1, tzinfo=UTC)
"""No clock is right that shows a day on which this program did not exist."""

_draw_number = Prepared(
    text(
        "INSERT INTO ctr (block, day, n) VALUES (:block, :day, 1)"
        " ON CONFLICT (block, day) DO UPDATE SET n = ctr.n + 1 RETURNING n"
    )
)
_raise_number = Prepared(
    text(
        "INSERT INTO ctr (block, day, n) VALUES (:block, :day, :n) ON CONFLICT (block, day)"
        " DO UPDATE SET n = excluded.n WHERE excluded.n > ctr.n"
    )
)


class SecondCopyFailed(Refused):
    """The second medium did not take the lines; the journal holds them."""


class SecondCopy(Protocol):
    """A second medium that takes each line after its commit."""

    def append(self, lines: Sequence[bytes]) -> None:
        """Append and sync.

        Raises:
            SecondCopyFailed: it is missing, full or faulty; never a reason to stop.
        """


@dataclass
class Saving:
    """One command being saved: draw numbers and append entries inside its transaction."""

    connection: Connection
    entries: list[Entry] = field(default_factory=list)
    _append: Callable[[Saving, bytes, Kind, str], Dossier | None] = field(repr=False, kw_only=True)

    def append(self, obj: bytes, body: Kind, com: str = "") -> Dossier | None:
        """Sign and insert one entry about ``obj`` (16 bytes) and fold it into the tables.

        ``com`` is the commune when it is not the journal's own: the server writes for each.
        Returns the dossier as it is now; None when ``obj`` is something an office publishes.

        Raises:
            Malformed: the body is not of its kind's shape, or holds what no entry may hold.
        """
        return self._append(self, obj, body, com)

    def draw(self, block: int, day: str) -> int:
        """The next number of a block on a day, or of a volume of the book in a year, from 1 up;
        never given twice."""
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
        self.now = now
        """The moment in the office's time zone."""
        self.epoch = secrets.token_hex(8)
        """64 random bits of this start."""
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

    def accept(
        self,
        lines: Iterable[bytes],
        own: bool = False,
        via: str | None = None,
        also: Callable[[Connection], None] | None = None,
        check: Verify = verify_here,
    ) -> Accepted:
        """Take lines written elsewhere, or by this device before it lost them; known ones are
        passed over, bad ones set aside, and no line holds up the next.

        ``own``: from this device's second medium or old file. ``via``: the peer that brought them.
        ``also`` is done in the same transaction. ``check`` may verify in other processes.
        """
        with engines.writing(self.engine) as connection:
            at = self.now().isoformat(timespec="seconds")
            taken = take(connection, lines, self.device.id, at, own, via, check)
            for dossier in taken.dossiers:
                _never_again(connection, dossier, self.device.id)
            compare(connection, taken.dossiers, at)
            if also is not None:
                also(connection)
        return taken

    def clock_quality(self, now: datetime | None = None) -> str:
        """``ok``, or ``unsure`` when the clock is before the newest entry or 60 days past it."""
        with engines.reading(self.engine) as connection:
            own = read_tally(connection, device_scope(self.device.id))
        return _quality(now or self.now(), own)

    def confirm_clock(self) -> None:
        """A person says the clock is right. It counts from now on, but entries of this start stay
        marked ``unsure``: nothing has proved it."""
        self._clock_confirmed = True
        with engines.writing(self.engine) as connection:
            connection.execute(
                update(tables.tallies)
                .where(tables.tallies.c.scope == device_scope(self.device.id))
                .values(last_at=self.now().isoformat(timespec="seconds"))
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

    def __call__(self, saving: Saving, obj: bytes, body: Kind, com: str) -> Dossier | None:
        journal, connection = self.journal, saving.connection
        own = read_tally(connection, device_scope(journal.device.id))
        now = journal.now()
        quality = "unsure" if journal._clock_confirmed else _quality(now, own)
        kind, version = NAME_OF[type(body)]
        plain = msgspec.to_builtins(body)
        _check_shape(kind, version, plain)
        lines = projection.lines_of(connection, obj)
        envelope = Envelope(
            v=1,
            dev=journal.device.id,
            ep=journal.epoch,
            seq=journal._seq + 1,
            prev=own.last.hex(),
            com=com or journal.commune,
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
        dossier = projection.project(
            connection, [*lines, *insert(connection, [entry], journal.device.id)]
        )
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


def _never_again(connection: Connection, dossier: Dossier, device: str) -> None:
    """A number this counter drew before it lost its database is not drawn a second time."""
    size = projection.block_size(connection, dossier.facts.office.code)
    for event in dossier.history:
        if event.dev == device and isinstance(event.body, DossierReceived):
            for drawn in drawn_for(event.body, size):
                _raise_number.run(connection, drawn._asdict())


def _quality(now: datetime, own: Tally) -> Literal["ok", "unsure"]:
    if now < BUILT:
        return "unsure"
    if not own.last_at:
        return "ok"
    last = datetime.fromisoformat(own.last_at)
    return "ok" if last - CLOCK_SLACK <= now <= last + CLOCK_AHEAD else "unsure"
