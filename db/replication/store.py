"""The journal as the protocol wants it: to ask with, and to answer from."""

from __future__ import annotations

import time
from collections.abc import Collection, Sequence
from typing import Any

import msgspec
from msgspec import structs
from sqlalchemy import ColumnElement, Connection, or_, select

from db import engine as engines
from db import tables
from db.engine import Prepared
from db.entry import SHARED, id_claimed
from db.identity import SERVER
from db.journal import Journal
from db.projection import AT_A_TIME
from db.replication.messages import (
    PAGE_BYTES,
    PAGE_LINES,
    START,
    Cursor,
    Ids,
    NotTaken,
    Page,
    Pushed,
    Sum,
)
from db.replication.peers import Asker, Memory, Outgoing, Standing, Taken
from db.taking import Accepted, Verify, verify_here
from db.tally import Tally, commune_scope, device_scope, read_tally

AT_ONCE = 200
"""Lines a counter takes in one transaction: a clerk's save waits for no more."""
PAUSE = 0.005
"""Seconds between two of them, in which a waiting save gets its turn."""

_journal = tables.journal.c
_row = (_journal.n, _journal.id, _journal.line)
_put_peer = Prepared(tables.put(tables.peers))
_put_quarantine = Prepared(tables.put(tables.quarantine, keep=True))
_put_notice = Prepared(tables.put(tables.notices, keep=True))


class JournalStore:
    """The asking side: ``peers.Store`` over a counter's journal."""

    def __init__(self, journal: Journal, check: Verify = verify_here) -> None:
        self._journal = journal
        self._engine = journal.engine
        self._check = check
        self.taken: list[Accepted] = []
        """What each page came to, for who wants to show it."""

    def standing(self) -> Standing:
        """How the journal stands now."""
        with engines.reading(self._engine) as connection:
            newest = connection.scalar(select(_journal.n).order_by(_journal.n.desc()).limit(1))
            own = _sum(connection, device_scope(self._journal.device.id))
            return Standing(newest or 0, own, _sum_all(connection, self._journal.commune))

    def memory(self, peer: str) -> Memory:
        """What is remembered of a peer; of a stranger, nothing."""
        with engines.reading(self._engine) as connection:
            return read_memory(connection, peer)

    def remember(self, peer: str, memory: Memory) -> None:
        """Keep it, durably.

        Own entries that came back from a sibling are also kept for the server: it lends other
        numbers to a counter that lost some, and hears of it from this counter only.
        """
        with engines.writing(self._engine) as connection:
            write_memory(connection, peer, memory)
            if memory.lost and peer != SERVER:
                server = read_memory(connection, SERVER)
                told = structs.replace(server, lost=max(server.lost, memory.lost))
                write_memory(connection, SERVER, told)

    def tail(self, peer: str, after: int, until: int, limit: int) -> Sequence[Outgoing]:
        """Lines in ``(after, until]`` that did not come from this peer, in order."""
        wanted = (
            select(*_row, _journal.dev)
            .where(_journal.n > after, _journal.n <= until, _not_via(peer))
            .order_by(_journal.n)
            .limit(limit)
        )
        return self._outgoing(wanted)

    def ids(self, of: str) -> Collection[bytes]:
        """Every id held, ``own`` or ``all``."""
        with engines.reading(self._engine) as connection:
            rows = connection.scalars(select(_journal.id).where(self._scope(of)))
            return {bytes(row) for row in rows}

    def lines(self, ids: Sequence[bytes]) -> Sequence[Outgoing]:
        """The lines with these ids, in the order they came."""
        found: list[Outgoing] = []
        for at in range(0, len(ids), AT_A_TIME):
            wanted = select(*_row, _journal.dev).where(_journal.id.in_(ids[at : at + AT_A_TIME]))
            found += self._outgoing(wanted)
        return sorted(found)

    def accept(self, lines: Sequence[bytes], peer: str, memory: Memory | None) -> Taken:
        """Store and fold a few at a time, and the memory with the last of them."""
        stored: list[bytes] = []
        aside: list[NotTaken] = []
        parts = [lines[at : at + AT_ONCE] for at in range(0, len(lines), AT_ONCE)] or [()]
        for part in parts:
            last = part is parts[-1]

            def also(connection: Connection, last: bool = last) -> None:
                if last and memory is not None:
                    write_memory(connection, peer, memory)

            taken = self._journal.accept(part, via=peer, also=also, check=self._check)
            self.taken.append(taken)
            stored += map(bytes.fromhex, taken.stored)
            aside += (NotTaken(*each) for each in taken.parked)
            if not last:
                time.sleep(PAUSE)
        return Taken(tuple(stored), tuple(aside))

    def _scope(self, of: str) -> ColumnElement[bool]:
        if of == "own":
            return _journal.dev == self._journal.device.id
        return _journal.com.in_([self._journal.commune, SHARED])

    def _outgoing(self, wanted: Any) -> list[Outgoing]:
        device = self._journal.device.id
        with engines.reading(self._engine) as connection:
            return [
                Outgoing(row.n, bytes(row.id), row.dev == device, bytes(row.line))
                for row in connection.execute(wanted).all()
            ]


class JournalFeed:
    """The answering side: ``peers.Feed`` over any node's journal."""

    def __init__(
        self, journal: Journal, check: Verify = verify_here, at_once: int = PAGE_LINES
    ) -> None:
        """``at_once``: how many lines are taken in one transaction."""
        self._journal = journal
        self._engine = journal.engine
        self._check = check
        self._at_once = at_once

    def sums(self, asker: Asker) -> tuple[Sum, Sum]:
        """What is held of the asker's own, and of its commune with the shared."""
        with engines.reading(self._engine) as connection:
            return _sum(connection, device_scope(asker.dev)), _sum_all(connection, asker.com)

    def ids_after(self, asker: Asker, of: str, after: str, limit: int) -> Ids:
        """Ids in ascending order."""
        scope = _journal.dev == asker.dev if of == "own" else _com(asker)
        wanted = select(_journal.id).where(scope, _journal.id > bytes.fromhex(after))
        with engines.reading(self._engine) as connection:
            rows = connection.scalars(wanted.order_by(_journal.id).limit(limit + 1)).all()
        return Ids(tuple(map(bytes, rows[:limit])), more=len(rows) > limit)

    def page(self, asker: Asker, cursors: Sequence[Cursor]) -> Page | None:
        """The page after the first cursor that is of this feed; None when none is."""
        with engines.reading(self._engine) as connection:
            known = next((c for c in cursors if self._is_mine(connection, c)), None)
            if known is None:
                return None
            rows, more = _fitting(
                connection.execute(
                    select(*_row)
                    .where(_journal.n > known.no, _com(asker), _not_via(asker.dev))
                    .order_by(_journal.n)
                    .limit(PAGE_LINES + 1)
                )
            )
            end = _cursor(connection, rows[-1].n if more else None)
            all_ = _sum_all(connection, asker.com)
            return Page(tuple(bytes(row.line) for row in rows), end or START, all_, more)

    def page_below(self, asker: Asker, before: int) -> Page:
        """Lines below a place, the newest first; ``before`` of the page is where it stopped."""
        with engines.reading(self._engine) as connection:
            rows, more = _fitting(
                connection.execute(
                    select(*_row)
                    .where(_journal.n < before, _com(asker))
                    .order_by(_journal.n.desc())
                    .limit(PAGE_LINES + 1)
                )
            )
            low = rows[-1].n if more else 0
            end, all_ = _cursor(connection, None), _sum_all(connection, asker.com)
            lines = tuple(bytes(row.line) for row in rows)
            return Page(lines, end or START, all_, more, before=low)

    def page_of(self, asker: Asker, ids: Sequence[bytes]) -> Page:
        """The lines with these ids, as many as fit, in the order asked for."""
        found: dict[bytes, Any] = {}
        with engines.reading(self._engine) as connection:
            for at in range(0, len(ids), AT_A_TIME):
                wanted = _journal.id.in_(ids[at : at + AT_A_TIME])
                for row in connection.execute(select(*_row).where(wanted, _com(asker))):
                    found[bytes(row.id)] = row
            rows, more = _fitting(found[i] for i in ids if i in found)
            end, all_ = _cursor(connection, None), _sum_all(connection, asker.com)
        return Page(tuple(bytes(row.line) for row in rows), end or START, all_, more)

    def take(self, asker: Asker, lines: Sequence[bytes]) -> Pushed:
        """Store what can be stored, fold what can be folded, set the rest aside; never refuse."""
        if asker.revoked:
            return self._set_apart(asker, lines)
        sent, held, aside = set(map(id_claimed, lines)), set[str](), list[NotTaken]()
        for at in range(0, len(lines), self._at_once):
            if at:
                time.sleep(PAUSE)
            part = lines[at : at + self._at_once]
            taken = self._journal.accept(part, via=asker.dev, check=self._check)
            # An enrolment lets in what waited for it: in an earlier part, or from another day.
            held |= sent.intersection((*taken.stored, *taken.known))
            aside += (NotTaken(*each) for each in taken.parked)
        own, all_ = self.sums(asker)
        outside = tuple(each for each in aside if each.held or each.id not in held)
        return Pushed(Sum().plus(map(bytes.fromhex, held)), own, all_, outside)

    def _set_apart(self, asker: Asker, lines: Sequence[bytes]) -> Pushed:
        """What a revoked device sends waits for a person; it is durable all the same."""
        at = self._journal.now().isoformat(timespec="seconds")
        known = {"at": at, "via": asker.dev, "dev": asker.dev}
        claimed = [(bytes.fromhex(i), line) for line in lines if (i := id_claimed(line))]
        rows = [{"id": id_, "line": line, **known} for id_, line in claimed]
        with engines.writing(self._engine) as connection:
            _put_quarantine.run_many(connection, rows)
        own, all_ = self.sums(asker)
        return Pushed(Sum().plus(id_ for id_, _ in claimed), own, all_, quarantined=True)

    def _is_mine(self, connection: Connection, cursor: Cursor) -> bool:
        return cursor == START or cursor == _cursor(connection, cursor.no)


def read_memory(connection: Connection, peer: str) -> Memory:
    """What is remembered of a peer."""
    stored = connection.scalar(select(tables.peers.c.memory).where(tables.peers.c.name == peer))
    return Memory() if stored is None else msgspec.json.decode(stored, type=Memory)


def write_memory(connection: Connection, peer: str, memory: Memory) -> None:
    """Keep it, and how the last round ended as it was."""
    seen = connection.scalar(select(tables.peers.c.seen).where(tables.peers.c.name == peer))
    row = {"name": peer, "memory": msgspec.json.encode(memory), "seen": seen}
    _put_peer.run(connection, row)


def _com(asker: Asker) -> ColumnElement[bool]:
    return _journal.com.in_([asker.com, SHARED])


def _not_via(peer: str) -> ColumnElement[bool]:
    return or_(_journal.via.is_(None), _journal.via != peer)


def _cursor(connection: Connection, no: int | None) -> Cursor | None:
    """The feed at a place; without one, at its end."""
    wanted = select(_journal.n, _journal.fh).order_by(_journal.n.desc()).limit(1)
    row = connection.execute(wanted if no is None else wanted.where(_journal.n == no)).first()
    return None if row is None else Cursor(row.n, bytes(row.fh).hex())


def _fitting(rows: Any) -> tuple[list[Any], bool]:
    """As many rows as one body carries, and whether there are more; at least one."""
    fit: list[Any] = []
    room = PAGE_BYTES
    for row in rows:
        room -= len(row.line)
        if len(fit) == PAGE_LINES or (room < 0 and fit):
            return fit, True
        fit.append(row)
    return fit, False


def _sum(connection: Connection, scope: str) -> Sum:
    return _as_sum(read_tally(connection, scope))


def _sum_all(connection: Connection, commune: str) -> Sum:
    """What a commune has, and what every commune has."""
    own, shared = (read_tally(connection, commune_scope(c)) for c in (commune, SHARED))
    together = int.from_bytes(own.sum, "big") + int.from_bytes(shared.sum, "big")
    return Sum(own.n + shared.n, f"{together % 2**256:064x}")


def _as_sum(tally: Tally) -> Sum:
    return Sum(tally.n, bytes(tally.sum).hex())
