"""The page "Bàn xử lý" (Ctrl+B): what an officer has to do, in order; who has what."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.messages import sentence_for
from desk_app.papers.forms import form_of
from desk_app.rules.money import dotted
from desk_app.services.opened import OpenedDossier, opened
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.runner import Runner
from desk_app.ui.step_panel import StepPanel
from desk_app.ui.step_words import SHOWN
from desk_app.ui.widgets import (
    Button,
    Card,
    Column,
    EmptyState,
    FlowRow,
    Label,
    Notice,
    PageLayout,
    Row,
)
from desk_app.ui.work_card import WorkCard
from desk_app.ui.work_jobs import Desktop, desktop, entries_of, holders_of, take

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused
    from desk_app.services.loads import Load
    from desk_app.services.work import Held

KEYS: Final = (
    ("↑ ↓", "chọn hồ sơ"),
    ("F9", "việc tiếp theo: nhận, ban hành…"),
    ("Alt+X", "mọi việc làm được"),
    ("Alt+L", "lấy ý kiến"),
    ("Alt+C", "chuyển lại quầy"),
    ("F6", "bổ sung, hẹn lại, từ chối"),
    ("Enter", "mở hồ sơ"),
    ("Esc", "về tất cả, rồi ra"),
)
"""The keys of this page, for F1."""
NEXT: Final = {
    "forwarded": ("dossier.taken", "Nhận hồ sơ", "circle-check"),
    "processing": ("result.issued", "Ban hành kết quả", "file-text"),
    "consulting": ("opinion.given", "Ghi ý kiến trả lời", "note"),
    "supplement": ("", "Mở hồ sơ", "file-text"),
    "duty": ("duty.met", "Ghi chứng từ đã nộp", "cash"),
}
"""What moves a dossier on from where it stands."""


class WorkPage(QWidget):
    """Signals:
    opened: show this dossier whole; carries its id.
    asked: ask about this dossier on F6; carries its id.
    slip_wanted: print the form of what was done; id and form.
    said, changed, left: as on every page.
    """

    opened = Signal(object)
    asked = Signal(object)
    slip_wanted = Signal(bytes, str)
    said = Signal(str)
    changed = Signal()
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Bàn xử lý")
        self._runner = runner
        self._holder: Load | None = None
        self.found: OpenedDossier | None = None
        self._title = Label("Bàn xử lý", "h1")
        self._done = Notice()
        self.holders = EntryView("Ai đang giữ hồ sơ")
        self._who = Card("Ai đang giữ", role="bold")
        self.list = EntryView("Hồ sơ đang giữ")
        self._all = Card("Hồ sơ", role="bold")
        self._empty = EmptyState("circle-check", "Không có hồ sơ nào chờ xử lý")
        self.card = WorkCard()
        self.back_button = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.step_button = Button("Việc khác", "plain", "Alt+X", "bolt")
        self.ask_button = Button("Bổ sung, hẹn lại", "plain", "F6", "note")
        self.opinion_button = Button("Lấy ý kiến", "plain", "Alt+L", "user-check")
        self.send_button = Button("Chuyển lại quầy", "plain", "Alt+C", "arrow-back-up")
        self.main_button = Button("Nhận hồ sơ", "main", "F9", "circle-check")
        self.panel = StepPanel(runner, self)
        self._lay_out()
        self._connect()
        self._say()

    def _lay_out(self) -> None:
        self._who.add(self.holders)
        self._all.add(self.list, self._empty)
        middle = QHBoxLayout()
        middle.setSpacing(12)
        middle.addWidget(self._who, 3)
        middle.addWidget(self._all, 6)
        middle.addWidget(self.card, 4)
        actions = FlowRow(gap=10)
        for button in (
            self.back_button,
            self.step_button,
            self.ask_button,
            self.opinion_button,
            self.send_button,
        ):
            actions.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addLayout(Column(None, actions, None), 1)
        foot.addWidget(self.main_button)
        column: QVBoxLayout = PageLayout(self)
        column.setContentsMargins(14, 12, 14, 10)
        column.setSpacing(10)
        column.addLayout(Row(self._title, None))
        column.addWidget(self._done)
        column.addLayout(middle, 1)
        column.addLayout(foot)

    def _connect(self) -> None:
        self.list.moved.connect(self._on_moved)
        self.list.wanted.connect(self._on_open)
        self.holders.moved.connect(self._on_holder)
        self.holders.wanted.connect(self.take_focus)
        self.main_button.clicked.connect(self.main_action)
        self.step_button.clicked.connect(self._on_steps)
        self.ask_button.clicked.connect(self.ask)
        self.opinion_button.clicked.connect(self._on_opinion)
        self.send_button.clicked.connect(self._on_send_back)
        self.back_button.clicked.connect(self.step_back)
        self.panel.done.connect(self._on_done)
        for keys, act in (
            ("Alt+X", self._on_steps),
            ("Alt+L", self._on_opinion),
            ("Alt+C", self._on_send_back),
        ):
            key = QShortcut(QKeySequence(keys), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(act)

    # ------------------------------------------------------------ what others ask of the page

    @Slot()
    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        self.list.setFocus()

    @Slot()
    def refresh(self) -> None:
        """Fetch everything again; what is chosen stays chosen."""
        job = partial(desktop, self._holder)
        self._runner.ask(self, job, self._on_desktop, self._on_refused)

    @Slot()
    def main_action(self) -> None:
        """F9: what moves the chosen dossier on."""
        if self.found is None:
            return
        kind, _, _ = NEXT.get(self.found.dossier.status, ("", "", ""))
        if kind == "dossier.taken":
            self._runner.ask(
                self, partial(take, self.found.line.id), self._on_done, self._on_refused
            )
        elif kind:
            self.panel.begin(self.found, kind)
        else:
            self._on_open(self.list.current())

    @Slot()
    def ask(self) -> None:
        """F6: ask for papers, put it back, refuse."""
        if self.found is not None:
            self.asked.emit(self.found.line.id)

    @Slot()
    def step_back(self) -> None:
        """Esc: from one holder to all, then away."""
        if self._holder is None:
            self.left.emit()
        else:
            self.holders.step(0, 0)

    # ------------------------------------------------------------ answers

    def _on_desktop(self, found: Desktop) -> None:
        self._who.setVisible(found.is_chief)
        where = f": {found.department}" if found.department else ""
        self._title.setText(f"Bàn xử lý{where}")
        if found.is_chief:
            self._fill_holders(found)
        chosen = self._chosen()
        self._all.title.setText(f"Hồ sơ  {dotted(found.work.total)}")
        rows = entries_of(found.work, self._runner.desk.now())
        ids = [e.says.line.id if e.says else b"" for e in rows]
        row = ids.index(chosen.line.id) if chosen and chosen.line.id in ids else 0
        self.list.show_entries(rows, row)
        self.list.setVisible(bool(rows))
        self._empty.setVisible(not rows)
        self._on_moved()

    def _fill_holders(self, found: Desktop) -> None:
        rows = holders_of(found.loads)
        at = next((n for n, e in enumerate(rows) if e.says == self._holder), 0)
        self.holders.moved.disconnect(self._on_holder)
        self.holders.show_entries(rows, at)
        self.holders.moved.connect(self._on_holder)

    @Slot(object)
    def _on_holder(self, entry: Entry | None) -> None:
        if entry is not None and entry.says != self._holder:
            self._holder = entry.says
            self.refresh()

    def _chosen(self) -> Held | None:
        entry = self.list.current()
        return entry.says if entry is not None else None

    @Slot()
    def _on_moved(self) -> None:
        chosen = self._chosen()
        if chosen is None:
            self.found = None
            self._say()
            return
        self._runner.ask(
            self, partial(opened, id=chosen.line.id), self._on_opened, self._on_refused
        )

    def _on_opened(self, found: OpenedDossier) -> None:
        chosen = self._chosen()
        if chosen is not None and chosen.line.id == found.line.id:
            self.found = found
            self._say()

    def _say(self) -> None:
        self.card.show_opened(self.found)
        _, words, icon = NEXT.get(
            self.found.dossier.status if self.found else "", ("", "Mở hồ sơ", "file-text")
        )
        self.main_button.say(words, icon)
        for button in (
            self.step_button,
            self.ask_button,
            self.opinion_button,
            self.send_button,
            self.main_button,
        ):
            button.setVisible(self.found is not None)

    @Slot(object)
    def _on_done(self, dossier: Dossier) -> None:
        word = SHOWN[dossier.status][0].lower()
        self._done.say(f"{dossier.facts.code}: {word}.", "circle-check", "ok")
        self.said.emit(f"Đã lưu {dossier.facts.code}.")
        self.changed.emit()
        if form := form_of(dossier.history[-1].body):
            self.slip_wanted.emit(bytes.fromhex(dossier.id), form)
        self.refresh()
        self.take_focus()

    def _on_refused(self, refused: Refused) -> None:
        self._done.say(sentence_for(refused), "alert-circle", "bad")

    # ------------------------------------------------------------ keys and clicks

    @Slot(object)
    def _on_open(self, entry: Entry | None) -> None:
        if entry is not None:
            self.opened.emit(entry.says.line.id)

    @Slot()
    def _on_steps(self) -> None:
        if self.found is not None:
            self.panel.begin(self.found)

    @Slot()
    def _on_opinion(self) -> None:
        if self.found is not None:
            self.panel.begin(self.found, "opinion.asked")

    @Slot()
    def _on_send_back(self) -> None:
        if self.found is not None:
            self.panel.begin(self.found, "dossier.sentback")

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self.step_back()
        else:
            super().keyPressEvent(event)
