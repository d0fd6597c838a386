"""The book of a year as a file: PDF to print and close, or Excel."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from desk_app.desk import Desk
from desk_app.papers.register import register_pdf
from desk_app.services.register import Book, book_of, lines_of
from desk_app.services.spreadsheet import SheetNotSaved, write_xlsx

Progress = Callable[[int, int], None]
"""Told (lines done, of how many); raises to stop."""


def write_register(
    desk: Desk, year: int, path: Path, progress: Progress = lambda _, __: None
) -> Book:
    """Write this counter's volume of a year; ``.xlsx`` is a workbook, anything else PDF.

    Written beside first: a book that is stopped half-way leaves what was there.

    Raises:
        SheetNotSaved: the file could not be written.
    """
    with desk.reading() as connection:
        published = desk.published(connection)
        day = desk.now().date()
        texts = {**published.form("01", day).texts, **published.form("register", day).texts}
    book = book_of(desk, year)
    words = {name: texts[name] for name in ("counter", "post", "electronic")}
    heading = texts["year"].format(year=year, volume=book.volume)
    beside = path.with_name(f"{path.stem}.new{path.suffix}")

    def told(done: int) -> None:
        if done % 100 == 0 or done == book.rows:
            progress(done, book.rows)

    lines = lines_of(desk, year, words)
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
