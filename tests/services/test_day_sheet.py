"""A day's figures, counted from the entries and from the tables, and what tells them apart."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from sqlalchemy import text
from two_counters import exchange, take_in, take_in_many

from db import engine as engines
from db.identity import SERVER
from db.parts import ClerkFacts, Fee
from db.replication.peers import Memory
from db.replication.store import write_memory
from db.steps import DossierChecked, FeeRefunded, FeeTaken
from db.tables import dossiers
from db.trust import ServerFacts, write_server
from desk_app.desk import Desk, open_desk
from desk_app.rules.day_totals import (
    CounterDay,
    DaySheet,
    money,
    money_by_kind,
    series,
    sums_by_kind,
)
from desk_app.services import correct as correcting
from desk_app.services.day_sheet import FOLDER, SheetNotWritten, end_of_day, write_day_sheet
from desk_app.services.dossier_form import DossierForm
from desk_app.services.drafts import Draft, save_draft
from desk_app.services.fees import take_fee
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.services.settle import give_new_code
from desk_app.settings import load, save
from desk_app.ui.day_sheet_words import said_of

Form = Callable[..., DossierForm]


def sheet_of(desk: Desk, day: date | None = None) -> DaySheet:
    return end_of_day(desk, day).sheet


def counter(sheet: DaySheet, number: int) -> CounterDay:
    return next(c for c in sheet.counters if c.number == number)


def as_mai(desk: Desk) -> Desk:
    with desk.reading() as connection:
        mai = desk.published(connection).clerk("mai")
    assert mai is not None
    return desk.as_clerk(mai)


def harm(desk: Desk, sql: str, **values: Any) -> None:
    with engines.writing(desk.journal.engine) as connection:
        assert connection.execute(text(sql), values).rowcount == 1


def id_of(dossier: Any) -> bytes:
    return bytes.fromhex(dossier.id)


# ---------------------------------------------------------------- what a day comes to


def test_a_day_without_dossiers_agrees_and_names_the_counter(desk: Desk) -> None:
    sheet = sheet_of(desk)
    assert sheet.agrees and sheet.differences == () and sheet.day == "2026-11-26"
    assert [(c.number, c.journal.received, c.dossiers) for c in sheet.counters] == [(2, 0, ())]
    assert (sheet.made_by, sheet.made_here) == ("Trần Thị Mai", 2)
    # The founding of the counter is in the journal, and its hash is on the paper.
    assert sheet.entries > 100 and len(bytes.fromhex(sheet.chain)) == 32


def test_several_clerks_and_counters_are_told_apart(pair: tuple[Desk, Desk], clock: Any) -> None:
    one, two = pair
    take_in_many(one, 3)
    take_in_many(as_mai(one), 2, seed=5)
    take_in_many(two, 4, seed=7)
    # The day before and the day after are other sheets.
    clock.forward(days=1)
    take_in(two, seed=11)
    clock.forward(days=-1)
    exchange(one, two)
    for desk in pair:
        sheet = sheet_of(desk)
        assert sheet.agrees
        first, second = counter(sheet, 2), counter(sheet, 3)
        assert first.journal.received == 5 and second.journal.received == 4
        assert first.journal.procedures == {"1.004873": 5}
        clerks = [d.clerk for d in first.dossiers]
        assert (clerks.count("Phạm Văn Hùng"), clerks.count("Trần Thị Mai")) == (3, 2)
        assert sum(c.journal.received for c in sheet.counters) == 9
    # What was taken in here is on this machine only; what a sibling wrote is there too.
    assert [d.alone for d in counter(sheet_of(one), 2).dossiers] == [True] * 5
    assert [d.alone for d in counter(sheet_of(one), 3).dossiers] == [False] * 4
    assert counter(sheet_of(one, date(2026, 11, 27)), 3).journal.received == 1


def test_the_day_ends_at_midnight_of_the_office(desk: Desk, clock: Any, form: Form) -> None:
    clock.at = clock.at.replace(hour=0, minute=0)
    early = receive(desk, form())
    clock.at = clock.at.replace(hour=23, minute=59)
    late = receive(desk, form(id=b"late" * 4, confirmed=frozenset({"same_today"})))
    clock.forward(minutes=1)
    receive(desk, form(id=b"next" * 4))
    (day,) = sheet_of(desk, date(2026, 11, 26)).counters
    assert [d.code for d in day.dossiers] == [early.facts.code, late.facts.code]
    assert sheet_of(desk).day == "2026-11-27"


def test_money_is_what_stands_by_way_of_paying(desk: Desk, clock: Any) -> None:
    cash, moved, exempt, void = take_in_many(desk, 4)
    clock.forward(minutes=1)
    for dossier, fee in (
        (moved, Fee(20_000, "transfer")),
        (exempt, Fee(0, "exempt", "hộ nghèo")),
    ):
        correcting.correct(desk, id_of(dossier), {"fee": msgspec.to_builtins(fee)}, "sửa lệ phí")
    correcting.void(desk, id_of(void), "nhận nhầm")
    (day,) = sheet_of(desk).counters
    assert money_by_kind(day.dossiers) == {
        "cash": (1, cash.facts.fee.amount),
        "transfer": (1, 20_000),
        "exempt": (1, 0),
    }
    assert money(day.dossiers) == cash.facts.fee.amount + 20_000
    assert (day.journal.received, day.journal.voided) == (4, 1)


def test_acts_of_the_day_count_whenever_their_dossier_was_received(desk: Desk, clock: Any) -> None:
    old, wrong = take_in_many(desk, 2)
    clock.forward(days=1)
    correcting.correct(desk, id_of(old), {"purpose": "vay vốn"}, "ghi thiếu")
    correcting.void(as_mai(desk), id_of(wrong), "người dân rút")
    (day,) = sheet_of(desk).counters
    assert day.dossiers == () and day.journal.received == 0
    said = [(a.kind, a.code, a.clerk, a.reason, a.paths, a.stands) for a in day.acts]
    assert said == [
        ("dossier.corrected", old.facts.code, "Trần Thị Mai", "ghi thiếu", ("purpose",), True),
        ("dossier.voided", wrong.facts.code, "Trần Thị Mai", "người dân rút", (), True),
    ]
    assert sheet_of(desk, desk.now().date() - timedelta(days=1)).counters[0].acts == ()


def test_a_void_somebody_acted_beside_is_said_not_to_stand(pair: tuple[Desk, Desk]) -> None:
    one, two = pair
    dossier = take_in(one)
    exchange(one, two)
    correcting.void(one, id_of(dossier), "nhầm")
    correcting.correct(two, id_of(dossier), {"purpose": "vay vốn"}, "sửa")
    exchange(one, two)
    ended = end_of_day(one)
    assert ended.sheet.agrees and [m.name for m in ended.matters] == ["void_conflict"]
    assert [a.stands for a in counter(ended.sheet, 2).acts] == [False]
    assert [a.kind for a in counter(ended.sheet, 3).acts] == ["dossier.corrected"]
    assert counter(ended.sheet, 2).journal.flagged == 1


def test_what_is_elsewhere_is_told_for_each_dossier(data: Any, clock: Any, tmp_path: Any) -> None:
    stick = tmp_path / "stick"
    stick.mkdir()
    save(data, msgspec.structs.replace(load(data), spool=str(stick), server="https://127.0.0.1:1"))
    desk = open_desk(data, now=clock)
    with engines.writing(desk.journal.engine) as connection:
        write_server(connection, ServerFacts(keys=("00" * 32,), url="", name="huyện"))
    sent, _ = take_in_many(desk, 2)
    with engines.writing(desk.journal.engine) as connection:
        reached = connection.scalar(text("SELECT max(n) - 1 FROM journal"))
        assert reached is not None
        write_memory(connection, SERVER, Memory(reached=reached))
    newest = reached + 1
    marks = {
        second: [(d.signed, d.second, d.alone) for d in _only(desk, second).dossiers]
        for second in (0, newest)
    }
    assert marks[0] == [(True, False, False), (False, False, True)]
    assert marks[newest] == [(True, True, False), (False, True, False)]
    # A correction of what was sent waits again.
    correcting.correct(desk, id_of(sent), {"purpose": "vay vốn"}, "sửa")
    assert [d.signed for d in _only(desk, newest).dossiers] == [False, False]
    desk.close()


def _only(desk: Desk, second: int) -> CounterDay:
    (day,) = end_of_day(desk, second=second).sheet.counters
    return day


def test_a_printed_receipt_and_a_form_begun_are_counted(desk: Desk, clock: Any) -> None:
    seen, _ = take_in_many(desk, 2)
    paper_printed(desk, write_receipt(desk, id_of(seen)), "clerk")
    save_draft(desk, Draft(1, clock(), "Ông Lộc", {}))
    ended = end_of_day(desk)
    (day,) = ended.sheet.counters
    assert (day.journal.unprinted, ended.drafts) == (1, 1)
    said = said_of(ended)
    assert "Chưa in giấy 1 hồ sơ (0502)." in said.open
    assert "1 hồ sơ đang nhập dở ở quầy này." in said.open
    assert said.sending[0] == "Quầy này chưa nối máy chủ."


def test_steps_and_money_of_the_day_count_where_they_were_written(
    pair: tuple[Desk, Desk], clock: Any
) -> None:
    one, two = pair
    dossier = take_in(one)
    exchange(one, two)
    clock.forward(days=1)
    at, hung = clock().isoformat(), ClerkFacts("hung", "Phạm Văn Hùng")
    pay = FeeTaken(at=at, clerk=hung, amount=5_000, how="cash", payment="ab" * 16)
    back = FeeRefunded(at=at, clerk=hung, amount=2_000, how="cash", reason="thu thừa")
    for step in (pay, back):
        with two.saving() as saving:
            saving.append(id_of(dossier), step)
    exchange(one, two)
    sheet = sheet_of(one)
    assert sheet.agrees and counter(sheet, 2).steps == {}
    day = counter(sheet, 3)
    assert sums_by_kind((p.how, p.amount) for p in day.payments) == {"cash": (2, 3_000)}
    assert sheet.money == sheet.money_shown == {"cash": (2, 3_000)}
    assert [p.clerk for p in day.payments] == ["Phạm Văn Hùng"] * 2
    assert day.steps == {"fee.taken": 1, "fee.refunded": 1}
    assert sum(c.journal.received for c in sheet.counters) == 0


def test_what_was_only_looked_at_is_no_dossier_received(desk: Desk, clock: Any) -> None:
    facts = take_in(desk).facts
    checked = DossierChecked(
        at=clock().isoformat(),
        clerk=facts.clerk,
        outcome="incomplete",
        procedure=facts.procedure,
        applicant=facts.applicant,
        office=facts.office,
        counter=facts.counter,
        form_set=facts.form_set,
    )
    with desk.saving() as saving:
        saving.append(b"\1" * 16, checked)
    (day,) = sheet_of(desk).counters
    assert sheet_of(desk).agrees and len(day.dossiers) == 1
    assert (day.journal.received, day.journal.looked_at) == (1, 1)
    # Its name on papers is no number of the day.
    assert [s.count for s in day.series] == [1]
    correcting.void(desk, b"\1" * 16, "nhầm người")
    (day,) = sheet_of(desk).counters
    assert (day.journal.received, day.journal.looked_at, day.journal.voided) == (1, 1, 0)
    assert sheet_of(desk).agrees and len(day.dossiers) == 1
    harm(desk, "DELETE FROM dossier WHERE hex(obj) = '01010101010101010101010101010101'")
    assert not sheet_of(desk).agrees


# ---------------------------------------------------------------- codes


def test_codes_go_from_the_first_to_the_last_and_gaps_are_named(pair: tuple[Desk, Desk]) -> None:
    one, two = pair
    mine = take_in_many(one, 3)
    take_in_many(two, 2, seed=7)
    exchange(one, two)
    (series_,) = counter(sheet_of(one), 2).series
    assert (series_.first, series_.last) == (mine[0].facts.code, mine[2].facts.code)
    assert (series_.count, series_.missing, series_.missing_count) == (3, (), 0)
    # Another code is given: the old one was given all the same, the new one is the fourth.
    give_new_code(one, id_of(mine[1]), "trùng mã")
    (series_,) = counter(sheet_of(one), 2).series
    assert (series_.count, series_.missing) == (4, ())


def test_a_number_drawn_that_no_dossier_bears_is_missing(desk: Desk) -> None:
    take_in_many(desk, 2)
    with desk.saving() as saving:
        saving.draw(desk.counter.active_block, "2026-11-26")
    (series_,) = sheet_of(desk).counters[0].series
    assert series_.missing == ((503, 503),)


def test_gaps_are_found_at_the_beginning_in_the_middle_and_in_each_block() -> None:
    office = "H24.314.11749-261126"
    codes = {f"{office}-{n:04d}": 2 for n in (502, 503, 507, 5501)} | {
        f"T02.{office}-0002": 2,
        "no number": 2,
    }
    found = {s.first: (s.count, s.missing, s.missing_count) for s in series(codes, {}, 500)}
    assert found == {
        f"{office}-0502": (3, ((501, 501), (504, 506)), 4),
        f"{office}-5501": (1, (), 0),
        f"T02.{office}-0002": (1, ((1, 1),), 1),
    }


# ---------------------------------------------------------------- what does not agree

HARMS: dict[str, tuple[str, str, tuple[str, ...]]] = {
    "a row is gone": ("DELETE FROM dossier WHERE code = :code", "missing", ()),
    "another procedure": (
        "UPDATE dossier SET procedure = '9.999999' WHERE code = :code",
        "differs",
        ("procedure",),
    ),
    "voided on the screen only": (
        "UPDATE dossier SET status = 'voided' WHERE code = :code",
        "differs",
        ("status",),
    ),
    "shown on another day": (
        "UPDATE dossier SET received = received - 86400 WHERE code = :code",
        "differs",
        ("received",),
    ),
    "promised for another day": (
        "UPDATE dossier SET due = due + 86400 WHERE code = :code",
        "differs",
        ("due",),
    ),
    "shown at another counter": (
        "UPDATE dossier SET counter = 7 WHERE code = :code",
        "differs",
        ("counter",),
    ),
}


@pytest.mark.parametrize("harmed", HARMS)
def test_a_table_somebody_changed_does_not_agree_and_the_dossier_is_named(
    desk: Desk, harmed: str
) -> None:
    _, wrong, _ = take_in_many(desk, 3)
    assert sheet_of(desk).agrees
    sql, what, columns = HARMS[harmed]
    harm(desk, sql, code=wrong.facts.code)
    sheet = sheet_of(desk)
    assert not sheet.agrees
    (difference,) = sheet.differences
    assert (difference.id, difference.code) == (wrong.id, wrong.facts.code)
    assert (difference.what, difference.columns) == (what, columns)
    # The figures stay those of the journal.
    assert counter(sheet, 2).journal.received == 3


def test_a_row_the_journal_knows_nothing_of_is_named(desk: Desk) -> None:
    take_in(desk)
    made_up = {"n": "n + 1000", "obj": "randomblob(16)", "code": "'X-261126-0001'"}
    columns = ", ".join(made_up.get(c.name, c.name) for c in dossiers.c)
    harm(desk, f"INSERT INTO dossier SELECT {columns} FROM dossier")
    sheet = sheet_of(desk)
    assert [(d.code, d.what) for d in sheet.differences] == [("X-261126-0001", "extra")]
    assert (sheet.counters[0].journal.received, sheet.counters[0].screen.received) == (1, 2)


def test_a_dossier_moved_into_the_day_is_named(desk: Desk, clock: Any) -> None:
    old = take_in(desk)
    clock.forward(days=1)
    harm(desk, "UPDATE dossier SET received = received + 86400")
    (difference,) = sheet_of(desk).differences
    assert (difference.id, difference.what) == (old.id, "differs")
    assert difference.columns == ("received",)


MONEY_HARMS = {
    "a payment is gone": "DELETE FROM payment",
    "another amount": "UPDATE payment SET amount = amount + 1",
    "on another day": "UPDATE payment SET at = at - 86400",
    "called a mistake": "UPDATE payment SET valid = 0",
    "another clerk": "UPDATE payment SET by = 'Không ai'",
}


@pytest.mark.parametrize("harmed", MONEY_HARMS)
def test_money_on_the_screen_that_nobody_wrote_down_is_named(desk: Desk, harmed: str) -> None:
    paid, _ = take_in_many(desk, 2)
    take_fee(desk, [id_of(paid)], "cash")
    assert sheet_of(desk).agrees
    harm(desk, MONEY_HARMS[harmed])
    sheet = sheet_of(desk)
    assert not sheet.agrees
    assert [(d.code, d.what, d.columns) for d in sheet.differences] == [
        (paid.facts.code, "differs", ("money",))
    ]
    assert sheet.money == {"cash": (1, paid.facts.fee.amount)}


@pytest.mark.parametrize("n", ["n", "n + 1000"])
def test_a_payment_only_the_table_knows_is_named_as_far_as_it_can_be(desk: Desk, n: str) -> None:
    dossier = take_in(desk)
    harm(
        desk,
        f"INSERT INTO payment SELECT randomblob(32), {n}, received, 'Mai', 'cash', 9000, '', 1"
        " FROM dossier",
    )
    code = dossier.facts.code if n == "n" else ""
    sheet = sheet_of(desk)
    assert [(d.code, d.what) for d in sheet.differences] == [(code, "extra")]
    assert (sheet.money, sheet.money_shown) == ({}, {"cash": (1, 9_000)})


def test_a_rebuild_makes_it_agree_again(desk: Desk) -> None:
    from db.projection import rebuild

    dossier = take_in(desk)
    harm(desk, "DELETE FROM dossier WHERE code = :code", code=dossier.facts.code)
    assert not sheet_of(desk).agrees
    rebuild(desk.journal.engine)
    assert sheet_of(desk).agrees


def test_a_dossier_of_a_newer_program_is_counted_as_unread(desk: Desk, clock: Any) -> None:
    from db.entry import Envelope, seal

    take_in(desk)
    newer = Envelope(
        v=1, dev=desk.journal.device.id, ep="ab" * 8, seq=1, prev="", com=desk.journal.commune,
        obj="cd" * 16, par=(), k="dossier.received", kv=9, ts=clock().isoformat(), ck="ok",
        by="mai", body={"anything": 1},
    )  # fmt: skip
    desk.journal.accept([seal(newer, desk.journal.device.sign).line], own=True)
    ended = end_of_day(desk)
    assert ended.sheet.agrees and ended.sheet.unread == 1
    assert any("chưa đọc được" in sentence for sentence in said_of(ended).open)


# ---------------------------------------------------------------- the file


def test_the_sheet_is_a_file_of_its_day(desk: Desk) -> None:
    take_in(desk)
    ended = end_of_day(desk)
    path = write_day_sheet(desk, ended.sheet, said_of(ended))
    assert path == desk.data / FOLDER / "2026-11-26.pdf" and path.read_bytes()[:5] == b"%PDF-"


def test_a_place_that_takes_no_file_is_said(desk: Desk, tmp_path: Any) -> None:
    from desk_app.messages import sentence_for

    ended = end_of_day(desk)
    (tmp_path / "file").write_text("")
    with pytest.raises(SheetNotWritten) as refused:
        write_day_sheet(desk, ended.sheet, said_of(ended), tmp_path / "file" / "sheet.pdf")
    assert "Chưa ghi được phiếu cuối ngày" in sentence_for(refused.value)


def test_people_are_not_known_by_their_numbers(desk: Desk, form: Form) -> None:
    receive(desk, form(applicant=dataclasses.replace(form().applicant, id_number="031187999912")))
    plain = msgspec.json.encode(sheet_of(desk)).decode()
    assert "031187999912" not in plain and "031 ••• ••• 912" in plain
