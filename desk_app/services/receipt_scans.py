"""The office's copies of the receipts, scanned: their signed codes become dossiers again."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

import msgspec

from db import projection
from db.dossier import Dossier
from db.kinds import DossierRecovered
from db.refused import Refused
from db.trust import Trust, read_trust
from desk_app.desk import Desk
from desk_app.services.receipts import SIGNED_MARK, SIGNED_PREFIX

if TYPE_CHECKING:
    from PIL.Image import Image

SCALES = (200, 300, 120)
"""Dots an inch at which a page is looked at, until its codes are found."""
MOST_PAGES = 2_000


class NotAReceipt(Refused):
    """The code is none of a receipt's office copy."""


class ReceiptForged(Refused):
    """The signature is not that of the counter the code names; ``code`` of the dossier."""


class CounterUnknown(Refused):
    """The code names a counter nobody here knows, as one of another commune; ``code``."""


class ScanUnreadable(Refused):
    """A file that is no PDF and no picture, or is damaged; ``path``."""


class Paper(NamedTuple):
    """What a signed code says, and its signature."""

    id: bytes
    body: DossierRecovered
    signed: bytes


class Found(NamedTuple):
    """What became of one code on paper."""

    code: str
    what: Literal["recovered", "known", "refused"]
    refused: Refused | None = None


class Scanned(NamedTuple):
    """What came of one file."""

    file: str
    found: tuple[Found, ...]
    pages_without: int
    """Pages on which no code of any kind could be read."""


def from_scans(desk: Desk, files: list[Path]) -> Iterator[Scanned]:
    """Make the dossiers of these scans again, as far as the paper says them. The same paper twice,
    here or at another counter, adds nothing; nor does paper of a dossier that is here.

    Raises:
        ScanUnreadable: the file cannot be read; what was recovered before stays.
    """
    for file in files:
        found: list[Found] = []
        without = 0
        for codes in _codes_of(file):
            without += not codes
            found += (recover(desk, text) for text in codes if text.startswith(SIGNED_MARK + "|"))
        yield Scanned(file.name, tuple(found), without)


def recover(desk: Desk, text: str) -> Found:
    """One code: a stub with every key field, unless the dossier is here."""
    code = text.split("|")[1] if text.count("|") > 1 else ""
    try:
        paper = read_code(text)
        with desk.reading() as connection:
            trust = read_trust(connection)
        prove(paper, trust)
    except (NotAReceipt, ReceiptForged, CounterUnknown) as refused:
        return Found(code, "refused", refused)
    with desk.reading() as connection:
        known = projection.dossier_of(connection, paper.id)
    if known is not None:
        return Found(paper.body.code, "known")
    _save(desk, paper)
    return Found(paper.body.code, "recovered")


def read_code(text: str) -> Paper:
    """The fields of a signed code.

    Raises:
        NotAReceipt: it is another code, or damaged.
    """
    parts = text.split("|")
    if len(parts) != 10 or parts[0] != SIGNED_MARK:
        raise NotAReceipt()
    _, code, obj, procedure, applicant, due_at, dev, ep, seq, signature = parts
    plain = {"code": code, "procedure": procedure, "applicant": applicant, "due_at": due_at}
    plain |= {"dev": dev, "ep": ep, "signature": signature}
    try:
        body = msgspec.convert({**plain, "seq": int(seq)}, DossierRecovered)
        id_ = bytes.fromhex(obj)
    except (msgspec.ValidationError, ValueError) as e:
        raise NotAReceipt() from e
    if len(id_) != 16:
        raise NotAReceipt()
    return Paper(id_, body, text.rpartition("|")[0].encode())


def prove(paper: Paper, trust: Trust) -> None:
    """The signature is that of a counter which is believed.

    Raises:
        CounterUnknown, ReceiptForged: it is not.
    """
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    code, device = paper.body.code, paper.body.dev
    if device not in trust.keys:
        raise CounterUnknown(code=code)
    try:
        padded = paper.body.signature + "=" * (-len(paper.body.signature) % 4)
        signature = base64.urlsafe_b64decode(padded)
        for key in trust.keys[device]:
            Ed25519PublicKey.from_public_bytes(key).verify(signature, SIGNED_PREFIX + paper.signed)
    except (InvalidSignature, binascii.Error, ValueError) as e:
        raise ReceiptForged(code=code) from e


def _save(desk: Desk, paper: Paper) -> Dossier | None:
    with desk.saving() as saving:
        return saving.append(paper.id, paper.body)


# ---------------------------------------------------------------- pictures


def _codes_of(file: Path) -> Iterator[list[str]]:
    """The codes on every page of a PDF, or on a picture; the citizen's copy has another kind."""
    if file.suffix.casefold() == ".pdf":
        yield from _codes_of_pdf(file)
        return
    from PIL import Image, UnidentifiedImageError

    try:
        with Image.open(file) as picture:
            yield _codes_on(picture.convert("L"))
    except (OSError, UnidentifiedImageError, Image.DecompressionBombError) as e:
        raise ScanUnreadable(path=str(file)) from e


def _codes_of_pdf(file: Path) -> Iterator[list[str]]:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(file)
    except (pypdfium2.PdfiumError, OSError) as e:
        raise ScanUnreadable(path=str(file)) from e
    try:
        for number in range(min(len(document), MOST_PAGES)):
            page = document[number]
            codes: list[str] = []
            for dots in SCALES:
                if codes := _codes_on(page.render(scale=dots / 72, grayscale=True).to_pil()):
                    break
            page.close()
            yield codes
    finally:
        document.close()


def _codes_on(picture: Image) -> list[str]:
    """Texts of the codes on a picture, turned any way."""
    import zxingcpp

    kind = zxingcpp.BarcodeFormats(zxingcpp.BarcodeFormat.QRCode)
    read: list[Any] = zxingcpp.read_barcodes(picture, formats=kind)
    return list(dict.fromkeys(each.text for each in read if each.valid))
