"""On PostgreSQL the server runs as a user that may add entries and can change none."""

from __future__ import annotations

import json
import secrets
import shutil

import psycopg
import pytest
from loopback import listening
from sqlalchemy.engine import make_url
from two_counters import codes_of

from db import engine as engines
from db import projection
from db.district.__main__ import main
from db.district.app import district_app
from db.district.aside import aside, release
from db.district.backup import back_up
from db.district.counters import issue_code, revoke
from db.district.rights import (
    NotPostgres,
    OtherDatabase,
    RightsNotGiven,
    RightsTooWide,
    serve_as,
)
from db.district.server import URL, DistrictMissing, declare_restored, make_district, open_district
from db.district.words import said
from db.seed import seed
from desk_app.desk import open_desk
from desk_app.services.enrol import NewClerk, enrol_new
from desk_app.services.replicate import replicate

OFFICE = "H24.314.11749"


@pytest.fixture
def role(postgres):
    """A user of the database who may nothing yet."""
    name = f"app{secrets.token_hex(4)}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {name} LOGIN")
    return name


@pytest.fixture
def data(empty_postgres, tmp_path):
    made = tmp_path / "district"
    make_district(made, seed(), database=empty_postgres)
    return made


@pytest.fixture
def as_role(empty_postgres, role):
    return make_url(empty_postgres).set(username=role).render_as_string(hide_password=False)


def test_everything_goes_on_as_a_user_that_cannot_change_entries(
    data, as_role, role, tmp_path, capsys
):
    assert main(["grant", "--data", str(data), "--database", as_role, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"serves_as": role}
    assert (data / URL).read_text() == as_role
    server = open_district(data)
    desks = []
    with listening(district_app(server)) as port:
        for name in ("one", "two"):
            clerk = NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
            url = f"http://127.0.0.1:{port}"
            enrol_new(tmp_path / name, url, issue_code(server, OFFICE), clerk)
            desks.append(open_desk(tmp_path / name))
            codes_of(desks[-1], 3)
            assert replicate(desks[-1]).in_step
        revoke(server, desks[1].journal.device.id, "Mất máy")
        codes_of(desks[1], 1, seed=7)
        assert replicate(desks[1]).revoked
        assert aside(server).apart
        assert release(server, desks[1].journal.device.id, "phong")
        assert replicate(desks[0]).in_step
    declare_restored(server)
    back_up(server)
    # A newer fold drops the screen's tables and makes them again.
    with engines.writing(server.engine) as connection:
        projection.write_meta(connection, "fold", b"0")
    server.close()
    open_district(data).close()
    assert main(["doctor", "--data", str(data), "--json"]) == 0
    for desk in desks:
        desk.close()


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal SET line = line",
        "UPDATE journal SET via = NULL WHERE false",
        "DELETE FROM journal WHERE false",
        "TRUNCATE journal",
        "DROP TABLE journal",
        "ALTER TABLE journal DROP COLUMN via",
        "CREATE RULE none AS ON INSERT TO journal DO INSTEAD NOTHING",
        "SELECT line FROM journal FOR UPDATE",
    ],
)
def test_an_entry_is_out_of_that_users_reach(data, as_role, statement):
    serve_as(data, as_role)
    with psycopg.connect(as_role) as connection:
        assert connection.execute("SELECT count(*) FROM journal").fetchone()[0] > 0
        with pytest.raises(psycopg.errors.InsufficientPrivilege):
            connection.execute(statement)


def test_a_user_who_could_change_entries_all_the_same_is_refused(data, empty_postgres, role):
    before = (data / URL).read_text()
    member = f"in{role}"
    with psycopg.connect(empty_postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {member} LOGIN NOINHERIT IN ROLE postgres")
        connection.execute("GRANT UPDATE (via) ON journal TO PUBLIC")
    for name in ("postgres", member, role):
        url = make_url(empty_postgres).set(username=name).render_as_string(hide_password=False)
        with pytest.raises(RightsTooWide) as refused:
            serve_as(data, url)
        assert name in said(refused.value)
    assert (data / URL).read_text() == before


def test_who_cannot_grant_or_leads_elsewhere_changes_nothing(data, postgres, as_role, role):
    before = (data / URL).read_text()
    for url, why in (
        (as_role.replace(role, "nobody_here"), RightsNotGiven),
        (as_role.replace(f"{role}@", ""), RightsNotGiven),
        (postgres.replace("postgres@", f"{role}@"), OtherDatabase),
        ("no address", OtherDatabase),
        (as_role.replace("127.0.0.1:", "127.0.0.1:1"), engines.ServerDatabaseGone),
    ):
        with pytest.raises(why) as refused:
            serve_as(data, url)
        assert said(refused.value)[0].isupper() and "=" not in said(refused.value)
        assert (data / URL).read_text() == before
    # Said twice it is the same; but who was granted to cannot grant to another.
    assert serve_as(data, as_role) == serve_as(data, as_role) == role
    another = f"x{role}"
    with psycopg.connect(postgres, autocommit=True) as connection:
        connection.execute(f"CREATE ROLE {another} LOGIN")
    with pytest.raises(RightsNotGiven):
        serve_as(data, as_role.replace(role, another))
    assert (data / URL).read_text() == as_role


def test_a_server_with_a_file_of_its_own_has_no_users(new_district, tmp_path):
    shutil.copytree(new_district, tmp_path / "d")
    for folder, why in ((tmp_path / "d", NotPostgres), (tmp_path / "none", DistrictMissing)):
        with pytest.raises(why):
            serve_as(folder, "postgresql://app@127.0.0.1/x")
