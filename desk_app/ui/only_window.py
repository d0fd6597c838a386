"""One window a counter: a second start brings the first one forward."""

from __future__ import annotations

import hashlib
from pathlib import Path

from PySide6.QtCore import QObject, Slot
from PySide6.QtNetwork import QLocalServer, QLocalSocket
from PySide6.QtWidgets import QWidget

WAIT_MS = 1_000


class OnlyWindow(QObject):
    """Listens for a second start and raises the window of the first."""

    def __init__(self, data: Path, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._server = QLocalServer(self)
        self._server.newConnection.connect(self._on_called)
        QLocalServer.removeServer(_name(data))
        self._server.listen(_name(data))

    @Slot()
    def _on_called(self) -> None:
        caller = self._server.nextPendingConnection()
        if caller is not None:
            caller.deleteLater()
        if self._window.isMinimized():
            self._window.showMaximized()
        self._window.raise_()
        self._window.activateWindow()


def call_forward(data: Path) -> bool:
    """Ask the window that has this counter open to come forward; whether it heard."""
    socket = QLocalSocket()
    socket.connectToServer(_name(data))
    return socket.waitForConnected(WAIT_MS)


def _name(data: Path) -> str:
    digest = hashlib.sha256(str(data.resolve()).encode()).hexdigest()[:16]
    return f"desk-app-{digest}"
