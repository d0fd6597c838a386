"""The receipt's pages: its blocks in the form's order, and the line at the foot of each page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.papers.layout import Block, Look, Rule, Text, flow
from desk_app.papers.lines import REGULAR, width
from desk_app.papers.paper_table import papers
from desk_app.papers.receipt_foot import notes, promise, signatures
from desk_app.papers.receipt_head import fields, header
from desk_app.papers.wording import fill

if TYPE_CHECKING:
    from desk_app.papers.receipt import Receipt


def set_receipt(receipt: Receipt, look: Look, copies: tuple[int, ...]) -> list[Block]:
    """The pages of the receipt, shared by all copies but for what is marked with a copy."""
    texts, code = receipt.texts, receipt.facts.code
    foot = look.fine * 1.7
    pages = flow(
        [
            [header(receipt, look, copies)],
            *([block] for block in fields(receipt, look)),
            *papers(receipt, look),
            [promise(receipt, look, copies), signatures(receipt, look), *notes(receipt, look)],
        ],
        look,
        foot,
    )
    base = look.height - look.bottom
    name = fill(texts["code_provisional" if receipt.facts.provisional else "code"], code=code)
    for number, page in enumerate(pages, start=1):
        at = fill(texts["page"], page=number, pages=len(pages))
        page.rules.append(
            Rule(
                look.left,
                base - look.fine * 1.15,
                look.width - look.right,
                base - look.fine * 1.15,
                0.3,
            )
        )
        page.texts.append(Text(look.left, base, REGULAR, look.fine, name))
        end = look.width - look.right - width(at, REGULAR, look.fine)
        page.texts.append(Text(end, base, REGULAR, look.fine, at))
        for copy in copies:
            lien = texts[f"copy_{copy}"]
            middle = look.left + look.measure / 2 - width(lien, REGULAR, look.fine) / 2
            page.texts.append(Text(middle, base, REGULAR, look.fine, lien, copy=copy))
    return pages
