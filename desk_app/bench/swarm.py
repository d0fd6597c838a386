"""Two hundred counters that all send a day at once, after a night without a line."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from multiprocessing import get_context
from pathlib import Path
from typing import NamedTuple

from msgspec.structs import replace

from db.district.counters import issue_code, offices
from db.district.server import District, open_district
from db.entry import id_claimed
from db.identity import device_from, new_device
from db.replication.enrolment import enrol
from db.replication.messages import Hello, Of, Sum
from db.replication.night import FAR, Line, Peer, run_round
from db.replication.peers import Memory, Outgoing, Standing, Taken
from db.seed import named
from desk_app.bench.counters import Clock, fresh
from desk_app.bench.rows import Row, percentile
from desk_app.bench.servers import district
from desk_app.bench.synthetic import Place, day_of
from desk_app.desk import Desk
from desk_app.services.node_keys import new_machine

PROCESSES = 2
LOOK = 0.5
"""Seconds between two looks at the server's memory."""


class Counted(NamedTuple):
    """A counter as its process needs it: whom it asks, its key, its day."""

    url: str
    key: bytes
    com: str
    server_keys: tuple[str, ...]
    lines: tuple[bytes, ...]


class Day:
    """The asking side over a day in memory: what is measured is the server."""

    def __init__(self, lines: Sequence[bytes]) -> None:
        ids = [bytes.fromhex(id_claimed(line)) for line in lines]
        self._lines = [
            Outgoing(n, id_, True, line)
            for n, (id_, line) in enumerate(zip(ids, lines, strict=True), 1)
        ]
        self._own = Sum().plus(ids)
        self._memory = Memory()
        self._fetched: dict[bytes, bytes] = {}

    def standing(self) -> Standing:
        """How the day stands."""
        everything = self._own.plus(self._fetched)
        return Standing(len(self._lines), self._own, everything)

    def memory(self, peer: str) -> Memory:
        """What is remembered."""
        return self._memory

    def remember(self, peer: str, memory: Memory) -> None:
        """Keep it."""
        self._memory = memory

    def tail(self, peer: str, after: int, until: int, limit: int) -> Sequence[Outgoing]:
        """Lines in order."""
        return self._lines[after : min(until, after + limit)]

    def ids(self, of: Of) -> Collection[bytes]:
        """Every id."""
        own = {each.id for each in self._lines}
        return own if of == "own" else own | self._fetched.keys()

    def lines(self, ids: Sequence[bytes]) -> Sequence[Outgoing]:
        """These lines."""
        wanted = set(ids)
        return [each for each in self._lines if each.id in wanted]

    def accept(self, lines: Sequence[bytes], peer: str, memory: Memory | None) -> Taken:
        """What came is kept as it is."""
        new = {bytes.fromhex(id_claimed(line)): line for line in lines}
        stored = tuple(id_ for id_ in new if id_ not in self._fetched)
        self._fetched |= new
        if memory is not None:
            self._memory = memory
        return Taken(stored)


def rows(folder: Path, counters: int, a_day: int) -> Iterator[Row]:
    """All at once; every entry must be signed for."""
    with district(folder / "server") as server:
        swarm = _enrolled(folder, server.url, counters, a_day)
        held = [server.memory()]
        begin = time.perf_counter()
        with get_context("spawn").Pool(PROCESSES) as pool:
            shares = [swarm[at::PROCESSES] for at in range(PROCESSES)]
            sending = pool.map_async(_send_all, shares)
            while not sending.ready():
                sending.wait(LOOK)
                held.append(server.memory())
            ended = [each for share in sending.get() for each in share]
        seconds = time.perf_counter() - begin
    entries = sum(len(c.lines) for c in swarm)
    assert all(sent == len(c.lines) for (_, sent), c in zip(ended, _dealt(swarm), strict=True))
    taken = [each for each, _ in ended]
    looks = [held[0], held[len(held) // 4], held[-1], max(held)]
    before, early, after, most = (each / 2**20 for each in looks)
    note = (
        f"{entries:,} entries, all signed for, {entries / seconds:,.0f} a second; a round's median"
        f" {percentile(taken, 50):.1f} s, p99 {percentile(taken, 99):.1f} s;"
        f" the server's memory in MiB: {before:.0f}, after a quarter of the time {early:.0f},"
        f" at the end {after:.0f}, at most {most:.0f}"
    )
    yield Row(f"{counters} counters at once, a day each", seconds, None, None, "s", note)


def _dealt(swarm: Sequence[Counted]) -> list[Counted]:
    return [each for at in range(PROCESSES) for each in swarm[at::PROCESSES]]


def _send_all(share: Sequence[Counted]) -> list[tuple[float, int]]:
    """In a process of its own: every counter of the share in a thread."""
    with ThreadPoolExecutor(len(share)) as threads:
        return list(threads.map(_send, share))


def _send(counter: Counted) -> tuple[float, int]:
    device = device_from(counter.key)
    peer = Peer("S", counter.url, tuple(map(bytes.fromhex, counter.server_keys)))
    line = Line(peer, device, patience=FAR._replace(silent=600.0))
    hello = Hello(device.id, counter.com, Sum(), Sum(), "0" * 16, "2026-11-26T18:00:00+07:00")
    begin = time.perf_counter()
    # News of the other counters are fetched too: a day of ten counters of one commune.
    ended = run_round(Day(counter.lines), line, hello)
    line.close()
    return time.perf_counter() - begin, ended.sent


def _enrolled(folder: Path, url: str, counters: int, a_day: int) -> list[Counted]:
    server = open_district(folder / "server")
    known = _with_room(server)
    codes = [issue_code(server, known[at % len(known)]) for at in range(counters)]
    keys = server.facts.keys
    server.close()
    desk = fresh(folder / "pattern", Clock())
    swarm = [_one(url, code, keys, desk, at, a_day) for at, code in enumerate(codes)]
    desk.close()
    return swarm


def _with_room(server: District) -> list[str]:
    """Every office, its 10,000 numbers a day in smaller blocks: two hundred counters are more than
    ten to a commune, and each has two blocks."""
    with server.journal.saving("district") as saving:
        found = [o for o in offices(saving.connection).values() if o.blocks]
        for office in found:
            code = office.facts.code
            smaller = replace(office, block_size=400, blocks=25)
            saving.append(named("office", code), smaller, office.statistic_code)
    return [office.facts.code for office in found]


def _one(url: str, code: str, keys: tuple[str, ...], desk: Desk, at: int, a_day: int) -> Counted:
    device, machine = new_device(), new_machine()
    enrolled = enrol(url, code, device, machine.door_public, machine.recipient)
    place = Place(enrolled.com, enrolled.office, enrolled.number)
    lines = tuple(day_of(desk, device, place, a_day, seed=at))
    return Counted(url, device.private_bytes(), enrolled.com, keys, lines)
