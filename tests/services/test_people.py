"""A citizen who came before."""

from __future__ import annotations

import dataclasses

import pytest

from desk_app.rules.people import PersonTyped
from desk_app.services.correct import correct, void
from desk_app.services.people import person_by_number, same_today
from desk_app.services.receive import receive

NUMBER = "031187999912"


def test_nobody_is_known_under_a_number_never_seen(desk, form):
    receive(desk, form())
    for number in ("", "031187999913", "03118799991", "'; DROP", '"', "031187999912*"):
        assert person_by_number(desk, number) is None


def test_a_returning_citizen_is_as_on_the_newest_dossier(desk, form):
    first = form()
    receive(desk, first)
    moved = dataclasses.replace(first.applicant, address="Thôn 9, xã Tú Sơn", phone="0987654321")
    receive(desk, form(applicant=moved))
    known = person_by_number(desk, NUMBER)
    assert known is not None
    assert (known.person.name, known.person.born) == ("Nguyễn Thị Ngọc Ánh", "1987-02-14")
    assert (known.person.address, known.person.phone) == ("Thôn 9, xã Tú Sơn", "0987654321")
    assert known.total == 2


def test_the_newest_five_of_many_dossiers_are_shown(desk, form):
    for _ in range(7):
        receive(desk, form())
    known = person_by_number(desk, NUMBER)
    assert known is not None
    assert [line.code[-4:] for line in known.dossiers] == ["0507", "0506", "0505", "0504", "0503"]
    assert known.total == 7


def test_the_one_who_hands_it_in_for_somebody_is_not_the_applicant(desk, form):
    hai = PersonTyped(name="Trần Văn Nộp", id_number="031085999991", born="1985", sex="Nam")
    receive(desk, form(submitter=hai))
    assert person_by_number(desk, "031085999991") is None


def test_a_passport_is_a_number_too(desk, form):
    guest = PersonTyped(name="Nguyễn Văn Xa", id_number="B1234567", born="01/01/1980")
    receive(desk, form(applicant=guest))
    known = person_by_number(desk, "B1234567")
    assert known is not None and known.person.id_kind == "passport"


def test_a_corrected_number_is_known_and_the_wrong_one_is_not(desk, form):
    dossier = receive(desk, form())
    correct(desk, bytes.fromhex(dossier.id), {"applicant.id_number": "031187999920"}, "gõ nhầm")
    assert person_by_number(desk, NUMBER) is None
    assert person_by_number(desk, "031187999920") is not None


def test_the_same_citizen_and_procedure_today_is_told(desk, form, clock):
    """Row 48."""
    dossier = receive(desk, form())
    clock.forward(minutes=2)
    line = same_today(desk, NUMBER, "1.004873")
    assert line is not None
    assert (line.code, line.received_at.strftime("%H:%M")) == (dossier.facts.code, "09:41")
    assert same_today(desk, NUMBER, "2.000815") is None
    assert same_today(desk, "031187999913", "1.004873") is None


def test_yesterdays_or_voided_dossiers_are_not_told(desk, form, clock):
    dossier = receive(desk, form())
    void(desk, bytes.fromhex(dossier.id), "Nhận nhầm")
    assert same_today(desk, NUMBER, "1.004873") is None
    receive(desk, form())
    clock.forward(hours=15)
    assert same_today(desk, NUMBER, "1.004873") is None


@pytest.mark.parametrize("number", ["", "%", "'"])
def test_without_a_number_nobody_is_the_same(desk, form, number):
    receive(desk, form(applicant=PersonTyped(name="Người Chưa Có Số")))
    assert same_today(desk, number, "1.004873") is None
