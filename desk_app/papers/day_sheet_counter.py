"""The end-of-day sheet's tables: all counters in a few lines, then each in full."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from desk_app.papers.day_sheet_words import (
    PAID,
    act_words,
    counter_name,
    due,
    hour,
    series_words,
    steps_words,
)
from desk_app.papers.grid import Cell, Column, bold, grid
from desk_app.papers.layout import Block, Look, paragraph
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, wrap
from desk_app.papers.wording import NO_BREAK
from desk_app.rules.day_totals import (
    Count,
    CounterDay,
    DaySheet,
    Taken,
    added,
    money,
    money_by_kind,
    sums_by_kind,
)
from desk_app.rules.money import dotted, words

Parts = list[list[Block]]

_ASKED = "Lệ phí ghi trên giấy tiếp nhận, không kể hồ sơ đã hủy"
_TAKEN = "Tiền thu, hoàn ghi trong ngày"


def heading(title: str, look: Look) -> Block:
    """The name of a part, with white above it."""
    block, size = Block(), look.body
    y = block.put(wrap([(title, BOLD)], size, look.measure), look.left, 5, size, size * 1.3)
    block.height = y + look.gap
    return block


def summary(sheet: DaySheet, look: Look) -> Parts:
    """One line a counter; their sum by the journal, and by the tables of the screens."""
    columns = (
        Column("Quầy", 94),
        Column("Đã nhận", 40, "right"),
        Column("Đã hủy", 36, "right"),
        Column("Chưa in giấy", 44, "right"),
        Column("Cần xem", 36, "right"),
        Column("Lệ phí (đồng)", 62, "right"),
        Column("Máy chủ đã ký nhận", 62, "right"),
        Column("Đã có ở ổ bản thứ hai", 58, "right"),
        Column("Chỉ có ở máy này", 58, "right"),
    )
    rows: list[Sequence[Cell]] = []
    for counter in sheet.counters:
        name = counter_name(counter.number, sheet.made_here)
        rows.append(_figures(name, counter.journal, counter.dossiers, sheet))
    every = [each for counter in sheet.counters for each in counter.dossiers]
    journal = added(counter.journal for counter in sheet.counters)
    screen = added(counter.screen for counter in sheet.counters)
    rows.append(bold(_figures("Cộng theo sổ gốc", journal, every, sheet)))
    rows.append(bold([*_counted("Cộng theo màn hình", screen), "", "", "", ""]))
    total = money(every)
    said = [f"Tổng lệ phí ghi trên giấy tiếp nhận: {dotted(total)} đồng ({words(total)})."]
    if sheet.money or sheet.money_shown:
        ours, shown = (
            sum(amount for _, amount in some.values()) for some in (sheet.money, sheet.money_shown)
        )
        both = f"{dotted(ours)} đồng theo sổ gốc, {dotted(shown)} đồng theo màn hình"
        said.append(f"Tiền đã thu trong ngày, trừ tiền hoàn: {both}.")
    if journal.looked_at or screen.looked_at:
        both = f"{dotted(journal.looked_at)} theo sổ gốc, {dotted(screen.looked_at)} theo màn hình"
        said.append(f"Hồ sơ đã xem mà chưa tiếp nhận: {both}.")
    return [
        *grid(columns, rows, look, heading("Các quầy trong ngày", look)),
        [paragraph([(sentence, REGULAR)], look, look.body) for sentence in said],
    ]


def counter_parts(
    sheet: DaySheet, counter: CounterDay, fields: Mapping[str, str], look: Look
) -> Parts:
    """Everything about one counter; nothing for one that had nothing to do."""
    if not (counter.dossiers or counter.acts or counter.series or counter.steps):
        return []
    is_here = counter.number == sheet.made_here
    title = _band(counter_name(counter.number, sheet.made_here).upper(), look)
    codes = [
        paragraph([(series_words(each, is_here), REGULAR)], look, look.body)
        for each in counter.series
    ]
    parts: Parts = []
    if codes:
        parts.append([heading("Mã hồ sơ", look), *codes])
    if counter.dossiers:
        parts += _procedures(counter, look)
        parts += _clerks(counter.dossiers, look)
        parts += _money(_ASKED, money_by_kind(counter.dossiers), look)
        parts += _dossiers(sheet, counter.dossiers, look)
    if counter.payments:
        parts += _money(_TAKEN, sums_by_kind((p.how, p.amount) for p in counter.payments), look)
    if counter.acts:
        parts += _acts(counter, fields, look)
    if counter.steps:
        parts.append([paragraph([(steps_words(counter.steps), REGULAR)], look, look.body)])
    parts[0] = [title, *parts[0]]
    return parts


def _figures(name: str, count: Count, dossiers: Iterable[Taken], sheet: DaySheet) -> list[str]:
    some = list(dossiers)
    signed = dotted(sum(d.signed for d in some)) if sheet.has_server else "–"
    return [
        *_counted(name, count),
        dotted(money(some)),
        signed,
        dotted(sum(d.second for d in some)),
        dotted(sum(d.alone for d in some)),
    ]


def _counted(name: str, count: Count) -> list[str]:
    numbers = (count.received, count.voided, count.unprinted, count.flagged)
    return [name, *(dotted(number) for number in numbers)]


def _band(title: str, look: Look) -> Block:
    block, size = Block(), look.body + 1
    y = block.put(wrap([(title, BOLD)], size, look.measure), look.left, 12, size, size * 1.3)
    block.box(look.left, y, look.measure, 0, 0.9)
    block.height = y + look.gap
    return block


def _procedures(counter: CounterDay, look: Look) -> Parts:
    names = {d.procedure: d.short_name for d in counter.dossiers}
    columns = (
        Column("Thủ tục", 250),
        Column("Mã thủ tục", 90),
        Column("Theo sổ gốc", 70, "right"),
        Column("Theo màn hình", 70, "right"),
    )
    ours, shown = counter.journal.procedures, counter.screen.procedures
    codes = sorted(ours.keys() | shown.keys(), key=lambda c: (-ours.get(c, 0), c))
    rows = [
        (names.get(code, code), code, dotted(ours.get(code, 0)), dotted(shown.get(code, 0)))
        for code in codes
    ]
    return grid(columns, rows, look, heading("Theo thủ tục", look))


def _clerks(dossiers: Sequence[Taken], look: Look) -> Parts:
    columns = (
        Column("Cán bộ", 250),
        Column("Hồ sơ", 90, "right"),
        Column("Lệ phí (đồng)", 140, "right"),
    )
    rows = []
    for name in sorted({d.clerk for d in dossiers}):
        its = [d for d in dossiers if d.clerk == name]
        rows.append((name, dotted(len(its)), dotted(money(its))))
    return grid(columns, rows, look, heading("Theo cán bộ", look))


def _money(title: str, found: Mapping[str, tuple[int, int]], look: Look) -> Parts:
    columns = (
        Column("Cách trả", 250),
        Column("Số lần", 90, "right"),
        Column("Số tiền (đồng)", 140, "right"),
    )
    rows: list[Sequence[Cell]] = [
        (PAID[how], dotted(found[how][0]), dotted(found[how][1])) for how in PAID if how in found
    ]
    total, amount = (sum(each[n] for each in found.values()) for n in (0, 1))
    rows.append(bold(("Cộng", dotted(total), dotted(amount))))
    return grid(columns, rows, look, heading(title, look))


def _dossiers(sheet: DaySheet, dossiers: Sequence[Taken], look: Look) -> Parts:
    columns = (
        Column("STT", 24, "middle"),
        Column("Mã hồ sơ", 120),
        Column("Người nộp", 104),
        Column("Thủ tục", 92),
        Column("Hẹn trả", 50),
        Column("Lệ phí", 44, "right"),
        Column("Nơi có", 44),
    )
    rows = [
        (
            str(nth),
            each.code,
            ((each.name, REGULAR), (each.id_number.replace(" ", NO_BREAK), ITALIC)),
            _procedure(each),
            due(each.due_at),
            dotted(each.fee),
            _where(each, sheet.made_here),
        )
        for nth, each in enumerate(dossiers, start=1)
    ]
    return grid(columns, rows, look, heading("Hồ sơ đã nhận", look))


def _procedure(each: Taken) -> Cell:
    marks = [
        word
        for word, holds in (
            ("đã hủy", each.status == "voided"),
            ("chưa in giấy", not each.printed and each.status != "voided"),
            ("cần xem", each.flagged),
        )
        if holds
    ]
    return ((each.short_name, REGULAR), *((f"({', '.join(marks)})", ITALIC) for _ in marks[:1]))


def _where(each: Taken, here: int) -> str:
    """The best place besides this machine."""
    if each.signed:
        return "Máy chủ"
    if each.second:
        return "Ổ bản thứ hai"
    if each.alone:
        return "Máy này"
    return f"Quầy {each.counter}" if each.counter not in (0, here) else "Nơi khác"


def _acts(counter: CounterDay, fields: Mapping[str, str], look: Look) -> Parts:
    columns = (
        Column("Giờ", 30, "middle"),
        Column("Việc", 106),
        Column("Mã hồ sơ", 120),
        Column("Cán bộ", 84),
        Column("Lý do", 140),
    )
    rows = [
        (hour(act.at), act_words(act, fields), act.code, act.clerk, act.reason)
        for act in counter.acts
    ]
    return grid(columns, rows, look, heading("Hủy, đính chính trong ngày", look))
