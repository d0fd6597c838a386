"""Keeps the clerk's choice of theme and text size, whichever way it was made."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.ui.runner import Runner
    from desk_app.ui.theme import Look


def save_settings(changes: dict[str, object], desk: Desk) -> Desk:
    """Save these settings of the counter; a job for the runner."""
    # Imported by the worker: the window is painted before the settings library is loaded.
    from msgspec.structs import replace

    return desk.with_settings(replace(desk.settings, **changes))


class LookKeeper(QObject):
    """Saves the look each time it was changed by the clerk."""

    def __init__(self, runner: Runner, look: Look, parent: QObject) -> None:
        super().__init__(parent)
        self._runner, self._look = runner, look
        look.changed.connect(self._on_changed)

    @Slot()
    def _on_changed(self) -> None:
        changes: dict[str, object] = {
            "theme": self._look.choice,
            "text_percent": self._look.percent,
        }
        self._runner.ask(self, partial(save_settings, changes), self._on_saved)

    def _on_saved(self, desk: Desk) -> None:
        self._runner.take_settings(desk.settings)
