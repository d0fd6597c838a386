"""The list, one dossier, the palette, the lock and the scanner's page, inside the real window."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from db.dossier import Dossier
from desk_app import settings as settings_file
from desk_app.desk import Desk
from desk_app.services.demo import PASSWORD
from desk_app.services.dossier_form import DossierForm
from desk_app.services.find import dossier as dossier_of
from desk_app.services.receive import receive

CTRL = Qt.KeyboardModifier.ControlModifier


@pytest.fixture
def taken(desk: Desk, clock: Any, form: Callable[..., DossierForm]) -> Dossier:
    clock.forward(minutes=1)
    return receive(desk, form())


@pytest.fixture
def card(taken: Dossier, keys: Any) -> Any:
    """One dossier, opened by keys alone: F8, Enter."""
    keys.press(Qt.Key.Key_F8)
    screens = keys.window.screens
    keys.until(lambda: screens.dossiers is not None and screens.dossiers.rows.rowCount() == 1)
    keys.until(lambda: screens.dossiers.view.hasFocus())
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: screens.card is not None and screens.card.opened is not None)
    return screens.card


def test_a_dossier_is_opened_and_corrected_without_a_mouse(
    card: Any, keys: Any, desk: Desk, taken: Dossier
) -> None:
    keys.alt(Qt.Key.Key_S)
    keys.press(Qt.Key.Key_F9)
    assert card.correct_panel.reason.error.text == "Ghi lý do."
    card.correct_panel.purpose.field.setFocus()
    keys.type("Vay von")
    card.correct_panel.reason.field.setFocus()
    keys.type("Noi them")
    keys.press(Qt.Key.Key_Return, CTRL)
    id = bytes.fromhex(taken.id)
    keys.until(lambda: dossier_of(desk, id).facts.purpose == "Vay von")
    keys.until(lambda: not card.correct_panel.isVisible())


def test_a_panel_over_the_dossier_has_every_key_until_it_is_closed(card: Any, keys: Any) -> None:
    keys.alt(Qt.Key.Key_H)
    assert card.void_panel.isVisible()
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F7, Qt.Key.Key_F8):
        keys.press(key)
    keys.scan(keys.HAI)
    assert card.void_panel.isVisible() and card.isVisible()
    assert card.void_panel.edit.toPlainText() == ""
    keys.press(Qt.Key.Key_Escape)
    assert not card.void_panel.isVisible() and card.isVisible()


def test_esc_goes_back_from_the_dossier_to_the_list_and_then_to_intake(
    card: Any, keys: Any
) -> None:
    keys.press(Qt.Key.Key_Escape)
    assert keys.window.screens.dossiers.isVisible()
    keys.press(Qt.Key.Key_Escape)
    assert keys.window.receiving.isVisible()


def test_the_palette_opens_over_any_screen_and_finds_the_dossier(taken: Dossier, keys: Any) -> None:
    keys.ctrl(Qt.Key.Key_K)
    keys.type("anh ngoc")
    palette = keys.window.screens._palette
    keys.until(lambda: palette.list.rows.rowCount() == 4 and not palette._is_waiting())
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    screens = keys.window.screens
    keys.until(lambda: screens.card is not None and screens.card.opened is not None)
    assert screens.card.opened.line.code == taken.facts.code


def test_a_larger_text_is_kept_for_tomorrow(keys: Any, desk: Desk) -> None:
    keys.ctrl(Qt.Key.Key_Plus)
    keys.until(lambda: settings_file.load(desk.data).text_percent == 110)


def test_the_lock_keeps_the_form_and_lets_nothing_through(keys: Any) -> None:
    keys.scan(keys.HAI)
    window = keys.window
    keys.until(lambda: "Phạm Thị Thử Hai" in window.receiving.person.view.accessibleName()
               or window.receiving.form.applicant.name == "Phạm Thị Thử Hai")  # fmt: skip
    keys.ctrl(Qt.Key.Key_L)
    lock = window.screens._lock
    keys.until(lambda: lock.people.rows.rowCount() == 2)
    keys.scan(keys.ANH)
    keys.press(Qt.Key.Key_F8)
    keys.press(Qt.Key.Key_Escape)
    assert lock.isVisible() and window.receiving.form.applicant.name == "Phạm Thị Thử Hai"
    lock.password.clear()
    lock.password.setFocus()
    keys.type(PASSWORD)
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: not lock.isVisible())
    assert window.receiving.form.applicant.name == "Phạm Thị Thử Hai"
    assert QApplication.focusWidget() is not None


def test_a_scan_on_the_scanner_page_is_measured_and_goes_nowhere_else(keys: Any) -> None:
    window = keys.window
    window.screens.test_scanner()
    keys.until(lambda: window.screens.scanner.isVisible())
    keys.scan(keys.HAI, ms=8)
    page = window.screens.scanner
    assert page.isVisible() and page._text.text() == keys.HAI
    assert page._mean.value.text() == "8 ms"
    keys.press(Qt.Key.Key_Escape)
    assert window.receiving.isVisible() and window.receiving.form.applicant.name == ""


def test_f5_at_a_counter_without_a_server_says_so(keys: Any, window: Any) -> None:
    keys.press(Qt.Key.Key_F5)
    assert "chưa nối máy chủ" in window.status.copies.text
