"""Signing in, and the lock (Ctrl+L) that covers the desk without touching what is on it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final

from PySide6.QtCore import QEvent, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.overlay import Overlay
from desk_app.ui.runner import Runner
from desk_app.ui.theme import px
from desk_app.ui.widgets import Button, IconView, Label, LabelledField, LineEdit, Notice, Row

if TYPE_CHECKING:
    from db.kinds import ClerkRegistered
    from db.refused import Refused
    from desk_app.desk import Desk

ROLES: Final = {"clerk": "cán bộ tiếp nhận", "chief": "lãnh đạo"}
_CAPS: Final = "Đang bật Caps Lock. Chữ gõ ra là chữ hoa."


def _people(desk: Desk) -> tuple[ClerkRegistered, ...]:
    # Imported by the worker: the window is painted before the database library is loaded.
    from desk_app.services.sign_in import people_who_may

    return people_who_may(desk)


def _sign_in(login: str, password: str, desk: Desk) -> Desk:
    from desk_app.services.sign_in import sign_in

    return sign_in(desk, login, password)


class PasswordEdit(LineEdit):
    """A password field that notices Caps Lock; Up and Down choose the person above it.

    Signals:
        caps: whether Caps Lock is on, as far as the last letter tells.
        stepped: 1 or -1, the next or the last person.
    """

    caps = Signal(bool)
    stepped = Signal(int)

    def __init__(self) -> None:
        super().__init__("Mật khẩu")
        self.setEchoMode(QLineEdit.EchoMode.Password)
        self.setInputMethodHints(
            Qt.InputMethodHint.ImhSensitiveData | Qt.InputMethodHint.ImhNoPredictiveText
        )

    def keyPressEvent(self, event: QKeyEvent) -> None:
        text = event.text()
        if len(text) == 1 and text.isalpha():
            shifted = bool(event.modifiers() & Qt.KeyboardModifier.ShiftModifier)
            self.caps.emit(text.isupper() != shifted)
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.stepped.emit(1 if event.key() == Qt.Key.Key_Down else -1)
        else:
            super().keyPressEvent(event)


class LockPage(Overlay):
    """Covers the whole window until somebody who may has given their password.

    Signals:
        signed_in: the desk with this person at it; the runner works for it already.
    """

    signed_in = Signal(object)

    def __init__(self, runner: Runner, parent: QWidget) -> None:
        super().__init__(parent, width=430, opaque=True)
        self.setAccessibleName("Đăng nhập")
        self._runner = runner
        self._last = ""
        self._waiting = False
        self._left = 0
        self._office = Label("", "caption_bold", "muted", wrap=True)
        self._title = Label("", "h1", wrap=True)
        self._subtitle = Label("", "body", "muted", wrap=True)
        self.people = EntryView("Cán bộ")
        self.password = PasswordEdit()
        self._field = LabelledField("&Mật khẩu", self.password)
        self._caps = Notice("", "alert-triangle", "warn")
        self.enter_button = Button("Vào làm việc", "main", "Enter", "login")
        self.panel.body.setContentsMargins(24, 20, 24, 22)
        self.panel.body.setSpacing(10)
        self.panel.add(
            self._office,
            Row(IconView("lock", 22, "soft_text"), self._title, gap=10),
            self._subtitle,
            Label("Cán bộ (lên, xuống để chọn)", "caption", "muted"),
            self.people,
            self._field,
            self._caps,
            self.enter_button,
        )
        self.people.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.password.caps.connect(self._on_caps)
        self.password.returnPressed.connect(self._on_enter)
        self.password.stepped.connect(self.people.step)
        self.enter_button.clicked.connect(self._on_enter)
        self.people.wanted.connect(self._on_person_wanted)
        self._second = QTimer(self)
        self._second.setInterval(1000)
        self._second.timeout.connect(self._on_second)

    def lock(self, login: str = "") -> None:
        """Cover the desk; the person who worked last is chosen first."""
        self._ask("Đã khoá", "Hồ sơ đang nhập vẫn còn nguyên. Gõ mật khẩu để làm tiếp.", login)

    def sign_in(self, login: str = "") -> None:
        """Ask who is at the counter, as when the program starts."""
        self._ask("Đăng nhập", "Chọn tên, gõ mật khẩu rồi Enter.", login)

    @property
    def locked(self) -> bool:
        """Whether the desk is covered: no scan and no key may reach it."""
        return self.isVisible()

    def _ask(self, title: str, subtitle: str, login: str) -> None:
        desk = self._runner.desk
        self._office.setText(f"{desk.office.facts.name}, quầy {desk.counter.number}")
        self._title.setText(title)
        self._subtitle.setText(subtitle)
        self.setAccessibleName(title)
        self._last = login or self._last
        self.password.clear()
        self._field.set_error("")
        self._caps.say("")
        self._runner.ask(self, _people, self._on_people, self._on_refused)
        self.open(self.password)

    def _on_people(self, clerks: tuple[ClerkRegistered, ...]) -> None:
        entries = [Entry(c.name, "user", ROLES[c.role], says=c.login) for c in clerks]
        first = next((at for at, e in enumerate(entries) if e.says == self._last), 0)
        self.people.show_entries(entries, first)
        self._fit_people()

    def _fit_people(self) -> None:
        rows = min(self.people.content_height(), px(36) * 6)
        self.people.setFixedHeight(max(px(36), rows) + 2)
        self.refit()

    @Slot()
    def _on_enter(self) -> None:
        chosen = self.people.current()
        if chosen is None or self._waiting:
            return
        if self._left > 0:
            self._say_wait()
        elif not self.password.text():
            self._field.set_error("Gõ mật khẩu rồi Enter.")
            self.password.setFocus()
        else:
            self._waiting = True
            self._last = chosen.says
            job = partial(_sign_in, chosen.says, self.password.text())
            self._runner.ask(self, job, self._on_signed_in, self._on_refused)

    def _on_signed_in(self, desk: Desk) -> None:
        self._waiting = False
        self._left = 0
        self._second.stop()
        self.password.clear()
        self._runner.replace_desk(desk)
        self.shut()
        self.signed_in.emit(desk)

    def _on_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        self._waiting = False
        self.password.selectAll()
        self.password.setFocus()
        self._left = int(str(refused.facts.get("wait_seconds", 0)))
        if self._left > 0:
            self._second.start()
            self._say_wait()
        else:
            self._field.set_error(sentence_for(refused))
        self.refit()

    @Slot()
    def _on_second(self) -> None:
        self._left -= 1
        if self._left > 0:
            self._say_wait()
        else:
            self._second.stop()
            self._field.set_error("")
            self.refit()

    def _say_wait(self) -> None:
        minutes, seconds = divmod(self._left, 60)
        wait = f"{minutes} phút {seconds} giây" if minutes else f"{seconds} giây"
        self._field.set_error(f"Mật khẩu chưa đúng. Chờ {wait} rồi gõ lại.")

    @Slot(bool)
    def _on_caps(self, on: bool) -> None:
        self._caps.say(_CAPS if on else "", "alert-triangle", "warn")
        self.refit()

    @Slot(object)
    def _on_person_wanted(self, entry: Entry | None) -> None:
        self.password.setFocus()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit_people()
