"""T6, clocks: whatever the clock says, no code is given twice, and what it got wrong is marked."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import real_desk
from sqlalchemy import select

from db import tables
from db.doctor import examine
from db.entry import Envelope, parse
from desk_app.desk import Desk, open_desk
from desk_app.services.create_counter import create_counter
from desk_app.services.demo import CLERKS, OFFICE, people
from desk_app.services.receive import FormIncomplete, preview, receive
from desk_app.settings import Settings

HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TODAY = datetime(2026, 11, 26, 9, 0, tzinfo=HANOI)


class SetClock:
    """A clock a test sets; it may go on by itself between two looks of one command."""

    def __init__(self, at: datetime) -> None:
        self.at = at
        self.then: Iterator[datetime] = iter(())

    def __call__(self) -> datetime:
        self.at = next(self.then, self.at)
        return self.at


@pytest.fixture(autouse=True)
def an_account_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS", raising=False)


@pytest.fixture
def clock() -> SetClock:
    return SetClock(TODAY)


@pytest.fixture
def desk(tmp_path: Path, clock: SetClock) -> Iterator[Desk]:
    create_counter(tmp_path / "data", Settings(OFFICE, 1, "mai"), CLERKS, now=clock)
    desk = open_desk(tmp_path / "data", now=clock)
    yield desk
    desk.close()


CITIZENS = people(1)


def received_at(desk: Desk, clock: SetClock, at: datetime) -> tuple[str, Envelope]:
    """The code and the entry of a dossier received when the clock said this."""
    clock.at = at
    code = real_desk.take_in(desk, next(CITIZENS)).facts.code
    line = desk.journal.lines(newest(desk) - 1)[0][1]
    return code, parse(line).says


def newest(desk: Desk) -> int:
    with desk.reading() as connection:
        n = connection.scalar(select(tables.journal.c.n).order_by(tables.journal.c.n.desc()))
    assert n is not None
    return n


def tail(code: str) -> str:
    return "-".join(code.rsplit("-", 2)[1:])


@pytest.mark.parametrize(
    ("wrong", "day"),
    [(TODAY.replace(year=2036), "361126"), (TODAY + timedelta(days=61), "270126")],
)
def test_a_clock_far_ahead_gives_codes_of_its_day_marks_them_and_spoils_nothing_after(
    desk: Desk, clock: SetClock, wrong: datetime, day: str
) -> None:
    assert tail(received_at(desk, clock, TODAY)[0]) == "261126-0001"
    code, says = received_at(desk, clock, wrong)
    assert (tail(code), says.ck) == (f"{day}-0001", "unsure")
    code, says = received_at(desk, clock, TODAY + timedelta(minutes=5))
    assert (tail(code), says.ck) == ("261126-0002", "ok")
    code, _ = received_at(desk, clock, wrong)
    assert tail(code) == f"{day}-0002"


@pytest.mark.parametrize("year", [2002, 2006, 2019])
def test_a_clock_without_battery_opens_the_counter_and_draws_no_number_of_its_day(
    desk: Desk, clock: SetClock, year: int
) -> None:
    received_at(desk, clock, TODAY)
    before = newest(desk)
    clock.at = TODAY.replace(year=year)
    again = open_desk(desk.data, now=clock)
    assert again.journal.clock_quality() == "unsure"
    form = real_desk.form_for(again, next(CITIZENS))
    preview(again, form)
    # No procedure was in force on such a day: refused, and nothing is lost of what was typed.
    with pytest.raises(FormIncomplete) as refused:
        receive(again, form)
    assert [remark.name for remark in refused.value.remarks] == ["procedure_unknown"]
    assert newest(again) == before
    clock.at = TODAY + timedelta(minutes=5)
    assert tail(receive(again, form).facts.code) == "261126-0002"


def test_a_number_is_not_drawn_twice_on_a_day_twenty_years_ago_either(
    desk: Desk, clock: SetClock
) -> None:
    drawn = []
    for at in (TODAY, TODAY.replace(year=2006), TODAY, TODAY.replace(year=2006)):
        clock.at = at
        with desk.saving() as saving:
            drawn.append(saving.draw(0, at.date().isoformat()))
    assert drawn == [1, 1, 2, 2]


def test_an_hour_back_goes_on_numbering_and_is_marked(desk: Desk, clock: SetClock) -> None:
    received_at(desk, clock, TODAY)
    code, says = received_at(desk, clock, TODAY - timedelta(hours=1))
    assert (tail(code), says.ck) == ("261126-0002", "unsure")
    code, says = received_at(desk, clock, TODAY + timedelta(minutes=1))
    assert (tail(code), says.ck) == ("261126-0003", "ok")


def test_the_first_clock_of_a_new_counter_is_not_believed_before_the_program_was_made(
    tmp_path: Path,
) -> None:
    clock = SetClock(datetime(2002, 1, 1, 0, 5, tzinfo=HANOI))
    create_counter(tmp_path / "new", Settings(OFFICE, 1, "mai"), CLERKS, now=clock)
    desk = open_desk(tmp_path / "new", now=clock)
    assert desk.journal.clock_quality() == "unsure"
    assert {parse(line).says.ck for _, line in desk.journal.lines()} == {"unsure"}
    desk.close()


def test_the_leap_day_has_its_own_numbers(desk: Desk, clock: SetClock) -> None:
    codes = [
        tail(received_at(desk, clock, TODAY.replace(2028, month, day))[0])
        for month, day in ((2, 28), (2, 29), (2, 29), (3, 1), (2, 29))
    ]
    assert codes == ["280228-0001", "280229-0001", "280229-0002", "280301-0001", "280229-0003"]


def test_a_year_that_ends_in_the_middle_of_a_save_gives_one_day_to_the_whole_dossier(
    desk: Desk, clock: SetClock
) -> None:
    last = datetime(2026, 12, 31, 23, 59, 59, tzinfo=HANOI)
    # However late in the command the year turns, code and moment of receipt agree.
    for looks in range(1, 6):
        clock.at = last
        clock.then = iter([last] * looks)
        form = real_desk.form_for(desk, next(CITIZENS))
        clock.then = iter([*[last] * looks, *[last + timedelta(seconds=1)] * 9])
        dossier = receive(desk, form)
        clock.then = iter(())
        assert tail(dossier.facts.code)[:6] in ("261231", "270101")
        received = datetime.fromisoformat(dossier.facts.received_at)
        assert f"{received:%y%m%d}" == tail(dossier.facts.code)[:6]
    assert examine(desk.journal).findings == ()


def test_a_clock_confirmed_by_a_person_counts_again_but_marks_its_own_entries(
    desk: Desk, clock: SetClock
) -> None:
    received_at(desk, clock, TODAY)
    clock.at = TODAY + timedelta(days=100)
    assert desk.journal.clock_quality() == "unsure"
    desk.journal.confirm_clock()
    assert desk.journal.clock_quality() == "ok"
    assert received_at(desk, clock, clock.at + timedelta(minutes=1))[1].ck == "unsure"


def test_two_hundred_jumps_of_the_clock_and_restarts_give_no_code_twice(
    desk: Desk, clock: SetClock, capsys: pytest.CaptureFixture[str]
) -> None:
    dice = random.Random(20261126)
    wrong_by = [timedelta(0)] * 12 + [
        timedelta(days=days, hours=hours)
        for days, hours in ((-365, 0), (3653, 0), (0, -1), (0, 1), (1, 0), (-1, 0), (61, 0))
    ]
    codes: list[str] = []
    unsure = 0
    for minute in range(200):
        at = TODAY + timedelta(minutes=minute, seconds=dice.randrange(60))
        code, says = received_at(desk, clock, at + dice.choice(wrong_by))
        codes.append(code)
        unsure += says.ck == "unsure"
        if dice.random() < 0.1:
            data = desk.data
            desk = open_desk(data, now=clock)
    report = examine(desk.journal)
    with capsys.disabled():
        print(f"\nT6: {len(codes)} codes, {len(set(codes))} different, {unsure} marked unsure")
    assert len(set(codes)) == len(codes)
    assert report.findings == ()
    assert 0 < unsure < len(codes)
