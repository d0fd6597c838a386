"""What is written when something breaks: to a file of this machine, without a name in it."""

from __future__ import annotations

import faulthandler
import logging
import sys
import threading
from collections.abc import Callable
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import TracebackType

MEGABYTE = 1_000_000
KEPT = 5


def log_to(folder: Path, record: Callable[[BaseException], str]) -> None:
    """Log to ``folder`` (5 files of 1 MB); every exception nobody caught gets an incident there.

    ``record`` writes one down without what a clerk typed, and returns its number.
    """
    folder.mkdir(parents=True, exist_ok=True)
    handler = RotatingFileHandler(
        folder / "desk-app.log", maxBytes=MEGABYTE, backupCount=KEPT, encoding="utf-8"
    )
    handler.setFormatter(logging.Formatter("%(asctime)s %(levelname)s %(name)s %(message)s"))
    logging.basicConfig(level=logging.INFO, handlers=[handler])
    faulthandler.enable((folder / "crash.log").open("a"))

    def uncaught(_: type[BaseException], fault: BaseException, __: TracebackType | None) -> None:
        record(fault)

    def in_thread(args: threading.ExceptHookArgs) -> None:
        if args.exc_value is not None:
            record(args.exc_value)

    sys.excepthook = uncaught
    threading.excepthook = in_thread
