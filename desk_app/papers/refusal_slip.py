"""Mẫu số 03: why a dossier is not taken in, or not granted after appraisal."""

from __future__ import annotations

from db.dossier import Dossier
from db.steps import DossierChecked, DossierRefused
from desk_app.papers.form_parts import Texts, polite, whose
from desk_app.papers.lines import REGULAR
from desk_app.papers.slip import Signer, Slip, maybe, text
from desk_app.papers.wording import fill


def refusal_slip(
    dossier: Dossier, number: str, body: DossierRefused | DossierChecked, texts: Texts, nth: int
) -> Slip:
    """The paper about one refusal, at the desk or after appraisal."""
    facts = dossier.facts
    basis = body.basis if isinstance(body, DossierRefused) else ""
    reviewed = fill(texts["reviewed"], office=facts.office.name)
    return Slip(
        office=facts.office,
        texts=texts,
        at=body.at,
        code=facts.code,
        title=texts["title"],
        number=fill(texts["number"], number=number),
        body=[
            *whose(facts, texts),
            text((reviewed, REGULAR)),
            text((body.reason, REGULAR)),
            maybe(texts["basis"], basis),
            text((polite(texts["closing"], facts.applicant), REGULAR)),
        ],
        signers=(
            Signer(texts["signer_submitter"]),
            Signer(texts["signer"], body.clerk.name),
        ),
        nth=nth,
    )
