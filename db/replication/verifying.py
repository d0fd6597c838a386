"""Signatures checked in other processes: the costliest part of taking lines, and the one that
shares nothing."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from types import TracebackType

from db.entry import is_by
from db.taking import Question, verify_here

WORTH_IT = 100
"""Fewer are checked at once here: handing them over takes longer."""


class Verifiers:
    """Some processes that check signatures; as many as there are processors, less one."""

    def __init__(self, processes: int = 0) -> None:
        count = processes or max(1, (os.cpu_count() or 2) - 1)
        # Spawned, not forked: the server has threads and an open database.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(count, mp_context=context, initializer=end_with_parent)

    def __enter__(self) -> Verifiers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def check(self, pairs: Sequence[Question]) -> Iterable[bool]:
        """Which of these entries were signed by one of the keys beside them.

        It begins at once; what the other processes have not begun when the answers are asked for
        is checked in this one.
        """
        if len(pairs) < WORTH_IT:
            return verify_here(pairs)
        return _answers(pairs, self._pool.submit(check_lines, [(e.line, k) for e, k in pairs]))


def _answers(pairs: Sequence[Question], away: Future[list[bool]]) -> Iterator[bool]:
    yield from verify_here(pairs) if away.cancel() else away.result()


def end_with_parent() -> None:
    """In the other process: end when the server has ended, even when it was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def check_lines(questions: Sequence[tuple[bytes, tuple[bytes, ...]]]) -> list[bool]:
    """In the other process: lines, and the keys beside them."""
    return [any(is_by(line, key) for key in keys) for line, keys in questions]
