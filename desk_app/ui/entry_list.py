"""A list of things to choose from: icon, words, small words, key; with titles between groups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final, NamedTuple

from PySide6.QtCore import (
    QAbstractListModel,
    QModelIndex,
    QObject,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import QKeyEvent, QPainter
from PySide6.QtWidgets import (
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from desk_app.ui.painting import focus_ring, key_width, metrics, paint_icon, paint_key, plate
from desk_app.ui.theme import color, font, px, theme_now

Index = QModelIndex | QPersistentModelIndex
EntryRole: Final = Qt.ItemDataRole.UserRole
ROOT: Final = QModelIndex()
_MIDDLE = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
_WRAP = _MIDDLE | Qt.TextFlag.TextWordWrap


@dataclass(frozen=True)
class Entry:
    """One line to choose; without an icon it is the title of a group and cannot be chosen."""

    text: str
    icon: str = ""
    more: str = ""
    key: str = ""
    taken: bool = False
    """It is what holds now, as the present theme."""
    says: Any = None
    """What it stands for; handed back when it is chosen."""
    warns: bool = False
    """Its small words and its icon are in the colour of a warning."""


class EntryRows(QAbstractListModel):
    """The entries that are shown."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._entries: list[Entry] = []

    def show_entries(self, entries: Sequence[Entry]) -> None:
        """Other entries."""
        self.beginResetModel()
        self._entries = list(entries)
        self.endResetModel()

    def entry(self, row: int) -> Entry | None:
        """The entry of a row."""
        return self._entries[row] if 0 <= row < len(self._entries) else None

    def next_choice(self, row: int, step: int) -> int:
        """The nearest row that can be chosen from ``row`` on, or -1."""
        while 0 <= row < len(self._entries):
            if self._entries[row].icon:
                return row
            row += step
        return -1

    def rowCount(self, parent: Index = ROOT) -> int:
        return 0 if parent.isValid() else len(self._entries)

    def flags(self, index: Index) -> Qt.ItemFlag:
        entry = self.entry(index.row())
        if entry is None or not entry.icon:
            return Qt.ItemFlag.NoItemFlags
        return Qt.ItemFlag.ItemIsEnabled | Qt.ItemFlag.ItemIsSelectable

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        entry = self.entry(index.row())
        if entry is None:
            return None
        if role == Qt.ItemDataRole.DisplayRole:
            return entry.text
        if role == Qt.ItemDataRole.AccessibleTextRole:
            key = f"phím {entry.key}" if entry.key else ""
            parts = (entry.text, entry.more, key, "đang dùng" if entry.taken else "")
            return ", ".join(part for part in parts if part)
        return entry if role == EntryRole else None


class Places(NamedTuple):
    """Where an entry's words go in a row, in pixels."""

    left: int
    room: int
    small: int
    """Height of the small words beneath; 0 when they stand beside or there are none."""
    height: int


@lru_cache(maxsize=512)
def _places(text: str, more: str, key: str, taken: bool, width: int, scale: int) -> Places:
    """Measured once for list, panel and every paint; ``scale`` stands for the text size."""
    left = px(38)
    tail = (key_width(key) + px(12) if key else 0) + (px(26) if taken else 0)
    room = max(px(80), width - left - tail - px(10))
    beside = metrics("strong").horizontalAdvance(text)
    beside += px(11) + metrics("caption").horizontalAdvance(more)
    bound = QRect(0, 0, room, 10_000)
    small = 0
    if more and beside > room:
        small = metrics("caption").boundingRect(bound, int(_WRAP), more).height()
    high = metrics("strong").boundingRect(bound, int(_WRAP), text).height()
    return Places(left, room, small, max(px(36), high + small + px(12)))


class EntryPainter(QStyledItemDelegate):
    """Paints an entry; small words go beneath where they do not fit beside."""

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        view = self.parent()
        width = view.viewport().width() if isinstance(view, QListView) else px(400)
        entry: Entry | None = index.data(EntryRole)
        if entry is None or not entry.icon:
            return QSize(width, px(28))
        return QSize(
            width, _places(entry.text, entry.more, entry.key, entry.taken, width, px(1_000)).height
        )

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        entry: Entry | None = index.data(EntryRole)
        if entry is None:
            return
        box: QRect = option.rect
        state: QStyle.StateFlag = option.state
        painter.save()
        if not entry.icon:
            painter.setFont(font("caption_bold"))
            painter.setPen(color("muted"))
            painter.drawText(box.adjusted(px(10), 0, 0, 0), int(_MIDDLE), entry.text)
        else:
            chosen = bool(state & QStyle.StateFlag.State_Selected)
            self._paint_choice(painter, box, entry, chosen)
            if chosen and state & QStyle.StateFlag.State_HasFocus:
                focus_ring(painter, QRectF(box), 6, "text" if chosen_is_loud() else "focus")
        painter.restore()

    def _paint_choice(self, painter: QPainter, box: QRect, entry: Entry, chosen: bool) -> None:
        if chosen:
            plate(painter, QRectF(box), 6, "selected")
        ink = "selected_text" if chosen else "text"
        quiet = "selected_text" if chosen else "warn" if entry.warns else "muted"
        at = _places(entry.text, entry.more, entry.key, entry.taken, box.width(), px(1_000))
        left, room, beneath = at.left, at.room, at.small > 0
        middle = box.center().y() + 0.5
        mark = quiet if entry.warns else ink
        paint_icon(painter, box.left() + px(10), middle, entry.icon, 18, mark)
        right = box.right() - px(10)
        if entry.key:
            right -= key_width(entry.key)
            paint_key(painter, right, middle, entry.key)
            right -= px(12)
        if entry.taken:
            paint_icon(painter, right - px(18), middle, "check", 18, ink)
        words = QRectF(box.left() + left, box.top(), room, box.height())
        painter.setFont(font("strong"))
        painter.setPen(color(ink))
        if not beneath:
            painter.drawText(words, int(_WRAP), entry.text)
            words.setLeft(words.left() + metrics("strong").horizontalAdvance(entry.text) + px(11))
            painter.setFont(font("caption"))
            painter.setPen(color(quiet))
            painter.drawText(words, int(_MIDDLE), entry.more)
            return
        painter.drawText(words.adjusted(0, px(5), 0, -at.small - px(6)), int(_WRAP), entry.text)
        painter.setFont(font("caption"))
        painter.setPen(color(quiet))
        beneath_box = QRectF(words.left(), words.bottom() - at.small - px(5), room, at.small)
        painter.drawText(beneath_box, int(_WRAP), entry.more)


def chosen_is_loud() -> bool:
    """Whether a chosen row is so bright that a ring in the focus colour would not show."""
    return theme_now() == "contrast"


class EntryView(QListView):
    """Shows entries; Up and Down go past titles.

    Signals:
        wanted: an entry was chosen by Enter or a click.
        moved: another entry is the current one.
    """

    wanted = Signal(object)
    moved = Signal(object)

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows = EntryRows(self)
        self.setAccessibleName(name)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setModel(self.rows)
        self.setItemDelegate(EntryPainter(self))
        self.clicked.connect(self._on_clicked)

    def show_entries(self, entries: Sequence[Entry], row: int = 0) -> None:
        """Other entries; the first that can be chosen from ``row`` on becomes the current one."""
        self.rows.show_entries(entries)
        self.step(0, row)

    def current(self) -> Entry | None:
        """The entry the keys act on."""
        return self.rows.entry(self.currentIndex().row())

    def step(self, by: int, start: int | None = None) -> None:
        """Go to the next or the last entry that can be chosen; stays at the ends."""
        row = self.currentIndex().row() if start is None else start
        row = self.rows.next_choice(row + by, by or 1)
        if row >= 0:
            index = self.rows.index(row, 0)
            self.setCurrentIndex(index)
            # The title over the first entry of a group comes into sight with it.
            self.scrollTo(self.rows.index(max(0, row - 1), 0))
            self.scrollTo(index)

    def content_height(self) -> int:
        """The height that shows every entry."""
        return sum(self.sizeHintForRow(row) for row in range(self.rows.rowCount()))

    def currentChanged(self, current: Index, previous: Index) -> None:
        super().currentChanged(current, previous)
        self.moved.emit(self.rows.entry(current.row()))

    def _on_clicked(self, index: QModelIndex) -> None:
        self.wanted.emit(self.rows.entry(index.row()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.current() is not None:
            self.wanted.emit(self.current())
        elif event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
            self.step(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            event.ignore()
