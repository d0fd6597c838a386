"""The counters of a server: slots and their codes, enrolment, number blocks, revocation."""

from __future__ import annotations

from datetime import timedelta
from typing import NamedTuple

import msgspec
from sqlalchemy import Connection, delete, insert, select, update

from db import engine as engines
from db import projection
from db.district.lending import free_blocks, free_volume
from db.district.server import BY, District
from db.district.tables import devices, slots
from db.entry import SHARED
from db.identity import device_id
from db.journal import Saving
from db.kinds import CounterEnrolled, CounterRevoked, OfficePublished
from db.refused import Refused
from db.replication.channel import certificate_for, door_name
from db.replication.enrolment import (
    Apply,
    CodeWrong,
    Enrolled,
    has_real_keys,
    is_proof,
    keys_of,
    new_code,
)
from db.replication.messages import START, Cursor
from db.replication.wire import BodyWrong
from db.seed import named
from db.tables import journal, references
from db.trust import read_trust

CODE_LIVES = timedelta(days=7)
TRIES = 5


class OfficeUnknown(Refused):
    """The server's catalogue has no office of this code; ``code``."""


class NumberTaken(Refused):
    """Another machine is this counter; replace or revoke it first. ``number``, ``device``."""


class DeviceUnknown(Refused):
    """No counter has this device id; ``device``."""


class Counter(NamedTuple):
    """A machine that is, or was, a counter."""

    device: str
    com: str
    says: CounterEnrolled
    revoked: bool


def counters(connection: Connection) -> list[Counter]:
    """Every counter ever enrolled, by office and number."""
    trust = read_trust(connection)
    found = [
        Counter(b.device, trust.communes[b.device], b, b.device in trust.revoked)
        for _, b in projection.read_reference(connection, CounterEnrolled)
        if isinstance(b, CounterEnrolled)
    ]
    return sorted(found, key=lambda c: (c.com, c.says.number, c.revoked, c.device))


def offices(connection: Connection) -> dict[str, OfficePublished]:
    """The newest publication of every office, by its code."""
    bodies = (b for _, b in projection.read_reference(connection, OfficePublished))
    return {b.facts.code: b for b in bodies if isinstance(b, OfficePublished)}


def issue_code(server: District, office: str, number: int = 0, replaces: str = "") -> str:
    """A one-time code for a counter of an office, good for seven days. Number 0: the next free one.

    ``replaces`` is the device whose place the new one takes; it is revoked when the new one comes.

    Raises:
        OfficeUnknown, NumberTaken, DeviceUnknown: no slot was made.
    """
    with engines.writing(server.engine) as connection:
        known = offices(connection)
        found = known.get(office) or next(
            (o for o in known.values() if o.statistic_code == office), None
        )
        if found is None:
            raise OfficeUnknown(code=office)
        here = [c for c in counters(connection) if c.says.office == found.facts.code]
        if replaces:
            number = next((c.says.number for c in here if c.device == replaces), 0)
            if not number:
                raise DeviceUnknown(device=replaces)
        working = {c.says.number: c.device for c in here if not c.revoked}
        if not number:
            number = next(n for n in range(1, 100) if n not in working)
        elif number in working and not replaces:
            raise NumberTaken(number=number, device=working[number])
        code = new_code()
        keys = keys_of(code)
        expires = (server.now() + CODE_LIVES).isoformat(timespec="seconds")
        row = {"office": found.facts.code, "number": number, "replaces": replaces}
        row |= {"handle": keys.handle, "seal": keys.seal, "expires": expires, "tries": 0}
        connection.execute(insert(slots), row)
    return code


def take_application(server: District, application: Apply, body: bytes, proof: str) -> Enrolled:
    """Make a counter of the machine that applies.

    Raises:
        BodyWrong: a key in it is none; the code is still good.
        CodeWrong: ``unknown``, ``used``, ``expired`` or ``tries``; a wrong proof counts as a try.
        BlocksUsedUp: the office has no numbers left to lend.
    """
    if not has_real_keys(application):
        raise BodyWrong(why="form")
    handle, refused = bytes.fromhex(application.handle), ""
    with engines.writing(server.engine) as connection:
        slot = connection.execute(select(slots).where(slots.c.handle == handle)).first()
        device = device_id(bytes.fromhex(application.public_key))
        if slot is None:
            refused = "unknown"
        elif slot.tries >= TRIES:
            refused = "tries"
        elif not is_proof(bytes(slot.seal), body, proof):
            refused = "unknown"
            more = update(slots).where(slots.c.handle == handle)
            connection.execute(more.values(tries=slots.c.tries + 1))
        elif slot.used_by not in (None, device):
            refused = "used"
        elif slot.used_by is None and slot.expires < server.now().isoformat(timespec="seconds"):
            refused = "expired"
    if refused or slot is None:
        raise CodeWrong(why=refused)
    if slot.used_by is None:
        _enrol(server, slot.office, slot.number, application, handle, slot.replaces)
    return _answer(server, slot.office, slot.number, device, application)


def seal_of(server: District, application: Apply) -> bytes:
    """The key the answer to an application is sealed with; empty when its slot is unknown."""
    with engines.reading(server.engine) as connection:
        wanted = slots.c.handle == bytes.fromhex(application.handle)
        return bytes(connection.scalar(select(slots.c.seal).where(wanted)) or b"")


def revoke(server: District, device: str, reason: str) -> None:
    """From now on this machine is no counter: it is told nothing, and what it sends waits.

    Raises:
        DeviceUnknown: there is no such counter.
    """
    with server.journal.saving(by=BY) as saving:
        _revoke(server, saving, device, reason)


def lend_fresh_blocks(server: District, device: str, epoch: str) -> bool:
    """Other number blocks for a counter that was restored or cloned, once an epoch: numbers of the
    old ones may be on paper that no copy remembers."""
    with server.journal.saving(by=BY) as saving:
        connection = saving.connection
        lent = connection.scalar(select(devices.c.lent_in).where(devices.c.dev == device))
        counter = next((c for c in counters(connection) if c.device == device), None)
        if counter is None or lent == epoch:
            return False
        connection.execute(update(devices).where(devices.c.dev == device).values(lent_in=epoch))
        fresh = _with_numbers(server, connection, counter.says, 0)
        saving.append(named("counter", device), fresh, counter.com)
    return True


def _enrol(
    server: District, office: str, number: int, application: Apply, handle: bytes, replaces: str
) -> None:
    device = device_id(bytes.fromhex(application.public_key))
    with server.journal.saving(by=BY) as saving:
        connection = saving.connection
        com = offices(connection)[office].statistic_code
        body = CounterEnrolled(device, application.public_key, office, number, 0, 0)
        body = _with_numbers(server, connection, body, number)
        saving.append(named("counter", device), body, com)
        if replaces:
            _revoke(server, saving, replaces, "Thay máy")
        connection.execute(update(slots).where(slots.c.handle == handle).values(used_by=device))
        connection.execute(delete(devices).where(devices.c.dev == device))
        connection.execute(insert(devices), {"dev": device, "recipient": application.recipient})


def _with_numbers(
    server: District, connection: Connection, counter: CounterEnrolled, wished: int
) -> CounterEnrolled:
    """The same counter with numbers nobody else gives; ``wished``: as a counter of this number
    would take them by itself, 0: any others."""
    here = [c.device for c in counters(connection) if c.says.office == counter.office]
    office = offices(connection)[counter.office]
    active, reserve = free_blocks(connection, office, here, wished, server.now())
    volume = free_volume(connection, here, counter.number)
    return msgspec.structs.replace(
        counter, active_block=active, reserve_block=reserve, volume=volume
    )


def _revoke(server: District, saving: Saving, device: str, reason: str) -> None:
    counter = next((c for c in counters(saving.connection) if c.device == device), None)
    if counter is None:
        raise DeviceUnknown(device=device)
    at = server.now().isoformat(timespec="seconds")
    saving.append(named("revoked", device), CounterRevoked(device, reason, at), counter.com)


def _answer(
    server: District, office: str, number: int, device: str, application: Apply
) -> Enrolled:
    """What the new counter needs; the same again when the first answer was lost."""
    with engines.reading(server.engine) as connection:
        com = offices(connection)[office].statistic_code
        newest = connection.execute(
            select(journal.c.n, journal.c.fh).order_by(journal.c.n.desc()).limit(1)
        ).first()
        head = Cursor(newest.n, bytes(newest.fh).hex()) if newest else START
        lines = connection.scalars(
            select(journal.c.line)
            .join(references, references.c.id == journal.c.id)
            .where(journal.c.com.in_([com, SHARED]))
            .order_by(journal.c.n)
        ).all()
    door = bytes.fromhex(application.door_key)
    certificate = certificate_for(server.authority, [door_name(device)], door) if door else None
    return Enrolled(
        device=device,
        com=com,
        office=office,
        number=number,
        keys=server.facts.keys,
        authority=server.facts.authority,
        recipient=server.facts.recipient,
        name=server.facts.name,
        srv=server.facts.srv,
        certificate=certificate.certificate.decode() if certificate else "",
        head=head,
        lines=tuple(bytes(line) for line in lines),
    )
