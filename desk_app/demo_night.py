"""A night to look at: three counters of one commune, a day's dossiers, one district server.

Everything is real but the people: a server process, TLS on loopback, encrypted databases. The day
has what makes a night hard: counters that act on the same dossier without knowing of each other,
one without a line, and one that works on from a copy of its own folder.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import json
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, NamedTuple

import msgspec
from sqlalchemy import Engine, select

from db import engine as engines
from db import projection
from db.district.demo import CLERKS, counter_of, district_of
from db.district.server import open_district
from db.entry import SHARED
from db.refused import Refused
from db.tables import dossiers
from db.tally import MODULUS, commune_scope, read_tally
from desk_app.desk import Desk, open_desk
from desk_app.rules.people import PersonTyped
from desk_app.services.attention import matters
from desk_app.services.correct import add_note, correct, void
from desk_app.services.demo import demo_form, people
from desk_app.services.dossier_form import DossierForm
from desk_app.services.procedures import USUAL
from desk_app.services.receive import receive
from desk_app.services.replicate import NO_LINE_WHY, Replicated, replicate
from desk_app.ui.matter_words import side_text, side_title, title_of

GONE = "https://127.0.0.1:9"
"""Nobody listens there: a counter without a line."""
ROUNDS = 8
"""More than enough for everybody to be in step, or something is wrong."""
COPY = "Bản chép quầy 2"
FEW = 2
"""What the copy takes in before anybody notices: as many codes are given twice."""


class DemoNotStarted(Refused):
    """The server of the demonstration did not come up; what it said stands above."""


class Totals(NamedTuple):
    """What one node holds: how many entries, the sum of their ids, and what they come to."""

    name: str
    entries: int
    sum: str
    dossiers: int
    voided: int
    flagged: int
    folds: str
    """SHA-256 over every dossier's fold and its screen row."""


Say = Callable[[str], None]


def demo_night(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Play the night and print it; ``sound`` is false when the totals differ.

    Raises:
        DemoNotStarted: there was no server.
    """
    say: Say = (lambda line: None) if args.json else (lambda line: print(line, flush=True))
    with folder_for(args.keep) as folder, server_for(folder) as url:
        say(f"Đêm thử ở xã Tú Sơn: 3 quầy, mỗi quầy {args.a_day} hồ sơ.")
        say(f"Máy chủ {url}. Dữ liệu ở {folder}")
        totals, found = play(folder, args.a_day, args.seed, say)
    alike = len({each[1:] for each in totals}) == 1
    say(totals_table(totals))
    say(f"Tổng khớp ở {len(totals)} nơi." if alike else "TỔNG KHÔNG KHỚP.")
    say(f"\nViệc cần xử lý: {len(found)}")
    for title, sides in found:
        say(f"  {title}")
        for side in sides:
            say(f"      {side}")
    if args.json:
        yield {
            "sound": alike,
            "totals": [each._asdict() for each in totals],
            "matters": [title for title, _ in found],
        }
    elif not alike:
        yield {"sound": False}


def play(
    folder: Path, a_day: int, seed: int, say: Say
) -> tuple[list[Totals], list[tuple[str, list[str]]]]:
    """The day and the night in a demonstration's folder: everybody's totals, and each matter for a
    person with its sides."""
    with contextlib.ExitStack() as stack:
        desks = {f"Quầy {n}": open_in(stack, counter_of(folder, n)) for n in (1, 2, 3)}
        say("\nSáng: ba quầy nhận danh mục và cán bộ của nhau")
        until_in_step(desks, say)
        day = _Day(desks, seed)
        day.take_in(a_day // 2)
        say(f"\nTrưa: mỗi quầy đã nhận {a_day // 2} hồ sơ")
        until_in_step(desks, say)
        # A machine's folder is copied to another place, and both go on.
        desks["Quầy 2"].close()
        copied = Path(shutil.copytree(counter_of(folder, 2), folder / "counter-2-copy"))
        desks["Quầy 2"] = open_in(stack, counter_of(folder, 2))
        desks[COPY] = open_in(stack, copied)
        say("\nChiều: ba quầy cùng làm trên vài hồ sơ; thư mục quầy 2 bị chép sang máy khác")
        day.take_in(a_day - a_day // 2)
        day.contradict()
        say("\nTối: quầy 3 mất mạng")
        _round("Quầy 3", desks["Quầy 3"], say, GONE)
        for name in ("Quầy 1", "Quầy 2", COPY):
            _round(name, desks[name], say)
        say("\nĐêm: quầy 3 có mạng lại")
        until_in_step(desks, say)
        one = desks["Quầy 1"]
        server = open_district(district_of(folder))
        stack.callback(server.close)
        places = [("Máy chủ", server.engine), *((n, d.journal.engine) for n, d in desks.items())]
        commune = one.journal.commune
        return [totals_of(name, engine, commune) for name, engine in places], _matters(one)


class _Day:
    """What the clerks do, always the same for one seed."""

    def __init__(self, desks: dict[str, Desk], seed: int) -> None:
        self._desks, self._dice = desks, random.Random(seed)
        self._citizens = people(seed)
        one = desks["Quầy 1"]
        with one.reading() as connection:
            published, today = one.published(connection), one.now().date()
            usual = [published.procedure(code, today) for code in USUAL]
        self._procedures = [p.says for p in usual if p is not None]
        self._shared: list[bytes] = []

    def take_in(self, each: int) -> None:
        """So many dossiers at every counter."""
        for name, desk in self._desks.items():
            for _ in range(min(each, FEW) if name == COPY else each):
                self._shared.append(self._receive(desk, next(self._citizens)))

    def contradict(self) -> None:
        """Acts on the morning's dossiers, none of which knows of the others."""
        one, two, three = (self._desks[f"Quầy {n}"] for n in (1, 2, 3))
        field, dead, noted = self._shared[:3]
        correct(one, field, {"purpose": "vay vốn ngân hàng"}, "Công dân xin sửa")
        correct(three, field, {"purpose": "đăng ký kết hôn"}, "Công dân gọi lại")
        void(two, dead, "Công dân rút hồ sơ")
        correct(three, dead, {"purpose": "xin việc"}, "Công dân bổ sung")
        for desk in (one, two, three):
            add_note(desk, noted, f"Quầy {desk.counter.number} đã gọi điện")
        twice, procedure = next(self._citizens), self._procedures[0]
        for desk in (one, three):
            receive(desk, demo_form(random.Random(1), twice, procedure))

    def _receive(self, desk: Desk, person: PersonTyped) -> bytes:
        form: DossierForm = demo_form(self._dice, person, self._dice.choice(self._procedures))
        return bytes.fromhex(receive(desk, form).id)


def totals_of(name: str, engine: Engine, commune: str) -> Totals:
    """Count, sum and folds of a commune's entries at one node, from one snapshot."""
    digest, voided, flagged, count = hashlib.sha256(), 0, 0, 0
    with engines.reading(engine) as connection:
        own, shared = (read_tally(connection, commune_scope(c)) for c in (commune, SHARED))
        table = dossiers.c
        rows = select(table.obj, table.code, table.status, table.flags, table.prints, table.words)
        for row in connection.execute(rows.order_by(table.obj)).all():
            fold = projection.dossier_of(connection, bytes(row.obj))
            digest.update(msgspec.json.encode((fold, *row[1:]), order="deterministic"))
            count, voided = count + 1, voided + (row.status == "voided")
            flagged += row.flags > 0
    both = int.from_bytes(own.sum, "big") + int.from_bytes(shared.sum, "big")
    sum_ = f"{both % MODULUS:064x}"
    return Totals(name, own.n + shared.n, sum_, count, voided, flagged, digest.hexdigest())


def until_in_step(desks: Mapping[str, Desk], say: Say) -> None:
    """Rounds by turns until nobody has anything to say; what is wrong then shows in the totals."""
    for _ in range(ROUNDS):
        ended = [_round(name, desk, say) for name, desk in desks.items()]
        if all(each.in_step and not each.sent and not each.fetched for each in ended):
            return


def _round(name: str, desk: Desk, say: Say, url: str = "") -> Replicated:
    ended = replicate(desk, url)
    how = "xong" if ended.in_step else "chưa xong"
    if ended.why:
        how = "không có đường truyền" if ended.why in NO_LINE_WHY else f"dừng: {ended.why}"
    if ended.sent or ended.fetched or ended.why:
        say(f"  {name:<16} gửi {ended.sent:>5}   nhận {ended.fetched:>5}   {how}")
    return ended


def totals_table(totals: Sequence[Totals]) -> str:
    """As the demonstrations print them."""
    lines = [
        "\nTổng sau đêm",
        f"  {'':<16} {'Dòng':>6} {'Hồ sơ':>6} {'Đã hủy':>7} {'Trái nhau':>10}"
        f"  {'Tổng mã dòng':<18}{'Nội dung':<16}",
    ]
    lines += [
        f"  {t.name:<16} {t.entries:>6} {t.dossiers:>6} {t.voided:>7} {t.flagged:>10}"
        f"  {t.sum[:16]:<18}{t.folds[:16]:<16}"
        for t in totals
    ]
    return "\n".join(lines)


def _matters(desk: Desk) -> list[tuple[str, list[str]]]:
    """In the words of the page Việc cần xử lý."""
    said, now = [], desk.now()
    for matter in matters(desk):
        sides = [
            f"{side_title(matter, side, now)}: {side_text(matter, side)}".replace("\n", ", ")
            for side in matter.sides
        ]
        said.append((" ".join(filter(None, (matter.code, title_of(matter)))), sides))
    return said


def open_in(
    stack: contextlib.ExitStack, data: Path, now: Callable[[], datetime] | None = None
) -> Desk:
    """A counter of a demonstration, closed with the stack."""
    desk = open_desk(data, now=now)
    stack.callback(desk.close)
    return desk


@contextlib.contextmanager
def folder_for(keep: Path | None) -> Iterator[Path]:
    """Where a demonstration lies: the folder that is to be kept, or one that is not."""
    if keep is not None:
        yield keep
        return
    with tempfile.TemporaryDirectory(prefix="demo-night-") as folder:
        yield Path(folder)


@contextlib.contextmanager
def server_for(folder: Path) -> Iterator[str]:
    """The real server program with its three counters; its address."""
    command: list[str | Path] = [sys.executable, "-P", "-m", "db.district", "demo", "--json"]
    command += ["--data", folder, "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, encoding="utf-8") as process:
        try:
            yield _listening(process.stdout or ())
        finally:
            process.terminate()


def _listening(lines: Iterable[str]) -> str:
    url = ""
    for line in lines:
        said: dict[str, Any] = json.loads(line)
        url = str(said.get("listening", url))
        if said.get("ready") == len(CLERKS):
            return url
    raise DemoNotStarted()
