"""T21: one office, three counters and a server, each in a network of its own, cables pulled at random.

    python tests/faults/lan_office.py [SECONDS] [SEED]

Real programs in network namespaces (root on Linux). Counters find each other by name on the cable;
each takes dossiers in and works on everybody's. At the end the cables are in again: everybody must
come to the same, no code may be there twice without being shown, nothing may be missing.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

OFFICE = "H24.314.11749"
SERVER, SERVER_AT = "s", "10.77.0.10"
COUNTERS = ("1", "2", "3")
ROUND_SECONDS = "0.5"
PYTHON = (sys.executable, "-P")


def ip(*words: str) -> None:
    subprocess.run(["ip", *words], check=True, capture_output=True)


@contextlib.contextmanager
def office(mark: str) -> Iterator[None]:
    """A switch and four network namespaces on it."""
    switch = f"{mark}-sw"
    spaces = [f"{mark}-{each}" for each in (*COUNTERS, SERVER)]
    try:
        ip("netns", "add", switch)
        ip("-n", switch, "link", "add", "br0", "type", "bridge", "mcast_snooping", "0")
        ip("-n", switch, "link", "set", "br0", "up")
        for place, each in enumerate((*COUNTERS, SERVER)):
            space, port = f"{mark}-{each}", f"p{each}"
            ip("netns", "add", space)
            ip("-n", space, "link", "add", "eth0", "type", "veth", "peer", port, "netns", switch)
            ip("-n", switch, "link", "set", port, "master", "br0", "up")
            address = SERVER_AT if each == SERVER else f"10.77.0.{place + 1}"
            ip("-n", space, "addr", "add", f"{address}/24", "dev", "eth0")
            ip("-n", space, "link", "set", "lo", "up")
            ip("-n", space, "link", "set", "eth0", "up")
            ip("-n", space, "route", "add", "default", "dev", "eth0")
        yield
    finally:
        for space in (*spaces, switch):
            subprocess.run(["ip", "netns", "del", space], check=False, capture_output=True)


def within(mark: str, each: str, *words: object) -> list[str]:
    return ["ip", "netns", "exec", f"{mark}-{each}", *map(str, words)]


def cable(mark: str, each: str, up: bool) -> None:
    """Pull a cable out at the switch, or put it in again."""
    ip("-n", f"{mark}-sw", "link", "set", f"p{each}", "up" if up else "down")


@dataclass
class Ended:
    """What the afternoon came to."""

    dossiers: int = 0
    entries: int = 0
    cuts: int = 0
    flags: int = 0
    codes_twice: int = 0
    missing: int = 0
    apart: int = 0
    met: int = 0
    """Siblings found by name and met on the cable, of six."""
    seconds: float = 0.0
    """Until everybody had come to the same, after the cables were in again."""
    notes: list[str] = field(default_factory=list)


def afternoon(place: Path, seconds: float, seed: int) -> Ended:
    """Run it all once."""
    mark = f"h{os.getpid() % 10_000}"
    with office(mark), contextlib.ExitStack() as programs:
        _serve(mark, place, programs)
        for each in COUNTERS:
            _enrol(mark, place, each)
        links = [_start(mark, each, "-m", "desk_app.replicator", place / each, ROUND_SECONDS,
                        programs=programs) for each in COUNTERS]  # fmt: skip
        for link in links:
            _drain(link)
        hands = [_start(mark, each, Path(__file__), "--write", place / each, seed * 10 + int(each),
                        programs=programs) for each in COUNTERS]  # fmt: skip
        ended = Ended(cuts=_pull_cables(mark, seconds, random.Random(seed)))
        written = [_stop(hand) for hand in hands]
        begin = time.monotonic()
        _until_same(place, ended)
        ended.seconds = time.monotonic() - begin
        _until_met(place, ended)
        _judge(place, [code for codes in written for code in codes], ended)
    return ended


def _serve(mark: str, place: Path, programs: contextlib.ExitStack) -> None:
    words = ("-m", "db.district", "--data", place / SERVER, "--host", SERVER_AT, "--port", 8443)
    process = _start(mark, SERVER, *words, programs=programs)
    assert process.stdout is not None
    assert json.loads(process.stdout.readline())["listening"]


def _enrol(mark: str, place: Path, each: str) -> None:
    words = ["-m", "db.district", "enrol", "--data", place / SERVER, "--office", OFFICE, "--json"]
    issued = subprocess.run([*PYTHON, *words], check=True, capture_output=True, text=True)
    secret = place / "password"
    secret.write_text("mat-khau-thu-1")
    words = ["-m", "desk_app", "enrol", "--data", place / each, "--clerk", "mai"]
    words += ["--server", f"https://{SERVER_AT}:8443", "--code", json.loads(issued.stdout)["code"]]
    words += ["--name", "Trần Thị Mai", "--password-file", secret]
    subprocess.run(within(mark, each, *PYTHON, *words), check=True, capture_output=True)
    from desk_app import settings

    known = settings.load(place / each)
    settings.save(place / each, msgspec.structs.replace(known, door=8444))


def _start(
    mark: str, each: str, *words: object, programs: contextlib.ExitStack
) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        within(mark, each, *PYTHON, *words),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    )  # fmt: skip
    programs.enter_context(process)
    programs.callback(process.kill)
    return process


def _drain(process: subprocess.Popen[str]) -> None:
    """Read what it says, so that it never waits for a reader."""
    import threading

    assert process.stdout is not None
    threading.Thread(target=process.stdout.read, daemon=True).start()


def _pull_cables(mark: str, seconds: float, dice: random.Random) -> int:
    """One cable after the other; the server's stays out for the middle third."""
    cuts, until = 0, time.monotonic() + seconds
    out: set[str] = set()
    while (left := until - time.monotonic()) > 0:
        each = dice.choice(COUNTERS)
        if each in out or (SERVER in out and not seconds / 3 < left < seconds * 2 / 3):
            each = each if each in out else SERVER
            cable(mark, each, True)
            out.discard(each)
        elif SERVER not in out and seconds / 3 < left < seconds * 2 / 3:
            cable(mark, SERVER, False)
            out.add(SERVER)
            cuts += 1
        else:
            cable(mark, each, False)
            out.add(each)
            cuts += 1
        time.sleep(dice.uniform(0.2, 1.2))
    for each in (*COUNTERS, SERVER):
        cable(mark, each, True)
    return cuts


def _stop(hand: subprocess.Popen[str]) -> list[str]:
    assert hand.stdin is not None and hand.stdout is not None
    hand.stdin.close()
    return hand.stdout.read().split()


def _until_same(place: Path, ended: Ended) -> None:
    until = time.monotonic() + 90
    while (standing := _standing(place)) and len(set(standing.values())) > 1:
        if time.monotonic() > until:
            ended.notes.append(f"apart: {standing}")
            ended.apart = len(set(standing.values())) - 1
            return
        time.sleep(0.5)


def _until_met(place: Path, ended: Ended) -> None:
    """Who was written at all the time was never in step with anybody; now it is quiet."""
    from desk_app.desk import open_desk
    from desk_app.services.sending import copies

    until = time.monotonic() + 30
    while ended.met < len(COUNTERS) * (len(COUNTERS) - 1) and time.monotonic() < until:
        ended.met = 0
        for each in COUNTERS:
            desk = open_desk(place / each, second_medium=False)
            ended.met += sum(p.in_step_at is not None for p in copies(desk).siblings)
            desk.journal.engine.dispose()
        time.sleep(0.5)


def _standing(place: Path) -> dict[str, object]:
    """The sum of everything each one holds of the commune."""
    from db.district.server import open_district
    from db.replication.peers import Asker
    from db.replication.store import JournalFeed, JournalStore
    from desk_app.desk import open_desk

    found: dict[str, object] = {}
    for each in COUNTERS:
        desk = open_desk(place / each, second_medium=False)
        found[each] = JournalStore(desk.journal).standing().all
        commune = desk.journal.commune
        desk.journal.engine.dispose()
    server = open_district(place / SERVER)
    found[SERVER] = JournalFeed(server.journal).sums(Asker("-", commune))[1]
    server.engine.dispose()
    return found


def _judge(place: Path, written: list[str], ended: Ended) -> None:
    from db.doctor import examine
    from desk_app.desk import open_desk
    from desk_app.services.attention import matters
    from desk_app.services.dossiers import page
    from desk_app.services.find import dossier

    seen: list[dict[bytes, object]] = []
    flags: list[list[tuple[str, bytes]]] = []
    for each in COUNTERS:
        desk = open_desk(place / each, second_medium=False)
        lines = page(desk, "all", limit=100_000)
        codes = [line.code for line in lines]
        ended.codes_twice += len(codes) - len(set(codes))
        ended.missing += len(set(written) - set(codes))
        ended.dossiers = len(lines)
        seen.append({line.id: dossier(desk, line.id) for line in lines})
        flags.append(sorted((m.name, m.id) for m in matters(desk)))
        ended.notes += [f"{each}: {found}" for found in examine(desk.journal).findings]
        ended.entries = sum(len(d.history) for d in seen[-1].values())  # type: ignore[attr-defined]
        desk.journal.engine.dispose()
    ended.flags = len(flags[0])
    if any(other != seen[0] for other in seen) or any(other != flags[0] for other in flags):
        ended.apart += 1
        ended.notes.append("the same entries are read in different ways")


def write(data: Path, seed: int) -> None:
    """A clerk's hand: takes dossiers in and works on what the counter knows, until told to stop."""
    import select

    from db.refused import Refused
    from desk_app.desk import open_desk
    from desk_app.services.correct import add_note, correct, void
    from desk_app.services.demo import people, required
    from desk_app.services.dossier_form import DossierForm
    from desk_app.services.dossiers import page
    from desk_app.services.receive import receive

    desk, dice, citizens = open_desk(data), random.Random(seed), people(seed)
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure("1.004873", desk.now().date())
    assert procedure is not None
    papers = required(procedure.says)
    while not select.select([sys.stdin], [], [], dice.uniform(0.02, 0.3))[0]:
        known = page(desk, "all", limit=20)
        try:
            if not known or dice.random() < 0.4:
                form = DossierForm(procedure="1.004873", applicant=next(citizens), papers=papers)
                print(receive(desk, form).facts.code, flush=True)
                continue
            chosen = dice.choice(known).id
            match dice.randrange(4):
                case 0:
                    add_note(desk, chosen, f"ghi chú {dice.randrange(1000)}")
                case 1:
                    purpose = dice.choice(("vay vốn", "kết hôn", "du học"))
                    correct(desk, chosen, {"purpose": purpose}, "sửa mục đích")
                case 2:
                    phone = f"09{dice.randrange(10**8):08d}"
                    correct(desk, chosen, {"applicant.phone": phone}, "sửa số")
                case 3 if dice.random() < 0.2:
                    void(desk, chosen, "người dân rút")
        except Refused:
            # Void already, or nothing changed: a clerk reads the sentence and goes on.
            continue
    desk.close()


def main() -> int:
    if sys.argv[1:2] == ["--write"]:
        write(Path(sys.argv[2]), int(sys.argv[3]))
        return 0
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60.0
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 1
    with tempfile.TemporaryDirectory() as place:
        ended = afternoon(Path(place), seconds, seed)
    print(ended)
    return int(bool(ended.apart or ended.missing or ended.codes_twice or ended.notes))


if __name__ == "__main__":
    sys.exit(main())
