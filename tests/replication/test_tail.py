"""The part that is read while the peer is busy with the one before."""

from __future__ import annotations

import pytest
from two_counters import codes_of

from db.replication.messages import Push
from db.replication.store import JournalStore
from db.replication.tail import Tail
from desk_app.services.replicate import replicate


@pytest.fixture(autouse=True)
def small_parts(monkeypatch) -> None:
    monkeypatch.setattr("db.replication.tail.PAGE_LINES", 2)


def parts(tail: Tail, until: int, early: bool) -> list[Push]:
    found, after = [], 0
    while part := tail.part(after, until):
        found.append(part.push)
        after = part.lines[-1].n
        following = tail.ahead() if early else None
        assert following != part.push
    return found


def test_read_ahead_or_when_asked_for_it_is_the_same(counter_of):
    one = counter_of("one")
    codes_of(one, 5)
    store = JournalStore(one.journal)
    until = store.standing().n
    late = parts(Tail(store, "S"), until, early=False)
    assert parts(Tail(store, "S"), until, early=True) == late and len(late) > 2


def test_what_is_written_meanwhile_waits_for_the_next_round(counter_of):
    one = counter_of("one")
    codes_of(one, 3)
    store = JournalStore(one.journal)
    until = store.standing().n
    tail = Tail(store, "S")
    first = tail.part(0, until)
    assert first is not None
    codes_of(one, seed=4)
    last = list(first.lines)
    while tail.ahead() is not None and (part := tail.part(last[-1].n, until)):
        last += part.lines
    assert last[-1].n == until < store.standing().n


def test_a_round_of_many_parts_sends_each_line_once(district, counter_of):
    one = counter_of("one")
    codes_of(one, 6)
    unsent = JournalStore(one.journal).standing().own.n
    sent = replicate(one)
    assert sent.in_step and sent.sent == unsent and sent.requests >= 1 + unsent // 2
    assert replicate(one).sent == 0
