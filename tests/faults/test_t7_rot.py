"""T7 at the size of every run; larger by command, see ``t7_rot.py``."""

from __future__ import annotations

from collections import Counter as Tally
from pathlib import Path

import pytest
from t7_rot import PAGE, Ground, noticed, run

from db.entry import Malformed, parse, verify


def test_rot_is_noticed_and_nothing_is_lost_or_changed_in_silence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    seen = run(tmp_path, 120, seed=20261126)
    with capsys.disabled():
        print("\nT7:", ", ".join(f"{what} {n}" for what, n in sorted(seen.items())))
    assert seen["database UNNOTICED"] == 0
    assert seen["log lines recovered"] > 0


def test_a_flipped_bit_in_any_page_of_the_database_is_noticed(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    whole = (ground.folder / "at rest" / "counter.db").read_bytes()
    unnoticed: Tally[int] = Tally()
    for page in range(len(whole) // PAGE):
        place = ground.copy("at rest")
        harmed = bytearray(whole)
        harmed[PAGE * page + 97 * page % PAGE] ^= 1 << page % 8
        (place / "counter" / "counter.db").write_bytes(harmed)
        unnoticed[page] += not noticed(ground, place)
    assert not +unnoticed
    assert len(unnoticed) > 20


def test_a_flipped_bit_anywhere_in_a_line_is_noticed(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    public_key = ground.device.public_key
    line = ground.lines[-1]
    passed = []
    for bit in range(8 * len(line)):
        flipped = bytearray(line)
        flipped[bit // 8] ^= 1 << bit % 8
        try:
            if verify(parse(bytes(flipped)), public_key):
                passed.append(bit)
        except Malformed:
            continue
    assert passed == []
