"""Step 3: what was handed in, and pages and copies where the fee asks for them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QEvent, QObject, Qt, Signal, Slot
from PySide6.QtGui import QKeyEvent, QResizeEvent
from PySide6.QtWidgets import QWidget

from desk_app.ui.cards import Card
from desk_app.ui.intake_form import IntakeForm, PaperRow
from desk_app.ui.marks import Label
from desk_app.ui.painting import metrics
from desk_app.ui.theme import px

if TYPE_CHECKING:
    from desk_app.ui.count_field import CountField
    from desk_app.ui.guarded_line import GuardedLine
    from desk_app.ui.marks import KeyHints
    from desk_app.ui.paper_list import PaperView

TITLE, SHORT_TITLE = "Thành phần hồ sơ", "Giấy tờ"
HINTS = (
    ("+", "đủ giấy bắt buộc"),
    ("Space", "tích từng loại"),
    ("← →", "số bản"),
)


class PapersCard(Card):
    """The papers of the chosen procedure.

    Signals:
        changed: a tick, a count, pages or copies changed.
        left: Enter in the last place of this card.
    """

    changed = Signal()
    left = Signal()
    list: PaperView
    free: GuardedLine
    lane: Card
    pages: CountField
    copies: CountField
    hints: KeyHints

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(TITLE, 3, parent=parent)
        self.may_tick_all = True
        self.ticked_together = False
        self._loading = False
        self.state = Label("", "caption_bold")
        self.head.addWidget(self.state)
        self.state.hide()
        self.invitation = Label(
            "Chọn thủ tục để thấy các giấy tờ cần nhận.", "body", "muted", wrap=True
        )
        self.add(self.invitation)
        self._built = False

    def _build(self) -> None:
        """Built when the first procedure is chosen; the empty desk does not need it."""
        from PySide6.QtGui import QKeySequence, QShortcut

        from desk_app.ui.count_field import CountField
        from desk_app.ui.guarded_line import ADDRESS, GuardedLine
        from desk_app.ui.layouts import FlowRow, Row
        from desk_app.ui.marks import KeyHints
        from desk_app.ui.paper_list import PaperView

        self._built = True
        self.list = PaperView()
        self.list.all_wanted.connect(self._on_all_wanted)
        self.list.left.connect(self._on_list_left)
        self.list.rows.edited.connect(self._on_edited)
        self.free = GuardedLine("Giấy tờ khác", ADDRESS, "Giấy tờ khác (Alt+K): gõ tên rồi Enter")
        self.free.returnPressed.connect(self._on_free_line)
        key = QShortcut(QKeySequence("Alt+K"), self)
        key.activated.connect(self.focus_free)
        self.free.installEventFilter(self)
        self.lane = Card(quiet=True)
        self.pages, self.copies = CountField("Số trang mỗi bản"), CountField("Số bản")
        self._pages_pair, copies_pair = QWidget(), QWidget()
        self._pages_pair.setLayout(Row(Label("Số trang mỗi bản", "strong"), self.pages, gap=9))
        copies_pair.setLayout(Row(Label("Số bản", "strong"), self.copies, gap=9))
        row = FlowRow(14)
        row.addWidget(self._pages_pair)
        row.addWidget(copies_pair)
        self.lane.body.setContentsMargins(12, 8, 12, 8)
        self.lane.body.addLayout(row)
        self.pages.textChanged.connect(self._on_edited)
        self.copies.textChanged.connect(self._on_edited)
        self.pages.returnPressed.connect(self.copies.setFocus)
        self.copies.returnPressed.connect(self.left)
        self.hints = KeyHints(HINTS)
        column = self.body
        column.addWidget(self.list, 1)
        column.addWidget(self.free)
        column.addWidget(self.lane)
        column.addWidget(self.hints)

    def show_form(self, form: IntakeForm) -> None:
        """Show the papers of this form; without a procedure only the invitation."""
        self._loading = True
        self.invitation.setVisible(not form.procedure)
        if form.procedure and not self._built:
            self._build()
        if self._built:
            self.list.setVisible(bool(form.procedure))
            self._make_room()
            self.lane.setVisible(bool(form.copies or form.pages))
            self._pages_pair.setVisible(bool(form.pages))
            self.pages.setText(form.pages)
            self.copies.setText(form.copies)
            self.free.clear()
            self.list.show_papers(form.papers)
        self.ticked_together = form.ticked_together
        self._loading = False
        self._show_state(bool(form.procedure))

    def write_into(self, form: IntakeForm) -> None:
        """Put ticks, counts, pages and copies into the form."""
        if not self._built or not form.procedure:
            return
        form.papers = list(self.list.rows.papers)
        if form.pages or form.copies:
            form.pages = self.pages.text() if form.pages else ""
            form.copies = self.copies.text()
        form.ticked_together = self.ticked_together

    def mark_wanting(self, rows: Iterable[int]) -> None:
        """Mark the papers a failed save is waiting for."""
        if self._built:
            self.list.rows.mark_wanting(set(rows))

    def focus_papers(self, row: int = 0) -> None:
        """The keys go to the list."""
        if self._built:
            self.list.light(row)
            self.list.setFocus(Qt.FocusReason.OtherFocusReason)

    def focus_counts(self, which: str = "pages") -> bool:
        """The keys go to pages and copies, where there are any."""
        if not self._built or not self.copies.isVisibleTo(self):
            return False
        pages = which == "pages" and self.pages.isVisibleTo(self)
        (self.pages if pages else self.copies).setFocus()
        return True

    @Slot()
    def _on_all_wanted(self) -> None:
        if not self.may_tick_all:
            return
        self.ticked_together = True
        self.list.tick_required()
        self.focus_counts()

    @Slot()
    def _on_list_left(self) -> None:
        if not self.focus_counts():
            self.left.emit()

    @Slot()
    def _on_free_line(self) -> None:
        name = self.free.text().strip()
        if not name:
            self._on_list_left()
            return
        self.free.clear()
        self.list.rows.add(PaperRow(name, originals=1, ticked=True, free=True))
        self.list.light(self.list.rows.rowCount() - 1)

    @Slot()
    def _on_edited(self) -> None:
        if self._loading:
            return
        self._carry_copies()
        self._show_state(True)
        self.changed.emit()

    def _carry_copies(self) -> None:
        """The one paper that is handed in as copies has as many as are asked for."""
        count = self.copies.text() if self.copies.isVisibleTo(self) else ""
        rows = self.list.rows.papers
        copied = [at for at, row in enumerate(rows) if row.copies and row.required]
        if len(copied) == 1 and count.isdigit() and 0 < int(count) != rows[copied[0]].copies:
            self._loading = True
            self.list.rows.put(copied[0], replace(rows[copied[0]], copies=int(count)))
            self._loading = False

    def _show_state(self, shown: bool) -> None:
        missing = 0
        if shown and self._built:
            missing = sum(row.required and not row.ticked for row in self.list.rows.papers)
        self.state.setVisible(shown)
        long = f"Còn thiếu {missing} giấy bắt buộc" if missing else "Đủ giấy bắt buộc"
        short = f"Thiếu {missing} giấy" if missing else "Đủ giấy"
        room = self.width() - self.title.sizeHint().width() - px(90)
        fits = metrics("caption_bold").horizontalAdvance(long) <= room
        self.state.setText(long if fits else short)
        self.state.set_tone("warn" if missing else "ok")

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        narrow = self.width() < metrics("h2").horizontalAdvance(TITLE) + px(180)
        self.title.setText(SHORT_TITLE if narrow else TITLE)
        self._show_state(self.state.isVisibleTo(self))
        self._make_room()

    def _make_room(self) -> None:
        """In little height the list comes first; a free line is still a key away."""
        if self._built:
            shown = not self.invitation.isVisibleTo(self)
            self.hints.setVisible(shown and self.height() >= px(230))
            typing = self.free.hasFocus() or bool(self.free.text())
            self.free.setVisible(shown and (typing or self.height() >= px(260)))

    def focus_free(self) -> None:
        """Alt+K: a paper nobody foresaw."""
        if self._built:
            self.free.show()
            self.free.setFocus(Qt.FocusReason.ShortcutFocusReason)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Up leaves the free line for the list above it."""
        if (
            self._built
            and watched is self.free
            and event.type() == QEvent.Type.KeyPress
            and isinstance(event, QKeyEvent)
            and event.key() == Qt.Key.Key_Up
        ):
            self.focus_papers(self.list.rows.rowCount() - 1)
            return True
        return super().eventFilter(watched, event)
