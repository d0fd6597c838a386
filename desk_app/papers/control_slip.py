"""Phiếu kiểm soát (2018 Mẫu 05, 2025 Mẫu 06): every hand-over, and room for those to come.

It travels with the papers: what has happened is printed, the rest is signed by hand.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from db.dossier import Dossier
from db.steps import (
    DossierForwarded,
    DossierSentBack,
    DossierTaken,
    OpinionAsked,
    Place,
    ResultArrived,
)
from desk_app.papers import wording
from desk_app.papers.form_parts import Texts
from desk_app.papers.grid import Cell, Column
from desk_app.papers.layout import Block, Look
from desk_app.papers.lines import BOLD, ITALIC, REGULAR
from desk_app.papers.slip import Part, Slip, row, table, text
from desk_app.papers.wording import fill
from desk_app.rules.days import show_moment

BLANK_PAIRS = 4


class _Pair(NamedTuple):
    giver: str
    taker: str
    at: str
    result: str = ""
    note: str = ""
    gave: str = ""
    took: str = ""


def control_slip(dossier: Dossier, texts: Texts, nth: int) -> Slip:
    """The paper as of now."""
    facts = dossier.facts
    desk = facts.office.desk_line.capitalize()
    pairs = _pairs(dossier, desk, texts)
    partners = [
        e.body.of
        for e in dossier.history
        if isinstance(e.body, OpinionAsked) and e.id not in dossier.life.annulled
    ]
    agency = next((p.taker for p in pairs if p.giver == desk), "")
    columns = (
        Column(texts["column_agency"], 150),
        Column(texts["column_time"], 130),
        Column(texts["column_result"], 110),
        Column(texts["column_note"], 70),
    )
    rows = [cells for pair in pairs for cells in _rows(pair, texts)]
    rows += [cells for _ in range(BLANK_PAIRS) for cells in _rows(_Pair("", "", ""), texts)]
    return Slip(
        office=facts.office,
        texts=texts,
        at=facts.received_at,
        code=facts.code,
        title=texts["title"],
        body=[
            text((wording.book(texts, facts.book), REGULAR)),
            row(texts["applicant"], facts.applicant.name, BOLD),
            row(texts["request"], facts.procedure.name),
            row(texts["received"], wording.hour_and_day(texts, facts.received_at)),
            row(texts["due"], wording.hour_and_day(texts, dossier.life.due_at)),
            row(texts["agency"], agency),
            row(texts["partners"], "; ".join(place_words(p) for p in partners)),
            _in_pairs(table(columns, rows)),
        ],
        signers=(),
        nth=nth,
    )


def _in_pairs(part: Part) -> Part:
    """What was handed over and who signs for it stay on one page."""

    def set_parts(look: Look) -> list[Sequence[Block]]:
        first, *rows, end = part(look)
        pairs = [[*a, *b] for a, b in zip(rows[1::2], rows[2::2], strict=False)]
        return [[*first, *rows[0]], *pairs, end]

    return set_parts


def place_words(place: Place) -> str:
    """A place as papers name it."""
    parts = (place.department, place.office_name or place.office, place.person)
    return ", ".join(dict.fromkeys(filter(None, parts)))


def _pairs(dossier: Dossier, desk: str, texts: Texts) -> list[_Pair]:
    """Each hand-over; what an agency did is measured by its own time where it was given one."""
    pairs: list[_Pair] = []
    holder, until = desk, ""
    for event in dossier.history:
        if event.id in dossier.life.annulled:
            continue
        match event.body:
            case DossierForwarded() as body:
                done, until = _punctual(until, body.at, texts), body.until
                own = fill(texts["own_due"], at=_short(until)) if until else ""
                note = "; ".join(filter(None, (body.work, own, body.post_item)))
                pairs.append(
                    _Pair(holder, place_words(body.to), body.at, done, note, body.clerk.name)
                )
            case DossierTaken() as body:
                holder = place_words(body.place)
                if pairs:
                    pairs[-1] = pairs[-1]._replace(took=body.clerk.name)
            case DossierSentBack() as body:
                done = _punctual(until, body.at, texts)
                pairs.append(_Pair(holder, desk, body.at, done, body.reason, body.clerk.name))
                holder, until = desk, ""
            case ResultArrived() as body:
                done = _punctual(until or _due_of(dossier, body), body.at, texts)
                where = " ".join(filter(None, (body.shelf, body.slot)))
                pairs.append(_Pair(holder, desk, body.at, done, where, "", body.clerk.name))
                holder, until = desk, ""
            case _:
                pass
    return pairs


def _short(moment: str) -> str:
    return show_moment(datetime.fromisoformat(moment))


def _due_of(dossier: Dossier, body: ResultArrived) -> str:
    """When this result is promised; of several each has its own day."""
    results = dossier.life.results
    return results[body.result].due_at if body.result < len(results) else dossier.life.due_at


def _punctual(due_at: str, at: str, texts: Texts) -> str:
    """By the day alone, as the reports compare; nothing where no time was set."""
    if not due_at:
        return ""
    done = datetime.fromisoformat(at).date()
    due = datetime.fromisoformat(due_at).date()
    return texts["early" if done < due else "on_time" if done == due else "late"]


def _rows(pair: _Pair, texts: Texts) -> list[tuple[Cell, ...]]:
    dots = texts["blank"] * 2
    parties: Cell = (
        (fill(texts["gives"], place=pair.giver or dots), REGULAR),
        (fill(texts["takes"], place=pair.taker or dots), REGULAR),
    )
    when = wording.hour_and_day(texts, pair.at)
    room = (" ", REGULAR)
    signed: tuple[Cell, ...] = (
        ((texts["giver"], ITALIC), room, (pair.gave or " ", REGULAR)),
        ((texts["taker"], ITALIC), room, (pair.took or " ", REGULAR)),
        "",
        "",
    )
    return [(parties, when, pair.result, pair.note), signed]
