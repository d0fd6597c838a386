"""T3 at the size of every run; 100,000 images by command, see ``t3_power.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from t3_power import run


def test_after_a_power_cut_at_any_moment_every_acknowledged_line_is_there_and_whole(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    found = run(tmp_path, receipts=6, images=3_000, seed=7)
    with capsys.disabled():
        print(f"\nT3: {found}")
    assert found.images > 2_000
    assert (found.lost, found.torn, found.corrupt) == (0, 0, 0)


def test_the_same_images_would_show_what_a_weaker_setting_loses(tmp_path: Path) -> None:
    found = run(tmp_path, receipts=3, images=500, seed=7, synchronous="NORMAL")
    assert found.lost > 100
