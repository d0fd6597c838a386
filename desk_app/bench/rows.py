"""One row of the bench, and how a row is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Sequence
from typing import NamedTuple, ParamSpec

P = ParamSpec("P")


class Row(NamedTuple):
    """One measured thing; ``ratio`` is ours to the floor, both of the same run and machine."""

    name: str
    ours: float
    floor: float | None
    ratio: float | None
    unit: str
    note: str


def measure_pair(
    fn: Callable[[], object], floor: Callable[[], object], times: int, warm: bool = True
) -> tuple[float, float]:
    """The median seconds of both, called by turns so that a busy machine slows both alike.

    A first tenth is left out as warming up, unless ``warm`` is false.
    """
    for _ in range(max(1, times // 10) if warm else 0):
        fn()
        floor()
    pairs = [(seconds_of(fn), seconds_of(floor)) for _ in range(times)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def seconds_of(fn: Callable[P, object], *args: P.args, **kwargs: P.kwargs) -> float:
    """How long one call takes."""
    begin = time.perf_counter()
    fn(*args, **kwargs)
    return time.perf_counter() - begin


def percentile(values: Sequence[float], percent: float) -> float:
    """The value that so many of a hundred do not exceed."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * percent / 100))]


def spread(seconds: Sequence[float]) -> str:
    """Median and p99 in milliseconds, for a note."""
    return f"{statistics.median(seconds) * 1000:.2f}/{percentile(seconds, 99) * 1000:.2f}"
