"""T10 and T11 at the size of every run; 400 × 60 and 20 × 365 by ``simulate.py``."""

from __future__ import annotations

import pytest
from sim_sabotage import SABOTAGES
from simulate import many

WORLDS, NIGHTS = 20, 60
RED = {"trusts-own-mark": 60, "feed-not-checked": 40, "feed-place-and-id": 200}
"""Worlds it takes until a sabotage that shows rarely has shown; the others show in a dozen."""


@pytest.mark.timeout(600)
def test_nothing_is_lost_doubled_or_different_in_any_world(
    capsys: pytest.CaptureFixture[str],
) -> None:
    figures, wrong = many(range(WORLDS), NIGHTS)
    with capsys.disabled():
        print(f"\nT10: {WORLDS} worlds of {NIGHTS} nights: {dict(sorted(figures.items()))}")
    assert wrong == {}
    for happened in ("clones", "restored", "dead disks", "server restores", "failed attempts"):
        assert figures[happened] > 0, happened


@pytest.mark.timeout(600)
@pytest.mark.parametrize("sabotage", [s for s in SABOTAGES if s != "no-digest"])
def test_a_missing_defence_is_noticed(sabotage: str, capsys: pytest.CaptureFixture[str]) -> None:
    worlds = RED.get(sabotage, 12)
    _, wrong = many(range(worlds), NIGHTS, sabotage)
    with capsys.disabled():
        print(f"\nT11: {sabotage}: {len(wrong)} of {worlds} worlds fail, {set(wrong.values())}")
    assert wrong
