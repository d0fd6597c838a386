"""How long finding takes while a clerk types, among a million dossiers."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from desk_app.bench.counters import filled
from desk_app.bench.keystrokes import sequences
from desk_app.bench.rows import Row, percentile, seconds_of
from desk_app.bench.window import WATCHED, kind_of_screen, run
from desk_app.desk import open_desk
from desk_app.services.find import find

DOSSIERS = 1_000_000
SEQUENCES = 300
TYPED_SLOWLY = 4
"""One of so many sequences is typed into the window, at the pace of a hand."""
REACH = "reach 16 ms, p99 50 ms"


def rows(data: Path, dossiers: int = DOSSIERS, times: int = SEQUENCES) -> list[Row]:
    """The service alone, then from the key to the painted answer in the palette."""
    place, seconds = filled(data, dossiers, signed=False)
    made = f"; filled in {seconds:.0f} s" if seconds else ""
    return [_service(place, dossiers, times, made), _painted(place, times)]


def _service(place: Path, dossiers: int, times: int, made: str) -> Row:
    desk = open_desk(place)
    begin = time.perf_counter()
    find(desk, "nguyen")
    first = time.perf_counter() - begin
    taken = [seconds_of(find, desk, text) for keys in sequences(desk, times) for text in keys]
    desk.close()
    note = f"{REACH}; p99 {percentile(taken, 99) * 1000:.1f}, most {max(taken) * 1000:.1f}, "
    note += f"first {first * 1000:.1f}; {len(taken):,} keys, {dossiers:,} dossiers{made}"
    return Row("find, service", statistics.median(taken) * 1000, None, None, "ms", note)


def _painted(place: Path, times: int) -> Row:
    typed = str(max(1, times // TYPED_SLOWLY))
    said = run(*WATCHED, str(place), "keys", typed)
    taken = [value / 1e6 for name, value in said if name == "key"]
    note = f"{REACH}; p99 {percentile(taken, 99):.1f}, most {max(taken):.1f}; {len(taken):,} keys, "
    return Row(
        "find, key to painted", statistics.median(taken), None, None, "ms", note + kind_of_screen()
    )
