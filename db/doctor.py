"""Examine a counter: every line, the tables made from them, the pages, the second copy."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec
from sqlalchemy import Connection, func, select, text

from db import engine as engines
from db import tables
from db.doctor_journal import Lines
from db.doctor_screen import Screen
from db.engine import DatabaseDamaged, DiskFault
from db.findings import Finding, Report
from db.journal import Journal
from db.projection import Progress
from db.spool import Spool, id_of
from db.spool_file import SpoolUnavailable


def examine(
    journal: Journal,
    spool: Spool | None = None,
    progress: Progress | None = None,
    receipts: Path | None = None,
) -> Report:
    """Look at everything once, in one snapshot; nothing is changed.

    ``receipts`` is the folder of the receipts' PDFs. Progress is told in lines, each read twice.

    Raises:
        DatabaseBusy: another program held the database.
    """
    findings: list[Finding] = []
    entries = 0
    try:
        with engines.reading(journal.engine) as connection:
            count = select(func.count()).select_from(tables.journal)
            entries = connection.scalar(count) or 0
            step = _Steps(2 * entries, progress)
            findings += pages(connection)
            lines = Lines(connection, journal.device.id)
            findings += lines.examine(step)
            findings += Screen(connection, receipts).examine(step)
        findings += _index_pages(journal)
        if spool is not None:
            findings += _second_copy(spool, lines.ids)
    except (DatabaseDamaged, DiskFault) as fault:
        findings.append(Finding("database-unreadable", "database", type(fault).__name__))
    except msgspec.DecodeError as fault:
        # Keys of counters and sizes of blocks are among them: nothing more can be judged before
        # the screen tables are rebuilt.
        findings.append(Finding("references-unreadable", "reference", type(fault).__name__))
    sound = not any(finding.grave for finding in findings)
    return Report(sound, entries, tuple(findings))


class _Steps:
    """Tells the progress every so often; a bar does not need every line."""

    def __init__(self, total: int, progress: Progress | None) -> None:
        self._total = total
        self._progress = progress
        self._done = 0

    def __call__(self) -> None:
        self._done += 1
        if self._progress is not None and (self._done % 500 == 0 or self._done == self._total):
            self._progress(self._done, self._total)


def pages(connection: Connection) -> Iterator[Finding]:
    """SQLite's own check of its trees, and SQLCipher's of every page's seal."""
    for (said,) in connection.execute(text("PRAGMA quick_check")):
        if said != "ok":
            yield Finding("pages", "quick_check", said)
    for (said,) in connection.execute(text("PRAGMA cipher_integrity_check")):
        yield Finding("pages", "cipher_integrity_check", said)


def _index_pages(journal: Journal) -> Iterator[Finding]:
    """The search index's inner structure; the check is spelled as an insert and inserts nothing."""
    try:
        with engines.writing(journal.engine) as connection:
            connection.execute(text("INSERT INTO search(search) VALUES ('integrity-check')"))
    except DatabaseDamaged:
        yield Finding("search-index-damaged", "search")


def _second_copy(spool: Spool, ids: set[bytes]) -> Iterator[Finding]:
    state = spool.state
    if state != "ok":
        yield Finding(f"spool-{state.replace('_', '-')}", "spool", spool.why, grave=False)
    held: set[bytes] = set()
    damaged = 0
    try:
        for kept in spool.lines():
            if kept.line is None:
                damaged += 1
            else:
                held.add(bytes.fromhex(id_of(kept.line).decode()))
    except SpoolUnavailable as fault:
        yield Finding("spool-unreadable", "spool", str(fault.why), grave=False)
        return
    if damaged:
        yield Finding("spool-damaged", "spool", f"{damaged} lines", grave=False)
    if lost := held - ids:
        yield Finding("journal-lacks", "spool", f"{len(lost)} entries")
    if behind := ids - held:
        yield Finding("spool-lacks", "spool", f"{len(behind)} entries", grave=False)
