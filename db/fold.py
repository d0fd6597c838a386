"""A dossier's state from its entries. Pure: the same entries give the same dossier everywhere.

Entries are read in the order of their ``par`` graph, ties by id; no clock decides. Two entries are
simultaneous when neither is an ancestor of the other (reliability: what merges, what conflicts).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import msgspec
from msgspec import Struct

from db.entry import Entry
from db.kinds import (
    CORRECTABLE,
    DossierCorrected,
    DossierReceived,
    DossierVoided,
    Kind,
    NoteAdded,
    ReceiptPrinted,
    read_body,
)

FOLD_VERSION = 2
"""Raise it when a fold or a screen table changes: counters then rebuild their tables."""


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


class Flag(Struct, frozen=True):
    """A contradiction for a person to settle: its name, the entries, and the facts of both."""

    name: Literal[
        "parallel_update", "field_conflict", "void_conflict", "received_twice", "bad_correction"
    ]
    entries: tuple[str, ...]
    facts: dict[str, Any] = {}


class Dossier(Struct, frozen=True):
    """What the counter knows of one dossier."""

    id: str
    facts: DossierReceived
    status: Literal["received", "voided"]
    heads: tuple[str, ...]
    history: tuple[Event, ...]
    void_reason: str = ""
    prints: tuple[Print, ...] = ()
    notes: tuple[Note, ...] = ()
    corrections: tuple[Correction, ...] = ()
    flags: tuple[Flag, ...] = ()
    readable: bool = True
    """False when an entry is of a kind this program does not know: look, do not touch."""


def fold(entries: Iterable[Entry]) -> Dossier | None:
    """The dossier; None while its ``dossier.received`` has not arrived."""
    ordered = in_order({e.id: e for e in entries})
    events = [_event(e) for e in ordered]
    receipts = [e for e in events if isinstance(e.body, DossierReceived)]
    if not receipts:
        return None
    first = receipts[0].body
    assert isinstance(first, DossierReceived)
    above = ancestors(ordered)
    corrections, facts, flags = _correct(events, first, above)
    if len(receipts) > 1:
        flags.append(Flag("received_twice", tuple(e.id for e in receipts)))
    void = _void(events, above, flags)
    return Dossier(
        id=ordered[0].says.obj,
        facts=facts,
        status="voided" if void else "received",
        void_reason=void,
        heads=heads(ordered),
        history=tuple(events),
        prints=tuple(
            Print(e.at, e.by, e.body.form, e.body.nth, e.body.word_of, e.body.printer)
            for e in events
            if isinstance(e.body, ReceiptPrinted)
        ),
        notes=tuple(Note(e.at, e.by, e.body.text) for e in events if isinstance(e.body, NoteAdded)),
        corrections=tuple(corrections),
        flags=tuple(flags),
        readable=all(e.body is not None for e in events),
    )


def in_order(entries: Mapping[str, Entry]) -> list[Entry]:
    """Parents before children, ties by id; parents that have not arrived are passed over."""
    waiting = {i: {p for p in e.says.par if p in entries} for i, e in entries.items()}
    children: dict[str, list[str]] = {}
    for i, parents in waiting.items():
        for parent in parents:
            children.setdefault(parent, []).append(i)
    ready = [i for i, parents in waiting.items() if not parents]
    heapq.heapify(ready)
    ordered = []
    while ready:
        current = heapq.heappop(ready)
        ordered.append(entries[current])
        for child in children.get(current, ()):
            waiting[child].discard(current)
            if not waiting[child]:
                heapq.heappush(ready, child)
    return ordered


def heads(entries: Sequence[Entry]) -> tuple[str, ...]:
    """Ids that no other entry names as its parent, sorted."""
    named = {parent for e in entries for parent in e.says.par}
    return tuple(sorted(e.id for e in entries if e.id not in named))


def corrected(facts: DossierReceived, changes: Mapping[str, Any]) -> DossierReceived:
    """The facts with the changes applied.

    Raises:
        msgspec.ValidationError: a path may not be corrected, or the value is not of its shape.
    """
    tree: dict[str, Any] = msgspec.to_builtins(facts)
    for path, value in changes.items():
        if path not in CORRECTABLE:
            raise msgspec.ValidationError(f"{path} may not be corrected")
        *parents, leaf = path.split(".")
        branch = tree
        for name in parents:
            branch = branch[name]
        if value is None:
            branch.pop(leaf, None)
        else:
            branch[leaf] = value
    return msgspec.convert(tree, DossierReceived)


def value_at(facts: DossierReceived, path: str) -> Any:
    """The plain value of a correctable path."""
    value: Any = facts
    for name in path.split("."):
        value = getattr(value, name)
    return msgspec.to_builtins(value)


def _event(entry: Entry) -> Event:
    says = entry.says
    try:
        body = read_body(says.k, says.kv, says.body)
    except msgspec.ValidationError:
        body = None
    return Event(entry.id, says.k, says.ts, says.by, says.dev, body)


def ancestors(ordered: Sequence[Entry]) -> dict[str, frozenset[str]]:
    """Of each entry the ids of all it descends from; the entries are parents first."""
    above: dict[str, frozenset[str]] = {}
    for entry in ordered:
        parents = [p for p in entry.says.par if p in above]
        above[entry.id] = frozenset(parents).union(*(above[p] for p in parents))
    return above


def _simultaneous(a: str, b: str, above: Mapping[str, frozenset[str]]) -> bool:
    return a != b and a not in above[b] and b not in above[a]


def _correct(
    events: Sequence[Event], facts: DossierReceived, above: Mapping[str, frozenset[str]]
) -> tuple[list[Correction], DossierReceived, list[Flag]]:
    done: list[Correction] = []
    flags: list[Flag] = []
    for event in events:
        body = event.body
        if not isinstance(body, DossierCorrected):
            continue
        try:
            after = corrected(facts, body.changes)
        except msgspec.ValidationError:
            flags.append(Flag("bad_correction", (event.id,)))
            continue
        changes = tuple(
            Change(path, value_at(facts, path), value_at(after, path)) for path in body.changes
        )
        facts = after
        done.append(Correction(event.id, event.at, event.by, body.reason, changes))
    flags.extend(_field_flags(done, above))
    return done, facts, flags


def _field_flags(done: Sequence[Correction], above: Mapping[str, frozenset[str]]) -> Iterable[Flag]:
    for i, later in enumerate(done):
        for earlier in done[:i]:
            if not _simultaneous(earlier.id, later.id, above):
                continue
            ours = {c.path: c.new for c in earlier.changes}
            shared = [c for c in later.changes if c.path in ours]
            if not shared:
                yield Flag("parallel_update", (earlier.id, later.id))
            for change in shared:
                if change.new != ours[change.path] and not _settled(
                    change.path, earlier.id, later.id, done, above
                ):
                    both = {"path": change.path, "first": ours[change.path], "second": change.new}
                    yield Flag("field_conflict", (earlier.id, later.id), both)


def _settled(
    path: str,
    a: str,
    b: str,
    done: Sequence[Correction],
    above: Mapping[str, frozenset[str]],
) -> bool:
    """Whether a later correction of the same field saw both sides."""
    return any(
        {a, b} <= above[c.id] and any(change.path == path for change in c.changes) for c in done
    )


def _void(events: Sequence[Event], above: Mapping[str, frozenset[str]], flags: list[Flag]) -> str:
    """The reason of a void that nobody acted beside.

    A contested void is not applied, and flagged until a person who saw both sides voids the
    dossier after all, or corrects it and so lets it live.
    """
    contested = []
    for event in events:
        if not isinstance(event.body, DossierVoided):
            continue
        beside = [
            other.id
            for other in events
            if _simultaneous(event.id, other.id, above)
            and not isinstance(other.body, (NoteAdded, ReceiptPrinted, DossierVoided))
        ]
        if not beside:
            return event.body.reason
        sides = {event.id, *beside}
        if not any(isinstance(e.body, DossierCorrected) and sides <= above[e.id] for e in events):
            contested.append(Flag("void_conflict", (event.id, *beside)))
    flags.extend(contested)
    return ""
