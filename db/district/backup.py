"""Backups of a server, each restored and proven; and a server made again from one.

A backup is an encrypted SQLite file under the server's key, of whichever database. PostgreSQL's
own dump would lie on the disk in clear, and could be proven only where a second PostgreSQL stands
ready; this one is looked through by the same doctor, and opens as a server by itself.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, delete, insert, select

from db import engine as engines
from db import projection, tables
from db.backup import BackupNotMade, Made, Proven, Source, make_backup, newest
from db.district.server import (
    DATABASE,
    KEY,
    URL,
    District,
    DistrictExists,
    declare_restored,
    engine_of,
    open_district,
    utc_now,
)
from db.district.tables import district
from db.doctor import pages
from db.doctor_journal import Lines
from db.findings import Finding
from db.identity import SERVER
from db.machine_secrets import sync_folder
from db.projection import is_current
from db.refused import Refused
from db.sealing import key_from_recovery, seal, unseal

FOLDER, NAME = "backups", "district"
PORTION = 2_000
KEPT = (*tables.kept.sorted_tables, *district.sorted_tables)


class NoBackup(Refused):
    """The file is no backup of this server; ``path``."""


class DatabaseInUse(Refused):
    """The database that was named holds a journal already; nothing was written."""


class Again(NamedTuple):
    """A server made again."""

    entries: int
    aside: str
    """Where the database it had lies now; empty when it had none."""


def back_up(server: District, folder: Path | None = None) -> Made:
    """Make a backup now, in the data folder or in another one.

    Raises:
        BackupNotMade, DatabaseBusy: what was there stays as it was.
    """
    key = unseal(server.data / KEY)
    copy = engines.copy_file if server.engine.dialect.name == "sqlite" else copy_rows
    source = Source(server.engine, key, NAME, copy, prove)
    return make_backup(source, folder or server.data / FOLDER, server.now())


def last_proven(server: District) -> Proven | None:
    """The newest backup that was restored and found whole; None when there is none."""
    return newest(server.data / FOLDER, NAME, server.now())


def prove(restored: Engine) -> Iterable[Finding]:
    """Look at every page, fold a restored copy, look at every line, signature, chain and sum."""
    with engines.reading(restored) as connection:
        yield from pages(connection)
        current = is_current(connection)
    if not current:
        projection.rebuild(restored)
    with engines.reading(restored) as connection:
        yield from Lines(connection, SERVER).examine(lambda: None)


def copy_rows(source: Engine, path: Path, key: bytes) -> None:
    """One snapshot of every kept table in a new encrypted file; it is folded when it is opened.

    Raises:
        ServerDatabaseGone, DiskFull, DiskFault: the file is not whole.
    """
    fresh = engines.open_engine(path, key)
    try:
        with engines.reading(source) as rows, engines.writing(fresh) as connection:
            tables.create(connection, server=True)
            district.create_all(connection)
            _pour(rows, connection)
        engines.checkpoint(fresh, truncate=True)
    finally:
        fresh.dispose()


def restore_district(
    data: Path,
    backup: Path,
    recovery: str = "",
    database: str = "",
    now: Callable[[], datetime] = utc_now,
) -> Again:
    """Make the server of a folder from a backup; its counters are told, and give back what it lost.

    ``recovery`` opens the backup on a new machine, in an empty folder; ``database`` is an empty
    PostgreSQL to go on with. Nothing may be running on the folder.

    Raises:
        NoBackup, BackupNotMade, RecoveryKeyWrong, DistrictExists, DatabaseInUse: nothing changed.
        KeySealedElsewhere, DiskFull, DiskFault: as above.
    """
    here = (data / KEY).exists()
    if recovery and here:
        raise DistrictExists(path=str(data))
    key = key_from_recovery(recovery) if not here else unseal(data / KEY)
    fresh = data / f"{DATABASE}.new"
    data.mkdir(parents=True, exist_ok=True)
    try:
        entries = _checked(backup, fresh, key)
        url = database or _url(data)
        if url:
            _into_postgres(fresh, key, url)
            (data / URL).write_text(url, encoding="utf-8")
            aside = ""
        else:
            aside = _swap(data / DATABASE, fresh, now())
    finally:
        _remove(fresh)
    if not here:
        seal(key, data / KEY)
    server = open_district(data)
    declare_restored(server)
    server.close()
    return Again(entries, aside)


def _checked(backup: Path, fresh: Path, key: bytes) -> int:
    """A copy of the backup, looked through once more: it may have lain for a year."""
    _remove(fresh)
    try:
        shutil.copyfile(backup, fresh)
        engine = engines.open_engine(fresh, key)
    except (OSError, engines.WrongKey) as fault:
        raise NoBackup(path=str(backup)) from fault
    try:
        with engines.reading(engine) as connection:
            if projection.read_meta(connection, "role") != SERVER.encode():
                raise NoBackup(path=str(backup))
        grave = next((found for found in prove(engine) if found.grave), None)
        if grave is not None:
            raise BackupNotMade(why="unsound", what=grave.what)
        with engines.reading(engine) as connection:
            last = select(tables.journal.c.n).order_by(tables.journal.c.n.desc()).limit(1)
            return connection.scalar(last) or 0
    except engines.DatabaseDamaged as fault:
        raise NoBackup(path=str(backup)) from fault
    finally:
        engines.checkpoint(engine, truncate=True)
        engine.dispose()


def _into_postgres(file: Path, key: bytes, url: str) -> None:
    source, target = engines.open_engine(file, key), engine_of(file.parent, key, url)
    try:
        with engines.reading(source) as rows, engines.writing(target) as connection:
            tables.create(connection, server=True)
            district.create_all(connection)
            if connection.scalar(select(tables.journal.c.n).limit(1)) is not None:
                raise DatabaseInUse()
            _pour(rows, connection)
    finally:
        source.dispose()
        target.dispose()


def _pour(source: Connection, target: Connection) -> None:
    for table in KEPT:
        rows = source.execute(select(table), execution_options={"yield_per": PORTION})
        for portion in rows.mappings().partitions(PORTION):
            target.execute(insert(table), [dict(row) for row in portion])
    # Screen tables did not come along: whoever opens it folds them first.
    target.execute(delete(tables.meta).where(tables.meta.c.k == "fold"))


def _swap(database: Path, fresh: Path, at: datetime) -> str:
    aside = database.with_name(f"{database.name}.before-{at:%Y%m%d-%H%M%S}")
    # The old log goes first: SQLite would play it into whatever file bears the name.
    for path, beside in _tails(database, aside):
        with suppress(FileNotFoundError):
            path.replace(beside)
    fresh.replace(database)
    sync_folder(database.parent)
    return str(aside) if aside.exists() else ""


def _tails(path: Path, beside: Path) -> Iterator[tuple[Path, Path]]:
    for tail in ("-wal", "-shm", ""):
        yield path.with_name(path.name + tail), beside.with_name(beside.name + tail)


def _url(data: Path) -> str:
    return (data / URL).read_text("utf-8") if (data / URL).exists() else ""


def _remove(path: Path) -> None:
    for name, _ in _tails(path, path):
        name.unlink(missing_ok=True)
