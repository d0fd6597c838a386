"""The papers of one form as a model, and what the keys do to one row's count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    Qt,
    Signal,
)

from desk_app.ui.intake_form import PaperRow
from desk_app.ui.procedure_words import paper_words

Index = QModelIndex | QPersistentModelIndex
_KINDS = ("originals", "certified", "copies")


def counted_kind(row: PaperRow) -> str:
    """Which of its counts the keys change; "" for a paper that is only shown."""
    return next((kind for kind in _KINDS if getattr(row, kind)), "")


def with_count(row: PaperRow, count: int) -> PaperRow:
    """The row with another count of its kind; none at all means it is not handed in."""
    kind = counted_kind(row)
    if not kind:
        return replace(row, ticked=count > 0)
    if count <= 0:
        return replace(row, ticked=False)
    return _counted(row, kind, min(count, 999))


def with_next_kind(row: PaperRow, step: int) -> PaperRow:
    """Original, certified copy, plain copy, only shown: the next of them, same count."""
    kinds = (*_KINDS, "")
    kind = counted_kind(row)
    count = getattr(row, kind) if kind else 1
    taken = kinds[(kinds.index(kind) + step) % len(kinds)]
    return _counted(replace(row, shown=not taken), taken, count)


def _counted(row: PaperRow, kind: str, count: int) -> PaperRow:
    originals, certified, copies = (count if name == kind else 0 for name in _KINDS)
    return replace(row, originals=originals, certified=certified, copies=copies, ticked=True)


class PaperRows(QAbstractListModel):
    """The papers of one form. Rows are replaced, never changed in place by others."""

    edited = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.papers: list[PaperRow] = []
        self.wanting: set[int] = set()
        """Rows a failed save pointed at."""

    def show_papers(self, papers: list[PaperRow]) -> None:
        """Show these."""
        self.beginResetModel()
        self.papers = [replace(row) for row in papers]
        self.wanting = set()
        self.endResetModel()

    def put(self, at: int, row: PaperRow) -> None:
        """Another state of one row."""
        self.papers[at] = row
        if row.ticked:
            self.wanting.discard(at)
        index = self.index(at)
        self.dataChanged.emit(index, index)
        self.edited.emit()

    def add(self, row: PaperRow) -> None:
        """One more row at the end."""
        at = len(self.papers)
        self.beginInsertRows(QModelIndex(), at, at)
        self.papers.append(row)
        self.endInsertRows()
        self.edited.emit()

    def remove(self, at: int) -> None:
        """Take a free line away again."""
        self.beginRemoveRows(QModelIndex(), at, at)
        del self.papers[at]
        self.endRemoveRows()
        self.edited.emit()

    def mark_wanting(self, rows: set[int]) -> None:
        """Mark the rows a save is waiting for."""
        self.wanting = rows
        if self.papers:
            self.dataChanged.emit(self.index(0), self.index(len(self.papers) - 1))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.papers)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        row = self.papers[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return row.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            state = "đã nhận" if row.ticked else "chưa nhận"
            return f"{row.name}, {paper_words(row)}, {state}"
        return None
