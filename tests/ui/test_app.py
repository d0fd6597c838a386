"""The window as the program assembles it, in a process of its own as always."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from db import engine as engines
from db.fingerprint import keep, read_machine
from desk_app.desk import open_desk

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


ON_ANOTHER_MACHINE = """
import sys
from pathlib import Path
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QMessageBox
from desk_app.app import Program
from desk_app.ui.theme import application

app = application("test")
program = Program(app, Path(sys.argv[1]), False)
program.window.resize(1366, 768)
program.window.show()


def answer():
    box = app.activeModalWidget()
    if isinstance(box, QMessageBox):
        print(box.text())
        if len(sys.argv) > 2:
            app.primaryScreen().grabWindow(0).save(sys.argv[2])
        box.accept()
        app.quit()


look = QTimer()
look.timeout.connect(answer)
look.start(200)
QTimer.singleShot(20_000, app.quit)
app.exec()
look.stop()
program.close()
"""


def test_on_another_machine_the_window_says_so_before_anybody_is_served(data: Path) -> None:
    here = read_machine(data)
    if len(here) < 2:
        pytest.skip("this machine shows too little of itself to be told from another")
    desk = open_desk(data)
    with engines.writing(desk.journal.engine) as connection:
        keep(connection, dict.fromkeys(here, "elsewhere"))
    desk.close()
    said = subprocess.run(
        [sys.executable, "-c", ON_ANOTHER_MACHINE, data],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert said.stdout.startswith("Máy này giống bản sao của quầy 2"), said.stderr
    assert said.returncode == 0


OPENED = """
import gc, sys
from pathlib import Path
from PySide6.QtCore import QTimer
from desk_app.app import Program
from desk_app.ui.theme import application

app = application("test")
program = Program(app, Path(sys.argv[1]), False)
program.window.show()
again = QTimer()
again.timeout.connect(lambda: gc.get_freeze_count() and app.quit())
again.start(50)
QTimer.singleShot(20_000, app.quit)
app.exec()
print(gc.get_freeze_count() > 20_000 > len(gc.get_objects(2)))
program.close()
"""


def test_what_is_loaded_is_passed_over_by_pythons_collector(data: Path) -> None:
    """Going through it stopped the screen's thread for 60 ms while entries came in."""
    said = subprocess.run(
        [sys.executable, "-c", OPENED, data],
        capture_output=True,
        text=True,
        timeout=60,
        cwd=Path(__file__).parents[2],
        check=False,
    )
    assert (said.stdout.strip(), said.returncode) == ("True", 0), said.stderr
