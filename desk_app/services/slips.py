"""Every form but the receipt as a file: by the entry it is about, printed on somebody's word.

The words are those of the regime the dossier was received under; a form that regime does not have
takes the words of the next one.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Connection, select

from db import projection
from db.dossier import Dossier
from db.steps import DossierForwarded, FeeTaken
from db.tables import dossiers, payments
from desk_app.desk import Desk
from desk_app.papers.forms import AS_IT_STANDS, NothingToPrint, form_of, slip_of
from desk_app.papers.handover_list import Of, handover_code, handover_list
from desk_app.papers.many_receipt import many_receipt
from desk_app.papers.receipt import Size
from desk_app.papers.slip import slip_pdf
from desk_app.papers.small_papers import label_pdf, ticket_pdf
from desk_app.published import Published
from desk_app.services.find import UnknownDossier
from desk_app.services.forwarding import Handover
from desk_app.services.paper_file import FileNotWritten, write_whole
from desk_app.services.people import of_person
from desk_app.services.receipts import ReceiptNotWritten, WrittenPaper

_SMALL = {"label": label_pdf, "ticket": ticket_pdf}
SLIPS = "slips"
"""Folder of the PDFs within the data folder, by day of issue."""


def write_slip(
    desk: Desk,
    id: bytes,
    form: str = "",
    entry: str = "",
    size: Size | None = None,
    nth: int | None = None,
    to: Path | None = None,
) -> WrittenPaper:
    """Write a form about one entry of a dossier into the counter's folder.

    ``form`` "" is what the entry calls for; ``entry`` "" is the newest the form can be about;
    ``to`` is another file.

    Raises:
        UnknownDossier, NothingToPrint: there is nothing to print.
        ReceiptNotWritten: the disk is full or faulty; the dossier is safe.
    """
    with desk.reading() as connection:
        dossier = projection.dossier_of(connection, id)
        if dossier is None:
            raise UnknownDossier(code=id.hex())
        entry = entry or newest_entry(dossier, form)
        body = next((e.body for e in dossier.history if e.id == entry), None)
        form = form or form_of(body)
        published = desk.published(connection)
        paid = _of_one_payment(connection, body) if isinstance(body, FeeTaken) else ()
    times = sum(p.form == form and p.of == entry for p in dossier.prints)
    nth = nth or times + 1
    words = words_of(published, form, dossier)
    if form in _SMALL:
        pdf = _SMALL[form](dossier, words)
    else:
        slip = slip_of(form, dossier, entry, words, nth, paid)
        pdf = slip_pdf(slip, size or desk.settings.paper)
    name = f"{dossier.facts.code}-{form}-{entry[:6] or len(dossier.history)}-{nth}"
    path, sha = _written(desk, pdf, name, to)
    return WrittenPaper(id, dossier.facts.code, path, nth, sha, form, entry)


def write_handover(desk: Desk, given: Handover, of: Of = "dossiers") -> WrittenPaper:
    """Write the list of dossiers given over together, across A4.

    Raises:
        NothingToPrint: nothing was given over.
        ReceiptNotWritten: the disk is full or faulty; the dossiers are safe.
    """
    if not given.dossiers:
        raise NothingToPrint(form="phiếu bàn giao")
    entries = [(bytes.fromhex(d.id), _given_by(d, given.id)) for d in given.dossiers]
    first = given.dossiers[0]
    step = next(e.body for e in first.history if e.id == entries[0][1])
    assert isinstance(step, DossierForwarded)
    with desk.reading() as connection:
        texts = words_of(desk.published(connection), "handover", first)
    times = sum(p.form == "handover" and p.of == entries[0][1] for p in first.prints)
    slip = handover_list(
        given.dossiers, given.id, step.clerk.name, given.to, step.at, texts, of, times + 1
    )
    pdf = slip_pdf(slip, "across")
    path, sha = _written(desk, pdf, f"{handover_code(given.id)}-{times + 1}")
    id, entry = entries[0]
    return WrittenPaper(id, slip.code, path, times + 1, sha, "handover", entry, tuple(entries[1:]))


def write_together(desk: Desk, id: bytes) -> WrittenPaper:
    """Write one receipt for all dossiers that this person handed in here on the same day.

    Raises:
        UnknownDossier, NothingToPrint: it is the only one.
        ReceiptNotWritten: the disk is full or faulty; the dossiers are safe.
    """
    with desk.reading() as connection:
        one = projection.dossier_of(connection, id)
        if one is None:
            raise UnknownDossier(code=id.hex())
        day = one.facts.received_at[:10]
        found = [
            projection.dossier_of(connection, obj)
            for obj in _of_person(connection, one.facts.applicant.id_number)
        ]
        texts = words_of(desk.published(connection), "many", one)
    same = [
        d
        for d in found
        if d is not None
        and d.facts.received_at[:10] == day
        and d.facts.counter == one.facts.counter
        and d.status not in ("voided", "checked", "turned_away")
    ]
    if len(same) < 2:
        raise NothingToPrint(form="giấy chung, người này chỉ có một hồ sơ hôm đó")
    nth = 1 + sum(p.form == "many" for p in same[0].prints)
    slip = many_receipt(same, texts, nth)
    path, sha = _written(desk, slip_pdf(slip, "across"), f"{same[0].facts.code}-many-{nth}")
    ids = [bytes.fromhex(d.id) for d in same]
    beside = tuple((other, "") for other in ids[1:])
    return WrittenPaper(ids[0], slip.code, path, nth, sha, "many", "", beside)


def _of_person(connection: Connection, id_number: str) -> list[bytes]:
    query = select(dossiers.c.obj).where(of_person(id_number)).order_by(dossiers.c.n)
    return [bytes(obj) for (obj,) in connection.execute(query)] if id_number else []


def newest_entry(dossier: Dossier, form: str) -> str:
    """The last entry a form can be about; empty for a form about the dossier as it stands.

    Raises:
        NothingToPrint: there is none.
    """
    if form in AS_IT_STANDS:
        return ""
    found = [
        e.id
        for e in dossier.history
        if form_of(e.body) and form_of(e.body) == (form or form_of(e.body))
    ]
    if not found:
        raise NothingToPrint(form="giấy nào khác")
    return found[-1]


def words_of(published: Published, form: str, dossier: Dossier) -> dict[str, str]:
    """The words of a form, over those all papers of its regime share."""
    sets = [f.form_set for f in published.forms if f.form == form]
    received = datetime.fromisoformat(dossier.facts.received_at).date()
    own = dossier.facts.form_set
    form_set = own if own in sets else published.form(form, received).form_set
    shared = published.form_of("01", form_set).texts
    return {**shared, **published.form_of(form, form_set).texts}


def _of_one_payment(connection: Connection, body: FeeTaken) -> Sequence[tuple[Dossier, FeeTaken]]:
    """Every dossier that was paid for at once, in the order of their entries."""
    rows = connection.execute(
        select(dossiers.c.obj)
        .select_from(payments.join(dossiers, dossiers.c.n == payments.c.n))
        .where(payments.c.payment == body.payment, payments.c.valid == 1)
        .order_by(dossiers.c.n)
    )
    found = []
    for (obj,) in rows:
        dossier = projection.dossier_of(connection, bytes(obj))
        for event in dossier.history if dossier else ():
            same = isinstance(event.body, FeeTaken) and event.body.payment == body.payment
            if dossier and same and isinstance(event.body, FeeTaken):
                found.append((dossier, event.body))
    return found


def _given_by(dossier: Dossier, handover: str) -> str:
    return next(
        e.id
        for e in dossier.history
        if isinstance(e.body, DossierForwarded) and e.body.handover == handover
    )


def _written(desk: Desk, pdf: bytes, name: str, to: Path | None = None) -> tuple[Path, str]:
    path = to or desk.data / SLIPS / desk.now().date().isoformat() / f"{name}.pdf"
    try:
        write_whole(path, pdf)
    except FileNotWritten as fault:
        raise ReceiptNotWritten(path=str(path), why=fault.why) from fault
    return path, hashlib.sha256(pdf).hexdigest()
