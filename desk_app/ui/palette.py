"""The palette over every screen (Ctrl+K, F3): commands, people and dossiers, as one types."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from db.spelling import search_key
from desk_app.rules.numbers import mask_id
from desk_app.services.dossiers import DossierLine
from desk_app.services.find import Found, find
from desk_app.services.people import KnownPerson
from desk_app.ui.dossier_words import due_column, state_of
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.overlay import Overlay
from desk_app.ui.runner import Runner
from desk_app.ui.theme import px
from desk_app.ui.widgets import EmptyState, IconView, KeyCap, Row, Rule

if TYPE_CHECKING:
    from datetime import datetime

    from db.refused import Refused
    from desk_app.desk import Desk

MOST_COMMANDS: Final = 9
FEW_COMMANDS: Final = 3
"""Beside people and dossiers, so that these stay in sight."""
MOST_PEOPLE: Final = 4
MOST_DOSSIERS: Final = 8


@dataclass(frozen=True)
class Command:
    """Something the program can do, and how people may ask for it."""

    text: str
    act: Callable[[], None]
    icon: str = "bolt"
    key: str = ""
    words: str = ""
    """More words it is found by."""
    taken: bool = False
    """It is what holds now."""


@dataclass(frozen=True)
class _Answer:
    question: int
    found: Found
    now: datetime


def _find(question: int, text: str, desk: Desk) -> _Answer:
    return _Answer(question, find(desk, text), desk.now())


class Palette(Overlay):
    """One box for everything; Enter acts, Esc closes.

    Signals:
        person_chosen: a ``KnownPerson``; take a dossier in for them, or look at theirs.
        dossier_chosen: a ``DossierLine`` to open.
    """

    person_chosen = Signal(object)
    dossier_chosen = Signal(object)

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent, width=618)
        self.setAccessibleName("Tìm hồ sơ, người dân, lệnh")
        self._runner = runner
        self._all: tuple[Command, ...] = ()
        self._commands: tuple[Command, ...] = ()
        self._title = "Lệnh"
        self._only_commands = False
        self._question = 0
        self._asking = False
        self._answer: _Answer | None = None
        self._enter_waits = False
        self.edit = QLineEdit()
        self.edit.setProperty("bare", True)
        self.edit.setAccessibleName("Tìm hồ sơ, người dân, lệnh")
        self.list = EntryView("Kết quả tìm")
        self.list.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._none = EmptyState("file-search", "", disc=False)
        self.panel.body.setContentsMargins(8, 0, 8, 8)
        self.panel.body.setSpacing(6)
        head = Row(IconView("search", 20, "muted"), self.edit, KeyCap("Esc"), gap=10)
        head.setContentsMargins(8, 9, 6, 6)
        self.panel.add(head, Rule(), self.list, self._none)
        self.edit.textChanged.connect(self._on_text_changed)
        self.list.wanted.connect(self._on_wanted)

    def set_commands(self, commands: Iterable[Command]) -> None:
        """What the program can do on this screen now."""
        self._all = tuple(commands)

    def ask(self, text: str = "") -> None:
        """Open over the window with this text in the box."""
        self._commands, self._title, self._only_commands = self._all, "Lệnh", False
        self._begin("Tìm hồ sơ, người dân, lệnh", text)

    def choose(self, title: str, commands: Sequence[Command]) -> None:
        """Open with these choices only, as the list of printers."""
        self._commands, self._title, self._only_commands = tuple(commands), title, True
        self._begin(title, "")

    def _begin(self, hint: str, text: str) -> None:
        self._answer, self._enter_waits = None, False
        self._question += 1
        self.edit.setPlaceholderText(hint)
        self.edit.setText(text)
        self.open(self.edit)
        self.edit.selectAll()
        self._on_text_changed(text)

    def panel_top(self) -> int:
        return max(px(12), min(px(97), self.height() // 8))

    def panel_height(self) -> int:
        if not self.list.rows.rowCount():
            return px(220)
        return max(px(120), self.list.content_height() + px(66))

    # ------------------------------------------------------------ asking

    @Slot(str)
    def _on_text_changed(self, text: str) -> None:
        self._question += 1
        self._enter_waits = False
        if not self._is_waiting():
            self._show()
        elif self.isVisible() and not self._asking:
            # What is shown stays until the answer replaces all of it at once, in one paint.
            self._send()

    def _send(self) -> None:
        # One question is on its way at a time; letters typed meanwhile make one more, not many.
        self._asking = True
        job = partial(_find, self._question, self.edit.text().strip())
        self._runner.ask(self, job, self._on_found, self._on_refused)

    def _on_found(self, answer: _Answer) -> None:
        self._asking = False
        if not self.isVisible() or not self.edit.text().strip() or self._only_commands:
            return
        if answer.question != self._question:
            self._send()
            return
        self._answer = answer
        self._show()
        if self._enter_waits:
            self._on_wanted(self.list.current())

    def _on_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        self._asking = False
        self.list.show_entries(())
        self._say_none(sentence_for(refused))

    def _is_waiting(self) -> bool:
        """Whether people and dossiers for this very text are still to come."""
        if not self.edit.text().strip() or self._only_commands:
            return False
        return self._answer is None or self._answer.question != self._question

    # ------------------------------------------------------------ showing

    def _show(self) -> None:
        text = self.edit.text().strip()
        answer = self._answer if text else None
        commands = matching(self._commands, text)
        if self._only_commands:
            entries = _group(self._title, [_of_command(c) for c in commands])
        else:
            found = answer.found if answer else Found((), ())
            crowded = bool(found.people or found.dossiers)
            commands = commands[: FEW_COMMANDS if crowded else MOST_COMMANDS]
            entries = _group(self._title, [_of_command(c) for c in commands])
            entries += _group("Người dân", [_of_person(p) for p in found.people[:MOST_PEOPLE]])
            if answer:
                lines = found.dossiers[:MOST_DOSSIERS]
                entries += _group("Hồ sơ", [_of_line(line, answer.now) for line in lines])
        self.list.show_entries(entries)
        if entries:
            self._none.hide()
            self.list.show()
        else:
            self._say_none(f"Không thấy “{text}”")
        self.refit()

    def _say_none(self, title: str) -> None:
        self._none.say(title, "Thử số định danh, số điện thoại, hoặc bớt chữ.")
        self.list.hide()
        self._none.show()
        self.refit()

    # ------------------------------------------------------------ acting

    @Slot(object)
    def _on_wanted(self, entry: Entry | None) -> None:
        if entry is None:
            return
        says = entry.says
        self.shut()
        if isinstance(says, Command):
            says.act()
        elif isinstance(says, KnownPerson):
            self.person_chosen.emit(says)
        elif isinstance(says, DossierLine):
            self.dossier_chosen.emit(says)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.list.step(1 if key == Qt.Key.Key_Down else -1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            # A quick hand presses Enter before the answer is there: it acts on the answer.
            if self._is_waiting():
                self._enter_waits = True
            else:
                self._on_wanted(self.list.current())
        else:
            super().keyPressEvent(event)


def matching(commands: Sequence[Command], text: str) -> list[Command]:
    """The commands whose words begin with the words typed, without marks; best first."""
    words = search_key(text).split()
    if not words:
        return list(commands)
    ranked = []
    for place, command in enumerate(commands):
        title = search_key(command.text)
        every = f" {title} {search_key(command.words)}"
        if all(f" {word}" in every for word in words):
            ranked.append((not title.startswith(words[0]), place, command))
    return [command for *_, command in sorted(ranked, key=lambda found: found[:2])]


def _group(title: str, entries: list[Entry]) -> list[Entry]:
    return [Entry(title), *entries] if entries else []


def _of_command(command: Command) -> Entry:
    return Entry(command.text, command.icon, "", command.key, command.taken, command)


def _of_person(known: KnownPerson) -> Entry:
    number = mask_id(known.person.id_number)
    return Entry(known.person.name, "user", f"{number}, {known.total} hồ sơ", says=known)


def _of_line(line: DossierLine, now: datetime) -> Entry:
    """Name, state and promise in one row: enough to answer a call without opening."""
    due = f"hẹn {due_column(line.due_at, now)}"
    state = state_of(line)[0].lower()
    return Entry(
        line.code, "file-text", f"{line.name}, {line.procedure}, {due}, {state}", says=line
    )
