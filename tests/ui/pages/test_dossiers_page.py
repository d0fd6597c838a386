"""The list of dossiers: found, moved through, acted on by keys alone."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QModelIndex, Qt
from PySide6.QtGui import QGuiApplication
from pytestqt.qtbot import QtBot

from db.dossier import Dossier
from desk_app.desk import Desk, open_desk
from desk_app.rules.people import PersonTyped
from desk_app.services.correct import void
from desk_app.services.demo import people, required
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.ui.dossier_filters import PAGE
from desk_app.ui.dossiers_page import DossiersPage
from desk_app.ui.runner import Runner

LONG_NAME = (
    "Công ty Trách nhiệm hữu hạn Một thành viên Thương mại Dịch vụ Vận tải Hoàng Long Kiến Thụy"
)
MANY = 1_100


@pytest.fixture
def page(runner: Runner) -> DossiersPage:
    return DossiersPage(runner)


@pytest.fixture
def open_page(
    page: DossiersPage, show: Callable[..., Any], qtbot: QtBot, settle: Callable[[], None]
) -> Callable[[], Any]:
    """Shows the page, filled, with the keys where F8 puts them."""

    def opened() -> Any:
        keys = show(page)
        page.refresh()
        settle()
        page.take_focus()
        return keys

    return opened


def codes_shown(page: DossiersPage) -> list[str]:
    return [page.rows.line(row).code for row in range(page.rows.rowCount())]  # type: ignore[union-attr]


def test_an_empty_day_invites_to_take_a_dossier_in(
    page: DossiersPage, open_page: Callable[[], Any]
) -> None:
    open_page()
    assert page._stack.currentWidget().accessibleName().startswith("Hôm nay chưa có hồ sơ. F2")
    assert page.box.edit.hasFocus()


def test_the_newest_is_first_and_chosen(
    page: DossiersPage, open_page: Callable[[], Any], take_in: Callable[..., list[Dossier]]
) -> None:
    taken = take_in(3)
    open_page()
    assert codes_shown(page) == [d.facts.code for d in reversed(taken)]
    assert page.view.hasFocus()
    assert page.view.current_line().code == taken[-1].facts.code  # type: ignore[union-attr]


def test_the_keys_are_in_the_list_as_soon_as_there_is_one(
    page: DossiersPage,
    show: Callable[..., Any],
    settle: Callable[[], None],
    take_in: Callable[..., list[Dossier]],
) -> None:
    take_in(2)
    keys = show(page)
    page.refresh()
    page.take_focus()
    assert page.box.edit.hasFocus()
    settle()
    assert page.view.hasFocus()
    keys.type("x")
    settle()
    page.refresh()
    settle()
    assert page.box.edit.hasFocus()


def test_enter_opens_and_f7_prints_the_chosen_one(
    page: DossiersPage,
    open_page: Callable[[], Any],
    take_in: Callable[..., list[Dossier]],
    listener: Any,
) -> None:
    taken = take_in(3)
    page.opened.connect(listener.hear)
    page.print_wanted.connect(listener.hear)
    keys = open_page()
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_F7)
    assert listener.heard[0].code == taken[1].facts.code
    assert listener.heard[1] == bytes.fromhex(taken[1].id)


def test_ctrl_c_copies_the_code(
    page: DossiersPage, open_page: Callable[[], Any], take_in: Callable[..., list[Dossier]]
) -> None:
    (dossier,) = take_in(1)
    keys = open_page()
    keys.ctrl(Qt.Key.Key_C)
    assert QGuiApplication.clipboard().text() == dossier.facts.code


def test_alt_and_a_digit_choose_the_list(
    desk: Desk,
    page: DossiersPage,
    open_page: Callable[[], Any],
    settle: Callable[[], None],
    take_in: Callable[..., list[Dossier]],
) -> None:
    printed, unprinted, voided = take_in(3)
    paper_printed(desk, write_receipt(desk, bytes.fromhex(printed.id)), "clerk")
    void(desk, bytes.fromhex(voided.id), "Nhập hai lần")
    keys = open_page()
    for digit, expected in (
        (Qt.Key.Key_2, [unprinted]),
        (Qt.Key.Key_3, []),
        (Qt.Key.Key_5, []),
        (Qt.Key.Key_6, [unprinted, printed]),
        (Qt.Key.Key_7, []),
    ):
        keys.alt(digit)
        settle()
        assert codes_shown(page) == [d.facts.code for d in expected]
    page.lists.chips["voided"].click()
    settle()
    assert codes_shown(page) == [voided.facts.code]
    assert page.lists.chips["unprinted"].accessibleName() == "Chưa in 1"
    assert [chip.text() for chip in page.lists.chips.values()][:2] == ["Hôm nay", "Chưa in"]


def test_ctrl_f_goes_to_the_filters_and_arrows_choose(
    page: DossiersPage, open_page: Callable[[], Any], settle: Callable[[], None]
) -> None:
    keys = open_page()
    keys.ctrl(Qt.Key.Key_F)
    assert page.lists.chips["today"].hasFocus()
    keys.press(Qt.Key.Key_Right)
    assert page.lists.chips["unprinted"].isChecked()
    settle()


def test_letters_go_to_the_box_and_find_without_marks(
    page: DossiersPage,
    open_page: Callable[[], Any],
    qtbot: QtBot,
    take_in: Callable[..., list[Dossier]],
) -> None:
    take_in(3)
    (anh,) = take_in(1, applicant=PersonTyped(name="Đặng Thị Ánh", id_number="031187999913"))
    keys = open_page()
    keys.type("dang anh")
    assert page.box.text() == "dang anh"
    qtbot.waitUntil(lambda: codes_shown(page) == [anh.facts.code], timeout=20_000)
    keys.press(Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: page.rows.rowCount() == 4, timeout=20_000)
    assert page.box.text() == ""


def test_no_match_says_what_else_to_try(
    page: DossiersPage,
    open_page: Callable[[], Any],
    qtbot: QtBot,
    take_in: Callable[..., list[Dossier]],
) -> None:
    take_in(1)
    keys = open_page()
    keys.type("xyzzy")
    qtbot.waitUntil(lambda: page.rows.rowCount() == 0, timeout=20_000)
    said = page._stack.currentWidget().accessibleName()
    assert said == "Không thấy “xyzzy”. Thử số định danh, hoặc bỏ tìm (Esc)."


def test_esc_with_nothing_left_to_take_back_leaves(
    page: DossiersPage, open_page: Callable[[], Any], listener: Any
) -> None:
    page.left.connect(lambda: listener.hear("left"))
    open_page().press(Qt.Key.Key_Escape)
    assert listener.heard == ["left"]


def test_a_scanned_code_opens_its_dossier(
    page: DossiersPage,
    open_page: Callable[[], Any],
    settle: Callable[[], None],
    take_in: Callable[..., list[Dossier]],
    listener: Any,
) -> None:
    first, _ = take_in(2)
    page.opened.connect(listener.hear)
    open_page()
    page.scanned(first.facts.code)
    settle()
    assert [line.code for line in listener.heard] == [first.facts.code]
    page.scanned("H24.314.11749-990101-0001")
    settle()
    assert len(listener.heard) == 1


def test_a_list_fetched_again_keeps_the_chosen_dossier(
    page: DossiersPage,
    open_page: Callable[[], Any],
    settle: Callable[[], None],
    take_in: Callable[..., list[Dossier]],
) -> None:
    taken = take_in(4)
    keys = open_page()
    keys.press(Qt.Key.Key_Down)
    chosen = page.view.current_line()
    assert chosen is not None and chosen.code == taken[2].facts.code
    take_in(1, applicant=PersonTyped(name="Trần Văn Mới", id_number="031085999991"))
    page.refresh()
    settle()
    assert page.view.current_line().id == chosen.id  # type: ignore[union-attr]
    assert page.view.currentIndex().row() == 2


def test_the_card_beside_the_list_shows_history_and_no_identity_number(
    desk: Desk,
    page: DossiersPage,
    open_page: Callable[[], Any],
    qtbot: QtBot,
    take_in: Callable[..., list[Dossier]],
) -> None:
    (dossier,) = take_in(1)
    paper_printed(desk, write_receipt(desk, bytes.fromhex(dossier.id)), "printer", "HP")
    open_page()
    qtbot.waitUntil(lambda: len(page.detail._steps._steps) == 2, timeout=20_000)
    assert [s.text for s in page.detail._steps._steps] == [
        "Tiếp nhận",
        "In giấy tiếp nhận và hẹn trả",
    ]
    number = dossier.facts.applicant.id_number
    shown = " ".join(
        str(part)
        for label in page.findChildren(type(page.detail._code))
        for part in (label.text(), label.accessibleName())
    )
    assert dossier.facts.applicant.name in shown
    assert number not in shown and number[:3] + " " + number[3:6] not in shown


def test_a_long_name_makes_its_row_higher_instead_of_being_cut(
    page: DossiersPage, open_page: Callable[[], Any], take_in: Callable[..., list[Dossier]]
) -> None:
    take_in(1)
    take_in(1, applicant=PersonTyped(name=LONG_NAME, kind="business", id_number="0201234567"))
    open_page()
    assert page.view.sizeHintForRow(0) > page.view.sizeHintForRow(1) == 36


@pytest.fixture(scope="module")
def many(new_counter: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A counter with more dossiers than five pages hold."""
    from datetime import datetime
    from zoneinfo import ZoneInfo

    data = Path(shutil.copytree(new_counter, tmp_path_factory.mktemp("many") / "counter"))
    moment = [datetime(2026, 11, 26, 7, 30, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))]
    desk = open_desk(data, now=lambda: moment[0])
    with desk.reading() as connection:
        found = desk.published(connection).procedure("1.004873", moment[0].date())
    assert found is not None
    citizens = people(9)
    for number in range(MANY):
        if number % 400 == 399:
            moment[0] += timedelta(days=1)
        moment[0] += timedelta(seconds=1)
        form = DossierForm(
            procedure="1.004873", applicant=next(citizens), papers=required(found.says)
        )
        receive(desk, form)
    desk.close()
    return data


@pytest.fixture
def crowded(many: Path, tmp_path: Path, clock: Any) -> Iterator[Runner]:
    clock.forward(days=4)
    desk = open_desk(Path(shutil.copytree(many, tmp_path / "crowded")), now=clock)
    runner = Runner(desk)
    yield runner
    runner.close()
    desk.close()


def test_a_list_of_more_than_a_thousand_is_fetched_by_pages(
    crowded: Runner, show: Callable[..., Any], qtbot: QtBot
) -> None:
    page = DossiersPage(crowded)
    keys = show(page)
    page.lists.chips["all"].click()
    qtbot.waitUntil(lambda: page.rows.rowCount() == PAGE, timeout=20_000)
    assert page._count.text() == "Đang xem 200 trên 1.100 hồ sơ"
    page.take_focus()
    keys.press(Qt.Key.Key_End)
    qtbot.waitUntil(lambda: page.rows.rowCount() == 2 * PAGE, timeout=20_000)
    while page.rows.canFetchMore(QModelIndex()):
        before = page.rows.rowCount()
        keys.press(Qt.Key.Key_End)
        qtbot.waitUntil(lambda n=before: page.rows.rowCount() > n, timeout=20_000)
    lines = [page.rows.line(row) for row in range(page.rows.rowCount())]
    assert len(lines) == MANY == len({line.id for line in lines if line})
    order = [(line.received_at, line.n) for line in lines if line]
    assert order == sorted(order, reverse=True)
    assert page._count.text() == "Đang xem 1.100 trên 1.100 hồ sơ"


def test_a_page_that_comes_after_another_list_was_chosen_is_dropped(
    crowded: Runner, show: Callable[..., Any], qtbot: QtBot
) -> None:
    page = DossiersPage(crowded)
    show(page)
    page.lists.chips["all"].click()
    qtbot.waitUntil(lambda: page.rows.rowCount() == PAGE, timeout=20_000)
    page.rows.fetchMore(QModelIndex())
    page.lists.chips["voided"].click()
    qtbot.waitUntil(
        lambda: page.lists.wanted.which == "voided" and page.rows.rowCount() == 0, timeout=20_000
    )
    qtbot.wait(100)
    assert page.rows.rowCount() == 0
