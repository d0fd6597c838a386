"""Beside the dossier being returned: results nobody has fetched, and who was called about them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from desk_app.rules.money import dotted
from desk_app.ui.entry_list import EntryView
from desk_app.ui.return_jobs import entry_of
from desk_app.ui.widgets import Button, Card, FlowRow

if TYPE_CHECKING:
    from desk_app.services.returning import Waiting


class WaitingCard(Card):
    """The list with the calls beneath it; ``ReturnPage`` notes them."""

    def __init__(self) -> None:
        super().__init__("Có kết quả, chưa đến lấy", role="bold")
        self.list = EntryView("Có kết quả, chưa đến lấy")
        self.told_button = Button("Đã gọi", "plain", "Alt+G", "phone")
        self.missed_button = Button("Không gặp", "plain", "Alt+K")
        self.calls_button = Button("Danh sách để gọi điện", "link", "Alt+L", "phone")
        calls = FlowRow(gap=6)
        calls.addWidget(self.told_button)
        calls.addWidget(self.missed_button)
        self.add(self.list, calls, self.calls_button)

    def show_waiting(self, found: Sequence[Waiting], total: int) -> None:
        """The newest of all ``total`` results that lie here; the chosen line stays chosen."""
        self.title.setText(f"Có kết quả, chưa đến lấy  {dotted(total)}")
        ids = [each.line.id for each in found]
        chosen = self.current()
        row = ids.index(chosen.line.id) if chosen and chosen.line.id in ids else 0
        self.list.show_entries([entry_of(each) for each in found], row)

    def show_person(self, found: Sequence[Waiting]) -> None:
        """The dossiers of one person, to choose from."""
        self.title.setText("Hồ sơ của người này")
        self.list.show_entries([entry_of(each) for each in found])
        self.list.setFocus()

    def current(self) -> Waiting | None:
        """The line the keys act on."""
        entry = self.list.current()
        return entry.says if entry is not None else None

    def say_calls(self, open_one: bool) -> None:
        """A call is noted of the dossier that is open, else of the line of the list."""
        for button in (self.told_button, self.missed_button):
            button.setVisible(open_one or self.current() is not None)
