"""Choosing a procedure with a few keys."""

from __future__ import annotations

import dataclasses
from datetime import datetime

import msgspec
import pytest

from desk_app.services.demo import required
from desk_app.services.procedures import USUAL, catalogue, habit
from desk_app.services.promise import promise
from desk_app.services.receive import receive


def first(desk, typed):
    found = catalogue(desk).search(typed)
    return found[0].code if found else None


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("xnhn", "1.004873"),
        ("XNHN", "1.004873"),
        ("ctbs", "2.000815"),
        ("tinh trang hon nhan", "1.004873"),
        ("Tình trạng hôn nhân", "1.004873"),
        ("hon nhan tinh trang", "1.004873"),
        ("dang ky khai sinh", "1.001193"),
        ("Đăng ký khai sinh", "1.001193"),
        ("chung thuc ban sao tu ban chinh", "2.000815"),
        ("1.004873", "1.004873"),
        ("004873", "1.004873"),
        ("4873", "1.004873"),
        ("  xnhn ", "1.004873"),
    ],
)
def test_a_procedure_is_the_first_found_by_any_of_its_names(desk, typed, code):
    assert first(desk, typed) == code


@pytest.mark.parametrize("typed", ["không có thủ tục này", "zzzz", "9.999999", "'; DROP", "_", "*"])
def test_what_is_no_procedure_finds_none(desk, typed):
    assert catalogue(desk).search(typed) == []


def test_with_nothing_typed_only_the_usual_ones_are_offered_in_their_order(desk):
    found = catalogue(desk)
    assert [p.code for p in found.search("", ["2.000815", "1.004873"])] == ["2.000815", "1.004873"]
    assert found.search("") == []


def test_among_equals_the_usual_one_comes_first(desk):
    found = catalogue(desk)
    plain = [p.code for p in found.search("khai sinh")]
    assert len(plain) > 3
    assert [p.code for p in found.search("khai sinh", [plain[2]])][:2] != plain[:2]


def test_every_short_form_of_the_catalogue_finds_its_own(desk):
    found = catalogue(desk)
    for procedure in found.procedures:
        assert found.search(procedure.short_form)[0].code == procedure.code
        assert found.by_code(procedure.code) == procedure


def test_an_unknown_code_is_none(desk):
    assert catalogue(desk).by_code("0.000000") is None


def test_a_withdrawn_procedure_is_offered_no_longer_and_its_dossiers_keep_their_version(desk, form):
    """Row 34."""
    before = receive(desk, form())
    old = catalogue(desk).by_code("1.004873")
    assert old is not None
    with desk.saving() as saving:
        saving.append(b"p" * 16, msgspec.structs.replace(old, name="Tên mới của thủ tục"))
    after = receive(desk, form())
    assert after.facts.procedure.name == "Tên mới của thủ tục"
    assert after.facts.procedure.version != before.facts.procedure.version
    with desk.saving() as saving:
        saving.append(b"p" * 16, msgspec.structs.replace(old, withdrawn=True))
    assert catalogue(desk).by_code("1.004873") is None
    assert first(desk, "xnhn") != "1.004873"
    assert before.facts.procedure.name == old.name


# ---------------------------------------------------------------- habit


@pytest.fixture
def copies(desk, form):
    procedure = catalogue(desk).by_code("2.000815")
    assert procedure is not None
    return lambda **more: form(
        procedure="2.000815", papers=required(procedure), pages=2, copies=1, **more
    )


def test_a_counter_without_habits_offers_what_communes_are_asked_for_most(desk):
    assert habit(desk, None) == list(USUAL)


def test_what_was_done_today_comes_before_what_was_done_this_month(desk, form, copies, clock):
    for _ in range(3):
        receive(desk, copies())
    clock.forward(days=1)
    receive(desk, form())
    assert habit(desk, None) == ["1.004873", "2.000815"]


def test_what_this_person_did_before_comes_first(desk, form, copies):
    other = dataclasses.replace(form().applicant, id_number="031085999991", sex="Nam", born="1985")
    for _ in range(3):
        receive(desk, copies(applicant=other))
    receive(desk, form())
    assert habit(desk, None)[0] == "2.000815"
    assert habit(desk, "031187999912")[0] == "1.004873"
    assert habit(desk, "031187999912") == ["1.004873", "2.000815"]


def test_after_a_month_a_habit_is_forgotten(desk, form, clock):
    receive(desk, form())
    clock.forward(days=31)
    assert habit(desk, None) == list(USUAL)


# ---------------------------------------------------------------- the promise


def test_a_promise_explains_itself(desk):
    procedure = catalogue(desk).by_code("1.004873")
    assert procedure is not None
    said = promise(desk, procedure, desk.now())
    assert said.due_at == datetime(2026, 12, 1, 16, 30, tzinfo=desk.now().tzinfo)
    assert "3 ngày làm việc" in said.why
    assert said.steps[0].label == "nay"
