"""T1 at the size of every run: 1,000 kills; 10,000 by command, see ``t1_kill.py``."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(sys.platform == "win32", reason="kills by signal, children by fork")
@pytest.mark.timeout(900)
def test_a_counter_killed_a_thousand_times_loses_and_doubles_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    # In a process of its own: pytest's has threads and open databases, which no fork survives.
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("t1_kill.py"), "--times", "1000", "--seed", "7"],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    with capsys.disabled():
        print(f"\n{done.stdout.rstrip()}")
    assert done.returncode == 0, done.stdout + done.stderr
