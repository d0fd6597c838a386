"""The second copy: nothing of it is lost, nothing it knows is lost, and it never blocks."""

from __future__ import annotations

import random
import shutil
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from db import engine as engines
from db import tables
from db.identity import device_from
from db.journal import Journal, SecondCopyFailed
from db.spool import Spool, heal
from db.spool_file import SpoolFile, SpoolUnavailable

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from ground import COMMUNE, Clock, Counter, found, lines_of, opened, take_in

KEY = bytes(range(32))


@pytest.fixture
def stick() -> Iterator[Path]:
    """A folder on another disk than the temporary folder."""
    if not Path("/dev/shm").is_dir():
        pytest.skip("no second file system on this machine")
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        yield Path(folder)


@pytest.fixture
def counter(tmp_path: Path, stick: Path) -> Counter:
    return opened(tmp_path / "counter", found(tmp_path / "counter"), stick)


def spooled(counter: Counter) -> list[bytes]:
    assert counter.spool is not None
    return [kept.line for kept in counter.spool.lines() if kept.line is not None]


# ---------------------------------------------------------------- the file


def a_file(folder: Path, count: int = 40) -> tuple[SpoolFile, list[bytes]]:
    chance = random.Random(count)
    lines = [bytes(chance.choices(b"abc \n", k=chance.choice((1, 80, 700)))) for _ in range(count)]
    file = SpoolFile(folder / "d.spool", "d", KEY)
    file.open()
    for line in lines:
        file.append([line])
    return file, lines


@pytest.mark.parametrize("block", [1, 7, 100, 1000, 256 * 1024])
def test_what_was_appended_is_read_forwards_and_backwards(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, block: int
) -> None:
    file, lines = a_file(tmp_path)
    monkeypatch.setattr("db.spool_file.BLOCK", block)
    forwards = list(file.forwards())
    assert [kept.line for kept in forwards] == lines
    assert list(file.backwards()) == forwards[::-1]
    assert list(file.forwards(forwards[7].at)) == forwards[7:]


def test_nothing_of_a_line_can_be_read_without_the_key(tmp_path: Path) -> None:
    file = SpoolFile(tmp_path / "d.spool", "d", KEY)
    file.open()
    file.append(["Nguyễn Văn An 031085999991\n".encode()] * 2)
    sealed = file.path.read_bytes().split(b"\n")
    assert b"031085" not in file.path.read_bytes()
    assert len(set(sealed)) == len(sealed)


def test_a_line_torn_at_any_byte_is_cut_off_and_the_next_one_is_whole(tmp_path: Path) -> None:
    file, lines = a_file(tmp_path, 5)
    whole = file.path.read_bytes()
    last = list(file.forwards())[-1].at
    for length in range(last + 1, len(whole)):
        file.path.write_bytes(whole[:length])
        assert [kept.line for kept in file.backwards()] == lines[-2::-1]
        assert file.open() == (last, True)
        file.append([b"next"])
        assert [kept.line for kept in file.forwards()] == [*lines[:-1], b"next"]


def test_a_torn_header_is_written_again(tmp_path: Path) -> None:
    file, _ = a_file(tmp_path, 0)
    whole = file.path.read_bytes()
    file.path.write_bytes(whole[:9])
    assert file.open() == (len(whole), True)
    assert file.path.read_bytes() == whole


def test_one_flipped_bit_costs_the_lines_it_touches_and_no_other(tmp_path: Path) -> None:
    file, lines = a_file(tmp_path, 12)
    whole = file.path.read_bytes()
    chance = random.Random(1)
    for _ in range(300):
        bit = chance.randrange(8 * len(whole))
        flipped = bytearray(whole)
        flipped[bit // 8] ^= 1 << bit % 8
        file.path.write_bytes(flipped)
        read = [kept.line for kept in file.forwards() if kept.line is not None]
        assert set(read) <= set(lines)
        assert len(read) >= len(lines) - 2
        assert [kept.line for kept in file.backwards() if kept.line is not None] == read[::-1]


def test_a_damaged_header_hides_nothing(tmp_path: Path) -> None:
    file, lines = a_file(tmp_path)
    whole = bytearray(file.path.read_bytes())
    whole[3] ^= 4
    file.path.write_bytes(whole)
    assert file.open() == (len(whole), False)
    assert [kept.line for kept in file.forwards()] == lines


def test_the_spool_of_another_database_is_refused_and_left_alone(tmp_path: Path) -> None:
    file, _ = a_file(tmp_path)
    before = file.path.read_bytes()
    other = SpoolFile(file.path, "d", KEY[::-1])
    with pytest.raises(SpoolUnavailable) as refused:
        other.open()
    assert refused.value.why == "foreign"
    assert file.path.read_bytes() == before


def test_the_folder_of_a_missing_stick_is_never_made(tmp_path: Path) -> None:
    file = SpoolFile(tmp_path / "media" / "stick" / "d.spool", "d", KEY)
    with pytest.raises(SpoolUnavailable) as refused:
        file.open()
    assert refused.value.why == "missing"
    assert list(tmp_path.iterdir()) == []


# ---------------------------------------------------------------- in step with the journal


def test_every_saved_line_is_on_the_second_medium_when_the_save_returns(counter: Counter) -> None:
    for _ in range(5):
        _, entry = take_in(counter)
        assert spooled(counter)[-1] == entry.line
    assert spooled(counter) == lines_of(counter)
    assert counter.spool is not None
    assert counter.spool.state == "ok"
    assert counter.spool.reached(counter.journal) == len(lines_of(counter))


def test_a_missing_stick_never_blocks_and_catches_up_by_itself(
    counter: Counter, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert counter.spool is not None
    take_in(counter)
    held = counter.spool.reached(counter.journal)
    away = stick.with_name(stick.name + "-in-a-pocket")
    stick.rename(away)
    for _ in range(7):
        take_in(counter)
    assert counter.spool.state == "missing"
    assert counter.spool.reached(counter.journal) == held
    away.rename(stick)
    monkeypatch.setattr("db.spool.AT_A_SAVE", 3)
    take_in(counter)
    assert counter.spool.state == "ok"
    assert held < counter.spool.reached(counter.journal) < len(lines_of(counter))
    for _ in range(5):
        take_in(counter)
    assert counter.spool.reached(counter.journal) == len(lines_of(counter))
    assert set(spooled(counter)) == set(lines_of(counter))


def test_a_stick_missing_at_start_vouches_for_nothing(
    tmp_path: Path, stick: Path, counter: Counter
) -> None:
    take_in(counter)
    counter.close()
    away = stick.with_name(stick.name + "-away")
    stick.rename(away)
    again = opened(counter.folder, counter.key, stick)
    assert again.spool is not None
    assert (again.spool.state, again.spool.why) == ("missing", "missing")
    assert again.spool.reached(again.journal) == 0
    away.rename(stick)


def test_a_spool_beside_the_database_is_written_but_not_counted(tmp_path: Path) -> None:
    folder = tmp_path / "counter"
    (tmp_path / "elsewhere").mkdir()
    counter = opened(folder, found(folder), tmp_path / "elsewhere")
    take_in(counter)
    assert counter.spool is not None
    assert counter.spool.state == "same_medium"
    assert counter.spool.reached(counter.journal) == 0
    assert spooled(counter) == lines_of(counter)


def test_a_database_restored_from_an_old_copy_gets_its_lost_lines_back(
    counter: Counter, stick: Path
) -> None:
    take_in(counter)
    engines.checkpoint(counter.journal.engine, truncate=True)
    old = counter.database.read_bytes()
    codes = [take_in(counter)[0] for _ in range(4)]
    everything = lines_of(counter)
    counter.close()
    for path in counter.folder.iterdir():
        path.unlink()
    counter.database.write_bytes(old)
    again = opened(counter.folder, counter.key, stick)
    assert again.healed is not None
    assert again.healed.recovered == 4
    assert lines_of(again) == everything
    assert take_in(again)[0] > max(codes)
    assert set(spooled(again)) == set(lines_of(again))


def test_a_restored_database_that_went_on_without_the_stick_loses_neither_branch(
    counter: Counter, stick: Path
) -> None:
    engines.checkpoint(counter.journal.engine, truncate=True)
    old = counter.database.read_bytes()
    for _ in range(3):
        take_in(counter)
    first_branch = set(lines_of(counter))
    counter.close()
    for path in counter.folder.iterdir():
        path.unlink()
    counter.database.write_bytes(old)
    alone = opened(counter.folder, counter.key, None, Clock())
    for _ in range(2):
        take_in(alone)
    second_branch = set(lines_of(alone))
    alone.close()
    again = opened(counter.folder, counter.key, stick)
    assert again.healed is not None
    assert (again.healed.recovered, again.healed.appended) == (3, 2)
    assert set(lines_of(again)) == set(spooled(again)) == first_branch | second_branch


def test_two_programs_on_one_database_leave_no_gap(counter: Counter, stick: Path) -> None:
    other = opened(counter.folder, counter.key, stick)
    for turn in range(12):
        take_in(counter if turn % 3 else other)
    assert sorted(spooled(counter)) == sorted(lines_of(counter))


def test_a_line_another_program_could_not_copy_is_copied_by_this_one(
    counter: Counter, stick: Path
) -> None:
    take_in(counter)
    alone = opened(counter.folder, counter.key, None)
    take_in(alone)
    take_in(counter)
    assert spooled(counter) == lines_of(counter)


def test_a_swapped_in_stick_of_last_week_gets_everything_since(
    counter: Counter, stick: Path
) -> None:
    take_in(counter)
    last_week = stick.with_name(stick.name + "-last-week")
    shutil.copytree(stick, last_week)
    for _ in range(3):
        take_in(counter)
    stick.rename(stick.with_name(stick.name + "-this-week"))
    last_week.rename(stick)
    take_in(counter)
    assert spooled(counter) == lines_of(counter)
    shutil.rmtree(stick.with_name(stick.name + "-this-week"))


def test_damaged_lines_of_the_spool_are_written_again(counter: Counter, stick: Path) -> None:
    for _ in range(9):
        take_in(counter)
    assert counter.spool is not None
    counter.close()
    path = counter.spool.file.path
    whole = bytearray(path.read_bytes())
    for kept in list(counter.spool.lines())[3:6]:
        whole[kept.at + 50] ^= 1
    path.write_bytes(whole)
    again = opened(counter.folder, counter.key, stick)
    assert again.healed is not None
    assert (again.healed.damaged, again.healed.appended) == (3, 3)
    assert set(spooled(again)) == set(lines_of(again))


def test_damage_further_up_is_mended_when_the_whole_file_is_compared(
    counter: Counter, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for _ in range(20):
        take_in(counter)
    assert counter.spool is not None
    counter.close()
    path = counter.spool.file.path
    whole = bytearray(path.read_bytes())
    whole[next(counter.spool.lines()).at + 50] ^= 1
    path.write_bytes(whole)
    monkeypatch.setattr("db.spool.WINDOW", 4)
    again = opened(counter.folder, counter.key, stick)
    assert again.spool is not None
    assert again.healed is not None
    assert again.healed.damaged == 0
    healed = heal(again.journal, again.spool, whole=True)
    assert (healed.damaged, healed.appended) == (1, 1)
    assert set(spooled(again)) == set(lines_of(again))


@pytest.mark.parametrize("at_most", [5_000, 3])
def test_a_new_database_takes_everything_from_the_spool(
    tmp_path: Path, counter: Counter, stick: Path, monkeypatch: pytest.MonkeyPatch, at_most: int
) -> None:
    monkeypatch.setattr("db.spool.LOST_AT_MOST", at_most)
    for _ in range(10):
        take_in(counter)
    everything = lines_of(counter)
    device = counter.journal.device
    counter.close()
    engine = engines.open_engine(tmp_path / "new.db", counter.key)
    with engines.writing(engine) as connection:
        tables.create(connection)
    journal = Journal(engine, device_from(device.private_bytes()), COMMUNE, Clock())
    spool = Spool(stick, device.id, counter.key, beside=tmp_path / "new.db")
    healed = heal(journal, spool)
    assert healed.recovered == len(everything)
    assert [line for _, line in journal.lines()] == everything
    with engines.reading(engine) as connection:
        assert len(connection.execute(select(tables.dossiers.c.code)).all()) == 10


def test_a_large_journal_on_a_blank_stick_is_copied_in_portions(
    tmp_path: Path, stick: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    counter = opened(tmp_path / "counter", found(tmp_path / "counter"))
    for _ in range(25):
        take_in(counter)
    monkeypatch.setattr("db.spool.PORTION", 4)
    counter.close()
    again = opened(counter.folder, counter.key, stick)
    assert again.healed is not None
    assert again.healed.appended == 28
    assert spooled(again) == lines_of(again)


def test_lines_of_a_counter_nobody_enrolled_are_reported_and_not_taken(
    tmp_path: Path, counter: Counter, stick: Path
) -> None:
    stranger = opened(tmp_path / "stranger", found(tmp_path / "stranger"))
    _, entry = take_in(stranger)
    assert counter.spool is not None
    counter.spool.file.append([entry.line])
    assert heal(counter.journal, counter.spool).refused == 1
    assert entry.line not in lines_of(counter)


def test_a_copy_that_fails_is_never_called_an_unsaved_dossier(
    counter: Counter, stick: Path
) -> None:
    assert counter.spool is not None
    shutil.rmtree(stick)
    stick.write_bytes(b"a file where the folder was")
    code, _ = take_in(counter)
    with engines.reading(counter.journal.engine) as connection:
        assert code in connection.scalars(select(tables.dossiers.c.code)).all()
    with pytest.raises(SecondCopyFailed):
        counter.spool.append([b"x"])
    stick.unlink()
    stick.mkdir()
