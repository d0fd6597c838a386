"""The rows of the list of dossiers: fetched a page at a time as the list is scrolled."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from db.acts import RUNNING
from desk_app.ui.dossier_words import due_column, due_words, received_words, state_of

if TYPE_CHECKING:
    from desk_app.services.dossiers import DossierLine
    from desk_app.ui.painting import Tone

LineRole: Final = Qt.ItemDataRole.UserRole
Index = QModelIndex | QPersistentModelIndex
ROOT: Final = QModelIndex()


class RowWords(NamedTuple):
    """What a row says, worked out once: a list is painted far more often than it changes."""

    office: str
    number: str
    received: str
    due: str
    near: str
    near_tone: str
    state: tuple[str, Tone, str]


def words_of(line: DossierLine, now: datetime) -> RowWords:
    """The words of a line as of a moment."""
    office, dash, number = line.code.partition("-")
    near, tone = due_words(line.due_at, now) if line.status in RUNNING else ("", "muted")
    return RowWords(
        office=f"{office}-" if dash else "",
        number=number if dash else line.code,
        received=received_words(line.received_at, now),
        due=due_column(line.due_at, now),
        near=near,
        near_tone=tone,
        state=state_of(line),
    )


class DossierRows(QAbstractListModel):
    """The lines fetched so far; says when it wants the next page.

    Signals:
        hungry: the view has come near the end; carries the last line, to go on after.
    """

    hungry = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._lines: list[DossierLine] = []
        self._words: dict[int, RowWords] = {}
        self._more = False
        self._asked = False
        self.now: datetime | None = None

    def show_first(self, lines: Sequence[DossierLine], now: datetime, more: bool) -> None:
        """Another list from its beginning; ``more`` tells whether it goes on."""
        self.beginResetModel()
        self._lines, self._more, self._asked, self.now = list(lines), more, False, now
        self._words.clear()
        self.endResetModel()

    def go_on(self, lines: Sequence[DossierLine], more: bool) -> None:
        """The next page."""
        self._more, self._asked = more, False
        if lines:
            first = len(self._lines)
            self.beginInsertRows(ROOT, first, first + len(lines) - 1)
            self._lines.extend(lines)
            self.endInsertRows()

    def line(self, row: int) -> DossierLine | None:
        """The line of a row."""
        return self._lines[row] if 0 <= row < len(self._lines) else None

    def words(self, row: int) -> RowWords | None:
        """What a row says."""
        found = self._words.get(row)
        if found is None and self.now is not None and (line := self.line(row)) is not None:
            found = self._words[row] = words_of(line, self.now)
        return found

    def row_of(self, id: bytes) -> int:
        """The row of a dossier, -1 when it has not been fetched."""
        return next((at for at, line in enumerate(self._lines) if line.id == id), -1)

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._lines)

    def canFetchMore(self, parent: Index) -> bool:
        return not parent.isValid() and self._more and not self._asked

    def fetchMore(self, parent: Index) -> None:
        self._asked = True
        self.hungry.emit(self._lines[-1] if self._lines else None)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        line = self.line(index.row())
        if line is None or self.now is None:
            return None
        if role == LineRole:
            return line
        if role == Qt.ItemDataRole.AccessibleTextRole:
            due = f"{due_column(line.due_at, self.now)}, {due_words(line.due_at, self.now)[0]}"
            state = state_of(line)[0]
            return f"{line.name}, {line.procedure}, mã {line.code}, hẹn trả {due}, {state}"
        if role == Qt.ItemDataRole.DisplayRole:
            return line.code
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{line.name}\n{line.procedure}"
        return None
