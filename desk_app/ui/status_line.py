"""The foot of the window: what exists once only and what has no paper, then how the machine is."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QMouseEvent, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desk_app.ui.buttons import refit
from desk_app.ui.painting import metrics, paint_icon
from desk_app.ui.showing import announce
from desk_app.ui.theme import color, font, px

if TYPE_CHECKING:
    from desk_app.services.status import CounterStatus
    from desk_app.ui.sending_words import Said

SAID_FOR_MS = 8_000
GIGABYTE = 1_000_000_000


class StatusItem(QWidget):
    """An icon and a few words."""

    def __init__(
        self, icon: str, text: str, bold: bool = False, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._icon, self._token = icon, "muted"
        self._bold = bold
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say(text)

    def say(self, text: str, icon: str | None = None, token: str = "muted") -> None:
        """Other words, in another colour when it matters."""
        self.text, self._token = text, token
        self._icon = self._icon if icon is None else icon
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def _role(self) -> str:
        return "caption_bold" if self._bold else "caption"

    def sizeHint(self) -> QSize:
        width = metrics(self._role()).horizontalAdvance(self.text)  # type: ignore[arg-type]
        return QSize(width + (px(22) if self._icon else 0) + 2, px(22))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        if self._icon:
            paint_icon(painter, 0, self.height() / 2, self._icon, 16, self._token)
            left = px(22)
        painter.setFont(font(self._role()))  # type: ignore[arg-type]
        painter.setPen(color(self._token))
        painter.drawText(
            QRectF(left, 0, self.width() - left, self.height()),
            Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
            self.text,
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class StatusLine(QWidget):
    """One line of 30 px; where the width ends the least needed items step aside, whole.

    Signals:
        sending_wanted: a click on how it stands with the server.
    """

    sending_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Tình trạng quầy")
        self.sending = StatusItem("cloud-up", "", bold=True)
        self.copies = StatusItem("database", "", bold=True)
        self.draft = StatusItem("device-floppy", "Chưa có gì để lưu")
        self.scanner = StatusItem("scan", "Máy quét: chờ quét")
        self.printer = StatusItem("printer", "Máy in: chưa in")
        self.disk = StatusItem("database", "")
        self.counter = StatusItem("", "", bold=True)
        self._standing = ("Đang mở dữ liệu", "database", "muted")
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 0, 14, 0)
        row.setSpacing(16)
        row.addWidget(self.sending)
        row.addWidget(self.copies)
        row.addStretch(1)
        for item in (self.draft, self.scanner, self.printer, self.disk, self.counter):
            row.addWidget(item)
        self.counter.say("", token="text")
        self._said = QTimer(self)
        self._said.setSingleShot(True)
        self._said.setInterval(SAID_FOR_MS)
        self._said.timeout.connect(self._show_standing)
        self._show_standing()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(600), px(30))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(300), px(30))

    @Slot(str)
    def say(self, sentence: str) -> None:
        """A sentence about what was just done; it steps aside after a while."""
        self.copies.say(sentence, "info-circle", "text")
        announce(self, sentence)
        self._make_room()
        self._said.start()

    def show_status(self, status: CounterStatus) -> None:
        """What the counter says of itself."""
        parts = []
        if status.unprinted:
            parts.append(f"Chưa in giấy {status.unprinted} hồ sơ")
        if status.one_copy:
            parts.append(f"{status.one_copy} hồ sơ chỉ có một bản")
        if status.spool == "missing":
            parts.append("Chưa thấy ổ bản thứ hai")
        if status.clock == "unsure":
            parts.append("Xem lại giờ máy")
        if parts:
            self._standing = ("  ·  ".join(parts), "alert-triangle", "warn")
        else:
            self._standing = ("Mọi hồ sơ đã in và có bản thứ hai", "circle-check", "ok")
        free = status.disk_free / GIGABYTE
        if free < 1:
            self.disk.say(f"Ổ đĩa chỉ còn {free * 1000:.0f} MB", "alert-triangle", "bad")
        else:
            self.disk.say(f"Ổ đĩa còn {free:.0f} GB", "database")
        if not self._said.isActive():
            self._show_standing()

    def show_sending(self, said: Said) -> None:
        """How it stands between this counter and the server; without words it steps aside."""
        self.sending.say(said.text, said.icon, said.token)
        self._make_room()

    def show_printer(self, state: str, detail: str) -> None:
        """What the printer did last."""
        if state in ("failed", "unsure"):
            self.printer.say("Máy in: không nhận", "printer-off", "bad")
        elif state in ("printing", "printed"):
            self.printer.say(f"Máy in: {'đang in' if state == 'printing' else 'tốt'}", "printer")
        self._make_room()

    def show_draft(self, at: datetime | None) -> None:
        """When the form being filled was last written."""
        self.draft.say("Chưa có gì để lưu" if at is None else f"Nháp tự lưu {at:%H:%M:%S}")
        self._make_room()

    def show_counter(self, number: int, at: datetime) -> None:
        """Which counter, and what time it is there."""
        where = f"Quầy {number}, " if number else ""
        self.counter.say(f"{where}{at:%H:%M}", token="text")
        self._make_room()

    @Slot()
    def _show_standing(self) -> None:
        text, icon, token = self._standing
        self.copies.say(text, icon, token)
        self._make_room()

    def _make_room(self) -> None:
        """Hide whole items, least needed first, until the rest fits."""
        room = self.width() - 28 - self.copies.sizeHint().width()
        for item in (self.sending, self.counter, self.printer, self.scanner, self.draft, self.disk):
            room -= item.sizeHint().width() + 16
            item.setVisible(room >= 0 and bool(item.text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self.sending.isVisible() and self.sending.geometry().contains(
            event.position().toPoint()
        ):
            self.sending_wanted.emit()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), color("sunken"))
        painter.setPen(color("line"))
        painter.drawLine(0, 0, self.width(), 0)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
        if event.type() == QEvent.Type.StyleChange:
            self._make_room()
