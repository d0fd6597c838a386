"""From a saved dossier to paper: write the PDF, hand it to the printers, note what came of it.

A receipt counts as printed only on the printer's word, or on the clerk's.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from db.dossier import Dossier
    from db.refused import Refused
    from desk_app.desk import Desk
    from desk_app.devices.printing import PrintDesk
    from desk_app.papers.receipt import Size
    from desk_app.services.receipts import WrittenReceipt
    from desk_app.ui.runner import Runner


def write(id: bytes, desk: Desk) -> tuple[WrittenReceipt, str, Size]:
    """The receipt as a file, the printer it goes to, the size of the paper."""
    from desk_app.services.receipts import write_receipt

    return write_receipt(desk, id), desk.settings.printer, desk.settings.paper


def note_printed(written: WrittenReceipt, word_of: str, printer: str, desk: Desk) -> Dossier:
    """Record that paper came out."""
    from desk_app.services.receipts import receipt_printed

    return receipt_printed(desk, written, "printer" if word_of == "printer" else "clerk", printer)


class ReceiptPrinting(QObject):
    """Prints receipts, one job a dossier.

    Signals:
        state: dossier id, then "writing", "printing", "printed", "failed" or "unsure", then the
            printer's name or the sentence that says why not.
        noted: a print went into the journal; counts of unprinted dossiers have changed.
    """

    state = Signal(bytes, str, str)
    noted = Signal()

    def __init__(self, runner: Runner, printing: PrintDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._printing = printing
        self._jobs: dict[str, tuple[WrittenReceipt, str]] = {}
        self._asked: list[bytes] = []
        printing.answered.connect(self._on_answered)

    def print_receipt(self, id: bytes) -> None:
        """Print the receipt of this dossier; a reprint says so on the paper."""
        self._asked.append(id)
        self.state.emit(id, "writing", "")
        self._runner.ask(self, partial(write, id), self._on_written, self._on_refused)

    def clerk_saw_paper(self, id: bytes) -> None:
        """The clerk says that the paper of the last try did come out."""
        for job, (written, printer) in list(self._jobs.items()):
            if written.id == id:
                del self._jobs[job]
                self._note(written, "clerk", printer)

    def _on_written(self, answer: tuple[WrittenReceipt, str, Size]) -> None:
        written, printer, size = answer
        self._asked.remove(written.id)
        for job in [job for job, (old, _) in self._jobs.items() if old.id == written.id]:
            del self._jobs[job]
        job = f"{written.id.hex()}-{written.nth}"
        self._jobs[job] = (written, printer)
        self.state.emit(written.id, "printing", printer)
        self._printing.request(job, written.path, printer, size)

    def _on_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        # The worker answers in the order in which it was asked.
        self.state.emit(self._asked.pop(0), "failed", sentence_for(refused))

    @Slot(str, str, str)
    def _on_answered(self, job: str, state: str, why: str) -> None:
        if job not in self._jobs:
            return
        written, printer = self._jobs[job]
        if state == "printed":
            del self._jobs[job]
            self._note(written, "printer", printer)
        else:
            self.state.emit(written.id, state, refusal_sentence(state, why))

    def _note(self, written: WrittenReceipt, word_of: str, printer: str) -> None:
        self.state.emit(written.id, "printed", printer)
        job = partial(note_printed, written, word_of, printer)
        self._runner.ask(self, job, self._on_noted)

    def _on_noted(self, dossier: Dossier) -> None:
        self.noted.emit()


def refusal_sentence(state: str, why: str) -> str:
    """What the clerk reads when no paper came out, or nobody knows whether it did."""
    from desk_app.messages import PRINTER_WORDS

    reason = PRINTER_WORDS.get(why, "")
    if state == "unsure":
        return f"Chưa rõ giấy đã ra chưa{': ' + reason if reason else ''}. Chưa có thì bấm F7."
    return f"Chưa in được{': ' + reason if reason else ''}. Hồ sơ đã lưu, xem máy in rồi bấm F7."
