"""T2: every N of a run of three dossiers; longer runs by command, see ``t2_inject.py``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest


@pytest.mark.skipif(shutil.which("strace") is None, reason="strace is not installed")
@pytest.mark.timeout(900)
def test_a_fault_at_any_system_call_loses_and_doubles_nothing(
    capsys: pytest.CaptureFixture[str],
) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("t2_inject.py")],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if "strace may not trace here" in done.stderr:
        pytest.skip("this machine lets no process trace another")
    with capsys.disabled():
        print(f"\n{done.stdout.rstrip()}")
    assert done.returncode == 0, done.stdout + done.stderr
