"""What lies where on the page "Bổ sung", and what is in sight when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.messages import sentence
from desk_app.rules.numbers import show_id
from desk_app.rules.phones import show_phone
from desk_app.ui.ask_jobs import (
    Subject,
)
from desk_app.ui.ask_rows import AskRow
from desk_app.ui.entry_list import EntryView
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    CheckBox,
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

if TYPE_CHECKING:
    from db.steps import Asked

ADVICE: Final = "Lời dặn thêm, in trên phiếu"
WHY: Final = "Lý do, in trên phiếu"


class AskLayout(QWidget):
    """The parts of the page; ``AskPage`` makes them act."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Bổ sung")
        self.subject: Subject | None = None
        self.rows: list[AskRow] = []
        self._title = Label("Chờ người dân bổ sung", "h1")
        self._state = Badge("")
        self._name = Fact("Người nộp")
        self._number = Fact("Số định danh")
        self._procedure = Fact("Thủ tục", wrap=True)
        self._warning = Notice()
        self._done = Notice()
        self.outcome = Segmented(
            "Loại phiếu", (("incomplete", "Yêu cầu &bổ sung"), ("refused", "&Từ chối"))
        )
        self.note = TextEdit("Lời dặn thêm, in trên phiếu", lines=3)
        self._note = LabelledField("Lời dặn thêm, in trên phiếu", self.note)
        self.until = LabelledField("Hạn bổ sung")
        self.called = CheckBox("Đã gọi điện báo người nộp")
        self._preview = Label("", "body", wrap=True)
        self.error = Notice()
        self.list = EntryView("Chờ người dân bổ sung")
        self._empty = EmptyState("circle-check", "Không có hồ sơ nào chờ người dân")
        self.back_button = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.part_button = Button("Mới mang một phần", "plain", "Alt+P", "file-plus")
        self.main_button = Button("Lưu và in phiếu bổ sung", "main", "F9", "printer")
        self._lay_out()

    def _lay_out(self) -> None:
        self._head = Card()
        row = Row(self._name, self._number, self._procedure, gap=26)
        row.setStretch(2, 1)
        self._head.add(row)
        self._papers = Card("Giấy tờ cần bổ sung", role="bold")
        self._column = QVBoxLayout()
        self._column.setSpacing(4)
        self._papers.add(self._column, self._note, None)
        right = QVBoxLayout()
        right.setSpacing(10)
        kind = Card("Loại phiếu", role="bold")
        kind.add(self.outcome)
        self._by = Card("Hạn bổ sung", role="bold")
        self._by.add(self.until, Label("Không tính vào thời hạn giải quyết.", "caption", "muted"))
        told = Card("Báo cho người nộp", role="bold")
        told.add(Label("In phiếu, đưa tận tay.", "body"), self.called)
        preview = Card("Phiếu sẽ in", role="bold", quiet=True)
        preview.add(self._preview, None)
        for card in (kind, self._by, told):
            right.addWidget(card)
        right.addWidget(preview, 1)
        self._form = QWidget()
        columns = QHBoxLayout(self._form)
        columns.setContentsMargins(0, 0, 0, 0)
        columns.setSpacing(12)
        columns.addWidget(Scrolled(self._papers, "Giấy tờ cần bổ sung", keys=False), 13)
        columns.addLayout(right, 6)
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

    def _show(self, subject: Subject | None) -> None:
        self.subject = subject
        here = subject is not None
        for part in (self._head, self._form):
            part.setVisible(here)
        self._waiting.setVisible(not here)
        self._state.setVisible(here)
        self.error.say("")
        self._done.say("")
        self._warning.say("")
        self._fill(subject)
        self._title.setText(
            "Yêu cầu bổ sung, hoàn thiện hồ sơ" if here else "Chờ người dân bổ sung"
        )
        if subject is not None:
            self._name.say(subject.name)
            self._number.say(show_id(subject.number))
            self._procedure.say(subject.procedure)
            state = subject.code or "Hồ sơ chưa nhận"
            self._state.say(state, "info" if subject.code else "warn", "file-text")
            self._warning.say(" ".join(map(sentence, subject.remarks)), "alert-triangle", "warn")
            self.until.set_text(subject.until)
            self.note.clear()
            self.called.setChecked(False)
            phone = f": {show_phone(subject.phone)}" if subject.phone else ""
            self.called.setText(f"Đã gọi điện báo người nộp{phone}")
            self.outcome.take("incomplete")
        self._say()

    def _fill(self, subject: Subject | None) -> None:
        for row in self.rows:
            row.hide()
            row.deleteLater()
        self.rows = []
        for paper in subject.papers if subject else ():
            row = AskRow(paper, subject.reasons if subject else (), paper in _missing(subject))
            row.changed.connect(self._say)
            row.step.connect(self._on_step)
            self.rows.append(row)
            self._column.addWidget(row)

    def _asked(self) -> tuple[Asked, ...]:
        return tuple(asked for row in self.rows if (asked := row.asked()) is not None)

    @Slot()
    def _say(self, _: Any = None) -> None:
        """The preview and the buttons follow what is ticked and chosen."""
        if self.subject is None:
            current = self.list.current()
            self.main_button.say("Người dân đã mang đủ", "file-plus")
            self.main_button.setVisible(current is not None)
            self.part_button.setVisible(current is not None)
            return
        refused = self.outcome.value() == "refused"
        self.part_button.hide()
        self.main_button.show()
        words = "Lưu và in phiếu từ chối" if refused else "Lưu và in phiếu bổ sung"
        self.main_button.say(words, "printer")
        self._by.setVisible(not refused)
        for row in self.rows:
            row.setVisible(not refused)
        self._papers.title.setText("Lý do từ chối" if refused else "Giấy tờ cần bổ sung")
        self._note.label.setText(
            "Lý do, in trên phiếu" if refused else "Lời dặn thêm, in trên phiếu"
        )
        asked = self._asked()
        lines = [f"Đề nghị {self.subject.name} bổ sung {len(asked)} giấy tờ:"]
        lines += [f"{n}. {a.paper}: {a.reason.lower()}." for n, a in enumerate(asked, start=1)]
        if note := self.note.toPlainText().strip():
            lines.append(note)
        if refused:
            lines = [f"Không tiếp nhận hồ sơ của {self.subject.name}.", self.note.toPlainText()]
        self._preview.setText("\n".join(lines))

    @Slot(int)
    def _on_step(self, by: int) -> None:
        sender = self.sender()
        if isinstance(sender, AskRow) and sender in self.rows:
            at = min(max(0, self.rows.index(sender) + by), len(self.rows) - 1)
            self.rows[at].tick.setFocus()


def _missing(subject: Subject | None) -> frozenset[str]:
    return subject.missing if subject else frozenset()
