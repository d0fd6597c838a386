"""T13 for a few seconds a reader; hours by command, see ``t13_fuzz.py``."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.mark.skipif(
    importlib.util.find_spec("atheris") is None, reason="atheris: Linux, Python before 3.13"
)
@pytest.mark.parametrize("reader", ["line", "body", "bundle", "card", "receipt", "file"])
def test_a_reader_gives_a_value_or_its_refusal(reader: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            Path(__file__).with_name("t13_fuzz.py"),
            reader,
            "-max_total_time=4",
            f"-artifact_prefix={tmp_path}/",
        ],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT)},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stdout[-2_000:] + ran.stderr[-4_000:]
