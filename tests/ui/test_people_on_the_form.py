"""Typed by hand, found by name, handed in for somebody else, an organisation."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desk_app.services.dossiers import page
from desk_app.services.find import dossier
from desk_app.services.receive import receive


@pytest.fixture
def page_(window):
    return window.receiving


def finish(keys, page_, desk):
    keys.until(page_.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    keys.until(lambda: len(page(desk, "today")) == 1)
    return dossier(desk, page(desk, "today")[0].id).facts


def test_a_person_is_typed_by_hand_with_enter_from_field_to_field(page_, keys, desk):
    keys.ctrl(Qt.Key.Key_N).until(lambda: page_.person.mode == "edit")
    keys.type("Nguyễn Văn Thử").press(Qt.Key.Key_Return)
    keys.type("031085999991").press(Qt.Key.Key_Return)
    keys.type("5/3/1985").press(Qt.Key.Key_Return)
    keys.type("Thôn 1").press(Qt.Key.Key_Return)
    keys.type("0912.345.678").press(Qt.Key.Key_Return)
    page_.person.edit.sex.take("Nam")
    keys.press(Qt.Key.Key_Return)
    facts = finish(keys, page_, desk)
    person = facts.applicant
    assert (person.name, person.id_number, person.born) == (
        "Nguyễn Văn Thử",
        "031085999991",
        "1985-03-05",
    )
    assert (person.sex, person.address, person.phone) == ("Nam", "Thôn 1", "0912345678")


def test_days_and_phones_are_echoed_in_one_form(page_, keys):
    keys.ctrl(Qt.Key.Key_N)
    fields = page_.person.edit.fields
    page_.person.edit.focus_field("born")
    keys.type("050385").press(Qt.Key.Key_Tab)
    assert fields["born"].text() == "05/03/1985"
    page_.person.edit.focus_field("phone")
    keys.type("+84912345678").press(Qt.Key.Key_Tab)
    assert fields["phone"].text() == "0912 345 678"


def test_people_who_came_before_are_offered_while_the_name_is_typed(page_, keys, desk, form):
    receive(desk, form())
    keys.type("ngoc anh").until(lambda: page_.person.mode == "matches")
    assert [k.person.name for k in page_.person.matches.people] == ["Nguyễn Thị Ngọc Ánh"]
    keys.press(Qt.Key.Key_Return).until(page_.procedure.search.hasFocus)
    person = page_.form.applicant
    assert (person.phone, person.source, person.known) == ("0912 345 678", "known", True)
    view = page_.person.view
    assert view.recent.text() == "1 hồ sơ gần đây"
    keys.until(lambda: page_.procedure.hint.text().startswith("Bà Ánh từng làm"))


def test_a_name_nobody_has_opens_the_fields_with_it(page_, keys):
    keys.type("Hoang Thi La")
    keys.qtbot.wait(200)
    keys.press(Qt.Key.Key_Return).until(lambda: page_.person.mode == "edit")
    assert page_.person.edit.fields["name"].text() == "Hoang Thi La"


def test_the_person_at_the_desk_hands_in_for_somebody_else(page_, keys, desk):
    keys.scan(keys.ANH).until(page_.procedure.search.hasFocus)
    keys.alt(Qt.Key.Key_A).until(lambda: page_.form.submitter is not None)
    assert page_.form.submitter.name == "Nguyễn Thị Ngọc Ánh"
    assert page_.form.applicant.empty
    keys.scan(keys.HAI).until(lambda: page_.form.applicant.name == "Phạm Thị Thử Hai")
    assert page_.person.view.submitter.name.text() == "Nguyễn Thị Ngọc Ánh"
    facts = finish(keys, page_, desk)
    assert (facts.applicant.name, facts.submitter.name) == (
        "Phạm Thị Thử Hai",
        "Nguyễn Thị Ngọc Ánh",
    )


def test_handing_in_for_somebody_else_can_be_taken_back(page_, keys):
    keys.scan(keys.ANH).until(page_.procedure.search.hasFocus)
    keys.alt(Qt.Key.Key_A).until(lambda: page_.form.submitter is not None)
    keys.until(lambda: page_.person.mode == "edit")
    keys.press(Qt.Key.Key_Escape).until(lambda: page_.person.mode == "view")
    page_.person.view.other.click()
    assert page_.form.submitter is None
    assert page_.form.applicant.name == "Nguyễn Thị Ngọc Ánh"


def test_an_organisation_is_an_applicant_with_its_representative(page_, keys, desk):
    keys.ctrl(Qt.Key.Key_N).until(lambda: page_.person.mode == "edit")
    edit = page_.person.edit
    edit.kind.buttons()[1].click()
    assert edit.fields["representative"].isVisible()
    assert not edit.fields["born"].isVisible()
    edit.focus_field("name")
    keys.type("Công ty TNHH Thử 2").press(Qt.Key.Key_Return)
    keys.type("0201234567").press(Qt.Key.Key_Return)
    keys.type("Thôn 2").press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Return).press(Qt.Key.Key_Return)
    keys.type("Đỗ Thử Ba").press(Qt.Key.Key_Return)
    applicant = finish(keys, page_, desk).applicant
    assert (applicant.kind, applicant.id_kind) == ("organisation", "tax")
    assert (applicant.name, applicant.representative) == ("Công ty TNHH Thử 2", "Đỗ Thử Ba")


def test_the_submitters_own_fields_can_be_put_right(page_, keys):
    keys.scan(keys.ANH).until(page_.procedure.search.hasFocus)
    keys.alt(Qt.Key.Key_A).until(lambda: page_.form.submitter is not None)
    keys.scan(keys.HAI).until(lambda: page_.form.applicant.name == "Phạm Thị Thử Hai")
    page_.person.view.submitter.edit.click()
    page_.person.edit.focus_field("phone")
    keys.type("0912345678").press(Qt.Key.Key_Return).press(Qt.Key.Key_Return)
    keys.until(lambda: page_.person.mode == "view")
    assert page_.form.submitter.phone == "0912 345 678"
    assert page_.form.applicant.phone == ""


def test_a_correction_by_hand_to_what_a_card_said_is_kept(page_, keys, desk):
    keys.scan(keys.HAI).until(page_.procedure.search.hasFocus)
    keys.alt(Qt.Key.Key_S).until(lambda: page_.person.mode == "edit")
    page_.person.edit.focus_field("address")
    keys.type("Thon 5").press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Escape).until(lambda: page_.person.mode == "view")
    assert page_.form.applicant.by_hand == ("address",)
    assert finish(keys, page_, desk).applicant.address == "Thon 5"


def test_f9_in_the_fields_keeps_the_person_and_goes_on(page_, keys):
    keys.ctrl(Qt.Key.Key_N).type("Nguyễn Văn Thử").press(Qt.Key.Key_F9)
    keys.until(page_.procedure.search.hasFocus)
    assert page_.form.applicant.name == "Nguyễn Văn Thử"


def test_a_second_phone_number_goes_into_the_note(page_, keys, desk):
    keys.scan(keys.ANH).until(page_.procedure.search.hasFocus)
    keys.alt(Qt.Key.Key_I).type("0912345678 0987654321").press(Qt.Key.Key_Return)
    assert page_.person.view.phone.text() == "0912 345 678"
    facts = finish(keys, page_, desk)
    assert facts.applicant.phone == "0912345678"
    assert "0987" in facts.note
