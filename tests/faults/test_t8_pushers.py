"""T8 with six counters on both databases; with twenty by command, see ``t8_pushers.py``."""

from __future__ import annotations

from pathlib import Path

import pytest
from t8_pushers import run


@pytest.mark.parametrize("database", ["sqlite", "postgresql"])
def test_a_reader_by_cursor_misses_nothing_while_many_push(
    tmp_path: Path, database: str, request: pytest.FixtureRequest
) -> None:
    url = request.getfixturevalue("empty_postgres") if database == "postgresql" else ""
    said = run(tmp_path, pushers=6, rounds=4, database=url)
    assert (said["missed"], said["doubled"], said["grave"], said["refused"]) == (0, 0, [], [])
