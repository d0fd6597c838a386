"""What lies where on the page "Trả kết quả", and what is in sight when."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import Slot
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from desk_app.rules.days import show_moment
from desk_app.rules.money import show_money
from desk_app.ui.return_card import ReturnCard
from desk_app.ui.return_collector import CollectorCard, PayCard
from desk_app.ui.return_waiting import WaitingCard
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    CheckBox,
    Column,
    EmptyState,
    FlowRow,
    Label,
    LabelledField,
    Notice,
    PageLayout,
    Row,
    ScanBox,
    Scrolled,
    UndoBar,
)

if TYPE_CHECKING:
    from desk_app.services.results import Collected
    from desk_app.services.returning import Returning, Waiting

MOST_OTHERS: Final = 3
MOST_RESULTS: Final = 9


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
        self.side = WaitingCard()
        self.list = self.side.list
        self.why_button = Button("Chưa trả, ghi lý do", "plain", "F6", "note")
        self.parts = [CheckBox("") for _ in range(MOST_RESULTS)]
        self._parts = Card("Trả kết quả nào", role="bold")
        self.undo_bar = UndoBar()
        self.slip_button = Button("In phiếu ký nhận", "plain", "F7", "printer")
        self.skip_button = Button("Bỏ qua", "link", "Esc", "arrow-back-up")
        self.main_button = Button("Đã trả kết quả", "main", "F9", "circle-check")
        self._lay_out()

    def _lay_out(self) -> None:
        self._shelving.add(Row(self.shelf, self.slot_, gap=10))
        for box in self.others:
            self._others.add(box)
        for box in self.parts:
            self._parts.add(box)
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
        column.addWidget(self._parts)
        column.addLayout(pair)
        column.addWidget(self._others)
        column.addWidget(self._empty, 1)
        column.addStretch(1)
        actions = FlowRow(gap=10)
        for button in (self.why_button, self.slip_button, self.skip_button):
            actions.addWidget(button)
        foot = QHBoxLayout()
        foot.setSpacing(10)
        foot.addLayout(Column(None, actions, None), 1)
        foot.addWidget(self.main_button)
        left = QVBoxLayout()
        left.setSpacing(10)
        left.addWidget(Scrolled(inside, "Hồ sơ đang trả", keys=False), 1)
        left.addWidget(self.undo_bar)
        left.addLayout(foot)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addLayout(left, 3)
        columns.addWidget(self.side, 1)
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
        ready = found.dossier.life.ready if found else ()
        for part, visible in (
            (self.card, here),
            (self._shelving, self._can_shelve()),
            (self._parts, len(ready) > 1),
            (self.collector, shown),
            (self.pay, shown),
            (self._others, bool(found and found.others)),
            (self._empty, not here),
        ):
            part.setVisible(visible)
        for button in (self.why_button, self.skip_button, self.main_button):
            button.setVisible(here)
        self._read.setVisible(here)
        self.slip_button.setVisible(here or self.last is not None)
        if found is None:
            return
        self.undo_bar.say("")
        self.card.show_returning(found)
        self.pay.begin()
        facts = found.dossier.facts
        by_post = facts.delivery == "post" and ready
        submitter = facts.submitter.name if facts.submitter else ""
        self.collector.begin("post" if by_post else "applicant", submitter)
        self._show_parts(found)
        for at, box in enumerate(self.others):
            box.setVisible(at < len(found.others))
            if at < len(found.others):
                other = found.others[at]
                owes = f", còn thu {show_money(other.owed)}" if other.owed else ""
                said = f"{other.line.code}, {other.line.procedure}, {other.where}{owes}"
                box.setText(f"{said}    Alt+{at + 1}".replace("&", "&&"))
                box.setAccessibleName(said)
                box.setChecked(False)
                box.updateGeometry()
        self._say_main()

    def _show_parts(self, found: Returning) -> None:
        """Several results lie here: each is ticked, and may stay."""
        life = found.dossier.life
        for at, box in enumerate(self.parts):
            box.setVisible(at < len(life.ready))
            if at < len(life.ready):
                result = life.results[life.ready[at]]
                due = show_moment(datetime.fromisoformat(result.due_at))
                place = ", ".join(filter(None, (result.shelf, result.slot))) or "tại quầy"
                name = result.name or f"Kết quả {life.ready[at] + 1}"
                said = f"{name}, hẹn {due}, để ở {place}"
                box.setText(said.replace("&", "&&"))
                box.setAccessibleName(said)
                box.setChecked(True)

    def chosen_results(self) -> tuple[int, ...] | None:
        """Places of the results that go out; None for everything that lies here."""
        ready = self.found.dossier.life.ready if self.found else ()
        pairs = zip(ready, self.parts, strict=False)
        return tuple(i for i, box in pairs if box.isChecked()) if len(ready) > 1 else None

    def along(self) -> list[Waiting]:
        """Other dossiers of the same person that go along."""
        others = self.found.others if self.found and self._may_go_along() else ()
        return [o for box, o in zip(self.others, others, strict=False) if box.isChecked()]

    def _may_go_along(self) -> bool:
        """To the post, and to who handed in one of them, each dossier goes by itself."""
        return self.collector.way() in ("applicant", "authorised")

    def due(self) -> int:
        """Đồng to be paid for everything that goes out now."""
        if self.found is None or self.collector.way() == "post":
            return 0
        own = self.found.owed if self.found.dossier.life.ready else 0
        return own + sum(other.owed for other in self.along())

    @Slot()
    def _say_main(self) -> None:
        found = self.found
        if found is None:
            return
        amount, count = self.due(), 1 + len(self.along())
        self.pay.show_owed(amount)
        self.pay.show_originals(found.held, self.along())
        self._others.setVisible(bool(found.others) and self._may_go_along())
        several = f" {count} hồ sơ" if count > 1 else ""
        if self._can_shelve():
            self.main_button.say("Nhận kết quả về quầy", "archive")
        elif self.collector.way() == "post":
            self.main_button.say("Gửi bưu điện", "arrows-exchange")
        elif amount:
            self.main_button.say(f"Thu {show_money(amount)} và trả{several}", "cash")
        else:
            self.main_button.say(f"Đã trả{several or ' kết quả'}", "circle-check")

    def _can_shelve(self) -> bool:
        """Whether a result was signed and has not come to the desk."""
        if self.found is None:
            return False
        life = self.found.dossier.life
        return not life.ready and any(r.delivery == "issued" for r in life.results)
