"""Messages as bytes: packed, bounded when unpacked, and signed by whoever says them."""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
from typing import Any, TypeVar

import msgspec
import zstandard
from msgspec import Struct

from db.identity import Device
from db.refused import Refused
from db.replication.messages import PAGE_BYTES, PAGE_IDS

M = TypeVar("M", bound=Struct)

LEVEL = 9
MAX_BODY = PAGE_BYTES + 1_000_000
"""Bytes of a body as it travels."""
MAX_UNPACKED = max(2 * PAGE_BYTES, 40 * PAGE_IDS)
"""Bytes of a body unpacked: a page, its head, and the one line that may go over."""
DEVICE, SIGNATURE, NONCE = "x-hoso-device", "x-hoso-signature", "x-hoso-nonce"
BODY_TYPE = "application/vnd.hoso+zstd"
REQUEST, ANSWER = b"hoso-request-1\0", b"hoso-answer-1\0"


class BodyWrong(Refused):
    """A body that is no message: ``why`` is ``size``, ``pack``, ``form`` or ``lines``."""


_WIDTH = {"lines": 0, "ids": 32}
"""What travels beside the JSON head: whole lines, or ids of 32 bytes each."""


def pack(message: Struct) -> bytes:
    """One message as a body: a JSON head in one line, then what it carries, zstd over both."""
    plain = msgspec.structs.asdict(message)
    rest = b"".join(plain.pop(_carried(type(message)), ()))
    head = msgspec.json.encode({"type": message.__struct_config__.tag, **plain})
    return zstandard.ZstdCompressor(level=LEVEL).compress(head + b"\n" + rest)


def unpack(kind: type[M], body: bytes) -> M:
    """The message in a body.

    Raises:
        BodyWrong: it is too large, damaged, cut off, or not of this kind.
    """
    head, end, rest = _unpacked(body).partition(b"\n")
    carried = _carried(kind)
    if not end or (rest and not carried):
        raise BodyWrong(why="form")
    try:
        plain = msgspec.json.decode(head, type=dict[str, Any])
        if carried:
            plain[carried] = _split(rest, _WIDTH[carried])
        return msgspec.convert(plain, kind)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise BodyWrong(why="form") from e


def _carried(kind: type[Struct]) -> str:
    return next((name for name in _WIDTH if name in kind.__struct_fields__), "")


def _unpacked(body: bytes) -> bytes:
    if not body or len(body) > MAX_BODY:
        raise BodyWrong(why="size")
    try:
        # The frame's own word for its size is not believed: 6 KB became 200 MB that way.
        stream = zstandard.ZstdDecompressor().stream_reader(
            io.BytesIO(body), read_across_frames=False
        )
        plain = stream.read(MAX_UNPACKED + 1)
        said = zstandard.frame_content_size(body)
    except zstandard.ZstdError as e:
        raise BodyWrong(why="pack") from e
    if len(plain) > MAX_UNPACKED:
        raise BodyWrong(why="size")
    if len(plain) != said:
        raise BodyWrong(why="pack")
    return plain


def _split(rest: bytes, width: int) -> tuple[bytes, ...]:
    if width:
        if len(rest) % width:
            raise BodyWrong(why="lines")
        return tuple(rest[at : at + width] for at in range(0, len(rest), width))
    if rest and not rest.endswith(b"\n"):
        raise BodyWrong(why="lines")
    return tuple(line + b"\n" for line in rest.split(b"\n")[:-1])


# ---------------------------------------------------------------- signatures


def sign_request(device: Device, method: str, target: str, body: bytes, nonce: str) -> str:
    """The signature of a request: base64. ``target`` is the path with its query."""
    return _text(device.sign(_of_request(method, target, body, nonce)))


def request_is_by(
    keys: tuple[bytes, ...], signature: str, method: str, target: str, body: bytes, nonce: str
) -> bool:
    """Whether one of these keys signed the request."""
    return _signed_by(keys, signature, _of_request(method, target, body, nonce))


def sign_answer(device: Device, request_signature: str, status: int, body: bytes) -> str:
    """The signature of an answer to the request with this signature: base64."""
    return _text(device.sign(_of_answer(request_signature, status, body)))


def answer_is_by(
    keys: tuple[bytes, ...], signature: str, request_signature: str, status: int, body: bytes
) -> bool:
    """Whether one of these keys signed this very answer to that very request."""
    return _signed_by(keys, signature, _of_answer(request_signature, status, body))


def _of_request(method: str, target: str, body: bytes, nonce: str) -> bytes:
    head = f"{method} {target}\n{nonce}\n".encode()
    return REQUEST + head + hashlib.sha256(body).digest()


def _of_answer(request_signature: str, status: int, body: bytes) -> bytes:
    to = hashlib.sha256(request_signature.encode()).digest()
    return ANSWER + to + status.to_bytes(2, "big") + hashlib.sha256(body).digest()


def _signed_by(keys: tuple[bytes, ...], signature: str, message: bytes) -> bool:
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        plain = base64.b64decode(signature, validate=True)
    except (binascii.Error, ValueError):
        return False
    for key in keys:
        try:
            Ed25519PublicKey.from_public_bytes(key).verify(plain, message)
            return True
        except InvalidSignature:
            continue
    return False


def _text(signature: bytes) -> str:
    return base64.b64encode(signature).decode()
