"""The messages between two nodes, and what each side does on hearing them. Sans-I/O.

Nothing here asks a database, opens a line, looks at a clock or draws a random number: a round is a
generator that yields what to ask and is sent the answer, over a store that is passed in. The
counter, the district server, the stick and the simulator all run this very code.

A round is set reconciliation: the peer is asked what it holds, each time, and nothing about that
is taken from memory unless the peer's own sums agree with it.
"""

from __future__ import annotations

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from typing import Annotated, Literal, NamedTuple, Protocol, TypeVar

from msgspec import Meta, Struct, structs

from db.entry import SHARED as SHARED
from db.entry import Hex16, Hex64, id_claimed
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


class Declined(Struct, frozen=True, tag="declined"):
    """The node understood who asks, or did not, and answers nothing else; ``why`` is one word."""

    why: Name


Request = Hello | AskIds | Push | Pull
Answer = Welcome | Ids | Pushed | Page | NotMyHistory

# ---------------------------------------------------------------- the asking side


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


Round = Generator[Request, Answer, Outcome]
Steps = Generator[Request, Answer, None]
A = TypeVar("A", bound=Struct)


class Unexpected(Exception):
    """The answer does not belong to the question: the peer is no node, or is broken."""


def round_with(store: Store, peer: str, hello: Hello, pages: int = 0) -> Round:
    """One round with one peer: hello, push, pull, digest; ids are compared when sums say so.

    ``hello`` is completed with the sums as they stand. ``pages`` bounds how many pages of old
    history are fetched in this round; 0: all.

    Raises:
        Unexpected: an answer of the wrong kind, or one that signs for other lines than were sent.
    """
    return (yield from _Round(store, peer, pages).run(hello))


class _Round:
    def __init__(self, store: Store, peer: str, pages: int) -> None:
        self.store, self.peer, self.pages = store, peer, pages
        self.memory = store.memory(peer)
        self.begin = store.standing()
        self.sent = self.fetched = self.lost = 0
        self.not_taken: list[NotTaken] = []
        self.went_back = self.revoked = False
        self.seen: set[bytes] = set()
        self.refused: set[bytes] = set()
        self.day = ""

    def run(self, hello: Hello) -> Round:
        lost = max(hello.lost, self.memory.lost)
        hello = structs.replace(hello, own=self.begin.own, all=self.begin.all, lost=lost)
        self.day = hello.now[:10]
        welcome = _expect(Welcome, (yield hello))
        self._keep(structs.replace(self.memory, lost=0))
        if welcome.revoked:
            self.revoked = True
            yield from self._push_tail()
            return self._outcome(in_step=False)
        if welcome.all == self.begin.all and welcome.own == self.begin.own:
            self._remember(reached=self.begin.n, own=self.begin.own, before=0)
            return self._outcome(in_step=True)
        if not self._is_known(welcome.own):
            yield from self._compare("own")
        yield from self._push_tail()
        if self.revoked:
            return self._outcome(in_step=False)
        page = yield from self._pull()
        yield from self._fill_up()
        if self.memory.before:
            return self._outcome(in_step=False)
        mine = self._digest()
        if mine != page.all and not self._is_settled(self.memory.all_apart, mine, page.all):
            yield from self._compare("all")
            page = yield from self._pull()
            mine = self._digest()
        return self._outcome(in_step=mine == page.all)

    def _is_known(self, own: Sum) -> bool:
        """Whether the peer holds exactly what it has signed for, or that and the beginning of what
        was written since: somebody else may have brought it there."""
        running, apart = self.memory.own, self.memory.own_apart
        for each in self._above_the_mark(self.begin.n):
            if running == own or self._is_settled(apart, running, own):
                return True
            if each.own:
                running = running.plus((each.id,))
        return running == own or self._is_settled(apart, running, own)

    def _is_settled(self, apart: Apart, mine: Sum, theirs: Sum) -> bool:
        """Whether this is the very difference that the ids were compared for today."""
        return apart.day == self.day and mine.less(apart.mine) == theirs.less(apart.theirs)

    def _push_tail(self) -> Steps:
        """What the peer has not signed for, up to the beginning of the round, as it was written.

        What only a person at the peer will look at is not marked: it counts as not held.
        """
        after = self.memory.reached
        while tail := self.store.tail(self.peer, after, self.begin.n, PAGE_LINES):
            part = _fitting(tail)
            yield from self._push(part)
            after = part[-1].n
            if not self.revoked:
                own = self.memory.own.plus(each.id for each in part if each.own)
                self._remember(reached=after, own=own)
        if not self.revoked:
            self._remember(reached=self.begin.n, own=self.begin.own)

    def _push(self, part: Sequence[Outgoing]) -> Steps:
        answer = _expect(Pushed, (yield Push(tuple(each.line for each in part))))
        aside = {each.id for each in answer.not_taken if not each.held}
        # A line that a disk damaged says another id, or none, than the one it is kept under.
        refused = {each.id for each in part if id_claimed(each.line) in aside}
        held = [each.id for each in part if each.id not in refused]
        if answer.held != Sum().plus(held):
            raise Unexpected("the peer signs for other lines than it was sent")
        self.not_taken += answer.not_taken
        self.refused |= refused
        if answer.quarantined:
            self.revoked = True
        else:
            self.sent += len(held)

    def _ids(self, of: Of) -> Generator[Request, Answer, set[bytes]]:
        theirs: set[bytes] = set()
        more, after = True, ""
        while more:
            ids = _expect(Ids, (yield AskIds(of, after)))
            theirs.update(ids.ids)
            more = ids.more
            if more and (not ids.ids or ids.ids[-1].hex() <= after):
                raise Unexpected("ids that do not go on")
            after = ids.ids[-1].hex() if ids.ids else ""
        return theirs

    def _compare(self, of: Of) -> Steps:
        """Ids of both sides: give what the peer lacks, take what is lacking here."""
        theirs = yield from self._ids(of)
        mine = self.store.ids(of)
        # What is above the mark was never signed for; it goes in its own order.
        unsigned = {each.id for each in self._above_the_mark(self.store.standing().n)}
        lacking = [i for i in mine if i not in theirs and i not in unsigned]
        before = self.sent
        for at in range(0, len(lacking), PAGE_LINES):
            rest = self.store.lines(lacking[at : at + PAGE_LINES])
            while rest:
                part = _fitting(rest)
                yield from self._push(part)
                rest = rest[len(part) :]
        self.went_back = self.went_back or self.sent > before
        missing = sorted(theirs.difference(mine))
        if of == "own":
            self.lost += len(missing)
            self._keep(structs.replace(self.memory, lost=len(missing)))
        yield from self._fetch(missing)
        unsaid = set(missing).difference(self.store.ids(of)) if missing else ()
        unheard = self.refused.intersection(lacking)
        apart = Apart(self.day, Sum().plus(unheard), Sum().plus(unsaid))
        if not unheard and not unsaid:
            apart = Apart()
        self._keep(structs.replace(self.memory, **{f"{of}_apart": apart}))

    def _fetch(self, missing: Sequence[bytes]) -> Steps:
        waiting = list(missing)
        while waiting:
            asked, waiting = waiting[:PAGE_LINES], waiting[PAGE_LINES:]
            page = _expect(Page, (yield Pull(want=tuple(i.hex() for i in asked))))
            self._take(page, None)
            if page.more:
                got = set(map(id_of, page.lines))
                rest = [i for i in asked if i not in got]
                if len(rest) == len(asked):
                    raise Unexpected("other lines than were asked for")
                waiting = rest + waiting

    def _above_the_mark(self, until: int) -> Iterator[Outgoing]:
        after = self.memory.reached
        while tail := self.store.tail(self.peer, after, until, PAGE_LINES):
            yield from tail
            after = tail[-1].n

    def _pull(self) -> Generator[Request, Answer, Page]:
        """From the newest cursor that the peer still knows, to the end of its feed."""
        at = -1
        while True:
            answer = yield Pull(self.memory.cursors[:1])
            if isinstance(answer, NotMyHistory):
                self.went_back, at = True, -1
                answer = yield Pull((*self.memory.cursors[1 : CURSORS_KEPT - 1], START))
            page = _expect(Page, answer)
            if page.more and page.cur.no <= at:
                raise Unexpected("a feed that does not go on")
            at = page.cur.no
            if page.cur != self.memory.cursors[0]:
                kept = (page.cur, *self.memory.cursors)[:CURSORS_KEPT]
                self._take(page, structs.replace(self.memory, cursors=kept))
            if not page.more:
                return page

    def _fill_up(self) -> Steps:
        """History of a new or restored node, newest first, after everything of today."""
        pages = 0
        while self.memory.before and (not self.pages or pages < self.pages):
            page = _expect(Page, (yield Pull(before=self.memory.before)))
            if page.before >= self.memory.before:
                raise Unexpected("history that does not go back")
            self._take(page, structs.replace(self.memory, before=page.before))
            pages += 1

    def _take(self, page: Page, memory: Memory | None) -> None:
        taken = self.store.accept(page.lines, self.peer, memory)
        self.memory = memory or self.memory
        self.seen.update(map(id_of, page.lines))
        self.fetched += len(taken.stored)
        self.not_taken += taken.not_taken

    def _digest(self) -> Sum:
        """What is held here, without what was written or came from elsewhere meanwhile."""
        now, late, after = self.store.standing(), list[bytes](), self.begin.n
        while tail := self.store.tail(self.peer, after, now.n, PAGE_LINES):
            late += [each.id for each in tail if each.id not in self.seen]
            after = tail[-1].n
        return now.all.minus(late)

    def _remember(self, reached: int, own: Sum, before: int | None = None) -> None:
        kept = self.memory.before if before is None else before
        self._keep(structs.replace(self.memory, reached=reached, own=own, before=kept))

    def _keep(self, changed: Memory) -> None:
        if changed != self.memory:
            self.store.remember(self.peer, changed)
            self.memory = changed

    def _outcome(self, in_step: bool) -> Outcome:
        return Outcome(
            sent=self.sent,
            fetched=self.fetched,
            not_taken=tuple(self.not_taken),
            in_step=in_step,
            lost=self.lost,
            peer_went_back=self.went_back,
            revoked=self.revoked,
            more=self.memory.before > 0,
        )


def id_of(line: bytes) -> bytes:
    """The id a line says it has."""
    try:
        return bytes.fromhex(line[:64].decode("ascii"))
    except ValueError:
        return b""


def _fitting(lines: Sequence[Outgoing]) -> Sequence[Outgoing]:
    """As many as one body carries; at least one."""
    room = PAGE_BYTES
    for count, each in enumerate(lines[:PAGE_LINES]):
        room -= len(each.line)
        if room < 0 and count:
            return lines[:count]
    return lines[:PAGE_LINES]


def _expect(kind: type[A], answer: Answer) -> A:
    if not isinstance(answer, kind):
        raise Unexpected(f"{type(answer).__name__} where {kind.__name__} was due")
    return answer


# ---------------------------------------------------------------- the answering side


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


def answer(feed: Feed, asker: Asker, request: AskIds | Push | Pull) -> Answer:
    """What a node answers. A revoked asker is answered to a push only; the door sees to that."""
    match request:
        case AskIds(of=of, after=after):
            return feed.ids_after(asker, of, after, PAGE_IDS)
        case Push(lines=lines):
            return feed.take(asker, lines)
        case Pull(want=want) if want:
            return feed.page_of(asker, [bytes.fromhex(i) for i in want])
        case Pull(before=before) if before:
            return feed.page_below(asker, before)
        case Pull(cursors=cursors):
            return feed.page(asker, cursors or (START,)) or NotMyHistory()
