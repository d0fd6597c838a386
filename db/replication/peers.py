"""What a node remembers of a peer, and what the protocol asks of the journals on both sides."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple, Protocol

from msgspec import Struct

from db.replication.messages import START, Cursor, Ids, NotTaken, Of, Page, Pushed, Sum


class Apart(Struct, frozen=True):
    """A difference that stayed when ids had been compared: what one side has and the other does
    not believe. It is looked at again the next day, not in every round."""

    day: str = ""
    mine: Sum = Sum()
    """Lines the peer does not take."""
    theirs: Sum = Sum()
    """Lines of the peer's that are not taken here."""


class Memory(Struct, frozen=True):
    """What a node remembers of one peer, in the same transactions as the entries themselves, so
    that a restored database is at least consistent with itself."""

    cursors: tuple[Cursor, ...] = (START,)
    """Places in the peer's feed, newest first."""
    reached: int = 0
    """The peer holds every line up to this place of the own journal."""
    own: Sum = Sum()
    """The own entries up to there."""
    before: int = 0
    """History is still to be fetched below this place of the peer's feed; 0: all is here."""
    own_apart: Apart = Apart()
    all_apart: Apart = Apart()
    lost: int = 0
    """Own entries that were met at the peer and that it has not been told of yet: the line may
    break after they came back, and then nothing would show that they were ever missing."""


class Standing(NamedTuple):
    """A journal at one moment: its last place, what its device wrote, what its commune has."""

    n: int
    own: Sum
    all: Sum


class Outgoing(NamedTuple):
    """A line to be sent, its place in the own journal, and whether this device wrote it."""

    n: int
    id: bytes
    own: bool
    line: bytes


class Taken(NamedTuple):
    """What became of fetched lines: ids stored, and lines set aside with the reason."""

    stored: tuple[bytes, ...]
    not_taken: tuple[NotTaken, ...] = ()


class Store(Protocol):
    """The asking node's journal. Each call is one transaction."""

    def standing(self) -> Standing:
        """How the journal stands now."""

    def memory(self, peer: str) -> Memory:
        """What is remembered of a peer; of a stranger, nothing."""

    def remember(self, peer: str, memory: Memory) -> None:
        """Keep it, durably."""

    def tail(self, peer: str, after: int, until: int, limit: int) -> Sequence[Outgoing]:
        """Lines in ``(after, until]`` that did not come from this peer, in order."""

    def ids(self, of: Of) -> Collection[bytes]:
        """Every id held, ``own`` or ``all``."""

    def lines(self, ids: Sequence[bytes]) -> Sequence[Outgoing]:
        """The lines with these ids, in the order they came."""

    def accept(self, lines: Sequence[bytes], peer: str, memory: Memory | None) -> Taken:
        """Store, fold, and keep the memory with them, all in one transaction."""


class Outcome(NamedTuple):
    """How a round ended."""

    sent: int = 0
    fetched: int = 0
    not_taken: tuple[NotTaken, ...] = ()
    in_step: bool = False
    """Both sides hold the same, by the peer's own sum."""
    lost: int = 0
    """Own entries that came back: this database is an older copy of itself, or has a twin."""
    peer_went_back: bool = False
    """The peer lacked what it had signed for, or did not know its own feed."""
    revoked: bool = False
    more: bool = False
    """History is still to be fetched."""


class Asker(NamedTuple):
    """Who asks, by its signature, and of which commune it may know."""

    dev: str
    com: str
    revoked: bool = False


class Feed(Protocol):
    """The answering node's journal as one asker may see it. Each call is one snapshot, or one
    transaction that is durable when it returns."""

    def sums(self, asker: Asker) -> tuple[Sum, Sum]:
        """What is held of the asker's own, and of its commune with the shared."""

    def ids_after(self, asker: Asker, of: Of, after: str, limit: int) -> Ids:
        """Ids in ascending order."""

    def page(self, asker: Asker, cursors: Sequence[Cursor]) -> Page | None:
        """The page after the first cursor that is of this feed; None when none is.

        Without what the asker brought itself. ``START`` is of every feed.
        """

    def page_below(self, asker: Asker, before: int) -> Page:
        """Lines below a place, the newest first; ``before`` of the page is where it stopped."""

    def page_of(self, asker: Asker, ids: Sequence[bytes]) -> Page:
        """The lines with these ids, as many as fit, in the order asked for."""

    def take(self, asker: Asker, lines: Sequence[bytes]) -> Pushed:
        """Store what can be stored, fold what can be folded, set the rest aside; never refuse."""
