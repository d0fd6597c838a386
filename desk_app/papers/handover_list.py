"""Phiếu bàn giao: dossiers, or results, given over together; each side keeps a copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from db.dossier import Dossier
from db.steps import Place
from desk_app.papers import wording
from desk_app.papers.control_slip import place_words
from desk_app.papers.form_parts import Texts
from desk_app.papers.grid import Column
from desk_app.papers.lines import BOLD, ITALIC
from desk_app.papers.slip import Signer, Slip, row, table, text
from desk_app.papers.wording import fill
from desk_app.rules.money import show_money

Of = Literal["dossiers", "post", "results"]
_TITLES: dict[Of, str] = {"dossiers": "title", "post": "title_post", "results": "title_results"}


def handover_list(
    dossiers: Sequence[Dossier],
    handover: str,
    giver: str,
    to: Place,
    at: str,
    texts: Texts,
    of: Of = "dossiers",
    nth: int = 1,
) -> Slip:
    """One list, across A4.

    Args:
        handover: the number all its dossiers share, 32 hex digits.
        giver: the clerk, by name.
        at: the moment it was given over.
    """
    office = dossiers[0].facts.office
    last = {
        "dossiers": Column(texts["column_papers"], 80),
        "post": Column(texts["column_item"], 90),
        "results": Column(texts["column_result"], 110),
    }[of]
    columns = (
        Column(texts["column_number"], 24, "middle"),
        Column(texts["column_code"], 152),
        Column(texts["column_person"], 110),
        Column(texts["column_address"], 130),
        Column(texts["column_what"], 140),
        last,
        Column(texts["column_due"], 70),
        Column(texts["column_fee"], 50, "right"),
        Column(texts["column_post"], 44, "middle"),
    )
    rows = [_row(n, dossier, texts, of) for n, dossier in enumerate(dossiers, start=1)]
    return Slip(
        office=office,
        texts=texts,
        at=at,
        code=handover_code(handover),
        title=texts[_TITLES[of]],
        body=[
            row(texts["from_"], f"{office.desk_line.capitalize()}, {giver}"),
            row(texts["to"], place_words(to), BOLD),
            row(texts["at"], wording.hour_and_day(texts, at)),
            table(columns, rows),
            text((fill(texts["count"], count=len(dossiers)), BOLD)),
            text((texts["copies"], ITALIC)),
        ],
        signers=(Signer(texts["signer_giver"], giver), Signer(texts["signer_taker"], to.person)),
        nth=nth,
    )


def handover_code(handover: str) -> str:
    """What a list is called."""
    return f"BG-{handover[:10].upper()}"


def _row(number: int, dossier: Dossier, texts: Texts, of: Of) -> tuple[str, ...]:
    facts, life = dossier.facts, dossier.life
    if of == "dossiers":
        held = [p for p in facts.papers if p.originals or p.certified or p.copies]
        last = f"{sum(p.originals + p.certified + p.copies for p in held)} tờ, {len(held)} loại"
    elif of == "post":
        last = next((r.item for r in life.results if r.item), "")
    else:
        last = "; ".join(r.number for r in life.results if r.number)
    moment = life.due_at
    due = f"{moment[11:16]} {moment[8:10]}/{moment[5:7]}/{moment[:4]}"
    fee = show_money(facts.fee.amount) if facts.fee.amount else ""
    return (
        str(number),
        facts.code,
        facts.applicant.name,
        facts.applicant.address,
        facts.procedure.short_name,
        last,
        due,
        fee,
        texts["yes"] if facts.delivery == "post" else "",
    )
