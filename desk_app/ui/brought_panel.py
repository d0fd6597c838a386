"""Which of the papers that were asked for the citizen has brought: tick by tick, then F9."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QWidget

from db.parts import PaperCount
from desk_app.messages import sentence_for
from desk_app.ui.overlay import Overlay
from desk_app.ui.paper_rows import PaperRows
from desk_app.ui.runner import Runner
from desk_app.ui.waiting_jobs import Waits, some_brought
from desk_app.ui.widgets import Button, Label, Notice, Row, Scrolled

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused


class BroughtPanel(Overlay):
    """Nothing is ticked at first; with the last paper the dossier goes on by itself.

    Signals:
        saved: the dossier after it.
    """

    saved = Signal(object)

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent, width=820)
        self.setAccessibleName("Giấy tờ mang đến")
        self._runner = runner
        self._id = b""
        self._title = Label("", "h1", wrap=True)
        self._then = Label("", "body", "muted", wrap=True)
        self.papers = PaperRows("Giấy đã yêu cầu (tích giấy vừa mang đến)")
        self.error = Notice()
        self.button = Button("Lưu giấy mang đến", "main", "F9", "file-plus")
        self.back = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.panel.body.setContentsMargins(20, 16, 20, 18)
        self.panel.body.setSpacing(10)
        self._scroll = Scrolled(self.papers, "Giấy tờ mang đến", keys=False)
        self.panel.add(
            self._title,
            self._then,
            self._scroll,
            self.error,
            Row(self.back, None, self.button),
        )
        self.button.clicked.connect(self.save)
        self.back.clicked.connect(self.shut)

    def panel_height(self) -> int:
        inside = self.papers.sizeHint().height()
        return self.panel.sizeHint().height() - self._scroll.sizeHint().height() + inside + 8

    def begin(self, waits: Waits) -> None:
        """Open on a dossier that is waited for."""
        self._id = waits.line.id
        self._title.setText(f"{waits.line.name} mang giấy đến")
        self._then.setText(f"{waits.then}. Còn thiếu thì thời hạn vẫn dừng.")
        papers = [PaperCount(name=each.paper, originals=1) for each in waits.asked]
        self.papers.show_papers(papers, ticked=False)
        self.error.say("")
        self.open(self.papers.rows[0].tick if papers else self.button)

    @Slot()
    def save(self) -> None:
        """F9."""
        job = partial(some_brought, self._id, self.papers.read())
        self._runner.ask(self, job, self._on_saved, self._on_refused)

    def _on_saved(self, after: Dossier) -> None:
        self.shut()
        self.saved.emit(after)

    def _on_refused(self, refused: Refused) -> None:
        self.error.say(sentence_for(refused), "alert-circle", "bad")
        self.refit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        enter = key in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        control = event.modifiers() & Qt.KeyboardModifier.ControlModifier
        if key == Qt.Key.Key_F9 or (enter and control):
            self.save()
        elif key in (Qt.Key.Key_Up, Qt.Key.Key_Down) or enter:
            self.focusNextPrevChild(key != Qt.Key.Key_Up)
        else:
            super().keyPressEvent(event)
