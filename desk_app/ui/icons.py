"""Tabler outline icons, drawn in any token's colour and sharp at the screen's pixel ratio."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QByteArray, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPixmap
from PySide6.QtSvg import QSvgRenderer

from desk_app.ui.theme import RESOURCES, color, percent_now, px, theme_now

if TYPE_CHECKING:
    from PySide6.QtGui import QIcon

FOLDER: Final = RESOURCES / "icons"


def pixmap(name: str, size: int, token: str = "text", ratio: float = 1.0) -> QPixmap:
    """The icon at ``size`` pixels of the 100 % drawing, in the token's colour of this theme."""
    return _kept(name, size, token, ratio, theme_now(), percent_now())


def pixmap_in(name: str, pixels: int, tint: QColor, ratio: float = 1.0) -> QPixmap:
    """The icon in a colour that is no token, ``pixels`` wide on a screen of this ratio."""
    return _rendered(name, pixels, tint.name(QColor.NameFormat.HexArgb), ratio)


def icon(name: str, token: str = "text", size: int = 18) -> QIcon:
    """The icon for places that take only a ``QIcon``, sharp on screens of ratio 1 and 2."""
    # Only here: the class brings 150 names of theme icons with it, which start-up need not make.
    from PySide6.QtGui import QIcon

    made = QIcon(pixmap(name, size, token, 1.0))
    made.addPixmap(pixmap(name, size, token, 2.0))
    return made


@lru_cache(maxsize=512)
def _kept(name: str, size: int, token: str, ratio: float, theme: str, percent: int) -> QPixmap:
    return pixmap_in(name, px(size), color(token), ratio)


@lru_cache(maxsize=64)
def _source(name: str) -> bytes:
    return (FOLDER / f"{name}.svg").read_bytes()


@lru_cache(maxsize=512)
def _rendered(name: str, pixels: int, tint: str, ratio: float) -> QPixmap:
    # Qt's SVG reader knows #RRGGBB but not #AARRGGBB; translucent tints are painted with opacity.
    alpha, rgb = int(tint[1:3], 16) / 255, "#" + tint[3:]
    drawing = (
        _source(name)
        .replace(b"currentColor", rgb.encode())
        .replace(b'stroke-width="2"', b'stroke-width="1.75"')
    )
    drawn = QPixmap(round(pixels * ratio), round(pixels * ratio))
    drawn.setDevicePixelRatio(ratio)
    drawn.fill(Qt.GlobalColor.transparent)
    painter = QPainter(drawn)
    painter.setOpacity(alpha)
    QSvgRenderer(QByteArray(drawing)).render(painter, QRectF(0, 0, pixels, pixels))
    painter.end()
    return drawn
