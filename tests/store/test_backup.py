"""A backup counts after it was restored and looked through; older ones give way only then."""

from __future__ import annotations

import json
import os
import secrets
import signal
import subprocess
import sys
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from two_counters import codes_of

from db import backup as backups_file
from db import engine as engines
from db.backup import BackupNotMade, backups, worth_keeping
from db.doctor import examine
from db.sealing import unseal
from desk_app.__main__ import main
from desk_app.desk import DATABASE, KEY, open_desk
from desk_app.messages import sentence_for
from desk_app.services.backup import FOLDER, NAME, back_up, back_up_if_due, is_due, last_proven
from desk_app.services.dossiers import page
from desk_app.services.restore_counter import restore_counter

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
NOON = datetime(2026, 11, 26, 12, 0, tzinfo=ZONE)


def test_a_backup_is_restored_before_it_counts(desk):
    codes_of(desk, 3)
    assert last_proven(desk) is None
    made = back_up(desk)
    assert last_proven(desk) == made.proven
    assert made.entries == len(desk.journal.lines()) and made.absent == ()
    assert [f.name for f in (desk.data / FOLDER).iterdir()] == [made.proven.path.name]
    assert b"SQLite format" not in made.proven.path.read_bytes()


def test_a_counter_is_made_again_from_its_newest_backup_alone(desk, clock):
    codes = set(codes_of(desk, 3))
    back_up(desk)
    desk.close()
    (desk.data / DATABASE).write_bytes(b"\0" * 8192)
    restored = restore_counter(desk.data, now=clock)
    assert restored.from_backup == restored.entries - 1 and restored.same_device
    again = open_desk(desk.data, now=clock)
    assert {line.code for line in page(again, "all")} == codes
    assert not codes & set(codes_of(again, 3, seed=12))
    assert examine(again.journal).sound
    again.close()


def test_what_was_saved_while_it_was_made_is_no_fault(desk, monkeypatch):
    copied = engines.copy_file

    def slow(engine, path, key):
        copied(engine, path, key)
        codes_of(desk, 2)

    monkeypatch.setattr(engines, "copy_file", slow)
    assert back_up(desk).entries < len(desk.journal.lines())


@pytest.mark.parametrize("where", [0, 0.3, 0.5, 0.99])
def test_a_copy_that_came_out_wrong_is_no_backup_and_nothing_gives_way(
    desk, clock, monkeypatch, where
):
    codes_of(desk, 2)
    for _ in range(10):
        clock.forward(hours=1)
        (desk.data / FOLDER).mkdir(exist_ok=True)
        (desk.data / FOLDER / f"counter-{clock():%Y%m%d-%H%M%S}.db").write_bytes(b"old")
    before = sorted(os.listdir(desk.data / FOLDER))
    copied = engines.copy_file

    def wrong(engine, path, key):
        copied(engine, path, key)
        whole = bytearray(path.read_bytes())
        whole[min(int(len(whole) * where), len(whole) - 1)] ^= 1
        path.write_bytes(whole)

    monkeypatch.setattr(engines, "copy_file", wrong)
    with pytest.raises(BackupNotMade) as refused:
        back_up(desk)
    assert refused.value.facts["why"] == "unsound"
    assert "phục hồi không đúng" in sentence_for(refused.value)
    assert sorted(os.listdir(desk.data / FOLDER)) == before


def test_the_copy_of_another_counter_is_no_backup(desk, pair, monkeypatch):
    other = pair[0]
    key = unseal(other.data / KEY)

    def of_another(engine, path, mine):
        engines.checkpoint(other.journal.engine, truncate=True)
        source = engines.open_engine(other.data / DATABASE, key)
        with source.connect() as connection:
            connection.exec_driver_sql(f"ATTACH '{path}' AS t KEY \"x'{mine.hex()}'\"")
            connection.exec_driver_sql("SELECT sqlcipher_export('t')")
        source.dispose()

    monkeypatch.setattr(engines, "copy_file", of_another)
    with pytest.raises(BackupNotMade) as refused:
        back_up(desk)
    assert refused.value.facts["why"] == "unsound"


def test_no_room_is_said_and_nothing_is_filled(desk):
    folder = desk.data / FOLDER
    with pytest.raises(BackupNotMade) as refused:
        backups_file.make_backup(source_of(desk), folder, desk.now(), keep_free=10**16)
    assert sentence_for(refused.value).startswith("Ổ đĩa thiếu chỗ sao lưu: cần ")
    assert list((desk.data / FOLDER).iterdir()) == []


@pytest.fixture
def small_disk(tmp_path):
    """A real file system of 700 KB."""
    if os.geteuid() != 0:
        pytest.skip("mounting needs root")
    place = tmp_path / "small"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=700k", "none", place], check=True)
    yield place
    subprocess.run(["umount", place], check=True)


def test_a_disk_that_fills_up_meanwhile_and_one_that_is_read_only(desk, small_disk, monkeypatch):
    codes_of(desk, 1)
    monkeypatch.setattr(engines, "size_of", lambda _: 0)
    with pytest.raises(BackupNotMade) as full:
        backups_file.make_backup(source_of(desk), small_disk, desk.now(), keep_free=0)
    assert full.value.facts["why"] == "room"
    assert list(small_disk.iterdir()) == []
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    with pytest.raises(BackupNotMade) as locked:
        backups_file.make_backup(source_of(desk), small_disk, desk.now(), keep_free=0)
    assert locked.value.facts["why"] == "disk"
    assert "Không ghi được bản sao lưu" in sentence_for(locked.value)


def source_of(desk):
    key = unseal(desk.data / KEY)
    return backups_file.Source(desk.journal.engine, key, NAME, engines.copy_file, lambda _: [])


# ---------------------------------------------------------------- when, and which stay


def test_it_is_due_once_an_evening_and_at_the_next_start_after_a_missed_one(desk, clock):
    assert back_up_if_due(desk) is not None  # none yet
    assert back_up_if_due(desk) is None
    clock.forward(hours=7)  # 16:41
    assert back_up_if_due(desk) is not None
    clock.forward(hours=23)
    assert back_up_if_due(desk) is None
    clock.forward(hours=16)  # next morning but one: yesterday evening the counter was off
    assert back_up_if_due(desk) is not None


def test_a_backup_dated_years_ahead_hides_no_other(desk, clock):
    (desk.data / FOLDER).mkdir()
    (desk.data / FOLDER / "counter-20980101-000000.db").write_bytes(b"x")
    (desk.data / FOLDER / "counter-nothing.db").write_bytes(b"x")
    assert last_proven(desk) is None and is_due(None, desk.now())
    made = back_up(desk)
    assert last_proven(desk) == made.proven


def test_a_year_of_evenings_leaves_days_weeks_and_months():
    left: set[datetime] = set()
    for night in range(400):
        left = worth_keeping([*left, NOON + timedelta(days=night)])
    newest = NOON + timedelta(days=399)
    assert {newest - timedelta(days=n) for n in range(7)} <= left
    assert 7 + 3 + 11 - 3 <= len(left) <= 23
    assert min(left) < newest - timedelta(days=330)


@given(st.lists(st.integers(0, 4_000), max_size=60))
def test_thinning_keeps_the_newest_two_and_thins_no_further_the_second_time(hours):
    moments = {NOON + timedelta(hours=h) for h in hours}
    left = worth_keeping(moments)
    assert left <= moments and set(sorted(moments)[-2:]) <= left
    assert worth_keeping(left) == left


def test_older_ones_give_way_to_room_but_not_the_last_two(desk, clock, monkeypatch):
    for _ in range(5):
        clock.forward(days=1)
        made = back_up(desk)
    assert len(backups(desk.data / FOLDER, NAME, clock())) == 5
    monkeypatch.setattr(backups_file, "SHARE", 10**9)
    clock.forward(days=1)
    made = back_up(desk)
    left = backups(desk.data / FOLDER, NAME, clock())
    assert made.removed == 4 and len(left) == 2 and left[-1] == made.proven


# ---------------------------------------------------------------- the program is killed


def test_killed_at_any_moment_there_is_a_proven_one_or_none(desk, clock):
    codes_of(desk, 5)
    desk.close()
    words = [sys.executable, "-P", "-m", "desk_app", "backup", "--json", "--data", str(desk.data)]
    folder = desk.data / FOLDER
    for wait in (0.7, 1.0, 1.3, 1.6):
        process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        try:
            process.communicate(timeout=wait)
        except subprocess.TimeoutExpired:
            process.send_signal(signal.SIGKILL)
            process.communicate()
    key = unseal(desk.data / KEY)
    for proven in backups(folder, NAME, clock()):
        copy = folder / f"look-{secrets.token_hex(2)}"
        copy.write_bytes(proven.path.read_bytes())
        engines.open_engine(copy, key).dispose()
    for left in folder.glob("*.tmp*") if folder.exists() else ():
        os.utime(left, (0, 0))
    assert subprocess.run(words, capture_output=True).returncode == 0
    assert list(Path(folder).glob("*.tmp*")) == []


def test_the_command_and_the_doctor_say_when_the_last_one_was_proven(data, capsys):
    words = ["--data", str(data)]
    assert main(["backup", "--last", "--json", *words]) == 0
    assert json.loads(capsys.readouterr().out) == {"path": None, "at": None}
    assert main(["backup", "--json", *words]) == 0
    said = capsys.readouterr()
    made = json.loads(said.out)
    assert made["entries"] and "phục hồi thử" in said.err
    assert main(["backup", "--last", "--json", *words]) == 0
    assert json.loads(capsys.readouterr().out)["at"] == made["at"]
    assert main(["doctor", *words]) == 0
    assert "đã phục hồi thử: " in capsys.readouterr().err
