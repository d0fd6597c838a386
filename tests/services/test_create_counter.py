"""Founding a counter: whole, or not at all."""

from __future__ import annotations

import dataclasses
import shutil

import msgspec
import pytest

from db.engine import WrongKey
from db.entry import parse, verify
from db.sealing import (
    KeyFileDamaged,
    WrongPassphrase,
    key_from_recovery,
    recovery_words,
    seal,
    unseal,
)
from db.seed import UnknownOffice
from desk_app import settings as settings_file
from desk_app.desk import DATABASE, KEY, open_desk
from desk_app.messages import sentence_for
from desk_app.services.create_counter import (
    CounterExists,
    CounterNumberWrong,
    LoginWrong,
    create_counter,
    seed,
)
from desk_app.services.demo import CLERKS, OFFICE, PASSWORD
from desk_app.services.dossiers import counts
from desk_app.services.sign_in import PasswordTooShort
from desk_app.settings import FILE, Settings, SettingsWrong

SETTINGS = Settings(office=OFFICE, counter=2, clerk="mai")


def found(data, clerks=None, **changes):
    settings = msgspec.structs.replace(SETTINGS, **changes)
    return create_counter(data, settings, clerks or CLERKS)


def test_a_new_counter_opens_with_the_whole_catalogue(desk, data):
    assert {f.name for f in data.iterdir()} >= {DATABASE, KEY, FILE}
    with desk.reading() as connection:
        published = desk.published(connection)
    assert len(published.procedures) + len(published.offices) + len(published.forms) > 100
    assert {c.login for c in published.clerks} == {"mai", "hung"}
    assert (desk.counter.number, desk.counter.active_block, desk.counter.reserve_block) == (
        2,
        1,
        11,
    )
    assert counts(desk)["all"] == 0


def test_its_first_entries_are_signed_by_its_own_key(desk):
    entries = [parse(line) for _, line in desk.journal.lines()]
    assert entries[0].says.k == "counter.enrolled"
    assert len(entries) == 1 + len(CLERKS) + len(list(seed()))
    assert all(verify(e, desk.journal.device.public_key) for e in entries)


def test_there_is_one_counter_in_a_folder(data, tmp_path):
    before = (data / DATABASE).read_bytes()
    with pytest.raises(CounterExists) as refused:
        found(data)
    assert str(data) in sentence_for(refused.value)
    assert (data / DATABASE).read_bytes() == before


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"office": "H99.1"}, UnknownOffice),
        ({"office": ""}, UnknownOffice),
        ({"counter": 0}, CounterNumberWrong),
        ({"counter": 11}, CounterNumberWrong),
        ({"counter": -1}, CounterNumberWrong),
    ],
)
def test_a_wrong_office_or_number_makes_nothing(tmp_path, changes, refusal):
    with pytest.raises(refusal) as refused:
        found(tmp_path / "new", **changes)
    assert sentence_for(refused.value)
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize("login", ["", "Mai", "trần", "mai mai", "x" * 33, "mai\n", "../mai"])
def test_a_login_that_cannot_be_one_makes_nothing(tmp_path, login):
    with pytest.raises(LoginWrong) as refused:
        found(tmp_path / "new", {login: ("Trần Thị Mai", "clerk", PASSWORD)}, clerk=login)
    assert login in sentence_for(refused.value)
    assert not (tmp_path / "new").exists()


def test_a_short_password_makes_nothing_and_the_next_try_succeeds(tmp_path):
    with pytest.raises(PasswordTooShort):
        found(tmp_path / "new", {"mai": ("Trần Thị Mai", "clerk", "1234567")})
    assert not (tmp_path / "new").exists()
    found(tmp_path / "new")
    open_desk(tmp_path / "new").close()


def test_an_office_may_be_named_by_its_statistic_code(tmp_path, desk):
    statistic = desk.office.statistic_code
    found(tmp_path / "new", office=statistic)
    assert settings_file.load(tmp_path / "new").office == OFFICE


def test_the_recovery_key_on_paper_is_the_key_of_the_database(tmp_path):
    words = found(tmp_path / "new")
    assert key_from_recovery(words) == unseal(tmp_path / "new" / KEY)
    (tmp_path / "new" / KEY).unlink()
    with pytest.raises(KeyFileDamaged):
        open_desk(tmp_path / "new")
    seal(key_from_recovery(words), tmp_path / "new" / KEY)
    open_desk(tmp_path / "new").close()
    assert recovery_words(key_from_recovery(words)) == words


def test_a_passphrase_is_asked_for_from_then_on(tmp_path):
    create_counter(tmp_path / "new", SETTINGS, CLERKS, passphrase="bốn con mèo đen")
    for wrong in (None, "bốn con mèo trắng"):
        with pytest.raises(WrongPassphrase):
            open_desk(tmp_path / "new", passphrase=wrong)
    open_desk(tmp_path / "new", passphrase="bốn con mèo đen").close()


# ---------------------------------------------------------------- opening what is not whole


def test_a_folder_without_a_counter_says_how_to_make_one(tmp_path):
    with pytest.raises(SettingsWrong) as refused:
        open_desk(tmp_path)
    assert "desk-app init" in sentence_for(refused.value)


def test_a_counter_whose_database_is_gone_is_not_opened_as_an_empty_one(data, clock):
    (data / DATABASE).unlink()
    with pytest.raises(SettingsWrong) as refused:
        open_desk(data, now=clock)
    assert not (data / DATABASE).exists()
    assert "bản hai" in sentence_for(refused.value)


def test_another_counters_key_does_not_open_this_one(data, tmp_path, clock):
    found(tmp_path / "other")
    shutil.copy(tmp_path / "other" / KEY, data / KEY)
    with pytest.raises(WrongKey):
        open_desk(data, now=clock)


@pytest.mark.parametrize(
    "text",
    ["", "office = 1", 'office = "x"\ncounter = 1\nclerk = "mai"\nmood = "good"', "= =", "\0"],
)
def test_a_spoiled_settings_file_says_which_key_is_wrong(data, clock, text):
    (data / FILE).write_text(text)
    with pytest.raises(SettingsWrong) as refused:
        open_desk(data, now=clock)
    assert str(data) in sentence_for(refused.value)


@pytest.mark.parametrize("changes", [{"office": "H99.1"}, {"clerk": "nobody"}])
def test_settings_that_name_nobody_are_refused(data, clock, changes):
    settings_file.save(data, msgspec.structs.replace(settings_file.load(data), **changes))
    with pytest.raises(SettingsWrong) as refused:
        open_desk(data, now=clock)
    assert "counter.toml" in sentence_for(refused.value)


def test_settings_are_kept_as_they_were_set(desk):
    changed = msgspec.structs.replace(desk.settings, theme="dark", text_percent=120, printer="HP")
    again = desk.with_settings(changed)
    assert again.settings == settings_file.load(desk.data) == changed
    assert dataclasses.replace(again, settings=desk.settings) == desk
