"""What the window shows of sending and fetching while it goes on beside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from desk_app.services.sending import Sending
    from desk_app.ui.main_window import MainWindow


class Rounds(QObject):
    """The rounds with the server, as the window knows them.

    Signals:
        wanted: send and fetch now.
    """

    wanted = Signal()

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._under_way = self._has_server = False

    def show_standing(self, sending: Sending) -> None:
        """How the last round ended, unless one is under way."""
        from desk_app.ui.sending_words import standing

        self._has_server = sending.server is not None
        if not self._under_way:
            self._window.status.show_sending(standing(sending))

    @Slot()
    def send_now(self) -> None:
        """F5: send and fetch at once; at the scanner's page, look for ports."""
        scanner = self._window.screens.scanner
        if scanner is not None and scanner.isVisible():
            scanner.find_ports()
        elif self._has_server:
            self.wanted.emit()
        else:
            self._window.status.say("Quầy này chưa nối máy chủ. Việc ở quầy vẫn làm như thường.")

    @Slot()
    def on_began(self) -> None:
        """Sending and fetching goes on beside the window."""
        from desk_app.ui.sending_words import UNDER_WAY

        self._under_way = True
        self._window.status.show_sending(UNDER_WAY)
        if self._window.screens.sending is not None:
            self._window.screens.sending.show_sending()

    @Slot(int)
    def on_came(self, entries: int) -> None:
        """So many entries have come in this round."""
        if self._window.screens.sending is not None:
            self._window.screens.sending.show_came(entries)

    @Slot(object)
    def on_ended(self, result: dict[str, Any]) -> None:
        """Figures and lists again; what the clerk has chosen or typed stays."""
        self._under_way = False
        self._window.refresh()
        for page in (self._window.screens.sending, self._window.screens.matters):
            if page is not None and page.isVisible():
                page.refresh()
        card = self._window.screens.card
        if result.get("fetched") and card is not None and card.isVisible():
            card.refresh()
