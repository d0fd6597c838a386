"""A scanner in virtual COM mode: its data never passes the keyboard or an input method.

Needs no focus, keeps UTF-8, and survives the cable being pulled: the port is tried again.
"""

from __future__ import annotations

import threading
import time
from typing import Final, Literal

from PySide6.QtCore import QObject, Signal
from serial import Serial, SerialException
from serial.tools import list_ports

from desk_app.devices.burst import Reading
from desk_app.devices.scan import kind_of

State = Literal["off", "ready", "absent"]

SILENCE: Final = 0.08
"""Seconds without a byte that end a scan; at 9,600 baud a byte takes 1 ms."""
AGAIN: Final = 1.0
"""Seconds until a port that is not there is tried again."""
LONGEST: Final = 8_192
"""Bytes; more than any card or receipt holds is no scan."""
_FRAME: Final = "\x02\x03\x04\r\n\t \0"


class SerialScanner(QObject):
    """Reads one port on a thread of its own.

    Signals:
        scanned: the text of a scan of something we know.
        unclear: a scan of nothing we know.
        observed: every scan as a ``Reading``, for the test page.
        state_changed: ``ready``, ``absent`` (cable out, port taken) or ``off``.
    """

    scanned = Signal(str)
    unclear = Signal()
    observed = Signal(object)
    state_changed = Signal(str)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.port = ""
        self.state: State = "off"
        self._stop = threading.Event()
        self._thread: threading.Thread | None = None

    def open(self, port: str) -> None:
        """Read this port from now on; an empty name reads none."""
        self.close()
        self.port = port
        if port:
            self._stop = threading.Event()
            self._thread = threading.Thread(
                target=self._work, args=(port, self._stop), name="scanner", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """Let go of the port."""
        self._stop.set()
        if self._thread is not None:
            self._thread.join()
            self._thread = None
            self._say("off")

    def _say(self, state: State) -> None:
        if state != self.state:
            self.state = state
            self.state_changed.emit(state)

    def _work(self, port: str, stop: threading.Event) -> None:
        while not stop.is_set():
            try:
                with Serial(port, 9600, timeout=SILENCE) as line:
                    self._say("ready")
                    self._read(line, stop)
            except (SerialException, OSError):
                self._say("absent")
                stop.wait(AGAIN)

    def _read(self, line: Serial, stop: threading.Event) -> None:
        scan, first, last, longest = b"", 0.0, 0.0, 0.0
        while not stop.is_set():
            got = line.read(max(1, line.in_waiting))
            now = time.monotonic() * 1000
            if got:
                if scan:
                    longest = max(longest, now - last)
                else:
                    first = now
                last = now
                scan += got
            if scan and (not got or len(scan) > LONGEST):
                self._finish(scan, last - first, longest)
                scan, longest = b"", 0.0

    def _finish(self, scan: bytes, took_ms: float, longest_ms: float) -> None:
        text = decoded(scan).strip(_FRAME)
        if not text:
            return
        known = bool(kind_of(text))
        mean = took_ms / max(1, len(text) - 1)
        verdict: Literal["scan", "unclear"] = "scan" if known else "unclear"
        self.observed.emit(Reading(text, len(text), mean, longest_ms, verdict, "silence"))
        if known:
            self.scanned.emit(text)
        else:
            self.unclear.emit()


def decoded(scan: bytes) -> str:
    """The bytes as text: UTF-8, or byte for byte, which the card reader knows how to mend."""
    try:
        return scan.decode("utf-8")
    except UnicodeDecodeError:
        return scan.decode("cp1252", errors="replace")


def ports() -> list[tuple[str, str]]:
    """The serial ports of this machine: name and what is plugged in there."""
    return [
        (port.device, "" if port.description == "n/a" else port.description)
        for port in list_ports.comports()
    ]
