"""Send and fetch by stick: what would go over the line, as a file there and a file back."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import msgspec

from db import engine as engines
from db.identity import SERVER
from db.projection import read_meta, write_meta
from db.replication.bundle import NoBundle, Part, Written, read_bundle, write_bundle
from db.replication.courier import (
    Brought,
    Carried,
    Reading,
    gathered,
    question,
    read_carried,
)
from db.replication.store import JournalStore
from db.trust import ServerFacts, read_server
from desk_app.desk import Desk
from desk_app.services.node_keys import machine_of
from desk_app.services.replicate import NoServer, hello_to

META = "courier"
ENDING, ANSWER = ".hoso", "-tra-loi"


def take_out(desk: Desk, folder: Path) -> Written:
    """Write what the server may lack onto the stick; read back before it counts as copied.

    Raises:
        NoServer: the counter was not enrolled.
        BundleNotWritten: the stick is full, read-only or gone; what was on it is as it was.
    """
    facts, _, carried = _standing(desk)
    number = max(int(desk.now().timestamp()), carried.heard + 1)
    said = question(JournalStore(desk.journal), SERVER, hello_to(desk, SERVER), carried, number)
    device = desk.journal.device
    return write_bundle(folder / f"HOSO-{device.id}{ENDING}", said, device, facts.recipient)


def bring_in(desk: Desk, place: Path) -> Brought:
    """Take the server's answers in from a folder, or from one file.

    Raises:
        NoServer: the counter was not enrolled.
        NoBundle, NotForUs, BundleTooNew: nothing was taken.
        DiskFull, DiskFault, DatabaseBusy: what was taken until then stays.
    """
    facts, identity, _ = _standing(desk)
    name = f"HOSO-{desk.journal.device.id}{ANSWER}*{ENDING}"
    files = [place] if place.is_file() else sorted(place.glob(name))
    if not files:
        raise NoBundle(path=str(place))
    total = Brought()
    for file in files:
        total = _added(total, _one(desk, file, facts, identity))
    return total


def _one(desk: Desk, file: Path, facts: ServerFacts, identity: str) -> Brought:
    reading = Reading(JournalStore(desk.journal), SERVER, _standing(desk)[2])
    keys = tuple(map(bytes.fromhex, facts.keys))
    came = gathered(_by_server(keys, read_bundle(file, identity)), reading.take)
    brought = reading.finish()._replace(**came._asdict())
    with engines.writing(desk.journal.engine) as connection:
        write_meta(connection, META, msgspec.json.encode(reading.carried))
    return brought


def _by_server(keys: tuple[bytes, ...], parts: Iterator[Part | None]) -> Iterator[Part | None]:
    for part in parts:
        right = part is not None and part.slip.dev == SERVER and part.is_by(keys)
        yield part if right else None


def _standing(desk: Desk) -> tuple[ServerFacts, str, Carried]:
    with desk.reading() as connection:
        facts, machine = read_server(connection), machine_of(connection)
        carried = read_carried(read_meta(connection, META))
    if facts is None or machine is None:
        raise NoServer()
    return facts, machine.age, carried


def _added(one: Brought, other: Brought) -> Brought:
    return other._replace(
        lines=one.lines + other.lines,
        stored=one.stored + other.stored,
        signed=one.signed + other.signed,
        damaged=one.damaged + other.damaged,
        said=(one.said or 0) + other.said if other.said is not None else one.said,
        at=one.at or other.at,
        not_taken=one.not_taken + other.not_taken,
    )
