"""What lies where on the page "Bổ sung", and what is in sight when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.rules.numbers import show_id
from desk_app.rules.phones import show_phone
from desk_app.ui.ask_jobs import AT_THE_DESK, DAYS_LATER, DAYS_TO_BRING, Subject
from desk_app.ui.ask_rows import AskRow, Choice
from desk_app.ui.ask_words import WORDS, preview_of
from desk_app.ui.entry_list import EntryView
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    CheckBox,
    Column,
    EmptyState,
    Fact,
    Label,
    LabelledField,
    Notice,
    PageLayout,
    Row,
    Scrolled,
    Segmented,
    TextEdit,
)
from desk_app.ui.working_day_field import WorkingDayField

if TYPE_CHECKING:
    from db.steps import Asked

WAITED_FOR: Final = "Chờ người dân bổ sung"


@dataclass(frozen=True)
class Typed:
    """What stands on the page about one dossier, to be put back when it is opened again."""

    outcome: str = "incomplete"
    choices: dict[str, Choice] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    called: bool = False


class AskLayout(QWidget):
    """The parts of the page; ``AskPage`` makes them act."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Bổ sung")
        self.subject: Subject | None = None
        self.rows: list[AskRow] = []
        self._title = Label(WAITED_FOR, "h1")
        self._state = Badge("")
        self._name = Fact("Người nộp")
        self._number = Fact("Số định danh")
        self._procedure = Fact("Thủ tục", wrap=True)
        self._warning = Notice()
        self._done = Notice()
        self.outcome = Segmented(
            "Loại phiếu",
            (
                ("incomplete", "&Bổ sung"),
                ("refused", "&Từ chối"),
                ("extended", "&Hẹn lại"),
                ("stopped", "&Dừng"),
            ),
        )
        self.note = TextEdit("Lời dặn thêm, in trên phiếu", lines=3)
        self._note = LabelledField("Lời dặn thêm, in trên phiếu", self.note)
        self.until = WorkingDayField("Mang đến trước hết ngày")
        self.due = WorkingDayField("Hẹn trả kết quả mới")
        self.basis = LabelledField("Căn cứ (điều, khoản, văn bản)")
        self.agency = LabelledField("Cơ quan giải quyết")
        self.signer = LabelledField("Người ký")
        self.override = LabelledField("Lý do hẹn thêm, hoặc gửi muộn")
        self.called = CheckBox("")
        self._preview = Label("", "body", wrap=True)
        self.error = Notice()
        self.list = EntryView(WAITED_FOR)
        self._empty = EmptyState("circle-check", "Không có hồ sơ nào chờ người dân")
        self.back_button = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.part_button = Button("Mới mang một phần", "plain", "Alt+P", "file-plus")
        self.main_button = Button("", "main", "F9", "printer")
        self._lay_out()

    def _lay_out(self) -> None:
        self._head = Card()
        row = Row(self._name, self._number, self._procedure, gap=26)
        row.setStretch(2, 1)
        self._head.add(row)
        self._papers = Card("Giấy tờ cần bổ sung", role="bold")
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self._papers.add(
            self._column, self._note, self.basis, self.agency, self.signer, self.override, None
        )
        self._form = QWidget()
        columns = QHBoxLayout(self._form)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(12)
        columns.addWidget(Scrolled(self._papers, "Nội dung phiếu", keys=False), 13)
        columns.addWidget(Scrolled(self._right(), "Loại phiếu, hạn, xem trước", keys=False), 6)
        self._waiting = Card()
        self._waiting.add(self.list, self._empty)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.back_button)
        foot.addStretch(1)
        foot.addWidget(self.part_button)
        foot.addWidget(self.main_button)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(Row(self._title, None, self._state))
        for part in (self._done, self._head, self._warning):
            page.addWidget(part)
        page.addWidget(self._form, 1)
        page.addWidget(self._waiting, 1)
        page.addWidget(self.error)
        page.addLayout(foot)

    def _right(self) -> QWidget:
        kind = Card("Loại phiếu", role="bold")
        kind.add(self.outcome)
        self._by = Card("Hạn bổ sung", role="bold")
        self._by.add(self.until, Label("Không tính vào thời hạn giải quyết.", "caption", "muted"))
        self._again = Card("Hẹn lại", role="bold")
        self._promised = Label("", "caption", "muted", wrap=True)
        self._again.add(self.due, self._promised)
        told = Card("In phiếu, đưa tận tay", role="bold")
        told.add(self.called)
        preview = Card("Phiếu sẽ in", role="bold", quiet=True)
        preview.add(self._preview, None)
        right = QWidget()
        column = Column(kind, self._by, self._again, told, gap=10)
        column.addWidget(preview, 1)
        right.setLayout(column)
        return right

    def _texts(self) -> dict[str, LabelledField]:
        """What is typed on the page, by the name a request has for it."""
        return {
            "note": self._note,
            "until": self.until,
            "due": self.due,
            "basis": self.basis,
            "agency": self.agency,
            "signer": self.signer,
            "override": self.override,
        }

    def typed(self) -> Typed:
        """Everything as it stands."""
        return Typed(
            self.outcome.value(),
            {row.paper: row.choice() for row in self.rows},
            {name: part.text() for name, part in self._texts().items()},
            self.called.isChecked(),
        )

    def _show(self, subject: Subject | None, before: Typed | None = None) -> None:
        """Show a subject, with what was typed about it ``before``."""
        self.subject = subject
        here = subject is not None
        for part in (self._head, self._form, self._state):
            part.setVisible(here)
        self._waiting.setVisible(not here)
        for notice in (self.error, self._done, self._warning):
            notice.say("")
        self._fill(subject)
        if subject is not None:
            self._name.say(subject.name)
            self._number.say(show_id(subject.number))
            self._procedure.say(subject.procedure)
            state = subject.code or "Hồ sơ chưa nhận"
            self._state.say(state, "info" if subject.code else "warn", "file-text")
            self._promised.setText(f"Đã hẹn {subject.promised}." if subject.promised else "")
            phone = f": {show_phone(subject.phone)}" if subject.phone else ""
            self.called.setText(f"Đã gọi điện báo người nộp{phone}")
            self.called.setAccessibleName(self.called.text())
            for button, value in zip(self.outcome.buttons(), WORDS, strict=True):
                button.setVisible(value in subject.outcomes)
            self._take(before or _offered(subject))
        self._say()

    def _take(self, typed: Typed) -> None:
        for name, part in self._texts().items():
            part.set_text(typed.texts.get(name, ""))
        for row in self.rows:
            if row.paper in typed.choices:
                row.take(typed.choices[row.paper])
        self.called.setChecked(typed.called)
        self.outcome.take(typed.outcome)

    def _fill(self, subject: Subject | None) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        if subject is None:
            return
        for part in (self.until, self.due):
            part.set_days(subject.days)
        for paper in subject.papers:
            row = AskRow(paper, subject.reasons, paper in subject.missing)
            row.changed.connect(self._say)
            row.step.connect(self._on_step)
            self.rows.append(row)
            self._column.addWidget(row)

    def _asked(self) -> tuple[Asked, ...]:
        return tuple(asked for row in self.rows if (asked := row.asked()) is not None)

    @Slot()
    def _say(self, _: Any = None) -> None:
        """Titles, fields, preview and buttons follow what is chosen, ticked and typed."""
        if self.subject is None:
            current = self.list.current()
            self._title.setText(WAITED_FOR)
            self.main_button.say("Người dân đã mang đủ", "file-plus")
            self.main_button.setVisible(current is not None)
            self.part_button.setVisible(current is not None)
            return
        outcome = self.outcome.value()
        words = WORDS[outcome]
        self._title.setText(words.title)
        self._papers.title.setText(words.card)
        self._note.label.setText(words.note)
        self.part_button.hide()
        self.main_button.show()
        self.main_button.say(words.button, "printer")
        taken_in = self.subject.form is None
        warning = self.subject.warnings.get(outcome, "")  # type: ignore[call-overload]
        self._warning.say(warning if warning != self.error.text() else "", "alert-triangle", "warn")
        for row in self.rows:
            row.setVisible(outcome == "incomplete")
        self._by.setVisible(outcome == "incomplete")
        self._again.setVisible(outcome == "extended")
        self.basis.setVisible(outcome == "refused" and taken_in)
        for part in (self.agency, self.signer):
            part.setVisible(outcome == "extended")
        self.override.setVisible(outcome == "extended" and bool(warning))
        texts = {name: part.text() for name, part in self._texts().items()}
        self._preview.setText(preview_of(outcome, self.subject, self._asked(), texts))

    @Slot(int)
    def _on_step(self, by: int) -> None:
        sender = self.sender()
        if isinstance(sender, AskRow) and sender in self.rows:
            at = min(max(0, self.rows.index(sender) + by), len(self.rows) - 1)
            self.rows[at].tick.setFocus()


def _offered(subject: Subject) -> Typed:
    """What stands there before anything was typed."""
    days = subject.days
    later = [day for day in days if day > subject.promised_on]
    first = subject.outcomes[0] if subject.id else AT_THE_DESK[0]
    texts = {
        "until": f"{days[DAYS_TO_BRING - 1]:%d/%m/%Y}",
        "due": f"{later[DAYS_LATER - 1]:%d/%m/%Y}" if len(later) >= DAYS_LATER else "",
        "agency": subject.agency,
        "signer": subject.signer,
    }
    return Typed(first, texts=texts)
