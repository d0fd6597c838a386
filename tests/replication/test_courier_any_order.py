"""Sticks in any order, any number of times, cut off and with bytes flipped: nothing is believed that
was not written, nothing counts as arrived that the server lacks, and clean trips end in step."""

from __future__ import annotations

import json
import shutil
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import zstandard
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from two_counters import codes_of

from db.district.counters import issue_code
from db.district.courier import carry
from db.district.server import make_district, open_district
from db.doctor import examine
from db.refused import Refused
from db.replication.bundle import SEALING, Part, Slip, put, read_bundle, write_bundle
from db.replication.courier import gathered
from db.replication.store import JournalStore
from db.seed import seed
from desk_app.desk import open_desk
from desk_app.services.courier import bring_in, take_out
from desk_app.services.demo import OFFICE
from desk_app.services.enrol import NewClerk, apply_new, on_a_stick
from desk_app.services.sending import sending

GOLDEN = Path(__file__).parent / "golden" / "v1"


@pytest.fixture(scope="module")
def beginning(tmp_path_factory, account):
    """A server and a counter of it that never spoke over a line; copied for each story."""
    night = datetime(2026, 11, 26, 20, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
    place = tmp_path_factory.mktemp("beginning")
    stick = place / "stick"
    stick.mkdir()
    make_district(place / "district", seed(), now=lambda: night - timedelta(days=30))
    server = open_district(place / "district", now=lambda: night)
    ask = on_a_stick(stick, issue_code(server, OFFICE))
    clerk = NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
    apply_new(place / "one", ask, clerk, now=lambda: night)
    list(carry(server, stick))
    apply_new(place / "one", ask, clerk, now=lambda: night)
    server.close()
    return place, night


class Story:
    """One server, one counter, and every file that was ever on their stick."""

    def __init__(self, beginning, place: Path) -> None:
        shutil.copytree(beginning[0], place)
        self._at = beginning[1]
        self.server = open_district(place / "district", now=self.now)
        self.desk = open_desk(place / "one", now=self.now)
        self.stick = place / "carried"
        self.stick.mkdir()
        self.questions: list[bytes] = []
        self.answers: list[bytes] = []
        self.seed = 100

    def now(self):
        return self._at

    def work(self, times: int) -> None:
        self.seed += 10
        codes_of(self.desk, times, seed=self.seed)

    def out(self) -> None:
        self._at += timedelta(minutes=7)
        self.questions.append(take_out(self.desk, self.stick).path.read_bytes())

    def at_server(self, which: int, harm) -> None:
        if not self.questions:
            return
        for old in self.stick.iterdir():
            old.unlink()
        whole = self.questions[which % len(self.questions)]
        (self.stick / "q.hoso").write_bytes(harmed(whole, harm))
        [carried] = carry(self.server, self.stick)
        if carried.answer is not None:
            self.answers.append(carried.answer.path.read_bytes())
        else:
            assert carried.refused is not None and harm is not None

    def back(self, which: int, harm) -> None:
        if not self.answers:
            return
        file = self.stick / "a.hoso"
        file.write_bytes(harmed(self.answers[which % len(self.answers)], harm))
        try:
            bring_in(self.desk, file)
        except Refused:
            assert harm is not None
        self.nothing_is_claimed_too_early()

    def nothing_is_claimed_too_early(self) -> None:
        store = JournalStore(self.desk.journal)
        reached = store.memory("S").reached
        at_server = {line for _, line in self.server.journal.lines(limit=100_000)}
        claimed = [line for n, line in self.desk.journal.lines(limit=100_000) if n <= reached]
        assert set(claimed) <= at_server

    def clean_trips(self) -> None:
        for _ in range(3):
            self.out()
            self.at_server(-1, None)
            self.back(-1, None)
        mine = {line for _, line in self.desk.journal.lines(limit=100_000)}
        theirs = {line for _, line in self.server.journal.lines(limit=100_000)}
        assert mine <= theirs and sending(self.desk).unsent == 0
        assert bring_in(self.desk, self.stick / "a.hoso").in_step
        assert examine(self.desk.journal).sound

    def close(self) -> None:
        self.desk.close()
        self.server.close()


def harmed(whole: bytes, harm) -> bytes:
    if harm is None:
        return whole
    kind, where = harm
    at = min(int(len(whole) * where), len(whole) - 1)
    if kind == "cut":
        return whole[:at]
    return whole[:at] + bytes([whole[at] ^ 8]) + whole[at + 1 :]


harms = st.none() | st.tuples(st.sampled_from(["cut", "flip"]), st.floats(0, 1))
steps = st.one_of(
    st.tuples(st.just("work"), st.integers(1, 3)),
    st.tuples(st.just("out")),
    st.tuples(st.just("at_server"), st.integers(0, 9), harms),
    st.tuples(st.just("back"), st.integers(0, 9), harms),
)
programs = st.lists(steps, min_size=4, max_size=14)


def play(beginning, place: Path, program) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("db.replication.tail.PAGE_LINES", 3)
        story = Story(beginning, place)
        try:
            for name, *arguments in program:
                getattr(story, name)(*arguments)
            story.clean_trips()
        finally:
            story.close()
            shutil.rmtree(place)


MODEST = settings(max_examples=10, deadline=None, suppress_health_check=list(HealthCheck))
LONG = settings(MODEST, max_examples=400)


@MODEST
@given(programs)
def test_any_order_any_number_of_times_and_in_part(beginning, tmp_path_factory, program):
    play(beginning, tmp_path_factory.mktemp("story") / "s", program)


@pytest.mark.slow
@LONG
@given(programs)
def test_the_same_four_hundred_times(beginning, tmp_path_factory, program):
    play(beginning, tmp_path_factory.mktemp("story") / "s", program)


# ---------------------------------------------------------------- every kind of byte


@pytest.mark.parametrize(
    ("name", "who"), [("question", "server"), ("answer", "one"), ("snapshot", "two")]
)
def test_a_flipped_byte_anywhere_is_noticed_and_nothing_changed_is_believed(name, who, tmp_path):
    keys = json.loads((GOLDEN / "keys.json").read_text("utf-8"))
    identity = keys["server"]["age"] if who == "server" else keys[who]["machine"]["age"]
    whole = (GOLDEN / f"{name}.hoso").read_bytes()
    file = tmp_path / "x.hoso"
    file.write_bytes(whole)
    right = list(read_bundle(file, identity))
    # The head and the first frames byte by byte, then a sample.
    for at in [*range(0, 120), *range(120, len(whole), 61)]:
        for bit in (1, 128):
            file.write_bytes(whole[:at] + bytes([whole[at] ^ bit]) + whole[at + 1 :])
            believed: list[Part] = []
            try:
                came = gathered(read_bundle(file, identity), believed.append)
            except Refused:
                continue
            assert came.damaged and came.at and all(part in right for part in believed)


@pytest.mark.parametrize("name", ["question", "answer"])
def test_cut_off_anywhere_the_whole_parts_are_given_and_the_cut_is_told(name, tmp_path):
    keys = json.loads((GOLDEN / "keys.json").read_text("utf-8"))
    identity = keys["server"]["age"] if name == "question" else keys["one"]["machine"]["age"]
    whole = (GOLDEN / f"{name}.hoso").read_bytes()
    file = tmp_path / "x.hoso"
    file.write_bytes(whole)
    right = list(read_bundle(file, identity))[:-1]
    most = 0
    for length in range(14, len(whole), 53):
        file.write_bytes(whole[:length])
        believed: list[Part] = []
        came = gathered(read_bundle(file, identity), believed.append)
        lines = sum(part.slip.here for part in believed)
        assert came.damaged and came.at == lines + 1
        # Whoever carried it hears how much is missing, from any part that came.
        assert came.said == (right[0].slip.lines if believed else None)
        assert believed == right[: len(believed)] and len(believed) >= most
        most = len(believed)


@pytest.mark.parametrize("name", ["question", "answer", "snapshot"])
def test_sealing_adds_no_more_than_is_reckoned_for_the_room(name, tmp_path):
    keys = json.loads((GOLDEN / "keys.json").read_text("utf-8"))
    who = {"question": "server", "answer": "one", "snapshot": "two"}[name]
    identity = keys["server"]["age"] if who == "server" else keys[who]["machine"]["age"]
    file = GOLDEN / f"{name}.hoso"
    need = sum(len(part.body) + SEALING for part in read_bundle(file, identity))
    assert file.stat().st_size <= need


def test_a_part_that_unpacks_without_end_is_damage_and_costs_nothing(tmp_path, beginning):
    """Sealed and signed by a counter that means harm: 6 KB that would be 200 MB."""
    story = Story(beginning, tmp_path / "s")
    bomb = zstandard.ZstdCompressor().compress(b'{"type":"push"}\n' + bytes(200_000_000))
    slip = Slip(story.desk.journal.device.id, "0" * 16, 0, "push", number=1, after=0, until=9)
    recipient = story.server.facts.recipient
    write_bundle(story.stick / "q.hoso", [(slip, bomb, 9)], story.desk.journal.device, recipient)
    [carried] = carry(story.server, story.stick)
    assert carried.brought.damaged == 1 and carried.brought.lines == 0
    story.close()


# ---------------------------------------------------------------- killed while it is written

DIES = """
import os, signal, sys
from pathlib import Path
from db.replication.bundle import put

def chunks():
    for at in range(4):
        if at == int(sys.argv[2]):
            os.kill(os.getpid(), signal.SIGKILL)
        yield b"x" * 70_000

put(Path(sys.argv[1]), chunks())
"""


@pytest.mark.parametrize("at", [0, 3])
def test_killed_while_it_is_written_the_last_bundle_stays_whole(tmp_path, at):
    file = tmp_path / "HOSO-x.hoso"
    put(file, [b"the last one"])
    words = [sys.executable, "-P", "-c", DIES, str(file), str(at)]
    assert subprocess.run(words).returncode == -signal.SIGKILL
    assert file.read_bytes() == b"the last one"
    assert put(file, [b"and ", b"the next"]) == 12
    assert [f.name for f in tmp_path.iterdir()] == [file.name]
    assert file.read_bytes() == b"and the next"
