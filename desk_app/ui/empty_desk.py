"""The intake page's first picture: the scan box takes keys, the rest is painted by one painter.

Making the real page costs twice what it costs to show a window, so it is made right after this
was painted, and takes over what was typed meanwhile.
"""

from __future__ import annotations

from PySide6.QtCore import QRectF, Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.columns import BOTTOM, GAP, MARGIN, TOP, left_width, right_width
from desk_app.ui.fields import ScanBox
from desk_app.ui.painting import metrics, paint_icon, plate
from desk_app.ui.theme import color, font, px

INVITE = "Quét thẻ, hoặc gõ tên, số"
TITLE = "Mời quét thẻ Căn cước"
TEXT = "Đưa mã QR trên thẻ vào máy quét.\nKhông cần bấm vào ô nào."
_SECTIONS = ("Người nộp", "Thủ tục", "Thành phần hồ sơ", "Hẹn trả và lệ phí")


class EmptyDesk(QWidget):
    """Stands in for the intake page until it is made.

    Signals:
        painted: the first paint is done; the rest may be made now.
    """

    painted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._told = False
        self.scan_box = ScanBox("Quét hoặc tìm người nộp", INVITE)
        self.scan_box.setParent(self)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.scan_box.setGeometry(MARGIN, TOP, left_width(), px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        for number, box in enumerate(self._cards()):
            plate(painter, box, 8, "surface", "line")
            disc = QRectF(box.left() + 17, box.top() + 13, px(22), px(22))
            plate(painter, disc, disc.height() / 2, "soft")
            painter.setPen(color("soft_text"))
            painter.setFont(font("caption_bold"))
            painter.drawText(disc, Qt.AlignmentFlag.AlignCenter, str(number + 1))
            painter.setPen(color("text"))
            painter.setFont(font("h2"))
            left = disc.right() + 9
            head = QRectF(left, disc.top(), box.right() - left, disc.height())
            painter.drawText(head, Qt.AlignmentFlag.AlignVCenter, _SECTIONS[number])
        self._paint_invitation(painter)
        if not self._told:
            self._told = True
            QTimer.singleShot(0, self, self.painted.emit)

    def _cards(self) -> tuple[QRectF, ...]:
        """Person, procedure, papers, promise."""
        left, right, height = left_width(), right_width(), self.height() - TOP - BOTTOM
        below = TOP + px(50) + 10
        middle_left = MARGIN + left + GAP
        middle = self.width() - 2 * MARGIN - left - right - 2 * GAP
        foot = metrics("h2").height() + metrics("body").height() + 34
        return (
            QRectF(MARGIN, below, left, TOP + height - below),
            QRectF(middle_left, TOP, middle, height - foot - 10),
            QRectF(middle_left, TOP + height - foot, middle, foot),
            QRectF(middle_left + middle + GAP, TOP, right, foot),
        )

    def _paint_invitation(self, painter: QPainter) -> None:
        box = self._cards()[0]
        middle = box.center()
        disc = QRectF(middle.x() - px(44), middle.y() - px(97), px(88), px(88))
        plate(painter, disc, disc.height() / 2, "soft")
        paint_icon(painter, middle.x() - px(22), disc.center().y(), "id", 44, "soft_text")
        painter.setPen(color("text"))
        painter.setFont(font("h2"))
        line = QRectF(box.left(), disc.bottom() + px(10), box.width(), px(24))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, TITLE)
        painter.setPen(color("muted"))
        painter.setFont(font("body"))
        text = QRectF(box.left(), line.bottom() + 1, box.width(), px(40))
        painter.drawText(text, Qt.AlignmentFlag.AlignCenter, TEXT)
