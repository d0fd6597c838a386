"""A place that is as high as what is in it, and scrolls when the screen is not."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QScrollArea, QSizePolicy, QWidget

from desk_app.ui.theme import px


class Shrinking(QScrollArea):
    """Asks for the height of its content, gives it up when there is no room.

    Large text on a small screen is the case it is made for; elsewhere nobody sees it.
    """

    def __init__(self, inside: QWidget, name: str, least: int = 60, grows: bool = False) -> None:
        """``least`` is the height of the 100 % drawing below which it does not go; one that
        ``grows`` takes whatever room there is."""
        super().__init__()
        self._least = least
        self._inside = inside
        vertical = QSizePolicy.Policy.Preferred if grows else QSizePolicy.Policy.Maximum
        self.setSizePolicy(QSizePolicy.Policy.Preferred, vertical)
        self.setAccessibleName(name)
        self.setWidgetResizable(True)
        self.setFrameShape(QScrollArea.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(inside)
        inside.setAutoFillBackground(False)
        self.viewport().setAutoFillBackground(False)
        self._set_least()
        inside.installEventFilter(self)

    def _set_least(self) -> None:
        # Wrapped labels would ask for the height they need at their narrowest; where there are
        # any, the layout tells the height for the width it has.
        layout = self._inside.layout()
        plain = layout is not None and not layout.hasHeightForWidth()
        least = layout.minimumSize().height() if layout is not None and plain else 1
        self._inside.setMinimumSize(1, least)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest and watched is self._inside:
            self._set_least()
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
