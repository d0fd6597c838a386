"""The doctor's first look: every line by itself, the chain of own lines, and the sums."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, select

from db import tables
from db.entry import Entry, Malformed, chained, parse, verify
from db.findings import Finding
from db.tally import MODULUS, commune_scope, device_scope
from db.trust import read_trust

Row = Any


class Lines:
    """Reads the journal once, in its order."""

    def __init__(self, connection: Connection, device: str) -> None:
        self._connection = connection
        self._device = device
        self._keys = read_trust(connection).keys
        self._sums: dict[str, list[int]] = defaultdict(lambda: [0, 0])
        self._last: dict[str, bytes] = {}
        self._fh, self._n = bytes(32), 0
        self._after: dict[str, list[str]] = defaultdict(list)
        self._numbered: dict[str, list[int]] = defaultdict(list)
        self._parents: set[bytes] = set()
        self.ids: set[bytes] = set()

    def examine(self, each: Callable[[], None]) -> Iterator[Finding]:
        """Every finding about lines, chain and sums; ``each`` is called for every line."""
        table = tables.journal
        rows = self._connection.execute(
            select(table).order_by(table.c.n), execution_options={"yield_per": 1_000}
        )
        for row in rows:
            yield from self._line(row)
            each()
        yield from self._chain()
        yield from self._tallies()
        missing = len(self._parents - self.ids)
        if missing:
            yield Finding("parents-not-here", "journal", f"{missing} entries", grave=False)

    def _line(self, row: Row) -> Iterator[Finding]:
        where = f"line {row.n}"
        self.ids.add(bytes(row.id))
        yield from self._feed(row)
        try:
            entry = parse(bytes(row.line))
        except Malformed as fault:
            yield Finding("line-damaged", where, str(fault.why))
            return
        says = entry.says
        if bytes.fromhex(entry.id) != row.id or bytes.fromhex(says.obj) != row.obj:
            yield Finding("line-misfiled", where)
        if (row.dev, row.com) != (says.dev, says.com):
            yield Finding("line-misfiled", where)
        keys = self._keys.get(says.dev)
        if keys is None:
            yield Finding("device-not-enrolled", where, says.dev)
        elif not any(verify(entry, key) for key in keys):
            yield Finding("signature-wrong", where, says.dev)
        if row.own and says.dev != self._device:
            yield Finding("not-our-own", where, says.dev)
        self._count(row, entry)

    def _feed(self, row: Row) -> Iterator[Finding]:
        """The chain over everything in its order of arrival."""
        self._fh, self._n = chained(self._fh, bytes(row.id)), self._n + 1
        if row.n != self._n or bytes(row.fh) != self._fh:
            yield Finding("feed-broken", f"line {row.n}")
            self._fh, self._n = bytes(row.fh), row.n

    def _count(self, row: Row, entry: Entry) -> None:
        says = entry.says
        for scope in (device_scope(says.dev), commune_scope(says.com)):
            total = self._sums[scope]
            total[0], total[1] = total[0] + 1, (total[1] + int(entry.id, 16)) % MODULUS
        self._parents.update(bytes.fromhex(parent) for parent in says.par)
        if says.dev == self._device:
            self._after[says.prev].append(entry.id)
            self._numbered[says.ep].append(says.seq)
        self._last[device_scope(says.dev)] = bytes(row.id)

    def _chain(self) -> Iterator[Finding]:
        """Holes and forks of this device's own entries."""
        for before, entries in self._after.items():
            if before and bytes.fromhex(before) not in self.ids:
                yield Finding("chain-broken", f"entry {entries[0][:16]}", before[:16])
            if len(entries) > 1:
                also = " ".join(entry[:16] for entry in entries)
                yield Finding("fork", f"entry {before[:16] or 'none'}", also, grave=False)
        for epoch, numbers in self._numbered.items():
            missing = set(range(1, max(numbers) + 1)) - set(numbers)
            if missing:
                yield Finding("numbers-missing", f"epoch {epoch}", _spans(sorted(missing)))
            if len(set(numbers)) < len(numbers):
                twice = len(numbers) - len(set(numbers))
                yield Finding("numbers-twice", f"epoch {epoch}", str(twice), grave=False)

    def _tallies(self) -> Iterator[Finding]:
        kept = {row.scope: row for row in self._connection.execute(select(tables.tallies))}
        for scope in sorted(kept.keys() | self._sums.keys()):
            count, total = self._sums.get(scope, (0, 0))
            row = kept.get(scope)
            if row is None or row.n != count or row.sum != total.to_bytes(32, "big"):
                yield Finding("sum-wrong", scope.split(":")[0], f"{count} entries")
        own = device_scope(self._device)
        if own in kept and bytes(kept[own].last) != self._last.get(own):
            yield Finding("newest-wrong", "own")


def _spans(numbers: list[int]) -> str:
    """``3 7–9``: the missing numbers as a person would write them."""
    spans: list[list[int]] = []
    for number in numbers:
        if spans and spans[-1][1] == number - 1:
            spans[-1][1] = number
        else:
            spans.append([number, number])
    shown = [str(a) if a == b else f"{a}–{b}" for a, b in spans[:20]]
    return " ".join([*shown, *(["…"] if len(spans) > 20 else [])])
