"""A server's backups are restored and proven; a server made from one gets back what it lost."""

from __future__ import annotations

import secrets

import pytest
from two_counters import codes_of

from db import engine as engines
from db.backup import BackupNotMade
from db.district.__main__ import main
from db.district.backup import (
    DatabaseInUse,
    NoBackup,
    back_up,
    last_proven,
    prove,
    restore_district,
)
from db.district.courier import carry
from db.district.server import KEY, DistrictExists, make_district, open_district
from db.district.words import said
from db.seed import seed
from desk_app.services.courier import bring_in, take_out
from desk_app.services.replicate import replicate


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest) -> str:
    """Everything here is tried on both of the server's databases."""
    return str(request.param)


@pytest.fixture
def another_postgres(request):
    """A second fresh database, made when it is asked for."""

    def make():
        url = request.getfixturevalue("empty_postgres")
        import psycopg

        name = f"d{secrets.token_hex(6)}"
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute(f'CREATE DATABASE "{name}"')
        return url.rsplit("/", 1)[0] + f"/{name}"

    return make


def kept_of(server):
    """Everything that is kept, as bytes; not what is folded or differs by itself."""
    feed = [bytes(line) for _, line in server.journal.lines(limit=10_000)]
    return feed, server.device.public_key, server.identity, server.authority


def test_a_backup_opens_as_a_server_by_itself(district, counter_of, tmp_path):
    codes_of(counter := counter_of("one"), 3)
    replicate(counter)
    assert last_proven(district.server) is None
    made = back_up(district.server)
    assert last_proven(district.server) == made.proven
    held = kept_of(district.server)
    again = tmp_path / "again"
    again.mkdir()
    # On the machine of the server: its sealed key, and a database in the file.
    (again / KEY).write_bytes((district.server.data / KEY).read_bytes())
    ended = restore_district(again, made.proven.path, now=district.clock)
    assert ended.entries == made.entries == len(held[0]) and ended.aside == ""
    server = open_district(again, now=district.clock)
    assert kept_of(server) == held
    assert server.facts.srv != district.server.facts.srv
    assert not [found for found in prove(server.engine) if found.grave]
    server.close()


def test_what_came_after_the_backup_is_given_back_by_the_counters(
    district, counter_of, database, another_postgres, tmp_path
):
    one, server, stick = counter_of("one"), district.server, tmp_path / "stick"
    stick.mkdir()
    codes_of(one, 2)
    replicate(one)
    made = back_up(server)
    codes_of(one, 2, seed=9)
    assert replicate(one).in_step
    url = ""
    if database == "postgresql":
        with pytest.raises(DatabaseInUse) as used:
            restore_district(server.data, made.proven.path, now=district.clock)
        assert "đã có dữ liệu" in said(used.value)
        url = another_postgres()
    server.engine.dispose()
    ended = restore_district(server.data, made.proven.path, database=url, now=district.clock)
    assert bool(ended.aside) == (database == "sqlite")
    back = open_district(server.data, now=district.clock)
    assert back.engine.dialect.name == database
    assert len(back.journal.lines(limit=10_000)) == made.entries
    for _ in range(3):
        district.clock.forward(minutes=5)
        take_out(one, stick), list(carry(back, stick)), bring_in(one, stick)
    assert len(back.journal.lines(limit=10_000)) == len(one.journal.lines(limit=10_000))
    assert bring_in(one, stick).in_step
    back.close()


def test_a_new_machine_needs_the_key_from_the_safe(tmp_path, capsys):
    data, new, safe = tmp_path / "district", tmp_path / "new", tmp_path / "safe"
    made = make_district(data, seed())
    safe.write_text(made.recovery)
    assert main(["backup", "--data", str(data), "--json", "--to", str(tmp_path / "disk")]) == 0
    [file] = (tmp_path / "disk").iterdir()
    words = ["restore", str(file), "--data", str(new), "--recovery-file", str(safe), "--json"]
    assert main(words) == 0
    assert main(words) == 1  # there is a server now
    assert main(["backup", "--data", str(new)]) == 0
    assert main(["doctor", "--data", str(new), "--json"]) == 0
    assert '"backup": "20' in capsys.readouterr().out.splitlines()[-1]


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_what_is_no_backup_or_has_rotted_is_refused_and_changes_nothing(
    district, counter_of, tmp_path
):
    codes_of(counter_of("one"))
    server = district.server
    made = back_up(server)
    nothing, counters = tmp_path / "nothing", tmp_path / "one" / "counter.db"
    nothing.write_bytes(b"PK nothing of ours" * 500)
    rotten = bytearray(made.proven.path.read_bytes())
    rotten[len(rotten) // 2] ^= 1
    (tmp_path / "rotten").write_bytes(rotten)
    before = sorted(p.name for p in server.data.iterdir())
    for file in (nothing, counters, tmp_path / "rotten", tmp_path / "gone"):
        with pytest.raises((NoBackup, BackupNotMade)) as refused:
            restore_district(server.data, file, now=district.clock)
        assert "sao" in said(refused.value)
    with pytest.raises(DistrictExists):
        restore_district(server.data, made.proven.path, recovery="x", now=district.clock)
    assert sorted(p.name for p in server.data.iterdir()) == before


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_copy_with_a_line_changed_is_no_backup(district, counter_of, monkeypatch):
    codes_of(counter_of("one"))
    copied = engines.copy_file

    def changed(engine, path, key):
        copied(engine, path, key)
        fresh = engines.open_engine(path, key)
        with engines.writing(fresh) as connection:
            connection.exec_driver_sql("UPDATE journal SET line = x'7b7d' WHERE n = 5")
        engines.checkpoint(fresh, truncate=True)
        fresh.dispose()

    monkeypatch.setattr(engines, "copy_file", changed)
    with pytest.raises(BackupNotMade) as refused:
        back_up(district.server)
    assert refused.value.facts["what"] == "line-damaged"
    assert last_proven(district.server) is None
