"""Names: tidied without changing a letter, searched without marks, sorted as Vietnamese."""

import itertools
import json
import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import QCollator, QLocale

from db.spelling import search_key
from desk_app.rules.names import (
    called,
    capitalised,
    given_name,
    honorific,
    sort_key,
    tidy_name,
)

NAMES = json.loads(
    (Path(__file__).parents[2] / "resources" / "catalogue" / "names.json").read_text("utf-8")
)
WORDS = sorted(
    {
        *NAMES["family"],
        *(word for sex in NAMES["given"].values() for word in sex),
        *(word for sex in NAMES["middle"].values() for name in sex for word in name.split()),
    }
)


def remarks_of(text: str) -> list[tuple[str, str, str]]:
    return [(r.name, r.severity, r.offer) for r in tidy_name(text)[1]]


def test_a_usual_name_is_kept_as_it_is() -> None:
    assert tidy_name("Nguyễn Thị Ánh Tuyết") == ("Nguyễn Thị Ánh Tuyết", ())


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("Nguyễn Văn 2", [("name_has_digits", "error", "")]),
        ("12", [("name_has_digits", "error", "")]),
        ("A", [("name_one_letter", "warning", "")]),
        ("...", [("name_without_letters", "warning", "")]),
        ("NGUYỄN VĂN AN", [("name_in_capitals", "warning", "Nguyễn Văn An")]),
        ("nguyễn văn an", [("name_in_small_letters", "warning", "Nguyễn Văn An")]),
        ("KA H'NHIÊNG", [("name_in_capitals", "warning", "Ka H'Nhiêng")]),
        ("NGUYÔN V¡N AN", [("legacy_text", "warning", "NGUYỄN VĂN AN")]),
        ("", []),
    ],
)
def test_what_is_odd_about_a_name_is_said(typed: str, expected: list[tuple[str, str, str]]) -> None:
    assert remarks_of(typed) == expected


def test_a_name_in_capitals_is_offered_in_the_usual_form_but_not_changed() -> None:
    assert tidy_name("NGUYỄN VĂN AN")[0] == "NGUYỄN VĂN AN"


def test_an_organisation_may_have_digits_and_capitals() -> None:
    name, remarks = tidy_name("CÔNG TY TNHH 27/7", of_person=False)
    assert (name, remarks) == ("CÔNG TY TNHH 27/7", ())


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("Nguyễn Văn An", "nguyen van an"),
        ("  ĐẶNG   Đức ", "dang duc"),
        (unicodedata.normalize("NFD", "Đỗ Thị Hằng"), "do thi hang"),
        ("Ðặng", "dang"),
        ("Ngô\u200b Thu", "ngo thu"),
        ("ＡＢＣ", "abc"),
        ("", ""),
    ],
)
def test_the_search_key_has_no_marks_and_one_case(text: str, key: str) -> None:
    assert search_key(text) == key


@given(st.text())
def test_the_search_key_is_idempotent(text: str) -> None:
    assert search_key(search_key(text)) == search_key(text)


@given(st.sampled_from(WORDS))
def test_typing_without_marks_finds_the_name(word: str) -> None:
    bare = unicodedata.normalize("NFD", word.replace("Đ", "D").replace("đ", "d"))
    assert search_key(word) == "".join(s for s in bare if s.isascii()).lower()


def test_the_alphabet_is_sorted_as_vietnamese_has_it() -> None:
    order = ["An", "Ăn", "Ân", "Ba", "Cao", "Da", "Đa", "Em", "Êm", "Oa", "Ôa", "Ơa", "Ua", "Ưa"]
    assert sorted(reversed(order), key=sort_key) == order


def test_tones_decide_only_between_equal_letters() -> None:
    order = ["ma", "mà", "mả", "mã", "má", "mạ", "man"]
    assert sorted(reversed(order), key=sort_key) == order
    assert sorted(["Hà Bình", "Ha Cúc"], key=sort_key) == ["Hà Bình", "Ha Cúc"]


def test_given_names_may_come_first() -> None:
    names = ["Nguyễn Văn Bình", "Trần Thị An", "Lê Văn An"]
    ordered = sorted(names, key=lambda name: sort_key(name, given_first=True))
    assert ordered == ["Lê Văn An", "Trần Thị An", "Nguyễn Văn Bình"]


@given(st.lists(st.lists(st.sampled_from(WORDS), min_size=1, max_size=3), min_size=2, max_size=30))
def test_the_order_is_that_of_the_systems_own_collation(parts: list[list[str]]) -> None:
    names = sorted({" ".join(words) for words in parts})
    collator = QCollator(QLocale("vi_VN"))
    ours = sorted(names, key=sort_key)
    for before, after in itertools.pairwise(ours):
        assert collator.compare(before, after) <= 0, (before, after)


def test_people_are_called_by_their_given_name() -> None:
    assert given_name("Nguyễn Thị Ánh") == "Ánh"
    assert given_name("Lê") == "Lê"
    assert given_name(" ") == ""
    assert called("Nguyễn Thị Ánh", "Nữ") == "bà Ánh"
    assert called("Trần Văn Lộc", "Nam") == "ông Lộc"
    assert honorific("") == "ông/bà"


def test_capitals_follow_every_word() -> None:
    assert capitalised("NGUYỄN văn a'BHĂM") == "Nguyễn Văn A'Bhăm"
