"""The doctor's second look: fold everything again and compare it with what the screens show."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import Connection, bindparam, select, text

from db import projection, tables
from db.dossier import Dossier
from db.engine import Prepared
from db.entry import Malformed, parse
from db.findings import Finding
from db.kinds import DossierReceived, ReceiptPrinted
from db.numbering import drawn_for
from db.projection import Line

_row = Prepared(select(tables.dossiers).where(tables.dossiers.c.n == bindparam("n")))
_due = Prepared(text("INSERT INTO temp.search_due(rowid, words) VALUES (:rowid, :words)"))
_columns = [column.name for column in tables.dossiers.c]


class Screen:
    """Reads the journal once more, by what its lines are about."""

    def __init__(self, connection: Connection, receipts: Path | None) -> None:
        self._connection = connection
        self._receipts = receipts
        self._codes: dict[str, int] = {}
        self._book: dict[tuple[str, int, str, int], int] = {}
        self._drawn: dict[tuple[int, str], int] = defaultdict(int)
        self._sizes: dict[str, int] = {}
        self._references: dict[tuple[str, str, str], dict[str, Any]] = {}
        self._rows = 0

    def examine(self, each: Callable[[], None]) -> Iterator[Finding]:
        """Every finding about tables, numbers, codes, index and receipts."""
        due = tables.SEARCH.replace("IF NOT EXISTS search", "temp.search_due")
        self._connection.exec_driver_sql(due)
        try:
            for lines in self._objects(each):
                yield from self._object(lines)
            yield from self._rest()
            yield from self._index()
        finally:
            self._connection.exec_driver_sql("DROP TABLE temp.search_due")

    def _objects(self, each: Callable[[], None]) -> Iterator[list[Line]]:
        table = tables.journal.c
        rows = self._connection.execute(
            select(table.obj, table.n, table.own, table.line).order_by(table.obj, table.n),
            execution_options={"yield_per": 1_000},
        )
        for _, group in groupby(rows, key=lambda row: bytes(row.obj)):
            lines = []
            for row in group:
                each()
                try:
                    lines.append(Line(row.n, bool(row.own), parse(bytes(row.line))))
                except Malformed:
                    continue  # found when every line was looked at by itself
            if lines:
                yield lines

    def _object(self, lines: list[Line]) -> Iterator[Finding]:
        where = f"line {lines[0].n}"
        try:
            reading = projection.read_object(lines)
        except (msgspec.ValidationError, ValueError) as fault:
            yield Finding("unreadable-object", where, type(fault).__name__, grave=False)
            return
        for reference in reading.references:
            key = (reference["kind"], reference["key"], reference["valid_from"])
            held = self._references.get(key)
            if held is None or held["n"] < reference["n"]:
                self._references[key] = reference
        if reading.dossier is not None and reading.row is not None:
            yield from self._dossier(reading.dossier, reading.row, where)
            self._remember_numbers(reading.dossier, {line.entry.id for line in lines if line.own})

    def _dossier(self, dossier: Dossier, row: dict[str, Any], where: str) -> Iterator[Finding]:
        self._rows += 1
        shown = _row.run(self._connection, {"n": row["n"]})
        if not shown:
            yield Finding("screen-row-missing", where)
        elif wrong := [c for c, v in zip(_columns, shown[0], strict=True) if v != row[c]]:
            yield Finding("screen-row-differs", where, " ".join(wrong))
        _due.run(self._connection, {"rowid": -row["n"], "words": row["words"]})
        first = self._codes.setdefault(row["code"], row["n"])
        if first != row["n"]:
            yield Finding("code-twice", where, f"as line {first}")
        if row["number"]:
            place = (dossier.facts.office.code, row["volume"], dossier.facts.received_at[:4])
            first = self._book.setdefault((*place, row["number"]), row["n"])
            if first != row["n"]:
                yield Finding("book-line-twice", where, f"as line {first}")
        if self._receipts is not None:
            yield from _receipts(dossier, self._receipts, where)

    def _remember_numbers(self, dossier: Dossier, own: set[str]) -> None:
        """What this counter itself drew for a dossier."""
        office = dossier.facts.office.code
        if office not in self._sizes:
            self._sizes[office] = projection.block_size(self._connection, office)
        for event in dossier.history:
            if event.id in own and isinstance(event.body, DossierReceived):
                for drawn in drawn_for(event.body, self._sizes[office]):
                    key = (drawn.block, drawn.day)
                    self._drawn[key] = max(self._drawn[key], drawn.n)

    def _rest(self) -> Iterator[Finding]:
        """What is in the tables beyond the dossiers that were looked at one by one."""
        shown = self._connection.scalar(text("SELECT count(*) FROM dossier")) or 0
        if shown > self._rows:
            yield Finding("screen-rows-too-many", "dossier", str(shown - self._rows))
        table = tables.references
        held = {
            (row.kind, row.key, row.valid_from): row._asdict()
            for row in self._connection.execute(select(table))
        }
        for key in sorted(held.keys() | self._references.keys()):
            if held.get(key) != self._references.get(key):
                yield Finding("reference-differs", " ".join(key))
        counted = {
            (row.block, row.day): row.n for row in self._connection.execute(select(tables.counters))
        }
        for (block, day), n in sorted(self._drawn.items()):
            if counted.get((block, day), 0) < n:
                yield Finding("number-counter-behind", f"block {block} of {day}", f"{n} drawn")
        parked = self._connection.scalar(text("SELECT count(*) FROM parked")) or 0
        if parked:
            yield Finding("parked", "parked", f"{parked} entries", grave=False)

    def _index(self) -> Iterator[Finding]:
        """The search index against one made afresh, word by word, both in one order."""
        run = self._connection.exec_driver_sql
        words = []
        for schema, name in (("main", "search"), ("temp", "search_due")):
            made = f"fts5vocab({schema}, {name}, instance)"
            run(f"CREATE VIRTUAL TABLE temp.words_{name} USING {made}")
            words.append(run(f"SELECT term, doc, offset FROM temp.words_{name}"))
        wrong = sorted({-word[1] for word in _only_one_has(*words)})
        for result in words:
            result.close()
        for name in ("search", "search_due"):
            run(f"DROP TABLE temp.words_{name}")
        for n in wrong:
            yield Finding("search-index-differs", f"line {n}")


def _only_one_has(ours: Any, theirs: Any) -> Iterator[tuple[Any, ...]]:
    """What is in one of two sorted streams only."""
    a, b = next(ours, None), next(theirs, None)
    while a is not None or b is not None:
        if a == b:
            a, b = next(ours, None), next(theirs, None)
        elif b is None or (a is not None and _order(a) < _order(b)):
            assert a is not None
            yield a
            a = next(ours, None)
        else:
            yield b
            b = next(theirs, None)


def _order(word: Any) -> tuple[bytes, int, int]:
    return (word[0].encode(), word[1], word[2])


def _receipts(dossier: Dossier, folder: Path, where: str) -> Iterator[Finding]:
    """A receipt that is still in its folder must be one of those that were recorded."""
    recorded: dict[int, set[str]] = defaultdict(set)
    for event in dossier.history:
        if isinstance(event.body, ReceiptPrinted) and event.body.pdf_sha256:
            recorded[event.body.nth].add(event.body.pdf_sha256)
    for nth, sums in recorded.items():
        name = dossier.facts.code if nth == 1 else f"{dossier.facts.code}-{nth}"
        path = folder / dossier.facts.received_at[:10] / f"{name}.pdf"
        if path.exists() and hashlib.sha256(path.read_bytes()).hexdigest() not in sums:
            yield Finding("receipt-file-differs", where, f"issue {nth}", grave=False)
