"""The pure half of the keyboard scanner: keys and times in, readings out."""

from __future__ import annotations

import pytest

from desk_app.devices.burst import Pace, Reading, Recogniser
from desk_app.devices.scan import kind_of

CARD = "031190999992||Phạm Thị Thử Hai|12121990|Nữ|Tổ dân phố 3, Núi Đối, Hải Phòng|25122021"


class Hand:
    """Presses keys at a pace and keeps what the recogniser made of them."""

    def __init__(self, ms: float) -> None:
        self.ask = Recogniser(kind_of)
        self.ms = ms
        self.now = 1000.0
        self.readings: list[Reading] = []
        self.swallowed: list[bool] = []

    def keys(self, text: str) -> Hand:
        for letter in text:
            self.now += self.ms
            if letter == "\b":
                answer = self.ask.backspace(self.now)
            elif letter == "\n":
                answer = self.ask.end(self.now)
            else:
                answer = self.ask.key(letter, self.now)
            self.swallowed.append(answer.swallow)
            if answer.reading:
                self.readings.append(answer.reading)
        return self

    def wait(self) -> Hand:
        self.now += 200
        answer = self.ask.silence()
        if answer.reading:
            self.readings.append(answer.reading)
        return self

    @property
    def verdict(self) -> str:
        return self.readings[-1].verdict if self.readings else ""


@pytest.mark.parametrize("ms", [1, 8, 20, 30])
def test_a_card_at_scanner_speed_is_a_scan(ms: float) -> None:
    hand = Hand(ms).keys(CARD + "\n")
    assert hand.verdict == "scan"
    assert hand.readings[-1].text == CARD
    assert hand.swallowed[-1]


@pytest.mark.parametrize("ms", [60, 90])
def test_a_card_at_hand_speed_is_not_a_scan(ms: float) -> None:
    hand = Hand(ms).keys(CARD + "\n")
    assert hand.verdict == "typing"
    assert not any(hand.swallowed)


def test_twelve_digits_typed_at_70_ms_are_no_scan() -> None:
    hand = Hand(70).keys("031190999992\n").wait()
    assert [r.verdict for r in hand.readings] == ["typing"]
    assert not any(hand.swallowed)


def test_twelve_digits_at_scanner_speed_are_believed_after_the_silence() -> None:
    hand = Hand(5).keys("031190999992\n")
    assert hand.verdict == ""
    assert hand.swallowed[-1]
    assert hand.wait().verdict == "scan"


def test_a_scan_whose_enter_is_missing_ends_by_silence() -> None:
    hand = Hand(5).keys(CARD).wait()
    assert hand.verdict == "scan"
    assert hand.readings[-1].ended_by == "silence"


def test_backspaces_of_an_input_method_edit_the_burst() -> None:
    # What UniKey in Telex sends for "Nguyeexn Thij Asnh": letters, Backspace, the marked letter.
    name = "Nguye\bê\bễn Thi\bị A\bÁnh"
    hand = Hand(4).keys(f"040187999993||{name}|14021987|Nữ|Thôn 3, Tú Sơn|01012022\n")
    assert hand.verdict == "scan"
    assert hand.readings[-1].text.split("|")[2] == "Nguyễn Thị Ánh"


@pytest.mark.parametrize(
    "noise",
    [
        "0311909999",
        "0311909999920311909999920",
        "031190999992031190999992",
        "|||~~x|y",
        "9704229200000001234567",
    ],
    ids=["half a number", "too many digits", "the same number twice", "noise", "a bank's number"],
)
def test_a_quick_burst_of_nothing_we_know_is_unclear_and_swallowed(noise: str) -> None:
    hand = Hand(5).keys(noise + "\n").wait()
    assert hand.verdict == "unclear"
    assert hand.swallowed[-1]


def test_the_same_card_twice_without_a_gap_is_unclear() -> None:
    assert Hand(5).keys(CARD + CARD + "\n").wait().verdict == "unclear"


def test_half_a_card_without_enter_is_unclear() -> None:
    assert Hand(5).keys(CARD[:25]).wait().verdict == "unclear"


def test_a_macro_of_a_text_expander_is_left_alone() -> None:
    hand = Hand(5).keys("ubnd\b\b\b\bỦy ban nhân dân").wait()
    assert hand.verdict == "typing"
    assert not any(hand.swallowed)


def test_what_a_scanner_sends_after_a_whole_scan_is_swallowed() -> None:
    hand = Hand(5).keys(CARD + "\n" + "||||\n")
    assert hand.readings[-1].verdict == "scan"
    assert all(hand.swallowed[-6:])


def test_typing_goes_on_after_a_scan() -> None:
    hand = Hand(5).keys(CARD + "\n")
    hand.ms = 80
    hand.keys("ctbs")
    assert not any(hand.swallowed[-4:])


def test_a_prefix_key_makes_any_speed_a_scan() -> None:
    hand = Hand(90)
    assert hand.ask.prefix(hand.now).swallow
    hand.keys("031190999992\n").wait()
    assert all(hand.swallowed)
    assert hand.verdict == "scan"


def test_a_prefixed_scan_of_nothing_we_know_is_unclear() -> None:
    hand = Hand(5)
    hand.ask.prefix(hand.now)
    assert hand.keys("xin chào\n").wait().verdict == "unclear"


def test_another_key_in_between_makes_it_typing() -> None:
    hand = Hand(5).keys("031190")
    hand.ask.other()
    hand.keys("99999\n").wait()
    assert hand.verdict == "typing"


def test_a_single_long_gap_ends_the_burst() -> None:
    hand = Hand(5).keys("03119")
    hand.now += 150
    hand.keys("0999992\n").wait()
    assert hand.verdict == "unclear"


def test_the_reading_says_how_quick_it_was() -> None:
    reading = Hand(20).keys(CARD + "\n").readings[-1]
    assert (reading.keys, reading.mean_ms, reading.longest_ms) == (len(CARD), 20, 20)
    assert reading.ended_by == "enter"


def test_lines_broken_by_the_scanner_are_one_scan() -> None:
    number, rest = CARD.split("||")
    hand = Hand(5).keys(f"{number}\n\n{rest.replace('|', chr(10))}\n").wait()
    assert [r.verdict for r in hand.readings] == ["scan"]
    assert kind_of(hand.readings[-1].text) == "card"
    assert hand.swallowed[-1]


def test_the_limits_can_be_set() -> None:
    hand = Hand(55)
    hand.ask = Recogniser(kind_of, Pace(mean_ms=60))
    assert hand.keys(CARD + "\n").verdict == "scan"
