"""Make a counter's damaged database again from its second copy and from what can still be read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from db.backup import newest
from db.restore import Restored, restore
from db.sealing import unseal
from db.seed import seed_office
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.desk import DATABASE, KEY
from desk_app.services.backup import FOLDER, NAME


def restore_counter(
    data: Path,
    spool: Path | None = None,
    now: Callable[[], datetime] | None = None,
    passphrase: str | None = None,
) -> Restored:
    """Restore the counter of this data folder; it opens as always afterwards.

    ``spool`` is another folder than the settings name. What neither stick nor file gives comes from
    the newest proven backup. The damaged file is kept.

    Raises:
        SettingsWrong, UnknownOffice: there is no counter here.
        KeySealedElsewhere, WrongPassphrase, KeyFileDamaged: the key cannot be unsealed.
        NothingToRestoreFrom: neither stick nor file gives a line; nothing was changed.
        DiskFull, DiskFault: nothing was changed.
    """
    settings = settings_file.load(data)
    now = now or local_clock(settings.time_zone)
    if spool is None and settings.spool:
        spool = Path(settings.spool)
    office = seed_office(settings.office)
    key = unseal(data / KEY, passphrase)
    backup = newest(data / FOLDER, NAME, now())
    path = backup.path if backup else None
    return restore(data / DATABASE, key, spool, office.statistic_code, now, path)
