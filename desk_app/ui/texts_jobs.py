"""What the page "Mẫu giấy tờ" asks of the worker."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from db.refused import Refused
from db.texts import Change
from desk_app.papers.specimen import Specimen
from desk_app.services.form_texts import (
    FormText,
    check,
    form_texts,
    may_publish,
    publish,
    specimen,
)
from desk_app.services.text_drafts import keep_text_drafts, text_drafts
from desk_app.ui.typed_moments import MomentUnreadable, day_typed

if TYPE_CHECKING:
    from desk_app.desk import Desk

Key = tuple[str, str, str]


class Found(NamedTuple):
    """Every text, what was typed before, and whether who works here may publish."""

    texts: tuple[FormText, ...]
    drafts: tuple[Change, ...]
    may: bool
    today: date


class Look(NamedTuple):
    """The paper with what is typed, and what is wrong with it."""

    specimen: Specimen | None
    refused: Refused | None


class Outcome(NamedTuple):
    """What was published; or what was refused, and the text it is about when it is about one."""

    done: tuple[Change, ...] = ()
    refused: Refused | None = None
    about: Change | None = None


def find(desk: Desk) -> Found:
    """Everything the page shows."""
    return Found(form_texts(desk), text_drafts(desk), may_publish(desk), desk.now().date())


def look(form: str, longest: bool, typed: Change, drafts: tuple[Change, ...], desk: Desk) -> Look:
    """The paper in the words of the drafts; without the typed one where it cannot be printed."""
    refused, good = None, []
    for change in drafts:
        try:
            check(desk, change)
            good.append(change)
        except Refused as why:
            refused = why if change[:3] == typed[:3] else refused
    return Look(specimen(desk, form, longest, good), refused)


def keep(drafts: tuple[Change, ...], desk: Desk) -> None:
    """Keep what is typed."""
    keep_text_drafts(desk, drafts)


def publish_all(drafts: tuple[Change, ...], day: str, reason: str, desk: Desk) -> Outcome:
    """Publish everything that is typed, and forget it as typed."""
    try:
        for change in drafts:
            try:
                check(desk, change)
            except Refused as refused:
                return Outcome((), refused, change)
        on = day_typed(desk, day)
        if not on:
            raise MomentUnreadable(text=day)
        done = publish(desk, drafts, date.fromisoformat(on), reason)
    except Refused as refused:
        return Outcome((), refused)
    keep_text_drafts(desk, ())
    return Outcome(done)


def key_of(text: FormText | Change) -> Key:
    """By what a text is known."""
    return text.form, text.form_set, text.text
