"""The page "Trả kết quả" (F4): the right paper into the right hand, once."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QKeySequence, QShortcut, QShowEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QWidget

from desk_app.messages import sentence_for
from desk_app.rules.money import show_money
from desk_app.services.correct import add_note
from desk_app.services.results import Collected, Collecting, gave_out, given_to
from desk_app.services.returning import (
    Returning,
    Waiting,
    waiting_results,
)
from desk_app.ui.entry_list import Entry
from desk_app.ui.reason_panel import ReasonPanel
from desk_app.ui.return_collector import WAYS
from desk_app.ui.return_jobs import (
    call,
    found_by,
    give,
    of_person,
    open_one,
    send,
    shelve,
    undo_all,
)
from desk_app.ui.return_layout import ReturnLayout
from desk_app.ui.runner import Runner

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused
    from desk_app.services.steps import Undone

KEYS: Final = (
    ("F9", "trả, thu tiền"),
    ("1 2 3 4", "người nhận"),
    ("Alt+1 … 3", "trả luôn hồ sơ khác"),
    ("F6", "chưa trả, ghi lý do"),
    ("F7", "in phiếu ký nhận"),
    ("Alt+G Alt+K", "đã gọi, gọi không gặp"),
    ("Alt+L", "danh sách để gọi điện"),
    ("Ctrl+Z", "hoàn tác"),
    ("Esc", "bỏ qua"),
)
"""The keys of this page, for F1."""


class ReturnPage(ReturnLayout):
    """Scan, look, F9.

    Signals:
        said: a sentence for the status line.
        changed: something went out or came in; counts want fetching again.
        slip_wanted: print the signing slip; its dossier's id and the form.
        calls_wanted: the list of those who have not fetched their results.
        left: Esc with nothing left to take back.
    """

    said = Signal(str)
    changed = Signal()
    slip_wanted = Signal(bytes, str)
    calls_wanted = Signal()
    left = Signal()

    def __init__(self, runner: Runner, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._shelf = ""
        self.why = ReasonPanel(
            "Chưa trả kết quả",
            "Ghi vào hồ sơ, cán bộ ở quầy đọc được.",
            "Lý do chưa trả",
            "Lưu lý do",
            "note",
            self,
        )
        self._connect()
        self._show(None)

    def _connect(self) -> None:
        self.box.submitted.connect(self.scanned)
        self.list.wanted.connect(self._on_chosen)
        self.main_button.clicked.connect(self.main_action)
        self.why_button.clicked.connect(self.ask_why)
        self.side.told_button.clicked.connect(self._on_told)
        self.side.missed_button.clicked.connect(self._on_missed)
        self.side.calls_button.clicked.connect(self.calls_wanted)
        self.undo_bar.wanted.connect(self.undo)
        self.list.moved.connect(self._say_calls)
        keys: list[tuple[str, Callable[[], object]]] = [
            ("Alt+G", self._on_told),
            ("Alt+K", self._on_missed),
            ("Alt+L", self.calls_wanted.emit),
        ]
        keys += [(f"Alt+{at}", box.toggle) for at, box in enumerate(self.others, start=1)]
        for sequence, act in keys:
            key = QShortcut(QKeySequence(sequence), self)
            key.setContext(Qt.ShortcutContext.WidgetWithChildrenShortcut)
            key.activated.connect(act)
        for box in self.others:
            box.toggled.connect(self._say_main)
        self.slip_button.clicked.connect(self.print_again)
        self.skip_button.clicked.connect(self.skip)
        self.why.submitted.connect(self._on_why_submitted)
        self.collector.changed.connect(self._say_main)

    # ------------------------------------------------------------ what others ask of the page

    def take_focus(self) -> None:
        """Where the keys go when the page is shown."""
        self.box.setFocus()

    @Slot(str)
    def scanned(self, text: str) -> None:
        """A code, or a person's number, was scanned or typed."""
        if text.strip():
            job = partial(found_by, text.strip())
            self._runner.ask(self, job, self._on_found, self._on_refused)

    def take_scan(self, kind: str, text: str) -> None:
        """Whatever was scanned while this page is in front."""
        if kind != "card":
            self.scanned(text)
            return
        from desk_app.rules.card import Card, read_card

        card = read_card(text)
        if isinstance(card, Card):
            self.take_card(card.name, card.id_number)
        else:
            self.box.set_state("bad")
            self._done.say("Quét chưa rõ, quét lại thẻ.", "alert-circle", "bad")

    def take_card(self, name: str, number: str) -> None:
        """An identity card: who collects, when a dossier is open; else that person's dossiers."""
        if self.found is not None:
            self.collector.take_card(name, number, self.found.dossier.facts)
        else:
            self._runner.ask(self, partial(of_person, number), self._on_found, self._on_refused)

    def open_id(self, id: bytes) -> None:
        """One dossier."""
        self._runner.ask(self, partial(open_one, id), self._on_opened, self._on_refused)

    @Slot()
    def main_action(self) -> None:
        """F9: what the main button says."""
        found = self.found
        if found is None:
            self.take_focus()
            return
        id_ = bytes.fromhex(found.dossier.id)
        if self._can_shelve():
            job: Any = partial(shelve, id_, self.shelf.text(), self.slot_.text())
            self._runner.ask(self, job, self._on_shelved, self._on_refused)
        elif self.collector.way() == "post":
            job = partial(send, id_, self.collector.item.text(), self._collecting())
            self._runner.ask(self, job, self._on_posted, self._on_refused)
        else:
            job = partial(give, self._ids(), self._collecting())
            self._runner.ask(self, job, self._on_collected, self._on_refused)

    @Slot()
    def print_again(self) -> bool:
        """F7: the slip to sign, of what just went out or of the dossier that is open."""
        dossier = self.last.dossiers[0] if self.last else self.found and self.found.dossier
        if not dossier:
            return False
        self.slip_wanted.emit(bytes.fromhex(dossier.id), "return")
        return True

    @Slot()
    def undo(self) -> None:
        """Ctrl+Z: take the last return back."""
        if self.last is not None:
            ids = [bytes.fromhex(d.id) for d in self.last.dossiers]
            self._runner.ask(self, partial(undo_all, ids), self._on_undone, self._on_refused)

    @Slot()
    def skip(self) -> None:
        """Esc: put the dossier away, then leave."""
        if self.found is None:
            self.left.emit()
            return
        self._show(None)
        self.take_focus()

    # ------------------------------------------------------------ answers

    def _on_found(self, found: tuple[Waiting, ...]) -> None:
        ready = [each for each in found if each.where]
        if len(found) == 1 or len(ready) == 1:
            self.open_id((ready or list(found))[0].line.id)
            return
        self.box.set_state("read" if found else "bad")
        if found:
            self.side.show_person(found)
        else:
            said = "Không thấy hồ sơ nào. Thử số định danh, tên ở F3, hoặc quét lại."
            self._done.say(said, "alert-circle", "bad")

    def _on_opened(self, found: Returning) -> None:
        self.box.set_state("read")
        self.box.clear()
        self._read.say("Đã đọc", "ok", "circle-check")
        self._done.say("")
        self.last = None
        self._show(found)
        self._say_calls()
        self.shelf.set_text(self._shelf)
        self.main_button.setFocus()

    def _on_collected(self, done: Collected) -> None:
        first = done.dossiers[0]
        event = gave_out(first)
        who = given_to(event) if event else first.facts.applicant.name
        count = len(done.dossiers)
        codes = f"{count} hồ sơ" if count > 1 else done.dossiers[0].facts.code
        paid = f" Đã thu {show_money(done.payment.amount)}." if done.payment else ""
        self._finished(done, f"Đã trả {codes} cho {who}.{paid}")

    def _on_posted(self, dossier: Dossier) -> None:
        self._finished(Collected((dossier,)), f"Đã gửi bưu điện {dossier.facts.code}.")

    def _finished(self, done: Collected, said: str) -> None:
        self.last = done
        self._show(None)
        self.undo_bar.say(said)
        self.said.emit(said)
        self.changed.emit()
        self.refresh()
        self.take_focus()

    def _on_shelved(self, dossier: Dossier) -> None:
        self._shelf = self.shelf.text().strip()
        self._done.say(f"Đã nhận {dossier.facts.code} về quầy.", "circle-check", "ok")
        self.changed.emit()
        self.refresh()
        self.open_id(bytes.fromhex(dossier.id))

    def _on_undone(self, undone: Undone) -> None:
        self.last = None
        self.undo_bar.say("")
        codes = ", ".join(d.facts.code for d in undone.dossiers)
        said = f"Đã hoàn tác, {codes} lại chờ trả."
        if undone.amount:
            said += f" Trả lại dân {show_money(undone.amount)}"
            said += ", thu lại phiếu thu đã in." if undone.slip_printed else "."
        self._done.say(said, "arrow-back-up", "warn" if undone.amount else "info")
        self.changed.emit()
        self.refresh()

    def _on_noted(self, _: object) -> None:
        self.why.finish()
        self._done.say("Đã lưu lý do chưa trả.", "note", "info")

    def _on_called(self, dossier: Dossier) -> None:
        reached = dossier.life.told[-1].reached
        said = "báo qua điện thoại" if reached else "gọi không gặp"
        self._done.say(f"Đã ghi {dossier.facts.applicant.name}: {said}.", "phone", "info")
        self.refresh()

    def _on_refused(self, refused: Refused) -> None:
        said = sentence_for(refused)
        if self.found is not None:
            self.collector.refuse(said)
        else:
            self.box.set_state("bad")
            self._done.say(said, "alert-circle", "bad")

    # ------------------------------------------------------------ the list

    @Slot()
    def refresh(self) -> None:
        """Fetch the list at the right again."""
        self._runner.ask(self, waiting_results, self._on_waiting)

    def _on_waiting(self, answer: tuple[tuple[Waiting, ...], int]) -> None:
        self.side.show_waiting(*answer)
        self._say_calls()

    @Slot()
    def _say_calls(self) -> None:
        self.side.say_calls(self.found is not None)

    # ------------------------------------------------------------ keys and clicks

    def _ids(self) -> list[bytes]:
        assert self.found is not None
        return [bytes.fromhex(self.found.dossier.id), *(o.line.id for o in self.along())]

    def _collecting(self) -> Collecting:
        way = self.collector.way()
        return Collecting(
            to="applicant" if way == "post" else way,
            collector=self.collector.person() if way == "authorised" else None,
            authorisation=self.collector.paper.text(),
            results=self.chosen_results(),
            originals=self.pay.given_back(),
            along={o.line.id: self.pay.given_back(o.line.id) for o in self.along()},
            pay=self.pay.pay(self.due()),
            receipt_number=self.pay.receipt.text(),
        )

    @Slot(object)
    def _on_chosen(self, entry: Entry | None) -> None:
        if entry is not None:
            self.open_id(entry.says.line.id)

    @Slot()
    def ask_why(self) -> None:
        """F6: why it is not returned."""
        if self.found is not None:
            self.why.begin()

    @Slot(str)
    def _on_why_submitted(self, text: str) -> None:
        if self.found is not None:
            job = partial(add_note, id=bytes.fromhex(self.found.dossier.id), text=text)
            self._runner.ask(self, job, self._on_noted, self._on_why_refused)

    def _on_why_refused(self, refused: Refused) -> None:
        self.why.refuse(sentence_for(refused))

    @Slot()
    def _on_told(self) -> None:
        self._called(reached=True)

    @Slot()
    def _on_missed(self) -> None:
        self._called(reached=False)

    def _called(self, reached: bool) -> None:
        listed = self.side.current()
        id_, late = (listed.line.id, listed.late) if listed is not None else (b"", False)
        if self.found is not None:
            id_ = bytes.fromhex(self.found.dossier.id)
        if id_:
            job = partial(call, id_, late, reached)
            self._runner.ask(self, job, self._on_called, self._on_refused)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.refresh()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, held = event.key(), event.modifiers()
        typing = isinstance(QApplication.focusWidget(), QLineEdit)
        at = key - Qt.Key.Key_1.value
        if key == Qt.Key.Key_Escape:
            self.skip()
        elif key == Qt.Key.Key_Z and held & Qt.KeyboardModifier.ControlModifier:
            self.undo()
        elif key == Qt.Key.Key_F6:
            self.ask_why()
        elif 0 <= at < len(WAYS) and not typing and self.collector.isVisible():
            way = WAYS[at][0]
            if self.collector.ways[way].isVisible():
                self.collector.choose(way)
        else:
            super().keyPressEvent(event)
