"""Scanned papers beside the journal: files known by their hash, sealed, put away whole or not.

The entry that names a file goes first; the file follows when there is time and a line.
"""

from __future__ import annotations

import hashlib
import os
import secrets
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from sqlalchemy import Connection, bindparam, delete, select, text

from db import tables
from db.engine import Prepared
from db.machine_secrets import sync_folder
from db.refused import Refused
from db.sealing import derived

PURPOSE = b"blob 1"
CHUNK = 256 * 1024
"""Bytes sealed as one, and what one request carries."""
_FRAME = 12 + CHUNK + 16
ASKED_AT_ONCE = 100

_held = Prepared(tables.put(tables.blobs, keep=True))
_lacking = Prepared(
    text(
        "SELECT a.sha FROM attachment a JOIN journal j ON j.n = a.n"
        " LEFT JOIN blob b ON b.sha = a.sha"
        " WHERE b.sha IS NULL AND j.com = :com ORDER BY a.n LIMIT :most"
    )
)
_of = Prepared(
    text(
        "SELECT 1 FROM attachment a JOIN journal j ON j.n = a.n"
        " WHERE a.sha = :sha AND j.com = :com LIMIT 1"
    )
)
_size = Prepared(
    select(tables.attachments.c.size).where(tables.attachments.c.sha == bindparam("sha"))
)


class BlobMissing(Refused):
    """The file is not here, or is damaged; ``sha``. The dossier is as it was."""


class BlobWrong(Refused):
    """What came is not the file it should be; it is asked for again. ``sha``."""


class Blobs:
    """The files of one node, in a folder of their own."""

    def __init__(self, folder: Path, database_key: bytes) -> None:
        self.folder = folder
        self._cipher = AESGCM(derived(database_key, PURPOSE))

    def put(self, content: bytes) -> str:
        """Put a file away, durably; its hash."""
        sha = hashlib.sha256(content).hexdigest()
        place = self._place(sha)
        if not place.exists():
            self._write(place, b"".join(self._sealed(sha, content)))
        return sha

    def get(self, sha: str) -> bytes:
        """A whole file.

        Raises:
            BlobMissing: it is not here, or not as it was.
        """
        content = self._opened(self._place(sha), sha)
        if content is None or hashlib.sha256(content).hexdigest() != sha:
            raise BlobMissing(sha=sha)
        return content

    def has(self, sha: str) -> bool:
        """Whether it lies here; whether it is whole, ``get`` finds out."""
        return self._place(sha).exists()

    def begun(self, sha: str, by: str) -> int:
        """How many bytes of an upload by this device are here already."""
        return len(self._opened(self._part(sha, by), sha) or b"")

    def go_on(self, sha: str, by: str, at: int, chunk: bytes, size: int) -> int:
        """Add a chunk to an upload; how many bytes are there then. ``size`` is the whole file's.

        A chunk that does not begin where the last one ended changes nothing.

        Raises:
            BlobWrong: all of it is here and it is another file; the upload begins anew.
        """
        part = self._part(sha, by)
        here = self._opened(part, sha) or b""
        if at != len(here) or at + len(chunk) > size:
            return len(here)
        content = here + chunk
        if len(content) < size:
            self._write(part, b"".join(self._sealed(sha, content)))
            return len(content)
        if hashlib.sha256(content).hexdigest() != sha:
            part.unlink(missing_ok=True)
            raise BlobWrong(sha=sha)
        self.put(content)
        part.unlink(missing_ok=True)
        return size

    def _place(self, sha: str) -> Path:
        return self.folder / sha[:2] / sha

    def _part(self, sha: str, by: str) -> Path:
        return self.folder / "part" / f"{by}-{sha}"

    def _sealed(self, sha: str, content: bytes) -> Iterator[bytes]:
        for at in range(0, len(content), CHUNK):
            nonce = secrets.token_bytes(12)
            place = f"{sha} {at}".encode()
            yield nonce + self._cipher.encrypt(nonce, content[at : at + CHUNK], place)

    def _opened(self, place: Path, sha: str) -> bytes | None:
        try:
            sealed = place.read_bytes()
        except OSError:
            return None
        found = []
        for number, at in enumerate(range(0, len(sealed), _FRAME)):
            frame = sealed[at : at + _FRAME]
            try:
                where = f"{sha} {number * CHUNK}".encode()
                found.append(self._cipher.decrypt(frame[:12], frame[12:], where))
            except (InvalidTag, ValueError):
                return None
        return b"".join(found)

    def _write(self, place: Path, sealed: bytes) -> None:
        place.parent.mkdir(parents=True, exist_ok=True)
        growing = place.with_name(f"{place.name}.{secrets.token_hex(4)}.new")
        try:
            with growing.open("wb") as file:
                file.write(sealed)
                file.flush()
                os.fsync(file.fileno())
            growing.replace(place)
            sync_folder(place.parent)
        finally:
            with suppress(OSError):
                growing.unlink(missing_ok=True)


def lacking(connection: Connection, commune: str) -> tuple[str, ...]:
    """Files that entries of a commune name and this node has not: a hundred, the oldest first."""
    rows = _lacking.run(connection, {"com": commune, "most": ASKED_AT_ONCE})
    return tuple(row[0] for row in rows)


def note_held(connection: Connection, sha: str) -> None:
    """The file is here, whole."""
    _held.run(connection, {"sha": sha})


def note_lost(connection: Connection, sha: str) -> None:
    """It is not here after all."""
    connection.execute(delete(tables.blobs).where(tables.blobs.c.sha == sha))


def is_of(connection: Connection, sha: str, commune: str) -> bool:
    """Whether an entry of this commune names the file."""
    return bool(_of.run(connection, {"sha": sha, "com": commune}))


def size_of(connection: Connection, sha: str) -> int:
    """Bytes of a file as the entry says that names it; 0 when none does."""
    rows = _size.run(connection, {"sha": sha})
    return int(rows[0][0]) if rows else 0
