"""The real window of a counter, started as always and watched from within; a process of its own.

``python -m desk_app.bench.watched DATA start|memory|keys`` prints JSON lines: ``painted`` and
``ready`` (monotonic nanoseconds), ``resident`` (bytes), or one ``key`` (nanoseconds) a key.
"""

from __future__ import annotations

import json
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, QTimer
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QApplication

from desk_app import app

if TYPE_CHECKING:
    from desk_app.desk import Desk

REST_MS = 3_000
"""Previews are drawn, printers listed, lists filled by then."""
PAUSE_MS = 50
"""Between two keys; a quicker hand is taken for a scanner."""


def say(name: str, value: int) -> None:
    """One figure for the bench that reads this process."""
    print(json.dumps({name: value}), flush=True)


class Watched(app.Program):
    """Says when the window is painted and when its desk is open, then does what was asked."""

    what = "start"

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's spelling
        if event.type() == QEvent.Type.Paint:
            QTimer.singleShot(0, lambda: say("painted", time.monotonic_ns()))
        return super().eventFilter(watched, event)

    def _on_desk(self, desk: Desk) -> None:
        super()._on_desk(desk)
        say("ready", time.monotonic_ns())
        if self.what == "start":
            QTimer.singleShot(0, self.window.close)
        elif self.what == "memory":
            self.window.ways.show_dossiers()
            QTimer.singleShot(REST_MS, self._say_resident)
        else:
            QTimer.singleShot(REST_MS, partial(Typist, self, desk))

    def _say_resident(self) -> None:
        pages = int(Path("/proc/self/statm").read_text().split()[1])
        say("resident", pages * 4_096)
        self.window.close()


class Typist(QObject):
    """Types into the palette and says how long each key took to its painted answer."""

    def __init__(self, program: Watched, desk: Desk) -> None:
        from desk_app.bench.keystrokes import sequences
        from desk_app.ui.palette import Palette

        super().__init__(program)
        self._window = program.window
        self._texts = sequences(desk, int(sys.argv[3]))
        self._left = ""
        self._at = 0
        program.window.ask_palette()
        found = program.window.findChild(Palette)
        assert found is not None
        self._palette = found
        for seen in (self._palette.list.viewport(), self._palette._none):
            seen.installEventFilter(self)
        self._next()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:  # noqa: N802 - Qt's spelling
        if self._at and event.type() == QEvent.Type.Paint and not self._palette._is_waiting():
            # After this turn of the loop every part is painted and on its way to the screen.
            QTimer.singleShot(0, partial(self._painted, self._at))
            self._at = 0
        return False

    def _painted(self, begin: int) -> None:
        say("key", time.monotonic_ns() - begin)
        QTimer.singleShot(PAUSE_MS, self._next)

    def _next(self) -> None:
        if not self._left:
            keys = next(self._texts, None)
            if keys is None:
                self._window.close()
                return
            self._left = keys[-1]
            self._palette.edit.clear()
            QTimer.singleShot(PAUSE_MS, self._next)
            return
        letter, self._left = self._left[0], self._left[1:]
        press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, letter)
        self._at = time.monotonic_ns()
        QApplication.postEvent(self._palette.edit, press)


def main() -> int:
    """Run the window of a counter under watch."""
    Watched.what = sys.argv[2]
    app.Program = Watched  # type: ignore[misc]
    return app.open_window(Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
