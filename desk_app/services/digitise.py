"""Which papers of a dossier exist as files: scanned here, taken from elsewhere, or not yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from db.dossier import Dossier, File
from db.refused import Refused
from db.steps import PaperDigitised
from desk_app.desk import Desk
from desk_app.services.steps import stamp, take_step

Digital = Literal["none", "scanned", "reused_paper", "reused_result"]
DIGITAL: Mapping[Digital, str] = {
    "none": "chưa số hóa",
    "scanned": "đã số hóa",
    "reused_paper": "dùng lại giấy của hồ sơ khác",
    "reused_result": "dùng lại kết quả của hồ sơ khác",
}
"""The four states a paper is counted in, in the words of the report (QĐ 766/QĐ-TTg)."""


class NoSuchPaper(Refused):
    """The dossier has no paper of this name; ``paper``."""


def papers_of(dossier: Dossier) -> tuple[str, ...]:
    """Every paper that was handed in, with the receipt or later, by name."""
    papers = (*dossier.facts.papers, *dossier.life.brought)
    return tuple(dict.fromkeys(paper.name for paper in papers))


def scans_of(dossier: Dossier, paper: str) -> tuple[File, ...]:
    """The files that show a paper, the newest first."""
    return tuple(file for file in reversed(dossier.files) if file.paper == paper)


def digital_of(dossier: Dossier, paper: str) -> Digital:
    """How a paper stands: a scan that is attached says so by itself, else the last word does."""
    if scans_of(dossier, paper):
        return "scanned"
    said = [step.how for step in dossier.life.digitised if step.paper == paper]
    return said[-1] if said else "none"


def reuse(
    desk: Desk, id: bytes, paper: str, how: Literal["reused_paper", "reused_result"]
) -> Dossier:
    """A paper needs no scan: its file is known from an earlier dossier or an earlier result.

    Raises:
        NoSuchPaper, and as ``take_step``: nothing was saved.
    """

    def step(before: Dossier) -> PaperDigitised:
        if paper not in papers_of(before):
            raise NoSuchPaper(paper=paper)
        return PaperDigitised(paper=paper, how=how, **stamp(desk))

    return take_step(desk, id, step)
