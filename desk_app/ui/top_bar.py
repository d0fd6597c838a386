"""The dark bar at the top: where one is, where one can go, what waits there, who works."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QWidget

from desk_app.ui.bar import BarField, BarTab
from desk_app.ui.buttons import refit
from desk_app.ui.painting import metrics, paint_icon
from desk_app.ui.theme import color, font, px


class BarName(QWidget):
    """Whose desk this is."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.say("Một cửa")

    def say(self, text: str) -> None:
        """The office, short."""
        self.text = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(px(28) + metrics("bold").horizontalAdvance(self.text) + px(8), px(36))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, px(2), self.height() / 2, "home", 18, "bar_text")
        painter.setFont(font("bold"))
        painter.setPen(color("bar_text"))
        area = QRectF(px(28), 0, self.width(), self.height())
        painter.drawText(area, Qt.AlignmentFlag.AlignVCenter, self.text)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class TopBar(QWidget):
    """50 px high. Tabs of screens that do not exist yet are not shown."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Các màn hình")
        self.name = BarName()
        self.receive = BarTab("Tiếp nhận", "F2", "file-plus")
        self.returns = BarTab("Trả kết quả", "F4", "archive")
        self.dossiers = BarTab("Hồ sơ", "F8", "files")
        self.asks = BarTab("Bổ sung", "F6", "note")
        self.work = BarTab("Bàn xử lý", "Ctrl+B", "user-check")
        self.work.hide()
        self.matters = BarTab("Cần xử lý", "Ctrl+M", "alert-triangle")
        self.matters.hide()
        self.search = BarField("Tìm hồ sơ, người dân, lệnh", "Tìm", "F3", "search")
        self.clerk = BarTab("Cán bộ", "Ctrl+L", "user")
        self.clerk.setCheckable(False)
        self._tabs = (
            self.receive,
            self.returns,
            self.dossiers,
            self.asks,
            self.work,
            self.matters,
        )
        row = QHBoxLayout(self)
        row.setContentsMargins(14, 6, 10, 6)
        row.setSpacing(6)
        for part in (self.name, *self._tabs):
            row.addWidget(part)
        row.addStretch(1)
        row.addWidget(self.search)
        row.addWidget(self.clerk)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def show_tab(self, tab: BarTab | None) -> None:
        """Light the tab of the screen that is shown."""
        for each in self._tabs:
            each.setChecked(each is tab)
        self._show_matters()

    def set_matters(self, count: int) -> None:
        """How many things want a person; the tab is there only while there are some."""
        self.matters.set_count(count)
        self._show_matters()

    def show_work(self, shown: bool) -> None:
        """Whether who works here has dossiers to work on, or to look after."""
        self.work.setVisible(shown)
        self._make_room()

    def _show_matters(self) -> None:
        self.matters.setVisible(bool(self.matters.count) or self.matters.isChecked())
        self._make_room()

    def say_clerk(self, name: str) -> None:
        """Who works at this counter now."""
        self.clerk.setText(name.replace("&", "&&"))
        self.clerk.setAccessibleName(f"{name}, khoá hoặc đổi cán bộ, phím Ctrl+L")
        self.clerk.updateGeometry()

    def sizeHint(self) -> QSize:
        return QSize(px(800), px(50))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(400), px(50))

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            # A count or a name has become wider.
            self._make_room()
        return super().event(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._make_room()

    def _make_room(self) -> None:
        """Large text: the name of the office steps aside, which stands on the receipt too; then
        the keys of the tabs, then their words."""
        shown = [tab for tab in self._tabs if not tab.isHidden()]
        fixed = 24 + 6 * (len(shown) + 2)

        def need(level: int) -> int:
            search = self.search.minimumSizeHint() if level else self.search.sizeHint()
            tabs = sum(tab.width_at(level) for tab in (*shown, self.clerk))
            return fixed + tabs + search.width()

        name = self.name.sizeHint().width()
        self.name.setVisible(need(0) + name <= self.width())
        level = next((n for n in (0, 1) if need(n) <= self.width()), 2)
        for tab in (*self._tabs, self.clerk):
            tab.set_brief(min(level, 1) if tab is self.clerk else level)

    def paintEvent(self, event: QPaintEvent) -> None:
        QPainter(self).fillRect(self.rect(), color("bar"))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
        if event.type() == QEvent.Type.StyleChange:
            self._make_room()


def short_office(name: str) -> str:
    """ "UBND xã Tú Sơn" as the bar says it: "Tú Sơn"."""
    words = name.split()
    lowered = [word.casefold() for word in words]
    for level in ("xã", "phường", "trấn", "huyện", "quận"):
        if level in lowered:
            return " ".join(words[lowered.index(level) + 1 :]) or name
    return name
