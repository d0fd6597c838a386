"""T7, rot: bits flipped, files cut, pages zeroed and swapped in the database, its log, the spool.

    python tests/faults/t7_rot.py --times 1500

Each time one harm is done to a copy of a counter at work. Then: what can still be read is what
was written, byte for byte; harm to the database is noticed, at the opening or by the doctor; and
after healing from the spool, into a new database where the old one is lost, every line is there.
"""

from __future__ import annotations

import argparse
import random
import shutil
import tempfile
from collections import Counter as Tally
from collections.abc import Callable
from pathlib import Path

from ground import COMMUNE, Clock, Counter, found, go_on_with, lines_of, opened, take_in

from db import engine as engines
from db.doctor import examine
from db.engine import DatabaseDamaged, DiskFault, WrongKey
from db.identity import Device
from db.restore import restore
from db.spool import Spool, heal

PAGE = 4096
Harm = Callable[[Path, random.Random], None]


def flip(path: Path, chance: random.Random) -> None:
    """One bit, anywhere in the file."""
    whole = bytearray(path.read_bytes())
    bit = chance.randrange(8 * len(whole))
    whole[bit // 8] ^= 1 << bit % 8
    path.write_bytes(whole)


def truncate(path: Path, chance: random.Random) -> None:
    """Everything from some byte on."""
    whole = path.read_bytes()
    path.write_bytes(whole[: chance.randrange(len(whole))])


def zero_a_page(path: Path, chance: random.Random) -> None:
    """One page, as a drive that remapped a sector."""
    whole = bytearray(path.read_bytes())
    at = PAGE * chance.randrange(len(whole) // PAGE)
    whole[at : at + PAGE] = bytes(PAGE)
    path.write_bytes(whole)


def swap_two_pages(path: Path, chance: random.Random) -> None:
    """Two pages, each whole in itself."""
    whole = bytearray(path.read_bytes())
    a, b = (PAGE * n for n in chance.sample(range(len(whole) // PAGE), 2))
    whole[a : a + PAGE], whole[b : b + PAGE] = whole[b : b + PAGE], whole[a : a + PAGE]
    path.write_bytes(whole)


DATABASE_HARMS: tuple[Harm, ...] = (flip, flip, flip, truncate, zero_a_page, swap_two_pages)


class Ground:
    """A counter at work and its stick, closed as a power cut leaves them, to be copied and harmed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "stick").mkdir()
        self.key = found(folder / "counter")
        counter = opened(folder / "counter", self.key, folder / "stick")
        for nth in range(24):
            _, entry = take_in(counter)
            if nth % 3 == 0:
                go_on_with(counter, entry)
            if nth == 14:
                engines.checkpoint(counter.journal.engine, truncate=True)
        self.device: Device = counter.journal.device
        self.lines = lines_of(counter)
        assert counter.spool is not None
        self.spool_name = counter.spool.file.path.name
        # The last connection to close would tidy the log away: copied while it is open.
        shutil.copytree(folder / "counter", folder / "at work")
        engines.checkpoint(counter.journal.engine, truncate=True)
        counter.close()
        shutil.copytree(folder / "counter", folder / "at rest")

    def copy(self, which: str) -> Path:
        """A fresh copy with its stick, in the same place each time."""
        place = self.folder / "harmed"
        shutil.rmtree(place, ignore_errors=True)
        shutil.copytree(self.folder / which, place / "counter")
        shutil.copytree(self.folder / "stick", place / "stick")
        return place

    def recovered(self, place: Path) -> list[bytes]:
        """The lines of a database made again from the stick and what the old file gives."""
        database = place / "counter" / "counter.db"
        restore(database, self.key, place / "stick", COMMUNE, Clock())
        counter = opened(place / "counter", self.key, place / "stick")
        report = examine(counter.journal, counter.spool)
        assert report.sound, report
        *lines, _enrolled_anew = lines_of(counter)
        counter.close()
        return lines


def harm_the_database(ground: Ground, chance: random.Random, seen: Tally[str]) -> None:
    """The file at rest: every harm is noticed, and the stick brings everything back."""
    place = ground.copy("at rest")
    harm = chance.choice(DATABASE_HARMS)
    before = (place / "counter" / "counter.db").read_bytes()
    harm(place / "counter" / "counter.db", chance)
    if (place / "counter" / "counter.db").read_bytes() == before:
        return
    seen[f"database {harm.__name__}"] += 1
    if noticed(ground, place):
        assert ground.recovered(place) == ground.lines
    else:
        seen["database UNNOTICED"] += 1


def noticed(ground: Ground, place: Path) -> bool:
    """Whether the opening or the doctor finds it; what is read all the same must be true."""
    counter: Counter | None = None
    try:
        counter = opened(place / "counter", ground.key)
        report = examine(counter.journal)
        assert set(lines_of(counter)) <= set(ground.lines), "a line was changed in silence"
        return not report.sound
    except (WrongKey, DatabaseDamaged, DiskFault):
        return True
    finally:
        if counter is not None:
            counter.close()


def harm_the_log(ground: Ground, chance: random.Random, seen: Tally[str]) -> None:
    """The log of a running counter: SQLite drops what is damaged, the stick gives it back."""
    place = ground.copy("at work")
    harm = chance.choice((flip, truncate))
    harm(place / "counter" / "counter.db-wal", chance)
    seen[f"log {harm.__name__}"] += 1
    counter = opened(place / "counter", ground.key, place / "stick")
    assert counter.healed is not None
    seen["log lines recovered"] += counter.healed.recovered
    assert lines_of(counter) == ground.lines
    assert examine(counter.journal, counter.spool).sound
    counter.close()


def harm_the_spool(ground: Ground, chance: random.Random, seen: Tally[str]) -> None:
    """The stick: lines are lost or whole, never others; the journal writes them again."""
    place = ground.copy("at rest")
    harm = chance.choice((flip, flip, truncate))
    path = place / "stick" / ground.spool_name
    harm(path, chance)
    seen[f"spool {harm.__name__}"] += 1
    counter = opened(place / "counter", ground.key)
    spool = Spool(place / "stick", ground.device.id, ground.key, beside=place / "counter")
    held = [kept.line for kept in spool.lines() if kept.line is not None]
    assert set(held) <= set(ground.lines), "a line was changed in silence"
    assert len(held) >= len(ground.lines) - 2 or harm is truncate
    heal(counter.journal, spool, whole=True)
    held = [kept.line for kept in spool.lines() if kept.line is not None]
    assert set(held) == set(ground.lines)
    assert lines_of(counter) == ground.lines
    counter.close()


def run(folder: Path, times: int, seed: int) -> Tally[str]:
    """Do a third of the harms to each of database, log and spool; what was done, counted."""
    ground = Ground(folder)
    chance = random.Random(seed)
    seen: Tally[str] = Tally()
    for nth in range(times):
        (harm_the_database, harm_the_log, harm_the_spool)[nth % 3](ground, chance, seen)
    return seen


def main() -> None:
    """Run with the size asked for and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--times", type=int, default=300)
    asked.add_argument("--seed", type=int, default=random.randrange(2**32))
    given = asked.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        seen = run(Path(folder), given.times, given.seed)
    print(f"T7 seed {given.seed}: " + ", ".join(f"{what} {n}" for what, n in sorted(seen.items())))
    raise SystemExit(bool(seen["database UNNOTICED"]))


if __name__ == "__main__":
    main()
