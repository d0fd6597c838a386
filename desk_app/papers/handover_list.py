"""Phiếu bàn giao: dossiers, or results, given over together; each side keeps a copy."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal, NamedTuple

from db.dossier import Dossier
from db.steps import DossierForwarded, Place, ResultArrived, ResultPosted
from desk_app.papers import wording
from desk_app.papers.control_slip import place_words
from desk_app.papers.form_parts import Texts
from desk_app.papers.grid import Cell, Column
from desk_app.papers.lines import BOLD, ITALIC, REGULAR
from desk_app.papers.slip import Signer, Slip, row, table, text
from desk_app.papers.wording import fill
from desk_app.rules.money import show_money

Of = Literal["dossiers", "post", "results"]
_TITLES: dict[Of, str] = {"dossiers": "title", "post": "title_post", "results": "title_results"}


class Given(NamedTuple):
    """A line of a list: a dossier as it stood with the step that gave it over.

    ``stands`` is false once the step was taken back: the line stays, and says so.
    """

    dossier: Dossier
    step: DossierForwarded | ResultArrived | ResultPosted
    stands: bool = True


def handover_list(
    given: Sequence[Given],
    handover: str,
    place: Place,
    texts: Texts,
    of: Of = "dossiers",
    nth: int = 1,
) -> Slip:
    """One list, across A4.

    Args:
        handover: the number all its lines share, 32 hex digits.
        place: the other side: who got the dossiers, or had made the results.
    """
    office, last = given[0].dossier.facts.office, given[-1].step
    clerk = last.clerk.name
    desk, other = f"{office.desk_line.capitalize()}, {clerk}", place_words(place)
    signers = (clerk, place.person)
    if of == "results":
        desk, other, signers = other, desk, (place.person, clerk)
    columns = _columns(texts, of)
    rows = [_row(n, each, texts, of) for n, each in enumerate(given, start=1)]
    standing = sum(each.stands for each in given)
    return Slip(
        office=office,
        texts=texts,
        at=last.at,
        code=handover_code(handover),
        title=texts[_TITLES[of]],
        body=[
            row(texts["from_"], desk, BOLD if of == "results" else REGULAR),
            row(texts["to"], other, BOLD),
            row(texts["at"], wording.hour_and_day(texts, last.at)),
            table(columns, rows),
            text((fill(texts["count"], count=standing), BOLD)),
            text((texts["copies"], ITALIC)),
        ],
        signers=(
            Signer(texts["signer_giver"], signers[0]),
            Signer(texts["signer_taker"], signers[1]),
        ),
        nth=nth,
    )


def handover_code(handover: str) -> str:
    """What a list is called."""
    return f"BG-{handover[:10].upper()}"


def _columns(texts: Texts, of: Of) -> tuple[Column, ...]:
    number, code = Column(texts["column_number"], 24, "middle"), Column(texts["column_code"], 152)
    person = Column(texts["column_person"], 110), Column(texts["column_address"], 130)
    if of == "results":
        return (
            number,
            code,
            Column(texts["column_what"], 150),
            Column(texts["column_result"], 130),
            *person,
            Column(texts["column_fee_mark"], 50, "middle"),
            Column(texts["column_post_mark"], 60, "middle"),
        )
    papers = Column(texts["column_papers"], 80)
    return (
        number,
        code,
        *person,
        Column(texts["column_what"], 140),
        Column(texts["column_item"], 90) if of == "post" else papers,
        Column(texts["column_due"], 70),
        Column(texts["column_fee"], 50, "right"),
        Column(texts["column_post"], 44, "middle"),
    )


def _row(number: int, given: Given, texts: Texts, of: Of) -> tuple[Cell, ...]:
    facts = given.dossier.facts
    post = texts["yes"] if facts.delivery == "post" else ""
    first: tuple[Cell, ...] = (str(number), facts.code)
    person = (facts.applicant.name, facts.applicant.address)
    what = facts.procedure.short_name or facts.procedure.name
    last: Cell = _last(given, texts, of) if given.stands else ((texts["cancelled"], BOLD),)
    if of == "results":
        return (*first, what, last, *person, texts["yes"] if facts.fee.amount else "", post)
    moment = given.dossier.life.due_at
    due = f"{moment[11:16]} {moment[8:10]}/{moment[5:7]}/{moment[:4]}"
    fee = show_money(facts.fee.amount) if facts.fee.amount else ""
    return (*first, *person, what, last, due, fee, post)


def _last(given: Given, texts: Texts, of: Of) -> str:
    """What was given over with it: papers, an item of the post, a result."""
    step = given.step
    if isinstance(step, ResultPosted):
        return step.item
    if isinstance(step, ResultArrived):
        return _result(given.dossier, step, texts)
    if of == "post":
        return step.post_item
    held = [p for p in given.dossier.facts.papers if p.originals or p.certified or p.copies]
    return f"{sum(p.originals + p.certified + p.copies for p in held)} tờ, {len(held)} loại"


def _result(dossier: Dossier, step: ResultArrived, texts: Texts) -> str:
    results = dossier.life.results
    if dossier.status in ("refused", "stopped") or step.result >= len(results):
        return texts["papers_back"]
    result = results[step.result]
    name = result.name or texts["result"]
    return fill(texts["result_number"], name=name, number=result.number) if result.number else name
