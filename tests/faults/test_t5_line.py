"""T5 at the size of every run; 10,000 sessions by command, see ``t5_line.py``."""

from __future__ import annotations

from pathlib import Path

from t5_line import FAULTS, run


def test_a_broken_line_loses_and_doubles_nothing(tmp_path: Path) -> None:
    wrong, met, entries = run(tmp_path, times=120, seed=5)
    assert wrong == []
    assert set(met) == set(FAULTS) and entries > 120
