"""Amounts: read, shown, said, and the fees of the catalogue."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.parts import FeeRule
from desk_app.rules.money import FeeUnknown, fee_for, read_money, show_money, words


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("15000", 15_000),
        ("15.000", 15_000),
        ("15,000", 15_000),
        ("1.000.000đ", 1_000_000),
        ("1,000,000", 1_000_000),
        ("15.000 đồng", 15_000),
        ("15 000 VND", 15_000),
        ("50k", 50_000),
        ("50 nghìn", 50_000),
        ("2 triệu", 2_000_000),
        ("0", 0),
        ("", None),
    ],
)
def test_usual_forms_are_read(typed: str, amount: int | None) -> None:
    assert read_money(typed) == (amount, ())


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("-5", "money_negative"),
        ("−5000", "money_negative"),
        ("1e9", "money_unreadable"),
        ("12,5", "money_decimal"),
        ("1.5", "money_decimal"),
        ("1.000,50", "money_decimal"),
        ("năm nghìn", "money_unreadable"),
        ("1000000000001", "money_too_large"),
        ("9999999 triệu", "money_unreadable"),
    ],
)
def test_other_forms_are_refused_by_name(typed: str, name: str) -> None:
    amount, remarks = read_money(typed)
    assert amount is None
    assert [(r.name, r.severity) for r in remarks] == [(name, "error")]


@given(st.integers(0, 1_000_000_000_000))
def test_what_is_shown_is_read_back(amount: int) -> None:
    assert read_money(show_money(amount)) == (amount, ())


def test_money_is_shown_in_groups_of_three() -> None:
    assert show_money(15_000) == "15.000 đ"
    assert show_money(0) == "0 đ"


@pytest.mark.parametrize(
    ("amount", "said"),
    [
        (0, "Không đồng"),
        (1, "Một đồng"),
        (10, "Mười đồng"),
        (11, "Mười một đồng"),
        (14, "Mười bốn đồng"),
        (15, "Mười lăm đồng"),
        (20, "Hai mươi đồng"),
        (21, "Hai mươi mốt đồng"),
        (24, "Hai mươi tư đồng"),
        (25, "Hai mươi lăm đồng"),
        (101, "Một trăm linh một đồng"),
        (104, "Một trăm linh bốn đồng"),
        (105, "Một trăm linh năm đồng"),
        (110, "Một trăm mười đồng"),
        (115, "Một trăm mười lăm đồng"),
        (1_000, "Một nghìn đồng"),
        (1_005, "Một nghìn không trăm linh năm đồng"),
        (8_000, "Tám nghìn đồng"),
        (15_000, "Mười lăm nghìn đồng"),
        (21_021, "Hai mươi mốt nghìn không trăm hai mươi mốt đồng"),
        (200_000, "Hai trăm nghìn đồng"),
        (1_000_005, "Một triệu không trăm linh năm đồng"),
        (1_050_000, "Một triệu không trăm năm mươi nghìn đồng"),
        (1_000_000_000, "Một tỷ đồng"),
        (1_000_000_001, "Một tỷ không trăm linh một đồng"),
        (
            1_234_567_890_000,
            "Một nghìn hai trăm ba mươi tư tỷ năm trăm sáu mươi bảy triệu tám trăm chín mươi nghìn đồng",
        ),
        (999_005_000_000_000, "Chín trăm chín mươi chín nghìn không trăm linh năm tỷ đồng"),
    ],
)
def test_amounts_are_written_as_receipts_write_them(amount: int, said: str) -> None:
    assert words(amount) == said


def test_the_south_says_le_for_an_empty_place() -> None:
    assert words(105, zero_tens="lẻ") == "Một trăm lẻ năm đồng"


@pytest.mark.parametrize("amount", [-1, 10**15])
def test_amounts_nobody_can_owe_are_our_mistake(amount: int) -> None:
    with pytest.raises(ValueError):
        words(amount)


DIGITS = dict(
    zip(
        [
            "không",
            "một",
            "hai",
            "ba",
            "bốn",
            "năm",
            "sáu",
            "bảy",
            "tám",
            "chín",
            "mốt",
            "tư",
            "lăm",
        ],
        [*range(10), 1, 4, 5],
        strict=True,
    )
)
UNITS = {"nghìn": 10**3, "triệu": 10**6}


def amount_said(text: str) -> int:
    """An independent reader of Vietnamese numbers: sums and multiplies, knows no spelling rule."""
    said = text.removesuffix(" đồng").lower()
    billions, _, rest = said.rpartition(" tỷ") if " tỷ" in said else ("", "", said)
    total = amount_said(billions + " đồng") * 10**9 if billions else 0
    group = below_ten = 0
    for word in rest.split():
        if word in DIGITS:
            below_ten = DIGITS[word]
        elif word == "trăm":
            group, below_ten = group + below_ten * 100, 0
        elif word == "mươi":
            group, below_ten = group + below_ten * 10, 0
        elif word == "mười":
            group += 10
        elif word in UNITS:
            total, group, below_ten = total + (group + below_ten) * UNITS[word], 0, 0
        else:
            assert word == "linh", word
    return total + group + below_ten


def test_every_amount_to_20_000_is_understood_by_an_independent_reader() -> None:
    for amount in range(20_001):
        assert amount_said(words(amount)) == amount


@given(st.integers(0, 10**15 - 1))
def test_large_amounts_are_understood_by_an_independent_reader(amount: int) -> None:
    assert amount_said(words(amount)) == amount


CERTIFIED_COPY = FeeRule(kind="pages", amount=2_000, first_pages=2, then_amount=1_000, cap=200_000)


@pytest.mark.parametrize(
    ("rule", "pages", "copies", "fee"),
    [
        (FeeRule(kind="free"), 5, 5, 0),
        (FeeRule(kind="case", amount=10_000), 5, 5, 10_000),
        (FeeRule(kind="copy", amount=8_000), 1, 3, 24_000),
        (CERTIFIED_COPY, 1, 1, 2_000),
        (CERTIFIED_COPY, 2, 1, 4_000),
        (CERTIFIED_COPY, 3, 1, 5_000),
        (CERTIFIED_COPY, 3, 4, 20_000),
        (CERTIFIED_COPY, 198, 1, 200_000),
        (CERTIFIED_COPY, 500, 2, 400_000),
        (CERTIFIED_COPY, 0, 1, 0),
        (FeeRule(kind="pages", amount=1_000), 7, 2, 14_000),
    ],
)
def test_fees_follow_the_rule_of_the_catalogue(
    rule: FeeRule, pages: int, copies: int, fee: int
) -> None:
    assert fee_for(rule, pages, copies) == fee


def test_a_fee_the_catalogue_does_not_know_is_refused() -> None:
    with pytest.raises(FeeUnknown):
        fee_for(FeeRule(kind="unknown"))
