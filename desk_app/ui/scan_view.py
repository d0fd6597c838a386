"""A scanned paper on the screen, page by page; nothing of it is written to the disk."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtGui import QImage, QKeyEvent, QPixmap
from PySide6.QtWidgets import QLabel, QWidget

from desk_app.ui.overlay import Overlay
from desk_app.ui.theme import px
from desk_app.ui.widgets import Button, Label, Row, Scrolled

if TYPE_CHECKING:
    from db.dossier import File


class _Pages(Scrolled):
    """Arrow keys scroll; the keys that turn pages are the view's."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            event.ignore()
        else:
            super().keyPressEvent(event)


class ScanView(Overlay):
    """PgUp and PgDn turn the pages, Esc closes."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=900)
        self.setAccessibleName("Bản quét")
        self.pages: list[QImage] = []
        self.at = 0
        self._title = Label("", "h2", wrap=True)
        self._where = Label("", "caption", "muted")
        self._page = QLabel()
        self._page.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._scroll = _Pages(self._page, "Trang của bản quét")
        self._back = Button("Đóng", "link", "Esc", "arrow-back-up")
        self.panel.body.setContentsMargins(20, 16, 20, 16)
        self.panel.add(self._title, self._scroll, Row(self._back, None, self._where))
        self.panel.body.setStretchFactor(self._scroll, 1)
        self._back.clicked.connect(self.shut)
        self.closed.connect(self.deleteLater)

    def panel_height(self) -> int:
        return self.height() - px(40)

    def show_file(self, file: File, content: bytes) -> None:
        """Open on a file's first page."""
        self._title.setText(file.paper or file.name)
        self.pages = pages_of(content, file.media_type)
        self._turn_to(0)
        self.open(self._scroll)

    def _turn_to(self, at: int) -> None:
        self.at = min(max(0, at), len(self.pages) - 1)
        wide = px(820)
        page = self.pages[self.at]
        shown = page.scaledToWidth(wide, Qt.TransformationMode.SmoothTransformation)
        self._page.setPixmap(QPixmap.fromImage(shown))
        self._where.setText(f"Trang {self.at + 1}/{len(self.pages)}  ·  PgUp, PgDn")
        self._scroll.verticalScrollBar().setValue(0)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_PageDown, Qt.Key.Key_PageUp):
            self._turn_to(self.at + (1 if event.key() == Qt.Key.Key_PageDown else -1))
        else:
            super().keyPressEvent(event)


def pages_of(content: bytes, media_type: str) -> list[QImage]:
    """The pages of a PDF, or the one picture of an image."""
    if media_type != "application/pdf":
        return [QImage.fromData(content)]
    import pypdfium2

    document = pypdfium2.PdfDocument(content)
    try:
        return [_image(page.render(scale=1.5)) for page in document]
    finally:
        document.close()


def _image(bitmap: object) -> QImage:
    picture = bitmap.to_pil().convert("RGB")  # type: ignore[attr-defined]
    wide, high = picture.size
    data = picture.tobytes()
    return QImage(data, wide, high, wide * 3, QImage.Format.Format_RGB888).copy()
