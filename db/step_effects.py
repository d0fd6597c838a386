"""What each step does to a dossier's life. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from db.acts import ACTS, State, ending
from db.dossier import Event
from db.life import Life, Receipt, Request
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
    SupplementAsked,
    SupplementBrought,
)


def read(life: Life, event: Event) -> Life:
    """The life after one step; whether it fits was asked before."""
    assert event.body is not None
    effect = _EFFECTS.get(type(event.body))
    to = ACTS[event.kind].to
    if to == "stopped" != life.state:
        life = replace(life, before=life.state)
    if to is not None:
        life = replace(life, state=to)
    life = effect(life, event.body, event) if effect else life
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
    life = replace(life, brought=(*life.brought, *body.papers))
    came = tuple(paper.name for paper in body.papers)
    if not body.complete:
        requests = tuple(replace(r, brought=(*r.brought, *came)) for r in life.requests)
        return replace(life, requests=requests)
    life = promised(life, body.due_at, body.results)
    requests = tuple(r if r.brought_at else replace(r, brought_at=body.at) for r in life.requests)
    return replace(life, state=life.before, requests=requests)


def _duty_asked(life: Life, body: DutyAsked, _: Event) -> Life:
    return replace(life, duty=body.amount, before=_goes_on(life))


def _duty_met(life: Life, body: DutyMet, _: Event) -> Life:
    return replace(promised(life, body.due_at, body.results), state=life.before, duty=0)


def _extended(life: Life, body: DossierExtended, _: Event) -> Life:
    if body.result is None:
        after = promised(life, body.due_at, body.results)
    else:
        after = _put_back(life, body.result, body.due_at)
    # Two who wrote the same apology at the same time moved the promise once.
    more = after != life
    return replace(after, extensions=life.extensions + more, late_reason=body.reason)


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


_EFFECTS: Mapping[type, Callable[[Life, Any, Event], Life]] = {
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


def promised(life: Life, due_at: str, results: Sequence[PromisedResult] = ()) -> Life:
    """Another moment for the dossier. Results promised before its end keep theirs unless others are
    said; one that is there already does so in any case."""
    if not due_at:
        return life
    dues = [p.due_at for p in results]
    if not dues:
        dues = [due_at if r.due_at == life.due_at else r.due_at for r in life.results]
    moved = tuple(
        replace(r, due_at=due) if r.delivery == "awaited" else r
        for r, due in zip(life.results, dues, strict=False)
    )
    return replace(life, due_at=due_at, results=(*moved, *life.results[len(moved) :]))


def _put_back(life: Life, place: int, due_at: str) -> Life:
    """Another moment for one of several results; the dossier's own when that is later."""
    if place >= len(life.results) or life.results[place].delivery != "awaited":
        return life
    end = max(life.due_at, due_at, key=datetime.fromisoformat)
    return replace(_result(life, place, due_at=due_at), due_at=end)


def _result(life: Life, place: int, **facts: Any) -> Life:
    if place >= len(life.results):
        return life
    changed = replace(life.results[place], **facts)
    return replace(life, results=(*life.results[:place], changed, *life.results[place + 1 :]))


def _out(life: Life, at: str) -> Life:
    """What is over once nothing lies here any more."""
    if life.state in ("refused", "stopped", "voided"):
        return replace(life, handed_back_at=life.handed_back_at or at)
    if life.results and all(r.delivery == "out" for r in life.results):
        return replace(life, state="returned")
    return life
