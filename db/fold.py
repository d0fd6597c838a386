"""A dossier's state from its entries. Pure: the same entries give the same dossier everywhere.

Entries are read in the order of their ``par`` graph, ties by id; no clock decides. Two entries are
simultaneous when neither is an ancestor of the other (reliability: what merges, what conflicts).
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import msgspec

from db.beginning import beginning, is_taken_in, local_code, receipt_first
from db.conflicts import ancestors, field_flags, recode_flags, void_of
from db.dossier import Change, Correction, Dossier, Event, File, Flag, Link, Note, Print
from db.entry import Entry
from db.kinds import (
    CORRECTABLE,
    DossierCorrected,
    DossierLinked,
    DossierReceived,
    DossierRecoded,
    DossierVoided,
    FileAttached,
    NoteAdded,
    ReceiptPrinted,
    read_body,
)
from db.living import live
from db.step_flags import decided
from db.steps import DossierChecked, Step

FOLD_VERSION = 15
"""Raise it when a fold or a screen table changes: counters then rebuild their tables."""


def fold(entries: Iterable[Entry]) -> Dossier | None:
    """The dossier; None while its ``dossier.received`` has not arrived."""
    ordered = in_order({e.id: e for e in entries})
    if not ordered:
        return None
    obj, above = ordered[0].says.obj, ancestors(ordered)
    events, receipt = receipt_first([_event(e) for e in ordered], above)
    first = beginning(obj, events, receipt)
    if first is None:
        return None
    corrections, facts, flags = _correct(events, first.facts, above)
    flags += recode_flags(events, above)
    seen = above[receipt] if receipt else frozenset()
    void, contested = void_of(events, above, seen)
    flags = [f for f in (*flags, *contested) if not seen.issuperset(f.entries)]
    dues = {c.id: ch.new for c in corrections for ch in c.changes if ch.path == "due_at"}
    bounds = (receipt, void.id if void else "")
    life, more = live(events, first.life, bounds, above, dues)
    facts, former = _codes(obj, events, receipt, facts)
    return Dossier(
        id=obj,
        facts=facts,
        status=life.state,
        life=life,
        void_reason=void.body.reason if void and isinstance(void.body, DossierVoided) else "",
        heads=heads(ordered),
        history=tuple(events),
        prints=tuple(
            Print(e.at, e.by, b.form, b.nth, b.word_of, b.printer, b.of, b.texts, b.form_set)
            for e in events
            if isinstance(b := e.body, ReceiptPrinted)
        ),
        notes=tuple(Note(e.at, e.by, e.body.text) for e in events if isinstance(e.body, NoteAdded)),
        corrections=tuple(corrections),
        flags=(*_not_said(first.flags, events, above), *flags, *more),
        former_codes=former,
        files=_files(events),
        links=tuple(
            Link(e.at, e.by, e.body.other, e.body.how)
            for e in events
            if isinstance(e.body, DossierLinked)
        ),
        recovered=any(flag.name == "recovered" for flag in first.flags),
        readable=all(e.body is not None for e in events),
    )


def _not_said(
    flags: Sequence[Flag], events: Sequence[Event], above: Mapping[str, frozenset[str]]
) -> list[Flag]:
    """How it began, unless somebody who saw it said that it may stand so."""
    if not flags:
        return []
    _, standing = decided([e for e in events if isinstance(e.body, Step)], above)
    return [f for f in flags if not any(set(f.entries) <= group for group in standing)]


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


def _codes(
    obj: str, events: Sequence[Event], receipt: str, facts: DossierReceived
) -> tuple[DossierReceived, tuple[str, ...]]:
    """The code given last, and every other it ever bore, also on a second receipt. Until it is
    taken in it has only the desk's own name."""
    codes = [local_code(obj)]
    codes += [] if receipt else [facts.code]
    others: list[str] = []
    for event in events:
        match event.body:
            case DossierReceived(code=code):
                (codes if event.id == receipt else others).append(code)
            case DossierRecoded(code=code):
                (codes if is_taken_in(codes[-1]) else others).append(code)
    facts = msgspec.structs.replace(facts, code=codes[-1])
    if not any(isinstance(e.body, DossierChecked) for e in events):
        codes.remove(local_code(obj))
    return facts, tuple(dict.fromkeys(c for c in (*codes, *others) if c != facts.code))


def _files(events: Sequence[Event]) -> tuple[File, ...]:
    """Each picture once, as it was attached first."""
    found: dict[str, File] = {}
    for e in events:
        if isinstance(b := e.body, FileAttached) and b.sha256 not in found:
            found[b.sha256] = File(e.at, e.by, b.sha256, b.size, b.media_type, b.name, b.paper)
    return tuple(found.values())


def _correct(
    events: Sequence[Event], facts: DossierReceived, above: Mapping[str, frozenset[str]]
) -> tuple[list[Correction], DossierReceived, list[Flag]]:
    done: list[Correction] = []
    flags: list[Flag] = []
    received = False
    for event in events:
        body = event.body
        if isinstance(body, DossierReceived) and not received:
            facts, received = body, True
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
    flags.extend(field_flags(done, above))
    return done, facts, flags
