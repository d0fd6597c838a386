"""Step 1: who hands in, and for whom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import QSize, Qt, Signal, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.buttons import Button
from desk_app.ui.cards import Card
from desk_app.ui.empty_desk import TEXT, TITLE
from desk_app.ui.intake_form import IntakeForm, PersonEntry
from desk_app.ui.layouts import Column, Row
from desk_app.ui.marks import IconView, KeyCap, Label
from desk_app.ui.receiving_jobs import known_person
from desk_app.ui.theme import px

if TYPE_CHECKING:
    from db.kinds import DossierReceived
    from desk_app.rules.card import Card as IdentityCard
    from desk_app.rules.remarks import Remark
    from desk_app.services.people import KnownPerson
    from desk_app.ui.done_card import DoneCard, PrintState
    from desk_app.ui.person_edit import PersonEdit
    from desk_app.ui.person_matches import PersonMatches
    from desk_app.ui.person_view import PersonView
    from desk_app.ui.runner import Runner

Mode = Literal["invite", "matches", "view", "edit"]
Role = Literal["applicant", "submitter"]


class PersonCard(Card):
    """Shows the invitation, the people who fit what is typed, the person, or the fields.

    Works on the form it was given: what it learns of the people goes straight into it.

    Signals:
        changed: the people of the form changed.
        settled: the clerk is done with the person; go on to the procedure.
        known: the same, found out by the worker a moment later.
        habits: procedure codes to offer first.
        print_wanted, undo_wanted, again_wanted, paper_seen: of the dossier saved last.
    """

    print_wanted = Signal()
    undo_wanted = Signal()
    again_wanted = Signal()
    paper_seen = Signal()

    changed = Signal()
    settled = Signal()
    known = Signal()
    habits = Signal(list)

    def __init__(
        self, runner: Runner, today: Callable[[], date], parent: QWidget | None = None
    ) -> None:
        super().__init__("Người nộp", 1, parent=parent)
        self._runner = runner
        self._today = today
        self._form = IntakeForm()
        self._known: KnownPerson | None = None
        self._role: Role = "applicant"
        self._loading = False
        self.mode: Mode = "invite"
        self.edit_button = Button("&Sửa", "link", "Alt+S", "edit")
        self.edit_button.clicked.connect(self.open_edit)
        self.head.addWidget(self.edit_button)
        self.edit_button.hide()
        self.invitation = _Invitation()
        self._done: DoneCard | None = None
        self.body.addWidget(self.invitation, 1)
        self._matches: PersonMatches | None = None
        self._view: PersonView | None = None
        self._edit: PersonEdit | None = None
        self._pages: dict[Mode, QWidget] = {"invite": self.invitation}

    # ------------------------------------------------------------ the four faces

    @property
    def done(self) -> DoneCard:
        """The dossier saved last; built when there is one."""
        if self._done is None:
            from desk_app.ui.done_card import DoneCard

            self._done = DoneCard(self)
            self._done.print_wanted.connect(self.print_wanted)
            self._done.undo_wanted.connect(self.undo_wanted)
            self._done.again_wanted.connect(self.again_wanted)
            self._done.paper_seen.connect(self.paper_seen)
            self.body.addWidget(self._done)
        return self._done

    @property
    def matches(self) -> PersonMatches:
        """The people who fit; built at the first letter."""
        if self._matches is None:
            from desk_app.ui.person_matches import PersonMatches

            self._matches = PersonMatches(self)
            self._matches.taken.connect(self.take_known)
            self._add_page("matches", self._matches)
        return self._matches

    @property
    def view(self) -> PersonView:
        """The person to read; built for the first citizen."""
        if self._view is None:
            from desk_app.ui.person_view import PersonView
            from desk_app.ui.shrinking import Shrinking

            self._view = PersonView()
            self._view.changed.connect(self._on_phone_changed)
            self._view.phone_left.connect(self._on_phone_left)
            self._view.phone_done.connect(self.settled)
            self._view.for_another.connect(self._on_for_another)
            self._view.name_chosen.connect(self._on_name_chosen)
            self._view.submitter_wanted.connect(self._on_submitter_wanted)
            self._add_page("view", Shrinking(self._view, "Người nộp", grows=True))
        return self._view

    @property
    def edit(self) -> PersonEdit:
        """The fields to type into; built when somebody has to type."""
        if self._edit is None:
            from desk_app.ui.person_edit import PersonEdit
            from desk_app.ui.shrinking import Shrinking

            self._edit = PersonEdit(self._today)
            self._edit.changed.connect(self._on_edited)
            self._edit.finished.connect(self.close_edit)
            self._edit.number_typed.connect(self._on_number_typed)
            self._add_page("edit", Shrinking(self._edit, "Sửa người nộp", grows=True))
        return self._edit

    def _add_page(self, mode: Mode, page: QWidget) -> None:
        self._pages[mode] = page
        page.hide()
        self.body.insertWidget(self.body.indexOf(self.invitation) + 1, page, 1)

    def _show(self, mode: Mode) -> None:
        self.mode = mode
        self.edit_button.setVisible(mode == "view")
        for name, page in self._pages.items():
            page.setVisible(name == mode)
        self._show_done()

    def show_done(self, id: bytes, facts: DossierReceived) -> None:
        """The dossier saved last."""
        from desk_app.ui.done_card import Done

        done = Done(id, facts.code, facts.applicant.name, facts.procedure.short_name)
        self.done.show_done(done)
        self._show_done()

    def forget_done(self) -> None:
        """It was taken back."""
        self.done.clear()
        self._show_done()

    def show_print_state(self, state: PrintState, detail: str) -> None:
        """How the receipt of the dossier saved last is doing."""
        self.done.show_state(state, detail)
        self._show_done()

    def _show_done(self) -> None:
        """With the next person on the screen it steps aside, unless paper is still owed."""
        if self._done is not None:
            owed = self._done.state in ("failed", "unsure")
            saved = self._done.done is not None
            self._done.setVisible(saved and (self.mode == "invite" or owed))

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
        self._put(_entry_of(known))
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


def _entry_of(known: KnownPerson) -> PersonEntry:
    from desk_app.rules.people import typed_from
    from desk_app.rules.phones import show_phone

    typed = typed_from(known.person)
    return PersonEntry(
        name=typed.name,
        id_number=typed.id_number,
        born=typed.born,
        sex=typed.sex,
        address=typed.address,
        phone=show_phone(typed.phone),
        email=typed.email,
        kind=typed.kind,
        representative=typed.representative,
        source="known",
        known=True,
    )


def names_differ(entry: PersonEntry, known: KnownPerson) -> bool:
    """Whether two names under one number are more than two spellings of one name."""
    from db.spelling import search_key

    lost = "name" in entry.doubts
    return bool(entry.name) and not lost and search_key(entry.name) != search_key(known.person.name)


def merged(entry: PersonEntry, known: KnownPerson) -> PersonEntry:
    """The card's facts with what an earlier dossier knows besides.

    The stored name wins over the same name without its marks: it was confirmed once.
    """
    from desk_app.rules.phones import show_phone

    person = known.person
    name = entry.name if names_differ(entry, known) else person.name
    settled = {"name"} if name == person.name else set()
    if "address" in entry.doubts and person.address:
        settled.add("address")
    return replace(
        entry,
        name=name,
        born=entry.born or _entry_of(known).born,
        sex=entry.sex or person.sex,
        address=person.address if "address" in settled else entry.address or person.address,
        phone=entry.phone or show_phone(person.phone),
        email=entry.email or person.email,
        known=True,
        doubts=tuple(d for d in entry.doubts if d not in settled),
    )


class _Invitation(QWidget):
    """The empty desk: scan, or one of two other ways. In little room the words stay longest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconView("id", 44, "soft_text", disc=True)
        title = Label(TITLE, "h2", wrap=True)
        text = Label(TEXT, "body", "muted", wrap=True)
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = QWidget()
        self._words.setLayout(Column(title, text, gap=6))
        self._ways = QWidget()
        by_number = Label("gõ số định danh rồi Enter", "body", "muted")
        by_hand = Label("nhập tay, không có thẻ", "body", "muted")
        self._ways.setLayout(
            Column(
                Row(KeyCap("12 số"), by_number, None), Row(KeyCap("Ctrl+N"), by_hand, None), gap=6
            )
        )
        self.setLayout(
            Column(None, Row(None, self._icon, None), 6, self._words, 12, self._ways, None, gap=6)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), 0)

    def heightForWidth(self, width: int) -> int:
        return 0

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.height() - 30
        for part, height in (
            (self._words, self._words.heightForWidth(self.width())),
            (self._ways, self._ways.sizeHint().height()),
            (self._icon, self._icon.sizeHint().height()),
        ):
            room -= height
            part.setVisible(room >= 0)
