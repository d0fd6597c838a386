"""A field that says beneath it what the rules found in it, and offers the better text."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QLayout, QWidget

from desk_app.ui.guarded_line import NAME, GuardedLine
from desk_app.ui.widgets import Button, Label, LabelledField, mark, spoken

if TYPE_CHECKING:
    from desk_app.rules.remarks import Remark


class CheckedField(LabelledField):
    """One line with its label, its errors in red, its warnings in amber and one offer.

    Signals:
        changed: the text was changed, by hand or by taking the offer.
        left: the clerk has finished with the field.
        done: Enter: go on to the next field.
    """

    changed = Signal()
    left = Signal()
    done = Signal()

    def __init__(
        self, label: str, limit: int = NAME, hint: str = "", parent: QWidget | None = None
    ) -> None:
        line = GuardedLine(spoken(label), limit, hint)
        super().__init__(label, line, parent)
        self.visited = False
        self._told = ""
        self._note: Label | None = None
        self._offer: Button | None = None
        self._offered = ""
        line.textChanged.connect(self._on_changed)
        line.editingFinished.connect(self._on_left)
        line.returnPressed.connect(self.done)
        line.too_long.connect(self._on_too_long)

    def put(self, text: str) -> None:
        """Another text, as if the field had never been touched."""
        self.visited = False
        self._told = text
        self.line().setText(text)
        self.say(())

    @property
    def touched(self) -> bool:
        """Whether the text is another than was put there."""
        return self.text() != self._told

    def say(self, remarks: Sequence[Remark]) -> None:
        """Show what the rules found: the first error, else what else there is to say."""
        from desk_app.messages import sentence

        errors = [r for r in remarks if r.severity == "error"]
        others = [r for r in remarks if r.severity != "error"]
        self.set_error(sentence(errors[0]) if errors else "")
        self._say_quietly(" ".join(sentence(r) for r in others) if not errors else "")
        warned = any(r.severity == "warning" for r in others)
        mark(self.field, "doubt", warned and not errors)
        offer = next((r.offer for r in (*errors, *others) if r.offer), "")
        self._show_offer(offer)

    def doubt(self, sentence: str) -> None:
        """The field came from a damaged card: amber, with what to do."""
        self._say_quietly(sentence)
        mark(self.field, "doubt", bool(sentence))

    def _say_quietly(self, text: str) -> None:
        if self._note is None:
            if not text:
                return
            self._note = Label("", "caption", "warn", wrap=True)
            self._layout().addWidget(self._note)
        self._note.setText(text)
        self._note.setVisible(bool(text))
        if text:
            self.field.setAccessibleDescription(text)

    def _show_offer(self, offer: str) -> None:
        self._offered = offer
        if self._offer is None:
            if not offer:
                return
            self._offer = Button("", "link")
            self._offer.clicked.connect(self._on_offer_taken)
            self._layout().addWidget(self._offer)
        shown = offer.replace("&", "&&")
        self._offer.say(f"&Chuyển thành “{shown}”")
        self._offer.setVisible(bool(offer))

    def _layout(self) -> QLayout:
        layout = self.layout()
        assert layout is not None
        return layout

    @Slot()
    def _on_changed(self) -> None:
        self.changed.emit()

    @Slot()
    def _on_left(self) -> None:
        if self.touched or self.visited:
            self.visited = True
            self.left.emit()

    @Slot()
    def _on_offer_taken(self) -> None:
        self.line().setText(self._offered)
        self.field.setFocus()
        self.left.emit()

    @Slot(int)
    def _on_too_long(self, length: int) -> None:
        from desk_app.rules.remarks import Remark

        limit = self.line().maxLength()
        facts: dict[str, object] = {"limit": _dotted(limit), "length": _dotted(length)}
        self.say((Remark("", "too_long", "error", facts),))


def _dotted(number: int) -> str:
    return f"{number:,}".replace(",", ".")
