"""Which user of PostgreSQL the server runs as: one that may add entries and change none.

The owner of the tables makes them and grants; from then on the folder knows the other user only.
"""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection, select, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import ArgumentError, ProgrammingError

from db import engine as engines
from db import tables
from db.district.server import DATABASE, KEY, URL, DistrictMissing
from db.district.tables import district
from db.projection import read_meta
from db.refused import Refused

ADDS = "SELECT, INSERT"
CHANGES = "SELECT, INSERT, UPDATE, DELETE"


class NotPostgres(Refused):
    """Only a server on PostgreSQL has users to choose from."""


class RightsNotGiven(Refused):
    """The user of now may not grant, or there is no such other user; ``role``."""


class RightsTooWide(Refused):
    """The other user could change entries all the same: it owns them, may become their owner, or is
    a superuser; ``role``."""


class OtherDatabase(Refused):
    """The other user's URL leads to another database than this server's."""


def serve_as(data: Path, url: str) -> str:
    """From now on the server of this folder runs as the user of ``url``; returns that user's name.

    Raises:
        DistrictMissing, NotPostgres, RightsNotGiven, RightsTooWide, OtherDatabase: all stays as it
            was, but for rights that were granted.
        ServerDatabaseGone: one of the two users is not let in.
    """
    if not (data / KEY).exists():
        raise DistrictMissing(path=str(data))
    kept = data / URL
    if not kept.exists():
        raise NotPostgres(path=str(data / DATABASE))
    role = _role_in(url)
    owner = engines.open_postgres(kept.read_text("utf-8"))
    try:
        with engines.writing(owner) as connection:
            _grant(connection, role)
            if _may_change(connection, role):
                raise RightsTooWide(role=role)
            device = read_meta(connection, "device")
    except ProgrammingError as fault:
        raise RightsNotGiven(role=role) from fault
    finally:
        owner.dispose()
    _look_through(url, device)
    kept.write_text(url, encoding="utf-8")
    return role


def _role_in(url: str) -> str:
    try:
        role = make_url(url).username
    except ArgumentError as fault:
        raise OtherDatabase() from fault
    if not role:
        raise RightsNotGiven(role=url)
    return role


def _grant(connection: Connection, role: str) -> None:
    quoted = connection.dialect.identifier_preparer.quote(role)
    connection.execute(text(f"GRANT USAGE, CREATE ON SCHEMA public TO {quoted}"))
    for table in (*tables.kept.sorted_tables, *district.sorted_tables):
        rights = ADDS if table is tables.journal else CHANGES
        connection.execute(text(f"REVOKE ALL ON {table.name} FROM {quoted}"))
        connection.execute(text(f"GRANT {rights} ON {table.name} TO {quoted}"))
    for table in tables.screen.sorted_tables:
        # A newer fold drops them and makes them again, which only an owner may.
        connection.execute(text(f"ALTER TABLE {table.name} OWNER TO {quoted}"))


def _may_change(connection: Connection, role: str) -> bool:
    asked = text(
        "SELECT has_table_privilege(:role, oid, 'UPDATE, DELETE, TRUNCATE')"
        " OR has_any_column_privilege(:role, oid, 'UPDATE')"
        " OR pg_has_role(:role, relowner, 'MEMBER')"
        " FROM pg_class WHERE oid = 'journal'::regclass"
    )
    return bool(connection.scalar(asked, {"role": role}))


def _look_through(url: str, device: bytes | None) -> None:
    """Whether the other user comes to the same database."""
    engine = engines.open_postgres(url)
    try:
        with engines.reading(engine) as connection:
            wanted = select(tables.meta.c.v).where(tables.meta.c.k == "device")
            if connection.scalar(wanted) != device:
                raise OtherDatabase()
    except ProgrammingError as fault:
        raise OtherDatabase() from fault
    finally:
        engine.dispose()
