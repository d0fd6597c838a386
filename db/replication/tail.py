"""What a round pushes: the lines above the mark, each time as many as one body carries."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from db.replication.messages import PAGE_BYTES, PAGE_LINES, Push
from db.replication.peers import Outgoing, Store


class Part(NamedTuple):
    """Lines in order, and the question that carries them."""

    lines: Sequence[Outgoing]
    push: Push


class Tail:
    """Hands out part after part; the next can be read while the peer is busy with the last.

    What the journal holds up to the beginning of a round never changes: read early or late, it
    is the same.
    """

    def __init__(self, store: Store, peer: str) -> None:
        self._store, self._peer = store, peer
        self._next: tuple[int, int] | None = None
        self._early: dict[tuple[int, int], Part | None] = {}

    def part(self, after: int, until: int) -> Part | None:
        """Lines in ``(after, until]``; None: there are no more."""
        place = (after, until)
        part = self._early[place] if place in self._early else self._read(*place)
        self._early.clear()
        self._next = (part.lines[-1].n, until) if part else None
        return part

    def ahead(self) -> Push | None:
        """The push that follows if the peer takes the one it has; None: there is none.

        For whoever carries the questions: between a question and its answer, in any thread.
        """
        if self._next is None:
            return None
        part = self._early[self._next] = self._read(*self._next)
        return part.push if part else None

    def _read(self, after: int, until: int) -> Part | None:
        lines = self._store.tail(self._peer, after, until, PAGE_LINES)
        return pushing(fitting(lines)) if lines else None


def pushing(lines: Sequence[Outgoing]) -> Part:
    """These lines as a question."""
    return Part(lines, Push(tuple(each.line for each in lines)))


def fitting(lines: Sequence[Outgoing]) -> Sequence[Outgoing]:
    """As many as one body carries; at least one."""
    room = PAGE_BYTES
    for count, each in enumerate(lines[:PAGE_LINES]):
        room -= len(each.line)
        if room < 0 and count:
            return lines[:count]
    return lines[:PAGE_LINES]
