"""A plate over the whole window: the palette, the keys of a screen, the lock."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QRect, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QKeyEvent,
    QPainter,
    QPaintEvent,
    QPixmap,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from desk_app.ui.theme import color, px
from desk_app.ui.widgets import Card

_DIM = QColor(0, 0, 0, 80)


class Overlay(QWidget):
    """Covers its parent, dims it, and keeps the keys until it is closed.

    Tab goes round inside; Esc closes unless ``opaque``; the focus returns to where it was.

    Signals:
        closed: it is gone and the keys are back where they were.
    """

    closed = Signal()

    def __init__(self, parent: QWidget, width: int, opaque: bool = False) -> None:
        super().__init__(parent)
        self._width = width
        self._opaque = opaque
        self._before: QWidget | None = None
        self._picture = QPixmap()
        self.panel = Card(parent=self)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hide()

    def open(self, first: QWidget) -> None:
        """Cover the parent and give the keys to ``first``."""
        focus = QApplication.focusWidget()
        if focus is not None and not self.isAncestorOf(focus):
            self._before = focus
        parent = self.parentWidget()
        if parent is not None:
            parent.installEventFilter(self)
            self.setGeometry(parent.rect())
            if not self.isVisible() and not self._opaque:
                self._stand_before(parent)
        self.show()
        self.raise_()
        self._place()
        first.setFocus(Qt.FocusReason.PopupFocusReason)

    def _stand_before(self, parent: QWidget) -> None:
        """Keep a dimmed picture of what is covered: a key then repaints the panel only, and not
        the page beneath it."""
        self._picture = parent.grab()
        painter = QPainter(self._picture)
        painter.fillRect(self._picture.rect(), _DIM)
        painter.end()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, True)

    def _see_through(self) -> None:
        """The window changed its size or its colours: the picture is none of it any more."""
        self._picture = QPixmap()
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent, False)

    def shut(self) -> None:
        """Close and give the keys back."""
        if not self.isVisible():
            return
        self.hide()
        before, self._before = self._before, None
        if before is not None and isValid(before) and before.isVisible():
            before.setFocus(Qt.FocusReason.PopupFocusReason)
        self.closed.emit()

    def panel_width(self) -> int:
        """How wide the panel is in this window."""
        return min(px(self._width), self.width() - px(24))

    def panel_height(self) -> int:
        """How high the panel wants to be; a subclass may grow with its list."""
        body = self.panel.body
        if body.hasHeightForWidth():
            return body.totalHeightForWidth(self.panel_width())
        return self.panel.sizeHint().height()

    def panel_top(self) -> int:
        """Where the panel begins."""
        return max(px(16), (self.height() - self.panel_height()) // 3)

    def refit(self) -> None:
        """Place the panel again, as after its content grew."""
        self._place()

    def _place(self) -> None:
        width = self.panel_width()
        top = self.panel_top()
        height = min(self.panel_height(), self.height() - top - px(12))
        self.panel.setGeometry(QRect((self.width() - width) // 2, top, width, height))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        parent = self.parentWidget()
        if event.type() == QEvent.Type.Resize and parent is not None and watched is parent:
            self._see_through()
            self.setGeometry(parent.rect())
        return False

    def event(self, event: QEvent) -> bool:
        # While the window is covered its shortcuts are ordinary keys that go nowhere.
        if event.type() == QEvent.Type.ShortcutOverride and self.isVisible():
            event.accept()
            return True
        return super().event(event)

    def focusNextPrevChild(self, next: bool) -> bool:
        inside = [
            widget
            for widget in self.findChildren(QWidget)
            if widget.focusPolicy() & Qt.FocusPolicy.TabFocus
            and widget.isVisible()
            and widget.isEnabled()
            and widget.focusProxy() is None
        ]
        focus = QApplication.focusWidget()
        if not inside:
            return True
        at = inside.index(focus) if focus in inside else -1
        target = inside[(at + (1 if next else -1)) % len(inside)]
        reason = Qt.FocusReason.TabFocusReason if next else Qt.FocusReason.BacktabFocusReason
        target.setFocus(reason)
        return True

    def keyPressEvent(self, event: QKeyEvent) -> None:
        # Nothing beneath may act on a key while it is covered.
        if event.key() == Qt.Key.Key_Escape and not self._opaque:
            self.shut()
        event.accept()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        parent = self.parentWidget()
        if parent is not None:
            parent.removeEventFilter(self)
        self._see_through()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange and self.isVisible():
            self._see_through()
            self._place()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        if self._picture.isNull():
            painter.fillRect(self.rect(), color("app") if self._opaque else _DIM)
        else:
            painter.drawPixmap(0, 0, self._picture)


def covering(window: QWidget) -> Overlay | None:
    """What lies over this window or a page of it and has the keys; None when nothing does."""
    return next((each for each in window.findChildren(Overlay) if each.isVisible()), None)
