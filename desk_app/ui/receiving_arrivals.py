"""People and forms that come and go on the intake page: scans, the scan box, what is put aside."""

from __future__ import annotations

from collections.abc import Callable
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
    from desk_app.services.find import Found
    from desk_app.services.people import KnownPerson
    from desk_app.ui.runner import Runner

LOOK_UP_AFTER_MS = 60
"""Longer than the pause between two keys of a scanner, so that a scan asks nothing."""
UNCLEAR = "Quét chưa rõ, quét lại"


class ReceivingArrivals(ReceivingForm):
    """Who comes to the desk, and which form is open for them.

    Signals:
        code_wanted: a dossier code was typed; somebody else shows dossiers.
    """

    code_wanted = Signal(str)

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        clock: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(runner, drawing, clock, parent)
        self._searched = ""
        self._looked_for = ""
        self._looking = False
        self._look = self._single_timer(LOOK_UP_AFTER_MS, self._look_up)
        self.scan_box.submitted.connect(self._on_box_submitted)
        self.scan_box.edit.textChanged.connect(self._on_box_changed)
        self.parked_wanted.connect(self.open_parked)
        self.drafts.parked_changed.connect(self._on_parked_changed)

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

    def take_form(self, form: IntakeForm) -> None:
        """Somebody who was sent home is back: the form as it was, under the same id."""
        if self._make_room():
            self.scan_box.clear()
            self._open(form)

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

    # ------------------------------------------------------------ forms put aside

    def by_hand(self) -> None:
        """Ctrl+N: a person without a card."""
        if self._make_room():
            self.person.by_hand()

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
