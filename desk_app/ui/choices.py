"""Answers to choose from: chips, segments, boxes to tick, radio buttons."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPoint, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QButtonGroup,
    QCheckBox,
    QHBoxLayout,
    QRadioButton,
    QSizePolicy,
    QWidget,
)

from desk_app.ui.buttons import TEXT_FLAGS, press_by_mnemonic, refit, spoken, text_width
from desk_app.ui.painting import (
    focus_ring,
    metrics,
    paint_icon,
    plate,
)
from desk_app.ui.theme import Role, color, font, px, theme_now


class Chip(QRadioButton):
    """One of several filters or reasons, with its count or its digit."""

    def __init__(self, text: str, count: str = "", parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        self.count = ""
        self.set_count(count)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_count(self, count: str) -> None:
        """The figure after the words."""
        self.count = count
        self.setAccessibleName(f"{self.text()} {count}".strip())
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        width = 2 * px(12) + text_width(self.text(), "bold")
        if self.count:
            width += px(7) + metrics("caption_bold").horizontalAdvance(self.count)
        return QSize(width, px(32))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        on = self.isChecked()
        ink = "chosen_text" if on else "text"
        plate(
            painter,
            box,
            px(16),
            "chosen" if on else "surface",
            "chosen_line" if on else "line" if theme_now() != "contrast" else "control",
        )
        role: Role = "bold" if on else "strong"
        painter.setFont(font(role))
        painter.setPen(color(ink))
        painter.drawText(QRectF(px(12), 0, box.width(), box.height()), TEXT_FLAGS, self.text())
        if self.count:
            painter.setFont(font("caption_bold"))
            painter.setPen(color(ink if on else "muted"))
            painter.drawText(
                QRectF(0, 0, box.width() - px(12), box.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignRight,
                self.count,
            )
        if self.hasFocus():
            token = "focus" if theme_now() != "contrast" or not on else "text"
            focus_ring(painter, box, px(16), token)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class _Segment(QRadioButton):
    """One answer of a ``Segmented`` choice."""

    def sizeHint(self) -> QSize:
        return QSize(2 * px(12) + text_width(self.text(), "bold"), px(28))

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * px(4) + text_width(self.text(), "bold"), px(28))

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        on = self.isChecked()
        if on:
            plate(painter, box, 5, "chosen", "chosen_line")
        painter.setFont(font("bold" if on else "strong"))
        painter.setPen(color("chosen_text" if on else "text"))
        painter.drawText(
            box, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextShowMnemonic, self.text()
        )
        if self.hasFocus():
            token = "focus" if theme_now() != "contrast" or not on else "text"
            focus_ring(painter, box, 5, token)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class Segmented(QWidget):
    """A choice of two to four short answers, all in sight; arrow keys move between them.

    Signals:
        chosen: the value of the answer that was taken.
    """

    chosen = Signal(str)

    def __init__(
        self, name: str, answers: tuple[tuple[str, str], ...], parent: QWidget | None = None
    ) -> None:
        """``answers`` are pairs of value and words; the first one is taken until told otherwise."""
        super().__init__(parent)
        self.setAccessibleName(name)
        self._group = QButtonGroup(self)
        self._values = [value for value, _ in answers]
        row = QHBoxLayout(self)
        row.setContentsMargins(3, 3, 3, 3)
        row.setSpacing(2)
        for at, (_, words) in enumerate(answers):
            segment = _Segment(words, self)
            press_by_mnemonic(segment)
            segment.setAccessibleName(f"{name}: {spoken(words)}")
            self._group.addButton(segment, at)
            row.addWidget(segment)
        self.take(self._values[0])
        self.setFocusProxy(self._group.button(0))
        self._group.idClicked.connect(self._on_clicked)
        self._group.idToggled.connect(self._on_toggled)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def value(self) -> str:
        """The answer that is taken."""
        return self._values[self._group.checkedId()]

    def take(self, value: str) -> None:
        """Take this answer without saying so."""
        self._group.button(self._values.index(value)).setChecked(True)

    def buttons(self) -> list[QAbstractButton]:
        """The answers as buttons, in order."""
        return self._group.buttons()

    @Slot(int)
    def _on_clicked(self, at: int) -> None:
        self.chosen.emit(self._values[at])

    @Slot(int, bool)
    def _on_toggled(self, at: int, on: bool) -> None:
        if on:
            self.setFocusProxy(self._group.button(at))

    def paintEvent(self, event: QPaintEvent) -> None:
        plate(QPainter(self), QRectF(self.rect()), 6, "sunken", "control")


def _paint_mark_text(button: QAbstractButton, painter: QPainter, left: float) -> None:
    painter.setFont(font("body"))
    painter.setPen(color("text"))
    painter.drawText(
        QRectF(left, 0, button.width() - left, button.height()), TEXT_FLAGS, button.text()
    )
    if button.hasFocus():
        focus_ring(painter, QRectF(button.rect()), 6)


class CheckBox(QCheckBox):
    """A box to tick, 18 px with a line that shows in every theme."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        press_by_mnemonic(self)
        self.setAccessibleName(spoken(text))

    def sizeHint(self) -> QSize:
        return QSize(px(36) + text_width(self.text(), "body"), px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_tick(painter, px(4), self.height() / 2, self.isChecked())
        _paint_mark_text(self, painter, px(28))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


def paint_tick(painter: QPainter, left: float, middle: float, ticked: bool) -> None:
    """A check box of 18 px; list delegates draw the same one."""
    box = QRectF(left, middle - px(18) / 2, px(18), px(18))
    if ticked:
        plate(painter, box, 4, "accent", "accent")
        paint_icon(painter, left + px(2), middle, "check", 14, "on_accent")
    else:
        plate(painter, box, 4, "surface", "control", 2 if theme_now() == "contrast" else 1)


class RadioButton(QRadioButton):
    """One of several answers that need a whole line each."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(text, parent)
        press_by_mnemonic(self)
        self.setAccessibleName(spoken(text))

    def sizeHint(self) -> QSize:
        return QSize(px(36) + text_width(self.text(), "body"), px(28))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        ring = QRectF(px(4), self.height() / 2 - px(9), px(18), px(18))
        plate(painter, ring, px(9), "surface", "accent" if self.isChecked() else "control", 2)
        if self.isChecked():
            inset = px(5)
            plate(painter, ring.adjusted(inset, inset, -inset, -inset), px(5), "accent")
        _paint_mark_text(self, painter, px(28))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
