"""A server that went back to before it enrolled a counter, and that counter alone with it."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select
from two_counters import codes_of
from ways_back import copy_of

from db import engine as engines
from db import projection
from db.district.counters import revoke
from db.district.health import standings
from db.district.tables import devices
from db.entry import parse, seal
from db.identity import SERVER, Device, new_device
from db.replication.messages import Proof
from db.replication.night import Line, PeerDeclined
from db.seed import named
from db.tables import journal
from db.trust import read_server
from desk_app.services.node_keys import machine_of
from desk_app.services.replicate import peer_of, replicate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def ids(engine):
    with engines.reading(engine) as connection:
        return {bytes(i) for i in connection.scalars(select(journal.c.id))}


def enrolment_of(desk):
    with desk.reading() as connection:
        obj = named("counter", desk.journal.device.id)
        return [line.entry.line for line in projection.lines_of(connection, obj)]


def line_of(desk, device=None):
    with desk.reading() as connection:
        facts = read_server(connection)
    return Line(peer_of(facts, facts.url), device or desk.journal.device)


def recipient_of(desk):
    with desk.reading() as connection:
        return machine_of(connection).recipient


def test_a_lone_counter_the_server_forgot_proves_that_it_was_enrolled(district, counter_of):
    go_back = copy_of(district.server)
    one = counter_of("one", number=1)
    codes_of(one, 3)
    assert replicate(one).in_step
    everything = ids(district.server.engine)
    go_back()
    assert standings(district.server) == []
    again = replicate(one)
    assert (again.in_step, again.why, again.parked) == (True, "", 0)
    assert ids(district.server.engine) == everything
    [standing] = standings(district.server)
    assert standing.device == one.journal.device.id
    with engines.reading(district.server.engine) as connection:
        assert connection.scalar(select(devices.c.recipient)) == recipient_of(one)
    idle = replicate(one)
    assert idle.in_step and idle.sent == idle.fetched == 0


def test_a_sibling_brought_the_enrolment_back_before(district, counter_of):
    one = counter_of("one")
    replicate(one)
    go_back = copy_of(district.server)
    two = counter_of("two")
    codes_of(two, 2)
    assert replicate(two).in_step and replicate(one).in_step
    everything = ids(district.server.engine)
    go_back()
    assert replicate(one).in_step
    assert ids(district.server.engine) == everything
    assert replicate(two).in_step
    with engines.reading(district.server.engine) as connection:
        kept = dict(connection.execute(select(devices.c.dev, devices.c.recipient)).all())
    assert kept == {desk.journal.device.id: recipient_of(desk) for desk in (one, two)}


def test_a_sibling_brings_the_revocation_back_too(district, counter_of):
    go_back = copy_of(district.server)
    one, two = counter_of("one"), counter_of("two")
    revoke(district.server, one.journal.device.id, "Mất máy")
    replicate(two)
    go_back()
    assert replicate(two).in_step
    codes_of(one, 1)
    assert replicate(one).revoked


def test_what_the_server_did_not_sign_about_the_asker_proves_nothing(district, counter_of):
    go_back = copy_of(district.server)
    one, two = counter_of("one"), counter_of("two")
    replicate(one)
    go_back()
    before = ids(district.server.engine)
    [own], [other] = enrolment_of(one), enrolment_of(two)
    forger = new_device()
    forged = seal(parse(own).says, Device(forger._key, SERVER).sign).line
    stranger = new_device()
    claimed = msgspec.structs.replace(parse(own).says, obj=named("counter", stranger.id).hex())
    bent = seal(claimed, Device(forger._key, SERVER).sign).line
    dossier = next(iter(one.journal.lines(0)))[1]
    for device, lines in (
        (one.journal.device, ()),
        (one.journal.device, (other,)),
        (one.journal.device, (own, other)),
        (one.journal.device, (forged,)),
        (one.journal.device, (own, dossier)),
        (one.journal.device, (b"{}\n",)),
        (stranger, (own,)),
        (stranger, (bent,)),
        (Device(stranger._key, one.journal.device.id), (own,)),
    ):
        line = line_of(one, device)
        with pytest.raises(PeerDeclined) as declined:
            line.ask(Proof(lines, recipient_of(one)))
        line.close()
        assert declined.value.facts["why"] == "unknown-device"
    line = line_of(one)
    for wrong in (Proof((own,), "age1nobody"), Proof((own,) * 1_001, recipient_of(one))):
        with pytest.raises(PeerDeclined, match=r".*"):
            line.ask(wrong)
    line.close()
    assert ids(district.server.engine) == before
