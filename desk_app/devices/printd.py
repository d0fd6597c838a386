"""The print helper: ``python -m desk_app.devices.printd``, JSON lines in and out.

It stands between the desk and the printers, so that a printer that does not answer holds up only
itself. It ends when its input ends.

In: ``{"ask": "print", "job", "pdf", "printer", "size"}`` (``size`` "raw": the file is no PDF but
the printer's own bytes) and ``{"ask": "printers"}``.
Out: ``{"job", "state": "printed"|"failed"|"unsure", "why"}``, one for every job, and
``{"printers": [{"name", "ready"}]}``, the default one first.
"""

from __future__ import annotations

import argparse
import json
import sys
import threading
import time
from pathlib import Path
from typing import Any, TextIO

from desk_app.devices.spooler import Declined, Look, Size, Spooler, system_spooler

PATIENCE = 90.0
"""Seconds until a job without any word is called unsure and the clerk is asked."""
GRACE = 6.0
"""Seconds a printer may say what is the matter before the job is taken back as failed."""


def main(arguments: list[str] | None = None) -> int:
    """Answer until the input ends."""
    parser = argparse.ArgumentParser(prog="printd", description=__doc__)
    parser.add_argument("--patience", type=float, default=PATIENCE)
    parser.add_argument("--grace", type=float, default=GRACE)
    chosen = parser.parse_args(arguments)
    Helper(system_spooler(), sys.stdout, chosen.patience, chosen.grace).serve(sys.stdin)
    return 0


def print_now(pdf: Path, printer: str, size: Size) -> Look:
    """Print one file and wait for the printer's word; for the command line, which can wait."""
    helper = Helper(system_spooler(), sys.stdout, PATIENCE, GRACE)
    return helper.ended({"pdf": str(pdf), "printer": printer, "size": size})


class Helper:
    """Takes requests from lines and follows every job on a thread of its own."""

    def __init__(self, spooler: Spooler, out: TextIO, patience: float, grace: float) -> None:
        self._spooler = spooler
        self._out = out
        self._patience = patience
        self._grace = grace
        self._saying = threading.Lock()

    def serve(self, lines: TextIO) -> None:
        """Read requests, one a line, to the end."""
        for line in lines:
            request = json.loads(line)
            work = self._list if request["ask"] == "printers" else self._print
            threading.Thread(target=work, args=(request,), daemon=True).start()

    def _list(self, request: dict[str, Any]) -> None:
        try:
            printers = self._spooler.printers()
        except Declined:
            printers = []
        self._say({"printers": [printer._asdict() for printer in printers]})

    def ended(self, request: dict[str, Any]) -> Look:
        """What became of a job, once it is known or patience is at an end."""
        try:
            return self._follow(request)
        except Declined as declined:
            return Look("failed", declined.why)

    def _print(self, request: dict[str, Any]) -> None:
        end = self.ended(request)
        self._say({"job": request["job"], "state": end.state, "why": end.why})

    def _follow(self, request: dict[str, Any]) -> Look:
        """Print, then ask until the printer has given its word or patience is at an end."""
        ticket = self._spooler.submit(Path(request["pdf"]), request["printer"], request["size"])
        begun = time.monotonic()
        trouble_since: float | None = None
        pause = 0.1
        while time.monotonic() - begun < self._patience:
            try:
                look = self._spooler.look(ticket)
            except Declined:
                # It was taken and nobody answers now: only the clerk can see whether paper came.
                return Look("unsure", "no-word")
            if look.state != "waiting":
                return look
            now = time.monotonic()
            trouble_since = (trouble_since or now) if look.why else None
            if trouble_since is not None and now - trouble_since >= self._grace:
                self._spooler.cancel(ticket)
                return Look("failed", look.why)
            time.sleep(pause)
            pause = min(pause * 1.5, 1.0)
        return Look("unsure", "no-word")

    def _say(self, answer: dict[str, Any]) -> None:
        with self._saying:
            print(json.dumps(answer), file=self._out, flush=True)


if __name__ == "__main__":
    sys.exit(main())
