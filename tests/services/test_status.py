"""The status line: what exists once only, what is not on paper, disk and clock."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from desk_app import settings as settings_file
from desk_app.desk import open_desk
from desk_app.services.dossiers import page
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.services.status import counter_status


@pytest.fixture
def stick(tmp_path) -> Iterator[Path]:
    """A second file system, where this machine has one."""
    if not Path("/dev/shm").is_dir() or Path("/dev/shm").stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("no second file system on this machine")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder) / "stick"


@pytest.fixture
def with_spool(data, clock, stick):
    """The counter with a second medium, plugged in."""
    stick.mkdir()
    settings_file.save(data, msgspec.structs.replace(settings_file.load(data), spool=str(stick)))
    desk = open_desk(data, now=clock)
    yield desk
    desk.close()


def test_a_new_counter_has_nothing_to_say(desk):
    status = counter_status(desk)
    assert (status.one_copy, status.unprinted, status.spool) == (0, 0, "none")
    assert (status.clock, status.last_saved) == ("ok", None)
    assert status.disk_free > 0


def test_without_a_second_medium_every_dossier_exists_once(desk, form):
    for _ in range(3):
        receive(desk, form())
    status = counter_status(desk)
    assert (status.one_copy, status.unprinted, status.spool) == (3, 3, "none")
    assert status.last_saved is not None and status.last_saved.code.endswith("-0503")
    assert all(line.one_copy for line in page(desk, "all"))


def test_a_printed_receipt_is_counted_no_longer(desk, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(2)]
    paper_printed(desk, write_receipt(desk, ids[0]), "printer")
    assert counter_status(desk).unprinted == 1


def test_with_the_stick_in_every_dossier_exists_twice(with_spool, form):
    for _ in range(3):
        receive(with_spool, form())
    status = counter_status(with_spool)
    assert (status.one_copy, status.spool) == (0, "ok")
    assert not any(line.one_copy for line in page(with_spool, "all"))


def test_with_the_stick_out_intake_goes_on_and_the_lonely_ones_are_counted(with_spool, form, stick):
    receive(with_spool, form())
    away = stick.with_name("pocket")
    stick.rename(away)
    for _ in range(2):
        receive(with_spool, form())
    status = counter_status(with_spool)
    assert (status.one_copy, status.spool) == (2, "missing")
    assert [line.one_copy for line in page(with_spool, "all")] == [True, True, False]
    away.rename(stick)
    receive(with_spool, form())
    assert (counter_status(with_spool).one_copy, counter_status(with_spool).spool) == (0, "ok")


def test_a_stick_that_is_the_same_disk_is_no_second_copy(data, clock, form, tmp_path):
    beside = tmp_path / "beside"
    beside.mkdir()
    settings_file.save(data, msgspec.structs.replace(settings_file.load(data), spool=str(beside)))
    desk = open_desk(data, now=clock)
    receive(desk, form())
    status = counter_status(desk)
    assert (status.one_copy, status.spool) == (1, "same_medium")
    desk.close()


def test_what_the_database_lost_comes_back_from_the_stick_at_the_next_start(
    with_spool, form, data, clock, tmp_path
):
    old = Path(shutil.copytree(data, tmp_path / "yesterday"))
    for _ in range(3):
        receive(with_spool, form())
    with_spool.close()
    restored = open_desk(old, now=clock)
    assert restored.healed is not None and restored.healed.recovered == 3
    assert len(page(restored, "all")) == 3
    assert receive(restored, form()).facts.code.endswith("-0504")
    restored.close()


@pytest.mark.parametrize("year", [2002, 2098])
def test_a_clock_nobody_can_believe_is_said(desk, form, clock, year):
    """Row 52."""
    receive(desk, form())
    clock.at = clock.at.replace(year=year)
    assert counter_status(desk).clock == "unsure"


def test_a_day_far_ahead_is_said_until_a_person_confirms_it(desk, form, clock):
    """Row 52: intake goes on meanwhile."""
    receive(desk, form())
    clock.at = clock.at.replace(year=2098)
    assert "-981126-" in receive(desk, form()).facts.code
    assert counter_status(desk).clock == "unsure"
    desk.journal.confirm_clock()
    assert counter_status(desk).clock == "ok"
