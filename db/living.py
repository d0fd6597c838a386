"""What the steps of a dossier come to. Pure.

Steps are read in the order of the fold. One that is not allowed where it stands in that order
does nothing and is flagged, except physical ones: paper and money that changed hands did so.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from db.acts import ACTS, State, ending
from db.dossier import Event, Flag
from db.kinds import DossierReceived
from db.life import Life, Receipt, Request, Result
from db.step_flags import contradictions, decided, out_of_hand, says_the_same
from db.steps import (
    CitizenTold,
    DossierArchived,
    DossierChecked,
    DossierExtended,
    DossierForwarded,
    DossierSentBack,
    DossierTaken,
    DutyAsked,
    DutyMet,
    FeeRefunded,
    FeeTaken,
    OpinionAsked,
    OpinionGiven,
    PaperDigitised,
    PostConfirmed,
    PromisedResult,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    Step,
    SupplementAsked,
    SupplementBrought,
)


def begun(facts: DossierReceived) -> Life:
    """The life of a dossier just taken in."""
    promised = facts.results or (PromisedResult("", facts.due_at, facts.limit),)
    results = tuple(Result(p.name, p.due_at) for p in promised)
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

    ``bounds``: the entry that received the dossier, before which what was checked is over, and the
    void, after which nothing fits.
    ``dues``: what corrections, by their ids, made of the promised moment.
    """
    taken_in, void = bounds
    before = above.get(taken_in, frozenset())
    events = [e for e in events if e.id not in before]
    steps = [e for e in events if isinstance(e.body, Step)]
    annulled, standing = decided(steps, above)
    valid = [e for e in steps if e.id not in annulled]
    life = replace(start, annulled=annulled)
    outside = out_of_hand(valid, above)
    flags: list[Flag] = []
    done: list[Event] = []
    for event in (e for e in events if e.id not in annulled):
        if event.id == void:
            life = replace(life, state="voided", ended_at=life.ended_at or event.at)
        if event.id in dues:
            life = _promised(life, dues[event.id], ())
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
            life = _read(life, event)
            done.append(event)
    flags += contradictions(valid, above)
    known = {id_ for flag in flags if flag.name != "out_of_turn" for id_ in flag.entries}
    return life, [
        flag
        for flag in flags
        if not (flag.name == "out_of_turn" and flag.entries[0] in known)
        and not any(set(flag.entries) <= group for group in standing)
    ]


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


# ---------------------------------------------------------------- what each step does


def _read(life: Life, event: Event) -> Life:
    assert event.body is not None
    read = _READ.get(type(event.body))
    to = ACTS[event.kind].to
    if to == "stopped" != life.state:
        life = replace(life, before=life.state)
    if to is not None:
        life = replace(life, state=to)
    life = read(life, event.body, event) if read else life
    if ending(life.state) not in ("", "open") and not life.ended_at:
        life = replace(life, ended_at=event.body.at)  # type: ignore[attr-defined]
    return life


def _checked(life: Life, body: DossierChecked, _: Event) -> Life:
    return replace(life, state="turned_away" if body.outcome == "refused" else "checked")


def _forwarded(life: Life, body: DossierForwarded, _: Event) -> Life:
    return replace(life, holder=body.to, held_since=body.at, held_until=body.until)


def _taken(life: Life, body: DossierTaken, _: Event) -> Life:
    return replace(life, holder=body.place, held_since=body.at)


def _sent_back(life: Life, body: DossierSentBack, _: Event) -> Life:
    return replace(life, holder=None, held_since=body.at, held_until="")


def _consulted(life: Life, body: OpinionAsked, _: Event) -> Life:
    return replace(life, held_until=body.until)


def _answered(life: Life, body: OpinionGiven, _: Event) -> Life:
    return replace(life, held_until="")


def _asked(life: Life, body: SupplementAsked, event: Event) -> Life:
    request = Request(event.id, body.at, body.clerk.name, body.asked, body.note, body.until)
    return replace(life, requests=(*life.requests, request), before=_goes_on(life))


def _brought(life: Life, body: SupplementBrought, _: Event) -> Life:
    if not body.complete:
        return life
    life = _promised(life, body.due_at, body.results)
    requests = tuple(r if r.brought_at else replace(r, brought_at=body.at) for r in life.requests)
    return replace(life, state=life.before, requests=requests)


def _duty_asked(life: Life, body: DutyAsked, _: Event) -> Life:
    return replace(life, duty=body.amount, before=_goes_on(life))


def _duty_met(life: Life, body: DutyMet, _: Event) -> Life:
    return replace(_promised(life, body.due_at, ()), state=life.before, duty=0)


def _extended(life: Life, body: DossierExtended, _: Event) -> Life:
    # Two who wrote the same apology at the same time moved the promise once.
    more = body.due_at != life.due_at
    life = _promised(life, body.due_at, body.results)
    return replace(life, extensions=life.extensions + more, late_reason=body.reason)


def _issued(life: Life, body: ResultIssued, _: Event) -> Life:
    life = _result(
        life,
        body.result,
        delivery="issued",
        number=body.number,
        signer=body.signer,
        issued_at=body.at,
    )
    awaited = any(r.delivery == "awaited" for r in life.results)
    return life if awaited else replace(life, state="done")


def _arrived(life: Life, body: ResultArrived, _: Event) -> Life:
    return _result(
        life,
        body.result,
        delivery="at_counter",
        arrived_at=body.at,
        shelf=body.shelf,
        slot=body.slot,
        item="",
        out_at="",
    )


def _returned(life: Life, body: ResultReturned, _: Event) -> Life:
    life = replace(life, originals_back=(*life.originals_back, *body.originals))
    for place in body.results:
        # Of two who say they handed it over the first in the order counts; both are flagged.
        if place < len(life.results) and life.results[place].delivery != "out":
            life = _result(
                life, place, delivery="out", out_at=body.at, out_to=body.collector.name, item=""
            )
    return _out(life, body.at)


def _posted(life: Life, body: ResultPosted, _: Event) -> Life:
    life = replace(life, originals_back=(*life.originals_back, *body.originals))
    for place in body.results:
        if place < len(life.results) and life.results[place].delivery != "out":
            life = _result(life, place, delivery="posted", item=body.item, out_at=body.at)
    return life


def _confirmed(life: Life, body: PostConfirmed, _: Event) -> Life:
    for place, result in enumerate(life.results):
        if result.item != body.item or result.delivery != "posted":
            continue
        if body.outcome == "delivered":
            life = _out(_result(life, place, delivery="out", out_to="bưu điện"), body.at)
        else:
            life = _result(
                life, place, delivery="at_counter", arrived_at=body.at, item="", out_at=""
            )
    return life


def _told(life: Life, body: CitizenTold, _: Event) -> Life:
    return replace(life, told=(*life.told, body))


def _archived(life: Life, body: DossierArchived, _: Event) -> Life:
    return replace(life, box=body.box)


def _fee(life: Life, body: FeeTaken, event: Event) -> Life:
    receipt = Receipt(
        event.id, body.at, body.clerk.name, body.amount, body.how, body.payment, body.receipt_number
    )
    return replace(life, receipts=(*life.receipts, receipt))


def _refund(life: Life, body: FeeRefunded, event: Event) -> Life:
    receipt = Receipt(event.id, body.at, body.clerk.name, -body.amount, body.how)
    return replace(life, receipts=(*life.receipts, receipt))


def _digitised(life: Life, body: PaperDigitised, _: Event) -> Life:
    return replace(life, digitised=(*life.digitised, body))


_READ: Mapping[type, Callable[[Life, Any, Event], Life]] = {
    DossierChecked: _checked,
    DossierForwarded: _forwarded,
    DossierTaken: _taken,
    DossierSentBack: _sent_back,
    OpinionAsked: _consulted,
    OpinionGiven: _answered,
    SupplementAsked: _asked,
    SupplementBrought: _brought,
    DutyAsked: _duty_asked,
    DutyMet: _duty_met,
    DossierExtended: _extended,
    ResultIssued: _issued,
    ResultArrived: _arrived,
    ResultReturned: _returned,
    ResultPosted: _posted,
    PostConfirmed: _confirmed,
    CitizenTold: _told,
    DossierArchived: _archived,
    FeeTaken: _fee,
    FeeRefunded: _refund,
    PaperDigitised: _digitised,
}


def _goes_on(life: Life) -> State:
    """Where it goes on afterwards: with who works on it, or with the counter."""
    return "received" if life.holder is None else "processing"


def _promised(life: Life, due_at: str, results: Sequence[PromisedResult]) -> Life:
    """Another moment. A result that is there already keeps the one it had."""
    if not due_at:
        return life
    dues = [p.due_at for p in results] or [due_at] * len(life.results)
    moved = tuple(
        replace(r, due_at=due) if r.delivery == "awaited" else r
        for r, due in zip(life.results, dues, strict=False)
    )
    return replace(life, due_at=due_at, results=(*moved, *life.results[len(moved) :]))


def _result(life: Life, place: int, **facts: Any) -> Life:
    if place >= len(life.results):
        return life
    changed = replace(life.results[place], **facts)
    return replace(life, results=(*life.results[:place], changed, *life.results[place + 1 :]))


def _out(life: Life, at: str) -> Life:
    """What is over once nothing lies here any more."""
    if life.state in ("refused", "stopped", "voided"):
        return replace(life, handed_back_at=life.handed_back_at or at)
    if all(r.delivery == "out" for r in life.results):
        return replace(life, state="returned")
    return life
