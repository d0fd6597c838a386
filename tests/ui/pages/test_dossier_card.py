"""One dossier opened: its history in words, put right or voided through the screen."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from db.dossier import Dossier
from db.steps import Place
from desk_app.desk import Desk
from desk_app.services import forwarding, results
from desk_app.services.correct import add_note, void
from desk_app.services.demo import required
from desk_app.services.dossier_form import DossierForm
from desk_app.services.find import dossier as dossier_of
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.ui.dossier_card import DossierCard
from desk_app.ui.runner import Runner

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def card(runner: Runner) -> DossierCard:
    return DossierCard(runner)


@pytest.fixture
def open_card(
    card: DossierCard,
    show: Callable[..., Any],
    settle: Callable[[], None],
    take_in: Callable[..., list[Dossier]],
) -> Callable[[], tuple[Any, bytes]]:
    """Takes one dossier in and opens it; gives the keys and the dossier's id."""

    def opened() -> tuple[Any, bytes]:
        (dossier,) = take_in(1)
        id = bytes.fromhex(dossier.id)
        keys = show(card)
        card.show_dossier(id)
        settle()
        card.take_focus()
        return keys, id

    return opened


def steps(card: DossierCard) -> list[str]:
    return [step.text for step in card.tabs.steps._steps]


def test_the_whole_dossier_is_shown_with_its_number_in_threes(
    card: DossierCard, open_card: Callable[[], tuple[Any, bytes]], desk: Desk
) -> None:
    _, id = open_card()
    facts = dossier_of(desk, id).facts
    number = facts.applicant.id_number
    assert card._person._name.text() == facts.applicant.name
    assert card._person._number.value.text().replace(" ", "") == number
    assert card._person._number.value.text().count(" ") == 3
    assert card._matter._procedure.text() == facts.procedure.name
    assert [s.text for s in card._matter._papers._steps] == [p.name for p in facts.papers]
    assert card._matter._why.text() == facts.why_due
    assert card.tabs._proof.text() == "Mới có một bản, trên máy này. Chưa có bản thứ hai."


def test_the_history_says_when_who_where_and_which_paper(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    _, id = open_card()
    paper_printed(desk, write_receipt(desk, id), "printer", "HP LaserJet 1020")
    paper_printed(desk, write_receipt(desk, id), "clerk")
    add_note(desk, id, "Hẹn gọi lại buổi chiều.")
    card.refresh()
    settle()
    said = card.tabs.steps._steps
    assert [step.text for step in said] == [
        "Tiếp nhận",
        "In giấy tiếp nhận và hẹn trả",
        "In giấy tiếp nhận và hẹn trả, bản in lần 2",
        "Ghi chú nội bộ",
    ]
    assert said[0].at == "09:42 26/11"
    assert said[1].more == "Trần Thị Mai, quầy 2, máy in báo xong"
    assert said[2].more == "Trần Thị Mai, quầy 2, cán bộ xác nhận"
    assert said[3].more == "Trần Thị Mai, quầy 2\nHẹn gọi lại buổi chiều."
    assert "Hẹn gọi lại" in card.tabs.steps.accessibleDescription()


def test_of_three_results_each_is_shown_with_its_day_and_who_has_it(
    card: DossierCard, desk: Desk, form: Callable[..., DossierForm], show: Any, settle: Any
) -> None:
    with desk.reading() as connection:
        joint = desk.published(connection).procedure("2.000986", desk.now().date())
    assert joint is not None
    taken = receive(desk, form(procedure="2.000986", papers=required(joint.says)))
    id = bytes.fromhex(taken.id)
    until = desk.now() + timedelta(days=2)
    forwarding.forward(desk, [id], Place("Công an xã"), until)
    forwarding.take_over(desk, id)
    results.issue(dataclasses.replace(desk, role="chief"), id, "12/KS", 0)
    results.put_on_shelf(desk, id, "Ngăn A", "3", 0)
    show(card)
    card.show_dossier(id)
    settle()
    shown = card._matter._results._steps
    assert [line.text for line in shown] == [r.name for r in taken.life.results]
    assert [line.more for line in shown] == ["Đang ở quầy, Ngăn A, 3", "Chưa có", "Chưa có"]
    assert shown[1].at == "hẹn 16:30 17/12"
    assert card._matter._place.value.text().startswith("Công an xã, Trần Thị Mai")


def test_a_name_is_corrected_with_a_reason_and_the_code_stays(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
    listener: Any,
) -> None:
    keys, id = open_card()
    before = dossier_of(desk, id)
    card.changed.connect(listener.hear)
    keys.alt(Qt.Key.Key_S)
    assert card.correct_panel.fields["name"].field.hasFocus()
    keys.ctrl(Qt.Key.Key_A)
    keys.type("Nguyễn Thị Ngọc Ánh")
    card.correct_panel.reason.field.setFocus()
    keys.type("Ghi sai tên")
    keys.press(Qt.Key.Key_F9)
    settle()
    after = dossier_of(desk, id)
    assert after.facts.applicant.name == "Nguyễn Thị Ngọc Ánh"
    assert after.facts.code == before.facts.code
    assert [change.path for change in after.corrections[0].changes] == ["applicant.name"]
    assert after.corrections[0].reason == "Ghi sai tên"
    assert not card.correct_panel.isVisible()
    settle()
    assert card._person._name.text() == "Nguyễn Thị Ngọc Ánh"
    old = before.facts.applicant.name
    assert f"Họ tên: {old} → Nguyễn Thị Ngọc Ánh" in card.tabs.steps._steps[-1].more
    assert card._notice.text() == "Đã đính chính, vẫn mã cũ."
    assert len(listener.heard) == 1


def test_phone_promise_and_papers_are_corrected_together(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    keys.alt(Qt.Key.Key_S)
    panel = card.correct_panel
    panel.fields["phone"].set_text("0987.654.321")
    panel.due.set_text("16h30 15/12/2026")
    first = panel.papers.rows[0]
    first.counts.edits[2].setText("3")
    panel.reason.set_text("Nộp thêm bản sao")
    keys.ctrl(Qt.Key.Key_Return)
    settle()
    facts = dossier_of(desk, id).facts
    assert facts.applicant.phone == "0987654321"
    assert facts.due_at == "2026-12-15T16:30:00+07:00"
    assert facts.due_override == "Nộp thêm bản sao"
    assert facts.papers[0].copies == 3


def test_a_paper_is_struck_out_and_another_one_added(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    before = [paper.name for paper in dossier_of(desk, id).facts.papers]
    keys.alt(Qt.Key.Key_S)
    papers = card.correct_panel.papers
    papers.rows[0].tick.setFocus()
    keys.press(Qt.Key.Key_Space)
    papers.new_name.setFocus()
    keys.type("Văn bản ủy quyền")
    papers.new_counts.edits[0].setText("1")
    card.correct_panel.reason.set_text("Tích nhầm giấy")
    keys.press(Qt.Key.Key_F9)
    settle()
    after = dossier_of(desk, id).facts.papers
    assert [paper.name for paper in after] == [*before[1:], "Văn bản ủy quyền"]
    assert (after[-1].originals, after[-1].shown) == (1, False)


def test_what_is_wrong_is_said_at_its_field_and_nothing_is_saved(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    keys.alt(Qt.Key.Key_S)
    panel = card.correct_panel
    panel.fields["phone"].set_text("0912 345 67")
    panel.due.set_text("tuần sau")
    keys.press(Qt.Key.Key_F9)
    settle()
    assert panel.fields["phone"].error.text.startswith("Số điện thoại gồm 10 số")
    assert panel.due.error.text == "Giờ hẹn chưa rõ. Gõ như 16:30 15/12/2026."
    assert panel.reason.error.text == "Ghi lý do."
    assert panel.fields["phone"].field.hasFocus()
    assert dossier_of(desk, id).corrections == ()
    panel.fields["phone"].set_text("0912 345 678")
    panel.due.set_text("16:30 15/12/2026")
    panel.reason.set_text("Gõ nhầm")
    keys.press(Qt.Key.Key_F9)
    settle()
    assert dossier_of(desk, id).facts.applicant.phone == "0912345678"


def test_a_warning_is_shown_once_and_f9_again_goes_past_it(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    keys.alt(Qt.Key.Key_S)
    panel = card.correct_panel
    panel.fields["born"].set_text("1987")
    panel.reason.set_text("Giấy tờ chỉ ghi năm")
    keys.press(Qt.Key.Key_F9)
    settle()
    assert panel.isVisible() and panel.fields["born"].error.text
    keys.press(Qt.Key.Key_F9)
    settle()
    assert dossier_of(desk, id).facts.applicant.born == "1987"


def test_nothing_changed_is_said_in_words(
    card: DossierCard, open_card: Callable[[], tuple[Any, bytes]], settle: Callable[[], None]
) -> None:
    keys, _ = open_card()
    keys.alt(Qt.Key.Key_S)
    card.correct_panel.reason.set_text("Không rõ")
    keys.press(Qt.Key.Key_F9)
    settle()
    assert card.correct_panel._notice.text() == "Chưa có gì khác. Sửa một ô rồi lưu."


def test_esc_closes_the_form_and_keeps_what_was_typed(
    card: DossierCard, open_card: Callable[[], tuple[Any, bytes]]
) -> None:
    keys, _ = open_card()
    keys.alt(Qt.Key.Key_S)
    card.correct_panel.purpose.set_text("Vay vốn")
    keys.press(Qt.Key.Key_Escape)
    assert not card.correct_panel.isVisible()
    assert card.print_button.hasFocus()
    keys.alt(Qt.Key.Key_S)
    assert card.correct_panel.purpose.text() == "Vay vốn"


def test_enter_goes_to_the_next_field_and_tab_stays_inside(
    card: DossierCard, open_card: Callable[[], tuple[Any, bytes]]
) -> None:
    keys, _ = open_card()
    keys.alt(Qt.Key.Key_S)
    keys.press(Qt.Key.Key_Return)
    assert not card.correct_panel.fields["name"].field.hasFocus()
    for _ in range(40):
        keys.press(Qt.Key.Key_Tab)
        focus = card.focusWidget()
        assert focus is not None and card.correct_panel.isAncestorOf(focus)


def test_a_dossier_is_voided_with_a_reason_only(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    keys.alt(Qt.Key.Key_H)
    keys.press(Qt.Key.Key_F9)
    settle()
    assert card.void_panel.field.error.text == "Ghi lý do."
    assert dossier_of(desk, id).status == "received"
    keys.type("Nhập hai lần")
    keys.press(Qt.Key.Key_F9)
    settle()
    settle()
    assert dossier_of(desk, id).void_reason == "Nhập hai lần"
    assert card._person._state.text == "Đã hủy"
    assert card._notice.text() == "Hồ sơ đã hủy. Lý do: Nhập hai lần"
    assert steps(card)[-1] == "Hủy hồ sơ"


def test_a_voided_dossier_says_why_it_cannot_be_changed(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    void(desk, id, "Nhập hai lần")
    card.refresh()
    settle()
    for key in (Qt.Key.Key_S, Qt.Key.Key_G, Qt.Key.Key_H):
        card.say("")
        keys.alt(key)
        assert card._notice.text() == "Hồ sơ này đã hủy: Nhập hai lần."


def test_a_void_done_elsewhere_meanwhile_is_refused_with_a_sentence(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    keys.alt(Qt.Key.Key_H)
    keys.type("Nhầm người")
    void(desk, id, "Nhập hai lần")
    keys.press(Qt.Key.Key_F9)
    settle()
    assert card.void_panel.isVisible()
    assert card.void_panel.edit.toPlainText() == "Nhầm người"
    assert card.void_panel.field.error.text == "Hồ sơ này đã hủy: Nhập hai lần."


def test_a_note_is_kept_and_shown(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    settle: Callable[[], None],
    desk: Desk,
) -> None:
    keys, id = open_card()
    keys.alt(Qt.Key.Key_G)
    keys.type("Gọi lại lúc 14 giờ")
    keys.press(Qt.Key.Key_Return, CTRL)
    settle()
    settle()
    assert dossier_of(desk, id).notes[0].text == "Gọi lại lúc 14 giờ"
    assert "Gọi lại lúc 14 giờ" in card.tabs.steps._steps[-1].more
    assert not card.note_panel.isVisible() and card.note_panel.edit.toPlainText() == ""


def test_f7_asks_for_the_receipt_again_and_esc_goes_back(
    card: DossierCard,
    open_card: Callable[[], tuple[Any, bytes]],
    listener: Any,
) -> None:
    keys, id = open_card()
    card.print_wanted.connect(listener.hear)
    card.left.connect(lambda: listener.hear("left"))
    keys.press(Qt.Key.Key_F7)
    keys.press(Qt.Key.Key_F9)
    keys.press(Qt.Key.Key_Escape)
    assert listener.heard == [id, id, "left"]


def test_while_a_panel_is_open_the_keys_of_the_page_are_still(
    card: DossierCard, open_card: Callable[[], tuple[Any, bytes]], listener: Any
) -> None:
    keys, _ = open_card()
    card.print_wanted.connect(listener.hear)
    keys.alt(Qt.Key.Key_H)
    keys.press(Qt.Key.Key_F7)
    keys.alt(Qt.Key.Key_S)
    assert listener.heard == [] and not card.correct_panel.isVisible()


def test_an_unknown_dossier_is_said_in_words(
    card: DossierCard, show: Callable[..., Any], settle: Callable[[], None], qtbot: QtBot
) -> None:
    show(card)
    card.show_dossier(bytes(16))
    settle()
    assert card._notice.text().startswith("Không thấy hồ sơ")
