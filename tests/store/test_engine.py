"""The encrypted database: how it is opened, what it refuses, and that nobody reads it without its key."""

from __future__ import annotations

import os
import secrets
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import Engine, bindparam, text

from db import engine as engines
from db.engine import DatabaseBusy, DatabaseDamaged, DiskFault, EngineTooOld, Prepared, WrongKey
from desk_app.services.correct import add_note, correct
from desk_app.services.drafts import Draft, save_draft
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive

KEY = bytes(range(32))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "counter.db"


@pytest.fixture
def engine(path: Path) -> Iterator[Engine]:
    engine = engines.open_engine(path, KEY)
    with engines.writing(engine) as connection:
        connection.execute(text("CREATE TABLE fact(n INTEGER PRIMARY KEY, said TEXT) STRICT"))
    yield engine
    engine.dispose()


def said(engine: Engine) -> list[str]:
    with engines.reading(engine) as connection:
        return list(connection.execute(text("SELECT said FROM fact ORDER BY n")).scalars())


def say(engine: Engine, what: str) -> None:
    with engines.writing(engine) as connection:
        connection.execute(text("INSERT INTO fact(said) VALUES (:what)"), {"what": what})


@pytest.mark.parametrize(
    ("pragma", "value"),
    [
        ("journal_mode", "wal"),
        ("synchronous", 2),
        ("foreign_keys", 1),
        ("cell_size_check", 1),
        ("trusted_schema", 0),
        ("busy_timeout", 5000),
        ("temp_store", 2),
    ],
)
def test_every_connection_has_the_one_setting_of_all_counters(engine, pragma, value):
    with engine.connect() as one, engine.connect() as two:
        for connection in (one, two):
            assert connection.exec_driver_sql(f"PRAGMA {pragma}").scalar() == value


def test_the_shipped_engine_is_one_without_the_known_fault():
    assert sqlcipher.sqlite_version_info >= engines.OLDEST_SQLITE == (3, 51, 3)


def test_an_older_engine_is_refused_before_it_touches_anything(path, monkeypatch):
    monkeypatch.setattr(sqlcipher, "sqlite_version_info", (3, 51, 2))
    monkeypatch.setattr(sqlcipher, "sqlite_version", "3.51.2")
    with pytest.raises(EngineTooOld) as refused:
        engines.open_engine(path, KEY)
    assert refused.value.facts == {"version": "3.51.2"}
    assert not path.exists()


def test_another_key_does_not_open_it_and_harms_nothing(engine, path):
    say(engine, "một")
    with pytest.raises(WrongKey):
        engines.open_engine(path, KEY[::-1])
    assert said(engine) == ["một"]


@pytest.mark.parametrize("content", [b"SQLite format 3\0" + bytes(4080), b"hello" * 1000])
def test_a_file_that_is_no_database_of_ours_is_refused(path, content):
    path.write_bytes(content)
    with pytest.raises(WrongKey):
        engines.open_engine(path, KEY)
    assert path.read_bytes() == content


def test_a_folder_that_is_not_there_is_a_fault_of_the_disk(tmp_path):
    with pytest.raises(DiskFault):
        engines.open_engine(tmp_path / "gone" / "counter.db", KEY)


def test_what_was_not_finished_is_not_there(engine):
    say(engine, "một")
    with pytest.raises(RuntimeError), engines.writing(engine) as connection:
        connection.execute(text("INSERT INTO fact(said) VALUES ('hai')"))
        raise RuntimeError
    assert said(engine) == ["một"]


def test_a_reader_sees_one_moment_while_others_write(engine):
    say(engine, "một")
    with engines.reading(engine) as connection:
        before = connection.execute(text("SELECT count(*) FROM fact")).scalar()
        say(engine, "hai")
        assert connection.execute(text("SELECT count(*) FROM fact")).scalar() == before == 1
    assert said(engine) == ["một", "hai"]


def test_a_second_writer_waits_for_the_first(engine):
    written = threading.Event()

    def second() -> None:
        say(engine, "hai")
        written.set()

    with engines.writing(engine) as connection:
        thread = threading.Thread(target=second)
        thread.start()
        connection.execute(text("INSERT INTO fact(said) VALUES ('một')"))
        assert not written.is_set()
    thread.join()
    assert said(engine) == ["một", "hai"]


def test_a_writer_who_waited_too_long_is_refused(engine, path, monkeypatch):
    other = engines.open_engine(path, KEY)
    monkeypatch.setattr(engines, "BUSY_MS", 20)
    with engines.writing(engine), pytest.raises(DatabaseBusy):
        say(other, "hai")
    say(other, "ba")
    assert said(engine) == ["ba"]
    other.dispose()


def test_a_save_gets_its_turn_between_the_transactions_of_another_program(engine, path):
    another = (
        "import sys, time\n"
        "from pathlib import Path\n"
        "from sqlalchemy import text\n"
        "from db import engine as engines\n"
        "engine = engines.open_engine(Path(sys.argv[1]), bytes.fromhex(sys.argv[2]))\n"
        "while True:\n"
        "    with engines.writing(engine) as connection:\n"
        "        connection.execute(text(\"INSERT INTO fact(said) VALUES ('nó')\"))\n"
        "        time.sleep(0.15)\n"
        "    time.sleep(0.005)\n"
    )
    child = subprocess.Popen([sys.executable, "-c", another, str(path), KEY.hex()])
    try:
        while len(said(engine)) < 3:
            time.sleep(0.01)
        passed = []
        for _ in range(5):
            before = len(said(engine))
            say(engine, "ta")
            passed.append(said(engine).index("ta", before) - before)
            time.sleep(0.03)
    finally:
        child.kill()
        child.wait()
    # The one that had begun; where SQLite itself waits, it is up to ten.
    assert sum(passed) <= 2 * len(passed), passed


def test_a_damaged_page_is_noticed_and_never_read_as_something_else(engine, path):
    for _ in range(200):
        say(engine, secrets.token_hex(100))
    engines.checkpoint(engine, truncate=True)
    engine.dispose()
    content = bytearray(path.read_bytes())
    content[-5_000] ^= 1
    path.write_bytes(content)
    with pytest.raises(DatabaseDamaged):
        said(engine)


def test_a_checkpoint_empties_the_log(engine, path):
    say(engine, "một")
    log = path.with_name("counter.db-wal")
    assert log.stat().st_size > 0
    engines.checkpoint(engine)
    engines.checkpoint(engine, truncate=True)
    assert log.stat().st_size == 0
    assert said(engine) == ["một"]


def test_a_prepared_statement_does_what_the_statement_does(engine):
    insert = Prepared(text("INSERT INTO fact(said) VALUES (:what)"))
    find = Prepared(text("SELECT said FROM fact WHERE n = :n").bindparams(bindparam("n")))
    with engines.writing(engine) as connection:
        n = insert.insert(connection, {"what": "một"})
        insert.run_many(connection, [{"what": "hai"}, {"what": "ba"}])
        assert find.run(connection, {"n": n}) == [("một",)]
        assert insert.run(connection, {"what": "bốn"}) == []
    assert said(engine) == ["một", "hai", "ba", "bốn"]


def test_a_prepared_statement_refuses_as_any_other(engine):
    full = Prepared(text("INSERT INTO fact(said) VALUES (hex(zeroblob(100000)))"))
    with engines.reading(engine) as connection:
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar()
        connection.exec_driver_sql(f"PRAGMA max_page_count={pages}")
    with pytest.raises(engines.DiskFull), engines.writing(engine) as connection:
        full.run(connection, {})
    assert said(engine) == []


# ---------------------------------------------------------------- nobody reads it without its key

SECRETS = (
    "Nguyễn Thị Ngọc Ánh",
    "nguyen thi ngoc anh",
    "031187999912",
    "0912345678",
    "Hẹn gọi lại",
)
SPELLINGS = ("utf-8", "utf-16-le", "utf-16-be")


def test_no_name_or_number_stands_in_clear_in_any_file_but_the_receipts(desk, form, data):
    dossier = receive(desk, form(note="Hẹn gọi lại"))
    id_ = bytes.fromhex(dossier.id)
    paper_printed(desk, write_receipt(desk, id_), "clerk")
    add_note(desk, id_, "Hẹn gọi lại")
    correct(desk, id_, {"applicant.phone": "0912345679"}, "Hẹn gọi lại")
    save_draft(desk, Draft(0, desk.now(), "Nguyễn Thị Ngọc Ánh", {"phone": "0912345678"}))
    files = [
        f for f in data.rglob("*") if f.is_file() and f.relative_to(data).parts[0] != "receipts"
    ]
    assert {f.name for f in files} >= {
        "counter.db",
        "counter.db-wal",
        "counter.key",
        "counter.toml",
    }
    for file in files:
        content = file.read_bytes()
        for secret in SECRETS:
            for spelling in SPELLINGS:
                assert secret.encode(spelling) not in content, f"{secret} in {file.name}"
    content = (data / "counter.db").read_bytes() + (data / "counter.db-wal").read_bytes()
    for word in (b"CREATE TABLE", b"SQLite format", b"dossier.received", b"journal"):
        assert word not in content


@pytest.mark.skipif(
    os.name == "nt", reason="Windows keeps other people out by the account's folder"
)
def test_the_key_file_is_its_owners_alone(data):
    assert (data / "counter.key").stat().st_mode & 0o077 == 0
