"""A damaged database is made again: from the stick, from itself, and never with a number twice."""

from __future__ import annotations

import random
import shutil
import sys
from pathlib import Path

import pytest

from db import engine as engines
from db.doctor import examine
from db.engine import WrongKey
from db.entry import parse
from db.restore import NothingToRestoreFrom, restore

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from ground import COMMUNE, MORNING, Clock, Counter, found, lines_of, opened, take_in


@pytest.fixture
def counter(tmp_path: Path) -> Counter:
    (tmp_path / "stick").mkdir()
    key = found(tmp_path / "counter")
    counter = opened(tmp_path / "counter", key, tmp_path / "stick")
    for _ in range(12):
        take_in(counter)
    return counter


def harmed(counter: Counter, *pages: int) -> None:
    """Leave the counter with some pages of its file that are not what was written."""
    engines.checkpoint(counter.journal.engine, truncate=True)
    counter.close()
    whole = bytearray(counter.database.read_bytes())
    for page in pages:
        whole[4096 * page + 100] ^= 1
    counter.database.write_bytes(whole)


def page_of_lines(counter: Counter) -> int:
    """A leaf page of the journal's own tree."""
    engines.checkpoint(counter.journal.engine, truncate=True)
    whole = counter.database.read_bytes()
    for page in range(len(whole) // 4096 - 1, 0, -1):
        trial = counter.folder / "trial.db"
        harm = bytearray(whole)
        harm[4096 * page + 100] ^= 1
        trial.write_bytes(harm)
        engine = engines.open_engine(trial, counter.key)
        try:
            with engines.reading(engine) as connection:
                connection.exec_driver_sql("SELECT sum(length(line)) FROM journal").scalar()
        except engines.DatabaseDamaged:
            return page
        finally:
            engine.dispose()
            trial.unlink()
    raise AssertionError("no page holds lines")


def clock() -> Clock:
    return Clock(MORNING.replace(hour=15))


def test_a_damaged_database_comes_back_whole_from_the_stick(
    counter: Counter, tmp_path: Path
) -> None:
    lines = lines_of(counter)
    harmed(counter, page_of_lines(counter))
    damaged = counter.database.read_bytes()
    restored = restore(counter.database, counter.key, tmp_path / "stick", COMMUNE, clock())
    assert (restored.entries, restored.same_device) == (len(lines) + 1, True)
    assert restored.aside.read_bytes() == damaged
    again = opened(counter.folder, counter.key, tmp_path / "stick", clock())
    assert lines_of(again)[:-1] == lines
    report = examine(again.journal, again.spool)
    assert {f.what for f in report.findings} == {"spool-same-medium"}


def test_what_never_reached_the_stick_is_read_from_the_damaged_file(
    counter: Counter, tmp_path: Path
) -> None:
    (tmp_path / "stick").rename(tmp_path / "pocket")
    for _ in range(3):
        take_in(counter)
    lines = lines_of(counter)
    harmed(counter, page_of_lines(counter))
    restored = restore(counter.database, counter.key, tmp_path / "pocket", COMMUNE, clock())
    again = opened(counter.folder, counter.key, None, clock())
    kept = lines_of(again)[:-1]
    assert set(lines[:-3]) <= set(kept) <= set(lines)
    assert restored.from_spool == len(lines) - 3
    assert restored.from_old_file == len(kept) - restored.from_spool


def test_a_file_of_which_nothing_can_be_read_comes_back_under_a_new_device_and_block(
    counter: Counter, tmp_path: Path
) -> None:
    lines = lines_of(counter)
    harmed(counter, 0)
    with pytest.raises(WrongKey):
        opened(counter.folder, counter.key)
    restored = restore(counter.database, counter.key, tmp_path / "stick", COMMUNE, clock())
    assert not restored.same_device
    again = opened(counter.folder, counter.key, tmp_path / "stick", clock())
    assert lines_of(again)[:-1] == lines
    enrolled = parse(lines_of(again)[-1]).says.body
    before = parse(lines[0]).says.body
    assert enrolled["device"] == again.journal.device.id != before["device"]
    assert enrolled["active_block"] == before["reserve_block"]
    assert enrolled["reserve_block"] == before["active_block"]
    code, _ = take_in(again, block=enrolled["active_block"])
    assert code.endswith("-5001")
    assert examine(again.journal, again.spool).sound


def test_without_a_stick_the_damaged_file_alone_gives_what_it_has(
    counter: Counter, tmp_path: Path
) -> None:
    lines = lines_of(counter)
    harmed(counter, page_of_lines(counter))
    restored = restore(counter.database, counter.key, None, COMMUNE, clock())
    assert 0 < restored.from_old_file < len(lines)
    again = opened(counter.folder, counter.key, None, clock())
    assert set(lines_of(again)[:-1]) < set(lines)


def test_with_nothing_to_restore_from_the_damaged_file_stays(
    counter: Counter, tmp_path: Path
) -> None:
    harmed(counter, 0)
    shutil.rmtree(tmp_path / "stick")
    before = counter.database.read_bytes()
    for spools in (None, tmp_path / "stick"):
        with pytest.raises(NothingToRestoreFrom):
            restore(counter.database, counter.key, spools, COMMUNE, clock())
    assert counter.database.read_bytes() == before
    assert [p.name for p in counter.folder.iterdir()] == ["counter.db"]


def test_the_log_of_the_damaged_file_is_not_played_into_the_new_one(
    counter: Counter, tmp_path: Path
) -> None:
    lines = lines_of(counter)
    shutil.copytree(counter.folder, tmp_path / "killed")
    database = tmp_path / "killed" / "counter.db"
    whole = bytearray(database.read_bytes())
    chance = random.Random(1)
    for at in range(100, len(whole), 4096):
        whole[at + chance.randrange(3000)] ^= 1
    database.write_bytes(whole)
    assert database.with_name("counter.db-wal").stat().st_size > 0
    restored = restore(database, counter.key, tmp_path / "stick", COMMUNE, clock())
    assert restored.aside.with_name(restored.aside.name + "-wal").exists()
    again = opened(database.parent, counter.key, None, clock())
    assert lines_of(again)[:-1] == lines
    assert examine(again.journal).findings == ()
