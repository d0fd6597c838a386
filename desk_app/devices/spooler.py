"""What the print helper asks of the system's printing, whichever system it is."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal, NamedTuple, Protocol

Size = Literal["A5", "A4", "A4x2", "raw"]
"""The paper a PDF goes on; ``raw``: the file is what the printer itself understands (ESC/POS)."""


class Printer(NamedTuple):
    """A printer the system knows, and whether it takes work now."""

    name: str
    ready: bool


class Look(NamedTuple):
    """How a job is doing. ``why`` of a waiting job is what its printer is waiting for, if it says.

    Words of ``why``: stopped, paper, jam, cover, toner, offline; cancelled and aborted only with
    failed.
    """

    state: Literal["waiting", "printed", "failed", "unsure"]
    why: str = ""


class Declined(Exception):
    """The system did not take the job.

    ``why``: no-file, no-printer, no-service, no-answer, rejecting, stopped.
    """

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


class Spooler(Protocol):
    """The printing of one operating system."""

    def printers(self) -> list[Printer]:
        """Every printer, the default one first."""

    def submit(self, pdf: Path, printer: str, size: Size) -> tuple[str, int]:
        """Hand a file over; an empty name is the default printer. Raises Declined."""

    def look(self, ticket: tuple[str, int]) -> Look:
        """How the job of a ticket is doing. Raises Declined when nobody answers."""

    def cancel(self, ticket: tuple[str, int]) -> None:
        """Take the job back if it is still there."""


def first_page(pdf: Path) -> tuple[float, float]:
    """Width and height of a file's first page, in points.

    Raises:
        Declined: it is no PDF.
    """
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(pdf)
    except pypdfium2.PdfiumError:
        raise Declined("no-file") from None
    try:
        width, height = document[0].get_size()
        return width, height
    finally:
        document.close()


def system_spooler() -> Spooler:
    """The spooler of the system this runs on."""
    if sys.platform == "win32":
        from desk_app.devices.windows_spooler import WindowsSpooler

        return WindowsSpooler()
    else:
        from desk_app.devices.cups import Cups

        return Cups()
