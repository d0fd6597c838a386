"""Who has a dossier now, and how far each of several results has come, in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from db.life import DELIVERY, Delivery, Life, Result
from desk_app.ui.dossier_words import Step, short_moment
from desk_app.ui.step_words import place_words

_LOOKS: Final[Mapping[Delivery, tuple[str, str]]] = {
    "awaited": ("clock", "muted"),
    "issued": ("file-text", "info"),
    "at_counter": ("archive", "info"),
    "posted": ("arrows-exchange", "info"),
    "out": ("check", "ok"),
}


def whereabouts(life: Life, now: datetime) -> str:
    """Who holds it and the time that place has of its own; empty at the counter."""
    if life.holder is None:
        return ""
    own = f", hạn riêng {short_moment(life.held_until, now)}" if life.held_until else ""
    return f"{place_words(life.holder)}{own}"


def result_steps(life: Life, now: datetime) -> list[Step]:
    """One line a result: its name, when it is promised, and where it is."""
    return [_line(result, now) for result in life.results]


def _line(result: Result, now: datetime) -> Step:
    icon, token = _LOOKS[result.delivery]
    due = f"hẹn {short_moment(result.due_at, now)}"
    said = DELIVERY[result.delivery]
    if result.delivery == "out":
        said = f"{said} {short_moment(result.out_at, now)}"
    elif result.delivery == "at_counter":
        said = ", ".join(filter(None, (said, result.shelf, result.slot)))
    return Step(icon, token, result.name, due, said)
