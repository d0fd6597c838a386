"""How a machine becomes a counter: a one-time code that proves both sides to each other.

The code is never sent. Both sides stretch it with argon2id into a handle, by which the server finds
the slot, and a key under which the application and its answer are sealed (HMAC-SHA-256). So the
first meeting needs no certificate, and who listens learns nothing that lets him answer.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from typing import Annotated, NamedTuple

import httpx
import pyrage
from argon2.low_level import Type, hash_secret_raw
from msgspec import Meta, Struct

from db.entry import Hex16
from db.identity import Device
from db.letters import LETTERS
from db.refused import Refused
from db.replication.channel import first_meeting, is_door_key
from db.replication.messages import Cursor, Declined, Name
from db.replication.wire import BODY_TYPE, SIGNATURE, BodyWrong, pack, sign_request, unpack

CODE_LETTERS = 13
"""65 bits."""
SALT = b"hoso-enrol-1"
PROOF = "x-hoso-proof"
PATH = "/v1/enrol"
_SLIPS = str.maketrans("ILO", "110")


class CodeWrong(Refused):
    """The code has not 13 letters, or the server does not know it; ``why``: ``form``,
    ``unknown``, ``used``, ``expired``, ``tries`` or ``wait``."""


class ServerNotProven(Refused):
    """Whoever answered does not know the code: it is not the server that issued it."""


class ServerNotReached(Refused):
    """No answer from the server's address; ``url``."""


class Apply(Struct, frozen=True, tag="apply"):
    """A machine asks to be the counter of a slot."""

    handle: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    public_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    door_key: Annotated[str, Meta(max_length=400, pattern=r"^[0-9a-f]*$")]
    """Public half of its TLS key, DER in hex."""
    recipient: Annotated[str, Meta(max_length=200)]
    """Whom bundles for it are encrypted to (age)."""
    app: Name = ""


class Enrolled(Struct, frozen=True, tag="enrolled"):
    """The answer: what this counter is, whom it belongs to, and what it needs to begin at once."""

    device: Hex16
    com: Name
    office: Name
    number: int
    keys: tuple[str, ...]
    authority: str
    recipient: str
    name: str
    srv: str
    certificate: str
    """For its own door, PEM."""
    head: Cursor
    """The end of the feed now: history is below it, news above."""
    lines: tuple[bytes, ...]
    """Everything offices published that it needs."""


class CodeKeys(NamedTuple):
    """What a code is stretched into."""

    handle: bytes
    seal: bytes


def new_code() -> str:
    """A code nobody can guess: ``8F3K2-9TQ7M-XAB``."""
    letters = "".join(secrets.choice(LETTERS) for _ in range(CODE_LETTERS))
    return "-".join((letters[:5], letters[5:10], letters[10:]))


def keys_of(code: str) -> CodeKeys:
    """Handle and sealing key of a code as a person typed it.

    Raises:
        CodeWrong: it has not thirteen letters of the alphabet; ``why`` is ``form``.
    """
    letters = "".join(code.upper().split()).replace("-", "").translate(_SLIPS)
    if len(letters) != CODE_LETTERS or set(letters) - set(LETTERS):
        raise CodeWrong(why="form")
    raw = hash_secret_raw(letters.encode(), SALT, 3, 65_536, 4, 48, Type.ID)
    return CodeKeys(raw[:16], raw[16:])


def has_real_keys(application: Apply) -> bool:
    """Whether a certificate can be made for its door, and a bundle sealed for it."""
    door = bytes.fromhex(application.door_key) if len(application.door_key) % 2 == 0 else b"?"
    return is_recipient(application.recipient) and (not door or is_door_key(door))


def is_recipient(text: str) -> bool:
    """Whether a bundle can be sealed for it."""
    try:
        pyrage.x25519.Recipient.from_str(text)
        return True
    except pyrage.RecipientError:
        return False


def proof_of(seal: bytes, body: bytes) -> str:
    """What only somebody who knows the code can write beside a body."""
    return hmac.new(seal, body, hashlib.sha256).hexdigest()


def is_proof(seal: bytes, body: bytes, said: str) -> bool:
    """Whether the proof beside a body is right."""
    return hmac.compare_digest(proof_of(seal, body).encode(), said.encode())


def enrol(
    url: str,
    code: str,
    device: Device,
    door_key: bytes,
    recipient: str,
    app: str = "",
    transport: httpx.BaseTransport | None = None,
) -> Enrolled:
    """Ask a server to take this device as one of its counters.

    Raises:
        CodeWrong: the code is not in order; ``why`` says how.
        ServerNotReached: nothing answered.
        ServerNotProven: something else answered.
    """
    keys = keys_of(code)
    application = Apply(keys.handle.hex(), device.public_key.hex(), door_key.hex(), recipient, app)
    body = pack(application)
    headers = {
        SIGNATURE: sign_request(device, "POST", PATH, body, ""),
        PROOF: proof_of(keys.seal, body),
        "content-type": BODY_TYPE,
    }
    try:
        with httpx.Client(
            base_url=url, verify=first_meeting(), transport=transport, timeout=60
        ) as client:
            answer = client.post(PATH, content=body, headers=headers)
    except (httpx.TransportError, httpx.InvalidURL, httpx.UnsupportedProtocol) as e:
        raise ServerNotReached(url=url) from e
    said = answer.headers.get(PROOF, "")
    if answer.status_code != 200:
        # Nobody can prove himself about a code he does not know; no key hangs on this answer.
        raise _refusal(answer.content)
    if not is_proof(keys.seal, answer.content, said):
        raise ServerNotProven()
    return unpack(Enrolled, answer.content)


def _refusal(body: bytes) -> Refused:
    try:
        return CodeWrong(why=unpack(Declined, body).why)
    except BodyWrong:
        return ServerNotProven()
