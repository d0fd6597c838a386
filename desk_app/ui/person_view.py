"""The person who was read or chosen: name, facts, phone, who hands in for whom, what was before."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.acts import RUNNING
from desk_app.ui.buttons import refit
from desk_app.ui.checked_field import CheckedField
from desk_app.ui.intake_form import IntakeForm, PersonEntry
from desk_app.ui.painting import metrics
from desk_app.ui.step_words import SHOWN
from desk_app.ui.theme import color, font, px
from desk_app.ui.widgets import Badge, Button, Card, CheckBox, Fact, FlowRow, Label, Notice, Rule

if TYPE_CHECKING:
    from desk_app.rules.remarks import Remark
    from desk_app.services.dossiers import DossierLine
    from desk_app.services.people import KnownPerson

ROW = 22


class History(QWidget):
    """The last dossiers of a person, one painted row each."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._lines: Sequence[DossierLine] = ()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_lines(self, lines: Sequence[DossierLine]) -> None:
        """Show these."""
        self._lines = lines
        self.setAccessibleName(
            "Hồ sơ gần đây: "
            + "; ".join(f"{line.received_at:%d/%m/%Y} {line.procedure}" for line in lines)
        )
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(200), px(ROW) * len(self._lines))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setFont(font("caption"))
        measure = metrics("caption")
        for at, line in enumerate(self._lines):
            row = QRectF(0, at * px(ROW), self.width(), px(ROW))
            state, token = _state(line)
            date = f"{line.received_at:%d/%m/%Y}"
            left = measure.horizontalAdvance("00/00/0000") + px(12)
            right = measure.horizontalAdvance(state) + px(12)
            painter.setPen(color("muted"))
            painter.drawText(row, Qt.AlignmentFlag.AlignVCenter, date)
            painter.setPen(color(token))
            painter.drawText(
                row, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight, state
            )
            painter.setPen(color("text"))
            room = row.adjusted(left, 0, -right, 0)
            words = measure.elidedText(
                line.procedure, Qt.TextElideMode.ElideRight, int(room.width())
            )
            painter.drawText(room, Qt.AlignmentFlag.AlignVCenter, words)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


def _state(line: DossierLine) -> tuple[str, str]:
    if line.status == "voided":
        return "Đã huỷ", "muted"
    if line.status in RUNNING:
        return f"Hẹn {line.due_at:%d/%m}", "ok"
    word, tone, _ = SHOWN[line.status]
    return word, "muted" if tone == "still" else tone


class PersonView(QWidget):
    """Reading view of column 1.

    Signals:
        changed: the phone number changed.
        for_another: the box "Nộp thay người khác" was ticked or cleared.
        name_chosen: of two names under one number this one is right ("card" or "known").
        phone_left: the clerk has finished with the phone number; phone_done: by Enter.
        submitter_wanted: the person who hands in for the applicant is to be edited.
    """

    changed = Signal()
    submitter_wanted = Signal()
    phone_left = Signal()
    phone_done = Signal()
    for_another = Signal(bool)
    name_chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = Label("", "h1", wrap=True)
        self.badges = [Badge(), Badge()]
        self.number = Fact("Số định danh")
        self.born = Fact("Ngày sinh")
        self.address = Fact("Nơi thường trú", wrap=True)
        self.phone = CheckedField("Số đ&iện thoại", hint="0912 345 678")
        self.phone.field.setMaximumWidth(190)
        self.other = CheckBox("Nộp th&ay người khác")
        self.submitter = _Submitter()
        self.conflict = _Conflict()
        self.recent = Label("", "caption_bold", "muted")
        self.history = History()
        self._rule = Rule()
        self._build()
        self.phone.changed.connect(self.changed)
        self.phone.left.connect(self.phone_left)
        self.phone.done.connect(self.phone_done)
        self.other.clicked.connect(self.for_another)
        self.submitter.edit.clicked.connect(self.submitter_wanted)
        self.conflict.chosen.connect(self.name_chosen)

    def _build(self) -> None:
        badges = FlowRow(6)
        for badge in self.badges:
            badges.addWidget(badge)
        facts = QHBoxLayout()
        facts.setSpacing(10)
        facts.addWidget(self.number, 1)
        facts.addWidget(self.born, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        column.addWidget(self.name)
        column.addLayout(badges)
        column.addWidget(self.conflict)
        column.addLayout(facts)
        for part in (self.address, self.phone, self.other, self.submitter):
            column.addWidget(part)
        column.addSpacing(2)
        column.addWidget(self._rule)
        column.addWidget(self.recent)
        column.addWidget(self.history)
        column.addStretch(1)

    def show_form(self, form: IntakeForm, known: KnownPerson | None) -> None:
        """Show the applicant of this form, and who hands in for them."""
        person = form.applicant
        self.name.setText(person.name or "Chủ hồ sơ chưa có tên")
        self._show_badges(person)
        self._show_facts(person)
        if self.phone.text() != person.phone:
            self.phone.put(person.phone)
        self.other.setChecked(form.submitter is not None)
        self.submitter.setVisible(form.submitter is not None)
        if form.submitter is not None:
            self.submitter.show_person(form.submitter)
        lines = known.dossiers if known is not None else ()
        total = known.total if known is not None else 0
        self._rule.setVisible(bool(lines))
        self.recent.setVisible(bool(lines))
        self.history.setVisible(bool(lines))
        self.recent.setText(f"{total} hồ sơ gần đây" if total <= 5 else f"5 trong {total} hồ sơ")
        self.history.show_lines(lines)

    def _show_badges(self, person: PersonEntry) -> None:
        source, past = self.badges
        if person.source == "card":
            source.say("Đọc từ thẻ", "ok", "scan")
        elif person.source == "hand":
            source.say("Nhập tay", "still", "keyboard")
        else:
            source.say("", "still")
        if person.known:
            past.say("Khớp hồ sơ cũ", "info", "user-check")
        elif person.kind == "citizen" and person.id_number:
            past.say("Người mới", "still", "user-plus")
        else:
            past.say("", "still")

    def _show_facts(self, person: PersonEntry) -> None:
        from desk_app.rules.numbers import show_id

        citizen = person.kind == "citizen"
        self.number.name.setText("Số định danh" if citizen else "Mã số thuế")
        self.number.say(show_id(person.id_number) if person.id_number else "")
        self.born.name.setText("Ngày sinh" if citizen else "Người đại diện")
        born = ", ".join(part for part in (person.born, person.sex) if part)
        self.born.say(born if citizen else person.representative)
        self.address.name.setText("Nơi thường trú" if citizen else "Địa chỉ")
        self.address.say(person.address)

    def say(self, remarks: dict[str, list[Remark]]) -> None:
        """What a failed save found about the applicant, by field."""
        self.phone.visited = True
        self.phone.say(remarks.get("phone", []))


class _Submitter(Card):
    """The person who stands at the desk and hands in for the applicant above."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(quiet=True, parent=parent)
        self.body.setContentsMargins(12, 8, 12, 8)
        self.body.setSpacing(3)
        self.edit = Button("Sửa", "link")
        self.edit.setAccessibleName("Sửa người nộp thay")
        head = QHBoxLayout()
        head.addWidget(Label("Người nộp thay", "caption", "muted"), 1)
        head.addWidget(self.edit)
        self.add(head)
        self.name = Label("", "bold", wrap=True)
        self.facts = Label("", "caption", "muted", wrap=True)
        self.add(self.name, self.facts)

    def show_person(self, person: PersonEntry) -> None:
        """Show this person in two lines."""
        from desk_app.rules.numbers import show_id

        self.name.setText(person.name)
        parts = (show_id(person.id_number) if person.id_number else "", person.phone)
        self.facts.setText("  ·  ".join(part for part in parts if part))
        self.setAccessibleName(f"Người nộp thay: {person.name}")


class _Conflict(QWidget):
    """Two names under one number, side by side, until the clerk has looked at the card."""

    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.notice = Notice()
        self.card = Button("", "plain")
        self.known = Button("", "plain")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for part in (self.notice, self.card, self.known):
            column.addWidget(part)
        self.card.clicked.connect(self._on_card)
        self.known.clicked.connect(self._on_known)
        self.hide()

    def show_names(self, on_card: str, earlier: str) -> None:
        """Ask which of the two is right; the one on the card is under the keys."""
        self.notice.say("Cùng số, khác tên – kiểm tra giấy tờ", "alert-triangle", "warn")
        self.card.say(f"{on_card.replace('&', '&&')} (trên thẻ)")
        self.known.say(f"{earlier.replace('&', '&&')} (hồ sơ cũ)")
        self.show()
        self.card.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_card(self) -> None:
        self.hide()
        self.chosen.emit("card")

    @Slot()
    def _on_known(self) -> None:
        self.hide()
        self.chosen.emit("known")
