"""Acts that did not know of each other: which merge, and which contradict. Pure.

The table is in db/README.md. A contradiction is a flag until an entry that saw both sides settles
it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from db.dossier import Correction, Event, Flag
from db.entry import Entry
from db.kinds import (
    DossierCorrected,
    DossierLinked,
    DossierRecoded,
    DossierVoided,
    NoteAdded,
    ReceiptPrinted,
)

BESIDE_A_VOID = (NoteAdded, ReceiptPrinted, DossierVoided, DossierLinked)
"""What may happen beside a void without contradicting it."""


def ancestors(ordered: Sequence[Entry]) -> dict[str, frozenset[str]]:
    """Of each entry the ids of all it descends from; the entries are parents first."""
    above: dict[str, frozenset[str]] = {}
    for entry in ordered:
        parents = [p for p in entry.says.par if p in above]
        above[entry.id] = frozenset(parents).union(*(above[p] for p in parents))
    return above


def simultaneous(a: str, b: str, above: Mapping[str, frozenset[str]]) -> bool:
    """Whether neither knew of the other."""
    return a != b and a not in above[b] and b not in above[a]


def field_flags(done: Sequence[Correction], above: Mapping[str, frozenset[str]]) -> Iterable[Flag]:
    """What two people corrected without knowing of each other."""
    for i, later in enumerate(done):
        for earlier in done[:i]:
            if not simultaneous(earlier.id, later.id, above):
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


def void_of(
    events: Sequence[Event], above: Mapping[str, frozenset[str]], over: frozenset[str]
) -> tuple[Event | None, list[Flag]]:
    """The void that nobody acted beside, or those that somebody did; none of those that are
    ``over``, because who took the dossier in had seen them.

    A contested void is not applied, and flagged until a person who saw both sides voids the
    dossier after all, or corrects it and so lets it live.
    """
    contested = []
    for event in events:
        if not isinstance(event.body, DossierVoided) or event.id in over:
            continue
        beside = [
            other.id
            for other in events
            if simultaneous(event.id, other.id, above) and not isinstance(other.body, BESIDE_A_VOID)
        ]
        if not beside:
            return event, []
        sides = {event.id, *beside}
        if not any(isinstance(e.body, DossierCorrected) and sides <= above[e.id] for e in events):
            contested.append(Flag("void_conflict", (event.id, *beside)))
    return None, contested


def recode_flags(events: Sequence[Event], above: Mapping[str, frozenset[str]]) -> Iterable[Flag]:
    """Two other codes given by two people who did not know of each other: the later in the order
    is the code, both find the dossier, until one more code is given by who saw both."""
    given = [e for e in events if isinstance(e.body, DossierRecoded)]
    for i, later in enumerate(given):
        for earlier in given[:i]:
            sides = {earlier.id, later.id}
            if simultaneous(earlier.id, later.id, above) and not any(
                sides <= above[e.id] for e in given
            ):
                yield Flag("recode_conflict", (earlier.id, later.id))
