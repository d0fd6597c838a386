"""The page "Mẫu giấy tờ…": found in the palette, typed, looked at, published; real keys."""

from __future__ import annotations

import os

import pytest
from PIL import Image
from PySide6.QtCore import Qt

from desk_app.services.form_texts import form_texts
from desk_app.services.text_drafts import text_drafts


def looked_at(window, name):
    """Leaves a picture when somebody wants to look at it."""
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def chief(desk):
    with desk.reading() as connection:
        return desk.as_clerk(desk.published(connection).clerk("hung"))


@pytest.fixture
def window(chief, open_window):
    return open_window(chief)


@pytest.fixture
def page(window, keys):
    keys.ctrl(Qt.Key.Key_K)
    keys.type("mau giay to").press(Qt.Key.Key_Return)
    keys.until(lambda: window.screens.texts is not None and window.screens.texts.text is not None)
    keys.until(lambda: window.screens.texts.preview.drawn is not None)
    return window.screens.texts


def said(desk, form, key):
    return next(t for t in form_texts(desk) if (t.form, t.text) == (form, key))


def on_text(page, keys, form, key):
    """Keys to a text: down in the forms, Enter, down in the texts, Enter."""
    while page.forms.current().says != form:
        keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    while page.text.text != key:
        keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)


def test_a_text_is_typed_seen_and_published(window, page, keys, chief):
    on_text(page, keys, "01", "title")
    before = page.preview.drawn
    assert (
        page.edit.hasFocus()
        and page.edit.toPlainText() == "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
    )
    keys.ctrl(Qt.Key.Key_A).type("GIẤY HẸN CỦA XÃ")
    keys.until(lambda: page.preview.drawn != before)
    looked_at(window, "texts-typed")
    assert page.main_button.text() == "Áp dụng 1 lời"
    keys.press(Qt.Key.Key_F9).until(lambda: bool(page.reason.error.text))
    assert page.reason.field.hasFocus()
    looked_at(window, "texts-refused")
    keys.type("theo cong van 12").press(Qt.Key.Key_F9).until(lambda: not page.drafts)
    assert said(chief, "01", "title").says == "GIẤY HẸN CỦA XÃ"
    keys.until(lambda: page.text.origin == "office")
    looked_at(window, "texts-published")


def test_what_cannot_be_printed_is_said_while_it_is_typed(window, page, keys):
    on_text(page, keys, "01", "code")
    keys.ctrl(Qt.Key.Key_A).type("Ma {ai}")
    keys.until(lambda: "{ai}" in page.field.error.text)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: "{ai}" in page.field.error.text)
    looked_at(window, "texts-wrong")
    assert page.drafts
    keys.alt(Qt.Key.Key_V).until(lambda: not page.drafts and not page.field.error.text)
    assert page.edit.toPlainText() == "Mã hồ sơ: {code}"


def test_escape_keeps_a_draft_also_over_a_restart(window, page, keys, chief):
    on_text(page, keys, "02", "signer")
    keys.ctrl(Qt.Key.Key_A).type("CAN BO")
    for _ in range(3):
        keys.press(Qt.Key.Key_Escape)
    assert window.receiving.isVisible()
    keys.until(lambda: [c.says for c in text_drafts(chief)] == ["CAN BO"])
    assert said(chief, "02", "signer").origin == "law"
    window.ways.show_texts()
    keys.until(lambda: page.isVisible() and len(page.drafts) == 1)


def test_the_day_is_refused_at_its_field(page, keys):
    on_text(page, keys, "01", "title")
    keys.ctrl(Qt.Key.Key_A).type("X")
    page.day.set_text("01/01/2020")
    page.reason.set_text("thu")
    keys.press(Qt.Key.Key_F9).until(lambda: "đã qua" in page.day.error.text)
    page.day.set_text("abc")
    keys.press(Qt.Key.Key_F9).until(lambda: "chưa rõ" in page.day.error.text)


def test_lists_are_searched_without_marks_and_history_is_read(window, page, keys, chief):
    on_text(page, keys, "01", "title")
    keys.ctrl(Qt.Key.Key_A).type("GIAY HEN")
    page.reason.set_text("thử")
    keys.press(Qt.Key.Key_F9).until(lambda: not page.drafts and page.text.origin == "office")
    keys.alt(Qt.Key.Key_E).until(page.history.isVisible)
    looked_at(window, "texts-history")
    rows = page.history.list.rows
    assert rows.entry(0).text == "GIAY HEN"
    assert "Phạm Văn Hùng" in rows.entry(0).more and "thử" in rows.entry(0).more
    keys.press(Qt.Key.Key_Down).press(Qt.Key.Key_Return)
    assert page.edit.toPlainText() == "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ"
    page.search.setFocus()
    keys.type("ghi chu")
    keys.until(lambda: page.list.rows.rowCount() == 1)
    assert page.text.text == "notes"


def test_the_office_its_signer_and_its_logo_are_seen_on_the_letter(
    window, page, keys, tmp_path, chief
):
    logo = tmp_path / "logo.png"
    Image.new("RGB", (100, 100), "#b11").save(logo)
    on_text(page, keys, "office", "signer_title")
    keys.ctrl(Qt.Key.Key_A).type("TM. UBND|KT. CHU TICH|PHO CHU TICH")
    keys.press(Qt.Key.Key_Escape)
    while page.text.text != "logo":
        keys.press(Qt.Key.Key_Down)
    assert page.file_button.isVisible()
    keys.press(Qt.Key.Key_Return).type("/no/such.png").until(lambda: bool(page.field.error.text))
    before = page.preview.drawn
    keys.ctrl(Qt.Key.Key_A)
    page.edit.setPlainText(str(logo))
    keys.until(lambda: not page.field.error.text and page.preview.drawn != before)
    keys.alt(Qt.Key.Key_2).alt(Qt.Key.Key_4)
    keys.until(lambda: not page._looking)
    keys.qtbot.wait(300)
    looked_at(window, "texts-office")
    page.reason.set_text("doi ten")
    keys.press(Qt.Key.Key_F9).until(lambda: not page.drafts)
    assert chief.office.signer_title == "TM. UBND|KT. CHU TICH|PHO CHU TICH"
    keys.until(lambda: page.edit.toPlainText() == "(biểu trưng đang dùng)")


def test_a_clerk_looks_and_publishes_nothing(desk, open_window, qtbot, key_clock):
    window = open_window(desk)
    window.ways.show_texts()
    page = window.screens.texts
    qtbot.waitUntil(lambda: page.text is not None, timeout=20_000)
    assert "lãnh đạo" in page.notice.text()
    page.edit.setPlainText("Cơ quan khác")
    page.reason.set_text("thử")
    page.main_action()
    qtbot.waitUntil(lambda: "lãnh đạo quyết định" in page.notice.text(), timeout=20_000)
    looked_at(window, "texts-clerk")
