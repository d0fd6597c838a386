"""The day book on paper: every line, on pages that are headed, in both lengths."""

from __future__ import annotations

import pytest

from desk_app.papers.day_book import DONE, day_book_pdf
from desk_app.rules.day_lines import MONEY_IN, MONEY_OUT, DayBook, DayLine
from tests.papers.conftest import OFFICE, long, short, text_of


def book(facts, count: int, agrees: bool = True) -> DayBook:
    lines = []
    for n in range(count):
        kind = list(DONE)[n % len(DONE)]
        money = kind in (MONEY_IN, MONEY_OUT)
        lines.append(
            DayLine(
                at=f"2026-12-10T{7 + n // 60:02d}:{n % 60:02d}:00+07:00",
                kind=kind,
                code=f"H24.314.11680-261210-{n:04d}",
                name=facts.applicant.name,
                procedure=facts.procedure.short_name or facts.procedure.name,
                about="Hẹn trả 16:30 15/12/2026",
                clerk=facts.clerk.name,
                amount=(5_000 if kind == MONEY_IN else -2_000) if money else 0,
                how="cash" if money else "",
            )
        )
    return DayBook(
        day="2026-12-10",
        counter=2,
        made_at="2026-12-10T17:05:00+07:00",
        made_by="Trần Thị Mai",
        made_here=2,
        office=OFFICE,
        lines=tuple(lines),
        agrees=agrees,
    )


@pytest.mark.parametrize("length", [short, long])
@pytest.mark.parametrize("form_set", ["2018", "2025"])
def test_every_line_is_there_and_every_page_is_headed(texts_of, form_set, length):
    pdf = day_book_pdf(book(length(), 60), texts_of[form_set])
    pages = text_of(pdf)
    assert len(pages) > 2
    whole = " ".join(pages)
    assert all(f"H24.314.11680-261210-{n:04d}" in whole for n in range(60))
    for number, page in enumerate(pages, start=1):
        assert f"Trang {number}/{len(pages)}" in page
        assert "Sổ ngày 10/12/2026, quầy 2" in page
        assert "Mã hồ sơ" in page or "NGƯỜI GHI SỔ" in page
    assert "30.000 đồng (Ba mươi nghìn đồng)" in pages[-1]
    assert "LÃNH ĐẠO BỘ PHẬN MỘT CỬA" in pages[-1]
    assert day_book_pdf(book(length(), 60), texts_of[form_set]) == pdf


def test_sums_that_differ_are_said_in_capitals(texts_of):
    (page,) = text_of(day_book_pdf(book(short(), 3, agrees=False), texts_of["2025"]))
    assert "TỔNG KHÔNG KHỚP" in page
