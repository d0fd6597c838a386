"""The second copy: keep a file on a second medium in step with the journal, and heal from it.

How far the medium has come is derived from what it holds, never stored: a stick that was out, was
swapped for last week's, or died half way needs no repair but the next append.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Literal, NamedTuple

from sqlalchemy import select

from db import engine as engines
from db import tables
from db.journal import Journal
from db.refused import Refused
from db.spool_file import Kept, SpoolFile, SpoolUnavailable

WINDOW = 200
"""Lines looked at from the end until as many in a row are known to the journal."""

LOST_AT_MOST = 5_000
"""So many lines unknown to the journal are no slip: the whole file is read, from its beginning."""

PORTION = 1_000
"""Lines read and copied in one go."""

AT_A_SAVE = 200
"""Lines behind that one save waits for; the next one goes on where it stopped."""


class Healed(NamedTuple):
    """What was put right between journal and spool."""

    recovered: int = 0
    """Lines the journal lacked and took from the spool."""
    appended: int = 0
    """Lines the spool lacked."""
    torn: bool = False
    """Whether a half-written last line was cut off."""
    damaged: int = 0
    """Lines of the spool that cannot be read any more; written again from the journal."""
    refused: int = 0
    """Lines of the spool that are no entries of an enrolled counter."""


class Spool:
    """The second copy of one counter's journal."""

    def __init__(self, folder: Path, device: str, database_key: bytes, beside: Path) -> None:
        """``beside`` is the database: a spool on the same disk is no second copy."""
        self.file = SpoolFile(folder / f"{device}.spool", device, database_key)
        self._beside = beside
        self._journal: Journal | None = None
        self._reached = 0
        self._seen: tuple[int, int, int] | None = None
        self.why = ""
        """Why it takes no lines at present, as ``SpoolUnavailable.why``; empty when it does."""

    @property
    def state(self) -> Literal["ok", "missing", "same_medium"]:
        """Whether there is a second copy; ``missing`` is whatever takes no lines at present."""
        if self.why or not self.file.path.parent.is_dir():
            return "missing"
        same = disk_of(self.file.path.parent) == disk_of(self._beside.parent)
        return "same_medium" if same else "ok"

    def reached(self, journal: Journal) -> int:
        """The journal's ``n`` up to which every line is known to be on a second medium.

        0 until the medium was seen since the start, and on one disk with the database: what
        cannot be vouched for is not counted as a copy.
        """
        if journal is not self._journal or self.state == "same_medium":
            return 0
        return self._reached

    def append(self, lines: Sequence[bytes]) -> None:
        """Bring the file up to the journal; ``lines`` are the ones just committed to it.

        Raises:
            SpoolUnavailable: the medium is missing, full or faulty; it catches up by itself.
        """
        try:
            if self._journal is None:
                self.file.open()
                self.file.append(lines)
            elif self._seen is None or self._stat()[:2] != self._seen[:2]:
                self._heal(self._journal, whole=False, limit=AT_A_SAVE)
            else:
                self._follow(self._journal)
            self.why = ""
        except SpoolUnavailable as fault:
            self.why = str(fault.why)
            raise
        except Refused as fault:
            # The entry is durable and must not look unsaved because its copy could not be made.
            self.why = "journal"
            raise SpoolUnavailable(path=str(self.file.path), why="journal") from fault

    def lines(self) -> Iterator[Kept]:
        """Every line on the medium, damaged ones as such.

        Raises:
            SpoolUnavailable: the medium is missing or failed while it was read.
        """
        return self.file.forwards()

    def _follow(self, journal: Journal) -> None:
        """Copy what was committed since; another program may have copied some of it already."""
        assert self._seen is not None
        before, (length, _) = self._seen[2], self.file.open()
        if length < before:
            self._heal(journal, whole=False, limit=AT_A_SAVE)
            return
        others = self.file.forwards(before) if length > before else ()
        self._copy(journal, {id_of(k.line) for k in others if k.line}, AT_A_SAVE)

    def _heal(self, journal: Journal, whole: bool, limit: int | None = None) -> Healed:
        self._journal, self._seen = journal, None
        _, torn = self.file.open()
        window = None if whole else _tail(self.file, journal)
        if window is None:
            window = _all_of(self.file, journal)
        recovered, refused = window.recovered, window.refused
        if window.lost:
            recovered, refused = _give(journal, window.lost[::-1])
        self._reached = window.from_n
        appended = self._copy(journal, window.ids, limit)
        return Healed(recovered, appended, torn, window.damaged, refused)

    def _copy(self, journal: Journal, held: set[bytes], limit: int | None) -> int:
        """Append the journal's lines after ``reached`` that the file does not hold."""
        copied = 0
        while found := journal.lines(self._reached, PORTION):
            missing = [(n, line) for n, line in found if id_of(line) not in held]
            if limit is not None:
                missing = missing[: limit - copied]
            if missing:
                self.file.append([line for _, line in missing])
            copied += len(missing)
            enough = limit is not None and copied >= limit
            self._reached = missing[-1][0] if enough else found[-1][0]
            if enough or len(found) < PORTION:
                break
        self._seen = self._stat()
        return copied

    def _stat(self) -> tuple[int, int, int]:
        try:
            found = self.file.path.stat()
        except OSError:
            return (0, 0, 0)
        return (found.st_dev, found.st_ino, found.st_size)


def heal(journal: Journal, spool: Spool, whole: bool = False) -> Healed:
    """Give each of journal and spool what only the other holds; from then on, keep in step.

    A spool that is not there is no reason to stop: ``spool.state`` says so. ``whole`` compares
    every line; otherwise the end of the file is read as far as something is unknown in it.

    Raises:
        DiskFull, DiskFault, DatabaseBusy, DatabaseDamaged: the journal could not take a line.
    """
    try:
        healed = spool._heal(journal, whole)
        spool.why = ""
    except SpoolUnavailable as fault:
        spool.why = str(fault.why)
        return Healed()
    return healed


def id_of(line: bytes) -> bytes:
    """The 64 hex digits a line begins with."""
    return line[:64]


def disk_of(path: Path) -> object:
    """What tells one disk from another. Two partitions of one disk count as one where the
    system says so (Linux); elsewhere they are told apart by their volume."""
    device = path.stat().st_dev
    if sys.platform != "win32":
        block = Path(f"/sys/dev/block/{os.major(device)}:{os.minor(device)}")
        if block.exists():
            block = block.resolve()
            return block.parent if (block / "partition").exists() else block
    return device


class _Window(NamedTuple):
    """What of the file was compared with the journal."""

    ids: set[bytes]
    from_n: int
    """Of the journal's lines after this one, the file holds exactly ``ids``."""
    lost: list[bytes]
    """Lines the journal lacks, the newest first."""
    damaged: int
    recovered: int = 0
    refused: int = 0


def _tail(file: SpoolFile, journal: Journal) -> _Window | None:
    """The end of the file as far as something in it is unknown; None when that is too far."""
    ids: set[bytes] = set()
    lost: list[bytes] = []
    damaged, from_n = 0, 0
    kept = file.backwards()
    while batch := list(islice(kept, WINDOW)):
        lines = [k.line for k in batch if k.line is not None]
        known = _known(journal, lines)
        unknown = [line for line in lines if id_of(line) not in known]
        ids.update(map(id_of, lines))
        lost += unknown
        damaged += len(batch) - len(lines)
        if len(lost) > LOST_AT_MOST:
            return None
        if not unknown and len(batch) == WINDOW:
            from_n = min(known.values(), default=0) - 1
            return _Window(ids, max(0, from_n), lost, damaged)
    return _Window(ids, 0, lost, damaged)


def _all_of(file: SpoolFile, journal: Journal) -> _Window:
    """The whole file, each portion of it given to the journal before the next is read."""
    ids: set[bytes] = set()
    damaged = recovered = refused = 0
    kept = file.forwards()
    while batch := list(islice(kept, PORTION)):
        lines = [k.line for k in batch if k.line is not None]
        damaged += len(batch) - len(lines)
        ids.update(map(id_of, lines))
        known = _known(journal, lines)
        given = _give(journal, [line for line in lines if id_of(line) not in known])
        recovered, refused = recovered + given[0], refused + given[1]
    return _Window(ids, 0, [], damaged, recovered, refused)


def _give(journal: Journal, lines: Sequence[bytes]) -> tuple[int, int]:
    """Lines taken by the journal, and lines it would not have."""
    taken = journal.accept(lines, own=True)
    return len(taken.stored), len(lines) - len(taken.stored) - len(taken.known)


def _known(journal: Journal, lines: Iterable[bytes]) -> dict[bytes, int]:
    """Of these lines, the ones the journal holds, and where."""
    table = tables.journal.c
    ids = [bytes.fromhex(id_of(line).decode()) for line in lines]
    known: dict[bytes, int] = {}
    with engines.reading(journal.engine) as connection:
        for at in range(0, len(ids), WINDOW):
            wanted = table.id.in_(ids[at : at + WINDOW])
            for row in connection.execute(select(table.id, table.n).where(wanted)):
                known[row.id.hex().encode()] = row.n
    return known
