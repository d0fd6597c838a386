"""The counters that are measured: a fresh one, and filled ones that a second run finds again."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from desk_app.desk import Desk, open_desk
from desk_app.services.create_counter import create_counter
from desk_app.services.demo import CLERKS, COUNTER, OFFICE
from desk_app.settings import FILE, Settings


class Clock:
    """The machine's clock, with a calendar that can be turned on."""

    def __init__(self) -> None:
        self.ahead = timedelta()

    def __call__(self) -> datetime:
        return datetime.now().astimezone().replace(microsecond=0) + self.ahead


def fresh(folder: Path, now: Callable[[], datetime]) -> Desk:
    """A new counter without dossiers, in place of what was in the folder."""
    shutil.rmtree(folder, ignore_errors=True)
    settings = Settings(office=OFFICE, counter=COUNTER, clerk="mai", demo=True)
    create_counter(folder, settings, CLERKS, now=lambda: now() - timedelta(minutes=1))
    return open_desk(folder, now=now)


def filled(folder: Path, count: int, signed: bool) -> tuple[Path, float]:
    """A counter with ``count`` dossiers, and the seconds it took to fill: 0.0 when it was there.

    A filling that was cut off leaves no counter of this name.
    """
    place = folder / f"{'signed' if signed else 'unsigned'}-{count}"
    if (place / FILE).exists():
        return place, 0.0
    from desk_app.bench.synthetic import fill

    begin = time.perf_counter()
    growing = place.with_suffix(".new")
    desk = fresh(growing, Clock())
    fill(desk, count, desk.journal.device.sign if signed else None)
    desk.close()
    growing.rename(place)
    return place, time.perf_counter() - begin
