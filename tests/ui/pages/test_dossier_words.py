"""What the screen says of a dossier's state, promise and history."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from msgspec.structs import replace as with_

from db.dossier import Flag
from db.kinds import CORRECTABLE
from db.parts import PaperCount
from desk_app.desk import Desk
from desk_app.services.correct import correct, void
from desk_app.services.dossier_form import DossierForm
from desk_app.services.opened import OpenedDossier, opened
from desk_app.services.receive import receive
from desk_app.ui.dossier_words import (
    FIELDS,
    copy_words,
    due_column,
    due_words,
    flag_words,
    near_badge,
    papers_words,
    received_words,
    state_of,
    steps_of,
    value_words,
)

NOW = datetime(2026, 11, 26, 9, 41)


@pytest.fixture
def one(desk: Desk, form: Callable[..., DossierForm]) -> OpenedDossier:
    return opened(desk, bytes.fromhex(receive(desk, form()).id))


@pytest.mark.parametrize(
    ("due", "said"),
    [
        (NOW + timedelta(hours=7), ("hôm nay", "warn")),
        (NOW - timedelta(hours=1), ("quá giờ hẹn", "bad")),
        (NOW - timedelta(days=2), ("quá hạn 2 ngày", "bad")),
        (NOW + timedelta(days=5), ("còn 5 ngày", "muted")),
    ],
)
def test_a_promise_says_how_near_it_is(due: datetime, said: tuple[str, str]) -> None:
    assert due_words(due, NOW) == said


def test_another_year_is_written_and_this_one_is_not() -> None:
    assert due_column(datetime(2026, 12, 15, 16, 30), NOW) == "16:30 15/12"
    assert due_column(datetime(2027, 1, 4, 16, 30), NOW) == "16:30 04/01/27"
    assert received_words(datetime(2026, 11, 26, 8, 5), NOW) == "08:05"
    assert received_words(datetime(2026, 11, 25, 8, 5), NOW) == "25/11"
    assert received_words(datetime(2025, 11, 25, 8, 5), NOW) == "25/11/25"


def test_a_state_has_a_word_and_an_icon(one: OpenedDossier) -> None:
    line = one.line
    assert state_of(line) == ("Chưa in", "warn", "printer-off")
    assert state_of(replace(line, prints=1))[0] == "Đã nhận"
    assert state_of(replace(line, prints=1, flagged=True))[0] == "Cần xem"
    assert state_of(replace(line, status="voided"))[0] == "Đã hủy"
    assert near_badge(replace(line, status="voided"), one.now)[0] == ""


def test_where_copies_are_is_said_in_words(one: OpenedDossier) -> None:
    alone, safe = (replace(one, line=replace(one.line, one_copy=c)) for c in (True, False))
    assert "trên máy này" in copy_words(alone)[0]
    assert copy_words(safe) == ("Đã có bản thứ hai ngoài máy này.", "cloud-check", "ok")
    assert "2 việc mới" in copy_words(replace(safe, unsigned=frozenset("ab")))[0]
    assert copy_words(replace(safe, unsigned=frozenset()))[0] == "Máy chủ đã ký nhận đủ."


def test_papers_say_how_many_of_which_kind() -> None:
    assert papers_words(PaperCount(name="A", originals=1, copies=2)) == "1 bản chính, 2 bản sao"
    assert papers_words(PaperCount(name="A", shown=True)) == "xuất trình"


def test_every_correctable_fact_has_a_name_for_the_clerk() -> None:
    assert set(FIELDS) == set(CORRECTABLE)


def test_values_are_said_as_the_clerk_reads_them() -> None:
    assert value_words("applicant.born", "1987-02-14") == "14/02/1987"
    assert value_words("applicant.phone", "0912345678") == "0912 345 678"
    assert value_words("due_at", "2026-12-15T16:30:00+07:00") == "16:30, Thứ Ba, 15/12/2026"
    assert value_words("delivery", "post") == "Bưu chính"
    assert value_words("papers", [{}, {}]) == "2 loại giấy"
    assert value_words("fee", {"amount": 15000}) == "15.000 đ"
    assert value_words("procedure", {"short_name": "Khai sinh"}) == "Khai sinh"
    assert value_words("purpose", "") == "để trống"


def test_the_history_of_a_correction_and_a_void(desk: Desk, one: OpenedDossier) -> None:
    id = bytes.fromhex(one.dossier.id)
    correct(desk, id, {"applicant.born": "1988-02-14"}, "Gõ nhầm năm")
    void(desk, id, "Nhập hai lần")
    steps = steps_of(opened(desk, id))
    assert [step.text for step in steps] == ["Tiếp nhận", "Đính chính", "Hủy hồ sơ"]
    assert steps[1].more == (
        "Trần Thị Mai, quầy 2\nNgày sinh: 14/02/1987 → 14/02/1988\nLý do: Gõ nhầm năm"
    )
    assert steps[2].more.endswith("Lý do: Nhập hai lần")


def test_an_entry_of_a_newer_program_or_another_counter_is_named_as_such(
    one: OpenedDossier,
) -> None:
    event = with_(one.dossier.history[0], dev="elsewhere", by="lan", body=None)
    strange = replace(one, dossier=with_(one.dossier, history=(event,), readable=False))
    (step,) = steps_of(strange)
    assert step.text == "Việc do bản phần mềm mới hơn ghi"
    assert step.more == "lan, quầy khác"
    assert flag_words(strange.dossier).startswith("Hồ sơ có việc do bản phần mềm mới hơn ghi")


@pytest.mark.parametrize(
    "name",
    ["parallel_update", "field_conflict", "void_conflict", "received_twice", "bad_correction"],
)
def test_every_flag_has_a_sentence(name: str, one: OpenedDossier) -> None:
    flagged = with_(one.dossier, flags=(Flag(name, ("a", "b")), Flag(name, ("c", "d"))))  # type: ignore[arg-type]
    said = flag_words(flagged)
    assert said and len(said) <= 90
    assert flag_words(one.dossier) == ""
