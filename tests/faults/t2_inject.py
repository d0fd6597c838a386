"""T2, a fault at every system call: killed, EIO or ENOSPC at the N-th write, sync or truncation.

    python tests/faults/t2_inject.py --receipts 4

A run of a few dossiers with a stick is watched once, and every system call that changes the
database, its log or the spool is counted. Then the run is repeated for every N of each of them,
with the process killed there, with EIO, with ENOSPC once, and with a disk that stays full from
there on (strace; no root needed where a process may trace its own children). The child does what
the program does: full disk, the same form is saved again; input/output error, close, reopen, look
whether it was saved. Afterwards the counter is opened without faults: every code handed out is
there once, the doctor finds nothing, the stick is complete, and the next dossier is taken in.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path

from ground import Clock, Counter, found, opened, take_in
from t1_kill import in_a_child, told

from db import engine as engines
from db import projection
from db.doctor import examine
from db.engine import DatabaseDamaged, DiskFault, DiskFull
from db.refused import Refused

CALLS = ("pwrite64", "write", "fdatasync", "fsync", "ftruncate")
FAULTS = {"kill": "signal=KILL", "EIO": "error=EIO", "ENOSPC": "error=ENOSPC"}
Tell = Callable[[str], None]


def child(place: Path, key: bytes, receipts: int, go: int, tell: Tell) -> None:
    """Wait to be watched, then take dossiers in and tell each code handed out."""
    os.read(go, 1)
    counter = reopened(place, key, tell)
    for nth in range(receipts):
        obj = hashlib.sha256(b"form %d" % nth).digest()[:16]
        for _ in range(4):
            if counter is None:
                counter = reopened(place, key, tell)
                continue
            try:
                tell(json.dumps({"code": saved(counter, obj), "id": obj.hex()}))
                break
            except DiskFull:
                tell('{"refused": "DiskFull"}')
            except (DiskFault, DatabaseDamaged) as fault:
                tell(json.dumps({"refused": type(fault).__name__}))
                counter.close()
                counter = None
    if counter is not None:
        leave(counter, tell)


def reopened(place: Path, key: bytes, tell: Tell) -> Counter | None:
    """The counter, opened as at a start; None when the fault was met there."""
    try:
        return opened(place / "counter", key, place / "stick", Clock())
    except Refused as fault:
        tell(json.dumps({"refused": f"{type(fault).__name__} at the opening"}))
        return None


def saved(counter: Counter, obj: bytes) -> str:
    """The code of a form: the one it has from an earlier attempt, or a new one."""
    with engines.reading(counter.journal.engine) as connection:
        known = projection.dossier_of(connection, obj)
    return known.facts.code if known is not None else take_in(counter, obj)[0]


def leave(counter: Counter, tell: Tell) -> None:
    """The way out of the program."""
    try:
        engines.checkpoint(counter.journal.engine, truncate=True)
    except Refused as fault:
        tell(json.dumps({"refused": f"{type(fault).__name__} on the way out"}))
    counter.close()


def check(place: Path, key: bytes, handed: dict[str, str], tell: Tell) -> None:
    """Open without faults and tell everything that is wrong."""
    counter = opened(place / "counter", key, place / "stick", Clock())
    wrong: list[str] = []
    with engines.reading(counter.journal.engine) as connection:
        for code, id_ in handed.items():
            dossier = projection.dossier_of(connection, bytes.fromhex(id_))
            if dossier is None or dossier.facts.code != code or dossier.flags:
                wrong.append(f"missing or doubled: {code}")
    code, _ = take_in(counter)
    if code in handed:
        wrong.append(f"drawn again: {code}")
    findings = examine(counter.journal, counter.spool).findings
    wrong += [str(finding) for finding in findings if finding.what != "spool-same-medium"]
    counter.close()
    tell(json.dumps({"wrong": wrong}))


def watched(
    place: Path, key: bytes, receipts: int, strace: list[str]
) -> tuple[list[dict[str, object]], int]:
    """Run a child under strace; what it told, and how it ended."""
    go, start = os.pipe()
    number, pipe = in_a_child(lambda tell: child(place, key, receipts, go, tell))
    os.close(go)
    files = ("counter/counter.db", "counter/counter.db-wal", "counter/counter.db-shm")
    paths = [place / name for name in files] + [next((place / "stick").iterdir())]
    watcher = subprocess.Popen(
        ["strace", "-f", "-p", str(number), *strace, *(w for p in paths for w in ("-P", str(p)))],
        stderr=subprocess.PIPE,
        text=True,
    )
    assert watcher.stderr is not None
    # Paths that are not there yet are named by a warning first.
    while (line := watcher.stderr.readline()) and "attached" not in line:
        if "Operation not permitted" in line:
            os.close(start)
            raise PermissionError("strace may not trace here")
    os.write(start, b"!")
    os.close(start)
    said = told(pipe)
    _, status = os.waitpid(number, 0)
    watcher.communicate()
    return said, status


def calls_of(ground: Path, key: bytes, receipts: int, folder: Path) -> dict[str, int]:
    """How often each system call is made in a run without faults."""
    place = fresh(ground, folder)
    seen = folder / "seen"
    watched(place, key, receipts, ["-o", str(seen), "-e", f"trace={','.join(CALLS)}"])
    words = [line.split()[1].split("(")[0] for line in seen.read_text().splitlines()]
    return {call: words.count(call) for call in CALLS}


def fresh(ground: Path, folder: Path) -> Path:
    """A copy of the counter and its stick."""
    place = folder / "place"
    shutil.rmtree(place, ignore_errors=True)
    shutil.copytree(ground, place)
    return place


def lane(
    ground: Path, key: bytes, receipts: int, folder: Path, runs: list[str]
) -> dict[str, object]:
    """Carry out some of the runs; the figures."""
    seen: Tally[str] = Tally()
    for run in runs:
        call, fault, when = run.split()
        place = fresh(ground, folder)
        inject = f"inject={call}:{FAULTS[fault]}:when={when}"
        said, status = watched(place, key, receipts, ["-o", "/dev/null", "-e", inject])
        handed = {str(s["code"]): str(s["id"]) for s in said if "code" in s}
        seen[fault + (" for good" if when.endswith("+") else "")] += 1
        seen.update(f"told {s['refused']}" for s in said if "refused" in s)
        if os.WIFEXITED(status) and os.WEXITSTATUS(status):
            return {"wrong": [f"{run}: the fault was taken for a bug"]}
        number, pipe = in_a_child(lambda tell, p=place, h=handed: check(p, key, h, tell))
        wrong = [w for s in told(pipe) for w in s["wrong"]]  # type: ignore[attr-defined]
        _, status = os.waitpid(number, 0)
        if fault != "kill" and not when.endswith("+") and len(handed) < receipts:
            wrong.append("one fault stopped the intake for good")
        if wrong or status:
            return {"wrong": [f"{run}: {wrong or 'the counter did not open'}"]}
    return {"wrong": [], **dict(sorted(seen.items()))}


def run(folder: Path, receipts: int, lanes: int) -> list[dict[str, object]]:
    """Every N of every call with every fault, on all cores."""
    ground = folder / "ground"
    (ground / "stick").mkdir(parents=True)
    key = found(ground / "counter")
    opened(ground / "counter", key, ground / "stick").close()
    counts = calls_of(ground, key, receipts, folder)
    runs = [
        f"{call} {fault} {n}"
        for call, count in counts.items()
        for n in range(1, count + 1)
        for fault in FAULTS
    ]
    runs += [f"{c} ENOSPC {n}+" for c, count in counts.items() for n in range(1, count + 1, 5)]
    random.Random(1).shuffle(runs)
    each = []
    for nth in range(lanes):
        (folder / str(nth)).mkdir()
        work = (ground, key, receipts, folder / str(nth), runs[nth::lanes])
        each.append(in_a_child(lambda tell, w=work: tell(json.dumps(lane(*w)))))
    results: list[dict[str, object]] = [{"calls": counts, "runs": len(runs), "wrong": []}]
    for number, pipe in each:
        results += told(pipe) or [{"wrong": ["a lane broke"]}]
        os.waitpid(number, 0)
    return results


def main() -> None:
    """Run with the size asked for and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--receipts", type=int, default=3)
    asked.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    given = asked.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = run(Path(folder), given.receipts, given.lanes)
    print(f"T2, {time.monotonic() - begun:.0f} s:")
    for result in results:
        print("   ", result)
    sys.exit(any(result["wrong"] for result in results))


if __name__ == "__main__":
    main()
