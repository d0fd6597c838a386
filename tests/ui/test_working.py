"""Ctrl+B: the officer's desk and the chief's view of it, by keys."""

from __future__ import annotations

import dataclasses
import os

import pytest
from PySide6.QtCore import Qt

from db.kinds import ClerkRegistered
from db.parts import ClerkFacts
from db.seed import named
from db.steps import Asked
from desk_app.services import forwarding, supplements
from desk_app.services.find import dossier
from desk_app.services.receive import receive
from desk_app.services.work import work

LAW = "Tư pháp - Hộ tịch"


def looked_at(window, name):
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def officer(desk):
    """Ngô Thị Lan, who works at justice, at the same machine."""
    with desk.saving() as saving:
        lan = ClerkRegistered("lan", "Ngô Thị Lan", "officer", "$argon2id$", department=LAW)
        saving.append(named("clerk", "lan"), lan)
    return dataclasses.replace(desk, role="officer", clerk=ClerkFacts("lan", "Ngô Thị Lan"))


@pytest.fixture
def given(desk, form):
    """Three dossiers that were given to justice."""
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]
    forwarding.forward(desk, ids)
    return ids


@pytest.fixture
def at_work(officer, given, open_window, qtbot, key_clock):
    from tests.ui.conftest import Keys

    window = open_window(officer)
    window.show_desk(officer)
    keys = Keys(qtbot, window, key_clock)
    page = window.screens.open_work()
    keys.until(lambda: page.found is not None)
    return window, keys, page


def rows(view):
    return [view.rows.entry(n).text for n in range(view.rows.rowCount())]


def shown(page):
    entries = (page.list.rows.entry(n) for n in range(page.list.rows.rowCount()))
    return len([entry for entry in entries if entry.says])


def chosen(page):
    return page.list.current().says.line.id


def test_an_officer_begins_at_her_desk_and_takes_what_came(desk, given, at_work):
    window, keys, page = at_work
    assert page.isVisible()
    assert window.bar.work.isVisible()
    assert rows(page.list)[0] == "Chờ nhận  3"
    assert page.main_button.text() == "Nhận hồ sơ"
    looked_at(window, "work-officer")
    first = chosen(page)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, first).status == "processing")
    assert dossier(desk, first).life.holder.person == "Ngô Thị Lan"
    keys.until(lambda: "Đang giải quyết  1" in rows(page.list))
    assert "Chờ nhận  2" in rows(page.list)


def test_a_result_is_issued_by_f9_and_a_form(desk, officer, given, at_work):
    window, keys, page = at_work
    for id_ in given:
        forwarding.take_over(officer, id_)
    page.refresh()
    keys.until(lambda: page.main_button.text() == "Ban hành kết quả")
    first = chosen(page)
    keys.press(Qt.Key.Key_F9)
    assert page.panel.isVisible()
    keys.type("12/XN-UBND")
    looked_at(window, "work-issue")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, first).status == "done")
    keys.until(lambda: "Đang giải quyết  2" in rows(page.list))
    assert "Đã có kết quả, chưa về quầy  1" in rows(page.list)


def test_an_opinion_is_asked_and_a_dossier_sent_back(desk, officer, given, at_work):
    _, keys, page = at_work
    first = chosen(page)
    forwarding.take_over(officer, first)
    page.refresh()
    keys.until(lambda: page.found is not None and page.found.dossier.status == "processing")
    keys.alt(Qt.Key.Key_L)
    page.panel.fields["about"].setText("Xác minh nơi cư trú")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, first).status == "consulting")
    keys.until(lambda: "Chờ ý kiến  1" in rows(page.list))
    page.list.step(0, 1)
    keys.until(lambda: page.found is not None and page.found.dossier.status == "forwarded")
    second = chosen(page)
    keys.alt(Qt.Key.Key_C)
    keys.type("Nham noi").press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, second).status == "received")


def test_what_cannot_be_done_now_says_so(given, at_work):
    _, keys, page = at_work
    keys.alt(Qt.Key.Key_L)
    assert page.panel.error.text() == "Chưa lấy ý kiến được lúc này."


def test_f6_asks_about_the_chosen_dossier(desk, officer, given, at_work):
    window, keys, page = at_work
    first = chosen(page)
    forwarding.take_over(officer, first)
    page.refresh()
    keys.until(lambda: page.found is not None and page.found.dossier.status == "processing")
    keys.press(Qt.Key.Key_F6)
    asks = window.screens.open_asks()
    keys.until(lambda: asks.subject is not None)
    assert asks.subject.id == first


def test_an_officer_sees_her_department_only(desk, officer, form, given):
    other = bytes.fromhex(receive(desk, form()).id)
    forwarding.forward(desk, [other], forwarding.Place("Địa chính - Xây dựng"))
    assert {h.line.id for h in work(officer).held} == set(given)
    assert {h.line.id for h in work(desk).held} == {*given, other}
    assert work(desk, "Địa chính - Xây dựng").total == 1


def test_late_work_comes_before_other_work_and_waiting_last(desk, officer, clock, given):
    first, second, third = given
    for id_ in given:
        forwarding.take_over(officer, id_)
    supplements.ask_for_papers(desk, third, [Asked("Tờ khai", "Thiếu chữ ký")])
    clock.forward(days=6)
    piles = [(pile, [h.line.id for h in held]) for pile, held in work(officer).piles]
    assert piles == [("late", [first, second]), ("waiting", [third])]
    assert all(h.late for h in work(officer).held[:2])


def test_the_chief_sees_who_has_what_and_the_dossiers_behind_the_figure(
    desk, officer, clock, form, given, open_window, qtbot, key_clock
):
    from tests.ui.conftest import Keys

    forwarding.take_over(officer, given[0])
    clock.forward(days=6)
    other = bytes.fromhex(receive(desk, form()).id)
    forwarding.forward(desk, [other], forwarding.Place("Địa chính - Xây dựng"))
    chief = dataclasses.replace(desk, role="chief")
    window = open_window(chief)
    window.show_desk(chief)
    keys = Keys(qtbot, window, key_clock)
    keys.ctrl(Qt.Key.Key_B)
    page = window.screens.open_work()
    keys.until(lambda: page.holders.rows.rowCount() == 4)
    assert page.holders.rows.entry(0).more == "4 hồ sơ, 3 quá hạn"
    looked_at(window, "work-chief")
    behind = {entry.more: entry.says for entry in (page.holders.rows.entry(n) for n in range(1, 4))}
    assert {more.split(" · ")[1] for more in behind} == {
        "1 hồ sơ, 1 quá hạn",
        "2 hồ sơ, 2 quá hạn",
        "1 hồ sơ",
    }
    page.holders.setFocus()
    keys.press(Qt.Key.Key_Down)
    load = page.holders.current().says
    keys.until(lambda: shown(page) == load.open)
    keys.press(Qt.Key.Key_Escape)
    keys.until(lambda: shown(page) == 4)


def test_a_clerk_has_no_such_tab(window, keys):
    window.show_desk(window._runner.desk)
    assert not window.bar.work.isVisible()


def test_nothing_to_do_says_so(officer, open_window, qtbot, key_clock):
    window = open_window(officer)
    window.show_desk(officer)
    page = window.screens.open_work()
    qtbot.waitUntil(page._empty.isVisible, timeout=20_000)
    assert not page.main_button.isVisible()
