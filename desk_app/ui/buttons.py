"""Buttons that show their words, their icon and the key that does the same."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QPushButton,
    QSizePolicy,
    QWidget,
)

from desk_app.ui.painting import (
    KeyTone,
    focus_ring,
    key_width,
    metrics,
    paint_icon,
    paint_key,
    plate,
)
from desk_app.ui.theme import Role, color, font, px

if TYPE_CHECKING:
    from PySide6.QtGui import QShortcut

ButtonKind = Literal["main", "plain", "link", "toast", "summary"]

TEXT_FLAGS = (
    Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextShowMnemonic
)


def spoken(text: str) -> str:
    """The text without its mnemonic mark, as a screen reader says it."""
    return text.replace("&&", "\0").replace("&", "").replace("\0", "&")


def text_width(text: str, role: Role) -> int:
    """The width of a text that may carry a mnemonic mark."""
    return metrics(role).horizontalAdvance(spoken(text))


def refit(widget: QWidget, event: QEvent) -> None:
    """Painted widgets call this from ``changeEvent``: another text size wants another place."""
    if event.type() in (QEvent.Type.StyleChange, QEvent.Type.FontChange):
        widget.updateGeometry()
        widget.update()


def press_by_mnemonic(button: QAbstractButton, old: QShortcut | None = None) -> QShortcut | None:
    """Alt and the marked letter press the button at once; call it when its text was set.

    Qt's own way plays an animation first and acts 100 ms late, so that keys typed meanwhile go
    to the wrong place. Returns the shortcut, to be given as ``old`` when the text changes.
    """
    if old is not None:
        old.setEnabled(False)
        old.deleteLater()
    if "&" not in button.text().replace("&&", ""):
        return None
    from PySide6.QtGui import QKeySequence, QShortcut

    button.setShortcut(QKeySequence())
    key = QShortcut(QKeySequence.mnemonic(button.text()), button)
    key.activated.connect(button.click)
    return key


class _Look:
    """How one kind of button is drawn."""

    def __init__(
        self,
        height: int,
        role: Role,
        ink: str,
        fill: str = "",
        line: str = "",
        centred: bool = False,
        key: KeyTone = "plain",
        icon: str = "",
        pad: int = 14,
    ) -> None:
        self.height, self.role, self.ink, self.fill, self.line = height, role, ink, fill, line
        self.centred, self.key, self.icon, self.pad = centred, key, icon or ink, pad


_LOOKS: Final[dict[ButtonKind, _Look]] = {
    "main": _Look(44, "main", "on_accent", "accent", centred=True, key="accent"),
    "plain": _Look(34, "strong", "text", "surface", "control"),
    "link": _Look(34, "strong", "soft_text"),
    "toast": _Look(30, "bold", "toast_text", key="toast", pad=8),
    "summary": _Look(24, "strong", "text", pad=4),
}


class Button(QPushButton):
    """A button that shows its icon, its words and the key that does the same."""

    def __init__(
        self,
        text: str,
        kind: ButtonKind = "plain",
        key: str = "",
        icon: str = "",
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setText(text)
        self._mnemonic = press_by_mnemonic(self)
        self.kind: ButtonKind = kind
        self.key = key
        self.icon_name = icon
        self.setAccessibleName(spoken(text))
        if key:
            self.setAccessibleDescription(f"Phím {key}")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    def say(self, text: str, icon: str | None = None) -> None:
        """Other words, and another icon when one is given."""
        if text != self.text():
            self.setText(text)
            self._mnemonic = press_by_mnemonic(self, self._mnemonic)
        self.setAccessibleName(spoken(text))
        if icon is not None:
            self.icon_name = icon
        self.updateGeometry()
        self.update()

    def _content_width(self) -> int:
        width = text_width(self.text(), _LOOKS[self.kind].role)
        if self.icon_name:
            width += px(26)
        if self.key:
            width += px(11) + key_width(self.key)
        return width

    def sizeHint(self) -> QSize:
        look = _LOOKS[self.kind]
        return QSize(self._content_width() + 2 * px(look.pad), max(24, px(look.height)))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        look = _LOOKS[self.kind]
        painter = QPainter(self)
        box = QRectF(self.rect())
        fill = "accent_down" if self.kind == "main" and self.isDown() else look.fill
        if self.isDown() and self.kind != "main":
            fill = "soft"
        if fill or look.line:
            plate(painter, box, 6, fill, look.line)
        left = float(px(look.pad))
        if look.centred:
            left = max(left, (box.width() - self._content_width()) / 2)
        middle = box.height() / 2
        if self.icon_name:
            paint_icon(painter, left, middle, self.icon_name, 18, look.icon)
            left += px(26)
        painter.setFont(font(look.role))
        painter.setPen(color(look.ink))
        painter.drawText(QRectF(left, 0, box.width() - left, box.height()), TEXT_FLAGS, self.text())
        left += text_width(self.text(), look.role)
        if self.key:
            paint_key(painter, left + px(11), middle, self.key, look.key)
        if self.hasFocus():
            if self.kind == "main":
                focus_ring(painter, box.adjusted(3, 3, -3, -3), 4, "on_accent")
            else:
                focus_ring(painter, box, 6, "toast_text" if self.kind == "toast" else "focus")

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
