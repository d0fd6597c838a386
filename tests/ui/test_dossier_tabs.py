"""One dossier's papers, money, prints and copies beside its facts, by Ctrl+Tab."""

from __future__ import annotations

import os

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from desk_app.messages import sentence_for
from desk_app.services import fees, forwarding
from desk_app.services.digitise import NoSuchPaper, digital_of, papers_of, reuse
from desk_app.services.find import dossier
from desk_app.services.receive import receive
from desk_app.services.steps import undo_step


def looked_at(window, name):
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def card(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    fees.take_fee(desk, [id_], "cash", number="0001234")
    window.ways.open_id(id_)
    keys.until(lambda: window.screens.card.opened is not None)
    return window.screens.card, id_


def turn_to(window, keys, card, name):
    while not card.tabs.chips[name].isChecked():
        keys.ctrl(Qt.Key.Key_Tab)


def texts(view):
    rows = view.rows
    return [rows.entry(n).text for n in range(rows.rowCount())]


def test_ctrl_tab_goes_round(window, keys, card):
    page, _ = card
    seen = []
    for _ in range(6):
        seen.append(next(n for n, chip in page.tabs.chips.items() if chip.isChecked()))
        keys.ctrl(Qt.Key.Key_Tab)
    assert seen == ["history", "papers", "money", "prints", "sent", "history"]


def test_money_says_each_payment_and_what_is_owed(desk, window, keys, card):
    page, id_ = card
    turn_to(window, keys, page, "money")
    assert texts(page.tabs.money) == ["Thu 5.000 đ"]
    entry = page.tabs.money.rows.entry(0)
    assert "tiền mặt" in entry.more
    assert "biên lai 0001234" in entry.more
    assert page.tabs._owes.text() == "Đã thu 5.000 đ, không còn nợ."
    looked_at(window, "tab-money")
    undo_step(desk, id_)
    page.refresh()
    keys.until(lambda: "còn phải thu 5.000 đ" in page.tabs._owes.text())
    assert page.tabs.money.rows.entry(0).more.endswith("ghi nhầm, không tính")


def test_f7_prints_the_chosen_paper_again(desk, window, keys, card):
    page, id_ = card
    window.printing.print_slip(id_, "fee")
    keys.until(lambda: any(p.form == "fee" for p in dossier(desk, id_).prints))
    page.refresh()
    turn_to(window, keys, page, "prints")
    keys.until(lambda: texts(page.tabs.prints)[0] == "Phiếu thu phí")
    looked_at(window, "tab-prints")
    keys.press(Qt.Key.Key_F7)
    keys.until(lambda: [p.nth for p in dossier(desk, id_).prints if p.form == "fee"] == [1, 2])


def test_f7_prints_the_list_again_that_the_dossier_was_given_over_on(desk, window, keys, card):
    page, id_ = card
    forwarding.forward(desk, [id_])
    window.printing.print_slip(id_, "handover")
    keys.until(lambda: any(p.form == "handover" for p in dossier(desk, id_).prints))
    page.refresh()
    turn_to(window, keys, page, "prints")
    keys.until(lambda: texts(page.tabs.prints)[0] == "Phiếu bàn giao")
    keys.press(Qt.Key.Key_F7)
    keys.until(lambda: [p.nth for p in dossier(desk, id_).prints] == [1, 2])


def test_a_slip_of_a_payment_taken_back_is_refused_in_sight(desk, window, keys, card):
    page, id_ = card
    window.printing.print_slip(id_, "fee")
    keys.until(lambda: any(p.form == "fee" for p in dossier(desk, id_).prints))
    undo_step(desk, id_)
    page.refresh()
    turn_to(window, keys, page, "prints")
    keys.until(lambda: texts(page.tabs.prints)[:1] == ["Phiếu thu phí"])
    keys.press(Qt.Key.Key_F7)
    keys.until(lambda: "Làm lại rồi in phiếu mới" in window.status.copies.text)
    looked_at(window, "taken-back")
    assert window.status.printer.text == "Máy in: tốt"
    assert len([p for p in dossier(desk, id_).prints if p.form == "fee"]) == 1


def test_each_entry_says_whether_it_is_elsewhere(window, keys, card):
    page, _ = card
    turn_to(window, keys, page, "sent")
    assert len(texts(page.tabs.sent)) == 2
    assert "chưa nối máy chủ" in page.tabs.sent.rows.entry(0).more
    looked_at(window, "tab-sent")


def test_a_scan_is_attached_looked_at_and_counted(desk, window, keys, card, tmp_path):
    page, id_ = card
    scan = tmp_path / "to-khai.pdf"
    Image.new("RGB", (300, 400), "white").save(
        scan, save_all=True, append_images=[Image.new("RGB", (300, 400), "gray")]
    )
    turn_to(window, keys, page, "papers")
    paper = page.tabs.scans.paper()
    assert paper == papers_of(dossier(desk, id_))[0]
    keys.press(Qt.Key.Key_Return)
    assert "chưa có bản quét" in page.tabs.scans.notice.text()
    page.tabs.scans.attach_file(scan)
    keys.until(lambda: digital_of(dossier(desk, id_), paper) == "scanned")
    keys.until(lambda: page.tabs.scans.list.rows.entry(0).more == "đã số hóa")
    looked_at(window, "tab-papers")
    page.tabs.scans.list.setFocus()
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: window.screens.covered)
    view = next(w for w in window.children() if type(w).__name__ == "ScanView")
    assert len(view.pages) == 2
    looked_at(window, "scan")
    keys.press(Qt.Key.Key_PageDown)
    assert view.at == 1
    keys.press(Qt.Key.Key_Escape)
    assert not window.screens.covered


def test_a_bad_file_is_refused_with_what_to_do(desk, window, keys, card, tmp_path):
    page, id_ = card
    word = tmp_path / "don.docx"
    word.write_bytes(b"PK\x03\x04 not a scan")
    turn_to(window, keys, page, "papers")
    page.tabs.scans.attach_file(word)
    keys.until(lambda: bool(page.tabs.scans.notice.text()))
    assert "PDF" in page.tabs.scans.notice.text()
    assert dossier(desk, id_).files == ()


def test_a_paper_known_from_elsewhere_needs_no_scan(desk, window, keys, card):
    page, id_ = card
    turn_to(window, keys, page, "papers")
    keys.press(Qt.Key.Key_Down)
    paper = page.tabs.scans.paper()
    keys.alt(Qt.Key.Key_Y)
    keys.until(lambda: digital_of(dossier(desk, id_), paper) == "reused_paper")
    keys.until(lambda: "hồ sơ khác" in page.tabs.scans.list.rows.entry(1).more)
    keys.alt(Qt.Key.Key_U)
    keys.until(lambda: digital_of(dossier(desk, id_), paper) == "reused_result")
    undo_step(desk, id_)
    assert digital_of(dossier(desk, id_), paper) == "reused_paper"
    with pytest.raises(NoSuchPaper) as refused:
        reuse(desk, id_, "Giấy lạ", "reused_paper")
    assert sentence_for(refused.value).startswith("Hồ sơ không có giấy “Giấy lạ”")
