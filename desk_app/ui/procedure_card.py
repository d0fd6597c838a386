"""Step 2: which procedure, for what purpose, how the result is to be handed over."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_app.ui.cards import Card
from desk_app.ui.fields import LineEdit
from desk_app.ui.intake_form import IntakeForm, PersonEntry
from desk_app.ui.marks import Label
from desk_app.ui.painting import metrics, paint_icon
from desk_app.ui.procedure_words import called, sentence_case
from desk_app.ui.theme import px

if TYPE_CHECKING:
    from desk_app.rules.remarks import Remark
    from desk_app.services.procedures import Catalogue
    from desk_app.ui.procedure_answers import ProcedureAnswers
    from desk_app.ui.procedure_list import ProcedureView

SCAN_MAY_COME_MS = 130
"""A digit in the empty field chooses a row only after this: it may be the start of a scan."""

SEARCH_HINTS = (
    "Gõ tên hoặc chữ tắt, ví dụ: ctbs, khai sinh",
    "Gõ tên hoặc chữ tắt, ví dụ: ctbs",
    "Gõ tên hoặc chữ tắt",
)


class ProcedureCard(Card):
    """Searches and shows the procedure.

    Signals:
        chosen: a procedure was taken (ProcedurePublished).
        changed: purpose, delivery or note changed.
        left: Enter in the last field of this card.
        reopened: the clerk wants another procedure.
    """

    chosen = Signal(object)
    changed = Signal()
    left = Signal()
    reopened = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Thủ tục", 2, parent=parent)
        self._catalogue: Catalogue | None = None
        self._first: Sequence[str] = ()
        self._person = PersonEntry()
        self._list: ProcedureView | None = None
        self._digit = QTimer(self)
        self._digit.setSingleShot(True)
        self._digit.setInterval(SCAN_MAY_COME_MS)
        self._digit.timeout.connect(self._on_digit_stood)
        self.picker = self._build_picker()
        self.body.addWidget(self.picker, 1)
        self._answers: ProcedureAnswers | None = None

    def _build_picker(self) -> QWidget:
        picker = QWidget(self)
        self.search = _SearchLine("Tìm thủ tục", SEARCH_HINTS[0])
        self.search.textChanged.connect(self._on_typed)
        self.search.installEventFilter(self)
        self.hint = Label("Nhiều nhất hôm nay. Bấm số để chọn", "caption_bold", "muted", wrap=True)
        column = self._column = QVBoxLayout(picker)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(self.search)
        column.addWidget(self.hint)
        column.addStretch(1)
        return picker

    @property
    def list(self) -> ProcedureView:
        """The rows; built with the first catalogue, after the first paint."""
        if self._list is None:
            from desk_app.ui.procedure_list import ProcedureView

            self._list = ProcedureView(self.picker)
            self._list.clicked.connect(self._choose)
            self._column.insertWidget(2, self._list, 1000)
        return self._list

    # ------------------------------------------------------------ what to offer

    def use_catalogue(self, catalogue: Catalogue) -> None:
        """Offer the procedures in force today."""
        self._catalogue = catalogue
        self._show_matches()

    def offer_first(self, codes: Sequence[str], person: PersonEntry) -> None:
        """What this person did before, then what is asked for most today."""
        self._first, self._person = codes, person
        if not self.search.text():
            self._show_matches()

    def show_form(self, form: IntakeForm) -> None:
        """Show what this form says about the procedure."""
        procedure = self._catalogue.by_code(form.procedure) if self._catalogue else None
        self.search.clear()
        self._show_matches()
        if procedure is None:
            self.picker.show()
            if self._answers is not None:
                self._place.hide()
                self._answers.change.hide()
                self._fit_title()
            return
        self.picker.hide()
        self.answers.show_form(procedure, form)
        self._place.show()
        self.answers.change.show()
        self._fit_title()

    @property
    def answers(self) -> ProcedureAnswers:
        """The chosen procedure and its own fields; built when the first one is chosen."""
        if self._answers is None:
            from desk_app.ui.procedure_answers import ProcedureAnswers
            from desk_app.ui.shrinking import Shrinking

            self._answers = ProcedureAnswers(self)
            self._answers.change.clicked.connect(self.reopened)
            self._answers.changed.connect(self.changed)
            self._answers.left.connect(self.left)
            self._place = Shrinking(self._answers, "Thủ tục", least=110)
            self.head.addWidget(self._answers.change)
            self.body.addWidget(self._place)
        return self._answers

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit_title()

    def _fit_title(self) -> None:
        """Large text: the title gives way to the button beside it; the number stays."""
        shown = self._answers is not None and self._answers.change.isVisibleTo(self)
        button = self._answers.change.sizeHint().width() if shown and self._answers else 0
        need = metrics("h2").horizontalAdvance(self.title.text()) + button + px(70)
        self.title.setVisible(need <= self.width())

    def focus_search(self) -> None:
        """Ready for the name of a procedure."""
        if not self.search.hasFocus():
            self.search.setFocus(Qt.FocusReason.OtherFocusReason)
            self.search.selectAll()

    def say(self, remarks: Sequence[Remark]) -> None:
        """Mark the fields a failed save pointed at."""
        if self._answers is not None:
            self._answers.say(remarks)

    def write_into(self, form: IntakeForm) -> None:
        """Put what is typed here into the form."""
        if self._answers is not None and form.procedure:
            self._answers.write_into(form)

    # ------------------------------------------------------------ keys

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The search field keeps the focus; arrows, Enter and digits work the list."""
        if watched is self.search and event.type() == QEvent.Type.KeyPress:
            assert isinstance(event, QKeyEvent)
            return self._on_key(event)
        return super().eventFilter(watched, event)

    def _on_key(self, event: QKeyEvent) -> bool:
        steps = {
            Qt.Key.Key_Down: 1,
            Qt.Key.Key_Up: -1,
            Qt.Key.Key_PageDown: 8,
            Qt.Key.Key_PageUp: -8,
        }
        if event.key() in steps:
            self.list.light(steps[Qt.Key(event.key())])
            return True
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._digit.stop()
            self._choose()
            return True
        return False

    @Slot(str)
    def _on_typed(self, text: str) -> None:
        # A single digit is held back: filtering by it first would change what row it means.
        if len(text) == 1 and text in "123456789":
            self._digit.start()
            return
        self._digit.stop()
        self._show_matches()

    @Slot()
    def _on_digit_stood(self) -> None:
        text = self.search.text()
        if not (len(text) == 1 and text.isdigit()):
            return
        row = int(text) - 1
        if row < len(self.list.rows.procedures):
            self.list.setCurrentIndex(self.list.rows.index(row))
            self._choose()
        else:
            self._show_matches()

    @Slot()
    def _choose(self) -> None:
        procedure = self.list.chosen()
        if procedure is not None:
            self.chosen.emit(procedure)

    def _show_matches(self) -> None:
        if self._catalogue is None:
            return
        text = self.search.text().strip()
        found = self._catalogue.search(text, self._first)
        self.list.show_procedures(found)
        if not text:
            before = f"{sentence_case(called(self._person))} từng làm, rồi đến nhiều nhất hôm nay."
            most = before if self._person.known else "Nhiều nhất hôm nay."
            self.hint.setText(f"{most} Bấm số để chọn")
        elif found:
            self.hint.setText(f"{len(found)} thủ tục khớp. Enter để chọn dòng đang sáng")
        else:
            self.hint.setText(f"Không có thủ tục nào khớp “{text}”. Thử chữ khác.")


class _SearchLine(LineEdit):
    """A line with a magnifying glass before its text."""

    def __init__(self, name: str, hint: str) -> None:
        super().__init__(name, hint)
        self.setTextMargins(px(26), 0, 0, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.width() - px(26) - px(24)
        fits = [h for h in SEARCH_HINTS if metrics("field").horizontalAdvance(h) <= room]
        self.setPlaceholderText(fits[0] if fits else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        paint_icon(QPainter(self), px(11), self.height() / 2, "search", 18, "faint")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.setTextMargins(px(26), 0, 0, 0)
