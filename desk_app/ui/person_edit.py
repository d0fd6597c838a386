"""A person typed by hand, or what a damaged card left uncertain put right."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from desk_app.ui.checked_field import CheckedField
from desk_app.ui.guarded_line import ADDRESS
from desk_app.ui.intake_form import PersonEntry
from desk_app.ui.theme import px
from desk_app.ui.widgets import Button, Label, Segmented

if TYPE_CHECKING:
    from desk_app.rules.remarks import Remark

FIELDS = ("name", "id_number", "born", "address", "phone", "email", "representative")
MARKS_LOST = "Máy quét không đọc được dấu. Gõ lại tên như trên thẻ rồi Enter."
UNSURE = "Máy quét đọc chưa chắc chỗ này. Đối chiếu với thẻ, sửa nếu sai rồi Enter."


class PersonEdit(QWidget):
    """The fields of one person, in the order in which they stand on a card.

    Signals:
        changed: something was typed.
        finished: Enter in the last field, or the button: this is the person.
        number_typed: a whole number stands in the number field: somebody may know it.
    """

    changed = Signal()
    finished = Signal()
    number_typed = Signal(str)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._today = today
        self._shown = PersonEntry()
        self._doubts: list[str] = []
        self.kind = Segmented(
            "Loại người nộp", (("citizen", "Cá nhân"), ("organisation", "Tổ chức"))
        )
        self.sex = Segmented("Giới tính", (("", "–"), ("Nam", "Nam"), ("Nữ", "Nữ")))
        self.fields = {
            "name": CheckedField("Họ và tên"),
            "id_number": CheckedField("Số định danh"),
            "born": CheckedField("Ngày sinh", hint="14/02/1987"),
            "address": CheckedField("Nơi thường trú", ADDRESS),
            "phone": CheckedField("Số điện thoại", hint="0912 345 678"),
            "email": CheckedField("Thư điện tử"),
            "representative": CheckedField("Người đại diện"),
        }
        self.finish = Button("Xong", "plain", "Enter")
        self._build()
        self.kind.chosen.connect(self._on_kind_chosen)
        self.sex.chosen.connect(self.changed)
        self.finish.clicked.connect(self.finished)
        for field in self.fields.values():
            field.changed.connect(self.changed)
            field.left.connect(self.check)
            field.done.connect(self._on_enter)

    def _build(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(7)
        self._sex = QWidget()
        sex = QVBoxLayout(self._sex)
        sex.setContentsMargins(0, 0, 0, 0)
        sex.setSpacing(3)
        sex.addWidget(Label("Giới tính", "caption", "muted"))
        sex.addWidget(self.sex)
        sex.addStretch(1)
        born = self._born_and_sex = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        born.setSpacing(10)
        born.addWidget(self.fields["born"], 1)
        born.addWidget(self._sex)
        column.addWidget(self.kind)
        for part in (self.fields["name"], self.fields["id_number"], born):
            column.addLayout(part) if isinstance(part, QBoxLayout) else column.addWidget(part)
        for name in ("address", "phone", "email", "representative"):
            column.addWidget(self.fields[name])
        foot = QHBoxLayout()
        foot.addStretch(1)
        foot.addWidget(self.finish)
        column.addLayout(foot)
        column.addStretch(1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Large text: the sex goes beneath the day of birth."""
        super().resizeEvent(event)
        beside = self.sex.sizeHint().width() + px(120) <= self.width()
        way = QBoxLayout.Direction.LeftToRight if beside else QBoxLayout.Direction.TopToBottom
        if self._born_and_sex.direction() != way:
            self._born_and_sex.setDirection(way)

    def show_person(self, person: PersonEntry) -> None:
        """Open with this person."""
        self._shown = person
        self._doubts = [name for name in person.doubts if name in self.fields or name == "sex"]
        for name, field in self.fields.items():
            field.put(getattr(person, name))
        self.sex.take(person.sex if person.sex in ("Nam", "Nữ") else "")
        self.kind.take("citizen" if person.kind == "citizen" else "organisation")
        self._show_kind()
        for name in self._doubts:
            if name in self.fields:
                self.fields[name].doubt(MARKS_LOST if name == "name" else UNSURE)

    def entry(self) -> PersonEntry:
        """The person as typed."""
        shown = self._shown
        text = {name: field.text() for name, field in self.fields.items()}
        kind = "citizen" if self.kind.value() == "citizen" else "organisation"
        if kind != "citizen" and shown.kind != "citizen":
            kind = shown.kind
        by_hand = set(shown.by_hand) | {n for n, f in self.fields.items() if f.touched}
        return replace(
            shown,
            name=text["name"],
            id_number=text["id_number"],
            born=text["born"] if kind == "citizen" else "",
            sex=self.sex.value() if kind == "citizen" else "",
            address=text["address"],
            phone=text["phone"],
            email=text["email"],
            kind=kind,
            representative="" if kind == "citizen" else text["representative"],
            source=shown.source or "hand",
            doubts=tuple(self._doubts),
            by_hand=tuple(sorted(by_hand)),
        )

    def focus_first(self) -> None:
        """The keys go to the first doubt, else to the first empty field, else to the name."""
        names = [n for n in self._doubts if n in self.fields]
        names += [
            n for n in FIELDS if not self.fields[n].text() and self.fields[n].isVisibleTo(self)
        ]
        self.focus_field(names[0] if names else "name")

    def focus_field(self, name: str) -> None:
        """The keys go to this field, everything in it selected."""
        if name == "sex":
            self.sex.setFocus()
        elif name in self.fields:
            self.fields[name].line().setFocus()
            self.fields[name].line().selectAll()

    @Slot()
    def check(self) -> None:
        """Say under every field the clerk has been in what the rules find, and echo one form."""
        from desk_app.rules.people import read_person
        from desk_app.ui.receiving_jobs import person_typed

        person, remarks = read_person(person_typed(self.entry()), self._today(), "")
        for name, field in self.fields.items():
            if field.visited:
                found = [r for r in remarks if r.field == f".{name}"]
                self._echo(name, person, found)
                field.say(found)

    def _echo(self, name: str, person: object, found: list[Remark]) -> None:
        from desk_app.rules.days import show_day
        from desk_app.rules.phones import show_phone

        value = getattr(person, name)
        if any(r.severity == "error" for r in found) or not value:
            return
        shown = {"born": show_day, "phone": show_phone}.get(name, str)(value)
        if shown != self.fields[name].text():
            self.fields[name].line().setText(shown)
        if name == "id_number":
            self.number_typed.emit(value)

    def say(self, remarks: dict[str, list[Remark]]) -> None:
        """What a failed save found, by field."""
        for name, field in self.fields.items():
            field.visited = True
            field.say(remarks.get(name, []))

    @Slot()
    def _on_enter(self) -> None:
        shown = [n for n in FIELDS if self.fields[n].isVisibleTo(self)]
        here = next((n for n in shown if self.fields[n] is self.sender()), shown[0])
        if here in self._doubts:
            self._doubts.remove(here)
            self.fields[here].visited = True
            self.check()
            if not self._doubts:
                self.finished.emit()
                return
        if self._doubts:
            self.focus_field(self._doubts[0])
        elif here == shown[-1]:
            self.finished.emit()
        else:
            self.focus_field(shown[shown.index(here) + 1])

    @Slot()
    def _on_kind_chosen(self) -> None:
        self._show_kind()
        self.changed.emit()

    def _show_kind(self) -> None:
        citizen = self.kind.value() == "citizen"
        self.fields["born"].setVisible(citizen)
        self._sex.setVisible(citizen)
        self.fields["representative"].setVisible(not citizen)
        self._label("name", "Họ và tên" if citizen else "Tên tổ chức")
        self._label("id_number", "Số định danh" if citizen else "Mã số thuế")
        self._label("address", "Nơi thường trú" if citizen else "Địa chỉ")

    def _label(self, name: str, text: str) -> None:
        self.fields[name].label.setText(text)
        self.fields[name].field.setAccessibleName(text)
