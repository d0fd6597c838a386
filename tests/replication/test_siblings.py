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
from db.entry import parse
from db.replication import protocol
from db.replication.channel import certificate_for, door_name, make_authority
from db.replication.listening import AddressTaken, bound, serve
from db.replication.messages import Sum
from db.replication.night import NEAR, Peer, PeerDeclined
from db.replication.peers import Asker
from db.replication.store import JournalFeed
from db.trust import read_server, read_trust
from desk_app.messages import sentence_for
from desk_app.services.attention import matters
from desk_app.services.correct import add_note, correct
from desk_app.services.door import DoorShut, serve_door
from desk_app.services.find import the_one
from desk_app.services.replicate import replicate, round_with_peer
from desk_app.services.sending import copies
from desk_app.services.siblings import Neighbour, by_address, peer_at, round_with_siblings


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


def test_at_the_first_meeting_only_what_one_side_lacks_goes_over_the_cable(known, monkeypatch):
    one, two = known
    monkeypatch.setattr(protocol, "MUCH", 10)
    codes_of(one, 20)
    for desk in (one, two):
        assert replicate(desk).in_step
    codes_of(one, 2, seed=9)
    new = codes_of(two, 3, seed=10)
    with door_of(two) as address:
        [met] = round_with_siblings(at(one, address))
        assert met.in_step and met.went_back is False and met.lost == 0
        assert (met.sent, met.fetched) == (2, 3)
        codes_of(two, seed=11)
        [again] = round_with_siblings(at(one, address))
        assert again.in_step and (again.sent, again.fetched, again.requests) == (0, 1, 2)
    assert {the_one(one, code).facts.code for code in new} == set(new)


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


def test_a_clerk_sees_at_the_door_too_when_both_had_the_same(known, district):
    one, two = known
    with door_of(two) as address:
        codes_of(one)
        for _ in range(2):
            [met] = round_with_siblings(at(one, address))
            assert met.in_step
    [seen] = copies(two).siblings
    assert seen.name == one.journal.device.id and seen.in_step_at and not seen.why


def test_a_false_door_under_a_siblings_name_does_not_hide_the_true_one(known):
    one, two = known
    device = two.journal.device.id
    pair = certificate_for(make_authority("giả"), [door_name(device)])
    with bound("127.0.0.1", 0) as listening, door_of(two) as address:
        false = Neighbour(device, "127.0.0.1", listening.getsockname()[1])
        threading.Thread(target=serve, args=(_nothing, listening, pair), daemon=True).start()
        [alone] = round_with_siblings(one, [false])
        assert alone.why == "certificate" and alone.sent == alone.fetched == 0
        true = Neighbour(device, "127.0.0.1", int(address.rpartition(":")[2]))
        [met] = round_with_siblings(one, [false, true])
        assert met.in_step
    stranger = Neighbour("ab" * 8, "127.0.0.1", true.port)
    assert list(round_with_siblings(one, [stranger])) == []


def test_what_a_sibling_brings_to_the_door_is_told_to_the_window_soon(known):
    one, two = known
    with bound("127.0.0.1", 0) as free:
        port = free.getsockname()[1]
    two.with_settings(msgspec.structs.replace(two.settings, door=port))
    command = [sys.executable, "-P", "-m", "desk_app.replicator", str(two.data), "20"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as process:
        said = map(json.loads, process.stdout)
        assert next(each for each in said if each.get("peer") == "S")["in_step"]
        [code] = codes_of(one)
        [met] = round_with_siblings(at(one, f"127.0.0.1:{port}"))
        assert met.in_step and met.sent > 0
        news = next(said)
        assert (news.get("peer"), news["fetched"]) == (None, 1)
        process.stdin.close()
    assert the_one(two, code).facts.code == code


def test_on_the_command_line_without_a_server_the_siblings_are_met_all_the_same(known):
    one, two = known
    [code] = codes_of(one)
    with door_of(two) as address:
        switched_off = "127.0.0.1:9"
        one = at(one, address, switched_off)
        command = [sys.executable, "-P", "-m", "desk_app", "replicate", "--siblings", "--json"]
        command += ["--data", str(one.data), "--server", "https://127.0.0.1:9"]
        done = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
    server, sibling = map(json.loads, done.stdout.splitlines())
    assert (server["peer"], server["why"], done.returncode) == ("S", "refused", 3)
    assert (sibling["peer"], sibling["in_step"]) == (two.journal.device.id, True)
    assert sibling["sibling"] and sibling["sent"] > 0
    assert done.stderr == "Máy chủ chưa mở cửa ở địa chỉ này. Sẽ tự gửi lại sau.\n"
    assert the_one(two, code).facts.code == code


@pytest.mark.skipif(sys.platform == "win32", reason="no address of Linux")
def test_a_siblings_door_is_not_looked_for_behind_the_proxy_of_the_office(known, monkeypatch):
    one, two = known
    for name in ("HTTPS_PROXY", "ALL_PROXY", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
    with door_of(two) as address:
        # Reaches loopback on Linux, and is not loopback by its name.
        with one.reading() as connection:
            trust = read_trust(connection)
        place = Neighbour(two.journal.device.id, "0.0.0.0", int(address.rpartition(":")[2]))
        peer = peer_at(place, trust, trust.server.authority.encode())
        assert round_with_peer(one, peer, patience=NEAR).in_step


def test_what_waited_for_its_writers_enrolment_is_signed_for_once(known, district, counter_of):
    one, two = known
    three = counter_of("three")
    codes_of(three, 2)
    entries = [parse(line) for _, line in three.journal.lines(limit=10_000)]
    by_three = [e.line for e in entries if e.says.dev == three.journal.device.id]
    [enrolment] = [
        e.line
        for e in entries
        if e.says.k == "counter.enrolled" and e.says.body["device"] == three.journal.device.id
    ]
    asker = Asker(two.journal.device.id, one.journal.commune)
    feed = JournalFeed(one.journal, at_once=1)
    early = feed.take(asker, by_three[:1])
    assert early.held == Sum() and [n.why for n in early.not_taken] == ["unknown-device"]
    # Backwards, each in a transaction of its own: what waits comes in with the last of them.
    sent = [*by_three[1:], enrolment]
    pushed = feed.take(asker, sent)
    assert pushed.held == Sum().plus(bytes.fromhex(parse(line).id) for line in sent)
    assert pushed.not_taken == ()
    assert feed.take(asker, by_three).held.n == len(by_three)


def test_a_taken_port_is_said(known):
    one, _ = known
    with bound("127.0.0.1", 0) as taken, pytest.raises(AddressTaken):
        taken.listen()
        serve_door(one, "127.0.0.1", taken.getsockname()[1], print)
