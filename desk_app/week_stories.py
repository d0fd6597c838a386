"""What becomes of the dossiers of a demonstration's week: one story a citizen, drawn by lot."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from db.kinds import ProcedurePublished
from db.steps import Asked, Place
from desk_app.papers.forms import form_of
from desk_app.rules.people import PersonTyped
from desk_app.services import extending, fees, forwarding, results, supplements
from desk_app.services.attention import Matter
from desk_app.services.correct import correct, void
from desk_app.services.demo import demo_form
from desk_app.services.dossier_form import DossierForm
from desk_app.services.find import dossier
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.services.results import Collecting, hand_over
from desk_app.services.settle import keep_value, let_it_live
from desk_app.services.slips import write_handover, write_slip
from desk_app.services.steps import STEP_FLAGS, settle_steps, undo_step

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.week_plan import Week

DAY = timedelta(days=1)
SHELVES = ("Ngăn A", "Ngăn B", "Ngăn C")
LOTS: tuple[tuple[str, int], ...] = (
    ("usual", 44),
    ("at_once", 20),
    ("supplement", 8),
    ("sent_home", 4),
    ("turned_away", 3),
    ("refused", 3),
    ("stopped", 3),
    ("late", 4),
    ("post", 4),
    ("other_office", 3),
    ("corrected", 3),
    ("voided", 1),
)
"""Stories and how many of a hundred citizens have them."""


class Stories:
    """Plans the steps of each dossier; every paper a step calls for is made."""

    def __init__(
        self,
        week: Week,
        procedures: Sequence[ProcedurePublished],
        citizens: Iterator[PersonTyped],
    ) -> None:
        self._week, self._procedures, self._citizens = week, procedures, citizens
        self._names = [name for name, _ in LOTS]
        self._weights = [weight for _, weight in LOTS]

    # ------------------------------------------------------------ at the counter

    def come(self, desk: Desk) -> None:
        """Somebody comes with a dossier."""
        dice = self._week.dice
        procedure = dice.choice(self._procedures)
        form = demo_form(dice, next(self._citizens), procedure)
        story = dice.choices(self._names, self._weights)[0]
        if story == "sent_home":
            self._send_home(desk, form)
        elif story == "turned_away":
            after = supplements.check(desk, form, "refused", reason="Không thuộc thẩm quyền của xã")
            self._slip(desk, bytes.fromhex(after.id), "từ chối tại quầy")
        else:
            self._take_in(desk, form, story)

    def _take_in(self, desk: Desk, form: DossierForm, story: str) -> None:
        got = receive(desk, form)
        id_ = bytes.fromhex(got.id)
        self._week.counted["nhận"] += 1
        paper_printed(desk, write_receipt(desk, id_), "printer", "PDF")
        self._week.counted["giấy"] += 1
        after = getattr(self, f"_{story}")
        after(desk, id_)

    def _send_home(self, desk: Desk, form: DossierForm) -> None:
        asked = [Asked("Tờ khai", "Thiếu chữ ký")]
        after = supplements.check(desk, form, "incomplete", asked)
        self._slip(desk, bytes.fromhex(after.id), "hẹn bổ sung, chưa nhận")
        if self._week.dice.random() < 0.5:
            back: Callable[[Desk], None] = partial(self._take_in, form=form, story="usual")
            self._later(desk, DAY, back)

    # ------------------------------------------------------------ stories

    def _usual(self, desk: Desk, id_: bytes) -> None:
        """Waits for the hand-over list; the officer works on it, somebody fetches the result."""

    def _at_once(self, desk: Desk, id_: bytes) -> None:
        results.done_at_once(desk, id_, self._number(), self._week.dice.choice(SHELVES))
        self._give(desk, id_)
        if self._week.dice.random() < 0.1:
            undo_step(desk, id_)
            self._week.counted["hoàn tác"] += 1
            self._later(desk, timedelta(minutes=20), partial(self._give, id_=id_))

    def _supplement(self, desk: Desk, id_: bytes) -> None:
        supplements.ask_for_papers(desk, id_, [Asked("Tờ khai", "Chữ mờ, không đọc được")])
        self._slip(desk, id_, "bổ sung")
        if self._week.dice.random() < 0.8:
            self._later(desk, DAY, partial(self._bring, id_=id_))

    def _bring(self, desk: Desk, id_: bytes) -> None:
        supplements.bring_papers(desk, id_)
        self._week.counted["đủ giấy"] += 1

    def _refused(self, desk: Desk, id_: bytes) -> None:
        self._officer(DAY, partial(self._refuse, id_=id_))

    def _refuse(self, desk: Desk, id_: bytes) -> None:
        if dossier(desk, id_).status == "forwarded":
            forwarding.take_over(desk, id_)
        supplements.refuse(desk, id_, "Không đủ điều kiện", "Điều 5")
        self._slip(desk, id_, "từ chối")
        self._anywhere(DAY / 2, partial(self._give_back, id_=id_))

    def _stopped(self, desk: Desk, id_: bytes) -> None:
        self._later(desk, timedelta(hours=2), partial(self._stop, id_=id_))

    def _stop(self, desk: Desk, id_: bytes) -> None:
        supplements.stop(desk, id_, "Công dân rút hồ sơ")
        self._slip(desk, id_, "dừng")
        self._give_back(desk, id_)

    def _late(self, desk: Desk, id_: bytes) -> None:
        self._week.plan(self._week.clock() + DAY, "hung", partial(self._extend, id_=id_))

    def _extend(self, desk: Desk, id_: bytes) -> None:
        promised = datetime.fromisoformat(dossier(desk, id_).life.due_at)
        extending.extend(
            desk, id_, promised + 3 * DAY, "chờ xác minh", "UBND xã", "Phạm Văn Hùng", "CHỦ TỊCH",
            override="Lãnh đạo đồng ý",
        )  # fmt: skip
        self._slip(desk, id_, "xin lỗi")

    def _post(self, desk: Desk, id_: bytes) -> None:
        results.done_at_once(desk, id_, self._number(), SHELVES[0])
        self._pay(desk, [id_])
        results.post(desk, id_, f"EA{self._week.dice.randrange(10**9):09d}VN", "Bưu tá xã")
        outcome = "came_back" if self._week.dice.random() < 0.2 else "delivered"
        self._later(desk, DAY, partial(self._posted, id_=id_, outcome=outcome))

    def _posted(self, desk: Desk, id_: bytes, outcome: str) -> None:
        results.post_confirmed(desk, id_, "delivered" if outcome == "delivered" else "came_back")
        self._week.counted["bưu điện"] += 1
        if outcome != "delivered":
            self._anywhere(DAY / 2, partial(self._give, id_=id_))

    def _other_office(self, desk: Desk, id_: bytes) -> None:
        until = self._week.clock() + 2 * DAY
        forwarding.forward(
            desk, [id_], Place("Phòng Tư pháp", "H24.314"), until, "Liên thông cấp huyện"
        )
        self._week.counted["liên thông"] += 1
        self._officer(DAY, partial(self._work, id_=id_))

    def _corrected(self, desk: Desk, id_: bytes) -> None:
        correct(desk, id_, {"purpose": "vay vốn ngân hàng"}, "Công dân xin sửa")
        self._week.counted["đính chính"] += 1

    def _voided(self, desk: Desk, id_: bytes) -> None:
        void(desk, id_, "Nhập nhầm")
        self._week.counted["huỷ"] += 1

    # ------------------------------------------------------------ the way to the department

    def forward_all(self, desk: Desk) -> None:
        """The hand-over lists of three o'clock and of closing, in one go."""
        waiting = [line.id for line in forwarding.waiting_to_go(desk)]
        own = [i for i in waiting if dossier(desk, i).facts.counter == desk.counter.number]
        for given in forwarding.forward(desk, own) if own else ():
            if not given.dossiers:
                continue
            paper_printed(desk, write_handover(desk, given), "printer", "PDF")
            self._week.counted["giấy"] += 1
            for each in given.dossiers:
                self._week.counted["chuyển"] += 1
                wait = self._week.dice.choice((DAY / 4, DAY, DAY, 2 * DAY))
                self._officer(wait, partial(self._work, id_=bytes.fromhex(each.id)))

    def _work(self, desk: Desk, id_: bytes) -> None:
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
            results.issue(desk, id_, self._number(), place, signer="Phạm Văn Hùng")
        self._anywhere(timedelta(hours=2), partial(self._shelve, id_=id_))

    def _shelve(self, desk: Desk, id_: bytes) -> None:
        for place in range(len(dossier(desk, id_).life.results)):
            results.put_on_shelf(desk, id_, self._week.dice.choice(SHELVES), "1", place)
        self._week.counted["về quầy"] += 1
        if self._week.dice.random() < 0.3:
            results.tell(desk, id_, "phone", "result")
        self._anywhere(DAY / 2, partial(self._give, id_=id_))
        if self._week.dice.random() < 0.03:
            # A second clerk hands it over at the same hour, elsewhere: one of the two is wrong.
            self._anywhere(DAY / 2, partial(self._give, id_=id_))

    # ------------------------------------------------------------ to the citizen

    def _give(self, desk: Desk, id_: bytes) -> None:
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
        self._slip(desk, id_, "giấy trả")
        if owing:
            self._slip(desk, id_, "phiếu thu", "fee")

    def _give_back(self, desk: Desk, id_: bytes) -> None:
        about = dossier(desk, id_)
        hand_over(desk, [id_], Collecting(originals=results.held_originals(about)))
        self._slip(desk, id_, "trả lại giấy tờ", "return")

    def _pay(self, desk: Desk, ids: Sequence[bytes]) -> None:
        owing = [i for i in ids if fees.owed(dossier(desk, i))]
        if owing:
            fees.take_fee(desk, owing, "transfer")

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
        self._week.counted["phân xử"] += 1

    # ------------------------------------------------------------ when and where

    def _slip(self, desk: Desk, id_: bytes, name: str, form: str = "") -> None:
        last = dossier(desk, id_).history
        wanted = form or next(found for e in reversed(last) if (found := form_of(e.body)))
        paper_printed(desk, write_slip(desk, id_, wanted), "printer", "PDF")
        self._week.counted["giấy"] += 1
        self._week.counted[name] += 1

    def _later(self, desk: Desk, wait: timedelta, act: Callable[[Desk], None]) -> None:
        name = f"Quầy {desk.counter.number}"
        self._week.plan(self._week.clock() + wait, name, act)

    def _anywhere(self, wait: timedelta, act: Callable[[Desk], None]) -> None:
        name = self._week.dice.choice(("Quầy 1", "Quầy 2", "Quầy 3"))
        self._week.plan(self._week.clock() + wait, name, act)

    def _officer(self, wait: timedelta, act: Callable[[Desk], None]) -> None:
        self._week.plan(self._week.clock() + wait, "lan", act)

    def _number(self) -> str:
        return f"{self._week.dice.randrange(1, 9_999)}/UBND"
