"""The desk's side of printing: what it asks of the helper process, and the helper's answers."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, QProcess, QProcessEnvironment, Signal, Slot

from desk_app.devices.spooler import Printer, Size


def helper_command() -> tuple[str, ...]:
    """How the helper is started: by module from source, by a word from the installed program."""
    if getattr(sys, "frozen", False):
        return (sys.executable, "printd")
    return (sys.executable, "-m", "desk_app.devices.printd")


class PrintDesk(QObject):
    """Hands papers to the print helper and tells what became of them.

    The helper is started with the first request and again after it died. Every request is answered
    once. Nothing is called printed but on the printer's word.

    Signals:
        answered: job, state (printed, failed or unsure) and why, in a plain word; besides those of
            ``spooler`` there are helper-died, no-helper and no-word.
        listed: a tuple of Printer, the default one first.
    """

    answered = Signal(str, str, str)
    listed = Signal(object)

    def __init__(self, parent: QObject | None = None, command: Sequence[str] | None = None) -> None:
        super().__init__(parent)
        self._command = tuple(command or helper_command())
        self._open: dict[str, None] = {}
        self._helper: QProcess | None = None

    @Slot(str, object, str, str)
    def request(self, job: str, pdf: Path, printer: str, size: Size) -> None:
        """Print a PDF; an empty printer name is the system's default one."""
        self._open[job] = None
        self._ask({"ask": "print", "job": job, "pdf": str(pdf), "printer": printer, "size": size})

    @Slot()
    def printers(self) -> None:
        """Ask for the printers; ``listed`` brings them. Starts the helper, which warms it."""
        self._ask({"ask": "printers"})

    def close(self) -> None:
        """Let the helper go. Jobs without an answer stay on the list of what is not printed."""
        helper, self._helper = self._helper, None
        self._open.clear()
        if helper is not None:
            helper.finished.disconnect(self._on_helper_finished)
            helper.errorOccurred.disconnect(self._on_helper_error)
            helper.closeWriteChannel()
            if not helper.waitForFinished(2000):
                helper.kill()
                helper.waitForFinished(2000)

    def _ask(self, question: dict[str, str]) -> None:
        helper = self._helper or self._start()
        # Where starting fails at once, the answer has been given already.
        if helper.isOpen():
            helper.write(json.dumps(question).encode("ascii") + b"\n")

    def _start(self) -> QProcess:
        helper = QProcess(self)
        environment = QProcessEnvironment.systemEnvironment()
        environment.insert("PYTHONUTF8", "1")
        helper.setProcessEnvironment(environment)
        helper.setProcessChannelMode(QProcess.ProcessChannelMode.ForwardedErrorChannel)
        helper.readyReadStandardOutput.connect(self._on_helper_spoke)
        helper.finished.connect(self._on_helper_finished)
        helper.errorOccurred.connect(self._on_helper_error)
        self._helper = helper
        helper.start(self._command[0], list(self._command[1:]))
        return helper

    @Slot()
    def _on_helper_spoke(self) -> None:
        while self._helper is not None and self._helper.canReadLine():
            answer = json.loads(bytes(self._helper.readLine().data()))
            if "printers" in answer:
                self.listed.emit(tuple(Printer(**printer) for printer in answer["printers"]))
            elif answer["job"] in self._open:
                del self._open[answer["job"]]
                self.answered.emit(answer["job"], answer["state"], answer["why"])

    @Slot()
    def _on_helper_finished(self) -> None:
        self._on_helper_spoke()
        self._give_up("helper-died")

    @Slot(QProcess.ProcessError)
    def _on_helper_error(self, error: QProcess.ProcessError) -> None:
        if error == QProcess.ProcessError.FailedToStart:
            self._give_up("no-helper")

    def _give_up(self, why: str) -> None:
        helper, self._helper = self._helper, None
        if helper is not None:
            helper.deleteLater()
        jobs, self._open = list(self._open), {}
        for job in jobs:
            self.answered.emit(job, "failed", why)
