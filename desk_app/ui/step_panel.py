"""What can be done with a dossier now, one choice and one form, over its page."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from db.acts import ACTS
from desk_app.messages import sentence_for
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.overlay import Overlay
from desk_app.ui.runner import Runner
from desk_app.ui.step_forms import Asked, StepForm, forms_for
from desk_app.ui.step_words import SHOWN, place_words
from desk_app.ui.widgets import (
    Button,
    CheckBox,
    ComboBox,
    Label,
    LabelledField,
    Notice,
    Row,
    Segmented,
    TextEdit,
)

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused
    from desk_app.desk import Desk
    from desk_app.services.opened import OpenedDossier

HOWS = (("cash", "Tiền mặt"), ("transfer", "Chuyển khoản"))


class StepPanel(Overlay):
    """Choose a step by its digit, type what it wants, F9.

    Signals:
        done: it was saved; carries the dossier as it is now.
    """

    done = Signal(object)

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent, width=620)
        self.setAccessibleName("Xử lý hồ sơ")
        self._runner = runner
        self._id = b""
        self._places: tuple[str, ...] = ()
        self.form: StepForm | None = None
        self.fields: dict[str, QWidget] = {}
        self._title = Label("", "h1", wrap=True)
        self._about = Label("", "body", "muted", wrap=True)
        self.list = EntryView("Việc làm được bây giờ")
        self._holder = QWidget()
        self._column = QVBoxLayout(self._holder)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(8)
        self.error = Notice()
        self.button = Button("Lưu", "main", "F9", "circle-check")
        self.back = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.panel.body.setContentsMargins(20, 16, 20, 18)
        self.panel.body.setSpacing(10)
        self.panel.add(
            self._title,
            self._about,
            self.list,
            self._holder,
            self.error,
            Row(self.back, None, self.button),
        )
        self.list.wanted.connect(self._on_chosen)
        self.button.clicked.connect(self.save)
        self.back.clicked.connect(self._step_back)

    def begin(self, opened: OpenedDossier, kind: str = "") -> None:
        """Offer what this person may do with this dossier; the form of ``kind`` at once, where
        that is among it."""
        desk, dossier = self._runner.desk, opened.dossier
        self._id = bytes.fromhex(dossier.id)
        forms = forms_for(desk, dossier)
        self._places = tuple(map(place_words, opened.places))
        self._state = SHOWN[dossier.status][0]
        entries = [
            Entry(form.title, "edit", key=str(at) if at < 10 else "", says=form)
            for at, form in enumerate(forms, start=1)
        ]
        self.list.show_entries(entries)
        self._show_list()
        self.open(self.list)
        wanted = next((form for form in forms if form.kind == kind), None)
        if wanted is not None:
            self._show_form(wanted)
        elif kind:
            self.error.say(f"Chưa {ACTS[kind].says.lower()} được lúc này.", "alert-circle", "bad")

    def panel_height(self) -> int:
        rows = self.list.content_height() if self.list.isVisibleTo(self.panel) else 0
        return super().panel_height() + max(0, rows - self.list.sizeHint().height())

    # ------------------------------------------------------------ the two faces

    def _show_list(self) -> None:
        self.form = None
        self._title.setText("Xử lý hồ sơ")
        empty = not self.list.rows.rowCount()
        said = f"Hồ sơ đang ở “{self._state}”."
        self._about.setText(f"{said} Không còn việc nào làm được ở đây." if empty else said)
        self.list.setVisible(not empty)
        self.list.setMinimumHeight(min(self.list.content_height(), 420))
        self._holder.hide()
        self.button.hide()
        self.error.say("")

    def _show_form(self, form: StepForm) -> None:
        self.form = form
        self._title.setText(form.title)
        self._about.setText(form.about)
        self.list.hide()
        while (item := self._column.takeAt(0)) is not None:
            widget = item.widget()
            if widget is not None:
                widget.hide()
                widget.deleteLater()
        self.fields = {}
        for asked in form.fields:
            shown, field = self._field(asked)
            self.fields[asked.name] = field
            self._column.addWidget(shown)
        self._holder.setVisible(bool(form.fields))
        self.button.show()
        self.error.say("")
        self.refit()
        first = next(iter(self.fields.values()), self.button)
        first.setFocus()

    def _field(self, asked: Asked) -> tuple[QWidget, QWidget]:
        """The widget with its label, and the one that is typed into."""
        if asked.kind == "yes":
            box = CheckBox(asked.label)
            box.setChecked(True)
            return box, box
        if asked.kind == "text":
            edit = TextEdit(asked.label, lines=3)
            return LabelledField(asked.label, edit), edit
        if asked.kind == "department":
            combo = ComboBox(asked.label)
            combo.addItems(list(self._places))
            return LabelledField(asked.label, combo), combo
        if asked.kind == "how":
            ways = Segmented(asked.label, HOWS)
            return LabelledField(asked.label, ways), ways
        field = LabelledField(asked.label)
        field.line().setPlaceholderText(asked.hint)
        return field, field.field

    def values(self) -> dict[str, str]:
        """What was typed and chosen."""
        found = {}
        for name, field in self.fields.items():
            if isinstance(field, CheckBox):
                found[name] = "yes" if field.isChecked() else ""
            elif isinstance(field, ComboBox):
                found[name] = field.currentText()
            elif isinstance(field, Segmented):
                found[name] = field.value()
            elif isinstance(field, TextEdit):
                found[name] = field.toPlainText()
            else:
                found[name] = field.text()  # type: ignore[attr-defined]
        return found

    # ------------------------------------------------------------ keys and clicks

    @Slot()
    def save(self) -> None:
        """F9."""
        if self.form is not None:
            job = partial(_do, self.form, self._id, self.values())
            self._runner.ask(self, job, self._on_done, self._on_refused)

    def _on_done(self, dossier: Dossier) -> None:
        self.shut()
        self.done.emit(dossier)

    def _on_refused(self, refused: Refused) -> None:
        self.error.say(sentence_for(refused), "alert-circle", "bad")
        self.refit()

    @Slot(object)
    def _on_chosen(self, entry: Entry | None) -> None:
        if entry is not None:
            self._show_form(entry.says)

    @Slot()
    def _step_back(self) -> None:
        if self.form is None:
            self.shut()
            return
        self._show_list()
        self.refit()
        self.list.setFocus()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        at = event.key() - Qt.Key.Key_1.value
        if event.key() == Qt.Key.Key_F9 or (enter and control):
            self.save()
        elif event.key() == Qt.Key.Key_Escape:
            self._step_back()
        elif self.form is None and 0 <= at < min(9, self.list.rows.rowCount()):
            self._on_chosen(self.list.rows.entry(at))
        else:
            super().keyPressEvent(event)
        event.accept()


def _do(form: StepForm, id_: bytes, values: dict[str, str], desk: Desk) -> Dossier:
    return form.job(desk, id_, values)
