"""Who is at the counter, with which database, at what time."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import Connection

from db import engine as engines
from db import projection
from db.identity import Device, device_from
from db.journal import BUILT, Journal, Saving
from db.kinds import ClerkFacts, ClerkRegistered, CounterEnrolled, OfficePublished
from db.projection import Progress
from db.sealing import unseal
from db.spool import Healed, Spool, heal
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.published import Published
from desk_app.settings import Settings, SettingsWrong

DATABASE = "counter.db"
KEY = "counter.key"


@dataclass(frozen=True)
class Desk:
    """Everything a service needs; made once at start, replaced when somebody else signs in."""

    data: Path
    settings: Settings
    journal: Journal
    office: OfficePublished
    counter: CounterEnrolled
    clerk: ClerkFacts
    role: Literal["clerk", "chief"]
    now: Callable[[], datetime]
    """The moment in the office's time zone."""
    spool: Spool | None = None
    healed: Healed | None = None
    """What was put right from the second medium at start."""
    _published: Published = field(default_factory=Published)

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """One snapshot of the database."""
        with engines.reading(self.journal.engine) as connection:
            yield connection

    def saving(self) -> AbstractContextManager[Saving]:
        """One command in the clerk's name; durable when the block ends."""
        return self.journal.saving(self.clerk.login)

    def published(self, connection: Connection) -> Published:
        """What the offices published, as of this snapshot."""
        return self._published.refresh(connection)

    def as_clerk(self, clerk: ClerkRegistered) -> Desk:
        """The same counter with somebody else at it."""
        facts = ClerkFacts(login=clerk.login, name=clerk.name)
        return dataclasses.replace(self, clerk=facts, role=clerk.role)

    def with_settings(self, settings: Settings) -> Desk:
        """The same counter with other settings, saved."""
        settings_file.save(self.data, settings)
        return dataclasses.replace(self, settings=settings)

    def close(self) -> None:
        """Put the log into the file and let go of it."""
        engines.checkpoint(self.journal.engine, truncate=True)
        self.journal.engine.dispose()


def open_desk(
    data: Path,
    now: Callable[[], datetime] | None = None,
    passphrase: str | None = None,
    progress: Progress | None = None,
    second_medium: bool = True,
) -> Desk:
    """Open the counter in a data folder: unseal, check the engine, heal from the spool.

    Screen tables made by another version of the fold are made again first. A second process of
    the same counter leaves the ``second_medium`` to the first.

    Raises:
        SettingsWrong: there is no counter here, or not a whole one; ``why``.
        KeySealedElsewhere, WrongPassphrase, KeyFileDamaged: the key cannot be unsealed.
        EngineTooOld, WrongKey, DatabaseDamaged, DiskFault: the database cannot be used.
    """
    settings = settings_file.load(data)
    now = now or local_clock(settings.time_zone)
    if not (data / DATABASE).exists():
        # Opening it would make an empty one in its place.
        raise SettingsWrong(why="unfinished", path=str(data))
    key = unseal(data / KEY, passphrase)
    engine = engines.open_engine(data / DATABASE, key)
    with engines.reading(engine) as connection:
        stored = projection.read_meta(connection, "device")
        current = projection.is_current(connection)
    if stored is None:
        raise SettingsWrong(why="unfinished", path=str(data))
    if not current:
        projection.rebuild(engine, progress)
    device = device_from(stored)
    spool = spool_of(settings, device, key, data) if second_medium else None
    with engines.reading(engine) as connection:
        published = Published().refresh(connection)
    # A clock that lost its battery must not close the counter: the names are those of the
    # earliest day it can be, and the clock is asked about afterwards.
    office = published.office(settings.office, max(now(), BUILT).date())
    clerk = published.clerk(settings.clerk)
    counter = next(c for c in published.counters if c.device == device.id)
    if office is None or clerk is None:
        raise SettingsWrong(why="office" if office is None else "clerk", path=str(data))
    journal = Journal(engine, device, office.statistic_code, now, spool)
    healed = heal(journal, spool) if spool is not None else None
    return Desk(
        data=data,
        settings=settings,
        journal=journal,
        office=office,
        counter=counter,
        clerk=ClerkFacts(login=clerk.login, name=clerk.name),
        role=clerk.role,
        now=now,
        spool=spool,
        healed=healed,
        _published=published,
    )


def spool_of(settings: Settings, device: Device, key: bytes, data: Path) -> Spool | None:
    """The second copy the settings ask for; None when none is configured."""
    if not settings.spool:
        return None
    return Spool(Path(settings.spool), device.id, key, beside=data / DATABASE)
