"""The QR codes of the receipt: whom each is for and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from desk_app.papers.codes import QR_QUIET, Art, qr, qr_module
from desk_app.papers.layout import Block, Code, Look
from desk_app.papers.lines import ITALIC, balanced

if TYPE_CHECKING:
    from desk_app.papers.receipt import Receipt


class Mark(NamedTuple):
    """A QR code of one copy and the words below it."""

    copy: int
    art: Art
    caption: str


def lookup_mark(receipt: Receipt, copy: int) -> Mark:
    """Where the citizen may look the dossier up; its bare code when the office has no address."""
    url, code = receipt.facts.office.lookup_url, receipt.facts.code
    texts = receipt.texts
    return (
        Mark(copy, qr(f"{url}?ma={code}"), texts["qr_lookup"])
        if url
        else Mark(copy, qr(code), texts["qr_code"])
    )


def mark(receipt: Receipt, copy: int) -> Mark:
    """The code beside the promise: signed facts for the office, where to look for the citizen."""
    if receipt.signed and (copy == 1 or receipt.signed_on_both):
        return Mark(copy, qr(receipt.signed), receipt.texts["qr_signed"])
    return lookup_mark(receipt, copy)


def put_mark(block: Block, mark: Mark, look: Look, x: float, room: float, y: float) -> float:
    """A QR code in the middle of its column, its quiet zone kept; returns where its words end."""
    module = qr_module(mark.art, room)
    side, quiet = mark.art.columns * module, QR_QUIET * module
    middle = x + room / 2
    block.codes.append(Code(middle - side / 2, y + quiet, mark.art, module, side, mark.copy))
    words = Block()
    low = y + 2 * quiet + side
    end = words.put(
        balanced(mark.caption, ITALIC, look.fine, room),
        0,
        low,
        look.fine,
        look.fine * 1.15,
        middle,
    )
    block.texts += [t._replace(copy=mark.copy) for t in words.texts]
    return end


def ghost(block: Block, x: float, y: float, wide: float, high: float) -> None:
    """The grey place of a code that a draft does not have yet."""
    start = len(block.rules)
    block.box(x, y, wide, high)
    block.rules[start:] = [rule._replace(grey=True) for rule in block.rules[start:]]
