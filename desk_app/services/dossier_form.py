"""What the clerk has on the screen, and what the rules make of it. Nothing is saved here."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

import msgspec

from db.deadlines import LimitUnknown, due
from db.parts import Fee, FeeRule, Limit, PaperCount, Person
from desk_app.desk import Desk
from desk_app.published import Procedure, Published
from desk_app.rules.days import show_moment
from desk_app.rules.money import fee_for
from desk_app.rules.people import PersonTyped, check_acts_alone, read_person
from desk_app.rules.remarks import Remark
from desk_app.rules.typed import LINE, TEXT, clean

FeeHow = Literal["cash", "transfer", "post", "online", "exempt", "none"]
AHEAD = timedelta(minutes=5)
MANY_PAPERS = 99
MOST_PAPERS = 60
"""Lines of papers an entry holds (``db.kinds.DossierReceived``)."""


@dataclass(frozen=True)
class DossierForm:
    """What the clerk has on the screen. ``id`` is drawn when the form opens, so that pressing
    the save key twice makes one dossier."""

    id: bytes = field(default_factory=lambda: secrets.token_bytes(16))
    procedure: str | None = None
    """National code."""
    applicant: PersonTyped = field(default_factory=PersonTyped)
    submitter: PersonTyped | None = None
    papers: tuple[PaperCount, ...] = ()
    """Only what was handed in."""
    sets: int = 1
    channel: Literal["direct", "online", "postal"] = "direct"
    received_at: datetime | None = None
    """None = now."""
    pages: int = 0
    copies: int = 0
    fee_amount: int | None = None
    """Đồng, typed because the catalogue has no figure; otherwise None."""
    fee_how: FeeHow = "cash"
    fee_reason: str = ""
    delivery: Literal["counter", "post", "electronic"] = "counter"
    purpose: str = ""
    note: str = ""
    due_override: tuple[datetime, str] | None = None
    """Another moment than the rule gives, and why."""
    ticked_together: bool = False
    confirmed: frozenset[str] = frozenset()
    """Names of warnings the clerk went past."""
    sender: str = ""
    """The sender's own number when the dossier was not keyed here."""


@dataclass(frozen=True)
class FormReading:
    """A form read by the rules."""

    remarks: tuple[Remark, ...]
    applicant: Person
    submitter: Person | None
    procedure: Procedure | None
    limit: Limit
    due_at: datetime | None
    why: str
    override: str
    fee: Fee
    papers: tuple[PaperCount, ...]
    purpose: str
    note: str


_NO_LIMIT = Limit(unit="unknown")


def read_form(
    desk: Desk, form: DossierForm, published: Published, received_at: datetime, now: datetime
) -> FormReading:
    """Read a form as of ``now``, with every remark the rules have about it."""
    today = now.date()
    applicant, remarks = read_person(form.applicant, today, "applicant")
    found = list(remarks)
    submitter = None
    if form.submitter is not None:
        submitter, remarks = read_person(form.submitter, today, "submitter")
        found += remarks
    found += check_acts_alone(applicant, submitter, today)
    procedure = None
    if form.procedure is not None:
        procedure = published.procedure(form.procedure, received_at.date())
    if procedure is None:
        name = "procedure_unknown" if form.procedure else "procedure_missing"
        found.append(Remark("procedure", name, "error", {"code": form.procedure or ""}))
    if received_at > now + AHEAD:
        facts: dict[str, object] = {"moment": show_moment(received_at)}
        found.append(Remark("received_at", "received_in_future", "error", facts))
    purpose, remarks = clean(form.purpose, limit=LINE, field="purpose")
    found += remarks
    note, remarks = clean(form.note, one_line=False, limit=TEXT, field="note")
    found += remarks
    papers, told = _cleaned_papers(form)
    found += [*told, *_paper_remarks(papers, procedure, sent=bool(form.sender))]
    fee, fee_remarks = _fee(form, procedure)
    due_at, why, override, due_remarks = _promise(desk, form, published, procedure, received_at)
    found += [*fee_remarks, *due_remarks]
    return FormReading(
        remarks=tuple(found),
        applicant=applicant,
        submitter=submitter,
        procedure=procedure,
        limit=procedure.says.limit if procedure else _NO_LIMIT,
        due_at=due_at,
        why=why,
        override=override,
        fee=fee,
        papers=papers,
        purpose=purpose,
        note=note,
    )


def _cleaned_papers(form: DossierForm) -> tuple[tuple[PaperCount, ...], list[Remark]]:
    """The papers with their names as they may be stored."""
    papers: list[PaperCount] = []
    remarks: list[Remark] = []
    for i, paper in enumerate(form.papers):
        name, told = clean(paper.name, limit=LINE, field=f"papers.{i}")
        papers.append(msgspec.structs.replace(paper, name=name))
        remarks += told
    return tuple(papers), remarks


def _paper_remarks(
    papers: tuple[PaperCount, ...], procedure: Procedure | None, sent: bool
) -> list[Remark]:
    """What is wrong with the papers; a sender's list is theirs and is taken as it comes."""
    remarks = []
    for i, paper in enumerate(papers):
        if not paper.name:
            remarks.append(Remark(f"papers.{i}", "paper_name_missing", "error"))
        facts: dict[str, object] = {"paper": paper.name}
        if not (paper.shown or paper.originals or paper.certified or paper.copies):
            remarks.append(Remark(f"papers.{i}", "paper_count_missing", "error", facts))
        most = max(paper.originals, paper.certified, paper.copies)
        if most > MANY_PAPERS:
            facts = {**facts, "count": most}
            remarks.append(Remark(f"papers.{i}", "paper_count_large", "warning", facts))
    if len(papers) > MOST_PAPERS:
        facts = {"most": MOST_PAPERS, "count": len(papers)}
        remarks.append(Remark(f"papers.{MOST_PAPERS}", "papers_too_many", "error", facts))
    if procedure is not None and not sent:
        handed_in = {paper.name for paper in papers}
        remarks += [
            Remark(f"required.{i}", "paper_missing", "error", {"paper": wanted.name})
            for i, wanted in enumerate(procedure.says.papers)
            if wanted.required and wanted.name not in handed_in
        ]
    return remarks


def _fee(form: DossierForm, procedure: Procedure | None) -> tuple[Fee, list[Remark]]:
    rule = procedure.says.fee if procedure else FeeRule(kind="unknown")
    remarks = []
    if rule.kind == "pages" and form.pages < 1 and not form.sender:
        remarks.append(Remark("pages", "pages_missing", "error"))
    if rule.kind in ("pages", "copy") and form.copies < 1 and not form.sender:
        remarks.append(Remark("copies", "copies_missing", "error"))
    reason, told = clean(form.fee_reason, limit=LINE, field="fee_reason")
    remarks += told
    if rule.kind == "unknown":
        due_amount = form.fee_amount or 0
        if form.fee_amount is None and procedure is not None:
            remarks.append(Remark("fee", "fee_unknown", "warning"))
    else:
        due_amount = fee_for(rule, form.pages, form.copies)
    how = form.fee_how if due_amount else "none"
    if how == "exempt" and not reason:
        remarks.append(Remark("fee_reason", "exemption_reason_missing", "error"))
    fee = Fee(
        amount=0 if how == "exempt" else due_amount,
        how=how,
        reason=reason if how == "exempt" else "",
        pages=form.pages,
        copies=form.copies,
    )
    return fee, remarks


def _promise(
    desk: Desk,
    form: DossierForm,
    published: Published,
    procedure: Procedure | None,
    received_at: datetime,
) -> tuple[datetime | None, str, str, list[Remark]]:
    """(due moment, why, override reason, remarks)."""
    if procedure is None:
        return None, "", "", []
    remarks = []
    try:
        rule = due(procedure.says.limit, received_at, desk.office, published.calendar)
    except LimitUnknown:
        rule = None
    if rule is not None:
        for warning in rule.warnings:
            name, _, fact = warning.partition(":")
            remarks.append(Remark("due", name, "warning", {"year": fact}))
    if form.due_override is not None:
        at, reason = form.due_override
        reason, told = clean(reason, limit=LINE, field="due")
        remarks += told
        if not reason:
            remarks.append(Remark("due", "override_reason_missing", "error"))
        if at <= received_at:
            remarks.append(Remark("due", "due_before_received", "error"))
        why = rule.why if rule else ""
        return at, why, reason, remarks
    if rule is None:
        remarks.append(Remark("due", "limit_unknown", "error"))
        return None, "", "", remarks
    return rule.due_at, rule.why, "", remarks
