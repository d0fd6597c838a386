"""Whom a node believes: the keys of enrolled devices and of the server, and each one's commune."""

from __future__ import annotations

from dataclasses import dataclass, field

import msgspec
from msgspec import Struct
from sqlalchemy import Connection, select

from db import projection, tables
from db.entry import Entry, verify
from db.identity import SERVER, device_id
from db.kinds import CounterEnrolled, CounterRevoked

META = "server"


class ServerFacts(Struct, frozen=True):
    """The server as a counter knows it since its enrolment; at the server, itself."""

    keys: tuple[str, ...]
    """Its public keys, hex: the one in use and the spare one in a safe."""
    url: str = ""
    authority: str = ""
    """The certificate of its private authority, PEM."""
    recipient: str = ""
    """Whom bundles for it are encrypted to (age)."""
    name: str = ""
    """As the screen says it: "huyện", "tỉnh"."""
    srv: str = ""
    """Changes when it was declared restored."""


@dataclass
class Trust:
    """Keys by device, and the commune each may write of."""

    server: ServerFacts | None
    keys: dict[str, tuple[bytes, ...]] = field(default_factory=dict)
    communes: dict[str, str] = field(default_factory=dict)
    revoked: frozenset[str] = frozenset()

    def believe(self, entry: Entry, own: bool) -> bool:
        """Take an enrolment in, when it is by the server, or by a founding counter itself.

        A founding counter's id is made from its key, so the line proves it; once there is a server
        such a line is believed from one's own stick or old file only (``own``).
        """
        try:
            body = msgspec.convert(entry.says.body, CounterEnrolled)
        except msgspec.ValidationError:
            return False
        key = bytes.fromhex(body.public_key)
        founding = self.server is None or own
        by = self.keys.get(entry.says.dev)
        if by is None and founding and device_id(key) == body.device == entry.says.dev:
            by = (key,)
        right = by is not None and any(verify(entry, each) for each in by)
        if right and (entry.says.dev in (SERVER, body.device) or body.device in self.keys):
            self.keys.setdefault(body.device, (key,))
            self.communes.setdefault(body.device, entry.says.com)
        return right


def read_trust(connection: Connection) -> Trust:
    """Whom this node believes now."""
    trust = Trust(read_server(connection))
    if trust.server is not None:
        trust.keys[SERVER] = tuple(map(bytes.fromhex, trust.server.keys))
    where = {
        row.id.hex(): row.com
        for row in connection.execute(
            select(tables.references.c.id, tables.journal.c.com)
            .join(tables.journal, tables.journal.c.id == tables.references.c.id)
            .where(tables.references.c.kind == "counter.enrolled")
        )
    }
    for id_, body in projection.read_reference(connection, CounterEnrolled):
        assert isinstance(body, CounterEnrolled)
        trust.keys[body.device] = (bytes.fromhex(body.public_key),)
        trust.communes[body.device] = where[id_]
    trust.revoked = frozenset(
        body.device
        for _, body in projection.read_reference(connection, CounterRevoked)
        if isinstance(body, CounterRevoked)
    )
    return trust


def read_server(connection: Connection) -> ServerFacts | None:
    """The server this counter belongs to; None at a founding counter without one."""
    stored = projection.read_meta(connection, META)
    return None if stored is None else msgspec.json.decode(stored, type=ServerFacts)


def write_server(connection: Connection, facts: ServerFacts) -> None:
    """Keep who the server is."""
    projection.write_meta(connection, META, msgspec.json.encode(facts))
