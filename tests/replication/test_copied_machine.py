"""An enrolled counter whose folder was copied to another machine, and how it comes to numbers."""

from __future__ import annotations

import shutil

import pytest
from two_counters import codes_of

from db import engine as engines
from db.doctor import examine
from db.fingerprint import keep
from db.sealing import unseal
from desk_app.desk import KEY, open_desk
from desk_app.messages import sentence_for
from desk_app.services.correct import add_note
from desk_app.services.enrol import enrol_desk
from desk_app.services.find import the_one
from desk_app.services.machine import MachineIsACopy, take_over
from desk_app.services.replicate import replicate

HOME = {"board": "b1", "system": "s1", "disk": "d1"}
OTHER = {"board": "b2", "system": "s2", "disk": "d2"}


@pytest.fixture
def twins(counter_of, district, tmp_path):
    """A counter with three dossiers, and its folder copied to another machine."""
    made = counter_of("one")
    codes = codes_of(made, 3)
    replicate(made)
    with engines.writing(made.journal.engine) as connection:
        keep(connection, HOME)
    made.close()
    shutil.copytree(tmp_path / "one", tmp_path / "copy")
    desks = [
        open_desk(tmp_path / name, now=district.clock, machine=machine)
        for name, machine in (("one", HOME), ("copy", OTHER))
    ]
    yield *desks, codes
    for desk in desks:
        desk.close()


def test_a_copy_draws_nothing_until_it_is_enrolled_as_a_counter_of_its_own(
    twins, district, counter_of
):
    one, copy, codes = twins
    with pytest.raises(MachineIsACopy) as refused:
        codes_of(copy, seed=8)
    assert "desk-app enrol" in sentence_for(refused.value)
    id_ = bytes.fromhex(the_one(copy, codes[0]).id)
    add_note(copy, id_, "ghi ở bản sao")
    enrolled = enrol_desk(copy, district.url, district.code())
    again = open_desk(copy.data, now=district.clock, machine=OTHER)
    assert again.journal.device.id == enrolled.device != one.journal.device.id
    assert again.counter.number != one.counter.number
    drawn = codes_of(again, 3, seed=8) + codes_of(one, 3, seed=9)
    assert len(set(drawn + codes)) == 9
    for desk in (again, one, again):
        assert replicate(desk).in_step
    for code in (*codes, *drawn):
        assert the_one(one, code) == the_one(again, code)
    assert [n.text for n in the_one(one, codes[0]).notes] == ["ghi ở bản sao"]
    for desk in (one, again):
        assert examine(desk.journal).sound
    again.close()


def test_the_recovery_key_alone_gives_a_copy_no_numbers(twins, district):
    _, copy, _ = twins
    take_over(copy.data, unseal(copy.data / KEY))
    with pytest.raises(MachineIsACopy):
        codes_of(copy, seed=8)


def test_a_machine_enrolled_again_stays_the_same_counter(twins, district):
    one, _, codes = twins
    code = district.code()
    device = one.journal.device.id
    assert enrol_desk(one, district.url, code).device == device
    again = open_desk(one.data, now=district.clock, machine=HOME)
    assert replicate(again).in_step and not set(codes_of(again, 2, seed=9)) & set(codes)
    again.close()
