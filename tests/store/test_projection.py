"""The screen tables: a fold of the journal that can be dropped and made again at any time."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection, text

from db import engine as engines
from db import projection
from db.fold import FOLD_VERSION
from db.kinds import (
    CalendarDay,
    CalendarPublished,
    ClerkRegistered,
    DossierCorrected,
    DossierVoided,
    NoteAdded,
    ProcedurePublished,
    ReceiptPrinted,
)
from db.parts import FeeRule, Kind, Limit, Person
from desk_app.desk import open_desk
from desk_app.services.find import find
from desk_app.services.receive import receive

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from ground import MORNING, NAMES, Counter, facts, found, go_on_with, lines_of, opened, take_in


@pytest.fixture
def counter(tmp_path: Path) -> Iterator[Counter]:
    counter = opened(tmp_path / "counter", found(tmp_path / "counter"))
    yield counter
    counter.close()


def append(counter: Counter, obj: bytes, body: Kind) -> None:
    with counter.journal.saving("sang") as saving:
        saving.append(obj, body)


def rows(connection: Connection, query: str, **values: Any) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in connection.execute(text(query), values)]


def tables_of(counter: Counter) -> dict[str, list[tuple[Any, ...]]]:
    """Everything on the screen's side, the search index letter by letter."""
    with engines.reading(counter.journal.engine) as connection:
        connection.execute(
            text("CREATE VIRTUAL TABLE temp.terms USING fts5vocab('main', 'search', 'instance')")
        )
        found = {
            "dossier": rows(connection, "SELECT * FROM dossier ORDER BY n"),
            "reference": rows(connection, "SELECT * FROM reference ORDER BY kind, key, valid_from"),
            "search": rows(connection, "SELECT term, doc FROM temp.terms ORDER BY term, doc"),
        }
        connection.execute(text("DROP TABLE temp.terms"))
    return found


def row_of(counter: Counter, obj: bytes) -> dict[str, Any]:
    with engines.reading(counter.journal.engine) as connection:
        found = connection.execute(text("SELECT * FROM dossier WHERE obj = :obj"), {"obj": obj})
        return dict(found.mappings().one())


def found_by(counter: Counter, word: str) -> list[int]:
    with engines.reading(counter.journal.engine) as connection:
        query = "SELECT -rowid FROM search WHERE search MATCH :word"
        return [n for (n,) in rows(connection, query, word=f'"{word}"')]


def procedure(**changes: Any) -> ProcedurePublished:
    whole = ProcedurePublished(
        code="1.004873",
        name="Cấp giấy xác nhận tình trạng hôn nhân",
        short_name="Tình trạng hôn nhân",
        short_form="xnhn",
        field="Hộ tịch",
        level="xã",
        limit=Limit("working_days", 6),
        fee=FeeRule("free"),
        valid_from="2022-01-01",
    )
    return msgspec.structs.replace(whole, **changes)


# ---------------------------------------------------------------- one dossier


def test_a_dossier_has_one_row_that_follows_what_happens_to_it(counter):
    code, entry = take_in(counter)
    obj = bytes.fromhex(entry.says.obj)
    fresh = row_of(counter, obj)
    assert (fresh["code"], fresh["status"], fresh["prints"], fresh["own"]) == (
        code,
        "received",
        0,
        1,
    )
    go_on_with(counter, entry)
    later = row_of(counter, obj)
    assert (later["n"], later["prints"], later["phone"]) == (fresh["n"], 1, "0987654321")
    append(counter, obj, DossierVoided("Nhận nhầm"))
    assert row_of(counter, obj)["status"] == "voided"


def test_moments_are_kept_as_seconds_and_order_as_the_journals(counter):
    first, second = (take_in(counter)[1] for _ in range(2))
    a, b = (row_of(counter, bytes.fromhex(e.says.obj)) for e in (first, second))
    assert a["received"] < b["received"] < b["due"]
    assert a["n"] < b["n"]


def test_a_corrected_name_is_found_and_the_old_one_no_longer(counter):
    _, entry = take_in(counter)
    obj, n = bytes.fromhex(entry.says.obj), row_of(counter, bytes.fromhex(entry.says.obj))["n"]
    old = projection.search_key(entry.says.body["applicant"]["name"]).split()[-1]
    assert n in found_by(counter, old)
    append(counter, obj, DossierCorrected({"applicant.name": "Đỗ Quỳnh"}, "gõ nhầm"))
    assert n in found_by(counter, "do") and n in found_by(counter, "quynh")
    assert n not in found_by(counter, old)


def test_both_people_their_numbers_and_the_end_of_the_code_are_found(counter):
    body = msgspec.structs.replace(
        facts("H21.13.9-261126-0501", MORNING, "Đặng Thị Ánh"),
        submitter=Person(name="Lê Nộp Thay", id_number="031199999999", phone="0987654321"),
    )
    append(counter, b"\1" * 16, body)
    n = row_of(counter, b"\1" * 16)["n"]
    for word in ("dang", "anh", "nop", "031085999991", "031199999999", "0912345678", "0987654321"):
        assert found_by(counter, word) == [n], word
    assert found_by(counter, "2611260501") == found_by(counter, "0501") == [n]


# ---------------------------------------------------------------- what offices publish


def procedures(counter: Counter) -> list[ProcedurePublished]:
    with engines.reading(counter.journal.engine) as connection:
        found = [body for _, body in projection.read_reference(connection, ProcedurePublished)]
    return [body for body in found if isinstance(body, ProcedurePublished)]


def test_a_newer_version_for_the_same_day_takes_the_place_of_the_older(counter):
    append(counter, b"p" * 16, procedure())
    append(counter, b"p" * 16, procedure(name="Tên mới"))
    assert [p.name for p in procedures(counter)] == ["Tên mới"]


def test_versions_in_force_from_different_days_are_kept_side_by_side(counter):
    append(counter, b"p" * 16, procedure(valid_from="2025-07-01", name="Từ 2025"))
    append(counter, b"p" * 16, procedure(name="Từ 2022"))
    assert [(p.valid_from, p.name) for p in procedures(counter)] == [
        ("2022-01-01", "Từ 2022"),
        ("2025-07-01", "Từ 2025"),
    ]


def test_each_publication_changes_the_stamp_and_a_dossier_does_not(counter):
    def stamp() -> bytes:
        with engines.reading(counter.journal.engine) as connection:
            return projection.references_stamp(connection)

    before = stamp()
    take_in(counter)
    assert stamp() == before
    append(counter, b"y" * 16, CalendarPublished(2026, (CalendarDay("2026-01-01", "off", "Tết"),)))
    assert stamp() != before


def test_every_reference_is_read_back_as_it_was_published(counter):
    year = CalendarPublished(2026, (CalendarDay("2026-01-01", "off", "Tết dương lịch", "luật"),))
    clerk = ClerkRegistered("tinh", "Vũ Văn Tình", "chief", "x", disabled=True)
    append(counter, b"y" * 16, year)
    append(counter, b"c" * 16, clerk)
    with engines.reading(counter.journal.engine) as connection:
        assert projection.read_reference(connection, CalendarPublished)[0][1] == year
        assert clerk in [b for _, b in projection.read_reference(connection, ClerkRegistered)]


# ---------------------------------------------------------------- made again

STEPS = st.one_of(
    st.tuples(st.just("receive"), st.sampled_from(NAMES)),
    st.tuples(st.just("note"), st.sampled_from(["Hẹn", "Đã gọi"])),
    st.tuples(st.just("print"), st.sampled_from(["printer", "clerk", "file"])),
    st.tuples(st.just("name"), st.sampled_from(NAMES)),
    st.tuples(st.just("void"), st.just("Nhận nhầm")),
    st.tuples(st.just("publish"), st.sampled_from(["2022-01-01", "2025-07-01"])),
)


@settings(max_examples=20, deadline=None)
@given(steps=st.lists(st.tuples(STEPS, st.integers(0, 20)), max_size=12))
def test_folding_the_whole_journal_again_gives_the_tables_that_grew_with_it(steps):
    with TemporaryDirectory() as folder:
        counter = opened(Path(folder), found(Path(folder)))
        objs = [bytes.fromhex(take_in(counter)[1].says.obj)]
        for (step, value), which in steps:
            obj = objs[which % len(objs)]
            if step == "receive":
                objs.append(which.to_bytes(8) + len(objs).to_bytes(8))
                at = MORNING + timedelta(minutes=which)
                append(counter, objs[-1], facts(f"H21.13.9-261126-{which:04d}", at, value))
            elif step == "note":
                append(counter, obj, NoteAdded(value))
            elif step == "print":
                append(counter, obj, ReceiptPrinted("01", 1 + which, value))
            elif step == "name":
                append(counter, obj, DossierCorrected({"applicant.name": value}, "gõ nhầm"))
            elif step == "void":
                append(counter, obj, DossierVoided(value))
            else:
                append(counter, b"p" * 16, procedure(valid_from=value, name=f"Tên {which}"))
        grown = tables_of(counter)
        assert projection.rebuild(counter.journal.engine) == len(lines_of(counter))
        assert tables_of(counter) == grown
        counter.close()


def test_a_rebuild_that_is_cut_off_leaves_the_tables_as_they_were(counter):
    for _ in range(4):
        go_on_with(counter, take_in(counter)[1])
    before = tables_of(counter)

    def pull_the_plug(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        projection.rebuild(counter.journal.engine, pull_the_plug)
    assert tables_of(counter) == before
    take_in(counter)


def test_a_rebuild_tells_how_far_it_is(counter):
    for _ in range(3):
        take_in(counter)
    told: list[tuple[int, int]] = []
    entries = projection.rebuild(counter.journal.engine, lambda *step: told.append(step))
    assert told[-1] == (entries, entries)


def test_harm_to_the_screen_tables_is_gone_after_a_rebuild(counter):
    for _ in range(3):
        take_in(counter)
    whole = tables_of(counter)
    with engines.writing(counter.journal.engine) as connection:
        connection.execute(text("DELETE FROM dossier WHERE n = (SELECT min(n) FROM dossier)"))
        connection.execute(text("UPDATE dossier SET name = 'Kẻ Lạ'"))
        connection.execute(text("DELETE FROM reference"))
        connection.execute(text("DROP TABLE search"))
    projection.rebuild(counter.journal.engine)
    assert tables_of(counter) == whole


def test_drafts_and_what_is_kept_outlive_a_rebuild(counter):
    with engines.writing(counter.journal.engine) as connection:
        connection.execute(text("INSERT INTO draft VALUES (0, '2026-11-26', 'Ánh', x'7b7d')"))
        numbers = rows(connection, "SELECT * FROM ctr")
        device = projection.read_meta(connection, "device")
    projection.rebuild(counter.journal.engine)
    with engines.reading(counter.journal.engine) as connection:
        assert len(rows(connection, "SELECT * FROM draft")) == 1
        assert rows(connection, "SELECT * FROM ctr") == numbers
        assert projection.read_meta(connection, "device") == device


def test_tables_of_another_fold_are_made_again_at_the_next_start(desk, form, data, clock):
    receive(desk, form())
    with engines.writing(desk.journal.engine) as connection:
        assert projection.is_current(connection)
        projection.write_meta(connection, "fold", str(FOLD_VERSION - 1).encode())
        connection.execute(text("UPDATE dossier SET name = 'Bản cũ', words = 'ban cu'"))
    again = open_desk(data, now=clock)
    assert [line.name for line in find(again, "ngoc anh").dossiers] == ["Nguyễn Thị Ngọc Ánh"]
    with engines.reading(again.journal.engine) as connection:
        assert projection.is_current(connection)
    again.close()
