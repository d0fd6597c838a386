"""A scan is understood wherever the focus is, and leaves no trace there."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QLineEdit, QPlainTextEdit

UNCLEAR = "Quét chưa rõ, quét lại"


def left_in_fields(window):
    fields = (*window.findChildren(QLineEdit), *window.findChildren(QPlainTextEdit))
    texts = {}
    for field in fields:
        text = field.text() if isinstance(field, QLineEdit) else field.toPlainText()
        if field.isVisible() and text:
            texts[field.accessibleName()] = text
    return texts


def with_procedure(window, keys, short="xnhn"):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type(short).press(Qt.Key.Key_Return)


def test_a_card_scanned_into_the_empty_desk_opens_the_person(window, keys):
    keys.scan(keys.HAI).until(window.receiving.procedure.search.hasFocus)
    person = window.receiving.form.applicant
    assert (person.name, person.id_number) == ("Phạm Thị Thử Hai", "031190999992")
    assert (person.born, person.sex, person.source) == ("12/12/1990", "Nữ", "card")
    assert left_in_fields(window) == {}


@pytest.mark.parametrize("ms", [1, 8, 20, 30])
def test_a_scan_into_the_procedure_search_leaves_no_trace(window, keys, ms):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("kh")
    keys.scan(keys.HAI, ms=ms).until(
        lambda: window.receiving.form.applicant.name == "Phạm Thị Thử Hai"
    )
    assert keys.HAI[:4] not in "".join(left_in_fields(window).values())
    assert "|" not in "".join(left_in_fields(window).values())


def test_a_scan_into_the_purpose_leaves_no_trace_and_parks_the_form(window, keys):
    with_procedure(window, keys)
    keys.alt(Qt.Key.Key_M).type("Vay von")
    purpose = window.receiving.procedure.answers.purpose.line()
    assert purpose.hasFocus()
    keys.scan(keys.HAI).until(lambda: window.receiving.form.applicant.name == "Phạm Thị Thử Hai")
    assert window.receiving.drafts.parked[1].purpose == "Vay von"
    keys.ctrl(Qt.Key.Key_1).until(lambda: window.receiving.form.purpose == "Vay von")


def test_a_stray_scan_cannot_tick_papers_or_change_their_counts(window, keys):
    with_procedure(window, keys)
    assert window.receiving.papers.list.hasFocus()
    before = [(row.ticked, row.originals) for row in window.receiving.papers.list.rows.papers]
    # The same person's card again: nothing opens, and its spaces and digits went nowhere.
    keys.scan(keys.ANH)
    keys.qtbot.wait(200)
    after = [(row.ticked, row.originals) for row in window.receiving.papers.list.rows.papers]
    assert after == before
    assert window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh"


def test_typing_twelve_digits_by_hand_is_no_scan_and_stays_in_the_field(window, keys):
    box = window.receiving.scan_box
    box.setFocus()
    keys.type("031190999992", ms=70)
    assert box.text() == "031190999992"
    keys.press(Qt.Key.Key_Return).until(lambda: window.receiving.person.mode == "edit")
    assert window.receiving.person.edit.fields["id_number"].text() == "031190999992"


@pytest.mark.parametrize(
    "noise",
    ["0311909999", "031190999992031190999992", "||~x|y|9", "H24.314.117"],
    ids=["half a number", "the number twice", "noise", "half a code"],
)
def test_a_scan_of_nothing_we_know_says_scan_again_and_leaves_no_trace(window, keys, noise):
    with_procedure(window, keys)
    keys.alt(Qt.Key.Key_G)
    keys.scan(noise).until(lambda: window.status.copies.text == UNCLEAR)
    assert left_in_fields(window) == {}
    assert window.receiving.procedure.answers.note.line().hasFocus()


def test_a_scan_rewritten_by_an_input_method_reads_the_name(window, keys):
    window.receiving.scan_box.setFocus()
    raw = "031187999912||Nguye\bê\bễn Thi\bị Ngo\bọc A\bÁnh|14021987|Nữ|Thôn 3, Tú Sơn|25122021"
    keys.clock.ms += 500
    for letter in raw:
        keys.clock.ms += 4
        keys.letter(letter)
    keys.enter_of_scanner().until(lambda: not window.receiving.form.applicant.empty)
    assert window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh"
    assert left_in_fields(window) == {}


def test_a_number_scanned_without_a_card_opens_the_known_person(window, keys, desk, form):
    from desk_app.services.receive import receive

    receive(desk, form())
    keys.scan("031187999912").until(lambda: not window.receiving.form.applicant.empty)
    person = window.receiving.form.applicant
    assert (person.name, person.source) == ("Nguyễn Thị Ngọc Ánh", "known")


def test_a_dossier_code_scanned_on_the_intake_page_opens_the_dossier(window, keys, desk, form):
    from desk_app.services.receive import receive

    code = receive(desk, form()).facts.code
    window.receiving.scan_box.setFocus()
    keys.scan(code).until(lambda: window.stack.currentWidget() is window.screens.card)
    assert left_in_fields(window) == {}


def test_a_card_scanned_on_another_screen_comes_back_to_the_intake(window, keys):
    keys.press(Qt.Key.Key_F8)
    assert not window.receiving.isVisible()
    keys.scan(keys.HAI).until(window.receiving.isVisible)
    assert window.receiving.form.applicant.name == "Phạm Thị Thử Hai"


def test_nothing_is_read_while_the_desk_is_locked(window, keys):
    keys.ctrl(Qt.Key.Key_L).until(lambda: window.screens.covered)
    keys.scan(keys.HAI)
    keys.qtbot.wait(150)
    assert window.receiving.form.empty


def test_a_damaged_card_asks_for_the_name_once_and_enter_goes_on(window, keys):
    damaged = keys.HAI.replace("ạ", "?").replace("ị", "?")
    keys.scan(damaged).until(lambda: window.receiving.person.mode == "edit")
    edit = window.receiving.person.edit
    name = edit.fields["name"]
    assert name.line().hasFocus()
    assert "Gõ lại tên như trên thẻ" in name.field.accessibleDescription()
    name.line().selectAll()
    keys.type("Phạm Thị Thử Hai").press(Qt.Key.Key_Return)
    keys.until(window.receiving.procedure.search.hasFocus)
    person = window.receiving.form.applicant
    assert (person.name, person.doubts) == ("Phạm Thị Thử Hai", ())


def test_the_stored_name_heals_a_card_whose_marks_are_lost(window, keys, desk, form):
    from desk_app.services.receive import receive

    receive(desk, form())
    damaged = keys.ANH.replace("ễ", "?").replace("ọ", "?")
    keys.scan(damaged).until(window.receiving.procedure.search.hasFocus)
    assert window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh"
    assert window.receiving.form.applicant.doubts == ()


def test_the_same_number_with_another_name_is_asked_side_by_side(window, keys, desk, form):
    from desk_app.services.receive import receive

    receive(desk, form())
    conflict_card = keys.ANH.replace("Nguyễn Thị Ngọc Ánh", "Trần Thị Bích")
    keys.scan(conflict_card)
    view = window.receiving.person.view
    keys.until(lambda: view.conflict.isVisible())
    assert view.conflict.notice.text() == "Cùng số, khác tên – kiểm tra giấy tờ"
    assert "Trần Thị Bích" in view.conflict.card.text()
    assert "Nguyễn Thị Ngọc Ánh" in view.conflict.known.text()
    keys.until(view.conflict.card.hasFocus)
    keys.press(Qt.Key.Key_Tab).press(Qt.Key.Key_Space)
    keys.until(window.receiving.procedure.search.hasFocus)
    assert window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh"
