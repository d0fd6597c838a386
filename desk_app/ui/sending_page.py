"""The page "Gửi nhận": what is here only, what the server has signed for, what was refused."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, cast

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QWidget

from desk_app.rules.money import dotted
from desk_app.services.sending import Copies, Figure, copies, listed
from desk_app.ui.dossier_words import due_column, state_of
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.runner import Runner
from desk_app.ui.sending_words import backup_words, peer_words, refused_words, silence, standing
from desk_app.ui.widgets import (
    Button,
    Card,
    EmptyState,
    IconView,
    KeyHints,
    Label,
    PageLayout,
    Row,
)

if TYPE_CHECKING:
    from db.refused import Refused
    from desk_app.desk import Desk
    from desk_app.services.dossiers import DossierLine

KEYS: Final = (
    ("F5", "gửi ngay"),
    ("↑ ↓", "chọn"),
    ("Enter", "xem hồ sơ, mở hồ sơ"),
    ("Esc", "lùi"),
)
"""The keys of this page, for its foot and for F1."""

FIGURES: Final[tuple[tuple[Figure, str, str, str], ...]] = (
    ("unsent", "hồ sơ chờ gửi", "cloud-up", "Không có hồ sơ nào chờ gửi."),
    ("one_copy", "hồ sơ chỉ có ở máy này", "database", "Hồ sơ nào cũng có bản thứ hai."),
    ("accepted", "hồ sơ máy chủ đã ký nhận", "cloud-check", "Máy chủ chưa ký nhận hồ sơ nào."),
    ("total", "hồ sơ trên máy này", "files", "Chưa có hồ sơ nào."),
)
"""What is counted, its words, and what an empty list says."""

Listed = tuple[Figure, tuple["DossierLine", ...]]


def _behind(which: Figure, desk: Desk) -> Listed:
    return which, listed(desk, which)


class SendingPage(QWidget):
    """Figures and machines on the left, what is behind the chosen one on the right.

    Signals:
        send_wanted: F5.
        opened: a dossier behind a figure; carries its line.
        left: Esc on the left list.
    """

    send_wanted = Signal()
    opened = Signal(object)
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Gửi nhận")
        self._runner = runner
        self.copies: Copies | None = None
        self._chosen: object = "unsent"
        self._icon = IconView("cloud-up", 28, "muted")
        self._said = Label("", "h1", wrap=True)
        self._more = Label("", "body", "muted", wrap=True)
        self.send_button = Button("Gửi ngay", "main", "F5", "arrows-exchange")
        self.back_button = Button("Về màn hình trước", "link", "Esc", "arrow-back-up")
        self.figures = EntryView("Con số và các máy")
        self.dossiers = EntryView("Hồ sơ của con số đang chọn")
        self._behind = Card("Hồ sơ", role="h2")
        self._empty = EmptyState("files", "")
        self._lay_out()
        self.send_button.clicked.connect(self.send_wanted)
        self.back_button.clicked.connect(self.left)
        self.figures.moved.connect(self._on_moved)
        self.figures.wanted.connect(self._on_figure_wanted)
        self.dossiers.wanted.connect(self._on_dossier_wanted)

    def _lay_out(self) -> None:
        head = Card()
        words = Row(self._icon, self._said, self.send_button, gap=12)
        words.setStretchFactor(self._said, 1)
        head.add(words, self._more)
        left = Card("Hồ sơ và các máy", role="h2")
        left.add(self.figures)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.dossiers)
        self._stack.addWidget(self._empty)
        self._behind.add(self._stack)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(left, 5)
        columns.addWidget(self._behind, 6)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addWidget(head)
        page.addLayout(columns, 1)
        page.addLayout(Row(self.back_button, 8, KeyHints(KEYS)))

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        self.figures.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Fetch again, as after a round; what is chosen stays chosen."""
        self._runner.ask(self, copies, self._on_copies, self._on_refused)

    @Slot()
    def show_sending(self) -> None:
        """A round has begun."""
        self._said.setText("Đang gửi nhận")
        self._icon.say("arrows-exchange", "info")

    @Slot(int)
    def show_came(self, entries: int) -> None:
        """So many entries have come in this round."""
        self._more.setText(f"Đã nhận {dotted(entries)} mục.")

    # ------------------------------------------------------------ answers

    def _on_copies(self, found: Copies) -> None:
        self.copies, state = found, found.sending
        said = standing(state)
        if state.server is None:
            self._said.setText("Quầy này chưa nối máy chủ")
            self._icon.say("cloud-off", "muted")
            self._more.setText("Xin mã của máy chủ, rồi chạy: desk-app enrol. Việc ở quầy vẫn làm.")
        else:
            self._said.setText(said.text)
            self._icon.say(said.icon, said.token)
            self._more.setText(silence(state) or "Tự gửi mười phút một lần khi có mạng.")
        self.send_button.setVisible(state.server is not None)
        entries = _entries(found)
        row = next((at for at, e in enumerate(entries) if e.says == self._chosen), 0)
        self.figures.show_entries(entries, row)

    def _on_listed(self, answer: Listed) -> None:
        which, lines = answer
        if which != self._chosen:
            return
        says = next(empty for figure, _, _, empty in FIGURES if figure == which)
        self._empty.say(says)
        self.dossiers.show_entries([_of_line(line, self._runner.desk) for line in lines])
        self._stack.setCurrentWidget(self.dossiers if lines else self._empty)

    def _on_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        self._said.setText(sentence_for(refused))
        self._icon.say("alert-circle", "bad")

    # ------------------------------------------------------------ keys and clicks

    @Slot(object)
    def _on_moved(self, entry: Entry | None) -> None:
        if entry is None or entry.says is None:
            return
        self._chosen = entry.says
        if isinstance(entry.says, str):
            self._runner.ask(self, partial(_behind, cast("Figure", entry.says)), self._on_listed)
        else:
            self._empty.say(entry.text, entry.more)
            self._stack.setCurrentWidget(self._empty)

    @Slot(object)
    def _on_figure_wanted(self, entry: Entry | None) -> None:
        if self._stack.currentWidget() is self.dossiers:
            self.dossiers.setFocus()

    @Slot(object)
    def _on_dossier_wanted(self, entry: Entry | None) -> None:
        if entry is not None:
            self.opened.emit(entry.says)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() != Qt.Key.Key_Escape:
            super().keyPressEvent(event)
        elif self.dossiers.hasFocus():
            self.figures.setFocus()
        else:
            self.left.emit()


def _entries(found: Copies) -> list[Entry]:
    """Figures, then machines, then what was refused, then the last backup."""
    state = found.sending
    shown = [f for f in FIGURES if state.server is not None or f[0] in ("one_copy", "total")]
    entries = [Entry("Hồ sơ")]
    for which, words, icon, _ in shown:
        entries.append(Entry(f"{dotted(getattr(found, which))} {words}", icon, says=which))
    if state.server is not None:
        entries.append(Entry("Các máy"))
        for peer in (state.server, *found.siblings):
            name, says, icon = peer_words(peer, state.server_name, state.now)
            entries.append(Entry(name, icon, says, says=("peer", peer.name)))
    if state.refused:
        entries.append(Entry("Bị để riêng"))
        for line in state.refused:
            why, then = refused_words(line)
            entries.append(Entry(why, "alert-triangle", then, says=("refused", line.id)))
    kept, then, icon = backup_words(found.backup, state.now)
    entries.append(Entry("Sao lưu"))
    entries.append(Entry(kept, icon, then, says=("backup",)))
    return entries


def _of_line(line: DossierLine, desk: Desk) -> Entry:
    due = f"hẹn {due_column(line.due_at, desk.now())}"
    more = f"{line.name}, {line.procedure}, {due}, {state_of(line)[0].lower()}"
    return Entry(line.code, "cloud-up" if line.unsent else "file-text", more, says=line)
