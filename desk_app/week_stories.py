"""What becomes of the dossiers of a demonstration's week: one story a citizen, each at least once,
then drawn by lot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from db.kinds import ProcedurePublished
from db.steps import Asked, Place
from desk_app.rules.people import PersonTyped
from desk_app.services import fees, results, supplements
from desk_app.services.correct import correct, void
from desk_app.services.demo import demo_form
from desk_app.services.dossier_form import DossierForm
from desk_app.services.duty import ask_for_duty, duty_met
from desk_app.services.extending import extend
from desk_app.services.find import dossier
from desk_app.services.forwarding import forward, send_back, take_over
from desk_app.services.receive import receive
from desk_app.services.steps import undo_step
from desk_app.week_plan import counter_of
from desk_app.week_ways import DAY, HOUR, JOINT, SHELVES

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.week_plan import Week
    from desk_app.week_ways import Ways

LOTS: tuple[tuple[str, int], ...] = (
    ("joint", 2),
    ("late", 4),
    ("refused", 3),
    ("two_give", 2),
    ("post", 4),
    ("sent_back", 2),
    ("above", 2),
    ("duty", 2),
    ("supplement", 8),
    ("stopped", 3),
    ("several", 2),
    ("corrected", 2),
    ("two_correct", 1),
    ("two_void", 1),
    ("voided", 1),
    ("undone", 2),
    ("sent_home", 4),
    ("turned_away", 3),
    ("at_once", 18),
    ("usual", 34),
)
"""Stories and how many of a hundred citizens have them; what takes long comes first."""
OF_ONE_RESULT = frozenset({"usual", "at_once", "post", "undone", "two_give", "above"})
LABELLED = 0.1
"""Of the dossiers so many get a label and a small ticket."""


class Stories:
    """Plans the steps of each dossier; every paper a step calls for is made."""

    def __init__(
        self,
        week: Week,
        ways: Ways,
        procedures: Sequence[ProcedurePublished],
        citizens: Iterator[PersonTyped],
    ) -> None:
        self._week, self._ways, self._citizens = week, ways, citizens
        self._procedures = {p.code: p for p in procedures}
        self._first = [name for name, _ in LOTS][::-1]
        self._fresh = week.dice.sample(list(self._procedures), len(procedures))

    # ------------------------------------------------------------ at the counter

    def come(self, desk: Desk) -> None:
        """Somebody comes with a dossier."""
        dice = self._week.dice
        story = self._first.pop() if self._first else dice.choices(*zip(*LOTS, strict=True))[0]
        code = self._procedure()
        if story == "joint":
            code = JOINT
        elif code == JOINT and story in OF_ONE_RESULT:
            story = "joint"
        form = demo_form(dice, next(self._citizens), self._procedures[code])
        if story == "sent_home":
            self._send_home(desk, form)
        elif story == "turned_away":
            why = "Không thuộc thẩm quyền của xã"
            after = supplements.check(desk, form, "refused", reason=why)
            self._week.papers.slip(desk, bytes.fromhex(after.id))
            self._week.counted["từ chối tại quầy"] += 1
        else:
            self._take_in(desk, form, story)

    def _procedure(self) -> str:
        """Every one once, then by lot."""
        return self._fresh.pop() if self._fresh else self._week.dice.choice([*self._procedures])

    def _take_in(self, desk: Desk, form: DossierForm, story: str) -> bytes:
        id_ = bytes.fromhex(receive(desk, form).id)
        self._week.counted["nhận"] += 1
        self._week.papers.receipt(desk, id_)
        if self._week.dice.random() < LABELLED:
            self._week.papers.slip(desk, id_, "label")
            self._week.papers.slip(desk, id_, "ticket")
        getattr(self, f"_{story}")(desk, id_)
        return id_

    def _send_home(self, desk: Desk, form: DossierForm) -> None:
        after = supplements.check(desk, form, "incomplete", [Asked("Tờ khai", "Thiếu chữ ký")])
        self._week.papers.slip(desk, bytes.fromhex(after.id))
        self._week.counted["hẹn bổ sung, chưa nhận"] += 1
        if self._week.dice.random() < 0.5:
            self._week.anywhere(DAY, partial(self._come_back, form=form))

    def _come_back(self, desk: Desk, form: DossierForm) -> None:
        """At the same counter or another, where the first look is known by now."""
        dossier(desk, form.id)
        self._take_in(desk, form, "usual")

    # ------------------------------------------------------------ what goes well

    def _usual(self, desk: Desk, id_: bytes) -> None:
        """Waits for the hand-over list; the officer works on it, somebody fetches the result."""

    def _at_once(self, desk: Desk, id_: bytes) -> None:
        results.done_at_once(desk, id_, self._week.number(), self._week.dice.choice(SHELVES))
        self._ways.give(desk, id_)

    def _several(self, desk: Desk, id_: bytes) -> None:
        """One person with two matters: each has its receipt, and one paper names both."""
        typed = dossier(desk, id_).facts.applicant
        same = PersonTyped(typed.name, typed.id_number, phone=typed.phone, address=typed.address)
        other = demo_form(self._week.dice, same, self._procedures[self._procedure()])
        self._take_in(desk, other, "usual")
        self._week.papers.together(desk, id_)

    def _joint(self, desk: Desk, id_: bytes) -> None:
        self._ways.hop(desk, id_, 0)

    def _above(self, desk: Desk, id_: bytes) -> None:
        self._ways.above(desk, id_)

    def _post(self, desk: Desk, id_: bytes) -> None:
        results.done_at_once(desk, id_, self._week.number(), SHELVES[0])
        if fees.owed(dossier(desk, id_)):
            fees.take_fee(desk, [id_], "transfer")
        results.post(desk, id_, f"EA{self._week.dice.randrange(10**9):09d}VN", "Bưu tá xã")
        self._week.later(counter_of(desk), DAY, partial(self._posted, id_=id_))

    def _posted(self, desk: Desk, id_: bytes) -> None:
        arrived = self._week.dice.random() < 0.8
        results.post_confirmed(desk, id_, "delivered" if arrived else "came_back")
        self._week.counted["bưu điện" if arrived else "bưu điện chuyển hoàn"] += 1
        if not arrived:
            self._week.anywhere(DAY / 2, partial(self._ways.give, id_=id_))

    # ------------------------------------------------------------ what takes longer, or ends

    def _supplement(self, desk: Desk, id_: bytes) -> None:
        supplements.ask_for_papers(desk, id_, [Asked("Tờ khai", "Chữ mờ, không đọc được")])
        self._week.papers.slip(desk, id_)
        self._week.counted["bổ sung"] += 1
        if self._week.dice.random() < 0.8:
            self._week.later(counter_of(desk), DAY, partial(self._bring, id_=id_))

    def _bring(self, desk: Desk, id_: bytes) -> None:
        supplements.bring_papers(desk, id_)
        self._week.counted["đủ giấy"] += 1

    def _duty(self, desk: Desk, id_: bytes) -> None:
        ask_for_duty(desk, id_, "Lệ phí trước bạ", 250_000)
        self._week.later(counter_of(desk), DAY, partial(self._met, id_=id_))

    def _met(self, desk: Desk, id_: bytes) -> None:
        duty_met(desk, id_, "Giấy nộp tiền 114")
        self._week.counted["nghĩa vụ tài chính"] += 1

    def _late(self, desk: Desk, id_: bytes) -> None:
        self._week.later("hung", 4 * HOUR, partial(self._extend, id_=id_))

    def _extend(self, desk: Desk, id_: bytes) -> None:
        promised = datetime.fromisoformat(dossier(desk, id_).life.due_at)
        extend(
            desk, id_, promised + 3 * DAY, "chờ xác minh", "UBND xã", "Phạm Văn Hùng", "CHỦ TỊCH",
            override="Lãnh đạo đồng ý",
        )  # fmt: skip
        self._week.papers.slip(desk, id_)
        results.tell(desk, id_, "phone", "delay")
        self._week.counted["xin lỗi"] += 1

    def _refused(self, desk: Desk, id_: bytes) -> None:
        self._week.later("lan", 4 * HOUR, partial(self._refuse, id_=id_))

    def _refuse(self, desk: Desk, id_: bytes) -> None:
        if dossier(desk, id_).status == "forwarded":
            take_over(desk, id_)
        supplements.refuse(desk, id_, "Không đủ điều kiện", "Điều 5")
        self._week.papers.slip(desk, id_)
        self._week.counted["từ chối"] += 1
        self._week.anywhere(DAY / 2, partial(self._ways.give_back, id_=id_))

    def _stopped(self, desk: Desk, id_: bytes) -> None:
        self._week.later(counter_of(desk), 2 * HOUR, partial(self._stop, id_=id_))

    def _stop(self, desk: Desk, id_: bytes) -> None:
        supplements.stop(desk, id_, "Công dân rút hồ sơ")
        self._week.papers.slip(desk, id_)
        self._week.counted["dừng"] += 1
        self._ways.give_back(desk, id_)

    def _sent_back(self, desk: Desk, id_: bytes) -> None:
        """Given to the wrong department: it comes back, and goes out again with the next list."""
        (given,) = forward(desk, [id_], Place("Văn phòng - Thống kê"))
        self._week.papers.handover(desk, given)
        self._week.later("lan", 2 * HOUR, partial(self._send_back, id_=id_))

    def _send_back(self, desk: Desk, id_: bytes) -> None:
        send_back(desk, id_, "Không thuộc lĩnh vực của bộ phận")
        self._week.counted["chuyển lại"] += 1

    # ------------------------------------------------------------ mistakes

    def _undone(self, desk: Desk, id_: bytes) -> None:
        self._at_once(desk, id_)
        undo_step(desk, id_)
        self._week.counted["hoàn tác"] += 1
        wait = timedelta(minutes=20)
        self._week.later(counter_of(desk), wait, partial(self._ways.give, id_=id_))

    def _corrected(self, desk: Desk, id_: bytes) -> None:
        self._correct_to(desk, id_, "vay vốn ngân hàng")

    def _voided(self, desk: Desk, id_: bytes) -> None:
        void(desk, id_, "Nhập nhầm")
        self._week.counted["huỷ"] += 1

    # ------------------------------------------------------------ two at once

    def _two_give(self, desk: Desk, id_: bytes) -> None:
        results.done_at_once(desk, id_, self._week.number(), SHELVES[1])
        give = partial(self._ways.give, id_=id_)
        self._week.at_two(DAY, give, give)

    def _two_correct(self, desk: Desk, id_: bytes) -> None:
        school = partial(self._correct_to, id_=id_, purpose="đi học")
        loan = partial(self._correct_to, id_=id_, purpose="vay vốn")
        self._week.at_two(2 * HOUR, school, loan)

    def _two_void(self, desk: Desk, id_: bytes) -> None:
        gone = partial(self._voided, id_=id_)
        loan = partial(self._correct_to, id_=id_, purpose="vay vốn")
        self._week.at_two(2 * HOUR, gone, loan)

    def _correct_to(self, desk: Desk, id_: bytes, purpose: str) -> None:
        correct(desk, id_, {"purpose": purpose}, "Công dân xin sửa")
        self._week.counted["đính chính"] += 1
