"""The rows of the procedure picker: a model over the catalogue, a delegate that paints them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desk_app.ui.painting import key_width, metrics, paint_key, plate
from desk_app.ui.procedure_words import fee_words, limit_words, title
from desk_app.ui.theme import color, font, px

if TYPE_CHECKING:
    from db.kinds import ProcedurePublished

Index = QModelIndex | QPersistentModelIndex
ROW = 46
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight


class ProcedureRows(QAbstractListModel):
    """Procedures in the order in which they are offered."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.procedures: Sequence[ProcedurePublished] = ()

    def show_procedures(self, procedures: Sequence[ProcedurePublished]) -> None:
        """Offer these instead."""
        self.beginResetModel()
        self.procedures = procedures
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.procedures)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        procedure = self.procedures[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return title(procedure)
        if role == Qt.ItemDataRole.ToolTipRole:
            return procedure.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return (
                f"{index.row() + 1}. {title(procedure)}, gõ tắt {procedure.short_form}, "
                f"{limit_words(procedure.limit)}, {fee_words(procedure.fee)}"
            )
        return None


class ProcedureDelegate(QStyledItemDelegate):
    """Two lines a row: name and short form on the left, time and fee on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return QSize(px(200), px(ROW))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rows = index.model()
        assert isinstance(rows, ProcedureRows)
        view = option.widget
        assert isinstance(view, QAbstractItemView)
        procedure = rows.procedures[index.row()]
        chosen = view.currentIndex().row() == index.row()
        box = QRectF(option.rect).adjusted(px(4), px(2), -px(4), -px(2))
        painter.save()
        if chosen:
            plate(painter, box, 6, "selected")
            bar = QRectF(box.left(), box.top() + px(8), px(3), box.height() - px(16))
            plate(painter, bar, 1.5, "accent" if color("pill_line").alpha() == 0 else "text")
        self._paint_texts(painter, box, procedure, index.row(), chosen)
        painter.restore()

    def _paint_texts(
        self,
        painter: QPainter,
        box: QRectF,
        procedure: ProcedurePublished,
        row: int,
        chosen: bool,
    ) -> None:
        ink = "selected_text" if chosen else "text"
        quiet = "selected_text" if chosen else "muted"
        number = str(row + 1) if row < 9 else ""
        if number:
            paint_key(painter, box.left() + px(12), box.center().y(), number)
        left = box.left() + px(12) + key_width("9") + px(12)
        right = box.right() - px(9)
        upper = QRectF(left, box.top() + px(2), right - left, px(22))
        lower = QRectF(left, box.top() + px(21), right - left, px(19))
        time, fee = limit_words(procedure.limit), fee_words(procedure.fee)
        painter.setFont(font("caption_bold"))
        same_day = procedure.limit.unit == "same_day"
        painter.setPen(color("ok" if same_day and not chosen else quiet))
        painter.drawText(upper, _RIGHT, time)
        painter.setFont(font("caption"))
        painter.setPen(color(quiet))
        painter.drawText(lower, _RIGHT, fee)
        room = lower.width() - metrics("caption").horizontalAdvance(fee) - px(12)
        painter.drawText(lower, _LEFT, _second_line(procedure, room))
        painter.setFont(font("bold" if chosen else "strong"))
        painter.setPen(color(ink))
        room = upper.width() - metrics("caption_bold").horizontalAdvance(time) - px(12)
        painter.drawText(upper, _LEFT, fitting_title(procedure, room, chosen))


def fitting_title(procedure: ProcedurePublished, room: float, bold: bool) -> str:
    """The official name where it fits, else the short one: a name cut off names nothing."""
    full = title(procedure)
    measure = metrics("bold" if bold else "strong")
    if measure.horizontalAdvance(full) <= room:
        return full
    return measure.elidedText(procedure.short_name, Qt.TextElideMode.ElideRight, int(room))


def _second_line(procedure: ProcedurePublished, room: float) -> str:
    short = f"gõ tắt “{procedure.short_form}”"
    measure = metrics("caption")
    for parts in ((procedure.field, procedure.code, short), (procedure.code, short), (short,)):
        line = "  ·  ".join(parts)
        if measure.horizontalAdvance(line) <= room:
            return line
    return ""


class ProcedureView(QListView):
    """The list under the search field. The field keeps the focus and hands on the arrow keys."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = ProcedureRows(self)
        self.setModel(self.rows)
        self.setItemDelegate(ProcedureDelegate(self))
        self.setUniformItemSizes(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerItem)
        self.setAccessibleName("Thủ tục")

    def show_procedures(self, procedures: Sequence[ProcedurePublished]) -> None:
        """Offer these, the first one lit."""
        self.rows.show_procedures(procedures)
        if procedures:
            self.setCurrentIndex(self.rows.index(0))

    def chosen(self) -> ProcedurePublished | None:
        """The lit row."""
        row = self.currentIndex().row()
        return self.rows.procedures[row] if 0 <= row < len(self.rows.procedures) else None

    def light(self, by: int) -> None:
        """Light another row."""
        count = len(self.rows.procedures)
        if count:
            row = max(0, min(count - 1, self.currentIndex().row() + by))
            self.setCurrentIndex(self.rows.index(row))
