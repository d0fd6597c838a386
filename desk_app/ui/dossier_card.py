"""One dossier, opened: facts, papers, history, and what can be done with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QWidget

from desk_app.messages import sentence_for
from desk_app.papers.forms import form_of
from desk_app.services.correct import AlreadyVoided, UnreadableDossier, add_note, void
from desk_app.services.opened import OpenedDossier, opened
from desk_app.services.steps import undo_step
from desk_app.ui.correct_panel import CorrectPanel
from desk_app.ui.dossier_facts import MatterFacts, PersonFacts
from desk_app.ui.dossier_tabs import DossierTabs
from desk_app.ui.dossier_words import flag_words
from desk_app.ui.reason_panel import ReasonPanel
from desk_app.ui.runner import Runner
from desk_app.ui.step_panel import StepPanel
from desk_app.ui.step_words import SHOWN
from desk_app.ui.theme import px
from desk_app.ui.widgets import (
    Button,
    Column,
    FlowRow,
    Notice,
    PageLayout,
    Scrolled,
)

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused

KEYS: Final = (
    ("F7", "in lại giấy hẹn, hoặc bản in đang chọn"),
    ("Ctrl+Tab", "diễn biến, giấy tờ, tiền, bản in, gửi nhận"),
    ("Alt+Q", "đính kèm bản quét của giấy đang chọn"),
    ("Alt+X", "xử lý: chuyển, nhận, ký, thu…"),
    ("Ctrl+Z", "hoàn tác việc vừa làm"),
    ("Alt+I", "in giấy của việc vừa làm"),
    ("Alt+K Alt+N", "in phiếu kiểm soát, nhãn bìa"),
    ("Alt+M", "giấy chung các hồ sơ cùng ngày"),
    ("Alt+L Alt+V", "in lại phiếu bàn giao, in phiếu nhỏ"),
    ("F4", "trả kết quả"),
    ("Alt+S", "đính chính, có lý do"),
    ("Alt+G", "ghi chú nội bộ"),
    ("Alt+H", "hủy hồ sơ, có lý do"),
    ("Esc", "về danh sách"),
)
"""The keys of this page, for F1."""


class DossierCard(QWidget):
    """The page of one dossier.

    Signals:
        print_wanted: print its receipt again; carries its id.
        slip_wanted: print another form; its id and the form, empty for what was done last.
        paper_wanted: print one paper again; its id, the form, the entry it is about.
        changed: it was corrected, voided or remarked on; lists want fetching again.
        left: Esc, back to where the clerk came from.
    """

    print_wanted = Signal(object)
    slip_wanted = Signal(bytes, str)
    paper_wanted = Signal(bytes, str, str)
    changed = Signal(object)
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Một hồ sơ")
        self._runner = runner
        self._id: bytes | None = None
        self.opened: OpenedDossier | None = None
        self._person = PersonFacts()
        self._matter = MatterFacts()
        self.tabs = DossierTabs(runner)
        self._notice = Notice()
        self.print_button = Button("In lại giấy hẹn", "main", "F7", "printer")
        self.step_button = Button("Xử lý", "plain", "Alt+X", "bolt")
        self.slip_button = Button("In phiếu", "plain", "Alt+I", "printer")
        self.correct_button = Button("Đính chính", "plain", "Alt+S", "pencil")
        self.note_button = Button("Ghi chú", "plain", "Alt+G", "note")
        self.void_button = Button("Hủy hồ sơ", "plain", "Alt+H", "ban")
        self.back_button = Button("Về danh sách", "link", "Esc", "arrow-back-up")
        self._lay_out()
        self.correct_panel = CorrectPanel(runner, self)
        self.step_panel = StepPanel(runner, self)
        self.void_panel = ReasonPanel(
            "Hủy hồ sơ",
            "Hồ sơ hủy vẫn giữ trong sổ và mã không dùng lại. Ghi rõ vì sao hủy.",
            "Lý do hủy",
            "Hủy hồ sơ",
            "ban",
            self,
        )
        self.note_panel = ReasonPanel(
            "Ghi chú nội bộ",
            "Cán bộ ở quầy đọc được, không in ra giấy.",
            "Ghi chú",
            "Lưu ghi chú",
            "note",
            self,
        )
        self._connect()

    # ------------------------------------------------------------ layout

    def _lay_out(self) -> None:
        self._facts = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._facts.setSpacing(12)
        self._facts.setContentsMargins(0, 0, 0, 0)
        self._facts.addWidget(self._person, 4)
        self._facts.addWidget(self._matter, 5)
        holder = QWidget()
        holder.setLayout(self._facts)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(Scrolled(holder, "Thông tin của hồ sơ"), 9)
        columns.addWidget(self.tabs, 4)
        actions = FlowRow(gap=10)
        for button in (
            self.step_button,
            self.slip_button,
            self.correct_button,
            self.note_button,
            self.void_button,
        ):
            actions.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addWidget(self.back_button)
        foot.addLayout(Column(None, actions, None), 1)
        foot.addWidget(self.print_button)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addWidget(self._notice)
        page.addLayout(columns, 1)
        page.addLayout(foot)

    def _connect(self) -> None:
        for sequence, act in (
            ("Alt+X", self._on_step),
            ("Alt+I", self._on_slip),
            ("Alt+K", self._on_control),
            ("Alt+N", self._on_label),
            ("Alt+M", self._on_together),
            ("Alt+L", self._on_list),
            ("Alt+V", self._on_ticket),
            ("Alt+S", self._on_correct),
            ("Alt+G", self._on_note),
            ("Alt+H", self._on_void),
        ):
            key = QShortcut(QKeySequence(sequence), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(act)
        self.print_button.clicked.connect(self.print_again)
        self.step_button.clicked.connect(self._on_step)
        self.slip_button.clicked.connect(self._on_slip)
        self.step_panel.done.connect(self._on_step_done)
        self.correct_button.clicked.connect(self._on_correct)
        self.note_button.clicked.connect(self._on_note)
        self.void_button.clicked.connect(self._on_void)
        self.back_button.clicked.connect(self.left)
        self.tabs.print_wanted.connect(self._on_print_wanted)
        self.tabs.changed.connect(self._on_paper_changed)
        self.correct_panel.corrected.connect(self._on_corrected)
        self.void_panel.submitted.connect(self._on_void_submitted)
        self.note_panel.submitted.connect(self._on_note_submitted)

    # ------------------------------------------------------------ what others ask of the page

    def show_dossier(self, id: bytes) -> None:
        """Open this dossier."""
        if id != self._id:
            self._notice.say("")
        self._id = id
        self.refresh()

    def refresh(self) -> None:
        """Fetch it again, as after a print."""
        if self._id is not None:
            self._runner.ask(self, partial(opened, id=self._id), self._on_opened, self._on_refused)

    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        self.print_button.setFocus()

    @Slot()
    def print_again(self) -> bool:
        """Print its receipt again; False while no dossier is open."""
        if self._id is None:
            return False
        if not self.tabs.selected_print():
            self.print_wanted.emit(self._id)
        return True

    @Slot(str, str)
    def _on_print_wanted(self, form: str, entry: str) -> None:
        if self._id is None:
            return
        if form == "01":
            self.print_wanted.emit(self._id)
        else:
            self.paper_wanted.emit(self._id, form, entry)

    @Slot(object)
    def _on_paper_changed(self, dossier: Dossier) -> None:
        self.refresh()
        self.changed.emit(dossier)

    def main_action(self) -> None:
        """F9: what this page is most often opened for."""
        self.print_again()

    def say(self, sentence: str, good: bool = True) -> None:
        """A sentence over the page; an empty one takes it away."""
        self._notice.say(
            sentence, "circle-check" if good else "alert-circle", "ok" if good else "bad"
        )

    # ------------------------------------------------------------ answers

    def _on_opened(self, found: OpenedDossier) -> None:
        if found.line.id != self._id:
            return
        self.opened = found
        dossier, line = found.dossier, found.line
        self._person.show_opened(found)
        self._matter.show_opened(found)
        self.tabs.show_opened(found)
        self.print_button.say("In lại giấy hẹn" if line.prints else "In giấy hẹn")
        if warning := flag_words(dossier):
            self.say(warning, good=False)
        elif dossier.status == "voided":
            self._notice.say(f"Hồ sơ đã hủy. Lý do: {dossier.void_reason}", "ban", "still")

    def _on_refused(self, refused: Refused) -> None:
        self.say(sentence_for(refused), good=False)

    # ------------------------------------------------------------ correct, void, note

    def _may_touch(self) -> bool:
        """Whether it can still be changed; says why not."""
        if self.opened is None:
            return False
        dossier = self.opened.dossier
        if dossier.status == "voided":
            self._on_refused(AlreadyVoided(reason=dossier.void_reason))
        elif not dossier.readable:
            self._on_refused(UnreadableDossier())
        else:
            return True
        return False

    @Slot()
    def _on_step(self) -> None:
        if self._may_touch() and self.opened is not None:
            self.step_panel.begin(self.opened)

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z: take back the step just done."""
        if self._id is not None:
            job = partial(undo_step, id=self._id)
            self._runner.ask(self, job, self._on_undone, self._on_refused)

    def _on_undone(self, dossier: Dossier) -> None:
        self._done(dossier, f"Đã hoàn tác. Hồ sơ: {SHOWN[dossier.status][0].lower()}.")

    @Slot()
    def _on_slip(self) -> None:
        if self._id is not None:
            self.slip_wanted.emit(self._id, "")

    @Slot()
    def _on_control(self) -> None:
        if self._id is not None:
            self.slip_wanted.emit(self._id, "control")

    @Slot()
    def _on_together(self) -> None:
        if self._id is not None:
            self.slip_wanted.emit(self._id, "many")

    @Slot()
    def _on_list(self) -> None:
        if self._id is not None:
            self.slip_wanted.emit(self._id, "handover")

    @Slot()
    def _on_ticket(self) -> None:
        if self._id is not None:
            self.slip_wanted.emit(self._id, "ticket")

    @Slot()
    def _on_label(self) -> None:
        if self._id is not None:
            self.slip_wanted.emit(self._id, "label")

    @Slot(object)
    def _on_step_done(self, dossier: Dossier) -> None:
        word = SHOWN[dossier.status][0].lower()
        form = form_of(dossier.history[-1].body)
        self._done(dossier, f"Đã lưu. Hồ sơ: {word}." + (" Đang in giấy." if form else ""))
        if form and self._id is not None:
            self.slip_wanted.emit(self._id, form)

    @Slot()
    def _on_correct(self) -> None:
        if self._may_touch() and self.opened is not None:
            self.correct_panel.begin(self.opened)

    @Slot()
    def _on_void(self) -> None:
        if self._may_touch():
            self.void_panel.begin()

    @Slot()
    def _on_note(self) -> None:
        if self._may_touch():
            self.note_panel.begin()

    @Slot(object)
    def _on_corrected(self, dossier: Dossier) -> None:
        printed = bool(dossier.prints)
        self._done(
            dossier, "Đã đính chính, vẫn mã cũ." + (" F7 để in lại giấy." if printed else "")
        )

    @Slot(str)
    def _on_void_submitted(self, reason: str) -> None:
        if self._id is not None:
            job = partial(void, id=self._id, reason=reason)
            self._runner.ask(self, job, self._on_voided, self._on_void_refused)

    def _on_voided(self, dossier: Dossier) -> None:
        self.void_panel.finish()
        self._done(dossier, "")

    def _on_void_refused(self, refused: Refused) -> None:
        self.void_panel.refuse(sentence_for(refused))

    @Slot(str)
    def _on_note_submitted(self, text: str) -> None:
        if self._id is not None:
            job = partial(add_note, id=self._id, text=text)
            self._runner.ask(self, job, self._on_noted, self._on_note_refused)

    def _on_noted(self, dossier: Dossier) -> None:
        self.note_panel.finish()
        self._done(dossier, "Đã lưu ghi chú.")

    def _on_note_refused(self, refused: Refused) -> None:
        self.note_panel.refuse(sentence_for(refused))

    def _done(self, dossier: Dossier, said: str) -> None:
        self.say(said)
        self.refresh()
        self.changed.emit(dossier)

    # ------------------------------------------------------------ keys and sizes

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if event.key() == Qt.Key.Key_F7:
            self.print_again()
        elif event.key() == Qt.Key.Key_F9 or (enter and control):
            self.main_action()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        wide = self.width() >= px(1200)
        direction = QBoxLayout.Direction
        self._facts.setDirection(direction.LeftToRight if wide else direction.TopToBottom)
