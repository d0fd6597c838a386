"""``desk-app form-texts``: the texts of the papers listed, written to a file, taken from one."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from typing import Any

from db.refused import Refused
from db.text_file import read_texts
from db.texts import Change
from desk_app.desk import Desk
from desk_app.messages import sentence_for
from desk_app.services.form_texts import check, form_texts, publish
from desk_app.services.text_file import write_texts

Result = dict[str, Any]


def form_texts_command(desk: Desk, args: argparse.Namespace) -> Iterator[Result]:
    """One object a text; an import with a text that is refused publishes nothing.

    Raises:
        TextsUnreadable, TextsNotWritten, and what ``services.form_texts.publish`` raises.
    """
    if args.action == "export":
        written = write_texts(desk, args.file, args.all, args.office)
        yield {"file": str(args.file), "texts": written}
    elif args.action == "import":
        yield from _import(desk, args)
    else:
        for text in form_texts(desk):
            if args.all or text.origin != "law":
                yield {
                    "form": text.form,
                    "form_set": text.form_set,
                    "text": text.text,
                    "says": text.says,
                    "law": text.law,
                    "since": text.since,
                    "origin": text.origin,
                }
    desk.close()


def _import(desk: Desk, args: argparse.Namespace) -> Iterator[Result]:
    file = read_texts(args.file)
    changes = file.changes()
    refused = [each for change in changes if (each := _refused(desk, change))]
    if refused:
        yield from refused
        return
    day = args.valid_from or file.valid_from or desk.now().date()
    for change in publish(desk, changes, day, args.reason or file.reason):
        yield {**change._asdict(), "valid_from": day.isoformat()}


def _refused(desk: Desk, change: Change) -> Result | None:
    try:
        check(desk, change)
    except Refused as refused:
        where = {"form": change.form, "form_set": change.form_set, "text": change.text}
        return {**where, "refused": sentence_for(refused)}
    return None
