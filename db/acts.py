"""Who may do what when. The one table that the fold, the services and the screens read.

A step is allowed in the states it names, to the roles it names. A physical step (paper or money
changed hands) always counts when it has happened; out of turn it is shown to a person.
``db/README.md`` prints this table, and a test compares them.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Role = Literal["clerk", "officer", "chief"]
State = Literal[
    "checked",
    "turned_away",
    "received",
    "forwarded",
    "processing",
    "consulting",
    "supplement",
    "duty",
    "stopped",
    "refused",
    "done",
    "returned",
    "voided",
]
Ending = Literal["", "open", "returned", "refused", "stopped", "voided"]

STATES: Mapping[State, str] = {
    "checked": "Chờ hoàn thiện, chưa tiếp nhận",
    "turned_away": "Từ chối tiếp nhận",
    "received": "Mới tiếp nhận",
    "forwarded": "Đã chuyển, chờ nhận",
    "processing": "Đang giải quyết",
    "consulting": "Đang lấy ý kiến",
    "supplement": "Chờ bổ sung",
    "duty": "Chờ nghĩa vụ tài chính",
    "stopped": "Dừng theo yêu cầu",
    "refused": "Từ chối giải quyết",
    "done": "Đã có kết quả",
    "returned": "Đã trả kết quả",
    "voided": "Đã huỷ",
}
"""Each state in the words of screen and paper."""

RUNNING: frozenset[State] = frozenset({"received", "forwarded", "processing", "consulting"})
"""The clock runs: the dossier can be due, and late."""
WAITING: frozenset[State] = frozenset({"checked", "supplement", "duty"})
"""The citizen's turn."""
OPEN: frozenset[State] = RUNNING | {"supplement", "duty", "done"}
"""Taken in, and not ended."""
NOT_TAKEN_IN: frozenset[State] = frozenset({"checked", "turned_away"})
"""Without a code: only looked at."""
ENDED: frozenset[State] = frozenset({"stopped", "refused", "returned", "voided"})

PUBLISHERS: frozenset[Role] = frozenset({"chief"})
"""Who may word the papers of the office; everybody's are worded by the server's operator."""
CLERKS: frozenset[Role] = frozenset({"clerk", "chief"})
OFFICERS: frozenset[Role] = frozenset({"officer", "chief"})
ANYONE: frozenset[Role] = CLERKS | OFFICERS
ANY_STATE: frozenset[State] = frozenset(STATES) - {"voided"}


@dataclass(frozen=True)
class Act:
    """One row: what it is called, who may, from which states, to which."""

    says: str
    """A verb, as on a button."""
    who: frozenset[Role]
    when: frozenset[State]
    to: State | None = None
    """None: the state stays, or the step's own facts decide (see ``db/life.py``)."""
    physical: bool = False
    moves: bool = True
    """Whether it is about the state: two such steps at once contradict each other."""


def _states(*names: State) -> frozenset[State]:
    return frozenset(names)


ACTS: Mapping[str, Act] = {
    "dossier.checked": Act("Kiểm tra, chưa nhận", CLERKS, _states("checked", "turned_away")),
    "dossier.forwarded": Act(
        "Chuyển hồ sơ", ANYONE, _states("received", "processing"), to="forwarded"
    ),
    "dossier.taken": Act("Nhận hồ sơ", ANYONE, _states("forwarded"), to="processing"),
    "dossier.sentback": Act(
        "Chuyển lại quầy", OFFICERS, _states("forwarded", "processing"), to="received"
    ),
    "opinion.asked": Act("Lấy ý kiến", OFFICERS, _states("processing"), to="consulting"),
    "opinion.given": Act("Ghi ý kiến trả lời", ANYONE, _states("consulting"), to="processing"),
    "supplement.asked": Act(
        "Yêu cầu bổ sung",
        ANYONE,
        _states("received", "processing", "consulting"),
        to="supplement",
    ),
    "supplement.brought": Act("Nhận bổ sung", CLERKS, _states("supplement")),
    "duty.asked": Act(
        "Yêu cầu nghĩa vụ tài chính", ANYONE, _states("received", "processing"), to="duty"
    ),
    "duty.met": Act("Đã làm nghĩa vụ tài chính", ANYONE, _states("duty")),
    "dossier.extended": Act("Xin lỗi và hẹn lại", ANYONE, RUNNING | {"duty"}),
    "dossier.stopped": Act(
        "Dừng theo yêu cầu", CLERKS, RUNNING | {"supplement", "duty"}, to="stopped"
    ),
    "dossier.refused": Act(
        "Từ chối giải quyết",
        ANYONE,
        _states("received", "processing", "consulting", "supplement", "duty"),
        to="refused",
    ),
    "result.issued": Act("Ban hành kết quả", ANYONE, _states("received", "processing")),
    "result.arrived": Act(
        "Nhận kết quả về quầy",
        CLERKS,
        _states("received", "processing", "done", "refused", "stopped"),
        moves=False,
    ),
    "citizen.told": Act("Báo cho công dân", ANYONE, ANY_STATE, moves=False),
    "result.returned": Act(
        "Trả kết quả",
        CLERKS,
        _states("received", "processing", "done", "refused", "stopped"),
        physical=True,
    ),
    "result.posted": Act(
        "Gửi bưu điện",
        CLERKS,
        _states("received", "processing", "done", "refused", "stopped"),
        physical=True,
    ),
    "post.confirmed": Act(
        "Ghi kết quả gửi bưu điện",
        CLERKS,
        _states("received", "processing", "done", "refused", "stopped"),
        physical=True,
        moves=False,
    ),
    "dossier.archived": Act(
        "Nộp lưu",
        CLERKS,
        _states("done", "returned", "refused", "stopped", "turned_away"),
        moves=False,
    ),
    "fee.taken": Act("Thu phí", CLERKS, ANY_STATE, physical=True, moves=False),
    "fee.refunded": Act("Hoàn phí", CLERKS, ANY_STATE, physical=True, moves=False),
    "paper.digitised": Act("Số hóa giấy tờ", ANYONE, ANY_STATE, moves=False),
    "steps.settled": Act("Ghi nhầm, xác nhận lại", ANYONE, frozenset(STATES), moves=False),
}


def ending(state: State) -> Ending:
    """In which column of the figures a dossier stands; empty for one that got no code."""
    if state in OPEN:
        return "open"
    return state if state in ("returned", "refused", "stopped", "voided") else ""


def possible(state: State, role: Role) -> list[str]:
    """The kinds of steps that may be done now, in the order of the table."""
    return [kind for kind, act in ACTS.items() if role in act.who and state in act.when]
