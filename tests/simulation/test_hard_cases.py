"""Cases of the protocol that a world meets too rarely: each was a fault once, or would be one."""

from __future__ import annotations

import dataclasses

import pytest
from sim_nodes import Node
from sim_world import World

from db.identity import SERVER
from db.kinds import NoteAdded
from db.replication.messages import (
    START,
    AskIds,
    Cursor,
    Hello,
    Ids,
    NotMyHistory,
    Page,
    Pull,
    Push,
    Pushed,
    Sum,
    Welcome,
)
from db.replication.peers import Asker, Outcome
from db.replication.protocol import Unexpected, answer, round_with
from db.replication.wire import BodyWrong, pack, unpack

DAY, NEXT = "2026-11-26T09:00:00+07:00", "2026-11-27T09:00:00+07:00"
COM = "11749"


def node(name: str = "a" * 16) -> Node:
    return Node(name, "*" if name == SERVER else COM, "0" * 16)


def write(at: Node, times: int = 1) -> None:
    for _ in range(times):
        at.append(f"{at.seq + 1:032x}", NoteAdded("ghi"), DAY)


def talk(asking: Node, peer: Node, now: str = DAY, heard=None) -> tuple[Outcome, list]:
    """A whole round and what was asked in it; ``heard`` may change an answer."""
    asker = Asker(asking.device, asking.commune)
    hello = Hello(asking.device, asking.commune, Sum(), Sum(), asking.epoch, now)
    steps, asked = round_with(asking, peer.device, hello), []
    try:
        request = next(steps)
        while True:
            asked.append(request)
            if isinstance(request, Hello):
                own, all_ = peer.sums(asker)
                given = Welcome(peer.device, own, all_, "")
            else:
                given = answer(peer, asker, request)
            request = steps.send(heard(request, given) if heard else given)
    except StopIteration as end:
        return end.value, asked


def forge(at: Node, n: int, line: bytes) -> None:
    """What a disk did to a line in a journal."""
    at.db.rows[n - 1] = dataclasses.replace(at.db.rows[n - 1], line=line)


def badly_signed(line: bytes) -> bytes:
    id_, _, text = line.split(b" ", 2)
    return id_ + b" " + b"A" * 86 + b"== " + text


@pytest.mark.parametrize("damage", [badly_signed, lambda line: b"?" + line[1:], lambda line: b"\n"])
def test_a_line_nobody_takes_holds_up_no_other(damage) -> None:
    one, server = node(), node(SERVER)
    write(one, 3)
    forge(one, 2, damage(one.db.rows[1].line))
    outcome, _ = talk(one, server)
    assert outcome.sent == 2 and not outcome.in_step
    assert set(server.db.at) == {one.db.rows[0].id, one.db.rows[2].id}


def test_what_the_peer_will_not_take_is_compared_once_a_day() -> None:
    one, server = node(), node(SERVER)
    write(one, 3)
    forge(one, 2, badly_signed(one.db.rows[1].line))
    for _ in range(3):
        talk(one, server)
    outcome, asked = talk(one, server)
    assert [type(a) for a in asked] == [Hello, Pull] and not outcome.in_step
    write(one, 2)
    outcome, asked = talk(one, server)
    assert [type(a) for a in asked] == [Hello, Push, Pull] and outcome.sent == 2
    outcome, asked = talk(one, server, NEXT)
    assert AskIds in map(type, asked)
    # The disk is mended from the stick: the next look finds the line taken.
    forge(one, 2, one.db.rows[1].entry.line)
    talk(one, server, "2026-11-28T09:00:00+07:00")
    assert talk(one, server)[0].in_step


def test_what_is_not_taken_here_is_compared_once_a_day() -> None:
    one, server = node(), node(SERVER)
    server.append("f" * 32, NoteAdded("huyện"), DAY, COM)
    write(one)
    forge(server, 1, badly_signed(server.db.rows[0].line))
    for _ in range(2):
        talk(one, server)
    outcome, asked = talk(one, server)
    assert [type(a) for a in asked] == [Hello, Pull] and not outcome.in_step
    assert AskIds in map(type, talk(one, server, NEXT)[1])


def test_a_settled_difference_hides_no_other() -> None:
    one, two, server = node(), node("b" * 16), node(SERVER)
    write(one, 3)
    forge(one, 2, badly_signed(one.db.rows[1].line))
    for _ in range(3):
        talk(one, server)
    old = server.db.copy()
    write(two, 2)
    talk(two, server)
    talk(one, server)
    server.db = old
    assert talk(one, server)[0].peer_went_back
    assert set(server.db.at) == set(two.db.at)


def test_what_waits_for_a_person_is_not_taken_for_held() -> None:
    one, server = node(), node(SERVER)
    write(one, 2)

    def revoked_meanwhile(request, given):
        # The server set the lines apart: its journal has none of them.
        if isinstance(request, Push):
            return Pushed(given.held, Sum(), Sum(), quarantined=True)
        return given

    outcome, asked = talk(one, server, heard=revoked_meanwhile)
    assert outcome.revoked and outcome.sent == 0
    assert [type(a) for a in asked] == [Hello, Push]
    assert one.memory(SERVER).reached == 0 and one.memory(SERVER).own == Sum()


def test_the_peer_hears_of_own_entries_that_came_back_though_the_line_broke_then() -> None:
    one, server = node(), node(SERVER)
    write(one)
    twin = one.db.copy()
    write(one, 2)
    talk(one, server)
    one.db = twin
    one.start_again("1" * 16)
    write(one, 2)

    def breaks(request, given):
        if isinstance(request, Push):
            raise ConnectionError
        return given

    with pytest.raises(ConnectionError):
        talk(one, server, heard=breaks)
    assert len(one.db.rows) == 5
    outcome, asked = talk(one, server)
    assert asked[0].lost == 2 and outcome.in_step
    assert talk(one, server)[1][0].lost == 0


STUCK = Ids((b"\1" * 32,), more=True)


@pytest.mark.parametrize(
    ("of", "given"),
    [
        (AskIds, STUCK),
        (AskIds, Ids((), more=True)),
        (Pull, Page((), Cursor(1, "1" * 64), Sum(), more=True)),
        (Pull, NotMyHistory()),
        (Hello, STUCK),
        (Push, Pushed(Sum(9), Sum(), Sum())),
    ],
)
def test_a_peer_that_makes_no_sense_ends_the_round(of, given) -> None:
    one, server = node(), node(SERVER)
    write(one, 2)
    talk(one, server)
    server.db = node(SERVER).db
    server.append("f" * 32, NoteAdded("huyện"), DAY, COM)
    write(one)

    def strange(request, true):
        return given if isinstance(request, of) else true

    with pytest.raises(Unexpected):
        talk(one, server, heard=strange)


def test_a_peer_that_sends_other_lines_than_were_asked_for_ends_the_round() -> None:
    one, server = node(), node(SERVER)
    old = one.db.copy()
    write(one, 2)
    talk(one, server)
    one.db = old

    def other(request, true):
        wanted = isinstance(request, Pull) and request.want
        return Page((), START, true.all, more=True) if wanted else true

    with pytest.raises(Unexpected):
        talk(one, server, heard=other)


@pytest.mark.parametrize("asked", [AskIds("mine"), AskIds("own", "zz"), AskIds("all", "a" * 63)])
def test_a_question_about_nothing_is_no_message(asked) -> None:
    with pytest.raises(BodyWrong):
        unpack(AskIds, pack(asked))


def test_an_idle_round_is_one_request() -> None:
    world = World(1, communes=1)
    world.run(5)
    for counter in world.counters:
        _, asked = talk(counter.node, world.server)
        assert [type(a) for a in asked] == [Hello]
