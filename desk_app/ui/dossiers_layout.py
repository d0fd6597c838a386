"""What lies where on the page of dossiers, and what is said of the list in sight."""

from __future__ import annotations

from typing import Final

from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from desk_app.rules.money import dotted
from desk_app.services.dossiers import Narrow
from desk_app.ui.dossier_detail import DossierDetail
from desk_app.ui.dossier_filters import FILTERS, PAGE
from desk_app.ui.dossier_list import DossierHead, DossierView
from desk_app.ui.dossier_rows import DossierRows
from desk_app.ui.list_actions import ListActions
from desk_app.ui.list_chips import ListChips
from desk_app.ui.runner import Runner
from desk_app.ui.theme import px
from desk_app.ui.widgets import (
    Button,
    Card,
    Column,
    EmptyState,
    KeyHints,
    Label,
    PageLayout,
    Row,
    ScanBox,
)

KEYS: Final = (
    ("↑ ↓", "chọn"),
    ("Enter", "mở"),
    ("F7", "in lại giấy"),
    ("Ctrl+C", "chép mã"),
    ("Ctrl+F", "lọc"),
    ("Alt+B", "bộ lọc riêng"),
    ("Ctrl+E", "ra Excel"),
    ("Ctrl+P", "phiếu bàn giao kết quả mới về"),
    ("Esc", "bỏ tìm"),
)
"""The keys of this page, for its foot and for F1."""


class DossiersLayout(QWidget):
    """The parts of the page; ``DossiersPage`` makes them act."""

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Hồ sơ")
        self.box = ScanBox("Tìm hồ sơ", "Quét giấy hẹn, hoặc gõ tên, mã", key="")
        self.lists = ListChips()
        self.rows = DossierRows(self)
        self.view = DossierView(self.rows)
        self.detail = DossierDetail()
        self.list_actions = ListActions(runner, self)
        self.filter_button = Button("Bộ lọc riêng", "link", "Alt+B", "filter")
        self._focus_filters = Button("Lọc", "link", "Ctrl+F", "filter")
        self._empty = EmptyState("files", "")
        self._count = Label("", "caption", "muted")
        self._counts: dict[str, int] = {}
        self._lay_out()

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(12)
        head.addWidget(self.box, 4)
        head.addLayout(Column(None, self.lists, None), 9)
        head.addLayout(Column(None, self._focus_filters, self.filter_button, None, gap=0))
        table = Card()
        table.setAccessibleName("Danh sách hồ sơ")
        table.body.setContentsMargins(1, 1, 1, 1)
        table.body.setSpacing(0)
        self._stack = QStackedWidget()
        self._stack.addWidget(self.view)
        self._stack.addWidget(self._empty)
        table.add(DossierHead(self.view), self._stack)
        left = QVBoxLayout()
        left.setSpacing(4)
        left.addWidget(table, 1)
        actions = self.list_actions
        buttons = Row(actions.forward_button, actions.results_button, actions.excel_button, gap=4)
        left.addLayout(Row(KeyHints(KEYS), self._count))
        left.addLayout(Row(None, buttons))
        middle = QHBoxLayout()
        middle.setSpacing(14)
        middle.addLayout(left, 1)
        middle.addWidget(self.detail)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(head)
        page.addLayout(middle, 1)

    def show_counts(self, counts: dict[str, int]) -> None:
        """How many dossiers each list holds."""
        self._counts = counts
        self.lists.show_counts(counts)

    def _show_rows(self) -> None:
        """The list, or what an empty one says."""
        text, wanted = self.box.text().strip(), self.lists.wanted
        if self.rows.rowCount():
            self._stack.setCurrentWidget(self.view)
        elif text:
            self._say_empty(f"Không thấy “{text}”", "Thử số định danh, hoặc bỏ tìm (Esc).")
        elif wanted.narrow != Narrow():
            self._say_empty("Không có hồ sơ nào trong bộ lọc này. Alt+B để đổi.")
        else:
            self._say_empty(next(empty for which, _, empty in FILTERS if which == wanted.which))
        self._say_count()

    def _say_empty(self, says: str, then: str = "") -> None:
        self._empty.say(says, then)
        self._stack.setCurrentWidget(self._empty)

    def _say_count(self) -> None:
        shown, searched, wanted = self.rows.rowCount(), self.box.text().strip(), self.lists.wanted
        total = max(shown, self._counts.get(wanted.which, shown))
        said = f"Đang xem {dotted(shown)} trên {dotted(total)} hồ sơ"
        if searched:
            said = f"Thấy {dotted(shown)} hồ sơ" if shown < PAGE else f"{PAGE} hồ sơ mới nhất"
        elif wanted.narrow != Narrow():
            said = f"{wanted.name or 'Bộ lọc riêng'}: {dotted(shown)} hồ sơ"
            said += " đầu" * (shown >= PAGE)
        self._count.setText(said if shown else "")
        self.list_actions.show_list(wanted, 0 if searched else shown)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.detail.setVisible(self.width() >= px(1200))
        self.detail.setFixedWidth(px(330))
        self._focus_filters.setVisible(self.width() >= px(1000))
