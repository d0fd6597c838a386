"""What clerks type into the find box, letter by letter."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import func, select

from db.spelling import search_key
from db.tables import dossiers
from desk_app.desk import Desk


def sequences(desk: Desk, count: int, seed: int = 5) -> Iterator[list[str]]:
    """``count`` times what stands in the box after each key, for somebody who is in the journal.

    Half are names without marks, whole or from the middle name on; the rest names with marks,
    telephones, identity numbers, running numbers and day-and-number, as people read them out.
    """
    dice = random.Random(seed)
    table = dossiers.c
    with desk.reading() as connection:
        most = connection.scalar(select(func.max(table.n))) or 0
        columns = (table.name, table.phone, table.id_number, table.code)
        for _ in range(count):
            query = select(*columns).where(table.n <= dice.randint(1, most))
            row = connection.execute(query.order_by(table.n.desc()).limit(1)).first()
            if row is None:
                row = connection.execute(select(*columns).limit(1)).one()
            (how,) = dice.choices(list(_HOW), weights=list(_HOW.values()))
            text = how(row)
            yield [text[:end] for end in range(1, len(text) + 1)]


_HOW: dict[Callable[[Any], str], int] = {
    lambda row: search_key(row.name): 30,
    lambda row: search_key(row.name).split(" ", 1)[-1]: 20,
    lambda row: row.name: 15,
    lambda row: row.phone: 10,
    lambda row: row.id_number: 10,
    lambda row: row.code.rsplit("-", 1)[-1]: 8,
    lambda row: " ".join(row.code.rsplit("-", 2)[-2:]): 7,
}
"""What is typed for a dossier, and how often out of a hundred."""
