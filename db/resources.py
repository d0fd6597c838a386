"""Where the files that ship with the program are, from source and from an installed folder."""

from __future__ import annotations

import sys
from pathlib import Path

_ROOT = Path(getattr(sys, "_MEIPASS", Path(__file__).parent.parent)) / "resources"


def resource(name: str) -> Path:
    """The path of a shipped file, such as ``fonts/LiberationSerif-Regular.ttf``."""
    return _ROOT / name
