"""F9 and what comes after it: errors, confirmations, paper, undo, the next dossier."""

from __future__ import annotations

from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from desk_app.services.dossiers import page
from desk_app.services.find import dossier
from desk_app.services.receive import receive

F9 = Qt.Key.Key_F9


@pytest.fixture
def filled(window, keys):
    """Everything for bà Ánh's certificate is there; F9 is all that is left."""
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+")
    return window.receiving


def today(desk):
    return page(desk, "today")


def lines_of(summary):
    return [thing.sentence for thing in summary.things]


def test_the_page_is_ready_for_the_next_person_at_once(filled, keys, desk, window):
    keys.press(F9).until(lambda: len(today(desk)) == 1)
    keys.until(lambda: filled.form.empty)
    assert filled.scan_box.edit.hasFocus()
    done = filled.person.done
    keys.until(lambda: done.isVisible())
    assert done.code.text() == today(desk)[0].code
    assert done.name.text() == "Nguyễn Thị Ngọc Ánh"


def test_f9_twice_saves_one_dossier(filled, keys, desk):
    keys.press(F9).press(F9).until(lambda: filled.form.empty)
    keys.press(F9)
    keys.until(lambda: filled.person.done.state == "printed")
    assert len(today(desk)) == 1
    assert not filled.summary.isVisible()


def test_ctrl_enter_saves_as_well(filled, keys, desk):
    keys.ctrl(Qt.Key.Key_Return).until(lambda: len(today(desk)) == 1)


def test_what_is_missing_stands_on_top_and_enter_goes_to_the_first_place(window, keys, desk):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return).press(F9)
    summary, papers = window.receiving.summary, window.receiving.papers
    keys.until(summary.isVisible)
    assert summary.title_line.text() == "Chưa lưu được, còn 2 việc"
    assert summary.isAncestorOf(window.focusWidget())
    assert papers.list.rows.wanting == {0, 1}
    keys.press(Qt.Key.Key_Return)
    assert papers.list.hasFocus()
    assert papers.list.currentIndex().row() == 0
    assert today(desk) == []


def test_a_wrong_phone_is_marked_and_said_beside_the_field(filled, keys):
    keys.alt(Qt.Key.Key_I).type("0912 345 67").press(F9).until(filled.summary.isVisible)
    assert any("10 số" in line for line in lines_of(filled.summary))
    phone = filled.person.view.phone
    assert phone.field.property("bad") is True
    assert "10 số" in phone.error.text
    keys.press(Qt.Key.Key_Return)
    assert phone.line().hasFocus()
    assert phone.text() == "0912 345 67"


def test_the_save_button_is_never_disabled(window, keys):
    assert window.receiving.save_button.isEnabled()
    keys.press(F9)
    assert window.receiving.save_button.isEnabled()
    assert window.status.copies.text.startswith("Mời quét thẻ")
    assert not window.receiving.summary.isVisible()


def test_the_same_procedure_again_today_is_said_at_once_and_asked_once(window, keys, desk, form):
    receive(desk, form())
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return)
    notice = window.receiving.procedure.answers.today
    keys.until(notice.isVisible)
    assert notice.text().startswith("Bà Ánh vừa nộp thủ tục này lúc 09:41 (")
    assert notice.text().endswith("Nộp thêm?")
    keys.type("+").press(F9).until(window.receiving.summary.isVisible)
    assert len(today(desk)) == 1
    keys.press(Qt.Key.Key_Space).until(lambda: len(today(desk)) == 2)
    keys.until(lambda: window.receiving.form.empty)
    assert dossier(desk, today(desk)[0].id).facts.confirmed == ("same_today",)


def test_a_printer_that_refuses_leaves_the_dossier_safe_and_the_code_in_large_letters(
    filled, keys, desk, printer
):
    printer.write_text("failed paper")
    keys.press(F9)
    done = filled.person.done
    keys.until(lambda: done.state == "failed")
    assert today(desk)[0].prints == 0
    assert "hết giấy" in done.printer.text()
    assert "F7" in done.printer.text()
    assert done.large_code.text().replace("\n", "") == today(desk)[0].code
    assert done.large_code.isVisible()
    printer.write_text("printed ")
    keys.press(Qt.Key.Key_F7).until(lambda: today(desk)[0].prints == 1)
    assert not done.large_code.isVisible()


def test_paper_counts_as_printed_on_the_clerks_word(filled, keys, desk, printer):
    printer.write_text("unsure no-word")
    keys.press(F9)
    done = filled.person.done
    keys.until(lambda: done.state == "unsure")
    assert today(desk)[0].prints == 0
    keys.alt(Qt.Key.Key_Y).until(lambda: today(desk)[0].prints == 1)
    printed = dossier(desk, today(desk)[0].id).prints
    assert [print_.word_of for print_ in printed] == ["clerk"]


def test_a_refusal_is_still_in_sight_while_the_next_person_is_served(filled, keys, desk, printer):
    printer.write_text("failed jam")
    keys.press(F9).until(lambda: filled.person.done.state == "failed")
    keys.scan(keys.HAI).until(filled.procedure.search.hasFocus)
    assert filled.person.done.isVisible()


def test_undo_voids_the_dossier_and_opens_its_content_again(filled, keys, desk, window):
    keys.press(F9).until(lambda: filled.person.done.state == "printed")
    keys.until(lambda: today(desk)[0].prints == 1)
    code = today(desk)[0].code
    keys.ctrl(Qt.Key.Key_Z).until(lambda: today(desk)[0].status == "voided")
    keys.until(lambda: filled.form.applicant.name == "Nguyễn Thị Ngọc Ánh")
    assert filled.form.procedure == "1.004873"
    assert window.status.copies.text == f"Đã hoàn tác {code}. Mã này không dùng lại."
    keys.press(F9).until(lambda: len(today(desk)) == 2)
    codes = {line.code for line in today(desk)}
    assert len(codes) == 2


def test_ctrl_z_belongs_to_the_field_while_there_is_typing_to_take_back(filled, keys, desk):
    keys.press(F9).until(lambda: filled.form.empty)
    filled.scan_box.setFocus()
    keys.type("Anh").ctrl(Qt.Key.Key_Z)
    assert filled.scan_box.text() == ""
    assert today(desk)[0].status == "received"


def test_another_dossier_for_the_same_person_needs_no_typing(filled, keys, desk):
    keys.press(F9).until(lambda: filled.form.empty)
    keys.ctrl(Qt.Key.Key_R).until(filled.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return).type("+").press(F9)
    keys.until(lambda: len(today(desk)) == 2)
    assert {line.name for line in today(desk)} == {"Nguyễn Thị Ngọc Ánh"}


def test_what_was_typed_for_the_last_dossier_does_not_reach_the_next_one(filled, keys, desk):
    keys.alt(Qt.Key.Key_M).type("Vay von").press(F9).until(lambda: filled.form.empty)
    keys.ctrl(Qt.Key.Key_R).until(filled.procedure.search.hasFocus)
    keys.type("ctbs").press(Qt.Key.Key_Return)
    assert [row.name for row in filled.form.papers] == [
        "Bản chính giấy tờ cần chứng thực",
        "Bản sao cần chứng thực",
    ]
    assert (filled.form.purpose, filled.form.pages, filled.form.copies) == ("", "1", "1")
    assert filled.papers.pages.isVisible()


def test_another_day_needs_a_reason_and_stands_on_the_receipt(filled, keys, desk):
    keys.alt(Qt.Key.Key_H)
    work = filled.promise.work
    keys.until(work.day.field.hasFocus)
    keys.type("15/12/2026").press(F9).until(filled.summary.isVisible)
    assert lines_of(filled.summary) == ["Ghi lý do đổi ngày hẹn."]
    keys.press(Qt.Key.Key_Return)
    keys.until(work.day.field.hasFocus)
    keys.until(lambda: work.moment.text() == "16:30, Thứ Ba, 15/12/2026")
    keys.press(Qt.Key.Key_Return).type("Cho xac minh").press(F9)
    keys.until(lambda: len(today(desk)) == 1)
    facts = dossier(desk, today(desk)[0].id).facts
    assert facts.due_at == "2026-12-15T16:30:00+07:00"
    assert facts.due_override == "Cho xac minh"


def test_a_procedure_without_a_limit_asks_for_the_day(window, keys, desk):
    catalogue = window.receiving._catalogue
    unknown = next(p for p in catalogue.procedures if p.limit.unit == "unknown")
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type(unknown.code).press(Qt.Key.Key_Return)
    work = window.receiving.promise.work
    keys.until(work.override.isVisible)
    assert work.moment.text() == "Chưa có ngày hẹn"
    assert work.why.text() == "Danh mục chưa có thời hạn. Chọn ngày hẹn và ghi căn cứ."
    keys.type("+").press(F9).until(window.receiving.summary.isVisible)
    work.day.field.setFocus()
    keys.type("30/11/2026").press(Qt.Key.Key_Return).type("Theo lanh dao").press(F9)
    keys.until(lambda: len(today(desk)) == 1)


def test_an_exempted_fee_needs_a_reason(filled, keys, desk):
    exempt = filled.promise.work.ways.buttons()[2]
    exempt.click()
    assert filled.promise.work.reason.isVisible()
    keys.press(F9).until(filled.summary.isVisible)
    assert lines_of(filled.summary) == ["Ghi lý do miễn, ví dụ: hộ nghèo."]
    keys.press(Qt.Key.Key_Return)
    keys.type("Ho ngheo").press(F9).until(lambda: len(today(desk)) == 1)
    fee = dossier(desk, today(desk)[0].id).facts.fee
    assert (fee.amount, fee.how, fee.reason) == (0, "exempt", "Ho ngheo")


def test_purpose_delivery_and_note_are_saved(filled, keys, desk):
    keys.alt(Qt.Key.Key_M).type("Vay von").alt(Qt.Key.Key_G).type("Goi truoc")
    filled.procedure.answers.delivery.buttons()[1].click()
    keys.press(F9).until(lambda: len(today(desk)) == 1)
    facts = dossier(desk, today(desk)[0].id).facts
    assert (facts.purpose, facts.note, facts.delivery) == ("Vay von", "Goi truoc", "post")


def test_the_receipt_grows_while_the_form_fills(window, keys):
    preview = window.receiving.preview
    keys.until(lambda: preview.drawn is not None)
    empty = preview.drawn
    keys.scan(keys.ANH).until(lambda: preview.drawn is not empty and preview.drawn != empty)
    person = preview.drawn
    keys.type("xnhn").press(Qt.Key.Key_Return)
    keys.until(lambda: preview.drawn is not person and preview.drawn != person)
    assert preview.drawn.width() == preview.width() - 16


def test_the_promise_is_made_for_the_minute_the_clerk_looks_at_it(window, keys, clock):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("ctbs").press(Qt.Key.Key_Return)
    moment = window.receiving.promise.work.moment
    keys.until(lambda: moment.text() == "16:30, Thứ Năm, 26/11/2026")
    clock.at += timedelta(hours=6)
    window.receiving.refresh()
    keys.until(lambda: moment.text() == "16:30, Thứ Sáu, 27/11/2026")
