"""Tables only a server has: slots for counters, accounts of the pages, how each counter stands."""

from __future__ import annotations

from sqlalchemy import Column, MetaData, Table, Text

from db.tables import Bytes, Whole

district = MetaData()

slots = Table(
    "slot",
    district,
    # A place for one counter. Of its code only what it is stretched into is kept.
    Column("handle", Bytes, primary_key=True),
    Column("seal", Bytes, nullable=False),
    Column("office", Text, nullable=False),
    Column("number", Whole, nullable=False),
    Column("replaces", Text, nullable=False),
    Column("expires", Text, nullable=False),
    Column("tries", Whole, nullable=False),
    Column("used_by", Text),
    sqlite_strict=True,
)
accounts = Table(
    "account",
    district,
    Column("login", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("verifier", Text, nullable=False),
    sqlite_strict=True,
)
devices = Table(
    "device",
    district,
    # What a counter said of itself at its last hello; what it is stands in the journal.
    Column("dev", Text, primary_key=True),
    Column("recipient", Text, nullable=False),
    Column("seen_at", Text),
    Column("hello", Text),
    Column("in_step_at", Text),
    # The epoch in which it last was lent fresh number blocks.
    Column("lent_in", Text),
    sqlite_strict=True,
)
