"""Assembles the window once: settings → database → desk → runner → window.

The window is painted first; the database library, the PDF library and the desk come after, in the
runner's worker.
"""

from __future__ import annotations

import gc
import os
import sys
import tomllib
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QEvent, QLockFile, QObject, QTimer, Slot
from PySide6.QtWidgets import QApplication, QMessageBox

from db.refused import Refused
from desk_app.clock import local_clock
from desk_app.devices.burst import Pace
from desk_app.devices.printing import PrintDesk
from desk_app.devices.wedge import Wedge
from desk_app.ui.main_window import MainWindow
from desk_app.ui.runner import Runner
from desk_app.ui.theme import Look, application

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.devices.serial import SerialScanner
    from desk_app.ui.background import Background

QUIET_MS = 30_000
LOADED_MS = 3_000
"""After the desk is open: libraries, pages and printers are there by then."""
SHORT_SWITCH = 0.0005
"""Seconds a thread may hold the interpreter: Python in the worker then delays a key by 8 ms at
most instead of 12 (measured)."""


class AlreadyRunning(Refused):
    """A window of this counter is open; it was asked to come forward."""


def open_window(data: Path, demo: bool = False) -> int:
    """Run the window of the counter in a data folder until it is closed; Qt's exit code.

    Raises:
        AlreadyRunning: another window has this counter open.
    """
    if sys.platform == "win32":
        # DirectWrite blurs bundled fonts on ordinary screens.
        os.environ.setdefault("QT_QPA_PLATFORM", "windows:fontengine=freetype")
    sys.setswitchinterval(SHORT_SWITCH)
    app = application("Một cửa")
    data.mkdir(parents=True, exist_ok=True)
    lock = QLockFile(str(data / "window.lock"))
    lock.setStaleLockTime(0)
    if not lock.tryLock(0):
        from desk_app.ui.only_window import call_forward

        call_forward(data)
        raise AlreadyRunning()
    program = Program(app, data, demo)
    program.window.showMaximized()
    code = app.exec()
    program.close()
    return code


class Program(QObject):
    """Everything that lives as long as the window."""

    def __init__(self, app: QApplication, data: Path, demo: bool) -> None:
        super().__init__()
        self._data, self._demo = data, demo
        settings = _glance(data)
        self.look = Look(app, settings.get("theme", "system"), settings.get("text_percent", 100))
        self.wedge = Wedge(
            app,
            pace=Pace(mean_ms=settings.get("scanner_ms", 35)),
            prefix=settings.get("scanner_prefix", ""),
        )
        self.runner, self.drawing = Runner(), Runner()
        self.printing = PrintDesk()
        self.serial: SerialScanner | None = None
        self.background: Background | None = None
        self.desk: Desk | None = None
        zone = settings.get("time_zone", "Asia/Ho_Chi_Minh")
        self.window = MainWindow(
            self.runner, self.drawing, self.printing, self.wedge, self.look, local_clock(zone)
        )
        self.runner.broke.connect(self._on_broke)
        self.drawing.broke.connect(self._on_broke)
        self.runner.declined.connect(self._on_declined)
        self._quiet = QTimer(self)
        self._quiet.setInterval(QUIET_MS)
        self._quiet.timeout.connect(self._on_quiet)
        self.window.installEventFilter(self)

    def close(self) -> None:
        """Finish what was begun, put the log into the database, let everything go."""
        self._quiet.stop()
        if self.serial is not None:
            self.serial.close()
        if self.background is not None:
            self.background.close()
        self.drawing.close()
        self.runner.close()
        self.printing.close()
        if self.desk is not None:
            self.desk.close()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """The first paint is the moment to begin with everything else."""
        if event.type() == QEvent.Type.Paint:
            self.window.removeEventFilter(self)
            QTimer.singleShot(0, self, self._begin)
        return False

    @Slot()
    def _begin(self) -> None:
        from desk_app.incidents import log_to

        log_to(self._data / "log")
        opening = partial(_open, self._data, self._demo)
        self.runner.open(self, opening, self._on_desk, self._on_closed_desk)

    def _on_desk(self, desk: Desk) -> None:
        from desk_app.ui.only_window import OnlyWindow

        self.desk = desk
        self.window.show_desk(desk)
        if not desk.settings.demo:
            self.window.screens.sign_in()
        self.window.start()
        self.only = OnlyWindow(self._data, self.window)
        self.printing.printers()
        _spare_what_stays()
        QTimer.singleShot(LOADED_MS, self, _spare_what_stays)
        self._send_and_fetch(desk)
        self._listen(desk.settings.scanner_port)
        self.window.port_chosen.connect(self._listen)
        self._quiet.start()
        if desk.healed is not None and desk.healed.recovered:
            found = desk.healed.recovered
            self.window.status.say(f"Đã tự khôi phục {found} mục từ ổ bản thứ hai.")
        if desk.journal.clock_quality() != "ok":
            self._ask_day(desk)
        self._tell_a_copy(desk)

    def _send_and_fetch(self, desk: Desk) -> None:
        """The second process: rounds where this counter belongs to others, and backups always."""
        settings = desk.settings
        if settings.demo and not settings.server:
            return
        from desk_app.ui.background import Background, command_of

        self.background = background = Background(command_of(self._data), self)
        background.began.connect(self.window.rounds.on_began)
        background.came.connect(self.window.rounds.on_came)
        background.ended.connect(self.window.rounds.on_ended)
        self.window.rounds.wanted.connect(background.send_now)
        if settings.server or settings.door or settings.siblings:
            background.start()
        else:
            background.start_later()

    @Slot(str)
    def _listen(self, port: str) -> None:
        """Read a scanner at this port from now on; empty: in keyboard mode only."""
        if self.serial is None:
            if not port:
                return
            from desk_app.devices.serial import SerialScanner

            self.serial = SerialScanner(self)
            self.serial.scanned.connect(self.window.scans.take)
            self.serial.unclear.connect(self.window.scans.unclear)
            self.serial.observed.connect(self.wedge.observed)
        self.serial.open(port)

    def _tell_a_copy(self, desk: Desk) -> None:
        """Before somebody stands at the counter, not when their dossier is to be saved."""
        from desk_app.messages import sentence_for
        from desk_app.services.machine import MachineIsACopy, require_own_machine

        try:
            with desk.reading() as connection:
                require_own_machine(desk, connection)
        except MachineIsACopy as refused:
            warning = QMessageBox.Icon.Warning
            said = QMessageBox(warning, "Máy khác", sentence_for(refused), parent=self.window)
            said.addButton("Đã hiểu", QMessageBox.ButtonRole.AcceptRole)
            said.exec()

    def _ask_day(self, desk: Desk) -> None:
        """A clock that cannot be right is confirmed by a person, or put right first."""
        from desk_app.rules.days import show_moment

        now = show_moment(desk.now())
        asked = QMessageBox(self.window)
        asked.setWindowTitle("Giờ máy")
        asked.setText(f"Máy đang ghi {now}. Có đúng là lúc này không?")
        asked.setInformativeText("Ngày này in lên giấy hẹn. Sai thì sửa giờ máy rồi mở lại.")
        right = asked.addButton("Đúng", QMessageBox.ButtonRole.AcceptRole)
        wrong = asked.addButton("Sai, để sửa giờ máy", QMessageBox.ButtonRole.RejectRole)
        asked.setDefaultButton(wrong)
        asked.exec()
        if asked.clickedButton() is right:
            desk.journal.confirm_clock()
        else:
            self.window.close()

    def _on_closed_desk(self, refused: Refused) -> None:
        """The counter cannot be opened: make it again where that can help, else say why and end."""
        from db.engine import DatabaseDamaged, WrongKey
        from desk_app.messages import sentence_for

        title = "Chưa mở được quầy"
        if isinstance(refused, DatabaseDamaged | WrongKey):
            asked = QMessageBox(QMessageBox.Icon.Critical, title, sentence_for(refused))
            asked.setInformativeText(
                "Dựng lại từ ổ bản thứ hai và phần còn đọc được của tệp cũ. Tệp cũ được giữ lại."
            )
            again = asked.addButton("Dựng lại dữ liệu", QMessageBox.ButtonRole.AcceptRole)
            asked.addButton("Đóng", QMessageBox.ButtonRole.RejectRole)
            asked.exec()
            if asked.clickedButton() is again:
                self.window.status.say("Đang dựng lại dữ liệu. Có thể mất vài phút.")
                work = partial(_restore, self._data)
                self.runner.open(self, work, self._on_desk, self._on_closed_desk)
                return
        else:
            QMessageBox.critical(self.window, title, sentence_for(refused))
        self.window.close()

    @Slot(str)
    def _on_broke(self, incident: str) -> None:
        self.window.status.say(
            f"Có trục trặc, mã {incident}. Hồ sơ đã lưu vẫn còn. Báo người phụ trách máy."
        )

    @Slot(object)
    def _on_declined(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        self.window.status.say(sentence_for(refused))

    @Slot()
    def _on_quiet(self) -> None:
        self.runner.ask(self, _checkpoint, self._on_checkpoint)

    def _on_checkpoint(self, _: None) -> None:
        """Nothing to say: the log is in the file."""


def _spare_what_stays() -> None:
    """Python's collector passes over what is loaded now: to go through all of it stops every
    thread, the screen's too, for 60 ms (measured), at whatever moment it falls due."""
    gc.freeze()


def _glance(data: Path) -> dict[str, Any]:
    """What the first paint needs of the settings; whether they are right is checked later."""
    try:
        return tomllib.loads((data / "counter.toml").read_text("utf-8"))
    except (OSError, tomllib.TOMLDecodeError):
        return {}


def _open(data: Path, demo: bool) -> Desk:
    if demo:
        from desk_app.services.demo import open_demo

        return open_demo(data)
    from desk_app.desk import open_desk

    return open_desk(data)


def _restore(data: Path) -> Desk:
    from desk_app.desk import open_desk
    from desk_app.services.restore_counter import restore_counter

    restore_counter(data)
    return open_desk(data)


def _checkpoint(desk: Desk) -> None:
    from db.engine import checkpoint

    checkpoint(desk.journal.engine)
