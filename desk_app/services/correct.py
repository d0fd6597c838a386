"""Put a received dossier right: correct, void, undo, note. The code never changes."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

import msgspec

from db import projection
from db.dossier import Dossier
from db.fold import corrected, value_at
from db.kinds import DossierCorrected, DossierVoided, NoteAdded
from db.parts import Kind
from db.refused import Refused
from desk_app.desk import Desk
from desk_app.rules.remarks import errors_of
from desk_app.rules.typed import LINE, TEXT, clean
from desk_app.services.find import UnknownDossier

UNDO_REASON = "Hoàn tác ngay sau khi tiếp nhận"


class ReasonMissing(Refused):
    """A correction or a void says why."""


class AlreadyVoided(Refused):
    """The dossier was voided before; ``reason`` it was."""


class NothingChanged(Refused):
    """Every value is what it was."""


class CannotCorrect(Refused):
    """A value is not of the shape of its field; ``why``."""


class UnreadableDossier(Refused):
    """It holds entries of a newer program: look, do not touch."""


class NoteTooLong(Refused):
    """A note has at most ``most`` characters; it has ``has``."""


class ReasonTooLong(Refused):
    """A reason has at most ``most`` characters; it has ``has``."""


def correct(desk: Desk, id: bytes, changes: Mapping[str, Any], reason: str) -> Dossier:
    """Correct facts by path (``db.kinds.CORRECTABLE``) with a reason; both values stay visible.

    Raises:
        ReasonMissing, ReasonTooLong, NothingChanged, CannotCorrect, AlreadyVoided,
        UnknownDossier, UnreadableDossier: nothing was saved.
    """
    reason = reason_of(reason)
    wanted = _cleaned(msgspec.to_builtins(changes))

    def body(before: Dossier) -> Kind:
        try:
            after = corrected(before.facts, wanted)
            datetime.fromisoformat(after.due_at)
        except (msgspec.ValidationError, ValueError) as e:
            raise CannotCorrect(why=str(e)) from e
        real = {k: v for k, v in wanted.items() if value_at(after, k) != value_at(before.facts, k)}
        if not real:
            raise NothingChanged()
        return DossierCorrected(changes=real, reason=reason)

    return append_to(desk, id, body)


def void(desk: Desk, id: bytes, reason: str) -> Dossier:
    """Withdraw a mistaken intake; its code is never used again.

    Raises:
        ReasonMissing, ReasonTooLong, AlreadyVoided, UnknownDossier, UnreadableDossier: nothing
        was saved.
    """
    reason = reason_of(reason)
    return append_to(desk, id, lambda _: DossierVoided(reason=reason))


def undo(desk: Desk, id: bytes) -> Dossier:
    """Take the intake just finished back: a void with its own reason, nothing is deleted."""
    return void(desk, id, UNDO_REASON)


def add_note(desk: Desk, id: bytes, text: str) -> Dossier:
    """Add an internal remark.

    Raises:
        NoteTooLong, ReasonMissing (no text), AlreadyVoided, UnknownDossier, UnreadableDossier
    """
    note, remarks = clean(text, one_line=False, limit=TEXT)
    for remark in errors_of(remarks):
        raise NoteTooLong(most=remark.facts["limit"], has=remark.facts["length"])
    if not note:
        raise ReasonMissing()
    return append_to(desk, id, lambda _: NoteAdded(text=note))


def reason_of(typed: str) -> str:
    """A reason as it may be stored.

    Raises:
        ReasonMissing, ReasonTooLong.
    """
    reason, remarks = clean(typed, limit=LINE)
    for remark in errors_of(remarks):
        raise ReasonTooLong(most=remark.facts["limit"], has=remark.facts["length"])
    if not reason:
        raise ReasonMissing()
    return reason


def _cleaned(value: Any) -> Any:
    """Plain values with every text in them as it may be stored; lengths are the fields' own."""
    if isinstance(value, str):
        return clean(value, limit=TEXT).text
    if isinstance(value, dict):
        return {name: _cleaned(part) for name, part in value.items()}
    return [_cleaned(part) for part in value] if isinstance(value, list) else value


def append_to(desk: Desk, id: bytes, body: Callable[[Dossier], Kind]) -> Dossier:
    """One entry made from the dossier as it stands inside the transaction.

    Raises:
        UnknownDossier, UnreadableDossier, AlreadyVoided: nothing was saved.
    """
    with desk.saving() as saving:
        before = projection.dossier_of(saving.connection, id)
        if before is None:
            raise UnknownDossier(code=id.hex())
        if not before.readable:
            raise UnreadableDossier()
        if before.status == "voided":
            raise AlreadyVoided(reason=before.void_reason)
        after = saving.append(id, body(before))
    assert after is not None
    return after
