"""How many entries a scope holds and what their ids add up to: no order, any difference shows."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from sqlalchemy import Connection, bindparam, select

from db import tables
from db.engine import Prepared
from db.entry import Entry

MODULUS = 2**256

_read = Prepared(select(tables.tallies).where(tables.tallies.c.scope == bindparam("scope")))
_put = Prepared(tables.put(tables.tallies))


class Tally(NamedTuple):
    """How many entries a scope holds, Σ of their ids mod 2^256, the newest id, and the newest
    moment at which the clock of who wrote it was sure."""

    scope: str
    n: int = 0
    sum: bytes = bytes(32)
    last: bytes = b""
    last_at: str = ""


def device_scope(device: str) -> str:
    """Everything one device wrote."""
    return f"dev:{device}"


def commune_scope(commune: str) -> str:
    """Everything of one commune, or of ``*``."""
    return f"com:{commune}"


def read_tally(connection: Connection, scope: str) -> Tally:
    """The tally of a scope; an empty one when nothing of it is here."""
    rows = _read.run(connection, {"scope": scope})
    return Tally(*rows[0]) if rows else Tally(scope)


def write_tallies(connection: Connection, tallies: Iterable[Tally]) -> None:
    """Keep them, each in the place of the one before."""
    _put.run_many(connection, [tally._asdict() for tally in tallies])


def added(tally: Tally, entries: Sequence[Entry]) -> Tally:
    """With these entries more, in the order they came."""
    total, last_at = int.from_bytes(tally.sum, "big"), tally.last_at
    for entry in entries:
        total += int(entry.id, 16)
        if not last_at or entry.says.ck == "ok":
            last_at = entry.says.ts
    return Tally(
        tally.scope,
        tally.n + len(entries),
        (total % MODULUS).to_bytes(32, "big"),
        bytes.fromhex(entries[-1].id) if entries else tally.last,
        last_at,
    )
