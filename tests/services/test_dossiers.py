"""Lists of dossiers: what belongs in each, and pages without a row lost or doubled."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from desk_app.services.correct import correct, void
from desk_app.services.dossiers import counts, page
from desk_app.services.opened import opened
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive


def tails(desk, which, **more):
    return [line.code[-11:] for line in page(desk, which, **more)]


def test_an_empty_counter_has_empty_lists(desk):
    assert set(counts(desk).values()) == {0}
    for which in counts(desk):
        assert page(desk, which) == []


def test_today_ends_at_midnight_of_the_office(desk, form, clock):
    receive(desk, form())
    clock.at = clock.at.replace(hour=23, minute=59)
    receive(desk, form())
    assert tails(desk, "today") == ["261126-0502", "261126-0501"]
    clock.forward(minutes=1)
    assert tails(desk, "today") == []
    receive(desk, form())
    assert tails(desk, "today") == ["261127-0501"]
    assert counts(desk)["all"] == 3


def test_a_dossier_is_due_on_its_day_and_overdue_after_its_minute(desk, form, clock):
    receive(desk, form())
    assert counts(desk) | {"due_today": 0, "overdue": 0} == counts(desk)
    clock.at = clock.at.replace(month=12, day=1, hour=8)
    assert (tails(desk, "due_today"), tails(desk, "overdue")) == (["261126-0501"], [])
    clock.at = clock.at.replace(hour=16, minute=30)
    assert tails(desk, "overdue") == []
    clock.forward(seconds=1)
    assert tails(desk, "overdue") == ["261126-0501"]
    clock.forward(days=1)
    assert (tails(desk, "due_today"), tails(desk, "overdue")) == ([], ["261126-0501"])


def test_a_voided_dossier_is_in_its_own_list_and_no_longer_due(desk, form, clock):
    id_ = bytes.fromhex(receive(desk, form()).id)
    void(desk, id_, "Nhận nhầm")
    clock.at = clock.at.replace(month=12, day=1)
    assert tails(desk, "voided") == ["261126-0501"]
    for which in ("unprinted", "due_today", "overdue"):
        assert tails(desk, which) == []
    assert tails(desk, "all") == ["261126-0501"]


def test_a_changed_promise_moves_the_dossier(desk, form, clock):
    id_ = bytes.fromhex(receive(desk, form()).id)
    correct(desk, id_, {"due_at": "2026-11-27T09:00:00+07:00", "due_override": "Hẹn sớm"}, "Sớm")
    clock.at = clock.at.replace(day=27, hour=8)
    assert tails(desk, "due_today") == ["261126-0501"]


def test_the_counts_are_those_of_the_lists(desk, form, clock):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(4)]
    paper_printed(desk, write_receipt(desk, ids[0]), "clerk")
    void(desk, ids[1], "Nhận nhầm")
    clock.at = clock.at.replace(month=12, day=2)
    receive(desk, form())
    assert counts(desk) == {which: len(page(desk, which)) for which in counts(desk)}
    assert counts(desk)["overdue"] == 3


@pytest.mark.parametrize("limit", [1, 2, 3, 7, 50])
def test_pages_lose_and_double_no_row_even_when_times_are_equal(desk, form, clock, limit):
    dice = random.Random(limit)
    for _ in range(11):
        at = clock.at - timedelta(minutes=dice.choice((0, 0, 0, 1, 2)))
        receive(desk, form(received_at=at))
    whole = page(desk, "all")
    seen = []
    last = None
    while rows := page(desk, "all", after=last, limit=limit):
        assert len(rows) <= limit
        seen += rows
        last = rows[-1]
    assert seen == whole
    assert len({line.id for line in seen}) == 11
    assert [(line.received_at, line.n) for line in seen] == sorted(
        ((line.received_at, line.n) for line in seen), reverse=True
    )


def test_a_page_goes_on_where_it_was_when_new_dossiers_came_meanwhile(desk, form):
    for _ in range(4):
        receive(desk, form())
    first = page(desk, "all", limit=2)
    receive(desk, form())
    assert [line.code[-4:] for line in page(desk, "all", after=first[-1])] == ["0502", "0501"]


def test_a_dossier_keyed_the_next_morning_is_listed_on_its_day(desk, form, clock):
    receive(desk, form())
    receive(desk, form(received_at=clock.at - timedelta(days=1)))
    assert tails(desk, "today") == ["261126-0501"]
    assert tails(desk, "all") == ["261126-0501", "261125-0501"]


def test_a_dossier_is_opened_with_the_names_behind_its_numbers(desk, form):
    id_ = bytes.fromhex(receive(desk, form()).id)
    found = opened(desk, id_)
    assert found.dossier.facts.code == found.line.code
    assert found.people["mai"] == "Trần Thị Mai"
    assert found.counters == {desk.journal.device.id: 2}
