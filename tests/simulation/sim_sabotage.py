"""Defences taken away, one at a time: the simulation must notice each of them (T11)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sim_nodes import Node

from db.entry import parse
from db.identity import SERVER
from db.replication import protocol
from db.replication.protocol import Cursor, Sum


class Forgets(Node):
    """A server that stores what it holds already."""

    def is_known(self, id_: bytes) -> bool:
        return self.device != SERVER and super().is_known(id_)


class TrustsNumbers(Node):
    """A server that passes over what has a number it saw a later one than."""

    def take_lines(self, lines: Sequence[bytes], via: str | None) -> tuple[list, list, list]:
        if self.device != SERVER:
            return super().take_lines(lines, via)
        fresh, old = [], []
        for line in lines:
            says = parse(line).says
            key = (says.dev, says.ep)
            newest = self._newest.get(key, 0)
            (fresh if says.seq > newest else old).append(line)
            self._newest[key] = max(newest, says.seq)
        stored, known, aside = super().take_lines(fresh, via)
        return stored, known + [protocol.id_of(line) for line in old], aside

    def __init__(self, device: str, commune: str, epoch: str) -> None:
        super().__init__(device, commune, epoch)
        self._newest: dict[tuple[str, str], int] = {}


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


def _compares_own_only(compare: Any) -> Any:
    def run(self: Any, of: str) -> Any:
        return compare(self, of) if of == "own" else iter(())

    return run


SABOTAGES = (
    "stores-twice",
    "trusts-numbers-one-epoch",
    "trusts-numbers",
    "trusts-own-mark",
    "feed-not-checked",
    "feed-place-and-id",
    "poison-breaks",
    "no-digest",
)
"""``no-digest`` alone is no hole: the chain of the feed holds. It is off in the rows where the
digest would heal what was broken, so that the other defence is seen to be needed by itself."""

_WITHOUT_DIGEST = ("trusts-own-mark", "feed-not-checked", "feed-place-and-id", "no-digest")
_NODES: dict[str, type[Node]] = {
    "stores-twice": Forgets,
    "trusts-numbers-one-epoch": OneEpoch,
    "trusts-numbers": TrustsNumbers,
    "feed-not-checked": ChecksNoCursor,
    "feed-place-and-id": PlaceAndId,
    "poison-breaks": Breaks,
}


@contextmanager
def sabotaged(name: str) -> Iterator[dict[str, type[Node]]]:
    """The protocol without one of its defences; what to make nodes of."""
    inside: Any = protocol._Round
    kept = inside._is_known, inside._compare
    if name == "trusts-own-mark":
        inside._is_known = _believes_itself
    if name in _WITHOUT_DIGEST:
        inside._compare = _compares_own_only(inside._compare)
    kind = _NODES.get(name, Node)
    try:
        yield {"node": kind, "server": kind}
    finally:
        inside._is_known, inside._compare = kept
