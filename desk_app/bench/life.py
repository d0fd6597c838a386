"""What a clerk waits for after the intake: lists, one dossier, the return, books and batches."""

from __future__ import annotations

import random
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import select

from db.tables import dossiers
from desk_app.bench.counters import Clock, filled, fresh
from desk_app.bench.rows import Row, percentile, seconds_of
from desk_app.bench.save import forms
from desk_app.desk import Desk, open_desk
from desk_app.services import results
from desk_app.services.dossiers import LISTS, counts, page
from desk_app.services.opened import opened
from desk_app.services.receive import receive
from desk_app.services.register import book_of, lines_of, this_year
from desk_app.services.register_file import write_register
from desk_app.services.results import Collecting, hand_over
from desk_app.services.returning import by_scan, returning
from desk_app.services.slips import write_slip
from desk_app.services.spreadsheet import write_xlsx

DOSSIERS, YEAR, TIMES, SLIPS = 1_000_000, 75_000, 200, 200
REACH = "reach p99 50 ms"


def rows(
    data: Path, many: int = DOSSIERS, year: int = YEAR, times: int = TIMES, slips: int = SLIPS
) -> Iterator[Row]:
    """Lists and one dossier among a million; a return; the book of a year; two hundred slips."""
    place, _ = filled(data, many, signed=False)
    desk = open_desk(place)
    yield from _looking(desk, times)
    desk.close()
    yield from _returning(data, times, slips)
    place, _ = filled(data, year, signed=False)
    desk = open_desk(place)
    yield from _book(desk)
    desk.close()


def _looking(desk: Desk, times: int) -> Iterator[Row]:
    counts(desk)
    taken = [seconds_of(counts, desk) for _ in range(times)]
    yield _row("work lists, counts of all", taken, f"{REACH}; {len(LISTS)} lists")
    slowest, name = max((_worst(desk, which, times), which) for which in LISTS)
    yield Row(
        "work lists, a page", slowest, None, None, "ms", f"{REACH}; p99 of the slowest, {name}"
    )
    with desk.reading() as connection:
        found = connection.execute(
            select(dossiers.c.obj).order_by(dossiers.c.n.desc()).limit(50_000)
        )
        ids = [bytes(obj) for (obj,) in found]
    dice = random.Random(4)
    taken = [seconds_of(opened, desk, dice.choice(ids)) for _ in range(times)]
    yield _row("a dossier's page, opened", taken, REACH)


def _worst(desk: Desk, which: str, times: int) -> float:
    return percentile([seconds_of(page, desk, which) for _ in range(times)], 99) * 1000  # type: ignore[arg-type]


def _returning(data: Path, times: int, slips: int) -> Iterator[Row]:
    """From the scan to the durable entry, beside the intake of as many dossiers."""
    clock = Clock()
    desk = fresh(data / "return", clock)
    intake, back, form = [], [], forms(desk)
    codes = []
    for _ in range(max(times, slips)):
        begin = time.perf_counter()
        got = receive(desk, form())
        intake.append(time.perf_counter() - begin)
        results.done_at_once(desk, bytes.fromhex(got.id), "1")
        codes.append((bytes.fromhex(got.id), got.facts.code))
    for id_, code in codes[:times]:
        begin = time.perf_counter()
        by_scan(desk, code)
        returning(desk, id_)
        hand_over(desk, [id_], Collecting(pay="cash"))
        back.append(time.perf_counter() - begin)
    ours, floor = statistics.median(back) * 1000, statistics.median(intake) * 1000
    note = f"p99 {percentile(back, 99) * 1000:.1f}; beside an intake's save; three entries"
    yield Row("return, scan to durable", ours, floor, ours / floor, "ms", note)
    begin = time.perf_counter()
    for id_, _ in codes[: min(slips, times)]:
        write_slip(desk, id_, "return")
    seconds = time.perf_counter() - begin
    done = min(slips, times)
    yield Row(
        f"{done} slips, written", seconds, None, None, "s", f"{seconds / done * 1000:.1f} ms each"
    )
    desk.close()


def _book(desk: Desk) -> Iterator[Row]:
    """The same lines folded and read only are the floor of both."""
    words = {"counter": "a", "post": "b", "electronic": "c"}
    year = this_year(desk)
    with tempfile.TemporaryDirectory() as folder:
        begin = time.perf_counter()
        lines = sum(1 for _ in lines_of(desk, book_of(desk, year), words))
        read = time.perf_counter() - begin
        for name in ("book.pdf", "book.xlsx"):
            path = Path(folder) / name
            begin = time.perf_counter()
            write_register(desk, year, path)
            ours = time.perf_counter() - begin
            note = f"{lines:,} lines, {path.stat().st_size / 2**20:.0f} MiB; beside reading them"
            yield Row(f"a year's {name}", ours, read, ours / read, "s", note)
        bare = Path(folder) / "bare.xlsx"
        rows_ = (("x" * 20,) * 13 for _ in range(lines))
        seconds = seconds_of(write_xlsx, bare, "x", ["c"] * 13, rows_)
        yield Row("as many bare rows to xlsx", seconds, None, None, "s", "what the library takes")


def _row(name: str, taken: list[float], note: str) -> Row:
    said = f"{note}; p99 {percentile(taken, 99) * 1000:.1f}, most {max(taken) * 1000:.1f}"
    return Row(name, statistics.median(taken) * 1000, None, None, "ms", said)
