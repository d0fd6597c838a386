"""T12 at the size of every run; 10,000 cases by command, see ``t12_door.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform != "linux", reason="reads the server's memory from /proc")
def test_the_door_answers_whatever_is_said_as_it_is_described(tmp_path: Path) -> None:
    from t12_door import run

    said = run(tmp_path, cases=500)
    assert said["cases"] >= 400
    assert said["most_mb"] < 300
    assert {200, 401} <= set(said["statuses"]) and max(said["statuses"]) < 500


@pytest.mark.skipif(sys.platform != "linux", reason="reads the server's memory from /proc")
def test_what_was_unpacked_to_be_refused_is_not_kept(tmp_path: Path) -> None:
    from t12_door import refused

    before, after = refused(tmp_path, bodies=60)
    # Every one is 8 MB where it is unpacked.
    assert after - before < 100
