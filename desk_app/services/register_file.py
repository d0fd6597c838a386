"""The book of a year as a file: PDF to print and close, or Excel."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import date
from pathlib import Path

from desk_app.desk import Desk
from desk_app.papers.register import register_pdf
from desk_app.services.register import Book, book_of, lines_of
from desk_app.services.spreadsheet import SheetNotSaved, write_xlsx

Progress = Callable[[int, int], None]
"""Told (lines done, of how many); raises to stop."""


def write_register(
    desk: Desk,
    year: int,
    path: Path,
    progress: Progress = lambda _, __: None,
    volume: int = 0,
) -> Book:
    """Write a volume of a year, 0 being this counter's; ``.xlsx`` is a workbook, anything else PDF.
    Its words are those of the year's last day.

    Written beside first: a book that is stopped half-way leaves what was there.

    Raises:
        NoSuchVolume: this machine knows of none.
        SheetNotSaved: the file could not be written.
    """
    book = book_of(desk, year, volume)
    with desk.reading() as connection:
        published = desk.published(connection)
        day = min(desk.now().date(), date(year, 12, 31))
        form_set = published.form("register", day).form_set
        texts = published.words("register", form_set, desk.office.statistic_code, day).texts
    words = {name: texts[name] for name in ("counter", "post", "electronic")}
    heading = texts["year"].format(year=year, volume=book.volume)
    beside = path.with_name(f"{path.stem}.new{path.suffix}")

    def told(done: int) -> None:
        if done % 100 == 0 or done == book.rows:
            progress(done, book.rows)

    lines = lines_of(desk, book, words)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix.casefold() == ".xlsx":
            write_xlsx(beside, f"Sổ {year}", texts["columns"].split("|"), lines, told)
        else:
            moment = desk.now().isoformat(timespec="seconds")
            register_pdf(beside, desk.office.facts, texts, heading, moment, lines, told)
        beside.replace(path)
    except OSError as fault:
        raise SheetNotSaved(path=str(path), why=type(fault).__name__) from fault
    finally:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
    return book
