"""What each side does on hearing the messages of two nodes. Sans-I/O.

Nothing here asks a database, opens a line, looks at a clock or draws a random number: a round is a
generator that yields what to ask and is sent the answer, over a store that is passed in. The
counter, the district server, the stick and the simulator all run this very code.

A round is set reconciliation: the peer is asked what it holds, each time, and nothing about that
is taken from memory unless the peer's own sums agree with it.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from typing import TypeVar

from msgspec import Struct, structs

from db.entry import id_claimed as id_claimed
from db.replication.messages import (
    CURSORS_KEPT,
    PAGE_IDS,
    PAGE_LINES,
    START,
    Answer,
    AskIds,
    Hello,
    Ids,
    NotMyHistory,
    NotTaken,
    Of,
    Page,
    Pull,
    Push,
    Pushed,
    Request,
    Sum,
    Welcome,
)
from db.replication.peers import Apart, Asker, Feed, Memory, Outcome, Outgoing, Store
from db.replication.tail import Part, Tail, fitting, pushing

MUCH = PAGE_LINES
"""Entries held here, above which it pays to ask a new peer for its ids before anything else."""

Round = Generator[Request, Answer, Outcome]
Steps = Generator[Request, Answer, None]
A = TypeVar("A", bound=Struct)


class Unexpected(Exception):
    """The answer does not belong to the question: the peer is no node, or is broken."""


def round_with(
    store: Store, peer: str, hello: Hello, pages: int = 0, tail: Tail | None = None
) -> Round:
    """One round with one peer: hello, push, pull, digest; ids are compared when sums say so.

    ``hello`` is completed with the sums as they stand. ``pages`` bounds how many pages of old
    history are fetched in this round; 0: all. ``tail`` is for who reads it ahead.

    Raises:
        Unexpected: an answer of the wrong kind, or one that signs for other lines than were sent.
    """
    return (yield from _Round(store, peer, pages, tail or Tail(store, peer)).run(hello))


class _Round:
    def __init__(self, store: Store, peer: str, pages: int, tail: Tail) -> None:
        self.store, self.peer, self.pages, self.tail = store, peer, pages, tail
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
        if self.memory.cursors == (START,) and self.begin.n > MUCH:
            yield from self._meet()
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
        while part := self.tail.part(after, self.begin.n):
            yield from self._push(part)
            after = part.lines[-1].n
            if not self.revoked:
                own = self.memory.own.plus(each.id for each in part.lines if each.own)
                self._remember(reached=after, own=own)
        if not self.revoked:
            self._remember(reached=self.begin.n, own=self.begin.own)

    def _push(self, part: Part) -> Steps:
        answer = _expect(Pushed, (yield part.push))
        aside = {each.id for each in answer.not_taken if not each.held}
        # A line that a disk damaged says another id, or none, than the one it is kept under.
        refused = {each.id for each in part.lines if aside and id_claimed(each.line) in aside}
        held = [each.id for each in part.lines if each.id not in refused]
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

    def _meet(self) -> Steps:
        """For two that meet for the first time and have much in common, as siblings have by the
        server: what both hold does not travel, and the peer's feed is followed from here on."""
        head = _expect(Page, (yield Pull(before=1)))
        theirs = yield from self._ids("all")
        mine = self.store.ids("all")
        yield from self._give([i for i in mine if i not in theirs])
        if not self.revoked:
            yield from self._fetch(sorted(theirs.difference(mine)))
            self._remember(reached=self.begin.n, own=self.begin.own)
            self._keep(structs.replace(self.memory, cursors=(head.cur, *self.memory.cursors)))

    def _give(self, ids: Sequence[bytes]) -> Steps:
        for at in range(0, len(ids), PAGE_LINES):
            rest = self.store.lines(ids[at : at + PAGE_LINES])
            while rest:
                part = pushing(fitting(rest))
                yield from self._push(part)
                rest = rest[len(part.lines) :]

    def _compare(self, of: Of) -> Steps:
        """Ids of both sides: give what the peer lacks, take what is lacking here."""
        theirs = yield from self._ids(of)
        mine = self.store.ids(of)
        # What is above the mark was never signed for; it goes in its own order.
        unsigned = {each.id for each in self._above_the_mark(self.store.standing().n)}
        lacking = [i for i in mine if i not in theirs and i not in unsigned]
        before = self.sent
        yield from self._give(lacking)
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


def _expect(kind: type[A], answer: Answer) -> A:
    if not isinstance(answer, kind):
        raise Unexpected(f"{type(answer).__name__} where {kind.__name__} was due")
    return answer


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
