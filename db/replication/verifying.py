"""Signatures checked in other processes: the costliest part of taking lines, and the one that
shares nothing."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from types import TracebackType

from db.entry import Entry
from db.taking import verify_here

WORTH_IT = 200
"""Fewer are checked at once here: handing them over takes longer."""
PORTION = 250

Question = tuple[bytes, bytes, tuple[bytes, ...]]


class Verifiers:
    """Some processes that check signatures; as many as there are processors, less one."""

    def __init__(self, processes: int = 0) -> None:
        count = processes or max(1, (os.cpu_count() or 2) - 1)
        # Spawned, not forked: the server has threads and an open database.
        context = multiprocessing.get_context("spawn")
        self._pool = ProcessPoolExecutor(count, mp_context=context, initializer=end_with_parent)
        self._share = count

    def __enter__(self) -> Verifiers:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._pool.shutdown(cancel_futures=True)

    def check(self, pairs: Sequence[tuple[Entry, tuple[bytes, ...]]]) -> Sequence[bool]:
        """Which of these entries were signed by one of the keys beside them; some of the portions
        are checked in this process meanwhile."""
        if len(pairs) < WORTH_IT:
            return verify_here(pairs)
        portions = [pairs[at : at + PORTION] for at in range(0, len(pairs), PORTION)]
        here = len(portions) // (self._share + 1)
        away = [
            self._pool.submit(
                check_plain, [(e.signature, e.signed_bytes, keys) for e, keys in portion]
            )
            for portion in portions[here:]
        ]
        found = [right for portion in portions[:here] for right in verify_here(portion)]
        for answer in away:
            found += answer.result()
        return found


def end_with_parent() -> None:
    """In the other process: end when the server has ended, even when it was killed."""
    parent = multiprocessing.parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(0)

    threading.Thread(target=watch, daemon=True).start()


def check_plain(questions: Sequence[Question]) -> list[bool]:
    """In the other process: (signature, signed bytes, keys)."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    found = []
    for signature, signed, keys in questions:
        right = False
        for key in keys:
            try:
                Ed25519PublicKey.from_public_bytes(key).verify(signature, signed)
                right = True
                break
            except InvalidSignature:
                continue
        found.append(right)
    return found
