"""One district server: its database, its keys, its authority; made once, opened ever after."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pyrage
from sqlalchemy import Connection, Engine

from db import engine as engines
from db import projection, tables
from db.blobs import Blobs
from db.district.tables import district
from db.entry import SHARED
from db.identity import SERVER, Device, device_from, new_device
from db.journal import Journal
from db.parts import Kind
from db.projection import read_meta, write_meta
from db.refused import Refused
from db.replication.channel import Pair, make_authority
from db.sealing import recovery_words, seal, unseal
from db.seed import named
from db.trust import ServerFacts, read_server, write_server

DATABASE, KEY, URL = "district.db", "district.key", "database.url"
BLOBS = "blobs"
LOCAL = timezone(timedelta(hours=7))
"""What people read; moments are kept in UTC."""
BY = "district"


class DistrictExists(Refused):
    """There is a server in this folder already; ``path``."""


class DistrictMissing(Refused):
    """There is no server in this folder, or not a whole one; ``path``."""


@dataclass(frozen=True)
class District:
    """A running server. Everything secret is in its database."""

    data: Path
    journal: Journal
    facts: ServerFacts
    authority: Pair
    identity: str
    """Its age identity: what bundles for it are opened with."""
    now: Callable[[], datetime]
    blobs: Blobs
    """Scanned papers, sealed."""

    @property
    def device(self) -> Device:
        """Its signing key."""
        return self.journal.device

    @property
    def engine(self) -> Engine:
        """Its database."""
        return self.journal.engine

    def close(self) -> None:
        """Let go of the database."""
        engines.checkpoint(self.engine, truncate=True)
        self.engine.dispose()


@dataclass(frozen=True)
class Made:
    """What is shown once, when a server is made, and belongs in a safe."""

    recovery: str
    spare_key: str


def utc_now() -> datetime:
    """The machine's clock; a server's is kept by its operator."""
    return datetime.now(UTC).replace(microsecond=0)


def make_district(
    data: Path,
    seed: Iterable[tuple[tuple[str, str], Kind]],
    name: str = "huyện",
    database: str = "",
    now: Callable[[], datetime] = utc_now,
) -> Made:
    """Make a server: keys, authority, tables, and the seed as its first entries.

    ``database`` is a PostgreSQL URL; without it an encrypted SQLite file lies in the folder.

    Raises:
        DistrictExists, ServerDatabaseGone, DiskFull, DiskFault: nothing can be used.
    """
    if (data / KEY).exists():
        raise DistrictExists(path=str(data))
    data.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(32)
    if database:
        (data / URL).write_text(database, encoding="utf-8")
    engine = engine_of(data, key, database)
    device, spare = new_device(), new_device()
    age = pyrage.x25519.Identity.generate()
    facts = ServerFacts(
        keys=(device.public_key.hex(), spare.public_key.hex()),
        authority=(authority := make_authority(f"Một cửa {name}")).certificate.decode(),
        recipient=str(age.to_public()),
        name=name,
        srv=secrets.token_hex(8),
    )
    with engines.writing(engine) as connection:
        tables.create(connection, server=True)
        district.create_all(connection)
        projection.stamp(connection)
        write_meta(connection, "role", SERVER.encode())
        write_meta(connection, "device", device.private_bytes())
        write_meta(connection, "authority", json.dumps([p.decode() for p in authority]).encode())
        write_meta(connection, "age", str(age).encode())
        write_server(connection, facts)
    journal = Journal(engine, Device(device._key, SERVER), SHARED, now)
    with journal.saving(by=BY) as saving:
        for about, body in seed:
            saving.append(named(*about), body)
    engine.dispose()
    # Last: a folder with a key is a whole server.
    seal(key, data / KEY)
    return Made(recovery_words(key), recovery_words(spare.private_bytes()))


def open_district(data: Path, now: Callable[[], datetime] = utc_now) -> District:
    """Open the server of a data folder.

    Raises:
        DistrictMissing: there is none, or its making was cut off.
        KeySealedElsewhere, WrongKey, ServerDatabaseGone, DatabaseDamaged: it cannot be opened.
    """
    if not (data / KEY).exists():
        raise DistrictMissing(path=str(data))
    key = unseal(data / KEY)
    url = data / URL
    engine = engine_of(data, key, url.read_text("utf-8") if url.exists() else "")
    with engines.reading(engine) as connection:
        facts, current = read_server(connection), projection.is_current(connection)
        device = device_from(_meta(connection, "device"), SERVER)
        authority = Pair(*(p.encode() for p in json.loads(_meta(connection, "authority"))))
        identity = _meta(connection, "age").decode()
    if not current:
        projection.rebuild(engine)
    assert facts is not None
    journal = Journal(engine, device, SHARED, now)
    blobs = Blobs(data / BLOBS, key)
    return District(data, journal, facts, authority, identity, now, blobs)


def declare_restored(server: District) -> None:
    """Say that the database is an older copy: counters are told, and give back what they hold."""
    facts = msgspec.structs.replace(server.facts, srv=secrets.token_hex(8))
    with engines.writing(server.engine) as connection:
        write_server(connection, facts)


def engine_of(data: Path, key: bytes, url: str) -> Engine:
    """PostgreSQL at the URL; without one, the encrypted file of the folder."""
    return engines.open_postgres(url) if url else engines.open_engine(data / DATABASE, key)


def _meta(connection: Connection, key: str) -> bytes:
    value = read_meta(connection, key)
    if value is None:
        raise DistrictMissing(path=key)
    return value
