"""One receipt for several dossiers of one person (Mẫu 01 as a list, A4 across).

Each line has its own code as QR: the paper stands for as many receipts.
"""

from __future__ import annotations

from collections.abc import Sequence

from db.dossier import Dossier
from desk_app.papers import wording
from desk_app.papers.codes import QR_QUIET, qr, qr_module
from desk_app.papers.form_parts import Texts
from desk_app.papers.grid import Column, grid
from desk_app.papers.layout import Block, Code, Look
from desk_app.papers.lines import BOLD, REGULAR
from desk_app.papers.slip import Part, Signer, Slip, maybe, row, text
from desk_app.papers.wording import fill
from desk_app.rules.money import show_money

_ROOM = 62.0
"""Points for a code of a line, its quiet zone included."""


def many_receipt(dossiers: Sequence[Dossier], texts: Texts, nth: int) -> Slip:
    """The paper about dossiers received from one person; its own code is that of the first."""
    facts = dossiers[0].facts
    person = facts.applicant
    label, number = wording.identity(texts, person)
    notes = [texts[f"note_{n}"] for n in (2, 3) if texts.get(f"note_{n}")]
    return Slip(
        office=facts.office,
        texts=texts,
        at=facts.received_at,
        code=facts.code,
        title=texts["title"],
        subtitle=fill(texts["together"], count=len(dossiers)),
        body=[
            row(texts["applicant"], person.name, BOLD),
            row(texts["address"], person.address),
            maybe(label, number),
            row(texts["phone"], wording.phone(person.phone) if person.phone else ""),
            _list(dossiers, texts),
            *(text((note, REGULAR)) for note in notes),
        ],
        signers=(
            Signer(texts["signer_submitter"], (facts.submitter or person).name),
            Signer(texts["signer_clerk"], facts.clerk.name),
        ),
        nth=nth,
    )


def _list(dossiers: Sequence[Dossier], texts: Texts) -> Part:
    columns = (
        Column(texts["column_number"], 24, "middle"),
        Column(texts["column_code"], 118),
        Column(texts["column_mark"], _ROOM, "middle"),
        Column(texts["column_what"], 190),
        Column(texts["column_received"], 90),
        Column(texts["column_due"], 96),
        Column(texts["column_sets"], 36, "middle"),
        Column(texts["column_fee"], 60, "right"),
    )
    rows = [_cells(n, dossier) for n, dossier in enumerate(dossiers, start=1)]

    def set_parts(look: Look) -> list[Sequence[Block]]:
        parts = grid(columns, rows, look, Block())
        lines = [parts[0][-1], *(part[0] for part in parts[1:-1])]
        whole = sum(column.share for column in columns)
        left = look.left + look.measure * (24 + 118) / whole
        room = look.measure * _ROOM / whole
        for line, dossier in zip(lines, dossiers, strict=True):
            _mark(line, dossier.facts.code, left, room)
        return list(parts)

    return set_parts


def _mark(line: Block, code: str, left: float, room: float) -> None:
    """The code of a line, in a row that is made as high as it needs."""
    mark = qr(code)
    module = qr_module(mark, room)
    side = mark.columns * module
    need = side + 2 * QR_QUIET * module
    line.codes.append(Code(left + (room - side) / 2, (need - side) / 2, mark, module, side))
    grown = max(0.0, need - line.height)
    low = line.height
    line.rules = [
        rule._replace(
            y1=rule.y1 + grown if rule.y1 == low else rule.y1,
            y2=rule.y2 + grown if rule.y2 == low else rule.y2,
        )
        for rule in line.rules
    ]
    line.height += grown


def _cells(number: int, dossier: Dossier) -> tuple[str, ...]:
    facts = dossier.facts
    fee = show_money(facts.fee.amount) if facts.fee.amount else ""
    moments = (f"{m[11:16]} {m[8:10]}/{m[5:7]}/{m[:4]}" for m in (facts.received_at, facts.due_at))
    name = facts.procedure.name
    return (str(number), facts.code, "", name, *moments, f"{facts.sets:02d}", fee)
