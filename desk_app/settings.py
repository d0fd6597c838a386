"""What differs between one counter and the next: ``counter.toml`` in the data folder."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from db.refused import Refused

FILE = "counter.toml"


class SettingsWrong(Refused):
    """``counter.toml`` is missing or a key in it is wrong; ``why`` names the key."""


class Settings(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """One counter's settings; every key is described in the README."""

    office: str
    """Code of the office, as in the catalogue of offices."""
    counter: int
    clerk: str
    """Login used by the command line when none is named."""
    time_zone: str = "Asia/Ho_Chi_Minh"
    spool: str = ""
    """Folder on a second medium; empty = none."""
    printer: str = ""
    """Printer of the receipts; empty = the system's default."""
    ticket_printer: str = ""
    """Printer of the 80 mm tickets, sent its own bytes (ESC/POS); empty = tickets go as a page to
    the printer of the receipts."""
    paper: Literal["A5", "A4", "A4x2"] = "A4x2"
    theme: Literal["system", "light", "dark", "contrast"] = "system"
    text_percent: int = 100
    qr_on_both: bool = False
    """Whether the citizen's copy carries the signed facts too."""
    scanner_port: str = ""
    """Serial device of a scanner in COM mode; empty = keyboard mode."""
    scanner_prefix: str = ""
    """One control character the scanner sends first, such as ``\\x02``; empty = none."""
    scanner_ms: int = 35
    """Mean milliseconds per character under which a burst is a scan."""
    tick_all: bool = True
    """Whether one key may tick all required papers."""
    server: str = ""
    """Address of the district server, ``https://…``; empty = none."""
    door: int = 0
    """Port of the door for siblings on the office's cable; 0 = it stays shut."""
    siblings: tuple[str, ...] = ()
    """Doors of siblings that are not found by name, ``host:port``."""
    demo: bool = False
    """A demonstration counter: opens without a password and says so."""


def load(data: Path) -> Settings:
    """The settings of the counter in this folder.

    Raises:
        SettingsWrong: there is no counter here, or a key is unknown or of the wrong type.
    """
    try:
        return msgspec.toml.decode((data / FILE).read_bytes(), type=Settings)
    except FileNotFoundError as e:
        raise SettingsWrong(why="missing", path=str(data)) from e
    except msgspec.DecodeError as e:
        raise SettingsWrong(why=str(e), path=str(data)) from e


def save(data: Path, settings: Settings) -> None:
    """Write the settings whole or not at all."""
    path = data / FILE
    temporary = path.with_suffix(".new")
    with temporary.open("wb") as file:
        file.write(msgspec.toml.encode(settings))
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
