"""Processes with a window, and what they say about themselves."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

HELLO = (str(Path(__file__).with_name("hello.py")),)
WATCHED = ("-m", "desk_app.bench.watched")


def run(*words: str) -> Iterator[tuple[str, int]]:
    """Start Python with these words; (name, value) of each figure it says.

    First comes ``("begun", …)``, the monotonic nanoseconds just before the start.
    """
    yield "begun", time.monotonic_ns()
    command = [sys.executable, *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, env=_screen(), text=True) as process:
        assert process.stdout is not None
        for line in process.stdout:
            yield from json.loads(line).items()
    if process.returncode:
        raise subprocess.CalledProcessError(process.returncode, command)


def kind_of_screen() -> str:
    """What the windows are painted on, for a note."""
    return _screen().get("QT_QPA_PLATFORM", sys.platform)


def _screen() -> dict[str, str]:
    """The environment, with a screen that nobody sees where there is no other.

    An installed program finds its bytecode, so these do too, wherever it may not be written
    beside the source.
    """
    env = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    env.setdefault("PYTHONPYCACHEPREFIX", str(Path(tempfile.gettempdir()) / "desk-app-bench"))
    if sys.platform == "linux" and not {"DISPLAY", "WAYLAND_DISPLAY"} & env.keys():
        env["QT_QPA_PLATFORM"] = "offscreen"
    return env
