"""The book of a year (sổ theo dõi hồ sơ) from the window: PDF or Excel, with progress, stopped by
asking again."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import QObject, QStandardPaths, QUrl, Signal, Slot
from PySide6.QtGui import QDesktopServices

from desk_app.rules.money import dotted
from desk_app.ui.palette import Command, Palette
from desk_app.ui.paper_process import PaperProcess, program

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.ui.runner import Runner

NOT_MADE: Final = "Chưa lập được sổ. Thử lại, hoặc chạy: desk-app register."


def ask_for(year: int, ending: str, folder: Path, desk: Desk) -> tuple[str, ...]:
    """A job for the runner: the command that writes the book of this counter."""
    path = folder / f"so-theo-doi-{year}-quay-{desk.counter.number}.{ending}"
    asked = ("--year", str(year), "--out", str(path), "--count", "--clerk", desk.clerk.login)
    return (*program(), "register", "--data", str(desk.data), "--json", *asked)


class YearBook(QObject):
    """Makes one book at a time.

    Signals:
        said: a sentence for the status line.
    """

    said = Signal(str)

    def __init__(self, runner: Runner, palette: Palette) -> None:
        super().__init__(palette)
        self._runner, self._palette = runner, palette
        self._year = 0
        self._process = PaperProcess(self)
        self._process.made.connect(self._on_made)
        self._process.failed.connect(self._on_failed)
        self._process.counted.connect(self._on_counted)

    def command(self) -> Command:
        """For the palette."""
        words = "so theo doi ho so nam mau 06 07 excel dong so"
        return Command("Sổ theo dõi hồ sơ…", self.choose, "file-text", "", words)

    def choose(self) -> None:
        """Offer this year and the last, PDF or Excel; while one is made, to stop it."""
        if self._year:
            stop = Command(f"Dừng lập sổ năm {self._year}", self.stop, "ban")
            self._palette.choose("Sổ theo dõi hồ sơ", [stop])
            return
        this = self._runner.desk.now().year
        choices = [
            Command(f"Sổ năm {year}, {words}", partial(self.make, year, ending), icon)
            for year in (this, this - 1)
            for ending, words, icon in (("pdf", "để in", "printer"), ("xlsx", "ra Excel", "files"))
        ]
        self._palette.choose("Sổ theo dõi hồ sơ", choices)

    def make(self, year: int, ending: str) -> None:
        """Begin; the window goes on meanwhile."""
        self._year = year
        self.said.emit(f"Đang lập sổ theo dõi năm {year}.")
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        job = partial(ask_for, year, ending, Path(folder))
        self._runner.ask(self, job, self._process.start)

    def stop(self) -> None:
        """A book of before stays as it was."""
        self._process.stop()
        self.said.emit(f"Đã dừng lập sổ năm {self._year}, tệp cũ còn nguyên.")
        self._year = 0

    @Slot()
    def close(self) -> None:
        """The window goes."""
        self._process.stop()

    @Slot(int, int)
    def _on_counted(self, done: int, total: int) -> None:
        said = f"Sổ năm {self._year}: {dotted(done)}/{dotted(total)} hồ sơ. Ctrl+K để dừng."
        self.said.emit(said)

    @Slot(object)
    def _on_made(self, made: dict[str, Any]) -> None:
        year, self._year = self._year, 0
        shown = QDesktopServices.openUrl(QUrl.fromLocalFile(made["file"]))
        said = "đã mở" if shown else f"tệp ở {made['file']}"
        where = f"Sổ năm {year}, quyển {made['volume']}: {dotted(made['rows'])} hồ sơ"
        self.said.emit(f"{where}, {said}.")

    @Slot(str)
    def _on_failed(self, told: str) -> None:
        self._year = 0
        self.said.emit(told or NOT_MADE)
