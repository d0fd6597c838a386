"""The forms put aside: one small button each, under the scan box."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QWidget

from desk_app.ui.draft_keeper import SLOTS
from desk_app.ui.widgets import Button, FlowRow


class Parked(QWidget):
    """Up to five forms that wait.

    Signals:
        wanted: open the form in this slot.
    """

    wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._row = FlowRow(6)
        self.setLayout(self._row)
        self._buttons: dict[int, Button] = {}
        self.hide()

    def show_slots(self, titles: Mapping[int, str]) -> None:
        """Show these slots and who is in them."""
        for slot in SLOTS:
            button = self._buttons.get(slot)
            if button is None and slot in titles:
                button = Button("", "plain", f"Ctrl+{slot}", "archive")
                button.setProperty("slot", slot)
                button.clicked.connect(self._on_clicked)
                self._buttons[slot] = button
                self._row.addWidget(button)
            if button is not None:
                button.setVisible(slot in titles)
                if slot in titles:
                    button.say(titles[slot].replace("&", "&&"))
        self.setVisible(bool(titles))

    @Slot()
    def _on_clicked(self) -> None:
        button = self.sender()
        if isinstance(button, Button):
            self.wanted.emit(int(button.property("slot")))
