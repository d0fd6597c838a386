"""Pasted text: what goes silently, what is told, what is refused (reliability study, rows 1-9)."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk_app.rules.legacy import recognise
from desk_app.rules.syllables import is_syllable
from desk_app.rules.typed import TEXT, clean


def names_of(text: str, one_line: bool = True) -> list[str]:
    return [remark.name for remark in clean(text, one_line=one_line).remarks]


@pytest.mark.parametrize(
    "pasted",
    [
        "  Nguyễn   Văn An ",
        "Nguyễn\u00a0Văn\u00a0An",
        "Nguy\u200bễn Văn\u200d An\ufeff",
        "Nguyễn\tVăn An",
        "Nguyễn Văn An\r\n",
        unicodedata.normalize("NFD", "Nguyễn Văn An"),
        "Nguyễn\x07 Văn An",
    ],
)
def test_what_is_invisible_goes_silently(pasted: str) -> None:
    assert clean(pasted) == ("Nguyễn Văn An", ())


def test_broken_characters_and_noughts_are_removed_and_told() -> None:
    text, remarks = clean("An\ud83d\x00 Bình", field="note")
    assert text == "An Bình"
    assert [(r.name, r.severity, r.facts) for r in remarks] == [
        ("broken_characters", "told", {"count": 2})
    ]
    assert text.encode() == b"An B\xc3\xacnh"


def test_the_two_halves_of_one_character_are_put_together() -> None:
    assert clean("An \ud83d\ude00") == ("An \U0001f600", ())


def test_direction_marks_are_removed_and_told() -> None:
    assert clean("A\u202egnp.exe").text == "Agnp.exe"
    assert names_of("A\u202egnp.exe") == ["direction_marks"]


def test_line_breaks_in_one_line_are_joined_and_told() -> None:
    assert clean("Nguyễn\r\nVăn\u2028An").text == "Nguyễn Văn An"
    assert names_of("Nguyễn\r\nVăn An") == ["line_breaks_joined"]


def test_a_note_keeps_its_lines() -> None:
    assert clean("dòng một \r\n dòng hai", one_line=False) == ("dòng một\ndòng hai", ())


def test_ten_megabytes_are_cut_and_the_counts_are_said() -> None:
    text, remarks = clean("a" * 10_000_000, one_line=False, limit=TEXT, field="note")
    assert len(text) == TEXT
    assert remarks[0].severity == "error"
    assert remarks[0].facts == {"limit": "4.000", "length": "10.000.000"}


def test_a_little_too_long_is_counted_after_cleaning() -> None:
    assert clean("a" * 200 + "   ").remarks == ()
    assert clean("a" * 201).remarks[0].facts == {"limit": "200", "length": "201"}


@pytest.mark.parametrize(
    ("old", "encoding", "new"),
    [
        ("NguyÔn V¨n An", "TCVN3", "Nguyễn Văn An"),
        ("TrÇn ThÞ H\u00ad¬ng", "TCVN3", "Trần Thị Hương"),
        ("§ç Thµnh, x· Tó S¬n 12/3", "TCVN3", "Đỗ Thành, xã Tú Sơn 12/3"),
        ("NGUYÔN V¡N AN", "TCVN3", "NGUYỄN VĂN AN"),
        ("Nguyeãn Vaên An", "VNI", "Nguyễn Văn An"),
        ("Ñoã Thò Höông", "VNI", "Đỗ Thị Hương"),
        ("NGUYEÃN THÒ AÙNH", "VNI", "NGUYỄN THỊ ÁNH"),
    ],
)
def test_old_code_pages_are_recognised_and_the_reading_offered(
    old: str, encoding: str, new: str
) -> None:
    remark = clean(old, field="applicant.name").remarks[0]
    assert (remark.name, remark.severity, remark.offer) == ("legacy_text", "warning", new)
    assert remark.facts == {"encoding": encoding, "reads": new}


@pytest.mark.parametrize(
    "text", ["Nguyễn Văn An", "Lê Hùng", "Café München", "abc 123", "", "Nguyễn NguyÔn", "…“”"]
)
def test_other_text_is_not_taken_for_an_old_code_page(text: str) -> None:
    assert recognise(text) is None


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "'; DROP TABLE x", "=1+1", "😀😀"])
def test_text_that_means_something_elsewhere_is_only_text_here(text: str) -> None:
    assert clean(text) == (text, ())


@given(st.text(), st.booleans())
def test_cleaning_twice_changes_nothing_and_leaves_nothing_unstorable(
    text: str, one_line: bool
) -> None:
    once = clean(text, one_line=one_line).text
    assert clean(once, one_line=one_line).text == once
    once.encode()
    assert once == unicodedata.normalize("NFC", once)
    assert not any(unicodedata.category(s) in {"Cf", "Cs"} for s in once)
    assert all(unicodedata.category(s) != "Cc" or (s == "\n" and not one_line) for s in once)


@pytest.mark.parametrize(
    "word",
    [
        "Nguyễn",
        "Quỳnh",
        "Quốc",
        "Giếng",
        "Gìn",
        "Nghiêm",
        "Hoà",
        "Hòa",
        "Khuyên",
        "Ý",
        "Ngoẵng",
        "Yến",
        "Thuỷ",
        "Huỳnh",
    ],
)
def test_syllables_of_vietnamese_are_known(word: str) -> None:
    assert is_syllable(word)


@pytest.mark.parametrize(
    "word",
    [
        "Nguyn",
        "Duc",
        "Bich",
        "Vn",
        "Kan",
        "Cê",
        "Ngê",
        "Gê",
        "Nguyen",
        "Smith",
        "Àạ",
        "Fan",
        "H'Nhiêng",
        "Niê",
        "Bắn1",
    ],
)
def test_other_words_are_not(word: str) -> None:
    assert not is_syllable(word)
