"""Sending and fetching as the window shows it: the status line, F5, Ctrl+M."""

from __future__ import annotations

import msgspec
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from db import engine as engines
from db.trust import ServerFacts, write_server
from desk_app.desk import open_desk
from desk_app.settings import load, save

URL = "https://127.0.0.1:1"


@pytest.fixture
def desk(data, clock):
    """A counter that belongs to a server it has never met."""
    save(data, msgspec.structs.replace(load(data), server=URL))
    made = open_desk(data, now=clock)
    with engines.writing(made.journal.engine) as connection:
        write_server(connection, ServerFacts(keys=("00" * 32,), url=URL, name="huyện"))
    yield made
    made.close()


def test_f5_asks_for_a_round_and_the_line_says_that_it_is_under_way(keys, window, qtbot):
    keys.until(lambda: window.status.sending.text == "Chưa gửi lần nào về huyện")
    with qtbot.waitSignal(window.rounds.wanted, timeout=5_000):
        keys.press(Qt.Key.Key_F5)
    window.rounds.on_began()
    assert window.status.sending.text == "Đang gửi nhận"
    window.rounds.on_ended({"fetched": 0})
    keys.until(lambda: window.status.sending.text == "Chưa gửi lần nào về huyện")


def test_a_click_on_the_line_opens_the_page(keys, window):
    keys.until(lambda: window.status.sending.isVisible())
    at = window.status.sending.geometry().center()
    QTest.mouseClick(window.status, Qt.MouseButton.LeftButton, pos=QPoint(at))
    page = window.screens.sending
    keys.until(lambda: page is not None and page.copies is not None)
    keys.press(Qt.Key.Key_Escape)
    assert window.receiving.isVisible()


def test_ctrl_m_shows_what_wants_a_person(keys, window):
    keys.ctrl(Qt.Key.Key_M)
    assert window.screens.matters.isVisible() and window.bar.matters.isVisible()
    keys.press(Qt.Key.Key_F2)
    keys.until(lambda: not window.bar.matters.isVisible())


def test_a_form_being_typed_is_not_touched_by_a_round(keys, window):
    keys.scan(keys.ANH)
    keys.until(lambda: window.receiving.procedure.isAncestorOf(window.focusWidget()))
    before = window.focusWidget()
    window.rounds.on_began()
    window.rounds.on_ended({"fetched": 12})
    keys.until(lambda: window.status.sending.text != "Đang gửi nhận")
    assert window.focusWidget() is before and window.receiving.isVisible()
