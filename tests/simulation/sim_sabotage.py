"""Defences of the protocol and of the fold taken away, one at a time: the simulation must notice
each of them (T11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sim_nodes import Node
from sim_world import HARD, Odds

from db import fold as folding
from db import living
from db.acts import ACTS
from db.entry import parse
from db.identity import SERVER
from db.replication import protocol
from db.replication.messages import Cursor, Sum


class Forgets(Node):
    """A server that stores what it holds already."""

    def is_known(self, id_: bytes) -> bool:
        return self.device != SERVER and super().is_known(id_)


class TrustsNumbers(Node):
    """A server that passes over what has a number it saw a later one than."""

    def take_lines(self, lines: Sequence[bytes], via: str | None) -> tuple[list, list, list]:
        if self.device != SERVER:
            return super().take_lines(lines, via)
        fresh, old, seen = [], [], dict[tuple[str, str], int]()
        for row in self.db.rows:
            key = (row.dev, row.entry.says.ep)
            seen[key] = max(seen.get(key, 0), row.entry.says.seq)
        for line in lines:
            says = parse(line).says
            key = (says.dev, says.ep)
            newest = seen.get(key, 0)
            (fresh if says.seq > newest else old).append(line)
            seen[key] = max(newest, says.seq)
        stored, known, aside = super().take_lines(fresh, via)
        return stored, known + [protocol.id_of(line) for line in old], aside


class OneEpoch(TrustsNumbers):
    """The same, and machines that count on from what their disk remembers."""

    def start_again(self, epoch: str) -> None:
        mine = [r.entry.says.seq for r in self.db.rows if r.dev == self.device]
        self.seq = max(mine, default=0)


class ChecksNoCursor(Node):
    """A server that takes any cursor for one of its own."""

    def is_cursor(self, cursor: Cursor) -> bool:
        return True

    def page(self, asker: Any, cursors: Sequence[Cursor]) -> Any:
        end = len(self.db.rows)
        known = [Cursor(min(c.no, end), c.fh) for c in cursors]
        return super().page(asker, known)


class PlaceAndId(Node):
    """A feed whose hash is the last id only."""

    def chained(self, fh: bytes, id_: bytes) -> bytes:
        return id_


class Breaks(Node):
    """A server that answers nothing to a body with an entry it cannot understand."""

    def take_lines(self, lines: Sequence[bytes], via: str | None) -> tuple[list, list, list]:
        if self.device == SERVER and any(b'"poison"' in line for line in lines):
            raise ValueError("poison")
        return super().take_lines(lines, via)


def _believes_itself(round_: Any, own: Sum) -> bool:
    return True


class GivesBackOthers(Node):
    """After a server went back in time it is given what others wrote; one's own, by the sums."""

    def ids(self, of: str) -> set[bytes]:
        own = super().ids("own") if of == "all" else set()
        return super().ids(of) - own


def _compares_own_only(compare: Any) -> Any:
    def run(self: Any, of: str) -> Any:
        return compare(self, of) if of == "own" else iter(())

    return run


def _compares_after_a_fall(compare: Any) -> Any:
    """Everything is compared when the peer does not know its own feed, but not when sums differ."""

    def run(self: Any, of: str) -> Any:
        return compare(self, of) if of == "own" or self.went_back else iter(())

    return run


SABOTAGES = (
    "stores-twice",
    "trusts-numbers-one-epoch",
    "trusts-numbers",
    "trusts-own-mark",
    "feed-not-checked",
    "feed-place-and-id",
    "poison-breaks",
    "compares-own-only",
)
LIFE_CONTROL = "life-whole"
"""Nothing is taken away: what fails in the busy worlds of the others fails by what was."""
LIFE: dict[str, tuple[Any, str, Any]] = {
    "life-drops-paper-and-money": (
        living,
        "ACTS",
        {kind: replace(act, physical=False) for kind, act in ACTS.items()},
    ),
    "life-takes-any-step": (living, "fits_in", lambda *_: True),
    "life-shows-nothing": (living, "contradictions", lambda *_: iter(())),
    "life-goes-by-arrival": (folding, "in_order", lambda entries: list(entries.values())),
    LIFE_CONTROL: (living, "fits_in", living.fits_in),
    "life-begins-anew": (living, "_taken_in", lambda _, event: living.begun(event.body)),
}
"""Defences of the fold: where each stands, and what is there without it."""
BUSY = replace(HARD, touches=9)
"""Much is done with few dossiers, so that little is needed to be noticed."""
SABOTAGES += tuple(name for name in LIFE if name != LIFE_CONTROL)
CONTROL = "no-digest"
"""The digest would heal what three of the sabotages break. It is off for these, in worlds without
twins and restored counters, where nothing fails by its absence alone: what fails is the other."""

WITHOUT_DIGEST = ("trusts-own-mark", "feed-not-checked", "feed-place-and-id", CONTROL)
NO_TWINS = Odds(
    fault=0,
    clone=0,
    restore=0,
    dead_disk=0,
    server_restore=0.3,
    while_asked=0,
    server_copies=2,
    copied_every=1,
)
_NODES: dict[str, type[Node]] = {
    "stores-twice": Forgets,
    "trusts-numbers-one-epoch": OneEpoch,
    "trusts-numbers": TrustsNumbers,
    "feed-not-checked": ChecksNoCursor,
    "feed-place-and-id": PlaceAndId,
    "poison-breaks": Breaks,
}


@contextmanager
def sabotaged(name: str) -> Iterator[dict[str, Any]]:
    """The protocol, or the fold, without one of its defences; of what and how to make a world."""
    inside: Any = protocol._Round
    kept = inside._is_known, inside._compare
    module, part, without = LIFE.get(name, (living, "ACTS", living.ACTS))
    whole = getattr(module, part)
    setattr(module, part, without)
    kind, odds = _NODES.get(name, Node), BUSY if name in LIFE else HARD
    if name == "trusts-own-mark":
        inside._is_known = _believes_itself
    if name == "compares-own-only":
        inside._compare = _compares_own_only(inside._compare)
    if name in WITHOUT_DIGEST:
        inside._compare = _compares_after_a_fall(inside._compare)
        kind, odds = type(kind.__name__, (GivesBackOthers, kind), {}), NO_TWINS
    try:
        yield {"node": kind, "server": kind, "odds": odds}
    finally:
        inside._is_known, inside._compare = kept
        setattr(module, part, whole)
