"""Signing in, and the lock over a desk that stays as it was."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from desk_app.services.demo import PASSWORD
from desk_app.ui.lock_page import LockPage
from desk_app.ui.runner import Runner
from desk_app.ui.widgets import LabelledField, LineEdit


@pytest.fixture
def form() -> LabelledField:
    return LabelledField("Mục đích", LineEdit("Mục đích"))


@pytest.fixture
def lock(runner: Runner, form: LabelledField, show: Callable[..., Any]) -> LockPage:
    """Over a window with a form that somebody was filling in."""
    keys = show(form)
    form.set_text("Vay vốn ngân hàng")
    form.setFocus()
    made = LockPage(runner, keys.window)
    made.keys = keys
    return made


def test_the_people_who_may_are_listed_the_last_one_chosen(
    lock: LockPage, settle: Callable[[], None]
) -> None:
    lock.lock("mai")
    settle()
    rows = lock.people.rows
    assert [rows.entry(r).text for r in range(rows.rowCount())] == [  # type: ignore[union-attr]
        "Phạm Văn Hùng",
        "Trần Thị Mai",
    ]
    assert lock.people.current().says == "mai"  # type: ignore[union-attr]
    assert lock.password.hasFocus() and lock.password.echoMode() == LineEdit.EchoMode.Password


def test_the_right_password_uncovers_the_form_as_it_was(
    lock: LockPage, form: LabelledField, settle: Callable[[], None], listener: Any, qtbot: QtBot
) -> None:
    lock.signed_in.connect(listener.hear)
    lock.lock("mai")
    settle()
    assert lock.locked and lock.geometry() == lock.keys.window.rect()
    lock.keys.type(PASSWORD)
    lock.keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=20_000)
    assert not lock.locked
    assert form.text() == "Vay vốn ngân hàng" and form.field.hasFocus()
    assert lock.password.text() == ""


def test_somebody_else_may_take_the_desk(
    lock: LockPage, runner: Runner, settle: Callable[[], None], listener: Any, qtbot: QtBot
) -> None:
    lock.signed_in.connect(listener.hear)
    lock.lock("mai")
    settle()
    lock.keys.press(Qt.Key.Key_Up)
    lock.keys.type(PASSWORD)
    lock.keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=20_000)
    assert listener.heard[0].clerk.name == "Phạm Văn Hùng"
    assert runner.desk.clerk.login == "hung" and runner.desk.role == "chief"


def test_a_wrong_password_is_said_and_after_five_the_wait_grows(
    lock: LockPage, clock: Any, settle: Callable[[], None], qtbot: QtBot
) -> None:
    lock.lock("mai")
    settle()
    for _ in range(4):
        lock.keys.type("sai mat khau")
        lock.keys.press(Qt.Key.Key_Return)
        settle()
    assert lock._field.error.text == "Mật khẩu chưa đúng."
    assert lock.password.selectedText() == lock.password.text() != ""
    lock.keys.type("sai mat khau")
    lock.keys.press(Qt.Key.Key_Return)
    settle()
    assert lock._field.error.text == "Mật khẩu chưa đúng. Chờ 5 giây rồi gõ lại."
    lock._on_second()
    assert lock._field.error.text == "Mật khẩu chưa đúng. Chờ 4 giây rồi gõ lại."
    lock.keys.press(Qt.Key.Key_Return)
    assert "Chờ 4 giây" in lock._field.error.text
    for _ in range(4):
        lock._on_second()
    assert lock._field.error.text == ""
    clock.forward(seconds=6)
    lock.keys.type("sai mat khau")
    lock.keys.press(Qt.Key.Key_Return)
    settle()
    assert "Chờ 10 giây" in lock._field.error.text
    assert lock.locked


def test_an_empty_password_is_not_asked_about(lock: LockPage, settle: Callable[[], None]) -> None:
    lock.sign_in()
    settle()
    lock.keys.press(Qt.Key.Key_Return)
    assert lock._field.error.text == "Gõ mật khẩu rồi Enter."


def test_caps_lock_is_noticed_by_the_letters_it_makes(
    lock: LockPage, settle: Callable[[], None]
) -> None:
    lock.lock("mai")
    settle()
    lock.keys.press(Qt.Key.Key_A)
    assert not lock._caps.isVisible()
    send(lock, "A", Qt.KeyboardModifier.NoModifier)
    assert lock._caps.isVisible()
    assert lock._caps.text() == "Đang bật Caps Lock. Chữ gõ ra là chữ hoa."
    send(lock, "A", Qt.KeyboardModifier.ShiftModifier)
    assert not lock._caps.isVisible()


def send(lock: LockPage, text: str, modifier: Qt.KeyboardModifier) -> None:
    from PySide6.QtCore import QCoreApplication, QEvent
    from PySide6.QtGui import QKeyEvent

    event = QKeyEvent(QEvent.Type.KeyPress, Qt.Key.Key_A.value, modifier, text)
    QCoreApplication.sendEvent(lock.password, event)


def test_no_key_reaches_the_desk_while_it_is_locked(
    lock: LockPage, form: LabelledField, settle: Callable[[], None], listener: Any
) -> None:
    from PySide6.QtGui import QKeySequence, QShortcut

    window: QWidget = lock.keys.window
    for sequence in ("F9", "Alt+S", "Ctrl+K"):
        QShortcut(QKeySequence(sequence), window).activated.connect(lambda: listener.hear("acted"))
    lock.lock("mai")
    settle()
    for key in (Qt.Key.Key_F9, Qt.Key.Key_Escape, Qt.Key.Key_F2):
        lock.keys.press(key)
    lock.keys.alt(Qt.Key.Key_S)
    lock.keys.ctrl(Qt.Key.Key_K)
    for _ in range(6):
        lock.keys.press(Qt.Key.Key_Tab)
        focus = window.focusWidget()
        assert focus is not None and lock.isAncestorOf(focus)
    assert listener.heard == [] and lock.locked
    assert form.text() == "Vay vốn ngân hàng"
