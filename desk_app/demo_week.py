"""A week to look at: five days of a commune at three counters, with an officer and the chief.

Everything is real but the people and the clock: encrypted databases, a district server on
loopback, every paper a PDF. At the end the books must balance at every node, money by money, and
the week must fold from its journal to the same state.
"""

from __future__ import annotations

import argparse
import contextlib
import random
from collections import Counter
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from db import projection
from db.acts import ending
from db.district.demo import counter_of, district_of
from db.district.server import open_district
from db.doctor import examine
from db.kinds import ClerkRegistered, ProcedurePublished
from db.seed import named
from db.tables import dossiers, payments
from desk_app.demo_night import (
    Say,
    Totals,
    folder_for,
    open_in,
    server_for,
    totals_of,
    totals_table,
    until_in_step,
)
from desk_app.desk import Desk
from desk_app.rules.money import show_money
from desk_app.services.attention import matters
from desk_app.services.demo import people
from desk_app.services.procedures import USUAL
from desk_app.week_plan import OPENS, Clock, Week
from desk_app.week_stories import Stories

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PROCEDURES = 60


def demo_week(args: argparse.Namespace) -> Iterator[dict[str, Any]]:
    """Play the week and print it; ``sound`` is false when something does not balance.

    Raises:
        DemoNotStarted: there was no server.
    """
    say: Say = (lambda line: None) if args.json else (lambda line: print(line, flush=True))
    with folder_for(args.keep) as folder, server_for(folder) as url:
        say(f"Tuần thử ở xã Tú Sơn: 3 quầy, {args.dossiers} hồ sơ. Máy chủ {url}")
        said = play(folder, args.dossiers, args.seed, say)
    yield said if args.json else {"sound": said["sound"]}


def play(folder: Path, count: int, seed: int, say: Say) -> dict[str, Any]:
    """Five days in a demonstration's folder; what they came to, and whether it is sound."""
    with contextlib.ExitStack() as stack:
        clock = Clock(datetime.now(ZONE))
        desks = {f"Quầy {n}": open_in(stack, counter_of(folder, n), clock) for n in (1, 2, 3)}
        until_in_step(desks, say)
        monday = _last_monday(clock.at.date())
        clock.at = datetime.combine(monday, OPENS, ZONE)
        _officer(desks["Quầy 2"])
        until_in_step(desks, say)
        week = Week({**desks, **_people(desks)}, clock, random.Random(seed))
        stories = Stories(week, _procedures(desks["Quầy 1"], monday), people(seed))
        for day in range(5):
            _one_day(week, stories, monday + timedelta(days=day), count // 5, desks)
            say(f"  {monday + timedelta(days=day):%d/%m}  {_counts(week)}")
        until_in_step(desks, say)
        _settle(week, stories)
        until_in_step(desks, say)
        server = open_district(district_of(folder))
        stack.callback(server.close)
        one = desks["Quầy 1"]
        places = [("Máy chủ", server.engine), *((n, d.journal.engine) for n, d in desks.items())]
        totals = [totals_of(name, engine, one.journal.commune) for name, engine in places]
        return _verdict(week, desks, totals, say)


def _one_day(week: Week, stories: Stories, day: date, count: int, desks: dict[str, Desk]) -> None:
    """Citizens come, dossiers go on at three and at closing, the counters hear of each other
    every hour."""
    zone = week.clock.at.tzinfo
    morning = datetime.combine(day, OPENS, zone)
    minutes = sorted(week.dice.sample(range(5, 540), min(count, 500)))
    minutes += [week.dice.randrange(5, 540) for _ in range(count - len(minutes))]
    for minute in minutes:
        week.plan(morning + timedelta(minutes=minute), week.dice.choice(list(desks)), stories.come)
    for name in desks:
        for hour, minute in ((15, 0), (16, 45)):
            at = datetime.combine(day, time(hour, minute), zone)
            week.plan(at, name, stories.forward_all)
    for hour in range(8, 19):
        at = datetime.combine(day, time(hour), zone)
        week.run_until(at)
        week.clock.at = max(week.clock.at, at)
        until_in_step(desks, lambda _: None)


def _settle(week: Week, stories: Stories) -> None:
    """The chief goes through what two counters did at once."""
    chief = week.desks["hung"]
    for matter in matters(chief):
        stories.settle(chief, matter)


def _verdict(week: Week, desks: dict[str, Desk], totals: list[Totals], say: Say) -> dict[str, Any]:
    one = desks["Quầy 1"]
    alike = len({each[1:] for each in totals}) == 1
    endings, money, flagged = _figures(one)
    balanced = sum(endings.values()) == week.counted["nhận"] and money[0] == money[1]
    before = totals_of("", one.journal.engine, one.journal.commune)
    projection.rebuild(one.journal.engine)
    after = totals_of("", one.journal.engine, one.journal.commune)
    findings = [f for f in examine(one.journal).findings if f.grave]
    sound = alike and balanced and not flagged and before == after and not findings
    say(totals_table(totals))
    say(f"\nNhận {week.counted['nhận']} = " + " + ".join(f"{k} {v}" for k, v in endings.items()))
    say(f"Thu theo hồ sơ {show_money(money[0])}, theo sổ thu {show_money(money[1])}.")
    say(f"Giấy in: {week.counted['giấy']}. Bị từ chối đúng quy định: {dict(week.refused)}")
    say(f"Dựng lại từ sổ nhật ký: {'giống hệt' if before == after else 'KHÁC'}.")
    say("Tuần khớp." if sound else "TUẦN KHÔNG KHỚP.")
    return {
        "sound": sound,
        "counted": dict(week.counted),
        "refused": dict(week.refused),
        "endings": endings,
        "money": money,
        "flagged": flagged,
        "alike": alike,
        "replayed": before == after,
        "findings": [f.what for f in findings],
        "later": week.left,
    }


def _figures(desk: Desk) -> tuple[dict[str, int], tuple[int, int], int]:
    """Dossiers by how they stand; money by the dossiers and by the table; contradictions left."""
    endings: Counter[str] = Counter()
    by_dossier = 0
    with desk.reading() as connection:
        rows = connection.execute(select(dossiers.c.obj)).all()
        flagged = connection.scalar(
            select(func.count()).select_from(dossiers).where(dossiers.c.flags > 0)
        )
        table = connection.scalar(
            select(func.coalesce(func.sum(payments.c.amount), 0)).where(payments.c.valid == 1)
        )
        for (obj,) in rows:
            found = projection.dossier_of(connection, bytes(obj))
            assert found is not None
            by_dossier += found.life.paid
            if column := ending(found.status):
                endings[column] += 1
    return dict(sorted(endings.items())), (by_dossier, int(table or 0)), flagged or 0


def _counts(week: Week) -> str:
    return ", ".join(f"{name} {n}" for name, n in sorted(week.counted.items()))


def _last_monday(today: date) -> date:
    return today - timedelta(days=today.weekday() + 7)


def _officer(desk: Desk) -> None:
    with desk.reading() as connection:
        chief = desk.published(connection).clerk("hung")
    assert chief is not None
    with desk.as_clerk(chief).saving() as saving:
        saving.append(
            named("clerk", "lan"),
            ClerkRegistered("lan", "Ngô Thị Lan", "officer", chief.verifier),
        )


def _people(desks: dict[str, Desk]) -> dict[str, Desk]:
    """Who is not a clerk sits at one of the counters too."""
    found = {}
    for login, place in (("lan", "Quầy 3"), ("hung", "Quầy 2")):
        desk = desks[place]
        with desk.reading() as connection:
            person = desk.published(connection).clerk(login)
        assert person is not None
        found[login] = desk.as_clerk(person)
    return found


def _procedures(desk: Desk, day: date) -> list[ProcedurePublished]:
    """The usual ones first, then others whose time limit is known."""
    with desk.reading() as connection:
        published = desk.published(connection)
        known = {p.says.code: p.says for p in published.catalogue(day)}
    usual = [known[code] for code in (*USUAL, "2.000986") if code in known]
    rest = [p for p in known.values() if p.limit.unit != "unknown" and p not in usual]
    return [*usual, *rest][:PROCEDURES]
