"""A counter's database on another machine: everything may be read, no number is drawn."""

from __future__ import annotations

import msgspec
import pytest

from db import engine as engines
from db.fingerprint import keep, kept
from db.sealing import unseal
from desk_app.desk import KEY, open_desk
from desk_app.messages import sentence_for
from desk_app.services.correct import add_note
from desk_app.services.find import the_one
from desk_app.services.machine import MachineIsACopy, take_over
from desk_app.services.receive import preview, receive

HOME = {"board": "b1", "system": "s1", "disk": "d1"}
REPAIRED = {**HOME, "disk": "d2"}
OTHER = {"board": "b2", "system": "s2", "disk": "d2"}


@pytest.fixture
def on(data, clock):
    """Opens the counter, whose own machine is HOME, on some machine."""
    first = open_desk(data, now=clock)
    with engines.writing(first.journal.engine) as connection:
        keep(connection, HOME)
    first.close()
    desks = []

    def opened(machine):
        desks.append(open_desk(data, now=clock, machine=machine))
        return desks[-1]

    yield opened
    for desk in desks:
        desk.close()


def kept_at(desk):
    with desk.reading() as connection:
        return kept(connection)


def test_a_copy_reads_and_notes_but_issues_no_code(on, form):
    dossier = receive(on(HOME), form())
    copy = on(OTHER)
    assert the_one(copy, dossier.facts.code) == dossier
    assert preview(copy, form()).code
    with pytest.raises(MachineIsACopy) as refused:
        receive(copy, form())
    said = sentence_for(refused.value)
    assert said.startswith("Máy này giống bản sao của quầy 2") and "unlock" in said
    add_note(copy, bytes.fromhex(dossier.id), "Đã gọi điện")
    assert kept_at(copy) == HOME
    # What was refused took no number: at home the next one follows.
    number = int(dossier.facts.code.rpartition("-")[2])
    following = receive(on(HOME), form())
    assert int(following.facts.code.rpartition("-")[2]) == number + 1


@pytest.mark.parametrize("machine", [HOME, REPAIRED, {}, {"system": "s2"}, {"volume": "v"}])
def test_its_own_machine_issues_codes_however_little_of_it_can_be_read(on, form, machine):
    assert receive(on(machine), form()).facts.code


def test_a_demonstration_counter_works_on_any_machine(on, form):
    desk = on(OTHER)
    desk = desk.with_settings(msgspec.structs.replace(desk.settings, demo=True))
    assert receive(desk, form()).facts.code


def test_a_machine_is_followed_through_its_repairs(on, form):
    on(REPAIRED)
    again = on({**REPAIRED, "board": "b2"})
    assert receive(again, form()).facts.code
    assert kept_at(again) == {**REPAIRED, "board": "b2"}


def test_a_counter_made_before_machines_were_kept_takes_the_first_one(data, clock, form):
    desk = open_desk(data, now=clock, machine={})
    with engines.writing(desk.journal.engine) as connection:
        connection.exec_driver_sql("DELETE FROM meta WHERE k = 'fingerprint'")
    desk.close()
    desk = open_desk(data, now=clock, machine=OTHER)
    assert receive(desk, form()).facts.code and kept_at(desk) == OTHER
    desk.close()


def test_whoever_has_the_recovery_key_moves_a_counter_of_no_server(on, data, clock, form):
    with pytest.raises(MachineIsACopy):
        receive(on(OTHER), form())
    take_over(data, unseal(data / KEY))
    moved = open_desk(data, now=clock)
    assert receive(moved, form()).facts.code
    moved.close()
