"""Found a counter: a new encrypted database with the seed catalogue, its key, its first clerk."""

from __future__ import annotations

import re
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec

from db import engine as engines
from db import fingerprint, projection, tables
from db.identity import new_device
from db.journal import Journal
from db.kinds import ClerkRegistered, CounterEnrolled
from db.refused import Refused
from db.sealing import recovery_words, seal
from db.seed import named, seed, seed_office
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.desk import DATABASE, KEY
from desk_app.rules.typed import clean
from desk_app.services.sign_in import verifier_of
from desk_app.settings import FILE, Settings

LOGIN = re.compile(r"[a-z0-9._-]{1,32}")
"""As ``db.kinds.ClerkRegistered`` holds it."""

RESERVE_AFTER = 10
"""Counter N has active block N-1 and reserve block N+9 of twenty; the map is data afterwards."""


class CounterExists(Refused):
    """There is a counter in this folder already; ``path``."""


class CounterNumberWrong(Refused):
    """The default block map serves counters 1 to 10; ``number``."""


class LoginWrong(Refused):
    """A login has small letters a to z, digits, ``.``, ``_`` and ``-``; ``login``."""


def create_counter(
    data: Path,
    settings: Settings,
    clerks: dict[str, tuple[str, str, str]],
    now: Callable[[], datetime] | None = None,
    passphrase: str | None = None,
) -> str:
    """Make the data folder of a new counter; returns the recovery key to be printed, once.

    ``clerks`` maps a login to (name, role, password). The seed catalogue, offices, calendar and
    form texts become this counter's first entries, signed by its own new key, until a district
    server publishes its own.

    Raises:
        CounterExists, UnknownOffice, CounterNumberWrong, LoginWrong, PasswordTooShort: nothing
        was made.
        DiskFull, DiskFault: what was begun is unfinished and is refused at start.
    """
    if (data / FILE).exists() or (data / DATABASE).exists():
        raise CounterExists(path=str(data))
    now = now or local_clock(settings.time_zone)
    office = seed_office(settings.office)
    if not 1 <= settings.counter <= RESERVE_AFTER:
        raise CounterNumberWrong(number=settings.counter)
    registered = [clerk_of(login, *about) for login, about in clerks.items()]
    data.mkdir(parents=True, exist_ok=True)
    key, device = secrets.token_bytes(32), new_device()
    seal(key, data / KEY, passphrase)
    engine = engines.open_engine(data / DATABASE, key)
    with engines.writing(engine) as connection:
        tables.create(connection)
        projection.stamp(connection)
        fingerprint.keep(connection, fingerprint.read_machine(data))
    journal = Journal(engine, device, office.statistic_code, now)
    enrolled = CounterEnrolled(
        device=device.id,
        public_key=device.public_key.hex(),
        office=office.facts.code,
        number=settings.counter,
        active_block=settings.counter - 1,
        reserve_block=settings.counter - 1 + RESERVE_AFTER,
    )
    with journal.saving(by=settings.clerk) as saving:
        projection.write_meta(saving.connection, "device", device.private_bytes())
        saving.append(named("counter", device.id), enrolled)
        for clerk in registered:
            saving.append(named("clerk", clerk.login), clerk)
        for key_, body in seed():
            saving.append(named(*key_), body)
    engines.checkpoint(engine, truncate=True)
    engine.dispose()
    settings = msgspec.structs.replace(settings, office=office.facts.code)
    settings_file.save(data, settings)
    return recovery_words(key)


def clerk_of(login: str, name: str, role: str, password: str) -> ClerkRegistered:
    """A person who may sign in.

    Raises:
        LoginWrong, PasswordTooShort.
    """
    if not LOGIN.fullmatch(login):
        raise LoginWrong(login=login)
    return ClerkRegistered(
        login=login,
        name=clean(name).text,
        role="chief" if role == "chief" else "clerk",
        verifier=verifier_of(password),
    )
