"""T1, the power switch: a real child at real intake, killed at any moment, again and again.

    python tests/faults/t1_kill.py --times 10000

The child opens the counter, heals from the stick, takes dossiers in with the receiving service
and tells every code it hands out through a pipe. The parent kills it (SIGKILL) after a random
time, at the opening as well as at work, and keeps the ledger of codes handed out. Every so often
and at the end the counter is opened once more: no code of the ledger may be missing, none on two
dossiers, no number missing in any epoch, and the doctor must find nothing at all.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import signal
import sys
import tempfile
import time
import traceback
from collections.abc import Callable
from pathlib import Path

import real_desk

from desk_app.desk import open_desk
from desk_app.services.correct import add_note
from desk_app.services.demo import people

AT_THE_OPENING = 0.25
"""Share of kills that come before the counter is open."""
OPENING, WORKING = 0.1, 0.03
"""Seconds: the longest a child has to open the counter, and between its last word and the kill."""
MOST_WORDS = 6
CHECK_EVERY = 100


def child(data: Path, seed: int, tell: Callable[[str], None]) -> None:
    """Take dossiers in until killed."""
    dice, citizens = random.Random(seed), people(seed % 1_000)
    desk = open_desk(data)
    healed = desk.healed
    tell(json.dumps({"healed": healed}))
    while True:
        dossier = real_desk.take_in(desk, next(citizens))
        tell(json.dumps({"code": dossier.facts.code, "id": dossier.id}))
        if dice.random() < 0.2:
            add_note(desk, bytes.fromhex(dossier.id), "Hẹn gọi lại")
        time.sleep(dice.random() * 0.01)


def checker(data: Path, handed: tuple[tuple[str, str], ...], tell: Callable[[str], None]) -> None:
    """Open the counter once more and look for everything that may be wrong."""
    desk = open_desk(data)
    tell(json.dumps({"wrong": real_desk.faults_of(desk, handed)}))
    desk.close()


def in_a_child(work: Callable[[Callable[[str], None]], None]) -> tuple[int, int]:
    """Start some work in a forked process; its number and the pipe it tells through."""
    reading, writing = os.pipe()
    number = os.fork()
    if number == 0:
        status = 1
        try:
            os.close(reading)
            # One write of less than a pipe's buffer: told whole or not at all.
            work(lambda text: void(os.write(writing, text.encode() + b"\n")))
            status = 0
        except BaseException:
            # Nobody above prints it: this process ends here.
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(writing)
    return number, reading


def void(_: object) -> None:
    """Nothing."""


def told(pipe: int, before: bytes = b"") -> list[dict[str, object]]:
    """What a child told until its end."""
    with os.fdopen(pipe, "rb") as file:
        return [json.loads(text) for text in (before + file.read()).splitlines()]


def wait_for_the_moment(pipe: int, dice: random.Random) -> bytes:
    """Wait until a child is to be killed, at the opening or after some words; what it told."""
    if dice.random() < AT_THE_OPENING:
        time.sleep(dice.uniform(0, OPENING))
        return b""
    words, heard = dice.randint(1, MOST_WORDS), b""
    while heard.count(b"\n") < words and (more := os.read(pipe, 4096)):
        heard += more
    time.sleep(dice.uniform(0, WORKING))
    return heard


def lane(folder: Path, times: int, seed: int) -> dict[str, object]:
    """One counter, killed so many times; the figures."""
    dice = random.Random(seed)
    (folder / "stick").mkdir(parents=True)
    data = real_desk.make(folder, folder / "stick")
    handed: list[tuple[str, str]] = []
    behind = at_opening = 0
    for nth in range(1, times + 1):
        draw = dice.randrange(2**31)
        number, pipe = in_a_child(lambda tell, draw=draw: child(data, draw, tell))
        heard = wait_for_the_moment(pipe, dice)
        os.kill(number, signal.SIGKILL)
        _, status = os.waitpid(number, 0)
        said = told(pipe, heard)
        if not os.WIFSIGNALED(status):
            return {"wrong": [f"the child ended by itself after {nth} kills"]}
        at_opening += not said
        behind += sum(int(s["healed"][1]) for s in said if s.get("healed"))  # type: ignore[index]
        handed += [(str(s["code"]), str(s["id"])) for s in said if "code" in s]
        if nth % CHECK_EVERY == 0 or nth == times:
            number, pipe = in_a_child(lambda tell, said=tuple(handed): checker(data, said, tell))
            _, status = os.waitpid(number, 0)
            wrong = [w for s in told(pipe) for w in s["wrong"]]  # type: ignore[attr-defined]
            if wrong or status:
                return {"wrong": wrong or ["the counter did not open"], "kills": nth}
    return {
        "kills": times, "at_opening": at_opening, "handed": len(handed),
        "copied_at_next_opening": behind, "wrong": [],
    }  # fmt: skip


def run(folder: Path, times: int, seed: int, lanes: int) -> list[dict[str, object]]:
    """Several counters at a time, one for each core."""
    os.environ["XDG_CONFIG_HOME"] = str(folder / "config")
    each = [
        in_a_child(
            lambda tell, n=n: tell(json.dumps(lane(folder / str(n), times // lanes, seed + n)))
        )
        for n in range(lanes)
    ]
    results = []
    for number, pipe in each:
        results += told(pipe) or [{"wrong": ["a lane broke"]}]
        os.waitpid(number, 0)
    return results


def main() -> None:
    """Run with the size asked for and print the figures."""
    asked = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    asked.add_argument("--times", type=int, default=1000)
    asked.add_argument("--lanes", type=int, default=os.cpu_count() or 1)
    asked.add_argument("--seed", type=int, default=random.randrange(2**31))
    given = asked.parse_args()
    begun = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        results = run(Path(folder), given.times, given.seed, given.lanes)
    print(f"T1 seed {given.seed}, {time.monotonic() - begun:.0f} s:")
    for result in results:
        print("   ", result)
    sys.exit(any(result["wrong"] for result in results))


if __name__ == "__main__":
    main()
