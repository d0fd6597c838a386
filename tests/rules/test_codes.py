"""Codes of dossiers: made from data, read through everything that happens to them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.rules.codes import (
    CODE,
    BlockUsedUp,
    block_number,
    make_code,
    provisional_code,
    read_code,
)

OFFICE = "H24.31.02.05"
CODE_19 = "H24.31.02.05-261126-0019"
PATTERN = "{office}-{date}-{number:04d}"


def test_a_code_follows_its_pattern_which_is_data() -> None:
    day = date(2026, 11, 26)
    assert make_code(PATTERN, OFFICE, day, 19) == CODE_19
    assert make_code("{office}/{date}/{number}", "X", day, 19) == "X/261126/19"


@pytest.mark.parametrize(
    "code", [CODE_19, "000.00.06.H56-231027-0361", "H15.50.05.13-261008-0975", "G15-261008-1234567"]
)
def test_both_legal_styles_are_codes(code: str) -> None:
    assert CODE.fullmatch(code)


@pytest.mark.parametrize("office", [OFFICE, "000.00.06.H56"])
def test_a_provisional_code_is_a_code_with_its_counter_in_front(office: str) -> None:
    code = provisional_code(2, office, date(2026, 11, 26), 3)
    assert code == f"T02.{office}-261126-0003"
    assert CODE.fullmatch(code)
    assert read_code(code) == ((code,), ())


def test_a_block_issues_its_numbers_and_no_more() -> None:
    assert block_number(0, 500, 1) == 1
    assert block_number(3, 500, 499) == 1_999
    for n in (0, 500):
        with pytest.raises(BlockUsedUp):
            block_number(3, 500, n)


@given(st.integers(0, 19), st.integers(0, 19), st.integers(1, 499), st.integers(1, 499))
def test_two_blocks_never_share_a_number(a: int, b: int, m: int, n: int) -> None:
    assert (block_number(a, 500, m) == block_number(b, 500, n)) == ((a, m) == (b, n))


@pytest.mark.parametrize(
    "typed",
    [
        CODE_19,
        " h24.31.02.05-261126-0019 ",
        "H24.31.02.05 261126 0019",
        "H24.31.02.05 - 261126 - 0019",
        "H24.31.02.052611260019",
        "H24.31.02.05–261126–0019",
        "Mã hồ sơ: H24.31.02.05-261126-0019",
        "mã số: h24.31.02.05_261126_0019",
        "Н24.31.02.05-261126-0019",
        "H24.31.02.05-261126-ОО19",
        "H24.31.02.05-261126-OO19",
        "H24.31.02.05-26ll26-0019",
        "Ｈ24.31.02.05-261126-0019",
        "H24.31.\u200b02.05-261126-0019",
    ],
)
def test_what_people_type_and_paste_is_read(typed: str) -> None:
    assert read_code(typed) == ((CODE_19,), ())


@pytest.mark.parametrize(
    "typed", ["261126-0019", "2611260019", "261126 0019", "H24310205-261126-0019"]
)
def test_with_the_office_known_a_tail_or_missing_dots_are_enough(typed: str) -> None:
    assert read_code(typed, office=OFFICE)[0] == (CODE_19,)
    assert read_code(typed)[0] != (CODE_19,)


def test_several_readings_are_all_given() -> None:
    candidates, remarks = read_code("H24.326010111012")
    assert candidates == ("H24.32-601011-1012", "H24.3-260101-11012")
    assert remarks == ()


def test_letters_made_by_an_input_method_are_read_as_their_keys() -> None:
    assert "A11.15-261126-0001" in read_code("Á1.15-261126-0001")[0]
    assert "H24.DD1-261126-0001" in read_code("H24.Đ1-261126-0001")[0]
    assert "W24.15-261126-0001" in read_code("ư24.15-261126-0001")[0]
    assert "A24.AA-261126-0001" in read_code("A24.Â-261126-0001")[0]


def test_a_letter_no_code_can_hold_is_pointed_at() -> None:
    candidates, remarks = read_code("H24.Ж1.02-261126-0019")
    assert candidates == ()
    assert [(r.name, r.facts) for r in remarks] == [
        ("code_not_latin", {"position": 5, "letter": "Ж"})
    ]


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "Nguyễn Văn An",
        "031085999991",
        "0912345678",
        "H24.31.02.05-261326-0019",
        "Жора",
        "ấấấấ1234-261126-0001",
    ],
)
def test_other_text_is_no_code(typed: str) -> None:
    assert read_code(typed) == ((), ())


@given(st.dates(date(2020, 1, 1), date(2099, 12, 31)), st.integers(1, 9_999))
def test_every_code_is_read_back_with_its_dashes_lost(day: date, number: int) -> None:
    code = make_code(PATTERN, OFFICE, day, number)
    assert read_code(code) == ((code,), ())
    assert code in read_code(code.replace("-", "").lower())[0]


@given(st.text(max_size=80))
def test_any_text_is_answered_with_codes_only(text: str) -> None:
    candidates, _ = read_code(text, office=OFFICE)
    assert all(CODE.fullmatch(candidate) for candidate in candidates)
