"""The settings a clerk changes, as commands of the palette: look, paper, printer, scanner."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QObject, Signal

from desk_app.ui.look_keeper import save_settings
from desk_app.ui.palette import Command, Palette
from desk_app.ui.runner import Runner
from desk_app.ui.theme import LARGEST, SMALLEST, STEP, Choice, Look

if TYPE_CHECKING:
    from desk_app.desk import Desk

THEMES: Final[tuple[tuple[Choice, str, str, str], ...]] = (
    ("system", "Giao diện theo máy", "device-desktop", "mau sac theme"),
    ("light", "Giao diện sáng", "sun", "mau sac theme"),
    ("dark", "Giao diện tối", "moon", "mau sac theme ban dem"),
    ("contrast", "Giao diện tương phản cao", "contrast", "mau sac theme"),
)
PAPERS: Final = (
    ("A4x2", "Khổ giấy A4, hai liên trên một tờ"),
    ("A5", "Khổ giấy A5, mỗi liên một tờ"),
    ("A4", "Khổ giấy A4, mỗi liên một tờ"),
)


class SettingsCommands(QObject):
    """Makes the commands and saves what they choose, through the worker, at once.

    Signals:
        saved: other settings hold now.
    """

    saved = Signal(object)

    def __init__(self, runner: Runner, look: Look, palette: Palette) -> None:
        super().__init__(palette)
        self._runner, self._look, self._palette = runner, look, palette
        self._printers: tuple[str, ...] = ()

    def set_printers(self, names: Sequence[str]) -> None:
        """The printers the system knows."""
        self._printers = tuple(names)

    def commands(self) -> tuple[Command, ...]:
        """What can be set, with what holds now marked."""
        settings = self._runner.desk.settings
        themes = tuple(
            Command(text, partial(self._look.choose, choice), icon, "", words,
                    self._look.choice == choice)
            for choice, text, icon, words in THEMES
        )  # fmt: skip
        papers = tuple(
            Command(text, partial(self._save, {"paper": paper}), "file-text", "",
                    "in giay lien", settings.paper == paper)
            for paper, text in PAPERS
        )  # fmt: skip
        return (
            *themes,
            Command("Chữ to hơn", self._look.larger, "zoom-in", "Ctrl++", "co chu phong to"),
            Command("Chữ nhỏ hơn", self._look.smaller, "minus", "Ctrl+-", "co chu thu nho"),
            Command("Cỡ chữ", self.choose_size, "text-size", "", "phan tram to nho"),
            Command("Chọn máy in giấy tiếp nhận", self.choose_printer, "printer", "", "may in"),
            Command(
                "Chọn máy in phiếu nhỏ 80 mm",
                self.choose_ticket_printer,
                "printer",
                "",
                "may in nhiet ve bill",
            ),
            *papers,
        )

    def choose_size(self) -> None:
        """Offer the text sizes."""
        sizes = range(SMALLEST, LARGEST + 1, STEP)
        self._palette.choose(
            "Cỡ chữ",
            [
                Command(f"Chữ {size} %", partial(self._look.resize, size), "text-size", "", "",
                        self._look.percent == size)
                for size in sizes
            ],
        )  # fmt: skip

    def choose_printer(self) -> None:
        """Offer the printers for the receipt."""
        now = self._runner.desk.settings.printer
        self._offer("Máy in giấy tiếp nhận", "printer", now, "Máy in mặc định của máy")

    def choose_ticket_printer(self) -> None:
        """Offer the printers for the 80 mm ticket."""
        now = self._runner.desk.settings.ticket_printer
        self._offer("Máy in phiếu nhỏ", "ticket_printer", now, "Không có, in chung máy giấy hẹn")

    def _offer(self, title: str, setting: str, now: str, none: str) -> None:
        names = ("", *self._printers)
        if now and now not in names:
            names = (*names, now)
        self._palette.choose(
            title,
            [
                Command(name or none, partial(self._save, {setting: name}),
                        "printer", "", "", now == name)
                for name in names
            ],
        )  # fmt: skip

    def _save(self, changes: dict[str, object]) -> None:
        self._runner.ask(self, partial(save_settings, changes), self._on_saved)

    def _on_saved(self, desk: Desk) -> None:
        self._runner.take_settings(desk.settings)
        self.saved.emit(desk.settings)
