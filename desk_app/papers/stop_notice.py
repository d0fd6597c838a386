"""The notice that a dossier is stopped at the citizen's own wish (2025: Mẫu số 05)."""

from __future__ import annotations

from db.acts import STATES
from db.dossier import Dossier
from db.steps import DossierStopped
from desk_app.papers.form_parts import Texts, polite, whose
from desk_app.papers.lines import REGULAR
from desk_app.papers.slip import Signer, Slip, row, text
from desk_app.papers.wording import fill
from desk_app.rules.money import show_money


def stop_notice(
    dossier: Dossier, before: Dossier, number: str, body: DossierStopped, texts: Texts, nth: int
) -> Slip:
    """Request, stage, decision, money: what TT 03/2025 names of the form; its layout is unknown.

    ``before``: the dossier as it stood when it was stopped.
    """
    facts, life = dossier.facts, before.life
    paid = fill(texts["paid"], amount=show_money(life.paid)) if life.paid else texts["paid_none"]
    return Slip(
        office=facts.office,
        texts=texts,
        at=body.at,
        code=facts.code,
        title=texts["title"],
        number=fill(texts["number"], number=number),
        body=[
            *whose(facts, texts),
            row(texts["wish"], body.reason),
            row(texts["stage"], STATES[life.state].lower()),
            text((texts["decision"], REGULAR)),
            row(texts["money"], paid),
            text((polite(texts["closing"], facts.applicant), REGULAR)),
        ],
        signers=(
            Signer(texts["signer_submitter"]),
            Signer(texts["signer"], body.clerk.name),
        ),
        nth=nth,
    )
