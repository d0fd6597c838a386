"""What a server lends its counters: number blocks for codes, volumes of the book of the year."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from sqlalchemy import Connection

from db import projection
from db.entry import Envelope
from db.kinds import OfficePublished
from db.refused import Refused
from db.seed import named

RESTED = timedelta(days=2)
"""After this a number block that was given up may be lent again."""
RESERVE_AFTER = 10
"""Counter N prefers block N−1 and reserve N+9, as a founding counter takes them."""


class BlocksUsedUp(Refused):
    """All number blocks of the office are lent; ``office``."""


def free_blocks(
    connection: Connection,
    office: OfficePublished,
    devices: Iterable[str],
    number: int,
    now: datetime,
) -> tuple[int, int]:
    """Two number blocks nobody of the office works with; those a counter of this number would take
    by itself when they are free. Numbers count by date, so a block may be lent again two days after
    its counter was revoked or was given others. ``devices``: all that ever were its counters.

    Raises:
        BlocksUsedUp: the office has no two left.
    """
    since = _utc(now - RESTED)
    lent = {block for device in devices for block in _lent_since(connection, device, since)}
    wish = (number - 1, number - 1 + RESERVE_AFTER)
    if number and not lent & set(wish) and max(wish) < office.blocks:
        return wish
    free = [b for b in range(office.blocks) if b not in lent]
    if len(free) < 2:
        raise BlocksUsedUp(office=office.facts.code)
    return free[0], free[1]


def free_volume(connection: Connection, devices: Iterable[str], number: int) -> int:
    """A volume of the office's book that nobody writes or wrote in: the counter's own number, else
    the lowest. Lines of a lost machine may be on paper that no copy remembers."""
    said = [says.body for device in devices for says in _enrolments(connection, device)]
    used = {int(body["volume"] if "volume" in body else body["number"]) for body in said}
    return number if number not in used else min(set(range(1, 10_000)) - used)


def _lent_since(connection: Connection, device: str, since: str) -> set[int]:
    """The blocks a counter has, or had at this moment (UTC) or later."""
    enrolments = _enrolments(connection, device)
    ends = [_utc(datetime.fromisoformat(says.ts)) for says in enrolments[1:]]
    revoked = projection.lines_of(connection, named("revoked", device))
    ends.append(_utc(datetime.fromisoformat(revoked[0].entry.says.ts)) if revoked else "9999")
    found = set[int]()
    for says, end in zip(enrolments, ends, strict=True):
        if end >= since:
            found |= {int(says.body["active_block"]), int(says.body["reserve_block"])}
    return found


def _enrolments(connection: Connection, device: str) -> list[Envelope]:
    """Each time this machine was enrolled or lent other blocks, in the order it came."""
    lines = projection.lines_of(connection, named("counter", device))
    return [line.entry.says for line in lines if line.entry.says.k == "counter.enrolled"]


def _utc(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="seconds")
