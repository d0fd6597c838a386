"""How fast the screen tables are folded again, against a plain read of the journal's lines."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Engine, select

from db import engine as engines
from db import projection, tables
from desk_app.bench.counters import filled
from desk_app.bench.rows import Row, measure_pair
from desk_app.desk import open_desk

DOSSIERS = 50_000
"""Received and printed: 100,000 entries."""
TIMES = 3


def rows(data: Path, dossiers: int = DOSSIERS, times: int = TIMES) -> list[Row]:
    """Every line parsed, its form and id checked, folded, written and indexed in one transaction.

    The floor fetches the same lines and looks at none.
    """
    place, seconds = filled(data, dossiers, signed=True)
    desk = open_desk(place)
    engine = desk.journal.engine
    read = _read_lines(engine)
    ours, floor = measure_pair(
        lambda: projection.rebuild(engine), lambda: _read_lines(engine), times, warm=False
    )
    desk.close()
    note = f"{read:,} entries, {read / ours:,.0f} a second"
    if seconds:
        note += f"; written and signed in {seconds:.0f} s"
    return [Row("refold", ours, floor, ours / floor, "s", note)]


def _read_lines(engine: Engine) -> int:
    with engines.reading(engine) as connection:
        lines = select(tables.journal.c.line).order_by(tables.journal.c.n)
        return sum(1 for _ in connection.execute(lines, execution_options={"yield_per": 2_000}))
