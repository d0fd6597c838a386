"""Identity cards as scanners send them: whole, broken in every known way, and not cards at all."""

import json
import re
import unicodedata
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk_app.rules.card import Card, CardProblem, read_card

NAMES = json.loads(
    (Path(__file__).parents[2] / "resources" / "catalogue" / "names.json").read_text("utf-8")
)
NAME_PARTS = {
    sex: st.tuples(
        st.sampled_from(list(NAMES["family"])),
        st.sampled_from(list(NAMES["middle"][sex])),
        st.sampled_from(list(NAMES["given"][sex])),
    )
    for sex in ("male", "female")
}
PLACES = (
    "Thôn 1, Xã Thử Nghiệm, Kiến Thụy, Hải Phòng",
    "Tổ dân phố 3, TT Núi Đối, Kiến Thụy, Hải Phòng",
    "Số 5/7, Đường Giả Lập, An Biên, Lê Chân, Hải Phòng",
    "Xóm Đông, Xã Mẫu, Tiên Lãng, Hải Phòng",
    "Khu A1, Phường Giả Định, Quận 12, TP Hồ Chí Minh",
    "Ấp Bình Hòa, Xã Mẫu, Ngũ Hành Sơn, Đà Nẵng",
    "",
)


class Truth(NamedTuple):
    """What is printed on a synthetic card."""

    number: str
    old: str
    name: str
    born: str
    sex: str
    address: str
    issued: str
    new_card: bool

    @property
    def text(self) -> str:
        fields = (self.number, self.old, self.name, self.born, self.sex, self.address, self.issued)
        return "|".join(fields) + ("||||" if self.new_card else "")


def day(iso: str) -> str:
    return f"{iso[4:]}-{iso[2:4]}-{iso[:2]}"


@st.composite
def cards(draw: st.DrawFn) -> Truth:
    which = draw(st.sampled_from(["male", "female"]))
    parts = draw(NAME_PARTS[which])
    born = draw(st.dates(date(1930, 1, 1), date(2018, 12, 31)))
    issued = draw(st.dates(date(2021, 1, 1), date(2025, 12, 31)))
    century = 2 * (born.year >= 2000) + (which == "female")
    number = f"031{century}{born:%y}99999{draw(st.integers(0, 9))}"
    return Truth(
        number=number,
        old=draw(st.sampled_from(["", "031999991", "031999999992"])),
        name=" ".join(parts),
        born=f"{born:%d%m%Y}",
        sex="Nam" if which == "male" else "Nữ",
        address=draw(st.sampled_from(PLACES)),
        issued=f"{issued:%d%m%Y}",
        new_card=draw(st.booleans()),
    )


# ---------------------------------------------------------------- the damages


def each_letter(change: Callable[[str], str]) -> Callable[[str], str]:
    return lambda text: "".join(sign if sign.isascii() else change(sign) for sign in text)


def windows_1252(sign: str, undefined: Callable[[int], str]) -> str:
    shown = ""
    for octet in sign.encode():
        try:
            shown += bytes([octet]).decode("cp1252")
        except UnicodeDecodeError:
            shown += undefined(octet)
    return shown


def oem(sign: str) -> str:
    return bytes([ord(sign) & 0xFF]).decode("cp437")


def oem_pictures(sign: str) -> str:
    return {2: "☻", 3: "♥", 0x10: "►", 0x11: "◄"}.get(ord(sign) & 0xFF) or oem(sign)


def oem_without_controls(sign: str) -> str:
    return "" if ord(sign) & 0xFF < 0x20 else oem(sign)


def without_marks(sign: str) -> str:
    return unicodedata.normalize("NFD", sign.replace("đ", "d").replace("Đ", "D"))[0]


LETTER_DAMAGES: dict[str, Callable[[str], str]] = {
    "cp1252": each_letter(lambda s: windows_1252(s, chr)),
    "cp1252 swallowed": each_letter(lambda s: windows_1252(s, lambda octet: "")),
    "cp1252 all invisible swallowed": each_letter(
        lambda s: windows_1252(s, lambda octet: "").replace("\xa0", "").replace("\xad", "")
    ),
    "cp1252 with spaces for no-break spaces": each_letter(
        lambda s: windows_1252(s, chr).replace("\xa0", " ")
    ),
    "latin 1": each_letter(lambda s: s.encode().decode("latin-1")),
    "oem": each_letter(oem),
    "oem pictures": each_letter(oem_pictures),
    "oem without controls": each_letter(oem_without_controls),
    "code points": each_letter(lambda s: str(ord(s))),
    "code points of four digits": each_letter(lambda s: f"{ord(s):04d}"),
    "bytes": each_letter(lambda s: "".join(f"{octet:04d}" for octet in s.encode())),
    "entities": each_letter(lambda s: f"&#{ord(s)};"),
    "hexadecimal entities": each_letter(lambda s: f"&#x{ord(s):x};"),
    "percent": quote,
    "percent, letters only": each_letter(quote),
    "percent with plus": lambda text: quote(text, safe=" ").replace(" ", "+"),
    "nfd": lambda text: unicodedata.normalize("NFD", text),
    "marks lost": each_letter(without_marks),
    "letters lost": each_letter(lambda s: ""),
    "question marks": each_letter(lambda s: "?"),
    "replacement characters": each_letter(lambda s: "\ufffd"),
}


def telex_step(word: str, key: str) -> str:
    """One key of a Telex input method with free marking, roughly as UniKey does it."""
    tones = {"s": "\u0301", "f": "\u0300", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
    low = key.lower()
    if low in tones and (vowels := list(re.finditer("[aeiouyâêôăơưAEIOUY]", word))):
        at = vowels[-1].start()
        return unicodedata.normalize("NFC", word[: at + 1] + tones[low] + word[at + 1 :])
    if low in "aeo" and (at := word.lower().rfind(low)) >= 0:
        return word[:at] + unicodedata.normalize("NFC", word[at] + "\u0302") + word[at + 1 :]
    if low == "d" and word.lower().startswith("d"):
        return ("đ" if word[0] == "d" else "Đ") + word[1:]
    if low == "w":
        return word + "ư"
    return word + key


def vni_step(word: str, key: str) -> str:
    marks = {"1": "\u0301", "2": "\u0300", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
    marks |= {"6": "\u0302", "7": "\u031b", "8": "\u0306"}
    if key == "9" and word[:1].lower() == "d":
        return ("đ" if word[0] == "d" else "Đ") + word[1:]
    vowels = list(re.finditer("[aeiouyAEIOUY]", word))
    if key in marks and vowels:
        at = vowels[-1].start()
        composed = unicodedata.normalize("NFC", word[at] + marks[key])
        if len(composed) == 1:
            return word[:at] + composed + word[at + 1 :]
    return word + key


def through_input_method(step: Callable[[str, str], str], backspaces: bool) -> Callable[[str], str]:
    def type_all(text: str) -> str:
        sent, word = "", ""
        for key in text:
            if not (key.isascii() and key.isalnum()):
                sent, word = sent + key, ""
                continue
            after = step(word, key)
            kept = len(word) if after.startswith(word) else 0
            if backspaces:
                sent += "\b" * (len(word) - kept) + after[kept:]
            else:
                sent = sent[: len(sent) - len(word)] + after
            word = after
        return sent

    return type_all


FRAME_DAMAGES: dict[str, Callable[[str], str]] = {
    "whole": lambda text: text,
    "enter": lambda text: text + "\r\n",
    "pipes dropped": lambda text: text.replace("|", ""),
    "pipes doubled": lambda text: text.replace("|", "||"),
    "pipes with spaces": lambda text: text.replace("|", " | "),
    "breaks for pipes": lambda text: text.replace("|", "\r\n"),
    "breaks after pipes": lambda text: text.replace("|", "|\n"),
    "caps": str.swapcase,
    "caps, keys only": lambda text: "".join(s.swapcase() if s.isascii() else s for s in text),
    "scanned twice": lambda text: text + text,
    "scanned twice with enter": lambda text: text + "\n" + text + "\n",
    "symbology prefix": lambda text: "]Q1" + text,
    "byte order mark": lambda text: "\ufeff" + text,
    "telex": through_input_method(telex_step, backspaces=False),
    "telex with backspaces": through_input_method(telex_step, backspaces=True),
    "vni": through_input_method(vni_step, backspaces=False),
    "vni with backspaces": through_input_method(vni_step, backspaces=True),
}
DAMAGES = {**LETTER_DAMAGES, **FRAME_DAMAGES}
INPUT_METHODS = {"telex", "telex with backspaces", "vni", "vni with backspaces"}


def assert_anchors_survived(card: Card | CardProblem, truth: Truth) -> None:
    assert isinstance(card, Card)
    assert card.id_number == truth.number
    assert card.born == day(truth.born)
    assert card.sex == truth.sex
    assert card.issued == day(truth.issued)


@pytest.mark.parametrize("damage", DAMAGES)
@settings(max_examples=30)
@given(truth=cards())
def test_a_single_damage_leaves_the_anchors_right_and_the_name_right_or_doubted(
    damage: str, truth: Truth
) -> None:
    card = read_card(DAMAGES[damage](truth.text))
    assert_anchors_survived(card, truth)
    assert isinstance(card, Card)
    assert card.old_id == truth.old
    assert card.name == truth.name or "name" in card.doubts
    if damage not in INPUT_METHODS:
        # An input method that turns "A1" into "Á" leaves no trace in an address.
        assert card.address == truth.address or "address" in card.doubts


@given(truth=cards(), at=st.integers(0, 200), broken=st.sampled_from(["\n", "\r\n"]))
def test_a_line_break_put_anywhere_does_no_silent_harm(truth: Truth, at: int, broken: str) -> None:
    at = at % len(truth.text)
    card = read_card(truth.text[:at] + broken + truth.text[at:])
    if isinstance(card, Card) and not card.doubts:
        assert_anchors_survived(card, truth)
        assert (card.name, card.address) == (truth.name, truth.address)
    else:
        # A break may cut the word of the sex; then the dossier waits for the clerk.
        assert isinstance(card, CardProblem) or card.id_number == truth.number


@given(truth=cards(), at=st.integers(0, 7))
def test_one_lost_pipe_does_no_harm(truth: Truth, at: int) -> None:
    pipes = [match.start() for match in re.finditer(r"\|", truth.text)]
    lost = pipes[at % 6]
    card = read_card(truth.text[:lost] + truth.text[lost + 1 :])
    assert_anchors_survived(card, truth)
    assert isinstance(card, Card)
    assert card.name == truth.name or "name" in card.doubts


@given(
    truth=cards(),
    letters=st.sampled_from(sorted(LETTER_DAMAGES)),
    frame=st.sampled_from(sorted(FRAME_DAMAGES)),
)
def test_two_damages_at_once_never_give_a_wrong_name_without_a_doubt(
    truth: Truth, letters: str, frame: str
) -> None:
    card = read_card(FRAME_DAMAGES[frame](LETTER_DAMAGES[letters](truth.text)))
    if isinstance(card, Card):
        assert card.name == truth.name or "name" in card.doubts


def test_a_mark_an_input_method_made_of_a_block_is_no_proof_of_the_name() -> None:
    card = read_card(
        "031200999990||Pham Van Hung|01012000|Nam|Khu Á, Phuong Gia Dinh, Quan 12, TP Ho Chi Minh|"
        "01012021"
    )
    assert isinstance(card, Card)
    assert "name" in card.doubts
    whole = read_card("031200999990||Lan Anh|01012000|Nữ|Khu A1, Quận 12, TP Hồ Chí Minh|01012021")
    assert isinstance(whole, Card)
    assert whole.name == "Lan Anh"
    assert whole.doubts == ()


@given(truth=cards(), cut=st.integers(0, 200))
def test_a_scan_that_broke_off_is_a_problem_or_says_what_is_missing(truth: Truth, cut: int) -> None:
    text = truth.text.rstrip("|")
    card = read_card(text[: cut % len(text)])
    if isinstance(card, Card):
        assert card.id_number == truth.number
        assert "issued" in card.doubts
        assert card.born == day(truth.born)


@given(st.text(max_size=300))
def test_any_text_is_answered(text: str) -> None:
    read_card(text)
    read_card("031085999991|" + text)
    read_card("031085999991||Nguyễn Văn Thử|05031985|Nam|" + text)


# ---------------------------------------------------------------- whole cards

CHIP = (
    "031085999991|031999991|Nguyễn Văn Thử|05031985|Nam"
    "|Thôn 1, Xã Thử Nghiệm, Kiến Thụy, Hải Phòng|10042021"
)


def read(text: str) -> Card:
    card = read_card(text)
    assert isinstance(card, Card)
    return card


def test_a_chip_card_of_seven_fields_is_read_whole() -> None:
    assert read(CHIP) == Card(
        id_number="031085999991",
        old_id="031999991",
        name="Nguyễn Văn Thử",
        born="1985-03-05",
        sex="Nam",
        address="Thôn 1, Xã Thử Nghiệm, Kiến Thụy, Hải Phòng",
        issued="2021-04-10",
    )


def test_a_can_cuoc_of_eleven_parts_keeps_its_extra_parts_as_they_are() -> None:
    card = read(
        "031319999999||Phạm Khánh Mới|02072019|Nữ|Thôn 4, Kiến Minh, Hải Phòng|20092024"
        "|Phạm Văn A|Lê Thị B||"
    )
    assert card.extra == ("Phạm Văn A", "Lê Thị B")
    assert card.doubts == ()
    assert card.old_id == ""


def test_empty_extra_parts_and_an_empty_address_are_no_problem() -> None:
    card = read("031099999991||Bùi Văn Mới|30041999|Nam||10102025||||")
    assert (card.address, card.extra, card.issued, card.doubts) == ("", (), "2025-10-10", ())


@pytest.mark.parametrize(
    ("written", "born"),
    [("1950", "1950"), ("00001950", "1950"), ("00051950", "1950-05"), ("01011950", "1950-01-01")],
)
def test_births_of_which_only_the_year_or_month_is_known_are_read(written: str, born: str) -> None:
    text = f"030150999995||Trần Thị Ước|{written}|Nữ|Thôn Thượng, Xã Mẫu, Hải Dương|28022023"
    card = read(text)
    assert (card.name, card.born, card.issued) == ("Trần Thị Ước", born, "2023-02-28")


# ---------------------------------------------------------------- damage by example


@pytest.mark.parametrize(
    ("arrived", "profile"),
    [
        ("Nguyá»…n VÄƒn An", "cp1252"),
        ("Nguy7877n V259n An", "code_points"),
        ("Nguy022501870133n V01960131n An", "bytes"),
        ("Nguy&#7877;n V&#259;n An", "entities"),
        ("Nguy%E1%BB%85n V%C4%83n An", "percent"),
        ("nGUYỄN vĂN aN", "caps"),
        ("Nguyeenx Vawn An", "telex"),
        ("Nguye6n4 Va8n An", "vni"),
        ("Nguy┼n V♥n An", "oem"),
        ("NGUYỄN VĂN AN", "plain"),
        ("Nguyễn\nVăn An", "plain"),
        ("Nguy\nễn Văn An", "plain"),
    ],
)
def test_each_profile_gives_back_the_name(arrived: str, profile: str) -> None:
    card = read(f"031085999991||{arrived}|05031985|Nam||10042021")
    assert (card.name, card.profile) == ("Nguyễn Văn An", profile)
    assert "name" not in card.doubts


def test_backspaces_of_an_input_method_are_carried_out() -> None:
    card = read(CHIP.replace("Nguyễn", "Nguye\bên\b\bễn"))
    assert card.name == "Nguyễn Văn Thử"


def test_an_oem_letter_with_two_readings_is_left_and_doubted() -> None:
    """Phím is Phạm or Phơm by its byte; only Phạm and no other is a name, but Thφ is Thí or Thử."""
    card = read("031190999992||Nguy┼n Th╦ Thφ|12121990|N∩||25122021")
    assert card.name == "Nguyễn Thị Thφ"
    assert card.doubts == ("name",)


def test_a_lone_i_acute_may_have_been_another_letter_and_is_doubted() -> None:
    card = read("031190999992||Phím Lan Anh|12121990|N∩||25122021")
    assert "name" in card.doubts


def test_a_name_without_marks_is_doubted_unless_the_address_proves_the_scanner_keeps_them() -> None:
    bare = "031185999991||Mai Lan Anh|05031985|{}|{}|10042021"
    assert read(bare.format("Nữ", "Thôn 1, Kiến Thụy, Hải Phòng")).doubts == ()
    assert "name" in read(bare.format("Nu", "Thon 1, Kien Thuy, Hai Phong")).doubts
    assert "name" in read(bare.format("Nữ", "")).doubts


def test_a_khu_a1_in_the_address_does_not_prove_an_input_method() -> None:
    card = read("031085999991||Tran Van Nam|05031985|Nam|Khu A1, Hai Phong|10042021")
    assert "name" in card.doubts


def test_a_name_of_another_people_is_filled_and_shown_to_the_clerk() -> None:
    card = read("066185999991||Ka H'Nhiêng|05031985|Nữ|Buôn Mẫu, Đắk Lắk|10042021")
    assert card.name == "Ka H'Nhiêng"
    assert card.doubts == ("name",)


def test_a_damaged_address_word_with_two_readings_is_doubted_alone() -> None:
    card = read("030150999995||Tr≡n Th╦ ╞▐c|01011950|Nữ|Xπ Mẫu|28022023".replace("≡", "ª"))
    assert "address" in card.doubts


def test_a_break_inside_an_address_word_is_doubted() -> None:
    card = read(CHIP.replace("Kiến Thụy", "Ki\nến Thụy"))
    assert card.doubts == ("address",)
    assert read(CHIP.replace("Kiến Thụy", "Kiến\n Thụy")).doubts == ()


def test_a_name_broken_into_many_pieces_is_left_to_the_clerk() -> None:
    broken = "\n".join("Nguyễn")
    card = read(CHIP.replace("Nguyễn Văn", broken + "\nV\nă\nn"))
    assert "name" in card.doubts
    assert card.id_number == "031085999991"


def test_an_unknown_word_for_the_sex_leaves_it_to_the_clerk() -> None:
    card = read("031085999991||Nguyễn Văn Thử|05031985|X|Thôn 1, Hải Phòng|10042021")
    assert (card.born, card.sex, card.issued) == ("1985-03-05", "", "2021-04-10")
    assert card.address == "Thôn 1, Hải Phòng"
    assert card.doubts == ("sex",)


def test_a_card_without_a_name_says_so() -> None:
    assert "name" in read("031085999991|||05031985|Nam|Thôn 1, Hải Phòng|10042021").doubts


# ---------------------------------------------------------------- not a card


@pytest.mark.parametrize(
    "text",
    [
        "",
        "H24.31.02.05-261126-0019",
        "https://example.vn/tra-cuu?ma=1",
        "00020101021238540010A00000072701240006970436",
        "031085999991",
        "Nguyễn Văn An",
        "x" * 5_000,
    ],
)
def test_other_codes_are_no_cards(text: str) -> None:
    assert read_card(text) == CardProblem("not_a_card")


@pytest.mark.parametrize(
    "text",
    [
        "031085999991|031999991|Nguyễn Văn",
        "085999991|031999991|Nguyễn Văn Thử|05031985|Nam|Thôn 1|10042021",
        "031085999991||Nguyễn Văn Thử|45131985|Nam|Thôn 1|10042021",
    ],
)
def test_half_a_card_asks_for_another_scan(text: str) -> None:
    assert read_card(text) == CardProblem("card_unclear")


def test_two_people_in_one_scan_are_not_mixed() -> None:
    other = "031190999992||Phạm Thị Hai|12121990|Nữ|Tổ 3, Hải Phòng|25122021"
    assert read_card(CHIP + other) == CardProblem("card_two_people")
    assert read_card(CHIP + "\n" + other) == CardProblem("card_two_people")
