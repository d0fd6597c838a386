"""The papers of a day from the window: made by a process of its own, then printed or shown.

Looking through a journal of years and folding a day is seconds of Python, which a thread of the
window would spend holding the interpreter, and a save would wait behind it.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal, NamedTuple

from PySide6.QtCore import QObject, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from desk_app.ui.palette import Command, Palette
from desk_app.ui.paper_process import PaperProcess, program

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.devices.printing import PrintDesk
    from desk_app.ui.runner import Runner

Then = Literal["print", "show"]


class Paper(NamedTuple):
    """A paper of a day: the command that makes it, its name, the words that find it."""

    command: str
    name: str
    words: str

    @property
    def not_made(self) -> str:
        """What is said when nobody knows why there is none."""
        return f"Chưa lập được {self.name}. Thử lại, hoặc chạy: desk-app {self.command}."


SHEET: Final = Paper("day-sheet", "phiếu cuối ngày", "bao cao tong hop so lieu chot ngay in phieu")
BOOK: Final = Paper("day-book", "sổ ngày", "nhat ky tiep nhan tra ket qua thu tien trong ngay")


class Order(NamedTuple):
    """A paper that is being made, and what then becomes of it."""

    paper: Paper
    day: date
    then: Then
    printer: str


def command_of(paper: Paper, data: Path, day: date, login: str, second: int) -> tuple[str, ...]:
    """How it is made.

    ``second`` is the journal's place up to which the window knows the second medium to be: that
    medium has one writer.
    """
    asked = ("--date", day.isoformat(), "--clerk", login, "--second", str(second))
    return (*program(), paper.command, "--data", str(data), "--json", *asked)


def ask_for(paper: Paper, day: date, then: Then, desk: Desk) -> tuple[Order, tuple[str, ...]]:
    """A job for the runner: the order and the command that makes the paper."""
    second = desk.spool.reached(desk.journal) if desk.spool else 0
    command = command_of(paper, desk.data, day, desk.clerk.login, second)
    return Order(paper, day, then, desk.settings.printer), command


class DaySheets(QObject):
    """Makes one paper at a time.

    Signals:
        said: a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, runner: Runner, printing: PrintDesk, palette: Palette) -> None:
        super().__init__(palette)
        self._runner, self._printing, self._palette = runner, printing, palette
        self._process = PaperProcess(self)
        self._process.made.connect(self._on_answer)
        self._process.failed.connect(self._on_failed)
        self._order: Order | None = None
        self._jobs: dict[str, tuple[Paper, Path]] = {}
        printing.answered.connect(self._on_printed)

    def commands(self) -> tuple[Command, ...]:
        """For the palette."""
        return tuple(
            Command(f"{paper.name.capitalize()}…", partial(self.choose, paper), "file-text", "",
                    paper.words)
            for paper in (SHEET, BOOK)
        )  # fmt: skip

    def choose(self, paper: Paper) -> None:
        """Offer today and yesterday, paper or screen."""
        today = self._runner.desk.now().date()
        choices = []
        for day, name in ((today, "hôm nay"), (today - timedelta(days=1), "hôm qua")):
            on = f"{name}, {day:%d/%m}"
            make = partial(self.make, paper, day)
            choices += [
                Command(f"In {paper.name} {on}", partial(make, "print"), "printer"),
                Command(f"Xem {paper.name} {on}", partial(make, "show"), "file-text"),
            ]
        self._palette.choose(paper.name.capitalize(), choices)

    def make(self, paper: Paper, day: date, then: Then) -> None:
        """Begin; the window goes on meanwhile."""
        if self._order is not None:
            self.said.emit("Đang lập phiếu, chờ xong rồi lập phiếu khác.")
            return
        self._order = Order(paper, day, then, "")
        self.said.emit(f"Đang lập {paper.name} {day:%d/%m}.")
        self._runner.ask(self, partial(ask_for, paper, day, then), self._on_asked)

    @Slot()
    def close(self) -> None:
        """The window goes: a sheet that is being made is made another time."""
        self._process.stop()

    # ------------------------------------------------------------ the process

    def _on_asked(self, asked: tuple[Order, tuple[str, ...]]) -> None:
        self._order, command = asked
        self._process.start(command)

    @Slot(object)
    def _on_answer(self, made: dict[str, Any]) -> None:
        order, self._order = self._order, None
        if order is not None:
            self._on_made(order, made)

    @Slot(str)
    def _on_failed(self, told: str) -> None:
        order, self._order = self._order, None
        self.said.emit(told or (order.paper if order else SHEET).not_made)

    def _on_made(self, order: Order, made: dict[str, Any]) -> None:
        path = Path(made["pdf"])
        if order.then == "print":
            job = f"{order.paper.command}-{order.day}"
            self._jobs[job] = order.paper, path
            self._printing.request(job, path, order.printer, "A4")
            said = "đang in"
        else:
            shown = QDesktopServices.openUrl(QUrl.fromLocalFile(str(path)))
            said = "đã mở để xem" if shown else f"tệp ở {path}"
        if made["agrees"]:
            name = order.paper.name.capitalize()
            self.said.emit(f"{name} {order.day:%d/%m}: tổng khớp, {said}.")
        else:
            self.said.emit(f"TỔNG KHÔNG KHỚP, xem {order.paper.name} {order.day:%d/%m} ({said}).")

    @Slot(str, str, str)
    def _on_printed(self, job: str, state: str, why: str) -> None:
        if job not in self._jobs:
            return
        paper, path = self._jobs.pop(job)
        if state == "printed":
            self.said.emit(f"Đã in {paper.name}.")
            return
        from desk_app.messages import PRINTER_WORDS

        reason = PRINTER_WORDS.get(why, "")
        begin = "Chưa rõ phiếu đã ra chưa" if state == "unsure" else "Chưa in được phiếu"
        self.said.emit(f"{begin}{': ' + reason if reason else ''}. Tệp ở {path}.")
