"""Printing on Windows: pages drawn by Qt at the printer's resolution, the spooler's word on them.

Qt is imported here only, inside the helper process.
"""

from __future__ import annotations

import ctypes
import sys
from pathlib import Path
from typing import Any

import pypdfium2
from PySide6.QtCore import QMarginsF, QRectF
from PySide6.QtGui import QGuiApplication, QImage, QPageLayout, QPageSize, QPainter
from PySide6.QtPrintSupport import QPrinter, QPrinterInfo

from desk_app.devices.spooler import Declined, Look, Printer, Size, first_page

SHARPEST = 600
"""Dots per inch beyond which a page is drawn no finer; codes stand on whole dots of 300 and 600."""

# JOB_STATUS_* of winspool.h.
_PAUSED, _ERROR, _OFFLINE, _PAPEROUT, _PRINTED = 0x1, 0x2, 0x20, 0x40, 0x80
_DELETED, _BLOCKED, _INTERVENTION, _COMPLETE = 0x100, 0x200, 0x400, 0x1000
_TROUBLE = (
    (_PAPEROUT, "paper"),
    (_OFFLINE, "offline"),
    (_PAUSED, "stopped"),
    (_ERROR | _BLOCKED | _INTERVENTION, "stopped"),
)
# JOB_CONTROL_*: a retained job stays on the list after printing, so that it can be asked.
_DELETE, _RETAIN, _RELEASE = 5, 8, 9


class WindowsSpooler:
    """The printers Windows knows."""

    def __init__(self) -> None:
        self._application = QGuiApplication.instance() or QGuiApplication([])

    def printers(self) -> list[Printer]:
        """Every printer, the default one first."""
        default = QPrinterInfo.defaultPrinterName()
        error = QPrinter.PrinterState.Error
        found = [
            Printer(info.printerName(), ready=info.state() != error)
            for info in QPrinterInfo.availablePrinters()
        ]
        return sorted(found, key=lambda printer: printer.name != default)

    def submit(self, pdf: Path, printer: str, size: Size) -> tuple[str, int]:
        """Draw a PDF on a printer, or hand raw bytes on.

        Its name and the spooler's job number, 0 if not to be had.

        Raises:
            Declined: there is no such file or printer, or the printer cannot be drawn on.
        """
        if not pdf.is_file():
            raise Declined("no-file")
        info = QPrinterInfo.printerInfo(printer) if printer else QPrinterInfo.defaultPrinter()
        if info.isNull():
            raise Declined("no-printer")
        if size == "raw":
            job = _send_raw(info.printerName(), pdf)
        else:
            device = QPrinter(info, QPrinter.PrinterMode.HighResolution)
            draw_pages(device, pdf, size)
            job = _number_of(info.printerName(), pdf.stem)
        if job:
            _control(info.printerName(), job, _RETAIN)
        return info.printerName(), job

    def look(self, ticket: tuple[str, int]) -> Look:
        """The spooler's word; unsure when the job has left without one."""
        printer, number = ticket
        status = _statuses(printer).get(number) if number else None
        if status is None:
            return Look("unsure", "no-word")
        word = judge(status[0])
        if word.state == "printed":
            _control(printer, number, _RELEASE)
        return word

    def cancel(self, ticket: tuple[str, int]) -> None:
        """Take the job back if it is still there."""
        if ticket[1]:
            _control(ticket[0], ticket[1], _DELETE)


def judge(status: int) -> Look:
    """What the bits of a job's status say."""
    if status & (_PRINTED | _COMPLETE):
        return Look("printed")
    if status & _DELETED:
        return Look("failed", "cancelled")
    return Look("waiting", next((why for bits, why in _TROUBLE if status & bits), ""))


def draw_pages(device: QPrinter, pdf: Path, size: Size) -> None:
    """Draw a PDF on a device at its own scale, whatever margins the device asks for.

    Raises:
        Declined: the device cannot be drawn on.
    """
    sheet = QPageSize(QPageSize.PageSizeId.A5 if size == "A5" else QPageSize.PageSizeId.A4)
    # A5 across is as wide as A4 is: on A4 it is the upper half of an upright sheet.
    upright = sheet.size(QPageSize.Unit.Point).width() + 1
    across = size == "A4x2" or first_page(pdf)[0] > upright
    turned = QPageLayout.Orientation.Landscape if across else QPageLayout.Orientation.Portrait
    device.setDocName(pdf.stem)
    device.setFullPage(True)
    device.setPageLayout(QPageLayout(sheet, turned, QMarginsF(0, 0, 0, 0)))
    device.setFullPage(True)
    dpi = min(device.resolution(), SHARPEST)
    painter = QPainter()
    if not painter.begin(device):
        raise Declined("rejecting")
    document = pypdfium2.PdfDocument(pdf)
    try:
        for number in range(len(document)):
            if number:
                device.newPage()
            page = document[number]
            width, height = (side / 72 * device.resolution() for side in page.get_size())
            bitmap = page.render(scale=dpi / 72, grayscale=True)
            # The image reads these bytes while it is drawn and does not keep them.
            pixels = bytes(bitmap.buffer)
            image = QImage(
                pixels,
                bitmap.width,
                bitmap.height,
                bitmap.stride,
                QImage.Format.Format_Grayscale8,
            )
            painter.drawImage(QRectF(0, 0, width, height), image)
    finally:
        painter.end()
        document.close()


class _JobInfo(ctypes.Structure):
    """``JOB_INFO_1W`` of winspool.h, as far as it is read."""

    _fields_ = (
        ("number", ctypes.c_uint32),
        ("printer", ctypes.c_wchar_p),
        ("machine", ctypes.c_wchar_p),
        ("user", ctypes.c_wchar_p),
        ("document", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
        ("status_text", ctypes.c_wchar_p),
        ("status", ctypes.c_uint32),
        ("priority", ctypes.c_uint32),
        ("position", ctypes.c_uint32),
        ("total_pages", ctypes.c_uint32),
        ("pages_printed", ctypes.c_uint32),
        ("submitted", ctypes.c_uint16 * 8),
    )


class _DocInfo(ctypes.Structure):
    """``DOC_INFO_1W`` of winspool.h."""

    _fields_ = (
        ("document", ctypes.c_wchar_p),
        ("output", ctypes.c_wchar_p),
        ("datatype", ctypes.c_wchar_p),
    )


class _Opened:
    """A printer's handle, closed at the end."""

    def __init__(self, printer: str) -> None:
        self._handle = ctypes.c_void_p()
        self._printer = printer

    def __enter__(self) -> ctypes.c_void_p:
        if not _winspool().OpenPrinterW(self._printer, ctypes.byref(self._handle), None):
            raise Declined("no-printer")
        return self._handle

    def __exit__(self, *_: object) -> None:
        _winspool().ClosePrinter(self._handle)


def _winspool() -> Any:
    if sys.platform == "win32":
        return ctypes.WinDLL("winspool.drv")
    else:
        raise Declined("no-service")


def _send_raw(printer: str, file: Path) -> int:
    """Hand bytes to a printer as they are, without its driver; the job's number.

    Raises:
        Declined: the spooler does not take them.
    """
    content = file.read_bytes()
    about = _DocInfo(file.stem, None, "RAW")
    spooler = _winspool()
    with _Opened(printer) as handle:
        job: int = spooler.StartDocPrinterW(handle, 1, ctypes.byref(about))
        if not job:
            raise Declined("rejecting")
        written = ctypes.c_uint32()
        taken = (
            spooler.StartPagePrinter(handle)
            and spooler.WritePrinter(handle, content, len(content), ctypes.byref(written))
            and spooler.EndPagePrinter(handle)
        )
        if not taken or written.value != len(content):
            spooler.AbortPrinter(handle)
            raise Declined("rejecting")
        spooler.EndDocPrinter(handle)
    return job


def _statuses(printer: str) -> dict[int, tuple[int, str]]:
    """Status bits and document name of every job a printer has, by number."""
    with _Opened(printer) as handle:
        needed, count = ctypes.c_uint32(), ctypes.c_uint32()
        enum, most = _winspool().EnumJobsW, 999
        enum(handle, 0, most, 1, None, 0, ctypes.byref(needed), ctypes.byref(count))
        room = ctypes.create_string_buffer(needed.value or 1)
        size = ctypes.byref(needed)
        if not enum(handle, 0, most, 1, room, needed.value, size, ctypes.byref(count)):
            return {}
        jobs = ctypes.cast(room, ctypes.POINTER(_JobInfo))
        return {
            jobs[i].number: (jobs[i].status, jobs[i].document or "") for i in range(count.value)
        }


def _number_of(printer: str, document: str) -> int:
    """The newest job of that name; 0 when the spooler has none any more."""
    jobs = _statuses(printer)
    return max((number for number, (_, name) in jobs.items() if name == document), default=0)


def _control(printer: str, number: int, command: int) -> None:
    with _Opened(printer) as handle:
        _winspool().SetJobW(handle, number, 0, None, command)
