"""A dossier's history as a list of what happened, one beneath the other."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.ui.buttons import refit
from desk_app.ui.dossier_words import Step
from desk_app.ui.painting import metrics, paint_icon
from desk_app.ui.theme import color, font, px

_WRAP = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft


class Timeline(QWidget):
    """Steps with icon, words and moment; texts wrap, nothing is cut.

    ``brief`` leaves out who did it and what was changed.
    """

    def __init__(self, brief: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._brief = brief
        self._steps: tuple[Step, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setAccessibleName("Quá trình")

    def say(self, steps: Sequence[Step]) -> None:
        """Show these steps."""
        self._steps = tuple(steps)
        self.setAccessibleDescription(". ".join(f"{s.at} {s.text}. {s.more}" for s in steps))
        self.updateGeometry()
        self.update()

    def _heights(self, step: Step, width: int) -> tuple[int, int]:
        """The heights of a step's words and of what stands beneath them."""
        room = max(px(60), width - px(27))
        moment = metrics("caption").horizontalAdvance(step.at) + px(8)
        text = metrics("strong").boundingRect(
            QRect(0, 0, max(px(60), room - moment), 10_000), int(_WRAP), step.text
        )
        if self._brief or not step.more:
            return text.height(), 0
        more = metrics("caption").boundingRect(QRect(0, 0, room, 10_000), int(_WRAP), step.more)
        return text.height(), more.height() + 2

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        return sum(sum(self._heights(step, width)) + px(11) for step in self._steps)

    def sizeHint(self) -> QSize:
        width = max(px(200), self.width())
        return QSize(px(200), self.heightForWidth(width))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(120), self.heightForWidth(max(px(120), self.width())))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        top, left = 0, px(27)
        for step in self._steps:
            text, more = self._heights(step, self.width())
            line = metrics("strong").height()
            paint_icon(painter, 0, top + line / 2, step.icon, 18, step.token)
            painter.setPen(color("muted"))
            painter.setFont(font("caption"))
            painter.drawText(
                QRectF(0, top, self.width() - 2, line),
                Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter,
                step.at,
            )
            if more:
                box = QRectF(left, top + text + 2, self.width() - left, more)
                painter.drawText(box, int(_WRAP), step.more)
            moment = metrics("caption").horizontalAdvance(step.at) + px(8)
            painter.setPen(color("text"))
            painter.setFont(font("strong"))
            painter.drawText(
                QRectF(left, top, self.width() - left - moment, text + 2), int(_WRAP), step.text
            )
            top += text + more + px(11)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
