"""Whatever counters do, legal or not, seeing each other or not: every replica says the same of a
dossier, every step that counted is one of the table, no paper and no money is lost, and the
figures balance."""

from __future__ import annotations

import os
import random
from collections import Counter
from contextlib import contextmanager

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from store.test_acts import EXAMPLES, LOOKED, MAI, NOW, TWO_RESULTS
from store.test_fold import History

from db import living
from db.acts import ACTS, NOT_TAKEN_IN, STATES, ending
from db.beginning import local_code
from db.fold import fold
from db.identity import device_from
from db.kinds import (
    DossierCorrected,
    DossierLinked,
    DossierReceived,
    DossierRecoded,
    DossierVoided,
    NoteAdded,
)
from db.living import could, fits_in
from db.projection import dossier_row
from db.steps import (
    DossierChecked,
    FeeRefunded,
    FeeTaken,
    PostConfirmed,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    Step,
    StepsSettled,
)
from desk_app.rules.day_totals import count_rows

STORIES = int(os.environ.get("STORIES", "5000"))
"""How many a slow run tells: 20,000 by ``STORIES=20000 pytest -m slow``."""
DEVICES = [device_from(bytes([n]) * 32) for n in (1, 2, 3, 4)]
KINDS = sorted(ACTS)
OTHERS = ("void", "correct", "note", "recode", "link", "receive")
ENDS = ("dossier.stopped", "dossier.refused")
ACT = st.tuples(
    st.integers(0, len(DEVICES) - 1),
    st.sampled_from([*["next"] * 90, *KINDS, *OTHERS, *["undo", "resettle", "steps.settled"] * 4]),
    st.sampled_from([*[15] * 48, *range(16)]),
    st.integers(0, 99),
)
"""Which counter, what it does, bit by bit which others it has heard of before, and a lot drawn.
"next" is any step the table allows as this counter sees the dossier; "undo" takes its last two
steps back; "resettle" says something else of what was settled last."""
RECEIVED = replace(
    TWO_RESULTS,
    results=(TWO_RESULTS.results[0], replace(TWO_RESULTS.results[1], due_at=NOW["at"])),
)
LOOKED_AT = DossierChecked(outcome="incomplete", **LOOKED, **NOW)
BEGINNINGS = (RECEIVED, LOOKED_AT, replace(LOOKED_AT, outcome="refused"))


def lived(begin, acts):
    """The entries several counters write about one dossier, each with what it has seen."""
    history = History.__new__(History)
    history.entries = {}
    first = history.add(begin)
    seen = [{first} for _ in DEVICES]
    for who, what, hears, lot in acts:
        for other in range(len(DEVICES)):
            if hears >> other & 1:
                seen[who] |= seen[other]
        known = [history.entries[i] for i in sorted(seen[who])]
        body = _body(what, known, who, lot)
        named = {p for entry in known for p in entry.says.par}
        heads = [entry.id for entry in known if entry.id not in named]
        seen[who].add(history.add(body, *heads, device=DEVICES[who]))
    return list(history.entries.values())


def _body(what, known, who, lot):
    match what:
        case "void":
            return DossierVoided("nhập nhầm")
        case "note":
            return NoteAdded("ghi chú")
        case "correct":
            return DossierCorrected({"due_at": f"2026-12-2{who}T16:30:00+07:00"}, "gõ nhầm")
        case "recode":
            return DossierRecoded(f"H24.314.11749-261126-07{who:02d}", "trùng số")
        case "link":
            return DossierLinked("0b" * 16, ("same", "distinct")[who % 2])
        case "receive":
            return replace(RECEIVED, code=f"H24.314.11749-261126-06{who:02d}")
        case "next":
            return _allowed(known, who, lot)
        case "undo" | "resettle" | "steps.settled":
            return _word(what, known, who, lot)
    return _step(what, who, lot)


def _step(kind, who, lot):
    body = EXAMPLES[kind]
    match body:  # Each counter has to do with another result, or with both.
        case DossierChecked():
            return replace(body, outcome=("incomplete", "refused")[lot % 2])
        case ResultIssued() | ResultArrived():
            return replace(body, result=(who + lot) % 2)
        case ResultReturned():
            return replace(body, results=((0,), (1,), (0, 1), (1,))[(who + lot) % 4])
        case ResultPosted():
            return replace(body, item=f"EA{lot % 3}", results=((0,), (1,), (0, 1))[lot % 3])
        case PostConfirmed():
            outcome = ("delivered", "came_back")[lot % 2]
            return replace(body, item=f"EA{lot % 3}", outcome=outcome)
        case FeeTaken():
            return replace(body, amount=1_000 * (lot + 1))
        case _:
            return body


def _allowed(known, who, lot):
    """A step that fits as this counter sees the dossier, mostly one that leads on."""
    life = fold(known).life
    if life.state in NOT_TAKEN_IN and lot % 2:
        return _body("receive", known, who, lot)
    fit = []
    for kind in KINDS:
        for step in (_step(kind, who, lot), _step(kind, who, lot + 1)):
            if kind != "steps.settled" and fits_in(life, kind, step):
                fit += [step] * (1 if kind in ENDS or not ACTS[kind].moves else 8)
    return fit[lot * 7 % len(fit)] if fit else NoteAdded("không còn gì để làm")


def _word(what, known, who, lot):
    steps = [e for e in known if e.says.k in ACTS]
    if what == "undo":
        own = [e for e in steps if e.says.dev == DEVICES[who].id]
        own.sort(key=lambda e: e.says.seq)
        annulled, stand = [e.id for e in own[-2:]], []
    elif what == "resettle":
        words = sorted((e for e in steps if e.says.k == "steps.settled"), key=lambda e: e.says.seq)
        either = [e.id for e in words[-1:]]
        annulled, stand = (either, []) if lot % 2 else ([], either)
    else:
        annulled = [e.id for n, e in enumerate(steps) if lot >> n % 6 & 1][:60]
        stand = [e.id for e in steps if e.id not in annulled][:60]
    return StepsSettled(annulled=tuple(annulled), stand=tuple(stand), reason="hỏi lại", at=NOW["at"], clerk=MAI)  # fmt: skip


# ---------------------------------------------------------------- what holds of any dossier


@contextmanager
def looking_on():
    """What the fold does, step by step: (state before, step, state after)."""
    counted, read = [], living.read

    def told(life, event):
        after = read(life, event)
        counted.append((life.state, event, after.state))
        return after

    living.read = told
    try:
        yield counted
    finally:
        living.read = read


LEADS = {
    "dossier.checked": {"checked", "turned_away"},
    "supplement.brought": {"received", "processing", "supplement"},
    "duty.met": {"received", "processing"},
}
"""Where a step leads that the table names no state for; any other leaves it, or ends it."""


def legal(dossier, counted):
    """Every step that counted is one of the table; what is not, moved paper or money."""
    flagged = {i for flag in dossier.flags for i in flag.entries}
    settled = {i for e in dossier.history if isinstance(e.body, StepsSettled) for i in e.body.stand}
    for before, event, after in counted:
        act = ACTS[event.kind]
        if before in act.when and (act.to or event.kind in LEADS):
            assert after in LEADS.get(event.kind, {act.to})
        elif before in act.when:
            ended = {"result.issued": {"done"}, "result.returned": {"returned"}}
            ended["post.confirmed"] = {"returned"}
            assert after in {before} | ended.get(event.kind, set())
        elif act.physical:
            assert after in {before, "returned"}
            assert event.id in flagged | settled
        else:
            assert before == act.to == after
    done = {event.id for _, event, _ in counted}
    for event in dossier.history:
        if event.kind in ACTS and ACTS[event.kind].physical:
            assert (event.id in done) == (event.id not in dossier.life.annulled)


def sound(dossier, entries):
    """What holds of any dossier, whatever was done to it."""
    life = dossier.life
    assert {e.id for e in dossier.history} == {e.id for e in entries}
    assert dossier.status == life.state
    assert dossier.status in STATES
    taken_in = any(e.kind == "dossier.received" for e in dossier.history)
    columns = ("open", "returned", "refused", "stopped", "voided")
    assert ending(dossier.status) in (columns if taken_in else ("", "voided"))
    assert len(life.results) == (2 if taken_in else 0)
    assert life.paid == sum(_money(e.body) for e in dossier.history if e.id not in life.annulled)
    assert bool(dossier.void_reason) == (dossier.status == "voided")
    assert all(not (r.out_at or r.item) for r in life.results if r.delivery == "at_counter")
    assert all(r.delivery == "out" for r in life.results) or dossier.status != "returned"
    if dossier.status == "done":
        assert all(r.delivery != "awaited" for r in life.results)
    _what_went_out_stays_out(dossier)
    _what_could_be_done_fits(life)
    _every_number_finds_it(dossier)


TRIES = {kind: [_step(kind, who, lot) for who in (0, 1) for lot in range(6)] for kind in KINDS}


def _what_could_be_done_fits(life):
    """What is offered is what some step of the kind could do."""
    fit = {kind for kind, steps in TRIES.items() if any(fits_in(life, kind, s) for s in steps)}
    assert set(could(life, "chief")) == fit


def _money(body):
    if isinstance(body, FeeTaken):
        return body.amount
    return -body.amount if isinstance(body, FeeRefunded) else 0


def _what_went_out_stays_out(dossier):
    """Nothing but the word of a person, or the post, brings back paper that left the house."""
    life = dossier.life
    true = [e for e in dossier.history if e.id not in life.annulled]
    begins = next((n for n, e in enumerate(true) if isinstance(e.body, DossierReceived)), 0)
    for n, event in enumerate(true if life.results else ()):
        back = any(isinstance(e.body, PostConfirmed | ResultArrived) for e in true[n:])
        match event.body:
            case ResultReturned(results=places) if n > begins:
                assert all(life.results[i].delivery == "out" for i in places)
            case ResultPosted(results=places) if n > begins and not back:
                assert all(life.results[i].delivery in ("posted", "out") for i in places)


def _every_number_finds_it(dossier):
    """Whatever number a citizen was given on paper."""
    given = {
        e.body.code for e in dossier.history if isinstance(e.body, DossierReceived | DossierRecoded)
    }
    if any(isinstance(e.body, DossierChecked) for e in dossier.history):
        given.add(local_code(dossier.id))
    assert given == {dossier.facts.code, *dossier.former_codes}


# ---------------------------------------------------------------- any story


def tell(begin, acts, seed):
    """One story at every node: told in any order, twice, and as far as it has come."""
    entries = lived(begin, acts)
    with looking_on() as counted:
        found = fold(entries)
    assert found is not None
    sound(found, entries)
    legal(found, counted)
    dice = random.Random(seed)
    shuffled = dice.sample(entries, len(entries))
    assert fold(shuffled) == found
    assert fold(entries + shuffled) == found
    kept = dice.sample(entries, dice.randrange(len(entries) + 1))
    with looking_on() as counted:
        part = fold(kept)
    if part is not None:
        sound(part, kept)
        legal(part, counted)
    return found


SEED = st.integers(0, 2**32)


@settings(max_examples=200)
@given(st.sampled_from(BEGINNINGS), st.lists(ACT, max_size=14), SEED)
def test_every_replica_says_the_same_and_only_what_the_table_allows(begin, acts, seed):
    tell(begin, acts, seed)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@settings(max_examples=STORIES)
@given(st.sampled_from(BEGINNINGS), st.lists(ACT, min_size=8, max_size=30), SEED)
def test_the_same_for_long(begin, acts, seed):
    tell(begin, acts, seed)


@settings(max_examples=40)
@given(
    st.lists(
        st.tuples(st.sampled_from(BEGINNINGS), st.lists(ACT, max_size=8)), min_size=1, max_size=12
    )
)
def test_the_figures_balance(many):
    dossiers = [fold(lived(begin, acts)) for begin, acts in many]
    rows = [dossier_row(replace(d, id=f"{n:032x}"), n, True) for n, d in enumerate(dossiers)]
    taken = [d for d in dossiers if any(e.kind == "dossier.received" for e in d.history)]
    columns = Counter(ending(d.status) for d in taken)
    figures = count_rows(rows)[1]
    assert set(columns) <= {"open", "returned", "refused", "stopped", "voided"}
    assert figures.received == len(taken) == sum(columns.values())
    assert figures.looked_at == len(many) - len(taken)
    assert figures.voided == columns["voided"]


@settings(max_examples=100)
@given(st.lists(st.sampled_from(KINDS), max_size=14))
def test_when_everybody_knows_everything_nothing_contradicts(kinds):
    """One after the other: only what the table forbids is flagged, and nothing else."""
    acts = [(n % 4, k, 15, n) for n, k in enumerate(kinds) if k != "steps.settled"]
    found = fold(lived(RECEIVED, acts))
    assert found is not None
    assert {flag.name for flag in found.flags} <= {"out_of_turn"}


def test_a_step_is_told_as_the_table_names_it():
    assert all(isinstance(body, Step) for body in EXAMPLES.values())
