"""The two cards of facts on the page of one dossier: the person, and the matter."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.acts import OPEN
from desk_app.rules.days import show_day, show_moment
from desk_app.rules.numbers import show_id
from desk_app.rules.phones import show_phone
from desk_app.ui.dossier_words import (
    CHANNELS,
    DELIVERY,
    Step,
    fee_words,
    near_badge,
    papers_words,
    state_of,
)
from desk_app.ui.result_words import result_steps, whereabouts
from desk_app.ui.timeline import Timeline
from desk_app.ui.widgets import Badge, Card, Fact, Label, Row, Rule

if TYPE_CHECKING:
    from desk_app.services.opened import OpenedDossier


class PersonFacts(Card):
    """Whose dossier it is. The identity number is whole here: the dossier was opened on purpose."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Người nộp")
        self._code = Label("", "bold", "muted")
        self._state = Badge("")
        self._near = Badge("")
        self._name = Label("", "h1", wrap=True)
        self._number = Fact("Số định danh")
        self._born = Fact("Ngày sinh")
        self._address = Fact("Nơi cư trú", wrap=True)
        self._phone = Fact("Số điện thoại")
        self._channel = Fact("Cách nộp")
        self._submitter = Fact("Người nộp thay", wrap=True)
        self.add(
            self._code,
            self._name,
            Row(self._state, self._near, None, gap=6),
            Row(self._number, self._born, gap=16),
            self._address,
            Row(self._phone, self._channel, gap=16),
            self._submitter,
            None,
        )

    def show_opened(self, opened: OpenedDossier) -> None:
        """Show a dossier's person and state."""
        facts, line = opened.dossier.facts, opened.line
        person, other = facts.applicant, facts.submitter
        self._code.setText(facts.code)
        self._name.setText(person.name)
        self._state.say(*state_of(line))
        self._near.say(*near_badge(line, opened.now))
        self._number.say(show_id(person.id_number))
        born = show_day(person.born) if person.born else ""
        self._born.say(", ".join(part for part in (born, person.sex) if part))
        self._address.say(person.address)
        self._phone.say(show_phone(person.phone) if person.phone else "")
        self._channel.say(CHANNELS[facts.channel])
        self._submitter.setVisible(other is not None)
        if other is not None:
            self._submitter.say(", ".join(p for p in (other.name, show_id(other.id_number)) if p))


class MatterFacts(Card):
    """What was asked for, what was promised and why, who has it, and the papers handed in."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Thủ tục và giấy tờ")
        self._procedure = Label("", "h2", wrap=True)
        self._about = Label("", "caption", "muted", wrap=True)
        self._received = Fact("Nhận lúc", wrap=True)
        self._due = Fact("Hẹn trả", wrap=True)
        self._why = Label("", "caption", "muted", wrap=True)
        self._fee = Fact("Lệ phí")
        self._delivery = Fact("Nhận kết quả")
        self._purpose = Fact("Mục đích", wrap=True)
        self._place = Fact("Đang ở", wrap=True)
        self._results_title = Label("Kết quả", "caption_bold", "muted")
        self._results = Timeline()
        self._results.setAccessibleName("Kết quả")
        self._papers = Timeline(brief=True)
        self.add(
            self._procedure,
            self._about,
            Rule(),
            Row(self._received, self._due, gap=16),
            self._why,
            self._place,
            self._results_title,
            self._results,
            Row(self._fee, self._delivery, gap=16),
            self._purpose,
            Rule(),
            Label("Thành phần hồ sơ", "caption_bold", "muted"),
            self._papers,
            None,
        )

    def show_opened(self, opened: OpenedDossier) -> None:
        """Show a dossier's procedure, promise, holder, fee and papers; of several results each."""
        facts, line = opened.dossier.facts, opened.line
        self._procedure.setText(facts.procedure.name)
        self._about.setText(f"{facts.procedure.field}  ·  mã {facts.procedure.code}")
        self._received.say(show_moment(line.received_at))
        self._due.say(show_moment(line.due_at))
        why = f"Đổi hẹn: {facts.due_override}" if facts.due_override else facts.why_due
        self._why.setText(why)
        self._why.setVisible(bool(why))
        life = opened.dossier.life
        self._place.setVisible(life.holder is not None and opened.dossier.status in OPEN)
        self._place.say(whereabouts(life, opened.now))
        several = len(life.results) > 1
        for part in (self._results_title, self._results):
            part.setVisible(several)
        self._results.say(result_steps(life, opened.now) if several else ())
        self._fee.say(fee_words(facts))
        self._delivery.say(DELIVERY[facts.delivery])
        self._purpose.setVisible(bool(facts.purpose))
        self._purpose.say(facts.purpose)
        self._papers.say(
            [Step("paperclip", "muted", p.name, papers_words(p)) for p in facts.papers]
        )
