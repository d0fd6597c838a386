"""A person of the form, read field by field."""

import dataclasses
from datetime import date

import msgspec
import pytest

from db.parts import Person
from desk_app.rules.people import PersonTyped, check_acts_alone, read_person, typed_from
from desk_app.rules.remarks import Remark, errors_of

TODAY = date(2026, 11, 26)
TYPED = PersonTyped(
    name=" Nguyễn  Văn Thử",
    id_number="031 085 999 991",
    born="5/3/1985",
    sex="Nam",
    address="Thôn 1,\u00a0Xã Thử Nghiệm",
    phone="+84 912 345 678",
    email="thu@example.vn",
)


def test_a_person_is_read_field_by_field() -> None:
    person, remarks = read_person(TYPED, TODAY)
    assert remarks == ()
    assert person == Person(
        name="Nguyễn Văn Thử",
        id_number="031085999991",
        id_kind="personal",
        born="1985-03-05",
        sex="Nam",
        address="Thôn 1, Xã Thử Nghiệm",
        phone="0912345678",
        email="thu@example.vn",
    )


def test_every_remark_names_its_field() -> None:
    typed = PersonTyped(name="", id_number="1", born="31/02/1990", sex="x", phone="12", email="thu")
    _, remarks = read_person(typed, TODAY, field_prefix="submitter")
    assert [(r.field, r.name) for r in remarks] == [
        ("submitter.name", "name_missing"),
        ("submitter.id_number", "id_number_digits"),
        ("submitter.born", "day_not_in_month"),
        ("submitter.sex", "sex_unreadable"),
        ("submitter.phone", "phone_unreadable"),
        ("submitter.email", "email_odd"),
    ]
    assert len(errors_of(remarks)) == 5


def test_whatever_is_read_fits_the_shape_of_the_entry() -> None:
    typed = PersonTyped(name="A" * 5_000, id_number="9" * 300, born="x", phone="1" * 99, sex="nữ")
    person, remarks = read_person(typed, TODAY)
    assert msgspec.convert(msgspec.to_builtins(person), Person) == person
    assert "too_long" in [remark.name for remark in remarks]


def test_a_number_that_does_not_fit_is_warned_about_for_people_only() -> None:
    _, remarks = read_person(dataclasses.replace(TYPED, sex="Nữ"), TODAY)
    assert [(r.name, r.severity) for r in remarks] == [("id_number_sex", "warning")]
    firm = PersonTyped(name="CÔNG TY 27", id_number="031085999991", born="1990", kind="business")
    person, remarks = read_person(firm, TODAY)
    assert [r.name for r in remarks] == ["year_only"]
    assert person.id_kind == "tax"


@pytest.mark.parametrize(("said", "sex"), [("nam", "Nam"), ("NỮ", "Nữ"), ("F", "Nữ"), ("", "")])
def test_the_sex_is_read_in_its_usual_words(said: str, sex: str) -> None:
    assert read_person(PersonTyped(name="Mai", sex=said), TODAY)[0].sex == sex


CHILD = Person(name="Phạm Minh Mới", born="2020-06-01")


def test_a_child_alone_is_warned_about_with_its_age() -> None:
    assert check_acts_alone(CHILD, None, TODAY) == (
        Remark("applicant.born", "child_alone", "warning", {"age": 6}),
    )


@pytest.mark.parametrize(
    ("applicant", "submitter"),
    [
        (CHILD, Person(name="Phạm Văn A")),
        (msgspec.structs.replace(CHILD, representative="Phạm Văn A"), None),
        (msgspec.structs.replace(CHILD, born="2011-11-26"), None),
        (msgspec.structs.replace(CHILD, born=""), None),
        (msgspec.structs.replace(CHILD, kind="business"), None),
    ],
)
def test_anyone_else_may_act(applicant: Person, submitter: Person | None) -> None:
    assert check_acts_alone(applicant, submitter, TODAY) == ()


def test_a_person_goes_back_into_the_form_and_is_read_the_same() -> None:
    person, _ = read_person(TYPED, TODAY)
    assert read_person(typed_from(person), TODAY) == (person, ())
