"""How long the window takes to be painted, against the least a PySide6 program can show."""

from __future__ import annotations

import statistics
from pathlib import Path

from desk_app.bench.counters import filled
from desk_app.bench.rows import Row
from desk_app.bench.window import HELLO, WATCHED, kind_of_screen, run

RUNS = 11
DOSSIERS = 50_000
REACH = 1.5


def rows(data: Path, dossiers: int = DOSSIERS, runs: int = RUNS) -> list[Row]:
    """Process start to the first paint of the intake page, which takes keys from then on; then
    to the open desk, which answers. Processes of their own, by turns."""
    place, _ = filled(data, dossiers, signed=True)
    ours, floor = [], []
    for _ in range(runs + 1):
        ours.append(dict(run(*WATCHED, str(place), "start")))
        floor.append(dict(run(*HELLO)))
    painted = [_ms(said, "painted") for said in ours[1:]]
    ready = [_ms(said, "ready") for said in ours[1:]]
    hello = [_ms(said, "painted") for said in floor[1:]]
    least = statistics.median(hello)
    where = f"{kind_of_screen()}, {dossiers:,} dossiers; best {min(hello):.0f}"
    return [
        _row("start, painted", painted, least, f"reach {REACH} times; {where}"),
        _row("start, desk open", ready, least, where),
    ]


def _row(name: str, taken: list[float], floor: float, note: str) -> Row:
    median = statistics.median(taken)
    return Row(name, median, floor, median / floor, "ms", f"{note}, ours {min(taken):.0f}")


def _ms(said: dict[str, int], name: str) -> float:
    return (said[name] - said["begun"]) / 1e6
