"""PySide6 6.12.0 destroys ``None`` on Python 3.11; nobody may raise the pin without noticing."""

from __future__ import annotations

import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from PySide6.QtWidgets import QLabel

PROJECT = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text("utf-8"))


def test_calls_that_return_nothing_leave_none_alone(qtbot):
    """6.12.0 on CPython 3.11 loses one reference each and dies after about 10,000 calls."""
    label = QLabel()
    qtbot.addWidget(label)
    before = sys.getrefcount(None)
    for number in range(2_000):
        label.setToolTip(str(number))
    assert abs(sys.getrefcount(None) - before) < 200


def test_qt_stays_below_6_12_while_python_3_11_is_supported():
    supports_3_11 = PROJECT["project"]["requires-python"] == ">=3.11"
    installed = tuple(int(part) for part in version("PySide6-Essentials").split(".")[:2])
    assert not supports_3_11 or installed < (6, 12)
