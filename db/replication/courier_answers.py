"""The server's half of a stick: takes a counter's bundle in, and says what goes back on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from db.replication.bundle import Part, Slip
from db.replication.courier import Brought, Said, part_of
from db.replication.messages import START, AskIds, Cursor, Hello, Ids, Pull, Push, Pushed, Welcome
from db.replication.peers import Asker, Feed
from db.replication.protocol import answer
from db.replication.wire import BodyWrong, unpack

Greet = Callable[[Asker, Hello, Welcome], Welcome]


class Answering:
    """Takes a counter's bundle in, part by part, then says what is held and what is new."""

    def __init__(self, feed: Feed, asker: Asker, greet: Greet, now: str) -> None:
        self._feed, self._asker, self._greet, self._now = feed, asker, greet, now
        self._hello: Hello | None = None
        self._number = 0
        self._pulls: list[Pull] = []
        self._pushed: list[tuple[Slip, Pushed]] = []
        self.brought = Brought()

    def take(self, part: Part) -> None:
        """One part, whose signature is right.

        Raises:
            BodyWrong: it is of another shape than its slip says.
        """
        slip = part.slip
        self._number = max(self._number, slip.number)
        match slip.tag:
            case "hello":
                self._hello = hello = unpack(Hello, part.body)
                if (hello.dev, hello.com) != (self._asker.dev, self._asker.com):
                    raise BodyWrong(why="form")
            case "pull":
                self._pulls.append(unpack(Pull, part.body))
            case "push":
                push = unpack(Push, part.body)
                pushed = answer(self._feed, self._asker, push)
                assert isinstance(pushed, Pushed)
                self._pushed.append((slip, pushed))
                self.brought = self.brought._replace(
                    lines=self.brought.lines + len(push.lines),
                    signed=self.brought.signed + pushed.held.n,
                    not_taken=self.brought.not_taken + pushed.not_taken,
                )
            case _:
                raise BodyWrong(why="form")

    def answers(self) -> Iterator[Said]:
        """The parts of the answer."""
        number = self._number
        for slip, pushed in self._pushed:
            yield part_of("pushed", pushed, number=number, after=slip.after, until=slip.until)
        own, all_ = self._feed.sums(self._asker)
        welcome = Welcome("S", own, all_, self._now, revoked=self._asker.revoked)
        if self._hello is not None:
            welcome = self._greet(self._asker, self._hello, welcome)
        yield part_of("welcome", welcome, number=number)
        if self._asker.revoked:
            return
        if self._hello is not None and self._hello.own != own:
            yield from self._ids(number)
        for pull in self._pulls:
            yield from self._pages(pull, number)

    def _ids(self, number: int) -> Iterator[Said]:
        after, more = "", True
        while more:
            ids = answer(self._feed, self._asker, AskIds("own", after))
            assert isinstance(ids, Ids)
            yield part_of("ids", ids, number=number)
            more, after = ids.more, ids.ids[-1].hex() if ids.ids else ""

    def _pages(self, pull: Pull, number: int) -> Iterator[Said]:
        feed, asker = self._feed, self._asker
        if pull.want:
            page = feed.page_of(asker, [bytes.fromhex(i) for i in pull.want])
            yield part_of("page", page, len(page.lines), number=number)
        elif pull.before:
            before = pull.before
            while before:
                page = feed.page_below(asker, before)
                yield part_of("page", page, len(page.lines), number=number, after=before)
                before = page.before
        else:
            yield from self._news((*pull.cursors, START), number)

    def _news(self, cursors: Sequence[Cursor], number: int) -> Iterator[Said]:
        for cursor in cursors:
            page = self._feed.page(self._asker, [cursor])
            if page is not None:
                break
        while page is not None:
            yield part_of("page", page, len(page.lines), number=number, cursor=cursor)
            cursor = page.cur
            page = self._feed.page(self._asker, [cursor]) if page.more else None


def snapshot(feed: Feed, asker: Asker, number: int) -> Iterator[Said]:
    """Everything a new counter of the commune should have, the newest first, with nobody asking."""
    page = feed.page_below(asker, 2**53 - 1)
    yield part_of("page", page, len(page.lines), number=number, after=2**53 - 1)
    while page.before:
        before = page.before
        page = feed.page_below(asker, before)
        yield part_of("page", page, len(page.lines), number=number, after=before)
