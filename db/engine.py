"""Opening a database: the only file that knows SQLCipher.

One connection setting for every counter: raw 256-bit key, WAL with ``synchronous=FULL`` (one
sync a save, nothing lost in 15,488 power-loss images), checkpoints at quiet moments.
"""

from __future__ import annotations

import threading
import time
from collections import namedtuple
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple, cast
from weakref import WeakKeyDictionary

import sqlcipher3.dbapi2 as sqlcipher
from sqlalchemy import ClauseElement, Connection, Engine, create_engine, event, make_url
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.sql.compiler import SQLCompiler

from db.refused import Refused

FEED = 0x686F736F
"""The advisory lock of the feed's one writer at a time on PostgreSQL ("hoso")."""

LONGEST_TURN = 30.0
"""Seconds a thread waits for the other writers of its own program."""
_MAKING = threading.Lock()
_QUEUES: WeakKeyDictionary[Engine, threading.RLock] = WeakKeyDictionary()

OLDEST_SQLITE = (3, 51, 3)
"""Versions 3.7.0 to 3.51.2 may corrupt a WAL database that two connections write."""

BUSY_MS = 5_000
"""How long another program's writer is waited for."""
LOOK_AGAIN = 0.001
"""Seconds; shorter than the pause between two transactions of who takes thousands of lines in."""

PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",
    "foreign_keys=ON",
    "cell_size_check=ON",
    "trusted_schema=OFF",
    "mmap_size=0",
    f"busy_timeout={BUSY_MS}",
    "wal_autocheckpoint=10000",
    "temp_store=MEMORY",
    "cache_size=-16000",
)


class EngineTooOld(Refused):
    """The SQLite engine has a known corruption fault; ``version`` is what was found."""


class WrongKey(Refused):
    """The file is no database under this key."""


class DiskFull(Refused):
    """Nothing was saved: the disk has no room."""


class DiskFault(Refused):
    """Nothing was saved: the disk reported an error. Do not retry; reopen and verify."""


class DatabaseDamaged(Refused):
    """A page is not what was written; rebuild from the spool and the server."""


class ServerDatabaseGone(Refused):
    """PostgreSQL cannot be reached, or went away; nothing was saved."""


class DatabaseBusy(Refused):
    """Another program held the database for five seconds."""


_FAULTS: dict[int, type[Refused]] = {
    5: DatabaseBusy,  # SQLITE_BUSY
    8: DiskFault,  # SQLITE_READONLY
    10: DiskFault,  # SQLITE_IOERR
    11: DatabaseDamaged,  # SQLITE_CORRUPT
    13: DiskFull,  # SQLITE_FULL
    14: DiskFault,  # SQLITE_CANTOPEN
    15: DatabaseBusy,  # SQLITE_PROTOCOL
    26: DatabaseDamaged,  # SQLITE_NOTADB
}
"""SQLite's primary result codes. Its words vary: a damaged page under the search index reads
``vtable constructor failed``."""


_BACKUP_FAULTS: dict[str, type[Refused]] = {
    "database or disk is full": DiskFull,
    "database disk image is malformed": DatabaseDamaged,
    "file is not a database": DatabaseDamaged,
    "database is locked": DatabaseBusy,
}
"""The driver's backup call gives no code, only SQLite's fixed name of it."""


_STATES: dict[str, type[Refused]] = {
    "53100": DiskFull,
    "53200": DatabaseBusy,  # out of memory
    "55P03": DatabaseBusy,  # lock not available
    "58030": DiskFault,  # io error
    "XX001": DatabaseDamaged,
    "XX002": DatabaseDamaged,
}
"""PostgreSQL's SQLSTATE codes. What has none of them and breaks a connection is a lost server."""


def open_postgres(url: str) -> Engine:
    """The district server's database on PostgreSQL, ``postgresql://user@host/name``.

    Raises:
        ServerDatabaseGone: it cannot be reached, or does not let this user in.
    """
    parts = make_url(url).set(drivername="postgresql+psycopg")
    engine = create_engine(parts, pool_pre_ping=True, pool_size=8)
    event.listen(engine, "handle_error", _translate)
    with engine.connect() as connection:
        connection.exec_driver_sql("SELECT 1")
    return engine


def open_engine(path: Path, key: bytes) -> Engine:
    """The encrypted database at ``path``, made when it is not there.

    Raises:
        EngineTooOld: SQLite is older than 3.51.3.
        WrongKey: the file exists and this 32-byte key does not open it.
        DiskFault: the file cannot be opened.
    """
    if sqlcipher.sqlite_version_info < OLDEST_SQLITE:
        raise EngineTooOld(version=sqlcipher.sqlite_version)
    engine = create_engine(
        f"sqlite:///{path}", module=sqlcipher, paramstyle="named", pool_reset_on_return=None
    )
    event.listen(engine, "connect", _Keyed(key))
    event.listen(engine, "handle_error", _translate)
    try:
        with engine.connect() as connection:
            connection.exec_driver_sql("SELECT count(*) FROM sqlite_master").scalar()
    except DatabaseDamaged as e:
        raise WrongKey() from e
    return engine


@contextmanager
def _turn(engine: Engine) -> Iterator[None]:
    """The threads of one program wait for each other here, holding no connection: SQLite's own
    waiting is a lottery, which some of two hundred counters lose for five seconds on end."""
    with _MAKING:
        queue = _QUEUES.setdefault(engine, threading.RLock())
    if not queue.acquire(timeout=LONGEST_TURN):
        raise DatabaseBusy()
    try:
        yield
    finally:
        queue.release()


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """One write transaction; committed at the end, rolled back on any exception.

    A writer takes its place in the queue at the start (BEGIN IMMEDIATE), so that reading the
    last number and writing the next one cannot be split by another writer.

    Raises:
        DatabaseBusy: other threads of this program wrote for half a minute.
    """
    with _turn(engine), engine.connect() as connection, connection.begin():
        if engine.dialect.name == "sqlite":
            _begin_writing(connection)
        else:
            # Numbers are drawn under the lock, so the feed has them in the order of the commits;
            # a sequence gave a reader by cursor 484 of 1,200 rows too late.
            _on_driver(connection, f"SELECT pg_advisory_xact_lock({FEED})")
        yield connection


def _begin_writing(connection: Connection) -> None:
    """Take the writer's place as soon as another program leaves it, as the one beside the window
    does for milliseconds. SQLite's own waiting sleeps up to 100 ms and misses that: a clerk's save
    then waited for five and more transactions, which was more than a second."""
    until = time.monotonic() + BUSY_MS / 1000
    _on_driver(connection, "PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                _on_driver(connection, "BEGIN IMMEDIATE")
            except DatabaseBusy:
                if time.monotonic() > until:
                    raise
                time.sleep(LOOK_AGAIN)
            else:
                return
    finally:
        _on_driver(connection, f"PRAGMA busy_timeout={BUSY_MS}")


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """One read transaction: one snapshot."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            connection = connection.execution_options(isolation_level="REPEATABLE READ")
        with connection.begin():
            if engine.dialect.name == "sqlite":
                _on_driver(connection, "BEGIN")
            yield connection


def checkpoint(engine: Engine, truncate: bool = False) -> None:
    """Move the log into the file; PASSIVE waits for nobody, TRUNCATE is for the way out."""
    if engine.dialect.name != "sqlite":
        return
    with engine.connect() as connection:
        connection.exec_driver_sql(
            f"PRAGMA wal_checkpoint({'TRUNCATE' if truncate else 'PASSIVE'})"
        )


def copy_file(engine: Engine, path: Path, key: bytes) -> None:
    """One snapshot of an encrypted file, page by page, in a new file under the same key.

    It is read in one go, so writers go on meanwhile and no change makes it begin again.

    Raises:
        DatabaseDamaged: a page cannot be read. DiskFull, DiskFault: the new file is not whole.
    """
    fresh = open_engine(path, key)
    try:
        with engine.connect() as source, fresh.connect() as target:
            driver = source.connection.driver_connection
            try:
                driver.backup(target.connection.driver_connection)  # type: ignore[union-attr]
            except sqlcipher.Error as fault:
                raise _BACKUP_FAULTS.get(str(fault), DiskFault)() from fault
        # Written into its own log: without this the file is not all of it.
        checkpoint(fresh, truncate=True)
    finally:
        fresh.dispose()


def size_of(engine: Engine) -> int:
    """How much the database holds, in bytes."""
    with engine.connect() as connection:
        if engine.dialect.name != "sqlite":
            said = connection.exec_driver_sql("SELECT pg_database_size(current_database())")
            return int(said.scalar() or 0)
        pages = connection.exec_driver_sql("PRAGMA page_count").scalar() or 0
        return int(pages) * int(connection.exec_driver_sql("PRAGMA page_size").scalar() or 0)


class _Compiled(NamedTuple):
    sql: str
    fixed: dict[str, Any]


class Prepared:
    """A Core statement compiled once and run on the driver's own cursor.

    For the statements of a save and of a find: 2 µs each where the machinery around
    ``Connection.execute`` takes 34 and putting a query together 200, and each has a dozen. Values
    must be what the driver stores: no type processing.
    """

    def __init__(self, statement: ClauseElement) -> None:
        self._statement = statement
        self._compiled: dict[str, _Compiled] = {}
        self._shape: Any = None

    def run(self, connection: Connection, row: Mapping[str, Any]) -> list[tuple[Any, ...]]:
        """Execute; the rows the statement gives, as plain tuples.

        Raises:
            DiskFull, DiskFault, DatabaseBusy, DatabaseDamaged: as from any other statement.
        """
        cursor = self._execute(connection, row)
        return cursor.fetchall() if cursor.description else []

    def rows(self, connection: Connection, row: Mapping[str, Any]) -> list[Any]:
        """Execute a select; its rows with the columns' names, as ``row.code``."""
        cursor = self._execute(connection, row)
        if self._shape is None:
            self._shape = _shape_of(cursor)
        return [self._shape._make(values) for values in cursor]

    def insert(self, connection: Connection, row: Mapping[str, Any]) -> int:
        """Execute an insert; the row id it was given."""
        return int(self._execute(connection, row).lastrowid)

    def run_many(self, connection: Connection, rows: Sequence[Mapping[str, Any]]) -> None:
        """Execute once for each row, in one call of the driver."""
        sql, fixed = self._for(connection)
        if rows:
            given = [{**fixed, **row} for row in rows] if fixed else rows
            _on_driver(connection, sql, given, many=True)

    def _execute(self, connection: Connection, row: Mapping[str, Any]) -> Any:
        sql, fixed = self._for(connection)
        return _on_driver(connection, sql, {**fixed, **row})

    def _for(self, connection: Connection) -> _Compiled:
        dialect = connection.dialect
        if dialect.name not in self._compiled:
            made = cast(SQLCompiler, self._statement.compile(dialect=dialect))
            self._compiled[dialect.name] = _Compiled(str(made), dict(made.params))
        return self._compiled[dialect.name]


def _shape_of(cursor: Any) -> Any:
    names = [column[0] for column in cursor.description]
    return namedtuple("Row", names)


class _Keyed:
    def __init__(self, key: bytes) -> None:
        self._key = key.hex()

    def __call__(self, connection: Any, _record: object) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute("PRAGMA cipher_log_level = NONE")
        cursor.execute(f"PRAGMA key = \"x'{self._key}'\"")
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()


def _on_driver(connection: Connection, sql: str, values: Any = (), many: bool = False) -> Any:
    """The driver's cursor after a statement that SQLAlchemy has nothing to do with."""
    cursor = connection.connection.cursor()
    try:
        (cursor.executemany if many else cursor.execute)(sql, values)
    except connection.dialect.loaded_dbapi.Error as e:
        refuse(e)
        raise
    return cursor


def _translate(context: ExceptionContext) -> None:
    refuse(context.original_exception)


def refuse(error: BaseException) -> None:
    """Raise the refusal an error of the driver stands for; return when it is none (a bug)."""
    refusal = _FAULTS.get(getattr(error, "sqlite_errorcode", 0) & 0xFF)
    if hasattr(error, "sqlstate"):
        refusal = _STATES.get(error.sqlstate or "")
        if refusal is None and (error.sqlstate or "08")[:2] in ("08", "57", "28", "3D"):
            refusal = ServerDatabaseGone
    if refusal is not None:
        raise refusal() from error
