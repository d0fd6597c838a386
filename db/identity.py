"""Who this machine is: its Ed25519 key, the device id made from it, and this start's epoch."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey


SERVER = "S"
"""What the server is called in entries and among peers, whatever its key."""


class Device:
    """A device's signing key. The private half lives only in the encrypted database."""

    def __init__(self, key: Ed25519PrivateKey, id: str = "") -> None:
        self._key = key
        self.public_key = key.public_key().public_bytes_raw()
        """32 bytes, as enrolled."""
        self.id = id or device_id(self.public_key)
        """16 hex digits of the public key's hash: it cannot be chosen, so it cannot be taken.
        The server is ``S``; its keys are pinned."""

    def sign(self, message: bytes) -> bytes:
        """64 signature bytes."""
        return self._key.sign(message)

    def private_bytes(self) -> bytes:
        """For the encrypted database only."""
        return self._key.private_bytes_raw()


def new_device() -> Device:
    """A key nobody has."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Device(Ed25519PrivateKey.generate())


def device_from(private: bytes, id: str = "") -> Device:
    """The device of 32 stored private bytes; ``id`` is the server's."""
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    return Device(Ed25519PrivateKey.from_private_bytes(private), id)


def device_id(public_key: bytes) -> str:
    """The id that goes with a public key."""
    return hashlib.sha256(b"hoso-device-1\0" + public_key).hexdigest()[:16]
