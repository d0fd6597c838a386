"""The window's side of the second process that sends and fetches."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, QTimer, Signal, Slot

AGAIN_MS = 30_000
"""Before it is started again after it died."""


def command_of(data: Path) -> tuple[str, ...]:
    """How it is started: by module from source, by a word from the installed program."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "replicator", str(data))
    return (sys.executable, "-P", "-m", "desk_app.replicator", str(data))


class Background(QObject):
    """Keeps the second process running while the window is, and tells what it says.

    Signals:
        began: a round has begun.
        came: so many entries have come in this round so far.
        ended: a round ended; carries its result as a mapping, see ``desk_app.replicator``.
    """

    began = Signal()
    came = Signal(int)
    ended = Signal(object)

    def __init__(self, command: Sequence[str], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._command = tuple(command)
        self._process: QProcess | None = None
        self._again = QTimer(self)
        self._again.setSingleShot(True)
        self._again.setInterval(AGAIN_MS)
        self._again.timeout.connect(self.start)

    @Slot()
    def start(self) -> None:
        """Start it, if it is not running."""
        if self._process is not None:
            return
        process = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        process.setProcessEnvironment(environment)
        process.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        process.readyReadStandardOutput.connect(self._on_spoke)
        process.finished.connect(self._on_gone)
        process.errorOccurred.connect(self._on_error)
        self._process = process
        process.start(self._command[0], list(self._command[1:]))

    def start_later(self) -> None:
        """Start it when the window has long been open: there is nothing to send, only a backup."""
        self._again.start()

    @Slot()
    def send_now(self) -> None:
        """F5: a round at once."""
        self.start()
        if self._process is not None and self._process.isOpen():
            self._process.write(b"now\n")

    def close(self) -> None:
        """Let it go; a round that is under way is broken off, as by a power cut."""
        self._again.stop()
        process, self._process = self._process, None
        if process is not None:
            process.finished.disconnect(self._on_gone)
            process.errorOccurred.disconnect(self._on_error)
            process.closeWriteChannel()
            if not process.waitForFinished(2_000):
                process.kill()
                process.waitForFinished(2_000)

    @Slot()
    def _on_spoke(self) -> None:
        while self._process is not None and self._process.canReadLine():
            said: dict[str, Any] = json.loads(bytes(self._process.readLine().data()))
            if said.get("began"):
                self.began.emit()
            elif "came" in said:
                self.came.emit(said["came"])
            else:
                self.ended.emit(said)

    @Slot()
    def _on_gone(self) -> None:
        self._on_spoke()
        process, self._process = self._process, None
        if process is not None:
            process.deleteLater()
        self._again.start()

    @Slot(QProcess.ProcessError)
    def _on_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._on_gone()
