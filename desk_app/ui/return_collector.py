"""Who takes the result, what she pays, which originals go back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_app.rules.money import show_money
from desk_app.rules.people import PersonTyped
from desk_app.services.returning import stays_here
from desk_app.ui.widgets import Card, CheckBox, LabelledField, Notice, RadioButton, Row, Segmented

if TYPE_CHECKING:
    from desk_app.services.fees import How
    from desk_app.services.returning import Returning

Way = Literal["applicant", "authorised", "post"]
WAYS: tuple[tuple[Way, str], ...] = (
    ("applicant", "1  Chính chủ hồ sơ, đã xem thẻ"),
    ("authorised", "2  Người được ủy quyền (cần giấy ủy quyền)"),
    ("post", "3  Gửi qua bưu chính"),
)


class CollectorCard(Card):
    """The receiver.

    Signals:
        changed: another way was chosen.
    """

    changed = Signal()

    def __init__(self) -> None:
        super().__init__("Người nhận", role="bold")
        self.ways = {way: RadioButton(words) for way, words in WAYS}
        self.name = LabelledField("Họ tên người nhận")
        self.number = LabelledField("Số định danh")
        self.paper = LabelledField("Số, ngày giấy ủy quyền")
        self.item = LabelledField("Số hiệu bưu gửi")
        self._other = QWidget()
        column = QVBoxLayout(self._other)
        column.setContentsMargins(28, 0, 0, 0)
        column.setSpacing(6)
        column.addLayout(Row(self.name, self.number, gap=10))
        column.addWidget(self.paper)
        self._post = QWidget()
        post = QVBoxLayout(self._post)
        post.setContentsMargins(28, 0, 0, 0)
        post.addWidget(self.item)
        self.error = Notice()
        self.add(
            self.ways["applicant"],
            self.ways["authorised"],
            self._other,
            self.ways["post"],
            self._post,
            self.error,
            None,
        )
        for button in self.ways.values():
            button.toggled.connect(self._on_toggled)
        self.begin("applicant")

    def begin(self, way: Way) -> None:
        """Empty, for another dossier."""
        for line in (self.name, self.number, self.paper, self.item):
            line.set_text("")
        self.error.say("")
        self.choose(way)

    def choose(self, way: Way) -> None:
        """Take one way; the keys go where something is to be typed."""
        self.ways[way].setChecked(True)
        if way == "authorised":
            self.name.setFocus()
        elif way == "post":
            self.item.setFocus()

    def way(self) -> Way:
        """The way that is chosen."""
        return next((way for way, button in self.ways.items() if button.isChecked()), "applicant")

    def person(self) -> PersonTyped:
        """Somebody else, as typed."""
        return PersonTyped(name=self.name.text(), id_number=self.number.text())

    def take_card(self, name: str, number: str) -> None:
        """A card was scanned for who collects."""
        self.choose("authorised")
        self.name.set_text(name)
        self.number.set_text(number)
        self.paper.setFocus()

    def refuse(self, sentence: str) -> None:
        """Say why it cannot go out."""
        self.error.say(sentence, "alert-circle", "bad")

    @Slot()
    def _on_toggled(self) -> None:
        way = self.way()
        self._other.setVisible(way == "authorised")
        self._post.setVisible(way == "post")
        self.changed.emit()


class PayCard(Card):
    """What is owed and how it is paid; the originals that go back."""

    def __init__(self) -> None:
        super().__init__("Lệ phí và bản chính", role="bold")
        self._owed = Notice()
        self.how = Segmented("Cách thu", (("cash", "Tiền mặt"), ("transfer", "Chuyển khoản")))
        self.receipt = LabelledField("Số biên lai")
        self._pay = QWidget()
        column = QVBoxLayout(self._pay)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(Row(self.how, self.receipt, gap=12))
        self.originals: list[CheckBox] = []
        self._none = Notice()
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(2)
        self.add(self._owed, self._pay, self._none, self._boxes, None)

    def show_returning(self, found: Returning) -> None:
        """What this dossier costs and holds."""
        self._owed.say(
            f"Còn phải thu {show_money(found.owed)}" if found.owed else "", "cash", "warn"
        )
        self._pay.setVisible(bool(found.owed))
        self.receipt.set_text("")
        for box in self.originals:
            box.hide()
            box.deleteLater()
        self.originals = []
        for paper in found.held:
            box = CheckBox(paper.replace("&", "&&"))
            box.setProperty("paper", paper)
            box.setChecked(not stays_here(paper))
            self.originals.append(box)
            self._boxes.addWidget(box)
        said = "Tích bản chính trả lại cho dân." if found.held else "Quầy không giữ bản chính nào."
        self._none.say(said, "paperclip", "still")

    def given_back(self) -> tuple[str, ...]:
        """The originals that are ticked."""
        return tuple(str(b.property("paper")) for b in self.originals if b.isChecked())

    def pay(self, owed: int) -> How | None:
        """How what is owed is paid now."""
        if not owed:
            return None
        return "cash" if self.how.value() == "cash" else "transfer"
