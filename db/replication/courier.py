"""What two nodes say to each other over a stick: the same messages, with days in between.

Nothing is believed because it was written on a stick: a place of the journal counts as held only by
the peer's own signed answer. Bundles may come in any order, twice, or in part.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import msgspec
from msgspec import Struct, structs

from db.refused import Refused
from db.replication.bundle import Part, Slip
from db.replication.messages import (
    CURSORS_KEPT,
    PAGE_LINES,
    Hello,
    Ids,
    NotTaken,
    Page,
    Pull,
    Pushed,
    Sum,
    Welcome,
)
from db.replication.peers import Outgoing, Store
from db.replication.protocol import id_claimed
from db.replication.tail import Tail
from db.replication.wire import BodyWrong, pack, unpack

Said = tuple[Slip, bytes, int]
_SLIP = Slip("", "0" * 16, 0, "hello")


class Stranger(Refused):
    """The bundle is signed by nobody this node knows; ``dev``."""


class Carried(Struct, frozen=True):
    """What a counter remembers of its server's answers on sticks, beside ``Memory``."""

    heard: int = 0
    """The number of the newest question that was answered."""
    want: tuple[str, ...] = ()
    """Own entries the server holds and this counter does not: asked for in the next bundle."""


class Brought(NamedTuple):
    """What a bundle came to."""

    lines: int = 0
    """Lines in its whole parts."""
    stored: int = 0
    """Of them, those that were new here."""
    not_taken: tuple[NotTaken, ...] = ()
    damaged: int = 0
    """Parts that could not be read."""
    said: int | None = None
    """How many lines its maker put in; None when no part of it could be read."""
    at: int = 0
    """The first line that is damaged or cut off; 0 when none is."""
    signed: int = 0
    """Lines the peer signed for in it."""
    in_step: bool = False
    revoked: bool = False
    lost: int = 0


# ---------------------------------------------------------------- the counter asks


def question(
    store: Store, peer: str, hello: Hello, carried: Carried, number: int
) -> Iterator[Said]:
    """The parts of a bundle for the peer: who asks, what it may lack, and from where to go on."""
    begin, memory = store.standing(), store.memory(peer)
    lost = max(hello.lost, memory.lost)
    hello = structs.replace(hello, own=begin.own, all=begin.all, lost=lost)
    yield part_of("hello", hello, number=number)
    after = memory.reached
    tail = Tail(store, peer)
    while part := tail.part(after, begin.n):
        until = part.lines[-1].n
        slip = {"number": number, "after": after, "until": until}
        yield part_of("push", part.push, len(part.lines), **slip)
        after = until
    yield part_of("pull", Pull(memory.cursors[:CURSORS_KEPT]), number=number)
    if memory.before:
        yield part_of("pull", Pull(before=memory.before), number=number)
    for at in range(0, len(carried.want), PAGE_LINES):
        yield part_of("pull", Pull(want=carried.want[at : at + PAGE_LINES]), number=number)


def part_of(tag: str, message: Struct, lines: int = 0, **slip: object) -> Said:
    """One part to be written; ``lines`` is how many are in it."""
    return structs.replace(_SLIP, tag=tag, **slip), pack(message), lines


# ---------------------------------------------------------------- the counter reads the answer


class Reading:
    """Takes a server's answer in, part by part."""

    def __init__(self, store: Store, peer: str, carried: Carried) -> None:
        self._store, self._peer = store, peer
        self.carried = carried
        self.brought = Brought()
        self._ids: set[bytes] = set()
        self._ids_came = False
        self._welcome: Welcome | None = None
        self._page_all: Sum | None = None

    def take(self, part: Part) -> None:
        """One part, whose signature is right.

        Raises:
            BodyWrong: it is of another shape than its slip says.
        """
        slip = part.slip
        newest = slip.number >= self.carried.heard
        match slip.tag:
            case "pushed":
                self._signed_for(slip, unpack(Pushed, part.body))
            case "welcome" if newest:
                self._welcome = unpack(Welcome, part.body)
                self.carried = structs.replace(self.carried, heard=slip.number)
            case "ids" if newest:
                self._ids.update(unpack(Ids, part.body).ids)
                self._ids_came = True
            case "page":
                self._page(slip, unpack(Page, part.body), newest)
            case "welcome" | "ids":
                pass
            case _:
                raise BodyWrong(why="form")

    def finish(self) -> Brought:
        """What it came to, after the last part."""
        store, memory = self._store, self._store.memory(self._peer)
        if self._welcome is not None:
            if memory.lost:
                store.remember(self._peer, structs.replace(memory, lost=0))
            self.brought = self.brought._replace(revoked=self._welcome.revoked)
        if self._ids_came:
            self._compare()
        now = store.standing()
        self.brought = self.brought._replace(in_step=self._page_all == now.all)
        return self.brought

    def _signed_for(self, slip: Slip, pushed: Pushed) -> None:
        """The mark moves on when the server holds exactly these lines of the journal."""
        memory = self._store.memory(self._peer)
        self.brought = self.brought._replace(not_taken=self.brought.not_taken + pushed.not_taken)
        if pushed.quarantined or not slip.after <= memory.reached < slip.until:
            return
        aside = {each.id for each in pushed.not_taken if not each.held}
        lines = list(self._between(slip.after, slip.until))
        held = [each for each in lines if id_claimed(each.line) not in aside]
        if pushed.held != Sum().plus(each.id for each in held):
            return
        new = [each for each in lines if each.n > memory.reached]
        own = memory.own.plus(each.id for each in new if each.own)
        self._store.remember(self._peer, structs.replace(memory, reached=slip.until, own=own))
        self.brought = self.brought._replace(signed=self.brought.signed + len(new))

    def _between(self, after: int, until: int) -> Iterator[Outgoing]:
        while tail := self._store.tail(self._peer, after, until, PAGE_LINES):
            yield from tail
            after = tail[-1].n

    def _page(self, slip: Slip, page: Page, newest: bool) -> None:
        memory = self._store.memory(self._peer)
        after = None
        if newest and slip.cursor in memory.cursors and page.cur != memory.cursors[0]:
            after = structs.replace(memory, cursors=(page.cur, *memory.cursors)[:CURSORS_KEPT])
        elif memory.before and slip.after >= memory.before > page.before:
            after = structs.replace(memory, before=page.before)
        taken = self._store.accept(page.lines, self._peer, after)
        self._page_all = page.all
        self.brought = self.brought._replace(
            lines=self.brought.lines + len(page.lines),
            stored=self.brought.stored + len(taken.stored),
            not_taken=self.brought.not_taken + taken.not_taken,
        )

    def _compare(self) -> None:
        """The server and this counter hold different entries of this counter's own."""
        mine = set(self._store.ids("own"))
        missing = sorted(self._ids - mine)
        memory = self._store.memory(self._peer)
        changed = structs.replace(memory, lost=len(missing) or memory.lost)
        below = {each.id for each in self._between(0, memory.reached) if each.own}
        if below - self._ids:
            # It was restored: everything is sent again, what it knows is passed over.
            changed = structs.replace(changed, reached=0, own=Sum())
        if changed != memory:
            self._store.remember(self._peer, changed)
        self.carried = structs.replace(self.carried, want=tuple(i.hex() for i in missing))
        self.brought = self.brought._replace(lost=len(missing))


class Gathered(NamedTuple):
    """How a bundle came through: see ``Brought``."""

    damaged: int
    said: int | None
    at: int


def gathered(parts: Iterable[Part | None], take: Callable[[Part], None]) -> Gathered:
    """Give every whole part to a reader; what was damaged, and how many lines the bundle's maker
    had put in."""
    damaged, seen, lines, at = 0, 0, 0, 0
    said: int | None = None
    whole: int | None = None
    for part in parts:
        right = part is not None
        if part is not None:
            seen += 1
            said = part.slip.lines
            whole = part.slip.parts or whole
            right = _taken(part, take)
            lines += part.slip.here if right else 0
        if not right:
            damaged, at = damaged + 1, at or lines + 1
    if whole is None or seen < whole:
        damaged, at = max(1, damaged), at or lines + 1
    return Gathered(damaged, said, at)


def _taken(part: Part, take: Callable[[Part], None]) -> bool:
    try:
        if part.slip.tag != "end":
            take(part)
    except BodyWrong:
        return False
    return True


def read_carried(stored: bytes | None) -> Carried:
    """As it lies in the database."""
    return Carried() if stored is None else msgspec.json.decode(stored, type=Carried)
