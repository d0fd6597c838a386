"""How a dossier begins: received, only looked at, or known from its receipt alone. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from db.dossier import Event, Flag
from db.kinds import DossierReceived, DossierRecovered
from db.letters import LETTERS
from db.life import Life
from db.living import not_taken_in
from db.parts import ClerkFacts, Limit, OfficeFacts, Person, ProcedureFacts
from db.steps import DossierChecked


def beginning(
    obj: str, events: Sequence[Event]
) -> tuple[DossierReceived | None, Life | None, list[Flag]]:
    """What was received, or only looked at, and how that begins; from the paper alone while the
    entry that says so is missing."""
    receipts = [e for e in events if isinstance(e.body, DossierReceived)]
    if receipts:
        twice = tuple(e.id for e in receipts)
        assert isinstance(receipts[0].body, DossierReceived)
        return receipts[0].body, None, [Flag("received_twice", twice)] if len(twice) > 1 else []
    for event in events:
        if isinstance(event.body, DossierRecovered):
            return _from_paper(event, event.body), None, [Flag("recovered", (event.id,))]
    looked = [e.body for e in events if isinstance(e.body, DossierChecked)]
    if not looked:
        return None, None, []
    return _looked_at(looked[-1], local_code(obj)), not_taken_in(looked[0]), []


def taken_in(events: Sequence[Event]) -> str:
    """The entry a dossier's life begins with; empty when it was not taken in."""
    return next((e.id for e in events if isinstance(e.body, DossierReceived)), "")


def local_code(obj: str) -> str:
    """What a dossier without a code is called on its papers: the same at every node."""
    number = int(obj, 16)
    return "HD-" + "".join(LETTERS[number >> 5 * place & 31] for place in range(7))


def _from_paper(event: Event, paper: DossierRecovered) -> DossierReceived:
    """What a receipt says, as far as it says it."""
    return DossierReceived(
        code=paper.code,
        procedure=ProcedureFacts(paper.procedure, paper.procedure, paper.procedure, "", ""),
        channel="direct",
        received_at=event.at,
        applicant=Person(paper.applicant),
        limit=Limit("unknown"),
        due_at=paper.due_at,
        why_due="",
        office=OfficeFacts(paper.code.rsplit("-", 2)[0], "", "", "", ""),
        counter=0,
        clerk=ClerkFacts(event.by, event.by),
        form_set="",
    )


def _looked_at(body: DossierChecked, code: str) -> DossierReceived:
    """What is known of a dossier that was not taken in; it promises nothing."""
    return DossierReceived(
        code=code,
        procedure=body.procedure,
        channel=body.channel,
        received_at=body.at,
        applicant=body.applicant,
        submitter=body.submitter,
        papers=body.papers,
        limit=Limit("unknown"),
        due_at=body.at,
        why_due="",
        office=body.office,
        counter=body.counter,
        clerk=body.clerk,
        form_set=body.form_set,
    )
