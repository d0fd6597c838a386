"""The real window of a counter into which entries come, watched from within; its own process.

``python -m desk_app.bench.incoming DATA`` prints JSON lines: ``gap_idle`` and ``gap`` (the longest
between two turns of the event loop), ``waited_idle`` and ``waited`` (of that gap, ready but without
a processor; Linux), ``save_idle`` and ``save`` (one a dossier, from the clerk's key
to the answer on the screen's thread), all in nanoseconds; and ``fetched``, entries that came.
"""

from __future__ import annotations

import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Qt, QTimer, Slot

from desk_app import app
from desk_app.bench.watched import REST_MS, say

if TYPE_CHECKING:
    from db.dossier import Dossier
    from desk_app.desk import Desk
    from desk_app.services.dossier_form import DossierForm

IDLE_MS = 8_000
"""About as long as 10,000 entries take to come."""
AFTER_MS = 1_000
"""Lists and figures are drawn again when a round has ended: that is watched too."""
SCHEDULED = Path("/proc/self/schedstat")
"""Of the main thread: its nanoseconds on a processor, and waiting for one."""
PAUSE_MS = 50
"""Between two saves: no clerk is quicker."""


class Beat(QObject):
    """A timer of one millisecond; how far two of its ticks were apart at most, and how long of that
    the thread was ready but had no processor, because others of the machine had them."""

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.longest = (0, 0)
        self._last, self._waited = time.monotonic_ns(), _waited()
        timer = QTimer(self)
        timer.setTimerType(Qt.TimerType.PreciseTimer)
        timer.timeout.connect(self._tick)
        timer.start(1)

    @Slot()
    def _tick(self) -> None:
        now, waited = time.monotonic_ns(), _waited()
        self.longest = max(self.longest, (now - self._last, waited - self._waited))
        self._last, self._waited = now, waited


def _waited() -> int:
    try:
        return int(SCHEDULED.read_text().split()[1])
    except OSError:
        return 0


class Saver(QObject):
    """Takes in one dossier after the other, as the intake page asks the runner for it."""

    def __init__(self, program: Incoming, desk: Desk) -> None:
        from desk_app.bench.save import forms

        super().__init__(program)
        self.name = "save_idle"
        self._runner, self._form = program.runner, forms(desk)
        self._asked = 0
        self.save()

    @Slot()
    def save(self) -> None:
        """The next one."""
        job = partial(_receive, self._form())
        self._asked = time.monotonic_ns()
        self._runner.ask(self, job, self._on_saved)

    def _on_saved(self, _: Dossier) -> None:
        say(self.name, time.monotonic_ns() - self._asked)
        QTimer.singleShot(PAUSE_MS, self, self.save)


def _receive(form: DossierForm, desk: Desk) -> Dossier:
    from desk_app.services.receive import receive

    return receive(desk, form)


class Incoming(app.Program):
    """Saves while nothing comes, then while everything comes that the server has for it."""

    def _send_and_fetch(self, desk: Desk) -> None:
        QTimer.singleShot(REST_MS, self, partial(self._idle, desk))

    def _idle(self, desk: Desk) -> None:
        self._beat, self._saver = Beat(self), Saver(self, desk)
        QTimer.singleShot(IDLE_MS, self, partial(self._fetch, desk))

    def _fetch(self, desk: Desk) -> None:
        self._say_gap("_idle")
        self._beat.longest, self._saver.name = (0, 0), "save"
        super()._send_and_fetch(desk)
        assert self.background is not None
        self.background.ended.connect(self._on_ended)

    @Slot(object)
    def _on_ended(self, result: dict[str, Any]) -> None:
        say("fetched", result["fetched"])
        QTimer.singleShot(AFTER_MS, self, self._end)

    @Slot()
    def _end(self) -> None:
        self._say_gap("")
        self.window.close()

    def _say_gap(self, when: str) -> None:
        for name, value in zip(("gap", "waited"), self._beat.longest, strict=True):
            say(name + when, value)


def main() -> int:
    """Run the window of a counter under watch."""
    app.Program = Incoming  # type: ignore[misc]
    return app.open_window(Path(sys.argv[1]))


if __name__ == "__main__":
    sys.exit(main())
