"""F1: the keys of this screen, and those that mean the same everywhere."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QKeyEvent, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.ui.buttons import refit
from desk_app.ui.overlay import Overlay
from desk_app.ui.painting import key_width, metrics, paint_key
from desk_app.ui.theme import color, font, px
from desk_app.ui.widgets import Column, KeyCap, Label, Row, Rule

EVERYWHERE: Final = (
    ("F1", "phím của màn hình này"),
    ("F2", "tiếp nhận, về ô quét"),
    ("F3 Ctrl+K", "tìm hồ sơ, người dân, lệnh"),
    ("F5", "gửi nhận ngay"),
    ("F7", "in lại"),
    ("F8", "danh sách hồ sơ"),
    ("F9 Ctrl+Enter", "làm việc chính của màn hình"),
    ("F11", "toàn màn hình"),
    ("Esc", "lùi một bước"),
    ("Ctrl+Z", "hoàn tác việc vừa xong"),
    ("Ctrl+M", "việc cần xử lý"),
    ("Ctrl+N", "nhập người bằng tay"),
    ("Ctrl+R", "thêm hồ sơ cho người vừa xong"),
    ("Ctrl+1…5", "mở nháp đã cất"),
    ("Ctrl++ Ctrl+-", "chữ to, chữ nhỏ"),
    ("Ctrl+L", "khoá màn hình"),
)
"""Keys, separated by blanks, and what they do on every screen."""

RECEIVING_KEYS = (
    ("12 số", "gõ số định danh rồi Enter"),
    ("1 … 9", "chọn thủ tục đang hiện"),
    ("+", "tích đủ giấy bắt buộc"),
    ("Space", "tích một giấy"),
    ("Enter", "tích rồi sang giấy sau"),
    ("← →", "bớt, thêm số bản"),
    ("Ctrl+← →", "bản chính, chứng thực, sao"),
    ("Alt+S", "sửa người nộp"),
    ("Alt+A", "nộp thay người khác"),
    ("Alt+T", "đổi thủ tục"),
    ("Alt+M Alt+G", "mục đích, ghi chú"),
    ("Alt+K", "giấy tờ khác"),
    ("Alt+H", "đổi ngày hẹn, có lý do"),
    ("F6", "thiếu giấy: hẹn bổ sung, từ chối"),
    ("Ctrl+Delete", "bỏ hồ sơ đang nhập"),
)
"""The keys of the intake page."""


class KeyTable(QWidget):
    """Keys and what they do, one beneath the other."""

    def __init__(self, keys: Sequence[tuple[str, str]] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._keys: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(keys)

    def say(self, keys: Sequence[tuple[str, str]]) -> None:
        """Other keys."""
        self._keys = tuple(keys)
        self.setAccessibleName(", ".join(f"{caps}: {does}" for caps, does in self._keys))
        self.updateGeometry()
        self.update()

    def _caps_width(self) -> int:
        widths = [sum(key_width(k) + px(5) for k in caps.split()) for caps, _ in self._keys]
        return max(widths, default=0) + px(6)

    def sizeHint(self) -> QSize:
        words = [metrics("body").horizontalAdvance(does) for _, does in self._keys]
        return QSize(self._caps_width() + max(words, default=0), px(27) * len(self._keys))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = self._caps_width()
        for row, (caps, does) in enumerate(self._keys):
            middle = px(27) * row + px(27) / 2
            at = 0
            for key in caps.split():
                paint_key(painter, at, middle, key)
                at += key_width(key) + px(5)
            painter.setFont(font("body"))
            painter.setPen(color("text"))
            box = QRectF(left, middle - px(13), self.width() - left, px(26))
            painter.drawText(box, Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, does)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class KeysHelp(Overlay):
    """Opens over the window; any of F1, Enter and Esc closes it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=820)
        self.setAccessibleName("Phím tắt")
        self._title = Label("", "h2")
        self._here = KeyTable()
        self._table = KeyTable(EVERYWHERE)
        self.panel.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.panel.setAccessibleName("Phím tắt, Esc để đóng")
        self.panel.body.setContentsMargins(20, 14, 20, 16)
        self.panel.add(
            Row(self._title, None, KeyCap("Esc")),
            Rule(),
            Row(
                Column(Label("Màn hình này", "caption_bold", "muted"), self._here, None, gap=4),
                Column(Label("Mọi màn hình", "caption_bold", "muted"), self._table, None, gap=4),
                gap=28,
            ),
        )

    def show_keys(self, screen: str, keys: Sequence[tuple[str, str]]) -> None:
        """Open with the keys of this screen beside those of every screen."""
        self._title.setText(f"Phím tắt: {screen}")
        self._here.say(keys)
        self.open(self.panel)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_F1, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.shut()
            return
        super().keyPressEvent(event)
