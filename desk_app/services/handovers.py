"""Lists of what was given over together, dossiers and results; found again from any line of one."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from msgspec.structs import replace
from sqlalchemy import Connection, LargeBinary, func, literal, select

from db import projection
from db.dossier import Dossier, Event, Print
from db.kinds import ReceiptPrinted
from db.refused import Refused
from db.steps import DossierForwarded, Place, ResultArrived
from db.tables import dossiers, journal
from desk_app.desk import Desk
from desk_app.papers.forms import NothingToPrint
from desk_app.papers.handover_list import Given, Of, handover_code, handover_list
from desk_app.papers.slip import slip_pdf
from desk_app.services.as_it_stood import before_and_with
from desk_app.services.find import UnknownDossier
from desk_app.services.forwarding import Handover
from desk_app.services.receipts import WrittenPaper
from desk_app.services.slips import as_file, words_of

FORM, RESULTS = "handover", "results"
NEAR = 5_000
"""Lines of the journal on either side in which the others of one list are looked for: they were
written in one transaction, and arrive in the order they were written."""

RECENT = 20_000
"""How many lines back is "lately": more than a day of a counter and all its siblings."""


class NoNewResults(Refused):
    """No result came from a department today that is not on a list yet."""


@dataclass(frozen=True)
class GivenOver:
    """One list, as it is printed.

    Attributes:
        number: 32 hex digits; the paper's code is made of it.
        place: the other side.
        entries: dossier and entry of each line.
        prints: of the first line, to tell which printing the next one is.
    """

    number: str
    of: Of
    place: Place
    lines: tuple[Given, ...]
    entries: tuple[tuple[bytes, str], ...]
    prints: tuple[Print, ...]

    @property
    def dossiers(self) -> tuple[Dossier, ...]:
        """As they stood."""
        return tuple(line.dossier for line in self.lines)


def of_handover(desk: Desk, given: Handover) -> GivenOver:
    """The list of dossiers that were just given over.

    Raises:
        NothingToPrint: nothing was.
    """
    if not given.dossiers:
        raise NothingToPrint(form="phiếu bàn giao")
    entries = [(bytes.fromhex(d.id), _forwarded(d, given.id)) for d in given.dossiers]
    with desk.reading() as connection:
        return _list(connection, entries)


def results_of_today(desk: Desk) -> tuple[GivenOver, ...]:
    """Results that came to this counter today and stand on no list yet, also where somebody has
    fetched them since: one list for each place they come from.

    Raises:
        NoNewResults: there are none.
    """
    midnight = desk.now().replace(hour=0, minute=0, second=0, microsecond=0)
    by_place: dict[Place, list[tuple[bytes, str]]] = {}
    with desk.reading() as connection:
        for obj in _with_results(connection, int(midnight.timestamp())):
            dossier = projection.dossier_of(connection, obj)
            for event in _arrivals(dossier) if dossier else ():
                here = event.dev == desk.counter.device and event.at >= midnight.isoformat()[:10]
                listed = dossier and any(p.of == event.id for p in dossier.prints)
                if dossier is None or not here or listed:
                    continue
                holder = before_and_with(connection, dossier, event.id)[0].life.holder
                if holder is not None:
                    place = replace(holder, person="")
                    by_place.setdefault(place, []).append((obj, event.id))
        lists = tuple(_list(connection, entries) for entries in by_place.values())
    if not lists:
        raise NoNewResults()
    return lists


def list_of(desk: Desk, id: bytes, entry: str = "", form: str = "") -> GivenOver:
    """The list that a dossier, or its result, was given over on: by an entry, or last; ``form``
    "results" passes over the dossier's own way.

    Raises:
        UnknownDossier: it is not in this journal.
        NothingToPrint: it never left the counter and nothing came back.
    """
    with desk.reading() as connection:
        dossier = projection.dossier_of(connection, id)
        if dossier is None:
            raise UnknownDossier(code=id.hex())
        for event in reversed(dossier.history):
            if event.id != entry if entry else event.id in dossier.life.annulled:
                continue
            if isinstance(event.body, DossierForwarded) and form != RESULTS:
                mark = f'"handover":"{event.body.handover}"'
                return _list(connection, list(_beside(connection, event.id, mark)))
            if isinstance(event.body, ResultArrived):
                before, _ = before_and_with(connection, dossier, event.id)
                if before.life.holder is not None:
                    return _list(connection, _printed_with(connection, dossier, event.id))
    raise NothingToPrint(form="phiếu bàn giao")


def write_given(desk: Desk, given: GivenOver, to: Path | None = None) -> WrittenPaper:
    """Write a list, across A4, into the counter's folder or to a file.

    Raises:
        ReceiptNotWritten: the disk is full or faulty; the dossiers are safe.
    """
    form = RESULTS if given.of == "results" else FORM
    (id, entry), *others = given.entries
    prints = [p for p in given.prints if p.form == form and p.of == entry]
    with desk.reading() as connection:
        words = words_of(desk, desk.published(connection), FORM, given.dossiers[0], prints)
    nth = 1 + len(prints)
    slip = handover_list(given.lines, given.number, given.place, words.texts, given.of, nth)
    name = f"{handover_code(given.number)}-{nth}.pdf"
    path, sha = as_file(desk, slip_pdf(slip, "across"), name, to)
    code, beside, (_, made_with, form_set) = slip.code, tuple(others), words
    return WrittenPaper(id, code, path, nth, sha, form, entry, beside, made_with, form_set)


def _with_results(connection: Connection, midnight: int) -> list[bytes]:
    """Dossiers with a result that came since, as far as it lies here or came lately."""
    lies = select(dossiers.c.obj).where(dossiers.c.ready >= midnight)
    table = journal.c
    last = connection.scalar(select(func.max(table.n))) or 0
    mark = literal(b'"k":"result.arrived"', LargeBinary)
    came = (
        select(table.obj)
        .where(table.n > last - RECENT, table.own == 1, func.instr(table.line, mark) > 0)
        .order_by(table.n)
    )
    found = (*connection.scalars(came), *connection.scalars(lies.order_by(dossiers.c.n)))
    return list(dict.fromkeys(bytes(obj) for obj in found))


def _list(connection: Connection, entries: Sequence[tuple[bytes, str]]) -> GivenOver:
    """The lines of a list as they stood when they were given over."""
    lines, prints = [], []
    places: list[Place] = []
    for id, entry in entries:
        dossier = projection.dossier_of(connection, id)
        assert dossier is not None
        step = next(e.body for e in dossier.history if e.id == entry)
        assert isinstance(step, DossierForwarded | ResultArrived)
        before, stood = before_and_with(connection, dossier, entry)
        lines.append(Given(stood, step, entry not in dossier.life.annulled))
        prints.append(dossier.prints)
        given = step.to if isinstance(step, DossierForwarded) else before.life.holder
        places.append(given or Place(""))
    step = lines[0].step
    of: Of = "results"
    number = hashlib.sha256("".join(sorted(e for _, e in entries)).encode()).hexdigest()[:32]
    if isinstance(step, DossierForwarded):
        number, of = step.handover, "post" if step.post_item else "dossiers"
    place = places[0] if len(set(places)) == 1 else replace(places[0], person="")
    return GivenOver(number, of, place, tuple(lines), tuple(entries), prints[0])


def _arrivals(dossier: Dossier) -> list[Event]:
    """When its results came to the counter, without mistakes."""
    return [
        e
        for e in dossier.history
        if isinstance(e.body, ResultArrived) and e.id not in dossier.life.annulled
    ]


def _forwarded(dossier: Dossier, handover: str) -> str:
    return next(
        e.id
        for e in dossier.history
        if isinstance(e.body, DossierForwarded) and e.body.handover == handover
    )


def _printed_with(connection: Connection, dossier: Dossier, entry: str) -> list[tuple[bytes, str]]:
    """Every result that was printed on one list with this one; alone when it never was."""
    for event in dossier.history:
        body = event.body
        if isinstance(body, ReceiptPrinted) and body.form == RESULTS and body.of == entry:
            mark = f'"pdf_sha256":"{body.pdf_sha256}"'
            found = (_printed(connection, *at) for at in _beside(connection, event.id, mark))
            # A print is noted with the first line of the list last.
            *others, first = dict.fromkeys(found)
            return [first, *others]
    return [(bytes.fromhex(dossier.id), entry)]


def _printed(connection: Connection, id: bytes, printed: str) -> tuple[bytes, str]:
    """The dossier, and the entry its printed paper is about."""
    dossier = projection.dossier_of(connection, id)
    bodies = (e.body for e in dossier.history if e.id == printed) if dossier else ()
    return id, next((b.of for b in bodies if isinstance(b, ReceiptPrinted)), "")


def _beside(connection: Connection, entry: str, mark: str) -> Iterator[tuple[bytes, str]]:
    """Dossier and entry of every line with this mark, near an entry that has it."""
    table = journal.c
    at = connection.execute(select(table.n).where(table.id == bytes.fromhex(entry))).scalar_one()
    query = (
        select(table.obj, table.id)
        .where(table.n.between(at - NEAR, at + NEAR))
        .where(func.instr(table.line, literal(mark.encode(), LargeBinary)) > 0)
        .order_by(table.n)
    )
    for obj, id in connection.execute(query):
        yield bytes(obj), bytes(id).hex()
