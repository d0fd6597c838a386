"""Days typed in any usual way, echoed in one form."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.rules.days import (
    age,
    check_issued,
    day_in_words,
    moment_in_words,
    read_day,
    show_day,
    show_moment,
)

TODAY = date(2026, 11, 26)


def read(text: str) -> tuple[str, list[str]]:
    day, remarks = read_day(text, TODAY)
    return day, [remark.name for remark in remarks]


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("14/02/1987", "1987-02-14"),
        ("14/2/1987", "1987-02-14"),
        ("14-02-1987", "1987-02-14"),
        ("14.2.1987", "1987-02-14"),
        ("14 2 1987", "1987-02-14"),
        ("14021987", "1987-02-14"),
        ("20122012", "2012-12-20"),
        ("2025-02-01", "2025-02-01"),
        ("2025/2/1", "2025-02-01"),
        ("20250201", "2025-02-01"),
        ("19870214", "1987-02-14"),
        ("ngày 5 tháng 3 năm 1985", "1985-03-05"),
        ("02/1970", "1970-02"),
        ("021970", "1970-02"),
        ("1950", "1950"),
        ("sinh năm 1950", "1950"),
        ("29/02/2024", "2024-02-29"),
        ("", ""),
    ],
)
def test_usual_forms_are_read_day_first(typed: str, day: str) -> None:
    assert read(typed) == (day, [])


@pytest.mark.parametrize(
    ("typed", "day", "shown"),
    [
        ("1/2/85", "1985-02-01", "01/02/1985"),
        ("010285", "1985-02-01", "01/02/1985"),
        ("01/02/26", "2026-02-01", "01/02/2026"),
        ("27/11/26", "1926-11-27", "27/11/1926"),
        ("01/02/05", "2005-02-01", "01/02/2005"),
    ],
)
def test_a_year_of_two_digits_is_echoed_for_confirmation(typed: str, day: str, shown: str) -> None:
    read_as, remarks = read_day(typed, TODAY)
    assert read_as == day
    assert [(r.name, r.severity, r.facts) for r in remarks] == [
        ("year_of_two_digits", "warning", {"day": shown})
    ]


@pytest.mark.parametrize(
    ("typed", "name", "facts"),
    [
        ("31/02/1990", "day_not_in_month", {"month": "02/1990", "days": 28}),
        ("29/02/2023", "day_not_in_month", {"month": "02/2023", "days": 28}),
        ("31/4/1990", "day_not_in_month", {"month": "04/1990", "days": 30}),
        ("01/13/1990", "month_unknown", {"month": 13}),
        ("00/00/1990", "day_unreadable", {}),
        ("00/00", "day_unreadable", {}),
        ("00/1990", "day_unreadable", {}),
        ("1/2", "day_unreadable", {}),
        ("12/1/2/1990", "day_unreadable", {}),
        ("123/1/1990", "day_unreadable", {}),
        ("12345", "day_unreadable", {}),
        ("hôm qua", "day_unreadable", {}),
        ("///", "day_unreadable", {}),
        ("01/01/1066", "day_unreadable", {}),
        ("27/11/2026", "day_in_future", {"day": "27/11/2026"}),
        ("12/2026", "day_in_future", {"day": "12/2026"}),
        ("2027", "day_in_future", {"day": "2027"}),
        ("15/8 âm lịch 1960", "day_lunar", {}),
        ("15/8/1960 (ÂL)", "day_lunar", {}),
    ],
)
def test_an_impossible_day_is_an_error_that_says_why(
    typed: str, name: str, facts: dict[str, object]
) -> None:
    day, remarks = read_day(typed, TODAY)
    assert day == ""
    assert [(r.name, r.severity, r.facts) for r in remarks] == [(name, "error", facts)]


def test_today_is_no_future() -> None:
    assert read("26/11/2026") == ("2026-11-26", [])


def test_an_age_over_120_is_only_a_warning() -> None:
    assert read("01/01/1906") == ("1906-01-01", [])
    assert read("26/11/1905") == ("1905-11-26", ["age_over_120"])


def test_a_bare_year_is_asked_about_for_younger_people_only() -> None:
    assert read("1985") == ("1985", ["year_only"])
    assert read("1980") == ("1980", [])
    assert read_day("1985", TODAY, of_birth=False) == ("1985", ())


@pytest.mark.parametrize(
    ("born", "years"),
    [("2020-11-26", 6), ("2020-11-27", 5), ("2020-11", 5), ("2020", 5), ("2019", 6)],
)
def test_age_counts_whole_years(born: str, years: int) -> None:
    assert age(born, TODAY) == years


@pytest.mark.parametrize(
    ("issued", "born", "expected"),
    [
        ("2021-04-10", "1985-03-05", []),
        ("2021-04-10", "", []),
        ("2026-11-27", "", ["day_in_future"]),
        ("1984-12-31", "1985-03-05", ["issued_before_birth"]),
        ("1984-12-31", "1985", ["issued_before_birth"]),
        ("1985-01-01", "1985", []),
        ("", "1985", []),
    ],
)
def test_a_paper_is_issued_after_birth_and_not_in_the_future(
    issued: str, born: str, expected: list[str]
) -> None:
    assert [r.name for r in check_issued(issued, born, TODAY)] == expected


def test_days_and_moments_are_shown_in_one_form() -> None:
    assert show_day("1987-02-14") == "14/02/1987"
    assert show_day("1987-02") == "02/1987"
    assert show_day("1987") == "1987"
    assert show_moment(datetime(2026, 12, 15, 16, 30)) == "16:30, Thứ Ba, 15/12/2026"


@pytest.mark.parametrize(
    ("day", "words"),
    [
        (date(2026, 3, 5), "ngày 05 tháng 3 năm 2026"),
        (date(2026, 2, 15), "ngày 15 tháng 02 năm 2026"),
        (date(2026, 1, 9), "ngày 09 tháng 01 năm 2026"),
        (date(2026, 11, 26), "ngày 26 tháng 11 năm 2026"),
    ],
)
def test_only_days_below_ten_and_months_one_and_two_have_a_nought(day: date, words: str) -> None:
    assert day_in_words(day) == words


def test_the_promise_is_worded_with_hours_and_minutes() -> None:
    moment = datetime(2026, 3, 5, 8, 5)
    assert moment_in_words(moment) == "08 giờ 05 phút, ngày 05 tháng 3 năm 2026"


@given(st.dates(date(1906, 12, 1), TODAY))
def test_every_day_is_read_back_from_each_form(day: date) -> None:
    forms = (
        f"{day:%d/%m/%Y}",
        f"{day:%d%m%Y}",
        f"{day.day}-{day.month}-{day.year}",
        day.isoformat(),
    )
    for form in forms:
        assert read(form) == (day.isoformat(), []), form
    assert show_day(day.isoformat()) == f"{day:%d/%m/%Y}"


@given(st.text(max_size=40))
def test_any_text_is_a_day_or_a_remark(text: str) -> None:
    day, remarks = read_day(text, TODAY)
    assert not (day and any(r.severity == "error" for r in remarks))
