"""Each damage undone on its own: every reading is given, none is chosen."""

import pytest

from desk_app.rules.damage import (
    OEM_LOOKS_VIETNAMESE,
    from_bytes,
    from_code_points,
    from_cp1252,
    from_oem,
    from_telex,
    from_vni,
)


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("Nguyeenx", "Nguyễn"),
        ("Nguyeexn", "Nguyễn"),
        ("Dduwowngf", "Đường"),
        ("Dduowngf", "Đường"),
        ("Thuwr", "Thử"),
        ("Thwr", "Thử"),
        ("Quynhf", "Quỳnh"),
        ("Giangs", "Giáng"),
        ("Hoaif", "Hoài"),
        ("Toanf", "Toàn"),
        ("Mais", "Mái"),
        ("Mias", "Mía"),
        ("Anhs", "Ánh"),
        ("Sang", "Sang"),
        ("nam", "nam"),
    ],
)
def test_telex_keys_are_read_as_an_input_method_would(keys: str, word: str) -> None:
    assert from_telex(keys) == (word,)


@pytest.mark.parametrize(
    ("keys", "word"),
    [
        ("Nguye6n4", "Nguyễn"),
        ("Nguye64n", "Nguyễn"),
        ("D9uo7ng2", "Đường"),
        ("Thu73", "Thử"),
        ("Va8n", "Văn"),
        ("Y1", "Ý"),
    ],
)
def test_vni_keys_are_read_as_an_input_method_would(keys: str, word: str) -> None:
    assert from_vni(keys) == (word,)


def test_both_places_of_a_tone_are_given_where_writers_differ() -> None:
    assert from_telex("Hoaf") == ("Hòa", "Hoà")
    assert from_vni("Thuy1") == ("Thúy", "Thuý")


def test_keys_are_ascii_and_a_tone_needs_a_vowel_to_stand_on() -> None:
    assert from_telex("Nguyễn") == ()
    assert from_vni("Nguyễn") == ()
    assert from_telex("Nghfs") == ("Nghfs",)
    assert from_vni("Thw1") == ()


def test_swallowed_bytes_give_every_letter_that_fits() -> None:
    assert set(from_cp1252("Ngá»c")) >= {"Ngọc", "Ngềc", "Ngỏc", "Ngờc"}
    assert from_cp1252("Ä") == ("Đ",)


@pytest.mark.parametrize("word", ["Nguyễn", "\x80\x80", "Ã", "é", "Ã¼", "á»"])
def test_what_is_no_utf8_of_vietnamese_has_no_reading_or_a_vietnamese_one(word: str) -> None:
    for reading in from_cp1252(word):
        assert all(sign.isascii() or sign in "ÁÍÝàíềọỏỐờỠử" for sign in reading)


def test_the_low_byte_alone_leaves_several_letters() -> None:
    assert from_oem("Phím")[-2:] == ("Phơm", "Phạm")
    assert from_oem("Nguy┼n") == ("Nguyễn",)
    assert from_oem("Đ") == ()
    assert set("áí") <= OEM_LOOKS_VIETNAMESE


def test_decimals_are_cut_into_letters_of_three_and_four_digits() -> None:
    assert from_code_points("Ph432417ng") == ("Phương",)
    assert from_code_points("Nguy7877n") == ("Nguyễn",)
    assert from_code_points("12A3") == ()
    assert from_code_points("Hà") == ()
    assert from_code_points("a1" * 7) == ()


def test_bytes_in_decimals_need_four_digits_each() -> None:
    assert from_bytes("Nguy022501870133n") == ("Nguyễn",)
    assert from_bytes("Nguy02250187013n") == ()
    assert from_bytes("Nguy9999n") == ()
    assert from_bytes("Nguy02250187n") == ()
    assert from_bytes("Nguy0225n") == ()
    assert from_bytes("A0065") == ("AA",)


def test_a_word_with_too_many_readings_counts_as_unreadable() -> None:
    assert from_oem("i" * 12) == ()
    assert from_cp1252("á»" * 6) == ()
