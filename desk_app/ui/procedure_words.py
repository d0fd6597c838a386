"""How procedures, papers and people are called on the screen."""

from __future__ import annotations

from typing import TYPE_CHECKING

from desk_app.ui.intake_form import PaperRow, PersonEntry

if TYPE_CHECKING:
    from db.kinds import ProcedurePublished
    from db.parts import FeeRule, Limit

_UNITS = {"working_days": "ngày làm việc", "calendar_days": "ngày", "hours": "giờ"}


def title(procedure: ProcedurePublished) -> str:
    """The official name without the words that begin every one of them."""
    name = procedure.name.removeprefix("Thủ tục ").strip()
    return name[:1].upper() + name[1:]


def limit_words(limit: Limit) -> str:
    """How long it may take, short enough for the end of a row."""
    if limit.unit == "same_day":
        return "Trong ngày"
    if limit.unit == "unknown":
        return "Chưa rõ thời hạn"
    whole, half = divmod(limit.halves, 2)
    return f"{whole},5 {_UNITS[limit.unit]}" if half else f"{whole} {_UNITS[limit.unit]}"


def fee_words(rule: FeeRule) -> str:
    """What it costs, short enough for the end of a row."""
    from desk_app.rules.money import show_money

    if rule.kind == "free":
        return "Miễn phí"
    if rule.kind == "unknown":
        return "Xem biểu phí"
    amount = show_money(rule.amount)
    return {"case": amount, "copy": f"{amount} một bản", "pages": f"{amount} một trang"}[rule.kind]


def paper_words(row: PaperRow) -> str:
    """How many of a paper, and of which kind."""
    parts = [
        f"{count} {kind}"
        for count, kind in (
            (row.originals, "bản chính"),
            (row.certified, "bản chứng thực"),
            (row.copies, "bản sao"),
        )
        if count
    ]
    if row.shown or not parts:
        parts.append("xuất trình")
    words = ", ".join(parts)
    return words if row.required or row.free else f"{words}, nếu có"


def called(person: PersonEntry) -> str:
    """How a person is spoken of: ông or bà with the given name; an organisation by its name."""
    if person.kind != "citizen":
        return person.name or "tổ chức"
    given = person.name.split()[-1] if person.name.split() else ""
    title = {"Nam": "ông", "Nữ": "bà"}.get(person.sex, "")
    return f"{title} {given}".strip() or "người chưa có tên"


def sentence_case(text: str) -> str:
    """The text with a capital at its front and nowhere else changed."""
    return text[:1].upper() + text[1:]
