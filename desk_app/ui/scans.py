"""A scan is understood wherever the focus is: cards open the intake, codes a dossier."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Slot

if TYPE_CHECKING:
    from desk_app.services.dossiers import DossierLine
    from desk_app.ui.main_window import MainWindow
    from desk_app.ui.runner import Runner
    from desk_app.ui.ways import Ways


class Scans(QObject):
    """Takes what a scanner sends to the page it is for."""

    def __init__(self, runner: Runner, ways: Ways, window: MainWindow) -> None:
        super().__init__(window)
        self._runner, self._ways, self._window = runner, ways, window

    @Slot(str)
    def take(self, text: str) -> None:
        """Whatever has the focus, a scan is understood: cards open intake, codes a dossier."""
        from desk_app.devices.scan import code_in, kind_of

        screens, text = self._window.screens, text.strip()
        self._window.status.scanner.say("Máy quét: tốt")
        if screens.covered:
            return
        if screens.scanner is not None and screens.scanner.isVisible():
            screens.scanner.scanned(text)
            return
        kind = kind_of(text)
        returns, asks = screens.returns, screens.asks
        if returns is not None and returns.isVisible() and kind:
            returns.take_scan(kind, code_in(text) if kind == "code" else text)
        elif kind == "code" and asks is not None and asks.isVisible():
            asks.take_code(code_in(text))
        elif kind == "code":
            from desk_app.ui.return_jobs import scanned_code

            job = partial(scanned_code, code_in(text))
            self._runner.ask(self, job, self._on_code_scanned)
        elif kind:
            self._ways.show(self._window.receiving)
            self._window.receiving.take_scan(kind, text)
        else:
            self.unclear()

    def _on_code_scanned(self, answer: tuple[str, tuple[DossierLine, ...]]) -> None:
        """A result that lies here is to be returned; any other dossier is opened."""
        code, found = answer
        if len(found) != 1:
            self._ways.open_code(code)
        elif found[0].ready_at is None:
            self._ways.open_dossier(found[0])
        else:
            page = self._window.screens.open_return()
            self._ways.show(page)
            page.open_id(found[0].id)

    @Slot()
    def unclear(self) -> None:
        """Half a code, a doubled one, noise: say so; no field has kept any of it."""
        self._window.status.scanner.say("Máy quét: chưa rõ", token="warn")
        if self._window.screens.covered:
            return
        if self._window.receiving.isVisible():
            self._window.receiving.scan_unclear()
        else:
            self._window.status.say("Quét chưa rõ, quét lại")
