"""Every page at 1366×690: nothing cut at 100, 125 and 150 %, every control named."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)
from pytestqt.qtbot import QtBot

from db.dossier import Dossier
from db.steps import Asked
from desk_app.devices.burst import Reading
from desk_app.rules.people import PersonTyped
from desk_app.services import fees, forwarding, results, supplements
from desk_app.services.correct import add_note, correct
from desk_app.ui import theme
from desk_app.ui.ask_page import AskPage
from desk_app.ui.correct_panel import CorrectPanel
from desk_app.ui.dossier_card import KEYS, DossierCard
from desk_app.ui.dossiers_page import DossiersPage
from desk_app.ui.keys_help import KeysHelp
from desk_app.ui.lock_page import LockPage
from desk_app.ui.palette import Command, Palette
from desk_app.ui.return_page import ReturnPage
from desk_app.ui.runner import Runner
from desk_app.ui.scanner_page import TEST_CARD, ScannerPage
from desk_app.ui.texts_page import TextsPage
from desk_app.ui.widgets import Badge, Button, Chip
from desk_app.ui.work_page import WorkPage

LONG = PersonTyped(
    name="Nguyễn Hoàng Phương Thảo Nguyên",
    id_number="031187999912",
    address="Tổ dân phố số 7, thị trấn Núi Đối, huyện Kiến Thụy, thành phố Hải Phòng",
    phone="0912345678",
)
CONTROLS = (
    QAbstractButton,
    QLineEdit,
    QPlainTextEdit,
    QComboBox,
    QAbstractItemView,
    QAbstractScrollArea,
)


class Stage:
    """Builds each page, filled with something long, in its window."""

    def __init__(
        self,
        runner: Runner,
        show: Callable[..., Any],
        settle: Callable[[], None],
        take_in: Callable[..., list[Dossier]],
    ) -> None:
        self.runner, self.show, self.settle, self.take_in = runner, show, settle, take_in

    def dossiers(self) -> QWidget:
        self.take_in(30)
        page = DossiersPage(self.runner)
        self.show(page)
        page.refresh()
        self.settle()
        page.take_focus()
        page._ask_opened()
        self.settle()
        return page

    def no_dossiers(self) -> QWidget:
        page = DossiersPage(self.runner)
        self.show(page)
        page.refresh()
        self.settle()
        return page

    def card(self) -> DossierCard:
        (dossier,) = self.take_in(1)
        id = bytes.fromhex(dossier.id)
        correct(self.runner.desk, id, {"purpose": "Vay vốn ngân hàng"}, "Người dân nói thêm")
        add_note(self.runner.desk, id, "Hẹn gọi lại buổi chiều để bổ sung ảnh. " * 3)
        page = DossierCard(self.runner)
        self.show(page)
        page.show_dossier(id)
        self.settle()
        page.say("Đã đính chính, vẫn mã cũ. F7 để in lại giấy.")
        return page

    def correction(self) -> QWidget:
        page = self.card()
        page._on_correct()
        page.correct_panel.fields["phone"].set_text("0912 345 67")
        page.correct_panel._on_save()
        return page.correct_panel

    def void(self) -> QWidget:
        page = self.card()
        page._on_void()
        page.void_panel.refuse("Ghi lý do.")
        return page.void_panel

    def lock(self) -> QWidget:
        keys = self.show()
        page = LockPage(self.runner, keys.window)
        page.lock("mai")
        self.settle()
        page._left = 700
        page._say_wait()
        page._on_caps(True)
        return page

    def help(self) -> QWidget:
        keys = self.show()
        page = KeysHelp(keys.window)
        page.show_keys("Một hồ sơ", KEYS)
        return page

    def palette(self) -> QWidget:
        self.take_in(12)
        keys = self.show()
        page = Palette(self.runner, keys.window)
        page.set_commands([Command("Chọn máy in giấy tiếp nhận", self.settle, "printer", "Ctrl+P")])
        page.ask("van")
        self.settle()
        return page

    def scanner(self) -> QWidget:
        page = ScannerPage(self.runner)
        self.show(page)
        self.settle()
        page._on_ports([("/dev/ttyACM0", "Honeywell Xenon 1900 (COM Port Emulation)")])
        page.show_reading(Reading(TEST_CARD, len(TEST_CARD), 4, 9, "scan", "enter"))
        page.show_state("absent")
        return page

    def texts(self) -> QWidget:
        page = TextsPage(self.runner, self.runner)
        self.show(page)
        page.refresh()
        self.settle()
        page._go_to(("04", "2025", "received"))
        page.edit.setPlainText("Đã nhận hồ sơ của {ai}.")
        page.reason.set_error("Ghi lý do.")
        self.settle()
        self.settle()
        return page

    def returning(self) -> QWidget:
        dossiers = self.take_in(3, applicant=LONG)
        for dossier in dossiers:
            results.done_at_once(self.runner.desk, bytes.fromhex(dossier.id), "12/XN-UBND", "Tủ 2")
        page = ReturnPage(self.runner)
        self.show(page)
        page.refresh()
        page.open_id(bytes.fromhex(dossiers[0].id))
        self.settle()
        page.others[0].setChecked(True)
        page.take_card("Phạm Thị Thử Hai", "031190999992")
        page.collector.refuse("Người nhận không phải chủ hồ sơ. Ghi số, ngày giấy ủy quyền.")
        return page

    def returned(self) -> QWidget:
        page = self.returning()
        assert isinstance(page, ReturnPage)
        page.collector.paper.set_text("12/GUQ ngày 20/11/2026")
        page.main_action()
        self.settle()
        self.settle()
        return page

    def _asking(self, outcome: str) -> AskPage:
        (dossier,) = self.take_in(1, applicant=LONG)
        page = AskPage(self.runner)
        self.show(page)
        page.ask_of(bytes.fromhex(dossier.id))
        self.settle()
        page.outcome.take(outcome)
        page._on_outcome(outcome)
        return page

    def asking(self) -> QWidget:
        page = self._asking("incomplete")
        page.rows[0].choose(len(page.rows[0].chips))
        page.error.say("Chọn lý do cho “Tờ khai theo mẫu”.", "alert-circle", "bad")
        return page

    def apology(self) -> QWidget:
        page = self._asking("extended")
        page.override.show()
        page._warning.say("Đã hẹn lại 1 lần, quy định tối đa 1. Ghi lý do hẹn thêm.")
        return page

    def waiting(self) -> QWidget:
        (dossier,) = self.take_in(1, applicant=LONG)
        asked = [Asked("Văn bản ủy quyền có chứng thực của người được ủy quyền", "Thiếu chữ ký")]
        supplements.ask_for_papers(self.runner.desk, bytes.fromhex(dossier.id), asked)
        page = AskPage(self.runner)
        self.show(page)
        page.show_waiting()
        self.settle()
        self.settle()
        return page

    def brought(self) -> QWidget:
        page = self.waiting()
        assert isinstance(page, AskPage)
        page._on_part()
        page.brought.save()
        self.settle()
        return page.brought

    def work(self) -> QWidget:
        dossiers = self.take_in(6)
        ids = [bytes.fromhex(dossier.id) for dossier in dossiers]
        forwarding.forward(self.runner.desk, ids)
        page = WorkPage(self.runner)
        self.show(page)
        page.refresh()
        self.settle()
        self.settle()
        page._done.say("H24.314.11749-261126-0501: đã chuyển, chờ nhận.", "circle-check", "ok")
        return page

    def filters(self) -> QWidget:
        page = self.no_dossiers()
        assert isinstance(page, DossiersPage)
        page._on_own_filter()
        self.settle()
        page.filters.save()
        self.settle()
        return page.filters

    def scans(self) -> QWidget:
        page = self.card()
        page.tabs.chips["papers"].setChecked(True)
        page.tabs.scans.notice.say("Giấy này chưa có bản quét. Alt+Q để đính kèm.", "scan", "info")
        return page

    def money(self) -> QWidget:
        (dossier,) = self.take_in(1)
        id = bytes.fromhex(dossier.id)
        fees.take_fee(self.runner.desk, [id], "transfer", "AB/26", "0001234")
        page = DossierCard(self.runner)
        self.show(page)
        page.show_dossier(id)
        self.settle()
        page.tabs.chips["money"].setChecked(True)
        return page


PAGES = (
    "dossiers",
    "no_dossiers",
    "card",
    "correction",
    "void",
    "lock",
    "help",
    "palette",
    "scanner",
    "texts",
    "returning",
    "returned",
    "asking",
    "apology",
    "waiting",
    "brought",
    "work",
    "filters",
    "scans",
    "money",
)


@pytest.fixture
def stage(
    runner: Runner,
    show: Callable[..., Any],
    settle: Callable[[], None],
    take_in: Callable[..., list[Dossier]],
) -> Stage:
    return Stage(runner, show, settle, take_in)


def visible(page: QWidget, kind: type[QWidget]) -> list[Any]:
    return [w for w in page.findChildren(kind) if w.isVisibleTo(page)]


def cut_labels(page: QWidget) -> list[str]:
    """Labels that have less room than their text needs."""
    cut = []
    for label in visible(page, QLabel):
        metrics, room = QFontMetrics(label.font()), label.contentsRect()
        if label.wordWrap():
            box = metrics.boundingRect(
                0, 0, room.width(), 10_000, int(Qt.TextFlag.TextWordWrap), label.text()
            )
            if box.height() > room.height() + 1 or box.width() > room.width() + 1:
                cut.append(label.text())
        elif metrics.horizontalAdvance(label.text()) > room.width() + 1 or (
            label.text() and metrics.height() > room.height() + 1
        ):
            cut.append(label.text())
    return cut


def cut_painted(page: QWidget) -> list[str]:
    """Painted widgets that are smaller than they say they must be."""
    cut = []
    for widget in (*visible(page, QAbstractButton), *visible(page, Badge)):
        hint = widget.minimumSizeHint()
        if isinstance(widget, Button | Chip | Badge):
            hint = widget.sizeHint()
        if widget.width() < hint.width() or widget.height() < hint.height():
            cut.append(widget.accessibleName())
    return cut


def cut_placeholders(page: QWidget) -> list[str]:
    """Invitations that do not fit into their empty field."""
    return [
        field.placeholderText()
        for field in visible(page, QLineEdit)
        if QFontMetrics(field.font()).horizontalAdvance(field.placeholderText()) > field.width()
    ]


def outside(page: QWidget) -> list[str]:
    """Controls that lie beyond their parent, unless the parent scrolls them into sight."""
    beyond = []
    for widget in visible(page, QWidget):
        parent = widget.parentWidget()
        if parent is None or isinstance(parent.parentWidget(), QScrollArea):
            continue
        if isinstance(widget, QScrollBar) or isinstance(parent, QAbstractScrollArea):
            continue
        if isinstance(widget, CONTROLS) and not parent.rect().contains(widget.geometry()):
            beyond.append(f"{type(widget).__name__} {widget.accessibleName()}")
    return beyond


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_cut(
    name: str, percent: int, stage: Stage, look: theme.Look, qtbot: QtBot
) -> None:
    look.resize(percent)
    page = getattr(stage, name)()
    qtbot.wait(30)
    assert page.window().width() == 1366 and page.window().height() == 690
    assert cut_labels(page) == []
    assert cut_painted(page) == []
    assert cut_placeholders(page) == []
    assert outside(page) == []


@pytest.mark.parametrize("name", PAGES)
def test_every_control_has_a_name(name: str, stage: Stage) -> None:
    page = getattr(stage, name)()
    nameless = [
        type(widget).__name__
        for kind in CONTROLS
        for widget in visible(page, kind)
        if not widget.accessibleName()
    ]
    assert nameless == []


@pytest.mark.parametrize("name", PAGES)
def test_every_theme_paints_every_page(name: str, stage: Stage, look: theme.Look) -> None:
    page = getattr(stage, name)()
    pictures = []
    for choice in ("light", "dark", "contrast"):
        look.choose(choice)  # type: ignore[arg-type]
        image = page.window().grab().toImage()
        pictures.append(image.scaled(24, 24).convertToFormat(image.Format.Format_RGB32))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_changing_the_text_size_of_a_page_in_sight_cuts_nothing(
    stage: Stage, look: theme.Look, qtbot: QtBot
) -> None:
    page = stage.correction()
    assert isinstance(page, CorrectPanel)
    for percent in (150, 90, 125):
        look.resize(percent)
        qtbot.wait(30)
        assert cut_labels(page) == []
        assert cut_painted(page) == []


def test_mnemonics_have_one_owner_a_page(stage: Stage) -> None:
    page = stage.dossiers()
    marks = [
        button.text()[button.text().index("&") + 1]
        for button in visible(page, QAbstractButton)
        if "&" in button.text().replace("&&", "")
    ]
    assert len(marks) == len(set(marks))
