"""How fast entries get to the district server and back, against the least that moves the bytes."""

from __future__ import annotations

import contextlib
import shutil
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import httpx
import zstandard
from sqlalchemy import select

from db.entry import parse, verify
from db.identity import SERVER
from db.replication.messages import PAGE_LINES, Pull
from db.replication.night import Line
from db.replication.store import read_memory
from db.tables import journal
from db.trust import read_server
from desk_app.bench import cluster
from desk_app.bench.counters import filled
from desk_app.bench.rows import Row, seconds_of
from desk_app.bench.save import forms
from desk_app.bench.servers import Running, bare, code_for, district
from desk_app.bench.swarm import rows as swarm_rows
from desk_app.desk import Desk, open_desk
from desk_app.services.demo import OFFICE
from desk_app.services.enrol import NewClerk, enrol_desk, enrol_new
from desk_app.services.receive import receive
from desk_app.services.replicate import hello_to, peer_of, replicate

DOSSIERS = 50_000
"""Received and printed: 100,000 entries."""
REACH, REACH_BYTES, REACH_REBUILD = 4.0, 1.1, 3.0
COUNTERS, A_DAY = 200, 300


def rows(
    data: Path, dossiers: int = DOSSIERS, counters: int = COUNTERS, a_day: int = A_DAY
) -> Iterator[Row]:
    """Push to both databases, bytes, an idle round, a new machine's history, many at once."""
    place, _ = filled(data, dossiers, signed=True)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        yield from _sqlite(Path(folder), place)
    if cluster.is_there():
        with tempfile.TemporaryDirectory(dir=data) as folder, cluster.cluster() as url:
            yield _postgres(Path(folder), place, url)
    with tempfile.TemporaryDirectory(dir=data) as folder:
        yield from swarm_rows(Path(folder), counters, a_day)


def _sqlite(folder: Path, place: Path) -> Iterator[Row]:
    with district(folder / "server") as server, counter_of(folder, place, server) as desk:
        lines = _own_lines(desk)
        begin = time.perf_counter()
        sent = replicate(desk)
        ours = time.perf_counter() - begin
        assert sent.in_step and sent.sent >= len(lines), sent
        floor = _floor(str(folder / "floor.db"), lines)
        note = f"reach {REACH} times; {len(lines):,} entries, {len(lines) / ours:,.0f} a second"
        yield Row("push and apply, SQLite", ours, floor, ours / floor, "s", note)
        squeezed = sum(len(page) for page in _pages(lines))
        each = sent.bytes / len(lines)
        note = f"reach {REACH_BYTES} times; answers included; the floor is zstd 9 of the same pages"
        least = squeezed / len(lines)
        yield Row("bytes an entry on the wire", each, least, each / least, "B", note)
        yield _idle(desk)
        yield from _rebuild(folder, server, len(lines))


def _postgres(folder: Path, place: Path, url: str) -> Row:
    database = cluster.new_database(url)
    with district(folder / "server", database) as server, counter_of(folder, place, server) as desk:
        lines = _own_lines(desk)
        begin = time.perf_counter()
        sent = replicate(desk)
        ours = time.perf_counter() - begin
        assert sent.in_step and sent.sent >= len(lines), sent
        floor = _floor(cluster.new_database(url), lines)
    note = f"reach {REACH} times; {len(lines):,} entries, {len(lines) / ours:,.0f} a second"
    return Row("push and apply, PostgreSQL", ours, floor, ours / floor, "s", f"{note}; floor COPY")


def _idle(desk: Desk) -> Row:
    """A round in which neither side has anything new."""
    replicate(desk)
    ended = replicate(desk)
    assert ended.in_step and not ended.sent + ended.fetched
    seconds = seconds_of(replicate, desk)
    note = f"reach 4,096 bytes and 3 requests; {ended.requests} requests, {seconds * 1000:.0f} ms"
    return Row("idle round", ended.bytes, None, None, "B", note)


def _rebuild(folder: Path, server: Running, entries: int) -> Iterator[Row]:
    """A new machine: until it can take a citizen in, then until all its history is there."""
    code = code_for(folder / "server", OFFICE)
    clerk = NewClerk("mai")
    begin = time.perf_counter()
    enrol_new(folder / "new", server.url, code, clerk)
    desk = open_desk(folder / "new")
    receive(desk, forms(desk)())
    usable = time.perf_counter() - begin
    note = f"reach 5 s; {entries:,} entries of history still to come"
    yield Row("new machine, first dossier", usable, None, None, "s", note)
    floor = _download(desk)
    begin = time.perf_counter()
    ended = replicate(desk)
    ours = time.perf_counter() - begin
    assert ended.in_step and not ended.more and ended.fetched, ended
    desk.close()
    note = f"reach {REACH_REBUILD} times; {ended.fetched:,} entries, stored, folded and indexed"
    yield Row("rebuild a counter", ours, floor, ours / floor, "s", note)


def _download(desk: Desk) -> float:
    """The floor: the same pages fetched, every line's hash and signature checked, nothing kept."""
    with desk.reading() as connection:
        facts, before = read_server(connection), read_memory(connection, SERVER).before
        keys = {c.device: bytes.fromhex(c.public_key) for c in desk.published(connection).counters}
    assert facts is not None
    line = Line(peer_of(facts, desk.settings.server), desk.journal.device)
    line.ask(hello_to(desk, SERVER))
    keys[SERVER] = bytes.fromhex(facts.keys[0])
    begin = time.perf_counter()
    while before:
        page = line.ask(Pull(before=before))
        for each in page.lines:  # type: ignore[union-attr]
            entry = parse(each)
            assert verify(entry, keys[entry.says.dev])
        before = page.before  # type: ignore[union-attr]
    seconds = time.perf_counter() - begin
    line.close()
    return seconds


@contextlib.contextmanager
def counter_of(folder: Path, place: Path, server: Running) -> Iterator[Desk]:
    """A copy of a filled counter that belongs to the server now and has sent nothing yet."""
    shutil.copytree(place, folder / "counter")
    desk = open_desk(folder / "counter")
    enrol_desk(desk, server.url, code_for(folder / "server", OFFICE))
    desk.close()
    desk = open_desk(folder / "counter")
    yield desk
    desk.close()


def _own_lines(desk: Desk) -> list[bytes]:
    wanted = select(journal.c.line).where(journal.c.own == 1).order_by(journal.c.n)
    with desk.reading() as connection:
        return [bytes(line) for line in connection.scalars(wanted)]


def _pages(lines: Sequence[bytes]) -> Iterator[bytes]:
    squeeze = zstandard.ZstdCompressor(level=9).compress
    for at in range(0, len(lines), PAGE_LINES):
        yield squeeze(b"".join(lines[at : at + PAGE_LINES]))


def _floor(place: str, lines: Sequence[bytes]) -> float:
    """The same lines packed, posted and put away by the bare application."""
    with bare(place) as server, httpx.Client(base_url=server.url, timeout=60) as client:
        begin = time.perf_counter()
        for page in _pages(lines):
            assert client.post("/push", content=page).status_code == 200
        return time.perf_counter() - begin
