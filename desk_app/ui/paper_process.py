"""A paper made by a process of its own, so that no save of the window waits behind it."""

from __future__ import annotations

import json
import re
import sys
from typing import Final

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

DONE, DIFFERS = 0, 1
_COUNTED: Final = re.compile(r"(\d+)/(\d+)")


def program() -> tuple[str, ...]:
    """How this program is run: by module from source, by a word where it is installed."""
    if getattr(sys, "frozen", False):
        return (sys.executable,)
    return (sys.executable, "-P", "-m", "desk_app")


class PaperProcess(QObject):
    """Runs one command of this program that answers in JSON.

    Signals:
        made: what it answered.
        failed: a refusal as one sentence; empty when nobody knows why.
        counted: how many lines are set, of how many.
    """

    made = Signal(object)
    failed = Signal(str)
    counted = Signal(int, int)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self._process: QProcess | None = None
        self._told = ""

    def start(self, command: tuple[str, ...]) -> None:
        """Begin; the window goes on meanwhile."""
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        process.setProcessEnvironment(environment)
        process.finished.connect(self._on_finished)
        process.errorOccurred.connect(self._on_error)
        process.readyReadStandardError.connect(self._on_told)
        self._process, self._told = process, ""
        process.start(command[0], list(command[1:]))

    @Slot()
    def stop(self) -> None:
        """Nobody wants it any more; what was there before is left as it was."""
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_finished)
            process.errorOccurred.disconnect(self._on_error)
            process.readyReadStandardError.disconnect(self._on_told)
            process.kill()
            process.waitForFinished(2_000)

    @Slot()
    def _on_told(self) -> None:
        if self._process is None:
            return
        text = bytes(self._process.readAllStandardError().data()).decode(errors="replace")
        counts = _COUNTED.findall(text)
        self._told += _COUNTED.sub("", text)
        if counts:
            done, total = counts[-1]
            self.counted.emit(int(done), int(total))

    @Slot(int, QProcess.ExitStatus)
    def _on_finished(self, code: int, status: QProcess.ExitStatus) -> None:
        self._on_told()
        process, self._process = self._process, None
        if process is None:
            return
        out = bytes(process.readAllStandardOutput().data())
        told = self._told.strip()
        process.deleteLater()
        if out and code in (DONE, DIFFERS):
            self.made.emit(json.loads(out))
        else:
            # A refusal is one sentence; what broke is a page of Python, which is for nobody here.
            is_refusal = code == DIFFERS and "\n" not in told
            self.failed.emit(told if is_refusal else "")

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._process = None
            self.failed.emit("")
