"""Nodes of a simulated world: a journal in memory that asks and answers as the real one does.

Only the store is the simulator's own. Lines are sealed and parsed by ``db.entry``, rounds are run
by ``db.replication.protocol``, dossiers are folded by ``db.fold``, as everywhere.
"""

from __future__ import annotations

import copy
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field

import msgspec
from msgspec import structs

from db.dossier import Dossier
from db.entry import Entry, Envelope, Malformed, chained, parse, seal
from db.fold import fold, heads
from db.identity import SERVER
from db.kinds import NAME_OF
from db.parts import Kind
from db.replication.messages import START, Cursor, Ids, NotTaken, Page, Pushed, Sum
from db.replication.peers import Asker, Memory, Outgoing, Standing, Taken

SHARED = "*"
PAGE = 40
"""Lines of a page here, so that a night has several."""


def sign_as(device: str):
    """A signature that costs nothing: the true ones are tested elsewhere."""
    return lambda message: hashlib.sha512(device.encode() + b"\0" + message).digest()


@dataclass
class Row:
    """A line in a journal, as the table has it."""

    n: int
    id: bytes
    obj: str
    dev: str
    com: str
    via: str | None
    fh: bytes
    line: bytes
    entry: Entry


@dataclass
class Database:
    """Everything a node has on its disk; copied whole for clones, backups and restores."""

    rows: list[Row] = field(default_factory=list)
    at: dict[bytes, int] = field(default_factory=dict)
    objects: dict[str, tuple[int, ...]] = field(default_factory=dict)
    sums: dict[str, Sum] = field(default_factory=dict)
    last: dict[str, bytes] = field(default_factory=dict)
    memories: dict[str, Memory] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)
    block: int = 0
    parked: set[bytes] = field(default_factory=set)
    lost: int = 0

    def copy(self) -> Database:
        """As it is now; rows are never changed, so they are shared."""
        made = copy.copy(self)
        made.rows, made.at, made.sums = self.rows[:], dict(self.at), dict(self.sums)
        made.objects = dict(self.objects)
        made.last, made.memories = dict(self.last), dict(self.memories)
        made.counters, made.parked = dict(self.counters), set(self.parked)
        return made


class Node:
    """A counter or the server: asks with ``peers.Store``, answers with ``peers.Feed``."""

    database = Database
    signed_by = staticmethod(sign_as)

    def __init__(self, device: str, commune: str, epoch: str) -> None:
        self.device, self.commune = device, commune
        self.db = self.database()
        self.epoch, self.seq = epoch, 0

    # ------------------------------------------------------------ writing

    def start_again(self, epoch: str) -> None:
        """The program was started anew. A sabotage keeps the epoch and counts on."""
        self.epoch, self.seq = epoch, 0

    def append(self, obj: str, body: Kind | dict[str, object], ts: str, com: str = "") -> Entry:
        """One entry of this node's own; a dict stands for a kind of tomorrow."""
        lines = self.entries_of(obj)
        kind, version = ("tomorrow.happened", 1) if isinstance(body, dict) else NAME_OF[type(body)]
        self.seq += 1
        envelope = Envelope(
            v=1,
            dev=self.device,
            ep=self.epoch,
            seq=self.seq,
            prev=self.db.last.get(self.device, b"").hex(),
            com=com or self.commune,
            obj=obj,
            par=heads(lines),
            k=kind,
            kv=version,
            ts=ts,
            ck="ok",
            by="x",
            body=msgspec.to_builtins(body),
        )
        entry = seal(envelope, self.signed_by(self.device))
        self.insert(entry, None)
        return entry

    def insert(self, entry: Entry, via: str | None) -> None:
        """At the end of the journal and into the sums."""
        db, id_ = self.db, bytes.fromhex(entry.id)
        fh = self.chained(db.rows[-1].fh if db.rows else bytes(32), id_)
        says = entry.says
        n = len(db.rows) + 1
        db.rows.append(Row(n, id_, says.obj, says.dev, says.com, via, fh, entry.line, entry))
        db.at[id_] = n
        db.objects[says.obj] = (*db.objects.get(says.obj, ()), n)
        db.last[says.dev] = id_
        for scope in (f"dev:{says.dev}", f"com:{says.com}"):
            db.sums[scope] = db.sums.get(scope, Sum()).plus([id_])

    def take_lines(self, lines: Sequence[bytes], via: str | None) -> tuple[list, list, list]:
        """Stored, known, set aside; no line holds up the next."""
        stored, known, aside = [], [], []
        for line in lines:
            try:
                entry = parse(line)
            except Malformed as e:
                aside.append(NotTaken("", str(e.facts["why"]), False))
                continue
            id_ = bytes.fromhex(entry.id)
            if entry.signature != self.signed_by(entry.says.dev)(entry.signed_bytes):
                aside.append(NotTaken(entry.id, "bad-signature", False))
            elif self.is_known(id_):
                known.append(id_)
            else:
                self.insert(entry, via)
                stored.append(id_)
                if "poison" in entry.says.body:
                    self.db.parked.add(id_)
                    aside.append(NotTaken(entry.id, "ValueError", True))
        return stored, known, aside

    def is_known(self, id_: bytes) -> bool:
        """Whether a line is here already. A sabotage forgets to ask."""
        return id_ in self.db.at

    def chained(self, fh: bytes, id_: bytes) -> bytes:
        """The hash of the feed with one entry more. A sabotage takes the id alone."""
        return chained(fh, id_)

    # ------------------------------------------------------------ peers.Store

    def standing(self) -> Standing:
        return Standing(
            len(self.db.rows), self._sum(f"dev:{self.device}"), self.sum_all(self.commune)
        )

    def memory(self, peer: str) -> Memory:
        return self.db.memories.get(peer, Memory())

    def remember(self, peer: str, memory: Memory) -> None:
        self.db.memories[peer] = memory
        if memory.lost and peer != SERVER:
            # The server hears of them too: it lends other numbers.
            server = self.db.memories.get(SERVER, Memory())
            told = structs.replace(server, lost=max(server.lost, memory.lost))
            self.db.memories[SERVER] = told

    def tail(self, peer: str, after: int, until: int, limit: int) -> list[Outgoing]:
        return [self._out(r) for r in self.db.rows[after:until] if r.via != peer][:limit]

    def ids(self, of: str) -> set[bytes]:
        return {r.id for r in self.db.rows if self._in(r, of, self.device, self.commune)}

    def lines(self, ids: Sequence[bytes]) -> list[Outgoing]:
        return sorted(self._out(self.db.rows[self.db.at[i] - 1]) for i in ids)

    def accept(self, lines: Sequence[bytes], peer: str, memory: Memory | None) -> Taken:
        stored, _, aside = self.take_lines(lines, peer)
        for id_ in stored:
            entry = self.db.rows[self.db.at[id_] - 1].entry
            if entry.says.dev == self.device and entry.says.k == "dossier.received":
                self._never_again(str(entry.says.body["code"]))
        if memory is not None:
            self.db.memories[peer] = memory
        return Taken(tuple(stored), tuple(aside))

    def _never_again(self, code: str) -> None:
        day, number = code.split("-")[-2:]
        block, n = divmod(int(number), 500)
        key = f"{block}/{day}"
        self.db.counters[key] = max(self.db.counters.get(key, 0), n)

    # ------------------------------------------------------------ peers.Feed

    def sums(self, asker: Asker) -> tuple[Sum, Sum]:
        return self._sum(f"dev:{asker.dev}"), self.sum_all(asker.com)

    def ids_after(self, asker: Asker, of: str, after: str, limit: int) -> Ids:
        mine = sorted(
            r.id
            for r in self.db.rows
            if self._in(r, of, asker.dev, asker.com) and r.id > bytes.fromhex(after)
        )
        limit = min(limit, 5 * PAGE)
        return Ids(tuple(mine[:limit]), more=len(mine) > limit)

    def page(self, asker: Asker, cursors: Sequence[Cursor]) -> Page | None:
        known = next((c for c in cursors if self.is_cursor(c)), None)
        if known is None:
            return None
        fit = [
            row
            for row in self.db.rows[known.no :]
            if row.com in (asker.com, SHARED) and row.via != asker.dev
        ]
        more = len(fit) > PAGE
        return self._page(asker, fit, more, at=fit[PAGE - 1].n if more else len(self.db.rows))

    def page_below(self, asker: Asker, before: int) -> Page:
        fit = [r for r in self.db.rows[: before - 1] if r.com in (asker.com, SHARED)][::-1]
        more = len(fit) > PAGE
        return self._page(asker, fit, more, before=fit[PAGE - 1].n if more else 0)

    def page_of(self, asker: Asker, ids: Sequence[bytes]) -> Page:
        rows = [self.db.rows[self.db.at[i] - 1] for i in ids if i in self.db.at]
        rows = [r for r in rows if r.com in (asker.com, SHARED)]
        return self._page(asker, rows, len(rows) > PAGE)

    def _page(
        self, asker: Asker, rows: Sequence[Row], more: bool, at: int = -1, before: int = 0
    ) -> Page:
        lines = tuple(r.line for r in rows[:PAGE])
        cur = self.cursor(len(self.db.rows) if at < 0 else at)
        return Page(lines, cur, self.sum_all(asker.com), more, before)

    def take(self, asker: Asker, lines: Sequence[bytes]) -> Pushed:
        stored, known, aside = self.take_lines(lines, asker.dev)
        own, all_ = self.sums(asker)
        return Pushed(Sum().plus([*stored, *known]), own, all_, tuple(aside))

    def cursor(self, at: int) -> Cursor:
        return Cursor(at, self.db.rows[at - 1].fh.hex()) if at else START

    def is_cursor(self, cursor: Cursor) -> bool:
        """Whether a cursor is of this feed. A sabotage does not look."""
        return cursor == START or (
            cursor.no <= len(self.db.rows) and self.cursor(cursor.no) == cursor
        )

    # ------------------------------------------------------------ looking

    def sum_all(self, commune: str) -> Sum:
        own, shared = self._sum(f"com:{commune}"), self._sum(f"com:{SHARED}")
        total = (int(own.sum, 16) + int(shared.sum, 16)) % 2**256
        return Sum(own.n + shared.n, f"{total:064x}")

    def entries_of(self, obj: str) -> list[Entry]:
        """Everything known here about one object, as it came."""
        return [self.db.rows[n - 1].entry for n in self.db.objects.get(obj, ())]

    def dossiers(self, commune: str) -> dict[str, Dossier | None]:
        """Every dossier of a commune, folded."""
        objects: dict[str, list[Entry]] = {}
        for row in self.db.rows:
            if row.com == commune:
                objects.setdefault(row.obj, []).append(row.entry)
        return {obj: fold(entries) for obj, entries in objects.items()}

    def _sum(self, scope: str) -> Sum:
        return self.db.sums.get(scope, Sum())

    def _out(self, row: Row) -> Outgoing:
        return Outgoing(row.n, row.id, row.dev == self.device, row.line)

    @staticmethod
    def _in(row: Row, of: str, device: str, commune: str) -> bool:
        return row.dev == device if of == "own" else row.com in (commune, SHARED)
