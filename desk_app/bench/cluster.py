"""A private PostgreSQL of this run, from Debian's package."""

from __future__ import annotations

import contextlib
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

BINARIES = Path("/usr/lib/postgresql")


def is_there() -> bool:
    """Whether the package is installed."""
    return any(BINARIES.glob("*/bin/initdb"))


@contextlib.contextmanager
def cluster() -> Iterator[str]:
    """Runs while the block does; the URL of its maintenance database."""
    binaries = max(BINARIES.glob("*/bin/initdb")).parent
    # PostgreSQL refuses root, and its user may not enter root's folders.
    place = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    root = os.geteuid() == 0
    as_user = ["runuser", "-u", "postgres", "--"] if root else []
    if root:
        shutil.chown(place, "postgres")
    port, data = str(free_port()), place / "d"
    options = f"-p {port} -k {place} -c listen_addresses=127.0.0.1"
    words = ("-U", "postgres", "-A", "trust", "-N")
    initdb = [str(binaries / "initdb"), "-D", str(data), *words]
    control = [str(binaries / "pg_ctl"), "-D", str(data)]
    begin = [*control, "-o", options, "-l", str(place / "log"), "-w", "start"]
    try:
        for command in (initdb, begin):
            subprocess.run([*as_user, *command], check=True, capture_output=True)
        yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
    finally:
        stop = [*control, "-m", "immediate", "stop"]
        subprocess.run([*as_user, *stop], check=False, capture_output=True)
        shutil.rmtree(place, ignore_errors=True)


def new_database(cluster: str) -> str:
    """The URL of a fresh database in it."""
    import psycopg

    name = f"d{secrets.token_hex(6)}"
    with psycopg.connect(cluster, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    return cluster.rsplit("/", 1)[0] + f"/{name}"


def free_port() -> int:
    """A port nobody listens at now."""
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        return int(bound.getsockname()[1])
