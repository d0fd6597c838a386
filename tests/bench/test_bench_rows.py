"""Every row of the bench can be measured; how quick anything is is not tested here."""

from __future__ import annotations

import math
from collections.abc import Iterable
from pathlib import Path

from db.doctor import examine
from desk_app.bench import all_rows, find, gap, life, memory, refold, replicate, save, start
from desk_app.bench.counters import Clock, filled, fresh
from desk_app.bench.keystrokes import sequences
from desk_app.bench.rows import Row
from desk_app.desk import open_desk
from desk_app.services.find import find as find_dossiers


def assert_measured(rows: Iterable[Row], *names: str) -> None:
    rows = list(rows)
    assert [row.name for row in rows] == list(names)
    for row in rows:
        assert math.isfinite(row.ours) and row.ours > 0
        assert row.floor is None or row.ratio == row.ours / row.floor
        assert row.unit and row.note


def test_a_save_is_measured_against_an_insert_of_its_bytes(tmp_path: Path) -> None:
    assert_measured(save.rows(tmp_path, saves=5), "save")


def test_a_refold_is_measured_against_a_read_of_the_lines(tmp_path: Path) -> None:
    assert_measured(refold.rows(tmp_path, dossiers=20, times=1), "refold")


def test_finding_is_measured_in_the_service_and_in_the_window(tmp_path: Path) -> None:
    rows = find.rows(tmp_path, dossiers=20, times=1)
    assert_measured(rows, "find, service", "find, key to painted")


def test_the_start_is_measured_against_a_hello_window(tmp_path: Path) -> None:
    assert_measured(start.rows(tmp_path, dossiers=5, runs=1), "start, painted", "start, desk open")


def test_memory_is_measured_against_a_hello_window(tmp_path: Path) -> None:
    assert_measured(memory.rows(tmp_path, dossiers=5, runs=1), "memory")


def test_what_comes_after_the_intake_is_measured(tmp_path: Path) -> None:
    names = (
        "work lists, counts of all",
        "work lists, a page",
        "a dossier's page, opened",
        "return, scan to durable",
        "3 slips, written",
        "a year's book.pdf",
        "a year's book.xlsx",
        "as many bare rows to xlsx",
    )
    assert_measured(life.rows(tmp_path, many=40, year=30, times=3, slips=3), *names)


def test_one_family_can_be_asked_for_by_name(tmp_path: Path) -> None:
    rows = all_rows("receipt", tmp_path)
    assert next(rows).name.startswith("receipt")


def test_the_doctor_finds_a_signed_synthetic_counter_sound(tmp_path: Path) -> None:
    place, _ = filled(tmp_path, 30, signed=True)
    desk = open_desk(place)
    assert examine(desk.journal).findings == ()
    desk.close()


def test_a_filled_counter_is_found_again(tmp_path: Path) -> None:
    place, seconds = filled(tmp_path, 10, signed=False)
    assert seconds > 0
    assert filled(tmp_path, 10, signed=False) == (place, 0.0)


def test_what_is_typed_finds_somebody(tmp_path: Path) -> None:
    place, _ = filled(tmp_path, 50, signed=False)
    desk = open_desk(place)
    for keys in sequences(desk, 40):
        assert find_dossiers(desk, keys[-1]).dossiers, keys[-1]
    desk.close()


def test_a_fresh_counter_takes_the_place_of_an_old_one(tmp_path: Path) -> None:
    for _ in range(2):
        fresh(tmp_path / "counter", Clock()).close()


def test_replication_is_measured_against_what_only_moves_the_bytes(tmp_path: Path) -> None:
    rows = list(replicate.rows(tmp_path, dossiers=30, counters=3, a_day=4))
    names = [row.name for row in rows]
    assert names[:2] == ["push and apply, SQLite", "bytes an entry on the wire"]
    assert {"idle round", "rebuild a counter", "3 counters at once, a day each"} <= set(names)
    assert_measured(rows, *names)


def test_the_windows_gap_is_measured_while_entries_really_come_in(tmp_path: Path) -> None:
    rows = gap.rows(tmp_path, dossiers=30)
    assert_measured(rows, "longest event-loop gap", "save while entries come in")
