"""Whatever counters do, legal or not, seeing each other or not: every replica says the same of a
dossier, its state is one of the table, and the figures balance."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from store.test_acts import EXAMPLES, MAI, TWO_RESULTS
from store.test_fold import History

from db.acts import ACTS, STATES, ending
from db.fold import fold
from db.identity import device_from
from db.kinds import DossierCorrected, DossierVoided, NoteAdded
from db.steps import (
    FeeRefunded,
    FeeTaken,
    PostConfirmed,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    StepsSettled,
)

DEVICES = [device_from(bytes([n]) * 32) for n in (1, 2, 3, 4)]
KINDS = sorted(ACTS)
ACT = st.tuples(
    st.integers(0, len(DEVICES) - 1),
    st.sampled_from([*KINDS, "void", "correct", "note"]),
    st.integers(0, 15),
)
"""Which counter, what it does, and bit by bit which other counters it has heard of before."""


def lived(acts):
    """The entries several counters write about one dossier, each with what it has seen."""
    history = History.__new__(History)
    history.entries = {}
    first = history.add(TWO_RESULTS)
    seen = [{first} for _ in DEVICES]
    for who, what, hears in acts:
        for other in range(len(DEVICES)):
            if hears >> other & 1:
                seen[who] |= seen[other]
        body = _body(what, sorted(seen[who]), who)
        named = {p for i in seen[who] for p in history.entries[i].says.par}
        heads = sorted(seen[who] - named)
        seen[who].add(history.add(body, *heads, device=DEVICES[who]))
    return list(history.entries.values())


def _body(what, known, who):
    if what == "void":
        return DossierVoided("nhập nhầm")
    if what == "note":
        return NoteAdded("ghi chú")
    if what == "correct":
        return DossierCorrected({"due_at": f"2026-12-2{who}T16:30:00+07:00"}, "gõ nhầm")
    if what == "steps.settled":
        return StepsSettled(
            annulled=tuple(known[:who]),
            stand=tuple(known[who + 1 : who + 3]),
            reason="hỏi lại",
            at="2026-11-26T10:00:00+07:00",
            clerk=MAI,
        )
    body = EXAMPLES[what]
    match body:  # Each counter has to do with another result, or with both.
        case ResultIssued() | ResultArrived():
            return replace(body, result=who % 2)
        case ResultReturned() | ResultPosted():
            return replace(body, results=((0,), (1,), (0, 1), (1,))[who])
        case _:
            return body


def sound(dossier):
    """What holds of any dossier, whatever was done to it."""
    life = dossier.life
    assert dossier.status in STATES
    taken_in = any(e.kind == "dossier.received" for e in dossier.history)
    columns = ("open", "returned", "refused", "stopped", "voided")
    assert ending(dossier.status) in (columns if taken_in else ("", "voided"))
    money = [
        e.body.amount if isinstance(e.body, FeeTaken) else -e.body.amount
        for e in dossier.history
        if isinstance(e.body, FeeTaken | FeeRefunded) and e.id not in life.annulled
    ]
    assert life.paid == sum(money)
    assert all(flag.name for flag in dossier.flags)
    assert dossier.status == life.state
    assert all(not (r.out_at or r.item) for r in life.results if r.delivery == "at_counter")
    assert bool(dossier.void_reason) == (dossier.status == "voided")
    _what_went_out_stays_out(dossier)
    if dossier.status == "returned":
        assert all(r.delivery == "out" for r in life.results)
    if dossier.status == "done":
        assert all(r.delivery != "awaited" for r in life.results)
    assert len(life.results) == (2 if taken_in else 0)


def _what_went_out_stays_out(dossier):
    """Nothing but the word of a person, or the post, brings back paper that left the house."""
    life = dossier.life
    true = [e for e in dossier.history if e.id not in life.annulled]
    for n, event in enumerate(true if life.results else ()):
        back = any(isinstance(e.body, PostConfirmed | ResultArrived) for e in true[n:])
        match event.body:
            case ResultReturned(results=places):
                assert all(life.results[i].delivery == "out" for i in places)
            case ResultPosted(results=places) if not back:
                assert all(life.results[i].delivery in ("posted", "out") for i in places)


@settings(max_examples=150)
@given(st.lists(ACT, max_size=14), st.integers(0, 2**32))
def test_every_replica_says_the_same(acts, seed):
    entries = lived(acts)
    found = fold(entries)
    assert found is not None
    sound(found)
    shuffled = list(entries)
    random.Random(seed).shuffle(shuffled)
    assert fold(shuffled) == found
    assert fold(entries + entries) == found


@settings(max_examples=60)
@given(st.lists(ACT, max_size=14), st.data())
def test_what_has_not_all_come_yet_is_a_dossier_as_well(acts, data):
    entries = lived(acts)
    kept = (
        data.draw(st.lists(st.sampled_from(entries), unique_by=lambda e: e.id)) if entries else []
    )
    found = fold(kept)
    if found is not None:
        sound(found)


@settings(max_examples=40)
@given(st.lists(st.lists(ACT, max_size=8), min_size=1, max_size=12))
def test_the_figures_balance(many):
    dossiers = [fold(lived(acts)) for acts in many]
    columns = [ending(d.status) for d in dossiers if d is not None]
    each = {
        name: columns.count(name) for name in ("open", "returned", "refused", "stopped", "voided")
    }
    assert len(many) == sum(each.values())


@settings(max_examples=100)
@given(st.lists(st.sampled_from(KINDS), max_size=14))
def test_when_everybody_knows_everything_nothing_contradicts(kinds):
    """One after the other: only what the table forbids is flagged, and nothing else."""
    entries = lived([(n % 4, kind, 15) for n, kind in enumerate(kinds) if kind != "steps.settled"])
    found = fold(entries)
    assert found is not None
    assert {flag.name for flag in found.flags} <= {"out_of_turn"}


@pytest.mark.slow
@settings(max_examples=5_000)
@given(st.lists(ACT, max_size=30), st.integers(0, 2**32))
def test_every_replica_says_the_same_for_long(acts, seed):
    entries = lived(acts)
    found = fold(entries)
    assert found is not None
    sound(found)
    random.Random(seed).shuffle(entries)
    assert fold(entries) == found
