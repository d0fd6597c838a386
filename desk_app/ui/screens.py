"""The other screens and what lies over all of them; each is built when it is first wanted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot
from PySide6.QtWidgets import QWidget

from desk_app.ui.overlay import covering

if TYPE_CHECKING:
    from desk_app.devices.printing import PrintDesk
    from desk_app.devices.spooler import Printer
    from desk_app.devices.wedge import Wedge
    from desk_app.ui.ask_page import AskPage
    from desk_app.ui.day_sheets import DaySheets
    from desk_app.ui.dossier_card import DossierCard
    from desk_app.ui.dossiers_page import DossiersPage
    from desk_app.ui.keys_help import KeysHelp
    from desk_app.ui.lock_page import LockPage
    from desk_app.ui.main_window import MainWindow
    from desk_app.ui.matters_page import MattersPage
    from desk_app.ui.palette import Command, Palette
    from desk_app.ui.return_page import ReturnPage
    from desk_app.ui.runner import Runner
    from desk_app.ui.scanner_page import ScannerPage
    from desk_app.ui.sending_page import SendingPage
    from desk_app.ui.settings_commands import SettingsCommands
    from desk_app.ui.texts_page import TextsPage
    from desk_app.ui.theme import Look
    from desk_app.ui.work_page import WorkPage
    from desk_app.ui.year_book import YearBook
TEXTS_WORDS = "loi in sua mau ten don vi nguoi ky logo bieu trung cai dat"


class Screens(QObject):
    """Builds pages and overlays late, so that the first paint does not pay for them."""

    def __init__(
        self,
        runner: Runner,
        drawing: Runner,
        printing: PrintDesk,
        wedge: Wedge,
        look: Look,
        window: MainWindow,
    ) -> None:
        """``drawing`` is a second runner: it renders papers to look at."""
        super().__init__(window)
        self._runner, self._drawing, self._printing = runner, drawing, printing
        self._wedge, self._look, self._window = wedge, look, window
        self.dossiers: DossiersPage | None = None
        self.card: DossierCard | None = None
        self.scanner: ScannerPage | None = None
        self.sending: SendingPage | None = None
        self.matters: MattersPage | None = None
        self.returns: ReturnPage | None = None
        self.asks: AskPage | None = None
        self.work: WorkPage | None = None
        self.texts: TextsPage | None = None
        self._keys_of: dict[QWidget, tuple[str, tuple[tuple[str, str], ...]]] = {}
        self._printers: tuple[str, ...] = ()
        self._palette: Palette | None = None
        self._settings: SettingsCommands | None = None
        self.day_sheets: DaySheets | None = None
        self.year_book: YearBook | None = None
        self._keys: KeysHelp | None = None
        self._lock: LockPage | None = None

    @property
    def covered(self) -> bool:
        """Whether something lies over the page and has the keys."""
        return covering(self._window) is not None

    def open_dossiers(self) -> DossiersPage:
        """The list."""
        from desk_app.ui.dossiers_layout import KEYS
        from desk_app.ui.dossiers_page import DossiersPage

        if self.dossiers is None:
            self.dossiers = DossiersPage(self._runner)
            self._keys_of[self.dossiers] = ("Hồ sơ", KEYS)
            self.dossiers.opened.connect(self._window.ways.open_dossier)
            self.dossiers.print_wanted.connect(self._window.printing.print_receipt)
            self.dossiers.list_actions.said.connect(self._window.status.say)
            self.dossiers.list_actions.list_wanted.connect(self._window.printing.print_list)
            self.dossiers.list_actions.changed.connect(self._window.refresh)
            self.dossiers.left.connect(self._window.ways.show_receiving)
            self._window.stack.addWidget(self.dossiers)
        return self.dossiers

    def open_dossier(self, id: bytes) -> DossierCard:
        """One dossier."""
        from desk_app.ui.dossier_card import KEYS, DossierCard

        if self.card is None:
            self.card = DossierCard(self._runner)
            self._keys_of[self.card] = ("Một hồ sơ", KEYS)
            self.card.print_wanted.connect(self._window.printing.print_receipt)
            self.card.slip_wanted.connect(self._window.printing.print_slip)
            self.card.paper_wanted.connect(self._window.printing.print_slip)
            self.card.changed.connect(self._window.refresh)
            self.card.left.connect(self._window.ways.show_dossiers)
            self._window.stack.addWidget(self.card)
        self.card.show_dossier(id)
        self.card.take_focus()
        return self.card

    def open_sending(self) -> SendingPage:
        """What has gone where."""
        from desk_app.ui.sending_page import KEYS, SendingPage

        if self.sending is None:
            self.sending = SendingPage(self._runner)
            self._keys_of[self.sending] = ("Gửi nhận", KEYS)
            self.sending.send_wanted.connect(self._window.rounds.send_now)
            self.sending.opened.connect(self._window.ways.open_dossier)
            self.sending.left.connect(self._window.ways.show_receiving)
            self._window.stack.addWidget(self.sending)
        return self.sending

    def open_matters(self) -> MattersPage:
        """What wants a person."""
        from desk_app.ui.matters_page import KEYS, MattersPage

        if self.matters is None:
            self.matters = MattersPage(self._runner)
            self._keys_of[self.matters] = ("Việc cần xử lý", KEYS)
            self.matters.open_wanted.connect(self._window.ways.open_id)
            self.matters.settled.connect(self._window.on_settled)
            self.matters.left.connect(self._window.ways.show_receiving)
            self._window.stack.addWidget(self.matters)
        return self.matters

    def open_return(self) -> ReturnPage:
        """Results into the right hands."""
        from desk_app.ui.return_page import KEYS, ReturnPage

        if self.returns is None:
            self.returns = ReturnPage(self._runner)
            self._keys_of[self.returns] = ("Trả kết quả", KEYS)
            self.returns.said.connect(self._window.status.say)
            self.returns.changed.connect(self._window.refresh)
            self.returns.slip_wanted.connect(self._window.printing.print_slip)
            self.returns.calls_wanted.connect(self._window.ways.show_uncollected)
            self.returns.left.connect(self._window.ways.show_receiving)
            self._window.stack.addWidget(self.returns)
        return self.returns

    def open_asks(self) -> AskPage:
        """What is missing, and who has not come back."""
        from desk_app.ui.ask_page import KEYS, AskPage

        if self.asks is None:
            self.asks = AskPage(self._runner)
            self._keys_of[self.asks] = ("Bổ sung", KEYS)
            self.asks.said.connect(self._window.status.say)
            self.asks.changed.connect(self._window.refresh)
            self.asks.slip_wanted.connect(self._window.printing.print_slip)
            self.asks.form_wanted.connect(self._window.ways.take_form)
            self.asks.sent_home.connect(self._window.receiving.sent_home)
            self.asks.left.connect(self._window.ways.leave_asks)
            self._window.stack.addWidget(self.asks)
        return self.asks

    def open_work(self) -> WorkPage:
        """What lies at the departments."""
        from desk_app.ui.work_page import KEYS, WorkPage

        if self.work is None:
            self.work = WorkPage(self._runner)
            self._keys_of[self.work] = ("Bàn xử lý", KEYS)
            self.work.opened.connect(self._window.ways.open_id)
            self.work.asked.connect(self._window.ways.ask_about)
            self.work.slip_wanted.connect(self._window.printing.print_slip)
            self.work.said.connect(self._window.status.say)
            self.work.changed.connect(self._window.refresh)
            self.work.left.connect(self._window.ways.show_dossiers)
            self._window.stack.addWidget(self.work)
        return self.work

    def open_texts(self) -> TextsPage:
        """What the papers say."""
        from desk_app.ui.texts_layout import KEYS
        from desk_app.ui.texts_page import TextsPage

        if self.texts is None:
            self.texts = TextsPage(self._runner, self._drawing)
            self._keys_of[self.texts] = ("Mẫu giấy tờ", KEYS)
            self.texts.said.connect(self._window.status.say)
            self.texts.left.connect(self._window.ways.show_receiving)
            self._window.stack.addWidget(self.texts)
        return self.texts

    def ask_palette(self) -> None:
        """Find over everything."""
        from desk_app.ui.day_sheets import DaySheets
        from desk_app.ui.palette import Palette
        from desk_app.ui.settings_commands import SettingsCommands
        from desk_app.ui.year_book import YearBook

        if self._palette is None or self._settings is None:
            self._palette = Palette(self._runner, self._window)
            self._palette.person_chosen.connect(self._window.ways.take_person)
            self._palette.dossier_chosen.connect(self._window.ways.open_dossier)
            self._settings = SettingsCommands(self._runner, self._look, self._palette)
            self.day_sheets = DaySheets(self._runner, self._printing, self._palette)
            self.day_sheets.said.connect(self._window.status.say)
            self._window.closed.connect(self.day_sheets.close)
            self.year_book = YearBook(self._runner, self._palette)
            self.year_book.said.connect(self._window.status.say)
            self._window.closed.connect(self.year_book.close)
        assert self.day_sheets is not None and self.year_book is not None
        self._settings.set_printers(self._printers)
        papers = (*self.day_sheets.commands(), self.year_book.command())
        self._palette.set_commands((*self._commands(), *papers, *self._settings.commands()))
        self._palette.ask()

    def _commands(self) -> tuple[Command, ...]:
        from desk_app.ui.palette import Command

        window, ways = self._window, self._window.ways
        return (
            Command("Tiếp nhận hồ sơ", ways.show_receiving, "file-plus", "F2", "nop moi"),
            Command("Trả kết quả", ways.show_return, "archive", "F4", "tra ket qua"),
            Command("Yêu cầu bổ sung, chờ dân", ways.show_asks, "note", "F6", "thieu giay"),
            Command("Danh sách hồ sơ", ways.show_dossiers, "files", "F8", "tra cuu"),
            Command("In lại giấy vừa xong", window.receiving.print_again, "printer", "F7", ""),
            Command(
                "Hoàn tác hồ sơ vừa xong", window.receiving.undo, "arrow-back-up", "Ctrl+Z", ""
            ),
            Command("Bàn xử lý", ways.show_work, "user-check", "Ctrl+B", "bo phan tai viec tre"),
            Command("Gửi nhận", ways.show_sending, "arrows-exchange", "F5", "gui mang dong bo"),
            Command("Việc cần xử lý", ways.show_matters, "alert-triangle", "Ctrl+M", "xung dot"),
            Command("Mẫu giấy tờ…", ways.show_texts, "file-text", "", TEXTS_WORDS),
            Command("Thử máy quét", self.test_scanner, "scan", "", "kiem tra may quet"),
            Command("Khoá, đổi cán bộ", window.lock, "lock", "Ctrl+L", "dang xuat"),
            Command("Phím tắt của màn hình này", window.show_keys, "keyboard", "F1", "tro giup"),
        )

    @Slot()
    def test_scanner(self) -> None:
        """The page that shows how quick the scanner is and what it sends."""
        from desk_app.ui.scanner_page import KEYS, ScannerPage

        if self.scanner is None:
            self.scanner = ScannerPage(self._runner)
            self._keys_of[self.scanner] = ("Thử máy quét", KEYS)
            self._wedge.observed.connect(self.scanner.show_reading)
            self.scanner.port_chosen.connect(self._window.port_chosen)
            self.scanner.left.connect(self._window.ways.show_receiving)
            self._window.stack.addWidget(self.scanner)
        self._window.stack.setCurrentWidget(self.scanner)
        self._window.bar.show_tab(None)
        self.scanner.take_focus()

    @Slot(object)
    def know_printers(self, printers: tuple[Printer, ...]) -> None:
        """The printers of the system, to choose from."""
        self._printers = tuple(printer.name for printer in printers)
        if self._settings is not None:
            self._settings.set_printers(self._printers)

    def show_keys(self, page: QWidget | None) -> None:
        """The keys of the page in sight, beside those of every page."""
        from desk_app.ui.keys_help import RECEIVING_KEYS, KeysHelp

        if self._keys is None:
            self._keys = KeysHelp(self._window)
        usual: tuple[str, tuple[tuple[str, str], ...]] = ("Tiếp nhận", RECEIVING_KEYS)
        title, keys = usual if page is None else self._keys_of.get(page, usual)
        self._keys.show_keys(title, keys)

    def lock(self) -> None:
        """Cover everything until somebody signs in."""
        self._lock_page().lock(self._runner.desk.clerk.login)

    def sign_in(self) -> None:
        """Ask who is at the counter, as when the program starts."""
        self._lock_page().sign_in(self._runner.desk.clerk.login)

    def _lock_page(self) -> LockPage:
        from desk_app.ui.lock_page import LockPage

        if self._lock is None:
            self._lock = LockPage(self._runner, self._window)
            self._lock.signed_in.connect(self._window.show_desk)
        return self._lock
