"""Tiếp nhận: from a person at the desk to a printed receipt, on one screen, without the mouse."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QApplication, QWidget

from desk_app.ui import receiving_jobs as jobs
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.procedure_words import called, sentence_case
from desk_app.ui.receiving_form import ReceivingForm

if TYPE_CHECKING:
    from db.fold import Dossier
    from db.refused import Refused
    from desk_app.rules.remarks import Remark
    from desk_app.services.find import Found
    from desk_app.services.people import KnownPerson
    from desk_app.ui.done_card import PrintState
    from desk_app.ui.receipt_printing import ReceiptPrinting
    from desk_app.ui.runner import Runner

LOOK_UP_AFTER_MS = 60
"""Longer than the pause between two keys of a scanner, so that a scan asks nothing."""
UNCLEAR = "Quét chưa rõ, quét lại"


class ReceivingPage(ReceivingForm):
    """What the clerk does with forms: scan, save, print, take back, put aside.

    Signals:
        changed_counts: a dossier was saved or taken back.
        code_wanted: a dossier code was typed; somebody else shows dossiers.
    """

    changed_counts = Signal()
    code_wanted = Signal(str)

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
        self._searched = ""
        self._looked_for = ""
        self._looking = False
        self._look = self._single_timer(LOOK_UP_AFTER_MS, self._look_up)
        self._to_confirm: list[str] = []
        self._connect_actions()

    def _connect_actions(self) -> None:
        self.scan_box.submitted.connect(self._on_box_submitted)
        self.scan_box.edit.textChanged.connect(self._on_box_changed)
        self.parked_wanted.connect(self.open_parked)
        self.save_button.clicked.connect(self.main_action)
        self.restart.clicked.connect(self.step_back)
        self.all_confirmed.connect(self._on_confirmed)
        self.drafts.parked_changed.connect(self._on_parked_changed)
        self._printing.state.connect(self._on_print_state)
        self.person.print_wanted.connect(self.print_again)
        self.person.undo_wanted.connect(self.undo)
        self.person.again_wanted.connect(self.again)
        self.person.paper_seen.connect(self._on_paper_seen)

    # ------------------------------------------------------------ scans and the scan box

    def take_scan(self, kind: str, text: str) -> bool:
        """A card or a number opens or fills a form; a code belongs to another screen."""
        if kind == "card":
            self._take_card(text)
        elif kind == "number":
            self._take_number(text)
        else:
            return False
        return True

    def scan_unclear(self) -> None:
        """A scan that made no sense: nothing is left of it but the sentence."""
        self.scan_box.set_state("bad")
        self.scan_box.set_hint(UNCLEAR)
        self.said.emit(UNCLEAR)
        self._bad_scan.start()

    def _take_card(self, text: str) -> None:
        from desk_app.rules.card import Card, read_card

        card = read_card(text)
        if not isinstance(card, Card):
            self.scan_unclear()
            return
        self._bad_scan.stop()
        if card.id_number == self._form.applicant.id_number:
            self.said.emit(f"Thẻ này là của {called(self._form.applicant)}, đã có trên màn hình.")
            return
        if not self._make_room():
            return
        self.scan_box.clear()
        focus = QApplication.focusWidget()
        if focus is not None and self._left.isAncestorOf(focus):
            # Fields that had the keys give way to the person who was read.
            self.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.person.take_card(card)
        self.said.emit(f"Đã đọc thẻ: {card.name}")

    def _take_number(self, number: str) -> None:
        if number == self._form.applicant.id_number:
            self.said.emit(f"Số này là của {called(self._form.applicant)}, đã có trên màn hình.")
            return
        self._searched = number
        self._runner.ask(self, partial(jobs.known_person, number), self._on_number_known)

    def _on_number_known(self, answer: tuple[KnownPerson | None, list[str]]) -> None:
        known, _ = answer
        if not self._make_room():
            return
        self.scan_box.clear()
        if known is not None:
            self.person.take_known(known)
        else:
            self.person.by_hand(id_number=self._searched)

    def take_known(self, known: KnownPerson) -> None:
        """Somebody who came before was chosen in the palette."""
        if self._make_room():
            self.scan_box.clear()
            self.person.take_known(known)

    def _make_room(self) -> bool:
        """The next person never overwrites a form: it is put aside first.

        False, with a sentence, when all five places are taken: then nothing may be opened.
        """
        if self._form.applicant.empty:
            return True
        if self._put_aside():
            return True
        self.said.emit("Đã cất 5 hồ sơ. Mở lại (Ctrl+1…5) rồi lưu, hoặc bỏ bớt (Ctrl+Delete).")
        return False

    @Slot(str)
    def _on_box_changed(self, text: str) -> None:
        if len(text.strip()) < 2:
            self._look.stop()
            self.person.show_matches(())
        elif not self._looking:
            self._look.start()

    @Slot()
    def _look_up(self) -> None:
        # One question is on its way at a time; letters typed meanwhile make one more, not many.
        self._looked_for = self.scan_box.text().strip()
        if len(self._looked_for) >= 2:
            self._looking = True
            self._runner.ask(self, partial(jobs.look_up, self._looked_for), self._on_found)

    def _on_found(self, found: Found) -> None:
        self._looking = False
        if self.scan_box.text().strip() == self._looked_for:
            self.person.show_matches(found.people)
        else:
            self._on_box_changed(self.scan_box.text())

    @Slot(str)
    def _on_box_submitted(self, text: str) -> None:
        from desk_app.devices.scan import code_in, kind_of

        typed = text.strip()
        kind = kind_of(typed)
        if not typed:
            self._focus_next()
        elif kind in ("card", "number"):
            self.take_scan(kind, typed)
        elif kind == "code":
            self.scan_box.clear()
            self.code_wanted.emit(code_in(typed))
        elif self.person.mode == "matches" and self.person.matches.people:
            known = self.person.matches.lit()
            if known is not None:
                self.take_known(known)
        elif self._make_room():
            self.scan_box.clear()
            digits = "".join(c for c in typed if c.isdigit())
            number = digits if len(digits) >= len(typed) / 2 else ""
            self.person.by_hand(name="" if number else typed, id_number=number)

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

    # ------------------------------------------------------------ forms put aside

    def by_hand(self) -> None:
        """Ctrl+N: a person without a card."""
        if self._make_room():
            self.person.by_hand()

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

    def discard(self) -> None:
        """Ctrl+Delete: forget this form for good, until Ctrl+Z."""
        if not self.form.empty:
            self._cleared = self._form
            self._open(IntakeForm())
            self.drafts.forget_current()
            self.said.emit("Đã bỏ hồ sơ đang nhập. Ctrl+Z để lấy lại.")

    @Slot(int)
    def open_parked(self, slot: int) -> None:
        """Ctrl+1 to 5: open what was put aside; what is open takes its place."""
        form = self.drafts.swap(slot, self.form)
        if form is None:
            self.said.emit(f"Ctrl+{slot}: chưa có hồ sơ nào cất ở đây.")
            return
        self._open(form)
        self.drafts.keep(form)

    def _put_aside(self) -> bool:
        form = self.form
        slot = self.drafts.park(form)
        if not slot:
            return False
        who = called(form.applicant)
        self.said.emit(f"Đã cất nháp {who}. Ctrl+{slot} để mở lại")
        self._show(IntakeForm())
        self.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.drafts.keep(self._form)
        return True

    def _open(self, form: IntakeForm) -> None:
        self._show(form)
        self.procedure.offer_first(self._habit, form.applicant)
        self._focus_next()

    @Slot()
    def _on_parked_changed(self) -> None:
        titles = {slot: sentence_case(who) for slot, who in self.drafts.titles().items()}
        if titles or self._parked is not None:
            self.parked.show_slots(titles)
