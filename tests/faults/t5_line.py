"""T5, the broken line: real counters and a real server on a real socket, and a line that drops,
doubles, delays, cuts and bends what goes over it.

    python tests/faults/t5_line.py --times 10000 [--seed 1]

A session is a clerk's act at one of three counters and a round over the broken line. Every so often
it is checked that whatever a counter counts as sent lies on the server, and that after one whole
round everybody holds the same.
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import msgspec
import stamina
from loopback import listening
from sqlalchemy import or_, select
from two_counters import codes_of

from db import engine as engines
from db.district.app import district_app
from db.district.counters import issue_code
from db.district.server import District, make_district, open_district
from db.identity import SERVER
from db.replication.store import read_memory
from db.seed import seed as published
from db.tables import journal
from desk_app.desk import Desk, open_desk
from desk_app.services.correct import add_note
from desk_app.services.dossiers import page
from desk_app.services.enrol import NewClerk, enrol_new
from desk_app.services.replicate import replicate

OFFICE = "H24.314.11749"
COUNTERS = 3
CHECK_EVERY = 100
FAULTS = ("drop", "lost answer", "twice", "delay", "cut", "bend answer", "bend request", "portal")
RATE = 0.25
"""Share of requests that meet a fault."""


class Clock:
    """Moves a minute a session."""

    def __init__(self) -> None:
        self.at = datetime(2026, 11, 26, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Broken(httpx.BaseTransport):
    """The real line, broken at random."""

    dice: random.Random
    met: Counter[str]
    late: list[httpx.Request] = field(default_factory=list)
    whole: bool = False

    def __post_init__(self) -> None:
        self._real = httpx.HTTPTransport()

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        if self.whole or self.dice.random() > RATE:
            return self._send(request)
        fault = self.dice.choice(FAULTS)
        self.met[fault] += 1
        match fault:
            case "drop":
                raise httpx.ConnectError("dropped")
            case "lost answer":
                self._send(request)
                raise httpx.ReadError("lost")
            case "twice":
                self._send(request)
                return self._send(request)
            case "delay":
                self.late.append(request)
                raise httpx.ReadTimeout("late")
            case "cut":
                self._send(request)
                raise httpx.RemoteProtocolError("cut off")
            case "bend answer":
                answer = self._send(request)
                return _with(answer, _bent(answer.content, self.dice))
            case "bend request":
                bent = _bent(request.content, self.dice)
                copy = httpx.Request(request.method, request.url, content=bent)
                copy.headers.update({k: v for k, v in request.headers.items() if k[:2] == "x-"})
                return self._send(copy)
            case _:
                return httpx.Response(200, content=b"<html>Wi-Fi</html>")

    def deliver_late(self) -> None:
        """Old requests arrive at last; nobody hears the answers."""
        for request in self.late:
            self._send(request)
        self.late.clear()

    def close(self) -> None:
        """Rounds hang up; the line itself goes on."""

    def _send(self, request: httpx.Request) -> httpx.Response:
        answer = self._real.handle_request(request)
        return _with(answer, answer.read())


def _with(answer: httpx.Response, body: bytes) -> httpx.Response:
    headers = {k: v for k, v in answer.headers.items() if k != "content-length"}
    return httpx.Response(answer.status_code, headers=headers, content=body)


def _bent(body: bytes, dice: random.Random) -> bytes:
    if not body:
        return b"\0"
    bent = bytearray(body)
    bent[dice.randrange(len(bent))] ^= 1 << dice.randrange(8)
    return bytes(bent)


@dataclass
class World:
    """A server, its counters, and the line between them."""

    server: District
    desks: list[Desk]
    line: Broken
    clock: Clock
    dice: random.Random
    wrong: list[str] = field(default_factory=list)

    def session(self, number: int) -> None:
        """One act, one round over the broken line."""
        self.clock.at += timedelta(minutes=1)
        desk = self.dice.choice(self.desks)
        known = page(desk, "all", limit=30)
        if not known or self.dice.random() < 0.5:
            codes_of(desk, 1, seed=number)
        else:
            add_note(desk, self.dice.choice(known).id, f"việc {number}")
        if self.dice.random() < 0.1:
            self.line.deliver_late()
        replicate(desk, transport=self.line)

    def check(self) -> None:
        """What counts as sent is there; after a whole round everybody has everything."""
        held = _ids(self.server)
        for desk in self.desks:
            with desk.reading() as connection:
                reached = read_memory(connection, SERVER).reached
                here = or_(journal.c.via.is_(None), journal.c.via != SERVER)
                sent = select(journal.c.id).where(journal.c.n <= reached, here)
                claimed = {bytes(i) for i in connection.scalars(sent)}
            if claimed - held:
                self.wrong.append(f"{len(claimed - held)} entries count as sent and are not there")
        self.line.whole = True
        for desk in (*self.desks, *self.desks):
            ended = replicate(desk, transport=self.line)
        if not ended.in_step:
            self.wrong.append(f"not in step after whole rounds: {ended.why}")
        self.line.whole = False
        held = _ids(self.server)
        for desk in self.desks:
            if {bytes(i) for i in _own(desk)} - held:
                self.wrong.append("an entry did not arrive")


def _ids(server: District) -> set[bytes]:
    with engines.reading(server.engine) as connection:
        return {bytes(i) for i in connection.scalars(select(journal.c.id))}


def _own(desk: Desk) -> list[bytes]:
    with desk.reading() as connection:
        return list(connection.scalars(select(journal.c.id).where(journal.c.own == 1)))


def run(place: Path, times: int, seed: int) -> tuple[list[str], Counter[str], int]:
    """So many sessions; what was wrong, what the line did, and entries on the server."""
    stamina.set_active(False)
    clock, dice = Clock(), random.Random(seed)
    make_district(place / "server", published(), now=clock)
    server = open_district(place / "server", now=clock)
    line = Broken(dice, Counter())
    with listening(district_app(server)) as port:
        url = f"http://127.0.0.1:{port}"
        desks = []
        for number in range(1, COUNTERS + 1):
            data, clerk = place / str(number), NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
            enrol_new(data, url, issue_code(server, OFFICE), clerk, now=clock)
            desks.append(open_desk(data, now=clock))
        world = World(server, desks, line, clock, dice)
        for number in range(1, times + 1):
            world.session(number)
            if number % CHECK_EVERY == 0 or number == times:
                world.check()
        for desk in desks:
            desk.close()
    line._real.close()
    entries = len(_ids(server))
    server.close()
    stamina.set_active(True)
    return world.wrong, line.met, entries


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--times", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    args = parser.parse_args()
    begin = time.monotonic()
    with tempfile.TemporaryDirectory() as place:
        wrong, met, entries = run(Path(place), args.times, args.seed)
    said = {"sessions": args.times, "faults": dict(met), "entries": entries, "wrong": wrong}
    print(msgspec.json.encode(said).decode(), f"{time.monotonic() - begin:.0f} s")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
