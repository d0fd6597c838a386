"""The bench of the receipt measures what it says; how fast it is, the bench itself reports."""

from __future__ import annotations

from pathlib import Path

import pytest

from desk_app.bench import receipt


def test_both_copies_are_measured_against_a_page_without_codes(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(receipt, "TIMES", 2)
    citizen, office = receipt.rows(tmp_path)
    assert "citizen" in citizen.name and "office" in office.name
    for row in (citizen, office):
        assert row.floor is not None and row.unit == "ms"
        assert row.ratio == row.ours / row.floor
