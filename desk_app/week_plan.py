"""What is to happen in a demonstration's week, and when."""

from __future__ import annotations

import heapq
import random
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from db.refused import Refused
from desk_app.desk import Desk
from desk_app.services.find import UnknownDossier

OPENS, CLOSES = time(7, 30), time(17, 0)
LATER = timedelta(hours=1)
TRIES = 12
"""How often a step waits for a dossier that has not come to its counter yet."""


@dataclass
class Clock:
    """The week's own time."""

    at: datetime

    def __call__(self) -> datetime:
        return self.at


@dataclass
class Week:
    """What is to happen, in order, and what has been counted."""

    desks: dict[str, Desk]
    clock: Clock
    dice: random.Random
    counted: Counter[str] = field(default_factory=Counter)
    refused: Counter[str] = field(default_factory=Counter)
    _due: list[tuple[datetime, int, str, Callable[[Desk], None], int]] = field(default_factory=list)
    _placed: int = 0

    def plan(self, at: datetime, who: str, act: Callable[[Desk], None], tries: int = 0) -> None:
        """Let somebody do something at a moment: "Quầy 1", or a person at one of the counters."""
        self._placed += 1
        heapq.heappush(self._due, (working(at), self._placed, who, act, tries))

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


def working(at: datetime) -> datetime:
    """The moment, or the next one at which the desk is open."""
    if at.time() >= CLOSES:
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, at.tzinfo)
    if at.time() < OPENS:
        at = datetime.combine(at.date(), OPENS, at.tzinfo)
    while at.weekday() > 4:
        at = datetime.combine(at.date() + timedelta(days=1), OPENS, at.tzinfo)
    return at
