"""Printing through CUPS by its own programs, and the state of a job by its library."""

from __future__ import annotations

import ctypes
import ctypes.util
import os
import re
import subprocess
from functools import cache
from pathlib import Path
from typing import Any

from desk_app.devices.spooler import Declined, Look, Printer, Size, first_page

# RFC 8011, 5.2.10: how the page lies on the sheet.
_UPRIGHT, _ACROSS = 3, 4

SECONDS = 20
"""How long one question to CUPS may take."""

# RFC 8011, 5.3.7: a job that waits for somebody, and how a job ended.
_STOPPED, _CANCELED, _ABORTED, _COMPLETED = 6, 7, 8, 9

_TROUBLE = (
    ("media-empty", "paper"),
    ("media-needed", "paper"),
    ("media-jam", "jam"),
    ("cover-open", "cover"),
    ("door-open", "cover"),
    ("toner-empty", "toner"),
    ("marker-supply-empty", "toner"),
    ("offline", "offline"),
    ("timed-out", "offline"),
    ("connecting-to-device", "offline"),
    ("may not exist or is unavailable", "offline"),
    ("not responding", "offline"),
    ("unreachable", "offline"),
    ("unable to locate", "offline"),
)
"""Signs that no paper comes, and our plain word for each: printer state reasons (RFC 8011, 5.4.12)
and, for network printers, what CUPS's backends say in so many words."""


class Cups:
    """The printers CUPS knows, local ones and network ones alike."""

    def printers(self) -> list[Printer]:
        """Every queue, the system's default first."""
        said = _run("lpstat", "-p", "-d")
        default = re.search(r"^system default destination: (\S+)", said, re.MULTILINE)
        found = [
            Printer(name, ready=state != "disabled")
            for name, state in re.findall(r"^printer (\S+) (disabled|\S+)", said, re.MULTILINE)
        ]
        return sorted(found, key=lambda printer: not default or printer.name != default[1])

    def submit(self, pdf: Path, printer: str, size: Size) -> tuple[str, int]:
        """Hand a file to a queue; the queue's name and the job's number.

        Raises:
            Declined: there is no such queue, it is stopped, or CUPS does not take the file.
        """
        if not pdf.is_file():
            raise Declined("no-file")
        printer = printer or self._default()
        if self._state(printer).startswith("disabled"):
            raise Declined("stopped")
        options = [word for each in _options(pdf, size) for word in ("-o", each)]
        said = _run("lp", "-d", printer, *options, "-t", pdf.stem, "--", str(pdf))
        job = re.search(r"request id is \S+-(\d+) ", said)
        if job is None:
            raise Declined("rejecting")
        return printer, int(job[1])

    def look(self, ticket: tuple[str, int]) -> Look:
        """How a job is doing, and whether its printer says what it is waiting for."""
        printer, number = ticket
        state = _job_state(printer, number)
        if state == _COMPLETED:
            return Look("printed")
        if state in (_CANCELED, _ABORTED):
            return Look("failed", "cancelled" if state == _CANCELED else "aborted")
        if state == _STOPPED or self._state(printer).startswith("disabled"):
            return Look("waiting", "stopped")
        # Only what the printer says: a name or a place may hold any of these words.
        _, _, said = _run("lpstat", "-l", "-p", printer).lower().partition("\n")
        message, _, facts = said.partition("form mounted:")
        alerts = re.search(r"alerts: (.*)", facts)
        said = message + (alerts[1] if alerts else "")
        return Look("waiting", next((word for sign, word in _TROUBLE if sign in said), ""))

    def cancel(self, ticket: tuple[str, int]) -> None:
        """Take a job back, so that its paper does not come out when nobody expects it."""
        _run("cancel", f"{ticket[0]}-{ticket[1]}", may_fail=True)

    def _default(self) -> str:
        printers = self.printers()
        if not printers or "no system default" in _run("lpstat", "-d"):
            raise Declined("no-printer")
        return printers[0].name

    def _state(self, printer: str) -> str:
        said = re.search(r"^printer \S+ (.*)", _run("lpstat", "-p", printer), re.MULTILINE)
        return said[1] if said else ""


def _options(pdf: Path, size: Size) -> tuple[str, ...]:
    """What CUPS is told of the paper; of raw bytes, to leave them alone."""
    if size == "raw":
        return ("raw",)
    width, height = first_page(pdf)
    return (
        f"media={'A5' if size == 'A5' else 'A4'}",
        f"orientation-requested={_ACROSS if width > height else _UPRIGHT}",
        # Scaled bars would no longer stand on whole printer dots.
        "print-scaling=none",
        "sides=one-sided",
    )


def _run(*command: str, may_fail: bool = False) -> str:
    """What a program of CUPS says.

    Raises:
        Declined: it says that there is no such queue, no CUPS, or that the queue takes nothing.
    """
    env = os.environ | {"LC_ALL": "C", "LANGUAGE": "C"}
    try:
        done = subprocess.run(
            command, capture_output=True, text=True, env=env, timeout=SECONDS, check=False
        )
    except FileNotFoundError:
        raise Declined("no-service") from None
    except subprocess.TimeoutExpired:
        raise Declined("no-answer") from None
    if done.returncode and not may_fail:
        raise Declined(_why_declined(done.stderr))
    return done.stdout


def _why_declined(said: str) -> str:
    if "not accepting jobs" in said:
        return "rejecting"
    # Without CUPS every queue is unknown too.
    if "scheduler is running" not in _run("lpstat", "-r", may_fail=True):
        return "no-service"
    unknown = ("does not exist", "Invalid destination", "No destinations")
    return "no-printer" if any(sign in said for sign in unknown) else "rejecting"


class _Job(ctypes.Structure):
    """``cups_job_t`` of libcups 2."""

    _fields_ = (
        ("id", ctypes.c_int),
        ("dest", ctypes.c_char_p),
        ("title", ctypes.c_char_p),
        ("user", ctypes.c_char_p),
        ("format", ctypes.c_char_p),
        ("state", ctypes.c_int),
        ("size", ctypes.c_int),
        ("priority", ctypes.c_int),
        ("completed_time", ctypes.c_long),
        ("creation_time", ctypes.c_long),
        ("processing_time", ctypes.c_long),
    )


@cache
def _library() -> Any:
    return ctypes.CDLL(ctypes.util.find_library("cups") or "libcups.so.2")


def _job_state(printer: str, number: int) -> int:
    """The IPP state of a job; 0 when CUPS no longer knows it.

    ``lpstat`` cannot tell: a finished job may keep the reason it had while it was printing.
    """
    jobs = ctypes.POINTER(_Job)()
    # No server of our own choosing, this queue, jobs of everybody, in every state.
    count = _library().cupsGetJobs2(None, ctypes.byref(jobs), printer.encode(), 0, -1)
    try:
        return next((jobs[i].state for i in range(count) if jobs[i].id == number), 0)
    finally:
        if count > 0:
            _library().cupsFreeJobs(count, jobs)
