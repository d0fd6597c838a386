"""One row of the bench, and how a row is measured."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from typing import NamedTuple


class Row(NamedTuple):
    """One measured thing; ``ratio`` is ours to the floor, both of the same run and machine."""

    name: str
    ours: float
    floor: float | None
    ratio: float | None
    unit: str
    note: str


def measure(fn: Callable[[], object], times: int) -> float:
    """The median seconds of a call, the first tenth left out as warming up."""
    for _ in range(max(1, times // 10)):
        fn()
    return statistics.median(_seconds(fn) for _ in range(times))


def measure_pair(
    fn: Callable[[], object], floor: Callable[[], object], times: int
) -> tuple[float, float]:
    """The median seconds of both, called by turns so that a busy machine slows both alike."""
    for _ in range(max(1, times // 10)):
        fn()
        floor()
    pairs = [(_seconds(fn), _seconds(floor)) for _ in range(times)]
    return statistics.median(p[0] for p in pairs), statistics.median(p[1] for p in pairs)


def _seconds(fn: Callable[[], object]) -> float:
    begin = time.perf_counter()
    fn()
    return time.perf_counter() - begin
