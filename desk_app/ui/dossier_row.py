"""How one row of the list of dossiers is painted: one delegate, no widgets in cells."""

from __future__ import annotations

from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

from PySide6.QtCore import (
    QRect,
    QRectF,
    QSize,
    Qt,
)
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
)

from desk_app.ui.dossier_words import due_column, due_words, received_words, state_of
from desk_app.ui.painting import focus_ring, metrics, paint_badge, paint_icon
from desk_app.ui.theme import color, font, percent_now, px, theme_now

if TYPE_CHECKING:
    from desk_app.services.dossiers import DossierLine

from desk_app.ui.dossier_rows import DossierRows, Index, LineRole

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_NAME = _MIDDLE | Qt.TextFlag.TextWordWrap


class Column(NamedTuple):
    """Where a column lies."""

    name: str
    title: str
    left: int
    width: int


@lru_cache(maxsize=16)
def columns(width: int, percent: int) -> tuple[Column, ...]:
    """The columns that fit into this width; at large text the less needed ones step aside.

    What is left of the width goes to the name and the procedure.
    """
    scale = percent / 100
    wanted: list[tuple[str, str, float]] = [
        ("code", "Mã hồ sơ", 230 * scale),
        ("name", "Người nộp", 152 * scale),
        ("procedure", "Thủ tục", 172 * scale),
        ("received", "Nhận lúc", 72 * scale),
        ("due", "Hẹn trả", 180 * scale),
        ("state", "Tình trạng", 106 * scale),
    ]
    for least in ("received", "procedure"):
        if sum(w for *_, w in wanted) > width - 24:
            wanted = [column for column in wanted if column[0] != least]
    spare = max(0.0, width - 24 - sum(w for *_, w in wanted))
    laid, left = [], 13.0
    stretched = [name for name, *_ in wanted if name in ("name", "procedure")]
    for name, title, base in wanted:
        size = base + (spare / len(stretched) if name in stretched else 0)
        laid.append(Column(name, title, round(left), round(size)))
        left += size
    return tuple(laid)


def row_height(name: str, width: int, percent: int) -> int:
    """36 px, and more for a name that needs more than two lines: names are never cut."""
    if len(name) <= 36:
        return px(36)
    return max(px(36), _long_name_height(name, width, percent))


@lru_cache(maxsize=4096)
def _long_name_height(name: str, width: int, percent: int) -> int:
    room = next(c for c in columns(width, percent) if c.name == "name").width - px(8)
    wrapped = metrics("caption_bold").boundingRect(QRect(0, 0, room, 10_000), int(_NAME), name)
    return wrapped.height() + px(6)


class DossierPainter(QStyledItemDelegate):
    """Paints a whole row by itself; no widgets in cells."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else px(900)
        line: DossierLine | None = index.data(LineRole)
        return QSize(width, row_height(line.name if line else "", width, percent_now()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model = index.model()
        if not isinstance(model, DossierRows):
            return
        line, now = model.line(index.row()), model.now
        if line is None or now is None:
            return
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        chosen = bool(state & QStyle.StateFlag.State_Selected)
        painter.save()
        _paint_ground(painter, box, index.row(), chosen)
        for column in columns(box.width(), percent_now()):
            cell = QRectF(box.left() + column.left, box.top(), column.width - px(8), box.height())
            _CELLS[column.name](painter, cell, line, now, chosen)
        if chosen and state & QStyle.StateFlag.State_HasFocus:
            ring = QRectF(box).adjusted(0, 0, -1, -1)
            focus_ring(painter, ring, 4, "text" if theme_now() == "contrast" else "focus")
        painter.restore()


def _paint_ground(painter: QPainter, box: QRect, row: int, chosen: bool) -> None:
    if chosen:
        painter.fillRect(box, color("selected"))
        painter.fillRect(QRect(box.left(), box.top(), 3, box.height()), color("accent"))
    elif row % 2:
        painter.fillRect(box, color("stripe"))
    painter.fillRect(QRect(box.left(), box.bottom(), box.width(), 1), color("row_line"))


def _ink(chosen: bool, token: str) -> str:
    """On a chosen row of the high-contrast theme every text is black on yellow."""
    if chosen and (token in ("text", "muted") or theme_now() == "contrast"):
        return "selected_text"
    return token


def _code(p: QPainter, cell: QRectF, line: DossierLine, now: datetime, chosen: bool) -> None:
    """The part that differs in the larger letters: the office's code is the same all day."""
    office, _, rest = line.code.partition("-")
    left = cell.left()
    if not rest:
        office, rest = "", line.code
    if office:
        p.setFont(font("caption"))
        p.setPen(color(_ink(chosen, "muted")))
        p.drawText(QRectF(left, cell.top(), cell.width(), cell.height()), _MIDDLE, f"{office}-")
        left += metrics("caption").horizontalAdvance(f"{office}-")
    p.setFont(font("strong"))
    p.setPen(color(_ink(chosen, "text")))
    p.drawText(QRectF(left, cell.top(), cell.right() - left, cell.height()), _MIDDLE, rest)
    if line.one_copy:
        at = cell.right() - px(15)
        paint_icon(p, at, cell.center().y(), "cloud-up", 15, _ink(chosen, "muted"))


def _name(p: QPainter, cell: QRectF, line: DossierLine, now: datetime, chosen: bool) -> None:
    small = metrics("bold").horizontalAdvance(line.name) > cell.width()
    p.setFont(font("caption_bold" if small else "bold"))
    p.setPen(color(_ink(chosen, "text")))
    p.drawText(cell, int(_NAME), line.name)


def _procedure(p: QPainter, cell: QRectF, line: DossierLine, now: datetime, chosen: bool) -> None:
    small = metrics("body").horizontalAdvance(line.procedure) > cell.width()
    p.setFont(font("caption" if small else "body"))
    p.setPen(color(_ink(chosen, "text")))
    p.drawText(cell, int(_NAME), line.procedure)


def _received(p: QPainter, cell: QRectF, line: DossierLine, now: datetime, chosen: bool) -> None:
    p.setFont(font("body"))
    p.setPen(color(_ink(chosen, "muted")))
    p.drawText(cell, _MIDDLE, received_words(line.received_at, now))


def _due(p: QPainter, cell: QRectF, line: DossierLine, now: datetime, chosen: bool) -> None:
    moment = due_column(line.due_at, now)
    voided = line.status == "voided"
    p.setFont(font("strong"))
    p.setPen(color(_ink(chosen, "muted" if voided else "text")))
    p.drawText(cell, _MIDDLE, moment)
    if voided:
        return
    words, tone = due_words(line.due_at, now)
    left = cell.left() + metrics("strong").horizontalAdvance(moment) + px(10)
    p.setFont(font("caption" if tone == "muted" else "caption_bold"))
    p.setPen(color(_ink(chosen, tone)))
    p.drawText(QRectF(left, cell.top(), cell.right() - left + px(8), cell.height()), _MIDDLE, words)


def _state(p: QPainter, cell: QRectF, line: DossierLine, now: datetime, chosen: bool) -> None:
    text, tone, icon = state_of(line)
    paint_badge(p, cell.left(), cell.center().y(), text, icon, tone)


_CELLS: Final = {
    "code": _code,
    "name": _name,
    "procedure": _procedure,
    "received": _received,
    "due": _due,
    "state": _state,
}
