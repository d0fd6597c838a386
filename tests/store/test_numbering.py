"""From a code back to the number that was drawn for it."""

from __future__ import annotations

import sys
from pathlib import Path

import msgspec
import pytest

from db.kinds import BookLine
from db.numbering import Drawn, drawn_for

sys.path.insert(0, str(Path(__file__).parents[1] / "faults"))

from ground import MORNING, facts


@pytest.mark.parametrize(
    ("code", "provisional", "drawn"),
    [
        ("H21.13.9-261126-0001", False, [Drawn(0, "2026-11-26", 1)]),
        ("H21.13.9-261126-0499", False, [Drawn(0, "2026-11-26", 499)]),
        ("H21.13.9-261126-5012", False, [Drawn(10, "2026-11-26", 12)]),
        ("T01.H21.13.9-261126-0007", True, [Drawn(-1, "2026-11-26", 7)]),
        ("H21.13.9/26-A", False, []),
    ],
)
def test_a_code_tells_its_block_its_day_and_its_number(
    code: str, provisional: bool, drawn: list[Drawn]
) -> None:
    received = msgspec.structs.replace(facts(code, MORNING), provisional=provisional)
    assert drawn_for(received, 500) == drawn


def test_the_line_in_the_book_counts_by_volume_and_year() -> None:
    received = msgspec.structs.replace(
        facts("H21.13.9-261126-0001", MORNING), book=BookLine(volume=4, number=812)
    )
    assert drawn_for(received, 500) == [Drawn(0, "2026-11-26", 1), Drawn(4, "2026", 812)]
