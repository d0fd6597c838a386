"""The receipt as it will be printed, growing while the form fills.

It is the very PDF, made and rendered on a worker of its own, so that neither the screen nor the
database waits for it. A newer wish makes older ones worthless: they are dropped unrendered.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

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
BETWEEN = 6
"""Pixels between two pages."""
FADE = 44
"""Pixels at the lower edge in which a page that goes on fades out."""


class _Wanted:
    """The number of the newest wish; the worker reads it, the screen's thread writes it."""

    number = 0


def render(
    wanted: _Wanted, number: int, draw: Callable[[], bytes], width: int, most: int, desk: Desk
) -> QImage | None:
    """The first ``most`` pages of a paper beneath each other, ``width`` pixels wide; None when no
    longer wanted."""
    import pypdfium2

    if number != wanted.number:
        return None
    document = pypdfium2.PdfDocument(draw())
    try:
        pages = [_picture(document[n], width) for n in range(min(most, len(document)))]
    finally:
        document.close()
    return pages[0] if len(pages) == 1 else _beneath(pages)


def _picture(page: Any, width: int) -> QImage:
    from PySide6.QtGui import QImage

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
    return image


def _beneath(pages: Sequence[QImage]) -> QImage:
    """Pages as one picture, with a grey line where one ends."""
    from PySide6.QtGui import QImage

    high = sum(page.height() + BETWEEN for page in pages) - BETWEEN
    whole = QImage(pages[0].width(), high, QImage.Format.Format_RGB32)
    whole.fill(Qt.GlobalColor.lightGray)
    painter, y = QPainter(whole), 0
    for page in pages:
        painter.drawImage(0, y, page)
        y += page.height() + BETWEEN
    painter.end()
    return whole


def _citizens_copy(receipt: Receipt) -> bytes:
    from desk_app.papers.receipt import receipt_pdf

    return receipt_pdf(receipt, "A5", copies=(2,))


class ReceiptPreview(QWidget):
    """Shows the receipt from its top; the wheel moves it when it does not fit."""

    def __init__(self, drawing: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drawing = drawing
        self._wanted = _Wanted()
        self._image: QImage | None = None
        self._top = 0.0
        self.setAccessibleName("Giấy tiếp nhận sẽ in")
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Ignored)

    def show_receipt(self, receipt: Receipt) -> None:
        """Draw this one soon; whatever was asked for before is forgotten."""
        self.show_paper(partial(_citizens_copy, receipt))

    def show_paper(self, draw: Callable[[], bytes], most: int = 1) -> None:
        """The same for any paper: ``draw`` makes its PDF, of which ``most`` pages are shown."""
        self._wanted.number += 1
        width = round(self._paper_width() * self.devicePixelRatioF())
        self._drawing.ask(
            self,
            partial(render, self._wanted, self._wanted.number, draw, width, most),
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
        self.move_by(event.angleDelta().y() / 120 * 48)
        event.accept()

    def move_by(self, pixels: float) -> None:
        """Move the paper; less than nothing shows what is lower."""
        self._top += pixels
        self._keep_in_sight()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paper = QRectF(8, self._top, self._paper_width(), self._paper_height())
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

    def _paper_height(self) -> float:
        if self._image is None:
            return self._paper_width() * A5_RATIO
        return self._paper_width() * self._image.height() / self._image.width()

    def _keep_in_sight(self) -> None:
        self._top = min(0.0, max(self._top, self.height() - self._paper_height()))

    def _on_rendered(self, image: QImage | None) -> None:
        if image is not None:
            self._image = image
            self._keep_in_sight()
            self.update()

    def _on_refused(self, refused: Refused) -> None:
        # The form's texts are not complete: the same is said in full when the clerk saves.
        self._image = None
        self.update()
