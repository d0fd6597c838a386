"""The file on the second medium: a header, then one sealed line per entry.

``<device>.spool`` begins with one JSON line: format, device, and a mark of the key that tells
one database's spool from another's. Every further line is base64 of a 12-byte nonce and the
AES-GCM of the entry's line, under a key derived from the database key: the stick leaves the
building in pockets, and whoever holds the recovery key can read it. The file only grows; what is
cut away is a line that was never whole.
"""

from __future__ import annotations

import base64
import binascii
import errno
import os
import secrets
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import accumulate
from pathlib import Path
from typing import NamedTuple

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from db.journal import SecondCopyFailed
from db.machine_secrets import sync_folder
from db.sealing import derived

BLOCK = 256 * 1024
"""Bytes read at a time; a line is shorter than two of them."""

PURPOSE = b"spool 1"


class SpoolUnavailable(SecondCopyFailed):
    """The second medium is missing, full, read-only, faulty or another counter's.

    Facts: ``path``, ``why`` (the system's name of the fault, or ``missing``, ``foreign``).
    """


class Kept(NamedTuple):
    """One line of the file: the entry's line, or None where it cannot be read any more, and the
    place in the file where it starts."""

    line: bytes | None
    at: int


class Header(msgspec.Struct, frozen=True):
    """The first line of the file. ``key`` is a mark derived from the database key."""

    spool: int
    device: str
    key: str


class SpoolFile:
    """Reading and appending; knows bytes only, not what has to be in them."""

    def __init__(self, path: Path, device: str, database_key: bytes) -> None:
        self.path = path
        self._cipher = AESGCM(derived(database_key, PURPOSE))
        self._header = Header(1, device, derived(database_key, PURPOSE + b" mark").hex()[:16])
        self._never_synced: int | None = None

    def open(self) -> tuple[int, bool]:
        """Make the file if it is not there and cut off a torn last line.

        Returns its length, and whether something was torn.

        Raises:
            SpoolUnavailable: it cannot be opened, or belongs to another database.
        """
        with self._told():
            if not self.path.parent.is_dir():
                # Making the folder would fill the first disk in the name of a stick that is
                # not plugged in.
                raise SpoolUnavailable(path=str(self.path), why="missing")
            torn = self.path.exists() and self._cut()
            if not self.path.exists() or self.path.stat().st_size == 0:
                self._append(msgspec.json.encode(self._header) + b"\n")
                sync_folder(self.path.parent)
            elif self.is_foreign():
                raise SpoolUnavailable(path=str(self.path), why="foreign")
            return self.path.stat().st_size, torn

    def append(self, lines: Sequence[bytes]) -> int:
        """Add lines in one write and sync them; returns the new length of the file.

        Raises:
            SpoolUnavailable: none of them counts as kept.
        """
        with self._told():
            return self._append(b"".join(self._sealed(line) for line in lines))

    def forwards(self, start: int = 0) -> Iterator[Kept]:
        """Every line from a place in the file on, in the order it was written.

        Raises:
            SpoolUnavailable: the medium failed while it was read.
        """
        with self._told(), self.path.open("rb") as file:
            file.seek(start)
            at = start
            for text in file:
                if at > 0 and text.endswith(b"\n"):
                    yield Kept(self._opened(text), at)
                at += len(text)

    def backwards(self) -> Iterator[Kept]:
        """Every whole line, the last one first; reads no more of the file than is asked for.

        Raises:
            SpoolUnavailable: the medium failed while it was read.
        """
        with self._told(), self.path.open("rb") as file:
            end = file.seek(0, os.SEEK_END)
            rest = b""
            while end > 0:
                start = max(0, end - BLOCK)
                file.seek(start)
                block = file.read(end - start) + rest
                # What stands before the first line feed belongs to a line of the block above.
                first = block.find(b"\n") + 1 if start else 0
                whole = bool(first) or start == 0
                rest, end = (block[:first] if whole else block), start
                yield from self._reversed(block[first:], start + first) if whole else ()

    def _reversed(self, block: bytes, at: int) -> Iterator[Kept]:
        *texts, _torn = block.split(b"\n")
        places = list(accumulate((len(text) + 1 for text in texts), initial=at))[:-1]
        for text, place in zip(reversed(texts), reversed(places), strict=True):
            if place > 0:
                yield Kept(self._opened(text), place)

    def is_foreign(self) -> bool:
        """Whether another database wrote the file; a damaged header alone does not say so.

        Raises:
            SpoolUnavailable: it cannot be read.
        """
        with self._told(), self.path.open("rb") as file:
            text = file.readline(1024)
        try:
            return msgspec.json.decode(text, type=Header).key != self._header.key
        except (msgspec.DecodeError, UnicodeDecodeError):
            return next((kept.line for kept in self.backwards()), b"") is None

    def _sealed(self, line: bytes) -> bytes:
        nonce = secrets.token_bytes(12)
        return base64.b64encode(nonce + self._cipher.encrypt(nonce, line, PURPOSE)) + b"\n"

    def _opened(self, text: bytes) -> bytes | None:
        try:
            sealed = base64.b64decode(text.rstrip(b"\n"), validate=True)
            return self._cipher.decrypt(sealed[:12], sealed[12:], PURPOSE)
        except (binascii.Error, ValueError, InvalidTag):
            return None

    def _append(self, data: bytes) -> int:
        with self.path.open("ab", buffering=0) as file:
            before = file.seek(0, os.SEEK_END)
            try:
                if file.write(data) != len(data):
                    raise OSError(errno.ENOSPC, "half of it was written")
                os.fsync(file.fileno())
            except OSError:
                # After a failed sync the system may call the lines clean and yet have dropped
                # them, so they are taken out and written again, never synced again.
                self._never_synced = before
                self._cut()
                raise
            return before + len(data)

    def _cut(self) -> bool:
        """Cut off what was never synced, and a last line without its line feed."""
        with self.path.open("r+b", buffering=0) as file:
            if self._never_synced is not None:
                file.truncate(self._never_synced)
                self._never_synced = None
            end = length = file.seek(0, os.SEEK_END)
            span = 1  # most often the last byte is the line feed it should be
            while end > 0:
                start = max(0, end - span)
                file.seek(start)
                found = file.read(end - start).rfind(b"\n")
                end = start + found + 1
                if found >= 0:
                    break
                span = BLOCK
            if end < length:
                file.truncate(end)
                os.fsync(file.fileno())
            return end < length

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except OSError as fault:
            why = errno.errorcode.get(fault.errno or 0, "OSError")
            raise SpoolUnavailable(path=str(self.path), why=why) from fault
