"""The lists to choose from, above the dossiers: those that are always there, and those kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QWidget

from desk_app.rules.money import dotted
from desk_app.services.saved_filters import SavedFilter
from desk_app.ui.dossier_filters import FILTERS
from desk_app.ui.layouts import FlowRow
from desk_app.ui.widgets import Chip

KEYS_OF_LISTS: Final = 9
"""Alt+1 to Alt+9."""


class ListChips(FlowRow):
    """One chip a list; one of them is down.

    Signals:
        chosen: show this list; carries a ``SavedFilter``, without a name for one of those that are
            always there.
    """

    chosen = Signal(object)

    def __init__(self) -> None:
        super().__init__(gap=6)
        self.wanted = SavedFilter("", "today")
        self.chips = {which: Chip(words) for which, words, _ in FILTERS}
        self.saved: dict[str, Chip] = {}
        self._kept: tuple[SavedFilter, ...] = ()
        self._group = QButtonGroup(self)
        for at, (which, chip) in enumerate(self.chips.items()):
            self._group.addButton(chip, at)
            self.addWidget(chip)
            chip.setChecked(which == self.wanted.which)
        self._group.idClicked.connect(self._on_clicked)

    def take_keys(self, page: QWidget) -> None:
        """Alt+1 to Alt+9 choose the first lists while this page has the keys."""
        for at, chip in enumerate(list(self.chips.values())[:KEYS_OF_LISTS], start=1):
            chip.setToolTip(f"Alt+{at}")
            key = QShortcut(QKeySequence(f"Alt+{at}"), page)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(chip.click)

    def take_focus(self) -> None:
        """The keys go to the chip that is down."""
        self.chips[self.wanted.which].setFocus(Qt.FocusReason.ShortcutFocusReason)

    def show_counts(self, counts: Mapping[str, int]) -> None:
        """How many dossiers each list holds."""
        for which, chip in self.chips.items():
            chip.set_count(dotted(counts[which]))

    @Slot(object)
    def show_saved(self, wanted: SavedFilter) -> None:
        """A list that was put together by hand, or kept under a name."""
        (self.saved.get(wanted.name) or self.chips[wanted.which]).setChecked(True)
        self._choose(wanted)

    @Slot(object)
    def show_kept(self, filters: tuple[SavedFilter, ...]) -> None:
        """Chips for the filters of who works here; a list that was kept by somebody else goes."""
        for chip in self.saved.values():
            self._group.removeButton(chip)
            chip.hide()
            chip.deleteLater()
        self.saved, self._kept = {}, filters
        for at, each in enumerate(filters, start=len(FILTERS)):
            chip = Chip(each.name)
            self._group.addButton(chip, at)
            self.addWidget(chip)
            chip.setChecked(each.name == self.wanted.name)
            self.saved[each.name] = chip
        if self.wanted.name and self.wanted.name not in self.saved:
            self.show_saved(SavedFilter("", self.wanted.which))

    @Slot(int)
    def _on_clicked(self, at: int) -> None:
        # Also of the chip that is down: it is the way back from what was narrowed by hand.
        plain = at < len(FILTERS)
        self._choose(SavedFilter("", FILTERS[at][0]) if plain else self._kept[at - len(FILTERS)])

    def _choose(self, wanted: SavedFilter) -> None:
        self.wanted = wanted
        self.chosen.emit(wanted)
