"""Make a counter's database again, from its spool, what the old file still gives, and a backup."""

from __future__ import annotations

import errno
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Engine, select

from db import engine as engines
from db import fingerprint, projection, tables, trust
from db.engine import DatabaseDamaged, DiskFault, DiskFull, WrongKey
from db.identity import device_from, new_device
from db.journal import Journal
from db.kinds import CounterEnrolled
from db.machine_secrets import sync_folder
from db.refused import Refused
from db.seed import named
from db.spool import Spool, heal

DEVICE = "device"
CARRIED = (trust.META, "machine", fingerprint.META)
"""Who the server is, whose lines nobody would believe otherwise; the keys this machine was enrolled
with; and by what it is known again."""
NEW, READING, BACKUP = ".new", ".reading", ".backup"
PORTION = 500
SHORTEST = 400
"""Bytes a line has at least, so that a file of some size cannot hold more than so many."""
APART = 100
"""How far on the volume of a repaired counter is: a server lends the lowest that are free."""
GIVE_UP = 20
"""Portions in a row without one readable line: more than hang on any one page of the tree."""


class NothingToRestoreFrom(Refused):
    """Neither a spool under this key nor a readable line of the old file. Fact: ``path``."""


class Restored(NamedTuple):
    """What a restored database was made of."""

    entries: int
    from_spool: int
    from_old_file: int
    from_backup: int
    """Lines that only the newest backup still had."""
    same_device: bool
    """Whether the counter still signs with its own key; otherwise it was enrolled anew."""
    aside: Path
    """Where the damaged file lies now."""


def restore(
    database: Path,
    key: bytes,
    spools: Path | None,
    commune: str,
    now: Callable[[], datetime],
    backup: Path | None = None,
) -> Restored:
    """Put a new database in the place of a damaged one, which is kept beside it.

    Every spool in the folder that this key opens is read, then every line the old file still
    gives, then the ``backup``. The counter goes on in its other number block: what was saved last
    may be on no copy, and its numbers are on paper in somebody's hand.

    Raises:
        NothingToRestoreFrom: no line was found; the old file stays where it is.
        DiskFull, DiskFault: the new database could not be written; the old one stays.
    """
    fresh = database.with_name(database.name + NEW)
    _remove(fresh)
    try:
        return _restored(database, fresh, key, spools, commune, now, backup)
    except OSError as fault:
        raise (DiskFull() if fault.errno == errno.ENOSPC else DiskFault()) from fault
    finally:
        _remove(fresh)
        _remove(database.with_name(database.name + READING))
        _remove(database.with_name(database.name + READING + BACKUP))


def _restored(
    database: Path,
    fresh: Path,
    key: bytes,
    spools: Path | None,
    commune: str,
    now: Callable[[], datetime],
    backup: Path | None,
) -> Restored:
    beside = database.with_name(database.name + READING)
    old = _old(database, key, beside)
    kept = _kept(backup, key, beside.with_name(beside.name + BACKUP))
    carried = {**kept.carried, **old.carried}
    private = carried.pop(DEVICE, None)
    device = device_from(private) if private is not None else new_device()
    engine = engines.open_engine(fresh, key)
    with engines.writing(engine) as connection:
        tables.create(connection)
        projection.stamp(connection)
        projection.write_meta(connection, DEVICE, device.private_bytes())
        for name, value in carried.items():
            projection.write_meta(connection, name, value)
    journal = Journal(engine, device, commune, now)
    from_spool, refused = _from_spools(journal, spools, key, database)
    from_old = sum(len(journal.accept(lines, own=True).stored) for lines in old.lines)
    if refused and from_old:
        # The old file may hold what a line of the spool needs before it can be believed.
        from_spool += _from_spools(journal, spools, key, database)[0]
    # Last, since it is the oldest; and a backup, unlike a spool, has every device's enrolment.
    from_backup = sum(len(journal.accept(lines, own=True).stored) for lines in kept.lines)
    if refused and from_backup:
        from_spool += _from_spools(journal, spools, key, database)[0]
    if not from_spool + from_old + from_backup:
        engine.dispose()
        raise NothingToRestoreFrom(path=str(spools or ""))
    _enrol(journal)
    engines.checkpoint(engine, truncate=True)
    engine.dispose()
    aside = _swap(database, fresh, now())
    entries = from_spool + from_old + from_backup + 1
    same = private is not None
    return Restored(entries, from_spool, from_old, from_backup, same, aside)


def _from_spools(
    journal: Journal, folder: Path | None, key: bytes, database: Path
) -> tuple[int, int]:
    """Lines taken from every spool of the folder, and lines not believed."""
    taken = refused = 0
    for path in sorted(folder.glob("*.spool")) if folder is not None else ():
        spool = Spool(path.parent, path.stem, key, beside=database)
        healed = heal(journal, spool, whole=True)
        taken, refused = taken + healed.recovered, refused + healed.refused
    return taken, refused


class _Old(NamedTuple):
    """What a damaged file still gives."""

    carried: dict[str, bytes]
    """Of what is kept beside the journal, that which no line of it says."""
    lines: Iterator[list[bytes]]


def _kept(backup: Path | None, key: bytes, copy: Path) -> _Old:
    return _Old({}, iter(())) if backup is None else _old(backup, key, copy)


def _old(database: Path, key: bytes, copy: Path) -> _Old:
    if not database.exists():
        return _Old({}, iter(()))
    # Opening a database plays its log into it. What was found is kept as it was found, so what
    # is read is a copy.
    size = 0
    for tail in ("", "-wal"):
        if (found := database.with_name(database.name + tail)).exists():
            shutil.copyfile(found, copy.with_name(copy.name + tail))
            size += found.stat().st_size
    try:
        engine = engines.open_engine(copy, key)
    except (WrongKey, DatabaseDamaged, DiskFault):
        return _Old({}, iter(()))
    carried = dict[str, bytes]()
    for name in (DEVICE, *CARRIED):
        with suppress(DatabaseDamaged, DiskFault), engines.reading(engine) as connection:
            stored = projection.read_meta(connection, name)
            if stored is not None:
                carried[name] = stored
    return _Old(carried, _readable(engine, size // SHORTEST))


def _readable(engine: Engine, at_most: int) -> Iterator[list[bytes]]:
    """Every line that can still be read, one page's damage costing no more than its lines."""
    after = unreadable = 0
    while unreadable < GIVE_UP and after <= at_most:
        lines = _between(engine, after, after + PORTION)
        if lines is None:
            found = [_between(engine, n, n + 1) or [] for n in range(after, after + PORTION)]
            lines = [line for each in found for line in each]
        elif not lines and not _between(engine, after, sys.maxsize):
            break
        yield lines
        after += PORTION
        unreadable = 0 if lines else unreadable + 1
    engine.dispose()


def _between(engine: Engine, after: int, to: int) -> list[bytes] | None:
    """Some lines, or None where a page of them is damaged."""
    table = tables.journal.c
    wanted = select(table.line).where(table.n > after, table.n <= to).order_by(table.n)
    try:
        with engines.reading(engine) as connection:
            return [bytes(line) for line in connection.scalars(wanted.limit(PORTION))]
    except (DatabaseDamaged, DiskFault):
        return None


def _enrol(journal: Journal) -> None:
    """This device in the number blocks of the counter it was, the other one first, and in another
    volume of the book: nobody may be asked here which numbers are on paper already."""
    with engines.reading(journal.engine) as connection:
        known = [
            body
            for _, body in projection.read_reference(connection, CounterEnrolled)
            if isinstance(body, CounterEnrolled)
        ]
    before = next((c for c in known if c.device == journal.device.id), known[0])
    again = msgspec.structs.replace(
        before,
        device=journal.device.id,
        public_key=journal.device.public_key.hex(),
        active_block=before.reserve_block,
        reserve_block=before.active_block,
        volume=(before.volume or before.number) + APART,
    )
    with journal.saving(by="restore") as saving:
        saving.append(named("counter", journal.device.id), again)


def _swap(database: Path, fresh: Path, at: datetime) -> Path:
    """The new file in the place of the old one. The old log goes first: SQLite would play it
    into whatever file bears the name."""
    aside = database.with_name(f"{database.name}.damaged-{at:%Y%m%d-%H%M%S}")
    for tail in ("-wal", "-shm"):
        log = database.with_name(database.name + tail)
        if log.exists():
            log.replace(aside.with_name(aside.name + tail))
    if database.exists():
        # A second name costs no room; where the file system has none, a copy does.
        try:
            os.link(database, aside)
        except OSError:
            shutil.copyfile(database, aside)
    os.replace(fresh, database)
    sync_folder(database.parent)
    return aside


def _remove(fresh: Path) -> None:
    for tail in ("", "-wal", "-shm"):
        fresh.with_name(fresh.name + tail).unlink(missing_ok=True)
