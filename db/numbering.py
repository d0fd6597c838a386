"""Which number of which block a dossier's code was made from. Pure."""

from __future__ import annotations

from typing import NamedTuple

from db.kinds import DossierReceived

BLOCK_SIZE = 500
"""What a block spans while the office has not said otherwise."""


class Drawn(NamedTuple):
    """The n-th number, counted from 1, that a block gave on a day (ISO)."""

    block: int
    day: str
    n: int


def drawn_for(facts: DossierReceived, block_size: int) -> Drawn | None:
    """What was drawn for a dossier; None when its code does not end in a running number.

    Block b of 500 gives 500·b + 1 to 500·b + 499; provisional codes count in a block of their
    own, the counter's number negated.
    """
    tail = facts.code.rsplit("-", 1)[-1]
    if not (tail.isascii() and tail.isdecimal()):
        return None
    number, day = int(tail), facts.received_at[:10]
    if facts.provisional:
        return Drawn(-facts.counter, day, number)
    return Drawn(number // block_size, day, number % block_size)
