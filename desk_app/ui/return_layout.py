"""What lies where on the page "Trả kết quả", and what is in sight when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.rules.money import show_money
from desk_app.ui.entry_list import EntryView
from desk_app.ui.return_card import ReturnCard
from desk_app.ui.return_collector import CollectorCard, PayCard
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    CheckBox,
    EmptyState,
    Label,
    LabelledField,
    Notice,
    PageLayout,
    Row,
    ScanBox,
    Scrolled,
)

if TYPE_CHECKING:
    from desk_app.services.results import Collected
    from desk_app.services.returning import Returning

MOST_OTHERS: Final = 3


class ReturnLayout(QWidget):
    """The parts of the page; ``ReturnPage`` makes them act."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Trả kết quả")
        self.found: Returning | None = None
        self.last: Collected | None = None
        self.box = ScanBox("Quét giấy hẹn hoặc thẻ", "Quét giấy hẹn hoặc thẻ", key="")
        self._read = Badge("")
        self.card = ReturnCard()
        self.collector = CollectorCard()
        self.pay = PayCard()
        self.shelf = LabelledField("Nơi để")
        self.slot_ = LabelledField("Ô, bìa")
        self._shelving = Card("Nhận kết quả về quầy", role="bold")
        self.others = [CheckBox("") for _ in range(MOST_OTHERS)]
        self._others = Card("Hồ sơ khác của người này", role="bold")
        self._empty = EmptyState("scan", "Quét giấy hẹn để bắt đầu", "Hoặc gõ mã, số định danh.")
        self._done = Notice()
        self.list = EntryView("Có kết quả, chưa đến lấy")
        self._side = Card("Có kết quả, chưa đến lấy", role="bold")
        self.why_button = Button("Chưa trả, ghi lý do", "plain", "F6", "note")
        self.told_button = Button("Đã gọi điện", "plain", "Alt+G", "phone")
        self.slip_button = Button("In phiếu ký nhận", "plain", "F7", "printer")
        self.skip_button = Button("Bỏ qua", "link", "Esc", "arrow-back-up")
        self.main_button = Button("Đã trả kết quả", "main", "F9", "circle-check")
        self._lay_out()

    def _lay_out(self) -> None:
        self._shelving.add(Row(self.shelf, self.slot_, gap=10))
        for box in self.others:
            self._others.add(box)
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for part in (self._done, self.card, self._shelving):
            column.addWidget(part)
        pair = QHBoxLayout()
        pair.setSpacing(10)
        pair.addWidget(self.collector, 1)
        pair.addWidget(self.pay, 1)
        column.addLayout(pair)
        column.addWidget(self._others)
        column.addWidget(self._empty, 1)
        column.addStretch(1)
        self._side.add(self.list)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        for button in (self.why_button, self.told_button, self.slip_button, self.skip_button):
            foot.addWidget(button)
        foot.addStretch(1)
        foot.addWidget(self.main_button)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(Scrolled(inside, "Hồ sơ đang trả", keys=False), 1)
        left.addLayout(foot)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left, 7)
        columns.addWidget(self._side, 2)
        self.box.setMaximumWidth(380)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(Row(self.box, Label("Trả kết quả", "h1"), None, self._read, gap=16))
        page.addLayout(columns, 1)

    def _show(self, found: Returning | None) -> None:
        self.found = found
        here = found is not None
        shown = here and not self._can_shelve()
        for part, visible in (
            (self.card, here),
            (self._shelving, self._can_shelve()),
            (self.collector, shown),
            (self.pay, shown),
            (self._others, bool(found and found.others)),
            (self._empty, not here),
        ):
            part.setVisible(visible)
        for button in (self.why_button, self.told_button, self.skip_button, self.main_button):
            button.setVisible(here)
        self._read.setVisible(here)
        self.slip_button.setVisible(here or self.last is not None)
        if found is None:
            return
        self.card.show_returning(found)
        self.pay.show_returning(found)
        delivered = found.dossier.facts.delivery == "post"
        self.collector.begin("post" if delivered and found.dossier.life.ready else "applicant")
        for box, other in zip(self.others, found.others, strict=False):
            box.setText(f"{other.line.code}, {other.line.procedure}, {other.where}")
            box.setChecked(False)
            box.updateGeometry()
        for at, box in enumerate(self.others):
            box.setVisible(at < len(found.others))
        self._say_main()

    @Slot()
    def _say_main(self) -> None:
        found = self.found
        if found is None:
            return
        if self._can_shelve():
            self.main_button.say("Nhận kết quả về quầy", "archive")
        elif self.collector.way() == "post":
            self.main_button.say("Gửi bưu điện", "arrows-exchange")
        elif found.owed and found.dossier.life.ready:
            self.main_button.say(f"Thu {show_money(found.owed)} và trả", "cash")
        else:
            self.main_button.say("Đã trả kết quả", "circle-check")

    def _can_shelve(self) -> bool:
        """Whether a result was signed and has not come to the desk."""
        if self.found is None:
            return False
        life = self.found.dossier.life
        return not life.ready and any(r.delivery == "issued" for r in life.results)
