"""Bundles that counters brought on a stick: taken in, and answered beside them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import NamedTuple

from sqlalchemy import select

from db import engine as engines
from db.district.app import Greeter
from db.district.counters import DeviceUnknown, seal_of, take_application
from db.district.lending import BlocksUsedUp
from db.district.server import District
from db.district.tables import devices
from db.refused import Refused
from db.replication.bundle import (
    BundleTooNew,
    NoBundle,
    NotForUs,
    Part,
    Written,
    read_bundle,
    write_bundle,
)
from db.replication.courier import Brought, Stranger, gathered
from db.replication.courier_answers import Answering, snapshot
from db.replication.door import Askers, Known
from db.replication.enrolment import CodeWrong
from db.replication.enrolment_stick import (
    EnrolmentDamaged,
    applications,
    read_application,
    write_answer,
)
from db.replication.store import JournalFeed
from db.replication.wire import BodyWrong

ENDING = ".hoso"
ANSWER = "-tra-loi"


class Carried(NamedTuple):
    """What became of one bundle; ``refused`` when nothing of it was taken."""

    file: str
    device: str = ""
    brought: Brought = Brought()
    answer: Written | None = None
    refused: Refused | None = None
    enrolled: int = 0
    """The number of the counter an application became."""


def carry(server: District, place: Path) -> Iterator[Carried]:
    """Take every bundle of a folder (or the one file) in, and every application of a new machine,
    and write each answer beside it.

    Raises:
        NoBundle: there is none.
        BundleNotWritten: an answer could not be written; what was taken in stays taken in.
    """
    files = [place] if place.is_file() else sorted(place.glob(f"*{ENDING}"))
    applying = list(applications(place))
    asked = [f for f in files if not f.stem.endswith(ANSWER) and f not in applying]
    if not asked + applying:
        raise NoBundle(path=str(place))
    for file in applying:
        try:
            yield _enrolled(server, file)
        except (EnrolmentDamaged, CodeWrong, BlocksUsedUp) as refused:
            yield Carried(file.name, refused=refused)
    for file in asked:
        try:
            yield _one(server, file)
        except (NoBundle, NotForUs, BundleTooNew, Stranger) as refused:
            yield Carried(file.name, refused=refused)


def write_snapshot(server: District, device: str, place: Path) -> Written:
    """A file with the whole history of its commune for one counter, the newest first.

    Raises:
        DeviceUnknown: there is no such counter. BundleNotWritten: nothing was written.
    """
    known = Askers(server.engine)(device)
    if known is None or known.asker.revoked:
        raise DeviceUnknown(device=device)
    said = snapshot(JournalFeed(server.journal), known.asker, 0)
    return write_bundle(answer_file(place, device), said, server.device, _recipient(server, device))


def answer_file(folder: Path, device: str) -> Path:
    """Where a counter looks for what is meant for it."""
    return folder / f"HOSO-{device}{ANSWER}{ENDING}"


def _one(server: District, file: Path) -> Carried:
    askers, known = Askers(server.engine), None
    parts = read_bundle(file, server.identity)
    whole: list[Part | None] = []
    for part in parts:
        whole.append(part)
        if part is not None:
            known = askers(part.slip.dev)
            if known is None:
                raise Stranger(dev=part.slip.dev)
            break
    if known is None:
        raise NoBundle(path=str(file))
    at = server.now().isoformat(timespec="seconds")
    feed = JournalFeed(server.journal)
    answering = Answering(feed, known.asker, Greeter(server), at)
    came = gathered(_by(known, chain(whole, parts)), answering.take)
    device = known.asker.dev
    answer = write_bundle(
        answer_file(file.parent, device),
        answering.answers(),
        server.device,
        _recipient(server, device),
    )
    brought = answering.brought._replace(revoked=known.asker.revoked, **came._asdict())
    return Carried(file.name, device, brought, answer)


def _enrolled(server: District, file: Path) -> Carried:
    application, body, proof = read_application(file)
    try:
        enrolled = take_application(server, application, body, proof)
    except BodyWrong as fault:
        raise EnrolmentDamaged(file=file.name) from fault
    answer = write_answer(file, application, enrolled, seal_of(server, application))
    written = Written(answer, 1, len(enrolled.lines), answer.stat().st_size)
    return Carried(file.name, enrolled.device, answer=written, enrolled=enrolled.number)


def _by(known: Known, parts: Iterable[Part | None]) -> Iterator[Part | None]:
    """Parts of this device with its signature; any other is as good as damaged."""
    for part in parts:
        right = part is not None and part.slip.dev == known.asker.dev and part.is_by(known.keys)
        yield part if right else None


def _recipient(server: District, device: str) -> str:
    with engines.reading(server.engine) as connection:
        wanted = select(devices.c.recipient).where(devices.c.dev == device)
        return str(connection.scalar(wanted) or "")
