"""A server's database as it was: what restoring a backup does."""

from __future__ import annotations

import psycopg

from db import engine as engines


def copy_of(server):
    """A way back to what the server's database is now."""
    engine = server.engine
    if engine.dialect.name == "sqlite":
        engines.checkpoint(engine, truncate=True)
        file = server.data / "district.db"
        old = file.read_bytes()

        def go_back():
            engine.dispose()
            for tail in ("-wal", "-shm"):
                file.with_name(file.name + tail).unlink(missing_ok=True)
            file.write_bytes(old)

        return go_back
    name = engine.url.database
    upstairs = engine.url.set(drivername="postgresql", database="postgres")

    def run(*statements):
        engine.dispose()
        url = upstairs.render_as_string(hide_password=False)
        with psycopg.connect(url, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)

    run(f'CREATE DATABASE "{name}-old" TEMPLATE "{name}"')
    return lambda: run(
        f'DROP DATABASE "{name}" WITH (FORCE)', f'CREATE DATABASE "{name}" TEMPLATE "{name}-old"'
    )
