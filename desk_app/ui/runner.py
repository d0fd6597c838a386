"""The one worker that touches the database on behalf of the screen.

Jobs finish in the order in which they were asked, so nobody waits on a lock; a job takes and
returns plain values and touches no widget.
"""

from __future__ import annotations

import dataclasses
import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from queue import SimpleQueue
from typing import TYPE_CHECKING, Any, TypeVar

from PySide6.QtCore import QObject, Qt, Signal, Slot
from shiboken6 import isValid

from db.refused import Refused
from desk_app.incidents import record_incident

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.settings import Settings

T = TypeVar("T")

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class _Job:
    """Asked for, with the desk as it was at that moment; None: the one being opened."""

    desk: Desk | None
    owner: QObject
    work: Callable[[Any], Any]
    done: Callable[[Any], None]
    refused: Callable[[Refused], None] | None


@dataclass(frozen=True)
class _Opening:
    """The one job that needs no desk: it makes it."""

    runner: Runner
    opening: Callable[[], Desk]

    def __call__(self, _: object) -> Desk:
        return self.runner._opened(self.opening())


class Runner(QObject):
    """Runs services away from the screen's thread and brings their answers back to it.

    Signals:
        broke: a job failed by a fault of ours; carries the incident number that is in the log.
        declined: a ``Refused`` that its asker had no place to show.
    """

    broke = Signal(str)
    declined = Signal(object)
    _answered = Signal(object, object, object)

    def __init__(self, desk: Desk | None = None) -> None:
        super().__init__()
        self._desk = desk
        self._queue: SimpleQueue[_Job | None] = SimpleQueue()
        self._closed = False
        self._answered.connect(self._on_answered, Qt.ConnectionType.QueuedConnection)
        self._worker = threading.Thread(target=self._work, name="database", daemon=True)
        self._worker.start()

    def open(
        self,
        owner: QObject,
        opening: Callable[[], Desk],
        done: Callable[[Desk], None],
        refused: Callable[[Refused], None],
    ) -> None:
        """Open the desk away from the screen's thread; what is asked meanwhile waits for it."""
        self._put(_Job(None, owner, _Opening(self, opening), done, refused))

    def ask(
        self,
        owner: QObject,
        job: Callable[[Desk], T],
        done: Callable[[T], None],
        refused: Callable[[Refused], None] | None = None,
    ) -> None:
        """Do the job soon; ``done`` or ``refused`` is called on the screen's thread.

        The answer is dropped when ``owner`` has been destroyed meanwhile.

        Raises:
            TypeError: an answer would go to something that is no bound method. A lambda belongs
                to no thread and outlives its widget.
        """
        self._put(_Job(self._desk, owner, job, done, refused))

    @property
    def desk(self) -> Desk:
        """The desk that jobs work for now.

        Raises:
            RuntimeError: it has not been opened yet.
        """
        if self._desk is None:
            raise RuntimeError("the desk is not open yet")
        return self._desk

    def replace_desk(self, desk: Desk) -> None:
        """Later jobs work for this desk, as after another clerk signed in."""
        self._desk = desk

    def take_settings(self, settings: Settings) -> None:
        """Other settings, the same person: somebody may have signed in while they were saved."""
        self._desk = dataclasses.replace(self.desk, settings=settings)

    def close(self) -> None:
        """Finish everything that was asked for, then stop. Answers still on their way are lost."""
        if not self._closed:
            self._closed = True
            self._queue.put(None)
            self._worker.join()

    def _put(self, job: _Job) -> None:
        for answer in (job.done, job.refused):
            if answer is not None and getattr(answer, "__self__", None) is None:
                raise TypeError(f"answers go to bound methods, not to {answer!r}")
        if self._closed:
            raise RuntimeError("the runner is closed")
        self._queue.put(job)

    def _opened(self, desk: Desk) -> Desk:
        self._desk = desk
        return desk

    def _work(self) -> None:
        while (job := self._queue.get()) is not None:
            desk = job.desk or self._desk
            if desk is None and not isinstance(job.work, _Opening):
                # It could not be opened, and who asked for that was told why.
                continue
            try:
                answer = job.work(desk)
            except Refused as refused:
                log.info("refused %s", type(refused).__name__)
                self._answered.emit(job, None, refused)
            except Exception as fault:
                self._answered.emit(job, None, record_incident(fault))
            else:
                self._answered.emit(job, answer, None)

    @Slot(object, object, object)
    def _on_answered(self, job: _Job, answer: object, trouble: Refused | str | None) -> None:
        if self._closed:
            return
        if isinstance(trouble, str):
            self.broke.emit(trouble)
        elif not isValid(job.owner):
            return
        elif trouble is None:
            job.done(answer)
        elif job.refused is not None:
            job.refused(trouble)
        else:
            self.declined.emit(trouble)
