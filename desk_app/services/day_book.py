"""The day book: everything taken in, given on, given back and paid at one counter on one day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

from msgspec.structs import replace

from db.dossier import Dossier
from db.refused import Refused
from db.steps import DossierForwarded, ResultPosted, ResultReturned
from desk_app.desk import Desk
from desk_app.papers.control_slip import place_words
from desk_app.papers.day_book import day_book_pdf
from desk_app.rules.day_lines import (
    MONEY_IN,
    MONEY_OUT,
    MOVES,
    RECEIVED,
    DayBook,
    DayLine,
    in_time,
    same_as_sheet,
)
from desk_app.rules.days import show_moment
from desk_app.services.day_entries import Day
from desk_app.services.day_sheet import sheet_of
from desk_app.services.paper_file import FileNotWritten, write_whole

FOLDER = "day-books"
"""Within the data folder; one file a day and counter, the newest making of it."""


class BookNotWritten(Refused):
    """The file could not be written. Facts: ``path``, ``why``."""


class NoSuchCounter(Refused):
    """The office has no counter of this ``number``; ``known`` ones."""


def day_book(
    desk: Desk, day: date | None = None, counter: int | None = None, second: int | None = None
) -> DayBook:
    """A counter's day; None is today, and the counter one sits at. ``second`` as for the sheet.

    Raises:
        NoSuchCounter.
    """
    number = counter or desk.counter.number
    with desk.reading() as connection:
        sheet, found = sheet_of(desk, connection, day or desk.now().date(), second)
    known = [each.number for each in sheet.counters]
    if number not in known:
        raise NoSuchCounter(number=number, known=", ".join(map(str, known)))
    lines = in_time([*_received(found, number), *_moves(found, number), *_money(found, number)])
    its = next(each for each in sheet.counters if each.number == number)
    return DayBook(
        day=sheet.day,
        counter=number,
        made_at=sheet.made_at,
        made_by=sheet.made_by,
        made_here=sheet.made_here,
        office=sheet.office,
        lines=lines,
        agrees=sheet.agrees and same_as_sheet(lines, its),
    )


def write_day_book(desk: Desk, book: DayBook, to: Path | None = None) -> Path:
    """Write the book as PDF, into the data folder or to a file.

    Raises:
        BookNotWritten: the disk is full or faulty; nothing but the file is missing.
    """
    with desk.reading() as connection:
        published, day = desk.published(connection), date.fromisoformat(book.day)
        form_set = published.form("01", day).form_set
        texts = published.words("01", form_set, desk.office.statistic_code, day).texts
    path = to or desk.data / FOLDER / f"{book.day}-{book.counter}.pdf"
    try:
        write_whole(path, day_book_pdf(book, texts))
    except FileNotWritten as e:
        raise BookNotWritten(path=str(path), why=e.why) from e
    return path


def _received(found: Day, counter: int) -> Iterator[DayLine]:
    for each in found.taken:
        if each.counter == counter:
            yield DayLine(
                at=each.received_at,
                kind=RECEIVED,
                code=each.code,
                name=each.name,
                procedure=each.short_name,
                about=f"Hẹn trả {show_moment(datetime.fromisoformat(each.due_at))}",
                clerk=each.clerk,
                voided=each.status == "voided",
            )


def _moves(found: Day, counter: int) -> Iterator[DayLine]:
    for done in found.done:
        body = done.event.body
        if done.counter != counter or done.event.kind not in MOVES:
            continue
        assert isinstance(body, DossierForwarded | ResultReturned | ResultPosted)
        dossier = found.dossiers[done.dossier]
        # What was written on a later day than it was done stands where it was written.
        at = body.at if found.has(body.at) else done.event.at
        yield _line(dossier, at, done.event.kind, _about(body), body.clerk.name)


def _money(found: Day, counter: int) -> Iterator[DayLine]:
    for paid in found.payments:
        if paid.counter == counter:
            kind = MONEY_IN if paid.amount >= 0 else MONEY_OUT
            about = f"Biên lai {paid.number}" if paid.number else ""
            line = _line(found.dossiers[paid.dossier], paid.at, kind, about, paid.clerk)
            yield replace(line, amount=paid.amount, how=paid.how)


def _line(dossier: Dossier, at: str, kind: str, about: str, clerk: str) -> DayLine:
    facts = dossier.facts
    return DayLine(
        at=at,
        kind=kind,
        code=facts.code,
        name=facts.applicant.name,
        procedure=facts.procedure.short_name or facts.procedure.name,
        about=about,
        clerk=clerk,
        voided=dossier.status == "voided",
    )


def _about(body: DossierForwarded | ResultReturned | ResultPosted) -> str:
    match body:
        case DossierForwarded():
            return f"Giao {place_words(body.to)}"
        case ResultReturned():
            return f"Người nhận {body.collector.name}"
        case _:
            return f"Bưu gửi {body.item}"
