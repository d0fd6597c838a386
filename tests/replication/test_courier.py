"""A stick between two nodes: any order, any number of times, in part; nothing claimed too early."""

from __future__ import annotations

import os
import random
import shutil
import subprocess

import pytest
from two_counters import codes_of
from ways_back import copy_of

from db.district.aside import aside
from db.district.counters import issue_code, revoke
from db.district.courier import carry, write_snapshot
from db.district.words import brought_words, said
from db.doctor import examine
from db.replication import bundle
from db.replication.bundle import BundleNotWritten, BundleTooNew, NoBundle, NotForUs, read_bundle
from db.replication.courier import Brought
from desk_app.messages import sentence_for
from desk_app.services.courier import bring_in, take_out
from desk_app.services.find import the_one
from desk_app.services.node_keys import machine_of
from desk_app.services.replicate import NoServer, replicate
from desk_app.services.sending import sending


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Everything here is tried on both of the server's databases."""
    return str(request.param)


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def at_server(district, stick):
    return list(carry(district.server, stick))


def test_a_night_by_motorbike(district, counter_of, stick):
    one, two = counter_of("one"), counter_of("two")
    codes = codes_of(one, 3)
    written = take_out(one, stick)
    assert written.lines >= 3 and sending(one).unsent == 3
    [carried] = at_server(district, stick)
    assert carried.refused is None and carried.brought.signed == written.lines
    # Nothing counts as arrived before the server's own answer is back.
    assert sending(one).unsent == 3
    back = bring_in(one, stick)
    assert back.signed == written.lines and back.in_step and not back.damaged
    assert sending(one).unsent == 0
    assert take_out(one, stick).lines == 0
    assert replicate(two).in_step
    assert {the_one(two, code).facts.code for code in codes} == set(codes)
    assert examine(one.journal).sound
    assert replicate(one).in_step


def test_what_others_took_in_comes_back_on_the_stick(district, counter_of, stick):
    one, two = counter_of("one"), counter_of("two")
    [code] = codes_of(two)
    replicate(two)
    take_out(one, stick)
    at_server(district, stick)
    assert bring_in(one, stick).stored >= 1
    assert the_one(one, code).facts.code == code
    idle = replicate(one)
    assert idle.in_step and idle.fetched == 0


def test_bundles_in_any_order_and_any_number_of_times(district, counter_of, stick, tmp_path):
    one, dice = counter_of("one"), random.Random(7)
    old = []
    for night in range(4):
        codes_of(one, 2, seed=night + 3)
        district.clock.forward(hours=1)
        take_out(one, stick)
        old.append(shutil.copy(stick / f"HOSO-{one.journal.device.id}.hoso", tmp_path / f"{night}"))
    answers = []
    for name in dice.sample(old * 2, 8):
        shutil.copy(name, stick / f"HOSO-{one.journal.device.id}.hoso")
        [carried] = at_server(district, stick)
        assert carried.refused is None
        answers.append(shutil.copy(carried.answer.path, tmp_path / f"answer{len(answers)}"))
    for name in dice.sample(answers * 2, 16):
        bring_in(one, tmp_path / name)
    assert sending(one).unsent == 0
    idle = replicate(one)
    assert idle.in_step and idle.sent == 0
    again = bring_in(one, tmp_path / answers[0])
    assert brought_words(again) == "Đã có đủ, không thêm gì."


def test_a_copy_cut_off_gives_its_whole_parts_and_says_so(district, counter_of, stick, monkeypatch):
    monkeypatch.setattr("db.replication.tail.PAGE_LINES", 4)
    one = counter_of("one")
    codes_of(one, 10)
    written = take_out(one, stick)
    file = written.path
    whole = file.read_bytes()
    file.write_bytes(whole[: len(whole) * 2 // 3])
    [carried] = at_server(district, stick)
    brought = carried.brought
    assert 0 < brought.lines < written.lines and brought.damaged
    assert brought.said == written.lines and brought_words(brought) == (
        f"Gói hỏng ở dòng {brought.lines + 1}. Đã nhận {brought.lines} dòng đúng,"
        f" còn thiếu {written.lines - brought.lines}. Hãy chép lại."
    )
    bring_in(one, stick)
    waiting = sending(one).unsent
    assert 0 < waiting < 10
    file.write_bytes(whole)
    at_server(district, stick)
    bring_in(one, stick)
    assert sending(one).unsent == 0 and replicate(one).in_step


def test_one_flipped_bit_takes_one_part_along(district, counter_of, stick, monkeypatch):
    monkeypatch.setattr("db.replication.tail.PAGE_LINES", 4)
    one = counter_of("one")
    codes_of(one, 10)
    written = take_out(one, stick)
    whole = bytearray(written.path.read_bytes())
    whole[len(whole) // 2] ^= 1
    written.path.write_bytes(whole)
    [carried] = at_server(district, stick)
    assert carried.brought.damaged == 1 and carried.brought.said == written.lines
    missing = written.lines - carried.brought.lines
    assert f"còn thiếu {missing}" in brought_words(carried.brought)
    bring_in(one, stick)
    take_out(one, stick)
    at_server(district, stick)
    bring_in(one, stick)
    assert replicate(one).in_step


@pytest.mark.parametrize(
    ("brought", "words"),
    [
        (Brought(811, damaged=1, said=907, at=812), "Gói hỏng ở dòng 812. Đã nhận 811 dòng đúng, còn thiếu 96. Hãy chép lại."),
        (Brought(9, damaged=1, said=9, at=10), "Gói hỏng ở cuối, đủ 9 dòng nhưng thiếu phần hỏi đáp. Hãy chép lại."),
        (Brought(damaged=2, at=1), "Gói hỏng, không đọc được dòng nào. Hãy chép lại."),
        (Brought(9), "Đã có đủ, không thêm gì."),
    ],
)  # fmt: skip
def test_what_a_bundle_came_to_is_said_in_lines(brought, words):
    assert brought_words(brought) == words


def test_a_bundle_for_somebody_else_is_not_taken(district, counter_of, stick):
    one, two = counter_of("one"), counter_of("two")
    codes_of(one)
    written = take_out(one, stick)
    with pytest.raises(NotForUs) as refused:
        bring_in(two, written.path)
    assert sentence_for(refused.value) == "Gói này không dành cho máy này. Xem lại gói của máy nào."
    at_server(district, stick)
    with pytest.raises(NoBundle):
        bring_in(two, stick)


def test_a_bundle_of_a_newer_program_is_not_taken(district, counter_of, stick):
    one = counter_of("one")
    written = take_out(one, stick)
    new = written.path.read_bytes().replace(b"HOSO-BUNDLE 1\n", b"HOSO-BUNDLE 7\n", 1)
    written.path.write_bytes(new)
    [carried] = at_server(district, stick)
    assert isinstance(carried.refused, BundleTooNew)
    assert said(carried.refused) == "Gói do bản 7 ghi. Cập nhật phần mềm rồi đọc lại."


def test_what_is_no_bundle_is_said(district, counter_of, stick):
    one = counter_of("one")
    with pytest.raises(NoBundle):
        bring_in(one, stick)
    (stick / "x.hoso").write_bytes(b"PK\x03\x04 nothing of ours")
    [carried] = at_server(district, stick)
    assert isinstance(carried.refused, NoBundle)
    with pytest.raises(NoBundle):
        carry(district.server, stick / "gone").__next__()


def test_what_a_revoked_machine_brings_waits_for_a_person(district, counter_of, stick):
    one = counter_of("one")
    codes_of(one)
    revoke(district.server, one.journal.device.id, "Mất máy")
    take_out(one, stick)
    [carried] = at_server(district, stick)
    assert carried.brought.revoked and aside(district.server).apart
    back = bring_in(one, stick)
    assert back.revoked and sending(one).unsent == 1


def test_a_counter_without_a_server_says_so(desk, stick):
    with pytest.raises(NoServer):
        take_out(desk, stick)


def test_a_server_that_went_back_is_given_everything_again_by_stick(
    district, counter_of, stick, tmp_path
):
    one = counter_of("one")
    codes_of(one, 2)
    go_back = copy_of(district.server)
    codes_of(one, 2, seed=9)
    take_out(one, stick), at_server(district, stick), bring_in(one, stick)
    assert sending(one).unsent == 0
    go_back()
    for _ in range(2):
        district.clock.forward(minutes=5)
        take_out(one, stick), at_server(district, stick), bring_in(one, stick)
    assert replicate(one).sent == 0 and replicate(one).in_step


def test_a_new_machine_gets_its_history_from_a_snapshot(district, counter_of, stick):
    one = counter_of("one", number=1)
    codes = codes_of(one, 5)
    replicate(one)
    code = issue_code(district.server, "H24.314.11749", replaces=one.journal.device.id)
    new = counter_of("new", code=code)
    write_snapshot(district.server, new.journal.device.id, stick)
    assert bring_in(new, stick).stored >= 5
    assert {the_one(new, c).facts.code for c in codes} == set(codes)
    after = replicate(new)
    assert after.in_step and after.fetched == 0


def test_the_bundle_tells_nothing_to_who_finds_the_stick(district, counter_of, stick):
    one = counter_of("one")
    [code] = codes_of(one)
    name = the_one(one, code).facts.applicant.name
    written = take_out(one, stick)
    assert name.encode() not in written.path.read_bytes()
    with one.reading() as connection:
        machine = machine_of(connection)
    with pytest.raises(NotForUs):
        list(read_bundle(written.path, machine.age))


# ---------------------------------------------------------------- sticks


@pytest.fixture
def small_stick(tmp_path):
    """A real file system of 32 KB."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "none", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_full_stick_says_how_much_is_needed_and_keeps_the_last_bundle(
    district, counter_of, small_stick
):
    one = counter_of("one")
    codes_of(one)
    before = take_out(one, small_stick).path.read_bytes()
    codes_of(one, 150, seed=8)
    with pytest.raises(BundleNotWritten) as refused:
        take_out(one, small_stick)
    assert sentence_for(refused.value).startswith("Chưa chép xong, đừng rút. Cần 1 MB")
    assert [f.name for f in small_stick.iterdir()] == [f"HOSO-{one.journal.device.id}.hoso"]
    assert next(small_stick.iterdir()).read_bytes() == before


def test_the_room_that_is_needed_and_the_room_there_is(small_stick):
    subprocess.run(["mount", "-o", "remount,size=4m", small_stick], check=True)
    with pytest.raises(BundleNotWritten) as refused:
        bundle.put(small_stick / "x.hoso", [bytes(1_000_000)] * 35, need=35_000_000)
    words = sentence_for(refused.value)
    assert words == "Chưa chép xong, đừng rút. Cần 35 MB, ổ còn 4 MB."
    assert list(small_stick.iterdir()) == []


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_locked_stick_and_one_pulled_out(district, counter_of, small_stick, tmp_path):
    one = counter_of("one")
    codes_of(one)
    subprocess.run(["mount", "-o", "remount,ro", small_stick], check=True)
    with pytest.raises(BundleNotWritten) as locked:
        take_out(one, small_stick)
    assert "khóa ghi" in sentence_for(locked.value)
    with pytest.raises(BundleNotWritten) as gone:
        take_out(one, tmp_path / "pulled-out")
    assert "Cắm lại ổ" in sentence_for(gone.value)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_stick_that_reads_back_something_else_is_found_out(
    district, counter_of, stick, monkeypatch
):
    one = counter_of("one")
    codes_of(one)
    monkeypatch.setattr(bundle, "_digest", lambda path: b"another")
    with pytest.raises(BundleNotWritten) as refused:
        take_out(one, stick)
    assert "đọc lại không đúng" in sentence_for(refused.value)
    assert list(stick.iterdir()) == []
