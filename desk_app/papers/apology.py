"""Mẫu số 04: an apology and the new day (2025: văn bản xin lỗi và đề nghị gia hạn)."""

from __future__ import annotations

from db.dossier import Dossier
from db.steps import DossierExtended
from desk_app.papers import wording
from desk_app.papers.form_parts import Texts, nth_of, numbered, polite
from desk_app.papers.lines import BOLD, REGULAR
from desk_app.papers.slip import Signer, Slip, row, text
from desk_app.papers.wording import fill


def apology(dossier: Dossier, entry: str, body: DossierExtended, texts: Texts, nth: int) -> Slip:
    """The letter about one extension; signed and sealed by who handles the dossier."""
    facts = dossier.facts
    promised = _promised_before(dossier, entry, body)

    def said(name: str, **values: str) -> str:
        return polite(fill(texts[name], **values), facts.applicant)

    paragraphs = (
        said(
            "received",
            at=wording.hour_and_day(texts, facts.received_at),
            desk=facts.office.desk_line.capitalize(),
            person=facts.applicant.name,
            request=facts.procedure.name,
            code=facts.code,
        ),
        said("promised", at=wording.hour_and_day(texts, promised)),
        said("however", agency=body.agency, reason=body.reason),
        said("sorry", agency=body.agency, person=facts.applicant.name),
        said("again", at=wording.hour_and_day(texts, body.due_at), office=facts.office.name),
        said("closing"),
    )
    return Slip(
        office=facts.office,
        texts=texts,
        at=body.at,
        code=facts.code,
        title=texts["title"],
        number=said("number", number=numbered(facts, nth_of(dossier, entry))),
        body=[
            row(texts["dear"], facts.applicant.name, BOLD),
            *(text((each, REGULAR)) for each in paragraphs),
        ],
        signers=(Signer(body.signer_title or texts["signer"], body.signer, texts["sign_seal"]),),
        recipients=texts["recipients"].split("|"),
        nth=nth,
    )


def _promised_before(dossier: Dossier, entry: str, body: DossierExtended) -> str:
    """The moment that was promised when the letter was written; of several results, of the one
    that is put back."""
    facts, place = dossier.facts, body.result
    if place is not None and place >= len(facts.results):
        place = None
    due = facts.due_at if place is None else facts.results[place].due_at
    for event in dossier.history:
        if event.id == entry:
            break
        if event.id in dossier.life.annulled:
            continue
        said, each = getattr(event.body, "due_at", ""), getattr(event.body, "results", ())
        if place is None:
            due = said if said and getattr(event.body, "result", None) is None else due
        elif getattr(event.body, "result", None) == place:
            due = said
        elif said and each:
            due = each[place].due_at
    return due
