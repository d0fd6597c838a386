"""Put a received dossier right: correct, void, undo, note. The code never changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from db import projection
from db.fold import Dossier, corrected, value_at
from db.kinds import DossierCorrected, DossierVoided, Kind, NoteAdded
from db.refused import Refused
from desk_app.desk import Desk
from desk_app.services.find import UnknownDossier

UNDO_REASON = "Hoàn tác ngay sau khi tiếp nhận"
LONGEST_NOTE = 4_000


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


def correct(desk: Desk, id: bytes, changes: Mapping[str, Any], reason: str) -> Dossier:
    """Correct facts by path (``db.kinds.CORRECTABLE``) with a reason; both values stay visible.

    Raises:
        ReasonMissing, NothingChanged, CannotCorrect, AlreadyVoided, UnknownDossier,
        UnreadableDossier: nothing was saved.
    """
    if not reason.strip():
        raise ReasonMissing()

    def body(before: Dossier) -> Kind:
        real = {k: v for k, v in changes.items() if value_at(before.facts, k) != v}
        if not real:
            raise NothingChanged()
        try:
            corrected(before.facts, real)
            return DossierCorrected(changes=msgspec.to_builtins(real), reason=reason.strip())
        except msgspec.ValidationError as e:
            raise CannotCorrect(why=str(e)) from e

    return _append(desk, id, body)


def void(desk: Desk, id: bytes, reason: str) -> Dossier:
    """Withdraw a mistaken intake; its code is never used again.

    Raises:
        ReasonMissing, AlreadyVoided, UnknownDossier, UnreadableDossier: nothing was saved.
    """
    if not reason.strip():
        raise ReasonMissing()
    return _append(desk, id, lambda _: DossierVoided(reason=reason.strip()))


def undo(desk: Desk, id: bytes) -> Dossier:
    """Take the intake just finished back: a void with its own reason, nothing is deleted."""
    return void(desk, id, UNDO_REASON)


def add_note(desk: Desk, id: bytes, text: str) -> Dossier:
    """Add an internal remark.

    Raises:
        NoteTooLong, ReasonMissing (no text), AlreadyVoided, UnknownDossier, UnreadableDossier
    """
    if not text.strip():
        raise ReasonMissing()
    if len(text) > LONGEST_NOTE:
        raise NoteTooLong(most=LONGEST_NOTE, has=len(text))
    return _append(desk, id, lambda _: NoteAdded(text=text.strip()))


def _append(desk: Desk, id: bytes, body: Any) -> Dossier:
    """One entry made from the dossier as it stands inside the transaction."""
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
