"""The dossier at the desk: whose, where its result lies, and the facts to compare with the card."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QWidget

from db.acts import STATES
from desk_app.rules.days import show_moment
from desk_app.rules.money import show_money
from desk_app.rules.numbers import show_id
from desk_app.rules.phones import show_phone
from desk_app.ui.painting import plate
from desk_app.ui.step_words import SHOWN
from desk_app.ui.widgets import Badge, Card, Column, Fact, FlowRow, IconView, Label, Row

if TYPE_CHECKING:
    from desk_app.services.returning import Returning


class PlaceBox(QWidget):
    """The strongest plate of the page."""

    def paintEvent(self, event: QPaintEvent) -> None:
        plate(QPainter(self), QRectF(self.rect()), 8, "selected")


class ReturnCard(Card):
    """Name large, the place of the result in the strongest box, facts beneath."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Hồ sơ đang trả")
        self.body.setContentsMargins(20, 14, 20, 14)
        self._state = Badge("")
        self._code = Label("", "bold", "muted")
        self._name = Label("", "big", wrap=True)
        self._procedure = Label("", "strong", wrap=True)
        self.place = PlaceBox()
        self._icon = IconView("archive", 30, "soft_text")
        self._about = Label("", "caption", "muted", wrap=True)
        self.where = Label("", "h1", wrap=True)
        self._what = Fact("Gồm")
        inner = Row(self._icon, Column(self._about, self.where, gap=2), self._what, gap=16)
        inner.setStretch(1, 1)
        inner.setContentsMargins(18, 12, 18, 12)
        self.place.setLayout(inner)
        self._number = Fact("Số định danh")
        self._phone = Fact("Điện thoại")
        self._received = Fact("Nhận lúc")
        self._due = Fact("Hẹn trả")
        self._fee = Fact("Lệ phí")
        facts = FlowRow(gap=18)
        for fact in (self._number, self._phone, self._received, self._due, self._fee):
            facts.addWidget(fact)
        self.add(
            Row(self._state, self._code, None, gap=10),
            self._name,
            self._procedure,
            self.place,
            facts,
        )

    def show_returning(self, found: Returning) -> None:
        """Show a dossier."""
        dossier, facts, life = found.dossier, found.dossier.facts, found.dossier.life
        word, tone, icon = SHOWN[dossier.status]
        ready = bool(life.ready)
        self._state.say("Có kết quả, trả được" if ready else word, "ok" if ready else tone, icon)
        self._code.setText(facts.code)
        self._name.setText(facts.applicant.name)
        self._procedure.setText(facts.procedure.name)
        about, where, what = place_of(found)
        self._about.setText(about)
        self.where.setText(where)
        self._what.setVisible(bool(what))
        self._what.say(what)
        self._number.say(show_id(facts.applicant.id_number))
        self._phone.say(show_phone(facts.applicant.phone) if facts.applicant.phone else "")
        self._received.say(show_moment(datetime.fromisoformat(facts.received_at)))
        self._due.say(show_moment(datetime.fromisoformat(life.due_at)))
        paid = f"{show_money(life.paid)}, đã thu" if life.paid else "không thu"
        self._fee.say(f"{show_money(found.owed)}, chưa thu" if found.owed else paid)


def place_of(found: Returning) -> tuple[str, str, str]:
    """What the strongest box says: a small line, the place, and what lies there."""
    life = found.dossier.life
    if life.ready:
        first = life.results[life.ready[0]]
        names = [life.results[i].name or "1 kết quả" for i in life.ready]
        where = ", ".join(filter(None, (first.shelf, first.slot))) or "Tại quầy"
        return "Kết quả để ở", where, "; ".join(names)
    if found.dossier.status in ("refused", "stopped"):
        where = "Đã trả lại giấy tờ" if life.handed_back_at else "Trả lại giấy tờ cho dân"
        return STATES[found.dossier.status], where, ""
    gone = found.gave_out
    if gone is not None and found.dossier.status == "returned":
        at = show_moment(datetime.fromisoformat(gone.at))
        where = f", quầy {gone.counter}" if gone.counter else ""
        return f"Đã trả lúc {at}{where}, {gone.by}", f"Cho {gone.to}", ""
    posted = next((r.item for r in life.results if r.delivery == "posted"), "")
    if posted:
        return "Đã gửi bưu điện", f"Số {posted}", ""
    if any(r.delivery == "issued" for r in life.results):
        return "Kết quả đã ký", "Chưa về quầy. Nhận về rồi trả", ""
    due = show_moment(datetime.fromisoformat(life.due_at))
    return STATES[found.dossier.status], f"Chưa có kết quả. Hẹn {due}", ""
