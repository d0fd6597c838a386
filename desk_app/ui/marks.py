"""Small things to look at: labels, badges, key caps, icons, facts."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QFrame,
    QLabel,
    QSizePolicy,
    QWidget,
)

from desk_app.ui.buttons import (
    refit,
)
from desk_app.ui.layouts import Column
from desk_app.ui.painting import (
    Tone,
    badge_width,
    key_width,
    metrics,
    paint_badge,
    paint_icon,
    paint_key,
    plate,
)
from desk_app.ui.showing import mark, reveal
from desk_app.ui.theme import Role, color, font, px


class Label(QLabel):
    """A text by role and tone. Plain text always: what a citizen is called is never markup."""

    def __init__(
        self,
        text: str = "",
        role: Role = "body",
        tone: str = "",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setText(text)
        self.setProperty("role", role)
        if tone:
            self.setProperty("tone", tone)
        self.setWordWrap(wrap)
        if wrap:
            self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)

    def set_tone(self, tone: str) -> None:
        """Another colour by meaning: muted, faint, ok, warn, bad, info, accent or none."""
        mark(self, "tone", tone)


class Rule(QFrame):
    """A line of one pixel between two parts of a card."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(1)


class KeyCap(QWidget):
    """One key, as it stands on the keyboard."""

    def __init__(self, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = text
        self.setAccessibleName(f"Phím {text}")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(key_width(self.text), px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        paint_key(QPainter(self), 0, self.height() / 2, self.text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class KeyHints(QWidget):
    """What the keys of this place do, in one row; where the width ends whole hints step aside."""

    def __init__(self, hints: Sequence[tuple[str, str]], parent: QWidget | None = None) -> None:
        """``hints`` are pairs of keys, separated by blanks, and what they do."""
        super().__init__(parent)
        self._hints: tuple[tuple[str, str], ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.say(hints)

    def say(self, hints: Sequence[tuple[str, str]]) -> None:
        """Other hints."""
        self._hints = tuple(hints)
        self.setAccessibleName(", ".join(f"{keys} {does}" for keys, does in self._hints))
        self.updateGeometry()
        self.update()

    def _width(self, keys: str, does: str) -> int:
        caps = sum(key_width(key) + px(6) for key in keys.split())
        return caps + px(4) + metrics("caption").horizontalAdvance(does)

    def sizeHint(self) -> QSize:
        width = sum(self._width(*hint) + px(14) for hint in self._hints)
        return QSize(width, px(24))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(40), px(24))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        left = 0
        for keys, does in self._hints:
            width = self._width(keys, does)
            if left and left + width > self.width():
                return
            at = left
            for key in keys.split():
                paint_key(painter, at, self.height() / 2, key)
                at += key_width(key) + px(6)
            painter.setFont(font("caption"))
            painter.setPen(color("muted"))
            painter.drawText(
                QRectF(at + px(1), 0, self.width(), self.height()),
                Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
                does,
            )
            left += width + px(14)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class NumberDisc(QWidget):
    """The number of a step, before its title."""

    def __init__(self, number: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = number
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(22), px(22))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        line = "soft_text" if color("pill_line").alpha() else ""
        plate(painter, box, box.height() / 2, "soft", line)
        painter.setFont(font("caption_bold"))
        painter.setPen(color("soft_text"))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, str(self._number))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class Badge(QWidget):
    """A state as a pill: icon, word, colour."""

    def __init__(
        self, text: str = "", tone: Tone = "still", icon: str = "", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.text, self.tone, self.icon_name = "", tone, icon
        self.say(text, tone, icon)

    def say(self, text: str, tone: Tone, icon: str = "") -> None:
        """Another state; without a word the badge is hidden."""
        self.text, self.tone, self.icon_name = text, tone, icon
        self.setAccessibleName(text)
        reveal(self, bool(text))
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(badge_width(self.text, self.icon_name), px(22))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_badge(painter, 0, self.height() / 2, self.text, self.icon_name, self.tone)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class IconView(QWidget):
    """An icon that stands by itself, on a soft disc when it invites to something."""

    def __init__(
        self,
        name: str,
        size: int = 18,
        token: str = "text",
        disc: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self._name, self._size, self._token, self._disc = name, size, token, disc
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def say(self, name: str, token: str) -> None:
        """Another icon in another token's colour."""
        self._name, self._token = name, token
        self.update()

    def sizeHint(self) -> QSize:
        side = px(self._size * 2 if self._disc else self._size)
        return QSize(side, side)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._disc:
            plate(painter, QRectF(self.rect()), self.height() / 2, "soft")
        left = (self.width() - px(self._size)) / 2
        paint_icon(painter, left, self.height() / 2, self._name, self._size, self._token)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class Fact(QWidget):
    """One fact: what it is in small letters, what it says beneath; both wrap rather than be cut."""

    def __init__(
        self,
        name: str,
        value: str = "",
        role: Role = "strong",
        wrap: bool = False,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.name = Label(name, "caption", "muted")
        self.value = Label(value, role, wrap=wrap)
        self.value.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        column = Column(self.name, self.value, None, gap=1)
        self.setLayout(column)
        self.say(value)

    def say(self, value: str) -> None:
        """Another value; an empty one shows as a dash."""
        self.value.setText(value or "–")
        self.setAccessibleName(f"{self.name.text()}: {value}")
