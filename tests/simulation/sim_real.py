"""A node that is both: the simulator's own, and a real journal in a real encrypted database.

Whatever a round asks is asked of both, and both must answer the same. So what holds in thousands
of simulated worlds is said of the code that is shipped.
"""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import sim_nodes
from sim_nodes import Database, Node
from sim_world import Counter, World
from sqlalchemy import Select, func, select

from db import engine as engines
from db import projection, tables
from db.doctor import examine
from db.doctor_journal import Lines
from db.entry import Entry
from db.identity import SERVER, Device, device_from
from db.journal import Journal
from db.kinds import CounterEnrolled
from db.replication.messages import Cursor, Ids, Page, Pushed
from db.replication.peers import Asker, Memory, Taken
from db.replication.store import JournalFeed, JournalStore
from db.seed import named
from db.trust import ServerFacts, write_server

AT = "2026-01-02T09:00:00+07:00"
KEY = bytes(32)
ROLE, ADDRESS = "role", "https://127.0.0.1"


def device_named(name: str) -> Device:
    """A key that goes with a name, the same in every run."""
    return device_from(hashlib.sha256(name.encode()).digest(), name)


@dataclass
class RealDatabase(Database):
    """With the file that has the same in it."""

    live: Any = None
    file: bytes = b""

    def copy(self) -> RealDatabase:
        """Both, at one moment."""
        made = super().copy()
        assert isinstance(made, RealDatabase)
        made.live, made.file = None, self.live.bytes() if self.live else self.file
        return made


class RealNode(Node):
    """Asks and answers twice, and compares."""

    database = RealDatabase
    folder: Path
    numbers = itertools.count()
    enrolments: Sequence[Entry] = ()

    def __init__(self, device: str, commune: str, epoch: str) -> None:
        self.path = self.folder / f"{next(self.numbers)}.db"
        self.device = device
        self._open()
        with engines.writing(self.engine) as connection:
            tables.create(connection, server=device == SERVER)
            projection.stamp(connection)
            if device == SERVER:
                projection.write_meta(connection, ROLE, SERVER.encode())
            write_server(connection, ServerFacts((device_named(SERVER).public_key.hex(),), ADDRESS))
        super().__init__(device, commune, epoch)
        now = datetime(2026, 11, 26, 9, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
        self.journal = Journal(self.engine, device_named(device), commune, lambda: now)
        self.take_lines([entry.line for entry in self.enrolments], None)

    @staticmethod
    def signed_by(device: str) -> Any:
        return device_named(device).sign

    # ------------------------------------------------------------ the file

    @property
    def db(self) -> RealDatabase:
        return self._db

    @db.setter
    def db(self, value: RealDatabase) -> None:
        self._db = value
        value.live = self
        if value.file:
            self.close()
            for tail in ("-wal", "-shm"):
                self.path.with_name(self.path.name + tail).unlink(missing_ok=True)
            self.path.write_bytes(value.file)
            self._open()
            self.journal.engine = self.engine

    def bytes(self) -> bytes:
        engines.checkpoint(self.engine, truncate=True)
        return self.path.read_bytes()

    def close(self) -> None:
        self.engine.dispose()

    def _open(self) -> None:
        self.engine = engines.open_engine(self.path, KEY)

    @property
    def store(self) -> JournalStore:
        return JournalStore(self.journal)

    @property
    def feed(self) -> JournalFeed:
        return JournalFeed(self.journal)

    # ------------------------------------------------------------ writing

    def append(self, *args: Any, **kwargs: Any) -> Entry:
        entry = super().append(*args, **kwargs)
        taken = self.journal.accept([entry.line], own=True)
        assert taken.stored == (entry.id,)
        return entry

    def take_lines(self, lines: Sequence[bytes], via: str | None) -> tuple[list, list, list]:
        taken = super().take_lines(lines, via)
        if via is None:
            # From the second medium: no peer, so nobody compares it elsewhere.
            real = self.journal.accept(lines, own=True)
            assert list(map(bytes.fromhex, real.stored)) == taken[0]
        return taken

    # ------------------------------------------------------------ asking

    def standing(self) -> Any:
        return _same(self.store.standing(), super().standing())

    def memory(self, peer: str) -> Memory:
        return _same(self.store.memory(peer), super().memory(peer))

    def remember(self, peer: str, memory: Memory) -> None:
        super().remember(peer, memory)
        self.store.remember(peer, memory)

    def tail(self, peer: str, after: int, until: int, limit: int) -> Any:
        return _same(
            self.store.tail(peer, after, until, limit), super().tail(peer, after, until, limit)
        )

    def ids(self, of: Any) -> Any:
        return _same(self.store.ids(of), super().ids(of))

    def lines(self, ids: Sequence[bytes]) -> Any:
        return _same(self.store.lines(ids), super().lines(ids))

    def accept(self, lines: Sequence[bytes], peer: str, memory: Memory | None) -> Taken:
        mine = super().accept(lines, peer, memory)
        real = self.store.accept(lines, peer, memory)
        _same(real.stored, mine.stored)
        _same(_unheld(real), _unheld(mine))
        return mine

    # ------------------------------------------------------------ answering

    def sums(self, asker: Asker) -> Any:
        return _same(self.feed.sums(asker), super().sums(asker))

    def ids_after(self, asker: Asker, of: Any, after: str, limit: int) -> Ids:
        limit = min(limit, 5 * sim_nodes.PAGE)
        return _same(
            self.feed.ids_after(asker, of, after, limit), super().ids_after(asker, of, after, limit)
        )

    def page(self, asker: Asker, cursors: Sequence[Cursor]) -> Page | None:
        return _same(self.feed.page(asker, cursors), super().page(asker, cursors))

    def page_below(self, asker: Asker, before: int) -> Page:
        return _same(self.feed.page_below(asker, before), super().page_below(asker, before))

    def page_of(self, asker: Asker, ids: Sequence[bytes]) -> Page:
        return _same(self.feed.page_of(asker, ids), super().page_of(asker, ids))

    def take(self, asker: Asker, lines: Sequence[bytes]) -> Pushed:
        real = self.feed.take(asker, lines)
        mine = super().take(asker, lines)
        _same((real.held, real.own, real.all), (mine.held, mine.own, mine.all))
        _same(_unheld(real), _unheld(mine))
        return mine

    # ------------------------------------------------------------ looking

    def check(self) -> None:
        """The database is whole and its tables are the fold of its journal."""
        if self.device != SERVER:
            # Twins gave one number twice: both dossiers are there, and the doctor says so.
            grave = [f for f in examine(self.journal).findings if f.grave]
            assert not [f for f in grave if f.what != "code-twice"]
        with engines.reading(self.engine) as connection:
            assert not [f for f in Lines(connection, self.device).examine(_nothing) if f.grave]
            for row in self.db.rows:
                folded = super().dossiers(row.com).get(row.obj) if row.com != "*" else None
                if folded is not None:
                    obj = bytes.fromhex(row.obj)
                    assert projection.dossier_of(connection, obj) == folded
                    assert connection.scalar(_paid(obj)) == folded.life.paid


def _paid(obj: bytes) -> Select[tuple[int]]:
    """What the table of money says of a dossier, in đồng."""
    joined = tables.payments.join(tables.dossiers, tables.dossiers.c.n == tables.payments.c.n)
    return (
        select(func.coalesce(func.sum(tables.payments.c.amount), 0))
        .select_from(joined)
        .where(tables.dossiers.c.obj == obj, tables.payments.c.valid == 1)
    )


class RealWorld(World):
    """Few counters, whose devices were enrolled before anything happened."""

    names: Iterator[str]

    def _new_counter(self, commune: str) -> Counter:
        node = self.node(next(self.names), commune, self._hex(16))
        node.db.block = self._new_block()
        return Counter(node, [])


def real_world(seed: int, folder: Path, desks: int, devices: int, **odds: Any) -> RealWorld:
    """A world of one commune on real databases in a folder."""
    names = [hashlib.sha256(b"%d %d" % (seed, n)).hexdigest()[:16] for n in range(devices)]
    writer = Node(SERVER, "*", "0" * 16)
    writer.signed_by = RealNode.signed_by  # type: ignore[method-assign]
    enrolled = [
        writer.append(
            named("enrolled", name).hex(),
            CounterEnrolled(name, device_named(name).public_key.hex(), "H1", 1, 1, 2),
            AT,
            "11700",
        )
        for name in names
    ]
    kind = type("RealNode", (RealNode,), {"folder": folder, "enrolments": enrolled})
    world = type("RealWorld", (RealWorld,), {"names": iter(names)})
    return world(seed, communes=1, desks=desks, node=kind, server=kind, **odds)


def _nothing() -> None:
    """Nobody waits for progress."""


def _same(real: Any, mine: Any) -> Any:
    plain = [
        list(x) if isinstance(x, (list, tuple)) and not hasattr(x, "_fields") else x
        for x in (real, mine)
    ]
    assert plain[0] == plain[1], (msgspec.to_builtins(real), msgspec.to_builtins(mine))
    return mine


def _unheld(taken: Taken | Pushed) -> list[str]:
    return [each.id for each in taken.not_taken if not each.held]
