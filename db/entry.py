"""The line: canonical JSON, its id and its signature; written and read in this one place.

``<id: 64 hex> <signature: base64> <canonical JSON>\\n`` where id = SHA-256(JSON) and the
signature is Ed25519 over ``hoso-entry-1\\0`` + JSON. The envelope never changes (db/README.md).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from db.refused import Refused

MAX_LINE = 256 * 1024
MAX_DEPTH = 12
SIGNED_PREFIX = b"hoso-entry-1\0"
SHARED = "*"
"""The commune of what every commune receives: catalogue, calendar, form texts, offices."""

_FORBIDDEN = re.compile("[\x80-\x9f\u202a-\u202e\u2066-\u2069]")
# What JSON must escape, except quote, backslash, LF and TAB, is a control character.
_ESCAPED_CONTROL = re.compile(rb"(?<!\\)(?:\\\\)*\\[bfru]")
# An escape ends in a letter that is not the text's: LF is written as backslash and n.
_ESCAPE = re.compile(r"\\.")
_ID = re.compile(rb"[0-9a-f]{64}")

_PLAIN = frozenset({str, bool, type(None)})
"""Of these any value may be in an entry, as far as its own shape goes."""

# With ASCII keys, no floats and integers below 2^53 this is RFC 8785, fifty times faster than the
# reference library; the tests hold the two against each other.
_encoder = msgspec.json.Encoder(order="sorted")

Hex64 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
Hex32 = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Hex16 = Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]


class Malformed(Refused):
    """The line is not an entry; ``why`` is a plain word for the finding."""


class Envelope(Struct, frozen=True, forbid_unknown_fields=True):
    """What every entry says about itself; see db/README.md for each field."""

    v: Literal[1]
    dev: Annotated[str, Meta(pattern=r"^(S|[0-9a-f]{16})$")]
    ep: Hex16
    seq: Annotated[int, Meta(ge=1, lt=2**53)]
    prev: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")]
    com: Annotated[str, Meta(min_length=1, max_length=40)]
    obj: Hex32
    par: Annotated[tuple[Hex64, ...], Meta(max_length=200)]
    k: Annotated[str, Meta(pattern=r"^[a-z]+\.[a-z]+$", max_length=60)]
    kv: Annotated[int, Meta(ge=1, le=1_000)]
    ts: Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$")]
    ck: Literal["ok", "unsure"]
    by: Annotated[str, Meta(min_length=1, max_length=60)]
    body: dict[str, Any]


_kept = msgspec.json.Decoder(Envelope)


class Entry(Struct, frozen=True):
    """A read line: its id (hex), its envelope, and the very bytes, newline included."""

    id: str
    says: Envelope
    line: bytes

    @property
    def signature(self) -> bytes:
        """The 64 signature bytes."""
        return base64.b64decode(self.line.split(b" ", 2)[1])

    @property
    def signed_bytes(self) -> bytes:
        """What the signature is over."""
        return SIGNED_PREFIX + self.line.split(b" ", 2)[2][:-1]


def canonical(value: object) -> bytes:
    """RFC 8785 bytes of a value made of what an entry may hold.

    Raises:
        Malformed: a float, a number beyond 2^53, text that is not NFC, a lone surrogate, a
            control character other than LF and TAB, a bidi override, a key that is not ASCII,
            or nesting deeper than 12.
    """
    _check(value, 0)
    try:
        text = _encoder.encode(value)
    except UnicodeEncodeError as e:
        raise Malformed(why="lone-surrogate") from e
    if b"\\" in text and _ESCAPED_CONTROL.search(text):
        raise Malformed(why="forbidden-character")
    if b"\x7f" in text:
        raise Malformed(why="forbidden-character")
    if not text.isascii():
        letters = text.decode()
        if _FORBIDDEN.search(letters):
            raise Malformed(why="forbidden-character")
        if "\\" in letters:
            letters = _ESCAPE.sub('"', letters)
        if not unicodedata.is_normalized("NFC", letters):
            raise Malformed(why="not-nfc")
    return text


def seal(envelope: Envelope, sign: Callable[[bytes], bytes]) -> Entry:
    """The entry for an envelope, signed by its device.

    Raises:
        Malformed: the body holds something an entry may not hold, or is too large.
    """
    text = canonical(msgspec.to_builtins(envelope))
    digest = hashlib.sha256(text).hexdigest()
    signature = base64.b64encode(sign(SIGNED_PREFIX + text))
    line = b"%s %s %s\n" % (digest.encode(), signature, text)
    if len(line) > MAX_LINE:
        raise Malformed(why="too-large")
    return Entry(digest, envelope, line)


def parse(line: bytes) -> Entry:
    """Read one line strictly: form, size, id, canonical form, field types. Not the signature.

    Raises:
        Malformed: with the first thing that is wrong.
    """
    if len(line) > MAX_LINE:
        raise Malformed(why="too-large")
    parts = line.split(b" ", 2)
    if len(parts) != 3 or not line.endswith(b"\n"):
        raise Malformed(why="torn")
    digest, signature, text = parts[0], parts[1], parts[2][:-1]
    if not _ID.fullmatch(digest) or hashlib.sha256(text).hexdigest().encode() != digest:
        raise Malformed(why="bad-hash")
    try:
        plain = base64.b64decode(signature, validate=True)
        # The last letter has bits nobody reads; only one spelling is the line that was written.
        if len(plain) != 64 or base64.b64encode(plain) != signature:
            raise Malformed(why="bad-signature-form")
    except binascii.Error as e:
        raise Malformed(why="bad-signature-form") from e
    return Entry(digest.decode(), _envelope(text), line)


def id_claimed(line: bytes) -> str:
    """The id a line says it has; empty when it says none."""
    return line[:64].decode() if _ID.fullmatch(line[:64]) else ""


def kept(line: bytes) -> Entry:
    """Read a line out of the journal: it was parsed when it came, and its page is sealed since.

    A tenth of the work of ``parse``. Whether every line still is what was written is the doctor's
    question, not that of each key in the find box.

    Raises:
        Malformed: it says nothing that can be understood.
    """
    try:
        digest, _, text = line.split(b" ", 2)
        return Entry(digest.decode(), _kept.decode(text), line)
    except (msgspec.DecodeError, ValueError, RecursionError) as e:
        raise Malformed(why="bad-envelope") from e


def _envelope(text: bytes) -> Envelope:
    try:
        value = msgspec.json.decode(text)
        if canonical(value) != text:
            raise Malformed(why="not-canonical")
        return msgspec.convert(value, Envelope)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise Malformed(why="bad-envelope") from e


def verify(entry: Entry, public_key: bytes) -> bool:
    """Whether the device with this 32-byte Ed25519 public key wrote the entry."""
    return is_by(entry.line, public_key)


def is_by(line: bytes, public_key: bytes) -> bool:
    """The same of a line that was parsed elsewhere."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    _, signature, text = line.split(b" ", 2)
    try:
        Ed25519PublicKey.from_public_bytes(public_key).verify(
            base64.b64decode(signature), SIGNED_PREFIX + text[:-1]
        )
    except InvalidSignature:
        return False
    return True


def _check(value: object, depth: int) -> None:
    """Look at one value and what is in it. Most of it is text, which is not worth a call."""
    inside: Iterable[object]
    if isinstance(value, dict):
        inside = value.values()
        try:
            plain = "".join(value).isascii()
        except TypeError:
            plain = False
        if not plain:
            raise Malformed(why="key-not-ascii")
    elif isinstance(value, (list, tuple)):
        inside = value
    elif isinstance(value, int):
        if not -(2**53) < value < 2**53:
            raise Malformed(why="number-too-large")
        return
    elif value is None or isinstance(value, str):
        return
    else:
        raise Malformed(why="float" if isinstance(value, float) else "not-json")
    if value and depth == MAX_DEPTH:
        raise Malformed(why="too-deep")
    for item in inside:
        if type(item) not in _PLAIN and not (type(item) is int and 0 <= item < 2**53):
            _check(item, depth + 1)


def chained(fh: bytes, id: bytes) -> bytes:
    """The hash of a feed with one entry more: SHA-256 of what it was, and the id; 32 bytes each."""
    return hashlib.sha256(fh + id).digest()
