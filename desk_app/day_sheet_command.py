"""``desk-app day-sheet``: the end-of-day sheet as a file, and whether its two sums agree."""

from __future__ import annotations

import argparse
import sys
from typing import Any

import msgspec

from desk_app.desk import Desk
from desk_app.papers.day_sheet_words import verdict
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
    if args.second is None:
        desk.close()
    else:
        desk.journal.engine.dispose()
    if not (args.json and sheet.agrees):
        print(". ".join(verdict(sheet)), file=sys.stderr)
    if not args.json:
        return {"day": sheet.day, "agrees": sheet.agrees, "pdf": str(path)}
    matters = [{"name": matter.name, "code": matter.code} for matter in ended.matters]
    figures: dict[str, Any] = msgspec.to_builtins(sheet)
    return {**figures, "matters": matters, "drafts": ended.drafts, "pdf": str(path)}
