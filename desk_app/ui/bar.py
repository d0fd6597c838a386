"""What stands in the dark bar at the top of the window."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desk_app.ui.buttons import TEXT_FLAGS, refit, spoken, text_width
from desk_app.ui.painting import (
    focus_ring,
    key_width,
    metrics,
    paint_icon,
    paint_key,
    plate,
)
from desk_app.ui.theme import color, font, px


class BarTab(QPushButton):
    """A screen of the top bar: icon, name, how many wait there, F-key."""

    def __init__(
        self, text: str, key: str = "", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self.key, self.icon_name, self.count = key, icon, 0
        self._brief = 0
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.set_count(0)

    def set_brief(self, level: int) -> None:
        """Where the room ends: 1 leaves the key out, 2 the words as well, but of the lit tab."""
        if level != self._brief:
            self._brief = level
            self.updateGeometry()
            self.update()

    def width_at(self, level: int) -> int:
        """How wide it is when so much is left out."""
        width = px(36) + self._count_width()
        if level < 2 or self.isChecked():
            width += text_width(self.text(), "bold") + px(14)
        if self.key and level < 1:
            width += metrics("caption_bold").horizontalAdvance(self.key) + px(12)
        return width

    def set_count(self, count: int) -> None:
        """Show how many wait; nothing is shown for 0."""
        self.count = count
        waiting = f", {count} đang chờ" if count else ""
        self.setAccessibleName(f"{spoken(self.text())}{waiting}, phím {self.key}")
        self.updateGeometry()
        self.update()

    def _count_width(self) -> int:
        if not self.count:
            return 0
        return max(px(22), metrics("bold").horizontalAdvance(str(self.count)) + px(11)) + px(7)

    def sizeHint(self) -> QSize:
        return QSize(self.width_at(self._brief), px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        middle = box.height() / 2
        ink = "bar_chosen_text" if self.isChecked() else "bar_text"
        if self.isChecked():
            plate(painter, box, 6, "bar_chosen")
        paint_icon(painter, px(10), middle, self.icon_name, 18, ink)
        left = float(px(36))
        painter.setFont(font("bold"))
        painter.setPen(color(ink))
        if self._brief < 2 or self.isChecked():
            painter.drawText(QRectF(left, 0, box.width(), box.height()), TEXT_FLAGS, self.text())
            left += text_width(self.text(), "bold")
        if self.count:
            pill = QRectF(left + px(7), middle - px(9), self._count_width() - px(7), px(19))
            plate(painter, pill, px(9), "warn_soft")
            painter.setPen(color("warn"))
            painter.drawText(pill, Qt.AlignmentFlag.AlignCenter, str(self.count))
            left += self._count_width()
        if self.key and self._brief < 1:
            paint_key(
                painter, left + px(4), middle, self.key, "bar_chosen" if self.isChecked() else "bar"
            )
        if self.hasFocus():
            focus_ring(painter, box, 6, ink)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class BarField(QPushButton):
    """The search box of the top bar; it opens the palette rather than taking text itself.

    Where the room ends it says ``short`` instead of its whole text.
    """

    def __init__(
        self, text: str, short: str, key: str, icon: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self._short = short
        self.key, self.icon_name = key, icon
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setAccessibleName(f"{text}, phím {key}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(max(px(296), self._width_of(self.text())), px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width_of(self._short), px(34))

    def _width_of(self, text: str) -> int:
        return px(36) + text_width(text, "strong") + px(44)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        plate(painter, box, 6, "bar_field", "bar_hint", 2 if self.hasFocus() else 1)
        paint_icon(painter, px(10), box.height() / 2, self.icon_name, 18, "bar_text")
        painter.setFont(font("strong"))
        painter.setPen(color("bar_text"))
        text = self.text() if self._width_of(self.text()) <= self.width() else self._short
        painter.drawText(QRectF(px(36), 0, box.width(), box.height()), TEXT_FLAGS, text)
        paint_key(
            painter, box.width() - key_width(self.key) - px(5), box.height() / 2, self.key, "bar"
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
