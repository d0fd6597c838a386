"""What a correction form says, read into changes: only what was touched is judged."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime

import pytest
from msgspec.structs import replace as with_

from db.kinds import DossierReceived
from db.parts import PaperCount
from desk_app.desk import Desk
from desk_app.rules.people import PersonTyped
from desk_app.services.correct import correct
from desk_app.services.dossier_form import DossierForm
from desk_app.services.receive import receive
from desk_app.ui.correction import read_correction, read_moment, typed_of

TODAY = date(2026, 11, 26)


@pytest.fixture
def facts(desk: Desk, form: Callable[..., DossierForm]) -> DossierReceived:
    return receive(desk, form()).facts


def test_an_untouched_form_changes_nothing(facts: DossierReceived) -> None:
    assert read_correction(facts, typed_of(facts), "", TODAY).changes == {}


def test_what_was_odd_before_is_not_judged_again(facts: DossierReceived) -> None:
    odd = with_(facts, applicant=with_(facts.applicant, id_number="12345", id_kind="other"))
    typed = typed_of(odd)
    typed = replace(typed, applicant=replace(typed.applicant, address="Thôn 5, xã Tú Sơn"))
    read = read_correction(odd, typed, "", TODAY)
    assert read.changes == {"applicant.address": "Thôn 5, xã Tú Sơn"}
    assert read.remarks == ()


def test_a_number_brings_its_kind_along(facts: DossierReceived) -> None:
    typed = typed_of(facts)
    typed = replace(typed, applicant=replace(typed.applicant, id_number="031 187 999 995"))
    read = read_correction(facts, typed, "", TODAY)
    assert read.changes["applicant.id_number"] == "031187999995"
    assert read.changes["applicant.id_kind"] == "personal"


@pytest.mark.parametrize(
    ("typed", "moment"),
    [
        ("16:30 15/12/2026", datetime(2026, 12, 15, 16, 30)),
        ("16h30, 15-12-2026", datetime(2026, 12, 15, 16, 30)),
        ("9:05 1/2/27", datetime(2027, 2, 1, 9, 5)),
        ("16 giờ 15/12/2026", datetime(2026, 12, 15, 16, 0)),
        ("16 giờ 30 phút, ngày 15 tháng 12 năm 2026", datetime(2026, 12, 15, 16, 30)),
        ("25:00 15/12/2026", None),
        ("16:30 31/11/2026", None),
        ("16:30", None),
        ("15/12/2026", None),
        ("", None),
    ],
)
def test_a_moment_is_read_as_people_write_it(typed: str, moment: datetime | None) -> None:
    assert read_moment(typed, None) == moment


def test_a_promise_keeps_its_time_zone_and_its_reason(facts: DossierReceived) -> None:
    typed = replace(typed_of(facts), due="16:30 15/12/2026")
    read = read_correction(facts, typed, " Lãnh đạo đi vắng ", TODAY)
    assert read.changes == {
        "due_at": "2026-12-15T16:30:00+07:00",
        "due_override": "Lãnh đạo đi vắng",
    }


@pytest.mark.parametrize(
    ("typed", "name"),
    [("mai", "due_unreadable"), ("8:00 26/11/2026", "due_before_received")],
)
def test_a_promise_that_cannot_be_is_an_error(
    typed: str, name: str, facts: DossierReceived
) -> None:
    read = read_correction(facts, replace(typed_of(facts), due=typed), "", TODAY)
    assert [(r.field, r.name, r.severity) for r in read.remarks] == [("due_at", name, "error")]
    assert read.changes == {}


def test_new_papers_are_tidied_and_known_ones_left_alone(facts: DossierReceived) -> None:
    new = PaperCount(name="  Văn bản   ủy quyền ", originals=1)
    typed = replace(typed_of(facts), papers=(*facts.papers, new))
    read = read_correction(facts, typed, "", TODAY)
    assert [p["name"] for p in read.changes["papers"]] == [
        *(paper.name for paper in facts.papers),
        "Văn bản ủy quyền",
    ]


@pytest.mark.parametrize(
    ("typed", "fee"),
    [
        ("12.000", {"amount": 12_000, "how": "cash"}),
        ("0", {"how": "exempt", "reason": "Hộ nghèo"}),
    ],
)
def test_a_fee_is_put_right_and_none_is_an_exemption(
    typed: str, fee: dict[str, object], facts: DossierReceived
) -> None:
    read = read_correction(facts, replace(typed_of(facts), fee=typed), "Hộ nghèo", TODAY)
    assert read.changes == {"fee": fee}


@pytest.mark.parametrize(
    ("field", "typed", "name"),
    [
        ("fee", "mười nghìn", "money_unreadable"),
        ("fee", "", "money_unreadable"),
        ("sets", "0", "sets_unreadable"),
        ("sets", "hai", "sets_unreadable"),
    ],
)
def test_what_is_no_amount_and_no_number_is_an_error(
    field: str, typed: str, name: str, facts: DossierReceived
) -> None:
    read = read_correction(facts, replace(typed_of(facts), **{field: typed}), "", TODAY)
    assert [(r.field, r.name, r.severity) for r in read.remarks] == [(field, name, "error")]
    assert read.changes == {}


def test_who_handed_it_in_is_put_right_added_and_taken_away(
    desk: Desk, form: Callable[..., DossierForm]
) -> None:
    son = PersonTyped(name="Vũ Văn Sơn", id_number="031085999991", phone="0912 345 678")
    dossier = receive(desk, form())
    read = read_correction(
        dossier.facts, replace(typed_of(dossier.facts), submitter=son), "", TODAY
    )
    after = correct(desk, bytes.fromhex(dossier.id), read.changes, "Ghi thiếu người nộp thay")
    assert after.facts.submitter is not None
    assert after.facts.submitter.name == "Vũ Văn Sơn"
    gone = read_correction(
        after.facts, replace(typed_of(after.facts), submitter=PersonTyped()), "", TODAY
    )
    assert gone.changes == {"submitter": None}
    assert correct(desk, bytes.fromhex(dossier.id), gone.changes, "Nhầm").facts.submitter is None


def test_the_number_of_sets_is_put_right(facts: DossierReceived) -> None:
    assert read_correction(facts, replace(typed_of(facts), sets="3"), "", TODAY).changes == {
        "sets": 3
    }
