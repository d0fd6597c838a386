"""The intake page in every state at 1366×690: nothing cut at 100, 125 and 150 %, all named."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractScrollArea,
    QLabel,
    QLineEdit,
    QScrollArea,
    QScrollBar,
    QWidget,
)

from desk_app.services.receive import receive
from desk_app.ui.status_line import StatusItem
from desk_app.ui.widgets import Badge

CONTROLS = (QAbstractButton, QLineEdit, QAbstractItemView)
LONG = (
    "031190999981||Công Tằng Tôn Nữ Thị Hoàng Nguyễn Phước Diễm Quỳnh Anh|12121990|Nữ|"
    "Số 5/7, ngõ 123, đường Giả Lập Thử Nghiệm, tổ dân phố số 3, Núi Đối, Hải Phòng|25122021"
)


class Stage:
    """Brings the window into one of its states."""

    def __init__(self, window, keys, desk, form, printer):
        self.window, self.keys, self.desk, self.form = window, keys, desk, form
        self.printer = printer
        self.page = window.receiving

    def empty(self):
        self.keys.until(lambda: self.page.preview.drawn is not None)

    def matches(self):
        receive(self.desk, self.form())
        self.keys.type("anh").until(lambda: self.page.person.mode == "matches")

    def person(self):
        for _ in range(6):
            receive(self.desk, self.form())
        self.keys.scan(self.keys.ANH).until(self.page.procedure.search.hasFocus)
        self.page.person.view.phone.line().setText("0912 345 67")
        self.page.person.view.phone.visited = True
        self.page.person._on_phone_left()

    def long_name(self):
        self.keys.scan(LONG).until(self.page.procedure.search.hasFocus)

    def edit(self):
        self.keys.ctrl(Qt.Key.Key_N).until(lambda: self.page.person.mode == "edit")

    def edit_errors(self):
        self.edit()
        edit = self.page.person.edit
        wrong = {"name": "NGUYỄN 1", "id_number": "031", "born": "31/2/1990", "phone": "091"}
        for name, text in wrong.items():
            edit.fields[name].line().setText(text)
            edit.fields[name].visited = True
        edit.check()

    def conflict(self):
        receive(self.desk, self.form())
        self.keys.scan(self.keys.ANH.replace("Nguyễn Thị Ngọc Ánh", "Trần Thị Bích Thử"))
        self.keys.until(lambda: self.page.person.view.conflict.isVisible())

    def submitter(self):
        self.keys.scan(LONG).until(self.page.procedure.search.hasFocus)
        self.page.person.view.other.click()
        self.keys.scan(self.keys.ANH)
        self.keys.until(lambda: self.page.form.applicant.name == "Nguyễn Thị Ngọc Ánh")

    def search(self):
        self.keys.scan(LONG).until(self.page.procedure.search.hasFocus)
        self.keys.type("xac nhan")

    def filled(self):
        self.keys.scan(self.keys.ANH).until(self.page.procedure.search.hasFocus)
        self.keys.type("xnhn").press(Qt.Key.Key_Return).type("+")
        self.keys.until(lambda: bool(self.page.promise.work.moment.text()))

    def longest_procedure(self):
        catalogue = self.page._catalogue
        longest = max(catalogue.procedures, key=lambda p: len(p.name))
        self.keys.scan(self.keys.ANH).until(self.page.procedure.search.hasFocus)
        self.keys.type(longest.code).press(Qt.Key.Key_Return)

    def copies(self):
        self.keys.scan(self.keys.ANH).until(self.page.procedure.search.hasFocus)
        self.keys.type("ctbs").press(Qt.Key.Key_Return).type("+")

    def errors(self):
        self.keys.scan(self.keys.ANH).until(self.page.procedure.search.hasFocus)
        self.keys.type("xnhn").press(Qt.Key.Key_Return).press(Qt.Key.Key_F9)
        self.keys.until(self.page.summary.isVisible)

    def day_and_exemption(self):
        self.filled()
        self.page.promise.work.open_override()
        self.page.promise.work.day.set_text("32/13/2026")
        self.page.promise.work.ways.buttons()[2].click()
        self.keys.press(Qt.Key.Key_F9).until(self.page.summary.isVisible)

    def saved(self):
        self.filled()
        self.keys.press(Qt.Key.Key_F9).until(lambda: self.page.person.done.state == "printed")

    def not_printed(self):
        self.printer.write_text("failed offline")
        self.filled()
        self.keys.press(Qt.Key.Key_F9).until(lambda: self.page.person.done.state == "failed")

    def parked(self):
        for card in (LONG, self.keys.ANH, self.keys.HAI):
            name = card.split("|")[2]
            self.keys.scan(card).until(lambda name=name: self.page.form.applicant.name == name)


STATES = [name for name in vars(Stage) if not name.startswith("_")]


@pytest.fixture
def stage(window, keys, desk, form, printer):
    window.resize(1366, 690)
    return Stage(window, keys, desk, form, printer)


def visible(window, kind):
    return [w for w in window.findChildren(kind) if w.isVisibleTo(window) and w.isVisible()]


def cut_labels(window):
    cut = []
    for label in visible(window, QLabel):
        metrics, room, text = QFontMetrics(label.font()), label.contentsRect(), label.text()
        if label.wordWrap():
            box = metrics.boundingRect(
                0, 0, room.width(), 10_000, int(Qt.TextFlag.TextWordWrap), text
            )
            if box.height() > room.height() + 1 or box.width() > room.width() + 1:
                cut.append(text)
        elif text and (
            max(map(metrics.horizontalAdvance, text.replace("&", "").split("\n")))
            > room.width() + 1
            or metrics.height() * len(text.split("\n")) > room.height() + 1
        ):
            cut.append(text)
    return cut


def cut_painted(window):
    cut = []
    for kind in (QAbstractButton, Badge, StatusItem):
        for widget in visible(window, kind):
            hint = widget.minimumSizeHint()
            if widget.width() < hint.width() or widget.height() < hint.height():
                cut.append(f"{type(widget).__name__} {widget.accessibleName()}")
    return cut


def cut_invitations(window):
    return [
        field.placeholderText()
        for field in visible(window, QLineEdit)
        if QFontMetrics(field.font()).horizontalAdvance(field.placeholderText()) > field.width()
    ]


def outside(window):
    """Controls beyond their parent, unless the parent scrolls them into sight."""
    beyond = []
    for widget in visible(window, QWidget):
        parent = widget.parentWidget()
        if parent is None or isinstance(parent.parentWidget(), QScrollArea):
            continue
        if isinstance(widget, QScrollBar) or isinstance(parent, QAbstractScrollArea):
            continue
        if isinstance(widget, (*CONTROLS, QLabel, Badge)) or parent is window.receiving:
            if parent.rect().contains(widget.geometry()):
                continue
            beyond.append(f"{type(widget).__name__} {widget.accessibleName()}")
    return beyond


def overlapping(window):
    """Labels and controls of one parent that lie over each other."""
    found = []
    for parent in (window, *visible(window, QWidget)):
        # The viewport of a list and its scroll bars share their place by design.
        if isinstance(parent, QAbstractScrollArea | QLineEdit):
            continue
        children = [
            c
            for c in parent.children()
            if isinstance(c, (*CONTROLS, QLabel, Badge)) and c.isVisible()
        ]
        for at, one in enumerate(children):
            for other in children[at + 1 :]:
                if one.geometry().intersects(other.geometry()):
                    found.append((one.accessibleName(), other.accessibleName()))
    return found


def expect_nothing_cut(window, qtbot):
    """Once the layout has come to rest."""

    def is_whole():
        assert cut_labels(window) == []
        assert cut_painted(window) == []
        assert cut_invitations(window) == []
        assert outside(window) == []
        assert overlapping(window) == []

    qtbot.wait(60)
    qtbot.waitUntil(is_whole, timeout=5_000)


@pytest.mark.parametrize("percent", [100, 125, 150])
@pytest.mark.parametrize("state", STATES)
def test_nothing_is_cut(state, percent, stage, look, window, qtbot):
    look.resize(percent)
    getattr(stage, state)()
    assert (window.width(), window.height()) == (1366, 690)
    expect_nothing_cut(window, qtbot)


@pytest.mark.parametrize("state", STATES)
def test_every_control_has_a_name_and_every_mnemonic_one_owner(state, stage, window):
    getattr(stage, state)()
    nameless = [
        type(widget).__name__
        for kind in CONTROLS
        for widget in visible(window, kind)
        if not widget.accessibleName()
    ]
    assert nameless == []
    marks = []
    for widget in (*visible(window, QAbstractButton), *visible(window, QLabel)):
        text = widget.text().replace("&&", "")
        if "&" in text and not (isinstance(widget, QLabel) and widget.buddy() is None):
            marks.append(text[text.index("&") + 1].upper())
    assert len(marks) == len(set(marks)), marks
    assert all(mark.isascii() for mark in marks)


@pytest.mark.parametrize("state", ["empty", "filled", "errors", "saved"])
def test_every_theme_paints_the_page(state, stage, look, window):
    getattr(stage, state)()
    pictures = []
    for choice in ("light", "dark", "contrast"):
        look.choose(choice)
        image = window.grab().toImage()
        pictures.append(image.scaled(24, 24).convertToFormat(image.Format.Format_RGB32))
    assert pictures[0] != pictures[1] != pictures[2] != pictures[0]


def test_changing_the_text_size_in_the_middle_of_a_form_cuts_nothing(stage, window, keys, qtbot):
    stage.filled()
    plus, minus, zero = Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_0
    for key in (plus, plus, plus, plus, plus, minus, minus, zero, minus):
        keys.ctrl(key)
        expect_nothing_cut(window, qtbot)
