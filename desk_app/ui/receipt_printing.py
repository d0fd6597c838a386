"""From a saved dossier to paper: write the PDF, hand it to the printers, note what came of it.

A paper counts as printed only on the printer's word, or on the clerk's.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal, Slot

if TYPE_CHECKING:
    from collections.abc import Callable

    from db.dossier import Dossier
    from db.refused import Refused
    from desk_app.desk import Desk
    from desk_app.devices.printing import PrintDesk
    from desk_app.devices.spooler import Size
    from desk_app.services.forwarding import Handover
    from desk_app.services.handovers import GivenOver
    from desk_app.services.receipts import WrittenPaper
    from desk_app.ui.runner import Runner


def write(id: bytes, desk: Desk) -> tuple[WrittenPaper, str, Size]:
    """The receipt as a file, the printer it goes to, the size of the paper."""
    from desk_app.services.receipts import write_receipt

    return write_receipt(desk, id), desk.settings.printer, desk.settings.paper


def write_other(id: bytes, form: str, entry: str, desk: Desk) -> tuple[WrittenPaper, str, Size]:
    """The same for another form, by the entry it is about."""
    from desk_app.services.slips import write_slip, write_ticket

    if form == "ticket" and desk.settings.ticket_printer:
        return write_ticket(desk, id), desk.settings.ticket_printer, "raw"
    return write_slip(desk, id, form, entry), desk.settings.printer, desk.settings.paper


def write_many(id: bytes, desk: Desk) -> tuple[WrittenPaper, str, Size]:
    """One receipt for all dossiers of this person today."""
    from desk_app.services.slips import write_together

    return write_together(desk, id), desk.settings.printer, "A4"


def write_list(given: Handover | GivenOver, desk: Desk) -> tuple[WrittenPaper, str, Size]:
    """The same for a list of what was given over together."""
    from desk_app.services.handovers import GivenOver, of_handover, write_given

    given = given if isinstance(given, GivenOver) else of_handover(desk, given)
    return write_given(desk, given), desk.settings.printer, "A4"


def write_list_of(id: bytes, form: str, entry: str, desk: Desk) -> tuple[WrittenPaper, str, Size]:
    """The same for the list that a dossier was given over on, by an entry or last."""
    from desk_app.services.handovers import list_of, write_given

    return write_given(desk, list_of(desk, id, entry, form)), desk.settings.printer, "A4"


def note_printed(written: WrittenPaper, word_of: str, printer: str, desk: Desk) -> Dossier:
    """Record that paper came out."""
    from desk_app.services.receipts import paper_printed

    return paper_printed(desk, written, "printer" if word_of == "printer" else "clerk", printer)


class ReceiptPrinting(QObject):
    """Prints receipts and the other forms, one job a paper.

    Signals:
        other: dossier id, form, then as ``state``, for every form but the receipt; "refused" when
            there is no such paper.
        state: dossier id, then "writing", "printing", "printed", "failed" or "unsure", then the
            printer's name or the sentence that says why not.
        noted: a print went into the journal; counts of unprinted dossiers have changed.
    """

    state = Signal(bytes, str, str)
    other = Signal(bytes, str, str, str)
    noted = Signal()

    def __init__(self, runner: Runner, printing: PrintDesk, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._runner = runner
        self._printing = printing
        self._jobs: dict[str, tuple[WrittenPaper, str]] = {}
        self._asked: list[tuple[bytes, str]] = []
        printing.answered.connect(self._on_answered)

    def print_receipt(self, id: bytes) -> None:
        """Print the receipt of this dossier; a reprint says so on the paper."""
        self._ask(id, "01", partial(write, id))

    def print_slip(self, id: bytes, form: str = "", entry: str = "") -> None:
        """Print another form about an entry; without one, about the newest it fits.

        Of several dossiers: one receipt for all that its person handed in that day, or the list it
        was given over on.
        """
        if form == "many":
            self._ask(id, form, partial(write_many, id))
        elif form in ("handover", "results"):
            self._ask(id, form, partial(write_list_of, id, form, entry))
        else:
            self._ask(id, form, partial(write_other, id, form, entry))

    def print_list(self, given: Handover | GivenOver) -> None:
        """Print a list of dossiers, or results, that were given over together."""
        self._ask(bytes.fromhex(given.dossiers[0].id), "handover", partial(write_list, given))

    def _ask(
        self, id: bytes, form: str, job: Callable[[Desk], tuple[WrittenPaper, str, Size]]
    ) -> None:
        self._asked.append((id, form))
        self._tell(id, form, "writing", "")
        self._runner.ask(self, job, self._on_written, self._on_refused)

    def _tell(self, id: bytes, form: str, state: str, detail: str) -> None:
        if form == "01":
            self.state.emit(id, state, detail)
        else:
            self.other.emit(id, form, state, detail)

    def clerk_saw_paper(self, id: bytes) -> None:
        """The clerk says that the paper of the last try did come out."""
        for job, (written, printer) in list(self._jobs.items()):
            if (written.id, written.form) == (id, "01"):
                del self._jobs[job]
                self._note(written, "clerk", printer)

    def _on_written(self, answer: tuple[WrittenPaper, str, Size]) -> None:
        written, printer, size = answer
        # The worker answers in the order in which it was asked.
        self._asked.pop(0)
        about = (written.id, written.form, written.entry)
        for job, (old, _) in list(self._jobs.items()):
            if (old.id, old.form, old.entry) == about:
                del self._jobs[job]
        job = f"{written.id.hex()}-{written.form}-{written.entry[:8]}-{written.nth}"
        self._jobs[job] = (written, printer)
        self._tell(written.id, written.form, "printing", printer)
        self._printing.request(job, written.path, printer, size)

    def _on_refused(self, refused: Refused) -> None:
        from desk_app.messages import sentence_for

        id, form = self._asked.pop(0)
        # No printer was asked: it is not the one to look at.
        state = "failed" if form == "01" else "refused"
        self._tell(id, form, state, sentence_for(refused))

    @Slot(str, str, str)
    def _on_answered(self, job: str, state: str, why: str) -> None:
        if job not in self._jobs:
            return
        written, printer = self._jobs[job]
        if state == "printed":
            del self._jobs[job]
            self._note(written, "printer", printer)
        else:
            self._tell(written.id, written.form, state, refusal_sentence(state, why))

    def _note(self, written: WrittenPaper, word_of: str, printer: str) -> None:
        self._tell(written.id, written.form, "printed", printer)
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
