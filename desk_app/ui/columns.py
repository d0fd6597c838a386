"""How wide the three columns of the intake page are."""

from __future__ import annotations

from desk_app.ui.theme import percent_now

LEFT, RIGHT = 366, 408
"""Widths of the outer columns at 100 % text."""
MARGIN, TOP, BOTTOM, GAP = 14, 12, 10, 12


def left_width() -> int:
    """Larger text widens the outer columns, but the middle one has to stay a middle."""
    return round(LEFT * (1 + 0.42 * (percent_now() - 100) / 100))


def right_width() -> int:
    """The same for the column of promise, fee and receipt."""
    return round(RIGHT * (1 + 0.36 * (percent_now() - 100) / 100))
