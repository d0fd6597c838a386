"""The page of dossiers (F8): find, look, act."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, Qt, QTimer, Signal, Slot
from PySide6.QtGui import (
    QGuiApplication,
    QHideEvent,
    QKeyEvent,
    QKeySequence,
    QShortcut,
)
from PySide6.QtWidgets import QWidget

from desk_app.services.dossiers import DossierLine
from desk_app.services.find import by_code
from desk_app.services.opened import OpenedDossier, opened
from desk_app.services.saved_filters import SavedFilter
from desk_app.ui.dossier_filters import PAGE, Listed, list_dossiers
from desk_app.ui.dossiers_layout import DossiersLayout
from desk_app.ui.filter_panel import FilterPanel
from desk_app.ui.runner import Runner

if TYPE_CHECKING:
    from db.refused import Refused


class DossiersPage(DossiersLayout):
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
        super().__init__(runner, parent)
        self._runner = runner
        self._question = 0
        self._wanted: bytes | None = None
        self._list_wants_focus = False
        self._typing = self._timer(60, self._ask_first)
        self._looking = self._timer(60, self._ask_opened)
        self.filters = FilterPanel(runner, self)
        self._connect()
        self.filters.ask_kept()

    def _timer(self, wait_ms: int, then: object) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(wait_ms)
        timer.timeout.connect(then)
        return timer

    def _connect(self) -> None:
        self.lists.take_keys(self)
        self.lists.chosen.connect(self._on_list_chosen)
        for sequence, act in (
            ("Ctrl+F", self.lists.take_focus),
            ("Alt+B", self._on_own_filter),
            ("Ctrl+E", self.list_actions.to_excel),
            ("Ctrl+P", self.list_actions.print_results),
            ("Ctrl+C", self._on_copy),
        ):
            key = QShortcut(QKeySequence(sequence), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(act)
        self._focus_filters.clicked.connect(self.lists.take_focus)
        self.filter_button.clicked.connect(self._on_own_filter)
        self.filters.chosen.connect(self.lists.show_saved)
        self.filters.kept.connect(self.lists.show_kept)
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
        job = partial(
            list_dossiers, self._question, self.lists.wanted, self.box.text().strip(), None
        )
        self._runner.ask(self, job, self._on_first, self._on_refused)

    @Slot(object)
    def _on_hungry(self, last: DossierLine | None) -> None:
        job = partial(list_dossiers, self._question, self.lists.wanted, "", last)
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
            self.show_counts(listed.counts)
        self._show_rows()
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
        self._say_empty(sentence_for(refused))

    # ------------------------------------------------------------ keys and clicks

    @Slot(object)
    def _on_list_chosen(self, wanted: SavedFilter) -> None:
        self.box.clear()
        self._ask_first()

    @Slot()
    def _on_own_filter(self) -> None:
        self.filters.begin(self.lists.wanted)

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
