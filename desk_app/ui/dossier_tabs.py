"""Beside a dossier's facts: what happened, its papers as files, money, prints, who has it too."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QButtonGroup, QStackedWidget, QVBoxLayout, QWidget

from desk_app.rules.money import show_money
from desk_app.ui.dossier_entries import money_entries, print_entries, sent_entries
from desk_app.ui.dossier_words import copy_words, steps_of
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.scans_card import ScansCard
from desk_app.ui.timeline import Timeline
from desk_app.ui.widgets import Card, Chip, FlowRow, Notice, Scrolled

if TYPE_CHECKING:
    from desk_app.services.opened import OpenedDossier
    from desk_app.ui.runner import Runner

TABS: Final = (
    ("history", "Diễn biến"),
    ("papers", "Giấy tờ"),
    ("money", "Tiền"),
    ("prints", "Bản in"),
    ("sent", "Gửi nhận"),
)


class DossierTabs(Card):
    """Ctrl+Tab goes to the next one.

    Signals:
        print_wanted: print this paper again: its form and the entry it is about.
        changed: a paper was scanned or taken over; carries the dossier.
    """

    print_wanted = Signal(str, str)
    changed = Signal(object)

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self.setAccessibleName("Diễn biến, giấy tờ, tiền, bản in, gửi nhận")
        self.chips = {name: Chip(words) for name, words in TABS}
        self.steps = Timeline()
        self.scans = ScansCard(runner)
        self.money = EntryView("Tiền")
        self._owes = Notice()
        self.prints = EntryView("Bản in")
        self.sent = EntryView("Gửi nhận")
        self._proof = Notice()
        self._group = QButtonGroup(self)
        self.stack = QStackedWidget()
        chips = FlowRow(gap=4)
        pages = (
            Scrolled(self.steps, "Diễn biến của hồ sơ"),
            Scrolled(self.scans, "Giấy tờ và bản quét của hồ sơ", keys=False),
            _page(self._owes, self.money),
            _page(self.prints),
            _page(self._proof, self.sent),
        )
        for at, (chip, page) in enumerate(zip(self.chips.values(), pages, strict=True)):
            self._group.addButton(chip, at)
            chips.addWidget(chip)
            self.stack.addWidget(page)
        self.add(chips, self.stack)
        self.body.setStretchFactor(self.stack, 1)
        self._group.idToggled.connect(self._on_toggled)
        self.prints.wanted.connect(self._on_print_wanted)
        self.scans.changed.connect(self.changed)
        self.chips["history"].setChecked(True)
        for keys, by in (("Ctrl+Tab", 1), ("Ctrl+Shift+Tab", -1)):
            key = QShortcut(QKeySequence(keys), self)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.activated.connect(self._on_next if by > 0 else self._on_last)

    def show_opened(self, found: OpenedDossier) -> None:
        """Show a dossier; the tab that is open stays open."""
        self.steps.say(steps_of(found))
        self.scans.show_opened(found)
        dossier = found.dossier
        owed = dossier.life.owed(dossier.facts)
        paid = f"Đã thu {show_money(dossier.life.paid)}"
        said = f"{paid}, còn phải thu {show_money(owed)}." if owed else f"{paid}, không còn nợ."
        self._owes.say(said, "cash", "warn" if owed else "ok")
        self.money.show_entries(money_entries(found))
        self.prints.show_entries(print_entries(found))
        self._proof.say(*copy_words(found))
        self.sent.show_entries(sent_entries(found))
        self.chips["money"].set_count(str(len(dossier.life.receipts) or ""))
        self.chips["prints"].set_count(str(len(dossier.prints) or ""))

    def selected_print(self) -> bool:
        """Print the chosen paper again; False when the prints are not in sight."""
        entry = self.prints.current()
        if self._group.checkedId() != list(self.chips).index("prints") or entry is None:
            return False
        self._on_print_wanted(entry)
        return True

    @Slot(int, bool)
    def _on_toggled(self, at: int, on: bool) -> None:
        if on:
            self.stack.setCurrentIndex(at)

    @Slot()
    def _on_next(self) -> None:
        self._turn(1)

    @Slot()
    def _on_last(self) -> None:
        self._turn(-1)

    def _turn(self, by: int) -> None:
        at = (self._group.checkedId() + by) % len(TABS)
        self._group.button(at).setChecked(True)
        page = self.stack.currentWidget()
        inside = page.findChild(EntryView) if page is not None else None
        (inside or self._group.button(at)).setFocus()

    @Slot(object)
    def _on_print_wanted(self, entry: Entry | None) -> None:
        if entry is not None and entry.says is not None:
            self.print_wanted.emit(entry.says.form, entry.says.of)


def _page(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(8)
    for part in parts:
        column.addWidget(part)
    return page
