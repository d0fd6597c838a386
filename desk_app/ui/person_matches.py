"""People who fit what is typed in the scan box; the box keeps the focus."""

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
    Signal,
    Slot,
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

from desk_app.ui.painting import metrics, plate
from desk_app.ui.theme import color, font, px

if TYPE_CHECKING:
    from desk_app.services.people import KnownPerson

Index = QModelIndex | QPersistentModelIndex
_LEFT = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft


def facts_of(known: KnownPerson) -> str:
    """What tells one Nguyễn Văn An from another, without showing a whole number."""
    from desk_app.rules.numbers import mask_id

    person = known.person
    parts = (
        f"sinh {person.born[:4]}" if person.born else "",
        mask_id(person.id_number) if person.id_number else "",
        f"{known.total} hồ sơ",
    )
    return "  ·  ".join(part for part in parts if part)


class _Rows(QAbstractListModel):
    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.people: Sequence[KnownPerson] = ()

    def show_people(self, people: Sequence[KnownPerson]) -> None:
        self.beginResetModel()
        self.people = people
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        known = self.people[index.row()]
        if role == Qt.ItemDataRole.DisplayRole:
            return known.person.name
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return f"{known.person.name}, {facts_of(known)}"
        return None


class _Delegate(QStyledItemDelegate):
    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        rows = index.model()
        view = option.widget
        assert isinstance(rows, _Rows) and isinstance(view, QAbstractItemView)
        room = QRectF(0, 0, view.viewport().width() - px(28), 10_000).toRect()
        name = metrics("bold").boundingRect(
            room, Qt.TextFlag.TextWordWrap, rows.people[index.row()].person.name
        )
        return QSize(px(200), name.height() + metrics("caption").height() + px(14))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        rows = index.model()
        view = option.widget
        assert isinstance(rows, _Rows) and isinstance(view, QAbstractItemView)
        known = rows.people[index.row()]
        box = QRectF(option.rect).adjusted(0, 1, 0, -1)
        lit = view.currentIndex().row() == index.row()
        painter.save()
        if lit:
            plate(painter, box, 6, "selected")
        inner = box.adjusted(px(12), px(4), -px(12), -px(4))
        painter.setPen(color("selected_text" if lit else "text"))
        painter.setFont(font("bold"))
        name = inner.adjusted(0, 0, 0, -metrics("caption").height())
        painter.drawText(name, _LEFT | Qt.TextFlag.TextWordWrap, known.person.name)
        painter.setPen(color("selected_text" if lit else "muted"))
        painter.setFont(font("caption"))
        lower = QRectF(
            inner.left(),
            inner.bottom() - metrics("caption").height(),
            inner.width(),
            metrics("caption").height(),
        )
        painter.drawText(lower, _LEFT, facts_of(known))
        painter.restore()


class PersonMatches(QListView):
    """The list; arrows and Enter come from the scan box.

    Signals:
        taken: this person was clicked (KnownPerson).
    """

    taken = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._rows = _Rows(self)
        self.setModel(self._rows)
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setAccessibleName("Người đã từng nộp hồ sơ")
        self.clicked.connect(self._on_clicked)

    def show_people(self, people: Sequence[KnownPerson]) -> None:
        """Offer these, the first one lit."""
        self._rows.show_people(people)
        if people:
            self.setCurrentIndex(self._rows.index(0))

    @property
    def people(self) -> Sequence[KnownPerson]:
        """Who is offered now."""
        return self._rows.people

    def light(self, by: int) -> None:
        """Light another row."""
        count = len(self._rows.people)
        if count:
            row = max(0, min(count - 1, self.currentIndex().row() + by))
            self.setCurrentIndex(self._rows.index(row))

    def lit(self) -> KnownPerson | None:
        """The lit person."""
        row = self.currentIndex().row()
        return self._rows.people[row] if 0 <= row < len(self._rows.people) else None

    @Slot()
    def _on_clicked(self) -> None:
        known = self.lit()
        if known is not None:
            self.taken.emit(known)
