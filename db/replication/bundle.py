"""A file for a stick: the messages of two nodes as signed, sealed parts, one after the other.

Each part stands alone: what is cut off or damaged takes only itself along. A part is four bytes of
length, SHA-256 of what follows, and that: an age file for one reader, which holds the sender's
signature, a slip, and a body as it would travel over the line.
"""

from __future__ import annotations

import errno
import hashlib
import os
import secrets
import shutil
import struct
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated, Literal, NamedTuple

import msgspec
import pyrage
from msgspec import Meta, Struct

from db.entry import Hex16
from db.identity import Device
from db.machine_secrets import sync_folder
from db.refused import Refused
from db.replication.messages import Cursor, Name
from db.replication.wire import MAX_BODY

MAGIC = b"HOSO-BUNDLE "
VERSION = 1
PART = b"hoso-part-1\0"
MOST = MAX_BODY + 100_000
"""Bytes of a sealed part."""
SEALING = 800
"""Bytes at most that sealing, signature and slip add to a part."""
MEGABYTE = 1_000_000
_FRAME = struct.Struct(">I32s")
_HEAD = struct.Struct(">I")

Tag = Literal["hello", "push", "pull", "welcome", "pushed", "ids", "page", "end"]


class NotForUs(Refused):
    """The bundle is sealed for another machine; ``file``."""


class BundleTooNew(Refused):
    """A newer program made it; ``version``."""


class NoBundle(Refused):
    """There is no bundle in the place that was named, or it is none; ``path``."""


class BundleNotWritten(Refused):
    """It is not on the stick: ``why`` is ``full`` (``need`` and ``free`` in MB), ``read-only``,
    ``gone`` or ``differs`` (read back, it was not what had been written)."""


class Slip(Struct, frozen=True, omit_defaults=True):
    """What a part is, signed with it."""

    dev: Name
    id: Hex16
    """The bundle it belongs to."""
    at: Annotated[int, Meta(ge=0, lt=2**31)]
    tag: Tag
    number: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    """Of a question: when it was asked, in seconds; of an answer: which question it is for."""
    after: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    until: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    """Of pushed lines: their places in the asker's journal."""
    cursor: Cursor | None = None
    """Of a page: where it goes on from."""
    lines: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    """How many lines the bundle holds: said in every part, so that a cut is measured."""
    here: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    """How many are in this part."""
    parts: Annotated[int, Meta(ge=0, lt=2**31)] = 0
    """At the end: how many parts."""


class Part(NamedTuple):
    """One part; ``signature`` is its sender's."""

    slip: Slip
    body: bytes
    signature: bytes = b""

    def is_by(self, keys: Iterable[bytes]) -> bool:
        """Whether one of these keys signed it."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        for key in keys:
            with suppress(InvalidSignature):
                Ed25519PublicKey.from_public_bytes(key).verify(self.signature, _signed(self))
                return True
        return False


class Written(NamedTuple):
    """A bundle that was read back from the stick and is what was to be written."""

    path: Path
    parts: int
    lines: int
    bytes: int


def write_bundle(
    path: Path, said: Iterable[tuple[Slip, bytes, int]], device: Device, recipient: str
) -> Written:
    """Write a bundle beside its name, read it back, and only then let it take its name.

    ``said`` is each slip (``id`` and ``at`` are filled in), body, and how many lines are in it.

    Raises:
        BundleNotWritten: nothing has changed on the stick.
    """
    # Packed as they travel, some 250 bytes a line: a commune's whole history fits in memory.
    parts = list(said)
    lines = sum(count for _, _, count in parts)
    seal = pyrage.x25519.Recipient.from_str(recipient)
    need = sum(len(body) + SEALING for _, body, _ in parts) + SEALING
    size = put(path, _chunks(parts, lines, device, seal), need)
    return Written(path, len(parts) + 1, lines, size)


def put(path: Path, chunks: Iterable[bytes], need: int = 0) -> int:
    """Write a file beside its name, read it back, and only then let it take its name; its bytes.

    Raises:
        BundleNotWritten: nothing has changed on the stick. ``need``: bytes it will come to.
    """
    growing = path.with_name(path.name + ".tmp")
    whole, size = hashlib.sha256(), 0
    try:
        with _told(growing, lambda: size, need), growing.open("wb") as file:
            for chunk in chunks:
                whole.update(chunk)
                file.write(chunk)
                size += len(chunk)
            file.flush()
            os.fsync(file.fileno())
            _forget(file.fileno())
        with _told(growing, lambda: size, need):
            if _digest(growing) != whole.digest():
                raise BundleNotWritten(why="differs", path=str(path))
            growing.replace(path)
            sync_folder(path.parent)
    finally:
        with suppress(OSError):
            growing.unlink(missing_ok=True)
    return size


def read_bundle(path: Path, identity: str) -> Iterator[Part | None]:
    """The parts in the order they stand; None for one that is damaged or cut off.

    Signatures are not looked at here: who may have signed is the reader's affair.

    Raises:
        NoBundle: the file is none. BundleTooNew, NotForUs: nothing can be read.
    """
    opener = pyrage.x25519.Identity.from_str(identity)
    try:
        with path.open("rb") as file:
            first = file.read(len(MAGIC) + 8)
            if not first.startswith(MAGIC):
                raise NoBundle(path=str(path))
            version = first[len(MAGIC) :].partition(b"\n")[0]
            if version != b"%d" % VERSION:
                raise BundleTooNew(version=version.decode("ascii", "replace"))
            file.seek(len(MAGIC) + len(version) + 1)
            opened = False
            for sealed in _frames(file.read):
                part = None if sealed is None else _open(sealed, opener)
                if sealed is not None and part is None and not opened:
                    raise NotForUs(file=path.name)
                opened = opened or part is not None
                yield part
    except OSError as fault:
        raise NoBundle(path=str(path)) from fault


def _chunks(
    parts: Sequence[tuple[Slip, bytes, int]],
    lines: int,
    device: Device,
    seal: pyrage.x25519.Recipient,
) -> Iterator[bytes]:
    id_, count = secrets.token_hex(8), len(parts) + 1
    yield MAGIC + b"%d\n" % VERSION
    for at, (slip, body, here) in enumerate(parts):
        full = msgspec.structs.replace(slip, dev=device.id, id=id_, at=at, lines=lines, here=here)
        yield _frame(_plain(full, body, device), seal)
    end = Slip(device.id, id_, count - 1, "end", lines=lines, parts=count)
    yield _frame(_plain(end, b"", device), seal)


def _plain(slip: Slip, body: bytes, device: Device) -> bytes:
    head = msgspec.json.encode(slip)
    signature = device.sign(_signed(Part(slip, body)))
    return signature + _HEAD.pack(len(head)) + head + body


def _signed(part: Part) -> bytes:
    return PART + msgspec.json.encode(part.slip) + hashlib.sha256(part.body).digest()


def _frame(plain: bytes, seal: pyrage.x25519.Recipient) -> bytes:
    sealed = bytes(pyrage.encrypt(plain, [seal]))
    return _FRAME.pack(len(sealed), hashlib.sha256(sealed).digest()) + sealed


def _frames(read: Callable[[int], bytes]) -> Iterator[bytes | None]:
    """Sealed parts; None for a damaged one. A length that cannot be ends the reading."""
    while head := read(_FRAME.size):
        if len(head) < _FRAME.size:
            yield None
            return
        length, digest = _FRAME.unpack(head)
        if length > MOST:
            yield None
            return
        sealed = read(length)
        right = len(sealed) == length and hashlib.sha256(sealed).digest() == digest
        yield sealed if right else None


def _open(sealed: bytes, identity: pyrage.x25519.Identity) -> Part | None:
    try:
        plain = bytes(pyrage.decrypt(sealed, [identity]))
        (length,) = _HEAD.unpack(plain[64:68])
        slip = msgspec.json.decode(plain[68 : 68 + length], type=Slip)
    except (pyrage.DecryptError, struct.error, msgspec.DecodeError):
        return None
    return Part(slip, plain[68 + length :], plain[:64])


@contextmanager
def _told(path: Path, size: Callable[[], int], need: int) -> Iterator[None]:
    """Turns what a stick does into a refusal; ``size`` is what was written until then, which is
    taken away again."""
    try:
        yield
    except OSError as fault:
        why = {errno.ENOSPC: "full", errno.EROFS: "read-only", errno.EACCES: "read-only"}
        free = (_free(path.parent) + size()) // MEGABYTE
        raise BundleNotWritten(
            why=why.get(fault.errno or 0, "gone"),
            path=str(path.parent),
            need=-(-max(size(), need) // MEGABYTE),
            free=free,
        ) from fault


def _free(folder: Path) -> int:
    try:
        return shutil.disk_usage(folder).free
    except OSError:
        return 0


def _digest(path: Path) -> bytes:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").digest()


def _forget(descriptor: int) -> None:
    """Let the system read the stick itself when it is read back, where it can be asked to."""
    if hasattr(os, "posix_fadvise"):
        os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
