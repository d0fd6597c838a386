"""T4: every part of it at every run; the two with a small disk of their own need root."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

NEEDS_ROOT = 77


@pytest.mark.skipif(sys.platform == "win32", reason="limits and mounts of Linux")
@pytest.mark.parametrize("what", ["limit", "disk", "stick"])
def test_without_room_nothing_is_half_saved_and_the_intake_goes_on_with_room(
    what: str, capsys: pytest.CaptureFixture[str]
) -> None:
    root = Path(__file__).parents[2]
    done = subprocess.run(
        [sys.executable, Path(__file__).with_name("t4_full.py"), what],
        env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONPATH": str(root)},
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode == NEEDS_ROOT or "unshare failed" in done.stderr:
        pytest.skip("a small disk can be mounted by root only")
    with capsys.disabled():
        print(f"\n{done.stdout.rstrip()}")
    assert done.returncode == 0, done.stdout + done.stderr
