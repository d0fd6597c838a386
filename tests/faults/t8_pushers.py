"""T8, everybody at once: many counters push while readers follow the feed by their cursors.

    python tests/faults/t8_pushers.py [--pushers 20] [--rounds 8] [--database postgresql://…]

A reader that pages by cursor must come to see every entry that was ever stored, in one order, and
the chain over the feed must hold.
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import threading
import time
from itertools import cycle
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import stamina
from loopback import listening
from sqlalchemy import select
from two_counters import codes_of

from db import engine as engines
from db.district.app import district_app
from db.district.counters import issue_code, offices
from db.district.server import District, make_district, open_district
from db.doctor_journal import Lines
from db.replication.messages import START
from db.replication.peers import Asker
from db.replication.store import JournalFeed
from db.seed import seed as published
from db.tables import journal
from desk_app.desk import Desk, open_desk
from desk_app.services.enrol import NewClerk, enrol_new
from desk_app.services.replicate import replicate

READERS = 3
SAVES = 3


def push(desk: Desk, rounds: int, seed: int, why: list[str]) -> None:
    """A counter's part: take in, send, again and again."""
    for number in range(rounds):
        codes_of(desk, SAVES, seed=seed * 1_000 + number)
        ended = replicate(desk)
        if ended.why:
            why.append(ended.why)


def follow(server: District, commune: str, stop: threading.Event, seen: list[bytes]) -> None:
    """A reader's part: from cursor to cursor, until everybody has ended and nothing new comes."""
    feed, asker, cursor = JournalFeed(server.journal), Asker("-", commune), START
    while True:
        last = stop.is_set()
        page = feed.page(asker, [cursor])
        assert page is not None
        seen += [bytes.fromhex(line[:64].decode()) for line in page.lines]
        cursor = page.cur
        if last and not page.more:
            return


def run(place: Path, pushers: int, rounds: int, database: str = "") -> dict[str, object]:
    """Everybody at once; what the readers missed, and the pushes a second."""
    stamina.set_active(False)
    make_district(place / "server", published(), database=database)
    server = open_district(place / "server")
    why: list[str] = []
    with listening(district_app(server)) as port:
        desks = _counters(server, place, pushers, f"http://127.0.0.1:{port}")
        communes = sorted({desk.journal.commune for desk in desks})
        stop = threading.Event()
        seen: list[tuple[str, list[bytes]]] = [
            (commune, []) for commune, _ in zip(cycle(communes), range(READERS), strict=False)
        ]
        readers = [
            threading.Thread(target=follow, args=(server, commune, stop, into))
            for commune, into in seen
        ]
        hands = [
            threading.Thread(target=push, args=(desk, rounds, at, why))
            for at, desk in enumerate(desks)
        ]
        begin = time.monotonic()
        for each in (*readers, *hands):
            each.start()
        for each in hands:
            each.join()
        seconds = time.monotonic() - begin
        stop.set()
        for each in readers:
            each.join()
    for desk in desks:
        desk.close()
    stamina.set_active(True)
    result = _judge(server, seen) | {"pushes_a_second": round(pushers * rounds / seconds, 1)}
    server.close()
    return result | {"pushers": pushers, "refused": why}


def _counters(server: District, place: Path, pushers: int, url: str) -> list[Desk]:
    with engines.reading(server.engine) as connection:
        known = sorted(c for c, o in offices(connection).items() if o.facts.code.count(".") == 2)
    desks = []
    for number, office in zip(range(pushers), cycle(known[:10]), strict=False):
        data, clerk = place / str(number), NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
        enrol_new(data, url, issue_code(server, office), clerk)
        desks.append(open_desk(data))
    return desks


def _judge(server: District, seen: list[tuple[str, list[bytes]]]) -> dict[str, object]:
    missed = doubled = 0
    with engines.reading(server.engine) as connection:
        for commune, ids in seen:
            wanted = select(journal.c.id).where(journal.c.com.in_([commune, "*"]))
            held = {bytes(i) for i in connection.scalars(wanted)}
            missed += len(held - set(ids))
            doubled += len(ids) - len(set(ids))
        grave = [
            f.what for f in Lines(connection, server.device.id).examine(lambda: None) if f.grave
        ]
    return {"missed": missed, "doubled": doubled, "grave": grave}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pushers", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=8)
    parser.add_argument("--database", default="", help="an empty PostgreSQL database's URL")
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        said = run(Path(place), args.pushers, args.rounds, args.database)
    print(json.dumps(said))
    return int(bool(said["missed"] or said["doubled"] or said["grave"]))


if __name__ == "__main__":
    sys.exit(main())
