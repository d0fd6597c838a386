"""Become a counter of a district server, with a one-time code: a new machine, or one that works."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, Engine

from db import engine as engines
from db import fingerprint, projection, tables
from db.engine import DiskFault, DiskFull
from db.identity import SERVER, new_device
from db.journal import Journal
from db.kinds import ClerkRegistered
from db.projection import write_meta
from db.refused import Refused
from db.replication.enrolment import Enrolled, ServerNotReached, enrol
from db.replication.enrolment_stick import take_answer, write_application
from db.replication.messages import START
from db.replication.peers import Memory
from db.replication.store import write_memory
from db.sealing import recovery_words, seal, unseal
from db.seed import named
from db.trust import ServerFacts, write_server
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.desk import DATABASE, KEY, Desk
from desk_app.services.create_counter import CounterExists, clerk_of
from desk_app.services.machine import is_a_copy
from desk_app.services.node_keys import (
    APPLIED,
    MACHINE,
    Keys,
    Machine,
    machine_of,
    new_machine,
    plain_of,
    read_applied,
    write_applied,
)
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


Ask = Callable[[Keys], Enrolled | None]
"""Brings an application to a server; None when its answer is yet to come."""


def on_the_line(url: str, code: str) -> Ask:
    """Apply over the line."""

    def ask(keys: Keys) -> Enrolled:
        machine = keys.machine
        return enrol(url, code, keys.device, machine.door_public, machine.recipient, APP)

    return ask


def on_a_stick(folder: Path, code: str) -> Ask:
    """Take the answer that lies on a stick; without one, write the application onto it."""

    def ask(keys: Keys) -> Enrolled | None:
        machine = keys.machine
        answer = take_answer(folder, code, machine.age)
        if answer is None:
            public, recipient = machine.door_public, machine.recipient
            write_application(folder, code, keys.device, public, recipient, APP)
        return answer

    return ask


def enrol_desk(desk: Desk, url: str, code: str) -> Enrolled:
    """``apply_desk`` over the line."""
    enrolled = apply_desk(desk, on_the_line(url, code), url)
    assert enrolled is not None
    return enrolled


def apply_desk(desk: Desk, ask: Ask, url: str = "") -> Enrolled | None:
    """Let a counter that works already belong to a server; it keeps its key and its dossiers.

    A copy on another machine becomes a counter of its own: with the keys of the first one it would
    go on drawing the first one's numbers. Either way the desk is to be opened again.

    Raises:
        CodeWrong, ServerNotReached, ServerNotProven, EnrolmentDamaged, BundleNotWritten: the
            counter is as it was.
    """
    before = desk.journal
    keys, copied = _keys_of(desk)
    enrolled = ask(keys)
    if enrolled is None:
        return None
    journal = Journal(before.engine, keys.device, before.commune, before.now, before.second)

    def also(connection: Connection) -> None:
        if copied:
            projection.disown(connection)
        write_meta(connection, "device", keys.device.private_bytes())
        write_meta(connection, APPLIED, b"")
        fingerprint.keep(connection, desk.machine)

    _settle(journal, url, keys.machine, enrolled, also)
    desk.with_settings(msgspec.structs.replace(desk.settings, server=url, counter=enrolled.number))
    return enrolled


def _keys_of(desk: Desk) -> tuple[Keys, bool]:
    """What this counter applies with, and whether it is a copy that needs keys of its own."""
    with engines.writing(desk.journal.engine) as connection:
        copied = is_a_copy(desk, connection)
        applied = read_applied(connection)
        mine = desk.journal.device.id
        if applied is not None and (applied.device.id != mine) == copied:
            return applied, copied
        machine = None if copied else machine_of(connection)
        device = new_device() if copied else desk.journal.device
        keys = Keys(device, machine or new_machine())
        write_applied(connection, keys)
    return keys, copied


def enrol_new(
    data: Path,
    url: str,
    code: str,
    clerk: NewClerk,
    spool: str = "",
    now: Callable[[], datetime] | None = None,
    passphrase: str | None = None,
) -> str:
    """``apply_new`` over the line."""
    ask = on_the_line(url, code)
    recovery = apply_new(data, ask, clerk, spool, url, now, passphrase)
    assert recovery is not None
    return recovery


def apply_new(
    data: Path,
    ask: Ask,
    clerk: NewClerk,
    spool: str = "",
    url: str = "",
    now: Callable[[], datetime] | None = None,
    passphrase: str | None = None,
) -> str | None:
    """Make a counter on a new machine; it can take dossiers in at once, history follows.

    Returns the recovery key, to be printed once; None while the answer is on its way.

    Raises:
        CounterExists: there is a counter in this folder.
        LoginWrong, PasswordTooShort: nothing was made.
        CodeWrong, ServerNotProven, EnrolmentDamaged, BundleNotWritten: nothing was made.
        ClerkNeeded, ServerNotReached, DiskFull, DiskFault: not a counter yet; the same code goes
            on from here, though the server may have used it up for this machine.
    """
    if (data / FILE).exists():
        raise CounterExists(path=str(data))
    # Before the code is used: what is typed must be in order.
    person = clerk_of(clerk.login, clerk.name, clerk.role, clerk.password) if clerk.name else None
    begun = _begin(data, passphrase)
    try:
        enrolled = ask(begun.keys)
        if enrolled is not None:
            settings = Settings(
                office=enrolled.office,
                counter=enrolled.number,
                clerk=clerk.login,
                spool=spool,
                server=url,
            )
            _found(data, begun, enrolled, settings, person, now)
            engines.checkpoint(begun.engine, truncate=True)
    except (ClerkNeeded, ServerNotReached, DiskFull, DiskFault):
        begun.engine.dispose()
        raise
    except Refused:
        begun.engine.dispose()
        if begun.fresh:
            _unmake(data)
        raise
    begun.engine.dispose()
    if enrolled is None:
        return None
    settings_file.save(data, settings)
    return recovery_words(begun.key)


class _Begun(NamedTuple):
    """A folder that is to become a counter's: keys, no settings yet."""

    key: bytes
    engine: Engine
    keys: Keys
    fresh: bool


def _begin(data: Path, passphrase: str | None) -> _Begun:
    fresh = not (data / DATABASE).exists()
    if fresh:
        data.mkdir(parents=True, exist_ok=True)
        key = secrets.token_bytes(32)
        seal(key, data / KEY, passphrase)
    else:
        key = unseal(data / KEY, passphrase)
    engine = engines.open_engine(data / DATABASE, key)
    with engines.writing(engine) as connection:
        tables.create(connection)
        keys = read_applied(connection)
        if keys is None and fresh:
            keys = Keys(new_device(), new_machine())
            write_applied(connection, keys)
    if keys is None:
        engine.dispose()
        raise CounterExists(path=str(data))
    return _Begun(key, engine, keys, fresh)


def _unmake(data: Path) -> None:
    for name in (DATABASE, f"{DATABASE}-wal", f"{DATABASE}-shm", KEY):
        (data / name).unlink(missing_ok=True)


def _found(
    data: Path,
    begun: _Begun,
    enrolled: Enrolled,
    settings: Settings,
    person: ClerkRegistered | None,
    now: Callable[[], datetime] | None,
) -> None:
    engine, device = begun.engine, begun.keys.device
    with engines.writing(engine) as connection:
        projection.stamp(connection)
        write_meta(connection, "device", device.private_bytes())
        fingerprint.keep(connection, fingerprint.read_machine(data))
    journal = Journal(engine, device, enrolled.com, now or local_clock(settings.time_zone))
    _settle(journal, settings.server, begun.keys.machine, enrolled)
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
        plain = {**plain_of(machine), "certificate": enrolled.certificate}
        write_meta(connection, MACHINE, json.dumps(plain).encode())
        # News from the end of the feed on; what is below follows, newest first.
        head = enrolled.head
        before = head.no + 1 if head.no else 0
        write_memory(connection, SERVER, Memory(cursors=(head, START), before=before))
    journal.accept(enrolled.lines, via=SERVER, also=also)
