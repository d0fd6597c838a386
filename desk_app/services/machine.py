"""Whether the counter still stands on the machine it was made on."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from db import engine as engines
from db.fingerprint import is_other, keep, kept, read_machine
from db.refused import Refused
from db.trust import read_server
from desk_app.desk import DATABASE, Desk


class MachineIsACopy(Refused):
    """This counter's database was copied here from another machine, which may be at work with it:
    both would draw the same numbers. ``number`` of the counter; ``server``: whether it has one,
    which can give this machine numbers of its own."""


def is_a_copy(desk: Desk, connection: Connection) -> bool:
    """Whether this is another machine than the counter's; a demonstration may be anywhere."""
    before = kept(connection)
    return before is not None and not desk.settings.demo and is_other(before, desk.machine)


def require_own_machine(desk: Desk, connection: Connection) -> None:
    """Numbers are drawn on the counter's own machine only; everything else may be done on a copy.

    Raises:
        MachineIsACopy: nothing was drawn.
    """
    if is_a_copy(desk, connection):
        server = read_server(connection) is not None
        raise MachineIsACopy(number=desk.counter.number, server=server)


def take_over(data: Path, key: bytes) -> None:
    """A counter of no server was moved here by whoever has its recovery key. One that belongs to a
    server asks there: the machine it was copied from may still be at work.

    Raises:
        WrongKey, DatabaseDamaged, DiskFull, DiskFault: nothing was changed.
    """
    engine = engines.open_engine(data / DATABASE, key)
    with engines.writing(engine) as connection:
        if read_server(connection) is None:
            keep(connection, read_machine(data))
    engine.dispose()
