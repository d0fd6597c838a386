"""A dossier's life through the services: from the intake to the result in the citizen's hand."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pypdfium2
import pytest
from two_counters import exchange

from db.kinds import ClerkRegistered
from db.parts import PaperCount
from db.seed import named
from db.steps import Asked, Place
from desk_app.messages import sentence, sentence_for
from desk_app.rules.people import PersonTyped
from desk_app.services import duty, extending, fees, forwarding, results, supplements
from desk_app.services.correct import correct, void
from desk_app.services.demo import required
from desk_app.services.dossiers import counts
from desk_app.services.find import by_code, dossier, find
from desk_app.services.loads import Load, loads
from desk_app.services.receive import FormIncomplete, receive
from desk_app.services.results import Collecting, hand_over
from desk_app.services.slips import write_slip
from desk_app.services.steps import (
    HeldElsewhere,
    NothingToUndo,
    NotNow,
    NotYourRole,
    settle_steps,
    undo_step,
)

LAW = "Tư pháp - Hộ tịch"
SON = PersonTyped(name="Vũ Văn Sơn", id_number="031085999991", born="05/03/1985", sex="Nam")


@pytest.fixture
def chief(desk):
    """The same counter with the commune's chief at it: every step is hers to do."""
    return dataclasses.replace(desk, role="chief")


@pytest.fixture
def taken(desk, form):
    """A dossier just received; its id."""
    return bytes.fromhex(receive(desk, form()).id)


def forwarded(desk, id_):
    (only,) = forwarding.forward(desk, [id_])
    return only


def worked_on(desk, chief, id_):
    forwarded(desk, id_)
    return forwarding.take_over(chief, id_)


def ready(desk, chief, id_):
    worked_on(desk, chief, id_)
    results.issue(chief, id_, "12/XN-UBND")
    return results.put_on_shelf(desk, id_, "Ngăn A", "3")


def test_from_the_intake_to_the_hand(desk, chief, taken):
    given = forwarded(desk, taken)
    assert given.to == Place(LAW)
    assert forwarding.take_over(chief, taken).life.holder == Place(LAW, "", chief.clerk.name)
    assert results.issue(chief, taken, "12/XN-UBND").status == "done"
    shelved = results.put_on_shelf(desk, taken, "Ngăn A", "3")
    assert (shelved.life.results[0].shelf, shelved.life.ready) == ("Ngăn A", (0,))
    assert counts(desk)["ready"] == 1
    done = hand_over(desk, [taken], Collecting(pay="cash", receipt_number="0001234"))
    assert done.dossiers[0].status == "returned"
    assert done.dossiers[0].flags == ()
    assert counts(desk)["ready"] == counts(desk)["overdue"] == 0


def test_it_is_handed_over_once(desk, chief, taken):
    ready(desk, chief, taken)
    hand_over(desk, [taken], Collecting(pay="cash"))
    with pytest.raises(results.ReturnedBefore) as refused:
        hand_over(desk, [taken], Collecting())
    assert "Nguyễn Thị Ngọc Ánh" in sentence_for(refused.value)
    assert "quầy 2" in sentence_for(refused.value)


def test_what_is_not_ready_says_when(desk, taken):
    with pytest.raises(results.NotReady) as refused:
        hand_over(desk, [taken], Collecting())
    assert "16:30" in sentence_for(refused.value)


def test_somebody_else_needs_an_authorisation_and_a_name(desk, chief, taken):
    ready(desk, chief, taken)
    with pytest.raises(results.AuthorisationMissing):
        hand_over(desk, [taken], Collecting(to="authorised", collector=SON, pay="cash"))
    with pytest.raises(FormIncomplete):
        hand_over(desk, [taken], Collecting(to="authorised", authorisation="12/2026", pay="cash"))
    assert dossier(desk, taken).life.paid == 0  # nothing was half done
    how = Collecting(to="authorised", collector=SON, authorisation="GUQ 12/11/2026", pay="cash")
    assert hand_over(desk, [taken], how).dossiers[0].life.results[0].out_to == "Vũ Văn Sơn"


def test_a_fee_is_taken_with_the_return_and_once(desk, chief, form):
    one = bytes.fromhex(receive(desk, form(fee_amount=15_000)).id)
    owed = fees.owed(dossier(desk, one))
    if not owed:
        pytest.fail("the procedure of these tests costs something")
    ready(desk, chief, one)
    with pytest.raises(results.FeeOwed) as refused:
        hand_over(desk, [one], Collecting())
    assert refused.value.facts["amount"] == owed
    done = hand_over(desk, [one], Collecting(pay="cash"))
    assert done.payment is not None
    assert done.payment.amount == owed
    assert [(t.how, t.amount) for t in fees.takings(desk, desk.now().date())] == [("cash", owed)]
    with pytest.raises(fees.NothingOwed):
        fees.take_fee(desk, [one], "cash")
    with pytest.raises(fees.MoreThanPaid):
        fees.refund(desk, one, owed + 1, "cash", "Thu nhầm")
    fees.refund(desk, one, owed, "cash", "Thu nhầm")
    assert [t.amount for t in fees.takings(desk, desk.now().date())] == [0]


def test_one_payment_for_several_dossiers(desk, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]
    paid = fees.take_fee(desk, ids, "transfer", number="77")
    assert {d.life.receipts[0].payment for d in paid.dossiers} == {paid.id}
    assert paid.amount == sum(d.life.paid for d in paid.dossiers)


def test_a_supplement_counts_the_time_anew(desk, clock, taken):
    clock.forward(days=1)
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    waiting = dossier(desk, taken)
    assert (waiting.status, counts(desk)["waiting"]) == ("supplement", 1)
    clock.forward(days=6)  # Thursday to Thursday: 3 December
    again = supplements.bring_papers(desk, taken, [PaperCount("Tờ khai", originals=1)])
    assert again.status == "received"
    assert again.life.due_at.startswith("2026-12-08T16:30")
    assert again.facts.due_at.startswith("2026-12-01T16:30")
    assert again.life.requests[0].brought_at


def test_some_papers_are_not_all(desk, taken):
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    assert supplements.bring_papers(desk, taken, complete=False).status == "supplement"


def test_a_request_is_complete_and_says_why(desk, taken):
    with pytest.raises(supplements.NothingAsked):
        supplements.ask_for_papers(desk, taken, [])
    with pytest.raises(supplements.PhraseMissing) as refused:
        supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", " ")])
    assert sentence_for(refused.value) == "Chọn lý do cho “Tờ khai”."
    with pytest.raises(supplements.UntilTooEarly):
        supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "x")], until="2026-11-26")
    assert dossier(desk, taken).status == "received"


def test_the_last_paper_of_all_requests_completes_it(pair, form):
    one, two = pair
    id_ = bytes.fromhex(receive(one, form()).id)
    exchange(one, two)
    supplements.ask_for_papers(one, id_, [Asked("Tờ khai", "Thiếu chữ ký")])
    supplements.ask_for_papers(two, id_, [Asked("Giấy chứng sinh", "Chưa có")])
    exchange(one, two)
    with pytest.raises(supplements.NothingBrought) as refused:
        supplements.bring_some(one, id_, [])
    assert "Tích giấy" in sentence_for(refused.value)
    part = supplements.bring_some(one, id_, [PaperCount("Tờ khai", originals=1)])
    assert part.status == "supplement"
    exchange(one, two)
    whole = supplements.bring_some(two, id_, [PaperCount("Giấy chứng sinh", originals=1)])
    assert whole.status == "received"
    assert {"Tờ khai", "Giấy chứng sinh"} <= set(results.held_originals(whole))


def test_late_and_second_requests_are_warned_of(desk, clock, taken):
    assert supplements.before_asking(desk, dossier(desk, taken)) == ()
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    supplements.bring_papers(desk, taken)
    clock.forward(days=7)
    found = supplements.before_asking(desk, dossier(desk, taken))
    assert [r.name for r in found] == ["supplement_late", "supplement_again"]
    assert "lần yêu cầu thứ 2" in sentence(found[1]).lower()


def test_an_apology_comes_in_time_once_or_says_why_not(desk, chief, clock, taken):
    later = desk.now().replace(hour=16, minute=30) + timedelta(days=10)
    with pytest.raises(extending.DueTooEarly):
        extending.extend(chief, taken, desk.now(), "Chờ xác minh", LAW)
    assert extending.extend(chief, taken, later, "Chờ xác minh", LAW).life.extensions == 1
    with pytest.raises(extending.ExtendedBefore):
        extending.extend(chief, taken, later + timedelta(days=1), "Chờ nữa", LAW)
    clock.forward(days=10)
    with pytest.raises(extending.ExtendedBefore):
        extending.extend(chief, taken, later + timedelta(days=5), "Chờ nữa", LAW)
    more = extending.extend(
        chief, taken, later + timedelta(days=5), "Chờ nữa", LAW, override="Lãnh đạo đồng ý"
    )
    assert more.life.extensions == 2


def test_an_apology_on_the_last_day_needs_a_reason(desk, chief, clock, taken):
    clock.forward(days=5)  # the promised day, a Tuesday
    later = desk.now() + timedelta(days=3)
    with pytest.raises(extending.ApologyTooLate) as refused:
        extending.extend(chief, taken, later, "Chờ xác minh", LAW)
    assert "30/11/2026" in sentence_for(refused.value)


@pytest.fixture
def joint(desk, form):
    """Birth, residence, health card: three results of three offices, each with its own day."""
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure("2.000986", desk.now().date())
    whole = form(procedure=procedure.says.code, papers=required(procedure.says))
    return bytes.fromhex(receive(desk, whole).id)


def said(path):
    """What stands on a paper."""
    document = pypdfium2.PdfDocument(path.read_bytes())
    text = " ".join(page.get_textpage().get_text_bounded() for page in document)
    document.close()
    return " ".join(text.split())


def dues(desk, id_):
    return [r.due_at[:10] for r in dossier(desk, id_).life.results]


def test_an_apology_for_one_of_three_results_leaves_the_others(desk, chief, joint):
    before, last = dues(desk, joint), dossier(desk, joint).life.due_at
    assert len(set(before)) == 3
    later = desk.now().replace(hour=16, minute=30) + timedelta(days=4)
    one = extending.extend(chief, joint, later, "Chờ xác minh", LAW, override="x", result=0)
    assert dues(desk, joint) == [f"{later:%Y-%m-%d}", *before[1:]]
    assert (one.life.due_at, one.life.extensions) == (last, 1)
    put_back = datetime.fromisoformat(last) + timedelta(days=5)
    with pytest.raises(extending.DueTooEarly):
        extending.extend(chief, joint, later, "Chờ xác minh", LAW, override="x")
    whole = extending.extend(chief, joint, put_back, "Chờ xác minh", LAW, override="x")
    assert datetime.fromisoformat(whole.life.due_at) == put_back
    assert dues(desk, joint) == [f"{later:%Y-%m-%d}", f"{put_back:%Y-%m-%d}", before[2]]
    letters = [e for e in whole.history if e.kind == "dossier.extended"]
    for letter, promised in zip(letters, (before[0], last[:10]), strict=True):
        words = said(write_slip(desk, joint, "04", letter.id).path)
        assert f"ngày {promised[8:]} tháng {promised[5:7]}" in words


def test_the_only_result_may_be_named_too(desk, chief, taken):
    later = desk.now().replace(hour=16, minute=30) + timedelta(days=10)
    found = extending.extend(chief, taken, later, "Chờ xác minh", LAW, result=0)
    assert datetime.fromisoformat(found.life.due_at) == later
    assert write_slip(desk, taken, "04").form == "04"


def test_only_for_a_result_that_is_awaited_an_apology_is_written(desk, chief, joint):
    later = desk.now() + timedelta(days=60)
    for place in (0, 3):
        if place == 0:
            results.issue(chief, joint, "12/KS")
        with pytest.raises(extending.NotAwaited) as refused:
            extending.extend(chief, joint, later, "x", LAW, override="x", result=place)
        assert f"kết quả thứ {place + 1}" in sentence_for(refused.value)


def test_a_promise_put_right_leaves_results_of_their_own_theirs(desk, joint):
    before = dues(desk, joint)
    correct(desk, joint, {"due_at": "2026-12-30T16:30:00+07:00"}, "gõ nhầm")
    assert dues(desk, joint) == before
    assert dossier(desk, joint).life.due_at == "2026-12-30T16:30:00+07:00"


def test_a_duty_met_promises_each_result_anew(desk, joint, clock):
    duty.ask_for_duty(desk, joint, "Lệ phí", 50_000)
    clock.forward(days=2)
    duty.duty_met(desk, joint, "GNT 1")
    assert len(set(dues(desk, joint))) == 3


def test_each_office_has_its_own_time_and_is_measured_by_it(desk, chief, clock, joint):
    """Three offices one after the other, the last of them no office of ours; one of them late."""
    promised = [datetime.fromisoformat(r.due_at) for r in dossier(desk, joint).life.results]
    offices = (
        (Place(LAW), desk.now() + timedelta(days=1), 1),
        (Place("Công an xã"), desk.now() + timedelta(days=2), 3),
        (Place("Bảo hiểm xã hội", office_name="Bảo hiểm xã hội"), promised[2], 1),
    )
    for place, (to, until, days) in enumerate(offices):
        forwarding.forward(desk, [joint], to, until, "Giải quyết phần mình")
        assert dossier(desk, joint).life.held_until == until.isoformat(timespec="seconds")
        taken_by = forwarding.take_over(chief, joint, to).life.holder
        clock.forward(days=days)
        results.issue(chief, joint, f"{place}/KQ", place)
        back = results.put_on_shelf(desk, joint, "Ngăn A", "1", place)
        hand_over(desk, [joint], Collecting())
        assert taken_by == to
    assert (back.status, dossier(desk, joint).status) == ("done", "returned")
    words = said(write_slip(desk, joint, "control").path)
    assert words.count("Hạn: ") == 3
    early = words.count("Trước hạn") - words.count("(Trước hạn")
    assert (words.count("Quá hạn"), early, words.count("Đúng hạn")) == (1, 1, 1)
    assert "Nhận: Bảo hiểm xã hội 1" not in words


def test_the_office_above_is_named_on_the_papers(desk, taken):
    with desk.reading() as connection:
        places = forwarding.places_for(desk, desk.published(connection), "Hộ tịch")
    assert places[0] == Place(LAW)
    above = next(p for p in places if p.office)
    assert (above.department, above.office) == ("Phòng Tư pháp", "H24.314")
    (given,) = forwarding.forward(desk, [taken], Place("Phòng Tư pháp", "H24.314"))
    assert given.to == above
    assert "Ủy ban nhân dân huyện Kiến Thụy" in said(write_slip(desk, taken, "control").path)
    with pytest.raises(forwarding.PlaceUnknown):
        forwarding.forward(desk, [taken], Place("Phòng Tư pháp"))


def test_stopped_and_refused_give_the_papers_back(desk, chief, form):
    for end in (
        lambda id_: supplements.stop(desk, id_, "Công dân rút hồ sơ"),
        lambda id_: supplements.refuse(chief, id_, "Không đủ điều kiện", "Điều 5"),
    ):
        id_ = bytes.fromhex(receive(desk, form()).id)
        ended = end(id_)
        assert ended.life.ended_at
        back = hand_over(desk, [id_], Collecting(originals=results.held_originals(ended)))
        assert back.dossiers[0].status == ended.status
        assert back.dossiers[0].life.handed_back_at
        assert results.held_originals(back.dossiers[0]) == ()
        with pytest.raises(results.ReturnedBefore):
            hand_over(desk, [id_], Collecting())


def test_sent_home_before_there_is_a_code_and_taken_in_later(desk, form):
    empty = form(papers=())
    with pytest.raises(supplements.NothingAsked):
        supplements.check(desk, empty, "incomplete")
    home = supplements.check(desk, empty, "incomplete", [Asked("Tờ khai", "Chưa có")])
    assert home.status == "checked"
    assert home.facts.code.startswith("HD-")
    assert counts(desk)["waiting"] == 1
    later = receive(desk, form(id=empty.id))
    assert (later.status, later.flags) == ("received", ())
    assert home.facts.code in later.former_codes
    assert receive(desk, form(id=empty.id)) == later
    with pytest.raises(NotNow):
        supplements.check(desk, form(id=empty.id), "refused", reason="Không thuộc thẩm quyền")


def test_sent_home_by_mistake_and_void_is_still_taken_in_from_the_same_form(desk, form):
    asked = form()
    home = supplements.check(desk, asked, "incomplete", [Asked("Tờ khai", "Chưa có")])
    void(desk, bytes.fromhex(home.id), "Nhầm người")
    later = receive(desk, asked)
    assert (later.status, later.void_reason, later.flags) == ("received", "", ())
    assert not later.facts.code.startswith("HD-")
    assert receive(desk, asked) == later


def test_refused_at_the_desk_says_why(desk, form):
    with pytest.raises(Exception, match="lý do"):
        supplements.check(desk, form(), "refused")
    home = supplements.check(desk, form(), "refused", reason="Không thuộc thẩm quyền của xã")
    assert home.status == "turned_away"
    with pytest.raises(FormIncomplete):
        supplements.check(desk, form(applicant=PersonTyped()), "refused", reason="x")


def test_lists_go_to_each_department_and_leave_out_what_may_not_go(desk, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]
    supplements.stop(desk, ids[1], "Công dân rút hồ sơ")
    given, left = forwarding.forward(desk, ids)
    assert [d.status for d in given.dossiers] == ["forwarded"] * 2
    assert {
        e.body.handover for d in given.dossiers for e in d.history if e.kind == "dossier.forwarded"
    } == {given.id}
    ((id_, no),) = left.refused
    assert id_ == ids[1]
    assert sentence_for(no).startswith("Hồ sơ đang ở “Dừng theo yêu cầu”")


def test_what_goes_on_today_was_received_by_three(desk, clock, form):
    receive(desk, form())
    clock.forward(hours=6)  # 15:41
    late = receive(desk, form())
    assert late.facts.code not in [line.code for line in forwarding.waiting_to_go(desk)]
    clock.forward(days=1)
    assert late.facts.code in [line.code for line in forwarding.waiting_to_go(desk)]


def test_nowhere_and_an_unknown_place_are_refused(desk, taken):
    with pytest.raises(forwarding.PlaceMissing):
        forwarding.forward(desk, [taken], Place(""))
    with pytest.raises(forwarding.PlaceUnknown):
        forwarding.forward(desk, [taken], Place("Phòng lạ"))
    given = forwarding.forward(desk, [taken], Place("Phòng Tư pháp", "H24.314"))
    assert given[0].to.office == "H24.314"


def test_opinions_are_asked_and_given_and_it_can_be_sent_back(desk, chief, taken):
    worked_on(desk, chief, taken)
    asked = forwarding.ask_opinion(chief, taken, Place("Công an xã"), "Xác minh cư trú")
    assert asked.status == "consulting"
    assert forwarding.opinion_given(chief, taken, "Đúng nơi cư trú").status == "processing"
    back = forwarding.send_back(chief, taken, "Chuyển nhầm bộ phận")
    assert (back.status, back.life.holder) == ("received", None)


def test_a_clerk_does_not_do_the_officers_work_nor_the_other_way(desk, taken):
    forwarded(desk, taken)
    with pytest.raises(NotYourRole) as refused:
        forwarding.send_back(desk, taken, "x")
    assert "công chức xử lý" in sentence_for(refused.value)
    officer = dataclasses.replace(desk, role="officer")
    with pytest.raises(NotYourRole):
        supplements.stop(officer, taken, "x")


def test_what_is_not_possible_says_what_is(desk, taken):
    with pytest.raises(NotNow) as refused:
        supplements.bring_papers(desk, taken)
    said = sentence_for(refused.value)
    assert "Mới tiếp nhận" in said
    assert "chuyển hồ sơ" in said


def test_a_duty_stops_the_clock(desk, chief, taken):
    worked_on(desk, chief, taken)
    asked = duty.ask_for_duty(chief, taken, "Lệ phí trước bạ", 1_200_000)
    assert (asked.status, asked.life.clock_runs) == ("duty", False)
    assert duty.duty_met(desk, taken, "CT 001").status == "processing"


def test_the_post_brings_it_or_brings_it_back(desk, chief, taken):
    ready(desk, chief, taken)
    fees.take_fee(desk, [taken], "cash")
    results.post(desk, taken, "EA123456789VN", "Ông Bưu")
    back = results.post_confirmed(desk, taken, "came_back")
    assert back.life.ready == (0,)
    results.post(desk, taken, "EA123456790VN")
    assert results.post_confirmed(desk, taken, "delivered").status == "returned"
    with pytest.raises(NotNow):
        results.post_confirmed(desk, taken, "delivered")


def test_nobody_fetched_it(desk, chief, clock, taken):
    ready(desk, chief, taken)
    results.tell(desk, taken, "phone", "result", reached=False)
    clock.forward(days=31)
    assert counts(desk)["uncollected"] == 1
    kept = results.archive(desk, taken, "Hộp 12")
    assert kept.history[-1].body.uncollected
    assert kept.life.box == "Hộp 12"


def test_a_mistake_is_undone_on_the_same_day_by_the_same_person(desk, chief, clock, taken):
    ready(desk, chief, taken)
    hand_over(desk, [taken], Collecting(pay="cash"))
    assert undo_step(desk, taken).status == "done"
    clock.forward(days=1)
    with pytest.raises(NothingToUndo):
        undo_step(desk, taken)


def test_several_results_each_with_its_day(desk, chief, form):
    with desk.reading() as connection:
        published = desk.published(connection)
        says = published.procedure("2.000986", desk.now().date()).says
    papers = tuple(
        PaperCount(p.name, p.originals, p.certified, p.copies, p.shown) for p in says.papers
    )
    got = receive(desk, form(procedure="2.000986", papers=papers))
    assert [r.due_at[:10] for r in got.facts.results] == ["2026-11-26", "2026-12-17", "2026-12-10"]
    id_ = bytes.fromhex(got.id)
    worked_on(desk, chief, id_)
    results.issue(chief, id_, "01/KS", result=0)
    results.put_on_shelf(desk, id_, "Ngăn B", result=0)
    part = hand_over(desk, [id_], Collecting()).dossiers[0]
    assert part.status == "processing"
    assert [r.delivery for r in part.life.results] == ["out", "awaited", "awaited"]
    for place in (1, 2):
        results.issue(chief, id_, f"0{place}", result=place)
        results.put_on_shelf(desk, id_, result=place)
    assert hand_over(desk, [id_], Collecting()).dossiers[0].status == "returned"


def test_two_counters_return_it_and_the_chief_says_which_is_true(pair, form):
    import two_counters

    one, two = pair
    id_ = bytes.fromhex(receive(one, form()).id)
    results.done_at_once(one, id_)
    fees.take_fee(one, [id_], "cash")
    two_counters.exchange(one, two)
    first = hand_over(one, [id_], Collecting())
    second = hand_over(two, [id_], Collecting())
    two_counters.exchange(one, two)
    for desk in pair:
        (flag,) = dossier(desk, id_).unsettled
        assert flag.name == "returned_twice"
    after = settle_steps(one, id_, second.entries, first.entries, "Quầy 3 bấm nhầm")
    assert after.unsettled == ()
    two_counters.exchange(one, two)
    assert dossier(two, id_) == after


def test_an_officer_works_on_her_own_departments_dossiers(desk, chief, taken):
    worked_on(desk, chief, taken)
    with desk.saving() as saving:
        saving.append(
            named("clerk", "lan"),
            ClerkRegistered("lan", "Ngô Thị Lan", "officer", "x", department="Công an xã"),
        )
    officer = dataclasses.replace(
        desk, role="officer", clerk=type(desk.clerk)("lan", "Ngô Thị Lan")
    )
    with pytest.raises(HeldElsewhere) as refused:
        results.issue(officer, taken, "1")
    assert LAW in sentence_for(refused.value)


def test_the_desks_own_code_is_found_however_it_is_typed(desk, form):
    home = supplements.check(desk, form(papers=()), "incomplete", [Asked("Tờ khai", "Chưa có")])
    code = home.facts.code
    for typed in (code, code.lower(), code.replace("-", ""), f"Mã hồ sơ: {code}"):
        assert [line.code for line in by_code(desk, typed)] == [code]
    assert [line.code for line in find(desk, code[3:9]).dossiers] == [code]
    later = receive(desk, form(id=bytes.fromhex(home.id)))
    assert [line.code for line in by_code(desk, code)] == [later.facts.code]


def test_the_chief_sees_who_holds_what_and_how_much_is_late(desk, chief, clock, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]
    assert loads(desk) == ()
    forwarding.forward(desk, ids)
    forwarding.take_over(chief, ids[0])
    assert counts(desk)["held"] == 3
    clock.forward(days=10)
    assert loads(desk) == (Load(LAW, "", 2, 2), Load(LAW, chief.clerk.name, 1, 1))
    officer = dataclasses.replace(desk, role="officer")
    assert counts(officer)["held"] == 0  # works in no department of this commune
