"""Results: signed, on the shelf, told of, and in the right hands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Literal

from sqlalchemy import Connection

from db.dossier import Dossier, Event
from db.journal import Saving
from db.life import Result
from db.parts import Person
from db.refused import Refused
from db.steps import (
    CitizenTold,
    DossierArchived,
    PostConfirmed,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
)
from desk_app.desk import Desk
from desk_app.rules.days import show_moment
from desk_app.rules.people import PersonTyped, read_person
from desk_app.rules.remarks import errors_of
from desk_app.rules.typed import LINE
from desk_app.services.fees import How, Payment, owed, put_fee
from desk_app.services.receive import FormIncomplete
from desk_app.services.steps import put_step, stamp, standing, take_step, text_of


class ReturnedBefore(Refused):
    """It went out already. Facts: ``to``, ``at``, ``where`` (counter)."""


class NotReady(Refused):
    """There is no result to hand over. Facts: ``due``."""


class NothingChosen(Refused):
    """Several results lie here, and none of them is to go out."""


class FeeOwed(Refused):
    """It is to be paid first. Facts: ``amount`` đồng."""


class AuthorisationMissing(Refused):
    """Somebody else collects, and nothing says that she may."""


@dataclass(frozen=True)
class Collecting:
    """Who stands at the counter, what she takes, and what she pays."""

    to: Literal["applicant", "submitter", "authorised"] = "applicant"
    collector: PersonTyped | None = None
    """Only when it is somebody else."""
    authorisation: str = ""
    results: tuple[int, ...] | None = None
    """Places of the first dossier's results; None = everything that lies here."""
    originals: tuple[str, ...] = ()
    """Names of the papers of the first dossier that are given back."""
    along: Mapping[bytes, tuple[str, ...]] = field(default_factory=dict)
    """The same of each other dossier, by its id; of those everything that lies here goes out."""
    pay: How | None = None
    """How what is owed is paid now."""
    receipt_series: str = ""
    receipt_number: str = ""
    signature: str = ""
    """SHA-256 of the scanned slip."""
    note: str = ""


@dataclass(frozen=True)
class Collected:
    """The dossiers as they are now, and the payment that was made."""

    dossiers: tuple[Dossier, ...]
    payment: Payment | None = None
    entries: tuple[str, ...] = field(default=())
    """The entries of the return, one each; the slips are about them."""


def issue(
    desk: Desk,
    id: bytes,
    number: str = "",
    result: int = 0,
    signed_on: date | None = None,
    signer: str = "",
    electronic: bool = False,
) -> Dossier:
    """A result was signed.

    Raises:
        TextTooLong, and as ``take_step``.
    """
    body = ResultIssued(
        result=result,
        number=text_of(number, "số kết quả", needed=False, most=200),
        signed_on=(signed_on or desk.now().date()).isoformat(),
        signer=text_of(signer, "người ký", needed=False, most=200),
        electronic=electronic,
        **stamp(desk),
    )
    return take_step(desk, id, lambda _: body)


def put_on_shelf(
    desk: Desk, id: bytes, shelf: str = "", slot: str = "", result: int = 0
) -> Dossier:
    """A result lies at the counter, or elsewhere than before; of a refusal, its paper.

    Raises:
        TextTooLong, and as ``take_step``.
    """
    body = ResultArrived(
        result=result,
        shelf=text_of(shelf, "nơi để", needed=False, most=200),
        slot=text_of(slot, "ô", needed=False, most=200),
        **stamp(desk),
    )
    return take_step(desk, id, lambda _: body)


def done_at_once(desk: Desk, id: bytes, number: str = "", shelf: str = "") -> Dossier:
    """A result made at the counter itself: signed, and there.

    Raises:
        as ``take_step``.
    """
    issued = ResultIssued(
        number=text_of(number, "số kết quả", needed=False, most=200),
        signed_on=desk.now().date().isoformat(),
        **stamp(desk),
    )
    there = ResultArrived(shelf=shelf, **stamp(desk))
    return take_step(desk, id, lambda _: (issued, there))


def hand_over(desk: Desk, ids: Sequence[bytes], how: Collecting) -> Collected:
    """Give the results of one or several dossiers into somebody's hand, and take what is owed.

    Raises:
        ReturnedBefore, NotReady, FeeOwed, AuthorisationMissing, FormIncomplete (the collector),
        and as ``take_step``: nothing was saved and nothing taken.
    """
    with desk.saving() as saving:
        before = [standing(saving.connection, id) for id in dict.fromkeys(ids)]
        others = before[1:]
        hows = [how, *(replace(how, results=None, originals=_along(how, d)) for d in others)]
        for dossier, its in zip(before, hows, strict=True):
            may_go(desk, saving, dossier, its)
        payment = _paid(desk, saving, before, how)
        paid = {d.id for d in payment.dossiers} if payment else set()
        done = [
            _out(desk, saving, d, its, payment.id if payment and d.id in paid else "")
            for d, its in zip(before, hows, strict=True)
        ]
    entries = tuple(after.history[-1].id for after in done)
    return Collected(tuple(done), payment, entries)


def may_go(desk: Desk, saving: Saving, dossier: Dossier, how: Collecting) -> None:
    """Whether a dossier can be handed over to this person now.

    Raises:
        ReturnedBefore, NotReady, FeeOwed.
    """
    life = dossier.life
    if dossier.status in ("refused", "stopped"):
        if life.handed_back_at:
            raise _returned(desk, saving, dossier, life.results[0])
        return
    if how.results == ():
        raise NothingChosen()
    wanted = how.results or life.ready
    gone = [r for i, r in enumerate(life.results) if (i in wanted or not wanted) and r.out_at]
    if gone and (how.results or len(gone) == len(life.results)):
        raise _returned(desk, saving, dossier, gone[0])
    here = {i for i, r in enumerate(life.results) if r.delivery in ("at_counter", "issued")}
    if not wanted or not set(wanted) <= here:
        raise NotReady(due=show_moment(datetime.fromisoformat(life.due_at)))
    if due_now(dossier) and how.pay is None:
        raise FeeOwed(amount=due_now(dossier))


def due_now(dossier: Dossier) -> int:
    """Đồng to be paid before its result goes out; giving back the papers of what was refused or
    stopped costs nothing."""
    return 0 if dossier.status in ("refused", "stopped") else owed(dossier)


def _along(how: Collecting, dossier: Dossier) -> tuple[str, ...]:
    return how.along.get(bytes.fromhex(dossier.id), ())


def _returned(desk: Desk, saving: Saving, dossier: Dossier, result: Result) -> ReturnedBefore:
    event = gave_out(dossier, result.out_at) or dossier.history[-1]
    at = show_moment(datetime.fromisoformat(result.out_at or event.at))
    where = counter_of(desk, saving.connection, event)
    return ReturnedBefore(to=result.out_to or given_to(event), at=at, where=where)


def gave_out(dossier: Dossier, at: str = "") -> Event | None:
    """The last entry by which something of a dossier left the desk, or that of this moment."""
    kinds = ResultReturned | ResultPosted
    out = [(e, e.body) for e in reversed(dossier.history) if isinstance(e.body, kinds)]
    stands = [(e, body) for e, body in out if e.id not in dossier.life.annulled]
    return next((e for e, body in stands if not at or body.at == at), None)


def given_to(event: Event) -> str:
    """Into whose hand it went by this entry."""
    body = event.body
    return body.collector.name if isinstance(body, ResultReturned) else "bưu điện"


def counter_of(desk: Desk, connection: Connection, event: Event) -> int:
    """The number of the counter an entry was written at; 0 when this machine does not know it."""
    counters = desk.published(connection).counters
    return next((c.number for c in counters if c.device == event.dev), 0)


def _paid(desk: Desk, saving: Saving, before: Sequence[Dossier], how: Collecting) -> Payment | None:
    owing = [bytes.fromhex(d.id) for d in before if due_now(d)]
    if not owing or how.pay is None:
        return None
    return put_fee(desk, saving, owing, how.pay, how.receipt_series, how.receipt_number)


def _out(desk: Desk, saving: Saving, dossier: Dossier, how: Collecting, payment: str) -> Dossier:
    collector, authorisation = _collector(desk, dossier, how)
    ended = dossier.status in ("refused", "stopped")
    body = ResultReturned(
        results=how.results or dossier.life.ready or ((0,) if ended else ()),
        to=how.to,
        collector=collector,
        authorisation=authorisation,
        originals=tuple(name for name in how.originals if name in held_originals(dossier)),
        signature=how.signature,
        note=text_of(how.note, "ghi chú", needed=False, most=LINE),
        payment=payment,
        **stamp(desk),
    )
    return put_step(desk, saving, bytes.fromhex(dossier.id), lambda _: body)


def _collector(desk: Desk, dossier: Dossier, how: Collecting) -> tuple[Person, str]:
    facts = dossier.facts
    if how.to == "applicant":
        return facts.applicant, ""
    if how.to == "submitter" and facts.submitter is not None:
        return facts.submitter, ""
    person, remarks = read_person(how.collector or PersonTyped(), desk.now().date(), "collector")
    if errors := errors_of(remarks):
        raise FormIncomplete(remarks=errors)
    authorisation = text_of(how.authorisation, "giấy ủy quyền", needed=False, most=LINE)
    if not authorisation:
        raise AuthorisationMissing()
    return person, authorisation


def held_originals(dossier: Dossier) -> tuple[str, ...]:
    """Originals the citizen handed in and has not got back."""
    back = set(dossier.life.originals_back)
    handed_in = (*dossier.facts.papers, *dossier.life.brought)
    held = (p.name for p in handed_in if p.originals and p.name not in back)
    return tuple(dict.fromkeys(held))


def post(
    desk: Desk,
    id: bytes,
    item: str,
    postman: str = "",
    address: str = "",
    originals: Sequence[str] = (),
    results: tuple[int, ...] | None = None,
) -> Dossier:
    """Give what lies here, or some of it, to the post, under its item number.

    Raises:
        TextMissing (the item number), TextTooLong, NothingChosen, NotReady, ReturnedBefore,
        FeeOwed, and as ``take_step``.
    """
    number = text_of(item, "số hiệu bưu gửi", most=200)
    with desk.saving() as saving:
        before = standing(saving.connection, id)
        may_go(desk, saving, before, Collecting(results=results))
        body = ResultPosted(
            results=results or before.life.ready or (0,),
            item=number,
            postman=text_of(postman, "bưu tá", needed=False, most=200),
            address=text_of(address, "địa chỉ nhận", needed=False, most=LINE)
            or before.facts.applicant.address,
            originals=tuple(originals),
            **stamp(desk),
        )
        return put_step(desk, saving, id, lambda _: body)


def post_confirmed(
    desk: Desk, id: bytes, outcome: Literal["delivered", "came_back"], on: date | None = None
) -> Dossier:
    """What the post says became of it.

    Raises:
        as ``take_step``.
    """
    day = (on or desk.now().date()).isoformat()

    def body(before: Dossier) -> PostConfirmed:
        items = [r.item for r in before.life.results if r.delivery == "posted"]
        return PostConfirmed(item=[*items, ""][0], outcome=outcome, on=day, **stamp(desk))

    return take_step(desk, id, body)


def tell(
    desk: Desk,
    id: bytes,
    how: Literal["phone", "sms", "zalo", "email", "in_person", "post"],
    about: Literal["result", "supplement", "delay", "uncollected", "other"],
    reached: bool = True,
    text: str = "",
) -> Dossier:
    """The citizen was told, or could not be reached.

    Raises:
        TextTooLong, and as ``take_step``.
    """
    said = text_of(text, "nội dung báo", needed=False, most=LINE)
    body = CitizenTold(how=how, about=about, reached=reached, text=said, **stamp(desk))
    return take_step(desk, id, lambda _: body)


def archive(desk: Desk, id: bytes, box: str, note: str = "") -> Dossier:
    """Hand it to the archive; with its result, when nobody fetched that.

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    where = text_of(box, "hộp lưu", most=200)
    more = text_of(note, "ghi chú", needed=False, most=LINE)

    def body(before: Dossier) -> DossierArchived:
        left = before.status == "done" and bool(before.life.ready)
        return DossierArchived(box=where, uncollected=left, note=more, **stamp(desk))

    return take_step(desk, id, body)
