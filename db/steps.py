"""What happens to a dossier between its receipt and its end: one struct per step.

Every step says when it happened (``at``; a paper signed at three may be keyed at four) and who
acted, by name as it stands on papers. What a step does, and when it is allowed, is in
``db/acts.py``. A promised moment is computed once, by the rules of its day, and written down.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta

from db.parts import (
    ClerkFacts,
    Count,
    Day,
    Dong,
    Kind,
    Limit,
    Line,
    Moment,
    OfficeFacts,
    PaperCount,
    Person,
    ProcedureFacts,
    Short,
    Text,
)

EntryId = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
ObjectId = Annotated[str, Meta(pattern=r"^[0-9a-f]{32}$")]
Sha256 = Annotated[str, Meta(pattern=r"^[0-9a-f]{64}$")]
NoMoment = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2})?$")]
"""A moment, or nothing."""
NoDay = Annotated[str, Meta(pattern=r"^(\d{4}-\d{2}-\d{2})?$")]
"""A day, or nothing."""


class Step(Kind, frozen=True, kw_only=True):
    """One step: when it happened, and who acted."""

    at: Moment
    clerk: ClerkFacts


class Place(Kind, frozen=True):
    """Who holds a dossier: a department, perhaps a person in it; ``office`` when it is another
    office's, by its code. An agency that is no office of ours has a name only."""

    department: Short
    office: Short = ""
    person: Short = ""
    office_name: Short = ""
    """As printed on this dossier's papers; a later renaming does not rewrite them."""


class Asked(Kind, frozen=True):
    """One paper to bring, or to put right, and why."""

    paper: Line
    reason: Line


class PromisedResult(Kind, frozen=True):
    """One of the results a dossier is to end in, with its own time."""

    name: Line
    due_at: Moment
    limit: Limit
    why_due: Line = ""
    agency: Line = ""


# ---------------------------------------------------------------- at the desk


class DossierChecked(Step, frozen=True, kw_only=True):
    """Looked at and not taken in: papers are missing (Mẫu 02) or it is refused (Mẫu 03).

    There is no code yet; a ``dossier.received`` about the same object takes it in later.
    """

    outcome: Literal["incomplete", "refused"]
    procedure: ProcedureFacts
    applicant: Person
    office: OfficeFacts
    counter: Count
    form_set: Short
    channel: Literal["direct", "online", "postal"] = "direct"
    submitter: Person | None = None
    papers: Annotated[tuple[PaperCount, ...], Meta(max_length=60)] = ()
    asked: Annotated[tuple[Asked, ...], Meta(max_length=60)] = ()
    reason: Text = ""
    until: NoDay = ""


class SupplementAsked(Step, frozen=True, kw_only=True):
    """Everything that is missing, in one request (Mẫu 02). The clock stands until it is brought."""

    asked: Annotated[tuple[Asked, ...], Meta(min_length=1, max_length=60)]
    note: Text = ""
    until: NoDay = ""
    """After this day the dossier may be closed."""


class SupplementBrought(Step, frozen=True, kw_only=True):
    """What the citizen brought. Once ``complete`` the clock runs to the new ``due_at``."""

    complete: bool
    papers: Annotated[tuple[PaperCount, ...], Meta(max_length=60)] = ()
    due_at: NoMoment = ""
    why_due: Line = ""
    results: Annotated[tuple[PromisedResult, ...], Meta(max_length=9)] = ()


class DutyAsked(Step, frozen=True, kw_only=True):
    """A financial duty, such as a land tax, is to be met first. The clock stands."""

    what: Line
    amount: Dong = 0
    until: NoDay = ""


class DutyMet(Step, frozen=True, kw_only=True):
    """The duty was met; ``document`` proves it."""

    document: Short
    due_at: NoMoment = ""
    why_due: Line = ""
    results: Annotated[tuple[PromisedResult, ...], Meta(max_length=9)] = ()


# ---------------------------------------------------------------- who has it


class DossierForwarded(Step, frozen=True, kw_only=True):
    """Given out of the hand, with the papers, to who works on it (phiếu kiểm soát).

    ``handover`` is shared by all dossiers of one list. ``until`` is that place's own time.
    """

    to: Place
    handover: ObjectId
    until: NoMoment = ""
    work: Line = ""
    post_item: Short = ""


class DossierTaken(Step, frozen=True, kw_only=True):
    """The receiver signed for it."""

    place: Place


class DossierSentBack(Step, frozen=True, kw_only=True):
    """Back to the counter, unfinished: wrongly forwarded, or something is to be put right."""

    reason: Line


class OpinionAsked(Step, frozen=True, kw_only=True):
    """Another place is asked, and answers by a day."""

    of: Place
    about: Line
    until: NoMoment = ""


class OpinionGiven(Step, frozen=True, kw_only=True):
    """Its answer."""

    answer: Text
    number: Short = ""


# ---------------------------------------------------------------- promises and ends


class DossierExtended(Step, frozen=True, kw_only=True):
    """An apology and a new day (Mẫu 04), signed by the agency that handles the dossier."""

    due_at: Moment
    reason: Line
    agency: Short
    signer: Short = ""
    signer_title: Short = ""
    override: Line = ""
    """Why, although it is the second one or comes too late."""
    results: Annotated[tuple[PromisedResult, ...], Meta(max_length=9)] = ()
    result: Count | None = None
    """Of several results the one put back, by its place; None: the dossier as a whole."""


class DossierStopped(Step, frozen=True, kw_only=True):
    """At the citizen's own wish, before there is a result (2025: Mẫu 05)."""

    reason: Line


class DossierRefused(Step, frozen=True, kw_only=True):
    """Appraised and refused (Mẫu 03); the paper and the originals go back through the counter."""

    reason: Text
    basis: Line = ""


class ResultIssued(Step, frozen=True, kw_only=True):
    """A result was signed; ``result`` is its place among those promised."""

    result: Count = 0
    number: Short = ""
    signed_on: NoDay = ""
    signer: Short = ""
    electronic: bool = False


class ResultArrived(Step, frozen=True, kw_only=True):
    """A result lies at the counter, and where."""

    result: Count = 0
    shelf: Short = ""
    slot: Short = ""


# ---------------------------------------------------------------- to the citizen


class CitizenTold(Step, frozen=True, kw_only=True):
    """The citizen was told, or could not be reached."""

    how: Literal["phone", "sms", "zalo", "email", "in_person", "post"]
    about: Literal["result", "supplement", "delay", "uncollected", "other"]
    reached: bool = True
    text: Line = ""


class ResultReturned(Step, frozen=True, kw_only=True):
    """Handed over, with the originals that were held. Paper left the house: this always counts."""

    results: Annotated[tuple[Count, ...], Meta(max_length=9)] = (0,)
    to: Literal["applicant", "submitter", "authorised"]
    collector: Person
    authorisation: Line = ""
    originals: Annotated[tuple[Line, ...], Meta(max_length=60)] = ()
    signature: Annotated[str, Meta(pattern=r"^([0-9a-f]{64})?$")] = ""
    note: Line = ""
    payment: Short = ""
    """What was paid with it, when something was; an undo takes both back."""


class ResultPosted(Step, frozen=True, kw_only=True):
    """Given to the post, under its item number."""

    results: Annotated[tuple[Count, ...], Meta(max_length=9)] = (0,)
    item: Short
    postman: Short = ""
    address: Line = ""
    originals: Annotated[tuple[Line, ...], Meta(max_length=60)] = ()


class PostConfirmed(Step, frozen=True, kw_only=True):
    """What became of a posted result."""

    item: Short
    outcome: Literal["delivered", "came_back"]
    on: Day


class DossierArchived(Step, frozen=True, kw_only=True):
    """Handed to the archive; ``uncollected`` when nobody fetched the result."""

    box: Short
    uncollected: bool = False
    note: Line = ""


# ---------------------------------------------------------------- money and papers


class FeeTaken(Step, frozen=True, kw_only=True):
    """Money came in. ``payment`` is shared by all dossiers paid at once; the number is that of the
    legal receipt, which is not the slip this program prints."""

    amount: Dong
    how: Literal["cash", "transfer", "post", "online"]
    payment: ObjectId
    what: Line = ""
    receipt_series: Short = ""
    receipt_number: Short = ""


class FeeRefunded(Step, frozen=True, kw_only=True):
    """Money went back."""

    amount: Dong
    how: Literal["cash", "transfer", "post", "online"]
    reason: Line


class PaperDigitised(Step, frozen=True, kw_only=True):
    """One paper as a file: scanned here, or taken from an earlier dossier or result."""

    paper: Line
    how: Literal["scanned", "reused_paper", "reused_result"]
    source: Short = ""


# ---------------------------------------------------------------- what was written by mistake


class StepsSettled(Step, frozen=True, kw_only=True):
    """A person who saw these entries says which were written by mistake and which stand.

    The last word about an entry counts; a mistake stays in the history and does nothing.
    """

    annulled: Annotated[tuple[EntryId, ...], Meta(max_length=60)] = ()
    stand: Annotated[tuple[EntryId, ...], Meta(max_length=60)] = ()
    reason: Line


STEPS: dict[tuple[str, int], type[Step]] = {
    ("dossier.checked", 1): DossierChecked,
    ("supplement.asked", 1): SupplementAsked,
    ("supplement.brought", 1): SupplementBrought,
    ("duty.asked", 1): DutyAsked,
    ("duty.met", 1): DutyMet,
    ("dossier.forwarded", 1): DossierForwarded,
    ("dossier.taken", 1): DossierTaken,
    ("dossier.sentback", 1): DossierSentBack,
    ("opinion.asked", 1): OpinionAsked,
    ("opinion.given", 1): OpinionGiven,
    ("dossier.extended", 1): DossierExtended,
    ("dossier.stopped", 1): DossierStopped,
    ("dossier.refused", 1): DossierRefused,
    ("result.issued", 1): ResultIssued,
    ("result.arrived", 1): ResultArrived,
    ("citizen.told", 1): CitizenTold,
    ("result.returned", 1): ResultReturned,
    ("result.posted", 1): ResultPosted,
    ("post.confirmed", 1): PostConfirmed,
    ("dossier.archived", 1): DossierArchived,
    ("fee.taken", 1): FeeTaken,
    ("fee.refunded", 1): FeeRefunded,
    ("paper.digitised", 1): PaperDigitised,
    ("steps.settled", 1): StepsSettled,
}
