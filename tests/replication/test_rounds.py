"""Counters and their server over real TLS on real sockets, with real databases."""

from __future__ import annotations

import shutil

import pytest
from sqlalchemy import select
from two_counters import codes_of
from ways_back import copy_of

from db import engine as engines
from db import projection
from db.district.aside import aside, release
from db.district.counters import issue_code, revoke
from db.district.health import standings
from db.district.server import open_district
from db.doctor import examine
from db.kinds import BookLine
from db.notices import notices
from db.replication.peers import Memory
from db.replication.seen import read_seen
from db.replication.store import JournalStore
from db.tables import journal
from desk_app.bench.synthetic import Place, day_of
from desk_app.desk import open_desk
from desk_app.services.correct import add_note
from desk_app.services.find import the_one
from desk_app.services.register import book_of
from desk_app.services.replicate import NoServer, replicate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Everything here is tried on both of the server's databases."""
    return str(request.param)


def ids(engine):
    with engines.reading(engine) as connection:
        return {bytes(i) for i in connection.scalars(select(journal.c.id))}


def test_what_one_counter_took_in_every_counter_has_after_a_round(district, counter_of):
    one, two = counter_of("one"), counter_of("two")
    codes = codes_of(one, 3)
    sent = replicate(one)
    assert (sent.in_step, sent.why, sent.parked) == (True, "", 0)
    came = replicate(two)
    assert came.in_step and came.fetched >= 3
    for code in codes:
        assert the_one(two, code) == the_one(one, code)
    assert ids(two.journal.engine) >= ids(one.journal.engine)
    for desk in (one, two):
        assert examine(desk.journal).sound


def test_the_server_notices_two_dossiers_with_one_code(district, counter_of):
    one = counter_of("one")
    device = one.journal.device
    place = Place(one.journal.commune, one.office.facts.code, 1)
    first, second = (list(day_of(one, device, place, 3, seed)) for seed in (1, 2))
    engine = district.server.engine
    district.server.journal.accept(first, via=device.id)
    with engines.reading(engine) as connection:
        assert notices(connection) == []
    district.server.journal.accept(second, via=device.id)
    with engines.reading(engine) as connection:
        assert [notice.kind for notice in notices(connection)] == ["code_clash"] * 3


def test_a_round_with_nothing_to_do_is_one_small_request(counter_of):
    one = counter_of("one")
    codes_of(one)
    replicate(one)
    idle = replicate(one)
    assert idle.in_step and idle.sent == idle.fetched == 0
    assert idle.requests <= 3 and idle.bytes <= 4_096


def test_two_counters_have_different_numbers(counter_of):
    one, two = counter_of("one"), counter_of("two")
    assert not set(codes_of(one, 5)) & set(codes_of(two, 5))


def test_a_dossier_taken_in_at_one_counter_goes_on_at_another(counter_of):
    one, two = counter_of("one"), counter_of("two")
    [code] = codes_of(one)
    replicate(one)
    replicate(two)
    id_ = bytes.fromhex(the_one(two, code).id)
    add_note(two, id_, "Đã gọi điện")
    add_note(one, id_, "Đang chờ")
    for desk in (two, one, two):
        replicate(desk)
    here, there = the_one(one, code), the_one(two, code)
    assert here == there
    assert {note.text for note in here.notes} == {"Đã gọi điện", "Đang chờ"}


def test_a_counter_restored_from_an_old_copy_gets_its_dossiers_back_and_other_numbers(
    district, counter_of, tmp_path
):
    one = counter_of("one")
    codes = codes_of(one, 2)
    replicate(one)
    one.close()
    shutil.copytree(tmp_path / "one", tmp_path / "old")
    later = open_desk(tmp_path / "one", now=district.clock)
    lost = codes_of(later, 3, seed=4)
    assert replicate(later).in_step
    later.close()
    again = open_desk(tmp_path / "old", now=district.clock)
    try:
        blocks = (again.counter.active_block, again.counter.reserve_block)
        back = replicate(again)
        assert back.in_step and back.why == "" and back.lost == 3
        assert again.journal.device.id == later.journal.device.id
        for code in lost:
            assert the_one(again, code).facts.code == code
        fresh = open_desk(tmp_path / "old", now=district.clock)
        assert {fresh.counter.active_block, fresh.counter.reserve_block}.isdisjoint(blocks)
        more = codes_of(fresh, 3, seed=5)
        assert not set(more) & set(lost)
        lines = [the_one(fresh, code).facts.book for code in (*codes, *lost, *more)]
        assert lines == [BookLine(1, n) for n in range(1, 6)] + [BookLine(2, n) for n in (1, 2, 3)]
        assert book_of(fresh, 2026) == (2026, 2, 3)
        assert book_of(fresh, 2026, 1).rows == 5
        fresh.close()
        with again.reading() as connection:
            assert read_seen(connection, "S").in_step_at
        [standing] = standings(district.server)
        assert standing.blocks == (fresh.counter.active_block, fresh.counter.reserve_block)
    finally:
        again.journal.engine.dispose()


def test_own_entries_that_came_back_from_a_sibling_are_told_to_the_server(district, counter_of):
    one = counter_of("one")
    codes_of(one)
    replicate(one)
    blocks = (one.counter.active_block, one.counter.reserve_block)
    sibling = "ab" * 8
    JournalStore(one.journal).remember(sibling, Memory(lost=2))
    assert replicate(one).in_step
    [standing] = standings(district.server)
    assert set(standing.blocks).isdisjoint(blocks)


def test_a_server_that_went_back_in_time_is_given_back_what_it_lost(district, counter_of):
    one, two = counter_of("one"), counter_of("two")
    codes_of(one, 2)
    replicate(one)
    go_back = copy_of(district.server)
    codes_of(one, 3, seed=4)
    codes_of(two, 2, seed=5)
    for desk in (one, two, one):
        replicate(desk)
    everything = ids(district.server.engine)
    go_back()
    assert ids(district.server.engine) < everything
    given = replicate(two)
    assert given.went_back and given.in_step
    assert replicate(one).in_step
    assert ids(district.server.engine) == everything
    assert replicate(two).in_step


def test_a_new_machine_in_the_place_of_a_dead_one_works_at_once_and_gets_its_history(
    district, counter_of
):
    one = counter_of("one", number=1)
    codes = codes_of(one, 30)
    replicate(one)
    dead = one.journal.device.id
    code = issue_code(district.server, "H24.314.11749", replaces=dead)
    new = counter_of("new", code=code)
    assert new.counter.number == 1
    first = codes_of(new)
    assert not set(first) & set(codes)
    back = replicate(new)
    assert back.in_step and not back.more
    assert {the_one(new, c).facts.code for c in codes} == set(codes)
    refused = replicate(one)
    assert refused.revoked and not refused.in_step


def test_what_a_revoked_machine_sends_waits_for_a_person(district, counter_of):
    one, two = counter_of("one"), counter_of("two")
    replicate(one)
    revoke(district.server, one.journal.device.id, "Mất máy")
    [code] = codes_of(one)
    before = ids(district.server.engine)
    refused = replicate(one)
    assert refused.revoked and not refused.in_step and refused.fetched == 0
    assert {i for i in ids(district.server.engine) if i not in before} == set()
    [apart] = aside(district.server).apart
    assert apart.device == one.journal.device.id and apart.entries >= 1
    assert release(district.server, apart.device, "admin") == apart.entries
    assert replicate(two).in_step
    assert the_one(two, code).facts.code == code


def test_everything_is_there_after_the_server_was_opened_again(district, counter_of):
    one = counter_of("one")
    codes_of(one, 3)
    replicate(one)
    held = ids(district.server.engine)
    again = open_district(district.server.data, now=district.clock)
    assert ids(again.engine) == held
    with engines.reading(again.engine) as connection:
        assert projection.is_server(connection)
    again.engine.dispose()


def test_counters_that_were_never_enrolled_say_so(desk):
    with pytest.raises(NoServer):
        replicate(desk)
