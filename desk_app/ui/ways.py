"""From one screen to the next: what a key or a tab of the bar shows, and what goes along."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from PySide6.QtWidgets import QWidget

    from desk_app.services.dossiers import DossierLine
    from desk_app.services.people import KnownPerson
    from desk_app.ui.ask_page import AskPage
    from desk_app.ui.intake_form import IntakeForm
    from desk_app.ui.main_window import MainWindow


class Ways(QObject):
    """Turns the window to another page; the dossier or the form in sight goes along."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    @Slot()
    def show_receiving(self) -> None:
        """F2."""
        self.show(self._window.receiving)
        self._window.receiving.scan_box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def show_dossiers(self) -> None:
        """F8."""
        page = self._window.screens.open_dossiers()
        self.show(page)
        page.refresh()
        page.take_focus()

    @Slot()
    def show_uncollected(self) -> None:
        """Those who have not fetched their results, to be called."""
        self.show_dossiers()
        self._window.screens.open_dossiers().lists.chips["uncollected"].click()

    @Slot(object)
    def open_dossier(self, line: DossierLine) -> None:
        """One dossier, whole."""
        self.show(self._window.screens.open_dossier(line.id))

    @Slot(str)
    def open_code(self, code: str) -> None:
        """A code was typed or scanned: the dossier it belongs to."""
        page = self._window.screens.open_dossiers()
        self.show(page)
        page.scanned(code)

    @Slot(object)
    def open_id(self, id: bytes) -> None:
        """One dossier, known by its id only."""
        self.show(self._window.screens.open_dossier(id))

    @Slot()
    def show_return(self) -> None:
        """F4: results into the right hands; of the dossier in sight, when one is."""
        card = self._window.screens.card
        seen = card.opened if card is not None and card.isVisible() else None
        page = self._window.screens.open_return()
        self.show(page)
        page.take_focus()
        self._window.refresh()
        if seen is not None:
            page.open_id(seen.line.id)

    @Slot()
    def show_asks(self) -> None:
        """F6: of the form or the dossier in sight, when one is; else who is waited for."""
        window, screens = self._window, self._window.screens
        seen, page = window.stack.currentWidget(), screens.open_asks()
        if screens.returns is not None and seen is screens.returns:
            screens.returns.ask_why()
        elif screens.work is not None and seen is screens.work:
            screens.work.ask()
        elif seen is page and page.subject is not None:
            page.take_focus()
        else:
            self.show(page)
            window.refresh()
            self._ask_of(seen, page)

    def _ask_of(self, seen: QWidget | None, page: AskPage) -> None:
        receiving, screens = self._window.receiving, self._window.screens
        card, dossiers = screens.card, screens.dossiers
        form = receiving.form
        if seen is receiving and not form.empty and form.procedure:
            page.ask_of_form(form)
        elif card is not None and seen is card and card.opened is not None:
            page.ask_of(card.opened.line.id)
        elif dossiers is not None and seen is dossiers and dossiers.chosen:
            page.ask_of(dossiers.chosen)
        else:
            page.show_waiting()
            page.take_focus()

    @Slot()
    def leave_asks(self) -> None:
        """Esc: back to the dossier that was asked about, or to the intake."""
        subject = self._window.screens.open_asks().subject
        if subject is not None and subject.id:
            self.open_id(subject.id)
        else:
            self.show_receiving()

    @Slot(object)
    def take_form(self, form: IntakeForm) -> None:
        """Somebody who was sent home is back."""
        self.show(self._window.receiving)
        self._window.receiving.take_form(form)

    @Slot()
    def show_sending(self) -> None:
        """The page "Gửi nhận"."""
        page = self._window.screens.open_sending()
        self.show(page)
        page.take_focus()

    @Slot()
    def show_matters(self) -> None:
        """Ctrl+M."""
        page = self._window.screens.open_matters()
        self.show(page)
        page.take_focus()

    @Slot()
    def show_work(self) -> None:
        """Ctrl+B: what lies at the departments."""
        page = self._window.screens.open_work()
        self.show(page)
        page.take_focus()

    @Slot()
    def show_texts(self) -> None:
        """What the papers say."""
        page = self._window.screens.open_texts()
        self.show(page)
        page.refresh()
        page.take_focus()

    @Slot(object)
    def ask_about(self, id: bytes) -> None:
        """F6 about a dossier that is chosen elsewhere."""
        page = self._window.screens.open_asks()
        self.show(page)
        page.ask_of(id)

    @Slot(object)
    def take_person(self, known: KnownPerson) -> None:
        """Somebody was chosen in the palette: take a dossier in for them."""
        self.show(self._window.receiving)
        self._window.receiving.take_known(known)

    def show(self, page: QWidget) -> None:
        """One page, with its tab in the bar."""
        screens, bar = self._window.screens, self._window.bar
        self._window.stack.setCurrentWidget(page)
        tab = bar.dossiers
        if page is self._window.receiving:
            tab = bar.receive
        elif page is screens.matters:
            tab = bar.matters
        elif page is screens.returns:
            tab = bar.returns
        elif page is screens.asks:
            tab = bar.asks
        elif page is screens.work:
            tab = bar.work
        bar.show_tab(None if page in (screens.sending, screens.texts) else tab)

    def on_receiving(self, act: Callable[[], object]) -> None:
        """A key of the intake page, pressed anywhere: show the page and act."""
        self.show(self._window.receiving)
        act()

    def main_action(self) -> None:
        """F9, Ctrl+Enter: the main thing of the screen in sight."""
        screens, seen = self._window.screens, self._window.stack.currentWidget()
        pages = (self._window.receiving, screens.dossiers, screens.card, screens.returns)
        for each in (*pages, screens.asks, screens.work, screens.texts):
            if each is not None and each is seen:
                each.main_action()

    def print_again(self) -> None:
        """F7: once more what is chosen on the screen in sight."""
        screens, seen = self._window.screens, self._window.stack.currentWidget()
        if seen is self._window.receiving:
            self._window.receiving.print_again()
            return
        for each in (screens.dossiers, screens.card, screens.returns):
            if each is not None and each is seen and each.print_again():
                return
        self._window.status.say("Chọn một hồ sơ để in lại.")
