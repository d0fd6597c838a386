"""What this program takes, against what it could take: floors measured in the same run."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from desk_app.bench.rows import Row

FAMILIES = ("start", "save", "receipt", "find", "refold", "memory", "replicate", "gap", "life")
"""One module of this package each."""


def all_rows(only: str | None, data: Path) -> Iterator[Row]:
    """Measure one family or all of them; counters filled for it are kept in ``data/bench``."""
    folder = data / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    for name in FAMILIES if only is None else (only,):
        measure: Callable[[Path], Iterable[Row]] = import_module(f"{__name__}.{name}").rows
        yield from measure(folder)
