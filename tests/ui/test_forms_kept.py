"""No form is ever lost: put aside by a second card, by Esc, by a power cut."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desk_app.services.dossiers import page
from desk_app.services.drafts import drafts
from desk_app.ui.receiving_jobs import save

CARDS = [
    f"03119099998{n}||Phạm Thị Thử {name}|12121990|Nữ|Tổ 3, Núi Đối, Hải Phòng|25122021"
    for n, name in enumerate(("Một", "Hai", "Ba", "Bốn", "Năm", "Sáu", "Bảy"))
]


@pytest.fixture
def page_(window):
    return window.receiving


def scan(keys, page_, card):
    name = card.split("|")[2]
    keys.scan(card).until(lambda: page_.form.applicant.name == name)
    keys.until(page_.procedure.search.hasFocus)


def test_a_second_card_puts_the_open_form_aside(window, page_, keys):
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+")
    keys.scan(keys.HAI).until(lambda: page_.form.applicant.name == "Phạm Thị Thử Hai")
    assert "Đã cất nháp bà Ánh. Ctrl+1 để mở lại" in said(window, keys)
    assert not page_.form.procedure
    keys.ctrl(Qt.Key.Key_1).until(lambda: page_.form.applicant.name == "Nguyễn Thị Ngọc Ánh")
    assert [row.ticked for row in page_.form.papers[:2]] == [True, True]
    assert page_.drafts.titles() == {1: "bà Hai"}


def said(window, keys):
    """The sentence about the parked form may have been followed by the one about the card."""
    return window.said_so_far


@pytest.fixture(autouse=True)
def remember_what_is_said(window):
    window.said_so_far = []
    window.receiving.said.connect(window.said_so_far.append)


def test_five_forms_wait_and_a_sixth_person_is_not_taken_until_there_is_room(window, page_, keys):
    for card in CARDS[:6]:
        scan(keys, page_, card)
    assert sorted(page_.drafts.parked) == [1, 2, 3, 4, 5]
    keys.scan(CARDS[6])
    keys.until(lambda: window.said_so_far[-1].startswith("Đã cất 5 hồ sơ"))
    assert page_.form.applicant.name == "Phạm Thị Thử Sáu"
    keys.ctrl(Qt.Key.Key_Delete).until(lambda: page_.form.empty)
    keys.scan(CARDS[6]).until(lambda: page_.form.applicant.name == "Phạm Thị Thử Bảy")


def test_esc_clears_a_read_card_and_ctrl_z_brings_it_back(page_, keys):
    scan(keys, page_, keys.ANH)
    keys.press(Qt.Key.Key_Escape).until(lambda: page_.form.empty)
    assert page_.scan_box.edit.hasFocus()
    keys.ctrl(Qt.Key.Key_Z).until(lambda: page_.form.applicant.name == "Nguyễn Thị Ngọc Ánh")


def test_esc_puts_a_form_with_work_in_it_aside(page_, keys):
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Escape).until(lambda: page_.form.empty)
    assert page_.drafts.titles() == {1: "bà Ánh"}
    assert page_.parked.isVisible()


def test_esc_goes_back_one_step_at_a_time(page_, keys):
    scan(keys, page_, keys.ANH)
    keys.type("kh").press(Qt.Key.Key_Escape)
    assert page_.procedure.search.text() == ""
    assert page_.form.applicant.name == "Nguyễn Thị Ngọc Ánh"
    keys.type("xnhn").press(Qt.Key.Key_Return).press(Qt.Key.Key_F9)
    keys.until(page_.summary.isVisible)
    keys.press(Qt.Key.Key_Escape)
    assert not page_.summary.isVisible()
    assert page_.form.procedure == "1.004873"


def test_a_form_is_on_the_disk_within_a_second_of_a_change(page_, keys, desk):
    scan(keys, page_, keys.ANH)
    keys.until(lambda: [d.title for d in drafts(desk)] == ["bà Ánh"])
    keys.type("xnhn").press(Qt.Key.Key_Return)
    keys.alt(Qt.Key.Key_M).type("Vay von")
    keys.qtbot.wait(1_000)
    assert drafts(desk)[0].form["purpose"] == "Vay von"


def test_a_saved_form_leaves_no_draft(page_, keys, desk):
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    keys.until(lambda: page_.form.empty)
    keys.until(lambda: drafts(desk) == [])


def test_the_open_form_and_the_parked_ones_come_back_after_a_power_cut(
    window, page_, keys, reopened, open_window
):
    scan(keys, page_, keys.HAI)
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+")
    keys.alt(Qt.Key.Key_M).type("Vay von")
    keys.qtbot.wait(1_000)
    # The first window is not closed and says nothing more: the power went.
    window.hide()
    after = open_window(reopened())
    again = after.receiving
    keys.until(lambda: again.form.purpose == "Vay von")
    assert again.form.applicant.name == "Nguyễn Thị Ngọc Ánh"
    assert [row.ticked for row in again.form.papers[:2]] == [True, True]
    assert again.drafts.titles() == {1: "bà Hai"}
    keys.until(
        lambda: after.status.copies.text == "Máy tắt đột ngột lúc 09:41. Đã mở lại hồ sơ đang nhập."
    )


def test_a_form_saved_before_the_power_cut_is_not_saved_twice(
    window, page_, keys, desk, reopened, open_window
):
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+")
    keys.qtbot.wait(1_000)
    form = page_.form
    # Saved, but the power went before the draft was dropped.
    save(form, desk)
    window.hide()
    after = open_window(reopened())
    assert after.receiving.form.empty
    assert drafts(desk) == []
    assert len(page(desk, "today")) == 1


def test_saving_the_same_form_again_gives_back_the_same_dossier(page_, keys, desk):
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+")
    form = page_.form
    assert save(form, desk).id == save(form, desk).id == form.id
    assert len(page(desk, "today")) == 1


def test_what_is_typed_is_written_when_the_window_closes(window, page_, keys, reopened):
    scan(keys, page_, keys.ANH)
    keys.type("xnhn").press(Qt.Key.Key_Return)
    window.close()
    keys.until(lambda: [d.form["procedure"] for d in drafts(reopened())] == ["1.004873"])
