"""Give a new machine what a dead one left: its stick."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import NamedTuple

from db.restore import NothingToRestoreFrom
from db.sealing import key_from_recovery
from db.spool_file import SpoolFile
from desk_app.desk import Desk

PORTION = 500


class Recovered(NamedTuple):
    """What a stick came to, in entries."""

    stored: int
    known: int
    refused: int
    """Not believed: damaged, or of a device nobody enrolled."""


def from_stick(desk: Desk, folder: Path, recovery: str) -> Recovered:
    """Take what a dead counter had written to its second medium. Its entries stay its own; the
    next round brings to the server what it had not sent.

    ``recovery`` is the dead counter's recovery key, from the safe.

    Raises:
        RecoveryKeyWrong: nothing was read.
        NothingToRestoreFrom: no spool in the folder opens with this key.
        SpoolUnavailable: the stick failed while it was read; what was taken stays.
    """
    key = key_from_recovery(recovery)
    stored = known = refused = 0
    for path in sorted(folder.glob("*.spool")):
        lines = SpoolFile(path, path.stem, key).forwards()
        while batch := list(islice(lines, PORTION)):
            whole = [kept.line for kept in batch if kept.line is not None]
            # The stick is the office's own: what proves a founding counter is on it too.
            taken = desk.journal.accept(whole, own=True)
            stored += len(taken.stored)
            known += len(taken.known)
            refused += len(batch) - len(taken.stored) - len(taken.known)
    if not stored + known:
        raise NothingToRestoreFrom(path=str(folder))
    return Recovered(stored, known, refused)
