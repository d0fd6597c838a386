"""The floor of a window: the least a PySide6 program can show. Run as a script, by its path.

Prints, as JSON lines, the monotonic nanoseconds at which it was painted and, with ``stay``, the
bytes it holds when it has come to rest.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QMainWindow


class FirstPaint(QObject):
    """Says when the window has been painted for the first time."""

    def __init__(self, window: QMainWindow, stay: bool) -> None:
        super().__init__(window)
        self._stay = stay
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's spelling
        if event.type() == QEvent.Type.Paint:
            watched.removeEventFilter(self)
            QTimer.singleShot(0, self._painted)
        return False

    def _painted(self) -> None:
        print(json.dumps({"painted": time.monotonic_ns()}), flush=True)
        QTimer.singleShot(2_000 if self._stay else 0, self._rested)

    def _rested(self) -> None:
        if self._stay:
            pages = int(Path("/proc/self/statm").read_text().split()[1])
            print(json.dumps({"resident": pages * 4_096}), flush=True)
        QApplication.quit()


def main() -> int:
    """Open a window of the counter's size with one line of text."""
    app = QApplication(sys.argv[:1])
    window = QMainWindow()
    window.setWindowTitle("Xin chào")
    window.setCentralWidget(QLabel("Xin chào"))
    window.resize(1366, 768)
    FirstPaint(window, "stay" in sys.argv)
    window.show()
    return app.exec()


if __name__ == "__main__":
    sys.exit(main())
