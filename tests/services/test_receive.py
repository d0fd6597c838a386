"""Taking a dossier in."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text

from db import engine as engines
from db.engine import DiskFull
from db.parts import PaperCount
from desk_app.rules.people import PersonTyped
from desk_app.services.dossiers import counts, page
from desk_app.services.receive import AlreadyReceived, FormIncomplete, check, preview, receive


def names(refused: pytest.ExceptionInfo[FormIncomplete]) -> list[tuple[str, str]]:
    return [(r.field, r.name) for r in refused.value.facts["remarks"]]


def test_a_dossier_gets_the_first_number_of_its_counters_block_and_a_promise(desk, form):
    dossier = receive(desk, form())
    assert dossier.facts.code == "H24.314.11749-261126-0501"
    assert dossier.facts.due_at == "2026-12-01T16:30:00+07:00"
    assert dossier.facts.applicant.id_number == "031187999912"
    assert dossier.facts.clerk.name == "Trần Thị Mai"
    assert "3 ngày làm việc" in dossier.facts.why_due


def test_numbers_follow_each_other_and_start_again_the_next_day(desk, form, clock):
    codes = [receive(desk, form()).facts.code[-11:] for _ in range(3)]
    clock.forward(days=1)
    codes.append(receive(desk, form()).facts.code[-11:])
    assert codes == ["261126-0501", "261126-0502", "261126-0503", "261127-0501"]


def test_a_date_that_comes_back_goes_on_where_it_was(desk, form, clock):
    receive(desk, form())
    clock.forward(days=1)
    receive(desk, form())
    clock.forward(days=-1)
    dossier = receive(desk, form())
    assert dossier.facts.code.endswith("261126-0502")


def test_saving_the_same_form_twice_makes_one_dossier(desk, form):
    once = form()
    assert receive(desk, once).facts.code == receive(desk, once).facts.code
    assert counts(desk)["all"] == 1


def test_a_block_used_up_goes_on_in_the_reserve_and_then_provisionally(desk, form):
    with engines.writing(desk.journal.engine) as connection:
        row = {"block": 1, "day": "2026-11-26", "n": 498}
        connection.execute(text("INSERT INTO ctr VALUES (:block, :day, :n)"), row)
    last = receive(desk, form())
    reserve = receive(desk, form())
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(text("UPDATE ctr SET n = 499 WHERE block = 11"))
    beyond = receive(desk, form())
    assert [last.facts.code[-4:], reserve.facts.code[-4:]] == ["0999", "5501"]
    assert beyond.facts.provisional
    assert beyond.facts.code == "T02.H24.314.11749-261126-0001"


def test_everything_missing_is_said_at_once_and_nothing_is_saved(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(applicant=PersonTyped(), procedure=None, papers=()))
    found = names(refused)
    assert ("applicant.name", "name_missing") in found
    assert ("procedure", "procedure_missing") in found
    assert counts(desk)["all"] == 0


def test_a_missing_required_paper_is_named(desk, form):
    whole = form()
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, dataclasses.replace(whole, papers=whole.papers[1:]))
    remark = refused.value.facts["remarks"][0]
    assert (remark.field, remark.name) == ("required.0", "paper_missing")
    assert remark.facts["paper"] == whole.papers[0].name


def test_a_paper_handed_in_zero_times_is_not_handed_in(desk, form):
    none = PaperCount(name="Tờ giấy khác")
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(papers=(*form().papers, none)))
    assert names(refused)[0][1] == "paper_count_missing"


def test_a_phone_with_nine_digits_keeps_the_form(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(applicant=dataclasses.replace(form().applicant, phone="0912 345")))
    assert names(refused) == [("applicant.phone", "phone_unreadable")]


def test_an_unknown_time_limit_needs_a_day_and_a_reason(desk, form):
    with desk.reading() as connection:
        catalogue = desk.published(connection).catalogue(desk.now().date())
    unknown = next(p.says for p in catalogue if p.says.limit.unit == "unknown")
    bare = form(procedure=unknown.code, papers=(), sender="online-1")
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, bare)
    assert ("due", "limit_unknown") in names(refused)
    at = desk.now() + timedelta(days=5)
    dossier = receive(desk, dataclasses.replace(bare, due_override=(at, "Theo quyết định riêng")))
    assert dossier.facts.due_at == at.isoformat()
    assert dossier.facts.due_override == "Theo quyết định riêng"


def test_another_day_than_the_rule_needs_a_reason(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(due_override=(desk.now() + timedelta(days=9), " ")))
    assert names(refused) == [("due", "override_reason_missing")]


def test_a_promise_before_the_intake_is_refused(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(due_override=(desk.now() - timedelta(days=1), "nhầm")))
    assert names(refused) == [("due", "due_before_received")]


def test_a_dossier_keyed_the_next_morning_keeps_the_day_it_was_received(desk, form):
    yesterday = datetime(2026, 11, 25, 16, 20, tzinfo=desk.now().tzinfo)
    dossier = receive(desk, form(received_at=yesterday))
    assert dossier.facts.code[-11:] == "261125-0501"
    assert dossier.facts.received_at.startswith("2026-11-25T16:20")


def test_a_moment_in_the_future_is_refused(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(received_at=desk.now() + timedelta(hours=1)))
    assert names(refused) == [("received_at", "received_in_future")]


def test_certified_copies_cost_by_page_and_copy(desk, form):
    with desk.reading() as connection:
        copies = desk.published(connection).procedure("2.000815", desk.now().date())
    papers = tuple(
        PaperCount(name=p.name, copies=p.copies, shown=p.shown) for p in copies.says.papers
    )
    asked = form(procedure="2.000815", papers=papers, pages=3, copies=2)
    assert receive(desk, asked).facts.fee.amount == 10_000
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(procedure="2.000815", papers=papers))
    assert names(refused) == [("pages", "pages_missing"), ("copies", "copies_missing")]


def test_an_exemption_says_why(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(fee_how="exempt"))
    assert names(refused) == [("fee_reason", "exemption_reason_missing")]
    dossier = receive(desk, form(fee_how="exempt", fee_reason="Hộ nghèo"))
    assert (dossier.facts.fee.amount, dossier.facts.fee.reason) == (0, "Hộ nghèo")


def test_a_note_of_ten_megabytes_is_refused_with_its_length(desk, form):
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, form(note="ờ" * 10_000_000))
    remark = refused.value.facts["remarks"][0]
    assert (remark.name, remark.facts["limit"]) == ("too_long", "4.000")


def test_the_same_senders_number_is_taken_in_once(desk, form):
    first = receive(desk, form(sender="DVC-1"))
    with pytest.raises(AlreadyReceived) as refused:
        receive(desk, form(sender="DVC-1"))
    assert refused.value.facts["code"] == first.facts.code


def test_a_preview_takes_no_number_and_shows_the_next_one(desk, form):
    assert preview(desk, form()).code.endswith("-0501")
    assert preview(desk, form()).code.endswith("-0501")
    assert preview(desk, form(applicant=PersonTyped(), procedure=None, papers=())).code
    assert receive(desk, form()).facts.code.endswith("-0501")
    assert preview(desk, form()).code.endswith("-0502")


def test_markup_and_formulas_are_plain_text(desk, form):
    purpose = "<script>alert(1)</script> =HYPERLINK(1) '; DROP TABLE"
    assert receive(desk, form(purpose=purpose)).facts.purpose == purpose


def test_checking_a_whole_form_finds_no_error(desk, form):
    assert [r for r in check(desk, form()) if r.severity == "error"] == []


def test_a_full_disk_saves_nothing_and_the_same_form_saves_later(desk, form):
    engine = desk.journal.engine
    with engines.reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    whole = form()
    saved = 0
    with pytest.raises(DiskFull):
        for _ in range(200):
            receive(desk, form())
            saved += 1
    assert counts(desk)["all"] == saved
    with engines.reading(engine) as connection:
        connection.exec_driver_sql("PRAGMA max_page_count=1000000")
    receive(desk, whole)
    assert next(line.code[-4:] for line in page(desk, "all")) == f"{501 + saved:04d}"
