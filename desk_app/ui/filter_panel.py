"""Put a list together: which one, of which procedure, counter and department; keep it by a name."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from desk_app.messages import sentence_for
from desk_app.services.dossiers import Narrow
from desk_app.services.saved_filters import (
    SavedFilter,
    drop_filter,
    save_filter,
    saved_filters,
)
from desk_app.ui.dossier_filters import FILTERS, Choices, choices
from desk_app.ui.overlay import Overlay
from desk_app.ui.runner import Runner
from desk_app.ui.widgets import Button, ComboBox, Label, LabelledField, Notice, Row

if TYPE_CHECKING:
    from db.refused import Refused


class FilterPanel(Overlay):
    """Enter shows the list at once, F9 keeps it too.

    Signals:
        chosen: show this list; it may have no name.
        kept: all filters as they are now.
    """

    chosen = Signal(object)
    kept = Signal(object)

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent, width=560)
        self.setAccessibleName("Bộ lọc riêng")
        self._runner = runner
        self._now = SavedFilter("", "today")
        self.which = ComboBox("Danh sách")
        self.procedure = ComboBox("Thủ tục")
        self.counter = ComboBox("Quầy")
        self.department = ComboBox("Bộ phận")
        self.name = LabelledField("Tên bộ lọc, ví dụ: Khai sinh quá hạn")
        self.error = Notice()
        self.save_button = Button("Lưu bộ lọc", "main", "F9", "device-floppy")
        self.show_button = Button("Chỉ xem", "plain", "Enter", "filter")
        self.drop_button = Button("Xóa bộ lọc này", "plain", "Alt+D", "ban")
        self.back = Button("Quay lại", "link", "Esc", "arrow-back-up")
        for which, words, _ in FILTERS:
            self.which.addItem(words, which)
        self.panel.body.setContentsMargins(20, 16, 20, 18)
        self.panel.body.setSpacing(10)
        self.panel.add(
            Label("Bộ lọc riêng", "h1"),
            LabelledField("Danh sách", self.which),
            LabelledField("Thủ tục", self.procedure),
            Row(
                LabelledField("Quầy", self.counter),
                LabelledField("Bộ phận", self.department),
                gap=12,
            ),
            self.name,
            self.error,
            Row(self.back, self.drop_button, None, self.show_button, self.save_button, gap=8),
        )
        self.save_button.clicked.connect(self.save)
        self.show_button.clicked.connect(self._on_show)
        self.drop_button.clicked.connect(self.drop)
        self.back.clicked.connect(self.shut)

    def begin(self, now: SavedFilter) -> None:
        """Open on the list in sight."""
        self._now = now
        self._runner.ask(self, choices, self._on_choices)

    def _on_choices(self, found: Choices) -> None:
        now = self._now
        for combo, all_words, pairs, taken in (
            (self.procedure, "Mọi thủ tục", found.procedures, now.narrow.procedure),
            (self.counter, "Mọi quầy", found.counters, now.narrow.counter),
            (self.department, "Mọi bộ phận", found.departments, now.narrow.department),
        ):
            combo.clear()
            combo.addItem(all_words, type(taken)())
            for value, words in pairs:
                combo.addItem(words, value)
            combo.setCurrentIndex(max(0, combo.findData(taken)))
        self.which.setCurrentIndex(self.which.findData(now.which))
        self.name.set_text(now.name)
        self.error.say("")
        self.drop_button.setVisible(bool(now.name))
        self.open(self.procedure)

    def _typed(self) -> SavedFilter:
        narrow = Narrow(
            self.procedure.currentData(), self.counter.currentData(), self.department.currentData()
        )
        return SavedFilter(self.name.text(), self.which.currentData(), narrow)

    @Slot()
    def save(self) -> None:
        """F9: keep it and show it."""
        job = partial(save_filter, wanted=self._typed())
        self._runner.ask(self, job, self._on_saved, self._on_refused)

    @Slot()
    def drop(self) -> None:
        """Alt+D: forget the one that is open."""
        if not self.drop_button.isVisible():
            return
        job = partial(drop_filter, name=self.name.text().strip())
        self._runner.ask(self, job, self._on_dropped, self._on_refused)

    @Slot()
    def _on_show(self) -> None:
        self.shut()
        typed = self._typed()
        self.chosen.emit(SavedFilter("", typed.which, typed.narrow))

    def _on_saved(self, filters: tuple[SavedFilter, ...]) -> None:
        name = " ".join(self.name.text().split())
        self.shut()
        self.kept.emit(filters)
        self.chosen.emit(next(each for each in filters if each.name == name))

    def _on_dropped(self, filters: tuple[SavedFilter, ...]) -> None:
        self.shut()
        self.kept.emit(filters)
        self.chosen.emit(SavedFilter("", self._typed().which))

    def _on_refused(self, refused: Refused) -> None:
        self.error.say(sentence_for(refused), "alert-circle", "bad")
        self.name.field.setFocus()
        self.refit()

    def ask_kept(self) -> None:
        """Fetch the filters of who works here."""
        self._runner.ask(self, saved_filters, self._on_kept)

    def _on_kept(self, filters: tuple[SavedFilter, ...]) -> None:
        self.kept.emit(filters)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if key == Qt.Key.Key_F9 or (enter and held & Qt.KeyboardModifier.ControlModifier):
            self.save()
        elif enter:
            self._on_show()
        elif key == Qt.Key.Key_D and held & Qt.KeyboardModifier.AltModifier:
            self.drop()
        else:
            super().keyPressEvent(event)
