"""Correcting a received dossier: every field as it is, what was changed saved with a reason."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QGridLayout, QWidget

from desk_app.messages import sentence, sentence_for
from desk_app.rules.remarks import Remark
from desk_app.services.correct import correct
from desk_app.services.opened import OpenedDossier
from desk_app.ui.correction import PERSON_FIELDS, Typed, read_correction, typed_of
from desk_app.ui.dossier_words import DELIVERY, FIELDS
from desk_app.ui.overlay import Overlay
from desk_app.ui.paper_rows import PaperRows
from desk_app.ui.runner import Runner
from desk_app.ui.theme import px
from desk_app.ui.widgets import (
    Button,
    Column,
    Label,
    LabelledField,
    Notice,
    Row,
    Rule,
    Scrolled,
    Segmented,
)

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused


class CorrectPanel(Overlay):
    """The form of a correction; F9 saves, Esc closes and keeps what was typed.

    Signals:
        corrected: the dossier after the correction.
    """

    corrected = Signal(object)

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent, width=900)
        self.setAccessibleName("Đính chính hồ sơ")
        self._runner = runner
        self._opened: OpenedDossier | None = None
        self._told: frozenset[tuple[str, str]] = frozenset()
        self._title = Label("", "h1", wrap=True)
        self.fields = {
            name: LabelledField(FIELDS[f"applicant.{name}"])
            for name in PERSON_FIELDS
            if name != "sex"
        }
        self.sex = Segmented("Giới tính", (("Nam", "Nam"), ("Nữ", "Nữ"), ("", "Chưa ghi")))
        self.due = LabelledField("Hẹn trả (giờ, ngày)")
        self.purpose = LabelledField("Mục đích")
        self.delivery = Segmented("Nhận kết quả", tuple(DELIVERY.items()))
        self.fee = LabelledField("Lệ phí (đồng)")
        self.sets = LabelledField("Số bộ hồ sơ")
        self.submitter = {
            "name": LabelledField("Người nộp thay (để trống nếu không có)"),
            "id_number": LabelledField("Số định danh người nộp thay"),
            "phone": LabelledField("Điện thoại người nộp thay"),
        }
        self.papers = PaperRows()
        self.reason = LabelledField("Lý do đính chính (bắt buộc)")
        self._notice = Notice()
        self.save_button = Button("Lưu đính chính", "main", "F9", "device-floppy")
        self.back = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self._lay_out()
        self.save_button.clicked.connect(self._on_save)
        self.back.clicked.connect(self.shut)

    def _lay_out(self) -> None:
        grid = QGridLayout()
        grid.setHorizontalSpacing(16)
        grid.setVerticalSpacing(10)
        top = Qt.AlignmentFlag.AlignTop
        sex = Column(Label("Giới tính", "caption", "muted"), self.sex, gap=3)
        delivery = Column(Label("Nhận kết quả", "caption", "muted"), self.delivery, gap=3)
        grid.addWidget(self.fields["name"], 0, 0, top)
        grid.addWidget(self.fields["id_number"], 0, 1, top)
        grid.addWidget(self.fields["born"], 1, 0, top)
        grid.addLayout(sex, 1, 1, top)
        grid.addWidget(self.fields["address"], 2, 0, 1, 2, top)
        grid.addWidget(self.fields["phone"], 3, 0, top)
        grid.addWidget(self.fields["email"], 3, 1, top)
        grid.addWidget(self.due, 4, 0, top)
        grid.addLayout(delivery, 4, 1, top)
        grid.addWidget(self.purpose, 5, 0, 1, 2, top)
        grid.addWidget(self.fee, 6, 0, top)
        grid.addWidget(self.sets, 6, 1, top)
        grid.addWidget(self.submitter["name"], 7, 0, 1, 2, top)
        grid.addWidget(self.submitter["id_number"], 8, 0, top)
        grid.addWidget(self.submitter["phone"], 8, 1, top)
        grid.setColumnStretch(0, 1)
        grid.setColumnStretch(1, 1)
        column = Column(grid, Rule(), self.papers, None, gap=10)
        column.setContentsMargins(0, 0, px(10), 0)
        self._inside = QWidget()
        self._inside.setLayout(column)
        self._scroll = Scrolled(self._inside, "Các mục của hồ sơ", keys=False)
        self.panel.body.setContentsMargins(20, 16, 20, 18)
        self.panel.body.setSpacing(10)
        self.panel.add(
            self._title,
            self._scroll,
            self.reason,
            self._notice,
            Row(self.back, None, self.save_button),
        )
        self.panel.body.setStretchFactor(self._scroll, 1)

    def panel_height(self) -> int:
        inside = self._inside.sizeHint().height()
        return self.panel.sizeHint().height() - self._scroll.sizeHint().height() + inside + px(8)

    def begin(self, opened: OpenedDossier) -> None:
        """Open on a dossier; what was typed for the same one before is still there."""
        same = self._opened is not None and self._opened.dossier == opened.dossier
        self._opened = opened
        if not same:
            self._fill(opened)
        self.open(self.fields["name"].field)

    def _fill(self, opened: OpenedDossier) -> None:
        typed = typed_of(opened.dossier.facts)
        self._title.setText(f"Đính chính {opened.dossier.facts.code}")
        for name, field in self.fields.items():
            field.set_text(getattr(typed.applicant, name))
            field.line().setCursorPosition(0)
        self.sex.take(typed.applicant.sex)
        self.due.set_text(typed.due)
        self.purpose.set_text(typed.purpose)
        self.delivery.take(typed.delivery)
        self.reason.set_text("")
        self.fee.set_text(typed.fee)
        self.sets.set_text(typed.sets)
        for name, field in self.submitter.items():
            field.set_text(getattr(typed.submitter, name))
        self.papers.show_papers(typed.papers)
        self._say(())

    def _typed(self, opened: OpenedDossier) -> Typed:
        before = typed_of(opened.dossier.facts)
        return Typed(
            applicant=replace(
                before.applicant,
                name=self.fields["name"].text(),
                id_number=self.fields["id_number"].text(),
                born=self.fields["born"].text(),
                sex=self.sex.value(),
                address=self.fields["address"].text(),
                phone=self.fields["phone"].text(),
                email=self.fields["email"].text(),
            ),
            due=self.due.text(),
            purpose=self.purpose.text(),
            delivery=self.delivery.value(),
            papers=self.papers.read(),
            fee=self.fee.text(),
            sets=self.sets.text(),
            submitter=replace(
                before.submitter,
                name=self.submitter["name"].text(),
                id_number=self.submitter["id_number"].text(),
                phone=self.submitter["phone"].text(),
            ),
        )

    def _say(self, remarks: tuple[Remark, ...]) -> None:
        """Each remark at its field; what has no field goes into the notice."""
        at = {f"applicant.{name}": field for name, field in self.fields.items()}
        at |= {"due_at": self.due, "purpose": self.purpose, "reason": self.reason}
        at |= {"fee": self.fee, "sets": self.sets}
        at |= {f"submitter.{name}": field for name, field in self.submitter.items()}
        for name, field in at.items():
            field.set_error(" ".join(sentence(r) for r in remarks if r.field == name))
        self._notice.say(
            " ".join(sentence(r) for r in remarks if r.field not in at), "alert-circle", "bad"
        )
        for remark in remarks:
            if remark.field in at:
                at[remark.field].field.setFocus()
                self._scroll.ensureWidgetVisible(at[remark.field])
                break
        self.refit()

    @Slot()
    def _on_save(self) -> None:
        opened = self._opened
        if opened is None:
            return
        reason = self.reason.text()
        facts, today = opened.dossier.facts, opened.now.date()
        read = read_correction(facts, self._typed(opened), reason, today)
        shown = tuple(r for r in read.remarks if r.severity != "told")
        grave = any(r.severity == "error" for r in shown)
        if not reason.strip():
            shown = (*shown, Remark("reason", "ReasonMissing", "error"))
            grave = True
        self._say(shown)
        # A warning is shown once; F9 again goes past it.
        if grave or not self._told.issuperset(shown_keys(shown)):
            self._told = shown_keys(shown)
            return
        job = partial(
            correct, id=bytes.fromhex(opened.dossier.id), changes=read.changes, reason=reason
        )
        self._runner.ask(self, job, self._on_corrected, self._on_refused)

    def _on_corrected(self, dossier: Dossier) -> None:
        self._opened = None
        self._told = frozenset()
        self.shut()
        self.corrected.emit(dossier)

    def _on_refused(self, refused: Refused) -> None:
        self._notice.say(sentence_for(refused), "alert-circle", "bad")
        self.refit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_F9 or (enter and control):
            self._on_save()
        elif enter:
            self.focusNextPrevChild(True)
        else:
            super().keyPressEvent(event)


def shown_keys(remarks: tuple[Remark, ...]) -> frozenset[tuple[str, str]]:
    """Which remarks, whatever their facts."""
    return frozenset((remark.field, remark.name) for remark in remarks)
