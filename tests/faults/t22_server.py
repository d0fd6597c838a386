"""T22, the server killed: kill -9 at any instant under load; what it signed for is there.

    python tests/faults/t22_server.py --kills 200 [--database postgresql://…] [--seed 1]

Three counters take dossiers in and send without pause; the server's processes are killed at random
moments and started again; with PostgreSQL every other time one of its own. Whatever a counter counts as sent must lie in the server's database.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from itertools import count
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import stamina
from sqlalchemy import or_, select
from two_counters import codes_of

from db import engine as engines
from db.district.counters import issue_code
from db.district.server import District, make_district, open_district
from db.doctor_journal import Lines
from db.engine import ServerDatabaseGone
from db.identity import SERVER
from db.replication.store import read_memory
from db.seed import seed as published
from db.tables import journal
from desk_app.desk import Desk, open_desk
from desk_app.services.enrol import NewClerk, enrol_new
from desk_app.services.replicate import replicate

OFFICE = "H24.314.11749"
COUNTERS = 3


class Server:
    """The real program at one port, killed and started again."""

    def __init__(self, data: Path, port: int) -> None:
        self._data, self._port = data, port
        self._process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        """Returns when it listens. A database that recovers just now cannot be opened yet: who
        starts the server tries again, as a service manager does."""
        until = time.monotonic() + 60
        while not self._listens():
            assert time.monotonic() < until

    def _listens(self) -> bool:
        command = [sys.executable, "-P", "-m", "db.district", "--data", str(self._data), "--http"]
        self._process = subprocess.Popen(
            [*command, "--port", str(self._port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            start_new_session=True,
        )
        assert self._process.stdout is not None
        if self._process.stdout.readline():
            return True
        self._process.wait()
        self._process.stdout.close()
        return False

    def most_memory(self) -> int:
        """The most bytes its first process ever had (Linux)."""
        assert self._process is not None
        status = Path(f"/proc/{self._process.pid}/status").read_text()
        return 1_024 * int(next(x for x in status.splitlines() if x.startswith("VmHWM")).split()[1])

    def kill(self) -> None:
        """With everything it had started."""
        assert self._process is not None and self._process.stdout is not None
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        self._process.stdout.close()


def work(desk: Desk, seed: int, stop: threading.Event, rounds: list[int]) -> None:
    """Take in and send, as fast as it goes."""
    for number in count(seed * 100_000):
        if stop.is_set():
            return
        codes_of(desk, 2, seed=number % 5_000)
        ended = replicate(desk)
        rounds[0 if ended.why else 1] += 1


def crash(database: str) -> None:
    """SIGKILL to a process of PostgreSQL: it throws everything out and recovers from its log."""
    import psycopg

    with psycopg.connect(database, autocommit=True) as connection:
        found = connection.execute(
            "SELECT pid FROM pg_stat_activity WHERE datname = current_database()"
            " AND pid <> pg_backend_pid()"
        ).fetchone()
    if found is not None:
        os.kill(found[0], signal.SIGKILL)


def run(place: Path, kills: int, seed: int, database: str = "") -> dict[str, object]:
    """So many kills; figures, and what is missing."""
    stamina.set_active(False)
    dice = random.Random(seed)
    make_district(place / "server", published(), database=database)
    office = open_district(place / "server")
    codes = [issue_code(office, OFFICE) for _ in range(COUNTERS)]
    office.close()
    server = Server(place / "server", 18_000 + os.getpid() % 10_000)
    server.start()
    desks = []
    for number, code in enumerate(codes):
        data, clerk = place / str(number), NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
        enrol_new(data, server.url, code, clerk)
        desks.append(open_desk(data))
    stop, rounds = threading.Event(), [0, 0]
    hands = [
        threading.Thread(target=work, args=(desk, at, stop, rounds))
        for at, desk in enumerate(desks)
    ]
    for hand in hands:
        hand.start()
    try:
        for number in range(kills):
            time.sleep(dice.uniform(0.0, 0.6))
            if database and number % 2:
                crash(database)
                continue
            server.kill()
            server.start()
        time.sleep(1)
    finally:
        stop.set()
        for hand in hands:
            hand.join(120)
    server.kill()
    stamina.set_active(True)
    return _judge(place, desks, kills, rounds)


def _opened(data: Path) -> District:
    """The server's folder, once a PostgreSQL that was killed last has recovered."""
    until = time.monotonic() + 60
    while True:
        try:
            return open_district(data)
        except ServerDatabaseGone:
            assert time.monotonic() < until
            time.sleep(0.2)


def _judge(place: Path, desks: list[Desk], kills: int, rounds: list[int]) -> dict[str, object]:
    office = _opened(place / "server")
    with engines.reading(office.engine) as connection:
        held = {bytes(i) for i in connection.scalars(select(journal.c.id))}
        lines = Lines(connection, office.device.id)
        grave = [f.what for f in lines.examine(lambda: None) if f.grave]
    claimed: set[bytes] = set()
    for desk in desks:
        with desk.reading() as connection:
            reached = read_memory(connection, SERVER).reached
            here = or_(journal.c.via.is_(None), journal.c.via != SERVER)
            sent = select(journal.c.id).where(journal.c.n <= reached, here)
            claimed |= {bytes(i) for i in connection.scalars(sent)}
        desk.close()
    office.close()
    return {
        "kills": kills,
        "rounds": rounds[1],
        "broken": rounds[0],
        "signed": len(claimed),
        "held": len(held),
        "missing": len(claimed - held),
        "grave": grave,
    }


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database's URL")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        said = run(Path(place), args.kills, args.seed, args.database)
    print(json.dumps(said))
    return int(bool(said["missing"] or said["grave"]))


if __name__ == "__main__":
    sys.exit(main())
