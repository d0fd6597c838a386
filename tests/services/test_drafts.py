"""Forms not saved yet outlive a power cut."""

from __future__ import annotations

import pytest

from desk_app.services.drafts import CURRENT, PARKED, Draft, drafts, drop_draft, save_draft
from desk_app.services.receive import receive


def test_a_draft_is_there_after_a_power_cut_as_it_stood(desk, reopened):
    kept = Draft(CURRENT, desk.now(), "Ánh", {"name": "Nguyễn Thị Ngọc Ánh", "papers": [1, None]})
    parked = Draft(3, desk.now(), "Đông", {"name": "Đặng", "ticked": True})
    for draft in (parked, kept):
        save_draft(desk, draft)
    assert drafts(reopened()) == [kept, parked]


def test_a_slot_holds_the_newest_form_only(desk):
    for name in ("A", "An", "Anh"):
        save_draft(desk, Draft(CURRENT, desk.now(), name, {"name": name}))
    assert [d.form["name"] for d in drafts(desk)] == ["Anh"]


def test_a_dropped_draft_is_gone_and_the_others_stay(desk):
    for slot in (CURRENT, *PARKED):
        save_draft(desk, Draft(slot, desk.now(), str(slot), {}))
    drop_draft(desk, 2)
    drop_draft(desk, 2)
    assert [d.slot for d in drafts(desk)] == [0, 1, 3, 4, 5]


def test_drafts_are_no_entries(desk, form):
    before = len(desk.journal.lines())
    save_draft(desk, Draft(CURRENT, desk.now(), "Ánh", {"name": "Ánh"}))
    assert len(desk.journal.lines()) == before
    receive(desk, form())
    assert len(drafts(desk)) == 1


@pytest.mark.parametrize("typed", ["\ud83d", "a\0b", "a\u202eb", "e\u0302", "🙂" * 1000])
def test_a_draft_keeps_even_what_no_entry_may_hold(desk, typed):
    """Row 4: half a letter of a broken paste must not cost the clerk the form."""
    save_draft(desk, Draft(CURRENT, desk.now(), typed, {"name": typed}))
    assert drafts(desk)[0].form == {"name": typed}
