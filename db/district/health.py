"""How every counter stands, as it said itself at its last hello and as the server sees it."""

from __future__ import annotations

from typing import Any, NamedTuple

import msgspec
from sqlalchemy import func, select

from db import engine as engines
from db.district.counters import counters, offices
from db.district.server import District
from db.district.tables import devices
from db.replication.messages import Hello
from db.tables import evidence, quarantine
from db.tally import device_scope, read_tally


class Standing(NamedTuple):
    """One counter."""

    device: str
    office: str
    number: int
    revoked: bool
    blocks: tuple[int, int]
    seen_at: str
    in_step_at: str
    entries: int
    """Entries of its own that the server holds."""
    missing: int
    """Entries it said it had written that the server did not hold then."""
    unsent: int
    parked: int
    conflicts: int
    lost: int
    clock: str
    app: str
    quarantined: int
    evidence: int

    def plain(self) -> dict[str, Any]:
        """For one line of JSON."""
        return self._asdict()


def standings(server: District) -> list[Standing]:
    """Every counter, by office and number; revoked ones too."""
    with engines.reading(server.engine) as connection:
        names = {code: office.facts.name for code, office in offices(connection).items()}
        said = {row.dev: row for row in connection.execute(select(devices))}
        apart = dict(_counts(connection, quarantine.c.dev))
        wrong = dict(_counts(connection, evidence.c.dev))
        found = []
        for counter in counters(connection):
            row = said.get(counter.device)
            hello = msgspec.json.decode(row.hello, type=Hello) if row and row.hello else None
            held = read_tally(connection, device_scope(counter.device)).n
            found.append(
                Standing(
                    device=counter.device,
                    office=names.get(counter.says.office, counter.says.office),
                    number=counter.says.number,
                    revoked=counter.revoked,
                    blocks=(counter.says.active_block, counter.says.reserve_block),
                    seen_at=(row and row.seen_at) or "",
                    in_step_at=(row and row.in_step_at) or "",
                    entries=held,
                    missing=max(0, hello.own.n - held) if hello else 0,
                    unsent=hello.unsent if hello else 0,
                    parked=hello.parked if hello else 0,
                    conflicts=hello.conflicts if hello else 0,
                    lost=hello.lost if hello else 0,
                    clock=hello.clock if hello else "",
                    app=hello.app if hello else "",
                    quarantined=apart.get(counter.device, 0),
                    evidence=wrong.get(counter.device, 0),
                )
            )
    return found


def _counts(connection: Any, column: Any) -> list[tuple[str, int]]:
    rows = connection.execute(select(column, func.count()).group_by(column))
    return [(row[0], row[1]) for row in rows]
