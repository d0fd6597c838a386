"""Days and moments: how people type them and how they are said.

A day of birth may be a whole day, a month or only a year (older papers know no more), kept as
``yyyy-mm-dd``, ``yyyy-mm`` or ``yyyy``.
"""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date, datetime

from desk_app.rules.remarks import Remark
from desk_app.rules.typed import clean

WEEKDAYS = ("Thứ Hai", "Thứ Ba", "Thứ Tư", "Thứ Năm", "Thứ Sáu", "Thứ Bảy", "Chủ Nhật")
SHORT_WEEKDAYS = ("T2", "T3", "T4", "T5", "T6", "T7", "CN")

OLDEST = 120
"""Years; a greater age is more likely a slip than a person."""
WHOLE_DAY_SINCE = 1980
"""People born later than this have papers with the whole day, so a bare year is asked about."""
EARLIEST_YEAR = 1850

_LUNAR = re.compile(r"âm(?:\s*lịch)?|\bal\b|\(âl\)|\bâl\b", re.IGNORECASE)
_WORDS = re.compile(r"\b(?:ngày|tháng|năm|sinh|mồng|mùng)\b", re.IGNORECASE)


class _Unreadable(Exception):
    """Inside this module: the text is no day; carries the remark's name and facts."""

    def __init__(self, name: str, **facts: object) -> None:
        super().__init__(name)
        self.name = name
        self.facts = facts


def read_day(
    text: str, today: date, field: str = "applicant.born", of_birth: bool = True
) -> tuple[str, tuple[Remark, ...]]:
    """The day typed in any usual way, day first, and remarks.

    An unreadable or impossible day comes back empty with an error. A year of two digits is taken
    as the last such year that is not in the future, and told so that it can be confirmed.
    """
    typed, cleaned = clean(text, field=field)
    remarks = list(cleaned)
    if not typed:
        return "", cleaned
    try:
        year, month, day, short_year = _parts(typed, today)
        read = _checked(year, month, day)
        _check_not_ahead(read, today)
    except _Unreadable as unreadable:
        return "", (*remarks, Remark(field, unreadable.name, "error", unreadable.facts))
    if short_year:
        remarks.append(Remark(field, "year_of_two_digits", "warning", {"day": show_day(read)}))
    if of_birth:
        if age(read, today) > OLDEST:
            remarks.append(Remark(field, "age_over_120", "warning", {"age": age(read, today)}))
        if not month and year > WHOLE_DAY_SINCE:
            remarks.append(Remark(field, "year_only", "warning", {"year": year}))
    return read, tuple(remarks)


def _parts(typed: str, today: date) -> tuple[int, int, int, bool]:
    """Year, month (0 = not given), day (0 = not given), and whether the year had two digits."""
    if _LUNAR.search(typed):
        raise _Unreadable("day_lunar")
    plain = _WORDS.sub(" ", typed)
    if re.search(r"[^\W\d_]", plain):
        raise _Unreadable("day_unreadable")
    groups = re.findall(r"\d+", plain)
    if len(groups) == 1:
        groups = _split_digits(groups[0])
    sizes = [len(group) for group in groups]
    if len(groups) == 3 and sizes[0] == 4 and max(sizes[1:]) <= 2:
        year, month, day = (int(group) for group in groups)
        return year, month, day, False
    if not groups or len(groups) > 3 or sizes[-1] not in {2, 4} or max([*sizes[:-1], 0]) > 2:
        raise _Unreadable("day_unreadable")
    if len(groups) < 3 and sizes[-1] == 2:
        raise _Unreadable("day_unreadable")
    day, month, year = (int(group) for group in ["0"] * (3 - len(groups)) + groups)
    if (len(groups) > 1 and month == 0) or (len(groups) == 3 and day == 0):
        raise _Unreadable("day_unreadable")
    if sizes[-1] == 4:
        return year, month, day, False
    century = today.year // 100 * 100
    year += century
    if (year, month, day) > (today.year, today.month, today.day):
        year -= 100
    return year, month, day, True


def _split_digits(digits: str) -> list[str]:
    """Digits typed without separators, cut into day, month and year."""
    if len(digits) == 4:
        return [digits]
    if len(digits) == 6:
        # 021985 is a month: 19 and 20 are no months, so it cannot be day, month, short year.
        if digits[2:4] in {"19", "20"}:
            return [digits[:2], digits[2:]]
        return [digits[:2], digits[2:4], digits[4:]]
    if len(digits) == 8:
        if not EARLIEST_YEAR <= int(digits[4:]) <= 2100 and digits[:2] in {"19", "20"}:
            return [digits[:4], digits[4:6], digits[6:]]
        return [digits[:2], digits[2:4], digits[4:]]
    raise _Unreadable("day_unreadable")


def _checked(year: int, month: int, day: int) -> str:
    if not EARLIEST_YEAR <= year <= 2100:
        raise _Unreadable("day_unreadable")
    if month == 0:
        return f"{year:04d}"
    if month > 12:
        raise _Unreadable("month_unknown", month=month)
    if day == 0:
        return f"{year:04d}-{month:02d}"
    days = monthrange(year, month)[1]
    if day > days:
        raise _Unreadable("day_not_in_month", month=f"{month:02d}/{year}", days=days)
    return f"{year:04d}-{month:02d}-{day:02d}"


def _check_not_ahead(read: str, today: date) -> None:
    if read > today.isoformat()[: len(read)]:
        raise _Unreadable("day_in_future", day=show_day(read))


def check_issued(issued: str, born: str, today: date, field: str = "issued") -> tuple[Remark, ...]:
    """Errors about the day a paper was issued: ahead of us, or before its holder was born."""
    facts: dict[str, object] = {"day": show_day(issued)}
    if issued > today.isoformat()[: len(issued)]:
        return (Remark(field, "day_in_future", "error", facts),)
    shared = min(len(issued), len(born))
    if shared and issued[:shared] < born[:shared]:
        return (Remark(field, "issued_before_birth", "error", facts),)
    return ()


def age(born: str, today: date) -> int:
    """Whole years lived; the year or month alone counts as if born on its last day."""
    year, month, day = [int(part) for part in (born + "-12-31"[len(born) - 4 :]).split("-")]
    had_birthday = (today.month, today.day) >= (month, day)
    return today.year - year - (not had_birthday)


def show_day(day: str) -> str:
    """ "14/02/1987", "02/1987" or "1987"."""
    return "/".join(reversed(day.split("-")))


def show_moment(moment: datetime) -> str:
    """ "16:30, Thứ Ba, 15/12/2026"."""
    return f"{moment:%H:%M}, {WEEKDAYS[moment.weekday()]}, {moment:%d/%m/%Y}"


def day_in_words(day: date) -> str:
    """ "ngày 05 tháng 3 năm 2026": days below 10 and months 1 and 2 with a leading nought.

    Decree 30/2020/NĐ-CP, Annex I, part II, on place and date.
    """
    month = f"{day.month:02d}" if day.month < 3 else str(day.month)
    return f"ngày {day.day:02d} tháng {month} năm {day.year}"


def moment_in_words(moment: datetime) -> str:
    """ "16 giờ 30 phút, ngày 15 tháng 12 năm 2026", as Mẫu 01 words it."""
    return f"{moment:%H} giờ {moment:%M} phút, {day_in_words(moment.date())}"
