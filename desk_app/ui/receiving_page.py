"""Tiếp nhận: from a person at the desk to a printed receipt, on one screen, without the mouse."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desk_app.ui import receiving_jobs as jobs
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.receiving_arrivals import ReceivingArrivals

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused
    from desk_app.rules.remarks import Remark
    from desk_app.ui.done_card import PrintState
    from desk_app.ui.receipt_printing import ReceiptPrinting
    from desk_app.ui.runner import Runner


class ReceivingPage(ReceivingArrivals):
    """What the clerk does with a form: save, print, take back, begin again.

    Signals:
        changed_counts: a dossier was saved or taken back.
    """

    changed_counts = Signal()

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        printing: ReceiptPrinting,
        clock: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(runner, drawing, clock, parent)
        self._printing = printing
        self._saving = ""
        self._last: IntakeForm | None = None
        self._undoing = b""
        self._cleared: IntakeForm | None = None
        self._to_confirm: list[str] = []
        self._connect_actions()

    def _connect_actions(self) -> None:
        self.save_button.clicked.connect(self.main_action)
        self.restart.clicked.connect(self.step_back)
        self.all_confirmed.connect(self._on_confirmed)
        self._printing.state.connect(self._on_print_state)
        self.person.print_wanted.connect(self.print_again)
        self.person.undo_wanted.connect(self.undo)
        self.person.again_wanted.connect(self.again)
        self.person.paper_seen.connect(self._on_paper_seen)

    # ------------------------------------------------------------ saving

    @Slot()
    def main_action(self) -> None:
        """F9: save and print; never disabled, says what is missing instead."""
        form = self.form
        if self._saving == form.id:
            return
        if form.empty and self.person.mode != "edit":
            self.said.emit("Mời quét thẻ Căn cước, rồi chọn thủ tục.")
            self.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)
            return
        if self.person.mode == "edit":
            self.person.close_edit()
            if not form.procedure:
                return
        self._saving = form.id
        job = partial(jobs.save, deepcopy(form))
        self._runner.ask(self, job, self._on_saved, self._on_save_refused)

    @Slot()
    def _on_confirmed(self) -> None:
        self._form.confirmed |= set(self._to_confirm)
        self.clear_summary()
        self.main_action()

    def _on_saved(self, answer: Dossier | jobs.Unconfirmed) -> None:
        self._saving = ""
        if isinstance(answer, jobs.Unconfirmed):
            self._ask_to_confirm(answer.remarks)
            return
        form = self.form
        id = bytes.fromhex(answer.id)
        facts = answer.facts
        if form.id == answer.id:
            self._last = deepcopy(form)
            self._cleared = None
            self.drafts.forget_current()
            self._open(IntakeForm())
        self.person.show_done(id, facts)
        self.said.emit(f"Đã lưu {facts.code}, {facts.applicant.name}")
        self._printing.print_receipt(id)
        self.changed_counts.emit()

    def _ask_to_confirm(self, remarks: tuple[Remark, ...]) -> None:
        from desk_app.messages import sentence
        from desk_app.ui.form_summary import Thing

        self._to_confirm = [f"{r.field} {r.name}" for r in remarks]
        self.summary.show_to_confirm([Thing(r.field, sentence(r)) for r in remarks])

    def _on_save_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence, sentence_for
        from desk_app.ui.form_summary import Thing

        self._saving = ""
        remarks = refused.facts.get("remarks")
        if not isinstance(remarks, tuple):
            self.summary.show_fault(sentence_for(refused))
            return
        self.person.say(list(remarks))
        self.papers.mark_wanting(
            int(r.field.partition(".")[2]) for r in remarks if r.field.startswith("required.")
        )
        self.procedure.say(list(remarks))
        self.promise.say(list(remarks))
        self.summary.show_errors([Thing(r.field, sentence(r)) for r in remarks])

    # ------------------------------------------------------------ the dossier just saved

    @Slot()
    def print_again(self) -> None:
        """F7: the receipt of the dossier saved last, once more."""
        done = self.person.done.done
        if done is None:
            self.said.emit("Chưa có hồ sơ nào vừa xong để in lại.")
        else:
            self._printing.print_receipt(done.id)

    @Slot(bytes, str, str)
    def _on_print_state(self, id: bytes, state: PrintState, detail: str) -> None:
        done = self.person.done
        if done.done is not None and done.done.id == id:
            self.person.show_print_state(state, detail)

    @Slot()
    def _on_paper_seen(self) -> None:
        done = self.person.done.done
        if done is not None:
            self._printing.clerk_saw_paper(done.id)

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z: bring back the form that was cleared, or take the last intake back."""
        done = self.person.done.done
        if self._cleared is not None:
            if self._make_room():
                cleared, self._cleared = self._cleared, None
                self._open(cleared)
                self.drafts.keep(cleared)
        elif done is not None and self._undoing != done.id:
            self._undoing = done.id
            job = partial(jobs.undo_intake, done.id)
            self._runner.ask(self, job, self._on_undone, self._on_undo_refused)
        else:
            self.said.emit("Không có gì để hoàn tác.")

    def _on_undone(self, dossier: Dossier) -> None:
        """The dossier is void, its code spent; its content is open again as a new form."""
        last, self._last = self._last, None
        self._undoing = b""
        self.person.forget_done()
        self.said.emit(f"Đã hoàn tác {dossier.facts.code}. Mã này không dùng lại.")
        if last is not None and last.id == dossier.id and self._make_room():
            self._open(last.reopened())
            self.drafts.keep(self._form)
        self.changed_counts.emit()

    def _on_undo_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        self._undoing = b""
        self.said.emit(sentence_for(refused))

    @Slot()
    def again(self) -> None:
        """Ctrl+R: another dossier for the same person."""
        last = self._last if self._form.empty else None
        if last is None:
            self.said.emit("Chưa có người nào vừa nộp.")
            return
        self._open(last.next_for_same_person())
        self.drafts.keep(self._form)

    # ------------------------------------------------------------ stepping back

    @Slot()
    def step_back(self) -> bool:
        """Esc: one step back. A form with work in it is put aside, never thrown away."""
        if self._summary is not None and self._summary.isVisible():
            self.clear_summary()
            self._focus_next()
        elif self.scan_box.text():
            self.scan_box.clear()
        elif self.procedure.search.isVisible() and self.procedure.search.text():
            self.procedure.search.clear()
        elif self.person.mode == "edit" and not self._form.empty:
            self.person.close_edit()
        elif self._form.empty:
            shown = self.person.mode == "edit"
            self._open(IntakeForm())
            return shown
        elif self.form.has_work and self._put_aside():
            self._open(IntakeForm())
        else:
            self._cleared = self.form
            self._open(IntakeForm())
            self.drafts.forget_current()
            self.said.emit("Đã làm lại từ đầu. Ctrl+Z để lấy lại.")
        return True

    def sent_home(self) -> None:
        """The form at the desk became a request for papers: the next one, please."""
        self._open(IntakeForm())
        self.drafts.forget_current()

    def discard(self) -> None:
        """Ctrl+Delete: forget this form for good, until Ctrl+Z."""
        if not self.form.empty:
            self._cleared = self._form
            self._open(IntakeForm())
            self.drafts.forget_current()
            self.said.emit("Đã bỏ hồ sơ đang nhập. Ctrl+Z để lấy lại.")
