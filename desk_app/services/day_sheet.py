"""The end-of-day sheet: a day's figures by counter, from the journal's entries and from the tables
the screens use, and whether the two agree."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import TypeVar

from sqlalchemy import Connection, func, select

from db import projection
from db.refused import Refused
from db.tables import drafts, journal
from db.trust import read_server, read_trust
from desk_app.desk import Desk
from desk_app.papers.day_sheet import Said, day_sheet_pdf
from desk_app.rules.day_totals import (
    MONEY,
    Act,
    Count,
    CounterDay,
    DaySheet,
    Difference,
    Payment,
    Row,
    Series,
    Taken,
    count_rows,
    difference,
    series,
    sums_by_kind,
)
from desk_app.services.attention import Matter, matters
from desk_app.services.day_entries import (
    Day,
    payments_within,
    read_day,
    read_lines,
    rows_at,
    rows_within,
)
from desk_app.services.paper_file import FileNotWritten, write_whole
from desk_app.services.sending import Sending, sending

T = TypeVar("T", Taken, Act, Payment, Series)

FOLDER = "day-sheets"
"""Within the data folder; one file a day, the newest making of it."""


class SheetNotWritten(Refused):
    """The file could not be written. Facts: ``path``, ``why``."""


@dataclass(frozen=True)
class EndOfDay:
    """The sheet's figures, and what is still open at this machine."""

    sheet: DaySheet
    matters: tuple[Matter, ...]
    drafts: int
    """Forms begun and neither saved nor dropped."""
    sending: Sending
    backup: datetime | None
    """When the last backup was made that was restored and found whole."""


def end_of_day(desk: Desk, day: date | None = None, second: int | None = None) -> EndOfDay:
    """The sheet of a day of the office's calendar; None is today.

    ``second`` is the journal's place up to which every line is on the second medium, from whoever
    watches it; None asks the desk's own.
    """
    from desk_app.services.backup import last_proven

    backup = last_proven(desk)
    with desk.reading() as connection:
        sheet, _ = sheet_of(desk, connection, day or desk.now().date(), second)
        begun = connection.scalar(select(func.count()).select_from(drafts)) or 0
    return EndOfDay(
        sheet, matters(desk), begun, sending(desk), backup.at if backup is not None else None
    )


def write_day_sheet(desk: Desk, sheet: DaySheet, said: Said, to: Path | None = None) -> Path:
    """Write the sheet as PDF, into the data folder or to a file; ``said`` is what is still open,
    in words.

    Raises:
        SheetNotWritten: the disk is full or faulty; nothing but the file is missing.
    """
    with desk.reading() as connection:
        published, day = desk.published(connection), date.fromisoformat(sheet.day)
        form_set = published.form("01", day).form_set
        texts = published.words("01", form_set, desk.office.statistic_code, day).texts
    path = to or desk.data / FOLDER / f"{sheet.day}.pdf"
    try:
        write_whole(path, day_sheet_pdf(sheet, said, texts))
    except FileNotWritten as e:
        raise SheetNotWritten(path=str(path), why=e.why) from e
    return path


def sheet_of(
    desk: Desk, connection: Connection, day: date, second: int | None
) -> tuple[DaySheet, Day]:
    """The figures of a day, and the entries they come from."""
    # One snapshot: a dossier saved between the two counts would be no disagreement.
    found = read_day(desk, connection, day, second)
    shown = rows_within(connection, found.begin, found.end)
    money = payments_within(connection, found.begin, found.end)
    differences = (
        *_compare(connection, found, shown),
        *_compare_money(connection, found.payments, money),
    )
    last = connection.execute(
        select(journal.c.n, journal.c.fh).order_by(journal.c.n.desc()).limit(1)
    ).first()
    counters = _counters(desk, connection, found, count_rows(shown))
    sheet = DaySheet(
        day=day.isoformat(),
        made_at=desk.now().isoformat(timespec="seconds"),
        made_by=desk.clerk.name,
        made_here=desk.counter.number,
        office=desk.office.facts,
        counters=counters,
        differences=differences,
        agrees=not differences and all(c.journal == c.screen for c in counters),
        has_server=read_server(connection) is not None,
        money=sums_by_kind((p.how, p.amount) for p in found.payments),
        money_shown=sums_by_kind((row["how"], row["amount"]) for row in money.values()),
        unread=found.unread,
        entries=last.n if last else 0,
        chain=bytes(last.fh).hex() if last else "",
    )
    return sheet, found


def _compare(connection: Connection, found: Day, shown: Sequence[Row]) -> tuple[Difference, ...]:
    """Each dossier of the day, and each row that the screens show for it, beside its other half."""
    due = {row["n"]: row for row in found.rows}
    held = rows_at(connection, list(due))
    pairs: list[tuple[Row | None, Row | None]] = [(row, held.get(n)) for n, row in due.items()]
    for row in shown:
        if row["n"] not in due:
            # The screen has it on this day and the journal on another, or nowhere.
            pairs.append((_real(connection, row), row))
    return tuple(d for pair in pairs if (d := difference(*pair)) is not None)


def _compare_money(
    connection: Connection, payments: Sequence[Payment], shown: Mapping[str, Row]
) -> list[Difference]:
    """Each dossier once of whose money journal and screen tell differently."""
    due = {p.id: (p.amount, p.how, p.clerk, projection.seconds(p.at)) for p in payments}
    held = {id: (r["amount"], r["how"], r["by"], r["at"]) for id, r in shown.items()}
    wrong = {id for id in due.keys() | held.keys() if due.get(id) != held.get(id)}
    of = {
        p.dossier: Difference(p.dossier, p.code, p.counter, "differs", (MONEY,))
        for p in payments
        if p.id in wrong
    }
    numbers = sorted({shown[id]["n"] for id in wrong - due.keys()})
    rows = rows_at(connection, numbers)
    for n in numbers:
        # A table may name a dossier that is nowhere.
        row = rows.get(n, {"obj": b"", "code": "", "counter": 0})
        dossier = bytes(row["obj"]).hex()
        of.setdefault(dossier, Difference(dossier, row["code"], row["counter"], "extra", (MONEY,)))
    return list(of.values())


def _real(connection: Connection, shown: Row) -> Row | None:
    """What a row has to be by the journal; None when the journal knows no such dossier."""
    dossier, lines = read_lines(connection, shown["obj"])
    if dossier is None or lines[0].n != shown["n"]:
        return None
    return projection.dossier_row(dossier, shown["n"], projection.taken_in_here(lines))


def _counters(
    desk: Desk, connection: Connection, found: Day, screen: dict[int, Count]
) -> tuple[CounterDay, ...]:
    """Every counter of the commune, also one that did nothing, in the order of their numbers."""
    published = desk.published(connection)
    revoked = read_trust(connection).revoked
    own = desk.counter
    office = desk.office.facts.code
    numbers = {
        c.number for c in published.counters if c.device not in revoked and c.office == office
    }
    counted = count_rows(found.rows)
    drawn = projection.drawn_on(connection, found.day.isoformat())
    size = projection.block_size(connection, office)
    own_blocks = {own.active_block, own.reserve_block, -own.number}
    given = series(found.codes, {b: n for b, n in drawn.items() if b in own_blocks}, size)
    for some in (found.acts, found.payments, given):
        numbers |= {each.counter for each in some}
    return tuple(
        CounterDay(
            number=number,
            journal=counted.get(number, Count()),
            screen=screen.get(number, Count()),
            dossiers=_its(number, found.taken, lambda d: (d.received_at, d.code)),
            acts=_its(number, found.acts, lambda a: (a.at, a.code)),
            payments=_its(number, found.payments, lambda p: (p.at, p.code)),
            steps=dict(found.steps.get(number, {})),
            series=_its(number, given, lambda s: (s.first, s.last)),
        )
        for number in sorted(numbers | counted.keys() | screen.keys() | found.steps.keys())
    )


def _its(number: int, every: Iterable[T], order: Callable[[T], tuple[str, str]]) -> tuple[T, ...]:
    """What belongs to one counter, in its order."""
    return tuple(sorted((each for each in every if each.counter == number), key=order))
