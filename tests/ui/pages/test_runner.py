"""The worker behind the screen."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

import pytest
from PySide6.QtCore import QObject, Slot
from pytestqt.qtbot import QtBot

from db.refused import Refused
from desk_app.desk import Desk
from desk_app.ui.runner import Runner


class Ear(QObject):
    """Hears answers and notes on which thread."""

    def __init__(self) -> None:
        super().__init__()
        self.heard: list[object] = []
        self.threads: set[threading.Thread] = set()

    @Slot(object)
    def hear(self, answer: object) -> None:
        self.heard.append(answer)
        self.threads.add(threading.current_thread())

    @Slot(str)
    def hear_incident(self, incident: str) -> None:
        self.heard.append(incident)


class PrinterOff(Refused):
    """Made up here."""


def refuse(desk: Desk) -> None:
    raise PrinterOff()


def test_jobs_run_elsewhere_in_order_and_answers_come_home(runner: Runner, qtbot: QtBot) -> None:
    ear = Ear()
    workers: set[threading.Thread] = set()

    def job(number: int) -> Callable[[Desk], int]:
        def work(desk: Desk) -> int:
            workers.add(threading.current_thread())
            return number

        return work

    for number in range(20):
        runner.ask(ear, job(number), ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 20)
    assert ear.heard == list(range(20))
    assert ear.threads == {threading.main_thread()}
    assert len(workers) == 1 and threading.main_thread() not in workers


def test_an_answer_for_a_page_that_is_gone_is_dropped(
    runner: Runner, settle: Callable[[], None]
) -> None:
    import shiboken6

    go_on = threading.Event()
    page, ear = QObject(), Ear()
    runner.ask(page, lambda desk: go_on.wait(5), ear.hear)
    shiboken6.delete(page)
    go_on.set()
    settle()
    assert ear.heard == []


def test_answers_go_to_bound_methods_only(runner: Runner) -> None:
    ear = Ear()
    with pytest.raises(TypeError):
        runner.ask(ear, lambda desk: 1, lambda answer: None)


def test_a_refusal_reaches_the_asker_or_else_the_window(runner: Runner, qtbot: QtBot) -> None:
    asker, window = Ear(), Ear()
    runner.declined.connect(window.hear)
    runner.ask(asker, refuse, asker.hear, asker.hear)
    runner.ask(asker, refuse, asker.hear)
    qtbot.waitUntil(lambda: bool(window.heard))
    assert [type(answer) for answer in asker.heard] == [PrinterOff]
    assert [type(answer) for answer in window.heard] == [PrinterOff]


def test_a_fault_of_ours_gets_a_number_and_no_name_into_the_log(
    runner: Runner, qtbot: QtBot, caplog: pytest.LogCaptureFixture
) -> None:
    ear = Ear()
    runner.broke.connect(ear.hear_incident)

    def breaks(desk: Desk) -> None:
        try:
            raise KeyError("Nguyễn Thị Ngọc Ánh")
        except KeyError as e:
            raise ValueError("031187999912") from e

    with caplog.at_level(logging.ERROR):
        runner.ask(ear, breaks, ear.hear)
        qtbot.waitUntil(lambda: bool(ear.heard))
    assert f"incident {ear.heard[0]}" in caplog.text
    assert "builtins.ValueError" in caplog.text and "builtins.KeyError" in caplog.text
    assert "test_runner.py" in caplog.text
    assert "Ánh" not in caplog.text and "031187999912" not in caplog.text


def test_closing_finishes_what_was_begun(desk: Desk) -> None:
    runner, ear = Runner(desk), Ear()
    done: list[int] = []
    for number in range(5):
        runner.ask(ear, lambda desk, n=number: done.append(n), ear.hear)
    runner.close()
    assert done == [0, 1, 2, 3, 4]
    with pytest.raises(RuntimeError):
        runner.ask(ear, refuse, ear.hear)


def test_jobs_already_asked_keep_the_desk_they_were_asked_on(
    desk: Desk, runner: Runner, qtbot: QtBot
) -> None:
    ear = Ear()
    with desk.reading() as connection:
        hung = desk.published(connection).clerk("hung")
    assert hung is not None
    runner.ask(ear, lambda desk: desk.clerk.login, ear.hear)
    runner.replace_desk(desk.as_clerk(hung))
    runner.ask(ear, lambda desk: desk.clerk.login, ear.hear)
    qtbot.waitUntil(lambda: len(ear.heard) == 2)
    assert ear.heard == ["mai", "hung"]
