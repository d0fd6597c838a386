"""A damaged database of an enrolled counter, made again: it still belongs to its server."""

from __future__ import annotations

import pytest
from two_counters import codes_of

from db.doctor import examine
from db.fingerprint import kept
from db.trust import read_server
from desk_app.desk import DATABASE, open_desk
from desk_app.services.backup import back_up
from desk_app.services.find import the_one
from desk_app.services.replicate import replicate
from desk_app.services.restore_counter import restore_counter


@pytest.mark.parametrize("lost", [False, True], ids=["file-readable", "file-gone-with-a-backup"])
def test_an_enrolled_counter_is_repaired_and_goes_on_with_its_server(counter_of, district, lost):
    one, two = counter_of("one"), counter_of("two")
    codes = codes_of(one, 3)
    for desk in (one, two):
        assert replicate(desk).in_step
    back_up(one)
    later = [] if lost else codes_of(one, 2, seed=5)
    with one.reading() as connection:
        before = read_server(connection), kept(connection)
    one.close()
    if lost:
        (one.data / DATABASE).write_bytes(bytes(100_000))
    assert restore_counter(one.data, now=district.clock).same_device
    again = open_desk(one.data, now=district.clock)
    with again.reading() as connection:
        assert (read_server(connection), kept(connection)) == before
    new = codes_of(again, 2, seed=6)
    assert len({*codes, *later, *new}) == len([*codes, *later, *new])
    assert replicate(again).in_step and replicate(two).in_step
    for code in (*codes, *later, *new):
        assert the_one(two, code) == the_one(again, code)
    assert examine(again.journal).sound
    again.close()
