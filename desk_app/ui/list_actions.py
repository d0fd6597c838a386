"""What can be done with a whole list: give it over to the departments, sign for results, Excel."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QStandardPaths, Signal, Slot

from desk_app.messages import sentence_for
from desk_app.rules.days import show_moment
from desk_app.rules.phones import show_phone
from desk_app.services import dossiers as lists
from desk_app.services import forwarding
from desk_app.services.dossiers import Narrow
from desk_app.services.forwarding import Handover
from desk_app.services.handovers import GivenOver, results_of_today
from desk_app.services.saved_filters import SavedFilter
from desk_app.services.spreadsheet import write_xlsx
from desk_app.ui.dossier_filters import FILTERS
from desk_app.ui.runner import Runner
from desk_app.ui.step_words import SHOWN
from desk_app.ui.widgets import Button

if TYPE_CHECKING:
    from db.refused import Refused
    from desk_app.desk import Desk

COLUMNS = (
    "Mã hồ sơ",
    "Người nộp",
    "Điện thoại",
    "Thủ tục",
    "Nhận lúc",
    "Hẹn trả",
    "Tình trạng",
    "Đang ở",
)
MOST = 5_000
"""Rows taken to a workbook at once."""
_NOT_IN_NAMES = frozenset('\\/:*?"<>|[]')
"""What Windows or Excel wants in no name of a file or a sheet."""


class ListActions(QObject):
    """Buttons beneath a list.

    Signals:
        said: a sentence for the status line.
        list_wanted: print the hand-over list; carries a ``Handover`` or a ``GivenOver``.
        changed: dossiers went on; lists want fetching again.
    """

    said = Signal(str)
    list_wanted = Signal(object)
    changed = Signal()

    def __init__(self, runner: Runner, parent: QObject) -> None:
        super().__init__(parent)
        self._runner = runner
        self._wanted = SavedFilter("", "today")
        self.forward_button = Button("Chuyển hết, in phiếu bàn giao", "plain", "F9", "archive")
        self.results_button = Button("In phiếu bàn giao kết quả", "plain", "Ctrl+P", "printer")
        self.excel_button = Button("Ra Excel", "link", "Ctrl+E", "files")
        self.forward_button.clicked.connect(self.forward_all)
        self.results_button.clicked.connect(self.print_results)
        self.excel_button.clicked.connect(self.to_excel)

    def show_list(self, wanted: SavedFilter, rows: int) -> None:
        """Another list is in sight; ``rows`` are in it."""
        self._wanted = wanted
        self.forward_button.setVisible(self.can_forward and rows > 0)
        self.results_button.setVisible(wanted.which == "ready" and rows > 0)
        self.excel_button.setVisible(rows > 0)

    @property
    def can_forward(self) -> bool:
        """Whether the list in sight is the one that goes to the departments."""
        return self._wanted.which == "to_forward" and self._wanted.narrow == Narrow()

    @Slot()
    def forward_all(self) -> None:
        """Everything received by three o'clock goes to the department of its field."""
        self._runner.ask(self, forward_waiting, self._on_gone, self._on_refused)

    @Slot()
    def print_results(self) -> None:
        """Results that came from the departments today and stand on no list yet, to sign for."""
        if self._wanted.which == "ready":
            self._runner.ask(self, results_of_today, self._on_results, self._on_refused)

    @Slot()
    def to_excel(self) -> None:
        """The list as a workbook in the documents' folder."""
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        job = partial(save_list, self._wanted, Path(folder))
        self._runner.ask(self, job, self._on_saved, self._on_refused)

    def _on_gone(self, given: tuple[Handover, ...]) -> None:
        gone = sum(len(each.dossiers) for each in given)
        left = sum(len(each.refused) for each in given)
        for each in given:
            if each.dossiers:
                self.list_wanted.emit(each)
        said = f"Đã chuyển {gone} hồ sơ, {len([g for g in given if g.dossiers])} phiếu bàn giao."
        if not gone and not left:
            said = "Chưa có hồ sơ nào nhận trước 15 giờ cần chuyển."
        self.said.emit(said + (f" {left} hồ sơ chưa chuyển được." if left else ""))
        self.changed.emit()

    def _on_results(self, lists: tuple[GivenOver, ...]) -> None:
        for each in lists:
            self.list_wanted.emit(each)
        came = sum(len(each.lines) for each in lists)
        self.said.emit(f"Đang in {len(lists)} phiếu bàn giao, {came} kết quả.")

    def _on_saved(self, path: Path) -> None:
        self.said.emit(f"Đã ghi danh sách ra {path}.")

    def _on_refused(self, refused: Refused) -> None:
        self.said.emit(sentence_for(refused))


def forward_waiting(desk: Desk) -> tuple[Handover, ...]:
    """Give over everything that is to go on today."""
    ids = [line.id for line in forwarding.waiting_to_go(desk)]
    return forwarding.forward(desk, ids) if ids else ()


def save_list(wanted: SavedFilter, folder: Path, desk: Desk) -> Path:
    """Write a list; identity numbers are in no list.

    Raises:
        SheetNotSaved.
    """
    name = wanted.name or next(words for which, words, _ in FILTERS if which == wanted.which)
    name = "".join("-" if sign in _NOT_IN_NAMES else sign for sign in name)
    path = folder / f"{name} {desk.now():%Y-%m-%d %H%M}.xlsx"
    rows = (
        (
            line.code,
            line.name,
            show_phone(line.phone) if line.phone else "",
            line.procedure,
            show_moment(line.received_at),
            show_moment(line.due_at),
            SHOWN[line.status][0],
            line.department,
        )
        for line in lists.page(desk, wanted.which, limit=MOST, narrow=wanted.narrow)
    )
    write_xlsx(path, name, COLUMNS, rows)
    return path
