"""T12 at the size of every run; 10,000 cases by command, see ``t12_door.py``."""

from __future__ import annotations

from pathlib import Path

import pytest

pytest.importorskip("resource", reason="the measure of memory is Unix's")


def test_the_door_answers_whatever_is_said_as_it_is_described(tmp_path: Path) -> None:
    from t12_door import run

    said = run(tmp_path, cases=500)
    assert said["cases"] >= 400
    assert {200, 401} <= set(said["statuses"]) and max(said["statuses"]) < 500
