"""A server that is newer, older, or busy: what the counter shows, keeps, and counts as sent."""

from __future__ import annotations

import msgspec
import pytest
from sqlalchemy import select
from two_counters import codes_of

from db import engine as engines
from db.entry import Envelope, seal
from db.replication.store import read_memory
from db.tables import journal
from desk_app.messages import sentence_for
from desk_app.services.correct import UnreadableDossier, add_note
from desk_app.services.find import the_one
from desk_app.services.replicate import replicate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def line_by(device, com, obj, par, kind, body):
    """A line as another version of the program may write it."""
    ts, first = "2026-11-26T20:00:00+07:00", 2**40
    says = Envelope(
        1, device.id, "0" * 16, first, "", com, obj, par, kind, 1, ts, "ok", "hung", body
    )
    return seal(says, device.sign).line


def lines_in(engine):
    with engines.reading(engine) as connection:
        return {bytes(line) for line in connection.scalars(select(journal.c.line))}


def test_row_60_a_kind_from_a_newer_server_makes_one_dossier_read_only(district, counter_of):
    one = counter_of("one")
    touched, other = codes_of(one, 2)
    replicate(one)
    dossier, server = the_one(one, touched), district.server
    com = one.journal.commune
    newer = line_by(
        server.device, com, dossier.id, dossier.heads, "dossier.judged", {"to": "Tư pháp"}
    )
    server.journal.accept([newer])
    came = replicate(one)
    assert (came.in_step, came.fetched, came.parked) == (True, 1, 0)
    assert newer in lines_in(one.journal.engine)
    assert not the_one(one, touched).readable and the_one(one, other).readable
    assert the_one(one, touched).facts == dossier.facts
    with pytest.raises(UnreadableDossier) as refused:
        add_note(one, bytes.fromhex(dossier.id), "thử")
    assert "cần cập nhật phần mềm" in sentence_for(refused.value)
    # Everything else goes on, there and back.
    add_note(one, bytes.fromhex(the_one(one, other).id), "thử")
    codes_of(one, 1, seed=8)
    assert replicate(one).in_step


def test_row_59_what_the_server_holds_and_cannot_work_with_is_sent(district, counter_of):
    one, two = counter_of("one"), counter_of("two")
    [code] = codes_of(one)
    facts = msgspec.to_builtins(the_one(one, code).facts)
    strange = facts | {"code": code[:-1] + "x", "due_at": "2026-13-40T25:00:00+07:00"}
    device, com = one.journal.device, one.journal.commune
    line = line_by(device, com, "ab" * 16, (), "dossier.received", strange)
    one.journal.accept([line])
    sent = replicate(one)
    assert (sent.in_step, sent.why, sent.parked) == (True, "", 1)
    assert line in lines_in(district.server.engine)
    assert replicate(two).in_step and line in lines_in(two.journal.engine)
    assert the_one(two, code).facts.code == code


# PostgreSQL's writers wait for each other for as long as it takes.
@pytest.mark.parametrize("database", ["sqlite"])
def test_row_59_a_server_that_is_busy_has_signed_for_nothing(district, counter_of):
    one = counter_of("one")
    replicate(one)
    codes_of(one, 2)
    with one.reading() as connection:
        before = read_memory(connection, "S").reached
    with engines.writing(district.server.engine):
        refused = replicate(one)
    assert (refused.why, refused.in_step, refused.sent) == ("DatabaseBusy", False, 0)
    assert sentence_for(refused.refusal) == "Máy chủ đang bận. Sẽ tự gửi lại sau."
    with one.reading() as connection:
        assert read_memory(connection, "S").reached == before
    assert replicate(one).in_step
