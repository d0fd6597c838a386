"""Counters of one commune on the office's cable, with no server to be reached."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import threading

import msgspec
import pytest
from two_counters import codes_of

from db.district.counters import issue_code, revoke
from db.doctor import examine
from db.replication.channel import certificate_for, door_name, make_authority
from db.replication.listening import AddressTaken, bound, serve
from db.replication.night import NEAR, Peer, PeerDeclined
from db.trust import read_server
from desk_app.messages import sentence_for
from desk_app.services.attention import matters
from desk_app.services.correct import add_note, correct
from desk_app.services.door import DoorShut, serve_door
from desk_app.services.find import the_one
from desk_app.services.replicate import replicate, round_with_peer
from desk_app.services.sending import copies
from desk_app.services.siblings import by_address, round_with_siblings


@contextlib.contextmanager
def door_of(desk):
    """The real program that answers for a counter; its address."""
    command = [sys.executable, "-P", "-m", "desk_app", "door", "--data", str(desk.data)]
    command += ["--host", "127.0.0.1", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield f"127.0.0.1:{json.loads(process.stdout.readline())['listening']}"
        finally:
            process.kill()


def at(desk, *addresses):
    """The same counter, told where its siblings are."""
    return desk.with_settings(msgspec.structs.replace(desk.settings, siblings=addresses))


@pytest.fixture
def known(counter_of):
    """Two counters that have heard of each other by the server."""
    one, two = counter_of("one"), counter_of("two")
    for desk in (one, two, one):
        assert replicate(desk).in_step
    return one, two


def test_without_a_server_two_counters_come_to_the_same(known):
    one, two = known
    codes = codes_of(one, 3)
    codes_of(two, 2, seed=9)
    with door_of(two) as address:
        one = at(one, address)
        [met] = round_with_siblings(one)
        assert met.in_step and met.peer == two.journal.device.id and met.why == ""
        for code in codes:
            assert the_one(two, code) == the_one(one, code)
        id_ = bytes.fromhex(the_one(one, codes[0]).id)
        correct(one, id_, {"purpose": "vay vốn"}, "sửa")
        correct(two, id_, {"purpose": "kết hôn"}, "sửa")
        add_note(two, id_, "đã gọi")
        [again] = round_with_siblings(one)
        assert again.in_step
    assert the_one(one, codes[0]) == the_one(two, codes[0])
    assert [m.name for m in matters(one)] == [m.name for m in matters(two)] == ["field_conflict"]
    assert [p.number for p in copies(one).siblings] == [two.counter.number]
    for desk in (one, two):
        assert examine(desk.journal).sound


def test_what_a_sibling_brought_goes_to_the_server_once(known, district):
    one, two = known
    codes = codes_of(one, 3)
    with door_of(two) as address:
        assert next(round_with_siblings(at(one, address))).sent >= 3
    carried = replicate(two)
    assert carried.in_step and carried.sent >= 3
    own = replicate(one)
    assert own.in_step and own.sent == 0
    assert copies(one).unsent == 0 and len(codes) == 3


def test_a_sibling_that_is_switched_off_is_said_and_no_more(known):
    one, two = known
    assert list(round_with_siblings(at(one, "127.0.0.1:9", "nonsense"))) == []
    with door_of(two) as address:
        assert next(round_with_siblings(at(one, address))).in_step
    assert list(round_with_siblings(at(one, address))) == []
    assert copies(one).siblings[0].in_step_at is not None


def test_a_revoked_sibling_is_neither_asked_nor_told(known, district, counter_of):
    one, two = known
    revoke(district.server, two.journal.device.id, "Mất máy")
    assert replicate(one).in_step
    codes_of(one, 2)
    with door_of(one) as address:
        [refused] = round_with_siblings(at(two, address))
        assert refused.revoked and not refused.in_step and refused.fetched == 0
    with door_of(two) as address:
        assert list(round_with_siblings(at(one, address))) == []


def test_a_counter_of_another_commune_learns_nothing(known, district, tmp_path, counter_of):
    one, _ = known
    other = counter_of("other", code=issue_code(district.server, "H24.314.11728"))
    assert other.journal.commune != one.journal.commune
    replicate(other)
    with door_of(one) as address:
        assert list(round_with_siblings(at(other, address))) == []
        # Even one that does not keep to it is told nothing.
        with other.reading() as connection:
            authority = read_server(connection).authority.encode()
        device = one.journal.device
        name, url = door_name(device.id), f"https://{address}"
        peer = Peer(device.id, url, (device.public_key,), authority, name)
        met = round_with_peer(other, peer, patience=NEAR)
    assert isinstance(met.refusal, PeerDeclined) and met.why == "unknown-device"
    assert met.fetched == met.sent == 0


def test_a_door_of_another_authority_is_nobodys(known):
    one, two = known
    false = make_authority("giả")
    pair = certificate_for(false, [door_name(two.journal.device.id)])
    listening = bound("127.0.0.1", 0)
    port = listening.getsockname()[1]
    thread = threading.Thread(target=serve, args=(_nothing, listening, pair), daemon=True)
    thread.start()
    with one.reading() as connection:
        authority = read_server(connection).authority.encode()
    assert list(by_address([f"127.0.0.1:{port}"], authority)) == []


async def _nothing(scope, receive, send):
    """An application that answers nothing."""


def test_a_counter_without_a_server_has_no_door(desk):
    with pytest.raises(DoorShut) as refused:
        serve_door(desk, "127.0.0.1", 0, print)
    assert "desk-app enrol" in sentence_for(refused.value)
    assert list(round_with_siblings(desk)) == []


def test_a_taken_port_is_said(known):
    one, _ = known
    with bound("127.0.0.1", 0) as taken, pytest.raises(AddressTaken):
        taken.listen()
        serve_door(one, "127.0.0.1", taken.getsockname()[1], print)
