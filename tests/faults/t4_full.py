"""T4, no room: a full disk, a file that may not grow, a full second medium.

    python tests/faults/t4_full.py limit        # RLIMIT_FSIZE, as any user
    sudo python tests/faults/t4_full.py disk    # a 3 MB tmpfs for the database
    sudo python tests/faults/t4_full.py stick   # a 200 KB tmpfs for the spool

Dossiers are taken in until the disk refuses. Then: nothing of the refused one is there, everything
of the others is; and when there is room again, the same form is saved and the intake goes on. A
full stick refuses nothing: the dossiers that exist once only are counted, and it catches up. The
tmpfs is mounted in a mount namespace of its own, so nobody else sees it.
"""

from __future__ import annotations

import argparse
import os
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from ground import Clock, Counter, found, lines_of, opened, take_in
from sqlalchemy import text

from db import engine as engines
from db.doctor import examine
from db.engine import DiskFault, DiskFull
from db.refused import Refused

BALLAST = "ballast"


def until_full(counter: Counter) -> tuple[int, bytes, Refused]:
    """Take in until the disk refuses: how many, the form that was refused, and the refusal."""
    for count in range(100_000):
        obj = secrets.token_bytes(16)
        try:
            take_in(counter, obj)
        except (DiskFull, DiskFault) as refused:
            return count, obj, refused
    raise AssertionError("the disk never got full")


def nothing_or_all(counter: Counter) -> str:
    """Whether every dossier of the journal has its row, its number and its words, and no more."""
    with engines.reading(counter.journal.engine) as connection:
        rows = connection.execute(text("SELECT count(*) FROM dossier")).scalar_one()
        drawn = connection.execute(text("SELECT sum(n) FROM ctr")).scalar_one() or 0
    report = examine(counter.journal)
    assert report.findings == (), report
    assert rows == drawn
    return f"{rows} = {drawn} of dossiers and numbers, {report.entries} entries sound"


def goes_on(counter: Counter, refused_form: bytes) -> None:
    """The clerk presses save again, and the next citizen comes."""
    before = len(lines_of(counter))
    take_in(counter, refused_form)
    take_in(counter)
    assert len(lines_of(counter)) == before + 2


def limit(folder: Path) -> str:
    """No file may grow beyond 2 MB: the system says EFBIG, SQLite an input/output error."""
    key = found(folder / "counter")
    counter = opened(folder / "counter", key)
    _, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (2 * 1024 * 1024, hard))
    count, form, refused = until_full(counter)
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    # After an error of the disk the program closes, reopens and looks.
    counter.close()
    counter = opened(folder / "counter", key, None, Clock())
    said = nothing_or_all(counter)
    goes_on(counter, form)
    nothing_or_all(counter)
    counter.close()
    return f"{type(refused).__name__} after {count} dossiers; {said}; goes on"


def disk(folder: Path) -> str:
    """A disk of 3 MB with a 1 MB file on it that can be cleared away."""
    mount(folder, "3m")
    (folder / BALLAST).write_bytes(bytes(1024 * 1024))
    key = found(folder / "counter")
    counter = opened(folder / "counter", key)
    count, form, refused = until_full(counter)
    assert isinstance(refused, DiskFull), refused
    said = nothing_or_all(counter)
    (folder / BALLAST).unlink()
    goes_on(counter, form)
    nothing_or_all(counter)
    again, form, refused = until_full(counter)
    assert isinstance(refused, DiskFull), refused
    nothing_or_all(counter)
    counter.close()
    return f"DiskFull after {count} and again after {again} dossiers; {said}; goes on"


def stick(folder: Path) -> str:
    """A second medium of 200 KB, half of it taken."""
    (folder / "stick").mkdir()
    mount(folder / "stick", "200k")
    (folder / "stick" / BALLAST).write_bytes(bytes(100 * 1024))
    key = found(folder / "counter")
    counter = opened(folder / "counter", key, folder / "stick")
    spool = counter.spool
    assert spool is not None
    count = 0
    while not spool.why:
        take_in(counter)
        count += 1
    for _ in range(20):
        take_in(counter)
    lines = len(lines_of(counter))
    once_only = lines - spool.reached(counter.journal)
    assert (spool.why, spool.state) == ("ENOSPC", "missing")
    assert once_only >= 21
    nothing_or_all(counter)
    (folder / "stick" / BALLAST).unlink()
    take_in(counter)
    assert (spool.why, spool.state) == ("", "ok")
    assert spool.reached(counter.journal) == lines + 1
    assert examine(counter.journal, spool).findings == ()
    counter.close()
    return f"full after {count} dossiers, {once_only} entries once only, none refused; caught up"


def mount(folder: Path, size: str) -> None:
    """A small disk of its own, seen by this process only."""
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)], check=True)


def in_a_namespace(what: str) -> None:
    """Start again where a mount is nobody else's."""
    command = ["unshare", "--mount", "--propagation", "private", sys.executable, __file__, what]
    os.execvp("unshare", [*command, "--alone"])


def main() -> None:
    """Run one of the three and print its figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("what", choices=("limit", "disk", "stick"))
    asked.add_argument("--alone", action="store_true", help=argparse.SUPPRESS)
    given = asked.parse_args()
    if given.what != "limit" and not given.alone:
        if shutil.which("unshare") is None or os.geteuid() != 0:
            print("needs root and unshare")
            sys.exit(77)
        in_a_namespace(given.what)
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        print(f"T4 {given.what}: {globals()[given.what](Path(folder))}")
        if given.what != "limit":
            # The folder itself can be taken away only when nothing is mounted on it.
            mounted = folder if given.what == "disk" else f"{folder}/stick"
            subprocess.run(["umount", "--lazy", mounted], check=True)


if __name__ == "__main__":
    main()
