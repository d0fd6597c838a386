"""Step 3: ticks, counts, kinds, a free line; letters do nothing."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from desk_app.services.dossiers import page
from desk_app.services.find import dossier


@pytest.fixture
def papers(window, keys):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return)
    assert window.receiving.papers.list.hasFocus()
    return window.receiving.papers


def rows(papers):
    return papers.list.rows.papers


def test_plus_ticks_what_is_required_and_nothing_else(papers, keys):
    keys.type("+")
    assert [row.ticked for row in rows(papers)] == [row.required for row in rows(papers)]
    assert papers.state.text() == "Đủ giấy bắt buộc"
    assert papers.list.currentIndex().row() == 2


def test_equals_does_as_plus_for_keyboards_without_a_keypad(papers, keys):
    keys.type("=")
    assert papers.state.text() == "Đủ giấy bắt buộc"


def test_ticking_all_at_once_is_written_down(papers, keys, window, desk):
    keys.type("+").press(Qt.Key.Key_F9).until(lambda: len(page(desk, "today")) == 1)
    assert dossier(desk, page(desk, "today")[0].id).facts.ticked_together


def test_a_commune_may_switch_the_key_off(papers, keys):
    papers.may_tick_all = False
    keys.type("+")
    assert not any(row.ticked for row in rows(papers))


def test_space_ticks_one_and_enter_ticks_and_goes_on(papers, keys):
    keys.press(Qt.Key.Key_Space)
    assert (rows(papers)[0].ticked, papers.list.currentIndex().row()) == (True, 0)
    keys.press(Qt.Key.Key_Space)
    assert not rows(papers)[0].ticked
    keys.press(Qt.Key.Key_Return)
    assert (rows(papers)[0].ticked, papers.list.currentIndex().row()) == (True, 1)
    keys.press(Qt.Key.Key_Down)
    assert [row.ticked for row in rows(papers)[:3]] == [True, False, False]


def test_what_is_missing_is_counted(papers, keys):
    assert papers.state.text() == "Còn thiếu 2 giấy bắt buộc"
    keys.press(Qt.Key.Key_Space)
    assert papers.state.text() == "Còn thiếu 1 giấy bắt buộc"


def test_letters_do_nothing(papers, keys):
    before = list(rows(papers))
    keys.type("abcxyz")
    assert rows(papers) == before
    assert papers.list.currentIndex().row() == 0


def test_arrows_change_the_count_and_none_at_all_is_not_handed_in(papers, keys):
    keys.press(Qt.Key.Key_Right)
    assert (rows(papers)[0].ticked, rows(papers)[0].originals) == (True, 1)
    keys.press(Qt.Key.Key_Right).press(Qt.Key.Key_Right)
    assert rows(papers)[0].originals == 3
    keys.press(Qt.Key.Key_Left).press(Qt.Key.Key_Left).press(Qt.Key.Key_Left)
    assert not rows(papers)[0].ticked


def test_digits_set_the_count(papers, keys):
    keys.type("4").digit_stood()
    assert rows(papers)[0].originals == 4
    keys.qtbot.wait(800)
    keys.type("12").digit_stood()
    assert rows(papers)[0].originals == 12


def test_ctrl_and_an_arrow_change_original_to_certified_to_plain_copy(papers, keys):
    kinds = []
    for _ in range(4):
        keys.ctrl(Qt.Key.Key_Right)
        row = rows(papers)[0]
        kinds.append((row.originals, row.certified, row.copies, row.shown))
    assert kinds == [(0, 1, 0, False), (0, 0, 1, False), (0, 0, 0, True), (1, 0, 0, False)]


def test_a_paper_nobody_foresaw_is_a_free_line(papers, keys, window, desk):
    keys.type("+")
    papers.free.setFocus()
    keys.type("Don xin xac nhan").press(Qt.Key.Key_Return)
    assert rows(papers)[-1].name == "Don xin xac nhan"
    assert papers.free.text() == ""
    keys.press(Qt.Key.Key_F9).until(lambda: len(page(desk, "today")) == 1)
    facts = dossier(desk, page(desk, "today")[0].id).facts
    assert facts.papers[-1].name == "Don xin xac nhan"


def test_a_free_line_can_be_taken_away_and_the_others_cannot(papers, keys):
    papers.free.setFocus()
    keys.type("Don xin").press(Qt.Key.Key_Return).press(Qt.Key.Key_Up)
    count = len(rows(papers))
    keys.press(Qt.Key.Key_Delete)
    assert len(rows(papers)) == count - 1
    keys.press(Qt.Key.Key_Delete)
    assert len(rows(papers)) == count - 1


def test_enter_on_the_last_row_goes_to_the_save_button(papers, keys, window):
    papers.list.light(len(rows(papers)) - 1)
    keys.press(Qt.Key.Key_Return)
    assert window.receiving.save_button.hasFocus()


def test_another_procedure_brings_its_own_papers_and_keeps_the_free_line(papers, keys, window):
    papers.free.setFocus()
    keys.type("Don xin").press(Qt.Key.Key_Return)
    keys.alt(Qt.Key.Key_T).until(window.receiving.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return)
    assert rows(papers)[0].name.startswith("Giấy tờ tùy thân")
    assert rows(papers)[-1].name == "Don xin"


def test_more_than_99_copies_are_asked_about(papers, keys, window, desk):
    keys.type("+")
    papers.list.light(0)
    keys.type("99").digit_stood()
    keys.press(Qt.Key.Key_Right).press(Qt.Key.Key_F9)
    summary = window.receiving.summary
    keys.until(summary.isVisible)
    assert "100 bản" in summary.things[0].sentence
    keys.press(Qt.Key.Key_Space).until(lambda: len(page(desk, "today")) == 1)


def test_the_fee_follows_pages_and_copies(window, keys):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("ctbs").press(Qt.Key.Key_Return).type("+")
    papers, fee = window.receiving.papers, window.receiving.promise.work.fee
    assert papers.pages.hasFocus()
    keys.type("3")
    assert fee.value.text() == "5.000 đ"
    keys.press(Qt.Key.Key_Return).type("2")
    assert fee.value.text() == "10.000 đ"
    keys.press(Qt.Key.Key_Return)
    assert window.receiving.save_button.hasFocus()


def test_pages_that_are_missing_are_asked_for(window, keys):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("ctbs").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_Backspace)
    keys.press(Qt.Key.Key_F9).until(window.receiving.summary.isVisible)
    assert [thing.field for thing in window.receiving.summary.things] == ["pages"]
    keys.press(Qt.Key.Key_Return)
    assert window.receiving.papers.pages.hasFocus()
