"""Enrolment without a line: an application and its answer on a stick, the code on neither."""

from __future__ import annotations

import json

import pyrage
import pytest
from two_counters import codes_of

from db.district.counters import revoke
from db.district.courier import carry
from db.district.words import said
from db.replication.bundle import BundleNotWritten
from db.replication.channel import new_door_key
from db.replication.enrolment import CodeWrong, ServerNotProven, ServerNotReached
from db.replication.enrolment_stick import EnrolmentDamaged, take_answer, write_application
from desk_app.__main__ import main
from desk_app.desk import DATABASE, KEY, open_desk
from desk_app.messages import sentence_for
from desk_app.services.courier import bring_in, take_out
from desk_app.services.create_counter import CounterExists
from desk_app.services.enrol import (
    ClerkNeeded,
    NewClerk,
    apply_desk,
    apply_new,
    enrol_new,
    on_a_stick,
)
from desk_app.services.replicate import replicate
from desk_app.services.sending import sending
from desk_app.settings import FILE

MAI = NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")


@pytest.fixture
def stick(tmp_path):
    folder = tmp_path / "stick"
    folder.mkdir()
    return folder


def at_server(district, stick):
    return list(carry(district.server, stick))


def file_of(stick, ending):
    [file] = stick.glob(f"*{ending}")
    return file


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_new_machine_becomes_a_counter_and_works_by_stick_alone(
    district, stick, tmp_path, database
):
    data, code = tmp_path / "new", district.code()
    ask = on_a_stick(stick, code)
    assert apply_new(data, ask, MAI, now=district.clock) is None
    assert apply_new(data, ask, MAI, now=district.clock) is None  # once more before the answer
    written = b"".join(f.read_bytes() for f in stick.iterdir())
    assert code.encode() not in written and code.replace("-", "").encode() not in written
    [carried] = at_server(district, stick)
    assert carried.refused is None and carried.enrolled == 1
    assert b"mai" not in file_of(stick, ".tra-loi").read_bytes()
    recovery = apply_new(data, ask, MAI, now=district.clock)
    assert recovery
    desk = open_desk(data, now=district.clock)
    assert desk.journal.device.id == carried.device and desk.counter.number == 1
    codes_of(desk, 2)
    bundle_and_application = at_server(district, stick)
    assert [c.refused for c in bundle_and_application] == [None]
    take_out(desk, stick)
    at_server(district, stick)
    bring_in(desk, stick)
    assert sending(desk).unsent == 0
    without = replicate(desk)
    assert without.why == "no-address"
    assert sentence_for(without.refusal).startswith("Quầy này gửi nhận bằng ổ USB.")
    assert replicate(desk, "district.example").why == "plain-http"
    assert replicate(desk, district.url).in_step
    desk.close()
    with pytest.raises(CounterExists):
        apply_new(data, ask, MAI)


def test_a_counter_that_works_already_keeps_its_key_and_dossiers(district, stick, desk, clock):
    district.clock.at = clock()
    codes_of(desk, 2)
    ask, device = on_a_stick(stick, district.code()), desk.journal.device.id
    assert apply_desk(desk, ask) is None
    at_server(district, stick)
    enrolled = apply_desk(desk, ask, district.url)
    assert enrolled is not None and enrolled.device == device
    again = open_desk(desk.data, now=clock)
    assert replicate(again).in_step
    again.close()


def test_the_command_says_what_to_do_between(district, stick, tmp_path, capsys):
    password = tmp_path / "password"
    password.write_text("mat-khau-thu-1")
    words = ["enrol", "--data", str(tmp_path / "new"), "--code", district.code(), "--json"]
    words += ["--stick", str(stick), "--clerk", "mai", "--name", "Trần Thị Mai"]
    words += ["--password-file", str(password)]
    assert main(words) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["enrolled"] is False and "Mang tới máy chủ" in shown.err
    at_server(district, stick)
    assert main(["restore", *words[1:]]) == 0
    shown = capsys.readouterr()
    assert json.loads(shown.out)["counter"] == 1 and "Khóa khôi phục" in shown.err
    with pytest.raises(SystemExit):
        main(["enrol", "--data", str(tmp_path / "x"), "--code", "y"])


# ---------------------------------------------------------------- what is refused


def test_what_the_server_refuses_is_said_and_answered_by_nothing(district, stick, desk):
    for code in ("8F3K2-9TQ7M-XAB", district.code()):
        apply_desk(desk, on_a_stick(stick, code))
    wrong, right = at_server(district, stick), stick
    assert sorted(said(c.refused) if c.refused else "" for c in wrong) == [
        "",
        "Máy chủ không có mã này. Gõ lại, hoặc xin mã mới.",
    ]
    assert len(list(right.glob("*.tra-loi"))) == 1


def test_a_code_serves_one_machine(district, stick, tmp_path):
    code, other = district.code(), tmp_path / "other"
    other.mkdir()
    apply_new(tmp_path / "one", on_a_stick(stick, code), MAI)
    apply_new(tmp_path / "two", on_a_stick(other, code), MAI)
    assert at_server(district, stick)[0].enrolled
    [late] = at_server(district, other)
    assert said(late.refused) == "Mã đã dùng cho máy khác. Xin mã mới."
    district.clock.forward(days=8)
    # The machine that has it may fetch its answer again, for as long as it likes.
    assert at_server(district, stick)[0].enrolled == 1


def test_files_that_were_damaged_or_swapped_enrol_nobody(district, stick, tmp_path):
    code = district.code()
    one, two = tmp_path / "one", tmp_path / "two"
    apply_new(one, on_a_stick(stick, code), MAI)
    application = file_of(stick, ".don")
    whole = application.read_bytes()
    for at in range(0, len(whole), 19):
        harmed = bytearray(whole)
        harmed[at] ^= 4
        application.write_bytes(harmed)
        [carried] = at_server(district, stick)
        # A bit that packing leaves unused changes nothing; any other costs no try of the code.
        assert carried.enrolled or isinstance(carried.refused, EnrolmentDamaged)
        assert carried.enrolled or "Tệp" in said(carried.refused)
    application.write_bytes(whole[:200])
    assert isinstance(at_server(district, stick)[0].refused, EnrolmentDamaged)
    application.write_bytes(whole)
    assert at_server(district, stick)[0].enrolled
    answer = file_of(stick, ".tra-loi")
    sealed = answer.read_bytes()
    with pytest.raises(EnrolmentDamaged) as refused:
        apply_new(two, on_a_stick(stick, code), MAI)
    assert "của máy khác" in sentence_for(refused.value)
    assert not (two / DATABASE).exists() and not (two / KEY).exists()
    for harmed in (sealed[:-1], sealed[:50], b"", sealed[:300] + b"x" + sealed[301:]):
        answer.write_bytes(harmed)
        with pytest.raises(EnrolmentDamaged):
            apply_new(one, on_a_stick(stick, code), MAI)
    answer.write_bytes(sealed)
    assert apply_new(one, on_a_stick(stick, code), MAI)


def test_an_answer_by_somebody_who_does_not_know_the_code_is_not_believed(
    district, stick, tmp_path, desk
):
    """Whoever holds the stick on the way can read the application and seal what he likes."""
    code, identity = district.code(), pyrage.x25519.Identity.generate()
    device, to = desk.journal.device, str(identity.to_public())
    door = new_door_key()[1]
    path = write_application(stick, code, device, door, to)
    other = write_application(tmp_path, district.code(), device, door, to)
    list(carry(district.server, other))
    path.with_suffix(".tra-loi").write_bytes(other.with_suffix(".tra-loi").read_bytes())
    with pytest.raises(ServerNotProven):
        take_answer(stick, code, str(identity))


@pytest.mark.parametrize("harm", ["door", "recipient"])
def test_keys_that_are_none_enrol_nobody_and_use_up_no_code(district, stick, desk, harm):
    code, to = district.code(), str(pyrage.x25519.Identity.generate().to_public())
    door = b"\x01" if harm == "door" else new_door_key()[1]
    write_application(stick, code, desk.journal.device, door, to if harm == "door" else "age1x")
    [carried] = at_server(district, stick)
    assert isinstance(carried.refused, EnrolmentDamaged)
    assert apply_desk(desk, on_a_stick(stick, code)) is None
    assert at_server(district, stick)[-1].enrolled


def test_a_stick_that_cannot_be_written_makes_no_counter(district, tmp_path):
    data = tmp_path / "new"
    with pytest.raises(BundleNotWritten):
        apply_new(data, on_a_stick(tmp_path / "pulled-out", district.code()), MAI)
    assert not (data / DATABASE).exists()
    with pytest.raises(CodeWrong):
        apply_new(data, on_a_stick(tmp_path, "123"), MAI)
    assert not (data / FILE).exists() and not (data / KEY).exists()


def test_without_a_clerk_the_same_code_goes_on(district, tmp_path):
    data, code = tmp_path / "new", district.code()
    with pytest.raises(ClerkNeeded):
        enrol_new(data, district.url, code, NewClerk("lan"), now=district.clock)
    assert enrol_new(data, district.url, code, MAI, now=district.clock)
    open_desk(data, now=district.clock).close()


def test_a_server_out_of_reach_leaves_a_folder_that_goes_on(district, tmp_path):
    data, code = tmp_path / "new", district.code()
    with pytest.raises(ServerNotReached):
        enrol_new(data, "https://127.0.0.1:9", code, MAI, now=district.clock)
    assert enrol_new(data, district.url, code, MAI, now=district.clock)


def test_a_revoked_machine_is_not_enrolled_again_by_its_old_answer(district, stick, tmp_path):
    data, code = tmp_path / "new", district.code()
    ask = on_a_stick(stick, code)
    apply_new(data, ask, MAI, now=district.clock)
    device = at_server(district, stick)[0].device
    revoke(district.server, device, "Mất máy")
    apply_new(data, ask, MAI, now=district.clock)
    desk = open_desk(data, now=district.clock)
    assert replicate(desk, district.url).revoked
    desk.close()
