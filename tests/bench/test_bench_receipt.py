"""The bench of the receipt measures what it says; how fast it is, the bench itself reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk_app.bench import receipt
from desk_app.bench.rows import measure


def test_both_copies_are_measured_against_a_page_without_codes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(receipt, "TIMES", 2)
    citizen, office = receipt.rows(tmp_path)
    assert "citizen" in citizen.name and "office" in office.name
    for row in (citizen, office):
        assert row.floor is not None and row.unit == "ms"
        assert row.ratio == row.ours / row.floor


def test_a_measurement_is_the_median_of_its_calls() -> None:
    calls: list[int] = []
    assert measure(lambda: calls.append(1), 10) >= 0
    assert len(calls) == 11
