"""The end-of-day sheet on A4: what each counter took in, whether the sums agree, who signs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from io import BytesIO
from typing import NamedTuple

from desk_app.papers.day_sheet_counter import counter_parts, heading, summary
from desk_app.papers.day_sheet_words import difference_words, short_day, verdict
from desk_app.papers.grid import Column, grid
from desk_app.papers.layout import MM, PAD, Block, Look, Rule, Text, flow, paint, paragraph
from desk_app.papers.letterhead import letterhead
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, balanced, register_fonts, width, wrap
from desk_app.papers.receipt import A4
from desk_app.rules.day_totals import DaySheet
from desk_app.rules.days import WEEKDAYS, day_in_words

LOOK = replace(
    A4,
    left=25 * MM,
    right=15 * MM,
    top=15 * MM,
    agency=11,
    nation=11,
    motto=12,
    body=10.5,
    table=9,
    fine=7.5,
    gap=2.0,
    sign=20 * MM,
)
CLOSER = replace(LOOK, top=12 * MM, gap=0.8, leading=1.12, sign=14 * MM)
"""Taken where it saves a page."""
TITLE = "PHIẾU CUỐI NGÀY"


class Said(NamedTuple):
    """What the paper says besides its figures, one sentence a line."""

    sending: tuple[str, ...]
    """How it stands with the server and with the backup."""
    open: tuple[str, ...]
    """What is still to be done."""
    fields: Mapping[str, str]
    """By its path the name of every fact that may be corrected."""


def day_sheet_pdf(sheet: DaySheet, said: Said, texts: Mapping[str, str]) -> bytes:
    """The sheet as PDF; the same sheet always gives the same bytes.

    Args:
        texts: the fixed words of Mẫu 01, for nation, motto, place and signature.
    """
    from reportlab.pdfgen.canvas import Canvas

    register_fonts()
    pages = min((_pages(sheet, said, texts, look) for look in (LOOK, CLOSER)), key=len)
    file = BytesIO()
    paper = (LOOK.width, LOOK.height)
    canvas = Canvas(file, pagesize=paper, invariant=1, lang="vi", initialFontName=REGULAR)  # type: ignore[arg-type]
    canvas.setTitle(f"{TITLE.capitalize()} {short_day(sheet.day)}")
    for page in pages:
        paint(canvas, page, LOOK.height, copy=0)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _pages(sheet: DaySheet, said: Said, texts: Mapping[str, str], look: Look) -> list[Block]:
    head = [letterhead(sheet.office, texts, sheet.made_at, look), _title(sheet, look)]
    parts: list[Sequence[Block]] = [head, *_verdict(sheet, look)]
    parts += summary(sheet, look)
    parts += _sentences("Gửi nhận và sao lưu", said.sending, look)
    parts += _sentences("Việc còn mở", said.open or ("Không còn việc nào.",), look)
    for counter in sheet.counters:
        parts += counter_parts(sheet, counter, said.fields, look)
    signed = signatures("NGƯỜI LẬP PHIẾU", sheet.made_by, texts, look)
    # Nobody signs a page with nothing else on it.
    last = [block for part in parts[-2:] for block in part]
    parts[-2:] = [[*last, signed, _chain(sheet, look)]]
    pages = flow(parts, look, look.fine * 1.7)
    for number, page in enumerate(pages, start=1):
        name = f"Phiếu cuối ngày {short_day(sheet.day)}, {sheet.office.name}"
        foot(page, name, f"Trang {number}/{len(pages)}", look)
    return pages


def _title(sheet: DaySheet, look: Look) -> Block:
    block, middle = Block(), look.left + look.measure / 2
    day = date.fromisoformat(sheet.day)
    y = block.put(wrap([(TITLE, BOLD)], look.title, look.measure), 0, 14, look.title, 19, middle)
    on = f"{WEEKDAYS[day.weekday()]}, {day_in_words(day)}"
    y = block.put(wrap([(on, BOLD)], look.body, look.measure), 0, y, look.body, 15, middle)
    made = datetime.fromisoformat(sheet.made_at)
    by = f"Lập lúc {made:%H:%M} ngày {made:%d/%m/%Y} tại quầy {sheet.made_here}"
    line = balanced(f"{by}, người lập: {sheet.made_by}", ITALIC, look.body, look.measure)
    block.height = block.put(line, 0, y, look.body, 15, middle) + look.gap * 3
    return block


def _verdict(sheet: DaySheet, look: Look) -> list[list[Block]]:
    """A box at the head; when the sums differ, every dossier that does below it."""
    title, sentence = verdict(sheet)
    block, size, step = Block(), look.body, look.body * 1.3
    inner = look.measure - 4 * PAD
    y = block.put(wrap([(title, BOLD)], look.title, inner), look.left + 2 * PAD, PAD, 13, 17)
    font = REGULAR if sheet.agrees else BOLD
    y = block.put(wrap([(sentence, font)], size, inner), look.left + 2 * PAD, y, size, step)
    block.box(look.left, 0, look.measure, y + PAD, 0.6 if sheet.agrees else 1.8)
    block.height = y + PAD + look.gap * 4
    if not sheet.differences:
        return [[block]]
    columns = (
        Column("Mã hồ sơ", 122),
        Column("Quầy", 34, "middle"),
        Column("Không khớp thế nào", 324),
    )
    rows = [(d.code, str(d.counter), difference_words(d)) for d in sheet.differences]
    return [[block], *grid(columns, rows, look, heading("Hồ sơ không khớp", look))]


def _sentences(title: str, sentences: Sequence[str], look: Look) -> list[list[Block]]:
    blocks = [paragraph([(f"- {sentence}", REGULAR)], look, look.body) for sentence in sentences]
    return [[heading(title, look), *blocks[:1]], *([block] for block in blocks[1:])]


def signatures(title: str, made_by: str, texts: Mapping[str, str], look: Look) -> Block:
    """Who made a sheet of the day, and the head of the desk."""
    block, half = Block(), look.measure / 2
    for n, (whose, name) in enumerate(((title, made_by), ("LÃNH ĐẠO BỘ PHẬN MỘT CỬA", ""))):
        middle, size = look.left + half * (n + 0.5), look.body
        y = block.put(wrap([(whose, BOLD)], size, half), 0, 10, size, size * 1.3, middle)
        hint = wrap([(texts["sign_hint"], ITALIC)], size, half)
        y = block.put(hint, 0, y, size, size * 1.3, middle) + look.sign
        lines = balanced(name, BOLD, size, half - 12)
        block.height = max(block.height, block.put(lines, 0, y, size, size * 1.3, middle))
    return block


def _chain(sheet: DaySheet, look: Look) -> Block:
    """By which the day can be told from one that was changed afterwards."""
    block, size = Block(), look.fine
    line = f"Dấu sổ gốc lúc lập: mục {sheet.entries}, {sheet.chain}"
    lines = wrap([(line, REGULAR)], size, look.measure)
    block.height = block.put(lines, look.left, look.gap * 3, size, size * 1.2)
    return block


def foot(page: Block, name: str, at: str, look: Look) -> None:
    """What the sheet is, and which page of it this is."""
    base, end = look.height - look.bottom, look.width - look.right
    rule = base - look.fine * 1.15
    page.rules.append(Rule(look.left, rule, end, rule, 0.3))
    page.texts.append(Text(look.left, base, REGULAR, look.fine, name))
    x = end - width(at, REGULAR, look.fine)
    page.texts.append(Text(x, base, REGULAR, look.fine, at))
