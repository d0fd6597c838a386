"""The faces of step 1: invitation, people who fit, the person, the fields; what was saved."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from desk_app.ui.buttons import Button
from desk_app.ui.cards import Card
from desk_app.ui.invitation import Invitation

if TYPE_CHECKING:
    from db.kinds import DossierReceived
    from desk_app.ui.done_card import DoneCard, PrintState
    from desk_app.ui.person_edit import PersonEdit
    from desk_app.ui.person_matches import PersonMatches
    from desk_app.ui.person_view import PersonView

Mode = Literal["invite", "matches", "view", "edit"]


class PersonFaces(Card):
    """Builds each face when it is first wanted, and shows one of them at a time.

    Signals:
        print_wanted, undo_wanted, again_wanted, paper_seen: of the dossier saved last.
    """

    print_wanted = Signal()
    undo_wanted = Signal()
    again_wanted = Signal()
    paper_seen = Signal()

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__("Người nộp", 1, parent=parent)
        self._today = today
        self.mode: Mode = "invite"
        self.edit_button = Button("&Sửa", "link", "Alt+S", "edit")
        self.head.addWidget(self.edit_button)
        self.edit_button.hide()
        self.invitation = Invitation()
        self.body.addWidget(self.invitation, 1)
        self._done: DoneCard | None = None
        self._matches: PersonMatches | None = None
        self._view: PersonView | None = None
        self._edit: PersonEdit | None = None
        self._pages: dict[Mode, QWidget] = {"invite": self.invitation}

    def wire(self, face: Mode) -> None:
        """A face was built: connect what the card does with it."""
        raise NotImplementedError

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
            self._add_page("matches", self._matches)
            self.wire("matches")
        return self._matches

    @property
    def view(self) -> PersonView:
        """The person to read; built for the first citizen."""
        if self._view is None:
            from desk_app.ui.person_view import PersonView
            from desk_app.ui.shrinking import Shrinking

            self._view = PersonView()
            self._add_page("view", Shrinking(self._view, "Người nộp", grows=True))
            self.wire("view")
        return self._view

    @property
    def edit(self) -> PersonEdit:
        """The fields to type into; built when somebody has to type."""
        if self._edit is None:
            from desk_app.ui.person_edit import PersonEdit
            from desk_app.ui.shrinking import Shrinking

            self._edit = PersonEdit(self._today)
            self._add_page("edit", Shrinking(self._edit, "Sửa người nộp", grows=True))
            self.wire("edit")
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
