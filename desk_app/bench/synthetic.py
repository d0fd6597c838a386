"""Dossiers of invented people in any number, as entries and as rows, faster than a desk saves."""

from __future__ import annotations

import base64
import hashlib
import json
import random
from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any, NamedTuple

import msgspec
from msgspec.structs import replace
from sqlalchemy import insert, select

from db import engine as engines
from db import projection, tables
from db.dossier import Dossier, Print
from db.entry import Entry, Envelope, chained, seal
from db.identity import Device
from db.kinds import NAME_OF, BookLine, DossierReceived, ReceiptPrinted
from db.living import begun
from db.numbering import drawn_for
from db.parts import Kind, Person
from db.projection import Reading
from db.tally import MODULUS, commune_scope, device_scope, read_tally
from desk_app.desk import Desk
from desk_app.resources import resource
from desk_app.services.dossier_form import DossierForm
from desk_app.services.procedures import USUAL
from desk_app.services.receive import preview

A_DAY = 400
BATCH = 10_000
REGULARS = 5_000
"""How many citizens come and go at a time; two dossiers of three are from one of them."""
QUICK = ("synchronous=OFF", "cache_size=-400000")
"""A counter being filled is thrown away when the machine fails; it may be quick instead."""

Parts = dict[str, dict[str, Any]]


class Citizens:
    """Invented people with names as common as they are, who come back."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)
        self._regulars: dict[int, Person] = {}
        names: Parts = json.loads(resource("catalogue/names.json").read_bytes())
        self._family = _Weighted(names["family"])
        self._rest = {
            sex: (_Weighted(names["middle"][key]), _Weighted(names["given"][key]))
            for sex, key in (("Nam", "male"), ("Nữ", "female"))
        }
        self._serial = 0

    def next(self) -> Person:
        """Whoever comes to the desk now."""
        place = int(self._dice.random() * REGULARS)
        if place not in self._regulars or self._dice.random() < 1 / 3:
            self._regulars[place] = self._new()
        return self._regulars[place]

    def _new(self) -> Person:
        dice = self._dice
        sex = "Nữ" if dice.random() < 0.5 else "Nam"
        middle, given = self._rest[sex]
        year = dice.randint(1950, 2006)
        century = (0 if year < 2000 else 2) + (sex == "Nữ")
        self._serial += 1
        return Person(
            name=f"{self._family.pick(dice)} {middle.pick(dice)} {given.pick(dice)}",
            id_number=f"031{century}{year % 100:02d}{self._serial % 1_000_000:06d}",
            id_kind="personal",
            born=f"{year}-{dice.randint(1, 12):02d}-{dice.randint(1, 28):02d}",
            sex="Nam" if sex == "Nam" else "Nữ",
            address=f"Thôn {dice.randint(1, 9)}, xã Tú Sơn, huyện Kiến Thụy, thành phố Hải Phòng",
            phone=f"09{dice.randint(0, 99_999_999):08d}",
        )


class _Weighted:
    def __init__(self, shares: dict[str, float]) -> None:
        self._words = list(shares)
        self._sums: list[float] = []
        total = 0.0
        for share in shares.values():
            total += share
            self._sums.append(total)

    def pick(self, dice: random.Random) -> str:
        return dice.choices(self._words, cum_weights=self._sums)[0]


def dossiers(desk: Desk, count: int, seed: int = 1) -> Iterator[tuple[bytes, DossierReceived]]:
    """(id, facts), one after the other until yesterday, ``A_DAY`` a day."""
    citizens, dice = Citizens(seed), random.Random(seed)
    usual = [preview(desk, DossierForm(procedure=code)) for code in USUAL]
    first = desk.now().replace(hour=7, minute=30, second=0) - timedelta(days=-(-count // A_DAY))
    lines: dict[int, int] = defaultdict(int)
    for i in range(count):
        day, number = divmod(i, A_DAY)
        at = first + timedelta(days=day, minutes=number)
        lines[at.year] += 1
        facts = replace(
            usual[int(len(usual) * dice.random() * dice.random())],
            code=f"{desk.office.facts.code}-{at:%y%m%d}-{number + 1:04d}",
            applicant=citizens.next(),
            received_at=at.isoformat(timespec="seconds"),
            due_at=_due(at).isoformat(timespec="seconds"),
            book=BookLine(desk.counter.number, lines[at.year]),
        )
        yield hashlib.sha256(b"%d %d" % (seed, i)).digest()[:16], facts


def _due(at: datetime) -> datetime:
    return (at + timedelta(days=3)).replace(hour=16, minute=30)


class Pen:
    """Writes a device's entries, one after the other."""

    def __init__(
        self, dev: str, com: str, by: str, sign: Callable[[bytes], bytes] | None, last: str = ""
    ) -> None:
        self._dev, self._com, self._by, self._sign = dev, com, by, sign
        self._seq = 0
        self.last, self.at = last, ""

    def about(self, obj: bytes, facts: DossierReceived) -> list[Entry]:
        """A dossier: received and, when lines are signed, printed."""
        received = self._entry(obj, (), facts, facts.received_at)
        if self._sign is None:
            return [received]
        body = ReceiptPrinted("01", 1, "printer")
        return [received, self._entry(obj, (received.id,), body, facts.received_at)]

    def _entry(self, obj: bytes, parents: tuple[str, ...], body: Kind, at: str) -> Entry:
        kind, version = NAME_OF[type(body)]
        self._seq += 1
        envelope = Envelope(
            v=1,
            dev=self._dev,
            ep="0123456789abcdef",
            seq=self._seq,
            prev=self.last,
            com=self._com,
            obj=obj.hex(),
            par=parents,
            k=kind,
            kv=version,
            ts=at,
            ck="ok",
            by=self._by,
            body=msgspec.to_builtins(body),
        )
        entry = seal(envelope, self._sign) if self._sign else _unsigned(envelope)
        self.last, self.at = entry.id, at
        return entry


class Place(NamedTuple):
    """Which counter of which office."""

    com: str
    office: str
    number: int


def day_of(desk: Desk, device: Device, at: Place, count: int, seed: int) -> Iterator[bytes]:
    """The lines this other counter might write in a day, no more than ``A_DAY`` dossiers, numbered
    as nobody else numbers."""
    pen = Pen(device.id, at.com, desk.clerk.login, device.sign)
    for nth, (obj, facts) in enumerate(dossiers(desk, count, seed), 1):
        day = facts.received_at[2:10].replace("-", "")
        own = replace(
            facts,
            code=f"{at.office}-{day}-{A_DAY * at.number + nth:04d}",
            office=replace(facts.office, code=at.office),
            counter=at.number,
            book=BookLine(at.number, nth),
        )
        yield from (entry.line for entry in pen.about(obj, own))


class Author:
    """Writes one line after the other as the counter does, and knows what they add up to."""

    def __init__(self, desk: Desk, sign: Callable[[bytes], bytes] | None) -> None:
        self._desk = desk
        journal = desk.journal
        with desk.reading() as connection:
            own = read_tally(connection, device_scope(journal.device.id))
            newest = select(tables.journal.c.fh).order_by(tables.journal.c.n.desc()).limit(1)
            self._fh = bytes(connection.scalars(newest).one())
        self.n, self._sum = own.n, int.from_bytes(own.sum, "big")
        login = desk.clerk.login
        self._pen = Pen(journal.device.id, journal.commune, login, sign, own.last.hex())

    def lines(self, obj: bytes, facts: DossierReceived) -> list[dict[str, Any]]:
        """The journal's rows of a dossier."""
        return [self._row(entry, obj) for entry in self._pen.about(obj, facts)]

    def _row(self, entry: Entry, obj: bytes) -> dict[str, Any]:
        id_ = bytes.fromhex(entry.id)
        self._fh = chained(self._fh, id_)
        self.n, self._sum = self.n + 1, self._sum + int(entry.id, 16)
        return {
            "n": self.n,
            "id": id_,
            "obj": obj,
            "own": 1,
            "dev": entry.says.dev,
            "com": entry.says.com,
            "via": None,
            "fh": self._fh,
            "line": entry.line,
        }

    def tallies(self) -> list[dict[str, Any]]:
        """The journal's tallies as they are with these lines."""
        row = {
            "n": self.n,
            "sum": (self._sum % MODULUS).to_bytes(32, "big"),
            "last": bytes.fromhex(self._pen.last),
            "last_at": self._pen.at,
        }
        journal = self._desk.journal
        scopes = (device_scope(journal.device.id), commune_scope(journal.commune))
        return [{"scope": scope, **row} for scope in scopes]


def _unsigned(envelope: Envelope) -> Entry:
    """The same line but for its signature, and without a look at what this program wrote."""
    text = _sorted.encode(envelope)
    digest = hashlib.sha256(text).hexdigest()
    return Entry(digest, envelope, b"%s %s %s\n" % (digest.encode(), _NO_SIGNATURE, text))


_sorted = msgspec.json.Encoder(order="sorted")
_NO_SIGNATURE = base64.b64encode(bytes(64))


STAYS = 20
"""Days a dossier stays open."""


def fill(desk: Desk, count: int, sign: Callable[[bytes], bytes] | None = None) -> None:
    """Put ``count`` printed dossiers into the journal and the screen tables.

    With ``sign`` each is two true lines. Without, it is one line without a true signature, for
    what reads the tables only: half the time, and a doctor would find it.
    """
    quick = desk.journal.engine.raw_connection()
    for pragma in QUICK:
        quick.cursor().execute(f"PRAGMA {pragma}")
    quick.close()
    author, source = Author(desk, sign), dossiers(desk, count)
    recent = int((desk.now() - timedelta(days=STAYS)).timestamp())
    while batch := list(islice(source, BATCH)):
        lines: list[dict[str, Any]] = []
        readings: list[Reading] = []
        drawn: dict[str, dict[str, Any]] = {}
        for obj, facts in batch:
            over = sign is None and projection.seconds(facts.received_at) < recent
            readings.append(_reading(desk, author.n + 1, obj, facts, over))
            lines += author.lines(obj, facts)
            for number in drawn_for(facts, desk.office.block_size):
                drawn[number.day] = number._asdict()
        with engines.writing(desk.journal.engine) as connection:
            connection.execute(insert(tables.journal), lines)
            connection.execute(tables.put(tables.counters), list(drawn.values()))
            connection.execute(tables.put(tables.tallies), author.tallies())
            projection.put(connection, readings)
        engines.checkpoint(desk.journal.engine)
    with engines.writing(desk.journal.engine) as connection:
        projection.index_all(connection)
    engines.checkpoint(desk.journal.engine, truncate=True)


def _reading(desk: Desk, n: int, obj: bytes, facts: DossierReceived, over: bool) -> Reading:
    """What the two lines come to, without folding them; ``over``: as if it had been returned, so
    that the work lists are as long as at a desk and not as long as its history."""
    print_ = Print(facts.received_at, desk.clerk.login, "01", 1, "printer", "")
    life = begun(facts)
    if over:
        life = replace(life, state="returned", ended_at=facts.due_at)
    dossier = Dossier(obj.hex(), facts, life.state, life, (), (), prints=(print_,))
    return Reading(dossier, projection.dossier_row(dossier, n, True))
