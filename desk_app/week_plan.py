"""What is to happen in a demonstration's week, and when."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from db.refused import Refused
from desk_app.services.find import UnknownDossier, dossier
from desk_app.services.handovers import (
    NoNewResults,
    of_handover,
    results_of_today,
    write_given,
)
from desk_app.services.receipts import WrittenPaper, paper_printed, write_receipt
from desk_app.services.slips import write_slip, write_together

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.services.forwarding import Handover

OPENS, CLOSES = time(7, 30), time(17, 0)
LATER = timedelta(hours=1)
TRIES = 12
"""How often a step waits for a dossier that has not come to its counter yet."""
COUNTERS = ("Quầy 1", "Quầy 2", "Quầy 3")

Act = Callable[["Desk"], None]


@dataclass
class Clock:
    """The week's own time."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


class Papers:
    """Makes papers, has them printed, and counts them by their form."""

    def __init__(self) -> None:
        self.printed: Counter[str] = Counter()

    def receipt(self, desk: Desk, id_: bytes) -> None:
        """What the citizen takes home."""
        self._print(desk, write_receipt(desk, id_))

    def slip(self, desk: Desk, id_: bytes, form: str = "") -> None:
        """What the newest entry calls for, or another form."""
        self._print(desk, write_slip(desk, id_, form))

    def together(self, desk: Desk, id_: bytes) -> None:
        """One receipt for everything a person brought."""
        self._print(desk, write_together(desk, id_))

    def handover(self, desk: Desk, given: Handover) -> None:
        """The list that goes with dossiers."""
        self._print(desk, write_given(desk, of_handover(desk, given)))

    def results(self, desk: Desk) -> None:
        """The lists of what came back from the departments today."""
        with suppress(NoNewResults):
            for given in results_of_today(desk):
                self._print(desk, write_given(desk, given))

    def _print(self, desk: Desk, written: WrittenPaper) -> None:
        paper_printed(desk, written, "printer", "PDF")
        self.printed[written.form] += 1


@dataclass
class Week:
    """What is to happen, in order, and what has been counted."""

    desks: dict[str, Desk]
    clock: Clock
    dice: random.Random
    counted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    settled: Counter[str] = field(default_factory=Counter)
    """What two did at once, by the name of the contradiction."""
    papers: Papers = field(default_factory=Papers)
    _due: list[tuple[datetime, int, str, Act, int]] = field(default_factory=list)
    _placed: int = 0

    def plan(self, at: datetime, who: str, act: Act, tries: int = 0) -> None:
        """Let somebody do something at a moment: "Quầy 1", or a person at one of the counters."""
        self._placed += 1
        heapq.heappush(self._due, (working(at), self._placed, who, act, tries))

    def later(self, who: str, wait: timedelta, act: Act) -> None:
        """Let somebody do it after a while."""
        self.plan(self.clock() + wait, who, act)

    def anywhere(self, wait: timedelta, act: Act) -> None:
        """The same, at whichever counter the citizen comes to."""
        self.later(self.dice.choice(COUNTERS), wait, act)

    def at_two(self, wait: timedelta, one: Act, other: Act) -> None:
        """At two counters in the same minute, neither of which knows of the other."""
        for who, act in zip(self.dice.sample(COUNTERS, 2), (one, other), strict=True):
            self.later(who, wait, act)

    def number(self) -> str:
        """Of a result."""
        return f"{self.dice.randrange(1, 9_999)}/UBND"

    def run_until(self, until: datetime) -> None:
        """Everything planned before a moment. A dossier that has not come yet is waited for."""
        while self._due and self._due[0][0] < until:
            at, _, who, act, tries = heapq.heappop(self._due)
            self.clock.at = max(self.clock.at, at)
            try:
                act(self.desks[who])
            except UnknownDossier:
                if tries < TRIES:
                    self.plan(self.clock.at + LATER, who, act, tries + 1)
                else:
                    self.counted["không tới quầy"] += 1
            except Refused as refused:
                self.refused[type(refused).__name__] += 1

    @property
    def left(self) -> int:
        """Steps planned for after the week."""
        return len(self._due)


def counter_of(desk: Desk) -> str:
    """As the plan calls it."""
    return COUNTERS[desk.counter.number - 1]


def filed_at(desk: Desk, id_: bytes) -> str:
    """The counter a dossier was handed in at, to which its results come back."""
    return COUNTERS[dossier(desk, id_).facts.counter - 1]


def working(at: datetime) -> datetime:
    """The moment, or the next one at which the desk is open."""
    if at.time() >= CLOSES:
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, at.tzinfo)
    if at.time() < OPENS:
        at = datetime.combine(at.date(), OPENS, at.tzinfo)
    while at.weekday() > 4:
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, at.tzinfo)
    return at
