"""Journal tables, frozen for ever, and screen tables, droppable at any time (SQLAlchemy Core)."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Column,
    ColumnElement,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    TextClause,
    column,
    inspect,
    literal_column,
    table,
    text,
)

# SQLite's integers have eight bytes under any name, and STRICT tables know one name only.
Whole = BigInteger().with_variant(Integer(), "sqlite")
Bytes = LargeBinary

kept = MetaData()
"""What is written once: never dropped, never migrated."""

journal = Table(
    "journal",
    kept,
    # The place in the feed: 1, 2, 3 in the order of arrival, without a hole.
    Column("n", Whole, primary_key=True, autoincrement=False),
    Column("id", Bytes, nullable=False, unique=True),
    Column("obj", Bytes, nullable=False),
    Column("own", Whole, nullable=False),
    Column("dev", Text, nullable=False),
    Column("com", Text, nullable=False),
    # Which peer brought it; null when it was written here, or came from a stick or an old file.
    Column("via", Text),
    # SHA-256 of the row before's and this id: the hash of the whole feed up to here.
    Column("fh", Bytes, nullable=False),
    Column("line", Bytes, nullable=False),
    Index("journal_obj", "obj"),
    sqlite_strict=True,
)
counters = Table(
    "ctr",
    kept,
    Column("block", Whole, primary_key=True),
    Column("day", Text, primary_key=True),
    Column("n", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
tallies = Table(
    "tally",
    kept,
    # "dev:" and a device, or "com:" and a commune: how many entries, Σ ids mod 2^256, the newest.
    Column("scope", Text, primary_key=True),
    Column("n", Whole, nullable=False),
    Column("sum", Bytes, nullable=False),
    Column("last", Bytes, nullable=False),
    Column("last_at", Text, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)
meta = Table(
    "meta",
    kept,
    Column("k", Text, primary_key=True),
    Column("v", Bytes, nullable=False),
    sqlite_with_rowid=False,
)
parked = Table(
    "parked",
    kept,
    Column("id", Bytes, primary_key=True),
    Column("why", Text, nullable=False),
    Column("at", Text, nullable=False),
    sqlite_strict=True,
)
peers = Table(
    "peer",
    kept,
    # "S" for the server, or a device: what is remembered of it, and how the last round ended.
    Column("name", Text, primary_key=True),
    Column("memory", Bytes, nullable=False),
    Column("seen", Bytes),
    sqlite_strict=True,
)
evidence = Table(
    "evidence",
    kept,
    # What came and is no entry to be believed: kept as it came, for a person.
    Column("id", Bytes, primary_key=True),
    Column("at", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("dev", Text, nullable=False),
    Column("why", Text, nullable=False),
    Column("raw", Bytes, nullable=False),
    sqlite_strict=True,
)
quarantine = Table(
    "quarantine",
    kept,
    # Lines of revoked devices: true dossiers perhaps. A person looks.
    Column("id", Bytes, primary_key=True),
    Column("at", Text, nullable=False),
    Column("via", Text, nullable=False),
    Column("dev", Text, nullable=False),
    Column("line", Bytes, nullable=False),
    sqlite_strict=True,
)
notices = Table(
    "notice",
    kept,
    # What a person must know that is no contradiction within one dossier.
    Column("key", Text, primary_key=True),
    Column("at", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("dev", Text, nullable=False),
    Column("facts", Text, nullable=False),
    Column("settled_at", Text),
    sqlite_strict=True,
)
blobs = Table(
    "blob",
    kept,
    # Files that lie here whole, by the hash of their content.
    Column("sha", Text, primary_key=True),
    sqlite_strict=True,
)
drafts = Table(
    "draft",
    kept,
    # Of this screen only: never an entry, never replicated.
    Column("slot", Whole, primary_key=True, autoincrement=False),
    Column("saved_at", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("form", Bytes, nullable=False),
    sqlite_strict=True,
)

screen = MetaData()
"""A fold of the journal; dropped and folded again by ``projection.rebuild``."""

dossiers = Table(
    "dossier",
    screen,
    # The journal number of its first entry: what the journal has by obj, this has by n.
    Column("n", Whole, primary_key=True, autoincrement=False),
    Column("obj", Bytes, nullable=False),
    Column("code", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("words", Text, nullable=False),  # what the search index holds of it
    Column("id_number", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("procedure", Text, nullable=False),
    Column("short_name", Text, nullable=False),
    Column("received", Whole, nullable=False),  # seconds UTC
    Column("due", Whole, nullable=False),  # seconds UTC
    Column("status", Text, nullable=False),  # a state of db/acts.py
    Column("clock", Whole),  # ``due`` while the clock runs
    Column("ready", Whole),  # since when a result lies at the counter
    Column("ended", Whole),
    Column("department", Text, nullable=False),  # who holds it; empty = the counter
    Column("person", Text, nullable=False),
    Column("prints", Whole, nullable=False),
    Column("counter", Whole, nullable=False),
    Column("volume", Whole, nullable=False),  # of the book of its year; 0 = stands in none
    Column("number", Whole, nullable=False),  # within the volume
    Column("own", Whole, nullable=False),
    Column("flags", Whole, nullable=False),
    Column("ref", Text),
    sqlite_strict=True,
)
references = Table(
    "reference",
    screen,
    # Procedures, offices, calendar years, forms, clerks, counters: newest version per key.
    Column("kind", Text, primary_key=True),
    Column("key", Text, primary_key=True),
    Column("valid_from", Text, primary_key=True),
    Column("id", Bytes, nullable=False),
    Column("n", Whole, nullable=False),
    Column("body", Bytes, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

attachments = Table(
    "attachment",
    screen,
    # Which dossier an entry says a file belongs to, and how large it is.
    Column("sha", Text, primary_key=True),
    Column("n", Whole, primary_key=True),
    Column("size", Whole, nullable=False),
    sqlite_strict=True,
    sqlite_with_rowid=False,
)

payments = Table(
    "payment",
    screen,
    # Money that came in, or went back, by the entry that says so.
    Column("id", Bytes, primary_key=True),
    Column("n", Whole, nullable=False),  # of the dossier
    Column("at", Whole, nullable=False),  # seconds UTC
    Column("by", Text, nullable=False),  # the clerk, by name
    Column("how", Text, nullable=False),
    Column("amount", Whole, nullable=False),  # đồng; negative when it went back
    Column("payment", Text, nullable=False),  # one for all dossiers paid at once
    Column("valid", Whole, nullable=False),  # 0: written by mistake
    Index("payment_at", "at"),
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
UNPRINTED = "prints = 0 AND status NOT IN ('voided', 'checked', 'turned_away')"
"""A receipt is due and nobody has seen it on paper. Queries say it in the index's own words."""
NOT_OVER = "status NOT IN ('returned', 'voided')"
AT_A_COUNTER = (
    SEARCH,
    # Each list of the screen in its order; with ``own``, so that counting reads an index only.
    "CREATE INDEX IF NOT EXISTS dossier_received ON dossier(received, n, own)",
    "CREATE INDEX IF NOT EXISTS dossier_clock ON dossier(clock, n) WHERE clock IS NOT NULL",
    "CREATE INDEX IF NOT EXISTS dossier_ready ON dossier(ready, n) WHERE ready IS NOT NULL",
    f"CREATE INDEX IF NOT EXISTS dossier_status ON dossier(status, received, n) WHERE {NOT_OVER}",
    "CREATE INDEX IF NOT EXISTS dossier_held ON dossier(department, person, n)"
    " WHERE department <> '' AND ended IS NULL",
    f"CREATE INDEX IF NOT EXISTS dossier_unprinted ON dossier(received, n, own) WHERE {UNPRINTED}",
    "CREATE INDEX IF NOT EXISTS dossier_voided ON dossier(received, n) WHERE status = 'voided'",
    "CREATE INDEX IF NOT EXISTS dossier_flagged ON dossier(n) WHERE flags > 0",
    "CREATE INDEX IF NOT EXISTS dossier_ref ON dossier(ref) WHERE ref IS NOT NULL",
)
AT_A_SERVER = (
    ("journal", "journal_com", "CREATE INDEX journal_com ON journal(com, n)"),
    ("dossier", "dossier_code", "CREATE INDEX dossier_code ON dossier(code)"),
)
search = table("search", column("rowid", Integer))
"""The same for queries; it is in no metadata, since only ``SEARCH`` can make it."""


def matches(match: ColumnElement[str]) -> ColumnElement[bool]:
    """Rows of the search index that fit an FTS5 expression of single words, no phrases."""
    return literal_column("search").op("MATCH")(match)


def put(table: Table, keep: bool = False) -> TextClause:
    """Insert a row in the place of one with the same key, or with ``keep`` leave that one.

    SQLite and PostgreSQL read the same words here, SQLAlchemy has two constructs.
    """
    keys = [c.name for c in table.primary_key]
    columns = [c.name for c in table.columns]
    rest = ", ".join(f"{c} = excluded.{c}" for c in columns if c not in keys)
    return text(
        f"INSERT INTO {table.name} ({', '.join(columns)}) VALUES (:{', :'.join(columns)})"
        f" ON CONFLICT ({', '.join(keys)}) DO {'NOTHING' if keep else f'UPDATE SET {rest}'}"
    )


def create(connection: Connection, server: bool = False) -> None:
    """Make every table that is not there, with the indexes of a counter or of a server."""
    kept.create_all(connection)
    screen.create_all(connection)
    if not server:
        for statement in AT_A_COUNTER:
            connection.execute(text(statement))
        return
    # Looked up first: PostgreSQL lets only a table's owner say CREATE INDEX IF NOT EXISTS.
    there = inspect(connection)
    for of, index, statement in AT_A_SERVER:
        if not there.has_index(of, index):
            connection.execute(text(statement))


def drop_screen(connection: Connection) -> None:
    """Drop every table that can be folded again."""
    screen.drop_all(connection)
    if connection.dialect.name == "sqlite":
        connection.execute(text("DROP TABLE IF EXISTS search"))
