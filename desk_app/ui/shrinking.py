"""A place that is as high as what is in it, and scrolls when the screen is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.ui.theme import px
from desk_app.ui.widgets import Scrolled


class Shrinking(Scrolled):
    """Asks for the height of its content, gives it up when there is no room.

    Large text on a small screen is the case it is made for; elsewhere nobody sees it.
    """

    def __init__(self, inside: QWidget, name: str, least: int = 60) -> None:
        """``least`` is the height of the 100 % drawing below which it does not go."""
        super().__init__(inside, name, keys=False)
        self._least = least
        self._inside = inside
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)
        inside.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def sizeHint(self) -> QSize:
        inside = self._inside
        width = self.width() or inside.sizeHint().width()
        layout = inside.layout()
        if layout is not None and layout.hasHeightForWidth():
            return QSize(width, layout.totalHeightForWidth(width))
        return QSize(width, inside.sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), min(px(self._least), self.sizeHint().height()))
