"""Step 1: who hands in, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtWidgets import QWidget

from desk_app.ui.intake_form import IntakeForm, PersonEntry
from desk_app.ui.known_people import entry_of, merged, names_differ
from desk_app.ui.person_faces import Mode, PersonFaces
from desk_app.ui.receiving_jobs import known_person

if TYPE_CHECKING:
    from desk_app.rules.card import Card as IdentityCard
    from desk_app.rules.remarks import Remark
    from desk_app.services.people import KnownPerson
    from desk_app.ui.runner import Runner

Role = Literal["applicant", "submitter"]


class PersonCard(PersonFaces):
    """Shows the invitation, the people who fit what is typed, the person, or the fields.

    Works on the form it was given: what it learns of the people goes straight into it.

    Signals:
        changed: the people of the form changed.
        settled: the clerk is done with the person; go on to the procedure.
        known: the same, found out by the worker a moment later.
        habits: procedure codes to offer first.
    """

    changed = Signal()
    settled = Signal()
    known = Signal()
    habits = Signal(list)

    def __init__(
        self, runner: Runner, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__(today, parent)
        self._runner = runner
        self._form = IntakeForm()
        self._known: KnownPerson | None = None
        self._role: Role = "applicant"
        self._loading = False
        self.edit_button.clicked.connect(self.open_edit)

    def wire(self, face: Mode) -> None:
        """Connect a face that was just built."""
        if face == "matches":
            self.matches.taken.connect(self.take_known)
        elif face == "view":
            self.view.changed.connect(self._on_phone_changed)
            self.view.phone_left.connect(self._on_phone_left)
            self.view.phone_done.connect(self.settled)
            self.view.for_another.connect(self._on_for_another)
            self.view.name_chosen.connect(self._on_name_chosen)
            self.view.submitter_wanted.connect(self._on_submitter_wanted)
        else:
            self.edit.changed.connect(self._on_edited)
            self.edit.finished.connect(self.close_edit)
            self.edit.number_typed.connect(self._on_number_typed)

    # ------------------------------------------------------------ forms

    def show_form(self, form: IntakeForm) -> None:
        """Work on this form from now on."""
        self._form, self._known, self._role = form, None, "applicant"
        if self._view is not None:
            self._view.conflict.hide()
        self._refresh()
        if form.applicant.id_number:
            self._look_up(form.applicant.id_number)

    def _refresh(self) -> None:
        if self._form.applicant.empty and self._form.submitter is None:
            self._show("invite")
            return
        self._loading = True
        self.view.show_form(self._form, self._known)
        self._loading = False
        self._show("view")

    def show_matches(self, people: tuple[KnownPerson, ...]) -> None:
        """Offer these while the clerk types in the scan box; nobody brings the rest back."""
        if people:
            self.matches.show_people(people)
            self._show("matches")
        elif self.mode == "matches":
            self.matches.show_people(())
            self._refresh()

    # ------------------------------------------------------------ people arriving

    def take_card(self, card: IdentityCard) -> None:
        """A card was read: it is the person of the empty place."""
        from desk_app.rules.days import show_day

        entry = PersonEntry(
            name=card.name,
            id_number=card.id_number,
            born=show_day(card.born),
            sex=card.sex,
            address=card.address,
            source="card",
            doubts=tuple(card.doubts),
        )
        self._put(entry)
        self._look_up(card.id_number)

    @Slot(object)
    def take_known(self, known: KnownPerson) -> None:
        """Somebody who came before was chosen from the list."""
        self._put(entry_of(known))
        self._known = known
        self._refresh()
        self._look_up(known.person.id_number)
        self.settled.emit()

    def by_hand(self, name: str = "", id_number: str = "") -> None:
        """Open the fields for a person who has no card at hand."""
        waiting = self._form.applicant.empty
        person = self._form.applicant if not waiting else PersonEntry(source="hand")
        self._role = "applicant"
        self.edit.show_person(
            replace(person, name=name or person.name, id_number=id_number or person.id_number)
        )
        self._show("edit")
        self.edit.focus_first()

    def _put(self, entry: PersonEntry) -> None:
        self._form.applicant = entry
        self._known = None
        self._refresh()
        self.changed.emit()

    def _look_up(self, number: str) -> None:
        if number:
            job = partial(known_person, number)
            self._runner.ask(self, job, self._on_known)
        else:
            self._after_look_up()

    def _on_known(self, answer: tuple[KnownPerson | None, list[str]]) -> None:
        known, habits = answer
        applicant = self._form.applicant
        self.habits.emit(habits)
        if known is not None and known.person.id_number == applicant.id_number:
            self._known = known
            self._form.applicant = merged(applicant, known)
            if self.mode == "edit":
                self.edit.show_person(self._form.applicant)
            elif self.mode == "view":
                self._refresh()
            if names_differ(applicant, known):
                self.view.conflict.show_names(applicant.name, known.person.name)
                return
            self.changed.emit()
        self._after_look_up()

    def _after_look_up(self) -> None:
        if self._form.applicant.doubts:
            self.open_edit()
        elif self.mode == "view" and not self._form.applicant.empty:
            self.known.emit()

    @Slot(str)
    def _on_name_chosen(self, which: str) -> None:
        if which == "known" and self._known is not None:
            name = self._known.person.name
            self._form.applicant = replace(self._form.applicant, name=name, doubts=())
        self._form.confirmed.add("applicant.name other_name")
        self._refresh()
        self.changed.emit()
        self._after_look_up()

    # ------------------------------------------------------------ typing

    @Slot()
    def open_edit(self) -> None:
        """Alt+S: the fields of the applicant."""
        self._role = "applicant"
        self.edit.show_person(self._form.applicant)
        self._show("edit")
        self.edit.focus_first()

    @Slot()
    def _on_submitter_wanted(self) -> None:
        if self._form.submitter is not None:
            self._role = "submitter"
            self.edit.show_person(self._form.submitter)
            self._show("edit")
            self.edit.focus_first()

    @Slot()
    def _on_edited(self) -> None:
        if self.mode == "edit":
            self._take_edit()
            self.changed.emit()

    def _take_edit(self) -> None:
        if self._role == "submitter":
            self._form.submitter = self.edit.entry()
        else:
            self._form.applicant = self.edit.entry()

    @Slot()
    def close_edit(self) -> None:
        """The person is as typed; back to reading."""
        self._take_edit()
        self._refresh()
        self.changed.emit()
        if not self._form.applicant.empty:
            self.settled.emit()

    @Slot(str)
    def _on_number_typed(self, number: str) -> None:
        if self._role == "applicant" and (
            self._known is None or self._known.person.id_number != number
        ):
            self._look_up(number)

    @Slot()
    def _on_phone_changed(self) -> None:
        if self.mode == "view" and not self._loading:
            person = self._form.applicant
            by_hand = tuple(sorted({*person.by_hand, "phone"}))
            self._form.applicant = replace(person, phone=self.view.phone.text(), by_hand=by_hand)
            self.changed.emit()

    @Slot()
    def _on_phone_left(self) -> None:
        from desk_app.rules.phones import read_phone, show_phone

        phone, remarks = read_phone(self.view.phone.text())
        second = next((r for r in remarks if r.name == "phone_second"), None)
        if phone:
            self.view.phone.line().setText(show_phone(phone))
        if second is not None:
            line = f"Số điện thoại thứ hai: {second.facts.get('phone', '')}"
            self._form.note = f"{self._form.note} {line}".strip()
            self.changed.emit()
        self.view.phone.say(remarks)

    @Slot(bool)
    def _on_for_another(self, on: bool) -> None:
        """The person at the desk becomes the submitter; the applicant is asked for."""
        form = self._form
        if on:
            form.submitter, form.applicant = form.applicant, PersonEntry()
        elif form.submitter is not None:
            form.applicant, form.submitter = form.submitter, None
        self._known = None
        self._refresh()
        self.changed.emit()
        if on:
            self.by_hand()
        else:
            self._look_up(form.applicant.id_number)

    # ------------------------------------------------------------ what a save found

    def say(self, remarks: list[Remark]) -> None:
        """Mark the fields a failed save pointed at."""
        found = _by_field(remarks, "applicant")
        if self.mode == "edit":
            self.edit.say(_by_field(remarks, self._role))
        elif self.mode == "view":
            self.view.say(found)

    def focus_field(self, field: str) -> None:
        """Go to a field such as ``applicant.phone``, opening the fields where needed."""
        who, _, name = field.partition(".")
        if who == "applicant" and name == "phone" and self.mode == "view":
            self.view.phone.line().setFocus(Qt.FocusReason.OtherFocusReason)
            self.view.phone.line().selectAll()
            return
        if who == "submitter":
            self._on_submitter_wanted()
        elif self.mode != "edit" or self._role != "applicant":
            self.open_edit()
        self.edit.focus_field(name)


def _by_field(remarks: list[Remark], who: str) -> dict[str, list[Remark]]:
    found: dict[str, list[Remark]] = {}
    for remark in remarks:
        person, _, name = remark.field.partition(".")
        if person == who:
            found.setdefault(name, []).append(remark)
    return found
