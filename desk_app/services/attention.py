"""What wants a person: contradictions within dossiers, between them, and news of machines."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, select

from db import notices, projection
from db.dossier import Correction, Dossier, Event, Flag
from db.notices import Notice
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.services.steps import TWO_OF_ONE

CHIEFS = TWO_OF_ONE | {"void_conflict", "recode_conflict"}
"""Flags that the chief settles."""
MOST = 200
"""Matters shown at once; the newest first."""


@dataclass(frozen=True)
class Side:
    """One of two sides: who did what, when, at which counter; ``value`` when it is a value."""

    by: str
    at: str
    counter: int
    what: str
    value: Any = None
    id: bytes = b""
    """The dossier of this side, when the matter is between two dossiers."""
    entry: str = ""
    """What was done, when the matter is between two entries."""


@dataclass(frozen=True)
class Matter:
    """One thing to settle. ``name`` is the flag's or the notice's."""

    name: str
    id: bytes
    """The dossier; empty when it is about a machine."""
    code: str
    person: str
    sides: tuple[Side, ...]
    path: str = ""
    """The contested fact."""
    key: str = ""
    """The notice."""
    at: str = ""
    device: str = ""
    chief_only: bool = False


def matters(desk: Desk) -> tuple[Matter, ...]:
    """Everything unsettled, from one snapshot."""
    with desk.reading() as connection:
        published = desk.published(connection)
        counters = {c.device: c.number for c in published.counters}
        names = {c.login: c.name for c in published.clerks}
        found: list[Matter] = []
        flagged = select(dossiers.c.obj).where(dossiers.c.flags > 0)
        for obj in connection.scalars(flagged.order_by(dossiers.c.n.desc()).limit(MOST)).all():
            dossier = projection.dossier_of(connection, bytes(obj))
            if dossier is not None:
                found += _of_dossier(dossier, counters, names)
        for notice in notices.notices(connection):
            found += _of_notice(connection, notice, counters, names)
    return tuple(found[:MOST])


def matters_count(desk: Desk) -> int:
    """How many there are, for the tab: dossiers with a flag, and notices."""
    with desk.reading() as connection:
        flagged = select(func.count()).select_from(dossiers).where(dossiers.c.flags > 0)
        return (connection.scalar(flagged) or 0) + len(notices.notices(connection))


def _of_dossier(dossier: Dossier, counters: dict[str, int], names: dict[str, str]) -> list[Matter]:
    about: dict[str, Any] = {
        "id": bytes.fromhex(dossier.id),
        "code": dossier.facts.code,
        "person": dossier.facts.applicant.name,
        "at": dossier.history[-1].at,
    }
    if not dossier.readable:
        return [Matter("unreadable", sides=(), **about)]
    events = {e.id: e for e in dossier.history}
    corrections = {c.id: c for c in dossier.corrections}
    found = []
    for flag in dossier.unsettled:
        sides = tuple(
            _side(events[id_], corrections.get(id_), flag, place, counters, names)
            for place, id_ in enumerate(flag.entries)
        )
        chief = flag.name in CHIEFS
        path = str(flag.facts.get("path", ""))
        found.append(Matter(flag.name, sides=sides, path=path, chief_only=chief, **about))
    return found


def _side(
    event: Event,
    correction: Correction | None,
    flag: Flag,
    place: int,
    counters: dict[str, int],
    names: dict[str, str],
) -> Side:
    value = flag.facts.get(("first", "second")[place]) if flag.facts and place < 2 else None
    reason = correction.reason if correction else getattr(event.body, "reason", "")
    return Side(
        by=names.get(event.by, event.by),
        at=event.at,
        counter=counters.get(event.dev, 0),
        what=f"{event.kind} {reason}".strip(),
        value=value,
        entry=event.id,
    )


def _of_notice(
    connection: Connection, notice: Notice, counters: dict[str, int], names: dict[str, str]
) -> list[Matter]:
    """A notice as a matter; nothing when what it says is not so any more."""
    if notice.kind not in ("code_clash", "alike"):
        return [
            Matter(
                notice.kind,
                b"",
                "",
                "",
                (),
                key=notice.key,
                at=notice.at,
                device=notice.dev,
            )
        ]
    both = [projection.dossier_of(connection, bytes.fromhex(o)) for o in notice.facts["dossiers"]]
    here = [d for d in both if d is not None]
    if len(here) < 2 or _is_over(notice.kind, here[0], here[1]):
        return []
    sides = tuple(
        Side(
            by=d.facts.clerk.name,
            at=d.facts.received_at,
            counter=d.facts.counter or counters.get(d.history[0].dev, 0),
            what=f"{d.facts.applicant.name}, {d.facts.procedure.short_name}",
            value=d.facts.code,
            id=bytes.fromhex(d.id),
        )
        for d in here
    )
    return [
        Matter(
            notice.kind,
            sides[0].id,
            here[0].facts.code,
            here[0].facts.applicant.name,
            sides,
            key=notice.key,
            at=notice.at,
            chief_only=notice.kind == "code_clash",
        )
    ]


def _is_over(kind: str, one: Dossier, two: Dossier) -> bool:
    if kind == "code_clash":
        return one.facts.code != two.facts.code
    said = {link.other for link in (*one.links, *two.links)}
    return bool(said & {one.id, two.id}) or "voided" in (one.status, two.status)
