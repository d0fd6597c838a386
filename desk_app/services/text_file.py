"""The texts of the papers written to a file, as ``db.text_file`` reads them."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import msgspec
import tomli_w

from db.refused import Refused
from db.texts import OFFICE
from desk_app.desk import Desk
from desk_app.services.form_texts import FormText, form_texts
from desk_app.services.paper_file import FileNotWritten, write_whole


class TextsNotWritten(Refused):
    """The file could not be written; ``path``, ``why``."""


def write_texts(desk: Desk, path: Path, everything: bool, office: bool) -> int:
    """Write the texts that are worded otherwise than the forms', or every one; how many.

    Args:
        office: the office's own names too, which fit nobody else.

    Raises:
        TextsNotWritten.
    """
    texts = [
        text
        for text in form_texts(desk)
        if (everything or text.origin != "law") and (office or text.form != OFFICE)
    ]
    try:
        write_whole(path, _encoded(texts, path))
    except FileNotWritten as fault:
        raise TextsNotWritten(path=str(path), why=fault.why) from fault
    return len(texts)


def _encoded(texts: Sequence[FormText], path: Path) -> bytes:
    tree: dict[str, Any] = {"reason": ""}
    for text in texts:
        if text.form == OFFICE:
            tree.setdefault(OFFICE, {})[text.text] = text.says
        else:
            of = tree.setdefault("forms", {}).setdefault(text.form, {})
            of.setdefault(text.form_set, {})[text.text] = text.says
    if path.suffix.casefold() == ".json":
        return msgspec.json.format(msgspec.json.encode(tree), indent=2)
    return tomli_w.dumps(tree).encode()
