"""The list of dossiers with the titles over its columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QFocusEvent, QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QSizePolicy,
    QWidget,
)

from desk_app.ui.buttons import refit
from desk_app.ui.theme import color, font, percent_now, px

if TYPE_CHECKING:
    from desk_app.services.dossiers import DossierLine

from desk_app.ui.dossier_row import DossierPainter, columns
from desk_app.ui.dossier_rows import ROOT, DossierRows, Index

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_MOVES: Final = frozenset(
    {
        Qt.Key.Key_Up,
        Qt.Key.Key_Down,
        Qt.Key.Key_PageUp,
        Qt.Key.Key_PageDown,
        Qt.Key.Key_Home,
        Qt.Key.Key_End,
    }
)


class DossierHead(QWidget):
    """The titles over the columns."""

    def __init__(self, view: QListView) -> None:
        super().__init__()
        self._view = view
        self.setAccessibleName(
            "Tên cột: mã hồ sơ, người nộp, thủ tục, nhận lúc, hẹn trả, tình trạng"
        )
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(400), px(36))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("sunken"))
        painter.fillRect(QRect(0, self.height() - 1, self.width(), 1), color("line"))
        painter.setFont(font("bold"))
        painter.setPen(color("muted"))
        for column in columns(self._view.viewport().width(), percent_now()):
            cell = QRectF(column.left, 0, column.width, self.height())
            painter.drawText(cell, _MIDDLE, column.title)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class DossierView(QListView):
    """The list itself: arrows move, Enter opens, letters go to the box.

    Signals:
        typed: a printable key was pressed; the search box wants it.
        moved: another line is the current one.
        wanted: Enter or a double click on a line.
        above: Up was pressed on the first line.
    """

    typed = Signal(object)
    moved = Signal(object)
    wanted = Signal(object)
    above = Signal()

    def __init__(self, rows: DossierRows, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = rows
        self.setAccessibleName("Danh sách hồ sơ")
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setVerticalScrollMode(QListView.ScrollMode.ScrollPerPixel)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setModel(rows)
        self.setItemDelegate(DossierPainter(self))
        self.doubleClicked.connect(self._on_double_clicked)

    def current_line(self) -> DossierLine | None:
        """The line the keys act on."""
        return self.rows.line(self.currentIndex().row())

    def take_row(self, row: int) -> None:
        """Make a row the current one and bring it into sight."""
        index = self.rows.index(row, 0)
        self.setCurrentIndex(index)
        self.scrollTo(index)

    def _on_double_clicked(self, index: QModelIndex) -> None:
        self.wanted.emit(self.rows.line(index.row()))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit(self.rows.line(current.row()))
        near_end = current.row() > self.rows.rowCount() - 40
        if near_end and self.rows.canFetchMore(ROOT):
            self.rows.fetchMore(ROOT)

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        if not self.currentIndex().isValid() and self.rows.rowCount():
            self.take_row(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        command = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.AltModifier
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if (line := self.current_line()) is not None:
                self.wanted.emit(line)
        elif key == Qt.Key.Key_Up and self.currentIndex().row() <= 0:
            self.above.emit()
        elif event.text().isprintable() and event.text() and not event.modifiers() & command:
            self.typed.emit(event)
        elif key in _MOVES:
            super().keyPressEvent(event)
        else:
            event.ignore()
