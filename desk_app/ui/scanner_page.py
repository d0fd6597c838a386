"""Testing the scanner: a code to scan from the screen, and what came of the last scan."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import QColor, QImage, QKeyEvent, QPainter, QPaintEvent, QShowEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from db.spelling import search_key
from desk_app.devices.burst import Pace, Reading
from desk_app.devices.scan import kind_of
from desk_app.ui.buttons import refit
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.look_keeper import save_settings
from desk_app.ui.runner import Runner
from desk_app.ui.theme import px
from desk_app.ui.widgets import (
    Badge,
    Button,
    Card,
    EmptyState,
    Fact,
    FlowRow,
    KeyHints,
    Label,
    PageLayout,
    Row,
    Scrolled,
)

if TYPE_CHECKING:
    from desk_app.desk import Desk
    from desk_app.ui.painting import Tone

TEST_CARD: Final = (
    "000000000000||Thử Máy Quét Ắằẳẵặ Đươ|01012000|Nữ|Thôn Đông, xã Thử, Hải Phòng|02022022"
)
"""The text of the code on the page: shaped like a card, of nobody, with the marks that get lost."""

KEYS: Final = (("↑ ↓", "chọn cổng"), ("Enter", "dùng cổng"), ("F5", "tìm lại cổng"), ("Esc", "về"))


class Verdict:
    """What a reading says about the scanner: a word, a tone, and what to do."""

    def __init__(self, word: str, tone: Tone, advice: str) -> None:
        self.word, self.tone, self.advice = word, tone, advice


def verdict_of(reading: Reading, pace: Pace) -> Verdict:
    """How good the scanner is, judged by its last scan."""
    text = reading.text.strip()
    if text == TEST_CARD:
        return Verdict("Tốt", "ok", "Đúng từng chữ, đủ dấu. Máy quét dùng được.")
    if search_key(text) == search_key(TEST_CARD):
        advice = "Chữ đúng nhưng dấu sai. Đặt máy quét sang UTF-8, hoặc dùng kiểu cổng COM."
        return Verdict("Sai dấu", "warn", advice)
    if reading.verdict == "typing" and reading.mean_ms > pace.mean_ms:
        advice = "Chậm như gõ tay. Đặt máy quét bỏ khoảng chờ giữa các ký tự."
        return Verdict("Quá chậm", "warn", advice)
    kind = kind_of(text)
    said = {
        "card": "Đọc được thẻ căn cước.",
        "code": "Đọc được mã hồ sơ.",
        "number": "Đọc được số định danh.",
    }.get(kind)
    if said:
        return Verdict("Đọc được", "ok", f"{said} Quét mã thử ở bên để xem có đủ dấu không.")
    advice = "Mã chưa đúng, quét lại. Nếu vẫn vậy, tắt bộ gõ tiếng Việt rồi thử lại."
    return Verdict("Chưa rõ", "bad", advice)


class TestCode(QWidget):
    """The code to scan, black on white in every theme, drawn in whole pixels."""

    def __init__(self) -> None:
        super().__init__()
        self.setAccessibleName("Mã QR để thử máy quét")
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        side = _modules().width() * max(4, px(4))
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor("white"))
        painter.drawImage(QRectF(self.rect()), _modules())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


@lru_cache(maxsize=1)
def _modules() -> QImage:
    """One pixel a module, with the quiet zone of four."""
    import segno

    code = segno.make(TEST_CARD, error="m", micro=False)
    rows = [list(row) for row in code.matrix_iter(border=4)]
    image = QImage(len(rows[0]), len(rows), QImage.Format.Format_RGB32)
    for y, row in enumerate(rows):
        for x, dark in enumerate(row):
            image.setPixelColor(x, y, QColor("black" if dark else "white"))
    return image


def _ports(desk: Desk) -> list[tuple[str, str]]:
    from desk_app.devices.serial import ports

    return ports()


class ScannerPage(QWidget):
    """Speed, characters and verdict of the last scan; the choice of the port.

    Signals:
        port_chosen: read this port from now on; empty for keyboard mode.
        left: Esc.
    """

    port_chosen = Signal(str)
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName("Thử máy quét")
        self._runner = runner
        self._empty = EmptyState(
            "scan", "Quét mã ở bên", "Hoặc quét thẻ căn cước, giấy hẹn bất kỳ.", disc=True
        )
        self._word = Badge("")
        self._advice = Label("", "strong", wrap=True)
        self._count = Fact("Số ký tự")
        self._mean = Fact("Trung bình một ký tự")
        self._longest = Fact("Chậm nhất một ký tự")
        self._text = Label("", "body", "muted", wrap=True)
        self._ports = EntryView("Máy quét nối bằng")
        self._state = Label("", "caption", "muted", wrap=True)
        self.again_button = Button("Tìm lại cổng", "plain", "F5", "refresh")
        self.back_button = Button("Về màn hình trước", "link", "Esc", "arrow-back-up")
        self._lay_out()
        self._ports.wanted.connect(self._on_port_wanted)
        self.again_button.clicked.connect(self.find_ports)
        self.back_button.clicked.connect(self.left)

    def _lay_out(self) -> None:
        code = Card("Mã thử", role="h2")
        code.add(
            Label("Quét thẳng từ màn hình. Mã không thuộc về ai.", "body", "muted", wrap=True),
            Row(None, TestCode(), None),
            None,
        )
        inside = QWidget()
        column = QVBoxLayout(inside)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        column.addLayout(Row(self._word, None))
        column.addWidget(self._advice)
        facts = FlowRow(gap=20)
        for fact in (self._count, self._mean, self._longest):
            facts.addWidget(fact)
        column.addLayout(facts)
        column.addWidget(Label("Nguyên văn máy quét gửi", "caption", "muted"))
        column.addWidget(self._text)
        column.addStretch(1)
        result = Card("Lần quét vừa rồi", role="h2")
        self._result = Scrolled(inside, "Kết quả lần quét vừa rồi")
        result.add(self._empty, self._result)
        result.body.setStretchFactor(self._empty, 1)
        result.body.setStretchFactor(self._result, 1)
        ports = Card("Máy quét nối bằng", role="h2")
        ports.add(self._ports, self._state, self.again_button)
        ports.body.setStretchFactor(self._ports, 1)
        columns = QHBoxLayout()
        columns.setSpacing(12)
        columns.addWidget(code, 4)
        columns.addWidget(result, 4)
        columns.addWidget(ports, 4)
        page = PageLayout(self)
        page.setContentsMargins(14, 12, 14, 10)
        page.setSpacing(10)
        page.addLayout(columns, 1)
        page.addLayout(Row(self.back_button, 8, KeyHints(KEYS)))
        self._result.hide()

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go; a scan needs no focus."""
        self._ports.setFocus()

    @Slot(object)
    def show_reading(self, reading: Reading) -> None:
        """What the keyboard filter or the serial reader observed."""
        pace = Pace(mean_ms=self._runner.desk.settings.scanner_ms)
        verdict = verdict_of(reading, pace)
        tone_icon = {"ok": "circle-check", "warn": "alert-triangle", "bad": "alert-circle"}
        self._word.say(verdict.word, verdict.tone, tone_icon[verdict.tone])
        self._advice.setText(verdict.advice)
        self._count.say(str(len(reading.text)))
        self._mean.say(f"{reading.mean_ms:.0f} ms")
        self._longest.say(f"{reading.longest_ms:.0f} ms")
        self._text.setText(reading.text)
        self._empty.hide()
        self._result.show()

    def scanned(self, text: str) -> None:
        """A scan means nothing but itself here: it was shown by ``show_reading``."""

    @Slot(str)
    def show_state(self, state: str) -> None:
        """Whether the port answers: ``ready``, ``absent`` or ``off``."""
        self._state.setText(
            {
                "ready": "Cổng đang mở, quét được.",
                "absent": "Chưa thấy máy quét. Cắm lại dây USB, hoặc gõ tay.",
            }.get(state, "")
        )

    @Slot()
    def find_ports(self) -> None:
        """Look which ports there are now."""
        self._runner.ask(self, _ports, self._on_ports)

    # ------------------------------------------------------------ answers

    def _on_ports(self, found: list[tuple[str, str]]) -> None:
        now = self._runner.desk.settings.scanner_port
        if now and now not in (port for port, _ in found):
            found = [*found, (now, "chưa cắm")]
        entries = [Entry("Kiểu bàn phím", "keyboard", "không cần chọn cổng", "", not now, "")]
        entries += [Entry(port, "usb", says_, "", port == now, port) for port, says_ in found]
        row = next((at for at, entry in enumerate(entries) if entry.taken), 0)
        self._ports.show_entries(entries, row)

    @Slot(object)
    def _on_port_wanted(self, entry: Entry | None) -> None:
        if entry is not None:
            job = partial(save_settings, {"scanner_port": entry.says})
            self._runner.ask(self, job, self._on_saved)

    def _on_saved(self, desk: Desk) -> None:
        self._runner.take_settings(desk.settings)
        self.port_chosen.emit(desk.settings.scanner_port)
        self.find_ports()

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.find_ports()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_F5:
            self.find_ports()
        elif event.key() == Qt.Key.Key_Escape:
            self.left.emit()
        else:
            super().keyPressEvent(event)
