"""How a dossier begins: received, only looked at, or known from its receipt alone. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from db.dossier import Event, Flag
from db.kinds import DossierReceived, DossierRecovered
from db.letters import LETTERS
from db.life import Life
from db.living import begun, not_taken_in
from db.parts import ClerkFacts, Limit, OfficeFacts, Person, ProcedureFacts
from db.steps import DossierChecked

_LOCAL = "HD-"


class Beginning(NamedTuple):
    """What is known first, how its life begins, and what that contradicts."""

    facts: DossierReceived
    life: Life
    flags: list[Flag]


def receipt_first(
    events: Sequence[Event], above: Mapping[str, frozenset[str]]
) -> tuple[list[Event], str]:
    """The events with the receipt before all that did not go before it, and its id; empty when the
    dossier was not taken in.

    What its writer had seen is over with it; what happened beside it comes after it everywhere.
    """
    receipt = next((e.id for e in events if isinstance(e.body, DossierReceived)), "")
    before = above[receipt] if receipt else frozenset()
    return sorted(events, key=lambda e: (e.id not in before, e.id != receipt)), receipt


def beginning(obj: str, events: Sequence[Event], receipt: str) -> Beginning | None:
    """What was looked at, or received; from the paper alone while the entry that says so is
    missing. None: nothing of it has arrived."""
    received = [e for e in events if isinstance(e.body, DossierReceived)]
    twice = tuple(e.id for e in received)
    flags = [Flag("received_twice", twice)] if len(twice) > 1 else []
    looked = []
    for event in events:
        if event.id == receipt:
            break
        if isinstance(event.body, DossierChecked):
            looked.append(event.body)
    paper = next((e for e in events if isinstance(e.body, DossierRecovered)), None)
    if looked and (received or paper is None):
        facts = _looked_at(looked[-1], local_code(obj))
        return Beginning(facts, not_taken_in(looked[0]), flags)
    if received:
        assert isinstance(received[0].body, DossierReceived)
        facts = received[0].body
    elif paper is not None:
        assert isinstance(paper.body, DossierRecovered)
        facts = _from_paper(paper, paper.body)
        flags = [Flag("recovered", (paper.id,))]
    else:
        return None
    return Beginning(facts, begun(facts), flags)


def local_code(obj: str) -> str:
    """What a dossier without a code is called on its papers: the same at every node."""
    number = int(obj, 16)
    return _LOCAL + "".join(LETTERS[number >> 5 * place & 31] for place in range(7))


def is_taken_in(code: str) -> bool:
    """Whether a dossier with this code was ever taken in, also when it is void since."""
    return not code.startswith(_LOCAL)


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
