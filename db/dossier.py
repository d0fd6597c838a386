"""What a dossier is, once its entries are read: state, history, and what contradicts itself."""

from __future__ import annotations

from typing import Any, Literal

from msgspec import Struct

from db.acts import State
from db.kinds import DossierReceived
from db.life import Life
from db.parts import Kind


class Event(Struct, frozen=True):
    """One line of a dossier's history. ``body`` is None for a kind this program does not know."""

    id: str
    kind: str
    at: str
    by: str
    dev: str
    body: Kind | None


class Print(Struct, frozen=True):
    """One time paper came out."""

    at: str
    by: str
    form: str
    nth: int
    word_of: Literal["printer", "clerk", "file"]
    printer: str
    of: str = ""
    """The entry the paper is about; empty for the receipt."""
    texts: tuple[str, ...] = ()
    """Which texts of the office it was made with."""
    form_set: str = ""
    """Whose forms it has, when they are not those of the receipt."""


class Note(Struct, frozen=True):
    """An internal remark and who made it."""

    at: str
    by: str
    text: str


class Change(Struct, frozen=True):
    """One corrected fact: its path, and its value before and after."""

    path: str
    old: Any
    new: Any


class Correction(Struct, frozen=True):
    """One correction as it took effect."""

    id: str
    at: str
    by: str
    reason: str
    changes: tuple[Change, ...]


class File(Struct, frozen=True):
    """A scanned paper; its bytes are found by ``sha256``."""

    at: str
    by: str
    sha256: str
    size: int
    media_type: str
    name: str
    paper: str


class Link(Struct, frozen=True):
    """What a person said of this dossier and another one."""

    at: str
    by: str
    other: str
    how: Literal["same", "distinct"]


class Flag(Struct, frozen=True):
    """A contradiction for a person to settle: its name, the entries, and the facts of both."""

    name: Literal[
        "parallel_update",
        "field_conflict",
        "void_conflict",
        "received_twice",
        "bad_correction",
        "recode_conflict",
        "recovered",
        "out_of_turn",
        "out_of_hand",
        "state_conflict",
        "returned_twice",
        "fee_twice",
        "settled_twice",
    ]
    entries: tuple[str, ...]
    facts: dict[str, Any] = {}


class Dossier(Struct, frozen=True):
    """What the counter knows of one dossier."""

    id: str
    facts: DossierReceived
    status: State
    life: Life
    heads: tuple[str, ...]
    history: tuple[Event, ...]
    void_reason: str = ""
    prints: tuple[Print, ...] = ()
    notes: tuple[Note, ...] = ()
    corrections: tuple[Correction, ...] = ()
    flags: tuple[Flag, ...] = ()
    former_codes: tuple[str, ...] = ()
    """Codes it bore before; they find it for ever."""
    files: tuple[File, ...] = ()
    links: tuple[Link, ...] = ()
    recovered: bool = False
    """Only its receipt is left: made again from the paper."""
    readable: bool = True
    """False when an entry is of a kind this program does not know: look, do not touch."""

    @property
    def unsettled(self) -> tuple[Flag, ...]:
        """The flags a person has to settle: two corrections of different fields both hold, and
        of a void dossier nothing is left to decide."""
        if self.status == "voided":
            return ()
        return tuple(flag for flag in self.flags if flag.name != "parallel_update")
