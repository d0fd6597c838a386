"""A day's figures: what was received, voided and asked for, counted twice and compared. Pure."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise
from typing import Any, Literal

from msgspec import Struct

from db.acts import State
from db.beginning import is_taken_in
from db.parts import OfficeFacts

COMPARED = (
    "code",
    "name",
    "id_number",
    "phone",
    "procedure",
    "short_name",
    "received",
    "due",
    "status",
    "clock",
    "ready",
    "ended",
    "department",
    "person",
    "prints",
    "counter",
    "own",
    "flags",
)
"""What a list on the screen shows of a dossier, by its column."""

MONEY = "money"
"""What came in and went back on the day; it stands in a table of its own."""

_PROVISIONAL = re.compile(r"T\d{2}\.")
"""Such codes count from 1 in a block of their counter's own."""

Row = Mapping[str, Any]
"""A dossier as the screen's table has it, or as it has to be."""


class Taken(Struct, frozen=True):
    """One dossier received on the day, as the journal's entries say."""

    id: str
    code: str
    name: str
    id_number: str
    """Masked."""
    procedure: str
    short_name: str
    received_at: str
    due_at: str
    """Promised now."""
    counter: int
    """0: dossiers made again from their papers."""
    clerk: str
    fee: int
    """Đồng asked for on the receipt, and how they are to be paid."""
    how: str
    status: State
    printed: bool
    flagged: bool
    alone: bool
    """On this machine only."""
    second: bool
    """On the second medium."""
    signed: bool
    """The server has signed for every entry."""


class Act(Struct, frozen=True):
    """A dossier voided, corrected or given another code on the day, whenever it was received."""

    at: str
    kind: str
    code: str
    counter: int
    """Where it was done."""
    clerk: str
    reason: str
    paths: tuple[str, ...] = ()
    """What was corrected."""
    stands: bool = True
    """False: a void that somebody acted beside."""


class Payment(Struct, frozen=True):
    """Money that came in on the day, or with a negative amount went back, in đồng."""

    id: str
    """The entry that says so."""
    at: str
    dossier: str
    code: str
    counter: int
    clerk: str
    amount: int
    how: str
    number: str
    """Of the legal receipt."""


class Series(Struct, frozen=True):
    """Numbers given on the day out of one block, and those of them no dossier bears."""

    counter: int
    first: str
    last: str
    count: int
    missing: tuple[tuple[int, int], ...]
    """From and to, both missing too."""

    @property
    def missing_count(self) -> int:
        """How many numbers are missing."""
        return sum(last - first + 1 for first, last in self.missing)


class Count(Struct, frozen=True):
    """What both the journal and the screen's tables can be asked."""

    received: int = 0
    """Voided ones included."""
    looked_at: int = 0
    """Never taken in: papers are missing, or it was refused."""
    voided: int = 0
    unprinted: int = 0
    flagged: int = 0
    procedures: dict[str, int] = {}
    """By the procedure's code."""


class CounterDay(Struct, frozen=True):
    """One counter's day."""

    number: int
    journal: Count
    screen: Count
    dossiers: tuple[Taken, ...] = ()
    acts: tuple[Act, ...] = ()
    payments: tuple[Payment, ...] = ()
    steps: dict[str, int] = {}
    """By kind how many other steps of ``db/acts.py`` were written."""
    series: tuple[Series, ...] = ()


class Difference(Struct, frozen=True):
    """A dossier that journal and screen tell differently: ``missing`` on the screen, only there
    (``extra``), or with other values in ``columns``."""

    id: str
    code: str
    counter: int
    what: Literal["missing", "extra", "differs"]
    columns: tuple[str, ...] = ()
    """Of ``COMPARED``, or ``MONEY``."""


class DaySheet(Struct, frozen=True):
    """Everything about one day that the journal of this machine holds."""

    day: str
    made_at: str
    made_by: str
    made_here: int
    """The counter it was made at."""
    office: OfficeFacts
    counters: tuple[CounterDay, ...]
    differences: tuple[Difference, ...]
    agrees: bool
    has_server: bool
    money: dict[str, tuple[int, int]]
    """By way of paying how often money changed hands on the day and what it comes to, in đồng, by
    the journal and then by the screen's table."""
    money_shown: dict[str, tuple[int, int]]
    unread: int
    """Dossiers of the day this program cannot read."""
    entries: int
    """How many the journal holds, and the hash of all of them."""
    chain: str


def count_rows(rows: Iterable[Row]) -> dict[int, Count]:
    """The figures of each counter that has a row."""
    by_counter: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        by_counter[row["counter"]].append(row)
    return {number: _count(some) for number, some in by_counter.items()}


def _count(rows: Sequence[Row]) -> Count:
    procedures: dict[str, int] = defaultdict(int)
    taken = [row for row in rows if is_taken_in(row["code"])]
    for row in taken:
        procedures[row["procedure"]] += 1
    alive = [row for row in taken if row["status"] != "voided"]
    return Count(
        received=len(taken),
        looked_at=len(rows) - len(taken),
        voided=len(taken) - len(alive),
        unprinted=sum(1 for row in alive if not row["prints"]),
        flagged=sum(1 for row in rows if row["flags"]),
        procedures=dict(sorted(procedures.items())),
    )


def added(counts: Iterable[Count]) -> Count:
    """The figures of several counters together."""
    every, procedures = list(counts), defaultdict[str, int](int)
    for each in every:
        for procedure, n in each.procedures.items():
            procedures[procedure] += n
    return Count(
        received=sum(each.received for each in every),
        looked_at=sum(each.looked_at for each in every),
        voided=sum(each.voided for each in every),
        unprinted=sum(each.unprinted for each in every),
        flagged=sum(each.flagged for each in every),
        procedures=dict(sorted(procedures.items())),
    )


def difference(due: Row | None, shown: Row | None) -> Difference | None:
    """What is wrong with a dossier's row beside what it has to be; None when nothing is."""
    row = due or shown
    assert row is not None
    columns: tuple[str, ...] = ()
    if due is not None and shown is not None:
        columns = tuple(c for c in COMPARED if due[c] != shown[c])
        if not columns:
            return None
    what: Literal["missing", "extra", "differs"] = "differs"
    if shown is None or due is None:
        what = "missing" if shown is None else "extra"
    return Difference(bytes(row["obj"]).hex(), row["code"], row["counter"], what, columns)


def money_by_kind(dossiers: Iterable[Taken]) -> dict[str, tuple[int, int]]:
    """By way of paying how many dossiers and how many đồng; voided ones are not counted."""
    return sums_by_kind((each.how, each.fee) for each in dossiers if each.status != "voided")


def sums_by_kind(amounts: Iterable[tuple[str, int]]) -> dict[str, tuple[int, int]]:
    """Of ways of paying and amounts, by way how often and how many đồng came in, less refunds."""
    found: dict[str, tuple[int, int]] = {}
    for how, amount in amounts:
        n, total = found.get(how, (0, 0))
        found[how] = (n + 1, total + amount)
    return found


def money(dossiers: Iterable[Taken]) -> int:
    """Everything asked for, in đồng; what a voided dossier cost is given back."""
    return sum(amount for _, amount in money_by_kind(dossiers).values())


def series(codes: Mapping[str, int], drawn: Mapping[int, int], size: int) -> tuple[Series, ...]:
    """The day's codes, each with its counter, as one line for each block they came from.

    ``drawn`` are this counter's own blocks and how many numbers each has given; ``size`` is what
    a block spans. Codes that end in no number are passed over.
    """
    blocks: dict[tuple[str, int], dict[int, int]] = defaultdict(dict)
    widths: dict[str, int] = {}
    for code, counter in codes.items():
        prefix, _, tail = code.rpartition("-")
        if tail.isascii() and tail.isdecimal():
            block = -counter if _PROVISIONAL.match(prefix) else int(tail) // size
            blocks[prefix, block][int(tail)] = counter
            widths[prefix] = len(tail)
    made = []
    for (prefix, block), numbers in sorted(blocks.items()):
        begin = max(block, 0) * size
        end = max(max(numbers), begin + drawn.get(block, 0))
        edges = [begin, *sorted(numbers), end + 1]
        missing = tuple((a + 1, b - 1) for a, b in pairwise(edges) if b - a > 1)
        first, last = (f"{prefix}-{n:0{widths[prefix]}d}" for n in (edges[1], edges[-2]))
        made.append(Series(max(numbers.values()), first, last, len(numbers), missing))
    return tuple(sorted(made, key=lambda each: each.counter))
