"""Server processes for the replication bench, and what they take."""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from db.district.counters import issue_code
from db.district.server import make_district, open_district
from db.seed import seed


class Running(NamedTuple):
    """A process that answers at an address."""

    url: str
    pid: int

    def memory(self) -> int:
        """Bytes it has in memory now, its other processes included (Linux)."""
        return sum(_resident(pid) for pid in (self.pid, *_children(self.pid)))


@contextlib.contextmanager
def district(data: Path, database: str = "") -> Iterator[Running]:
    """A fresh district server, the real program, on loopback without TLS."""
    make_district(data, seed(), database=database)
    words = ("-m", "db.district", "--data", str(data), "--http", "--port", "0")
    with _program(words) as (said, pid):
        yield Running(said["listening"], pid)


@contextlib.contextmanager
def bare(place: str) -> Iterator[Running]:
    """The floor."""
    with _program(("-m", "desk_app.bench.bare", place)) as (said, pid):
        yield Running(f"http://127.0.0.1:{said['port']}", pid)


def code_for(data: Path, office: str) -> str:
    """A one-time code of a server that runs."""
    server = open_district(data)
    code = issue_code(server, office)
    server.close()
    return code


@contextlib.contextmanager
def _program(words: tuple[str, ...]) -> Iterator[tuple[dict[str, str], int]]:
    command = [sys.executable, "-P", *words]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield json.loads(process.stdout.readline()), process.pid
        finally:
            process.terminate()


def _resident(pid: int) -> int:
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * 4_096


def _children(pid: int) -> list[int]:
    """Those of every thread: a process belongs to the thread that began it."""
    listed = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for children in listed for child in children.read_text().split()]
