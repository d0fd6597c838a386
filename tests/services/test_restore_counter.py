"""A counter whose database was damaged opens again, with every dossier and no code twice."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from db.doctor import examine
from db.engine import WrongKey
from db.kinds import BookLine
from desk_app.desk import DATABASE, open_desk
from desk_app.services.demo import people
from desk_app.services.restore_counter import restore_counter

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

import real_desk


@pytest.fixture(autouse=True)
def an_account_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


def test_a_counter_with_an_unreadable_database_is_restored_and_goes_on_in_its_reserve_block(
    tmp_path: Path,
) -> None:
    (tmp_path / "stick").mkdir()
    data = real_desk.make(tmp_path, tmp_path / "stick")
    desk = open_desk(data)
    citizens = people(3)
    dossiers = [real_desk.take_in(desk, next(citizens)) for _ in range(3)]
    handed = [(dossier.facts.code, dossier.id) for dossier in dossiers]
    desk.close()
    (data / DATABASE).write_bytes(b"\0" * 8192)
    with pytest.raises(WrongKey):
        open_desk(data)

    restored = restore_counter(data)

    desk = open_desk(data)
    assert restored.from_spool == restored.entries - 1
    assert real_desk.faults_of(desk, handed) == []
    later = real_desk.take_in(desk, next(citizens)).facts
    assert later.code not in dict(handed)
    assert int(later.code[-4:]) // 500 == desk.counter.active_block == 11
    assert [d.facts.book for d in dossiers] == [BookLine(2, n) for n in (1, 2, 3)]
    assert later.book == BookLine(102, 1)
    assert examine(desk.journal, desk.spool).sound
    desk.close()
