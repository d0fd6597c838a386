"""Steps that did not know of each other: which contradict, and what a person said of them. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import combinations, pairwise

from db.acts import ACTS
from db.conflicts import simultaneous
from db.dossier import Event, Flag
from db.steps import (
    DossierChecked,
    DossierExtended,
    DossierForwarded,
    FeeTaken,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    StepsSettled,
    SupplementBrought,
)

Above = Mapping[str, frozenset[str]]


def decided(steps: Sequence[Event], above: Above) -> tuple[frozenset[str], list[frozenset[str]]]:
    """Entries written by mistake, and groups that stand beside each other, by the last word.

    Only who saw an entry can say something of it.
    """
    mistaken: dict[str, bool] = {}
    standing: list[frozenset[str]] = []
    for event in reversed(steps):
        if isinstance(event.body, StepsSettled) and not mistaken.get(event.id):
            stand = above[event.id].intersection(event.body.stand)
            annulled = above[event.id].intersection(event.body.annulled)
            standing.append(stand)
            mistaken = dict.fromkeys(stand, False) | dict.fromkeys(annulled, True) | mistaken
    return frozenset(e.id for e in steps if mistaken.get(e.id)), standing


def out_of_hand(steps: Sequence[Event], above: Above) -> dict[str, str]:
    """Steps about the state taken while somebody else gave the dossier out of the hand; and which
    entry gave it. An apology is on paper, and holds wherever the dossier is."""
    routed = [e for e in steps if isinstance(e.body, DossierForwarded)]
    return {
        e.id: given.id
        for given in routed
        for e in steps
        if _moves(e)
        and not ACTS[e.kind].physical
        and not isinstance(e.body, (DossierForwarded, DossierExtended))
        and simultaneous(e.id, given.id, above)
    }


def says_the_same(event: Event, before: Sequence[Event], above: Above) -> bool:
    """Whether somebody else did the same at the same time: then it was done once."""
    return _moves(event) and any(
        _same(event, other) and simultaneous(event.id, other.id, above) for other in before
    )


def contradictions(steps: Sequence[Event], above: Above) -> Iterator[Flag]:
    """Pairs of steps that do not go together; nothing when everybody knew what was before."""
    if _in_line(steps, above):
        return
    yield from _different_words(steps, above)
    for one, two in combinations(steps, 2):
        if not simultaneous(one.id, two.id, above):
            continue
        sides = (one.id, two.id)
        if _goes_out(one) and _goes_out(two):
            if _results_of(one) & _results_of(two) or not _results_of(one):
                yield Flag("returned_twice", sides)
        elif isinstance(one.body, FeeTaken) and isinstance(two.body, FeeTaken):
            yield Flag("fee_twice", sides)
        elif _moves(one) and _moves(two) and not _gives(one, two) and not _together(one, two):
            yield Flag("state_conflict", sides)


def _gives(one: Event, two: Event) -> bool:
    """Whether only one of them gave the dossier out of the hand: that is flagged by itself, but
    for paper that left the house."""
    gave = isinstance(one.body, DossierForwarded) != isinstance(two.body, DossierForwarded)
    return gave and not (ACTS[one.kind].physical or ACTS[two.kind].physical)


def _together(one: Event, two: Event) -> bool:
    """Whether they say the same, or are about different results, or one moves the promise and the
    other the dossier to where it is still running."""
    ours, theirs = _results_of(one), _results_of(two)
    apart = bool(ours and theirs and not ours & theirs)
    return apart or _same(one, two) or _runs_on(one, two) or _runs_on(two, one)


def _runs_on(promise: Event, move: Event) -> bool:
    """Whether a new promise holds all the same."""
    return (
        isinstance(promise.body, DossierExtended)
        and not isinstance(move.body, DossierExtended)
        and ACTS[move.kind].to in ACTS[promise.kind].when
    )


def _in_line(steps: Sequence[Event], above: Above) -> bool:
    return all(earlier.id in above[later.id] for earlier, later in pairwise(steps))


def _different_words(steps: Sequence[Event], above: Above) -> Iterable[Flag]:
    """Two people settled the same differently, and nobody who saw both has spoken since."""
    words = [e for e in steps if isinstance(e.body, StepsSettled)]
    for one, two in combinations(words, 2):
        assert isinstance(one.body, StepsSettled)
        assert isinstance(two.body, StepsSettled)
        about = {*one.body.annulled, *one.body.stand} & {*two.body.annulled, *two.body.stand}
        same = (one.body.annulled, one.body.stand) == (two.body.annulled, two.body.stand)
        if about and not same and simultaneous(one.id, two.id, above):
            later = (e for e in words if {one.id, two.id} <= above[e.id])
            if not any(about & {*e.body.annulled, *e.body.stand} for e in later):  # type: ignore[union-attr]
                yield Flag("settled_twice", (one.id, two.id))


def _moves(event: Event) -> bool:
    return event.kind in ACTS and ACTS[event.kind].moves


def _goes_out(event: Event) -> bool:
    return isinstance(event.body, (ResultReturned, ResultPosted))


def _results_of(event: Event) -> set[int]:
    match event.body:
        case ResultReturned(results=places) | ResultPosted(results=places):
            return set(places)
        case ResultIssued(result=place):
            return {place}
        case _:
            return set()


def _same(one: Event, two: Event) -> bool:
    """Whether two steps say the same of the state."""
    if type(one.body) is not type(two.body):
        return False
    match one.body, two.body:
        case (DossierChecked(), DossierChecked()):
            return one.body.outcome == two.body.outcome
        case (DossierForwarded(), DossierForwarded()):
            return one.body.to == two.body.to
        case (DossierExtended(), DossierExtended()):
            ours, theirs = one.body, two.body
            return (ours.due_at, ours.result) == (theirs.due_at, theirs.result)
        case (SupplementBrought(), SupplementBrought()):
            return one.body.due_at == two.body.due_at
        case (ResultIssued(), ResultIssued()):
            return one.body.number == two.body.number or one.body.result != two.body.result
        case (ResultReturned(), ResultReturned()) | (ResultPosted(), ResultPosted()):
            return _results_of(one) == _results_of(two)
        case _:
            return True
