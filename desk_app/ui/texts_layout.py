"""What lies where on the page "Mẫu giấy tờ": forms, their texts, the paper as it will be."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QKeySequence, QResizeEvent, QShortcut
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from desk_app.messages import sentence_for
from desk_app.ui.entry_list import EntryView
from desk_app.ui.layouts import fill
from desk_app.ui.overlay import Overlay
from desk_app.ui.receipt_preview import ReceiptPreview
from desk_app.ui.theme import px
from desk_app.ui.widgets import (
    Button,
    Card,
    FlowRow,
    KeyHints,
    Label,
    LabelledField,
    LineEdit,
    Notice,
    PageLayout,
    Row,
    Scrolled,
    Segmented,
    TextEdit,
)

if TYPE_CHECKING:
    from db.refused import Refused
    from desk_app.ui.runner import Runner

KEYS: Final = (
    ("Enter", "sang ô bên, sửa lời"),
    ("F9", "áp dụng từ ngày đã chọn"),
    ("Alt+V", "về lời của mẫu"),
    ("Alt+E", "các lần đổi của lời này"),
    ("Alt+O", "chọn tệp biểu trưng"),
    ("Alt+1 Alt+2", "hồ sơ ngắn, hồ sơ dài"),
    ("Alt+3 Alt+4", "khổ A5, khổ A4"),
    ("Alt+PgUp Alt+PgDn", "cuộn tờ giấy"),
    ("Esc", "về, lời đang sửa được giữ"),
)
"""The keys of this page, for F1."""
SHORT: Final = (("Enter", "sửa"), ("Alt+E", "các lần đổi"), ("Alt+1…4", "xem thử"))
"""Those at its foot."""
STEP: Final = 240
"""Pixels by which a key moves the paper."""


class History(Overlay):
    """Every wording one text had: Enter takes it into the field again."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, width=720)
        self.setAccessibleName("Các lần đổi")
        self.title = Label("", "h2", wrap=True)
        self.list = EntryView("Các lần đổi")
        self.back = Button("Quay lại", "link", "Esc", "arrow-back-up")
        self.panel.add(self.title, self.list, self.back)
        self.back.clicked.connect(self.shut)

    def panel_height(self) -> int:
        return max(px(220), self.list.content_height() + px(120))


class _Snug(Scrolled):
    """As high as what is in it where there is room: with large letters it scrolls, and the list
    above keeps some rows."""

    def __init__(self, inside: QWidget, name: str, keys: bool = True) -> None:
        super().__init__(inside, name, keys)
        self._inside = inside
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Maximum)

    def sizeHint(self) -> QSize:
        # What wraps tells its height only when it is asked for a width.
        edge = self.height() - self.viewport().height()
        return QSize(px(300), self._inside.heightForWidth(self.viewport().width()) + edge)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self.updateGeometry()


class TextsLayout(QWidget):
    """The parts of the page; ``TextsPage`` makes them act."""

    def __init__(self, drawing: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Mẫu giấy tờ")
        self.forms = EntryView("Mẫu giấy")
        self.search = LineEdit("Tìm lời trong mẫu", "Tìm lời, không cần dấu")
        self.list = EntryView("Lời của mẫu")
        self.law = Label("", "caption", "muted", wrap=True)
        self.edit = TextEdit("Lời in trên giấy", lines=3)
        self.field = LabelledField("Lời in trên giấy", self.edit)
        self.day = LabelledField("Áp dụng từ ngày")
        self.reason = LabelledField("Lý do, căn cứ")
        self.notice = Notice()
        self.file_button = Button("Chọn tệp", "plain", "Alt+O", "paperclip")
        self.law_button = Button("Về lời của mẫu", "plain", "Alt+V", "arrow-back-up")
        self.history_button = Button("Các lần đổi", "plain", "Alt+E", "files")
        self.main_button = Button("Áp dụng", "main", "F9", "circle-check")
        self.back_button = Button("Về, giữ lời đang sửa", "link", "Esc", "arrow-back-up")
        self.length = Segmented("Hồ sơ mẫu", (("short", "Hồ sơ ngắn"), ("long", "Hồ sơ dài")))
        self.size_ = Segmented("Khổ giấy", (("A5", "A5"), ("A4", "A4")))
        self.preview = ReceiptPreview(drawing)
        self.preview.setAccessibleName("Giấy sẽ in")
        self.preview.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Ignored)
        self.history = History(self)
        self.may = True
        """Whether who works here may publish."""
        self._lay_out()
        self._make_keys()

    def _lay_out(self) -> None:
        left = Card("Mẫu giấy", role="bold")
        left.add(self.forms)
        # A bar that comes and goes would change where the titles are broken.
        self.forms.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOn)
        self.list.setMinimumHeight(px(80))
        middle = Card()
        when = QHBoxLayout()
        when.setSpacing(10)
        when.addWidget(self.day, 2, Qt.AlignmentFlag.AlignTop)
        when.addWidget(self.reason, 5, Qt.AlignmentFlag.AlignTop)
        buttons = FlowRow(gap=8)
        for button in (self.law_button, self.history_button, self.file_button):
            buttons.addWidget(button)
        inside = QWidget()
        below = QVBoxLayout(inside)
        below.setContentsMargins(0, 0, 0, 0)
        below.setSpacing(8)
        fill(below, (self.law, self.field, buttons, when, self.notice))
        middle.add(self.search, self.list, _Snug(inside, "Sửa lời", keys=False))
        middle.body.setStretchFactor(self.list, 1)
        right = Card()
        right.add(Row(self.length, None, self.size_), self.preview)
        right.body.setStretchFactor(self.preview, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(left, 6)
        columns.addWidget(middle, 11)
        columns.addWidget(right, 9)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(columns, 1)
        page.addLayout(Row(self.back_button, 8, KeyHints(SHORT), None, self.main_button))

    def _make_keys(self) -> None:
        acts: dict[str, Callable[[], object]] = {
            "Alt+V": self.law_button.click,
            "Alt+E": self.history_button.click,
            "Alt+O": self.file_button.click,
            "Alt+PgDown": partial(self.preview.move_by, -STEP),
            "Alt+PgUp": partial(self.preview.move_by, STEP),
        }
        choices = (*self.length.buttons(), *self.size_.buttons())
        acts |= {f"Alt+{n}": choice.click for n, choice in enumerate(choices, start=1)}
        for key, act in acts.items():
            shortcut = QShortcut(QKeySequence(key), self)
            shortcut.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            shortcut.activated.connect(act)

    def refuse(self, refused: Refused, about_text: bool) -> None:
        """Say it where it can be mended."""
        name, sentence = type(refused).__name__, sentence_for(refused)
        field = self.field if about_text else None
        if name in ("DayGone", "MomentUnreadable"):
            field = self.day
        elif name in ("ReasonMissing", "ReasonTooLong"):
            field = self.reason
        if field is None:
            self.notice.say(sentence, "alert-circle", "bad")
        else:
            field.set_error(sentence)
            field.setFocus()

    def clear_errors(self) -> None:
        """Nothing is wrong any more; who may not publish is told so."""
        for field in (self.field, self.day, self.reason):
            field.set_error("")
        only = "Chỉ lãnh đạo áp dụng được lời mới. Bạn xem và sửa thử được."
        self.notice.say("" if self.may else only, "user-check", "warn")
