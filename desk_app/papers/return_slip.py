"""Giấy biên nhận trả kết quả: who got what, and who gave it."""

from __future__ import annotations

from db.dossier import Dossier
from db.steps import ResultReturned
from desk_app.papers import wording
from desk_app.papers.form_parts import Texts
from desk_app.papers.grid import Column
from desk_app.papers.lines import BOLD, REGULAR
from desk_app.papers.slip import Part, Signer, Slip, maybe, row, table, text
from desk_app.papers.wording import fill


def return_slip(dossier: Dossier, body: ResultReturned, texts: Texts, nth: int) -> Slip:
    """The paper about one hand-over; of a refused or stopped dossier, about its papers."""
    facts, collector = dossier.facts, body.collector
    label, number = wording.identity(texts, collector)
    what = facts.procedure.short_name or facts.procedure.name
    about = fill(texts["summary"], request=what, person=facts.applicant.name)
    given = [
        (
            str(n),
            dossier.life.results[place].name or _result_name(dossier, texts),
            dossier.life.results[place].number,
            about,
        )
        for n, place in enumerate(body.results, start=1)
        if place < len(dossier.life.results)
    ]
    parts: list[Part] = [
        row(texts["request"], facts.procedure.name, BOLD),
        row(texts["applicant"], facts.applicant.name, BOLD),
        row(texts["giver"], body.clerk.name),
        # The desk's number: clerks have none of their own.
        row(texts["phone"], facts.office.phone),
        row(texts["collector"], collector.name, BOLD),
        maybe(label, number),
        row(texts["phone"], wording.phone(collector.phone) if collector.phone else ""),
        maybe(texts["authorisation"], body.authorisation),
        text((texts["given"], REGULAR)),
        table(
            (
                Column(texts["column_number"], 24, "middle"),
                Column(texts["column_result"], 100),
                Column(texts["column_result_number"], 80),
                Column(texts["column_summary"], 180),
            ),
            given,
        ),
        maybe(texts["originals"], "; ".join(body.originals)),
        maybe(texts["note"], body.note),
        row(texts["returned_at"], wording.hour_and_day(texts, body.at)),
    ]
    return Slip(
        office=facts.office,
        texts=texts,
        at=body.at,
        code=facts.code,
        title=texts["title"],
        body=parts,
        signers=(
            Signer(texts["signer_collector"], collector.name),
            Signer(texts["signer_giver"], body.clerk.name),
        ),
        nth=nth,
    )


def _result_name(dossier: Dossier, texts: Texts) -> str:
    ended = dossier.status in ("refused", "stopped")
    return texts["papers_back" if ended else "result"]
