"""One day as the journal's entries tell it; no table of the screen is asked."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from typing import Any, NamedTuple

from sqlalchemy import Connection, LargeBinary, bindparam, func, literal, or_, select

from db import projection
from db.acts import ACTS
from db.beginning import is_taken_in
from db.dossier import Dossier, Event
from db.engine import Prepared
from db.entry import kept
from db.fold import fold
from db.identity import SERVER
from db.kinds import DossierCorrected, DossierReceived, DossierRecoded, DossierVoided
from db.projection import AT_A_TIME, Line
from db.replication.store import read_memory
from db.tables import dossiers, journal, payments
from db.trust import read_server
from desk_app.desk import Desk
from desk_app.rules.day_totals import Act, Payment, Row, Taken
from desk_app.rules.numbers import mask_id

_lines_of = Prepared(
    select(journal.c.n, journal.c.own, journal.c.via, journal.c.line)
    .where(journal.c.obj == bindparam("obj"))
    .order_by(journal.c.n)
)


class Held(NamedTuple):
    """A line, and which peer brought it."""

    n: int
    own: bool
    via: str | None
    line: bytes


class Done(NamedTuple):
    """A step written on the day, about which dossier, at which counter."""

    event: Event
    dossier: str
    counter: int


@dataclass
class Day:
    """What the entries come to."""

    day: date
    begin: int
    """Seconds UTC of the office's midnight, and of the next one."""
    end: int
    taken: list[Taken] = field(default_factory=list)
    rows: list[Row] = field(default_factory=list)
    """What the screen's table has to say of each."""
    acts: list[Act] = field(default_factory=list)
    payments: list[Payment] = field(default_factory=list)
    steps: dict[int, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    """By counter how often each other step was written."""
    done: list[Done] = field(default_factory=list)
    """The same, one by one."""
    dossiers: dict[str, Dossier] = field(default_factory=dict)
    """Every dossier the day has to do with, by id."""
    codes: dict[str, int] = field(default_factory=dict)
    """Every code given on the day, with its counter."""
    unread: int = 0

    def has(self, moment: str) -> bool:
        """Whether a moment lies in the day."""
        return self.begin <= projection.seconds(moment) < self.end


class _Who(NamedTuple):
    """Counters' numbers by their devices, and clerks' names by their logins."""

    counters: Mapping[str, int]
    names: Mapping[str, str]


class _Elsewhere(NamedTuple):
    """The journal's places up to which everything is on the second medium, and at the server."""

    second: int
    signed: int
    has_server: bool

    def marks(self, held: Sequence[Held]) -> dict[str, bool]:
        """Of a dossier's lines: alone, second, signed."""
        first = held[0]
        safe = max(self.second, self.signed)
        waits = any(h.n > self.signed and h.via != SERVER for h in held)
        return {
            "alone": first.own and first.n > safe,
            "second": first.own and first.n <= self.second,
            "signed": self.has_server and not waits,
        }


def read_day(desk: Desk, connection: Connection, day: date, second: int | None) -> Day:
    """Every dossier received on a day of the office's calendar, and every act of that day.

    The whole journal is looked through: a dossier may come days later from another counter.
    """
    zone = desk.now().tzinfo
    found = Day(day, _midnight(day, zone), _midnight(day + timedelta(days=1), zone))
    published = desk.published(connection)
    who = _Who(
        {c.device: c.number for c in published.counters},
        {c.login: c.name for c in published.clerks},
    )
    elsewhere = _elsewhere(desk, connection, second)
    for obj in _objects_of(connection, day):
        held = [Held(*row) for row in _lines_of.run(connection, {"obj": obj})]
        lines = [Line(h.n, bool(h.own), kept(bytes(h.line))) for h in held]
        dossier, row = _read(lines)
        if dossier is None or row is None:
            received = [e for _, _, e in lines if e.says.k == "dossier.received"]
            found.unread += any(found.has(e.says.ts) for e in received)
            continue
        found.dossiers[dossier.id] = dossier
        if found.has(dossier.facts.received_at):
            found.rows.append(row)
            if is_taken_in(dossier.facts.code):
                found.taken.append(_taken(dossier, row, elsewhere.marks(held)))
                found.codes.setdefault(_first_code(dossier), dossier.facts.counter)
        _add_what_was_done(found, dossier, who)
    return found


def read_lines(connection: Connection, obj: bytes) -> tuple[Dossier | None, list[Line]]:
    """A dossier as its entries tell it, and its lines; None when they tell of none."""
    lines = projection.lines_of(connection, obj)
    return (_read(lines)[0] if lines else None), lines


def rows_within(connection: Connection, begin: int, end: int) -> list[Row]:
    """What the screen's table shows for a stretch of time, in seconds UTC."""
    table = dossiers.c
    wanted = select(dossiers).where(table.received >= begin, table.received < end)
    return [dict(row._mapping) for row in connection.execute(wanted.order_by(table.n))]


def rows_at(connection: Connection, numbers: Sequence[int]) -> dict[int, Row]:
    """The rows of the screen's table with these numbers, as far as it has them."""
    found: dict[int, Row] = {}
    for at in range(0, len(numbers), AT_A_TIME):
        wanted = select(dossiers).where(dossiers.c.n.in_(numbers[at : at + AT_A_TIME]))
        found |= {row.n: dict(row._mapping) for row in connection.execute(wanted)}
    return found


def payments_within(connection: Connection, begin: int, end: int) -> dict[str, Row]:
    """What the screen's table shows of money for a stretch of time, by the entry; no mistakes."""
    table = payments.c
    wanted = select(payments).where(table.at >= begin, table.at < end, table.valid == 1)
    return {bytes(row.id).hex(): dict(row._mapping) for row in connection.execute(wanted)}


def _objects_of(connection: Connection, day: date) -> list[bytes]:
    """What entries that name the day are about, in the order they first came.

    Looked for in the stored bytes, whose form is canonical; the days beside it as well, because an
    offset may be another. Reading every line to find the few would take ten times as long.
    """
    line, days = journal.c.line, (day - timedelta(days=1), day, day + timedelta(days=1))
    needles = [f'"{key}":"{d.isoformat()}T' for key in ("received_at", "at", "ts") for d in days]
    named = or_(*(func.instr(line, literal(n.encode(), LargeBinary)) > 0 for n in needles))
    wanted = select(journal.c.obj).where(named).group_by(journal.c.obj)
    rows = connection.execute(wanted.order_by(func.min(journal.c.n)))
    return [bytes(obj) for (obj,) in rows]


def _read(lines: Sequence[Line]) -> tuple[Dossier | None, Mapping[str, Any] | None]:
    """The dossier and its row; nothing for what an office publishes, or cannot be read."""
    try:
        dossier = fold(line.entry for line in lines)
        if dossier is None:
            return None, None
        return dossier, projection.dossier_row(dossier, lines[0].n, projection.taken_in_here(lines))
    except ValueError:
        # msgspec's ValidationError is one.
        return None, None


def _taken(dossier: Dossier, row: Mapping[str, Any], marks: Mapping[str, bool]) -> Taken:
    facts = dossier.facts
    return Taken(
        id=dossier.id,
        code=facts.code,
        name=facts.applicant.name,
        id_number=mask_id(facts.applicant.id_number),
        procedure=facts.procedure.code,
        short_name=facts.procedure.short_name or facts.procedure.name,
        received_at=facts.received_at,
        due_at=dossier.life.due_at,
        counter=facts.counter,
        clerk=facts.clerk.name,
        fee=facts.fee.amount,
        how=facts.fee.how,
        status=dossier.status,
        printed=row["prints"] > 0,
        flagged=row["flags"] > 0,
        **marks,
    )


def _first_code(dossier: Dossier) -> str:
    """The code on the receipt, whatever it bears now."""
    given = (e.body.code for e in dossier.history if isinstance(e.body, DossierReceived))
    return next(given, dossier.facts.code)


def _add_what_was_done(found: Day, dossier: Dossier, who: _Who) -> None:
    """Whatever was written about a dossier on the day, whenever it was received."""
    events = {event.id: event for event in dossier.history}
    for event in dossier.history:
        if not found.has(event.at) or event.id in dossier.life.annulled:
            continue
        if (act := _act(event, dossier, who)) is not None:
            found.acts.append(act)
            if isinstance(event.body, DossierRecoded):
                found.codes.setdefault(event.body.code, act.counter)
        elif event.kind in ACTS:
            counter = who.counters.get(event.dev, 0)
            found.steps[counter][event.kind] += 1
            found.done.append(Done(event, dossier.id, counter))
    for receipt in dossier.life.receipts:
        if found.has(receipt.at):
            found.payments.append(
                Payment(
                    id=receipt.id,
                    at=receipt.at,
                    dossier=dossier.id,
                    code=dossier.facts.code,
                    counter=who.counters.get(events[receipt.id].dev, 0),
                    clerk=receipt.by,
                    amount=receipt.amount,
                    how=receipt.how,
                    number=receipt.number,
                )
            )


def _act(event: Event, dossier: Dossier, who: _Who) -> Act | None:
    body = event.body
    if not isinstance(body, DossierVoided | DossierCorrected | DossierRecoded):
        return None
    paths: Iterable[str] = body.changes if isinstance(body, DossierCorrected) else ()
    return Act(
        at=event.at,
        kind=event.kind,
        code=dossier.facts.code,
        counter=who.counters.get(event.dev, 0),
        clerk=who.names.get(event.by, event.by),
        reason=body.reason,
        paths=tuple(paths),
        stands=dossier.status == "voided" or not isinstance(body, DossierVoided),
    )


def _elsewhere(desk: Desk, connection: Connection, second: int | None) -> _Elsewhere:
    if second is None:
        second = desk.spool.reached(desk.journal) if desk.spool else 0
    if read_server(connection) is None:
        return _Elsewhere(second, 0, False)
    return _Elsewhere(second, read_memory(connection, SERVER).reached, True)


def _midnight(day: date, zone: tzinfo | None) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=zone).timestamp())
