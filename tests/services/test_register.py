"""The book of a year: its numbers, its thirteen columns, PDF and Excel, stopped and refused."""

from __future__ import annotations

import zipfile

import pytest
from two_counters import exchange

from db.steps import Asked
from desk_app.messages import sentence_for
from desk_app.services import results
from desk_app.services.correct import void
from desk_app.services.receive import receive
from desk_app.services.register import NoSuchVolume, book_of, lines_of
from desk_app.services.register_file import write_register
from desk_app.services.results import Collecting, hand_over
from desk_app.services.spreadsheet import SheetNotSaved, write_xlsx
from desk_app.services.supplements import check
from tests.papers.conftest import text_of

WORDS = {"counter": "Trực tiếp", "post": "Bưu chính", "electronic": "Điện tử"}


@pytest.fixture
def three(desk, form):
    got = [receive(desk, form()) for _ in range(3)]
    done, dead = (bytes.fromhex(d.id) for d in got[:2])
    results.done_at_once(desk, done)
    hand_over(desk, [done], Collecting(pay="cash"))
    void(desk, dead, "Nhập nhầm")
    return got


def book(desk, year=2026, volume=0):
    return list(lines_of(desk, book_of(desk, year, volume), WORDS))


def test_a_line_has_thirteen_columns_and_numbers_run_from_one(desk, three):
    lines = book(desk)
    assert [(line.number, line.code) for line in lines] == [
        (n, d.facts.code) for n, d in enumerate(three, start=1)
    ]
    assert all(len(line) == 13 for line in lines)
    assert lines[0].signed == "Nguyễn Thị Ngọc Ánh"
    assert lines[0].returned.startswith("09:41 26/11/2026")
    assert lines[1].note == "Đã huỷ: Nhập nhầm"
    assert book_of(desk, 2026) == (2026, 2, 3)
    assert book_of(desk, 2025).rows == 0


def test_another_counters_dossiers_never_renumber_this_book(pair, form):
    one, two = pair
    first = receive(one, form())
    receive(two, form())
    exchange(one, two)
    second = receive(one, form())
    numbers = {line.code: line.number for line in book(one)}
    assert numbers == {first.facts.code: 1, second.facts.code: 2}


def numbers_of(lines):
    return {line.code: line.number for line in lines}


def looked_at(desk, form):
    """A dossier that was only looked at: Mẫu 02, no code yet."""
    new = form()
    check(desk, new, "incomplete", [Asked("Tờ khai", "Chưa có")])
    return new


def test_a_dossier_looked_at_before_takes_the_line_of_the_day_it_is_taken_in(desk, form):
    early = looked_at(desk, form)
    first = receive(desk, form())
    printed = numbers_of(book(desk))
    late = receive(desk, early)
    assert printed == {first.facts.code: 1}
    assert numbers_of(book(desk)) == {first.facts.code: 1, late.facts.code: 2}


def test_it_stands_in_the_volume_of_the_counter_that_took_it_in(pair, form):
    one, two = pair
    early = looked_at(one, form)
    exchange(one, two)
    got = receive(two, early)
    exchange(one, two)
    for desk in pair:
        assert numbers_of(book(desk, volume=two.counter.number)) == {got.facts.code: 1}
    assert book(one) == []


def test_a_dossier_that_was_never_taken_in_stands_in_no_book(desk, form):
    early = looked_at(desk, form)
    void(desk, early.id, "Nhập nhầm")
    assert book(desk) == []


def test_a_number_whose_dossier_is_not_here_keeps_its_line_and_says_so(pair, form):
    one, two = pair
    lost, kept = receive(two, form()), receive(two, form())
    lines = [line for _, line in two.journal.lines(limit=1_000)]
    one.journal.accept([line for line in lines if lost.id.encode() not in line])
    gap, there = book(one, volume=two.counter.number)
    assert (gap.number, gap.code, gap.note) == (1, "", "Chưa có trên máy này")
    assert (there.number, there.code) == (2, kept.facts.code)


def test_numbers_begin_anew_with_the_year(desk, form, clock):
    old = receive(desk, form())
    clock.forward(days=40)
    new = receive(desk, form())
    assert numbers_of(book(desk)) == {old.facts.code: 1}
    assert numbers_of(book(desk, 2027)) == {new.facts.code: 1}


def test_a_volume_nobody_wrote_in_is_refused_and_says_which_there_are(desk, three):
    with pytest.raises(NoSuchVolume) as refused:
        book_of(desk, 2026, 9)
    assert sentence_for(refused.value) == "Sổ năm 2026 không có quyển 9 trên máy này. Có: 2."


def test_the_pdf_says_how_much_it_holds_and_goes_over_pages(desk, form, tmp_path):
    for _ in range(30):
        receive(desk, form())
    told = []
    path = tmp_path / "so.pdf"
    write_register(desk, 2026, path, lambda done, of: told.append((done, of)))
    pages = text_of(path.read_bytes())
    assert "SỔ THEO DÕI HỒ SƠ" in pages[0]
    assert "Năm 2026, quyển số 2" in pages[0]
    assert len(pages) > 1
    assert all("Mã hồ sơ" in page for page in pages[:-1])
    assert f"Sổ này có 30 hồ sơ, {len(pages)} trang." in pages[-1]
    assert told[-1] == (30, 30)


def test_the_workbook_has_numbers_as_numbers_and_no_formula(desk, three, tmp_path):
    path = tmp_path / "so.xlsx"
    write_register(desk, 2026, path)
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert sheet.count("<row ") == 4
    assert "<f>" not in sheet
    write_xlsx(path, "x", ["a"], [["=1+1"], [3]])
    with zipfile.ZipFile(path) as book:
        sheet = book.read("xl/worksheets/sheet1.xml").decode()
    assert "<f>" not in sheet
    assert "=1+1" in sheet
    assert "<v>3</v>" in sheet


@pytest.mark.parametrize("name", ["so.pdf", "so.xlsx"])
def test_a_book_that_is_stopped_leaves_what_was_there(desk, three, tmp_path, name):
    path = tmp_path / name
    path.write_bytes(b"before")

    class Stopped(Exception):
        pass

    def stop(done, of):
        raise Stopped

    with pytest.raises(Stopped):
        write_register(desk, 2026, path, stop)
    assert path.read_bytes() == b"before"
    assert [p.name for p in tmp_path.iterdir() if "new" in p.name] == []


def test_a_folder_that_cannot_be_written_is_said(desk, three, tmp_path):
    (tmp_path / "in-the-way").write_text("")
    with pytest.raises(SheetNotSaved) as refused:
        write_register(desk, 2026, tmp_path / "in-the-way" / "so.pdf")
    assert "Chưa ghi được" in sentence_for(refused.value)
