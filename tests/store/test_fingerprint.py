"""Two of three features: what still is the same machine, and what is another one."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest

from db.fingerprint import following, is_other, read_machine, uuid_of_smbios

MINE = {"board": "b1", "system": "s1", "disk": "d1"}


def changed(*names: str, **more: str) -> dict[str, str]:
    return {**MINE, **dict.fromkeys(names, "x"), **more}


@pytest.mark.parametrize("part", MINE)
def test_one_part_renewed_is_the_same_machine(part):
    assert not is_other(MINE, changed(part))


@pytest.mark.parametrize("parts", [*itertools.combinations(MINE, 2), tuple(MINE)])
def test_two_parts_of_three_that_differ_are_another_machine(parts):
    assert is_other(MINE, changed(*parts))


@pytest.mark.parametrize("seen", [(), ("board",), ("system",), ("disk",)])
def test_what_cannot_be_read_is_never_different(seen):
    now = {name: "x" for name in seen}
    assert not is_other(MINE, now) and not is_other(now, MINE)
    assert not is_other({**now, "volume": "v1"}, {name: MINE[name] for name in MINE})


def test_a_machine_of_two_readable_features_needs_both_to_differ():
    few = {"system": "s1", "disk": "d1"}
    assert is_other(few, {"system": "x", "disk": "x"})
    assert not is_other(few, {"system": "x", "disk": "d1"})


def test_repairs_one_after_the_other_never_make_another_machine():
    kept = MINE
    for part in ("disk", "board", "system", "disk"):
        now = {**kept, part: kept[part] + "'"}
        assert not is_other(kept, now)
        kept = following(kept, now)
        assert kept == now


def test_another_machine_is_not_followed_and_the_same_one_not_written_again():
    assert following(MINE, changed("board", "disk")) is None
    assert following(MINE, MINE) is None
    assert following(None, MINE) == MINE
    # Started as an account that may read more, or less.
    assert following({"system": "s1"}, MINE) == MINE
    assert following(MINE, {"system": "s1"}) is None


def test_features_are_hashed_and_the_same_each_time(tmp_path: Path):
    found = read_machine(tmp_path)
    assert found == read_machine(tmp_path)
    assert set(found) <= {"board", "system", "disk", "volume"}
    machine = Path("/etc/machine-id")
    told = machine.read_text().strip() if machine.exists() else "-"
    assert told not in found.values() and all(len(v) == 32 for v in found.values())


def test_the_board_of_a_firmware_table():
    uuid = bytes(range(16))
    bios = bytes([0, 24]) + bytes(22) + b"maker\0version\0\0"
    board = bytes([1, 27, 1, 0, 1, 2, 3, 4]) + uuid + bytes(3) + b"name\0\0"
    end = bytes([127, 4, 0, 0, 0, 0])
    assert uuid_of_smbios(bytes(8) + bios + board + end) == uuid.hex()
    assert uuid_of_smbios(bytes(8) + bios + end) == ""
    for cut in range(len(bios) + 30):
        uuid_of_smbios((bytes(8) + bios + board)[:cut])
