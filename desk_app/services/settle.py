"""Settle what two counters did without knowing of each other. Each verb writes one entry that saw
both sides; the contradiction is gone wherever that entry arrives."""

from __future__ import annotations

from typing import Any, Literal

from db import engine as engines
from db import notices, projection
from db.dossier import Dossier
from db.kinds import DossierCorrected, DossierLinked, DossierRecoded, DossierVoided
from db.parts import Kind
from db.refused import Refused
from desk_app.desk import Desk
from desk_app.services.correct import append_to, reason_of
from desk_app.services.find import UnknownDossier
from desk_app.services.numbers import draw_code


class NothingToSettle(Refused):
    """Another person has settled it meanwhile. Facts: ``by``, ``at``."""


class OnlyTheChief(Refused):
    """A void and a code are decided by the commune's chief."""


def keep_value(desk: Desk, id: bytes, path: str, value: Any, reason: str) -> Dossier:
    """Of two values of one fact this one counts.

    Raises:
        NothingToSettle, ReasonMissing, ReasonTooLong, UnknownDossier, UnreadableDossier,
        AlreadyVoided: nothing was saved.
    """
    why = reason_of(reason)

    def body(before: Dossier) -> Kind:
        contested = [f.facts["path"] for f in before.flags if f.name == "field_conflict"]
        if path not in contested:
            raise _settled(before)
        return DossierCorrected({path: value}, why)

    return append_to(desk, id, body)


def void_after_all(desk: Desk, id: bytes, reason: str) -> Dossier:
    """The dossier is void, although somebody went on with it meanwhile.

    Raises:
        OnlyTheChief, and as ``keep_value``.
    """
    return _about_a_void(desk, id, DossierVoided(_for_the_chief(desk, reason)))


def let_it_live(desk: Desk, id: bytes, reason: str) -> Dossier:
    """The dossier goes on, although somebody voided it meanwhile.

    Raises:
        OnlyTheChief, and as ``keep_value``.
    """
    return _about_a_void(desk, id, DossierCorrected({}, _for_the_chief(desk, reason)))


def give_new_code(desk: Desk, id: bytes, reason: str) -> Dossier:
    """Another code for one of two dossiers that bear the same; its receipt is to be printed anew.

    Raises:
        OnlyTheChief, and as ``keep_value``.
    """
    why = _for_the_chief(desk, reason)
    with desk.saving() as saving:
        before = projection.dossier_of(saving.connection, id)
        if before is None:
            raise UnknownDossier(code=id.hex())
        # The day is the day the number is drawn: numbers of the old day may be used up.
        code, _ = draw_code(desk, saving, desk.now())
        after = saving.append(id, DossierRecoded(code, why))
        for notice in notices.notices(saving.connection):
            if notice.kind == "code_clash" and before.id in notice.facts["dossiers"]:
                notices.settle(saving.connection, notice.key, desk.now().isoformat())
    assert after is not None
    return after


def link(
    desk: Desk, id: bytes, other: bytes, how: Literal["same", "distinct"], reason: str = ""
) -> Dossier:
    """What two dossiers that look alike are to each other.

    Raises:
        UnknownDossier, UnreadableDossier, AlreadyVoided: nothing was saved.
    """
    after = append_to(desk, id, lambda _: DossierLinked(other.hex(), how, reason))
    pair = sorted((id.hex(), other.hex()))
    with engines.writing(desk.journal.engine) as connection:
        for notice in notices.notices(connection):
            if notice.kind == "alike" and notice.facts["dossiers"] == pair:
                notices.settle(connection, notice.key, desk.now().isoformat())
    return after


def noted(desk: Desk, key: str) -> None:
    """A person has read a notice about a machine."""
    with engines.writing(desk.journal.engine) as connection:
        notices.settle(connection, key, desk.now().isoformat(timespec="seconds"))


def _about_a_void(desk: Desk, id: bytes, entry: Kind) -> Dossier:
    def body(before: Dossier) -> Kind:
        if not any(flag.name == "void_conflict" for flag in before.flags):
            raise _settled(before)
        return entry

    return append_to(desk, id, body)


def _for_the_chief(desk: Desk, reason: str) -> str:
    if desk.role != "chief":
        raise OnlyTheChief()
    return reason_of(reason)


def _settled(before: Dossier) -> NothingToSettle:
    last = before.history[-1]
    return NothingToSettle(by=last.by, at=last.at[11:16])
