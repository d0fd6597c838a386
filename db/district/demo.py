"""A demonstration: one server and three counters of one commune, with synthetic clerks."""

from __future__ import annotations

import signal
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

from db import engine as engines
from db.district.accounts import first_account
from db.district.counters import counters, issue_code
from db.district.server import KEY, District, make_district, open_district
from db.district.serving import serve
from db.seed import seed

OFFICE = "H24.314.11749"
"""Tú Sơn."""
PASSWORD = "motcua-demo"
"""Of the invented clerks; shown to whoever starts the demonstration."""
MADE = "counter.toml"
"""A counter's folder has it once the counter is whole."""


class Clerk(NamedTuple):
    """Who works at a demonstration counter."""

    login: str
    name: str
    role: str


CLERKS = (
    Clerk("mai", "Trần Thị Mai", "clerk"),
    Clerk("hung", "Phạm Văn Hùng", "chief"),
    Clerk("thu", "Vũ Thị Thu", "clerk"),
)
"""One for each counter, in their order."""

Say = Callable[[dict[str, Any]], None]


class Place(NamedTuple):
    """Where the demonstration listens, and what holds its entries."""

    host: str
    port: int
    plain: bool
    name: str
    database: str


def district_of(data: Path) -> Path:
    """The server's folder of a demonstration."""
    return data / "district"


def counter_of(data: Path, number: int) -> Path:
    """A counter's folder of a demonstration."""
    return data / f"counter-{number}"


def serve_demo(data: Path, place: Place, say: Say) -> bool:
    """Serve until told to stop. Server and counters are made on the first start; ``say`` is told
    the address, the reader's password and where each counter is. False: a counter was not made.

    Raises:
        PlainHttpAbroad, AddressTaken, ServerDatabaseGone, KeySealedElsewhere: nothing was served.
    """
    folder = district_of(data)
    if not (folder / KEY).exists():
        make_district(folder, seed(), place.name, place.database)
    server = open_district(folder)
    try:
        password = first_account(server, "admin")
        codes = {n: _code(server, n) for n in _missing(data)}
    finally:
        server.close()
    failed: list[int] = []

    def enrol(url: str) -> None:
        for number, clerk in enumerate(CLERKS, 1):
            if number in codes and not _enrol(data, url, number, codes[number]):
                failed.append(number)
                signal.raise_signal(signal.SIGTERM)
                return
            where = str(counter_of(data, number))
            say({"counter": number, "data": where, "clerk": clerk.login, "password": PASSWORD})
        say({"ready": len(CLERKS)})

    def listening(url: str) -> None:
        say({"listening": url, "login": "admin", "password": password})
        # Who applies is answered by this very process, which begins to answer after this.
        threading.Thread(target=enrol, args=(url,), daemon=True).start()

    serve(folder, place.host, place.port, place.plain, listening)
    return not failed


def _missing(data: Path) -> list[int]:
    numbers = range(1, len(CLERKS) + 1)
    return [n for n in numbers if not (counter_of(data, n) / MADE).exists()]


def _code(server: District, number: int) -> str:
    """A code for a counter; one whose making was cut off is replaced."""
    with engines.reading(server.engine) as connection:
        here = [c for c in counters(connection) if c.says.office == OFFICE and not c.revoked]
    before = next((c.device for c in here if c.says.number == number), "")
    return issue_code(server, OFFICE, 0 if before else number, before)


def _enrol(data: Path, url: str, number: int, code: str) -> bool:
    """Let the desk's own command make a counter: this package knows nothing of the desk."""
    clerk = CLERKS[number - 1]
    with tempfile.TemporaryDirectory() as folder:
        typed = Path(folder) / "password"
        typed.write_text(PASSWORD, encoding="utf-8")
        command: list[str | Path] = [sys.executable, "-P", "-m", "desk_app", "enrol", "--json"]
        command += ["--data", counter_of(data, number), "--server", url, "--code", code]
        command += ["--clerk", clerk.login, "--name", clerk.name, "--role", clerk.role]
        command += ["--password-file", typed]
        done = subprocess.run(command, capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        print(done.stderr, file=sys.stderr)
    return done.returncode == 0
