"""Become a counter of a district server, with a one-time code: a new machine, or one that works."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
import pyrage
from sqlalchemy import Connection, Engine

from db import engine as engines
from db import fingerprint, projection, tables
from db.identity import SERVER, Device, new_device
from db.journal import Journal
from db.kinds import ClerkRegistered
from db.projection import read_meta, write_meta
from db.refused import Refused
from db.replication.channel import new_door_key
from db.replication.enrolment import Enrolled, enrol
from db.replication.messages import START
from db.replication.peers import Memory
from db.replication.store import write_memory
from db.sealing import recovery_words, seal
from db.seed import named
from db.trust import ServerFacts, write_server
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.desk import DATABASE, KEY, Desk
from desk_app.services.create_counter import CounterExists, clerk_of
from desk_app.services.machine import is_a_copy
from desk_app.settings import FILE, Settings

APP = "0.1.0"


class ClerkNeeded(Refused):
    """The commune has no such clerk yet: a name and a password are needed. ``login``."""


class NewClerk(NamedTuple):
    """Who works here first; name and password are used when the commune has no such clerk."""

    login: str
    name: str = ""
    password: str = ""
    role: str = "chief"


class Machine(NamedTuple):
    """The keys of a machine beside the one it signs with."""

    door_key: bytes
    """PEM."""
    door_public: bytes
    """DER."""
    age: str
    """age identity."""
    recipient: str


def enrol_desk(desk: Desk, url: str, code: str) -> Enrolled:
    """Let a counter that works already belong to a server; it keeps its key and its dossiers.

    A copy on another machine becomes a counter of its own: with the keys of the first one it would
    go on drawing the first one's numbers. Either way the desk is to be opened again.

    Raises:
        CodeWrong, ServerNotReached, ServerNotProven: nothing was changed.
    """
    before = desk.journal
    with desk.reading() as connection:
        copied = is_a_copy(desk, connection)
        machine = None if copied else machine_of(connection)
    machine = machine or new_machine()
    device = new_device() if copied else before.device
    enrolled = enrol(url, code, device, machine.door_public, machine.recipient, APP)
    journal = Journal(before.engine, device, before.commune, before.now, before.second)

    def also(connection: Connection) -> None:
        if copied:
            projection.disown(connection)
        write_meta(connection, "device", device.private_bytes())
        fingerprint.keep(connection, desk.machine)

    _settle(journal, url, machine, enrolled, also)
    desk.with_settings(msgspec.structs.replace(desk.settings, server=url, counter=enrolled.number))
    return enrolled


def enrol_new(
    data: Path,
    url: str,
    code: str,
    clerk: NewClerk,
    spool: str = "",
    now: Callable[[], datetime] | None = None,
    passphrase: str | None = None,
) -> str:
    """Make a counter on a new machine; it can take dossiers in at once, history follows.

    Returns the recovery key, to be printed once.

    Raises:
        CounterExists: there is a counter in this folder.
        ClerkNeeded, LoginWrong, PasswordTooShort: nothing was made; the code is still good.
        CodeWrong, ServerNotReached, ServerNotProven: nothing was made.
        DiskFull, DiskFault: the code is used up; the server gives another.
    """
    if (data / FILE).exists() or (data / DATABASE).exists():
        raise CounterExists(path=str(data))
    # Before the code is used: what is typed must be in order.
    person = clerk_of(clerk.login, clerk.name, clerk.role, clerk.password) if clerk.name else None
    device, machine = new_device(), new_machine()
    enrolled = enrol(url, code, device, machine.door_public, machine.recipient, APP)
    data.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(32)
    seal(key, data / KEY, passphrase)
    engine = engines.open_engine(data / DATABASE, key)
    settings = Settings(
        office=enrolled.office,
        counter=enrolled.number,
        clerk=clerk.login,
        spool=spool,
        server=url,
    )
    _found(data, engine, device, enrolled, machine, settings, person, now)
    engines.checkpoint(engine, truncate=True)
    engine.dispose()
    settings_file.save(data, settings)
    return recovery_words(key)


def _found(
    data: Path,
    engine: Engine,
    device: Device,
    enrolled: Enrolled,
    machine: Machine,
    settings: Settings,
    person: ClerkRegistered | None,
    now: Callable[[], datetime] | None,
) -> None:
    with engines.writing(engine) as connection:
        tables.create(connection)
        projection.stamp(connection)
        write_meta(connection, "device", device.private_bytes())
        fingerprint.keep(connection, fingerprint.read_machine(data))
    journal = Journal(engine, device, enrolled.com, now or local_clock(settings.time_zone))
    _settle(journal, settings.server, machine, enrolled)
    with engines.reading(engine) as connection:
        known = projection.read_reference(connection, ClerkRegistered)
        logins = {b.login for _, b in known if isinstance(b, ClerkRegistered)}
    if settings.clerk in logins:
        return
    if person is None:
        raise ClerkNeeded(login=settings.clerk)
    with journal.saving(by=person.login) as saving:
        saving.append(named("clerk", person.login), person)


def _settle(
    journal: Journal,
    url: str,
    machine: Machine,
    enrolled: Enrolled,
    also: Callable[[Connection], None] | None = None,
) -> None:
    """Keep who the server is, then take what it sent: its lines are believed from here on.

    ``also`` is done when the enrolment itself is stored.
    """
    facts = ServerFacts(
        keys=enrolled.keys,
        url=url,
        authority=enrolled.authority,
        recipient=enrolled.recipient,
        name=enrolled.name,
        srv=enrolled.srv,
    )
    with engines.writing(journal.engine) as connection:
        write_server(connection, facts)
        kept = {**machine._asdict(), "certificate": enrolled.certificate}
        plain = {k: v.hex() if isinstance(v, bytes) else v for k, v in kept.items()}
        write_meta(connection, "machine", json.dumps(plain).encode())
        # News from the end of the feed on; what is below follows, newest first.
        head = enrolled.head
        before = head.no + 1 if head.no else 0
        write_memory(connection, SERVER, Memory(cursors=(head, START), before=before))
    journal.accept(enrolled.lines, via=SERVER, also=also)


def new_machine() -> Machine:
    """Keys nobody has."""
    door_key, door_public = new_door_key()
    age = pyrage.x25519.Identity.generate()
    return Machine(door_key, door_public, str(age), str(age.to_public()))


def machine_of(connection: Connection) -> Machine | None:
    """The keys this machine made for its enrolment."""
    stored = read_meta(connection, "machine")
    if stored is None:
        return None
    plain = json.loads(stored)
    return Machine(
        bytes.fromhex(plain["door_key"]),
        bytes.fromhex(plain["door_public"]),
        plain["age"],
        plain["recipient"],
    )
