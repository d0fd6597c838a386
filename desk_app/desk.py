"""Who is at the counter, with which database, at what time."""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, Engine

from db import engine as engines
from db import fingerprint, projection
from db.acts import Role
from db.blobs import Blobs
from db.fingerprint import Features
from db.identity import Device, device_from
from db.journal import BUILT, Journal, Saving
from db.kinds import ClerkRegistered, CounterEnrolled, OfficePublished
from db.parts import ClerkFacts
from db.projection import Progress
from db.refused import Refused
from db.sealing import unseal
from db.spool import Healed, Spool, heal
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.published import Published
from desk_app.settings import Settings, SettingsWrong

DATABASE = "counter.db"
KEY = "counter.key"
BLOBS = "blobs"


@dataclass(frozen=True)
class Desk:
    """Everything a service needs; made once at start, replaced when somebody else signs in."""

    data: Path
    settings: Settings
    journal: Journal
    counter: CounterEnrolled
    clerk: ClerkFacts
    role: Role
    now: Callable[[], datetime]
    """The moment in the office's time zone."""
    blobs: Blobs
    """Scanned papers, sealed."""
    spool: Spool | None = None
    healed: Healed | None = None
    """What was put right from the second medium at start."""
    machine: Features = field(default_factory=dict)
    """By what this machine is known again, as far as that can be read."""
    _published: Published = field(default_factory=Published)

    @property
    def office(self) -> OfficePublished:
        """The office as it is today, with the names it gave itself."""
        # A clock that lost its battery must not close the counter: the names are those of the
        # earliest day it can be, and the clock is asked about afterwards.
        office = self._published.office(self.settings.office, max(self.now(), BUILT).date())
        assert office is not None
        return office

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
    machine: Features | None = None,
) -> Desk:
    """Open the counter in a data folder: unseal, check the engine, heal from the spool.

    Screen tables made by another version of the fold are made again first. A second process of
    the same counter leaves the ``second_medium`` to the first. ``machine``: another one than this.

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
        kept = fingerprint.kept(connection)
    if stored is None:
        raise SettingsWrong(why="unfinished", path=str(data))
    machine = fingerprint.read_machine(data) if machine is None else machine
    _follow(engine, kept, machine)
    if not current:
        projection.rebuild(engine, progress)
    device = device_from(stored)
    spool = spool_of(settings, device, key, data) if second_medium else None
    with engines.reading(engine) as connection:
        published = Published().refresh(connection)
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
        counter=counter,
        clerk=ClerkFacts(login=clerk.login, name=clerk.name),
        role=clerk.role,
        now=now,
        blobs=Blobs(data / BLOBS, key),
        spool=spool,
        healed=healed,
        machine=machine,
        _published=published,
    )


def _follow(engine: Engine, kept: Features | None, machine: Features) -> None:
    """Keep what was repaired on this machine."""
    changed = fingerprint.following(kept, machine)
    if changed is None:
        return
    # A full disk must not close the counter: what is kept now still knows the machine again.
    with contextlib.suppress(Refused), engines.writing(engine) as connection:
        fingerprint.keep(connection, changed)


def spool_of(settings: Settings, device: Device, key: bytes, data: Path) -> Spool | None:
    """The second copy the settings ask for; None when none is configured."""
    if not settings.spool:
        return None
    return Spool(Path(settings.spool), device.id, key, beside=data / DATABASE)
