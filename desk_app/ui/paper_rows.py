"""The papers of a received dossier, to be counted again, struck out, or added to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QIntValidator
from PySide6.QtWidgets import QHBoxLayout, QWidget

from db.parts import PaperCount
from desk_app.ui.theme import px
from desk_app.ui.widgets import CheckBox, Column, Label, LineEdit, Row

COUNTS: Final = (("originals", "Bản chính"), ("certified", "Chứng thực"), ("copies", "Bản sao"))
MOST: Final = 9_999


class Counts(QHBoxLayout):
    """Three small fields: originals, certified copies, plain copies."""

    def __init__(self) -> None:
        super().__init__()
        self.setSpacing(8)
        self.edits = [LineEdit("") for _ in COUNTS]
        for edit in self.edits:
            edit.setValidator(QIntValidator(0, MOST, edit))
            edit.setAlignment(Qt.AlignmentFlag.AlignRight)
            self.addWidget(edit)

    def show_paper(self, paper: PaperCount) -> None:
        """Show how many there are of a paper."""
        for edit, (name, words) in zip(self.edits, COUNTS, strict=True):
            edit.setAccessibleName(f"{words}: {paper.name or 'giấy nộp thêm'}")
            edit.setText(str(getattr(paper, name)))

    def read(self) -> dict[str, int]:
        """How many of each kind; an empty field counts as none."""
        pairs = zip(self.edits, COUNTS, strict=True)
        return {name: int(edit.text() or 0) for edit, (name, _) in pairs}


class PaperRow(QWidget):
    """One paper; without its tick it is struck from the dossier."""

    def __init__(self) -> None:
        super().__init__()
        self._paper = PaperCount(name="")
        self.tick = CheckBox("")
        self._name = Label("", "body", wrap=True)
        self.counts = Counts()
        row = Row(gap=4)
        row.addWidget(self.tick)
        row.addWidget(self._name, 1)
        row.addSpacing(8)
        row.addLayout(self.counts)
        self.setLayout(row)

    def show_paper(self, paper: PaperCount, ticked: bool) -> None:
        """Show one paper as it was, or is to be, handed in."""
        self._paper = paper
        self._name.setText(paper.name)
        self.tick.setChecked(ticked)
        self.tick.setAccessibleName(f"Đã nhận: {paper.name}")
        self.counts.show_paper(paper)

    def read(self) -> PaperCount | None:
        """The paper as it stands; None when it was struck out."""
        if not self.tick.isChecked():
            return None
        return msgspec.structs.replace(self._paper, **self.counts.read())


class PaperRows(QWidget):
    """All papers of a dossier, and room for one more."""

    def __init__(self, title: str = "Thành phần hồ sơ (bỏ tích là bỏ giấy)") -> None:
        super().__init__()
        self.rows: list[PaperRow] = []
        self._shown = 0
        self.new_name = LineEdit("Tên giấy nộp thêm", "Giấy nộp thêm, nếu có")
        self.new_counts = Counts()
        self._heads = [Label(words, "caption", "muted") for _, words in COUNTS]
        titles = QHBoxLayout()
        titles.setSpacing(8)
        titles.addWidget(Label(title, "caption_bold", "muted", wrap=True), 1)
        for head in self._heads:
            head.setAlignment(Qt.AlignmentFlag.AlignRight)
            titles.addWidget(head)
        new = Row(gap=12)
        new.addWidget(self.new_name, 1)
        new.addLayout(self.new_counts)
        self._column = Column(gap=6)
        self.setLayout(Column(titles, self._column, new, gap=8))

    def show_papers(self, papers: Sequence[PaperCount], ticked: bool = True) -> None:
        """Show these papers."""
        self._shown = len(papers)
        while len(self.rows) < len(papers):
            self.rows.append(PaperRow())
            self._column.addWidget(self.rows[-1])
        for at, row in enumerate(self.rows):
            row.setVisible(at < len(papers))
            if at < len(papers):
                row.show_paper(papers[at], ticked)
        self.new_name.clear()
        self.new_counts.show_paper(PaperCount(name=""))
        self._fit()

    def read(self) -> tuple[PaperCount, ...]:
        """The papers as they stand; a new one without a count was only looked at."""
        kept = [paper for row in self.rows[: self._shown] if (paper := row.read()) is not None]
        name = self.new_name.text().strip()
        if name:
            counts = self.new_counts.read()
            kept.append(PaperCount(name=name, shown=not any(counts.values()), **counts))
        return tuple(kept)

    def _fit(self) -> None:
        """The counts stand under their titles at every text size."""
        edits = [edit for row in self.rows for edit in row.counts.edits]
        for part in (*self._heads, *edits, *self.new_counts.edits):
            part.setFixedWidth(px(76))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.StyleChange:
            self._fit()
