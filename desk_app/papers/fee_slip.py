"""What was paid, for one or several dossiers. It is not the legal receipt, and says so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from db.dossier import Dossier
from db.steps import FeeTaken
from desk_app.papers import wording
from desk_app.papers.form_parts import Texts
from desk_app.papers.grid import Column, bold
from desk_app.papers.lines import BOLD, ITALIC
from desk_app.papers.slip import Part, Signer, Slip, maybe, row, table, text
from desk_app.rules.money import show_money, words


class Paid(NamedTuple):
    """What one dossier has of a payment; ``stands`` is false once it was taken back."""

    dossier: Dossier
    body: FeeTaken
    stands: bool = True


def fee_slip(paid: Sequence[Paid], texts: Texts, nth: int) -> Slip:
    """The paper about one payment; its code is that of the first dossier.

    What was taken back of it stays in its line, is called so, and counts nothing.
    """
    first, body, _ = paid[0]
    facts = first.facts
    total = sum(each.body.amount for each in paid if each.stands)
    payer = facts.submitter or facts.applicant
    legal = " ".join(filter(None, (body.receipt_series, body.receipt_number)))
    rows = [
        (
            str(n),
            d.facts.code,
            d.facts.procedure.short_name or d.facts.procedure.name,
            show_money(b.amount) if stands else ((texts["cancelled"], BOLD),),
        )
        for n, (d, b, stands) in enumerate(paid, start=1)
    ]
    parts: list[Part] = [
        row(texts["payer"], payer.name, BOLD),
        row(texts["address"], payer.address or facts.applicant.address),
        table(
            (
                Column(texts["column_number"], 24, "middle"),
                Column(texts["column_code"], 150),
                Column(texts["column_what"], 170),
                Column(texts["column_amount"], 80, "right"),
            ),
            [*rows, bold(("", texts["total"], "", show_money(total)))],
        ),
        row(texts["in_words"], words(total), BOLD),
        row(texts["how"], texts[f"fee_{body.how}"]),
        row(texts["at"], wording.hour_and_day(texts, body.at)),
        maybe(texts["legal"], legal, BOLD),
        text((texts["not_legal"], ITALIC)),
    ]
    return Slip(
        office=facts.office,
        texts=texts,
        at=body.at,
        code=facts.code,
        title=texts["title"],
        body=parts,
        signers=(
            Signer(texts["signer_payer"], payer.name),
            Signer(texts["signer"], body.clerk.name),
        ),
        nth=nth,
    )
