"""T10 and T11 at the size of every run; 400 × 60 and 20 × 365 by ``simulate.py``."""

from __future__ import annotations

import pytest
from sim_sabotage import CONTROL, LIFE, LIFE_CONTROL, SABOTAGES, WITHOUT_DIGEST
from simulate import many

WORLDS, NIGHTS = 20, 60
SMALL = 30
"""Worlds of one commune, where the sabotages that show rarely show."""
MANY = 240


@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_or_different_in_any_world(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures, wrong = many(range(WORLDS), NIGHTS)
    with capsys.disabled():
        print(f"\nT10: {WORLDS} worlds of {NIGHTS} nights: {dict(sorted(figures.items()))}")
    assert wrong == {}
    for happened in (
        "clones",
        "restored",
        "dead disks",
        "server restores",
        "server restores within a round",
        "failed attempts",
        "paper and money",
    ):
        assert figures[happened] > 0, happened


def test_without_the_digest_the_other_defences_hold_by_themselves() -> None:
    _, wrong = many(range(SMALL), NIGHTS, CONTROL, communes=1)
    assert wrong == {}


@pytest.mark.slow
def test_much_done_with_few_dossiers_comes_to_the_same_everywhere() -> None:
    _, wrong = many(range(SMALL), NIGHTS, LIFE_CONTROL, communes=1)
    assert wrong == {}


@pytest.mark.timeout(600)
@pytest.mark.parametrize(
    "sabotage",
    # The defences of the fold are also held by the stories in any order, and take minutes here.
    [pytest.param(s, marks=pytest.mark.slow if s in LIFE else ()) for s in SABOTAGES],
)
def test_a_missing_defence_is_noticed(sabotage: str, capsys: pytest.CaptureFixture[str]) -> None:
    small = sabotage in WITHOUT_DIGEST or sabotage in LIFE
    size, wrong = SMALL if sabotage in WITHOUT_DIGEST else 8, {}
    for first in range(0, MANY, size):
        # Some show in one world of thirty only: so many more are lived through as it takes.
        _, wrong = many(range(first, first + size), NIGHTS, sabotage, communes=1 if small else 3)
        if wrong:
            break
    with capsys.disabled():
        print(
            f"\nT11: {sabotage}: {len(wrong)} of {first + size} worlds fail, {set(wrong.values())}"
        )
    assert wrong
