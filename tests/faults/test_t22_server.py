"""T22 at the size of every run, on both databases; 200 kills by command, see ``t22_server.py``."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from t22_server import run


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal")
@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_what_a_killed_server_signed_for_is_there(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("empty_postgres") if database == "postgresql" else ""
    said = run(tmp_path, kills=4, seed=2, database=url)
    assert said["missing"] == 0 and said["grave"] == []
    assert said["rounds"] > 0 and said["broken"] > 0 and said["signed"] > 0
