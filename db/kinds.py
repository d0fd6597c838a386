"""What can happen: one struct per kind and version. Kinds are added, never changed.

Read this file as the specification of every entry's ``body``. Money is in đồng. A moment is local
time with offset, ``2026-11-26T09:41:00+07:00``; a day is ``2026-11-26``. There are no floats: a
time limit is counted in halves, so that three and a half working days is ``halves=7``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from db.parts import (
    ClerkFacts,
    Count,
    Day,
    Fee,
    FeeRule,
    Kind,
    Limit,
    Line,
    Minute,
    Moment,
    OfficeFacts,
    PaperCount,
    Person,
    ProcedureFacts,
    Short,
    Text,
)
from db.steps import STEPS, PromisedResult


class Sender(Kind, frozen=True):
    """Where a dossier that was not keyed at this counter comes from; ``ref`` is theirs."""

    ref: Short


# ---------------------------------------------------------------- dossiers


class BookLine(Kind, frozen=True):
    """Where a dossier stands in the book of its year (sổ theo dõi hồ sơ): drawn with its code, and
    never another one, since the book and the receipt are on paper."""

    volume: Count
    number: Annotated[int, Meta(ge=1)]
    """Counts from 1 to the end of the year (TT 01/2018 Art. 10.2)."""


class DossierReceived(Kind, frozen=True):
    """A dossier was accepted and the citizen was promised a moment (Mẫu 01)."""

    code: Short
    procedure: ProcedureFacts
    channel: Literal["direct", "online", "postal"]
    received_at: Moment
    applicant: Person
    limit: Limit
    due_at: Moment
    why_due: Line
    office: OfficeFacts
    counter: Count
    clerk: ClerkFacts
    form_set: Short
    provisional: bool = False
    submitter: Person | None = None
    papers: Annotated[tuple[PaperCount, ...], Meta(max_length=60)] = ()
    sets: Annotated[int, Meta(ge=1, le=999)] = 1
    due_override: Line = ""
    fee: Fee = Fee()
    delivery: Literal["counter", "post", "electronic"] = "counter"
    purpose: Line = ""
    note: Text = ""
    ticked_together: bool = False
    confirmed: tuple[Short, ...] = ()
    """Warnings the clerk saw and went past, by name."""
    sender: Sender | None = None
    results: Annotated[tuple[PromisedResult, ...], Meta(max_length=9)] = ()
    """Each result with its own time, when there are several; ``due_at`` is the last of them."""
    book: BookLine | None = None


class ReceiptPrinted(Kind, frozen=True):
    """Paper came out: the printer said so, or the clerk did. ``nth`` 2 = "BẢN IN LẦN 2".

    ``of`` is the entry the paper is about; empty for the receipt (Mẫu 01).
    """

    form: Short
    nth: Annotated[int, Meta(ge=1)]
    word_of: Literal["printer", "clerk", "file"]
    printer: Short = ""
    pdf_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] = ""
    of: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    texts: Annotated[tuple[Short, ...], Meta(max_length=500)] = ()
    """Which ``text.published`` it was made with, by the first 16 digits of their ids, so that it
    can be printed again as it was; none: the words of the form as they were published."""
    form_set: Short = ""
    """Whose forms it has, when they are not those of the receipt."""


class DossierCorrected(Kind, frozen=True):
    """Facts of a received dossier were put right; the code never changes.

    ``changes`` maps a path of ``CORRECTABLE`` to its new value.
    """

    changes: dict[str, Any]
    reason: Line


class DossierVoided(Kind, frozen=True):
    """Taken in by mistake. The code is never used again."""

    reason: Line


class NoteAdded(Kind, frozen=True):
    """An internal remark; never printed."""

    text: Text


class DossierRecovered(Kind, frozen=True):
    """A dossier of which only the paper was left: what its signed receipt says.

    ``signature`` is the receipt's own, by ``dev``, over the text of its QR code. Once the entry
    that received the dossier turns up, that one is what counts.
    """

    code: Short
    procedure: Short
    applicant: Short
    due_at: Moment
    dev: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    ep: Annotated[str, Meta(pattern=r"^[0-9a-f]{16}$")]
    seq: Annotated[int, Meta(ge=1, lt=2**53)]
    signature: Short


class DossierRecoded(Kind, frozen=True):
    """Another code, because two dossiers bore the same one; the old one still finds it."""

    code: Short
    reason: Line


class DossierLinked(Kind, frozen=True):
    """What a person says of two dossiers that look like one matter: ``same`` or ``distinct``."""

    other: Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
    how: Literal["same", "distinct"]
    reason: Line = ""


class FileAttached(Kind, frozen=True):
    """A scanned paper of the dossier. The entry goes first, the file itself follows by its hash."""

    sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    size: Annotated[int, Meta(ge=1, le=20_000_000)]
    """Bytes."""
    media_type: Short
    name: Short
    paper: Line = ""
    pages: Count = 0


CORRECTABLE = (
    *(f"applicant.{f}" for f in Person.__struct_fields__),
    "submitter",
    "papers",
    "sets",
    "procedure",
    "limit",
    "due_at",
    "why_due",
    "due_override",
    "fee",
    "delivery",
    "purpose",
)

# ---------------------------------------------------------------- what the office decides


class ProcedurePaper(Kind, frozen=True):
    """One paper a procedure asks for."""

    name: Line
    originals: Count = 0
    certified: Count = 0
    copies: Count = 0
    shown: bool = False
    required: bool = True


class ProcedureResult(Kind, frozen=True):
    """One of several results of a procedure, and its own time."""

    name: Line
    limit: Limit
    agency: Line = ""


class ProcedurePublished(Kind, frozen=True):
    """One version of a procedure of the catalogue, in force from a day."""

    code: Short
    name: Line
    short_name: Annotated[str, Meta(max_length=28)]
    short_form: Annotated[str, Meta(pattern=r"^[a-z0-9]{1,8}$")]
    field: Short
    level: Short
    limit: Limit
    fee: FeeRule
    valid_from: Day
    valid_to: Day | None = None
    fee_text: Line = ""
    papers: tuple[ProcedurePaper, ...] = ()
    purpose_label: Short = ""
    result: Line = ""
    decision: Line = ""
    agency: Line = ""
    verified: bool = False
    source: Line = ""
    withdrawn: bool = False
    results: Annotated[tuple[ProcedureResult, ...], Meta(max_length=9)] = ()
    after_supplement: Literal["", "restart", "pause"] = ""
    """What the clock does once a supplement is complete; empty = as the regime says."""


class OpenHours(Kind, frozen=True):
    """When the desk is open on some weekdays (0 = Monday) of a season, in minutes of the day."""

    weekdays: tuple[int, ...]
    intervals: tuple[tuple[Minute, Minute], ...]
    season_from: Annotated[str, Meta(pattern=r"^\d{2}-\d{2}$")] = "01-01"
    season_to: Annotated[str, Meta(pattern=r"^\d{2}-\d{2}$")] = "12-31"
    valid_from: Day = "2000-01-01"
    valid_to: Day | None = None
    counts: bool = True
    """Whether these days count in time limits (a Saturday morning on duty does not)."""


class Department(Kind, frozen=True):
    """A part of an office that works on dossiers of some fields."""

    name: Short
    fields: Annotated[tuple[Short, ...], Meta(max_length=60)] = ()
    chief: Short = ""


class OfficePublished(Kind, frozen=True):
    """An office: its names on paper, its hours, how it numbers dossiers."""

    facts: OfficeFacts
    statistic_code: Short
    parent: Short
    level: Short
    valid_from: Day
    valid_to: Day | None = None
    hours: tuple[OpenHours, ...] = ()
    return_minute: Minute = 990
    """Minute of the day printed as the promise when a limit is counted in days (16:30)."""
    cut_off_minute: Minute = 900
    code_pattern: Short = "{office}-{date}-{number:04d}"
    block_size: Count = 500
    blocks: Count = 20
    departments: Annotated[tuple[Department, ...], Meta(max_length=60)] = ()
    reasons: Annotated[tuple[Line, ...], Meta(max_length=60)] = ()
    """Phrases for what is wrong with a paper, the most used first."""
    signer: Short = ""
    signer_title: Short = ""
    shelves: Annotated[tuple[Short, ...], Meta(max_length=60)] = ()
    uncollected_days: Count = 30
    """Days on the shelf after which a result counts as not fetched."""


class CalendarDay(Kind, frozen=True):
    """A day that is not what its weekday says."""

    day: Day
    kind: Literal["off", "half", "worked"]
    reason: Short
    source: Line = ""


class CalendarPublished(Kind, frozen=True):
    """All exceptions of one year; a year that was not published is unknown."""

    year: Annotated[int, Meta(ge=2000, le=2100)]
    days: tuple[CalendarDay, ...]
    source: Line = ""


class FormPublished(Kind, frozen=True):
    """The fixed wording of a statutory form under one regime."""

    form: Short
    form_set: Short
    legal_basis: Line
    valid_from: Day
    texts: dict[str, Line]
    valid_to: Day | None = None


class TextPublished(Kind, frozen=True):
    """One text of the papers from a day on, in place of what the form says.

    ``form_set`` is empty for the names of an office and its signer (``form`` "office").
    """

    office: Short
    """Whose papers, by statistic code; empty: everybody's below the server that writes it."""
    form: Short
    form_set: Short
    text: Short
    says: Annotated[str, Meta(max_length=100_000)] | None
    """None: again what the form says. A logo is a ``data:image/png`` URL."""
    valid_from: Day
    reason: Line
    at: Moment
    clerk: ClerkFacts


class RegimePublished(Kind, frozen=True):
    """What one decree says of the clock; a dossier keeps the regime of its receipt.

    ``regime`` is also the ``form_set`` of its forms. Numbers nobody could verify are here, and not
    in the program, so that the office can put them right.
    """

    regime: Short
    legal_basis: Line
    valid_from: Day
    valid_to: Day | None = None
    after_supplement: Literal["restart", "pause"] = "restart"
    supplement_days: Count = 3
    """Working days from the receipt within which a supplement may be asked."""
    supplements: Count = 1
    """Requests after which one more is warned of."""
    apology_days: Count = 1
    """Days before the promised one by which the apology is written."""
    extensions: Count = 1
    forward_minute: Minute = 900
    """Received later in the day than this, a dossier may be forwarded the next morning."""
    stop_form: bool = False
    """Whether there is a notice of its own when the citizen asks to stop."""
    later_papers: Literal["received", "printed"] = "received"
    """Whose forms a paper after the receipt has while this decree is in force: those of the day its
    dossier was received, or of the day it is printed."""
    source: Line = ""


class ClerkRegistered(Kind, frozen=True):
    """A person who may sign in; ``verifier`` is an argon2id string."""

    login: Annotated[str, Meta(pattern=r"^[a-z0-9._-]{1,32}$")]
    name: Short
    role: Literal["clerk", "officer", "chief"]
    verifier: Line
    disabled: bool = False
    department: Short = ""
    """Where an officer works."""


class CounterEnrolled(Kind, frozen=True):
    """A machine that may issue codes, its public key and its number blocks."""

    device: Short
    public_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    office: Short
    number: Annotated[int, Meta(ge=1, le=99)]
    active_block: int
    reserve_block: int
    volume: Count = 0
    """Which volume of the office's book of the year it keeps; 0: that of the counter's number."""


class CounterRevoked(Kind, frozen=True):
    """A machine that is no counter any more: stolen, replaced, or a copy of another."""

    device: Short
    reason: Line
    at: Moment


# ---------------------------------------------------------------- the list

KINDS: dict[tuple[str, int], type[Kind]] = {
    ("dossier.received", 1): DossierReceived,
    ("dossier.corrected", 1): DossierCorrected,
    ("dossier.voided", 1): DossierVoided,
    ("receipt.printed", 1): ReceiptPrinted,
    ("note.added", 1): NoteAdded,
    ("dossier.recovered", 1): DossierRecovered,
    ("dossier.recoded", 1): DossierRecoded,
    ("dossier.linked", 1): DossierLinked,
    ("file.attached", 1): FileAttached,
    ("procedure.published", 1): ProcedurePublished,
    ("office.published", 1): OfficePublished,
    ("calendar.published", 1): CalendarPublished,
    ("form.published", 1): FormPublished,
    ("text.published", 1): TextPublished,
    ("regime.published", 1): RegimePublished,
    ("clerk.registered", 1): ClerkRegistered,
    ("counter.enrolled", 1): CounterEnrolled,
    ("counter.revoked", 1): CounterRevoked,
    **STEPS,
}
"""Kind name and version to the shape of its body. Unknown ones are stored, fed, and shown so."""

NAME_OF: dict[type[Kind], tuple[str, int]] = {shape: name for name, shape in KINDS.items()}

OFFICE_KINDS = frozenset(
    name
    for name, version in KINDS
    if (name, version) not in STEPS
    and not name.startswith(("dossier.", "receipt.", "note.", "file."))
)
"""Kinds that only an office's own node, or one above it, may write."""


def read_body(kind: str, version: int, body: object) -> Kind | None:
    """The body as its struct; None for a kind this program does not know yet.

    Raises:
        msgspec.ValidationError: the kind is known and the body is not of its shape.
    """
    shape = KINDS.get((kind, version))
    return None if shape is None else msgspec.convert(body, shape)
