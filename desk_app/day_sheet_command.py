"""``desk-app day-sheet`` and ``day-book``: papers of a day as files, and whether sums agree."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import msgspec

from desk_app.desk import Desk
from desk_app.papers.day_sheet_words import verdict
from desk_app.services.day_book import day_book as book_of
from desk_app.services.day_book import write_day_book
from desk_app.services.day_sheet import end_of_day, write_day_sheet
from desk_app.ui.day_sheet_words import said_of


def day_sheet(desk: Desk, args: argparse.Namespace) -> dict[str, Any]:
    """Make the sheet of ``args.date`` and close the desk; ``agrees`` is false when it has to be
    looked into.

    With ``args.second`` a window is at work beside: how far the second medium has come is its
    word, and the log stays as it is, because to empty it would hold up a save.

    Raises:
        SheetNotWritten: there is no file.
    """
    ended = end_of_day(desk, args.date, args.second)
    sheet = ended.sheet
    path = write_day_sheet(desk, sheet, said_of(ended), args.out)
    _leave(desk, args)
    if not (args.json and sheet.agrees):
        print(". ".join(verdict(sheet)), file=sys.stderr)
    if not args.json:
        return {"day": sheet.day, "agrees": sheet.agrees, "pdf": str(path)}
    matters = [{"name": matter.name, "code": matter.code} for matter in ended.matters]
    figures: dict[str, Any] = msgspec.to_builtins(sheet)
    return {**figures, "matters": matters, "drafts": ended.drafts, "pdf": str(path)}


def day_book(desk: Desk, args: argparse.Namespace) -> dict[str, Any]:
    """Make the day book of ``args.date`` and ``args.counter`` and close the desk, as above.

    Raises:
        NoSuchCounter, BookNotWritten: there is no file.
    """
    book = book_of(desk, args.date, args.counter, args.second)
    path = write_day_book(desk, book, args.out)
    _leave(desk, args)
    said: dict[str, Any] = {"day": book.day, "counter": book.counter, "agrees": book.agrees}
    if args.json:
        said["lines"] = msgspec.to_builtins(book.lines)
        said["money"] = {how: amount for how, (_, amount) in book.money.items()}
    return {**said, "counts": dict(book.counts), "pdf": str(path)}


def _leave(desk: Desk, args: argparse.Namespace) -> None:
    if args.second is None:
        desk.close()
    else:
        desk.journal.engine.dispose()
