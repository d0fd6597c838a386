"""How long a dossier takes from the clerk's key to the disk, against an insert of its bytes."""

from __future__ import annotations

import statistics
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from pathlib import Path

import msgspec
from sqlalchemy import Engine, PoolProxiedConnection, select

from db import engine as engines
from db import tables
from desk_app.bench.counters import Clock, fresh
from desk_app.bench.rows import Row, seconds_of, spread
from desk_app.desk import DATABASE, Desk
from desk_app.services.demo import people, required
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receive import receive

SAVES = 1_000
REACH = 3.0
A_DAY = 480
"""Fewer than a block of numbers holds; then the bench's calendar goes on a day."""
QUIET_AFTER = 50
"""The window moves the log into the file when nobody is at the desk; so does the bench."""


def rows(data: Path, saves: int = SAVES) -> list[Row]:
    """Rules to durable commit, no spool. The floor writes the line and the row's bytes at once,
    with the same engine, key and durability, into a table without indexes."""
    clock = Clock()
    desk = fresh(data / "save", clock)
    floor = engines.open_engine(data / "save" / "floor.db", bytes(32))
    ours, least, pages = _measure(desk, floor, clock, saves)
    floor.dispose()
    desk.close()
    median, bare = statistics.median(ours), statistics.median(least)
    note = (
        f"reach {REACH} times; p50 and p99: ours {spread(ours)}, floor {spread(least)};"
        f" {pages / saves:.1f} pages a save; {(data / 'save' / DATABASE).stat().st_size:,} bytes"
    )
    return [Row("save", median * 1000, bare * 1000, median / bare, "ms", note)]


def _measure(
    desk: Desk, floor: Engine, clock: Clock, saves: int
) -> tuple[list[float], list[float], int]:
    """Seconds of ours and of the floor by turns, and the pages our commits wrote."""
    form = forms(desk)
    ours, least, pages = [], [], 0
    insert = _raw_insert(floor.raw_connection())
    for i in range(-max(1, saves // 10), saves):
        if i % A_DAY == 0:
            clock.ahead += timedelta(days=1)
        ours.append(seconds_of(receive, desk, form()))
        least.append(seconds_of(insert, *_bytes_of(desk)))
        if i % QUIET_AFTER == QUIET_AFTER - 1 or i in (-1, saves - 1):
            pages = (pages if i >= 0 else 0) + _checkpoint(desk.journal.engine)
            _checkpoint(floor)
    return ours[-saves:], least[-saves:], pages


def forms(desk: Desk) -> Callable[[], DossierForm]:
    """Forms for a certificate of marital status, each of somebody else."""
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure("1.004873", desk.now().date())
    assert procedure is not None
    papers, citizens = required(procedure.says), people(3)
    return lambda: DossierForm(
        procedure="1.004873", applicant=next(citizens), papers=papers, ticked_together=True
    )


def _raw_insert(connection: PoolProxiedConnection) -> Callable[[bytes, bytes], None]:
    raw, numbers = connection.cursor(), count(1)
    raw.execute("CREATE TABLE floor (n INTEGER PRIMARY KEY, line BLOB, row BLOB)")

    def insert(line: bytes, row: bytes) -> None:
        raw.execute("BEGIN IMMEDIATE")
        raw.execute("INSERT INTO floor VALUES (?, ?, ?)", (next(numbers), line, row))
        raw.execute("COMMIT")

    return insert


def _bytes_of(desk: Desk) -> tuple[bytes, bytes]:
    """The newest line, and the values of the newest dossier's row."""
    with desk.reading() as connection:
        line = select(tables.journal.c.line).order_by(tables.journal.c.n.desc()).limit(1)
        row = select(tables.dossiers).order_by(tables.dossiers.c.n.desc()).limit(1)
        values = connection.execute(row).one()._asdict()
        return bytes(connection.scalars(line).one()), msgspec.json.encode(values)


def _checkpoint(engine: Engine) -> int:
    """Move the log into the file; how many pages it held."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        return int(connection.exec_driver_sql("PRAGMA wal_checkpoint(PASSIVE)").one()[1])
