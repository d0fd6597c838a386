"""What can happen: one struct per kind and version. Kinds are added, never changed.

Read this file as the specification of every entry's ``body``. Money is in đồng. A moment is local
time with offset, ``2026-11-26T09:41:00+07:00``; a day is ``2026-11-26``. There are no floats: a
time limit is counted in halves, so that three and a half working days is ``halves=7``.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

Short = Annotated[str, Meta(max_length=200)]
Line = Annotated[str, Meta(max_length=1_000)]
Text = Annotated[str, Meta(max_length=4_000)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$")]
Born = Annotated[str, Meta(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
Dong = Annotated[int, Meta(ge=0, le=1_000_000_000_000)]
Count = Annotated[int, Meta(ge=0, le=9_999)]
Minute = Annotated[int, Meta(ge=0, le=1_440)]


class Kind(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body of an entry, or a part of one."""


# ---------------------------------------------------------------- parts


class Person(Kind, frozen=True):
    """An applicant or a submitter, as written on the receipt. Identity numbers are text."""

    name: Short
    kind: Literal["citizen", "business", "state_body", "organisation", "other"] = "citizen"
    id_number: Short = ""
    id_kind: Literal["", "personal", "cmnd", "passport", "tax", "other"] = ""
    born: Born = ""
    sex: Literal["", "Nam", "Nữ"] = ""
    address: Line = ""
    phone: Annotated[str, Meta(pattern=r"^(0\d{9,10})?$")] = ""
    email: Short = ""
    representative: Short = ""


class PaperCount(Kind, frozen=True):
    """One paper of a dossier and how many of it were handed in; ``shown`` was only looked at."""

    name: Line
    originals: Count = 0
    certified: Count = 0
    copies: Count = 0
    shown: bool = False


class Limit(Kind, frozen=True):
    """How long a procedure may take. ``halves`` counts half units: 7 halves = 3.5."""

    unit: Literal["working_days", "calendar_days", "hours", "same_day", "unknown"]
    halves: Annotated[int, Meta(ge=0, le=2_000)] = 0
    cut_off: bool = False
    """Received after 15:00 counts as received the next working day."""


class FeeRule(Kind, frozen=True):
    """What a procedure costs. ``pages``: per page with a cheaper tail and a cap per copy."""

    kind: Literal["free", "case", "copy", "pages", "unknown"]
    amount: Dong = 0
    first_pages: Count = 0
    then_amount: Dong = 0
    cap: Dong = 0


class Fee(Kind, frozen=True):
    """What is asked for this dossier and how it is paid."""

    amount: Dong = 0
    how: Literal["cash", "transfer", "post", "online", "exempt", "none"] = "none"
    reason: Line = ""
    pages: Count = 0
    copies: Count = 0


class ProcedureFacts(Kind, frozen=True):
    """The procedure a dossier was received under; ``version`` is the id of its entry."""

    code: Short
    name: Line
    short_name: Short
    field: Short
    version: Short


class OfficeFacts(Kind, frozen=True):
    """The names printed on this dossier's papers; a later renaming does not rewrite them."""

    code: Short
    name: Short
    upper_line: Short
    desk_line: Short
    place: Short
    phone: Short = ""
    address: Line = ""
    lookup_url: Short = ""


class ClerkFacts(Kind, frozen=True):
    """Who did it."""

    login: Short
    name: Short


class Sender(Kind, frozen=True):
    """Where a dossier that was not keyed at this counter comes from; ``ref`` is theirs."""

    ref: Short


# ---------------------------------------------------------------- dossiers


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


class ReceiptPrinted(Kind, frozen=True):
    """Paper came out: the printer said so, or the clerk did. ``nth`` 2 = "BẢN IN LẦN 2"."""

    form: Short
    nth: Annotated[int, Meta(ge=1)]
    word_of: Literal["printer", "clerk", "file"]
    printer: Short = ""
    pdf_sha256: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")] = ""


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


class ClerkRegistered(Kind, frozen=True):
    """A person who may sign in; ``verifier`` is an argon2id string."""

    login: Annotated[str, Meta(pattern=r"^[a-z0-9._-]{1,32}$")]
    name: Short
    role: Literal["clerk", "chief"]
    verifier: Line
    disabled: bool = False


class CounterEnrolled(Kind, frozen=True):
    """A machine that may issue codes, its public key and its number blocks."""

    device: Short
    public_key: Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
    office: Short
    number: Annotated[int, Meta(ge=1, le=99)]
    active_block: int
    reserve_block: int


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
    ("clerk.registered", 1): ClerkRegistered,
    ("counter.enrolled", 1): CounterEnrolled,
    ("counter.revoked", 1): CounterRevoked,
}
"""Kind name and version to the shape of its body. Unknown ones are stored, fed, and shown so."""

NAME_OF: dict[type[Kind], tuple[str, int]] = {shape: name for name, shape in KINDS.items()}

OFFICE_KINDS = frozenset(
    name for name, _ in KINDS if not name.startswith(("dossier.", "receipt.", "note.", "file."))
)
"""Kinds that only an office's own node, or one above it, may write."""


def read_body(kind: str, version: int, body: object) -> Kind | None:
    """The body as its struct; None for a kind this program does not know yet.

    Raises:
        msgspec.ValidationError: the kind is known and the body is not of its shape.
    """
    shape = KINDS.get((kind, version))
    return None if shape is None else msgspec.convert(body, shape)
