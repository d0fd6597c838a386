"""Results given into the right hands, with the keyboard and the scanner alone."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt

from db.parts import ClerkFacts, PaperCount
from desk_app.rules.people import PersonTyped
from desk_app.services import fees, results, supplements
from desk_app.services.demo import required
from desk_app.services.find import dossier
from desk_app.services.receipts import paper_printed
from desk_app.services.receive import receive
from desk_app.services.slips import write_slip
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
    assert page.main_button.text() == "Thu 5.000 đ và trả"
    page.main_action()
    settle()
    done = dossier(desk, id_)
    assert done.status == "returned"
    assert done.life.paid == done.facts.fee.amount
    assert code in page.undo_bar.accessibleName()
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
    again = dossier(desk, id_)
    assert again.status == "done"
    assert again.life.paid == 0
    assert "hoàn tác" in page._done.text()
    assert "Trả lại dân 5.000 đ." in page._done.text()


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
    assert page.main_button.text() == "Thu 10.000 đ và trả 2 hồ sơ"
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


def test_the_debt_of_another_dossier_is_seen_before_it_is_taken(
    desk, page, opened, settle, shelved
):
    first, code = shelved()
    shelved()
    fees.take_fee(desk, [first], "cash")
    keys = opened()
    enter(keys, page, settle, code)
    assert page.main_button.text() == "Đã trả kết quả"
    assert not page.pay._pay.isVisible()
    keys.alt(Qt.Key.Key_1)
    assert page.main_button.text() == "Thu 5.000 đ và trả 2 hồ sơ"
    assert page.pay._pay.isVisible()
    assert page.pay._owed.text() == "Còn phải thu 5.000 đ"


def test_all_that_went_together_comes_back_together_with_its_money(
    desk, page, opened, settle, shelved
):
    first, code = shelved()
    second, _ = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.alt(Qt.Key.Key_1)
    page.main_action()
    settle()
    page.list.setFocus()
    keys.ctrl(Qt.Key.Key_Z)
    settle()
    for id_ in (first, second):
        again = dossier(desk, id_)
        assert (again.status, again.life.paid) == ("done", 0)
        assert again.facts.code in page._done.text()
    assert "Trả lại dân 10.000 đ" in page._done.text()


def test_nothing_comes_back_when_one_of_them_went_on(desk, page, opened, settle, shelved):
    first, code = shelved()
    second, _ = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.alt(Qt.Key.Key_1)
    page.main_action()
    settle()
    other = dataclasses.replace(desk, clerk=ClerkFacts("khac", "Người khác"))
    results.archive(other, second, "Hộp 7")
    page.list.setFocus()
    keys.ctrl(Qt.Key.Key_Z)
    settle()
    assert "không hoàn tác được" in page._done.text()
    assert [dossier(desk, i).status for i in (first, second)] == ["returned", "returned"]


def test_a_call_that_reached_nobody_is_noted_from_the_list(desk, page, opened, settle, shelved):
    id_, _ = shelved()
    keys = opened()
    settle()
    page.list.setFocus()
    keys.alt(Qt.Key.Key_K)
    settle()
    settle()
    assert not dossier(desk, id_).life.told[-1].reached
    assert "đã gọi 1 lần, chưa gặp" in page.list.current().more
    keys.alt(Qt.Key.Key_G)
    settle()
    settle()
    assert dossier(desk, id_).life.told[-1].reached
    assert page.list.current().more.endswith("đã gọi 2 lần")


def test_what_lies_here_too_long_is_marked(desk, clock, page, opened, settle, shelved):
    shelved()
    clock.forward(days=desk.office.uncollected_days + 1)
    opened()
    settle()
    entry = page.list.current()
    assert (entry.icon, entry.warns) == ("alert-triangle", True)


def test_the_applicants_own_card_confirms_and_the_submitters_too(
    desk, page, opened, settle, shelved
):
    son = PersonTyped(name="Vũ Văn Sơn", id_number="031085999991", address="Thôn 1")
    id_, code = shelved(submitter=son)
    keys = opened()
    enter(keys, page, settle, code)
    page.take_card("Nguyễn Thị Ngọc Ánh", "031187999912")
    assert page.collector.way() == "applicant"
    assert page.collector.seen.text() == "Thẻ đúng của chủ hồ sơ."
    page.take_card("Vũ Văn Sơn", "031085999991")
    assert page.collector.way() == "submitter"
    assert "Vũ Văn Sơn" in page.collector.ways["submitter"].text()
    page.take_card("Phạm Thị Thử Hai", "031190999992")
    assert page.collector.way() == "authorised"
    assert "khác chủ hồ sơ" in page.collector.seen.text()
    page.main_button.setFocus()
    keys.press(Qt.Key.Key_4)
    page.main_action()
    settle()
    assert dossier(desk, id_).life.results[0].out_to == "Vũ Văn Sơn"


def test_the_shelf_of_the_last_one_is_offered_for_the_next(desk, page, opened, settle, form):
    codes = []
    for _ in range(2):
        got = receive(desk, form())
        results.issue(desk, bytes.fromhex(got.id), "12/XN")
        codes.append(got.facts.code)
    keys = opened()
    enter(keys, page, settle, codes[0])
    page.shelf.set_text("Tủ 3, ngăn C")
    page.main_action()
    settle()
    settle()
    enter(keys, page, settle, codes[1])
    assert page.shelf.text() == "Tủ 3, ngăn C"


def test_one_of_several_results_goes_out_and_the_others_stay(desk, page, opened, settle, form):
    got = receive(desk, form(procedure="2.000986", papers=papers_of(desk, "2.000986")))
    id_ = bytes.fromhex(got.id)
    for place in range(3):
        results.issue(desk, id_, f"{place}", place)
        results.put_on_shelf(desk, id_, "Tủ 1", f"bìa {place}", place)
    keys = opened()
    enter(keys, page, settle, got.facts.code)
    boxes = [box for box in page.parts if box.isVisible()]
    assert len(boxes) == 3
    assert "bìa 1" in boxes[1].text()
    boxes[1].setChecked(False)
    page.main_action()
    settle()
    ways = [r.delivery for r in dossier(desk, id_).life.results]
    assert ways == ["out", "at_counter", "out"]


def test_what_went_out_says_who_gave_it_and_where(desk, page, opened, settle, shelved):
    id_, code = shelved()
    results.hand_over(desk, [id_], results.Collecting(pay="cash"))
    keys = opened()
    enter(keys, page, settle, code)
    said = page.card._about.text()
    assert said.startswith("Đã trả lúc 09:41")
    assert f"quầy {desk.counter.number}" in said


def papers_of(desk, procedure):
    with desk.reading() as connection:
        published = desk.published(connection)
        return required(published.procedure(procedure, desk.now().date()).says)


@pytest.fixture
def joint(desk, form):
    """One dossier with three results on the shelf; its id and code."""
    got = receive(desk, form(procedure="2.000986", papers=papers_of(desk, "2.000986")))
    id_ = bytes.fromhex(got.id)
    for place in range(3):
        results.issue(desk, id_, f"{place}", place)
        results.put_on_shelf(desk, id_, "Tủ 1", f"bìa {place}", place)
    return id_, got.facts.code


def test_no_more_is_taken_than_the_button_says(desk, page, opened, settle, shelved, form):
    got = receive(desk, form())
    refused = bytes.fromhex(got.id)
    supplements.refuse(desk, refused, "Không đủ điều kiện")
    other, _ = shelved()
    keys = opened()
    enter(keys, page, settle, got.facts.code)
    keys.alt(Qt.Key.Key_1)
    assert page.main_button.text() == "Thu 5.000 đ và trả 2 hồ sơ"
    page.main_action()
    settle()
    assert [dossier(desk, i).life.paid for i in (refused, other)] == [0, 5_000]


def test_nothing_ticked_gives_nothing_out(desk, page, opened, settle, joint):
    id_, code = joint
    keys = opened()
    enter(keys, page, settle, code)
    for box in page.parts[:3]:
        box.setChecked(False)
    page.main_action()
    settle()
    assert page.collector.error.text().startswith("Chưa tích kết quả nào.")
    assert [r.delivery for r in dossier(desk, id_).life.results] == ["at_counter"] * 3


def test_what_is_ticked_is_of_the_open_dossier_and_the_others_go_whole(
    desk, page, opened, settle, joint, shelved
):
    id_, code = joint
    other, _ = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    page.parts[2].setChecked(False)
    keys.alt(Qt.Key.Key_1)
    page.main_action()
    settle()
    ways = [r.delivery for r in dossier(desk, id_).life.results]
    assert ways == ["out", "out", "at_counter"]
    assert dossier(desk, other).status == "returned"


def test_originals_of_what_goes_along_are_asked_about_one_by_one(desk, page, opened, settle, form):
    ids, codes = [], []
    for _ in range(2):
        got = receive(desk, form(papers=(*form().papers, PaperCount("Sổ hộ khẩu", 1))))
        ids.append(bytes.fromhex(got.id))
        codes.append(got.facts.code)
        results.done_at_once(desk, ids[-1])
    keys = opened()
    enter(keys, page, settle, codes[0])
    keys.alt(Qt.Key.Key_1)
    books = [b for b in page.pay.originals if b.property("paper") == "Sổ hộ khẩu"]
    assert len(books) == 2
    assert codes[1] in books[1].text()
    books[1].setChecked(False)
    page.main_action()
    settle()
    assert "Sổ hộ khẩu" in dossier(desk, ids[0]).life.originals_back
    assert "Sổ hộ khẩu" not in dossier(desk, ids[1]).life.originals_back


def test_to_the_post_each_goes_by_itself_and_what_is_ticked_only(
    desk, page, opened, settle, joint, shelved
):
    id_, code = joint
    other, _ = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    keys.alt(Qt.Key.Key_1)
    page.main_button.setFocus()
    keys.press(Qt.Key.Key_3)
    assert not page._others.isVisible()
    page.parts[0].setChecked(False)
    page.collector.item.set_text("EA123456789VN")
    page.main_action()
    settle()
    ways = [r.delivery for r in dossier(desk, id_).life.results]
    assert ways == ["at_counter", "posted", "posted"]
    assert dossier(desk, other).status == "done"


def test_an_undo_says_when_a_slip_is_to_be_taken_back(desk, page, opened, settle, shelved):
    id_, code = shelved()
    keys = opened()
    enter(keys, page, settle, code)
    page.main_action()
    settle()
    slip = write_slip(desk, id_, "fee")
    paper_printed(desk, slip, "printer")
    page.list.setFocus()
    keys.ctrl(Qt.Key.Key_Z)
    settle()
    assert page._done.text().endswith("Trả lại dân 5.000 đ, thu lại phiếu thu đã in.")


def test_who_took_this_one_is_named_and_not_who_took_another(desk, page, opened, settle, joint):
    id_, code = joint
    results.hand_over(desk, [id_], results.Collecting(results=(0, 1)))
    keys = opened()
    enter(keys, page, settle, code)
    keys.press(Qt.Key.Key_2)
    page.collector.name.set_text("Vũ Văn Sơn")
    page.collector.number.set_text("031085999991")
    page.collector.paper.set_text("12/GUQ")
    page.main_action()
    settle()
    assert page.undo_bar.accessibleName().endswith("cho Vũ Văn Sơn.")
    settle()
    enter(keys, page, settle, code)
    assert page.card.where.text() == "Cho Vũ Văn Sơn"
    assert page.card._about.text().endswith(f"quầy {desk.counter.number}, Trần Thị Mai")
