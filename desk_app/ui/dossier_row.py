"""How one row of the list of dossiers is painted: one delegate, no widgets in cells."""

from __future__ import annotations

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

from desk_app.ui.painting import (
    baseline,
    focus_ring,
    metrics,
    paint_icon,
    paint_kept_badge,
    width_of,
)
from desk_app.ui.theme import Role, color, font, percent_now, px, theme_now

if TYPE_CHECKING:
    from desk_app.services.dossiers import DossierLine

from desk_app.ui.dossier_rows import DossierRows, Index, LineRole, RowWords

_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_WRAPPED: Final = int(_MIDDLE | Qt.TextFlag.TextWordWrap)
_SELECTED: Final = QStyle.StateFlag.State_Selected.value
_FOCUSED: Final = QStyle.StateFlag.State_HasFocus.value


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
    wrapped = metrics("caption_bold").boundingRect(QRect(0, 0, room, 10_000), _WRAPPED, name)
    return wrapped.height() + px(6)


class Cell(NamedTuple):
    """Where a text of the row goes, and whether the row is the chosen one."""

    left: int
    top: int
    width: int
    height: int
    chosen: bool

    def write(self, painter: QPainter, text: str, role: Role, ink: str, left: int = 0) -> None:
        """One line in the middle of the cell, from its left edge or another place."""
        painter.setFont(font(role))
        painter.setPen(color(_ink(self.chosen, ink)))
        painter.drawText(left or self.left, baseline(role, self.top, self.height), text)

    def write_whole(self, painter: QPainter, text: str, usual: Role, small: Role) -> None:
        """One line where it fits, else smaller and in two or more lines; never cut."""
        if width_of(text, usual, percent_now()) <= self.width:
            self.write(painter, text, usual, "text")
            return
        painter.setFont(font(small))
        painter.setPen(color(_ink(self.chosen, "text")))
        painter.drawText(QRect(self.left, self.top, self.width, self.height), _WRAPPED, text)


class DossierPainter(QStyledItemDelegate):
    """Paints a whole row by itself; no widgets in cells."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else px(900)
        line: DossierLine | None = index.data(LineRole)
        return QSize(width, row_height(line.name if line else "", width, percent_now()))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        model, row = index.model(), index.row()
        if not isinstance(model, DossierRows):
            return
        line, words = model.line(row), model.words(row)
        if line is None or words is None:
            return
        box: QRect = option.rect
        state: int = option.state.value
        chosen = bool(state & _SELECTED)
        left, top, width, height = box.left(), box.top(), box.width(), box.height()
        _paint_ground(painter, box, row, chosen)
        for name, _, at, room in columns(width, percent_now()):
            cell = Cell(left + at, top, room - px(8), height, chosen)
            _CELLS[name](painter, cell, line, words)
        if chosen and state & _FOCUSED:
            ring = QRectF(box).adjusted(0, 0, -1, -1)
            focus_ring(painter, ring, 4, "text" if theme_now() == "contrast" else "focus")
            painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)


def _paint_ground(painter: QPainter, box: QRect, row: int, chosen: bool) -> None:
    if chosen:
        painter.fillRect(box, color("selected"))
        painter.fillRect(box.left(), box.top(), 3, box.height(), color("accent"))
    elif row % 2:
        painter.fillRect(box, color("stripe"))
    painter.fillRect(box.left(), box.bottom(), box.width(), 1, color("row_line"))


def _ink(chosen: bool, token: str) -> str:
    """On a chosen row of the high-contrast theme every text is black on yellow."""
    if chosen and (token in ("text", "muted") or theme_now() == "contrast"):
        return "selected_text"
    return token


def _code(painter: QPainter, cell: Cell, line: DossierLine, words: RowWords) -> None:
    """The part that differs in the larger letters: the office's code is the same all day."""
    left = cell.left
    if words.office:
        cell.write(painter, words.office, "caption", "muted")
        left += width_of(words.office, "caption", percent_now())
    cell.write(painter, words.number, "strong", "text", left)
    if line.one_copy or line.unsent:
        at, middle = cell.left + cell.width - px(15), cell.top + cell.height / 2
        paint_icon(painter, at, middle, "cloud-up", 15, _ink(cell.chosen, "muted"))


def _name(painter: QPainter, cell: Cell, line: DossierLine, words: RowWords) -> None:
    cell.write_whole(painter, line.name, "bold", "caption_bold")


def _procedure(painter: QPainter, cell: Cell, line: DossierLine, words: RowWords) -> None:
    cell.write_whole(painter, line.procedure, "body", "caption")


def _received(painter: QPainter, cell: Cell, line: DossierLine, words: RowWords) -> None:
    cell.write(painter, words.received, "body", "muted")


def _due(painter: QPainter, cell: Cell, line: DossierLine, words: RowWords) -> None:
    cell.write(painter, words.due, "strong", "text" if words.near else "muted")
    if words.near:
        left = cell.left + width_of(words.due, "strong", percent_now()) + px(10)
        role: Role = "caption" if words.near_tone == "muted" else "caption_bold"
        cell.write(painter, words.near, role, words.near_tone, left)


def _state(painter: QPainter, cell: Cell, line: DossierLine, words: RowWords) -> None:
    text, tone, icon = words.state
    paint_kept_badge(painter, cell.left, cell.top + cell.height / 2, text, icon, tone)


_CELLS: Final = {
    "code": _code,
    "name": _name,
    "procedure": _procedure,
    "received": _received,
    "due": _due,
    "state": _state,
}
