"""Texts of the papers as a file, TOML or JSON by its name: one file for every office of a district.

    valid_from = 2026-12-01
    reason = "Theo công văn 12"

    [forms."01"."2025"]
    note_3 = "Khi nhận kết quả, mang theo giấy này."
    title = false        # again as the form has it

A section ``[office]`` holds the names of one office; it is written only when it is asked for.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path
from typing import Any, Final

import msgspec

from db.refused import Refused
from db.texts import OFFICE, Change

LARGEST: Final = 2_000_000
"""Bytes."""


class TextsUnreadable(Refused):
    """The file is not one of texts; ``path``, ``why``."""


class TextsFile(msgspec.Struct, forbid_unknown_fields=True, omit_defaults=True):
    """What the file holds. A text is False, or null in JSON, where the form's own counts again."""

    valid_from: date | None = None
    reason: str = ""
    office: dict[str, str | bool | None] = {}
    forms: dict[str, dict[str, dict[str, str | bool | None]]] = {}

    def changes(self) -> list[Change]:
        """Text by text."""
        found = [Change(OFFICE, "", key, _said(says)) for key, says in self.office.items()]
        for form, sets in self.forms.items():
            for form_set, texts in sets.items():
                found += [Change(form, form_set, key, _said(t)) for key, t in texts.items()]
        return found


def read_texts(path: Path) -> TextsFile:
    """The texts of a file.

    Raises:
        TextsUnreadable.
    """
    try:
        if path.stat().st_size > LARGEST:
            raise TextsUnreadable(path=str(path), why="quá lớn")
        content = path.read_bytes()
    except OSError as fault:
        raise TextsUnreadable(path=str(path), why="không mở được") from fault
    try:
        plain = _plain(content, path)
        file = msgspec.convert(plain, TextsFile)
    except (ValueError, RecursionError, msgspec.ValidationError) as fault:
        raise TextsUnreadable(path=str(path), why=str(fault)[:60]) from fault
    if True in _values(file):
        raise TextsUnreadable(path=str(path), why="true không phải lời")
    return file


def _values(file: TextsFile) -> list[str | bool | None]:
    texts = [file.office, *(t for sets in file.forms.values() for t in sets.values())]
    return [says for each in texts for says in each.values()]


def _plain(content: bytes, path: Path) -> Any:
    if path.suffix.casefold() == ".json":
        return msgspec.json.decode(content)
    return tomllib.loads(content.decode("utf-8-sig"))


def _said(says: str | bool | None) -> str | None:
    return says if isinstance(says, str) else None
