"""Dossiers on their way: to who works on them, beside or above, and back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import select

from db.dossier import Dossier
from db.kinds import OfficePublished
from db.refused import Refused
from db.steps import (
    DossierForwarded,
    DossierSentBack,
    DossierTaken,
    OpinionAsked,
    OpinionGiven,
    Place,
)
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.published import Published
from desk_app.rules.typed import LINE
from desk_app.services.dossiers import DossierLine, read_lines
from desk_app.services.steps import put_step, stamp, take_step, text_of


class PlaceMissing(Refused):
    """Nobody is named to give it to."""


class PlaceUnknown(Refused):
    """The office has no such department; ``department``."""


@dataclass(frozen=True)
class Handover:
    """One list of dossiers given over together, under one number; what was refused, and why."""

    id: str
    to: Place
    dossiers: tuple[Dossier, ...]
    refused: tuple[tuple[bytes, Refused], ...] = ()


def department_for(office: OfficePublished, field: str) -> str:
    """The department that works on a field; the one without fields of its own takes the rest."""
    its = [d.name for d in office.departments if field in d.fields]
    rest = [d.name for d in office.departments if not d.fields]
    return [*its, *rest, ""][0]


def waiting_to_go(desk: Desk) -> tuple[DossierLine, ...]:
    """Dossiers still at the counter that are to go on today: the oldest first.

    What comes in after 15:00 may wait for the next morning (NĐ 61/2018 Art. 18.2).
    """
    now = desk.now()
    with desk.reading() as connection:
        published = desk.published(connection)
        minute = published.regime_of("", now.date()).forward_minute
    limit = now.replace(hour=minute // 60, minute=minute % 60, second=0, microsecond=0)
    query = (
        select(dossiers)
        .where(dossiers.c.status == "received", dossiers.c.received <= int(limit.timestamp()))
        .order_by(dossiers.c.received, dossiers.c.n)
    )
    return tuple(read_lines(desk, query))


def forward(
    desk: Desk,
    ids: Sequence[bytes],
    to: Place | None = None,
    until: datetime | None = None,
    work: str = "",
    post_item: str = "",
) -> tuple[Handover, ...]:
    """Give dossiers out of the hand: one list per receiver, each under a number of its own.

    ``to`` None is the department of each dossier's field. A dossier that may not go is left out
    of its list and said; the others go.

    Raises:
        PlaceMissing, PlaceUnknown, TextTooLong: nothing was saved.
    """
    about = text_of(work, "nội dung chuyển", needed=False, most=LINE)
    to = None if to is None else _known(desk, to)
    gone: dict[Place, list[Dossier]] = {}
    numbers: dict[Place, str] = {}
    refused: list[tuple[bytes, Refused]] = []
    with desk.saving() as saving:

        def body(before: Dossier) -> DossierForwarded:
            place = to or Place(department_for(desk.office, before.facts.procedure.field))
            if not place.department and not place.office:
                raise PlaceMissing()
            return DossierForwarded(
                to=place,
                handover=numbers.setdefault(place, secrets.token_hex(16)),
                until=until.isoformat(timespec="seconds") if until else "",
                work=about,
                post_item=post_item,
                **stamp(desk),
            )

        for id in dict.fromkeys(ids):
            try:
                after = put_step(desk, saving, id, body)
            except Refused as no:
                refused.append((id, no))
                continue
            assert after.life.holder is not None
            gone.setdefault(after.life.holder, []).append(after)
    lists = [Handover(numbers[place], place, tuple(its)) for place, its in gone.items()]
    if refused:
        none = Place("")
        lists.append(Handover("", none, (), tuple(refused)))
    return tuple(lists)


def take_over(desk: Desk, id: bytes, place: Place | None = None) -> Dossier:
    """Sign for a dossier that was given over; an officer takes it for herself.

    Raises:
        as ``take_step``.
    """

    def body(before: Dossier) -> DossierTaken:
        given = before.life.holder or Place("")
        mine = replace(given, person=desk.clerk.name)
        return DossierTaken(place=place or mine, **stamp(desk))

    return take_step(desk, id, body)


def send_back(desk: Desk, id: bytes, reason: str) -> Dossier:
    """Back to the counter, unfinished.

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    body = DossierSentBack(reason=text_of(reason, "lý do chuyển lại", most=LINE), **stamp(desk))
    return take_step(desk, id, lambda _: body)


def ask_opinion(
    desk: Desk, id: bytes, of: Place, about: str, until: datetime | None = None
) -> Dossier:
    """Ask another place, which answers by a moment.

    Raises:
        PlaceMissing, TextMissing, TextTooLong, and as ``take_step``.
    """
    if not of.department and not of.office:
        raise PlaceMissing()
    body = OpinionAsked(
        of=_named(desk, of),
        about=text_of(about, "nội dung lấy ý kiến", most=LINE),
        until=until.isoformat(timespec="seconds") if until else "",
        **stamp(desk),
    )
    return take_step(desk, id, lambda _: body)


def opinion_given(desk: Desk, id: bytes, answer: str, number: str = "") -> Dossier:
    """What the other place answered.

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    body = OpinionGiven(
        answer=text_of(answer, "ý kiến trả lời"), number=number.strip()[:200], **stamp(desk)
    )
    return take_step(desk, id, lambda _: body)


def places_for(desk: Desk, published: Published, field: str) -> tuple[Place, ...]:
    """Where a dossier of a field may go: the department that works on it, the others of the office,
    then those of the office above."""
    own = [d.name for d in desk.office.departments]
    first = [d.name for d in desk.office.departments if field in d.fields]
    places = [Place(name) for name in dict.fromkeys((*first, *own))]
    above = published.office(desk.office.parent or "", desk.now().date())
    if above is not None:
        name = above.facts.name
        places += [Place(d.name, above.facts.code, "", name) for d in above.departments]
    return tuple(places)


def _known(desk: Desk, place: Place) -> Place:
    """Another office's departments are its own affair."""
    if not place.department and not place.office:
        raise PlaceMissing()
    names = {d.name for d in desk.office.departments}
    if not place.office and not place.office_name and names and place.department not in names:
        raise PlaceUnknown(department=place.department)
    named = text_of(place.department, "nơi nhận", needed=False, most=200)
    return _named(desk, replace(place, department=named))


def _named(desk: Desk, place: Place) -> Place:
    """With the name of the other office as papers have it."""
    if not place.office or place.office_name:
        return place
    with desk.reading() as connection:
        office = desk.published(connection).office(place.office, desk.now().date())
    return replace(place, office_name=office.facts.name) if office else place
