"""The day book: what one counter did on one day, line by line, and what it comes to. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from msgspec import Struct

from db.parts import OfficeFacts
from desk_app.rules.day_totals import CounterDay, sums_by_kind

RECEIVED = "dossier.received"
MOVES = ("dossier.forwarded", "result.returned", "result.posted")
"""Steps that have a line; money has one of its own."""
MONEY_IN, MONEY_OUT = "fee.taken", "fee.refunded"


class DayLine(Struct, frozen=True):
    """One thing done: dossier taken in, given on, given back; money in or out."""

    at: str
    kind: str
    code: str
    name: str
    procedure: str
    """Short name."""
    about: str
    """Until when, to whom, by what receipt."""
    clerk: str
    amount: int = 0
    """Đồng; negative when it went back."""
    how: str = ""
    voided: bool = False


class DayBook(Struct, frozen=True):
    """One counter's day in the order of time; ``agrees`` with the end-of-day sheet of now."""

    day: str
    counter: int
    made_at: str
    made_by: str
    made_here: int
    office: OfficeFacts
    lines: tuple[DayLine, ...]
    agrees: bool

    @property
    def counts(self) -> Counter[str]:
        """By kind how many lines there are."""
        return Counter(line.kind for line in self.lines)

    @property
    def money(self) -> dict[str, tuple[int, int]]:
        """By way of paying how often and how many đồng came in, less refunds."""
        return sums_by_kind((line.how, line.amount) for line in self.lines if line.how)


def in_time(lines: Sequence[DayLine]) -> tuple[DayLine, ...]:
    """By the moment; what was done at the same one stays in the order it was written."""
    return tuple(sorted(lines, key=lambda line: line.at))


def same_as_sheet(lines: Sequence[DayLine], sheet: CounterDay) -> bool:
    """Whether the lines come to the counter's figures on the end-of-day sheet, and those to what
    the screens show."""
    counts = Counter(line.kind for line in lines)
    money = sums_by_kind((line.how, line.amount) for line in lines if line.how)
    return (
        counts[RECEIVED] == sheet.journal.received == sheet.screen.received
        and all(counts[kind] == sheet.steps.get(kind, 0) for kind in MOVES)
        and money == sums_by_kind((p.how, p.amount) for p in sheet.payments)
    )
