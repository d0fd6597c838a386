"""The page "Việc cần xử lý": what two counters did without knowing of each other, side by side."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.messages import sentence_for
from desk_app.services.attention import Matter, matters
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.matter_words import (
    Choice,
    about_of,
    choices_of,
    side_text,
    side_title,
    title_of,
)
from desk_app.ui.runner import Runner
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    EmptyState,
    FlowRow,
    KeyHints,
    Label,
    LabelledField,
    PageLayout,
    Row,
    Scrolled,
    TextEdit,
)

if TYPE_CHECKING:
    from datetime import datetime

    from db.refused import Refused
    from desk_app.desk import Desk

KEYS: Final = (
    ("↑ ↓", "chọn việc"),
    ("Alt+1 … 3", "chọn cách xử lý"),
    ("Enter", "mở hồ sơ"),
    ("Esc", "về"),
)
"""The keys of this page, for its foot and for F1."""
MOST_SIDES: Final = 4

Found = tuple[tuple[Matter, ...], "datetime"]


def _matters(desk: Desk) -> Found:
    return matters(desk), desk.now()


class SideCard(Card):
    """One of the sides: who, where, when, and what."""

    def __init__(self) -> None:
        super().__init__(quiet=True)
        self._who = Label("", "caption", "muted", wrap=True)
        self._what = Label("", "strong", wrap=True)
        self.add(self._who, self._what)

    def say(self, who: str, what: str) -> None:
        """Another side."""
        self._who.setText(who)
        self._what.setText(what)
        self.setAccessibleName(f"{who}: {what}")


class MattersPage(QWidget):
    """The matters on the left; on the right both sides of the chosen one, and what can be done.

    Signals:
        open_wanted: the dossier of a matter; carries its id.
        settled: a person decided; lists want fetching again. Carries what to say.
        left: Esc.
    """

    open_wanted = Signal(object)
    settled = Signal(str)
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Việc cần xử lý")
        self._runner = runner
        self._now: datetime | None = None
        self._matter: Matter | None = None
        self._choice: Choice | None = None
        self.list = EntryView("Việc cần xử lý")
        self._title = Label("", "h1", wrap=True)
        self._whose = Label("", "bold", "muted", wrap=True)
        self._about = Label("", "body", "muted", wrap=True)
        self._chief = Badge("")
        self.sides = tuple(SideCard() for _ in range(MOST_SIDES))
        self.edit = TextEdit("Lý do", lines=2)
        self.reason = LabelledField("Lý do", self.edit)
        self.buttons = tuple(Button("", "plain", f"Alt+{at}") for at in (1, 2, 3))
        self.open_button = Button("Mở hồ sơ", "plain", "Enter", "file-text")
        self.back_button = Button("Về màn hình trước", "link", "Esc", "arrow-back-up")
        self._none = EmptyState("circle-check", "Không có việc nào cần xử lý")
        self._lay_out()
        self._connect()

    def _lay_out(self) -> None:
        left = Card("Việc cần xử lý", role="h2")
        left.add(self.list)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        title = Row(self._title, self._chief)
        title.setStretchFactor(self._title, 1)
        column.addLayout(title)
        column.addWidget(self._whose)
        column.addWidget(self._about)
        for at in range(0, MOST_SIDES, 2):
            pair = QHBoxLayout()
            pair.setSpacing(10)
            pair.addWidget(self.sides[at], 1)
            pair.addWidget(self.sides[at + 1], 1)
            column.addLayout(pair)
        column.addWidget(self.reason)
        actions = FlowRow(gap=10)
        for button in (*self.buttons, self.open_button):
            actions.addWidget(button)
        column.addLayout(actions)
        column.addStretch(1)
        self._right = Card()
        self._filled = Scrolled(inside, "Hai bên của việc đang chọn", keys=False)
        self._right.add(self._filled, self._none)
        self._right.body.setStretchFactor(self._filled, 1)
        self._right.body.setStretchFactor(self._none, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(left, 4)
        columns.addWidget(self._right, 7)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(columns, 1)
        page.addLayout(Row(self.back_button, 8, KeyHints(KEYS)))
        self._show(None)

    def _connect(self) -> None:
        self.list.moved.connect(self._on_moved)
        self.list.wanted.connect(self._on_open)
        self.open_button.clicked.connect(self._on_open)
        self.back_button.clicked.connect(self.left)
        self.buttons[0].clicked.connect(self._on_first)
        self.buttons[1].clicked.connect(self._on_second)
        self.buttons[2].clicked.connect(self._on_third)
        for at, button in enumerate(self.buttons):
            key = QShortcut(QKeySequence(f"Alt+{at + 1}"), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(button.click)

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        self.list.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Fetch again, as after a round; what is chosen and typed stays."""
        self._runner.ask(self, _matters, self._on_found, self._on_refused)

    # ------------------------------------------------------------ answers

    def _on_found(self, found: Found) -> None:
        now, self._now = found[1], found[1]
        before = self._matter
        entries = [
            Entry(title_of(m), _icon(m), ", ".join(w for w in (m.code, m.person) if w), says=m)
            for m in found[0]
        ]
        row = next((at for at, e in enumerate(entries) if _same(e.says, before)), 0)
        self._now = now
        self.list.show_entries(entries, row)
        if not entries:
            self._show(None)

    def _on_settled(self, _: object) -> None:
        said = self._choice.done if self._choice else ""
        self.edit.clear()
        self._matter = None
        self.refresh()
        self.take_focus()
        self.settled.emit(said)

    def _on_refused(self, refused: Refused) -> None:
        self.reason.set_error(sentence_for(refused))
        self.reason.show()

    # ------------------------------------------------------------ showing

    def _show(self, matter: Matter | None) -> None:
        self._filled.setVisible(matter is not None)
        self._none.setVisible(matter is None)
        if not _same(matter, self._matter):
            self.reason.set_error("")
            self.edit.clear()
        self._matter = matter
        if matter is None or self._now is None:
            return
        self._title.setText(title_of(matter))
        whose = ", ".join(word for word in (matter.code, matter.person) if word)
        self._whose.setText(whose)
        self._whose.setVisible(bool(whose))
        self._about.setText(about_of(matter))
        self._chief.say("Lãnh đạo quyết định" if matter.chief_only else "", "warn", "user-check")
        self._chief.setVisible(matter.chief_only)
        for at, card in enumerate(self.sides):
            card.setVisible(at < len(matter.sides))
            if at < len(matter.sides):
                side = matter.sides[at]
                card.say(side_title(matter, side, self._now), side_text(matter, side))
        choices = choices_of(matter)
        for at, button in enumerate(self.buttons):
            button.setVisible(at < len(choices))
            if at < len(choices):
                button.say(choices[at].text.replace("&", "&&"), choices[at].icon)
        self.reason.setVisible(any(choice.wants_reason for choice in choices))
        self.open_button.setVisible(bool(matter.id))

    # ------------------------------------------------------------ keys and clicks

    @Slot(object)
    def _on_moved(self, entry: Entry | None) -> None:
        self._show(entry.says if entry is not None else None)

    @Slot()
    def _on_first(self) -> None:
        self._decide(0)

    @Slot()
    def _on_second(self) -> None:
        self._decide(1)

    @Slot()
    def _on_third(self) -> None:
        self._decide(2)

    def _decide(self, at: int) -> None:
        if self._matter is None:
            return
        self._choice = choices_of(self._matter)[at]
        reason = self.edit.toPlainText()
        if self._choice.wants_reason and not reason.strip():
            self.edit.setFocus()
        job = partial(_settle, self._choice, reason)
        self._runner.ask(self, job, self._on_settled, self._on_refused)

    @Slot()
    def _on_open(self) -> None:
        if self._matter is not None and self._matter.id:
            self.open_wanted.emit(self._matter.id)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.edit.hasFocus():
            self.take_focus()
        else:
            self.left.emit()


def _settle(choice: Choice, reason: str, desk: Desk) -> object:
    return choice.job(desk, reason)


def _same(one: Matter | None, other: Matter | None) -> bool:
    """Whether it is the same matter, also after somebody wrote another entry meanwhile."""
    if one is None or other is None:
        return one is other
    return (one.name, one.id, one.path, one.key) == (other.name, other.id, other.path, other.key)


def _icon(matter: Matter) -> str:
    return "user-check" if matter.chief_only else "copy" if matter.id else "info-circle"
