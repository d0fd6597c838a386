"""Mẫu số 02: what a citizen is to bring or put right, all at once."""

from __future__ import annotations

from db.dossier import Dossier
from db.steps import DossierChecked, SupplementAsked
from desk_app.papers import wording
from desk_app.papers.form_parts import Texts, polite, whose
from desk_app.papers.grid import Column
from desk_app.papers.lines import REGULAR
from desk_app.papers.slip import Part, Signer, Slip, maybe, table, text
from desk_app.papers.wording import fill


def supplement_slip(
    dossier: Dossier, number: str, body: SupplementAsked | DossierChecked, texts: Texts, nth: int
) -> Slip:
    """The paper about one request; of a dossier without a code as well."""
    facts = dossier.facts
    note = body.note if isinstance(body, SupplementAsked) else body.reason
    columns = (
        Column(texts["column_number"], 24, "middle"),
        Column(texts["column_paper"], 200),
        Column(texts["column_wanted"], 170),
    )
    rows = [(str(n), each.paper, each.reason) for n, each in enumerate(body.asked, start=1)]
    until = wording.day(texts, body.until + "T00:00:00") if body.until else ""
    closing = fill(
        texts["closing"], clerk=body.clerk.name, phone=facts.office.phone or texts["blank"]
    )
    parts: list[Part] = [
        *whose(facts, texts),
        text((polite(texts["asked"], facts.applicant), REGULAR)),
        table(columns, rows),
        maybe(texts["note"], note),
        maybe(texts["until"], until),
        text((polite(closing, facts.applicant), REGULAR)),
    ]
    return Slip(
        office=facts.office,
        texts=texts,
        at=body.at,
        code=facts.code,
        title=texts["title"],
        number=fill(texts["number"], number=number),
        body=parts,
        signers=(Signer(texts["signer"], body.clerk.name),),
        nth=nth,
    )
