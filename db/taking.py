"""Take lines that were written elsewhere: believe, store, fold; set the rest aside with its reason.

One batch, one transaction, and no line holds up the next: what cannot be believed is kept as
evidence, what cannot be understood is stored and parked.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from itertools import islice
from typing import Any, NamedTuple

from sqlalchemy import Connection, bindparam, delete, select
from sqlalchemy import insert as sql_insert

from db import projection, tables
from db.dossier import Dossier
from db.engine import Prepared
from db.entry import Entry, Malformed, chained, id_claimed, parse, verify
from db.identity import SERVER
from db.projection import AT_A_TIME, Line, Unread
from db.tally import added, commune_scope, device_scope, read_tally, write_tallies
from db.trust import Trust, read_trust

_put_line = Prepared(sql_insert(tables.journal))
_last = Prepared(
    select(tables.journal.c.n, tables.journal.c.fh).order_by(tables.journal.c.n.desc()).limit(1)
)
_put_evidence = Prepared(tables.put(tables.evidence, keep=True))
_waiting = Prepared(
    select(tables.evidence.c.raw).where(
        tables.evidence.c.dev == bindparam("dev"), tables.evidence.c.why == "unknown-device"
    )
)

READ_AT_ONCE = 250
"""Lines whose signatures are checked together."""

Question = tuple[Entry, tuple[bytes, ...]]
Verify = Callable[[Sequence[Question]], Iterable[bool]]
"""Which of these entries were signed by one of the keys beside them. The answers are asked for
after the entries were folded: who checks in other processes does so meanwhile."""


class SetAside(NamedTuple):
    """A line that was not simply taken; ``held``: stored, but it does not fit the tables."""

    id: str
    why: str
    held: bool


class Accepted(NamedTuple):
    """What became of lines from elsewhere: ids stored, ids known before, lines set aside."""

    stored: tuple[str, ...]
    known: tuple[str, ...]
    parked: tuple[SetAside, ...]
    dossiers: tuple[Dossier, ...] = ()
    """What the stored lines come to."""


def verify_here(pairs: Sequence[Question]) -> Sequence[bool]:
    """Check signatures in this process, some 10,000 a second."""
    return [any(verify(entry, key) for key in keys) for entry, keys in pairs]


def take(
    connection: Connection,
    lines: Iterable[bytes],
    device: str,
    at: str,
    own: bool = False,
    via: str | None = None,
    check: Verify = verify_here,
) -> Accepted:
    """Take lines inside the caller's transaction. ``device`` is this node; ``at`` the moment for
    the evidence. ``own``: they come from this node's own second medium or old file."""
    batch = _Batch(connection, device, at, own, via, check)
    batch.read(lines)
    taken = batch.store()
    for enrolled in batch.enrolled:
        again = [bytes(row[0]) for row in _waiting.run(connection, {"dev": enrolled})]
        if again:
            table = tables.evidence.c
            connection.execute(
                delete(tables.evidence).where(table.dev == enrolled, table.why == "unknown-device")
            )
            more = take(connection, again, device, at, own, via, check)
            taken = Accepted(
                taken.stored + more.stored,
                taken.known + more.known,
                taken.parked + more.parked,
                taken.dossiers + more.dossiers,
            )
    return taken


class _Batch:
    def __init__(
        self,
        connection: Connection,
        device: str,
        at: str,
        own: bool,
        via: str | None,
        check: Verify,
    ) -> None:
        self.connection, self.device, self.at = connection, device, at
        self.own, self.via, self.check = own, via, check
        self.trust: Trust = read_trust(connection)
        self.known: list[str] = []
        self.good: list[Entry] = []
        self.seen: set[str] = set()
        self.asked: list[tuple[list[Question], Iterable[bool]]] = []
        self.aside: list[SetAside] = []
        self.enrolled: list[str] = []

    def read(self, lines: Iterable[bytes]) -> None:
        """Which of them are new, whole, and by somebody who may write them.

        Some at a time, so that the first are being checked while the next are read.
        """
        waiting = iter(lines)
        while some := list(islice(waiting, READ_AT_ONCE)):
            entries = self._parsed(some)
            for id_ in self._held(list(entries)):
                self.known.append(id_)
                del entries[id_]
            self._ask(list(entries.values()))

    def _parsed(self, lines: Sequence[bytes]) -> dict[str, Entry]:
        entries: dict[str, Entry] = {}
        for line in lines:
            try:
                entry = parse(line)
            except Malformed as e:
                self._evidence(line, id_claimed(line), "", str(e.facts["why"]))
                continue
            if entry.id in self.seen:
                self.known.append(entry.id)
            else:
                self.seen.add(entry.id)
                entries[entry.id] = entry
        return entries

    def _held(self, ids: Sequence[str]) -> list[str]:
        table, found = tables.journal.c.id, list[str]()
        for at in range(0, len(ids), AT_A_TIME):
            wanted = [bytes.fromhex(i) for i in ids[at : at + AT_A_TIME]]
            rows = self.connection.scalars(select(table).where(table.in_(wanted)))
            found += [bytes(row).hex() for row in rows]
        return found

    def _ask(self, entries: Sequence[Entry]) -> None:
        """Keep those by a device that may; enrolments first tell which devices those are. Whether
        it was that device is asked of the others."""
        trust, questions = self.trust, list[Question]()
        for entry in entries:
            says = entry.says
            if says.k == "counter.enrolled":
                before = set(trust.keys)
                if trust.believe(entry, self.own):
                    self.good.append(entry)
                    self.enrolled += set(trust.keys) - before
                    continue
            keys = trust.keys.get(says.dev)
            if keys is None:
                self._evidence(entry.line, entry.id, says.dev, "unknown-device")
            elif says.dev != SERVER and trust.communes.get(says.dev) != says.com:
                self._evidence(entry.line, entry.id, says.dev, "wrong-commune")
            else:
                self.good.append(entry)
                questions.append((entry, keys))
        self.asked.append((questions, self.check(questions)))

    def store(self) -> Accepted:
        """Write what is believed, fold it, and say what became of everything.

        Signatures are checked elsewhere meanwhile; if one is wrong, nothing of it was written.
        """
        with self.connection.begin_nested() as savepoint:
            dossiers, unread = self._fold()
            if wrong := self._wrong():
                savepoint.rollback()
        if wrong:
            for entry in wrong:
                self._evidence(entry.line, entry.id, entry.says.dev, "bad-signature")
            forged = {entry.id for entry in wrong}
            self.good = [entry for entry in self.good if entry.id not in forged]
            dossiers, unread = self._fold()
        self.aside += [SetAside(each.entry.id, each.why, True) for each in unread]
        stored = tuple(entry.id for entry in self.good)
        return Accepted(stored, tuple(self.known), tuple(self.aside), tuple(dossiers))

    def _fold(self) -> tuple[list[Dossier], list[Unread]]:
        lines = insert(self.connection, self.good, self.device, self.via)
        return projection.absorb(self.connection, lines)

    def _wrong(self) -> list[Entry]:
        # The last first: what other processes have not begun is checked here, while they come
        # from the other end.
        return [
            entry
            for questions, answers in reversed(self.asked)
            for (entry, _), is_right in zip(questions, answers, strict=True)
            if not is_right
        ]

    def _evidence(self, raw: bytes, id_: str, dev: str, why: str) -> None:
        self.aside.append(SetAside(id_, why, False))
        row = {"at": self.at, "via": self.via or "", "dev": dev, "why": why, "raw": raw}
        _put_evidence.run(self.connection, {"id": hashlib.sha256(raw).digest(), **row})


def insert(
    connection: Connection, entries: Sequence[Entry], device: str, via: str | None = None
) -> list[Line]:
    """Put entries at the end of the journal and of its feed, and into the sums."""
    if not entries:
        return []
    last = _last.run(connection, {})
    n, fh = (last[0][0], bytes(last[0][1])) if last else (0, bytes(32))
    scopes: dict[str, list[Entry]] = {}
    rows: list[dict[str, Any]] = []
    lines = []
    for entry in entries:
        says, id_ = entry.says, bytes.fromhex(entry.id)
        n, fh = n + 1, chained(fh, id_)
        mine = says.dev == device
        for scope in (device_scope(says.dev), commune_scope(says.com)):
            scopes.setdefault(scope, []).append(entry)
        rows.append(
            {
                "n": n,
                "id": id_,
                "obj": bytes.fromhex(says.obj),
                "own": int(mine),
                "dev": says.dev,
                "com": says.com,
                "via": via,
                "fh": fh,
                "line": entry.line,
            }
        )
        lines.append(Line(n, mine, entry))
    _put_line.run_many(connection, rows)
    write_tallies(
        connection, [added(read_tally(connection, scope), its) for scope, its in scopes.items()]
    )
    return lines
