"""The life of a dossier as the desk knows it, and what becomes of acts done at the same time."""

from __future__ import annotations

import pytest
from msgspec.structs import replace
from store.test_acts import ANH, EXAMPLES, LAW, LOOKED, NOW, TWO_RESULTS, Told
from store.test_fold import OBJ, RECEIVED, TWO

from db.beginning import local_code
from db.fold import fold
from db.kinds import DossierCorrected, DossierRecoded, DossierVoided
from db.steps import (
    DossierChecked,
    DossierExtended,
    DutyMet,
    FeeTaken,
    PostConfirmed,
    PromisedResult,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    StepsSettled,
    SupplementAsked,
    SupplementBrought,
)

LATER = "2026-12-09T16:30:00+07:00"
LAST = "2026-12-20T16:30:00+07:00"


def done(*steps, first=RECEIVED):
    """A history in which these steps followed each other."""
    told = Told(first)
    for step in steps:
        told.then(EXAMPLES[step] if isinstance(step, str) else step)
    return told


def beside(told, seen, *steps):
    """What another counter did one after the other when it knew of ``seen`` alone."""
    ids, heads = [], seen
    for step in steps:
        body = EXAMPLES[step] if isinstance(step, str) else step
        ids.append(told.add(body, *heads, device=TWO))
        heads = (ids[-1],)
    return ids


def seen(told):
    """The dossier, whichever way its entries came."""
    entries = list(told.entries.values())
    found = fold(entries)
    assert found is not None
    assert fold(reversed(entries)) == found
    return found


def flags(told):
    return [flag.name for flag in seen(told).flags]


def ways(told):
    return [r.delivery for r in seen(told).life.results]


def issued(place, number="1"):
    return ResultIssued(result=place, number=number, **NOW)


def arrived(place):
    return ResultArrived(result=place, shelf="A", **NOW)


def returned(*places):
    return ResultReturned(results=places, to="applicant", collector=ANH, **NOW)


def posted(item, *places):
    return ResultPosted(results=places, item=item, **NOW)


def confirmed(item, outcome):
    return PostConfirmed(item=item, outcome=outcome, on="2026-11-27", **NOW)


# ---------------------------------------------------------------- waiting for the citizen


def test_a_supplement_goes_on_at_the_counter_with_a_new_promise():
    told = done("supplement.asked")
    assert not seen(told).life.clock_runs
    told.then(SupplementBrought(complete=False, **NOW))
    assert seen(told).status == "supplement"
    told.then(SupplementBrought(complete=True, due_at=LATER, **NOW))
    life = seen(told).life
    assert (life.state, life.due_at, life.results[0].due_at) == ("received", LATER, LATER)
    assert life.requests[0].brought_at == NOW["at"]
    assert seen(told).facts.due_at == RECEIVED.due_at


@pytest.mark.parametrize(
    "before",
    [
        ("dossier.forwarded", "dossier.taken"),
        ("dossier.forwarded", "dossier.taken", "opinion.asked"),
    ],
)
def test_a_supplement_goes_on_with_who_holds_the_dossier(before):
    told = done(*before, "supplement.asked", "supplement.brought")
    life = seen(told).life
    assert (life.state, life.holder) == ("processing", LAW)
    assert life.due_at == RECEIVED.due_at
    assert flags(told) == []


def test_a_dossier_sent_back_waits_at_the_counter():
    told = done("dossier.forwarded", "dossier.taken", "dossier.sentback", "supplement.asked")
    told.then(EXAMPLES["supplement.brought"])
    assert (seen(told).status, seen(told).life.holder) == ("received", None)


def test_a_duty_is_owed_until_it_is_met():
    told = done("dossier.forwarded", "dossier.taken", "duty.asked")
    assert (seen(told).status, seen(told).life.duty) == ("duty", 5)
    assert not seen(told).life.clock_runs
    told.then(DutyMet(document="GNT 12", due_at=LATER, **NOW))
    life = seen(told).life
    assert (life.state, life.duty, life.due_at) == ("processing", 0, LATER)


# ---------------------------------------------------------------- promises


def test_an_extension_moves_what_is_not_there_yet():
    told = done(issued(0), first=TWO_RESULTS)
    told.then(EXAMPLES["dossier.extended"])
    life = seen(told).life
    assert (life.due_at, life.extensions, life.late_reason) == (LATER, 1, "x")
    assert [r.due_at for r in life.results] == [RECEIVED.due_at, LATER]


def test_an_extension_says_of_each_result_when():
    dues = tuple(PromisedResult("", due, RECEIVED.limit) for due in (LATER, LAST))
    told = done(first=TWO_RESULTS)
    told.then(DossierExtended(due_at=LAST, reason="x", agency="y", results=dues, **NOW))
    assert [r.due_at for r in seen(told).life.results] == [LATER, LAST]


def test_a_promise_put_right_between_two_steps_holds_until_the_next():
    told = done("supplement.asked")
    told.then(DossierCorrected({"due_at": LAST}, "gõ nhầm"))
    assert seen(told).life.due_at == LAST
    told.then(SupplementBrought(complete=True, due_at=LATER, **NOW))
    assert seen(told).life.due_at == LATER
    assert seen(told).facts.due_at == LAST


def test_the_same_extension_by_two_is_one():
    told = done()
    beside(told, told.last, "dossier.extended")
    told.then(EXAMPLES["dossier.extended"])
    assert seen(told).life.extensions == 1
    assert flags(told) == []


# ---------------------------------------------------------------- results


def test_a_dossier_is_done_with_its_last_result_and_returned_with_the_last_out():
    told = done("dossier.forwarded", "dossier.taken", first=TWO_RESULTS)
    for step, state in (
        (issued(0), "processing"),
        (arrived(0), "processing"),
        (returned(0), "processing"),
        (issued(1), "done"),
        (arrived(1), "done"),
        (returned(1), "returned"),
    ):
        told.then(step)
        assert seen(told).status == state
    assert flags(told) == []
    assert seen(told).life.ended_at == NOW["at"]


def test_what_comes_back_from_the_post_goes_out_again():
    told = done("result.issued", "result.arrived", "result.posted")
    assert ways(told) == ["posted"]
    told.then(confirmed("EA1", "came_back"))
    assert (ways(told), seen(told).status) == (["at_counter"], "done")
    assert seen(told).life.results[0].item == ""
    told.then(posted("EA2", 0))
    told.then(confirmed("EA2", "delivered"))
    assert (ways(told), seen(told).status) == (["out"], "returned")
    assert flags(told) == []


def test_what_came_back_and_was_shelved_again_is_here_and_not_out():
    told = done("result.issued", "result.arrived", "result.posted", "result.arrived")
    (result,) = seen(told).life.results
    assert (result.delivery, result.item, result.out_at) == ("at_counter", "", "")
    assert flags(told) == []


@pytest.mark.parametrize("end", ["dossier.refused", "dossier.stopped"])
def test_the_papers_of_a_refused_or_stopped_dossier_go_back_once(end):
    told = done(end, "result.returned")
    found = seen(told)
    assert (found.status, found.life.handed_back_at) == (end.removeprefix("dossier."), NOW["at"])
    assert flags(told) == []
    told.then(EXAMPLES["result.returned"])
    assert flags(told) == ["out_of_turn"]


@pytest.mark.parametrize("end", ["dossier.refused", "dossier.stopped"])
def test_papers_the_post_brought_back_are_not_handed_back(end):
    told = done(end, "result.posted")
    assert seen(told).life.handed_back_at == ""
    told.then(confirmed("EA1", "came_back"))
    assert (seen(told).life.handed_back_at, ways(told)) == ("", ["at_counter"])
    told.then(posted("EA2", 0))
    told.then(confirmed("EA2", "delivered"))
    assert seen(told).life.handed_back_at == NOW["at"]
    assert flags(told) == []


def test_papers_that_are_with_the_post_cannot_be_handed_out_unnoticed():
    told = done("dossier.refused", "result.posted", "result.returned")
    assert flags(told) == ["out_of_turn"]
    assert ways(told) == ["out"]


def test_a_word_of_the_post_about_something_never_posted_ends_nothing():
    told = done("dossier.refused", "post.confirmed")
    assert seen(told).life.handed_back_at == ""
    assert flags(told) == ["out_of_turn"]


# ---------------------------------------------------------------- before there is a code


def test_what_was_only_looked_at_has_a_name_of_its_own():
    told = Told(DossierChecked(outcome="incomplete", **LOOKED, **NOW))
    found = seen(told)
    assert found.status == "checked"
    assert found.facts.code == local_code(OBJ)
    assert (found.facts.code[:3], len(found.facts.code)) == ("HD-", 10)


def test_what_was_looked_at_and_then_taken_in_is_found_by_both_names():
    told = Told(DossierChecked(outcome="refused", **LOOKED, **NOW))
    told.then(DossierChecked(outcome="incomplete", **LOOKED, **NOW))
    told.then(RECEIVED)
    found = seen(told)
    assert (found.status, found.facts.code, found.flags) == ("received", RECEIVED.code, ())
    assert found.former_codes == (local_code(OBJ),)
    told.then(EXAMPLES["dossier.forwarded"])
    assert (seen(told).status, flags(told)) == ("forwarded", [])


def looked_at(*steps, outcome="incomplete"):
    """A history of somebody who was sent home, and what was done then."""
    return done(*steps, first=DossierChecked(outcome=outcome, **LOOKED, **NOW))


def test_what_was_paid_told_and_scanned_before_the_receipt_stays_so():
    told = looked_at("fee.taken", "citizen.told", "paper.digitised", RECEIVED)
    life = seen(told).life
    assert (life.state, life.paid, len(life.told), len(life.digitised)) == ("received", 8_000, 1, 1)


def test_money_taken_twice_before_the_receipt_is_still_to_be_settled():
    told = looked_at()
    beside(told, told.last, "fee.taken")
    told.then(EXAMPLES["fee.taken"])
    told.last = tuple(told.entries)
    told.then(RECEIVED)
    assert (flags(told), seen(told).life.paid) == (["fee_twice"], 16_000)


def test_two_who_judged_differently_are_shown_until_one_takes_it_in():
    told = looked_at()
    base = told.last
    told.then(DossierChecked(outcome="refused", **LOOKED, **NOW))
    beside(told, base, DossierChecked(outcome="incomplete", **LOOKED, **NOW))
    assert flags(told) == ["state_conflict"]
    told.last = tuple(told.entries)
    told.then(RECEIVED)
    assert (flags(told), seen(told).status) == ([], "received")


@pytest.mark.parametrize("paper", ["result.returned", "result.posted"])
def test_what_was_never_taken_in_is_not_ended_by_paper_going_out(paper):
    told = looked_at(paper)
    assert (seen(told).status, flags(told)) == ("checked", ["out_of_turn"])
    told.then(RECEIVED)
    assert (seen(told).status, ways(told)) == ("received", ["awaited"])


def test_somebody_sent_home_and_void_is_taken_in_after_all():
    told = looked_at(DossierVoided("nhầm người"))
    assert (seen(told).status, seen(told).void_reason) == ("voided", "nhầm người")
    told.then(RECEIVED)
    found = seen(told)
    assert (found.status, found.void_reason, found.flags) == ("received", "", ())


def test_what_was_put_right_before_the_receipt_does_not_change_what_it_says():
    told = looked_at(
        DossierCorrected({"applicant.name": "Nguyễn Văn Khác"}, "gõ nhầm"),
        DossierRecoded("H24.314.11749-261126-0777", "trùng số"),
    )
    before = seen(told)
    assert before.facts.applicant.name == "Nguyễn Văn Khác"
    assert before.facts.code == local_code(OBJ)
    told.then(RECEIVED)
    found = seen(told)
    assert found.facts == RECEIVED
    assert set(found.former_codes) == {local_code(OBJ), "H24.314.11749-261126-0777"}
    assert found.corrections[0].changes[0].old == ANH.name


def test_a_code_given_before_the_receipt_is_known_although_the_first_look_has_not_come():
    told = looked_at(DossierRecoded("H24.314.11749-261126-0777", "trùng số"), RECEIVED)
    first, *rest = told.entries.values()
    assert first.says.k == "dossier.checked"
    found = fold(rest)
    assert found is not None
    assert found.facts.code == RECEIVED.code
    assert found.former_codes == ("H24.314.11749-261126-0777",)


def test_a_receipt_beside_a_second_look_counts_in_either_order():
    told = looked_at()
    base = told.last
    receipt = told.add(RECEIVED, *base)
    second = told.add(EXAMPLES["dossier.checked"], *base, device=TWO)
    assert seen(told).status == "received"
    assert [(f.name, f.entries) for f in seen(told).flags] == [("out_of_turn", (second,))]
    assert receipt in {event.id for event in seen(told).history}


def test_both_receipts_of_one_dossier_find_it():
    told = looked_at()
    base = told.last
    told.add(RECEIVED, *base)
    told.add(replace(RECEIVED, code="H24.314.11749-261126-0999"), *base, device=TWO)
    found = seen(told)
    assert flags(told) == ["received_twice"]
    assert {found.facts.code, *found.former_codes} == {
        RECEIVED.code, "H24.314.11749-261126-0999", local_code(OBJ)
    }  # fmt: skip
    told.last = tuple(told.entries)
    settled(told, stand=found.flags[0].entries)
    assert flags(told) == []


# ---------------------------------------------------------------- a void


def test_nothing_moves_a_void_dossier():
    told = done("dossier.forwarded", DossierVoided("nhầm"))
    before = seen(told).life
    assert (before.state, before.holder) == ("voided", LAW)
    told.then(EXAMPLES["dossier.taken"])
    assert seen(told).life == before
    assert flags(told) == ["out_of_turn"]


def test_paper_and_money_that_moved_after_a_void_count_and_are_shown():
    told = done("result.issued", "result.arrived", DossierVoided("nhầm"))
    told.then(EXAMPLES["result.returned"])
    told.then(EXAMPLES["fee.taken"])
    found = seen(told)
    assert (found.status, ways(told), found.life.paid) == ("voided", ["out"], 8_000)
    assert flags(told) == ["out_of_turn", "out_of_turn"]


# ---------------------------------------------------------------- at the same time


def two_desks(*before):
    """A dossier of two results whose first lies at the counter; what two desks know of."""
    told = done(*before, issued(0), arrived(0), first=TWO_RESULTS)
    return told, told.last


@pytest.mark.parametrize("above", ["dossier.forwarded", "supplement.asked", "dossier.refused"])
def test_a_return_beside_a_move_above_stands_and_is_shown(above):
    told, base = two_desks()
    (out,) = beside(told, base, returned(0))
    moved = told.then(EXAMPLES[above])
    assert ways(told) == ["out", "awaited"]
    assert [(f.name, set(f.entries)) for f in seen(told).flags] == [
        ("state_conflict", {out, moved})
    ]


def test_a_return_and_another_result_contradict_nothing():
    told, base = two_desks()
    beside(told, base, returned(0))
    told.then(issued(1, "2"))
    assert (ways(told), seen(told).status, flags(told)) == (["out", "issued"], "done", [])


def test_two_results_signed_or_returned_at_once_are_both_there():
    told = done("dossier.forwarded", "dossier.taken", first=TWO_RESULTS)
    base = told.last
    beside(told, base, issued(1, "2"), arrived(1), returned(1))
    for step in (issued(0), arrived(0), returned(0)):
        told.then(step)
    assert (ways(told), seen(told).status, flags(told)) == (["out", "out"], "returned", [])


@pytest.mark.parametrize("out", [returned(0), posted("EA1", 0)])
def test_another_result_that_goes_out_of_turn_is_not_the_same(out):
    told = done(issued(0), arrived(0), first=TWO_RESULTS)
    base = told.last
    (one,) = beside(told, base, out)
    told.then(EXAMPLES["dossier.forwarded"])
    other = told.then(replace(out, results=(1,)))
    assert other in {i for flag in seen(told).flags for i in flag.entries}
    assert one in {i for flag in seen(told).flags for i in flag.entries}


def test_one_result_signed_under_two_numbers_is_shown():
    told = done()
    base = told.last
    told.then(issued(0, "1"))
    beside(told, base, issued(0, "2"))
    assert flags(told) == ["state_conflict"]


@pytest.mark.parametrize("again", ["dossier.forwarded", "opinion.asked", "result.issued"])
def test_what_was_done_once_already_takes_nothing_back(again):
    """Whoever keyed the same again was late: the result is in the citizen's hand."""
    told = done("dossier.forwarded", "dossier.taken")
    base = told.last
    for step in ("opinion.asked", "opinion.given", "result.issued", "result.arrived"):
        told.then(EXAMPLES[step])
    out = told.then(EXAMPLES["result.returned"])
    (late,) = beside(told, base, again)
    assert ways(told) == ["out"]
    if again != "dossier.forwarded":
        assert seen(told).status == "returned"
    assert any({late, out} <= set(flag.entries) for flag in seen(told).flags)


@pytest.mark.parametrize("moved", ["dossier.taken", "dossier.sentback"])
def test_an_apology_beside_a_step_within_the_house_holds(moved):
    told = done("dossier.forwarded")
    beside(told, told.last, "dossier.extended")
    told.then(EXAMPLES[moved])
    assert (flags(told), seen(told).life.due_at) == ([], LATER)


def test_an_apology_beside_a_forwarding_holds():
    told = done()
    beside(told, told.last, "dossier.extended")
    told.then(EXAMPLES["dossier.forwarded"])
    found = seen(told)
    assert (found.flags, found.status, found.life.due_at) == ((), "forwarded", LATER)


@pytest.mark.parametrize("ended", ["dossier.stopped", "dossier.refused", "supplement.asked"])
def test_an_apology_beside_an_end_or_a_wait_is_shown(ended):
    told = done()
    beside(told, told.last, "dossier.extended")
    told.then(EXAMPLES[ended])
    assert flags(told) == ["state_conflict"]


def test_what_two_asked_for_at_once_is_all_to_be_brought():
    told = done()
    base = told.last
    told.then(EXAMPLES["supplement.asked"])
    other = SupplementAsked(
        asked=(replace(EXAMPLES["supplement.asked"].asked[0], paper="Ảnh"),), **NOW
    )
    beside(told, base, other)
    found = seen(told)
    assert {asked.paper for r in found.life.requests for asked in r.asked} == {"Tờ khai", "Ảnh"}
    assert (found.status, found.flags) == ("supplement", ())


def test_a_whole_chain_beside_a_forwarding_is_out_of_hand():
    told = done()
    base = told.last
    given = told.then(EXAMPLES["dossier.forwarded"])
    ids = beside(told, base, "supplement.asked", "supplement.brought", "fee.taken")
    found = seen(told)
    assert [(f.name, f.entries) for f in found.flags] == [
        ("out_of_hand", (ids[0], given)),
        ("out_of_hand", (ids[1], given)),
    ]
    assert (found.status, found.life.requests, found.life.paid) == ("forwarded", (), 8_000)
    told.add(StepsSettled(annulled=(given,), reason="chưa chuyển", **NOW), given, ids[-1])
    found = seen(told)
    assert (found.status, len(found.life.requests), found.flags) == ("received", 1, ())


def test_the_chief_says_which_of_two_returns_is_true():
    told = done("result.issued", "result.arrived")
    base = told.last
    one = told.then(EXAMPLES["result.returned"])
    hung = replace(returned(0), collector=replace(ANH, name="Trần Văn Hùng"))
    (two,) = beside(told, base, hung)
    assert flags(told) == ["returned_twice"]
    told.add(StepsSettled(annulled=(one,), stand=(two,), reason="hỏi lại", **NOW), one, two)
    found = seen(told)
    assert (found.flags, found.status) == ((), "returned")
    assert found.life.results[0].out_to == "Trần Văn Hùng"
    assert {one, two} <= {event.id for event in found.history}


# ---------------------------------------------------------------- what a person said of it


def settled(told, *, annulled=(), stand=(), seen_by=None):
    word = StepsSettled(annulled=annulled, stand=stand, reason="x", **NOW)
    if seen_by is None:
        return told.then(word)
    return told.add(word, *seen_by, device=TWO)


def test_the_last_word_about_a_step_counts():
    told = done("dossier.stopped")
    (step,) = told.last
    settled(told, annulled=(step,))
    assert seen(told).status == "received"
    settled(told, stand=(step,))
    assert seen(told).status == "stopped"
    settled(told, annulled=(step,))
    assert seen(told).status == "received"


def test_a_word_taken_back_says_nothing():
    told = done("fee.taken")
    (fee,) = told.last
    word = settled(told, annulled=(fee,))
    assert seen(told).life.paid == 0
    settled(told, annulled=(word,))
    assert seen(told).life.paid == 8_000
    assert seen(told).life.annulled == {word}


def test_only_steps_are_called_a_mistake():
    told = done()
    note = told.then(DossierCorrected({"due_at": LATER}, "gõ nhầm"))
    settled(told, annulled=(note,))
    assert seen(told).life.annulled == frozenset()
    assert seen(told).life.due_at == LATER


def test_two_words_at_once_are_shown_only_where_they_differ():
    told = done()
    base = told.last
    one = told.then(EXAMPLES["fee.taken"])
    (two,) = beside(told, base, FeeTaken(amount=5, how="cash", payment="ef" * 16, **NOW))
    told.last = (one, two)
    first = settled(told, annulled=(one,), stand=(two,))
    second = settled(told, annulled=(one,), stand=(two,), seen_by=(one, two))
    assert (flags(told), seen(told).life.paid) == ([], 5)
    third = settled(told, annulled=(two,), stand=(one,), seen_by=(one, two))
    assert set(flags(told)) == {"settled_twice"}
    told.last = (first, second, third)
    settled(told, stand=(one, two))
    assert (flags(told), seen(told).life.paid) == ([], 8_005)
