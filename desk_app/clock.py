"""The machine's clock, in the office's time zone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo


def local_clock(zone: str) -> Callable[[], datetime]:
    """A clock in a time zone such as ``Asia/Ho_Chi_Minh``, to the second."""
    tz = ZoneInfo(zone)
    return lambda: datetime.now(tz).replace(microsecond=0)
