"""The messages between two nodes: what a counter says to the district server, to a sibling, or
writes on a stick. Values only; how they travel is in ``wire``, what is done with them in
``protocol``."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Annotated, Literal

from msgspec import Meta, Struct

from db.entry import SHARED as SHARED
from db.entry import Hex16, Hex64
from db.entry import chained as chained

MODULUS = 2**256
PAGE_LINES, PAGE_BYTES = 2_000, 4_000_000
"""What one body may carry, unpacked."""
PAGE_IDS = 50_000
CURSORS_KEPT = 60
"""Places of a peer's feed that are remembered, for a peer that went back in time."""

Name = Annotated[str, Meta(max_length=100)]


class Sum(Struct, frozen=True):
    """How many entries a set holds and Σ of their ids mod 2^256: no order, any difference shows."""

    n: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    sum: Hex64 = "0" * 64

    def plus(self, ids: Iterable[bytes]) -> Sum:
        """With these ids too."""
        n, total = self.n, int(self.sum, 16)
        for each in ids:
            n, total = n + 1, total + int.from_bytes(each, "big")
        return Sum(n, f"{total % MODULUS:064x}")

    def minus(self, ids: Collection[bytes]) -> Sum:
        """Without these ids."""
        return self.less(Sum().plus(ids))

    def less(self, other: Sum) -> Sum:
        """What is left of the set when those are taken out."""
        return Sum(self.n - other.n, f"{(int(self.sum, 16) - int(other.sum, 16)) % MODULUS:064x}")


class Cursor(Struct, frozen=True):
    """A place in a peer's feed and the hash of the whole feed up to it: a peer that went back in
    time, or whose feed took another course, does not know it."""

    no: Annotated[int, Meta(ge=0, lt=2**53)]
    fh: Hex64


START = Cursor(0, "0" * 64)

# ---------------------------------------------------------------- the five messages


class Hello(Struct, frozen=True, tag="hello"):
    """Who I am and what I hold."""

    dev: Hex16
    com: Name
    own: Sum
    """Entries this device wrote."""
    all: Sum
    """Entries of its commune, the shared ones with them."""
    ep: Hex16
    now: Name
    """The asker's clock, ISO with offset."""
    app: Name = ""
    lost: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    """Own entries it met at a peer that it had not: it was restored from a copy, or cloned."""
    unsent: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    conflicts: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    parked: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    clock: Name = "ok"


class Welcome(Struct, frozen=True, tag="welcome"):
    """What the peer holds of the asker and of its commune."""

    dev: Name
    own: Sum
    all: Sum
    now: Name
    nonce: Name = ""
    """To be signed into every later request of the round."""
    srv: Name = ""
    """Changes when somebody declares that the peer was restored."""
    revoked: bool = False
    min_app: Name = ""
    want_blobs: tuple[Hex64, ...] = ()


Of = Literal["own", "all"]
"""What the asker wrote, or all its commune should have."""


class AskIds(Struct, frozen=True, tag="ids"):
    """Which ids do you hold, of me (``dev``) or of my whole commune, after this one."""

    of: Of
    after: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""


class Ids(Struct, frozen=True, tag="ids-are"):
    """Ids in ascending order, 32 bytes each."""

    ids: tuple[bytes, ...]
    more: bool = False


class Push(Struct, frozen=True, tag="push"):
    """Lines for you."""

    lines: tuple[bytes, ...]


class NotTaken(Struct, frozen=True):
    """A line that was set aside, and why. ``held``: stored all the same, only not understood."""

    id: Name
    why: Name
    held: bool


class Pushed(Struct, frozen=True, tag="pushed"):
    """What of the lines just sent is durable here now. Said after the commit."""

    held: Sum
    own: Sum
    all: Sum
    not_taken: tuple[NotTaken, ...] = ()
    quarantined: bool = False
    """The device is revoked: a person will look at what it sent."""


class Pull(Struct, frozen=True, tag="pull"):
    """What came after the newest of these cursors that you know; or, to fill up from the newest,
    what is below ``before``; or the lines with these ids. One request checks the cursor and reads
    the page: in two, the peer could go back in time between them."""

    cursors: Annotated[tuple[Cursor, ...], Meta(max_length=CURSORS_KEPT)] = ()
    before: Annotated[int, Meta(ge=0, lt=2**53)] = 0
    want: Annotated[tuple[Hex64, ...], Meta(max_length=PAGE_LINES)] = ()


class Page(Struct, frozen=True, tag="page"):
    """Lines, where the feed stands after them, and the sum of all the asker should hold then."""

    lines: tuple[bytes, ...]
    cur: Cursor
    all: Sum
    more: bool = False
    before: int = 0


class NotMyHistory(Struct, frozen=True, tag="not-my-history"):
    """That cursor is of a feed this node never had, or has no more."""


class Proof(Struct, frozen=True, tag="proof"):
    """For a server that went back to before it enrolled the asker: its own signed lines about the
    asker, and whom bundles for the asker are encrypted to (age)."""

    lines: tuple[bytes, ...]
    recipient: Name = ""


class Stored(Struct, frozen=True, tag="stored"):
    """How much of a file is here; ``whole``: all of it, and it is the file it should be."""

    offset: Annotated[int, Meta(ge=0, lt=2**31)]
    whole: bool = False


class Declined(Struct, frozen=True, tag="declined"):
    """The node understood who asks, or did not, and answers nothing else; ``why`` is one word."""

    why: Name


Request = Hello | AskIds | Push | Pull
"""What a round asks."""
Answer = Welcome | Ids | Pushed | Page | NotMyHistory
