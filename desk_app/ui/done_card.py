"""The dossier just saved: its code, how its receipt is doing, what can still be done with it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from desk_app.ui.widgets import Button, Card, FlowRow, IconView, Label, Row

PrintState = Literal["writing", "printing", "printed", "failed", "unsure"]


@dataclass(frozen=True)
class Done:
    """What the card shows of a saved dossier."""

    id: bytes
    code: str
    name: str
    procedure: str


class DoneCard(Card):
    """Stands at the foot of column 1 until the next dossier is saved.

    Signals:
        print_wanted, undo_wanted, again_wanted: the buttons, whose keys work everywhere.
        paper_seen: the clerk says that the receipt came out, though the printer did not.
    """

    print_wanted = Signal()
    undo_wanted = Signal()
    again_wanted = Signal()
    paper_seen = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(quiet=True, parent=parent)
        self.done: Done | None = None
        self.state: PrintState = "writing"
        self.title_icon = IconView("circle-check", 18, "ok")
        self.headline = Label("Vừa xong", "caption_bold", "ok")
        self.code = Label("", "caption_bold", "muted")
        self.name = Label("", "bold", wrap=True)
        self.procedure = Label("", "caption", "muted", wrap=True)
        self.printer_icon = IconView("printer", 16, "muted")
        self.printer = Label("", "caption", "muted", wrap=True)
        self.large_code = Label("", "big")
        self.print = Button("In lại", "plain", "F7")
        self.undo = Button("Hoàn tác", "plain", "Ctrl+Z", "arrow-back-up")
        self.seen = Button("Đã in ra giấ&y", "plain", "Alt+Y")
        self.again = Button("Người này nộp thêm", "link", "Ctrl+R", "plus")
        self._build()
        self.print.clicked.connect(self.print_wanted)
        self.undo.clicked.connect(self.undo_wanted)
        self.seen.clicked.connect(self.paper_seen)
        self.again.clicked.connect(self.again_wanted)
        self.hide()

    def _build(self) -> None:
        self.body.setContentsMargins(12, 10, 12, 8)
        self.body.setSpacing(4)
        said = QWidget()
        said.setLayout(Row(self.title_icon, self.headline, gap=6))
        head = FlowRow(8)
        head.addWidget(said)
        head.addWidget(self.code)
        state = QHBoxLayout()
        state.setSpacing(6)
        state.addWidget(self.printer_icon)
        state.addWidget(self.printer, 1)
        buttons = FlowRow(6)
        for button in (self.print, self.undo, self.seen):
            buttons.addWidget(button)
        self.add(head, self.name, self.procedure, self.large_code, state, buttons, self.again)

    def show_done(self, done: Done) -> None:
        """A dossier was saved; its paper is on its way."""
        self.done = done
        self.code.setText(done.code)
        self.name.setText(done.name)
        self.procedure.setText(done.procedure)
        self.setAccessibleName(f"Vừa xong: {done.code}, {done.name}, {done.procedure}")
        self.show_state("writing", "")

    def show_state(self, state: PrintState, detail: str) -> None:
        """How the receipt is doing; ``detail`` is the printer's name, or why there is no paper."""
        words = {
            "writing": "Đang làm giấy tiếp nhận",
            "printing": f"Đang in ra {detail}".removesuffix(" ra "),
            "printed": f"Đã in ra {detail}".removesuffix(" ra "),
            "failed": detail,
            "unsure": detail,
        }[state]
        self.state = state
        bad = state in ("failed", "unsure")
        self.printer.setText(words)
        self.printer.set_tone("bad" if bad else "ok" if state == "printed" else "muted")
        self.printer_icon.say("printer-off" if bad else "printer", "bad" if bad else "muted")
        self.seen.setVisible(bad)
        self.large_code.setVisible(bad)
        self.code.setVisible(not bad)
        # With paper owed, what is needed to go on without it comes first.
        self.procedure.setVisible(not bad)
        self.undo.setVisible(not bad)
        # Two lines, as one would write it down: whose number, and which.
        code = self.done.code if self.done and bad else ""
        self.large_code.setText(code.replace("-", "-\n", 1))
        self.large_code.setAccessibleName(code)
        self.again.setVisible(not bad)
        self.set_tone("bad" if bad else "")
        self.headline.setText("Đã lưu, chưa in được" if bad else "Vừa xong")
        self.headline.set_tone("bad" if bad else "ok")
        self.title_icon.say("alert-circle" if bad else "circle-check", "bad" if bad else "ok")

    def clear(self) -> None:
        """Nothing to show any more, as after undoing it."""
        self.done, self.state = None, "writing"
        self.hide()
