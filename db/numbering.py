"""Which numbers were drawn for a dossier: that of its code, that of its line in the book. Pure."""

from __future__ import annotations

from typing import NamedTuple

from db.kinds import DossierReceived

BLOCK_SIZE = 500
"""What a block spans while the office has not said otherwise."""


class Drawn(NamedTuple):
    """The n-th number, counted from 1, that a block gave on a day (ISO); of the book, that a volume
    gave in a year."""

    block: int
    day: str
    n: int


def drawn_for(facts: DossierReceived, block_size: int) -> list[Drawn]:
    """What was drawn for a dossier; nothing for a code that does not end in a running number.

    Block b of 500 gives 500·b + 1 to 500·b + 499; provisional codes count in a block of their
    own, the counter's number negated.
    """
    tail, day = facts.code.rsplit("-", 1)[-1], facts.received_at[:10]
    found = []
    if tail.isascii() and tail.isdecimal():
        number = int(tail)
        block, n = divmod(number, block_size)
        found.append(
            Drawn(-facts.counter, day, number) if facts.provisional else Drawn(block, day, n)
        )
    if facts.book is not None:
        found.append(Drawn(facts.book.volume, day[:4], facts.book.number))
    return found
