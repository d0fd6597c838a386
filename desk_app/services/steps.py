"""The gate every step goes through: what may be done now, by whom, and what is possible instead."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Connection

from db import projection
from db.acts import ACTS, CLERKS, NOT_TAKEN_IN, STATES
from db.dossier import Dossier, Event
from db.journal import Saving
from db.kinds import NAME_OF
from db.living import could, fits_in
from db.refused import Refused
from db.steps import FeeTaken, ResultReturned, Step, StepsSettled
from desk_app.desk import Desk
from desk_app.rules.remarks import errors_of
from desk_app.rules.typed import TEXT, clean
from desk_app.services.correct import AlreadyVoided, UnreadableDossier, reason_of
from desk_app.services.find import UnknownDossier
from desk_app.services.settle import NothingToSettle, OnlyTheChief

UNDONE = "Hoàn tác ngay sau khi ghi"
TWO_OF_ONE = frozenset({"returned_twice", "fee_twice", "settled_twice"})
"""Flags of which the chief says what was true."""
STEP_FLAGS = TWO_OF_ONE | {"state_conflict", "out_of_hand", "out_of_turn", "received_twice"}


class NotNow(Refused):
    """The dossier does not stand so that this could be done. Facts: ``act``, ``state``,
    ``instead`` (what is possible, in words)."""


class NotYourRole(Refused):
    """Somebody else does this. Facts: ``act``, ``who``."""


class HeldElsewhere(Refused):
    """Another department has the dossier; ``department``."""


class NothingToUndo(Refused):
    """The last step was not this clerk's, or not today's; ``by``, ``at``."""


Make = Callable[[Dossier], Step | Sequence[Step]]
"""The step, or several, made of the dossier as it stands inside the transaction."""


def stamp(desk: Desk) -> dict[str, Any]:
    """The moment and the person of a step done now."""
    return {"at": desk.now().isoformat(timespec="seconds"), "clerk": desk.clerk}


def take_step(desk: Desk, id: bytes, make: Make) -> Dossier:
    """Do one step, or several at once, and save them together.

    Raises:
        NotNow, NotYourRole, HeldElsewhere, UnknownDossier, UnreadableDossier, AlreadyVoided, and
        what ``make`` raises: nothing was saved.
    """
    with desk.saving() as saving:
        return put_step(desk, saving, id, make)


def put_step(desk: Desk, saving: Saving, id: bytes, make: Make) -> Dossier:
    """The same inside a command that does more.

    Raises:
        as ``take_step``.
    """
    dossier = standing(saving.connection, id)
    made = make(dossier)
    for step in [made] if isinstance(made, Step) else made:
        allow(desk, saving.connection, dossier, step)
        after = saving.append(id, step)
        assert after is not None
        dossier = after
    return dossier


def standing(connection: Connection, id: bytes) -> Dossier:
    """A dossier that something can be done with.

    Raises:
        UnknownDossier, UnreadableDossier, AlreadyVoided.
    """
    dossier = projection.dossier_of(connection, id)
    if dossier is None:
        raise UnknownDossier(code=id.hex())
    if not dossier.readable:
        raise UnreadableDossier()
    if dossier.status == "voided":
        raise AlreadyVoided(reason=dossier.void_reason)
    return dossier


def allow(desk: Desk, connection: Connection, dossier: Dossier, step: Step) -> None:
    """Whether this person may do this step now.

    Raises:
        NotNow, NotYourRole, HeldElsewhere.
    """
    kind = NAME_OF[type(step)][0]
    act = ACTS[kind]
    allow_role(desk, kind)
    if not fits_in(dossier.life, kind, step):
        instead = [ACTS[k].says.lower() for k in offered(desk, dossier)[:4]]
        if dossier.status in NOT_TAKEN_IN and desk.role in CLERKS:
            instead.insert(0, "tiếp nhận")
        raise NotNow(
            act=act.says,
            state=STATES[dossier.status],
            instead=", ".join(instead) or "chỉ xem",
        )
    holder = dossier.life.holder
    if desk.role == "officer" and act.moves and holder is not None:
        me = desk.published(connection).clerk(desk.clerk.login)
        if me is not None and me.department and me.department != holder.department:
            raise HeldElsewhere(department=holder.department)


def allow_role(desk: Desk, kind: str) -> None:
    """Whether this is the person's to do at all.

    Raises:
        NotYourRole.
    """
    act = ACTS[kind]
    if desk.role not in act.who:
        who = "công chức xử lý" if "officer" in act.who else "cán bộ một cửa"
        raise NotYourRole(act=act.says, who=who)


def offered(desk: Desk, dossier: Dossier) -> list[str]:
    """The steps that move the dossier on and are this person's to do, for buttons and hints."""
    return [k for k in could(dossier.life, desk.role) if ACTS[k].moves]


class Undone(NamedTuple):
    """What was taken back: the dossiers as they are now, and money that is to be given back."""

    dossiers: tuple[Dossier, ...]
    amount: int
    """Đồng that were taken together with what is undone."""
    slip_printed: bool
    """Whether the citizen holds a slip for them."""


def undo_step(desk: Desk, id: bytes) -> Dossier:
    """Take back the step just done: it stays in the history and does nothing.

    Raises:
        NothingToUndo, and as ``take_step``.
    """
    return undo_together(desk, [id]).dossiers[0]


def undo_together(desk: Desk, ids: Sequence[bytes]) -> Undone:
    """The same for what was done with several at once; all of it, or nothing.

    Raises:
        NothingToUndo, and as ``take_step``: nothing was taken back.
    """
    with desk.saving() as saving:
        before = [standing(saving.connection, id) for id in ids]
        taken_back = [_with_its_money(desk, dossier) for dossier in before]
        after = tuple(
            put_step(desk, saving, id, _annulling(desk, events))
            for id, events in zip(ids, taken_back, strict=True)
        )
    fees = [e for events in taken_back for e in events if isinstance(e.body, FeeTaken)]
    printed = {p.of for dossier in before for p in dossier.prints if p.form == "fee"}
    amount = sum(e.body.amount for e in fees if isinstance(e.body, FeeTaken))
    return Undone(after, amount, any(e.id in printed for e in fees))


def _with_its_money(desk: Desk, dossier: Dossier) -> list[Event]:
    """The step just done, and the payment that was made with it."""
    step = undoable(desk, dossier)
    if step is None:
        event = dossier.history[-1]
        raise NothingToUndo(by=event.by, at=event.at[11:16])
    if not isinstance(step.body, ResultReturned) or not step.body.payment:
        return [step]
    payment = step.body.payment
    paid = [
        e for e in dossier.history if isinstance(e.body, FeeTaken) and e.body.payment == payment
    ]
    return [*(e for e in paid if e.id not in dossier.life.annulled), step]


def _annulling(desk: Desk, events: Sequence[Event]) -> Make:
    return lambda _: StepsSettled(
        annulled=tuple(sorted(e.id for e in events)), reason=UNDONE, **stamp(desk)
    )


def undoable(desk: Desk, dossier: Dossier) -> Event | None:
    """The last step, when this clerk did it today."""
    done = [
        e
        for e in dossier.history
        if isinstance(e.body, Step)
        and not isinstance(e.body, StepsSettled)
        and e.id not in dossier.life.annulled
    ]
    today = desk.now().date().isoformat()
    if done and done[-1].by == desk.clerk.login and done[-1].at[:10] == today:
        return done[-1]
    return None


def settle_steps(
    desk: Desk, id: bytes, annulled: Collection[str], stand: Collection[str], reason: str
) -> Dossier:
    """Say of entries that contradict each other which are a mistake and which stand.

    Raises:
        NothingToSettle: they contradict nothing any more.
        OnlyTheChief: paper or money went out twice.
        ReasonMissing, ReasonTooLong, and as ``take_step``.
    """
    why = reason_of(reason)

    def word(before: Dossier) -> Step:
        about = {*annulled, *stand}
        flags = [f for f in before.flags if f.name in STEP_FLAGS and about & {*f.entries}]
        if not flags:
            last = before.history[-1]
            raise NothingToSettle(by=last.by, at=last.at[11:16])
        if desk.role != "chief" and any(f.name in TWO_OF_ONE for f in flags):
            raise OnlyTheChief()
        return StepsSettled(
            annulled=tuple(sorted(annulled)),
            stand=tuple(sorted(stand)),
            reason=why,
            **stamp(desk),
        )

    return take_step(desk, id, word)


class TextMissing(Refused):
    """A text that must be there is empty; ``what``, in words."""


class TextTooLong(Refused):
    """A text has at most ``most`` characters; ``what`` has ``has``."""


def text_of(typed: str, what: str, *, needed: bool = True, most: int = TEXT) -> str:
    """A typed text as it may be stored; ``what`` names it for the clerk.

    Raises:
        TextMissing, TextTooLong.
    """
    text, remarks = clean(typed, one_line=most < TEXT, limit=most)
    for remark in errors_of(remarks):
        raise TextTooLong(what=what, most=remark.facts["limit"], has=remark.facts["length"])
    if needed and not text:
        raise TextMissing(what=what)
    return text
