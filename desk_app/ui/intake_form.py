"""What the clerk has entered so far: plain values that outlive the widgets and the power.

Kept apart from the widgets so that a form can be parked, saved as a draft and opened again. Texts
are as typed; the service reads them when the dossier is saved.
"""

from __future__ import annotations

import os
from dataclasses import asdict, dataclass, field, fields, replace
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from db.kinds import ProcedurePublished

Source = Literal["", "card", "hand", "known"]


@dataclass(frozen=True)
class PersonEntry:
    """A person as typed or as read from a card."""

    name: str = ""
    id_number: str = ""
    born: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    kind: str = "citizen"
    representative: str = ""
    source: Source = ""
    known: bool = False
    """Has handed in dossiers here before."""
    doubts: tuple[str, ...] = ()
    """Fields a damaged card left uncertain, until the clerk has typed or confirmed them."""
    by_hand: tuple[str, ...] = ()
    """Fields the clerk changed after the card or the earlier dossier had filled them."""

    @property
    def empty(self) -> bool:
        """Nothing of a person yet."""
        return not (self.name or self.id_number)


@dataclass
class PaperRow:
    """One line of the papers: what the procedure asks for, or a free line of the clerk's."""

    name: str
    originals: int = 0
    certified: int = 0
    copies: int = 0
    shown: bool = False
    required: bool = False
    ticked: bool = False
    free: bool = False


@dataclass
class IntakeForm:
    """One dossier being taken in. Its id is drawn when the form opens, so saving twice is once."""

    id: str = field(default_factory=lambda: os.urandom(16).hex())
    applicant: PersonEntry = PersonEntry()
    submitter: PersonEntry | None = None
    procedure: str = ""
    papers: list[PaperRow] = field(default_factory=list)
    pages: str = ""
    copies: str = ""
    fee_how: str = "cash"
    fee_reason: str = ""
    delivery: str = "counter"
    purpose: str = ""
    note: str = ""
    due_day: str = ""
    due_reason: str = ""
    ticked_together: bool = False
    confirmed: set[str] = field(default_factory=set)

    @property
    def empty(self) -> bool:
        """Nothing anybody would miss."""
        return self.applicant.empty and self.submitter is None and not self.procedure

    @property
    def has_work(self) -> bool:
        """More than one scan would bring back."""
        return bool(not self.empty and (self.procedure or self.applicant.source != "card"))

    @property
    def at_the_desk(self) -> PersonEntry:
        """The person who stands there: the submitter, else the applicant."""
        return self.submitter or self.applicant

    def take_procedure(self, procedure: ProcedurePublished) -> None:
        """Another procedure brings its own papers; free lines stay."""
        self.procedure = procedure.code
        self.papers = [
            PaperRow(p.name, p.originals, p.certified, p.copies, p.shown, p.required)
            for p in procedure.papers
        ] + [row for row in self.papers if row.free]
        self.pages = self.copies = "1" if procedure.fee.kind == "pages" else ""
        if procedure.fee.kind == "copy":
            self.copies = "1"
        self.due_day = self.due_reason = self.fee_reason = ""
        self.fee_how = "cash"
        self.ticked_together = False

    def next_for_same_person(self) -> IntakeForm:
        """Another dossier of the same people, nothing typed again."""
        return IntakeForm(applicant=self.applicant, submitter=self.submitter)

    def reopened(self) -> IntakeForm:
        """The same content as a new dossier, as after undoing one that had been saved."""
        return replace(self, id=os.urandom(16).hex())

    def missing(self) -> list[PaperRow]:
        """Required papers that are not ticked."""
        return [row for row in self.papers if row.required and not row.ticked]

    def to_draft(self) -> dict[str, Any]:
        """As JSON can hold it."""
        return asdict(self) | {"confirmed": sorted(self.confirmed)}

    @classmethod
    def from_draft(cls, saved: dict[str, Any]) -> IntakeForm:
        """The form a draft was made of. Fields of other versions of the program are left out."""
        known = {f.name for f in fields(cls)}
        form = cls(**{name: value for name, value in saved.items() if name in known})
        form.applicant = _person(saved.get("applicant") or {})
        form.submitter = _person(saved["submitter"]) if saved.get("submitter") else None
        form.papers = [PaperRow(**row) for row in saved.get("papers", ())]
        form.confirmed = set(saved.get("confirmed", ()))
        return form


def _person(saved: dict[str, Any]) -> PersonEntry:
    known = {f.name for f in fields(PersonEntry)}
    kept = {name: value for name, value in saved.items() if name in known}
    lists = {name: tuple(kept.get(name, ())) for name in ("doubts", "by_hand")}
    return PersonEntry(**kept | lists)
