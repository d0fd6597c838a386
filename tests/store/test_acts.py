"""Every cell of the table: what is allowed leads where it says, what is not does nothing."""

from __future__ import annotations

from itertools import product

import pytest
from store.test_fold import RECEIVED, TWO, History

from db.acts import ACTS, ENDED, OPEN, RUNNING, STATES, State, ending, possible
from db.fold import fold
from db.kinds import NAME_OF, DossierCorrected, DossierVoided
from db.parts import ClerkFacts, Limit, Person
from db.steps import (
    STEPS,
    Asked,
    CitizenTold,
    DossierArchived,
    DossierChecked,
    DossierExtended,
    DossierForwarded,
    DossierRefused,
    DossierSentBack,
    DossierStopped,
    DossierTaken,
    DutyAsked,
    DutyMet,
    FeeRefunded,
    FeeTaken,
    OpinionAsked,
    OpinionGiven,
    PaperDigitised,
    Place,
    PostConfirmed,
    PromisedResult,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    Step,
    StepsSettled,
    SupplementAsked,
    SupplementBrought,
)

MAI = ClerkFacts("mai", "Trần Thị Mai")
NOW = {"at": "2026-11-26T10:00:00+07:00", "clerk": MAI}
LAW = Place("Tư pháp - Hộ tịch")
ANH = Person("Nguyễn Thị Ngọc Ánh")
LOOKED = {
    "procedure": RECEIVED.procedure,
    "applicant": ANH,
    "office": RECEIVED.office,
    "counter": 1,
    "form_set": "2018",
}
EXAMPLES: dict[str, Step] = {
    "dossier.checked": DossierChecked(outcome="incomplete", **LOOKED, **NOW),
    "dossier.forwarded": DossierForwarded(to=LAW, handover="ab" * 16, **NOW),
    "dossier.taken": DossierTaken(place=LAW, **NOW),
    "dossier.sentback": DossierSentBack(reason="nhầm", **NOW),
    "opinion.asked": OpinionAsked(of=Place("Công an xã"), about="cư trú", **NOW),
    "opinion.given": OpinionGiven(answer="đúng", **NOW),
    "supplement.asked": SupplementAsked(asked=(Asked("Tờ khai", "thiếu"),), **NOW),
    "supplement.brought": SupplementBrought(complete=True, **NOW),
    "duty.asked": DutyAsked(what="thuế", amount=5, **NOW),
    "duty.met": DutyMet(document="1", **NOW),
    "dossier.extended": DossierExtended(
        due_at="2026-12-09T16:30:00+07:00", reason="x", agency="y", **NOW
    ),
    "dossier.stopped": DossierStopped(reason="rút", **NOW),
    "dossier.refused": DossierRefused(reason="không đủ", **NOW),
    "result.issued": ResultIssued(number="1", **NOW),
    "result.arrived": ResultArrived(shelf="A", **NOW),
    "citizen.told": CitizenTold(how="phone", about="result", **NOW),
    "result.returned": ResultReturned(to="applicant", collector=ANH, **NOW),
    "result.posted": ResultPosted(item="EA1", **NOW),
    "post.confirmed": PostConfirmed(item="EA1", outcome="delivered", on="2026-11-27", **NOW),
    "dossier.archived": DossierArchived(box="1", **NOW),
    "fee.taken": FeeTaken(amount=8_000, how="cash", payment="cd" * 16, **NOW),
    "fee.refunded": FeeRefunded(amount=1_000, how="cash", reason="x", **NOW),
    "paper.digitised": PaperDigitised(paper="Tờ khai", how="scanned", **NOW),
    "steps.settled": StepsSettled(reason="x", **NOW),
}
ONE = EXAMPLES
TO: dict[State, tuple[str, ...]] = {
    "checked": ("dossier.checked",),
    "turned_away": ("dossier.checked",),
    "received": (),
    "forwarded": ("dossier.forwarded",),
    "processing": ("dossier.forwarded", "dossier.taken"),
    "consulting": ("dossier.forwarded", "dossier.taken", "opinion.asked"),
    "supplement": ("supplement.asked",),
    "duty": ("duty.asked",),
    "stopped": ("dossier.stopped",),
    "refused": ("dossier.refused",),
    "done": ("result.issued",),
    "returned": ("result.issued", "result.arrived", "result.returned"),
    "voided": (),
}
"""A way to every state."""
NEEDS_A_RESULT = {
    "result.arrived": ("result.issued",),
    "result.returned": ("result.issued", "result.arrived"),
    "result.posted": ("result.issued", "result.arrived"),
    "post.confirmed": ("result.issued", "result.arrived", "result.posted"),
}
"""What must be there besides the state; two results are promised so that one may be early."""
TWO_RESULTS = RECEIVED.__class__(
    **{f: getattr(RECEIVED, f) for f in RECEIVED.__struct_fields__ if f != "results"},
    results=tuple(
        PromisedResult(name, RECEIVED.due_at, Limit("working_days", 6)) for name in ("một", "hai")
    ),
)


class Told(History):
    """A history in which everybody knows everything before."""

    def __init__(self, first=RECEIVED):
        self.entries = {}
        self.last = ()
        self.then(first)

    def then(self, body, device=None):
        id_ = self.add(body, *self.last, **({"device": device} if device else {}))
        self.last = (id_,)
        return id_


def standing_in(state: State, kind: str) -> Told:
    """A dossier in a state, with what the step needs besides as far as the state allows it."""
    if state in ("checked", "turned_away"):
        outcome = "refused" if state == "turned_away" else "incomplete"
        return Told(DossierChecked(outcome=outcome, **LOOKED, **NOW))
    early = NEEDS_A_RESULT.get(kind, ())
    first = TWO_RESULTS if early and state in ("received", "processing") else RECEIVED
    told = Told(first)
    for each in TO[state]:
        told.then(EXAMPLES[each])
    if state in ("received", "processing", "done"):
        for each in early:
            if not (state == "done" and each == "result.issued"):
                told.then(EXAMPLES[each])
    if state in ("refused", "stopped") and kind in ("post.confirmed",):
        told.then(EXAMPLES["result.arrived"])
        told.then(EXAMPLES["result.posted"])
    if state == "voided":
        told.then(DossierVoided("nhập nhầm"))
    return told


def test_every_kind_of_step_is_in_the_table_and_has_an_example():
    assert {name for name, _ in STEPS} == set(ACTS) == set(EXAMPLES)
    assert all(NAME_OF[type(body)][0] == kind for kind, body in EXAMPLES.items())


@pytest.mark.parametrize("state", STATES)
def test_there_is_a_way_to_every_state(state):
    told = standing_in(state, "")
    found = fold(told.entries.values())
    assert found is not None
    assert (found.status, found.flags) == (state, ())


@pytest.mark.parametrize(("state", "kind"), list(product(STATES, ACTS)))
def test_a_cell(state, kind):
    told = standing_in(state, kind)
    before = fold(told.entries.values())
    assert before is not None
    assert before.status == state
    act = ACTS[kind]
    id_ = told.then(EXAMPLES[kind])
    after = fold(told.entries.values())
    assert after is not None
    if state in act.when:
        assert after.flags == ()
        if act.to is not None:
            assert after.status == act.to
    else:
        assert [(f.name, f.entries) for f in after.flags] == [("out_of_turn", (id_,))]
        if not act.physical:
            assert after.life == before.life
        else:
            assert after.history[-1].id == id_


def test_a_dossier_is_in_one_column_of_the_figures():
    columns = {state: ending(state) for state in STATES}
    assert {s for s, column in columns.items() if not column} == {"checked", "turned_away"}
    assert {s for s, column in columns.items() if column == "open"} == OPEN
    assert RUNNING < OPEN
    assert not ENDED & OPEN


def test_what_is_possible_follows_the_table():
    for state, role in product(STATES, ("clerk", "officer", "chief")):
        for kind in ACTS:
            allowed = role in ACTS[kind].who and state in ACTS[kind].when
            assert (kind in possible(state, role)) == allowed


def test_of_a_void_dossier_nothing_can_be_settled_but_that():
    assert possible("voided", "chief") == ["steps.settled"]


def test_a_step_before_a_correction_of_the_promise_keeps_its_order():
    told = Told()
    told.then(EXAMPLES["dossier.extended"])
    told.then(DossierCorrected({"due_at": "2026-12-20T16:30:00+07:00"}, "gõ nhầm"))
    found = fold(told.entries.values())
    assert found is not None
    assert found.life.due_at == "2026-12-20T16:30:00+07:00"
    told.then(EXAMPLES["dossier.extended"])
    found = fold(told.entries.values())
    assert found is not None
    assert found.life.due_at == "2026-12-09T16:30:00+07:00"
    assert found.life.extensions == 2


def side_by_side(before, one, two):
    """Two steps that do not know of each other, after some that everybody knows."""
    told = Told()
    for each in before:
        told.then(EXAMPLES[each])
    base = told.last
    a = told.add(one, *base)
    b = told.add(two, *base, device=TWO)
    return told, a, b


PAIRS = [
    ((), "supplement.asked", "supplement.asked", None, "supplement"),
    ((), "dossier.forwarded", "dossier.forwarded", None, "forwarded"),
    ((), "dossier.stopped", "dossier.refused", "state_conflict", None),
    ((), "supplement.asked", "dossier.stopped", "state_conflict", None),
    ((), "dossier.forwarded", "supplement.asked", "out_of_hand", "forwarded"),
    ((), "dossier.forwarded", "dossier.stopped", "out_of_hand", "forwarded"),
    ((), "dossier.forwarded", "citizen.told", None, "forwarded"),
    ((), "dossier.forwarded", "fee.taken", None, "forwarded"),
    ((), "fee.taken", "fee.taken", "fee_twice", "received"),
    (("result.issued", "result.arrived"), "result.returned", "result.returned", "returned_twice", "returned"),
    (("result.issued", "result.arrived"), "result.returned", "result.posted", "returned_twice", None),
    (("result.issued", "result.arrived"), "result.returned", "dossier.archived", None, "returned"),
    ((), "citizen.told", "citizen.told", None, "received"),
]  # fmt: skip


@pytest.mark.parametrize(("before", "one", "two", "flag", "state"), PAIRS)
def test_two_at_once(before, one, two, flag, state):
    told, a, b = side_by_side(before, EXAMPLES[one], EXAMPLES[two])
    found = fold(told.entries.values())
    assert found is not None
    names = [f.name for f in found.flags]
    assert names == ([flag] if flag else [])
    if flag:
        assert set(found.flags[0].entries) == {a, b}
    if state:
        assert found.status == state


@pytest.mark.parametrize("keep", [0, 1])
@pytest.mark.parametrize(("before", "one", "two", "flag", "_"), [p for p in PAIRS if p[3]])
def test_a_person_who_saw_both_says_which_is_true(before, one, two, flag, _, keep):
    told, a, b = side_by_side(before, EXAMPLES[one], EXAMPLES[two])
    stays, mistake = (a, b) if keep == 0 else (b, a)
    told.add(StepsSettled(annulled=(mistake,), stand=(stays,), reason="hỏi lại", **NOW), a, b)
    found = fold(told.entries.values())
    assert found is not None
    assert found.flags == ()
    assert found.life.annulled == {mistake}
    told_alone, c, _ = side_by_side(
        before, EXAMPLES[one if keep == 0 else two], EXAMPLES["citizen.told"]
    )
    assert c
    alone = fold(told_alone.entries.values())
    assert alone is not None
    assert found.status == alone.status


def test_both_may_stand():
    told, a, b = side_by_side((), EXAMPLES["fee.taken"], EXAMPLES["fee.taken"])
    told.add(StepsSettled(stand=(a, b), reason="thu hai bản", **NOW), a, b)
    found = fold(told.entries.values())
    assert found is not None
    assert found.flags == ()
    assert found.life.paid == 16_000


def test_who_did_not_see_an_entry_cannot_call_it_a_mistake():
    told, a, b = side_by_side((), EXAMPLES["fee.taken"], EXAMPLES["fee.taken"])
    told.add(StepsSettled(annulled=(b,), reason="x", **NOW), a)
    found = fold(told.entries.values())
    assert found is not None
    assert "fee_twice" in [f.name for f in found.flags]
    assert found.life.paid == 16_000


def test_two_settlements_that_differ_are_shown_until_one_who_saw_both_speaks():
    told, a, b = side_by_side((), EXAMPLES["fee.taken"], EXAMPLES["fee.taken"])
    one = told.add(StepsSettled(annulled=(a,), stand=(b,), reason="x", **NOW), a, b)
    two = told.add(StepsSettled(annulled=(b,), stand=(a,), reason="y", **NOW), a, b, device=TWO)
    found = fold(told.entries.values())
    assert found is not None
    assert [f.name for f in found.flags] == ["settled_twice"]
    told.add(StepsSettled(annulled=(a,), stand=(b,), reason="z", **NOW), one, two)
    found = fold(told.entries.values())
    assert found is not None
    assert found.flags == ()
    assert found.life.annulled == {a}


def test_a_void_beside_a_step_is_not_applied():
    told, _, _ = side_by_side((), EXAMPLES["dossier.forwarded"], DossierVoided("nhầm"))
    found = fold(told.entries.values())
    assert found is not None
    assert found.status == "forwarded"
    assert [f.name for f in found.flags] == ["void_conflict"]
