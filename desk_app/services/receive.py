"""Take a dossier in: the clerk's form becomes one entry and a promise."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, select

from db import projection
from db.beginning import is_taken_in
from db.deadlines import due
from db.dossier import Dossier
from db.kinds import BookLine, DossierReceived, Sender
from db.parts import ProcedureFacts
from db.refused import Refused
from db.steps import PromisedResult
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.published import Published
from desk_app.rules.remarks import Remark, errors_of
from desk_app.services.dossier_form import DossierForm, FormReading, read_form
from desk_app.services.numbers import draw_code, draw_line, next_code, next_line


class FormIncomplete(Refused):
    """Something is missing or wrong; ``remarks`` has every error, in the order of the screen."""


class AlreadyReceived(Refused):
    """The sender's number was taken in before; ``id`` and ``code`` of that dossier."""


def receive(desk: Desk, form: DossierForm) -> Dossier:
    """Save the dossier: number, entry, tables and index in one transaction.

    A form saved before gives back the dossier it became.

    Raises:
        FormIncomplete: with every remark that keeps it from being saved.
        AlreadyReceived: another dossier has this sender's number.
        DiskFull, DiskFault, DatabaseBusy, DatabaseDamaged: nothing was saved.
    """
    now = desk.now()
    received_at = (form.received_at or now).astimezone(now.tzinfo).replace(microsecond=0)
    with desk.saving() as saving:
        connection = saving.connection
        known = _received_before(connection, form)
        if known is not None and is_taken_in(known.facts.code):
            return known
        published = desk.published(connection)
        reading = read_form(desk, form, published, received_at, now)
        if errors := errors_of(reading.remarks):
            raise FormIncomplete(remarks=errors)
        assert reading.procedure is not None
        code, provisional = draw_code(desk, saving, received_at)
        book = draw_line(desk, saving, received_at)
        facts = _facts(desk, form, published, reading, received_at, code, book, provisional)
        dossier = saving.append(form.id, facts)
    assert dossier is not None
    return dossier


def check(desk: Desk, form: DossierForm) -> tuple[Remark, ...]:
    """Everything to say about a form now: errors, warnings, and what was changed in reading."""
    now = desk.now()
    with desk.reading() as connection:
        published = desk.published(connection)
        return read_form(desk, form, published, form.received_at or now, now).remarks


def preview(desk: Desk, form: DossierForm) -> DossierReceived:
    """The dossier as it would be received now; what is missing is blank. Nothing is drawn."""
    now = desk.now()
    received_at = form.received_at or now
    with desk.reading() as connection:
        published = desk.published(connection)
        reading = read_form(desk, form, published, received_at, now)
        code = next_code(desk, connection, received_at)
        book = next_line(desk, connection, received_at)
        return _facts(desk, form, published, reading, received_at, code, book)


def _facts(
    desk: Desk,
    form: DossierForm,
    published: Published,
    reading: FormReading,
    received_at: datetime,
    code: str,
    book: BookLine,
    provisional: bool = False,
) -> DossierReceived:
    procedure = reading.procedure
    return DossierReceived(
        code=code,
        book=book,
        provisional=provisional,
        procedure=ProcedureFacts(
            code=procedure.says.code if procedure else "",
            name=procedure.says.name if procedure else "",
            short_name=procedure.says.short_name if procedure else "",
            field=procedure.says.field if procedure else "",
            version=procedure.version if procedure else "",
        ),
        channel=form.channel,
        received_at=received_at.isoformat(timespec="seconds"),
        applicant=reading.applicant,
        submitter=reading.submitter,
        papers=reading.papers,
        sets=form.sets,
        limit=reading.limit,
        due_at=reading.due_at.isoformat(timespec="seconds") if reading.due_at else "",
        why_due=reading.why,
        due_override=reading.override,
        fee=reading.fee,
        delivery=form.delivery,
        purpose=reading.purpose,
        note=reading.note,
        office=desk.office.facts,
        counter=desk.counter.number,
        clerk=desk.clerk,
        form_set=published.form("01", received_at.date()).form_set,
        ticked_together=form.ticked_together,
        confirmed=tuple(sorted(form.confirmed)),
        sender=Sender(ref=form.sender) if form.sender else None,
        results=_results(desk, published, reading, received_at),
    )


def _results(
    desk: Desk, published: Published, reading: FormReading, received_at: datetime
) -> tuple[PromisedResult, ...]:
    """Each result with its own moment; none for a procedure that ends in one."""
    wanted = reading.procedure.says.results if reading.procedure else ()
    promised = []
    for result in wanted:
        promise = due(result.limit, received_at, desk.office, published.calendar)
        at = min(promise.due_at, reading.due_at or promise.due_at)
        promised.append(
            PromisedResult(
                result.name,
                at.isoformat(timespec="seconds"),
                result.limit,
                promise.why,
                result.agency,
            )
        )
    return tuple(promised)


def _received_before(connection: Connection, form: DossierForm) -> Dossier | None:
    """The dossier this very form became.

    Raises:
        AlreadyReceived: the sender's number belongs to another one.
    """
    if form.sender:
        row = connection.execute(
            select(dossiers.c.obj, dossiers.c.code).where(dossiers.c.ref == form.sender)
        ).first()
        if row is not None:
            raise AlreadyReceived(id=bytes(row.obj), code=row.code)
    return projection.dossier_of(connection, form.id)
