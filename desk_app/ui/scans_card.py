"""The papers of a dossier as files: attach a scan, look at it, or say that it is known already."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QKeySequence, QShortcut
from PySide6.QtWidgets import QFileDialog, QVBoxLayout, QWidget

from desk_app.messages import sentence_for
from desk_app.services.attach import Attached, attach, content_of
from desk_app.services.digitise import DIGITAL, digital_of, papers_of, reuse, scans_of
from desk_app.ui.entry_list import Entry, EntryView
from desk_app.ui.runner import Runner
from desk_app.ui.scan_view import ScanView
from desk_app.ui.widgets import Button, FlowRow, Notice

if TYPE_CHECKING:
    from db.dossier import Dossier, File
    from db.refused import Refused
    from desk_app.desk import Desk
    from desk_app.services.opened import OpenedDossier

KINDS = "Bản quét (*.pdf *.jpg *.jpeg *.png)"


class ScansCard(QWidget):
    """Signals:
    changed: a paper was scanned or taken over; carries the dossier.
    """

    changed = Signal(object)

    def __init__(self, runner: Runner) -> None:
        super().__init__()
        self._runner = runner
        self._dossier: Dossier | None = None
        self.list = EntryView("Giấy tờ và bản quét")
        self.notice = Notice()
        self.attach_button = Button("Đính kèm bản quét", "plain", "Alt+Q", "scan")
        self.paper_button = Button("Giấy đã có", "plain", "Alt+Y")
        self.result_button = Button("Kết quả đã có", "plain", "Alt+U")
        buttons = FlowRow(gap=6)
        for button in (self.attach_button, self.paper_button, self.result_button):
            buttons.addWidget(button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(self.notice)
        column.addWidget(self.list, 1)
        column.addLayout(buttons)
        self.list.wanted.connect(self._on_look)
        self.attach_button.clicked.connect(self.choose_file)
        self.paper_button.clicked.connect(self._on_paper)
        self.result_button.clicked.connect(self._on_result)
        for keys, act in (
            ("Alt+Q", self.choose_file),
            ("Alt+Y", self._on_paper),
            ("Alt+U", self._on_result),
        ):
            key = QShortcut(QKeySequence(keys), self)
            key.setContext(Qt.ShortcutContext.WindowShortcut)
            key.activated.connect(act)

    def show_opened(self, found: OpenedDossier) -> None:
        """Show a dossier's papers; the chosen one stays chosen."""
        before = self.paper()
        same = self._dossier is not None and self._dossier.id == found.dossier.id
        self._dossier = found.dossier
        if not same:
            self.notice.say("")
        names = papers_of(found.dossier)
        row = names.index(before) if before in names else 0
        self.list.show_entries([_entry(found.dossier, name) for name in names], row)

    def paper(self) -> str:
        """The chosen paper's name."""
        entry = self.list.current()
        return str(entry.says) if entry is not None else ""

    @Slot()
    def choose_file(self) -> None:
        """Ask for the file of the chosen paper."""
        if self.isVisible() and self.paper():
            name, _ = QFileDialog.getOpenFileName(self, f"Bản quét: {self.paper()}", "", KINDS)
            if name:
                self.attach_file(Path(name))

    def attach_file(self, path: Path) -> None:
        """Attach a file to the chosen paper."""
        if self._dossier is not None:
            id = bytes.fromhex(self._dossier.id)
            job = partial(attach, id=id, path=path, paper=self.paper())
            self._runner.ask(self, job, self._on_attached, self._on_refused)

    @Slot(object)
    def _on_look(self, entry: Entry | None) -> None:
        scans = scans_of(self._dossier, self.paper()) if self._dossier and entry else ()
        if scans:
            self._runner.ask(self, partial(_read, scans[0]), self._on_read, self._on_refused)
        else:
            self.notice.say("Giấy này chưa có bản quét. Alt+Q để đính kèm.", "scan", "info")

    def _on_read(self, answer: tuple[File, bytes]) -> None:
        ScanView(self.window()).show_file(*answer)

    def _on_attached(self, attached: Attached) -> None:
        self._said(attached.dossier, "Đã đính kèm bản quét.")

    def _on_reused(self, dossier: Dossier) -> None:
        self._said(dossier, "Đã ghi, giấy này không cần quét lại.")

    def _said(self, dossier: Dossier, said: str) -> None:
        self.notice.say(said, "circle-check", "ok")
        self.changed.emit(dossier)

    def _on_refused(self, refused: Refused) -> None:
        self.notice.say(sentence_for(refused), "alert-circle", "bad")

    @Slot()
    def _on_paper(self) -> None:
        self._reuse("reused_paper")

    @Slot()
    def _on_result(self) -> None:
        self._reuse("reused_result")

    def _reuse(self, how: Literal["reused_paper", "reused_result"]) -> None:
        if self.isVisible() and self._dossier is not None and self.paper():
            id = bytes.fromhex(self._dossier.id)
            job = partial(reuse, id=id, paper=self.paper(), how=how)
            self._runner.ask(self, job, self._on_reused, self._on_refused)


def _read(file: File, desk: Desk) -> tuple[File, bytes]:
    return file, content_of(desk, file)


def _entry(dossier: Dossier, paper: str) -> Entry:
    how = digital_of(dossier, paper)
    scans = scans_of(dossier, paper)
    more = DIGITAL[how] + (f", {len(scans)} tệp" if len(scans) > 1 else "")
    icon = {"none": "paperclip", "scanned": "scan"}.get(how, "copy")
    return Entry(paper, icon, more, says=paper)
