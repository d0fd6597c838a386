"""The head of the receipt: who issues it, its code, its title, whose dossier it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.parts import Person
from desk_app.papers import wording
from desk_app.papers.codes import BAR_MODULE, BAR_QUIET, bars
from desk_app.papers.layout import PAD, Block, Code, Look, paragraph
from desk_app.papers.letterhead import letterhead
from desk_app.papers.lines import BOLD, ITALIC, REGULAR, Run, balanced, wrap
from desk_app.papers.receipt_codes import ghost, lookup_mark, put_mark
from desk_app.papers.wording import fill

if TYPE_CHECKING:
    from desk_app.papers.receipt import Receipt


def header(receipt: Receipt, look: Look, copies: tuple[int, ...]) -> Block:
    """Who issues it, the nation and its motto; below them the code and the title."""
    facts = receipt.facts
    block = letterhead(facts.office, receipt.texts, facts.received_at, look)
    y = block.height + look.gap * 2
    y = _code_band(receipt, look, block, y, 2 in copies)
    y = _title(receipt, look, block, y, copies)
    block.height = y
    return block


def _code_band(receipt: Receipt, look: Look, block: Block, y: float, for_citizen: bool) -> float:
    """Code 128 with its plain digits; at its right the second QR code where an office wants two."""
    facts, texts = receipt.facts, receipt.texts
    name = "code_provisional" if facts.provisional else "code"
    x = look.left + BAR_QUIET
    if receipt.draft:
        art = bars(facts.code or "H00.00.00-000000-0000")._replace(drawing="")
        ghost(block, x, y, art.columns * BAR_MODULE, look.bar)
        draft = Block()
        line = wrap([(texts["draft"], BOLD)], look.title, look.measure)
        draft.put(line, 0, y, look.title, look.bar, x + art.columns * BAR_MODULE / 2)
        block.texts += [t._replace(grey=True) for t in draft.texts]
    else:
        art = bars(facts.code)
        block.codes.append(Code(x, y, art, BAR_MODULE, look.bar))
    low = y + look.bar + 1
    label = fill(texts[name], code=facts.code)
    lines = wrap([(label, BOLD)], look.body, look.measure)
    wide = art.columns * BAR_MODULE
    size = look.body
    middle = max(x + wide / 2, look.left + lines[0].width / 2)
    start = len(block.texts)
    low = block.put(lines, 0, low, size, size * 1.25, middle)
    if receipt.draft:
        block.texts[start:] = [t._replace(grey=True) for t in block.texts[start:]]
    if for_citizen and receipt.signed and receipt.signed_on_both and not receipt.draft:
        mark = lookup_mark(receipt, 2)
        room = look.measure - BAR_QUIET * 2 - wide
        low = max(low, put_mark(block, mark, look, look.width - look.right - room, room, y))
    return low


def _title(receipt: Receipt, look: Look, block: Block, y: float, copies: tuple[int, ...]) -> float:
    texts = receipt.texts
    middle = look.left + look.measure / 2
    lines = balanced(texts["title"], BOLD, look.title, look.measure)
    y = block.put(lines, 0, y + look.gap, look.title, look.title * 1.25, middle)
    step = look.body * 1.3
    for copy in copies:
        lien = Block()
        lien.put(
            wrap([(f"({texts[f'copy_{copy}']})", ITALIC)], look.body, look.measure),
            0,
            y,
            look.body,
            step,
            middle,
        )
        block.texts += [t._replace(copy=copy) for t in lien.texts]
    if receipt.nth >= 2:
        mark = wrap([(fill(texts["reprint"], nth=receipt.nth), BOLD)], look.body, look.measure)
        wide = mark[0].width + 4 * PAD
        x = look.width - look.right - wide
        block.put(mark, x + 2 * PAD, y + 2, look.body, step)
        block.box(x, y + 1, wide, step + 2.5, 0.8)
        y += PAD
    return y + step + look.gap * 2


def fields(receipt: Receipt, look: Look) -> list[Block]:
    """Whose dossier it is, how to reach them, what they ask for."""
    facts, texts = receipt.facts, receipt.texts
    person, office = facts.applicant, facts.office
    dots = texts["blank"] * 3

    def row(*runs: Run) -> Block:
        return paragraph(runs, look, look.body)

    def named(label: str, value: str, font: str = REGULAR) -> tuple[Run, Run]:
        return (texts[label], REGULAR), (value or dots, font)

    blocks = [row(*named("office", office.name)), row(*named("applicant", person.name, BOLD))]
    if person.representative:
        blocks.append(row(*named("representative", person.representative)))
    blocks.append(row(*named("address", person.address)))
    reach = list(named("phone", wording.phone(person.phone) if person.phone else ""))
    if person.email:
        reach[-1] = (f"{reach[-1][0]};", REGULAR)
        reach += named("email", person.email)
    label, number = wording.identity(texts, person)
    known: list[Run] = [(label, REGULAR), (number, REGULAR)] if number else []
    blocks += _side_by_side(look, reach, known)
    if facts.submitter is not None:
        blocks.append(_submitter(receipt, look, facts.submitter))
    blocks.append(row(*named("request", facts.procedure.name, BOLD)))
    if facts.purpose:
        blocks.append(row(*named("purpose", facts.purpose)))
    return blocks


def _submitter(receipt: Receipt, look: Look, person: Person) -> Block:
    """Who handed it in for the applicant, with number and telephone, in one paragraph."""
    texts = receipt.texts
    facts: list[tuple[str, str, str]] = [(texts["submitter"], person.name, BOLD)]
    label, number = wording.identity(texts, person)
    if number:
        facts.append((label, number, REGULAR))
    if person.phone:
        facts.append((texts["phone"], wording.phone(person.phone), REGULAR))
    runs: list[Run] = []
    for n, (name, value, font) in enumerate(facts, start=1):
        runs += (name, REGULAR), (value + ";" * (n < len(facts)), font)
    return paragraph(runs, look, look.body)


def _side_by_side(look: Look, first: list[Run], second: list[Run]) -> list[Block]:
    """Two short fields on one line, each with its half of it; two lines when one is longer."""
    half = look.measure * 0.45
    lines = [wrap(runs, look.body, look.measure) for runs in (first, second) if runs]
    if len(lines) < 2 or any(len(some) > 1 or some[0].width > half for some in lines):
        return [paragraph(runs, look, look.body) for runs in (first, second) if runs]
    block, step = Block(), look.body * look.leading
    block.put(lines[0], look.left, 0, look.body, step)
    block.height = block.put(lines[1], look.left + half, 0, look.body, step) + look.gap
    return [block]
