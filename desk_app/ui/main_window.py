"""The frame: top bar, the screen of the moment, status line, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_app.ui.empty_desk import EmptyDesk
from desk_app.ui.rounds import Rounds
from desk_app.ui.runner import Runner
from desk_app.ui.scans import Scans
from desk_app.ui.status_line import StatusLine
from desk_app.ui.top_bar import TopBar, short_office
from desk_app.ui.ways import Ways

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QShowEvent, QWindow

    from desk_app.desk import Desk
    from desk_app.devices.printing import PrintDesk
    from desk_app.devices.wedge import Wedge
    from desk_app.services.status import CounterStatus
    from desk_app.ui.global_keys import GlobalKeys
    from desk_app.ui.receipt_printing import ReceiptPrinting
    from desk_app.ui.receiving_jobs import Opening
    from desk_app.ui.receiving_page import ReceivingPage
    from desk_app.ui.screens import Screens
    from desk_app.ui.theme import Look

MINUTE_MS = 60_000


class MainWindow(QWidget):
    """One window a process.

    The first paint shows the bar, the empty desk and the status line, and needs no database and no
    PDF; the pages are made right after it.

    Signals:
        closed: the window is going; what was typed is on its way to the disk.
        port_chosen: read the scanner at this serial port from now on; "" for keyboard mode.
    """

    closed = Signal()
    port_chosen = Signal(str)

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        printing: PrintDesk,
        wedge: Wedge,
        look: Look,
        clock: Callable[[], datetime],
    ) -> None:
        """``drawing`` is a second runner: it makes and renders the receipt's preview."""
        super().__init__()
        self.setWindowTitle("Một cửa")
        self._runner = runner
        self._drawing = drawing
        self._printers = printing
        self._wedge = wedge
        self._clock = clock
        self._look = look
        self._number = 0
        self._handle: QWindow | None = None
        self._keys: GlobalKeys | None = None
        self._receiving: ReceivingPage | None = None
        self.ways = Ways(self)
        self.scans = Scans(runner, self.ways, self)
        self.rounds = Rounds(self)
        self.bar = TopBar()
        self.status = StatusLine()
        self._empty = EmptyDesk()
        self.stack = QStackedWidget()
        self.stack.addWidget(self._empty)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        # The screen is as large as it is: content that wants more scrolls or steps aside.
        column.setSizeConstraint(QLayout.SizeConstraint.SetNoConstraint)
        self.setMinimumSize(960, 560)
        column.addWidget(self.bar)
        column.addWidget(self.stack, 1)
        column.addWidget(self.status)
        self._empty.painted.connect(self.complete)
        wedge.scanned.connect(self.scans.take)
        wedge.unclear.connect(self.scans.unclear)
        self.bar.receive.clicked.connect(self.ways.show_receiving)
        self.bar.returns.clicked.connect(self.ways.show_return)
        self.bar.dossiers.clicked.connect(self.ways.show_dossiers)
        self.bar.asks.clicked.connect(self.ways.show_asks)
        self.bar.work.clicked.connect(self.ways.show_work)
        self.bar.matters.clicked.connect(self.ways.show_matters)
        self.status.sending_wanted.connect(self.ways.show_sending)
        self.bar.search.clicked.connect(self.ask_palette)
        self.bar.clerk.clicked.connect(self.lock)
        self.bar.show_tab(self.bar.receive)
        self.status.show_counter(0, clock())
        self._empty.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)

    # ------------------------------------------------------------ made after the first paint

    @Slot()
    def complete(self) -> None:
        """Make the intake page and what belongs to the window; does nothing the second time."""
        if self._receiving is not None:
            return
        from desk_app.ui.global_keys import GlobalKeys
        from desk_app.ui.look_keeper import LookKeeper
        from desk_app.ui.receipt_printing import ReceiptPrinting
        from desk_app.ui.receiving_page import ReceivingPage
        from desk_app.ui.screens import Screens

        self._printing = ReceiptPrinting(self._runner, self._printers, self)
        page = ReceivingPage(self._runner, self._drawing, self._printing, self._clock)
        self._receiving = page
        self._screens = Screens(
            self._runner, self._drawing, self._printers, self._wedge, self._look, self
        )
        self._look_keeper = LookKeeper(self._runner, self._look, self)
        self._keys = GlobalKeys(self, self._look)
        self._minute = QTimer(self)
        self._minute.setInterval(MINUTE_MS // 4)
        self._minute.timeout.connect(self._on_minute)
        self._connect(page)
        self._watch_keys()
        self.stack.addWidget(page)
        self._take_over(page)

    def _take_over(self, page: ReceivingPage) -> None:
        """Go on with what was typed while the page was not there yet."""
        typed = self._empty.scan_box.text()
        self.stack.setCurrentWidget(page)
        page.scan_box.edit.setText(typed)
        page.scan_box.setFocus(Qt.FocusReason.OtherFocusReason)
        self.stack.removeWidget(self._empty)
        self._empty.deleteLater()

    @property
    def receiving(self) -> ReceivingPage:
        """The intake page."""
        self.complete()
        assert self._receiving is not None
        return self._receiving

    @property
    def screens(self) -> Screens:
        """The other pages and what lies over all of them."""
        self.complete()
        return self._screens

    @property
    def printing(self) -> ReceiptPrinting:
        """Brings receipts to paper."""
        self.complete()
        return self._printing

    def _connect(self, page: ReceivingPage) -> None:
        page.said.connect(self.status.say)
        page.draft_saved.connect(self.status.show_draft)
        page.changed_counts.connect(self.refresh)
        page.code_wanted.connect(self.ways.open_code)
        page.opened.connect(self._on_opened)
        self._printing.noted.connect(self.refresh)
        self._printing.state.connect(self._on_print_state)
        self._printing.other.connect(self._on_other_state)
        self._printers.listed.connect(self._screens.know_printers)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.focusChanged.connect(self._on_focus_moved)

    # ------------------------------------------------------------ start

    def start(self) -> None:
        """After the first paint: everything that needs the database."""
        self.receiving.start()
        self.refresh()
        self._minute.start()

    @Slot(object)
    def _on_opened(self, answer: Opening) -> None:
        self._drawing.replace_desk(self._runner.desk)
        self.show_desk(self._runner.desk)

    def show_desk(self, desk: Desk) -> None:
        """Whose desk it is and who works at it, as after signing in."""
        self._number = desk.counter.number
        self.bar.name.say(f"Một cửa {short_office(desk.office.facts.name)}")
        self.bar.say_clerk(desk.clerk.name)
        self.status.show_counter(self._number, self._clock())
        self.setWindowTitle(f"{desk.office.facts.name}, quầy {self._number}")
        self.bar.show_work(desk.role != "clerk")
        if self.screens.dossiers is not None:
            self.screens.dossiers.filters.ask_kept()
        if desk.role == "officer":
            self.ways.show_work()

    @Slot()
    def refresh(self) -> None:
        """Fetch the figures of the status line and the tabs again."""
        from desk_app.ui.receiving_jobs import status_of

        self._runner.ask(self, status_of, self._on_status)
        if self.screens.dossiers is not None and self.screens.dossiers.isVisible():
            self.screens.dossiers.refresh()

    def _on_status(self, status: CounterStatus) -> None:
        self.status.show_status(status)
        self.rounds.show_standing(status.sending)
        self.bar.dossiers.set_count(status.unprinted)
        self.bar.returns.set_count(status.ready)
        self.bar.asks.set_count(status.waiting)
        self.bar.set_matters(status.matters)

    @Slot(str)
    def on_settled(self, said: str) -> None:
        """A person decided."""
        self.refresh()
        self.status.say(said)

    @Slot()
    def _on_minute(self) -> None:
        self.status.show_counter(self._number, self._clock())
        if self.receiving.isVisible():
            self.receiving.refresh()

    @Slot(bytes, str, str)
    def _on_print_state(self, id: bytes, state: str, detail: str) -> None:
        self.status.show_printer(state, detail)
        done = self.receiving.person.done.done
        if state in ("failed", "unsure") and (done is None or done.id != id):
            self.status.say(detail)

    @Slot(bytes, str, str, str)
    def _on_other_state(self, id: bytes, form: str, state: str, detail: str) -> None:
        self.status.show_printer(state, detail)
        if state in ("failed", "unsure", "refused"):
            self.status.say(detail)

    # ------------------------------------------------------------ keys

    @Slot()
    def ask_palette(self) -> None:
        """F3, Ctrl+K."""
        self.screens.ask_palette()

    @Slot()
    def lock(self) -> None:
        """Ctrl+L: nobody works here until somebody signs in; drafts stay."""
        self.receiving.drafts.flush()
        self.screens.lock()

    def show_keys(self) -> None:
        """F1."""
        self.screens.show_keys(self.stack.currentWidget())

    def toggle_full_screen(self) -> None:
        """F11."""
        self.showNormal() if self.isFullScreen() else self.showFullScreen()

    @Slot(QWidget, QWidget)
    def _on_focus_moved(self, before: QWidget | None, now: QWidget | None) -> None:
        """Where the keys go is in sight, also where large text has to be scrolled."""
        from PySide6.QtWidgets import QScrollArea

        parent = now.parentWidget() if now is not None else None
        while parent is not None:
            if isinstance(parent, QScrollArea) and now is not None:
                parent.ensureWidgetVisible(now, 0, 24)
            parent = parent.parentWidget()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._watch_keys()

    def _watch_keys(self) -> None:
        """Keys arrive at the window's handle, before any widget."""
        handle = self.windowHandle()
        if self._keys is not None and handle is not None and handle is not self._handle:
            self._handle = handle
            handle.installEventFilter(self._keys)

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._receiving is not None:
            self._minute.stop()
            self._receiving.drafts.flush()
        self.closed.emit()
        super().closeEvent(event)
