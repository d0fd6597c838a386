"""The receipt as it will be printed, growing while the form fills.

It is the very PDF, made and rendered on a worker of its own, so that neither the screen nor the
database waits for it. A newer wish makes older ones worthless: they are dropped unrendered.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from desk_app.ui.theme import color, px

if TYPE_CHECKING:
    from PySide6.QtGui import QImage, QWheelEvent

    from db.refused import Refused
    from desk_app.desk import Desk
    from desk_app.papers.receipt import Receipt
    from desk_app.ui.runner import Runner

A5_RATIO = 210 / 148.5
FADE = 44
"""Pixels at the lower edge in which a page that goes on fades out."""


class _Wanted:
    """The number of the newest wish; the worker reads it, the screen's thread writes it."""

    number = 0


def render(wanted: _Wanted, number: int, receipt: Receipt, width: int, desk: Desk) -> QImage | None:
    """The first page of the citizen's copy, ``width`` pixels wide; None when no longer wanted."""
    import pypdfium2
    from PySide6.QtGui import QImage

    from desk_app.papers.receipt import receipt_pdf

    if number != wanted.number:
        return None
    document = pypdfium2.PdfDocument(receipt_pdf(receipt, "A5", copies=(2,)))
    page = document[0]
    bitmap = page.render(scale=width / page.get_width(), prefer_bgrx=True)
    image = QImage(
        bytes(bitmap.buffer),
        bitmap.width,
        bitmap.height,
        bitmap.stride,
        QImage.Format.Format_RGB32,
    ).copy()
    bitmap.close()
    page.close()
    document.close()
    return image


class ReceiptPreview(QWidget):
    """Shows the receipt from its top; the wheel moves it when it does not fit."""

    def __init__(self, drawing: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._wanted = _Wanted()
        self._image: QImage | None = None
        self._receipt: Receipt | None = None
        self._top = 0.0
        self.setAccessibleName("Giấy tiếp nhận sẽ in")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    def show_receipt(self, receipt: Receipt) -> None:
        """Draw this one soon; whatever was asked for before is forgotten."""
        self._receipt = receipt
        self._wanted.number += 1
        width = round(self._paper_width() * self.devicePixelRatioF())
        self._drawing.ask(
            self,
            partial(render, self._wanted, self._wanted.number, receipt, width),
            self._on_rendered,
            self._on_refused,
        )

    @property
    def drawn(self) -> QImage | None:
        """What is on the screen now."""
        return self._image

    def sizeHint(self) -> QSize:
        return QSize(px(392), px(200))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(200), 0)

    def wheelEvent(self, event: QWheelEvent) -> None:
        self._top += event.angleDelta().y() / 120 * 48
        self._keep_in_sight()
        self.update()
        event.accept()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = self._paper_width()
        height = width * A5_RATIO
        if self._image is not None:
            height = width * self._image.height() / self._image.width()
        paper = QRectF(8, self._top, width, height)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(paper, Qt.GlobalColor.white)
        if self._image is not None:
            painter.drawImage(paper, self._image)
        painter.setPen(color("line"))
        painter.drawRect(paper.adjusted(0.5, 0.5, -0.5, -0.5))
        if self._image is not None and paper.bottom() > self.height() + 1:
            self._fade(painter)

    def _fade(self, painter: QPainter) -> None:
        from PySide6.QtGui import QLinearGradient

        depth = min(FADE, self.height())
        top = self.height() - depth
        ground, clear = color("app"), QColor(color("app"))
        clear.setAlpha(0)
        shade = QLinearGradient(QPointF(0, top), QPointF(0, self.height()))
        shade.setColorAt(0, clear)
        shade.setColorAt(1, ground)
        painter.fillRect(QRectF(0, top, self.width(), depth), shade)

    def _paper_width(self) -> int:
        return max(1, self.width() - 16)

    def _keep_in_sight(self) -> None:
        height = self._paper_width() * A5_RATIO
        self._top = min(0.0, max(self._top, self.height() - height))

    def _on_rendered(self, image: QImage | None) -> None:
        if image is not None:
            self._image = image
            self.update()

    def _on_refused(self, refused: Refused) -> None:
        # The form's texts are not complete: the same is said in full when the clerk saves.
        self._image = None
        self.update()
