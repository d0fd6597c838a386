"""When a result is promised: the vectors of the domain study, the edges, and what always holds."""

from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.calendar import Calendar
from db.deadlines import LimitUnknown, NeverOpen, Promise, due, hours_of, open_at
from db.hours import is_working_day
from db.kinds import CalendarDay, CalendarPublished, OfficePublished, OpenHours
from db.parts import Limit, OfficeFacts

SEED = Path(__file__).parents[2] / "resources" / "catalogue" / "calendar.json"
CALENDAR = Calendar(msgspec.json.decode(SEED.read_bytes(), type=list[CalendarPublished]))
VN = timezone(timedelta(hours=7))
WEEK = OpenHours(weekdays=(0, 1, 2, 3, 4), intervals=((450, 690), (810, 1020)))
DUTY_SATURDAY = OpenHours(weekdays=(5,), intervals=((450, 690),), counts=False)

SAME_DAY = Limit(unit="same_day", cut_off=True)


def office(
    *hours: OpenHours, return_minute: int = 990, cut_off_minute: int = 900
) -> OfficePublished:
    facts = OfficeFacts(
        code="H24.31.02", name="UBND xã Thử", upper_line="", desk_line="", place="Thử"
    )
    return OfficePublished(
        facts=facts,
        statistic_code="11716",
        parent="",
        level="commune",
        valid_from="2020-01-01",
        hours=hours or (WEEK,),
        return_minute=return_minute,
        cut_off_minute=cut_off_minute,
    )


def at(text: str) -> datetime:
    """ "10/04/2026 09:00" as a moment in Vietnam."""
    return datetime.strptime(text, "%d/%m/%Y %H:%M").replace(tzinfo=VN)


def working(days: float, cut_off: bool = False) -> Limit:
    return Limit(unit="working_days", halves=int(days * 2), cut_off=cut_off)


def calendar_days(days: int) -> Limit:
    return Limit(unit="calendar_days", halves=days * 2)


def hours(number: float) -> Limit:
    return Limit(unit="hours", halves=int(number * 2))


def promise(limit: Limit, received: str, at_office: OfficePublished | None = None) -> Promise:
    return due(limit, at(received), at_office or office(), CALENDAR)


# ---------------------------------------------------------------- golden tables


@pytest.mark.parametrize(
    ("received", "limit", "expected"),
    [
        ("24/10/2025 09:00", working(3), "29/10/2025 16:30"),  # weekend
        ("24/04/2025 09:00", working(3), "28/04/2025 16:30"),  # make-up Saturday
        ("29/04/2025 09:00", working(3), "07/05/2025 16:30"),  # swap and holidays
        ("12/02/2026 09:00", working(5), "26/02/2026 16:30"),  # Tết
        ("08/01/2026 09:00", working(2), "10/01/2026 16:30"),  # due on a make-up Saturday
        ("24/04/2026 09:00", working(1), "28/04/2026 16:30"),  # compensatory Monday
        ("21/08/2026 15:30", SAME_DAY, "22/08/2026 16:30"),  # late, make-up Saturday
        ("28/08/2026 15:05", SAME_DAY, "03/09/2026 16:30"),  # late, swapped Monday
        ("06/08/2026 09:00", working(20), "07/09/2026 16:30"),  # all of them
        ("23/11/2026 16:00", SAME_DAY, "25/11/2026 16:30"),  # the new holiday
        ("10/04/2026 09:00", calendar_days(30), "11/05/2026 16:30"),  # Sunday roll
    ],
)
def test_the_eleven_vectors_of_the_domain_study(received: str, limit: Limit, expected: str) -> None:
    assert promise(limit, received).due_at == at(expected)


# Computed by hand from the lists of days off; received at 9:00, due at 16:30.
GOLDEN = """
    30/12/2021 2 04/01/2022 | 28/01/2022 1 07/02/2022 | 27/01/2022 5 10/02/2022
    08/04/2022 1 12/04/2022 | 29/04/2022 1 04/05/2022 | 31/08/2022 1 05/09/2022
    30/12/2022 1 03/01/2023 | 19/01/2023 1 27/01/2023 | 28/04/2023 1 04/05/2023
    31/08/2023 1 05/09/2023 | 07/02/2024 1 15/02/2024 | 17/04/2024 1 19/04/2024
    26/04/2024 1 02/05/2024 | 26/04/2024 2 03/05/2024 | 26/04/2024 3 04/05/2024
    26/04/2024 4 06/05/2024 | 30/08/2024 1 04/09/2024 | 31/12/2024 1 02/01/2025
    24/01/2025 1 03/02/2025 | 04/04/2025 1 08/04/2025 | 25/04/2025 1 26/04/2025
    29/08/2025 1 03/09/2025 | 31/12/2025 1 05/01/2026 | 09/01/2026 1 10/01/2026
    10/01/2026 1 12/01/2026 | 13/02/2026 1 23/02/2026 | 29/04/2026 1 04/05/2026
    21/08/2026 1 22/08/2026 | 22/08/2026 1 24/08/2026 | 28/08/2026 1 03/09/2026
    20/11/2026 2 25/11/2026 | 26/11/2026 10 10/12/2026
"""


@pytest.mark.parametrize(
    "row", [cell.strip() for cell in GOLDEN.replace("\n", "|").split("|") if cell.strip()]
)
def test_the_golden_table_of_working_days_2022_to_2026(row: str) -> None:
    received, days, expected = row.split()
    assert promise(working(int(days)), f"{received} 09:00").due_at == at(f"{expected} 16:30")


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("01/04/2026 09:00", 7, "08/04/2026"),
        ("20/01/2026 09:00", 30, "23/02/2026"),  # 19/2 lies in Tết
        ("03/04/2026 09:00", 23, "28/04/2026"),  # 26/4 is Hùng Kings' day, 27/4 makes up for it
        ("23/07/2026 09:00", 30, "22/08/2026"),  # a worked Saturday is a working day
        ("25/10/2026 10:00", 30, "25/11/2026"),  # received on a Sunday; 24/11 is off
    ],
)
def test_calendar_days_roll_to_the_next_working_day(
    received: str, days: int, expected: str
) -> None:
    assert promise(calendar_days(days), received).due_at == at(f"{expected} 16:30")


# ---------------------------------------------------------------- half days, hours, same day


@pytest.mark.parametrize(
    ("received", "days", "expected"),
    [
        ("16/11/2026 09:00", 0.5, "17/11/2026 11:30"),
        ("16/11/2026 09:00", 3.5, "20/11/2026 11:30"),
        ("18/11/2026 16:00", 2.5, "23/11/2026 11:30"),
        ("21/08/2026 09:00", 0.5, "22/08/2026 11:30"),
    ],
)
def test_half_a_day_ends_with_the_morning_of_the_next_working_day(
    received: str, days: float, expected: str
) -> None:
    assert promise(working(days), received).due_at == at(expected)


@pytest.mark.parametrize(
    ("received", "number", "expected"),
    [
        ("17/11/2026 08:00", 2, "17/11/2026 10:00"),
        ("17/11/2026 08:00", 0.5, "17/11/2026 08:30"),
        ("17/11/2026 10:30", 2, "17/11/2026 14:30"),  # over the noon break
        ("17/11/2026 12:15", 1, "17/11/2026 14:30"),  # in the noon break
        ("17/11/2026 06:00", 1, "17/11/2026 08:30"),  # before opening
        ("17/11/2026 17:30", 1, "18/11/2026 08:30"),  # after closing
        ("17/11/2026 16:00", 2, "18/11/2026 08:30"),
        ("20/11/2026 16:00", 2, "23/11/2026 08:30"),  # over the weekend
        ("20/11/2026 16:00", 8.5, "23/11/2026 17:00"),
        ("23/11/2026 16:00", 8.5, "25/11/2026 17:00"),  # over 24/11
        ("22/11/2026 10:00", 1, "23/11/2026 08:30"),  # Sunday
        ("21/08/2026 16:00", 2, "22/08/2026 08:30"),  # a worked Saturday
        ("17/11/2026 08:00", 48, "26/11/2026 11:00"),
    ],
)
def test_hours_run_in_office_hours_only(received: str, number: float, expected: str) -> None:
    assert promise(hours(number), received).due_at == at(expected)


def test_hours_of_a_late_dossier_begin_the_next_morning() -> None:
    late = Limit(unit="hours", halves=4, cut_off=True)
    assert promise(late, "17/11/2026 15:20").due_at == at("18/11/2026 09:30")


def test_seconds_never_put_the_promise_before_the_receipt() -> None:
    received = at("17/11/2026 10:00").replace(second=30)
    assert due(hours(1), received, office(), CALENDAR).due_at == at("17/11/2026 11:01")


@pytest.mark.parametrize(
    ("received", "expected"),
    [
        ("17/11/2026 08:00", "17/11/2026 16:30"),
        ("17/11/2026 15:00", "17/11/2026 16:30"),  # at three is not after three
        ("17/11/2026 15:01", "18/11/2026 16:30"),
        ("20/11/2026 15:01", "23/11/2026 16:30"),
        ("22/11/2026 09:00", "23/11/2026 16:30"),  # an online dossier on Sunday
    ],
)
def test_the_same_day_until_three_and_the_next_working_day_after(
    received: str, expected: str
) -> None:
    assert promise(SAME_DAY, received).due_at == at(expected)


def test_without_the_cut_off_a_late_afternoon_is_still_the_same_day() -> None:
    limit = Limit(unit="same_day")
    assert promise(limit, "17/11/2026 16:10").due_at == at("17/11/2026 16:30")
    assert promise(limit, "17/11/2026 16:45").due_at == at("17/11/2026 17:00")
    assert promise(limit, "17/11/2026 17:10").due_at == at("18/11/2026 16:30")


def test_the_cut_off_moves_the_start_of_working_and_calendar_days_too() -> None:
    assert promise(working(1, cut_off=True), "17/11/2026 15:30").due_at == at("19/11/2026 16:30")
    late = Limit(unit="calendar_days", halves=6, cut_off=True)
    assert promise(late, "20/11/2026 15:30").due_at == at("26/11/2026 16:30")


def test_the_cut_off_is_the_offices_own() -> None:
    early = office(cut_off_minute=840)
    assert promise(SAME_DAY, "17/11/2026 14:30", early).due_at == at("18/11/2026 16:30")


# ---------------------------------------------------------------- hours of the office


def test_a_duty_morning_on_saturday_does_not_count_as_a_working_day() -> None:
    on_duty = office(WEEK, DUTY_SATURDAY)
    assert promise(working(1), "20/11/2026 09:00", on_duty).due_at == at("23/11/2026 16:30")
    assert promise(SAME_DAY, "21/11/2026 09:00", on_duty).due_at == at("23/11/2026 16:30")
    assert promise(hours(2), "21/11/2026 09:00", on_duty).due_at == at("23/11/2026 09:30")
    assert open_at(on_duty, at("21/11/2026 09:00"))


def test_a_saturday_morning_that_counts_is_a_working_day_and_closes_at_noon() -> None:
    works = office(WEEK, OpenHours(weekdays=(5,), intervals=((450, 690),)))
    assert promise(working(1), "20/11/2026 09:00", works).due_at == at("21/11/2026 11:30")


def test_a_make_up_saturday_has_the_hours_of_a_weekday_even_with_a_duty_morning() -> None:
    on_duty = office(WEEK, DUTY_SATURDAY)
    assert hours_of(on_duty, date(2026, 8, 22), CALENDAR) == WEEK.intervals
    assert hours_of(on_duty, date(2026, 8, 15), CALENDAR) == DUTY_SATURDAY.intervals
    assert promise(working(1), "21/08/2026 09:00", on_duty).due_at == at("22/08/2026 16:30")


def test_a_make_up_saturday_of_an_office_closed_on_mondays_has_another_days_hours() -> None:
    tuesday_on = office(OpenHours(weekdays=(1, 2, 3, 4), intervals=((480, 700),)))
    assert hours_of(tuesday_on, date(2026, 8, 22), CALENDAR) == ((480, 700),)


def test_the_promise_is_never_after_closing_time() -> None:
    early = office(OpenHours(weekdays=(0, 1, 2, 3, 4), intervals=((420, 690), (780, 960))))
    assert promise(working(1), "17/11/2026 09:00", early).due_at == at("18/11/2026 16:00")


def test_summer_and_winter_hours_follow_the_day_and_winter_runs_over_new_year() -> None:
    days = (0, 1, 2, 3, 4)
    summer = OpenHours(
        weekdays=days, intervals=((420, 690), (810, 1020)), season_from="04-15", season_to="10-15"
    )
    winter = OpenHours(
        weekdays=days, intervals=((450, 690), (780, 990)), season_from="10-16", season_to="04-14"
    )
    seasonal = office(summer, winter)
    assert hours_of(seasonal, date(2026, 4, 14)) == winter.intervals
    assert hours_of(seasonal, date(2026, 4, 15)) == summer.intervals
    assert hours_of(seasonal, date(2026, 1, 5)) == winter.intervals
    assert promise(hours(1), "15/10/2026 16:30", seasonal).due_at == at("16/10/2026 08:00")


def test_hours_hold_from_one_day_to_another() -> None:
    old = OpenHours(weekdays=(0,), intervals=((480, 700),), valid_to="2026-06-30")
    new = OpenHours(weekdays=(0,), intervals=((420, 700),), valid_from="2026-07-01")
    changed = office(old, new)
    assert hours_of(changed, date(2026, 6, 29)) == ((480, 700),)
    assert hours_of(changed, date(2026, 7, 6)) == ((420, 700),)


def test_an_office_without_published_hours_has_the_usual_ones() -> None:
    silent = msgspec.structs.replace(office(), hours=())
    assert hours_of(silent, date(2026, 11, 17)) == ((450, 690), (810, 1020))
    assert hours_of(silent, date(2026, 11, 21)) == ()


def test_the_desk_is_open_until_the_closing_minute_and_never_on_a_holiday() -> None:
    assert open_at(office(), at("17/11/2026 16:59"))
    assert not open_at(office(), at("17/11/2026 17:00"))
    assert not open_at(office(), at("17/11/2026 12:00"))
    assert open_at(office(), at("24/11/2026 09:00"))
    assert not open_at(office(), at("24/11/2026 09:00"), CALENDAR)


def test_a_half_day_is_a_working_day_that_closes_at_noon() -> None:
    half = CalendarDay(day="2030-03-05", kind="half", reason="Nghỉ chiều 5/3")
    calendar = Calendar([CalendarPublished(year=2030, days=(half,))])
    given_out = due(working(1), at("04/03/2030 09:00"), office(), calendar)
    assert given_out.due_at == at("05/03/2030 11:30")
    over = due(hours(4), at("05/03/2030 09:30"), office(), calendar)
    assert over.due_at == at("06/03/2030 09:30")


def test_one_session_without_noon_break_ends_half_a_day_at_closing() -> None:
    through = office(OpenHours(weekdays=(0, 1, 2, 3, 4), intervals=((780, 1020),)))
    assert promise(working(0.5), "17/11/2026 14:00", through).due_at == at("18/11/2026 17:00")


# ---------------------------------------------------------------- refusals and warnings


def test_a_procedure_without_a_limit_is_refused() -> None:
    with pytest.raises(LimitUnknown):
        promise(Limit(unit="unknown"), "17/11/2026 09:00")


def test_an_office_that_never_opens_is_refused_instead_of_counting_for_ever() -> None:
    closed = office(OpenHours(weekdays=(0,), intervals=((480, 480),)))
    for limit in (working(1), hours(1), calendar_days(1), SAME_DAY):
        with pytest.raises(NeverOpen) as refused:
            promise(limit, "17/11/2026 09:00", closed)
        assert refused.value.office == "H24.31.02"


def test_a_worked_saturday_of_an_office_that_never_opens_stays_closed() -> None:
    closed = office(OpenHours(weekdays=(0,), intervals=()))
    assert hours_of(closed, date(2026, 8, 22), CALENDAR) == ()


def test_beyond_the_last_published_year_the_promise_carries_a_warning() -> None:
    into = promise(working(5), "28/12/2026 09:00")
    assert into.warnings == ("calendar_missing:2027",)
    assert "chưa có lịch nghỉ năm 2027" in into.why
    # 1 January is a holiday by law, with or without a notice.
    assert into.due_at == at("05/01/2027 16:30")
    assert promise(working(2), "28/12/2026 09:00").warnings == ()


def test_every_unpublished_year_on_the_way_is_named() -> None:
    far = promise(working(300), "28/12/2026 09:00")
    assert far.warnings == ("calendar_missing:2027", "calendar_missing:2028")


# ---------------------------------------------------------------- it explains itself


def test_the_promise_explains_itself_in_one_line() -> None:
    assert promise(working(3), "30/04/2026 10:00").why == (
        "nhận T5 10:00 → 3 ngày làm việc → trừ T7, CN, 1/5 (Quốc tế Lao động)"
        " → hẹn 16:30 T4 06/05/2026"
    )


def test_a_make_up_saturday_and_a_run_of_holidays_are_named() -> None:
    assert promise(working(5), "12/02/2026 09:05").why == (
        "nhận T5 09:05 → 5 ngày làm việc → trừ T7, CN, 16–20/2 (Tết Nguyên đán)"
        " → hẹn 16:30 T5 26/02/2026"
    )
    assert promise(working(3), "24/04/2025 09:00").why == (
        "nhận T5 09:00 → 3 ngày làm việc → trừ CN → tính cả T7 26/4 (Làm bù cho 2/5)"
        " → hẹn 16:30 T2 28/04/2025"
    )
    tet = promise(working(1), "28/01/2022 09:00").why
    assert "31/1–4/2 (Tết Nguyên đán)" in tet


def test_a_late_dossier_says_from_which_day_it_is_counted() -> None:
    assert promise(SAME_DAY, "21/08/2026 15:30").why == (
        "nhận T6 15:30, sau 15:00 → tính từ T7 22/8 → trả trong ngày"
        " → tính cả T7 22/8 (Làm bù cho 31/8) → hẹn 16:30 T7 22/08/2026"
    )


def test_hours_half_days_and_calendar_days_are_said_in_their_words() -> None:
    assert "→ 2 giờ làm việc →" in promise(hours(2), "17/11/2026 08:00").why
    assert "→ 3,5 ngày làm việc →" in promise(working(3.5), "17/11/2026 08:00").why
    rolled = promise(calendar_days(30), "10/04/2026 09:00").why
    assert rolled == ("nhận T6 09:00 → 30 ngày → ngày cuối gặp CN → hẹn 16:30 T2 11/05/2026")
    assert promise(calendar_days(7), "01/04/2026 09:00").why == (
        "nhận T4 09:00 → 7 ngày → hẹn 16:30 T4 08/04/2026"
    )


def test_the_steps_show_every_day_from_receipt_to_result() -> None:
    steps = promise(working(3), "30/04/2026 10:00").steps
    assert [(step.day.day, step.label, step.counts) for step in steps] == [
        (30, "nay", False),
        (1, "nghỉ", False),
        (2, "nghỉ", False),
        (3, "nghỉ", False),
        (4, "+1", True),
        (5, "+2", True),
        (6, "trả", True),
    ]
    assert steps[1].reason == "Quốc tế Lao động"
    assert steps[2].reason == "cuối tuần"


def test_the_steps_of_a_late_dossier_show_the_day_it_counts_as_received() -> None:
    steps = promise(working(1, cut_off=True), "20/11/2026 15:30").steps
    assert [(step.label, step.counts) for step in steps] == [
        ("nay", False),
        ("nghỉ", False),
        ("nghỉ", False),
        ("nhận", False),
        ("nghỉ", False),
        ("trả", True),
    ]
    assert steps[0].reason == "sau 15:00"


def test_calendar_days_number_every_day_and_mark_the_roll() -> None:
    steps = promise(calendar_days(3), "19/11/2026 09:00").steps
    assert [step.label for step in steps] == ["nay", "+1", "+2", "+3", "trả"]
    same = promise(SAME_DAY, "17/11/2026 09:00").steps
    assert [step.label for step in same] == ["trả"]


def test_a_weekday_closed_by_the_office_is_left_out_and_named() -> None:
    no_wednesday = office(OpenHours(weekdays=(0, 1, 3, 4), intervals=((450, 690), (810, 1020))))
    given_out = promise(working(1), "17/11/2026 09:00", no_wednesday)
    assert given_out.due_at == at("19/11/2026 16:30")
    assert given_out.steps[1].reason == "không làm việc"
    assert "trừ T4" in given_out.why


# ---------------------------------------------------------------- what always holds

LIMITS = st.builds(
    Limit,
    unit=st.sampled_from(["working_days", "calendar_days", "hours", "same_day"]),
    halves=st.integers(0, 200),
    cut_off=st.booleans(),
)
MOMENTS = st.datetimes(datetime(2022, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=VN)
)
OFFICES = st.sampled_from(
    [
        office(),
        office(WEEK, DUTY_SATURDAY),
        office(OpenHours(weekdays=(0, 1, 2, 3, 4, 5), intervals=((420, 690),))),
        office(OpenHours(weekdays=(1, 3), intervals=((480, 960),)), return_minute=600),
    ]
)


@given(LIMITS, MOMENTS, OFFICES)
def test_the_promise_lies_in_office_hours_of_a_working_day_after_the_receipt(
    limit: Limit, received: datetime, at_office: OfficePublished
) -> None:
    given_out = due(limit, received, at_office, CALENDAR)
    assert given_out.due_at >= received.replace(second=0)
    day = given_out.due_at.date()
    assert is_working_day(at_office, day, CALENDAR)
    minute = given_out.due_at.hour * 60 + given_out.due_at.minute
    assert any(o <= minute <= c for o, c in hours_of(at_office, day, CALENDAR))
    assert given_out.due_at.tzinfo is received.tzinfo
    assert given_out.steps[0].day == received.date()
    assert given_out.steps[-1].day == day
    assert len(given_out.why) <= 1_000


@given(LIMITS, MOMENTS, OFFICES)
def test_a_longer_limit_is_never_due_earlier(
    limit: Limit, received: datetime, at_office: OfficePublished
) -> None:
    longer = msgspec.structs.replace(limit, halves=limit.halves + 2)
    first = due(limit, received, at_office, CALENDAR).due_at
    assert due(longer, received, at_office, CALENDAR).due_at >= first or limit.halves == 0


@given(st.integers(1, 60), MOMENTS, OFFICES)
def test_as_many_days_count_as_the_limit_has(
    days: int, received: datetime, at_office: OfficePublished
) -> None:
    given_out = due(working(days), received, at_office, CALENDAR)
    assert sum(step.counts for step in given_out.steps) == days
