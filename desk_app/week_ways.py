"""The ways of a week's dossiers behind the counter and back into a hand; and what the chief decides
where two did something at once."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from db.steps import Place
from desk_app.rules.people import PersonTyped
from desk_app.services import fees, forwarding, results
from desk_app.services.find import dossier
from desk_app.services.results import Collecting, hand_over
from desk_app.services.settle import keep_value, let_it_live
from desk_app.services.steps import STEP_FLAGS, settle_steps
from desk_app.week_plan import filed_at

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.services.attention import Matter
    from desk_app.week_plan import Week

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
SHELVES = ("Ngăn A", "Ngăn B", "Ngăn C")
JOINT = "2.000986"
"""Birth, residence and health card of a child under six: one dossier, three results."""
OFFICES = (
    Place("Tư pháp - Hộ tịch"),
    Place("Công an xã"),
    Place("Bảo hiểm xã hội huyện", office_name="Bảo hiểm xã hội huyện"),
)
"""Who makes the three, one after the other; the last of them is an agency of its own."""


class Ways:
    """Plans what happens to a dossier once it was taken in."""

    def __init__(self, week: Week) -> None:
        self._week = week

    # ------------------------------------------------------------ to the departments

    def forward_all(self, desk: Desk) -> None:
        """The hand-over lists of three o'clock and of closing, in one go."""
        waiting = [line.id for line in forwarding.waiting_to_go(desk)]
        own = [i for i in waiting if dossier(desk, i).facts.counter == desk.counter.number]
        for given in forwarding.forward(desk, own) if own else ():
            if not given.dossiers:
                continue
            self._week.papers.handover(desk, given)
            for each in given.dossiers:
                self._week.counted["chuyển"] += 1
                wait = self._week.dice.choice((DAY / 4, DAY, DAY, 2 * DAY))
                self._week.later("lan", wait, partial(self.work, id_=bytes.fromhex(each.id)))

    def work(self, desk: Desk, id_: bytes) -> None:
        """The officer takes it, perhaps asks somebody, and signs."""
        about = dossier(desk, id_)
        if about.status == "forwarded":
            forwarding.take_over(desk, id_)
        if dossier(desk, id_).status != "processing":
            return
        if self._week.dice.random() < 0.1:
            forwarding.ask_opinion(desk, id_, Place("Công an xã"), "Xác minh cư trú")
            forwarding.opinion_given(desk, id_, "Đúng nơi cư trú")
            self._week.counted["lấy ý kiến"] += 1
        for place in range(len(about.life.results)):
            results.issue(desk, id_, self._week.number(), place, signer="Phạm Văn Hùng")
        self._week.later(filed_at(desk, id_), 2 * HOUR, partial(self.shelve, id_=id_))

    def shelve(self, desk: Desk, id_: bytes) -> None:
        """The results come to the counter, and the citizen is told."""
        for place in range(len(dossier(desk, id_).life.results)):
            results.put_on_shelf(desk, id_, self._week.dice.choice(SHELVES), "1", place)
        self._week.counted["về quầy"] += 1
        if self._week.dice.random() < 0.3:
            results.tell(desk, id_, "phone", "result")
        self._week.anywhere(DAY / 2, partial(self.give, id_=id_))

    # ------------------------------------------------------------ liên thông

    def hop(self, desk: Desk, id_: bytes, place: int) -> None:
        """On to the office that makes a result, with its own time and what it is to do."""
        result = dossier(desk, id_).life.results[place]
        until = datetime.fromisoformat(result.due_at)
        (given,) = forwarding.forward(desk, [id_], OFFICES[place], until, result.name)
        self._week.papers.handover(desk, given)
        self._week.papers.slip(desk, id_, "control")
        self._week.counted["liên thông"] += 1
        # An office elsewhere has no program of ours: the counter keys what comes back on paper.
        who = filed_at(desk, id_) if place else "lan"
        self._week.later(who, 4 * HOUR, partial(self._made, id_=id_, place=place))

    def _made(self, desk: Desk, id_: bytes, place: int) -> None:
        """That office signed for the papers, and then its result."""
        forwarding.take_over(desk, id_, OFFICES[place])
        results.issue(desk, id_, self._week.number(), place)
        home = filed_at(desk, id_)
        self._week.later(home, HOUR, partial(self._came_back, id_=id_, place=place))

    def _came_back(self, desk: Desk, id_: bytes, place: int) -> None:
        """To the counter where it was filed; the citizen takes it, the papers go on."""
        results.put_on_shelf(desk, id_, SHELVES[0], "2", place)
        self.give(desk, id_)
        if place + 1 < len(OFFICES):
            self.hop(desk, id_, place + 1)

    def above(self, desk: Desk, id_: bytes) -> None:
        """To the office above, which has two days."""
        until = self._week.clock() + 2 * DAY
        to = Place("Phòng Tư pháp", "H24.314")
        (given,) = forwarding.forward(desk, [id_], to, until, "Liên thông cấp huyện")
        self._week.papers.handover(desk, given)
        self._week.counted["cấp trên"] += 1
        self._week.later("lan", DAY, partial(self.work, id_=id_))

    # ------------------------------------------------------------ to the citizen

    def give(self, desk: Desk, id_: bytes) -> None:
        """Into a hand, for money when some is owed."""
        about = dossier(desk, id_)
        owing = fees.owed(about)
        authorised = self._week.dice.random() < 0.1
        how = Collecting(
            to="authorised" if authorised else "applicant",
            collector=PersonTyped(name="Vũ Văn Sơn", id_number="031085999991"),
            authorisation="Giấy ủy quyền số 12" if authorised else "",
            originals=results.held_originals(about),
            pay="cash" if owing else None,
            receipt_number=f"{self._week.dice.randrange(10**7):07d}",
        )
        hand_over(desk, [id_], how)
        self._week.counted["trả"] += 1
        self._week.papers.slip(desk, id_, "return")
        if owing:
            self._week.papers.slip(desk, id_, "fee")

    def give_back(self, desk: Desk, id_: bytes) -> None:
        """The papers of a dossier that ended without a result."""
        about = dossier(desk, id_)
        hand_over(desk, [id_], Collecting(originals=results.held_originals(about)))
        self._week.counted["trả lại giấy tờ"] += 1
        self._week.papers.slip(desk, id_, "return")

    # ------------------------------------------------------------ contradictions

    def settle(self, desk: Desk, matter: Matter) -> None:
        """The chief decides: the first side counts."""
        if matter.name in STEP_FLAGS:
            entries = [side.entry for side in matter.sides]
            # Done where the dossier was not, or out of turn: that is the mistake. Of two the
            # first in the order counts.
            wrong = entries[:1] if matter.name.startswith("out_of") else entries[1:]
            right = [entry for entry in entries if entry not in wrong]
            settle_steps(desk, matter.id, wrong, right, "Hỏi lại hai quầy")
        elif matter.name == "void_conflict":
            let_it_live(desk, matter.id, "Hồ sơ vẫn làm tiếp")
        elif matter.name == "field_conflict":
            keep_value(desk, matter.id, matter.path, matter.sides[0].value, "Theo giấy")
        else:
            return
        self._week.settled[matter.name] += 1
