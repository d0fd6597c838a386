"""The page of dossiers (F8): find, look, act."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QResizeEvent,
    QShortcut,
)
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_app.rules.money import dotted
from desk_app.services.dossiers import DossierLine, Narrow, Which
from desk_app.services.find import by_code
from desk_app.services.opened import OpenedDossier, opened
from desk_app.services.saved_filters import SavedFilter
from desk_app.ui.dossier_detail import DossierDetail
from desk_app.ui.dossier_filters import FILTERS, PAGE, Listed, list_dossiers
from desk_app.ui.dossier_list import DossierHead, DossierView
from desk_app.ui.dossier_rows import DossierRows
from desk_app.ui.filter_panel import FilterPanel
from desk_app.ui.list_actions import ListActions
from desk_app.ui.runner import Runner
from desk_app.ui.theme import px
from desk_app.ui.widgets import (
    Button,
    Card,
    Chip,
    Column,
    EmptyState,
    FlowRow,
    KeyHints,
    Label,
    PageLayout,
    Row,
    ScanBox,
)

if TYPE_CHECKING:
    from db.refused import Refused

KEYS: Final = (
    ("↑ ↓", "chọn"),
    ("Enter", "mở"),
    ("F7", "in lại giấy"),
    ("Ctrl+C", "chép mã"),
    ("Ctrl+F", "lọc"),
    ("Alt+B", "bộ lọc riêng"),
    ("Ctrl+E", "ra Excel"),
    ("Ctrl+P", "phiếu bàn giao kết quả mới về"),
    ("Esc", "bỏ tìm"),
)
"""The keys of this page, for its foot and for F1."""
KEYS_OF_FILTERS: Final = 9
"""Alt+1 to Alt+9."""


class DossiersPage(QWidget):
    """Scan box, filters with counts, the list, the chosen dossier beside it.

    Signals:
        opened: the clerk wants to see this dossier whole; carries its line.
        print_wanted: print the receipt of this dossier again; carries its id.
        left: Esc with nothing left to take back.
    """

    opened = Signal(object)
    print_wanted = Signal(object)
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Hồ sơ")
        self._runner = runner
        self.wanted = SavedFilter("", "today")
        self._question = 0
        self._wanted: bytes | None = None
        self._list_wants_focus = False
        self._counts: dict[str, int] = {}
        self.box = ScanBox("Tìm hồ sơ", "Quét giấy hẹn, hoặc gõ tên, mã", key="")
        self.rows = DossierRows(self)
        self.view = DossierView(self.rows)
        self.detail = DossierDetail()
        self.chips = {which: Chip(words) for which, words, _ in FILTERS}
        self.list_actions = ListActions(runner, self)
        self._empty = EmptyState("files", "")
        self._count = Label("", "caption", "muted")
        self._typing = self._timer(60, self._ask_first)
        self._looking = self._timer(60, self._ask_opened)
        self.filters = FilterPanel(runner, self)
        self.saved: dict[str, Chip] = {}
        self._filters: tuple[SavedFilter, ...] = ()
        self._lay_out()
        self._connect()
        self.filters.ask_kept()

    def _timer(self, wait_ms: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(then)
        return timer

    def _lay_out(self) -> None:
        self._chips = chips = FlowRow(gap=6)
        for chip in self.chips.values():
            chips.addWidget(chip)
        self.filter_button = Button("Bộ lọc riêng", "link", "Alt+B", "filter")
        self._focus_filters = Button("Lọc", "link", "Ctrl+F", "filter")
        self._head = QHBoxLayout()
        self._head.setSpacing(12)
        self._head.addWidget(self.box, 4)
        self._head.addLayout(Column(None, chips, None), 9)
        self._head.addLayout(Column(None, self._focus_filters, self.filter_button, None, gap=0))
        table = Card()
        table.setAccessibleName("Danh sách hồ sơ")
        table.body.setContentsMargins(1, 1, 1, 1)
        table.body.setSpacing(0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        table.add(DossierHead(self.view), self._stack)
        self._hints = KeyHints(KEYS)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(table, 1)
        buttons = Row(
            self.list_actions.forward_button,
            self.list_actions.results_button,
            self.list_actions.excel_button,
            gap=4,
        )
        left.addLayout(Row(self._hints, self._count))
        left.addLayout(Row(None, buttons))
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addLayout(left, 1)
        middle.addWidget(self.detail)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(self._head)
        page.addLayout(middle, 1)

    def _connect(self) -> None:
        self._group = QButtonGroup(self)
        for at, (which, chip) in enumerate(self.chips.items()):
            self._group.addButton(chip, at)
            chip.setChecked(which == self.wanted.which)
            if at >= KEYS_OF_FILTERS:
                continue
            chip.setToolTip(f"Alt+{at + 1}")
            key = QShortcut(QKeySequence(f"Alt+{at + 1}"), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(chip.click)
        self._group.idToggled.connect(self._on_filter_toggled)
        for sequence, act in (
            ("Ctrl+F", self._on_filters_wanted),
            ("Alt+B", self._on_own_filter),
            ("Ctrl+E", self.list_actions.to_excel),
            ("Ctrl+P", self.list_actions.print_results),
            ("Ctrl+C", self._on_copy),
        ):
            key = QShortcut(QKeySequence(sequence), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(act)
        self._focus_filters.clicked.connect(self._on_filters_wanted)
        self.filter_button.clicked.connect(self._on_own_filter)
        self.filters.chosen.connect(self.show_saved)
        self.filters.kept.connect(self._on_kept)
        self.box.typed.connect(self._on_box_typed)
        self.box.submitted.connect(self._on_box_submitted)
        self.view.typed.connect(self._on_letter)
        self.view.moved.connect(self._on_moved)
        self.view.wanted.connect(self.opened)
        self.view.above.connect(self.box.setFocus)
        self.rows.hungry.connect(self._on_hungry)
        self.detail.open_button.clicked.connect(self._on_open)
        self.detail.print_button.clicked.connect(self.print_again)

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go when the page is shown: the list, or the box while it is empty."""
        self._list_wants_focus = not self.rows.rowCount()
        (self.box if self._list_wants_focus else self.view).setFocus()

    def refresh(self) -> None:
        """Fetch again, as after a save or a print; the chosen dossier stays chosen."""
        line = self.view.current_line()
        self._wanted = line.id if line else self._wanted
        self._ask_first()

    def show_filter(self, which: Which) -> None:
        """Show one of the lists."""
        self.chips[which].setChecked(True)

    def search(self, text: str) -> None:
        """Put a text into the box and look for it."""
        self.box.edit.setText(text)
        self._ask_first()

    def scanned(self, text: str) -> None:
        """A dossier's code was scanned: open it; if it was given twice, list both."""
        self._runner.ask(self, partial(by_code, typed=text), self._on_code_found, self._on_refused)

    @property
    def chosen(self) -> bytes:
        """The id of the chosen dossier; empty when none is."""
        line = self.view.current_line()
        return line.id if line is not None else b""

    def print_again(self) -> bool:
        """Print the chosen dossier's receipt; False when none is chosen."""
        line = self.view.current_line()
        if line is None or line.status == "voided":
            return False
        self.print_wanted.emit(line.id)
        return True

    def main_action(self) -> None:
        """F9: give the whole list over, where that is what it is for; else open the chosen one."""
        if self.list_actions.can_forward:
            self.list_actions.forward_all()
        else:
            self._on_open()

    # ------------------------------------------------------------ asking

    @Slot()
    def _ask_first(self) -> None:
        self._question += 1
        job = partial(list_dossiers, self._question, self.wanted, self.box.text().strip(), None)
        self._runner.ask(self, job, self._on_first, self._on_refused)

    @Slot(object)
    def _on_hungry(self, last: DossierLine | None) -> None:
        job = partial(list_dossiers, self._question, self.wanted, "", last)
        self._runner.ask(self, job, self._on_next, self._on_refused)

    @Slot()
    def _ask_opened(self) -> None:
        line = self.view.current_line()
        if line is not None and self.detail.isVisible():
            self._runner.ask(self, partial(opened, id=line.id), self._on_opened, self._on_refused)

    # ------------------------------------------------------------ answers

    def _on_first(self, listed: Listed) -> None:
        if listed.question != self._question:
            return
        searched = bool(self.box.text().strip())
        self.rows.show_first(listed.lines, listed.now, not searched and len(listed.lines) == PAGE)
        if listed.counts is not None:
            self._counts = listed.counts
            for which, chip in self.chips.items():
                chip.set_count(dotted(listed.counts[which]))
        self._show_rows(searched)
        row = self.rows.row_of(self._wanted) if self._wanted else -1
        self._wanted = None
        if listed.lines:
            self.view.take_row(max(0, row))
            if self._list_wants_focus and not searched and self.box.edit.hasFocus():
                self.view.setFocus()
            self._list_wants_focus = False
        else:
            self.detail.show_line(None)
            if self.view.hasFocus():
                self.box.setFocus()

    def _on_next(self, listed: Listed) -> None:
        if listed.question == self._question:
            self.rows.go_on(listed.lines, len(listed.lines) == PAGE)
            self._say_count()

    def _on_opened(self, found: OpenedDossier) -> None:
        line = self.view.current_line()
        if line is not None and line.id == found.line.id:
            self.detail.show_opened(found)

    def _on_code_found(self, found: tuple[DossierLine, ...]) -> None:
        if len(found) == 1:
            self.box.set_state("read")
            self.opened.emit(found[0])
            return
        self.box.set_state("ready" if found else "bad")
        if found:
            self.search(found[0].code)

    def _on_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        self.rows.show_first([], datetime.now().astimezone(), False)
        self._empty.say(sentence_for(refused))
        self._stack.setCurrentWidget(self._empty)

    def _show_rows(self, searched: bool) -> None:
        if self.rows.rowCount():
            self._stack.setCurrentWidget(self.view)
        else:
            text = self.box.text().strip()
            says = next(empty for which, _, empty in FILTERS if which == self.wanted.which)
            if self.wanted.narrow != Narrow():
                says = "Không có hồ sơ nào trong bộ lọc này. Alt+B để đổi."
            if searched:
                self._empty.say(f"Không thấy “{text}”", "Thử số định danh, hoặc bỏ tìm (Esc).")
            else:
                self._empty.say(says)
            self._stack.setCurrentWidget(self._empty)
        self._say_count()

    def _say_count(self) -> None:
        shown = self.rows.rowCount()
        if self.box.text().strip():
            said = f"Thấy {dotted(shown)} hồ sơ" if shown < PAGE else f"{PAGE} hồ sơ mới nhất"
        else:
            total = max(shown, self._counts.get(self.wanted.which, shown))
            said = f"Đang xem {dotted(shown)} trên {dotted(total)} hồ sơ"
            if self.wanted.narrow != Narrow():
                said = f"{self.wanted.name or 'Bộ lọc riêng'}: {dotted(shown)} hồ sơ"
                said += " đầu" * (shown >= PAGE)
        self._count.setText(said if shown else "")
        listed = 0 if self.box.text().strip() else shown
        self.list_actions.show_list(self.wanted, listed)

    # ------------------------------------------------------------ keys and clicks

    @Slot(int, bool)
    def _on_filter_toggled(self, at: int, on: bool) -> None:
        if on and at < len(FILTERS):
            self._show_list(SavedFilter("", FILTERS[at][0]))
        elif on:
            self._show_list(self._filters[at - len(FILTERS)])

    def _show_list(self, wanted: SavedFilter) -> None:
        self.wanted = wanted
        self.box.clear()
        self._ask_first()

    @Slot()
    def _on_own_filter(self) -> None:
        self.filters.begin(self.wanted)

    @Slot(object)
    def show_saved(self, wanted: SavedFilter) -> None:
        """A list that was put together by hand, or kept under a name."""
        (self.saved.get(wanted.name) or self.chips[wanted.which]).setChecked(True)
        self._show_list(wanted)

    @Slot(object)
    def _on_kept(self, filters: tuple[SavedFilter, ...]) -> None:
        for chip in self.saved.values():
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        self.saved, self._filters = {}, filters
        for at, each in enumerate(filters, start=len(FILTERS)):
            chip = Chip(each.name)
            self._group.addButton(chip, at)
            self._chips.addWidget(chip)
            chip.setChecked(each.name == self.wanted.name)
            self.saved[each.name] = chip

    @Slot()
    def _on_filters_wanted(self) -> None:
        self.chips[self.wanted.which].setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def _on_copy(self) -> None:
        if self.box.edit.hasFocus() and self.box.edit.hasSelectedText():
            self.box.edit.copy()
        elif (line := self.view.current_line()) is not None:
            QGuiApplication.clipboard().setText(line.code)

    @Slot(str)
    def _on_box_typed(self, text: str) -> None:
        self.box.set_state("ready")
        self._typing.start()

    @Slot(str)
    def _on_box_submitted(self, text: str) -> None:
        self._typing.stop()
        if text.strip():
            self.scanned(text)
        elif self.rows.rowCount():
            self.view.setFocus()

    @Slot(object)
    def _on_letter(self, event: QKeyEvent) -> None:
        self.box.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        QCoreApplication.sendEvent(self.box.edit, event)

    @Slot(object)
    def _on_moved(self, line: DossierLine | None) -> None:
        self.detail.show_line(line)
        self._looking.start()

    @Slot()
    def _on_open(self) -> None:
        if (line := self.view.current_line()) is not None:
            self.opened.emit(line)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key == Qt.Key.Key_F7:
            self.print_again()
        elif key == Qt.Key.Key_Down and self.rows.rowCount():
            self.view.setFocus()
        elif key == Qt.Key.Key_Escape and self.box.text():
            self.box.clear()
            self.box.set_state("ready")
            self._ask_first()
        elif key == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._typing.stop()
        self._looking.stop()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setVisible(self.width() >= px(1200))
        self.detail.setFixedWidth(px(330))
        self._focus_filters.setVisible(self.width() >= px(1000))
