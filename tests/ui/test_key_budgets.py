"""How many keys the clerk's jobs take, counted from real key events at the window."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from desk_app.desk import Desk
from desk_app.services.dossier_form import DossierForm
from desk_app.services.dossiers import page
from desk_app.services.receive import receive
from desk_app.ui.main_window import MainWindow


@pytest.fixture
def returning(desk: Desk, form: Callable[..., DossierForm]) -> None:
    """Bà Ánh was here yesterday."""
    receive(desk, form(received_at=desk.now() - timedelta(days=1)))


def saved_today(desk: Desk) -> Callable[[], bool]:
    return lambda: len(page(desk, "today")) == 1


def test_a_returning_citizen_takes_one_scan_and_three_keys_by_habit(
    returning: None, desk: Desk, window: MainWindow, keys
) -> None:
    keys.scan(keys.ANH).until(lambda: window.receiving.procedure.search.hasFocus())
    keys.type("1").digit_stood()
    keys.type("+").press(Qt.Key.Key_F9).until(saved_today(desk))
    assert (keys.scans, keys.count) == (1, 3)
    line = page(desk, "today")[0]
    assert (line.name, line.procedure) == ("Nguyễn Thị Ngọc Ánh", "Tình trạng hôn nhân")


def test_a_returning_citizen_takes_one_scan_and_seven_keys_when_the_procedure_is_typed(
    returning: None, desk: Desk, window: MainWindow, keys
) -> None:
    keys.scan(keys.ANH).until(lambda: window.receiving.procedure.search.hasFocus())
    keys.type("xnhn").press(Qt.Key.Key_Return)
    keys.type("+").press(Qt.Key.Key_F9).until(saved_today(desk))
    assert keys.scans == 1
    assert keys.count <= 8


def test_certified_copies_of_three_pages_twice_take_one_scan_and_at_most_eight_keys(
    desk: Desk, window: MainWindow, keys
) -> None:
    keys.scan(keys.ANH).until(lambda: window.receiving.procedure.search.hasFocus())
    keys.type("1").digit_stood()
    keys.type("+3").press(Qt.Key.Key_Return)
    keys.type("2").press(Qt.Key.Key_F9).until(saved_today(desk))
    assert keys.scans == 1
    assert keys.count <= 8
    from desk_app.services.find import dossier

    facts = dossier(desk, page(desk, "today")[0].id).facts
    assert facts.procedure.code == "2.000815"
    assert (facts.fee.pages, facts.fee.copies, facts.fee.amount) == (3, 2, 10_000)
    assert [paper.copies for paper in facts.papers] == [0, 2]


def test_printing_again_takes_one_key(desk: Desk, window: MainWindow, keys) -> None:
    keys.scan(keys.ANH).until(lambda: window.receiving.procedure.search.hasFocus())
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    done = window.receiving.person.done
    keys.until(lambda: done.state == "printed")
    keys.until(lambda: page(desk, "today")[0].prints == 1)
    keys.count = 0
    keys.press(Qt.Key.Key_F7).until(lambda: page(desk, "today")[0].prints == 2)
    assert keys.count == 1
