"""Golden bundles of this version, for every later version to take: run once a release.

    python tests/replication/golden/make.py tests/replication/golden/v1

A server with a small catalogue, two counters with invented people, a night by stick, and what
became of their dossiers. The keys are the goldens' own and guard nothing. What is written never changes again; a newer version adds a
folder beside it.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

sys.path.insert(0, str(Path(__file__).parents[2]))

from two_counters import take_in_many

from db.district.counters import issue_code
from db.district.courier import carry, write_snapshot
from db.district.server import District, make_district, open_district
from db.entry import Entry, Envelope, parse, seal
from db.fold import fold
from db.kinds import OfficePublished, ProcedurePublished
from db.replication.store import JournalStore
from db.seed import seed
from db.steps import Asked, Place
from desk_app.desk import Desk, open_desk
from desk_app.services import forwarding, results, supplements
from desk_app.services.correct import add_note
from desk_app.services.courier import bring_in, take_out
from desk_app.services.enrol import NewClerk, apply_new, on_a_stick
from desk_app.services.node_keys import machine_of, plain_of
from desk_app.services.results import Collecting, hand_over
from desk_app.services.steps import undo_step

OFFICE, PROCEDURE = "H24.314.11749", "1.004873"
NIGHT = datetime(2026, 11, 26, 20, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def small_seed():
    """What one office and one procedure need."""
    for about, body in seed():
        wrong = (isinstance(body, OfficePublished) and body.facts.code != OFFICE) or (
            isinstance(body, ProcedurePublished) and body.code != PROCEDURE
        )
        if not wrong:
            yield about, body


def lines_of(journal) -> bytes:
    return b"".join(line for _, line in journal.lines(limit=100_000))


def from_the_future(desk: Desk, k: str, kv: int, body: dict, seq: int) -> bytes:
    """An entry of a kind this version does not know, signed as any other."""
    obj = parse(desk.journal.lines(limit=100_000)[-1][1]).says.obj
    says = Envelope(
        v=1, dev=desk.journal.device.id, ep="00000000deadbeef", seq=seq, prev="", com=desk.journal.commune,
        obj=obj, par=(), k=k, kv=kv, ts="2026-11-26T20:00:00+07:00", ck="ok", by="mai", body=body,
    )  # fmt: skip
    return seal(says, desk.journal.device.sign).line


def counter(server: District, place: Path, name: str, keep: Path | None) -> Desk:
    """A counter enrolled by stick; its application and answer stay when ``keep`` says where."""
    stick = place / f"stick-{name}"
    stick.mkdir()
    code = issue_code(server, OFFICE)
    ask, clerk = on_a_stick(stick, code), NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
    apply_new(place / name, ask, clerk, now=lambda: NIGHT)
    list(carry(server, stick))
    apply_new(place / name, ask, clerk, now=lambda: NIGHT)
    if keep is not None:
        (keep / "code").write_text(code)
        for file in stick.iterdir():
            (keep / file.name).write_bytes(file.read_bytes())
    return open_desk(place / name, now=lambda: NIGHT)


def keys_of(desk: Desk) -> dict:
    with desk.reading() as connection:
        machine = machine_of(connection)
    memory = JournalStore(desk.journal).memory("S")
    return {
        "device": desk.journal.device.private_bytes().hex(),
        "com": desk.journal.commune,
        "machine": plain_of(machine),
        "memory": msgspec.to_builtins(memory),
    }


def whole_lives(desk: Desk, served: bytes, refused: bytes, waits: bytes) -> None:
    """One dossier from the department into a hand, one refused, one that waits for a paper."""
    desk = replace(desk, role="chief")
    forwarding.forward(desk, [served])
    forwarding.take_over(desk, served)
    forwarding.ask_opinion(desk, served, Place("Công an xã"), "Xác minh cư trú")
    forwarding.opinion_given(desk, served, "Đúng nơi cư trú")
    results.issue(desk, served, "12/XN-UBND", signer="Phạm Văn Hùng")
    results.put_on_shelf(desk, served, "Ngăn A", "3")
    results.tell(desk, served, "phone", "result")
    hand_over(desk, [served], Collecting(pay="cash", receipt_number="0001234"))
    supplements.refuse(desk, refused, "Không đủ điều kiện", "Điều 5")
    hand_over(desk, [refused], Collecting())
    undo_step(desk, refused)
    supplements.ask_for_papers(desk, waits, [Asked("Tờ khai", "Thiếu chữ ký")])


def life_of(entries: Iterable[Entry]) -> dict:
    """What a dossier's entries come to, as far as it may never become anything else."""
    dossier = fold(entries)
    assert dossier is not None
    return {
        "code": dossier.facts.code,
        "state": dossier.status,
        "due_at": dossier.life.due_at,
        "paid": dossier.life.paid,
        "results": [result.delivery for result in dossier.life.results],
        "flags": [flag.name for flag in dossier.flags],
    }


def lives_of(lines: bytes) -> dict[str, dict]:
    objects: dict[str, list[Entry]] = {}
    for line in lines.splitlines(keepends=True):
        entry = parse(line)
        objects.setdefault(entry.says.obj, []).append(entry)
    begun = {entry.says.obj for its in objects.values() for entry in its if _begins(entry)}
    return {obj: life_of(its) for obj, its in objects.items() if obj in begun}


def _begins(entry: Entry) -> bool:
    return (entry.says.k, entry.says.kv) == ("dossier.received", 1)


def make(to: Path, place: Path) -> None:
    to.mkdir(parents=True)
    data, stick = place / "district", place / "stick"
    stick.mkdir()
    make_district(data, small_seed(), now=lambda: NIGHT - timedelta(days=30))
    server = open_district(data, now=lambda: NIGHT)
    one, two = counter(server, place, "one", to), counter(server, place, "two", None)
    take_in_many(two, 2, seed=5)
    take_out(two, stick), list(carry(server, stick)), bring_in(two, stick)
    ids = [bytes.fromhex(dossier.id) for dossier in take_in_many(one, 3)]
    add_note(one, ids[0], "Đã gọi điện, hẹn chiều thứ Sáu.")
    whole_lives(one, *ids)
    future = [
        from_the_future(one, "dossier.weighed", 1, {"grams": 120, "by_whom": "Lê Văn Thử"}, 1),
        from_the_future(one, "dossier.received", 9, {"shape": [1, None, True], "x": {}}, 2),
    ]
    assert len(one.journal.accept(future, own=True).stored) == 2
    (to / "server.lines").write_bytes(lines_of(server.journal))
    (to / "one.lines").write_bytes(lines_of(one.journal))
    (to / "future.lines").write_bytes(b"".join(future))
    keys = {"one": keys_of(one), "two": keys_of(two), "now": NIGHT.isoformat()}
    keys["server"] = {
        "device": server.device.private_bytes().hex(),
        "age": server.identity,
        "authority": [pem.decode() for pem in server.authority],
        "facts": msgspec.to_builtins(server.facts),
    }
    (to / "question.hoso").write_bytes(take_out(one, stick).path.read_bytes())
    [_, carried] = sorted(carry(server, stick), key=lambda c: c.device == one.journal.device.id)
    (to / "answer.hoso").write_bytes(carried.answer.path.read_bytes())
    (to / "after.lines").write_bytes(lines_of(server.journal))
    lives = lives_of(lines_of(server.journal))
    (to / "lives.json").write_text(json.dumps(lives, indent=1, ensure_ascii=False) + "\n")
    snapshot = write_snapshot(server, two.journal.device.id, stick)
    (to / "snapshot.hoso").write_bytes(snapshot.path.read_bytes())
    (to / "keys.json").write_text(json.dumps(keys, indent=1, ensure_ascii=False) + "\n")
    for node in (one, two, server):
        node.close()


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        make(Path(sys.argv[1]), Path(folder))
