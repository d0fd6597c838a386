"""Appending in one transaction, and taking lines from elsewhere without trusting them."""

from __future__ import annotations

import base64
import hashlib
import json
import random
import secrets
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import text

from db import engine as engines
from db import projection, tables
from db.engine import DiskFull
from db.entry import Entry, Envelope, Malformed, parse, seal, verify
from db.identity import Device, new_device
from db.journal import Journal, SecondCopyFailed
from db.kinds import (
    NAME_OF,
    CalendarPublished,
    ClerkRegistered,
    DossierReceived,
    DossierVoided,
    NoteAdded,
)
from db.parts import Kind

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from ground import (
    COMMUNE,
    MORNING,
    Clock,
    Counter,
    enrolment,
    facts,
    found,
    go_on_with,
    lines_of,
    opened,
    take_in,
)

FAULTS = Path(__file__).parents[1] / "faults"


class Made:
    """Counters of this test, let go of at its end."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.opened: list[Counter] = []

    def __call__(self, name: str = "one", **more: Any) -> Counter:
        """A new counter, or the same one opened again as the next start does."""
        folder = self.folder / name
        known = [c for c in self.opened if c.folder == folder]
        key = known[0].key if known else found(folder)
        self.opened.append(opened(folder, key, **more))
        return self.opened[-1]


@pytest.fixture
def made(tmp_path: Path) -> Iterator[Made]:
    counters = Made(tmp_path)
    yield counters
    for counter in counters.opened:
        counter.close()


@pytest.fixture
def counter(made: Made) -> Counter:
    return made()


def own_entries(counter: Counter) -> list[Entry]:
    entries = [parse(line) for line in lines_of(counter)]
    return [e for e in entries if e.says.dev == counter.journal.device.id]


def chain_is_whole(entries: list[Entry]) -> bool:
    """Each entry names the one before it, and no epoch has a hole or a number twice."""
    prevs = ["", *(e.id for e in entries)]
    epochs: dict[str, list[int]] = {}
    for entry in entries:
        epochs.setdefault(entry.says.ep, []).append(entry.says.seq)
    gapless = all(found == list(range(1, len(found) + 1)) for found in epochs.values())
    return gapless and all(e.says.prev == prevs[i] for i, e in enumerate(entries))


def foreign(device: Device, body: Kind | dict[str, Any], obj: bytes, **changes: Any) -> bytes:
    """A line another counter wrote."""
    kind, version = ("dossier.routed", 1) if isinstance(body, dict) else NAME_OF[type(body)]
    says = Envelope(
        v=1,
        dev=device.id,
        ep=secrets.token_hex(8),
        seq=1,
        prev="",
        com=COMMUNE,
        obj=obj.hex(),
        par=(),
        k=kind,
        kv=version,
        ts=MORNING.isoformat(timespec="seconds"),
        ck="ok",
        by="hung",
        body=msgspec.to_builtins(body),
    )
    return seal(msgspec.structs.replace(says, **changes), device.sign).line


# ---------------------------------------------------------------- appending


def test_every_entry_is_signed_and_names_the_one_before_it(made):
    for _ in range(3):
        counter = made()
        _, entry = take_in(counter)
        go_on_with(counter, entry)
    entries = own_entries(counter)
    assert len(entries) == 3 + 3 * 4
    assert chain_is_whole(entries)
    assert all(verify(e, counter.journal.device.public_key) for e in entries)


def test_every_start_draws_an_epoch_nobody_had(made):
    for _ in range(4):
        take_in(made())
    assert len({e.says.ep for e in own_entries(made.opened[0])}) == 1 + 4


def test_an_entry_names_the_heads_its_clerk_saw(counter):
    _, received = take_in(counter)
    first, second, third = go_on_with(counter, received)
    assert [e.says.par for e in (received, first, second, third)] == [
        (),
        (received.id,),
        (first.id,),
        (second.id,),
    ]


def test_what_one_command_appends_is_there_together_or_not_at_all(counter):
    before = lines_of(counter)
    obj = secrets.token_bytes(16)
    with pytest.raises(RuntimeError), counter.journal.saving("sang") as saving:
        saving.append(obj, facts("H21.13.9-261126-0001", MORNING))
        saving.append(obj, NoteAdded("Kèm theo"))
        raise RuntimeError("power")
    assert lines_of(counter) == before
    with engines.reading(counter.journal.engine) as connection:
        assert projection.dossier_of(connection, obj) is None
    with counter.journal.saving("sang") as saving:
        saving.append(obj, facts("H21.13.9-261126-0001", MORNING))
        saving.append(obj, NoteAdded("Kèm theo"))
    assert len(lines_of(counter)) == len(before) + 2
    assert chain_is_whole(own_entries(counter))


def test_a_refused_command_leaves_no_hole_and_gives_its_number_back(counter):
    codes = []
    for nth in range(6):
        if nth % 2:
            with pytest.raises(RuntimeError), counter.journal.saving("sang") as saving:
                saving.draw(0, "2026-11-26")
                saving.append(secrets.token_bytes(16), facts("x", MORNING))
                raise RuntimeError("refused")
        codes.append(take_in(counter)[0][-4:])
    assert codes == [f"{n:04d}" for n in range(1, 7)]
    assert chain_is_whole(own_entries(counter))


def test_a_full_disk_leaves_no_hole(counter):
    take_in(counter)
    with engines.reading(counter.journal.engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(DiskFull):
        for _ in range(500):
            take_in(counter)
    with engines.reading(counter.journal.engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    take_in(counter)
    assert chain_is_whole(own_entries(counter))


def test_a_body_that_could_not_be_read_again_is_never_written(counter):
    _, received = take_in(counter)
    obj, before = bytes.fromhex(received.says.obj), lines_of(counter)
    too_many = msgspec.structs.replace(
        facts("x", MORNING), papers=tuple({"name": "x", "originals": 1} for _ in range(61))
    )
    for body in (NoteAdded("x" * 4_001), DossierVoided("x" * 1_001), too_many):
        with pytest.raises(Malformed), counter.journal.saving("sang") as saving:
            saving.append(obj, body)
    for written in ("a\0b", "ê" + "\u0323", "\ud800"):
        with pytest.raises(Malformed), counter.journal.saving("sang") as saving:
            saving.append(obj, NoteAdded(written))
    assert lines_of(counter) == before


def test_what_an_office_publishes_is_no_dossier(counter):
    with counter.journal.saving("sang") as saving:
        assert saving.append(bytes(16), CalendarPublished(2026, ())) is None


def test_numbers_of_a_block_count_by_day_from_one(counter):
    with counter.journal.saving("sang") as saving:
        drawn = [
            saving.draw(block, day)
            for block, day in ((0, "2026-11-26"), (0, "2026-11-26"), (1, "2026-11-26"))
        ]
        drawn.append(saving.draw(0, "2026-11-27"))
        drawn.append(saving.draw(0, "2026-11-26"))
    assert drawn == [1, 2, 1, 1, 3]


class Refusing:
    """A second medium that is never there."""

    def append(self, lines: list[bytes]) -> None:
        raise SecondCopyFailed()


def test_a_second_medium_that_fails_stops_nobody(counter):
    counter.journal.second = Refusing()
    code, _ = take_in(counter)
    assert code.endswith("-0001")


def test_the_second_medium_gets_each_line_after_its_commit(counter):
    copied: list[bytes] = []

    class Listening:
        def append(self, lines: list[bytes]) -> None:
            assert set(lines) <= set(lines_of(counter))
            copied.extend(lines)

    counter.journal.second = Listening()
    _, entry = take_in(counter)
    go_on_with(counter, entry)
    assert copied == lines_of(counter)[3:]


# ---------------------------------------------------------------- several writers

TURNS = 25


def test_one_journal_written_by_several_threads_has_no_number_twice(counter):
    def work(seed: int) -> None:
        dice = random.Random(seed)
        for _ in range(TURNS):
            if dice.random() < 0.4:
                with pytest.raises(RuntimeError), counter.journal.saving("sang") as saving:
                    saving.append(secrets.token_bytes(16), facts("x", MORNING))
                    raise RuntimeError("refused")
            else:
                codes.append(take_in(counter)[0])

    codes: list[str] = []
    in_threads([lambda seed=seed: work(seed) for seed in range(4)])
    assert len(codes) == len(set(codes))
    assert chain_is_whole(own_entries(counter))


def test_two_journals_on_one_database_never_share_a_number(made):
    one, two = made(), made()
    codes: list[str] = []

    def work(counter: Counter) -> None:
        for _ in range(TURNS):
            codes.append(take_in(counter)[0])

    in_threads([lambda: work(one), lambda: work(two)])
    assert sorted(code[-4:] for code in codes) == [f"{n:04d}" for n in range(1, 2 * TURNS + 1)]
    entries = own_entries(one)
    assert chain_is_whole(entries)
    assert len({e.says.ep for e in entries}) == 3


def test_two_programs_on_one_database_never_share_a_number(made):
    counter = made()
    program = (
        "import sys; sys.path.insert(0, sys.argv[1]); from pathlib import Path\n"
        "from ground import opened, take_in\n"
        "counter = opened(Path(sys.argv[2]), bytes.fromhex(sys.stdin.read()))\n"
        f"for _ in range({TURNS}): print(take_in(counter)[0])\n"
    )
    command = [sys.executable, "-c", program, str(FAULTS), str(counter.folder)]
    pipe = subprocess.PIPE
    root = Path(__file__).parents[2]
    programs = [
        subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=root) for _ in range(2)
    ]
    for running in programs:
        assert running.stdin is not None
        running.stdin.write(counter.key.hex())
        running.stdin.close()
    codes: list[str] = []
    for running in programs:
        assert running.stdout is not None
        codes += running.stdout.read().split()
        running.stdout.close()
        assert running.wait(timeout=60) == 0
    assert sorted(code[-4:] for code in codes) == [f"{n:04d}" for n in range(1, 2 * TURNS + 1)]
    assert chain_is_whole(own_entries(counter))


def in_threads(jobs: list[Callable[[], None]]) -> None:
    broken: list[BaseException] = []

    def guarded(job: Callable[[], None]) -> None:
        try:
            job()
        except BaseException as e:
            broken.append(e)

    threads = [threading.Thread(target=guarded, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not broken


# ---------------------------------------------------------------- lines from elsewhere


def test_lines_of_an_enrolled_counter_are_taken_once(made):
    one, two = made("one"), made("two")
    _, entry = take_in(two)
    go_on_with(two, entry)
    lines = lines_of(two)
    taken = one.journal.accept(lines)
    assert (len(taken.stored), taken.known, taken.parked) == (len(lines), (), ())
    again = one.journal.accept(lines)
    assert (again.stored, len(again.known), again.parked) == ((), len(lines), ())
    assert set(lines) <= set(lines_of(one))
    with engines.reading(one.journal.engine) as connection:
        dossier = projection.dossier_of(connection, bytes.fromhex(entry.says.obj))
    assert dossier is not None
    assert dossier.facts.applicant.phone == "0987654321"


def test_lines_may_come_in_any_order(made):
    one, two = made("one"), made("two")
    _, entry = take_in(two)
    more = go_on_with(two, entry)
    enrolled = [line for line in lines_of(two) if b"counter.enrolled" in line]
    for line in (*enrolled, *(e.line for e in reversed([entry, *more]))):
        one.journal.accept([line])
    with engines.reading(one.journal.engine) as connection:
        here = projection.dossier_of(connection, bytes.fromhex(entry.says.obj))
    with engines.reading(two.journal.engine) as connection:
        there = projection.dossier_of(connection, bytes.fromhex(entry.says.obj))
    assert here == there is not None


def test_a_bad_line_is_set_aside_and_holds_up_no_other(counter):
    other, stranger = new_device(), new_device()
    enrolled = foreign(other, enrolment(other), b"\7" * 16)
    good = foreign(other, facts("H21.13.9-261126-0501", MORNING), b"\1" * 16)
    unknown = foreign(stranger, facts("H21.13.9-261126-1001", MORNING), b"\2" * 16)
    forged = parse(foreign(stranger, facts("x", MORNING), b"\3" * 16, dev=other.id))
    flipped = bytearray(good)
    flipped[200] ^= 1
    last = foreign(other, facts("H21.13.9-261126-0502", MORNING), b"\4" * 16)
    taken = counter.journal.accept(
        [b"", enrolled, good[:-9], bytes(flipped), unknown, forged.line, good, good, last]
    )
    assert taken.stored == (enrolled[:64].decode(), good[:64].decode(), last[:64].decode())
    assert taken.known == (good[:64].decode(),)
    assert taken.parked == (
        ("", "torn", False),
        (good[:64].decode(), "torn", False),
        (good[:64].decode(), "bad-hash", False),
        (unknown[:64].decode(), "unknown-device", False),
        (forged.id, "bad-signature", False),
    )
    held = lines_of(counter)
    assert good in held and last in held
    assert unknown not in held and forged.line not in held
    with engines.reading(counter.journal.engine) as connection:
        # It was folded while its signature was being checked; nothing of that may stay.
        assert projection.dossier_of(connection, b"\3" * 16) is None
        shown = connection.execute(text("SELECT obj, n FROM dossier")).all()
        assert b"\3" * 16 not in {bytes(row.obj) for row in shown}
        numbers = connection.execute(text("SELECT n FROM journal ORDER BY n")).scalars().all()
        assert numbers == list(range(1, len(numbers) + 1))


def test_a_counter_can_only_enrol_itself_under_the_id_of_its_key(counter):
    other, stranger = new_device(), new_device()
    in_anothers_name = foreign(stranger, enrolment(other), b"\7" * 16)
    with_anothers_key = foreign(
        stranger, msgspec.structs.replace(enrolment(stranger), device=other.id), b"\7" * 16
    )
    taken = counter.journal.accept([in_anothers_name, with_anothers_key])
    assert [each.why for each in taken.parked] == ["unknown-device", "unknown-device"]


def test_a_kind_from_tomorrow_is_stored_and_shown_as_such(counter):
    other = new_device()
    obj = b"\1" * 16
    received = foreign(other, facts("H21.13.9-261126-0501", MORNING), obj)
    tomorrow = foreign(other, {"to": "Tư pháp"}, obj, par=(received[:64].decode(),))
    taken = counter.journal.accept(
        [foreign(other, enrolment(other), b"\7" * 16), received, tomorrow]
    )
    assert taken.parked == ()
    assert tomorrow in lines_of(counter)
    with engines.reading(counter.journal.engine) as connection:
        dossier = projection.dossier_of(connection, obj)
    assert dossier is not None and not dossier.readable


def test_what_cannot_be_read_into_the_tables_is_stored_and_noted(counter):
    other = new_device()
    bad_day = msgspec.structs.replace(
        facts("H21.13.9-261126-0501", MORNING), due_at="2026-13-40T25:00:00+07:00"
    )
    bad = foreign(other, bad_day, b"\1" * 16)
    good = foreign(other, facts("H21.13.9-261126-0502", MORNING), b"\2" * 16)
    taken = counter.journal.accept([foreign(other, enrolment(other), b"\7" * 16), bad, good])
    assert taken.parked == ((bad[:64].decode(), "ValueError", True),)
    assert len(taken.stored) == 3
    assert {bad, good} <= set(lines_of(counter))
    with engines.reading(counter.journal.engine) as connection:
        assert connection.execute(text("SELECT why FROM parked")).scalars().all() == ["ValueError"]


def test_a_dossiers_line_about_an_offices_thing_holds_up_nobody(counter):
    other = new_device()
    lines = [
        foreign(other, enrolment(other), b"\7" * 16),
        foreign(other, NoteAdded("lạc chỗ"), b"\7" * 16),
        foreign(other, ClerkRegistered("lac", "Lạc Chỗ", "clerk", "x"), b"\1" * 16),
        foreign(other, facts("H21.13.9-261126-0502", MORNING), b"\1" * 16),
        foreign(other, facts("H21.13.9-261126-0503", MORNING), b"\2" * 16),
    ]
    taken = counter.journal.accept(lines)
    assert len(taken.stored) == len(lines)
    with engines.reading(counter.journal.engine) as connection:
        assert projection.dossier_of(connection, b"\2" * 16) is not None


def test_own_lines_come_back_as_own_and_their_numbers_are_not_drawn_again(made, tmp_path):
    one = made("one")
    codes = [take_in(one)[0] for _ in range(3)]
    device = one.journal.device
    found(tmp_path / "two", key=one.key, device=device)
    two = opened(tmp_path / "two", one.key)
    try:
        taken = two.journal.accept(lines_of(one), own=True)
        assert taken.parked == ()
        assert take_in(two)[0].endswith("-0004")
        assert codes[-1].endswith("-0003")
    finally:
        two.close()


# ---------------------------------------------------------------- sums


def sums(counter: Counter) -> dict[str, tuple[int, bytes]]:
    with engines.reading(counter.journal.engine) as connection:
        rows = connection.execute(text("SELECT scope, n, sum FROM tally")).all()
    return {row.scope: (row.n, bytes(row.sum)) for row in rows}


def test_the_sums_are_those_of_the_ids_whatever_the_order(made):
    one, two = made("one"), made("two")
    for _ in range(5):
        _, entry = take_in(two)
        go_on_with(two, entry)
    lines = lines_of(two)
    one.journal.accept(random.Random(5).sample(lines, len(lines)))
    enrolled = [line for line in lines if b"counter.enrolled" in line]
    one.journal.accept([*enrolled, *lines])
    for counter in (one, two):
        scopes: dict[str, list[int]] = {}
        for line in lines_of(counter):
            entry = parse(line)
            for scope in (f"com:{COMMUNE}", f"dev:{entry.says.dev}"):
                scopes.setdefault(scope, []).append(int(entry.id, 16))
        assert sums(counter) == {
            scope: (len(ids), (sum(ids) % 2**256).to_bytes(32, "big"))
            for scope, ids in scopes.items()
        }


# ---------------------------------------------------------------- the clock


def test_a_clock_before_the_newest_entry_or_far_past_it_is_not_trusted(counter):
    take_in(counter)
    quality = counter.journal.clock_quality
    at = counter.clock()
    assert quality(at) == "ok"
    assert quality(at - timedelta(minutes=4)) == "ok"
    assert quality(at + timedelta(days=59)) == "ok"
    assert quality(at - timedelta(minutes=6)) == "unsure"
    assert quality(at + timedelta(days=61)) == "unsure"
    assert quality(at.replace(year=2002)) == "unsure"
    assert quality(at.replace(year=2098)) == "unsure"


def test_entries_under_a_wrong_clock_are_marked_and_teach_the_counter_nothing(made):
    counter = made(clock=Clock())
    take_in(counter)
    for year in (2002, 2098):
        wrong = made(clock=Clock(MORNING.replace(year=year)))
        _, entry = take_in(wrong)
        assert (entry.says.ck, entry.says.ts[:4]) == ("unsure", str(year))
    right = made(clock=Clock(MORNING + timedelta(hours=1)))
    _, entry = take_in(right)
    assert entry.says.ck == "ok"
    assert chain_is_whole(own_entries(right))


def test_a_date_a_person_confirmed_counts_but_stays_marked(made):
    counter = made(clock=Clock())
    take_in(counter)
    later = made(clock=Clock(MORNING + timedelta(days=200)))
    assert later.journal.clock_quality() == "unsure"
    later.journal.confirm_clock()
    assert later.journal.clock_quality() == "ok"
    _, entry = take_in(later)
    assert entry.says.ck == "unsure"
    next_start = made(clock=Clock(MORNING + timedelta(days=200, hours=1)))
    assert take_in(next_start)[1].says.ck == "ok"


def test_a_counter_without_entries_believes_its_clock(tmp_path):
    engine = engines.open_engine(tmp_path / "new.db", bytes(32))
    with engines.writing(engine) as connection:
        tables.create(connection)
    journal = Journal(engine, new_device(), COMMUNE, lambda: MORNING.replace(year=2098))
    assert journal.clock_quality() == "ok"
    engine.dispose()


# ---------------------------------------------------------------- what a line is


def test_a_line_is_what_the_design_says(counter):
    _, entry = take_in(counter)
    digest, signature, body = entry.line.rstrip(b"\n").split(b" ", 2)
    assert hashlib.sha256(body).hexdigest().encode() == digest
    assert len(base64.b64decode(signature)) == 64
    assert list(json.loads(body)) == sorted(
        ["v", "dev", "ep", "seq", "prev", "com", "obj", "par", "k", "kv", "ts", "ck", "by", "body"]
    )
    says = json.loads(body)
    assert (says["v"], says["k"], says["kv"], says["by"]) == (1, "dossier.received", 1, "sang")
    assert says["dev"] == counter.journal.device.id
    assert msgspec.convert(says["body"], DossierReceived).code.endswith("-0001")
