"""What clerks, officers and the chief of a simulated world do with dossiers, and what must hold of
whatever that comes to."""

from __future__ import annotations

import random
from collections.abc import Iterable, Sequence
from itertools import combinations
from typing import Any

from db.acts import ACTS, STATES
from db.conflicts import ancestors, simultaneous
from db.dossier import Dossier, Event
from db.entry import Entry
from db.fold import fold, in_order
from db.kinds import NAME_OF, DossierCorrected, DossierReceived, DossierVoided, NoteAdded
from db.living import fits_in
from db.parts import ClerkFacts, Fee, Kind, Limit, OfficeFacts, Person, ProcedureFacts
from db.steps import (
    Asked,
    CitizenTold,
    DossierChecked,
    DossierExtended,
    DossierForwarded,
    DossierRefused,
    DossierStopped,
    DossierTaken,
    FeeRefunded,
    FeeTaken,
    OpinionAsked,
    OpinionGiven,
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

WHO, CLERK = Person("Người thử"), ClerkFacts("x", "x")
OFFICE = OfficeFacts("H1", "Xã", "", "", "")
PROCEDURE = ProcedureFacts("1.1", "Thủ tục", "Thủ tục", "", "")
LIMIT = Limit("working_days", 6)


def receipt(code: str, at: str, joint: bool) -> DossierReceived:
    """A dossier of one result, or of two."""
    results = tuple(PromisedResult(name, at, LIMIT) for name in ("một", "hai")) if joint else ()
    return DossierReceived(
        code=code,
        procedure=PROCEDURE,
        channel="direct",
        received_at=at,
        applicant=WHO,
        limit=LIMIT,
        due_at=at,
        why_due="",
        office=OFFICE,
        counter=1,
        clerk=CLERK,
        form_set="1",
        fee=Fee(8_000, "cash"),
        results=results,
    )


def looked_at(at: str) -> DossierChecked:
    """Somebody is sent home."""
    return DossierChecked(
        outcome="incomplete", procedure=PROCEDURE, applicant=WHO, office=OFFICE, counter=1,
        form_set="1", at=at, clerk=CLERK,
    )  # fmt: skip


def next_act(dice: random.Random, entries: Sequence[Entry], at: str) -> Kind:
    """What somebody who has seen these entries does: mostly a step that fits, sometimes any step,
    a word about what contradicts itself, a correction, a void."""
    dossier, what = fold(entries), dice.random()
    if dossier is None or what < 0.15:
        return NoteAdded(f"ghi {dice.random()}")
    if what < 0.25:
        return DossierCorrected({"purpose": f"{dice.randrange(3)}"}, "sửa")
    if what < 0.27:
        return DossierVoided("nhầm")
    flagged = [f for f in dossier.flags if all(_is_step(dossier, i) for i in f.entries)]
    if flagged and what < 0.5:
        first, *others = dice.choice(flagged).entries
        return StepsSettled(
            annulled=(first,), stand=tuple(others), reason="hỏi", at=at, clerk=CLERK
        )
    steps = _steps(dice, at)
    fit = [s for s in steps if fits_in(dossier.life, _kind(s), s)]
    return dice.choice(fit if fit and what < 0.95 else steps)


def _steps(dice: random.Random, at: str) -> list[Step]:
    """One of each kind, about one of two results."""
    now: dict[str, Any] = {"at": at, "clerk": CLERK}
    place, item = dice.randrange(2), f"EA{dice.randrange(3)}"
    outcome = dice.choice(("delivered", "came_back"))
    return [
        DossierForwarded(to=Place(f"Phòng {place}"), handover="0a" * 16, **now),
        DossierTaken(place=Place("Phòng"), **now),
        OpinionAsked(of=Place("Công an"), about="x", **now),
        OpinionGiven(answer="x", **now),
        SupplementAsked(asked=(Asked("Tờ khai", "thiếu"),), **now),
        SupplementBrought(complete=True, due_at=at, **now),
        DossierExtended(due_at=at, reason="x", agency="x", **now),
        *([DossierStopped(reason="x", **now), DossierRefused(reason="x", **now)] * (place == 0)),
        ResultIssued(result=place, number=item, **now),
        ResultArrived(result=place, shelf="A", **now),
        CitizenTold(how="phone", about="result", **now),
        *[ResultReturned(results=(place,), to="applicant", collector=WHO, **now)] * 3,
        ResultPosted(results=(place,), item=item, **now),
        PostConfirmed(item=item, outcome=outcome, on=at[:10], **now),
        FeeTaken(amount=dice.randrange(1, 9) * 1_000, how="cash", payment="0b" * 16, **now),
        FeeRefunded(amount=1_000, how="cash", reason="x", **now),
    ]


def _kind(step: Step) -> str:
    return NAME_OF[type(step)][0]


def _is_step(dossier: Dossier, id_: str) -> bool:
    return any(e.id == id_ and isinstance(e.body, Step) for e in dossier.history)


# ---------------------------------------------------------------- what must hold


def moved(body: object) -> int:
    """Đồng that a step brought in, or with a minus gave back."""
    if isinstance(body, FeeTaken):
        return body.amount
    return -body.amount if isinstance(body, FeeRefunded) else 0


def check_life(entries: Iterable[Entry]) -> None:
    """No paper and no money is lost, what ended stays ended, and what two did is shown.

    Raises:
        AssertionError: with what is wrong.
    """
    held = list(entries)
    dossier = fold(held)
    if dossier is None:
        return
    life, true = dossier.life, [e for e in dossier.history if e.id not in dossier.life.annulled]
    assert len(dossier.history) == len(held), "a line is not in the history"
    assert dossier.status in STATES
    assert life.paid == sum(moved(e.body) for e in true), "money lost"
    received = any(isinstance(e.body, DossierReceived) for e in true)
    if life.results and received:
        _check_results(dossier, true)
        _check_two(dossier, true, held)


def _check_results(dossier: Dossier, true: Sequence[Event]) -> None:
    results = dossier.life.results
    out = all(r.delivery == "out" for r in results)
    ended = dossier.status in ("refused", "stopped", "voided")
    assert ended or out == (dossier.status == "returned"), "what went out is not returned"
    if dossier.status == "done":
        assert all(r.delivery != "awaited" for r in results), "done without a result"
    for event in true:
        if isinstance(event.body, ResultReturned):
            here = [i for i in event.body.results if i < len(results)]
            assert all(results[i].delivery == "out" for i in here), "paper lost"


def _check_two(dossier: Dossier, true: Sequence[Event], held: Sequence[Entry]) -> None:
    """The same result given out by two who knew nothing of each other is shown to somebody, unless
    somebody who saw both said that both are true."""
    above = ancestors(in_order({e.id: e for e in held}))
    shown = {i for flag in dossier.flags for i in flag.entries}
    said = {i for e in true if isinstance(e.body, StepsSettled) for i in e.body.stand}
    gave = [e for e in true if isinstance(e.body, ResultReturned)]
    for one, two in combinations(gave, 2):
        assert isinstance(one.body, ResultReturned)
        assert isinstance(two.body, ResultReturned)
        same = set(one.body.results) & set(two.body.results)
        if same and simultaneous(one.id, two.id, above):
            assert {one.id, two.id} & (shown | said), "two gave it and nobody is told"


def is_physical(entry: Entry) -> bool:
    """Whether paper or money changed hands with it."""
    return entry.says.k in ACTS and ACTS[entry.says.k].physical
