"""The page "Bổ sung" (F6): one complete request, once; and who has not come back yet."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QWidget

from desk_app.messages import sentence_for
from desk_app.papers.forms import form_of
from desk_app.rules.days import show_day, show_moment
from desk_app.rules.phones import show_phone
from desk_app.services.dossiers import DossierLine
from desk_app.services.extending import ApologyTooLate, ExtendedBefore
from desk_app.services.find import by_code
from desk_app.ui.ask_jobs import Request, Subject, ask, subject_of_dossier, subject_of_form
from desk_app.ui.ask_layout import AskLayout, Typed
from desk_app.ui.brought_panel import BroughtPanel
from desk_app.ui.entry_list import Entry
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.runner import Runner
from desk_app.ui.typed_moments import MomentUnreadable
from desk_app.ui.waiting_jobs import Waits, everything_brought, waiting

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused

KEYS: Final = (
    ("↑ ↓ Space", "chọn, tích giấy"),
    ("1 … 8", "lý do"),
    ("Alt+B Alt+T", "bổ sung, từ chối"),
    ("Alt+H Alt+D", "hẹn lại, dừng"),
    ("F9", "lưu và in phiếu"),
    ("Enter", "người dân đã mang đủ"),
    ("Alt+P", "mới mang một phần"),
    ("Esc", "quay lại, giữ nguyên"),
)
"""The keys of this page, for F1."""


class AskPage(AskLayout):
    """Without a dossier: the list of those who are waited for. With one: the request.

    Signals:
        said: a sentence for the status line.
        changed: something was saved; counts want fetching again.
        slip_wanted: print the form; its dossier's id and the form.
        form_wanted: the intake opens with this form.
        sent_home: the form at the desk became a request; the intake is free.
        opened: show this dossier whole.
        left: Esc.
    """

    said = Signal(str)
    changed = Signal()
    slip_wanted = Signal(bytes, str)
    form_wanted = Signal(object)
    sent_home = Signal()
    opened = Signal(object)
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._kept: dict[tuple[str, frozenset[str]], Typed] = {}
        self._wanted = b""
        self.brought = BroughtPanel(runner, self)
        self._connect()
        self._show(None)

    def _connect(self) -> None:
        self.main_button.clicked.connect(self._on_main_clicked)
        self.part_button.clicked.connect(self._on_part)
        self.back_button.clicked.connect(self.step_back)
        self.outcome.chosen.connect(self._on_outcome)
        for part in self._texts().values():
            part.typed.connect(self._say)
        self.brought.saved.connect(self._on_back)
        self.list.wanted.connect(self._on_brought)
        self.list.moved.connect(self._say)

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        (self.rows[0].tick if self.rows else self.list).setFocus()

    def ask_of_form(self, form: IntakeForm) -> None:
        """Somebody at the desk has not everything; what is typed for the same form stays."""
        before = self.subject
        missing = frozenset(row.name for row in form.missing())
        if before is not None and before.form is form and before.missing == missing:
            self.take_focus()
            return
        self._runner.ask(self, partial(subject_of_form, form), self._on_subject, self._on_refused)

    def ask_of(self, id: bytes) -> None:
        """A dossier that was taken in; what is typed for the same one stays."""
        if self.subject is not None and self.subject.id == id:
            self.take_focus()
            return
        self._wanted = id
        self._runner.ask(self, partial(subject_of_dossier, id), self._on_subject, self._on_refused)

    @Slot(str)
    def take_code(self, code: str) -> None:
        """A receipt was scanned: the paper is about that dossier now."""
        self._runner.ask(self, partial(by_code, typed=code), self._on_code, self._on_refused)

    def show_waiting(self) -> None:
        """Who is waited for."""
        self._turn_to(None)
        self.refresh()

    @Slot()
    def refresh(self) -> None:
        """Fetch the list again."""
        self._runner.ask(self, waiting, self._on_waiting, self._on_refused)

    @Slot()
    def main_action(self) -> None:
        """F9: save and print, or the chosen one has brought everything."""
        if self.subject is None:
            # Only who went to the list means somebody on it: a second F9 after a save does not.
            if self.list.hasFocus():
                self._on_brought(self.list.current())
            return
        for row in self.rows:
            row.settle()
        texts = {name: part.text() for name, part in self._texts().items()}
        request = Request(
            outcome=self.outcome.value(),  # type: ignore[arg-type]
            asked=self._asked(),
            called=self.called.isChecked(),
            **texts,
        )
        job = partial(ask, self.subject, request)
        self._runner.ask(self, job, self._on_saved, self._on_refused)

    @Slot()
    def step_back(self) -> None:
        """Esc."""
        self.left.emit()

    # ------------------------------------------------------------ answers

    def _on_subject(self, subject: Subject | None) -> None:
        self._turn_to(subject)
        if subject is None:
            self.refresh()
        self.take_focus()

    def _turn_to(self, subject: Subject | None) -> None:
        """Show another subject; what was typed about the one before is kept for it."""
        if self.subject is not None:
            self._kept[_key(self.subject)] = self.typed()
        self._show(subject, self._kept.get(_key(subject)) if subject is not None else None)

    def _on_code(self, found: tuple[DossierLine, ...]) -> None:
        if len(found) == 1:
            self.ask_of(found[0].id)
        else:
            self.error.say("Không thấy hồ sơ của mã vừa quét.", "alert-circle", "bad")

    def _on_saved(self, after: Dossier) -> None:
        at_the_desk = self.subject is not None and self.subject.form is not None
        if self.subject is not None:
            self._kept.pop(_key(self.subject), None)
        self._show(None)
        self.refresh()
        self.back_button.setFocus()
        self._say_done(f"Đã lưu {after.facts.code}, đang in phiếu.")
        form = form_of(next(e for e in reversed(after.history) if form_of(e.body)).body)
        self.slip_wanted.emit(bytes.fromhex(after.id), form)
        self.changed.emit()
        if at_the_desk:
            self.sent_home.emit()

    def _on_back(self, after: Dossier | IntakeForm) -> None:
        if isinstance(after, IntakeForm):
            self.form_wanted.emit(after)
            return
        self.refresh()
        if after.life.clock_runs:
            due = show_moment(datetime.fromisoformat(after.life.due_at))
            self._say_done(f"{after.facts.code} đã đủ giấy. Hẹn trả {due}.")
        else:
            self._say_done(f"{after.facts.code}: đã ghi, còn thiếu giấy.")
        self.changed.emit()

    def _on_waiting(self, found: tuple[Waits, ...]) -> None:
        places = [n for n, each in enumerate(found) if each.line.id == self._wanted]
        self.list.show_entries([_entry(each) for each in found], *places)
        self.list.setVisible(bool(found) and self.subject is None)
        self._empty.setVisible(not found and self.subject is None)
        self._say()

    def _on_refused(self, refused: Refused) -> None:
        self.error.say(sentence_for(refused), "alert-circle", "bad")
        self._say()
        if self.subject is None:
            return
        if isinstance(refused, MomentUnreadable):
            (self.due if self.outcome.value() == "extended" else self.until).setFocus()
        elif isinstance(refused, ExtendedBefore | ApologyTooLate):
            self.override.setFocus()
        elif self.outcome.value() != "incomplete":
            self.note.setFocus()

    # ------------------------------------------------------------ keys and clicks

    def _say_done(self, said: str) -> None:
        self._done.say(said, "circle-check", "ok")
        self.said.emit(said)

    @Slot()
    def _on_main_clicked(self) -> None:
        if self.subject is None:
            self._on_brought(self.list.current())
        else:
            self.main_action()

    @Slot(str)
    def _on_outcome(self, outcome: str) -> None:
        self._say()
        (self.rows[0].tick if outcome == "incomplete" and self.rows else self.note).setFocus()

    @Slot(object)
    def _on_brought(self, entry: Entry | None) -> None:
        if entry is not None:
            job = partial(everything_brought, entry.says.line.id)
            self._runner.ask(self, job, self._on_back, self._on_refused)

    @Slot()
    def _on_part(self) -> None:
        entry = self.list.current()
        if entry is not None and entry.says.line.status == "supplement":
            self.brought.begin(entry.says)
        else:
            self._on_brought(entry)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        if self.subject is None:
            self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        elif event.key() == Qt.Key.Key_P and event.modifiers() & Qt.KeyboardModifier.AltModifier:
            self._on_part()
        else:
            super().keyPressEvent(event)


def _key(subject: Subject) -> tuple[str, frozenset[str]]:
    """What was typed belongs to one dossier, and to what was missing of it then."""
    return subject.id.hex() or (subject.form.id if subject.form else ""), subject.missing


def _entry(each: Waits) -> Entry:
    days = "hôm nay" if not each.days else f"{each.days} ngày"
    until = f" · hạn {show_day(each.until)}" if each.until else ""
    phone = f" · {show_phone(each.phone)}" if each.phone else ""
    asked = "; ".join(a.paper for a in each.asked)
    then = f" · {each.then}" if each.then else ""
    more = f"{each.line.code} · {each.line.procedure} · {days}{until}{phone} · {asked}{then}"
    return Entry(each.line.name, "alert-triangle" if each.late else "clock", more, says=each)
