"""The door a counter opens to its siblings: the same answers the district server gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

from msgspec import structs
from sqlalchemy import func, select

from db import engine as engines
from db.projection import read_meta
from db.refused import Refused
from db.replication.channel import Pair
from db.replication.door import Askers, Door, application
from db.replication.listening import AddressTaken, bound, serve
from db.replication.messages import Hello, Welcome
from db.replication.peers import Asker
from db.replication.seen import read_seen, write_seen
from db.replication.store import AT_ONCE, JournalFeed
from db.tables import journal
from desk_app.desk import Desk


class DoorShut(Refused):
    """Nobody can be let in: no server has given this counter a certificate."""


class Greeter:
    """Notes which sibling came, and whether both had the same then."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    def __call__(self, asker: Asker, hello: Hello, welcome: Welcome) -> Welcome:
        if asker.revoked:
            return welcome
        at = self._desk.now().isoformat(timespec="seconds")
        same = (hello.own, hello.all) == (welcome.own, welcome.all)
        with engines.writing(self._desk.journal.engine) as connection:
            before = read_seen(connection, asker.dev)
            in_step = at if same else before.in_step_at
            seen = structs.replace(before, heard_at=at, in_step_at=in_step, why="")
            write_seen(connection, asker.dev, seen)
        return welcome


def brought_since(desk: Desk, place: int) -> int:
    """How many lines came from others behind a place of the journal."""
    wanted = select(func.count(journal.c.via)).where(journal.c.n > place)
    with desk.reading() as connection:
        return connection.scalar(wanted) or 0


def serve_door(desk: Desk, host: str, port: int, opened: Callable[[int], None]) -> None:
    """Answer siblings until the process ends; ``opened`` is told the port. Port 0: any free one.

    Raises:
        DoorShut: the counter has no certificate of a server.
        AddressTaken: nobody can listen there.
    """
    with desk.reading() as connection:
        stored = read_meta(connection, "machine")
    machine = json.loads(stored) if stored else {}
    if not machine.get("certificate"):
        raise DoorShut()
    listening = bound(host, port)
    opened(listening.getsockname()[1])
    pair = Pair(machine["certificate"].encode(), bytes.fromhex(machine["door_key"]))
    here = desk.journal
    known = Askers(here.engine, here.device.id, here.commune)
    feed = JournalFeed(here, at_once=AT_ONCE)
    door = Door(feed, here.device, known, desk.now, Greeter(desk))
    serve(application(door), listening, pair)


def open_beside(desk: Desk, port: int) -> int:
    """Answer siblings in a thread of this process; the port it listens at, 0 when it cannot."""
    ready, got = threading.Event(), [0]

    def opened(number: int) -> None:
        got[0] = number
        ready.set()

    def run() -> None:
        try:
            serve_door(desk, "0.0.0.0", port, opened)
        except (DoorShut, AddressTaken):
            ready.set()

    threading.Thread(target=run, name="door", daemon=True).start()
    ready.wait(10)
    return got[0]
