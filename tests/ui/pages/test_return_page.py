"""Results given into the right hands, with the keyboard and the scanner alone."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt

from db.parts import PaperCount
from desk_app.rules.people import PersonTyped
from desk_app.services import fees, results, supplements
from desk_app.services.find import dossier
from desk_app.services.receive import receive
from desk_app.ui.return_page import ReturnPage


@pytest.fixture
def page(runner) -> ReturnPage:
    return ReturnPage(runner)


@pytest.fixture
def opened(page, show, settle):
    def begin():
        keys = show(page)
        page.take_focus()
        settle()
        return keys

    return begin


@pytest.fixture
def shelved(desk, form):
    """A dossier whose result lies at the desk; its id and code."""

    def make(**changes):
        got = receive(desk, form(**changes))
        id_ = bytes.fromhex(got.id)
        results.issue(desk, id_, "12/XN-UBND")
        results.put_on_shelf(desk, id_, "Tủ 2, ngăn B", "bìa 14")
        return id_, got.facts.code

    return make


def enter(keys, page, settle, text):
    page.box.edit.setText(text)
    page.box.setFocus()
    keys.press(Qt.Key.Key_Return)
    settle()
    settle()


def test_one_scan_and_one_key(desk, page, opened, settle, shelved):
    id_, code = shelved()
    keys = opened()
    assert page._empty.isVisible()
    enter(keys, page, settle, code)
    assert page.card.where.text() == "Tủ 2, ngăn B, bìa 14"
    assert page.main_button.text() == "Thu 8.000 đ và trả" or "Thu" in page.main_button.text()
    keys.press(Qt.Key.Key_Return)
    page.main_action()
    settle()
    done = dossier(desk, id_)
    assert done.status == "returned"
    assert done.life.paid == done.facts.fee.amount
    assert code in page._done.text()
    assert page._empty.isVisible()


def test_it_is_taken_back_by_ctrl_z(desk, page, opened, settle, shelved):
    id_, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    page.main_action()
    settle()
    page.list.setFocus()
    keys.ctrl(Qt.Key.Key_Z)
    settle()
    assert dossier(desk, id_).status == "done"
    assert "hoàn tác" in page._done.text()


def test_somebody_else_is_asked_for_the_authorisation_and_nothing_typed_is_lost(
    desk, page, opened, settle, shelved
):
    id_, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.press(Qt.Key.Key_2)
    page.collector.name.set_text("Vũ Văn Sơn")
    page.collector.number.set_text("031085999991")
    page.main_action()
    settle()
    assert "giấy ủy quyền" in page.collector.error.text()
    assert page.collector.name.text() == "Vũ Văn Sơn"
    assert dossier(desk, id_).life.paid == 0
    page.collector.paper.set_text("12/GUQ ngày 20/11/2026")
    page.main_action()
    settle()
    assert dossier(desk, id_).life.results[0].out_to == "Vũ Văn Sơn"


def test_the_card_of_somebody_else_is_who_collects(page, opened, settle, shelved):
    _, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    card = "031085999991||Vũ Văn Sơn|05031985|Nam|Thôn 1, Xã Thử Nghiệm|10042021"
    page.take_scan("card", card)
    assert page.collector.way() == "authorised"
    assert page.collector.name.text() == "Vũ Văn Sơn"


def test_a_card_lists_that_persons_dossiers_those_with_a_result_first(
    desk, page, opened, settle, shelved, form
):
    receive(desk, form())
    shelved()
    shelved()
    opened()
    page.take_card("Nguyễn Thị Ngọc Ánh", "031187999912")
    settle()
    assert page.list.rows.rowCount() == 3
    assert page.list.rows.entry(0).says.where


def test_others_of_the_same_person_go_along(desk, page, opened, settle, shelved):
    first, code = shelved()
    second, _ = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.alt(Qt.Key.Key_1)
    assert page.others[0].isChecked()
    page.main_action()
    settle()
    assert [dossier(desk, i).status for i in (first, second)] == ["returned", "returned"]
    assert len({dossier(desk, i).life.receipts[0].payment for i in (first, second)}) == 1


def test_what_is_not_ready_says_when(desk, page, opened, settle, form):
    code = receive(desk, form()).facts.code
    keys = opened()
    enter(keys, page, settle, code)
    assert page.card.where.text().startswith("Chưa có kết quả. Hẹn 16:30")
    page.main_action()
    settle()
    assert page.collector.error.text().startswith("Chưa có kết quả. Hẹn")


def test_what_was_returned_says_to_whom_and_when(desk, page, opened, settle, shelved):
    id_, code = shelved()
    results.hand_over(desk, [id_], results.Collecting(pay="cash"))
    keys = opened()
    enter(keys, page, settle, code)
    assert page.card.where.text() == "Cho Nguyễn Thị Ngọc Ánh"
    page.main_action()
    settle()
    assert "Không trả lần nữa" in page.collector.error.text()


def test_a_signed_result_is_brought_to_the_shelf(desk, page, opened, settle, form):
    got = receive(desk, form())
    id_ = bytes.fromhex(got.id)
    results.issue(desk, id_, "12/XN")
    keys = opened()
    enter(keys, page, settle, got.facts.code)
    assert page.main_button.text() == "Nhận kết quả về quầy"
    page.shelf.set_text("Ngăn A")
    page.main_action()
    settle()
    settle()
    assert dossier(desk, id_).life.results[0].shelf == "Ngăn A"
    assert page.card.where.text() == "Ngăn A"


def test_refused_papers_go_back(desk, page, opened, settle, form):
    got = receive(desk, form())
    id_ = bytes.fromhex(got.id)
    supplements.refuse(desk, id_, "Không đủ điều kiện")
    keys = opened()
    enter(keys, page, settle, got.facts.code)
    assert page.card.where.text() == "Trả lại giấy tờ cho dân"
    page.main_action()
    settle()
    assert dossier(desk, id_).life.handed_back_at


def test_the_post_needs_its_number(desk, page, opened, settle, shelved):
    id_, code = shelved()
    fees.take_fee(desk, [id_], "cash")
    keys = opened()
    enter(keys, page, settle, code)
    keys.press(Qt.Key.Key_3)
    page.main_action()
    settle()
    assert "số hiệu bưu gửi" in page.collector.error.text()
    page.collector.item.set_text("EA123456789VN")
    page.main_action()
    settle()
    assert dossier(desk, id_).life.results[0].item == "EA123456789VN"


def test_originals_are_ticked_but_for_the_offices_own_sheets(desk, page, opened, settle, form):
    papers = (PaperCount("Tờ khai theo mẫu", 1), PaperCount("Sổ hộ khẩu", 1))
    got = receive(desk, form(procedure="1.004873", papers=(*form().papers, *papers)))
    id_ = bytes.fromhex(got.id)
    results.done_at_once(desk, id_)
    keys = opened()
    enter(keys, page, settle, got.facts.code)
    ticked = {str(b.property("paper")): b.isChecked() for b in page.pay.originals}
    assert ticked["Sổ hộ khẩu"] is True
    assert ticked["Tờ khai theo mẫu"] is False
    page.main_action()
    settle()
    assert "Sổ hộ khẩu" in dossier(desk, id_).life.originals_back


def test_why_it_was_not_returned_is_noted(desk, page, opened, settle, shelved):
    id_, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    page.ask_why()
    keys.type("Quen giay to")
    page.why._on_submit()
    settle()
    assert dossier(desk, id_).notes[-1].text == "Quen giay to"


def test_a_call_is_noted(desk, page, opened, settle, shelved):
    id_, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.alt(Qt.Key.Key_G)
    settle()
    assert dossier(desk, id_).life.told[-1].how == "phone"


def test_nothing_found_says_what_to_try(page, opened, settle):
    keys = opened()
    enter(keys, page, settle, "H24.314.11749-261126-9999")
    assert "Không thấy" in page._done.text()


def test_escape_puts_the_dossier_away_and_then_leaves(page, opened, settle, shelved, qtbot):
    _, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.press(Qt.Key.Key_Escape)
    assert page.found is None
    with qtbot.waitSignal(page.left, timeout=20_000):
        keys.press(Qt.Key.Key_Escape)


def test_a_person_without_a_number_has_no_others(desk, page, opened, settle, shelved):
    nobody = PersonTyped(name="Bùi Thị Hoa", address="Thôn 1")
    id_, code = shelved(applicant=dataclasses.replace(nobody))
    keys = opened()
    enter(keys, page, settle, code)
    assert page.found is not None
    assert page.found.others == ()
    assert id_
