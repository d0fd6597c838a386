"""The empty desk's invitation to the next citizen."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.empty_desk import TEXT, TITLE
from desk_app.ui.layouts import Column, Row
from desk_app.ui.marks import IconView, KeyCap, Label
from desk_app.ui.theme import px


class Invitation(QWidget):
    """The empty desk: scan, or one of two other ways. In little room the words stay longest."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._icon = IconView("id", 44, "soft_text", disc=True)
        title = Label(TITLE, "h2", wrap=True)
        text = Label(TEXT, "body", "muted", wrap=True)
        for label in (title, text):
            label.setAlignment(Qt.AlignmentFlag.AlignHCenter)
        self._words = QWidget()
        self._words.setLayout(Column(title, text, gap=6))
        self._ways = QWidget()
        by_number = Label("gõ số định danh rồi Enter", "body", "muted")
        by_hand = Label("nhập tay, không có thẻ", "body", "muted")
        self._ways.setLayout(
            Column(
                Row(KeyCap("12 số"), by_number, None), Row(KeyCap("Ctrl+N"), by_hand, None), gap=6
            )
        )
        self.setLayout(
            Column(None, Row(None, self._icon, None), 6, self._words, 12, self._ways, None, gap=6)
        )

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), 0)

    def heightForWidth(self, width: int) -> int:
        return 0

    def hasHeightForWidth(self) -> bool:
        return False

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room = self.height() - 30
        for part, height in (
            (self._words, self._words.heightForWidth(self.width())),
            (self._ways, self._ways.sizeHint().height()),
            (self._icon, self._icon.sizeHint().height()),
        ):
            room -= height
            part.setVisible(room >= 0)
