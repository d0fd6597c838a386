"""By what a machine is known again: three features of it, of which two must be as they were.

A database that was copied to another machine with its key would draw the same numbers there. Each
part of a machine may be replaced or set up anew, so one that differs says nothing; and what cannot
be read, on this machine or when the counter was made, never counts as different.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from sqlalchemy import Connection

from db.projection import read_meta, write_meta

META = "fingerprint"
OTHERS = 2
"""So many features that differ make another machine."""
Features = Mapping[str, str]
"""``board``, ``system``, and ``disk`` or ``volume``, each hashed; only those that can be read."""

_NOBODYS_BOARD = re.compile(
    r"0{32}|f{32}|03000200040005000006000700080009|00020003000400050006000700080009"
)
"""What makers leave in who do not number their boards."""


def read_machine(data: Path) -> Features:
    """The features of this machine; ``data`` lies on the disk that is meant."""
    found = _of_windows(data) if sys.platform == "win32" else _of_linux(data)
    if _NOBODYS_BOARD.fullmatch(found.get("board", "").replace("-", "").lower()):
        del found["board"]
    return {name: _hashed(name, value) for name, value in found.items() if value}


def is_other(kept: Features, now: Features) -> bool:
    """Whether the machine that was kept is another one than this."""
    return sum(kept[name] != now[name] for name in kept.keys() & now.keys()) >= OTHERS


def keep(connection: Connection, now: Features) -> None:
    """From now on this is the machine."""
    write_meta(connection, META, json.dumps(dict(now)).encode())


def kept(connection: Connection) -> Features | None:
    """The machine this database belongs to; None when it was made before that was looked at."""
    stored = read_meta(connection, META)
    return None if stored is None else json.loads(stored)


def following(before: Features | None, now: Features) -> Features | None:
    """What is to be kept from now on; None: what is kept stays.

    The machine is followed through its repairs, so that a new disk this year and a new board the
    next do not add up to another machine. Another machine is not followed.
    """
    if before is None:
        return now
    together = {**before, **now}
    return together if together != before and not is_other(before, now) else None


def _hashed(name: str, value: str) -> str:
    text = f"hoso-machine-1\0{name}\0{value.strip().lower()}"
    return hashlib.sha256(text.encode()).hexdigest()[:32]


# ---------------------------------------------------------------- Linux


def _of_linux(data: Path) -> dict[str, str]:
    found = {
        "board": _text(Path("/sys/class/dmi/id/product_uuid")),
        "system": _text(Path("/etc/machine-id")),
        "disk": _disk_serial(data),
    }
    if not found["disk"]:
        # Copied with the disk, so it tells less.
        found["volume"] = _volume_id(data)
    return {name: value for name, value in found.items() if value}


def _text(path: Path) -> str:
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        # Missing, or for root's eyes only.
        return ""


def _disk_serial(data: Path) -> str:
    """The number the maker gave the disk under a folder, below partitions and encryption."""
    try:
        number = os.stat(data).st_dev
        block = Path(f"/sys/dev/block/{os.major(number)}:{os.minor(number)}").resolve(strict=True)
        while beneath := sorted((block / "slaves").glob("*")):
            block = beneath[0].resolve()
        whole = block.parent if (block / "partition").exists() else block
    except OSError:
        return ""
    places = ("wwid", "device/wwid", "serial", "device/serial")
    return next((text for each in places if (text := _text(whole / each))), "")


def _volume_id(data: Path) -> str:
    try:
        number = os.stat(data).st_dev
        volumes = sorted(Path("/dev/disk/by-uuid").iterdir())
        return next((v.name for v in volumes if v.stat().st_rdev == number), "")
    except OSError:
        return ""


# ---------------------------------------------------------------- Windows


def uuid_of_smbios(table: bytes) -> str:
    """The board's UUID in the tables of its firmware (structure 1); empty when it has none."""
    at = 8
    while at + 4 <= len(table):
        kind, length = table[at], table[at + 1]
        if kind == 1 and length >= 24:
            return table[at + 8 : at + 24].hex()
        # Behind the fixed part lie strings, and two zeros end them.
        end = table.find(b"\0\0", at + max(length, 4))
        if end < 0:
            break
        at = end + 2
    return ""


def _of_windows(data: Path) -> dict[str, str]:
    asks: dict[str, Callable[[], str]] = {
        "board": _windows_board,
        "system": _windows_system,
        "volume": lambda: _windows_volume(data),
    }
    found = dict[str, str]()
    for name, ask in asks.items():
        try:
            found[name] = ask()
        except OSError:
            continue
    return found


if sys.platform == "win32":

    def _windows_board() -> str:
        import ctypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        provider = int.from_bytes(b"RSMB", "big")
        size = kernel.GetSystemFirmwareTable(provider, 0, None, 0)
        table = ctypes.create_string_buffer(size)
        kernel.GetSystemFirmwareTable(provider, 0, table, size)
        return uuid_of_smbios(table.raw)

    def _windows_system() -> str:
        import winreg

        key = winreg.OpenKey(
            winreg.HKEY_LOCAL_MACHINE,
            r"SOFTWARE\Microsoft\Cryptography",
            access=winreg.KEY_READ | winreg.KEY_WOW64_64KEY,
        )
        with key:
            return str(winreg.QueryValueEx(key, "MachineGuid")[0])

    def _windows_volume(data: Path) -> str:
        import ctypes
        from ctypes import wintypes

        kernel = ctypes.WinDLL("kernel32", use_last_error=True)
        serial = wintypes.DWORD()
        root = ctypes.c_wchar_p(data.resolve().anchor)
        if not kernel.GetVolumeInformationW(
            root, None, 0, ctypes.byref(serial), None, None, None, 0
        ):
            raise ctypes.WinError(ctypes.get_last_error())
        return f"{serial.value:08x}"

else:

    def _nothing(*_: object) -> str:
        return ""

    _windows_board = _windows_system = _windows_volume = _nothing
