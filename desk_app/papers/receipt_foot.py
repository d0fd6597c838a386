"""What the office promises, who signs, and the notes below."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.papers import wording
from desk_app.papers.layout import PAD, Block, Look
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, balanced, width, wrap
from desk_app.papers.receipt_codes import ghost, mark, put_mark
from desk_app.papers.wording import fill

if TYPE_CHECKING:
    from desk_app.papers.receipt import Receipt


def promise(receipt: Receipt, look: Look, copies: tuple[int, ...]) -> Block:
    """Items 2 to 6 and the fee, the promised moment large in a box, the QR code at the right."""
    facts, texts, block = receipt.facts, receipt.texts, Block()
    room = look.measure - look.code_column

    def item(y: float, label: str, value: str, font: str = REGULAR) -> float:
        lines = wrap([(texts[label], REGULAR), (value, font)], look.body, room)
        return block.put(lines, look.left, y, look.body, look.body * look.leading) + look.gap

    y = item(0, "sets", fill(texts["sets_value"], sets=f"{facts.sets:02d}"))
    y = item(y, "limit", wording.limit(texts, facts.limit))
    y = item(y, "received_at", wording.hour_and_day(texts, facts.received_at))
    y = _due_box(receipt, look, block, y + 1, room) + look.gap + 2
    y = item(y, "delivery", texts[f"delivery_{facts.delivery}"])
    y = item(y, "fee", wording.fee(texts, facts.fee))

    column, x = look.code_column - 6, look.width - look.right - look.code_column + 6
    low = y
    if receipt.draft:
        side = column * 0.72
        ghost(block, x + (column - side) / 2, 4, side, side)
    else:
        for copy in copies:
            low = max(low, put_mark(block, mark(receipt, copy), look, x, column, 0))
    book = wording.book(texts, receipt.facts.book)
    lines = wrap([(book, REGULAR)], look.body, look.measure)
    block.height = block.put(lines, look.left, low, look.body, look.body * look.leading) + look.gap
    return block


def _due_box(receipt: Receipt, look: Look, block: Block, y: float, room: float) -> float:
    facts, texts = receipt.facts, receipt.texts
    due = wording.hour_and_day(texts, facts.due_at)
    inner = room - 4 * PAD
    size = min(look.due, look.due * inner / width(due, BOLD, look.due))
    top = y
    label = wrap([(texts["due_at"], REGULAR)], look.body, inner)
    weekday = wording.weekday(texts, facts.due_at)
    end = look.left + room - 2 * PAD - width(weekday, BOLD, look.body)
    y += PAD
    if label[-1].width + look.left + 4 * PAD < end and weekday:
        block.put(
            wrap([(weekday, BOLD)], look.body, inner), end, y, look.body, look.body * look.leading
        )
    y = block.put(label, look.left + 2 * PAD, y, look.body, look.body * look.leading)
    y = block.put(wrap([(due, BOLD)], size, inner + 1), look.left + 2 * PAD, y, size, size * 1.3)
    block.box(look.left, top, room, y + PAD - top, 0.9)
    return y + PAD


def signatures(receipt: Receipt, look: Look) -> Block:
    """Who handed the dossier in, at the left, and who received it."""
    facts, texts, block = receipt.facts, receipt.texts, Block()
    person = facts.submitter or facts.applicant
    half = look.measure / 2
    for n, (title, name) in enumerate(
        (
            (texts["signer_submitter"], person.representative or person.name),
            (texts["signer_clerk"], facts.clerk.name),
        )
    ):
        middle = look.left + half * (n + 0.5)
        y = block.put(
            balanced(title, BOLD, look.body, half - 12),
            0,
            look.gap,
            look.body,
            look.body * 1.25,
            middle,
        )
        hint = wrap([(texts["sign_hint"], ITALIC)], look.body * 0.95, half - 12)
        y = block.put(hint, 0, y, look.body * 0.95, look.body * 1.2, middle) + look.sign
        y = block.put(
            balanced(name, BOLD, look.body, half - 12),
            0,
            y,
            look.body,
            look.body * 1.25,
            middle,
        )
        block.height = max(block.height, y + look.gap * 2)
    return block


def notes(receipt: Receipt, look: Look) -> list[Block]:
    """The form's notes, where to ask, and the clear line of what only machines read otherwise."""
    facts, texts = receipt.facts, receipt.texts
    lines = [texts[name] for name in ("note_1", "note_2", "note_3") if texts[name]]
    ask = []
    if facts.office.lookup_url:
        ask.append(fill(texts["lookup"], url=facts.office.lookup_url))
    if facts.office.phone:
        ask.append(fill(texts["lookup_phone"], phone=facts.office.phone))
    if ask:
        lines.append("; ".join(ask) + ".")
    close = look.fine * 1.14
    head = Block()
    head.height = head.put(
        wrap([(texts["notes"], BOLD)], look.fine, look.measure), look.left, 0, look.fine, close
    )
    blocks = [head]
    for line in lines:
        block = Block()
        block.height = block.put(
            wrap([(f"- {line}", REGULAR)], look.fine, look.measure), look.left, 0, look.fine, close
        )
        blocks.append(block)
    if receipt.machine and not receipt.draft:
        blocks.append(_machine_line(receipt, look))
    return blocks


def _machine_line(receipt: Receipt, look: Look) -> Block:
    block, size = Block(), look.fine * 0.85
    line = fill(receipt.texts["machine"], machine=receipt.machine)
    block.height = block.put(
        wrap([(line, REGULAR)], size, look.measure), look.left, 2, size, size * 1.15
    )
    if not receipt.signed_on_both:
        block.texts = [t._replace(copy=1) for t in block.texts]
    return block
