"""The database key, sealed to this machine; and the same key on paper, for the day it dies.

``counter.key`` is one JSON object: which method sealed the key, when, the sealed bytes and a
checksum, so that a damaged file is told from a wrong passphrase. Neither the key nor its paper
form is ever logged or put into a refusal.
"""

from __future__ import annotations

import errno
import hashlib
import secrets
import sys
import unicodedata
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from msgspec import Meta

from db.letters import LETTERS
from db.machine_secrets import dpapi, secret_of_account, secret_service, write_whole
from db.refused import Refused

KEY_BYTES = 32

Method = Literal["dpapi", "secret_service", "passphrase", "machine"]
Protects = Literal["copied_folder", "other_account", "stolen_machine"]


class KeySealedElsewhere(Refused):
    """The key file is whole, but this machine or this account cannot open it now.

    Facts: ``method``. The recovery key opens the database.
    """


class WrongPassphrase(Refused):
    """The passphrase does not open the key file. Fact: ``given``, False when there was none."""


class KeyFileDamaged(Refused):
    """The key file is missing or not what was written. Facts: ``path``, ``why``."""


class KeyFileUnwritable(Refused):
    """The key could not be put on the disk; nothing was sealed. Facts: ``path``, ``why``."""


class RecoveryKeyWrong(Refused):
    """The paper key was typed wrongly.

    Facts: ``group``, the group to look at again, counted from 1 (0: cannot be told), and
    ``why``: ``length``, ``letter`` or ``check``.
    """


class KeyFile(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What stands in ``counter.key``. ``salt`` may be the name the secret service knows."""

    method: Method
    created: str
    sealed: bytes
    check: str
    salt: bytes = b""
    memory_kib: Annotated[int, Meta(ge=0, le=1 << 20)] = 0
    passes: Annotated[int, Meta(ge=0, le=64)] = 0
    lanes: Annotated[int, Meta(ge=0, le=64)] = 0

    def __post_init__(self) -> None:
        """Refuse, as damage, costs that argon2 would not take."""
        if self.method == "passphrase" and not 0 < 8 * self.lanes <= self.memory_kib:
            raise ValueError("costs")

    @property
    def protects(self) -> Protects:
        """Against whom: someone with a copy of the data folder and no more; another account, or
        the disk put into another machine; someone with the whole machine."""
        protected: dict[Method, Protects] = {
            "machine": "copied_folder",
            "dpapi": "other_account",
            "secret_service": "other_account",
            "passphrase": "stolen_machine",
        }
        return protected[self.method]

    def checksum(self) -> str:
        """SHA-256 over every other field."""
        blank = msgspec.structs.replace(self, check="")
        return hashlib.sha256(msgspec.json.encode(blank)).hexdigest()


def seal(key: bytes, path: Path, passphrase: str | None = None) -> Method:
    """Seal the database key to this machine, or to a passphrase if one is given.

    Returns the method taken. Where neither DPAPI nor a running, unlocked secret service is
    there, that is a secret file of this account (``KeyFile.protects`` says what it is worth).

    Raises:
        KeyFileUnwritable: the disk is full, or the folder may not be written.
    """
    if len(key) != KEY_BYTES:
        raise ValueError(f"a database key has {KEY_BYTES} bytes")
    try:
        if passphrase is not None:
            kept = _seal_by_passphrase(key, passphrase)
        elif sys.platform == "win32":
            kept = _key_file("dpapi", dpapi(key, seal=True))
        else:
            kept = _seal_by_secret_service(key) or _seal_by_account(key)
        write_whole(path, msgspec.json.format(msgspec.json.encode(kept), indent=1) + b"\n")
    except OSError as fault:
        raise KeyFileUnwritable(path=str(path), why=_why(fault)) from fault
    return kept.method


def unseal(path: Path, passphrase: str | None = None) -> bytes:
    """The database key.

    Raises:
        KeySealedElsewhere: another machine, another account, or its secret service is closed.
        WrongPassphrase: the file wants one, and this is not it.
        KeyFileDamaged: missing, cut short, or changed.
    """
    kept = read_key_file(path)
    if kept.method == "passphrase" and passphrase is None:
        raise WrongPassphrase(given=False)
    openers: dict[Method, Callable[[], bytes]] = {
        "passphrase": lambda: _unwrap(_stretched(passphrase or "", kept), kept),
        "dpapi": lambda: dpapi(kept.sealed, seal=False),
        "secret_service": lambda: _unwrap(_key_of_secret_service(kept.salt), kept),
        "machine": lambda: _unwrap(_key_of_account(kept.salt, make=False), kept),
    }
    try:
        key = openers[kept.method]()
    except (InvalidTag, OSError) as fault:
        if kept.method == "passphrase":
            raise WrongPassphrase(given=True) from fault
        raise KeySealedElsewhere(method=kept.method) from fault
    if len(key) != KEY_BYTES:
        raise KeyFileDamaged(path=str(path), why="length")
    return key


def read_key_file(path: Path) -> KeyFile:
    """The key file, still sealed: for the doctor, and to ask whether a passphrase is wanted.

    Raises:
        KeyFileDamaged: missing, cut short, or changed.
    """
    try:
        kept = msgspec.json.decode(path.read_bytes(), type=KeyFile)
    except OSError as fault:
        raise KeyFileDamaged(path=str(path), why=_why(fault)) from fault
    except (msgspec.DecodeError, UnicodeDecodeError) as fault:
        raise KeyFileDamaged(path=str(path), why="form") from fault
    if kept.check != kept.checksum():
        raise KeyFileDamaged(path=str(path), why="checksum")
    return kept


def derived(secret: bytes, purpose: bytes, salt: bytes = b"") -> bytes:
    """A key of its own for each purpose (HKDF, RFC 5869), so that one secret serves several."""
    return HKDF(SHA256(), KEY_BYTES, salt, b"desk-app " + purpose).derive(secret)


def _key_file(method: Method, sealed: bytes, salt: bytes = b"", **cost: int) -> KeyFile:
    # Only a note for people: nothing depends on this machine's clock being right.
    created = datetime.now().astimezone().isoformat(timespec="seconds")
    kept = KeyFile(method, created, sealed, "", salt, **cost)
    return msgspec.structs.replace(kept, check=kept.checksum())


def _wrapped(method: Method, wrapping: bytes, key: bytes) -> bytes:
    nonce = secrets.token_bytes(12)
    return nonce + AESGCM(wrapping).encrypt(nonce, key, method.encode())


def _unwrap(wrapping: bytes, kept: KeyFile) -> bytes:
    return AESGCM(wrapping).decrypt(kept.sealed[:12], kept.sealed[12:], kept.method.encode())


def _seal_by_passphrase(key: bytes, passphrase: str) -> KeyFile:
    # RFC 9106's second choice, for machines without 2 GiB to spare: 64 MiB, 3 passes, 4 lanes.
    asked = KeyFile("passphrase", "", b"", "", secrets.token_bytes(16), 64 * 1024, 3, 4)
    sealed = _wrapped("passphrase", _stretched(passphrase, asked), key)
    return _key_file("passphrase", sealed, asked.salt, memory_kib=64 * 1024, passes=3, lanes=4)


def _stretched(passphrase: str, cost: KeyFile) -> bytes:
    from argon2.low_level import Type, hash_secret_raw

    # The same passphrase typed on another keyboard may arrive decomposed.
    typed = unicodedata.normalize("NFC", passphrase).encode("utf-8", "surrogatepass")
    return hash_secret_raw(
        typed, cost.salt, cost.passes, cost.memory_kib, cost.lanes, KEY_BYTES, Type.ID
    )


def _seal_by_secret_service(key: bytes) -> KeyFile | None:
    service = secret_service()
    name, wrapping = secrets.token_hex(8), secrets.token_bytes(KEY_BYTES)
    if service is None:
        return None
    service.keep(name, wrapping.hex())
    # Asked back before it is trusted: a service that forgets would lock the counter out.
    if service.kept(name) != wrapping.hex():
        return None
    sealed = _wrapped("secret_service", wrapping, key)
    return _key_file("secret_service", sealed, name.encode())


def _key_of_secret_service(name: bytes) -> bytes:
    service = secret_service()
    kept = None if service is None else service.kept(name.decode())
    if kept is None:
        raise KeySealedElsewhere(method="secret_service")
    return bytes.fromhex(kept)


def _seal_by_account(key: bytes) -> KeyFile:
    salt = secrets.token_bytes(16)
    return _key_file("machine", _wrapped("machine", _key_of_account(salt, make=True), key), salt)


def _key_of_account(salt: bytes, *, make: bool) -> bytes:
    return derived(secret_of_account(make=make), b"machine", salt)


def _why(fault: OSError) -> str:
    return errno.errorcode.get(fault.errno or 0, "OSError")


# ---------------------------------------------------------------- on paper

MISREAD = str.maketrans({"O": "0", "I": "1", "L": "1", **dict.fromkeys(" -–—._\t\r\n\u00a0")})
GROUPS = 14
"""Thirteen groups hold the 256 bits and four spare ones, the last is the check."""


def recovery_words(key: bytes) -> str:
    """The database key for paper: fourteen groups of four letters and digits."""
    number = int.from_bytes(key, "big") << 4
    letters = "".join(LETTERS[number >> (5 * place) & 31] for place in reversed(range(52)))
    whole = letters + _check(letters)
    return " ".join(whole[at : at + 4] for at in range(0, 4 * GROUPS, 4))


def key_from_recovery(text: str) -> bytes:
    """The database key from paper; spaces, case, O for 0 and I or L for 1 do not matter.

    Raises:
        RecoveryKeyWrong: a letter too many, not of the alphabet, or simply another one.
    """
    typed = text.upper().translate(MISREAD)
    for place, letter in enumerate(typed[: 4 * GROUPS]):
        if letter not in LETTERS:
            raise RecoveryKeyWrong(group=place // 4 + 1, why="letter")
    if len(typed) != 4 * GROUPS:
        raise RecoveryKeyWrong(group=min(len(typed) // 4 + 1, GROUPS), why="length")
    if not _holds(typed):
        raise RecoveryKeyWrong(group=_group_of_slip(typed), why="check")
    number = 0
    for letter in typed[:52]:
        number = number << 5 | LETTERS.index(letter)
    return (number >> 4).to_bytes(KEY_BYTES, "big")


def _check(letters: str) -> str:
    digest = hashlib.sha256(b"desk-app recovery " + letters.encode()).digest()
    number = int.from_bytes(digest[:3], "big")
    return "".join(LETTERS[number >> shift & 31] for shift in (15, 10, 5, 0))


def _holds(typed: str) -> bool:
    return _check(typed[:52]) == typed[52:] and LETTERS.index(typed[51]) % 16 == 0


def _group_of_slip(typed: str) -> int:
    """The one group in which a changed letter, or two swapped, would make the check hold."""
    mended = {
        place // 4 + 1
        for place in range(4 * GROUPS)
        for letter in LETTERS
        if _holds(typed[:place] + letter + typed[place + 1 :])
    } | {
        place // 4 + 1
        for place in range(4 * GROUPS - 1)
        if _holds(typed[:place] + typed[place + 1] + typed[place] + typed[place + 2 :])
    }
    return mended.pop() if len(mended) == 1 else 0
