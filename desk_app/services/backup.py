"""Backups of the counter's database: one a day, after the day's work, each restored and proven."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from pathlib import Path

from sqlalchemy import Engine

from db import engine as engines
from db.backup import Made, Proven, Source, make_backup, newest
from db.doctor import examine
from db.findings import Finding
from db.journal import Journal
from db.sealing import unseal
from desk_app.desk import KEY, Desk

FOLDER, NAME = "backups", "counter"
EVENING = time(16, 30)
"""From here on a day's backup is due; a counter that was off by then makes it at its next start."""


def back_up(desk: Desk, passphrase: str | None = None, folder: Path | None = None) -> Made:
    """Make a backup now, in the data folder or in another one.

    Raises:
        BackupNotMade, DatabaseBusy: what was there stays as it was.
        KeySealedElsewhere, WrongPassphrase, KeyFileDamaged: nothing was tried.
    """

    def prove(restored: Engine) -> Iterable[Finding]:
        journal = desk.journal
        return examine(Journal(restored, journal.device, journal.commune, journal.now)).findings

    key = unseal(desk.data / KEY, passphrase)
    source = Source(desk.journal.engine, key, NAME, engines.copy_file, prove)
    return make_backup(source, folder or desk.data / FOLDER, desk.now())


def back_up_if_due(desk: Desk) -> Made | None:
    """The day's backup, once its evening has come.

    Raises:
        as ``back_up``.
    """
    return back_up(desk) if is_due(last_proven(desk), desk.now()) else None


def last_proven(desk: Desk) -> Proven | None:
    """The newest backup that was restored and found whole; None when there is none."""
    return newest(desk.data / FOLDER, NAME, desk.now())


def is_due(last: Proven | None, now: datetime) -> bool:
    """Whether none was made since the last evening."""
    evening = datetime.combine(now.date(), EVENING, now.tzinfo)
    if now < evening:
        evening -= timedelta(days=1)
    return last is None or last.at < evening
