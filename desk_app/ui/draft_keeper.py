"""Keeps every form that is not saved yet: the one being filled, and up to five put aside."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import deepcopy
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal, Slot

from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.procedure_words import called
from desk_app.ui.receiving_jobs import forget_draft, keep_draft

if TYPE_CHECKING:
    from desk_app.services.drafts import Draft
    from desk_app.ui.runner import Runner

CURRENT = 0
SLOTS = range(1, 6)
SAVE_AFTER_MS = 400
"""After the first change; a form is on the disk well within a second of any of them."""


class DraftKeeper(QObject):
    """Saves drafts without being asked.

    Signals:
        saved: the moment at which the form being filled was last written.
        parked_changed: other forms are put aside now.
    """

    saved = Signal(object)
    parked_changed = Signal()

    def __init__(
        self, runner: Runner, clock: Callable[[], datetime], parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._runner = runner
        self._clock = clock
        self._form: IntakeForm | None = None
        self.parked: dict[int, IntakeForm] = {}
        self._timer = QTimer(self)
        self._timer.setSingleShot(True)
        self._timer.setInterval(SAVE_AFTER_MS)
        self._timer.timeout.connect(self.flush)

    def keep(self, form: IntakeForm) -> None:
        """The form has changed: write it soon."""
        self._form = form
        if not self._timer.isActive():
            self._timer.start()

    @Slot()
    def flush(self) -> None:
        """Write what is waiting to be written, now."""
        self._timer.stop()
        form, self._form = self._form, None
        if form is None:
            return
        if form.empty:
            self.forget_current()
        else:
            self._write(CURRENT, form)

    def forget_current(self) -> None:
        """The form was saved as a dossier, or there is nothing in it."""
        self._timer.stop()
        self._form = None
        self._runner.ask(self, partial(forget_draft, CURRENT), self._on_forgotten)

    def park(self, form: IntakeForm) -> int:
        """Put a form aside; its slot, or 0 when all five are taken."""
        free = [slot for slot in SLOTS if slot not in self.parked]
        if not free:
            return 0
        self._put(free[0], form)
        return free[0]

    def swap(self, slot: int, form: IntakeForm) -> IntakeForm | None:
        """Take the form out of a slot; the one being filled takes its place unless it is empty."""
        taken = self.parked.pop(slot, None)
        if taken is None:
            return None
        if form.empty:
            self._runner.ask(self, partial(forget_draft, slot), self._on_forgotten)
            self.parked_changed.emit()
        else:
            self._put(slot, form)
        return taken

    def restore(self, drafts: Sequence[Draft]) -> tuple[IntakeForm, datetime] | None:
        """Take over what an earlier run left; the form that was being filled, if any."""
        current = None
        for draft in drafts:
            form = IntakeForm.from_draft(draft.form)
            if draft.slot == CURRENT:
                current = (form, draft.saved_at)
            else:
                self.parked[draft.slot] = form
        self.parked_changed.emit()
        # A crash while a form was being put aside leaves it in both places.
        if current is not None and current[0].id in {form.id for form in self.parked.values()}:
            return None
        return current

    def titles(self) -> dict[int, str]:
        """Who waits in which slot."""
        return {slot: called(form.applicant) for slot, form in sorted(self.parked.items())}

    def _put(self, slot: int, form: IntakeForm) -> None:
        self.parked[slot] = form
        self._write(slot, form)
        self.parked_changed.emit()

    def _write(self, slot: int, form: IntakeForm) -> None:
        title = called(form.applicant)
        job = partial(keep_draft, slot, title, deepcopy(form), self._clock())
        self._runner.ask(self, job, self._on_saved)

    def _on_saved(self, at: datetime) -> None:
        self.saved.emit(at)

    def _on_forgotten(self, slot: int) -> None:
        if slot == CURRENT:
            self.saved.emit(None)
