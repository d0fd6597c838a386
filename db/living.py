"""What the steps of a dossier come to. Pure.

Steps are read in the order of the fold. One that is not allowed where it stands in that order
does nothing and is flagged, except physical ones: paper and money that changed hands did so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from db.acts import ACTS, Role, possible
from db.dossier import Event, Flag
from db.kinds import DossierReceived
from db.life import Delivery, Life, Result
from db.step_effects import promised, read
from db.step_flags import contradictions, decided, out_of_hand, says_the_same
from db.steps import (
    DossierChecked,
    PostConfirmed,
    PromisedResult,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    Step,
    StepsSettled,
)


def begun(facts: DossierReceived) -> Life:
    """The life of a dossier just taken in."""
    wanted = facts.results or (PromisedResult("", facts.due_at, facts.limit),)
    results = tuple(Result(w.name, w.due_at) for w in wanted)
    return Life("received", facts.due_at, results)


def not_taken_in(body: DossierChecked) -> Life:
    """The life of one that was looked at only."""
    return Life("turned_away" if body.outcome == "refused" else "checked", body.at)


def live(
    events: Sequence[Event],
    start: Life,
    bounds: tuple[str, str],
    above: Mapping[str, frozenset[str]],
    dues: Mapping[str, str],
) -> tuple[Life, list[Flag]]:
    """Read the steps into a life; with what they contradict.

    ``bounds``: the entry that received the dossier, with which what was checked is over, and the
    void, after which nothing fits.
    ``dues``: what corrections, by their ids, made of the promised moment.
    """
    receipt, void = bounds
    steps = [e for e in events if isinstance(e.body, Step)]
    annulled, standing = decided(steps, above)
    valid = [e for e in steps if e.id not in annulled]
    life = replace(start, annulled=annulled)
    outside = out_of_hand(valid, above)
    flags: list[Flag] = []
    done: list[Event] = []
    for event in (e for e in events if e.id not in annulled):
        if event.id == receipt:
            life = _taken_in(life, event)
        if event.id == void:
            life = replace(life, state="voided", ended_at=life.ended_at or event.at)
        if event.id in dues:
            life = promised(life, dues[event.id])
        if not isinstance(event.body, Step):
            continue
        if event.id in outside:
            flags.append(Flag("out_of_hand", (event.id, outside[event.id])))
            continue
        act = ACTS[event.kind]
        fits = fits_in(life, event.kind, event.body)
        again = not fits and says_the_same(event, done, above)
        if not fits and not again:
            flags.append(Flag("out_of_turn", (event.id,)))
        # What was done once already leads nowhere from where others have gone on since.
        if fits or act.physical or (again and act.to == life.state):
            life = read(life, event)
            done.append(event)
    flags += contradictions(valid, above)
    left = _not_decided(flags, steps, above[receipt] if receipt else frozenset())
    return life, [f for f in left if not any(set(f.entries) <= group for group in standing)]


def _not_decided(
    flags: Sequence[Flag], steps: Sequence[Event], over: frozenset[str]
) -> Iterator[Flag]:
    """Each once; of what was before the receipt only what is about money or a person's word."""
    named = {id_ for flag in flags if flag.name != "out_of_turn" for id_ in flag.entries}
    lasting = {e.id for e in steps if ACTS[e.kind].physical or isinstance(e.body, StepsSettled)}
    for flag in flags:
        said = flag.name == "out_of_turn" and flag.entries[0] in named
        if not said and not (over.issuperset(flag.entries) and lasting.isdisjoint(flag.entries)):
            yield flag


def _taken_in(before: Life, event: Event) -> Life:
    """It begins with its receipt; what was paid, scanned and told before stays so."""
    assert isinstance(event.body, DossierReceived)
    return replace(
        begun(event.body),
        receipts=before.receipts,
        told=before.told,
        digitised=before.digitised,
        originals_back=before.originals_back,
        annulled=before.annulled,
    )


def fits_in(life: Life, kind: str, body: object) -> bool:
    """Whether a step is allowed as things stand."""
    if life.state not in ACTS[kind].when:
        return False
    wanted = _NEEDS.get(kind)
    return wanted is None or wanted(life, body)


def _can_issue(life: Life, body: ResultIssued) -> bool:
    return body.result < len(life.results) and life.results[body.result].delivery == "awaited"


def _can_arrive(life: Life, body: ResultArrived) -> bool:
    # Also moved from one shelf to another, and brought back by the post.
    if body.result >= len(life.results):
        return False
    ended = life.state in ("refused", "stopped")
    at = life.results[body.result].delivery
    return at in ("issued", "at_counter", "posted") or (ended and at == "awaited")


def _can_go_out(life: Life, body: ResultReturned | ResultPosted) -> bool:
    if life.state in ("refused", "stopped"):
        return not life.handed_back_at and all(r.delivery != "posted" for r in life.results)
    return bool(body.results) and all(
        i < len(life.results) and life.results[i].delivery in ("issued", "at_counter")
        for i in body.results
    )


def _can_confirm(life: Life, body: PostConfirmed) -> bool:
    return any(r.item == body.item and r.delivery == "posted" for r in life.results)


def _can_stop(life: Life, _: object) -> bool:
    return all(r.delivery == "awaited" for r in life.results)


_NEEDS: Mapping[str, Callable[[Life, Any], bool]] = {
    "result.issued": _can_issue,
    "result.arrived": _can_arrive,
    "result.returned": _can_go_out,
    "result.posted": _can_go_out,
    "post.confirmed": _can_confirm,
    "dossier.stopped": _can_stop,
}


# ---------------------------------------------------------------- what could be done


def could(life: Life, role: Role) -> list[str]:
    """The kinds of steps of which one would fit now, whatever it is about, in the table's order."""
    return [k for k in possible(life.state, role) if k not in _SOME or _SOME[k](life)]


def _some(*deliveries: Delivery) -> Callable[[Life], bool]:
    return lambda life: any(r.delivery in deliveries for r in life.results)


def _something_goes_out(life: Life) -> bool:
    if life.state in ("refused", "stopped"):
        return not life.handed_back_at and not _some("posted")(life)
    return _some("issued", "at_counter")(life)


def _something_arrives(life: Life) -> bool:
    ended = life.state in ("refused", "stopped")
    return _some("issued", "at_counter", "posted")(life) or (ended and _some("awaited")(life))


_SOME: Mapping[str, Callable[[Life], bool]] = {
    "result.issued": _some("awaited"),
    "result.arrived": _something_arrives,
    "result.returned": _something_goes_out,
    "result.posted": _something_goes_out,
    "post.confirmed": _some("posted"),
    "dossier.stopped": lambda life: all(r.delivery == "awaited" for r in life.results),
}
