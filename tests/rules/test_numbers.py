"""Identity numbers: counted, never refused for their structure."""

import pytest

from desk_app.rules.numbers import check_against, mask_id, read_id_number, show_id


@pytest.mark.parametrize(
    "typed",
    [
        "031085999991",
        "031 085 999 991",
        "031.085.999.991",
        " 031085999991\n",
        "０３１０８５９９９９９１",
    ],
)
def test_twelve_digits_are_a_personal_number_however_they_are_grouped(typed: str) -> None:
    assert read_id_number(typed) == ("031085999991", "personal", ())


@pytest.mark.parametrize(("typed", "count"), [("03108599999", 11), ("0310859999912", 13), ("1", 1)])
def test_another_count_is_an_error_that_says_how_many(typed: str, count: int) -> None:
    number, kind, remarks = read_id_number(typed)
    assert (number, kind) == (typed, "")
    assert [(r.name, r.severity, r.facts) for r in remarks] == [
        ("id_number_digits", "error", {"count": count})
    ]


@pytest.mark.parametrize(
    ("typed", "offer"),
    [
        ("O31085999991", "031 085 999 991"),
        ("o310 8599999l", "031 085 999 991"),
        ("0310859999OI", "031 085 999 901"),
        ("S31085B99991", "531 085 899 991"),
    ],
)
def test_letters_that_look_like_digits_are_offered_as_digits(typed: str, offer: str) -> None:
    number, kind, remarks = read_id_number(typed)
    assert (number, kind) == (typed.replace(" ", "").upper(), "")
    assert [(r.name, r.severity, r.offer) for r in remarks] == [
        ("id_number_letters", "error", offer)
    ]


def test_a_letter_o_in_twelve_signs_is_offered_as_nought() -> None:
    remark = read_id_number("O31O85999991")[2][0]
    assert remark.offer == "031 085 999 991"
    assert remark.facts == {"offer": "031 085 999 991"}


def test_a_cyrillic_o_is_offered_as_nought_too() -> None:
    assert read_id_number("\u041e31085999991")[2][0].offer == "031 085 999 991"


def test_nine_digits_are_an_old_paper_and_only_warned_about() -> None:
    number, kind, remarks = read_id_number("031 999 991")
    assert (number, kind) == ("031999991", "cmnd")
    assert [(r.name, r.severity) for r in remarks] == [("id_number_cmnd", "warning")]


def test_a_letter_within_nine_signs_is_offered_as_a_digit() -> None:
    assert read_id_number("0319999O1")[2][0].offer == "031 999 901"


@pytest.mark.parametrize("typed", ["B1234567", "K12345678", "AB123456"])
def test_a_passport_is_taken_as_such(typed: str) -> None:
    number, kind, remarks = read_id_number(typed)
    assert (number, kind, remarks[0].severity) == (typed, "passport", "told")


@pytest.mark.parametrize("typed", ["khong co", "031085999991A", "số ba"])
def test_other_text_is_an_error(typed: str) -> None:
    assert read_id_number(typed)[2][0].name == "id_number_not_digits"


def test_nothing_typed_is_no_number_and_no_remark() -> None:
    assert read_id_number("  ") == ("", "", ())


@pytest.mark.parametrize("typed", ["0201234567", "0201234567-001", "031085999991"])
def test_an_organisation_has_a_tax_number(typed: str) -> None:
    assert read_id_number(typed, of_person=False)[1:] == ("tax", ())


def test_a_tax_number_of_another_length_is_an_error() -> None:
    assert read_id_number("02012345", of_person=False)[2][0].name == "tax_number_digits"


@pytest.mark.parametrize(
    ("number", "born", "sex", "expected"),
    [
        ("031085999991", "1985-03-05", "Nam", []),
        ("031190999992", "1990", "Nữ", []),
        ("031304999994", "2004-02", "Nữ", []),
        ("031085999991", "1986-03-05", "Nam", ["id_number_birth"]),
        ("031085999991", "2085", "Nam", ["id_number_birth"]),
        ("031085999991", "1985", "Nữ", ["id_number_sex"]),
        ("031085999991", "1990", "Nữ", ["id_number_birth", "id_number_sex"]),
        ("031085999991", "", "", []),
        ("031999991", "1985", "Nam", []),
    ],
)
def test_a_number_that_does_not_fit_is_a_warning_and_no_more(
    number: str, born: str, sex: str, expected: list[str]
) -> None:
    remarks = check_against(number, born, sex)
    assert [r.name for r in remarks] == expected
    assert all(r.severity == "warning" for r in remarks)


def test_numbers_are_shown_in_threes_and_masked_in_public() -> None:
    assert show_id("031085999991") == "031 085 999 991"
    assert show_id("031999991") == "031 999 991"
    assert show_id("B1234567") == "B1234567"
    assert mask_id("031085999991") == "031 ••• ••• 991"
    assert mask_id("031999991") == "031 ••• 991"
    assert mask_id("B1234567") == "B1••••67"
    assert mask_id("123") == "123"
