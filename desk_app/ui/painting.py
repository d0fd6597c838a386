"""What several painted widgets and list delegates draw alike: plates, rings, key caps, badges."""

from __future__ import annotations

from functools import lru_cache
from typing import Final, Literal

from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QPainter, QPen, QPixmap

from desk_app.ui import icons
from desk_app.ui.theme import Role, color, font, metrics, percent_now, px, theme_now

__all__ = [
    "BADGE",
    "KeyTone",
    "Tone",
    "badge_width",
    "baseline",
    "focus_ring",
    "key_width",
    "metrics",
    "paint_badge",
    "paint_icon",
    "paint_kept_badge",
    "paint_key",
    "plate",
    "width_of",
]

KeyTone = Literal["plain", "accent", "bar", "bar_chosen", "toast"]
Tone = Literal["ok", "warn", "bad", "info", "still", "accent"]

BADGE: Final[dict[Tone, tuple[str, str]]] = {
    "ok": ("ok", "ok_soft"),
    "warn": ("warn", "warn_soft"),
    "bad": ("bad", "bad_soft"),
    "info": ("info", "info_soft"),
    "still": ("still", "still_soft"),
    "accent": ("soft_text", "soft"),
}

_KEY: Final[dict[KeyTone, tuple[str, str, str]]] = {
    "plain": ("muted", "sunken", "line"),
    "accent": ("on_accent", "on_accent", "on_accent"),
    "bar": ("bar_hint", "", ""),
    "bar_chosen": ("bar_chosen_text", "", ""),
    "toast": ("toast_text", "toast_key", "toast_text"),
}


def plate(
    painter: QPainter, rect: QRectF, radius: float, fill: str = "", line: str = "", width: int = 1
) -> None:
    """A rounded plate in a token's colour with a line of another one inside its edge."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(color(fill) if fill else Qt.BrushStyle.NoBrush)
    if line:
        painter.setPen(QPen(color(line), width))
        inset = width / 2
        rect = rect.adjusted(inset, inset, -inset, -inset)
    else:
        painter.setPen(Qt.PenStyle.NoPen)
    painter.drawRoundedRect(rect, radius, radius)


def focus_ring(painter: QPainter, rect: QRectF, radius: float, token: str = "focus") -> None:
    """The ring of 2 px that shows where the keys go."""
    plate(painter, rect, radius, "", token, 2)


def key_width(text: str) -> int:
    """How wide the cap of this key is."""
    return max(px(22), metrics("caption_bold").horizontalAdvance(text) + px(12))


def paint_key(
    painter: QPainter, left: float, middle: float, text: str, tone: KeyTone = "plain"
) -> None:
    """A key cap 20 px high, its left edge and its middle line given."""
    ink, fill, line = _KEY[tone]
    box = QRectF(left, middle - px(20) / 2, key_width(text), px(20))
    painter.save()
    if fill and tone == "accent":
        painter.setOpacity(0.16)
        plate(painter, box, 4, fill)
        painter.setOpacity(0.5)
        plate(painter, box, 4, "", line)
        painter.setOpacity(1)
    elif fill:
        plate(painter, box, 4, fill, line)
    painter.setFont(font("caption_bold"))
    painter.setPen(color(ink))
    painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)
    painter.restore()


def badge_width(text: str, icon: str) -> int:
    """How wide a badge with this word and icon is."""
    return metrics("caption_bold").horizontalAdvance(text) + px(18) + (px(17) if icon else 0)


def paint_badge(
    painter: QPainter, left: float, middle: float, text: str, icon: str, tone: Tone
) -> None:
    """A pill 22 px high: an icon and a word, never colour alone."""
    ink, fill = BADGE[tone]
    box = QRectF(left, middle - px(22) / 2, badge_width(text, icon), px(22))
    painter.save()
    # Only the high-contrast theme draws a line round the pill.
    plate(painter, box, px(11), fill, ink if color("pill_line").alpha() else "")
    at = left + px(9)
    if icon:
        paint_icon(painter, at, middle, icon, 13, ink)
        at += px(17)
    painter.setFont(font("caption_bold"))
    painter.setPen(color(ink))
    painter.drawText(
        QRectF(at, box.top(), box.right() - at, box.height()),
        Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft,
        text,
    )
    painter.restore()


def paint_kept_badge(
    painter: QPainter, left: float, middle: float, text: str, icon: str, tone: Tone
) -> None:
    """The same from a picture that is kept: a list shows few badges many times."""
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    drawn = _badge(text, icon, tone, ratio, theme_now(), percent_now())
    painter.drawPixmap(QPointF(round(left), round(middle - px(22) / 2)), drawn)


@lru_cache(maxsize=64)
def _badge(text: str, icon: str, tone: Tone, ratio: float, theme: str, percent: int) -> QPixmap:
    width, height = badge_width(text, icon), px(22)
    drawn = QPixmap(round(width * ratio), round(height * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    paint_badge(painter, 0, height / 2, text, icon, tone)
    painter.end()
    return drawn


@lru_cache(maxsize=8192)
def width_of(text: str, role: Role, percent: int) -> int:
    """How wide a text is at a text size, measured once."""
    return metrics(role).horizontalAdvance(text)


def baseline(role: Role, top: int, height: int) -> int:
    """Where a single line of this role stands in the middle of a row."""
    measures = metrics(role)
    return top + (height - measures.height()) // 2 + measures.ascent()


def paint_icon(
    painter: QPainter, left: float, middle: float, name: str, size: int, token: str = "text"
) -> None:
    """An icon of ``size`` pixels of the 100 % drawing, its left edge and middle line given."""
    device = painter.device()
    ratio = device.devicePixelRatio() if device is not None else 1.0
    drawn = icons.pixmap(name, size, token, ratio)
    painter.drawPixmap(QPointF(round(left), round(middle - px(size) / 2)), drawn)
