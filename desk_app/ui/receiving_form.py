"""One form on the intake page: shown, gathered, kept as a draft, pictured as a receipt."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication, QWidget

from desk_app.messages import sentence
from desk_app.ui import receiving_jobs as jobs
from desk_app.ui.draft_keeper import DraftKeeper
from desk_app.ui.empty_desk import INVITE
from desk_app.ui.intake_form import IntakeForm
from desk_app.ui.receiving_layout import ReceivingLayout

if TYPE_CHECKING:
    from db.kinds import ProcedurePublished
    from desk_app.services.dossiers import DossierLine
    from desk_app.services.procedures import Catalogue
    from desk_app.ui.runner import Runner

PICTURE_AFTER_MS = 80
SHOW_BAD_SCAN_MS = 4_000
GO_ON = "Quét tiếp bất cứ lúc nào"


class ReceivingForm(ReceivingLayout):
    """The page as far as one form goes. Saving and what comes after are ``ReceivingPage``'s.

    Signals:
        said: a sentence for the status line.
        draft_saved: when the form was last written (datetime), None when there is nothing.
        opened: catalogue, habits and drafts are there (``Opening``).
    """

    opened = Signal(object)

    said = Signal(str)
    draft_saved = Signal(object)

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        clock: Callable[[], datetime],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(runner, drawing, self._today, parent)
        self._runner = runner
        self._clock = clock
        self._form = IntakeForm()
        self._catalogue: Catalogue | None = None
        self._habit: list[str] = []
        self._loading = False
        self.drafts = DraftKeeper(runner, clock, self)
        self._picture = self._single_timer(PICTURE_AFTER_MS, self._ask_picture)
        self._bad_scan = self._single_timer(SHOW_BAD_SCAN_MS, self._show_scan_state)
        self._connect_parts()
        self.person.show_form(self._form)

    def _today(self) -> date:
        return self._clock().date()

    def _single_timer(self, ms: int, then: Callable[[], None]) -> QTimer:
        timer = QTimer(self)
        timer.setSingleShot(True)
        timer.setInterval(ms)
        timer.timeout.connect(then)
        return timer

    def _connect_parts(self) -> None:
        self.scan_box.edit.installEventFilter(self)
        self.person.changed.connect(self._on_people_changed)
        self.person.settled.connect(self._focus_next)
        self.person.known.connect(self._on_person_known)
        self.person.habits.connect(self._on_habits)
        self.procedure.chosen.connect(self._on_procedure_chosen)
        self.procedure.changed.connect(self._on_changed)
        self.procedure.left.connect(self._on_procedure_left)
        self.procedure.reopened.connect(self._on_procedure_reopened)
        self.papers.changed.connect(self._on_changed)
        self.papers.left.connect(self._on_last_field_left)
        self.promise.changed.connect(self._on_changed)
        self.promise.left.connect(self._on_last_field_left)
        self.place_wanted.connect(self.go_to)
        self.drafts.saved.connect(self.draft_saved)

    # ------------------------------------------------------------ opening

    def start(self) -> None:
        """After the first paint: fetch the catalogue, the habits and what an earlier run left."""
        self._runner.ask(self, jobs.opening, self._on_opening)
        self._picture.start()

    def refresh(self) -> None:
        """The minute has changed: a promise may have moved past the cut-off."""
        self._picture.start()

    def shown(self) -> None:
        """F2: ready for the next card, or where the open form goes on."""
        if self._form.empty:
            self.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)
        else:
            self._focus_next()

    def _on_opening(self, answer: jobs.Opening) -> None:
        self._catalogue, self._habit = answer.catalogue, answer.habit
        self.papers.may_tick_all = answer.tick_all
        self.procedure.offer_first(answer.habit, self._form.applicant)
        self.procedure.use_catalogue(answer.catalogue)
        self.opened.emit(answer)
        left = self.drafts.restore(answer.drafts)
        if left is not None and self._form.empty:
            form, at = left
            self._show(form)
            self.said.emit(f"Máy tắt đột ngột lúc {at:%H:%M}. Đã mở lại hồ sơ đang nhập.")
            self._focus_next()

    # ------------------------------------------------------------ one form on the screen

    @property
    def form(self) -> IntakeForm:
        """The form as it stands, with everything typed so far."""
        self._gather()
        return self._form

    def _show(self, form: IntakeForm) -> None:
        """Fill the page from a form."""
        self._loading = True
        self._form = form
        self.clear_summary()
        self.scan_box.clear()
        self.person.show_form(form)
        self._show_procedure()
        self._loading = False
        self._show_scan_state()
        self._picture.start()

    def _show_procedure(self) -> None:
        # What the parts hold belongs to the form before: it must not be gathered into this one.
        was_loading, self._loading = self._loading, True
        procedure = self._procedure()
        self.procedure.show_form(self._form)
        self.papers.show_form(self._form)
        self.promise.show_form(self._form, procedure)
        self.give_room("procedure" if procedure is None else "papers")
        self._loading = was_loading

    def _procedure(self) -> ProcedurePublished | None:
        if self._catalogue is None or not self._form.procedure:
            return None
        return self._catalogue.by_code(self._form.procedure)

    def _gather(self) -> None:
        if not self._loading:
            for part in (self.procedure, self.papers, self.promise):
                part.write_into(self._form)

    @Slot()
    def _on_changed(self) -> None:
        if self._loading:
            return
        self._gather()
        procedure = self._procedure()
        if procedure is not None:
            self.promise.show_fee(self._form, procedure)
        self.drafts.keep(self._form)
        self._picture.start()

    @Slot()
    def _on_people_changed(self) -> None:
        self._on_changed()
        self._show_scan_state()

    @Slot(list)
    def _on_habits(self, codes: list[str]) -> None:
        self.procedure.offer_first(codes, self._form.at_the_desk)

    @Slot(object)
    def _on_procedure_chosen(self, procedure: ProcedurePublished) -> None:
        self._form.take_procedure(procedure)
        self._show_procedure()
        self._on_changed()
        self.papers.focus_papers()
        number = self._form.applicant.id_number
        if number:
            job = partial(jobs.handed_in_today, number, procedure.code)
            self._runner.ask(self, job, self._on_same_today)

    def _on_same_today(self, line: DossierLine | None) -> None:
        if line is not None and self._form.procedure:
            remark = jobs.again_today(self._form.applicant, line)
            self.procedure.answers.warn(sentence(remark))

    @Slot()
    def _on_procedure_reopened(self) -> None:
        self._gather()
        self._form.procedure = ""
        self._show_procedure()
        self._on_changed()
        self.procedure.focus_search()

    @Slot()
    def _ask_picture(self) -> None:
        self._gather()
        job = partial(jobs.picture_of, deepcopy(self._form))
        self._runner.ask(self, job, self._on_picture)

    def _on_picture(self, picture: jobs.Picture) -> None:
        if picture.form != self._form.id:
            return
        self.preview.show_receipt(picture.receipt)
        if self._procedure() is not None:
            self.promise.show_picture(picture)

    # ------------------------------------------------------------ where the keys go

    @Slot()
    def _show_scan_state(self) -> None:
        read = not self._form.applicant.empty
        self.scan_box.set_state("read" if read else "ready")
        self.scan_box.set_hint(GO_ON if read else INVITE)

    @Slot()
    def _focus_next(self) -> None:
        """The next open step: person, procedure, papers."""
        if self._form.applicant.empty:
            self.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)
        elif not self._form.procedure:
            self.procedure.focus_search()
        else:
            self.papers.focus_papers()

    @Slot()
    def _on_person_known(self) -> None:
        """Go on from the person, unless the clerk has gone on already: answers may come late."""
        focus = QApplication.focusWidget()
        if focus is None or self._left.isAncestorOf(focus):
            self._focus_next()

    @Slot()
    def _on_last_field_left(self) -> None:
        self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    @Slot()
    def _on_procedure_left(self) -> None:
        self.papers.focus_papers()

    @Slot(str)
    def go_to(self, field: str) -> None:
        """The place a sentence of the summary is about."""
        who, _, name = field.partition(".")
        if who in ("applicant", "submitter"):
            self.person.focus_field(field)
        elif who == "required":
            self.papers.focus_papers(int(name))
        elif who == "papers":
            ticked = [at for at, row in enumerate(self._form.papers) if row.ticked]
            self.papers.focus_papers(ticked[int(name)] if int(name) < len(ticked) else 0)
        elif who in ("pages", "copies"):
            self.papers.focus_counts(who)
        elif who == "due":
            self.promise.focus_day()
        elif who == "fee_reason":
            self.promise.focus_fee()
        elif who in ("purpose", "note"):
            self.procedure.answers.focus_field(who)
        elif who == "procedure" and not self._form.procedure:
            self.procedure.focus_search()
        else:
            self.save_button.setFocus(Qt.FocusReason.OtherFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Arrows in the scan box move in the list of people under it."""
        if (
            watched is self.scan_box.edit
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and self.person.mode == "matches"
            and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up)
        ):
            self.person.matches.light(1 if event.key() == Qt.Key.Key_Down else -1)
            return True
        return super().eventFilter(watched, event)
