"""The counter's second process: rounds with the server and the siblings, and the day's backup.

A process of its own, because taking thousands of entries in is seconds of Python, which a thread of
the window would spend holding the interpreter. It reads ``now`` from standard input and answers
with one JSON object a line; it ends with the window, whose end of the pipe then closes.
"""

from __future__ import annotations

import contextlib
import json
import logging
import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import Any

from db.refused import Refused
from db.replication.store import JournalStore
from desk_app.desk import Desk, open_desk
from desk_app.incidents import log_to
from desk_app.messages import sentence_for
from desk_app.services.backup import back_up_if_due
from desk_app.services.door import brought_since, open_beside
from desk_app.services.neighbours import Neighbours
from desk_app.services.replicate import ANY_SIZE, NO_LINE_WHY, SMALL, Replicated, replicate
from desk_app.services.siblings import round_with_siblings

LAST = 2**62
Say = Callable[[dict[str, Any]], None]

log = logging.getLogger(__name__)

EVERY = 600.0
"""Seconds between two rounds while there is a line."""
WITHOUT_A_LINE = 120.0
"""While there is none: what waits goes soon after the line is back."""
BETWEEN = 10
"""So many times between two rounds with the server the siblings are met: who is sent from one
counter to the next is known there, and while nothing is new it is one request."""
OFFICE_BEGINS, OFFICE_ENDS = 6, 18
"""Hours between which big files wait."""
JITTER = 0.2
"""So that two hundred counters do not come in the same second."""


def rounds(desk: Desk, told: SimpleQueue[str], say: Say, every: float) -> None:
    """Rounds for ever: at once, then after a pause, and whenever ``told`` has a word."""
    port = open_beside(desk, desk.settings.door) if desk.settings.door else 0
    with contextlib.ExitStack() as open_things:
        cable = None
        if desk.settings.door:
            cable = open_things.enter_context(Neighbours(desk.journal.device.id, port))
        while True:
            why, place = "", LAST
            if desk.settings.server or cable or desk.settings.siblings:
                why, place = _round(desk, cable, say)
            _back_up(desk)
            pause = min(every, WITHOUT_A_LINE) if why in NO_LINE_WHY else every
            pause *= random.uniform(1 - JITTER, 1 + JITTER)
            meet = partial(_meet, desk, cable, say) if cable or desk.settings.siblings else None
            _wait(told, pause, max(1.0, every / BETWEEN), meet, place)


def _round(desk: Desk, cable: Neighbours | None, say: Say) -> tuple[str, int]:
    """With everybody once; why the server was not reached, and how far the journal had come."""
    say({"began": True})
    # First the cable, where nothing is far; the server may let us wait for a minute.
    for met in _siblings(desk, cable):
        say(met)
    result = _one(desk, say)
    place = _place(desk)
    say(result)
    return result["why"], place


def _back_up(desk: Desk) -> None:
    """The day's backup when it is due. One that failed is tried again after the next pause, and
    the date of the last proven one grows old on the page."""
    try:
        back_up_if_due(desk)
    except Refused as refused:
        log.warning("no backup: %s %s", type(refused).__name__, refused.facts.get("why", ""))


def _wait(
    told: SimpleQueue[str], pause: float, beat: float, meet: Callable[[int], int] | None, place: int
) -> None:
    """Until the next round with the server; siblings are met at every ``beat`` meanwhile.

    ``place`` of the journal: what lies before it was said.
    """
    until = time.monotonic() + pause
    while (left := until - time.monotonic()) > 0:
        try:
            told.get(timeout=left if meet is None else min(left, beat))
            return
        except Empty:
            if meet is not None and left > beat:
                place = meet(place)


def _meet(desk: Desk, cable: Neighbours | None, say: Say, place: int) -> int:
    """Only news is said, and with it what siblings brought to the door meanwhile."""
    for _ in _siblings(desk, cable):
        continue
    newest = _place(desk)
    with contextlib.suppress(Refused):
        if lines := brought_since(desk, place):
            say({"why": "", "said": "", "fetched": lines})
    return newest


def _place(desk: Desk) -> int:
    """The last place of the journal; one behind everything while it cannot be read."""
    try:
        return JournalStore(desk.journal).standing().n
    except Refused:
        return LAST


def _siblings(desk: Desk, cable: Neighbours | None) -> Iterator[dict[str, Any]]:
    """A round with each of them; what the disk refuses is a result like any other."""
    try:
        for ended in round_with_siblings(desk, cable.look() if cable else ()):
            yield plain(ended)
    except Refused as refused:
        yield _refused(refused)


def _refused(refused: Refused) -> dict[str, Any]:
    return {"why": type(refused).__name__, "said": sentence_for(refused), "fetched": 0}


def _largest(desk: Desk) -> int:
    """In office hours small files only: the line is for the counters' entries."""
    return SMALL if OFFICE_BEGINS <= desk.now().hour < OFFICE_ENDS else ANY_SIZE


def _one(desk: Desk, say: Say) -> dict[str, Any]:
    """One round; a refusal is a result like any other, and the next round comes."""
    try:
        ended = replicate(desk, progress=lambda came: say({"came": came}), largest=_largest(desk))
    except Refused as refused:
        return _refused(refused)
    return plain(ended)


def plain(ended: Replicated) -> dict[str, Any]:
    """The end of a round as one JSON object."""
    result = {k: v for k, v in ended._asdict().items() if k != "refusal"}
    result["said"] = "" if ended.refusal is None else sentence_for(ended.refusal)
    return result


def _say(result: dict[str, Any]) -> None:
    print(json.dumps(result), flush=True)


def _listen(told: SimpleQueue[str]) -> None:
    for line in sys.stdin:
        told.put(line.strip())
    # The window is gone. What is half taken in is rolled back; nothing was claimed of it.
    os._exit(0)


def main(arguments: list[str]) -> int:
    """``python -m desk_app.replicator DIR [SECONDS]``."""
    data = Path(arguments[0])
    every = float(arguments[1]) if len(arguments) > 1 else EVERY
    told: SimpleQueue[str] = SimpleQueue()
    threading.Thread(target=_listen, args=(told,), name="window", daemon=True).start()
    log_to(data / "log", "replicator")
    # The second medium belongs to the window's process.
    desk = open_desk(data, second_medium=False)
    rounds(desk, told, _say, every)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
