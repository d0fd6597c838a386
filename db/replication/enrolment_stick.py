"""Enrolment where there is no line: the application and its answer as two small files on a stick.

They are the bodies of the line with the same proofs; the code itself is never on the stick. The
answer names clerks, so it is sealed for the machine that applied.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import pyrage
from msgspec import Meta, Struct

from db.identity import Device
from db.refused import Refused
from db.replication.bundle import put
from db.replication.enrolment import (
    PATH,
    Apply,
    Enrolled,
    ServerNotProven,
    is_proof,
    keys_of,
    proof_of,
)
from db.replication.wire import MAX_BODY, BodyWrong, pack, request_is_by, sign_request, unpack

APPLICATION, ANSWER = ".don", ".tra-loi"
MOST = 2 * MAX_BODY
"""Bytes of a file that is read at all."""

Text = Annotated[str, Meta(max_length=200)]


class EnrolmentDamaged(Refused):
    """A file of an enrolment is not what was written, or is for another machine; ``file``."""


class OnPaper(Struct, frozen=True, tag="application"):
    """An application as a file: what the line has as headers, and the body."""

    signature: Text
    proof: Text
    body: bytes


class Answered(Struct, frozen=True, tag="enrolled-on-stick"):
    """The answer, inside its seal."""

    proof: Text
    body: bytes


def write_application(
    folder: Path, code: str, device: Device, door_key: bytes, recipient: str, app: str = ""
) -> Path:
    """Ask to be a counter, by a file; the path it got.

    Raises:
        CodeWrong: it has not thirteen letters. BundleNotWritten: nothing is on the stick.
    """
    keys = keys_of(code)
    application = Apply(keys.handle.hex(), device.public_key.hex(), door_key.hex(), recipient, app)
    body = pack(application)
    # The proof is signed with it: a file that was damaged on its way must cost no try of the code.
    proof = proof_of(keys.seal, body)
    signature = sign_request(device, "POST", PATH, body, proof)
    path = folder / f"{_name(application.handle)}{APPLICATION}"
    put(path, [pack(OnPaper(signature, proof, body))])
    return path


def applications(place: Path) -> Iterator[Path]:
    """Every application in a folder, or the one file."""
    if place.is_file():
        yield from [place] if place.suffix == APPLICATION else []
    else:
        yield from sorted(place.glob(f"HOSO-*{APPLICATION}"))


def read_application(path: Path) -> tuple[Apply, bytes, str]:
    """What a file asks for, its body, and the proof beside it.

    Raises:
        EnrolmentDamaged: it is none, or whoever wrote it does not hold the key it names.
    """
    try:
        paper = unpack(OnPaper, _read(path))
        application = unpack(Apply, paper.body)
    except (BodyWrong, OSError) as fault:
        raise EnrolmentDamaged(file=path.name) from fault
    key = bytes.fromhex(application.public_key)
    if not request_is_by((key,), paper.signature, "POST", PATH, paper.body, paper.proof):
        raise EnrolmentDamaged(file=path.name)
    return application, paper.body, paper.proof


def write_answer(path: Path, application: Apply, enrolled: Enrolled, seal: bytes) -> Path:
    """Answer an application beside it; the path of the answer.

    Raises:
        BundleNotWritten: nothing is on the stick; the same application may be brought again.
    """
    body = pack(enrolled)
    recipient = pyrage.x25519.Recipient.from_str(application.recipient)
    sealed = pyrage.encrypt(pack(Answered(proof_of(seal, body), body)), [recipient])
    answer = path.with_suffix(ANSWER)
    put(answer, [bytes(sealed)])
    return answer


def take_answer(folder: Path, code: str, identity: str) -> Enrolled | None:
    """The answer that lies on the stick; None when there is none yet.

    Raises:
        CodeWrong: the code has not thirteen letters.
        EnrolmentDamaged: the file is not whole, or is for another machine.
        ServerNotProven: who answered does not know the code.
    """
    keys = keys_of(code)
    path = folder / f"{_name(keys.handle.hex())}{ANSWER}"
    try:
        sealed = _read(path)
    except FileNotFoundError:
        return None
    except OSError as fault:
        raise EnrolmentDamaged(file=path.name) from fault
    try:
        opened = pyrage.decrypt(sealed, [pyrage.x25519.Identity.from_str(identity)])
        answered = unpack(Answered, bytes(opened))
    except (pyrage.DecryptError, BodyWrong) as fault:
        raise EnrolmentDamaged(file=path.name) from fault
    if not is_proof(keys.seal, answered.body, answered.proof):
        raise ServerNotProven()
    return unpack(Enrolled, answered.body)


def _name(handle: str) -> str:
    """Eight letters name it; who finds it learns nothing of the code."""
    return f"HOSO-{handle[:8]}"


def _read(path: Path) -> bytes:
    with path.open("rb") as file:
        found = file.read(MOST + 1)
    if len(found) > MOST:
        raise OSError("too large")
    return found
