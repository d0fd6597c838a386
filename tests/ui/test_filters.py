"""Lists put together by hand on F8, and kept under a name for who works here."""

from __future__ import annotations

import dataclasses
import os

import pytest
from PySide6.QtCore import Qt

from db.parts import ClerkFacts
from desk_app.messages import sentence_for
from desk_app.services.demo import required
from desk_app.services.dossiers import Narrow, page
from desk_app.services.receive import receive
from desk_app.services.saved_filters import (
    MOST,
    SavedFilter,
    TooManyFilters,
    drop_filter,
    save_filter,
    saved_filters,
)
from desk_app.services.steps import TextMissing

MARRIAGE, BIRTH = "1.004873", "1.001193"


def looked_at(window, name):
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def two_kinds(desk, form):
    """Two dossiers about marriage and one about a birth."""
    with desk.reading() as connection:
        birth = desk.published(connection).procedure(BIRTH, desk.now().date())
    receive(desk, form())
    receive(desk, form())
    return receive(desk, form(procedure=BIRTH, papers=required(birth.says)))


@pytest.fixture
def listed(two_kinds, window, keys):
    keys.press(Qt.Key.Key_F8)
    page = window.screens.dossiers
    keys.until(lambda: page.rows.rowCount() == 3)
    return page


def test_a_list_of_one_procedure_is_kept_and_comes_back(two_kinds, desk, window, keys, listed):
    keys.alt(Qt.Key.Key_B)
    keys.until(listed.filters.isVisible)
    at = listed.filters.procedure.findData(BIRTH)
    listed.filters.procedure.setCurrentIndex(at)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: listed.filters.error.text() == "Ghi tên bộ lọc.")
    keys.type("Khai sinh")
    looked_at(window, "filter-panel")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: listed.rows.rowCount() == 1)
    assert listed.chosen == bytes.fromhex(two_kinds.id)
    assert listed.lists.saved["Khai sinh"].isChecked()
    assert "Khai sinh: 1 hồ sơ" in listed._count.text()
    looked_at(window, "filter-kept")
    listed.lists.chips["today"].click()
    keys.until(lambda: listed.rows.rowCount() == 3)
    listed.lists.saved["Khai sinh"].click()
    keys.until(lambda: listed.rows.rowCount() == 1)
    assert saved_filters(desk) == (SavedFilter("Khai sinh", "today", Narrow(BIRTH)),)


def test_enter_shows_a_list_once_and_nothing_is_kept(desk, keys, listed):
    keys.alt(Qt.Key.Key_B)
    keys.until(listed.filters.isVisible)
    listed.filters.procedure.setCurrentIndex(listed.filters.procedure.findData(MARRIAGE))
    listed.filters.name.field.setFocus()
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: listed.rows.rowCount() == 2)
    assert saved_filters(desk) == ()


def test_a_kept_list_is_forgotten_by_alt_d(desk, keys, listed):
    save_filter(desk, SavedFilter("Khai sinh", "all", Narrow(BIRTH)))
    listed.filters.ask_kept()
    keys.until(lambda: "Khai sinh" in listed.lists.saved)
    listed.lists.saved["Khai sinh"].click()
    keys.until(lambda: listed.rows.rowCount() == 1)
    keys.alt(Qt.Key.Key_B)
    keys.until(listed.filters.isVisible)
    assert listed.filters.name.text() == "Khai sinh"
    keys.alt(Qt.Key.Key_D)
    keys.until(lambda: not listed.lists.saved)
    assert saved_filters(desk) == ()
    keys.until(lambda: listed.rows.rowCount() == 3)


def test_a_list_nothing_fits_says_how_to_change_it(desk, keys, listed):
    listed.lists.show_saved(SavedFilter("", "voided", Narrow(BIRTH)))
    keys.until(lambda: listed.rows.rowCount() == 0)
    assert "Alt+B để đổi" in listed._empty._title.text()


def test_by_counter_and_department_too(desk, two_kinds):
    assert len(page(desk, "all", narrow=Narrow(counter=desk.counter.number))) == 3
    assert page(desk, "all", narrow=Narrow(counter=9)) == []
    assert page(desk, "all", narrow=Narrow(department="Tư pháp - Hộ tịch")) == []


def test_filters_belong_to_who_works_here_and_are_nine_at_most(desk):
    for n in range(MOST):
        save_filter(desk, SavedFilter(f"Số {n}", "all"))
    save_filter(desk, SavedFilter("Số 3", "overdue"))
    assert len(saved_filters(desk)) == MOST
    assert saved_filters(desk)[3].which == "overdue"
    with pytest.raises(TooManyFilters) as refused:
        save_filter(desk, SavedFilter("Thêm", "all"))
    assert sentence_for(refused.value) == "Đã có 9 bộ lọc. Xóa bớt một bộ lọc rồi lưu."
    with pytest.raises(TextMissing):
        save_filter(desk, SavedFilter("  ", "all"))
    assert len(drop_filter(desk, "Số 3")) == MOST - 1


def test_a_list_narrowed_once_is_left_by_the_key_of_its_list(keys, listed):
    keys.alt(Qt.Key.Key_B)
    keys.until(listed.filters.isVisible)
    listed.filters.procedure.setCurrentIndex(listed.filters.procedure.findData(BIRTH))
    listed.filters.name.field.setFocus()
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: listed.rows.rowCount() == 1)
    keys.alt(Qt.Key.Key_1)
    keys.until(lambda: listed.rows.rowCount() == 3)


def test_who_signs_in_next_has_her_own_filters(desk, window, keys, listed):
    save_filter(desk, SavedFilter("Khai sinh", "all", Narrow(BIRTH)))
    listed.filters.ask_kept()
    keys.until(lambda: "Khai sinh" in listed.lists.saved)
    listed.lists.saved["Khai sinh"].click()
    keys.until(lambda: listed.rows.rowCount() == 1)
    hers = dataclasses.replace(desk, clerk=ClerkFacts("lan", "Ngô Thị Lan"))
    window._runner.replace_desk(hers)
    window.show_desk(hers)
    keys.until(lambda: not listed.lists.saved and listed.rows.rowCount() == 3)
    assert listed.lists.chips["all"].isChecked()
