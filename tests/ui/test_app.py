"""The window as the program assembles it, in a process of its own as always."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

CHOOSE_A_PORT = """
import os, pty, sys, tty
from pathlib import Path
from PySide6.QtCore import QTimer
from desk_app.app import Program
from desk_app.ui.theme import application

scanner, port = pty.openpty()
tty.setraw(port)
app = application("test")
program = Program(app, Path(sys.argv[1]), False)
program.window.port_chosen.connect(program._listen)
heard = []
program.wedge.observed.connect(lambda reading: (heard.append(reading.text), app.quit()))
program.window.port_chosen.emit(os.ttyname(port))
again = QTimer()
again.timeout.connect(lambda: os.write(scanner, b"031190999992\\r\\n"))
again.start(500)
QTimer.singleShot(20_000, app.quit)
app.exec()
again.stop()
print(heard[0])
program.close()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="pseudo terminals stand in for a COM port")
def test_a_port_chosen_on_the_scanners_page_is_read_at_once(data: Path) -> None:
    heard = subprocess.run(
        [sys.executable, "-c", CHOOSE_A_PORT, data],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (heard.stdout.strip(), heard.returncode) == ("031190999992", 0), heard.stderr
