"""T3, power loss: what the disk may hold at every moment, and whether the journal is whole in it.

    python tests/faults/t3_power.py --receipts 40 --images 100000

The statements of a real counter at work (the shipped engine, encrypted) are recorded and played
back through an APSW file system that notes every write, truncation, sync and deletion. After
every one of them images of the disk are built, with nothing, all, a prefix or random 512-byte
sectors of what was not synced yet; each is opened like after a power cut. What was acknowledged
must be there byte for byte, what was not must be there whole or not at all.

Played back on plain SQLite with the pragmas of ``db/engine.py``: the pager inside the shipped
SQLCipher cannot be given a file system of ours. It is the same pager; T1 and T2 run on the
shipped one. APSW's files have no shared memory, so WAL runs in exclusive locking mode.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import apsw
from ground import found, go_on_with, lines_of, opened, take_in

from db import engine as engines

SECTOR = 512


class Step(NamedTuple):
    """One thing that reached the file system, or a commit that returned."""

    what: str
    file: str
    at: int = 0
    data: bytes = b""


# ---------------------------------------------------------------- record


def statements(folder: Path, receipts: int) -> tuple[list[str], list[bytes]]:
    """Every statement of a small counter from its making on, and its lines in order."""
    said: list[str] = []
    connect = engines._Keyed.__call__

    def traced(self: Any, connection: Any, record: object) -> None:
        connect(self, connection, record)
        connection.set_trace_callback(said.append)

    engines._Keyed.__call__ = traced  # type: ignore[method-assign]
    try:
        counter = opened(folder, found(folder))
        for nth in range(receipts):
            _, entry = take_in(counter)
            if nth % 2:
                go_on_with(counter, entry)
            if nth % 3 == 2:
                engines.checkpoint(counter.journal.engine)
        engines.checkpoint(counter.journal.engine, truncate=True)
        _, _ = take_in(counter)
        lines = lines_of(counter)
        counter.close()
    finally:
        engines._Keyed.__call__ = connect  # type: ignore[method-assign]
    kept = [s for s in said if not s.startswith("-- ") and _plays(s)]
    return kept, lines


def _plays(statement: str) -> bool:
    first = statement.split(None, 1)[0].upper()
    return first in ("BEGIN", "COMMIT", "ROLLBACK", "INSERT", "UPDATE", "DELETE", "CREATE") or (
        statement.startswith("PRAGMA wal_checkpoint")
    )


class RecordedFile(apsw.VFSFile):
    """A file that tells what is done to it."""

    def __init__(self, steps: list[Step], name: Any, flags: list[int]) -> None:
        super().__init__("", name, flags)
        self._steps = steps
        self._name = Path(name.filename() if hasattr(name, "filename") else name).name

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802
        super().xWrite(data, offset)
        self._steps.append(Step("write", self._name, offset, bytes(data)))

    def xTruncate(self, newsize: int) -> None:  # noqa: N802
        super().xTruncate(newsize)
        self._steps.append(Step("truncate", self._name, newsize))

    def xSync(self, flags: int) -> None:  # noqa: N802
        super().xSync(flags)
        self._steps.append(Step("sync", self._name))


class RecordedFiles(apsw.VFS):
    """A file system that tells what is done to it."""

    def __init__(self) -> None:
        self.steps: list[Step] = []
        super().__init__("recorded", "")

    def xOpen(self, name: Any, flags: list[int]) -> RecordedFile:  # noqa: N802
        file = RecordedFile(self.steps, name, flags)
        self.steps.append(Step("open", file._name))
        return file

    def xDelete(self, name: str, syncdir: bool) -> None:  # noqa: N802
        super().xDelete(name, syncdir)
        self.steps.append(Step("delete", Path(name).name))


def play(folder: Path, said: list[str], pragmas: tuple[str, ...]) -> list[Step]:
    """Play the statements back and give what reached the file system, commits marked."""
    files = RecordedFiles()
    connection = apsw.Connection(str(folder / "counter.db"), vfs="recorded")
    connection.execute("PRAGMA locking_mode=EXCLUSIVE")
    for pragma in pragmas:
        connection.execute(f"PRAGMA {pragma}")
    for statement in said:
        connection.execute(statement)
        if statement.startswith("COMMIT"):
            files.steps.append(Step("committed", "", lines_in(connection)))
    connection.close()
    files.unregister()
    return files.steps


def lines_in(connection: apsw.Connection) -> int:
    """How many lines the journal holds; 0 while there is no journal."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name='journal'").get:
        return 0
    return int(connection.execute("SELECT count(*) FROM journal").get)


# ---------------------------------------------------------------- what the disk may hold


@dataclass
class OnDisk:
    """One file: what is surely on the disk, and what was done since the last sync."""

    sure: bytearray = field(default_factory=bytearray)
    pending: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        """Everything pending is on the disk."""
        self.sure = apply(self.sure, self.pending)
        self.pending = []


def apply(content: bytearray, steps: list[Step]) -> bytearray:
    """A file after some steps."""
    after = bytearray(content)
    for step in steps:
        if step.what == "truncate":
            del after[step.at :]
            after.extend(bytes(step.at - len(after)))
        else:
            after.extend(bytes(max(0, step.at - len(after))))
            after[step.at : step.at + len(step.data)] = step.data
    return after


def sectors(steps: list[Step]) -> list[Step]:
    """The same steps, every write cut where a disk may cut it."""
    cut: list[Step] = []
    for step in steps:
        at, end = step.at, step.at + len(step.data)
        if step.what == "truncate":
            cut.append(step)
        while step.what == "write" and at < end:
            stop = min(end, (at // SECTOR + 1) * SECTOR)
            cut.append(Step("write", step.file, at, step.data[at - step.at : stop - step.at]))
            at = stop
    return cut


def disks(files: dict[str, OnDisk], chance: random.Random, extra: int) -> Iterator[dict[str, Any]]:
    """What may be found after the power went: nothing, all, prefixes and random sectors."""
    yield {name: file.sure for name, file in files.items()}
    if not any(file.pending for file in files.values()):
        return
    yield {name: apply(file.sure, file.pending) for name, file in files.items()}
    for turn in range(extra):
        image = {}
        for name, file in files.items():
            cut = sectors(file.pending)
            if turn % 2:
                kept = cut[: chance.randrange(len(cut) + 1)]
            else:
                share = chance.random()
                kept = [step for step in cut if chance.random() < share]
            image[name] = apply(file.sure, kept)
        yield image


# ---------------------------------------------------------------- look


@dataclass
class Found:
    """What was found in all images."""

    images: int = 0
    lost: int = 0
    torn: int = 0
    corrupt: int = 0

    def __str__(self) -> str:
        return (
            f"{self.images} images: {self.lost} lost an acknowledged line, "
            f"{self.torn} torn, {self.corrupt} corrupt"
        )


def examine(
    steps: list[Step], lines: list[bytes], folder: Path, chance: random.Random, images: int
) -> Found:
    """Build images after every step and open each of them."""
    files: dict[str, OnDisk] = {}
    result = Found()
    acknowledged = 0
    extra = max(2, images // max(1, len(steps)))
    for step in steps:
        if step.what == "committed":
            acknowledged = step.at
        elif step.what == "open":
            files.setdefault(step.file, OnDisk())
        elif step.what == "delete":
            files.pop(step.file, None)
        elif step.what == "sync":
            files[step.file].sync()
        else:
            files[step.file].pending.append(step)
        for image in disks(files, chance, extra):
            look(image, lines, acknowledged, folder, result)
    return result


def look(
    image: dict[str, Any], lines: list[bytes], acknowledged: int, folder: Path, result: Found
) -> None:
    """Open one image as the program would after the power came back."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in image.items():
        (folder / name).write_bytes(content)
    result.images += 1
    connection = None
    try:
        connection = apsw.Connection(str(folder / "counter.db"))
        connection.execute("PRAGMA synchronous=OFF")  # of the image nothing is kept
        if connection.execute("PRAGMA quick_check").get != "ok":
            result.corrupt += 1
            return
        held: list[bytes] = []
        told = 0
        if connection.execute("SELECT 1 FROM sqlite_master WHERE name='journal'").get:
            held = [bytes(row[0]) for row in connection.execute("SELECT line FROM journal")]
            told = connection.execute("SELECT n FROM tally WHERE scope LIKE 'dev:%'").get or 0
        if held != lines[: len(held)] or told != len(held):
            result.torn += 1
        elif len(held) < acknowledged:
            result.lost += 1
    except apsw.Error:
        result.corrupt += 1
    finally:
        if connection is not None:
            connection.close()


def run(
    folder: Path, receipts: int, images: int, seed: int, synchronous: str | None = None
) -> Found:
    """Record, play back, examine; ``synchronous`` instead of the shipped setting."""
    said, lines = statements(folder / "real", receipts)
    pragmas = tuple(
        f"synchronous={synchronous}" if synchronous and p.startswith("synchronous") else p
        for p in engines.PRAGMAS
    )
    (folder / "played").mkdir()
    steps = play(folder / "played", said, pragmas)
    chance = random.Random(seed)
    return examine(steps, lines, folder / "image", chance, images)


def main() -> None:
    """Run with the size asked for and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--receipts", type=int, default=12)
    asked.add_argument("--images", type=int, default=10_000)
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    asked.add_argument("--synchronous", help="FULL as shipped; NORMAL shows what is lost then")
    given = asked.parse_args()
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        result = run(Path(folder), given.receipts, given.images, given.seed, given.synchronous)
    print(f"T3 seed {given.seed}: {result}")
    raise SystemExit(bool(result.lost or result.torn or result.corrupt))


if __name__ == "__main__":
    main()
