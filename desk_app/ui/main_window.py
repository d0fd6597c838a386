"""The frame: top bar, the screen of the moment, status line, and the keys that work everywhere."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QApplication, QLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_app.ui.empty_desk import EmptyDesk
from desk_app.ui.runner import Runner
from desk_app.ui.status_line import StatusLine
from desk_app.ui.top_bar import TopBar, short_office

if TYPE_CHECKING:
    from PySide6.QtGui import QCloseEvent, QShowEvent, QWindow

    from desk_app.desk import Desk
    from desk_app.devices.printing import PrintDesk
    from desk_app.devices.wedge import Wedge
    from desk_app.services.dossiers import DossierLine
    from desk_app.services.people import KnownPerson
    from desk_app.services.status import CounterStatus
    from desk_app.ui.global_keys import GlobalKeys
    from desk_app.ui.intake_form import IntakeForm
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
        send_wanted: send and fetch now.
    """

    closed = Signal()
    port_chosen = Signal(str)
    send_wanted = Signal()

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
        self._sending = self._has_server = False
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
        wedge.scanned.connect(self.take_scan)
        wedge.unclear.connect(self.scan_unclear)
        self.bar.receive.clicked.connect(self.show_receiving)
        self.bar.returns.clicked.connect(self.show_return)
        self.bar.dossiers.clicked.connect(self.show_dossiers)
        self.bar.asks.clicked.connect(self.show_asks)
        self.bar.work.clicked.connect(self.show_work)
        self.bar.matters.clicked.connect(self.show_matters)
        self.status.sending_wanted.connect(self.show_sending)
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
        page.code_wanted.connect(self.open_code)
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
        if desk.role == "officer":
            self.show_work()

    @Slot()
    def refresh(self) -> None:
        """Fetch the figures of the status line and the tabs again."""
        from desk_app.ui.receiving_jobs import status_of

        self._runner.ask(self, status_of, self._on_status)
        if self.screens.dossiers is not None and self.screens.dossiers.isVisible():
            self.screens.dossiers.refresh()

    def _on_status(self, status: CounterStatus) -> None:
        from desk_app.ui.sending_words import standing

        self.status.show_status(status)
        if not self._sending:
            self.status.show_sending(standing(status.sending))
        self._has_server = status.sending.server is not None
        self.bar.dossiers.set_count(status.unprinted)
        self.bar.returns.set_count(status.ready)
        self.bar.asks.set_count(status.waiting)
        self.bar.set_matters(status.matters)

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
        if state in ("failed", "unsure"):
            self.status.say(detail)

    # ------------------------------------------------------------ screens

    @Slot()
    def show_receiving(self) -> None:
        """F2."""
        self._show(self.receiving)
        self.receiving.scan_box.setFocus(Qt.FocusReason.ShortcutFocusReason)

    @Slot()
    def show_dossiers(self) -> None:
        """F8."""
        page = self.screens.open_dossiers()
        self._show(page)
        page.refresh()
        page.take_focus()

    @Slot()
    def show_uncollected(self) -> None:
        """Those who have not fetched their results, to be called."""
        self.show_dossiers()
        self.screens.open_dossiers().chips["uncollected"].click()

    @Slot(object)
    def open_dossier(self, line: DossierLine) -> None:
        """One dossier, whole."""
        self._show(self.screens.open_dossier(line.id))

    @Slot(str)
    def open_code(self, code: str) -> None:
        """A code was typed or scanned: the dossier it belongs to."""
        page = self.screens.open_dossiers()
        self._show(page)
        page.scanned(code)

    @Slot(object)
    def open_id(self, id: bytes) -> None:
        """One dossier, known by its id only."""
        self._show(self.screens.open_dossier(id))

    @Slot()
    def show_return(self) -> None:
        """F4: results into the right hands; of the dossier in sight, when one is."""
        card = self.screens.card
        seen = card.opened if card is not None and card.isVisible() else None
        page = self.screens.open_return()
        self._show(page)
        page.take_focus()
        self.refresh()
        if seen is not None:
            page.open_id(seen.line.id)

    @Slot()
    def show_asks(self) -> None:
        """F6: of the form or the dossier in sight, when one is; else who is waited for."""
        seen = self.stack.currentWidget()
        card, returns, form = self.screens.card, self.screens.returns, self.receiving.form
        page = self.screens.open_asks()
        if returns is not None and seen is returns:
            returns.ask_why()
            return
        if seen is page and page.subject is not None:
            page.take_focus()
            return
        if seen is not None and seen is self.screens.work:
            self.screens.work.ask()
            return
        self._show(page)
        self.refresh()
        if seen is self.receiving and not form.empty and form.procedure:
            page.ask_of_form(form)
        elif card is not None and seen is card and card.opened is not None:
            page.ask_of(card.opened.line.id)
        elif seen is not None and seen is self.screens.dossiers and self.screens.dossiers.chosen:
            page.ask_of(self.screens.dossiers.chosen)
        else:
            page.show_waiting()
            page.take_focus()

    @Slot()
    def leave_asks(self) -> None:
        """Esc: back to the dossier that was asked about, or to the intake."""
        subject = self.screens.open_asks().subject
        if subject is not None and subject.id:
            self.open_id(subject.id)
        else:
            self.show_receiving()

    @Slot(object)
    def take_form(self, form: IntakeForm) -> None:
        """Somebody who was sent home is back."""
        self._show(self.receiving)
        self.receiving.take_form(form)

    @Slot(bytes, str)
    def print_slip(self, id: bytes, form: str) -> None:
        """Another form than the receipt; without one, of what was done last."""
        self.printing.print_slip(id, form)

    @Slot(bytes)
    def print_return_slip(self, id: bytes) -> None:
        """The slip that who collects signs."""
        self.printing.print_slip(id, "return")

    @Slot()
    def show_sending(self) -> None:
        """The page "Gửi nhận"."""
        page = self.screens.open_sending()
        self._show(page)
        page.take_focus()

    @Slot()
    def show_matters(self) -> None:
        """Ctrl+M."""
        page = self.screens.open_matters()
        self._show(page)
        page.take_focus()

    @Slot()
    def show_work(self) -> None:
        """Ctrl+B: what lies at the departments."""
        page = self.screens.open_work()
        self._show(page)
        page.take_focus()

    @Slot()
    def show_texts(self) -> None:
        """What the papers say."""
        page = self.screens.open_texts()
        self._show(page)
        page.refresh()
        page.take_focus()

    @Slot(object)
    def ask_about(self, id: bytes) -> None:
        """F6 about a dossier that is chosen elsewhere."""
        page = self.screens.open_asks()
        self._show(page)
        page.ask_of(id)

    @Slot(str)
    def on_settled(self, said: str) -> None:
        """A person decided."""
        self.refresh()
        self.status.say(said)

    @Slot(object)
    def take_person(self, known: KnownPerson) -> None:
        """Somebody was chosen in the palette: take a dossier in for them."""
        self._show(self.receiving)
        self.receiving.take_known(known)

    def _show(self, page: QWidget) -> None:
        self.stack.setCurrentWidget(page)
        tab = self.bar.dossiers
        if page is self.receiving:
            tab = self.bar.receive
        elif page is self.screens.matters:
            tab = self.bar.matters
        elif page is self.screens.returns:
            tab = self.bar.returns
        elif page is self.screens.asks:
            tab = self.bar.asks
        elif page is self.screens.work:
            tab = self.bar.work
        without = (self.screens.sending, self.screens.texts)
        self.bar.show_tab(None if page in without else tab)

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

    # ------------------------------------------------------------ sending

    @Slot()
    def send_now(self) -> None:
        """F5: send and fetch at once; at the scanner's page, look for ports."""
        scanner = self.screens.scanner
        if scanner is not None and scanner.isVisible():
            scanner.find_ports()
        elif self._has_server:
            self.send_wanted.emit()
        else:
            self.status.say("Quầy này chưa nối máy chủ. Việc ở quầy vẫn làm như thường.")

    @Slot()
    def on_round_began(self) -> None:
        """Sending and fetching goes on beside the window."""
        from desk_app.ui.sending_words import UNDER_WAY

        self._sending = True
        self.status.show_sending(UNDER_WAY)
        if self.screens.sending is not None:
            self.screens.sending.show_sending()

    @Slot(int)
    def on_came(self, entries: int) -> None:
        """So many entries have come in this round."""
        if self.screens.sending is not None:
            self.screens.sending.show_came(entries)

    @Slot(object)
    def on_round_ended(self, result: dict[str, Any]) -> None:
        """Figures and lists again; what the clerk has chosen or typed stays."""
        self._sending = False
        self.refresh()
        for page in (self.screens.sending, self.screens.matters):
            if page is not None and page.isVisible():
                page.refresh()
        card = self.screens.card
        if result.get("fetched") and card is not None and card.isVisible():
            card.refresh()

    # ------------------------------------------------------------ scans

    @Slot(str)
    def take_scan(self, text: str) -> None:
        """Whatever has the focus, a scan is understood: cards open intake, codes a dossier."""
        from desk_app.devices.scan import code_in, kind_of

        self.status.scanner.say("Máy quét: tốt")
        if self.screens.covered:
            return
        if self.screens.scanner is not None and self.screens.scanner.isVisible():
            self.screens.scanner.scanned(text)
            return
        kind = kind_of(text.strip())
        returns, asks = self.screens.returns, self.screens.asks
        if returns is not None and returns.isVisible() and kind:
            returns.take_scan(kind, code_in(text.strip()) if kind == "code" else text.strip())
        elif kind == "code" and asks is not None and asks.isVisible():
            asks.take_code(code_in(text.strip()))
        elif kind == "code":
            from desk_app.ui.return_jobs import scanned_code

            job = partial(scanned_code, code_in(text.strip()))
            self._runner.ask(self, job, self._on_code_scanned)
        elif kind:
            self._show(self.receiving)
            self.receiving.take_scan(kind, text.strip())
        else:
            self.scan_unclear()

    def _on_code_scanned(self, answer: tuple[str, tuple[DossierLine, ...]]) -> None:
        """A result that lies here is to be returned; any other dossier is opened."""
        code, found = answer
        if len(found) != 1:
            self.open_code(code)
        elif found[0].ready_at is None:
            self.open_dossier(found[0])
        else:
            page = self.screens.open_return()
            self._show(page)
            page.open_id(found[0].id)

    @Slot()
    def scan_unclear(self) -> None:
        """Half a code, a doubled one, noise: say so; no field has kept any of it."""
        self.status.scanner.say("Máy quét: chưa rõ", token="warn")
        if self.screens.covered:
            return
        if self.receiving.isVisible():
            self.receiving.scan_unclear()
        else:
            self.status.say("Quét chưa rõ, quét lại")

    # ------------------------------------------------------------ keys

    def on_receiving(self, act: Callable[[], object]) -> None:
        """A key of the intake page, pressed anywhere: show the page and act."""
        self._show(self.receiving)
        act()

    def main_action(self) -> None:
        """F9, Ctrl+Enter: the main thing of the screen in sight."""
        page = self.stack.currentWidget()
        assert page is not None
        if page is self.receiving:
            self.receiving.main_action()
        else:
            self.screens.main_action(page)

    def print_again(self) -> None:
        """F7."""
        page = self.stack.currentWidget()
        assert page is not None
        if page is self.receiving:
            self.receiving.print_again()
        elif not self.screens.print_again(page):
            self.status.say("Chọn một hồ sơ để in lại.")

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
