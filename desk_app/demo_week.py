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
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from db import projection
from db.acts import ending
from db.district.demo import counter_of, district_of
from db.district.server import open_district
from db.doctor import examine
from db.kinds import ClerkRegistered, ProcedurePublished
from db.seed import named
from desk_app.demo_night import (
    ROUNDS,
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
from desk_app.services.settle import NothingToSettle
from desk_app.week_books import (
    EVERY_PAPER,
    against_the_table,
    all_dossiers,
    close_day,
    joint,
    said_of_papers,
    wrong_lines,
    wrong_sheets,
)
from desk_app.week_plan import COUNTERS, OPENS, Act, Clock, Week
from desk_app.week_stories import Stories
from desk_app.week_ways import JOINT, Ways

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
PROCEDURES = 60
A_DAY = 21
"""Citizens on each of five days, of a hundred dossiers: some are sent home without one."""
ROLES = {"clerk": "một cửa", "officer": "công chức", "chief": "lãnh đạo"}


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
        desks = {
            who: open_in(stack, counter_of(folder, n), clock) for n, who in enumerate(COUNTERS, 1)
        }
        until_in_step(desks, say)
        monday = _last_monday(clock.at.date())
        clock.at = datetime.combine(monday, OPENS, ZONE)
        _officer(desks["Quầy 2"])
        until_in_step(desks, say)
        people_of = _people(desks)
        # Two clerks at three counters; the chief whose machine the second is only decides.
        desks["Quầy 2"] = people_of["mai"]
        week = Week({**desks, **people_of}, clock, random.Random(seed))
        ways = Ways(week)
        stories = Stories(week, ways, _procedures(desks["Quầy 1"], monday), people(seed))
        days, wrong = [monday + timedelta(days=n) for n in range(5)], list[str]()
        for day in days:
            _one_day(week, stories.come, ways.forward_all, day, count * A_DAY // 100, desks)
            for desk in desks.values():
                close_day(week, desk, wrong)
            say(f"  {day:%d/%m}  {_counts(week)}")
        until_in_step(desks, say)
        _settle(week.desks["hung"], ways)
        until_in_step(desks, say)
        server = open_district(district_of(folder))
        stack.callback(server.close)
        commune = desks["Quầy 1"].journal.commune
        places = [("Máy chủ", server.engine), *((n, d.journal.engine) for n, d in desks.items())]
        totals = [totals_of(name, engine, commune) for name, engine in places]
        return _verdict(week, desks, days, totals, wrong, say)


def _settle(chief: Desk, ways: Ways) -> None:
    """Until nothing is left to decide: what was built on a mistake shows when that is said."""
    for _ in range(ROUNDS):
        for matter in matters(chief):
            with contextlib.suppress(NothingToSettle):  # an earlier word was about it too
                ways.settle(chief, matter)


def _one_day(
    week: Week, come: Act, forward_all: Act, day: date, count: int, desks: dict[str, Desk]
) -> None:
    """Citizens come, dossiers go on at three and at closing, the counters hear of each other
    every hour."""
    zone = week.clock.at.tzinfo
    morning = datetime.combine(day, OPENS, zone)
    minutes = sorted(week.dice.sample(range(5, 540), min(count, 500)))
    minutes += [week.dice.randrange(5, 540) for _ in range(count - len(minutes))]
    for minute in minutes:
        week.plan(morning + timedelta(minutes=minute), week.dice.choice(COUNTERS), come)
    for who in COUNTERS:
        for hour, minute in ((15, 0), (16, 45)):
            week.plan(datetime.combine(day, time(hour, minute), zone), who, forward_all)
        week.plan(datetime.combine(day, time(16, 50), zone), who, week.papers.results)
    for hour in range(8, 19):
        at = datetime.combine(day, time(hour), zone)
        week.run_until(at)
        week.clock.at = max(week.clock.at, at)
        until_in_step(desks, lambda _: None)


def _verdict(
    week: Week,
    desks: dict[str, Desk],
    days: Sequence[date],
    totals: list[Totals],
    wrong: list[str],
    say: Say,
) -> dict[str, Any]:
    one = desks["Quầy 1"]
    every = all_dossiers(one)
    endings = Counter(column for d in every if (column := ending(d.status)))
    procedures = len({d.facts.procedure.code for d in every})
    whole, astray = joint(every)
    against, by_role = against_the_table(one, every)
    wrong += [*wrong_sheets(one, days, every), *wrong_lines(week, desks.values(), every)]
    wrong += [*astray, *against, *(f.what for f in examine(one.journal).findings if f.grave)]
    unprinted = sorted(EVERY_PAPER - week.papers.printed.keys())
    before = totals_of("", one.journal.engine, one.journal.commune)
    projection.rebuild(one.journal.engine)
    said = {
        "counted": dict(week.counted),
        "settled": dict(week.settled),
        "refused": dict(week.refused),
        "endings": dict(sorted(endings.items())),
        "money": sum(d.life.paid for d in every),
        "procedures": procedures,
        "joint": whole,
        "roles": by_role,
        "papers": dict(week.papers.printed),
        "unprinted": unprinted,
        "flagged": sum(bool(d.unsettled) for d in every),
        "balanced": sum(endings.values()) == week.counted["nhận"],
        "alike": len({each[1:] for each in totals}) == 1,
        "replayed": before == totals_of("", one.journal.engine, one.journal.commune),
        "wrong": wrong,
        "later": week.left,
    }
    held = said["balanced"] and said["alike"] and said["replayed"] and not said["flagged"]
    said["sound"] = bool(held and whole and not wrong and not unprinted)
    _tell(week, said, totals, say)
    return said


def _tell(week: Week, said: dict[str, Any], totals: list[Totals], say: Say) -> None:
    say(totals_table(totals))
    ends = " + ".join(f"{name} {n}" for name, n in said["endings"].items())
    say(f"\nNhận {week.counted['nhận']} = {ends}")
    say(f"{said['procedures']} thủ tục; liên thông ba kết quả trả đủ: {said['joint']} hồ sơ.")
    say(f"Tiền thu {show_money(said['money'])}, theo hồ sơ, sổ thu và năm tờ cuối ngày.")
    roles = ", ".join(f"{ROLES[role]} {n}" for role, n in said["roles"].items())
    say(f"Việc theo vai: {roles}. Bị từ chối đúng quy định: {said['refused']}")
    say(f"Hai quầy cùng làm, lãnh đạo phân xử: {said['settled']}")
    say(f"Giấy đã in:\n{said_of_papers(week.papers.printed)}")
    say(f"Dựng lại từ sổ nhật ký: {'giống hệt' if said['replayed'] else 'KHÁC'}.")
    for what in (*said["wrong"], *said["unprinted"]):
        say(f"  SAI: {what}")
    say("Tuần khớp." if said["sound"] else "TUẦN KHÔNG KHỚP.")


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
    """Who sits at another's counter."""
    found = {}
    for login, place in (("lan", "Quầy 3"), ("hung", "Quầy 2"), ("mai", "Quầy 2")):
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
    usual = [known[code] for code in (*USUAL, JOINT) if code in known]
    rest = [p for p in known.values() if p.limit.unit != "unknown" and p not in usual]
    return [*usual, *rest][:PROCEDURES]
