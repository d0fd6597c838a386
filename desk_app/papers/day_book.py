"""The day book on A4: what one counter did on one day, in the order of time, and the sums."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import Final

from desk_app.papers.day_sheet import LOOK, foot, signatures
from desk_app.papers.day_sheet_counter import heading
from desk_app.papers.day_sheet_words import PAID, hour, short_day
from desk_app.papers.grid import Cell, Column, bold, grid
from desk_app.papers.layout import Block, Look, flow, paragraph
from desk_app.papers.letterhead import letterhead
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, balanced, register_fonts, wrap
from desk_app.papers.slip import pages_pdf
from desk_app.rules.day_lines import MONEY_IN, MONEY_OUT, MOVES, RECEIVED, DayBook, DayLine
from desk_app.rules.days import WEEKDAYS, day_in_words
from desk_app.rules.money import dotted, words

DONE: Final = {
    RECEIVED: "Tiếp nhận",
    **dict(zip(MOVES, ("Chuyển", "Trả kết quả", "Gửi bưu điện"), strict=True)),
    MONEY_IN: "Thu tiền",
    MONEY_OUT: "Hoàn tiền",
}
"""Every kind of line, as the clerk calls it, in the order it is counted."""
TITLE: Final = "SỔ NGÀY"
_LOOK: Final = replace(LOOK, left=20 * 72 / 25.4, right=12 * 72 / 25.4, table=8.5)
_COLUMNS: Final = (
    Column("TT", 20, "middle"),
    Column("Giờ", 30, "middle"),
    Column("Việc", 52),
    Column("Mã hồ sơ", 134),
    Column("Chủ hồ sơ", 88),
    Column("Nội dung", 122),
    Column("Số tiền (đồng)", 52, "right"),
    Column("Cán bộ", 58),
)
_COUNTS: Final = (Column("Việc", 320), Column("Số lần", 160, "right"))
_MONEY: Final = (
    Column("Cách trả", 250),
    Column("Số lần", 90, "right"),
    Column("Số tiền (đồng)", 140, "right"),
)


def day_book_pdf(book: DayBook, texts: Mapping[str, str]) -> bytes:
    """The book as PDF; the same book always gives the same bytes.

    Args:
        texts: the fixed words of Mẫu 01, for nation, motto, place and signature.
    """
    register_fonts()
    name = f"Sổ ngày {short_day(book.day)}, quầy {book.counter}"
    parts: list[Sequence[Block]] = [
        [letterhead(book.office, texts, book.made_at, _LOOK), _title(book, _LOOK)],
        *_lines(book, _LOOK),
        *_sums(book, _LOOK),
    ]
    signed = signatures("NGƯỜI GHI SỔ", book.made_by, texts, _LOOK)
    # Nobody signs a page with nothing else on it.
    last = [block for part in parts[-2:] for block in part]
    parts[-2:] = [[*last, signed]]
    pages = flow(parts, _LOOK, _LOOK.fine * 1.7)
    for number, page in enumerate(pages, start=1):
        at = f"Trang {number}/{len(pages)}"
        foot(page, f"{name}, {book.office.name}", at, _LOOK)
    return pages_pdf(pages, _LOOK, name)


def _title(book: DayBook, look: Look) -> Block:
    block, middle = Block(), look.left + look.measure / 2
    day = date.fromisoformat(book.day)
    made = datetime.fromisoformat(book.made_at)
    y = 14.0
    about = f"Nhật ký tiếp nhận, chuyển, trả kết quả và thu tiền, quầy {book.counter}"
    for line, font, size in (
        (TITLE, BOLD, look.title),
        (about, BOLD, look.body),
        (f"{WEEKDAYS[day.weekday()]}, {day_in_words(day)}", BOLD, look.body),
        (f"Lập lúc {made:%H:%M} ngày {made:%d/%m/%Y} tại quầy {book.made_here}, "
         f"người lập: {book.made_by}", ITALIC, look.body),
    ):  # fmt: skip
        y = block.put(balanced(line, font, size, look.measure), 0, y, size, size * 1.4, middle)
    block.height = y + look.gap * 3
    return block


def _lines(book: DayBook, look: Look) -> list[list[Block]]:
    if not book.lines:
        said = "Trong ngày quầy này chưa tiếp nhận, chuyển, trả hồ sơ hay thu tiền lần nào."
        return [[paragraph([(said, REGULAR)], look, look.body)]]
    rows = [_row(n, line) for n, line in enumerate(book.lines, start=1)]
    return grid(_COLUMNS, rows, look, heading("Việc trong ngày", look))


def _row(number: int, line: DayLine) -> tuple[Cell, ...]:
    done = DONE[line.kind]
    what = [run for run in ((line.procedure, REGULAR), (line.about, ITALIC)) if run[0]]
    return (
        str(number),
        hour(line.at),
        ((done, REGULAR), ("(đã hủy)", ITALIC)) if line.voided else done,
        line.code,
        line.name,
        tuple(what),
        dotted(line.amount) if line.how else "",
        line.clerk,
    )


def _sums(book: DayBook, look: Look) -> list[list[Block]]:
    """How many of each, the money by way of paying, and whether the end-of-day sheet says the
    same."""
    counts, money = book.counts, book.money
    rows: list[Sequence[Cell]] = [(DONE[kind], dotted(counts[kind])) for kind in DONE]
    parts = [_whole(grid(_COUNTS, rows, look, heading("Cộng trong ngày", look)))]
    total = sum(amount for _, amount in money.values())
    if money:
        ways = ((PAID[how], *money[how]) for how in PAID if how in money)
        paid: list[Sequence[Cell]] = [(way, dotted(n), dotted(sum_)) for way, n, sum_ in ways]
        times = sum(n for n, _ in money.values())
        paid.append(bold(("Cộng", dotted(times), dotted(total))))
        said = f"Còn lại sau khi hoàn: {dotted(total)} đồng ({words(total)})."
        table = _whole(grid(_MONEY, paid, look, heading("Tiền thu, hoàn trong ngày", look)))
        parts.append([*table, paragraph([(said, REGULAR)], look, look.body)])
    parts.append([_verdict(book, look)])
    return parts


def _whole(parts: Sequence[Sequence[Block]]) -> list[Block]:
    """A short table is not parted between two pages."""
    return [block for part in parts for block in part]


def _verdict(book: DayBook, look: Look) -> Block:
    said = (
        "Các tổng trên khớp với phiếu cuối ngày và với danh sách trên màn hình."
        if book.agrees
        else "TỔNG KHÔNG KHỚP với phiếu cuối ngày hoặc với danh sách trên màn hình. "
        "Lập phiếu cuối ngày để xem hồ sơ nào khác, gọi người phụ trách máy trước khi ký sổ."
    )
    block, size = Block(), look.body
    lines = wrap([(said, REGULAR if book.agrees else BOLD)], size, look.measure - 12)
    y = block.put(lines, look.left + 6, 8, size, size * 1.3)
    block.box(look.left, 4, look.measure, y, 0.6 if book.agrees else 1.8)
    block.height = y + 10
    return block
