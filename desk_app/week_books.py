"""Whether the books of a demonstration's week are right: the tracking book line by line, the sheet
of every day, who did what, and every paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import select

from db import projection
from db.acts import ACTS, ending
from db.dossier import Dossier
from db.kinds import DossierReceived
from db.projection import number_words
from db.steps import ResultArrived
from db.tables import dossiers
from desk_app.desk import Desk
from desk_app.papers.forms import FORMS
from desk_app.services.day_book import day_book, write_day_book
from desk_app.services.day_sheet import end_of_day, write_day_sheet
from desk_app.services.fees import takings
from desk_app.services.register import Line, book_of, lines_of
from desk_app.services.register_file import write_register
from desk_app.ui.day_sheet_words import said_of
from desk_app.week_plan import Week
from desk_app.week_ways import JOINT, OFFICES

BOOK, SHEET, DAY = "register", "day-sheet", "day-book"
EVERY_PAPER = frozenset(FORMS) | {BOOK, SHEET, DAY}
WAYS = {"counter": "", "post": "", "electronic": ""}


def close_day(week: Week, desk: Desk, wrong: list[str]) -> None:
    """The sheet of the day at one counter and its day book, on paper; what does not agree is added
    to ``wrong``."""
    ended = end_of_day(desk)
    write_day_sheet(desk, ended.sheet, said_of(ended))
    week.papers.printed[SHEET] += 1
    if not ended.sheet.agrees:
        wrong.append(f"tờ cuối ngày {ended.sheet.day} ở quầy {desk.counter.number}")
    book = day_book(desk)
    write_day_book(desk, book)
    week.papers.printed[DAY] += 1
    if not book.agrees:
        wrong.append(f"sổ ngày {book.day} ở quầy {desk.counter.number}")


def all_dossiers(desk: Desk) -> list[Dossier]:
    """Every dossier this counter knows of."""
    with desk.reading() as connection:
        ids = connection.scalars(select(dossiers.c.obj).order_by(dossiers.c.n)).all()
        found = [projection.dossier_of(connection, bytes(obj)) for obj in ids]
    return [d for d in found if d is not None]


def wrong_sheets(desk: Desk, days: Sequence[date], every: Sequence[Dossier]) -> list[str]:
    """Of the sheets of all days, made again when everybody has heard of everything: figures that
    are not those of the dossiers."""
    wrong, received, money = [], 0, 0
    for day in days:
        sheet = end_of_day(desk, day).sheet
        taken = sum(amount for _, amount in sheet.money.values())
        received += sum(counter.journal.received for counter in sheet.counters)
        money += taken
        if not sheet.agrees or sheet.money != sheet.money_shown:
            wrong.append(f"tờ cuối ngày {day:%d/%m}")
        if taken != sum(each.amount for each in takings(desk, day)):
            wrong.append(f"tiền thu ngày {day:%d/%m}")
    if received != sum(bool(ending(d.status)) for d in every):
        wrong.append("số nhận của năm ngày")
    if money != sum(d.life.paid for d in every):
        wrong.append("tiền của năm ngày")
    return wrong


def wrong_lines(week: Week, desks: Iterable[Desk], every: Sequence[Dossier]) -> list[str]:
    """Lines of the counters' books that are not as their dossiers; each book is written."""
    wrong: list[str] = []
    written: Counter[str] = Counter()
    by_code = {d.facts.code: d for d in every if ending(d.status)}
    for desk in desks:
        year = desk.now().year
        book = book_of(desk, year)
        write_register(desk, year, desk.data / f"so-theo-doi-{year}.pdf")
        week.papers.printed[BOOK] += 1
        for number, line in enumerate(lines_of(desk, book, WAYS), start=1):
            written[line.code] += 1
            dossier = by_code.get(line.code)
            if dossier is None or line.number != number or not _same(line, dossier, desk):
                wrong.append(f"sổ quầy {desk.counter.number}, dòng {line.number}")
    # A void dossier keeps its line, so every one has exactly one.
    return wrong + [f"hồ sơ {code}" for code in by_code if written[code] != 1]


def _same(line: Line, dossier: Dossier, desk: Desk) -> bool:
    facts, life = dossier.facts, dossier.life
    said = [datetime.fromisoformat(at) for at in (facts.received_at, facts.due_at)]
    return (
        facts.counter == desk.counter.number
        and facts.book is not None
        and facts.book.number == line.number
        and (line.name, line.procedure) == (facts.applicant.name, facts.procedure.name)
        and [line.received, line.due] == [f"{at:%H:%M %d/%m/%Y}" for at in said]
        and bool(line.returned) == any(r.out_at for r in life.results)
        and ("Đã huỷ" in line.note) == (dossier.status == "voided")
    )


def against_the_table(desk: Desk, every: Sequence[Dossier]) -> tuple[list[str], dict[str, int]]:
    """Steps somebody did whose role may not, and how many each role did."""
    with desk.reading() as connection:
        roles = {c.login: c.role for c in desk.published(connection).clerks}
    done = [e for d in every for e in d.history if e.kind in ACTS]
    wrong = [f"{e.kind}, {e.by}" for e in done if roles[e.by] not in ACTS[e.kind].who]
    return wrong, dict(Counter(roles[e.by] for e in done))


def joint(every: Sequence[Dossier]) -> tuple[int, list[str]]:
    """How many dossiers of three results went out whole; and those whose offices, dates or ways
    home are not as promised."""
    whole, wrong = 0, []
    for dossier in every:
        if dossier.facts.procedure.code != JOINT or dossier.status != "returned":
            continue
        whole += 1
        results, events = dossier.life.results, dossier.history
        home = next(e.dev for e in events if isinstance(e.body, DossierReceived))
        came = {e.dev for e in events if isinstance(e.body, ResultArrived)}
        if len({r.due_at for r in results}) != len(OFFICES) or came != {home}:
            wrong.append("_".join(number_words(dossier.facts.code)))
    return whole, wrong


def said_of_papers(printed: Counter[str]) -> str:
    """Every kind with how often it was printed."""
    names: dict[str, Any] = {
        **FORMS,
        BOOK: "Sổ theo dõi hồ sơ",
        SHEET: "Tờ cuối ngày",
        DAY: "Sổ ngày",
    }
    return "\n".join(f"  {n:>5}  {names[form]}" for form, n in printed.most_common())
