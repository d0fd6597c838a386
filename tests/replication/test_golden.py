"""T15: what every released version wrote onto a stick is taken by this one, byte by byte.

The databases are made anew from the goldens' lines and keys; only the files are old.
"""

from __future__ import annotations

import json
import secrets
import sys
from collections import Counter
from datetime import datetime
from itertools import groupby
from pathlib import Path

import msgspec
import pytest

from db import engine as engines
from db import projection, tables
from db.blobs import Blobs
from db.district.courier import carry
from db.district.server import District
from db.district.tables import devices, district
from db.doctor_journal import Lines
from db.entry import SHARED, parse, seal, verify
from db.identity import SERVER, device_from
from db.journal import Journal
from db.kinds import KINDS, read_body
from db.projection import write_meta
from db.replication.bundle import read_bundle
from db.replication.channel import Pair
from db.replication.courier import Carried, Reading, gathered
from db.replication.courier_answers import snapshot
from db.replication.door import Askers
from db.replication.enrolment import is_proof, keys_of
from db.replication.enrolment_stick import applications, read_application, take_answer
from db.replication.messages import Page
from db.replication.peers import Memory
from db.replication.store import JournalFeed, JournalStore
from db.replication.wire import unpack
from db.trust import ServerFacts, write_server

sys.path.insert(0, str(Path(__file__).parent))

from golden.kinds import DEVICE as GOLDEN_DEVICE
from golden.make import life_of

FOLDER = Path(__file__).parent / "golden"
GOLDEN = sorted(FOLDER.glob("v*"))
LIVES = sorted(FOLDER.glob("v*/lives.json"))


@pytest.fixture(params=GOLDEN, ids=lambda path: path.name)
def golden(request):
    return request.param


KIND_LINES = [
    line
    for file in sorted(FOLDER.glob("v*/kinds.lines"))
    for line in file.read_bytes().splitlines(keepends=True)
]


@pytest.fixture
def keys(golden):
    return json.loads((golden / "keys.json").read_text("utf-8"))


@pytest.fixture(params=["sqlite", "postgresql"])
def server(request, golden, keys, tmp_path):
    """The golden server as it was before the bundle came."""
    if request.param == "sqlite":
        engine = engines.open_engine(tmp_path / "district.db", secrets.token_bytes(32))
    else:
        engine = engines.open_postgres(request.getfixturevalue("empty_postgres"))
    held, now = keys["server"], datetime.fromisoformat(keys["now"])
    facts = msgspec.convert(held["facts"], ServerFacts)
    with engines.writing(engine) as connection:
        tables.create(connection, server=True)
        district.create_all(connection)
        projection.stamp(connection)
        write_meta(connection, "role", SERVER.encode())
        write_server(connection, facts)
        for who in ("one", "two"):
            device = device_from(bytes.fromhex(keys[who]["device"]))
            recipient = keys[who]["machine"]["recipient"]
            connection.execute(devices.insert(), {"dev": device.id, "recipient": recipient})
    signing = device_from(bytes.fromhex(held["device"]), SERVER)
    journal = Journal(engine, signing, SHARED, lambda: now)
    lines = split(golden / "server.lines")
    assert len(journal.accept(lines, own=True).stored) == len(lines)
    authority = Pair(*(pem.encode() for pem in held["authority"]))
    blobs = Blobs(tmp_path / "blobs", secrets.token_bytes(32))
    yield District(tmp_path, journal, facts, authority, held["age"], lambda: now, blobs)
    engine.dispose()


@pytest.fixture
def counter(golden, keys, tmp_path):
    """Makes the golden counters: ``counter("one")``."""
    made = []

    def make(who, lines):
        mine, now = keys[who], datetime.fromisoformat(keys["now"])
        engine = engines.open_engine(tmp_path / f"{who}.db", secrets.token_bytes(32))
        with engines.writing(engine) as connection:
            tables.create(connection)
            projection.stamp(connection)
            write_server(connection, msgspec.convert(keys["server"]["facts"], ServerFacts))
        device = device_from(bytes.fromhex(mine["device"]))
        journal = Journal(engine, device, mine["com"], lambda: now)
        # In their places, and each as it came: what the server sent is not pushed to it.
        from_server = set(split(golden / "server.lines"))
        for came, run in groupby(lines, lambda line: line in from_server):
            journal.accept(run, own=True, via=SERVER if came else None)
        assert held_by(journal) == lines
        JournalStore(journal).remember(SERVER, msgspec.convert(mine["memory"], Memory))
        made.append(engine)
        return journal

    yield make
    for engine in made:
        engine.dispose()


def split(file):
    return file.read_bytes().splitlines(keepends=True)


def held_by(journal):
    return [line for _, line in journal.lines(limit=100_000)]


def read(journal, file, identity, keys):
    """A golden answer, taken as the counter takes it."""
    mine = tuple(map(bytes.fromhex, keys["server"]["facts"]["keys"]))
    parts = list(read_bundle(file, identity))
    assert all(part is not None and part.is_by(mine) for part in parts)
    reading = Reading(JournalStore(journal), SERVER, Carried())
    came = gathered(iter(parts), reading.take)
    assert not came.damaged and came.said is not None
    return reading.finish()


def test_the_question_of_a_counter_is_taken_and_answered(server, golden, keys, tmp_path):
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "question.hoso").write_bytes((golden / "question.hoso").read_bytes())
    [carried] = carry(server, stick)
    assert carried.refused is None and not carried.brought.damaged
    assert held_by(server.journal) == split(golden / "after.lines")
    [again] = carry(server, stick)
    assert again.refused is None and held_by(server.journal) == split(golden / "after.lines")
    with engines.reading(server.engine) as connection:
        found = list(Lines(connection, SERVER).examine(lambda: None))
    # The counter's entries of kinds to come stand in no chain of their own.
    assert [f.what for f in found if f.grave] == []


def test_the_answer_of_a_server_is_taken(counter, golden, keys):
    journal = counter("one", split(golden / "one.lines"))
    brought = read(journal, golden / "answer.hoso", keys["one"]["machine"]["age"], keys)
    before, after = split(golden / "one.lines"), split(golden / "after.lines")
    assert held_by(journal)[: len(before)] == before
    assert sorted(held_by(journal)) == sorted(after)
    assert brought.in_step and brought.signed
    assert JournalStore(journal).memory(SERVER).reached == len(before)


def test_a_snapshot_fills_an_empty_counter(counter, golden, keys):
    journal = counter("two", [])
    brought = read(journal, golden / "snapshot.hoso", keys["two"]["machine"]["age"], keys)
    after = split(golden / "after.lines")
    mine = device_from(bytes.fromhex(keys["two"]["device"])).id
    assert sorted(held_by(journal)) == sorted(after) and brought.stored == len(after)
    assert any(mine.encode() in line for line in after)


def test_kinds_nobody_knows_yet_come_out_as_they_went_in(server, counter, golden, keys, tmp_path):
    future = split(golden / "future.lines")
    stick = tmp_path / "stick"
    stick.mkdir()
    (stick / "question.hoso").write_bytes((golden / "question.hoso").read_bytes())
    list(carry(server, stick))
    device = device_from(bytes.fromhex(keys["two"]["device"])).id
    known = Askers(server.engine)(device)
    said = list(snapshot(JournalFeed(server.journal), known.asker, 0))
    lines = [line for _, body, _ in said for line in unpack(Page, body).lines]
    assert set(future) <= set(lines)
    journal = counter("two", [])
    journal.accept(lines)
    assert set(future) <= set(held_by(journal))


def test_an_application_and_its_answer_are_understood(golden, keys):
    code = (golden / "code").read_text()
    [file] = applications(golden)
    application, body, proof = read_application(file)
    assert (
        application.public_key == device_from(bytes.fromhex(keys["one"]["device"])).public_key.hex()
    )
    assert is_proof(keys_of(code).seal, body, proof)
    enrolled = take_answer(golden, code, keys["one"]["machine"]["age"])
    assert enrolled.keys == tuple(keys["server"]["facts"]["keys"])
    assert set(enrolled.lines) <= set(split(golden / "after.lines"))


# ---------------------------------------------------------------- every kind


def test_every_kind_has_golden_lines():
    """A new kind gets some by ``golden/kinds.py``, in a folder of its version."""
    told = Counter((parse(line).says.k, parse(line).says.kv) for line in KIND_LINES)
    assert set(told) == set(KINDS)
    assert all(times >= 2 for times in told.values())


@pytest.mark.parametrize("line", KIND_LINES, ids=lambda line: parse(line).says.k)
def test_a_line_of_any_kind_is_read_and_comes_out_as_it_went_in(line):
    entry = parse(line)
    assert verify(entry, GOLDEN_DEVICE.public_key)
    says = entry.says
    body = read_body(says.k, says.kv, says.body)
    assert body is not None
    again = seal(msgspec.structs.replace(says, body=msgspec.to_builtins(body)), GOLDEN_DEVICE.sign)
    assert again.line == line


@pytest.mark.parametrize("told", LIVES, ids=lambda file: file.parent.name)
def test_the_lives_of_its_dossiers_come_to_what_they_came_to(told):
    objects = {}
    for line in split(told.with_name("after.lines")):
        entry = parse(line)
        objects.setdefault(entry.says.obj, []).append(entry)
    for obj, wanted in json.loads(told.read_text("utf-8")).items():
        assert life_of(objects[obj]) == wanted
