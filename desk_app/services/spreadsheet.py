"""Rows as an Excel workbook, written row by row: memory stays flat however long the list."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from db.refused import Refused

Progress = Callable[[int], None]
"""Told how many rows are written; raises to stop."""


class SheetNotSaved(Refused):
    """The workbook could not be written; ``path``, ``why``."""


def write_xlsx(
    path: Path,
    title: str,
    columns: Sequence[str],
    rows: Iterable[Sequence[object]],
    progress: Progress = lambda _: None,
) -> int:
    """Write a list with its heading row; returns the rows written. Numbers stay numbers; a text
    is never a formula, whatever it begins with.

    Raises:
        SheetNotSaved: the disk, or somebody has the file open.
    """
    import xlsxwriter
    from xlsxwriter.exceptions import FileCreateError

    options = {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False}
    book = xlsxwriter.Workbook(str(path), options)
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
    sheet.freeze_panes(1, 0)
    widths = [max(8, min(40, len(name) + 4)) for name in columns]
    for at, (name, width) in enumerate(zip(columns, widths, strict=True)):
        sheet.set_column(at, at, width)
        sheet.write_string(0, at, name, bold)
    count = 0
    try:
        for count, row in enumerate(rows, start=1):
            for at, cell in enumerate(row):
                if isinstance(cell, int):
                    sheet.write_number(count, at, cell)
                else:
                    sheet.write_string(count, at, str(cell))
            progress(count)
    finally:
        # Also when it is stopped: its temporary files go.
        try:
            book.close()
        except (OSError, FileCreateError) as fault:
            raise SheetNotSaved(path=str(path), why=type(fault).__name__) from fault
    return count
