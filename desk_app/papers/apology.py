"""Mẫu số 04: an apology and the new day (2025: văn bản xin lỗi và đề nghị gia hạn)."""

from __future__ import annotations

from db.dossier import Dossier
from db.steps import DossierExtended
from desk_app.papers import wording
from desk_app.papers.form_parts import Texts, polite
from desk_app.papers.lines import BOLD, REGULAR
from desk_app.papers.slip import Signer, Slip, row, text
from desk_app.papers.wording import fill


def apology(
    dossier: Dossier, before: Dossier, number: str, body: DossierExtended, texts: Texts, nth: int
) -> Slip:
    """The letter about one extension; signed and sealed by who handles the dossier.

    ``before``: the dossier as it stood when it was written, with the promise that is broken; of
    several results, that of the one which is put back.
    """
    facts, results = dossier.facts, before.life.results
    one = body.result is not None and body.result < len(results)
    promised = results[body.result or 0].due_at if one else before.life.due_at

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
        number=said("number", number=number),
        body=[
            row(texts["dear"], facts.applicant.name, BOLD),
            *(text((each, REGULAR)) for each in paragraphs),
        ],
        signers=(Signer(body.signer_title or texts["signer"], body.signer, texts["sign_seal"]),),
        recipients=texts["recipients"].split("|"),
        nth=nth,
    )
