"""Who takes the result, what she pays, which originals go back."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QVBoxLayout, QWidget

from desk_app.rules.money import show_money
from desk_app.rules.people import PersonTyped
from desk_app.services.returning import stays_here
from desk_app.ui.widgets import Card, CheckBox, LabelledField, Notice, RadioButton, Row, Segmented

if TYPE_CHECKING:
    from db.kinds import DossierReceived
    from desk_app.services.fees import How
    from desk_app.services.returning import Waiting

Way = Literal["applicant", "authorised", "post", "submitter"]
WAYS: tuple[tuple[Way, str], ...] = (
    ("applicant", "1  Chính chủ hồ sơ, đã xem thẻ"),
    ("authorised", "2  Người được ủy quyền (cần giấy ủy quyền)"),
    ("post", "3  Gửi qua bưu chính"),
    ("submitter", "4  Người đã nộp thay"),
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
        self.seen = Notice()
        self.error = Notice()
        self.add(
            self.ways["applicant"],
            self.ways["authorised"],
            self._other,
            self.ways["post"],
            self._post,
            self.ways["submitter"],
            self.seen,
            self.error,
            None,
        )
        for button in self.ways.values():
            button.toggled.connect(self._on_toggled)
        self.begin("applicant")

    def begin(self, way: Way, submitter: str = "") -> None:
        """Empty, for another dossier; ``submitter``: who handed it in for the applicant."""
        for line in (self.name, self.number, self.paper, self.item):
            line.set_text("")
        self.seen.say("")
        self.error.say("")
        self.ways["submitter"].setText(f"4  Người đã nộp thay: {submitter}".replace("&", "&&"))
        self.ways["submitter"].setVisible(bool(submitter))
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

    def take_card(self, name: str, number: str, facts: DossierReceived) -> None:
        """The card of who stands there: the applicant, who handed in, or somebody else."""
        submitter = facts.submitter
        if number == facts.applicant.id_number:
            self.choose("applicant")
            self.seen.say("Thẻ đúng của chủ hồ sơ.", "circle-check", "ok")
        elif submitter is not None and number == submitter.id_number:
            self.choose("submitter")
            self.seen.say("Thẻ đúng của người đã nộp thay.", "circle-check", "ok")
        else:
            self.choose("authorised")
            self.name.set_text(name)
            self.number.set_text(number)
            said = "Người đến nhận khác chủ hồ sơ. Ghi giấy ủy quyền, hoặc quét lại thẻ."
            self.seen.say(said, "alert-triangle", "warn")
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
        self._shown: list[tuple[bytes, str, str]] | None = None
        self._none = Notice()
        self._boxes = QVBoxLayout()
        self._boxes.setSpacing(2)
        self.add(self._owed, self._pay, self._none, self._boxes, None)

    def begin(self) -> None:
        """Empty, for another dossier."""
        self.receipt.set_text("")
        self._shown = None

    def show_originals(self, held: Sequence[str], along: Sequence[Waiting]) -> None:
        """The originals of the dossier and of those that go along, each with its tick; what is
        shown already stays as it is."""
        wanted = [(b"", paper, "") for paper in held]
        wanted += [(o.line.id, paper, f"  ({o.line.code})") for o in along for paper in o.held]
        if wanted == self._shown:
            return
        before = {(b.property("of"), b.property("paper")): b.isChecked() for b in self.originals}
        for box in self.originals:
            box.hide()
            box.deleteLater()
        self._shown, self.originals = wanted, []
        for of, paper, code in wanted:
            box = CheckBox(f"{paper}{code}".replace("&", "&&"))
            box.setProperty("paper", paper)
            box.setProperty("of", of.hex())
            box.setChecked(before.get((of.hex(), paper), not stays_here(paper)))
            self.originals.append(box)
            self._boxes.addWidget(box)
        said = "Tích bản chính trả lại cho dân." if wanted else "Quầy không giữ bản chính nào."
        self._none.say(said, "paperclip", "still")

    def show_owed(self, amount: int) -> None:
        """What is to be paid for all that goes along, in đồng."""
        self._owed.say(f"Còn phải thu {show_money(amount)}" if amount else "", "cash", "warn")
        self._pay.setVisible(bool(amount))

    def given_back(self, of: bytes = b"") -> tuple[str, ...]:
        """The originals of a dossier that are ticked; of the one that is open by default."""
        its = (b for b in self.originals if b.property("of") == of.hex())
        return tuple(str(b.property("paper")) for b in its if b.isChecked())

    def pay(self, owed: int) -> How | None:
        """How what is owed is paid now."""
        if not owed:
            return None
        return "cash" if self.how.value() == "cash" else "transfer"
