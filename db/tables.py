"""Journal tables, frozen for ever, and screen tables, droppable at any time (SQLAlchemy Core)."""

from __future__ import annotations

from sqlalchemy import (
    BLOB,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    column,
    literal_column,
    table,
    text,
)

kept = MetaData()
"""What is written once: never dropped, never migrated."""

journal = Table(
    "journal",
    kept,
    Column("n", Integer, primary_key=True),
    Column("id", BLOB, nullable=False, unique=True),
    Column("obj", BLOB, nullable=False),
    Column("own", Integer, nullable=False),
    Column("no", Integer),
    Column("line", BLOB, nullable=False),
    Index("journal_obj", "obj"),
    sqlite_strict=True,
)
counters = Table(
    "ctr",
    kept,
    Column("block", Integer, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
tallies = Table(
    "tally",
    kept,
    # "own", or "com:" and the commune: how many entries, Σ ids mod 2^256, and the newest own one.
    Column("scope", Text, primary_key=True),
    Column("n", Integer, nullable=False),
    Column("sum", BLOB, nullable=False),
    Column("last", BLOB, nullable=False),
    Column("last_at", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
meta = Table(
    "meta",
    kept,
    Column("k", Text, primary_key=True),
    Column("v", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
parked = Table(
    "parked",
    kept,
    Column("id", BLOB, primary_key=True),
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_strict=True,
)
drafts = Table(
    "draft",
    kept,
    # Of this screen only: never an entry, never replicated.
    Column("slot", Integer, primary_key=True),
    Column("saved_at", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("form", BLOB, nullable=False),
    sqlite_strict=True,
)

screen = MetaData()
"""A fold of the journal; dropped and folded again by ``projection.rebuild``."""

dossiers = Table(
    "dossier",
    screen,
    # The journal number of its first entry: what the journal has by obj, this has by n.
    Column("n", Integer, primary_key=True),
    Column("obj", BLOB, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("words", Text, nullable=False),  # what the search index holds of it
    Column("id_number", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("received", Integer, nullable=False),  # seconds UTC
    Column("due", Integer, nullable=False),  # seconds UTC
    Column("status", Text, nullable=False),
    Column("prints", Integer, nullable=False),
    Column("counter", Integer, nullable=False),
    Column("own", Integer, nullable=False),
    Column("flags", Integer, nullable=False),
    Column("ref", Text),
    sqlite_strict=True,
)
# Each list of the screen in its order; with ``own``, so that counting reads an index only.
Index("dossier_received", dossiers.c.received, dossiers.c.n, dossiers.c.own)
Index("dossier_due", dossiers.c.due, dossiers.c.n, sqlite_where=dossiers.c.status == "received")
Index(
    "dossier_unprinted",
    dossiers.c.received,
    dossiers.c.n,
    dossiers.c.own,
    sqlite_where=(dossiers.c.prints == 0) & (dossiers.c.status == "received"),
)
Index(
    "dossier_voided",
    dossiers.c.received,
    dossiers.c.n,
    sqlite_where=dossiers.c.status == "voided",
)
Index("dossier_ref", dossiers.c.ref, sqlite_where=dossiers.c.ref.isnot(None))

references = Table(
    "reference",
    screen,
    # Procedures, offices, calendar years, forms, clerks, counters: newest version per key.
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("valid_from", Text, primary_key=True),
    Column("id", BLOB, nullable=False),
    Column("n", Integer, nullable=False),
    Column("body", BLOB, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

# Newest first without sorting: the row id is the dossier's n, negated. Without content of its
# own: what to take out of the index is the row's ``words``. A syllable has seven letters at most,
# so whatever is typed of it is a prefix kept ready; a shorter list makes "nguye" merge a third of
# all dossiers at each key. Without places of words (``detail``) it is smaller still.
SEARCH = (
    "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(words, content='', columnsize=0, "
    "detail=none, prefix='1 2 3 4 5 6', tokenize='unicode61 remove_diacritics 2')"
)
search = table("search", column("rowid", Integer))
"""The same for queries; it is in no metadata, since only ``SEARCH`` can make it."""


def matches(match: ColumnElement[str]) -> ColumnElement[bool]:
    """Rows of the search index that fit an FTS5 expression of single words, no phrases."""
    return literal_column("search").op("MATCH")(match)


def create(connection: Connection) -> None:
    """Make every table that is not there."""
    kept.create_all(connection)
    screen.create_all(connection)
    connection.execute(text(SEARCH))


def drop_screen(connection: Connection) -> None:
    """Drop every table that can be folded again."""
    screen.drop_all(connection)
    connection.execute(text("DROP TABLE IF EXISTS search"))
