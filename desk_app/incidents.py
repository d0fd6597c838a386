"""What is written when something breaks: to a file of this machine, without a name in it."""

from __future__ import annotations

import faulthandler
import logging
import os
import sys
import threading
import traceback
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

MEGABYTE = 1_000_000
KEPT = 5


log = logging.getLogger(__name__)


def log_to(folder: Path, name: str = "desk-app") -> None:
    """Log to ``folder`` (5 files of 1 MB); every exception nobody caught gets an incident there.

    Each process has a ``name`` of its own: one cannot turn a file over that another holds.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / f"{name}.log", maxBytes=MEGABYTE, backupCount=KEPT, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    faulthandler.enable((folder / f"{name}-crash.log").open("a"))

    def uncaught(_: type[BaseException], fault: BaseException, __: TracebackType | None) -> None:
        record_incident(fault)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            record_incident(args.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = in_thread


def record_incident(fault: BaseException) -> str:
    """Log a fault of ours under a new incident number, and return the number.

    Only types and places are logged: a message may quote what a clerk typed, and the names of
    applicants never go into a log.
    """
    incident = os.urandom(3).hex().upper()
    lines = [f"incident {incident}"]
    cause: BaseException | None = fault
    while cause is not None:
        lines.append(f"{type(cause).__module__}.{type(cause).__qualname__}")
        lines += [
            f"  {frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or (None if cause.__suppress_context__ else cause.__context__)
    log.error("\n".join(lines))
    return incident
