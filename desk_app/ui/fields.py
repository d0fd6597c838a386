"""Things to type into: fields with their label above and their error beneath, the scan box."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt, Signal, Slot
from PySide6.QtGui import (
    QFocusEvent,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QResizeEvent,
)
from PySide6.QtWidgets import (
    QComboBox,
    QLabel,
    QLineEdit,
    QPlainTextEdit,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from desk_app.ui.buttons import refit, spoken
from desk_app.ui.painting import focus_ring, key_width, metrics, paint_icon, paint_key, plate
from desk_app.ui.showing import announce, mark, reveal
from desk_app.ui.theme import color, font, px


class LineEdit(QLineEdit):
    """One line of text, 34 px high, without completion: input methods send Backspace."""

    def __init__(self, name: str, hint: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), px(34))


class TextEdit(QPlainTextEdit):
    """Several lines of text. Tab leaves the field, as everywhere else on the desk."""

    def __init__(
        self, name: str, hint: str = "", lines: int = 3, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._lines = lines
        self.setAccessibleName(name)
        self.setPlaceholderText(hint)
        self.setTabChangesFocus(True)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(px(200), metrics("field").lineSpacing() * self._lines + px(20))

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class ComboBox(QComboBox):
    """A choice that is too long for segments; Alt with a letter is the page's own key."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(name)

    def sizeHint(self) -> QSize:
        return QSize(super().sizeHint().width(), px(34))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(80), px(34))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.modifiers() & Qt.KeyboardModifier.AltModifier and event.text():
            event.ignore()
        else:
            super().keyPressEvent(event)


class ErrorLine(QWidget):
    """What is wrong with a field and how to mend it, under the field; wraps, never cut."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.text = ""
        policy = QSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.hide()

    def say(self, text: str) -> None:
        """Show this sentence; an empty one hides the line."""
        self.text = text
        self.setAccessibleName(text)
        reveal(self, bool(text))
        self.updateGeometry()
        self.update()
        announce(self, text)

    def hasHeightForWidth(self) -> bool:
        return True

    def heightForWidth(self, width: int) -> int:
        room = QRectF(0, 0, max(40, width - px(18)), 10_000).toRect()
        wrapped = metrics("caption").boundingRect(room, Qt.TextFlag.TextWordWrap, self.text)
        return wrapped.height() + 2

    def sizeHint(self) -> QSize:
        return QSize(px(120), self.heightForWidth(max(px(120), self.width())))

    def minimumSizeHint(self) -> QSize:
        return QSize(px(60), metrics("caption").height())

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_icon(painter, 0, metrics("caption").height() / 2 + 1, "alert-circle", 14, "bad")
        painter.setFont(font("caption"))
        painter.setPen(color("bad"))
        painter.drawText(
            QRectF(px(18), 0, self.width() - px(18), self.height()),
            Qt.TextFlag.TextWordWrap,
            self.text,
        )

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)


class LabelledField(QWidget):
    """A field with its label above it, for good, and room for one error beneath it.

    Signals:
        typed: another text stands in it.
    """

    typed = Signal()

    def __init__(
        self, label: str, field: QWidget | None = None, parent: QWidget | None = None
    ) -> None:
        """``label`` may carry a mnemonic mark; without a ``field`` a one-line one is made."""
        super().__init__(parent)
        self.label = QLabel(label, self)
        self.label.setProperty("role", "caption")
        self.label.setProperty("tone", "muted")
        self.field = field if field is not None else LineEdit(spoken(label))
        if not self.field.accessibleName():
            self.field.setAccessibleName(spoken(label))
        self.label.setBuddy(self.field)
        self.error = ErrorLine(self)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(3)
        column.addWidget(self.label)
        column.addWidget(self.field)
        column.addWidget(self.error)
        self.setFocusProxy(self.field)
        if isinstance(self.field, QLineEdit | QPlainTextEdit):
            self.field.textChanged.connect(self.typed)

    def line(self) -> QLineEdit:
        """The field as one line of text.

        Raises:
            TypeError: it is another kind of field.
        """
        if not isinstance(self.field, QLineEdit):
            raise TypeError("no line of text in this field")
        return self.field

    def text(self) -> str:
        """What stands in the field."""
        if isinstance(self.field, QPlainTextEdit):
            return self.field.toPlainText()
        return self.line().text()

    def set_text(self, text: str) -> None:
        """Put a text into the field."""
        if isinstance(self.field, QPlainTextEdit):
            self.field.setPlainText(text)
        else:
            self.line().setText(text)

    def set_error(self, sentence: str) -> None:
        """Mark the field and say what to do; an empty sentence takes the mark away."""
        self.error.say(sentence)
        self.field.setAccessibleDescription(sentence)
        mark(self.field, "bad", bool(sentence))


class _BareEdit(QLineEdit):
    """The text of the scan box; the box draws the frame."""

    focus_moved = Signal()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_moved.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_moved.emit()


class ScanBox(QWidget):
    """The one box where a scan or a search begins, at the same place on every screen.

    Signals:
        submitted: Enter was pressed; carries the text as it stands.
        typed: the text was changed by hand.
    """

    submitted = Signal(str)
    typed = Signal(str)

    def __init__(
        self, name: str, hint: str, key: str = "F2", parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._key = key
        self._icon, self._token = "scan", "soft_text"
        self.edit = _BareEdit(self)
        self.edit.setProperty("bare", True)
        self.edit.setAccessibleName(name)
        self.edit.setPlaceholderText(hint)
        self.edit.returnPressed.connect(self._on_return)
        self.edit.textEdited.connect(self.typed)
        self.edit.focus_moved.connect(self.update)
        self.setFocusProxy(self.edit)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_hint(self, hint: str) -> None:
        """What the empty box invites to."""
        self.edit.setPlaceholderText(hint)

    def set_state(self, state: str) -> None:
        """``ready`` for a scan, ``read`` after a good one, ``bad`` after one that made no sense."""
        self._icon, self._token = {
            "ready": ("scan", "soft_text"),
            "read": ("circle-check", "ok"),
            "bad": ("alert-circle", "bad"),
        }[state]
        self.update()

    def text(self) -> str:
        """What stands in the box."""
        return self.edit.text()

    def clear(self) -> None:
        """Empty the box."""
        self.edit.clear()

    @Slot()
    def _on_return(self) -> None:
        self.submitted.emit(self.edit.text())

    def sizeHint(self) -> QSize:
        return QSize(px(366), px(50))

    def minimumSizeHint(self) -> QSize:
        hint = QFontMetrics(self.edit.font()).horizontalAdvance(self.edit.placeholderText())
        return QSize(px(80) + hint + (key_width(self._key) if self._key else 0), px(50))

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        box = QRectF(self.rect())
        plate(painter, box, 8, "surface", "bad" if self._token == "bad" else "control")
        if self.edit.hasFocus():
            focus_ring(painter, box, 8)
        paint_icon(painter, px(15), box.height() / 2, self._icon, 24, self._token)
        if self._key:
            at = box.width() - key_width(self._key) - px(12)
            paint_key(painter, at, box.height() / 2, self._key)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self.edit.setFocus(Qt.FocusReason.MouseFocusReason)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        refit(self, event)
        if event.type() == QEvent.Type.StyleChange:
            self._place()

    def _place(self) -> None:
        right = (key_width(self._key) if self._key else 0) + px(20)
        height = px(30)
        self.edit.setGeometry(
            px(51), (self.height() - height) // 2, self.width() - px(51) - right, height
        )
