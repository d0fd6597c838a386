"""The day book: a line for everything done at a counter, and sums the end-of-day sheet has too."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import text
from two_counters import exchange, take_in_many

from db import engine as engines
from desk_app.messages import sentence_for
from desk_app.rules.day_lines import MONEY_IN, MONEY_OUT, MOVES, RECEIVED
from desk_app.services import fees, forwarding, results
from desk_app.services.correct import void
from desk_app.services.day_book import (
    BookNotWritten,
    NoSuchCounter,
    day_book,
    write_day_book,
)
from desk_app.services.day_sheet import end_of_day
from desk_app.services.receive import receive
from desk_app.services.results import Collecting, hand_over
from desk_app.services.steps import undo_step
from tests.papers.conftest import text_of

FORWARDED, RETURNED, POSTED = MOVES


@pytest.fixture
def chief(desk):
    return dataclasses.replace(desk, role="chief")


@pytest.fixture
def ids(desk, form):
    return [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]


def lived(desk, chief, clock, ids):
    """Three taken in; two given on and signed; one fetched and paid, one posted."""
    clock.forward(minutes=20)
    forwarding.forward(desk, ids[:2])
    for id_ in ids[:2]:
        forwarding.take_over(chief, id_)
        results.issue(chief, id_, "12/XN")
        clock.forward(minutes=1)
        results.put_on_shelf(desk, id_, "Ngăn A")
    hand_over(desk, ids[:1], Collecting(pay="cash", receipt_number="0001234"))
    clock.forward(minutes=1)
    fees.take_fee(desk, ids[1:2], "transfer")
    results.post(desk, ids[1], "RN123")


def test_a_day_without_work_is_an_empty_book_that_agrees(desk):
    book = day_book(desk)
    assert (book.lines, book.agrees, book.counter) == ((), True, 2)
    assert "chưa tiếp nhận" in text_of(write_day_book(desk, book).read_bytes())[0]


def test_everything_stands_in_the_order_of_time_with_sums_of_the_sheet(desk, chief, clock, ids):
    lived(desk, chief, clock, ids)
    book = day_book(desk)
    assert book.agrees
    assert [line.at for line in book.lines] == sorted(line.at for line in book.lines)
    assert book.counts == {RECEIVED: 3, FORWARDED: 2, RETURNED: 1, POSTED: 1, MONEY_IN: 2}
    (counter,) = end_of_day(desk).sheet.counters
    assert book.counts[RECEIVED] == counter.journal.received
    assert {kind: book.counts[kind] for kind in MOVES} == {
        kind: counter.steps[kind] for kind in MOVES
    }
    assert book.money == end_of_day(desk).sheet.money
    said = " ".join(text_of(write_day_book(desk, book).read_bytes()))
    for wanted in ("SỔ NGÀY", "quầy 2", "Giao Tư pháp - Hộ tịch", "Bưu gửi RN123",
                   "Biên lai 0001234", "Người nhận Nguyễn Thị Ngọc Ánh", "khớp với phiếu"):  # fmt: skip
        assert wanted in said, wanted


def test_what_was_taken_back_or_voided_counts_as_on_the_sheet(desk, chief, clock, ids):
    fees.take_fee(desk, ids[:1], "cash")
    undo_step(desk, ids[0])
    fees.take_fee(desk, ids[1:2], "cash")
    paid = fees.refund(chief, ids[1], 2_000, "cash", "Thu thừa")
    void(desk, ids[2], "Nhận nhầm")
    book = day_book(desk)
    assert book.agrees
    assert book.counts == {RECEIVED: 3, MONEY_IN: 1, MONEY_OUT: 1}
    assert sum(line.amount for line in book.lines) == paid.life.paid
    assert [line.voided for line in book.lines if line.kind == RECEIVED].count(True) == 1
    said = " ".join(text_of(write_day_book(desk, book).read_bytes()))
    assert "(đã hủy)" in said
    assert "-2.000" in said


def test_each_counter_has_a_book_of_its_own(pair, clock):
    one, two = pair
    take_in_many(one, 3)
    take_in_many(two, 4, seed=7)
    exchange(one, two)
    for desk in pair:
        assert [len(day_book(desk, None, number).lines) for number in (2, 3)] == [3, 4]
        assert day_book(desk).counter == desk.counter.number
    with pytest.raises(NoSuchCounter) as refused:
        day_book(one, None, 9)
    assert sentence_for(refused.value) == "Không có quầy 9 ở đơn vị này. Có quầy: 2, 3."


def test_another_day_is_another_book(desk, clock, ids):
    yesterday = desk.now().date()
    clock.forward(days=1)
    assert day_book(desk).lines == ()
    assert len(day_book(desk, yesterday).lines) == 3


def test_a_screen_that_tells_another_sum_is_said_on_the_book(desk, ids):
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(text("DELETE FROM dossier WHERE n = (SELECT max(n) FROM dossier)"))
    book = day_book(desk)
    assert not book.agrees
    said = " ".join(text_of(write_day_book(desk, book).read_bytes()))
    assert "TỔNG KHÔNG KHỚP" in said


def test_a_place_that_cannot_be_written_is_said(desk, tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(BookNotWritten) as refused:
        write_day_book(desk, day_book(desk), tmp_path / "file" / "book.pdf")
    assert "sổ ngày" in sentence_for(refused.value)
