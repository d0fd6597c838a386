"""The door a counter opens to its siblings: the same answers the district server gives."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable

from db import engine as engines
from db.projection import read_meta, references_stamp
from db.refused import Refused
from db.replication.channel import Pair
from db.replication.door import Known, application
from db.replication.listening import AddressTaken, bound, serve
from db.replication.peers import Asker
from db.replication.store import JournalFeed
from db.trust import Trust, read_trust
from desk_app.desk import Desk


class DoorShut(Refused):
    """Nobody can be let in: no server has given this counter a certificate."""


class Siblings:
    """Who may ask: the counters of this commune, as the server published them."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._stamp = b"-"
        self._trust: Trust | None = None

    def __call__(self, device: str) -> Known | None:
        """A sibling's keys; None for everybody else."""
        with engines.reading(self._desk.journal.engine) as connection:
            stamp = references_stamp(connection)
            if self._trust is None or stamp != self._stamp:
                self._trust, self._stamp = read_trust(connection), stamp
        trust, here = self._trust, self._desk.journal
        if trust.communes.get(device) != here.commune or device == here.device.id:
            return None
        return Known(trust.keys[device], Asker(device, here.commune, device in trust.revoked))


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
    feed = JournalFeed(desk.journal)
    serve(application(feed, desk.journal.device, Siblings(desk), desk.now), listening, pair)


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
