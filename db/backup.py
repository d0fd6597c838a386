"""Copies of a database that count only after they were restored and looked through.

A copy gets its name last: whatever bears one was restored into a scratch file of its own and every
line of it examined. So the day of the last proven restore is read from the folder, not from a note
that might outlive what it speaks of.
"""

from __future__ import annotations

import errno
import os
import secrets
import shutil
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import Connection, Engine, select

from db import engine as engines
from db.engine import DatabaseBusy, DatabaseDamaged, DiskFault, DiskFull, WrongKey
from db.findings import Finding
from db.machine_secrets import sync_folder
from db.refused import Refused
from db.tables import journal

KEEP_FREE = 500_000_000
"""Bytes a backup leaves free on the disk: the clerk's next dossier comes first."""
SHARE = 4
"""Backups take a quarter at most of what they and the free room come to."""
LEAST = 2
"""So many stay whatever the room."""
DAYS, WEEKS, MONTHS = 7, 4, 12
STALE = 86_400
"""Seconds after which what a killed backup left is swept away."""
ABSENT = frozenset({"chain-broken", "numbers-missing"})
"""Entries the database itself has lost: no fault of the copy, which holds all there is."""
_STAMP = "%Y%m%d-%H%M%S"


class BackupNotMade(Refused):
    """There is no new backup; those before it are as they were.

    ``why`` is ``room`` (``need`` and ``free`` in MB), ``disk``, or ``unsound`` (``what``: the first
    thing found in the restored copy).
    """


class Source(NamedTuple):
    """What is backed up, and how a restored copy of it is looked through."""

    engine: Engine
    key: bytes
    name: str
    """What its files are called by."""
    copy: Callable[[Engine, Path, bytes], None]
    """Writes one snapshot of it into a new encrypted file."""
    prove: Callable[[Engine], Iterable[Finding]]
    """Everything a restored copy of it shows."""


class Proven(NamedTuple):
    """A backup that was restored once, and when it was made."""

    path: Path
    at: datetime
    bytes: int


class Made(NamedTuple):
    """A new one."""

    proven: Proven
    entries: int
    absent: tuple[Finding, ...]
    """What the database itself lacks."""
    removed: int
    """Older ones that gave way."""


def make_backup(source: Source, folder: Path, at: datetime, keep_free: int = KEEP_FREE) -> Made:
    """Copy, restore the copy into a scratch file, look through it; only then older ones give way.

    Raises:
        BackupNotMade: nothing has changed.
        DatabaseBusy: another program holds the database.
    """
    mark = secrets.token_hex(4)
    making, scratch = folder / f"making-{mark}.tmp", folder / f"scratch-{mark}.tmp"
    final = folder / f"{source.name}-{at.strftime(_STAMP)}.db"
    try:
        with _told(folder):
            folder.mkdir(parents=True, exist_ok=True)
            _sweep(folder)
            _make_sure_of_room(source.engine, folder, keep_free)
            source.copy(source.engine, making, source.key)
            _to_the_disk(making)
            shutil.copyfile(making, scratch)
            entries, absent = _proof(source, scratch)
            making.replace(final)
            sync_folder(folder)
    finally:
        for path in (making, scratch):
            _remove(path)
    proven = Proven(final, at, final.stat().st_size)
    return Made(proven, entries, absent, _thin(folder, source.name, proven))


def backups(folder: Path, name: str, at: datetime) -> list[Proven]:
    """Every proven backup of this name, the oldest first; their times in the zone of ``at``."""
    found = []
    with suppress(OSError):
        for path in folder.glob(f"{name}-*.db"):
            with suppress(ValueError, OSError):
                made = datetime.strptime(path.stem.removeprefix(f"{name}-"), _STAMP)
                found.append(Proven(path, made.replace(tzinfo=at.tzinfo), path.stat().st_size))
    return sorted(found, key=lambda proven: proven.at)


def newest(folder: Path, name: str, now: datetime) -> Proven | None:
    """The last proven one. What a wrong clock dated days ahead is not believed to be newest."""
    said = [p for p in backups(folder, name, now) if p.at <= now + timedelta(days=1)]
    return said[-1] if said else None


def worth_keeping(moments: Iterable[datetime]) -> set[datetime]:
    """The newest of each of the last 7 days, 4 weeks and 12 months that have any."""
    ordered = sorted(moments, reverse=True)
    kept = set(ordered[:LEAST])
    # Day, ISO week, month: each is named by its beginning.
    for most, span in ((DAYS, "%Y-%m-%d"), (WEEKS, "%G-%V"), (MONTHS, "%Y-%m")):
        seen: dict[str, datetime] = {}
        for moment in ordered:
            seen.setdefault(moment.strftime(span), moment)
        kept |= set(list(seen.values())[:most])
    return kept


def _thin(folder: Path, name: str, made: Proven) -> int:
    """Let older ones give way, by their age and then by room; how many did."""
    found = backups(folder, name, made.at)
    worth = worth_keeping(p.at for p in found) | {made.at}
    stay = [p for p in found if p.at in worth]
    held = sum(p.bytes for p in stay)
    limit = (held + shutil.disk_usage(folder).free) // SHARE
    while held > limit and len(stay) > LEAST:
        oldest = next(p for p in stay if p != made)
        stay.remove(oldest)
        held -= oldest.bytes
    removed = [p for p in found if p not in stay]
    for proven in removed:
        with suppress(OSError):
            proven.path.unlink()
    return len(removed)


def _proof(source: Source, scratch: Path) -> tuple[int, tuple[Finding, ...]]:
    try:
        restored = engines.open_engine(scratch, source.key)
        try:
            found = list(source.prove(restored))
            with engines.reading(restored) as connection:
                n, fh = _feed_end(connection)
        finally:
            restored.dispose()
    except (DatabaseDamaged, WrongKey) as fault:
        raise BackupNotMade(why="unsound", what=type(fault).__name__) from fault
    for finding in found:
        if finding.grave and finding.what not in ABSENT:
            raise BackupNotMade(why="unsound", what=finding.what)
    with engines.reading(source.engine) as connection:
        same = connection.scalar(select(journal.c.fh).where(journal.c.n == n))
    # Sound by itself is not enough: it must be this database's own history up to there.
    if bytes(same or b"") != fh:
        raise BackupNotMade(why="unsound", what="feed-differs")
    return n, tuple(finding for finding in found if finding.what in ABSENT)


def _feed_end(connection: Connection) -> tuple[int, bytes]:
    wanted = select(journal.c.n, journal.c.fh).order_by(journal.c.n.desc()).limit(1)
    row = connection.execute(wanted).first()
    return (row.n, bytes(row.fh)) if row else (0, b"")


def _make_sure_of_room(engine: Engine, folder: Path, keep_free: int) -> None:
    """Room for the copy and for the scratch file beside it."""
    need, free = 2 * engines.size_of(engine) + keep_free, shutil.disk_usage(folder).free
    if need > free:
        raise BackupNotMade(why="room", need=-(-need // 1_000_000), free=free // 1_000_000)


def _to_the_disk(path: Path) -> None:
    """Synced, and out of the system's memory where it can be asked to: the scratch file is to be
    made of what the disk holds."""
    with path.open("rb") as file:
        if os.name == "posix":
            os.fsync(file.fileno())
        if hasattr(os, "posix_fadvise"):
            os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


@contextmanager
def _told(folder: Path) -> Iterator[None]:
    """Turns what the disk does into a refusal."""
    try:
        yield
    except DatabaseBusy:
        raise
    except (OSError, DiskFull, DiskFault, DatabaseDamaged) as fault:
        full = isinstance(fault, DiskFull) or getattr(fault, "errno", 0) == errno.ENOSPC
        why = "room" if full else "disk"
        if isinstance(fault, DatabaseDamaged):
            raise BackupNotMade(why="unsound", what="DatabaseDamaged") from fault
        raise BackupNotMade(why=why, need=0, free=_free(folder)) from fault


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free // 1_000_000
    except OSError:
        return 0


def _sweep(folder: Path) -> None:
    for pattern in ("making-*", "scratch-*"):
        for path in folder.glob(pattern):
            with suppress(OSError):
                if time.time() - path.stat().st_mtime > STALE:
                    path.unlink()


def _remove(path: Path) -> None:
    for tail in ("", "-wal", "-shm", "-journal"):
        with suppress(OSError):
            path.with_name(path.name + tail).unlink(missing_ok=True)
