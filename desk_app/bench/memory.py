"""What the open window holds in memory, against the least a PySide6 program holds."""

from __future__ import annotations

import statistics
import sys
from pathlib import Path

from desk_app.bench.counters import filled
from desk_app.bench.rows import Row
from desk_app.bench.window import HELLO, WATCHED, run

RUNS = 3
DOSSIERS = 50_000
REACH = 60
MIB = 1 << 20


def rows(data: Path, dossiers: int = DOSSIERS, runs: int = RUNS) -> list[Row]:
    """Resident memory with the list of dossiers open, once everything has come to rest.

    Linux only: elsewhere a process is not told what it holds.
    """
    if sys.platform != "linux":
        return []
    place, _ = filled(data, dossiers, signed=True)
    ours, floor = [], []
    for _ in range(runs):
        ours.append(dict(run(*WATCHED, str(place), "memory"))["resident"] / MIB)
        floor.append(dict(run(*HELLO, "stay"))["resident"] / MIB)
    held, least = statistics.median(ours), statistics.median(floor)
    note = f"reach +{REACH}; here +{held - least:.0f}, {dossiers:,} dossiers"
    return [Row("memory", held, least, held / least, "MiB", note)]
