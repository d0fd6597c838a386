"""The page "Mẫu giấy tờ…": what the papers say, looked at while it is typed, published by F9."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QHideEvent, QKeyEvent
from PySide6.QtWidgets import QFileDialog, QWidget

from db.texts import LOGO, OFFICE, Change
from desk_app.messages import sentence_for
from desk_app.papers.specimen import specimen_pdf
from desk_app.services.form_texts import FormText
from desk_app.ui.entry_list import Entry
from desk_app.ui.runner import Runner
from desk_app.ui.texts_jobs import Found, Key, Look, Outcome, find, keep, key_of, look, publish_all
from desk_app.ui.texts_layout import TextsLayout
from desk_app.ui.texts_words import (
    editable,
    form_entries,
    history_entries,
    law_of,
    text_entries,
)

if TYPE_CHECKING:
    from desk_app.papers.receipt import Size

PAGES = 3
"""Pages of a long paper that are looked at."""


class TextsPage(TextsLayout):
    """Forms at the left, their texts in the middle, the paper at the right.

    Signals:
        said: a sentence for the status line.
        left: Esc; what is typed is kept.
    """

    said = Signal(str)
    left = Signal()

    def __init__(self, runner: Runner, drawing: Runner, parent: QWidget | None = None) -> None:
        """``drawing`` is a second runner: it renders the paper."""
        super().__init__(drawing, parent)
        self._runner = runner
        self.texts: tuple[FormText, ...] = ()
        self.drafts: dict[Key, Change] = {}
        self.text: FormText | None = None
        self._looking = self._look_again = False
        self._filling = False
        self._connect()

    def _connect(self) -> None:
        self.forms.moved.connect(self._on_form)
        self.forms.wanted.connect(self._on_form_wanted)
        self.list.moved.connect(self._on_text)
        self.list.wanted.connect(self._on_text_wanted)
        self.search.textChanged.connect(self._on_search)
        self.search.returnPressed.connect(self.list.setFocus)
        self.edit.textChanged.connect(self._on_typed)
        self.main_button.clicked.connect(self.main_action)
        self.law_button.clicked.connect(self.to_the_law)
        self.history_button.clicked.connect(self.show_history)
        self.file_button.clicked.connect(self.choose_file)
        self.back_button.clicked.connect(self.leave)
        self.history.list.wanted.connect(self._on_edition)
        for choice in (self.length, self.size_):
            choice.chosen.connect(self._look)

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        self.forms.setFocus()

    def refresh(self) -> None:
        """Fetch everything again; what is typed stays."""
        self._runner.ask(self, find, self._on_found)

    @Slot()
    def main_action(self) -> None:
        """F9: publish everything that is typed."""
        self._take_typed()
        drafts = tuple(self.drafts.values())
        job = partial(publish_all, drafts, self.day.text(), self.reason.text())
        self._runner.ask(self, job, self._on_outcome)

    @Slot()
    def leave(self) -> None:
        """Esc: back to the lists, then away; what is typed is kept."""
        self._take_typed()
        if self.edit.hasFocus() or self.day.field.hasFocus() or self.reason.field.hasFocus():
            self._show_texts()
            self.list.setFocus()
        elif self.list.hasFocus() or self.search.hasFocus():
            self.forms.setFocus()
        else:
            self.left.emit()

    @Slot()
    def to_the_law(self) -> None:
        """What the form says itself."""
        if self.text is not None:
            self.edit.setPlainText(self.text.law)
            self.edit.setFocus()

    @Slot()
    def show_history(self) -> None:
        """Who worded it how, and when."""
        if self.text is None:
            return
        self.history.title.setText(f"Các lần đổi: {self.text.label}")
        self.history.list.show_entries(history_entries(self.text))
        self.history.open(self.history.list)

    @Slot()
    def choose_file(self) -> None:
        """A logo from the disk."""
        name, _ = QFileDialog.getOpenFileName(self, "Chọn biểu trưng", "", "PNG (*.png)")
        if name:
            self.edit.setPlainText(name)

    # ------------------------------------------------------------ answers

    def _on_found(self, found: Found) -> None:
        first = not self.texts
        self.texts, self.may = found.texts, found.may
        if first:
            self.drafts = {key_of(change): change for change in found.drafts}
        if first or not self.drafts:
            # The window stays open over night, and no day may be gone.
            self.day.set_text(f"{found.today:%d/%m/%Y}")
        self.clear_errors()
        self._show_forms()

    def _on_outcome(self, outcome: Outcome) -> None:
        if outcome.refused is None:
            self.drafts = {}
            self.reason.set_text("")
            self.clear_errors()
            count = len(outcome.done)
            self.said.emit(f"Đã áp dụng {count} lời từ {self.day.text()}. Giấy đã in không đổi.")
            self.refresh()
            return
        self.clear_errors()
        if outcome.about is not None:
            self._go_to(key_of(outcome.about))
        self.refuse(outcome.refused, about_text=outcome.about is not None)

    def _on_looked(self, found: Look) -> None:
        self._looking = False
        if self._look_again:
            self._look()
            return
        self.field.set_error(sentence_for(found.refused) if found.refused else "")
        if found.specimen is not None:
            size = cast("Size", self.size_.value())
            self.preview.show_paper(partial(specimen_pdf, found.specimen, size), PAGES)

    # ------------------------------------------------------------ the lists

    def _show_forms(self) -> None:
        row = max(0, self.forms.currentIndex().row())
        self.forms.show_entries(form_entries(self.texts, self.drafts), row)

    def _show_texts(self) -> None:
        now, entry = self.text, self.forms.current()
        entries = text_entries(
            self.texts, entry.says if entry else OFFICE, self.search.text(), self.drafts
        )
        keys = [key_of(each.says) for each in entries]
        self.list.show_entries(
            entries, keys.index(key_of(now)) if now and key_of(now) in keys else 0
        )
        if not entries:
            self._show(None)

    def _go_to(self, key: Key) -> None:
        self.search.setText("")
        rows = self.forms.rows
        for row in range(rows.rowCount()):
            entry = rows.entry(row)
            if entry is not None and entry.says == key[0]:
                self.forms.setCurrentIndex(rows.index(row, 0))
        for row in range(self.list.rows.rowCount()):
            entry = self.list.rows.entry(row)
            if entry is not None and key_of(entry.says) == key:
                self.list.setCurrentIndex(self.list.rows.index(row, 0))

    def _show(self, text: FormText | None) -> None:
        self.text = text
        draft = self.drafts.get(key_of(text)) if text else None
        self._filling = True
        if text is None:
            self.edit.setPlainText("")
        elif draft is None:
            self.edit.setPlainText(editable(text))
        else:
            self.edit.setPlainText(text.law if draft.says is None else draft.says)
        self._filling = False
        self.law.setText(law_of(text) if text else "")
        self.file_button.setVisible(text is not None and text.text == LOGO)
        self.history_button.setEnabled(text is not None)
        self._say_main()
        self._look()

    def _say_main(self) -> None:
        count = len(self.drafts)
        self.main_button.say(f"Áp dụng {count} lời" if count else "Áp dụng", "circle-check")

    # ------------------------------------------------------------ typing

    @Slot()
    def _on_typed(self) -> None:
        if self._filling or self.text is None:
            return
        typed, key = self.edit.toPlainText(), key_of(self.text)
        if typed == editable(self.text):
            self.drafts.pop(key, None)
        else:
            self.drafts[key] = Change(*key, typed)
        self._say_main()
        self._look()

    @Slot()
    def _look(self) -> None:
        # One question is on its way at a time; letters typed meanwhile make one more, not many.
        if self.text is None:
            return
        self._look_again = self._looking
        if self._looking:
            return
        self._looking = True
        typed = Change(*key_of(self.text), self.edit.toPlainText())
        longest = self.length.value() == "long"
        job = partial(look, self.text.form, longest, typed, tuple(self.drafts.values()))
        self._runner.ask(self, job, self._on_looked)

    def _take_typed(self) -> None:
        """Keep what is typed on the disk too."""
        self._runner.ask(self, partial(keep, tuple(self.drafts.values())), self._on_kept)

    def _on_kept(self, _: None) -> None:
        pass

    # ------------------------------------------------------------ keys and clicks

    @Slot(object)
    def _on_form(self, _: Entry | None) -> None:
        self._show_texts()

    @Slot(object)
    def _on_form_wanted(self, _: Entry | None) -> None:
        self.list.setFocus()

    @Slot(str)
    def _on_search(self, _: str) -> None:
        self._show_texts()

    @Slot(object)
    def _on_text(self, entry: Entry | None) -> None:
        if entry is not None:
            self._show(entry.says)

    @Slot(object)
    def _on_text_wanted(self, _: Entry | None) -> None:
        self.edit.setFocus()
        self.edit.selectAll()

    @Slot(object)
    def _on_edition(self, entry: Entry | None) -> None:
        self.history.shut()
        if entry is not None and self.text is not None:
            says = entry.says.says.says if entry.says is not None else None
            self.edit.setPlainText(self.text.law if says is None else says)
            self.edit.setFocus()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        if self.texts:
            self._take_typed()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.leave()
        else:
            super().keyPressEvent(event)
