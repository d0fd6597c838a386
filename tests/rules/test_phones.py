"""Telephone numbers in every form people use."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.rules.phones import read_phone, show_phone


@pytest.mark.parametrize(
    ("typed", "phone"),
    [
        ("0912345678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912-345-678", "0912345678"),
        ("(0912) 345678", "0912345678"),
        ("0912/345/678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("+84 (0)912 345 678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("ĐT: 0912345678", "0912345678"),
        ("0225 388 1234", "02253881234"),
        ("024 3825 1234", "02438251234"),
        ("", ""),
    ],
)
def test_usual_forms_are_read_without_a_word(typed: str, phone: str) -> None:
    assert read_phone(typed) == (phone, ())


@pytest.mark.parametrize(
    "typed",
    [
        "0912345678 / 0987654321",
        "0912345678, 0987654321",
        "0912345678 - 0987654321",
        "0912345678 hoặc 0987654321",
        "0912345678 0987654321",
        "+84912345678; +84987654321",
    ],
)
def test_the_second_of_two_numbers_is_told(typed: str) -> None:
    phone, remarks = read_phone(typed)
    assert phone == "0912345678"
    assert [(r.name, r.severity, r.facts) for r in remarks] == [
        ("phone_second", "told", {"phone": "0987 654 321"})
    ]


def test_the_same_number_twice_is_one() -> None:
    assert read_phone("0912345678 / 0912345678") == ("0912345678", ())


def test_a_lost_nought_is_put_back_and_told() -> None:
    phone, remarks = read_phone("912345678")
    assert phone == "0912345678"
    assert remarks[0].name == "phone_zero_added"


@pytest.mark.parametrize(
    "typed",
    [
        "091234567",
        "09123456789",
        "0412345678",
        "abc",
        "0912345678x",
        "12",
        "1900 1234",
        "0912345678, 12",
    ],
)
def test_what_is_no_number_is_an_error(typed: str) -> None:
    phone, remarks = read_phone(typed)
    assert phone == ""
    assert [(r.name, r.severity) for r in remarks] == [("phone_unreadable", "error")]


@pytest.mark.parametrize("typed", ["0168 345 6789", "+84168 345 6789"])
def test_the_old_prefixes_of_eleven_digits_are_offered_anew(typed: str) -> None:
    phone, remarks = read_phone(typed)
    assert phone == ""
    assert (remarks[0].name, remarks[0].offer) == ("phone_old_prefix", "0383 456 789")


def test_numbers_are_shown_in_groups() -> None:
    assert show_phone("0912345678") == "0912 345 678"
    assert show_phone("02253881234") == "0225 388 1234"
    assert show_phone("02438251234") == "024 3825 1234"
    assert show_phone("") == ""


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_what_is_shown_is_read_back(phone: str) -> None:
    assert read_phone(show_phone(phone)) == (phone, ())
    assert read_phone("+84" + phone[1:]) == (phone, ())


@given(st.text(max_size=60))
def test_whatever_is_read_fits_the_entry(text: str) -> None:
    phone, remarks = read_phone(text)
    assert phone == "" or (phone.startswith("0") and len(phone) in {10, 11} and phone.isdecimal())
    assert phone or remarks or not text.strip() or not any(s.isprintable() for s in text)
