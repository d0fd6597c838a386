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
from db.dossier import Dossier, Print
from db.refused import Refused
from db.steps import FeeTaken, StepsSettled
from db.tables import dossiers, payments
from desk_app.desk import Desk
from desk_app.papers.fee_slip import Paid
from desk_app.papers.forms import AS_IT_STANDS, FORMS, NothingToPrint, form_of, set_on, slip_of
from desk_app.papers.many_receipt import many_receipt
from desk_app.papers.receipt import Size
from desk_app.papers.slip import slip_pdf
from desk_app.papers.small_papers import label_pdf, ticket_bytes, ticket_pdf, ticket_picture
from desk_app.published import Published, Words
from desk_app.rules.days import show_moment
from desk_app.services.as_it_stood import before_and_with
from desk_app.services.correct import AlreadyVoided
from desk_app.services.find import UnknownDossier
from desk_app.services.paper_file import FileNotWritten, write_whole
from desk_app.services.people import of_person
from desk_app.services.receipts import ReceiptNotWritten, WrittenPaper, words_for

_SMALL = {"label": label_pdf, "ticket": ticket_pdf}
SLIPS = "slips"
"""Folder of the PDFs within the data folder, by day of issue."""


class StepTakenBack(Refused):
    """What the paper is about was taken back. Facts: ``form`` in words, ``by``, ``at``,
    ``reason``."""


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
        StepTakenBack: there was.
        AlreadyVoided: nothing goes on a folder or into a hand any more.
        ReceiptNotWritten: the disk is full or faulty; the dossier is safe.
    """
    with desk.reading() as connection:
        dossier = projection.dossier_of(connection, id)
        if dossier is None:
            raise UnknownDossier(code=id.hex())
        entry = entry or newest_entry(dossier, form)
        event = next((e for e in dossier.history if e.id == entry), None)
        body = event.body if event else None
        form = form or form_of(body)
        if entry in dossier.life.annulled:
            raise _taken_back(dossier, form, entry)
        if form in AS_IT_STANDS and dossier.status == "voided":
            raise AlreadyVoided(reason=dossier.void_reason)
        published = desk.published(connection)
        paid = _of_one_payment(connection, body) if isinstance(body, FeeTaken) else ()
        before, stood = before_and_with(connection, dossier, entry)
    at = next((c.number for c in published.counters if event and c.device == event.dev), 0)
    prints = prints_of(dossier, form, entry)
    nth = nth or len(prints) + 1
    words = words_of(desk, published, form, dossier, prints)
    if form in _SMALL:
        pdf = _SMALL[form](dossier, words.texts)
    else:
        slip = slip_of(form, stood, entry, words.texts, nth, paid, before, at)
        pdf = slip_pdf(slip, set_on(form, size or desk.settings.paper))
    code = stood.facts.code
    name = f"{code}-{form}-{entry[:6] or len(dossier.history)}-{nth}.pdf"
    path, sha = as_file(desk, pdf, name, to)
    _, made_with, form_set = words
    return WrittenPaper(id, code, path, nth, sha, form, entry, (), made_with, form_set)


def write_ticket(desk: Desk, id: bytes) -> WrittenPaper:
    """Write the 80 mm ticket as what a ticket printer is sent, for ``Settings.ticket_printer``.

    Raises:
        UnknownDossier, AlreadyVoided: there is nothing to print.
        ReceiptNotWritten: the disk is full or faulty; the dossier is safe.
    """
    with desk.reading() as connection:
        dossier = projection.dossier_of(connection, id)
        if dossier is None:
            raise UnknownDossier(code=id.hex())
        if dossier.status == "voided":
            raise AlreadyVoided(reason=dossier.void_reason)
        prints = prints_of(dossier, "ticket", "")
        words = words_of(desk, desk.published(connection), "ticket", dossier, prints)
    nth = 1 + len(prints)
    sent = ticket_bytes(ticket_picture(dossier, words.texts))
    path, sha = as_file(desk, sent, f"{dossier.facts.code}-ticket-{nth}.bin")
    code, (_, made_with, form_set) = dossier.facts.code, words
    return WrittenPaper(id, code, path, nth, sha, "ticket", "", (), made_with, form_set)


def write_together(desk: Desk, id: bytes, to: Path | None = None) -> WrittenPaper:
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
        published = desk.published(connection)
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
    # With one more dossier on it, it is another paper and no reprint.
    prints = min((prints_of(d, "many", "") for d in same), key=len)
    nth = 1 + len(prints)
    words = words_of(desk, published, "many", one, prints)
    slip = many_receipt(same, words.texts, nth)
    name = f"{same[0].facts.code}-many-{len(same)}-{nth}.pdf"
    path, sha = as_file(desk, slip_pdf(slip, "across"), name, to)
    ids = [bytes.fromhex(d.id) for d in same]
    beside = tuple((other, "") for other in ids[1:])
    return WrittenPaper(ids[0], slip.code, path, nth, sha, "many", "", beside, words.made_with)


def _of_person(connection: Connection, id_number: str) -> list[bytes]:
    query = select(dossiers.c.obj).where(of_person(id_number)).order_by(dossiers.c.n)
    return [bytes(obj) for (obj,) in connection.execute(query)] if id_number else []


def newest_entry(dossier: Dossier, form: str) -> str:
    """The last entry that stands and a form can be about; empty for a form about the dossier as it
    stands.

    Raises:
        NothingToPrint: there is none.
        StepTakenBack: there was one.
    """
    if form in AS_IT_STANDS:
        return ""
    found = [
        e.id
        for e in dossier.history
        if form_of(e.body) and form_of(e.body) == (form or form_of(e.body))
    ]
    standing = [id_ for id_ in found if id_ not in dossier.life.annulled]
    if standing:
        return standing[-1]
    if found:
        body = next(e.body for e in dossier.history if e.id == found[-1])
        raise _taken_back(dossier, form_of(body), found[-1])
    raise NothingToPrint(form=FORMS.get(form, form).lower() if form else "giấy nào khác")


def _taken_back(dossier: Dossier, form: str, entry: str) -> StepTakenBack:
    """Who said so, and why."""
    words = [
        e.body
        for e in dossier.history
        if isinstance(e.body, StepsSettled) and entry in e.body.annulled
    ]
    return StepTakenBack(
        form=FORMS[form],
        by=words[-1].clerk.name,
        at=show_moment(datetime.fromisoformat(words[-1].at)),
        reason=words[-1].reason,
    )


def prints_of(dossier: Dossier, form: str, entry: str) -> list[Print]:
    """How often a paper about an entry came out, the first time first."""
    return [p for p in dossier.prints if p.form == form and p.of == entry]


def words_of(
    desk: Desk, published: Published, form: str, dossier: Dossier, prints: Sequence[Print]
) -> Words:
    """The words of a form, over those all papers of its regime share."""
    later = form_set = _later_set(desk, published, form, prints)
    if not form_set:
        sets = [f.form_set for f in published.forms if f.form == form]
        received = datetime.fromisoformat(dossier.facts.received_at).date()
        own = dossier.facts.form_set
        form_set = own if own in sets else published.form(form, received).form_set
    return words_for(desk, published, form, form_set, prints)._replace(form_set=later)


def _later_set(desk: Desk, published: Published, form: str, prints: Sequence[Print]) -> str:
    """Whose forms a paper has when they are not the receipt's: those of its first print, or
    today's where the decree in force says so; empty: the receipt's."""
    if prints:
        return prints[0].form_set
    today = desk.now().date()
    if form == "many" or published.regime_of("", today).later_papers == "received":
        return ""
    return published.form(form, today).form_set


def _of_one_payment(connection: Connection, body: FeeTaken) -> Sequence[Paid]:
    """Every dossier that was paid for at once, in the order they were received, also where that was
    taken back. No counter's own order: the first one names the paper."""
    rows = connection.execute(
        select(dossiers.c.obj)
        .select_from(payments.join(dossiers, dossiers.c.n == payments.c.n))
        .where(payments.c.payment == body.payment)
    )
    found = []
    for (obj,) in rows:
        dossier = projection.dossier_of(connection, bytes(obj))
        for event in dossier.history if dossier else ():
            same = isinstance(event.body, FeeTaken) and event.body.payment == body.payment
            if dossier and same and isinstance(event.body, FeeTaken):
                _, stood = before_and_with(connection, dossier, event.id)
                stands = event.id not in dossier.life.annulled
                found.append(Paid(stood, event.body, stands))
    return sorted(found, key=lambda p: (p.dossier.facts.received_at, p.dossier.facts.code))


def as_file(desk: Desk, content: bytes, name: str, to: Path | None = None) -> tuple[Path, str]:
    """Write a paper into the folder of the day, or to a file; its path and SHA-256.

    Raises:
        ReceiptNotWritten: the disk is full or faulty.
    """
    path = to or desk.data / SLIPS / desk.now().date().isoformat() / name
    try:
        write_whole(path, content)
    except FileNotWritten as fault:
        raise ReceiptNotWritten(path=str(path), why=fault.why) from fault
    return path, hashlib.sha256(content).hexdigest()
