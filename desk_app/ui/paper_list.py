"""The rows of the papers: tick, name, how many. Letters do nothing, so a stray scan cannot tick."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import (
    QEvent,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    QTimer,
    Signal,
    Slot,
)
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desk_app.ui.choices import paint_tick
from desk_app.ui.intake_form import PaperRow
from desk_app.ui.painting import focus_ring, metrics, plate
from desk_app.ui.paper_model import Index, PaperRows, counted_kind, with_count, with_next_kind
from desk_app.ui.procedure_words import paper_words
from desk_app.ui.theme import color, font, px, theme_now

_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_RIGHT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight
COUNT_LINE = 20
DIGIT_SETTLES_MS = 130
DIGITS_BELONG_TOGETHER_MS = 700


class PaperDelegate(QStyledItemDelegate):
    """A tick, the name over as many lines as it needs, the count on the right."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = option.widget
        rows = index.model()
        assert isinstance(rows, PaperRows)
        row = rows.papers[index.row()]
        width = view.viewport().width() if isinstance(view, QAbstractItemView) else px(500)
        taken = px(9) if _stacked(width) else _count_width(row)
        room = QRect(0, 0, max(px(80), int(width - _name_left() - taken)), 10_000)
        height = metrics("strong").boundingRect(room, _WRAP, row.name).height() + px(12)
        if _stacked(width):
            height += px(COUNT_LINE)
        return QSize(px(200), max(px(36), height))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rows = index.model()
        assert isinstance(rows, PaperRows)
        view = option.widget
        assert isinstance(view, QAbstractItemView)
        row = rows.papers[index.row()]
        box = QRectF(option.rect)
        here = view.currentIndex().row() == index.row() and view.hasFocus()
        wanting = index.row() in rows.wanting and not row.ticked
        painter.save()
        if wanting:
            plate(painter, box, 6, "bad_soft", "bad", 1)
        if here:
            if not wanting:
                plate(painter, box, 6, "soft")
            focus_ring(painter, box, 6)
        paint_tick(painter, box.left() + px(9), box.center().y(), row.ticked)
        painter.setFont(font("strong" if row.ticked else "body"))
        painter.setPen(color("text"))
        count = count_box(box)
        name = box.adjusted(_name_left(), 0, -_count_width(row), 0)
        if _stacked(box.width()):
            name = box.adjusted(_name_left(), px(4), -px(9), -px(COUNT_LINE))
        painter.drawText(name, _WRAP, row.name)
        painter.setFont(font("caption_bold" if wanting else "caption"))
        painter.setPen(
            color("bad" if wanting else "text" if theme_now() == "contrast" else "muted")
        )
        painter.drawText(count, _RIGHT, "chưa nhận" if wanting else paper_words(row))
        hovered = bool(option.state & QStyle.StateFlag.State_MouseOver)
        if row.ticked and counted_kind(row) and (here or hovered):
            for step in (-1, 1):
                _paint_step(painter, step_box(box, row, step), step)
        painter.restore()


def _stacked(width: float) -> bool:
    """Large text in a narrow column: the count goes beneath the name."""
    return width < px(400)


def count_box(box: QRectF) -> QRectF:
    """Where the count of a row is written, from the right."""
    place = box.adjusted(0, 0, -px(9), 0)
    if _stacked(box.width()):
        place.setTop(box.bottom() - px(COUNT_LINE) - px(2))
        place.setBottom(box.bottom() - px(2))
    return place


def step_box(box: QRectF, row: PaperRow, step: int) -> QRectF:
    """Where the small minus or plus beside a count lies."""
    side = px(24)
    left = box.right() - px(9) - metrics("caption").horizontalAdvance(paper_words(row))
    first = left - px(8) - 2 * side
    middle = count_box(box).center().y()
    return QRectF(first + (side if step > 0 else 0), middle - side / 2, side, side)


def _paint_step(painter: QPainter, box: QRectF, step: int) -> None:
    inner = box.adjusted(px(3), px(3), -px(3), -px(3))
    plate(painter, inner, 4, "surface", "control")
    painter.setFont(font("caption_bold"))
    painter.setPen(color("text"))
    painter.drawText(inner, Qt.AlignmentFlag.AlignCenter, "+" if step > 0 else "−")


def _name_left() -> int:
    return px(38)


def _count_width(row: PaperRow) -> int:
    words = max(
        metrics("caption").horizontalAdvance(paper_words(row)),
        metrics("caption_bold").horizontalAdvance("chưa nhận"),
    )
    steps = px(8) + 2 * px(24) if counted_kind(row) else 0
    return words + px(18) + steps


class PaperView(QListView):
    """The list; keys as in the hints beneath it.

    Signals:
        all_wanted: `+`: tick every required paper.
        left: Enter on the last row.
    """

    all_wanted = Signal()
    left = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = PaperRows(self)
        self.setModel(self.rows)
        self.setItemDelegate(PaperDelegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setMouseTracking(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAccessibleName("Thành phần hồ sơ")
        self._digits = ""
        self._settle = QTimer(self)
        self._settle.setSingleShot(True)
        self._settle.setInterval(DIGIT_SETTLES_MS)
        self._settle.timeout.connect(self._on_digits_stood)
        self._together = QTimer(self)
        self._together.setSingleShot(True)
        self._together.setInterval(DIGITS_BELONG_TOGETHER_MS)
        self._together.timeout.connect(self._forget_digits)

    def show_papers(self, papers: list[PaperRow]) -> None:
        """Show these, the first one lit."""
        self._forget_digits()
        self.rows.show_papers(papers)
        if papers:
            self.setCurrentIndex(self.rows.index(0))

    def light(self, row: int) -> None:
        """Light this row."""
        if 0 <= row < self.rows.rowCount():
            self.setCurrentIndex(self.rows.index(row))

    def tick_required(self) -> None:
        """Tick every required paper and light the first one that is not ticked."""
        for at, row in enumerate(self.rows.papers):
            if row.required and not row.ticked:
                self.rows.put(at, replace(row, ticked=True))
        left = [at for at, row in enumerate(self.rows.papers) if not row.ticked]
        self.light(left[0] if left else 0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, at = event.key(), self.currentIndex().row()
        if event.text() in "+=*" and event.text():
            self.all_wanted.emit()
        elif event.text().isdigit() and event.text().isascii():
            self._take_digit(event.text())
            return
        elif key == Qt.Key.Key_Down:
            self.light(at + 1)
        elif key == Qt.Key.Key_Up:
            self.light(at - 1)
        elif key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._tick_and_go_on(at)
        elif at >= 0:
            self._change(at, event)
        self._forget_digits()

    def _change(self, at: int, event: QKeyEvent) -> None:
        row, key = self.rows.papers[at], event.key()
        control = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        step = {Qt.Key.Key_Right: 1, Qt.Key.Key_Left: -1}.get(Qt.Key(key), 0)
        if key == Qt.Key.Key_Space:
            self.rows.put(at, replace(row, ticked=not row.ticked))
        elif step and control:
            self.rows.put(at, with_next_kind(row, step))
        elif step:
            self._step(at, step)
        elif key == Qt.Key.Key_Delete and row.free:
            self.rows.remove(at)

    def _step(self, at: int, step: int) -> None:
        row = self.rows.papers[at]
        kind = counted_kind(row)
        count = (getattr(row, kind) if kind else 1) if row.ticked else 0
        self.rows.put(at, with_count(row, count + step))

    def _tick_and_go_on(self, at: int) -> None:
        if at >= 0 and not self.rows.papers[at].ticked:
            self.rows.put(at, replace(self.rows.papers[at], ticked=True))
        if at + 1 < self.rows.rowCount():
            self.light(at + 1)
        else:
            self.left.emit()

    def _take_digit(self, digit: str) -> None:
        """A count is one or two digits. Three at once are the start of a scan: forget them."""
        self._digits += digit
        self._settle.start()
        self._together.start()

    @Slot()
    def _on_digits_stood(self) -> None:
        at = self.currentIndex().row()
        if 0 < len(self._digits) <= 2 and at >= 0 and counted_kind(self.rows.papers[at]):
            self.rows.put(at, with_count(self.rows.papers[at], int(self._digits)))

    @Slot()
    def _forget_digits(self) -> None:
        self._digits = ""
        self._settle.stop()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        super().mousePressEvent(event)
        index = self.indexAt(event.position().toPoint())
        if not index.isValid() or event.button() != Qt.MouseButton.LeftButton:
            return
        row, box = self.rows.papers[index.row()], QRectF(self.visualRect(index))
        step = self._step_at(event.position(), box, row)
        if step:
            self._step(index.row(), step)
        else:
            self.rows.put(index.row(), replace(row, ticked=not row.ticked))

    def _step_at(self, place: QPointF, box: QRectF, row: PaperRow) -> int:
        if not (row.ticked and counted_kind(row)):
            return 0
        return next((s for s in (-1, 1) if step_box(box, row, s).contains(place)), 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scheduleDelayedItemsLayout()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self.scheduleDelayedItemsLayout()
