"""The receipt's PDF: written and kept, and marked printed only on somebody's word."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

from sqlalchemy import select

from db import projection
from db.dossier import Dossier, Print
from db.entry import Entry, parse
from db.kinds import ReceiptPrinted
from db.refused import Refused
from db.tables import journal
from desk_app.desk import Desk
from desk_app.papers.receipt import Receipt, Size, receipt_pdf
from desk_app.published import Published, Words
from desk_app.services.correct import AlreadyVoided
from desk_app.services.dossiers import DossierLine, page
from desk_app.services.find import UnknownDossier
from desk_app.services.paper_file import FileNotWritten, write_whole

RECEIPT_FORM = "01"
RECEIPTS = "receipts"
"""Folder of the PDFs within the data folder, by day of receipt."""
SIGNED_MARK = "HS1"
SIGNED_PREFIX = b"hoso-receipt-1\0"


class ReceiptNotWritten(Refused):
    """The file could not be written; the dossier is saved. Facts: ``path``, ``why``."""


@dataclass(frozen=True)
class WrittenPaper:
    """A receipt, or another form, as a file. ``nth`` 2 or more is a reprint and says so."""

    id: bytes
    code: str
    path: Path
    nth: int
    sha256: str
    form: str = RECEIPT_FORM
    entry: str = ""
    """What the paper is about; empty for the receipt."""
    beside: tuple[tuple[bytes, str], ...] = ()
    """Other dossiers on the same paper, and their entries."""
    made_with: tuple[str, ...] = ()
    """Which texts of the office are on it."""
    form_set: str = ""
    """Whose forms it has, when they are not those of the receipt."""


def write_receipt(
    desk: Desk,
    id: bytes,
    size: Size | None = None,
    to: Path | None = None,
    nth: int | None = None,
) -> WrittenPaper:
    """Write the receipt of a dossier into the counter's receipts folder.

    ``to`` is another folder, or a file ending in ``.pdf``. ``nth`` repeats an earlier issue;
    None is the next one, which says "BẢN IN LẦN n" from the second on.

    Raises:
        UnknownDossier, AlreadyVoided: there is nothing to print.
        ReceiptNotWritten: the disk is full or faulty; the dossier is safe.
    """
    with desk.reading() as connection:
        dossier = projection.dossier_of(connection, id)
        if dossier is None:
            raise UnknownDossier(code=id.hex())
        line = connection.scalar(
            select(journal.c.line).where(journal.c.id == bytes.fromhex(_receipt_of(dossier)))
        )
        assert line is not None
        words = words_for(
            desk,
            desk.published(connection),
            RECEIPT_FORM,
            dossier.facts.form_set,
            (p for p in dossier.prints if p.form == RECEIPT_FORM),
        )
    if dossier.status == "voided":
        raise AlreadyVoided(reason=dossier.void_reason)
    entry = parse(bytes(line))
    nth = nth or 1 + sum(print_.form == RECEIPT_FORM for print_ in dossier.prints)
    receipt = Receipt(
        facts=dossier.facts,
        texts=words.texts,
        machine=_machine_line(entry),
        signed=_signed_facts(desk, dossier, entry),
        signed_on_both=desk.settings.qr_on_both,
        nth=nth,
    )
    pdf = receipt_pdf(receipt, size or desk.settings.paper)
    path = _place(desk, dossier, nth, to)
    try:
        write_whole(path, pdf)
    except FileNotWritten as e:
        raise ReceiptNotWritten(path=str(path), why=e.why) from e
    sha = hashlib.sha256(pdf).hexdigest()
    return WrittenPaper(id, dossier.facts.code, path, nth, sha, made_with=words.made_with)


def words_for(
    desk: Desk, published: Published, form: str, form_set: str, prints: Iterable[Print]
) -> Words:
    """The words of a paper: those of its first print, or today's when it was never ``prints``-ed.

    A paper in the citizen's hand and its reprint say the same, whatever was published since.
    """
    office, first = desk.office.statistic_code, next(iter(prints), None)
    if first is None:
        return published.words(form, form_set, office, desk.now().date())
    day = datetime.fromisoformat(first.at).date()
    return published.words(form, form_set, office, day, first.texts)


def paper_printed(
    desk: Desk,
    written: WrittenPaper,
    word_of: Literal["printer", "clerk", "file"],
    printer: str = "",
) -> Dossier:
    """Record that paper came out, on the printer's word or the clerk's."""
    after = None
    with desk.saving() as saving:
        for id, entry in (*written.beside, (written.id, written.entry)):
            body = ReceiptPrinted(
                form=written.form,
                nth=written.nth,
                word_of=word_of,
                printer=printer,
                pdf_sha256=written.sha256,
                of=entry,
                texts=written.made_with,
                form_set=written.form_set,
            )
            after = saving.append(id, body)
    assert after is not None
    return after


def unprinted(desk: Desk) -> tuple[DossierLine, ...]:
    """Dossiers received here whose receipt nobody has seen on paper."""
    return tuple(page(desk, "unprinted"))


def _place(desk: Desk, dossier: Dossier, nth: int, to: Path | None) -> Path:
    if to is not None and to.suffix.casefold() == ".pdf":
        return to
    folder = to or desk.data / RECEIPTS / dossier.facts.received_at[:10]
    name = dossier.facts.code if nth == 1 else f"{dossier.facts.code}-{nth}"
    return folder / f"{name}.pdf"


def _receipt_of(dossier: Dossier) -> str:
    """The id of the entry that received the dossier."""
    return next(e.id for e in dossier.history if e.kind == "dossier.received")


def _machine_line(entry: Entry) -> str:
    """Printed small on the office's copy: everything its QR says that a person does not read."""
    says = entry.says
    return f"{says.obj} · {says.dev} · {says.ep} · {says.seq}"


def _signed_facts(desk: Desk, dossier: Dossier, entry: Entry) -> str:
    """The receipt as its own last replica: enough to make the dossier again from paper."""
    facts, says = dossier.facts, entry.says
    text = "|".join(
        [
            SIGNED_MARK,
            facts.code,
            says.obj,
            facts.procedure.code,
            facts.applicant.name,
            facts.due_at,
            says.dev,
            says.ep,
            str(says.seq),
        ]
    )
    signature = desk.journal.device.sign(SIGNED_PREFIX + text.encode())
    return f"{text}|{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
