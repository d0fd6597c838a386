"""What the clerk feels while the night's news come in: the window's longest pause, and a save."""

from __future__ import annotations

import statistics
import tempfile
from collections import defaultdict
from pathlib import Path

from db.identity import new_device
from db.replication.enrolment import enrol
from db.replication.messages import Hello, Sum
from db.replication.night import Line, Peer, run_round
from desk_app.bench.counters import filled
from desk_app.bench.replicate import counter_of
from desk_app.bench.rows import Row, spread
from desk_app.bench.servers import code_for, district
from desk_app.bench.swarm import Day
from desk_app.bench.synthetic import Place, day_of
from desk_app.bench.window import kind_of_screen, run
from desk_app.desk import Desk
from desk_app.services.demo import OFFICE
from desk_app.services.node_keys import new_machine
from desk_app.services.replicate import replicate

DOSSIERS = 5_000
"""Of another counter, received and printed: 10,000 entries. As many are here before."""
INCOMING = ("-m", "desk_app.bench.incoming")
REACH_MS = 50


def rows(data: Path, dossiers: int = DOSSIERS) -> list[Row]:
    """A real window saves dossiers while its second process fetches from a real server; against
    the same window and saves before anything comes."""
    place, _ = filled(data, dossiers, signed=True)
    with (
        tempfile.TemporaryDirectory(dir=data) as folder,
        district(Path(folder) / "server") as server,
    ):
        with counter_of(Path(folder), place, server) as desk:
            assert replicate(desk).in_step
            _send_from_another(Path(folder), server.url, desk, dossiers)
        said = defaultdict(list)
        for name, value in run(*INCOMING, str(Path(folder) / "counter")):
            said[name].append(value / 1e6)
    assert said["fetched"][0] * 1e6 >= 2 * dossiers, said["fetched"]
    return _rows(said, 2 * dossiers)


def _send_from_another(folder: Path, url: str, desk: Desk, dossiers: int) -> None:
    """Another counter of the commune is enrolled and sends its dossiers."""
    device, machine = new_device(), new_machine()
    code = code_for(folder / "server", OFFICE)
    enrolled = enrol(url, code, device, machine.door_public, machine.recipient)
    keys = tuple(map(bytes.fromhex, enrolled.keys))
    place = Place(enrolled.com, enrolled.office, enrolled.number)
    lines = tuple(day_of(desk, device, place, dossiers, seed=9))
    line = Line(Peer("S", url, keys), device)
    hello = Hello(device.id, enrolled.com, Sum(), Sum(), "0" * 16, desk.now().isoformat())
    assert run_round(Day(lines), line, hello).sent == len(lines)
    line.close()


def _rows(said: dict[str, list[float]], entries: int) -> list[Row]:
    (idle,), (gap,) = said["gap_idle"], said["gap"]
    alone, beside = said["save_idle"], said["save"]
    where = f"{kind_of_screen()}, {entries:,} entries come in"
    (waited,) = said["waited"]
    note = (
        f"reach {REACH_MS} ms; {where}; the floor is the same window with nothing coming;"
        f" {waited:.0f} ms of it ready but without a processor"
    )
    saves = (
        f"p50/p99: beside {_spread(beside)}, alone {_spread(alone)}; {len(beside)} saves; {where}"
    )
    ours, least = statistics.median(beside), statistics.median(alone)
    return [
        Row("longest event-loop gap", gap, idle, gap / idle, "ms", note),
        Row("save while entries come in", ours, least, ours / least, "ms", saves),
    ]


def _spread(milliseconds: list[float]) -> str:
    return spread([each / 1000 for each in milliseconds])
