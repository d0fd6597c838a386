"""A dossier's money, prints and entries as lists, the newest first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from db.steps import FeeRefunded, FeeTaken
from desk_app.rules.money import show_money
from desk_app.services.fees import HOWS
from desk_app.ui.dossier_words import FORMS, short_moment, step_of
from desk_app.ui.entry_list import Entry

if TYPE_CHECKING:
    from desk_app.services.opened import OpenedDossier


def money_entries(opened: OpenedDossier) -> list[Entry]:
    """Every time money moved, the newest first; what was written by mistake says so."""
    found = []
    for event in reversed(opened.dossier.history):
        body = event.body
        if not isinstance(body, FeeTaken | FeeRefunded):
            continue
        back = isinstance(body, FeeRefunded)
        mistaken = event.id in opened.dossier.life.annulled
        facts = [HOWS[body.how].lower(), short_moment(body.at, opened.now), body.clerk.name]
        if isinstance(body, FeeTaken) and body.receipt_number:
            facts.append(f"biên lai {body.receipt_series} {body.receipt_number}".replace("  ", " "))
        if isinstance(body, FeeRefunded):
            facts.append(body.reason)
        if mistaken:
            facts.append("ghi nhầm, không tính")
        text = f"{'Hoàn' if back else 'Thu'} {show_money(body.amount)}"
        icon = "arrow-back-up" if back else "cash"
        found.append(Entry(text, icon, " · ".join(facts), says=event.id, warns=mistaken))
    return found or [Entry("Chưa có lần thu nào")]


def print_entries(opened: OpenedDossier) -> list[Entry]:
    """Every paper that came out, the newest first; each can be printed again."""
    found = []
    for made in reversed(opened.dossier.prints):
        where = {"printer": made.printer or "máy in", "clerk": "cán bộ xác nhận", "file": "ghi tệp"}
        who = opened.people.get(made.by, made.by)
        facts = [f"lần {made.nth}", short_moment(made.at, opened.now), who, where[made.word_of]]
        name = FORMS.get(made.form, f"mẫu {made.form}")
        name = name[:1].upper() + name[1:]
        found.append(Entry(name, "printer", " · ".join(facts), says=made))
    return found or [Entry("Chưa in giấy nào")]


def sent_entries(opened: OpenedDossier) -> list[Entry]:
    """Each entry and whether the server has signed for it, the newest first."""
    found = []
    for event in reversed(opened.dossier.history):
        step = step_of(event, opened)
        if opened.unsigned is None:
            icon, more = "circle-check", "quầy chưa nối máy chủ"
        elif event.id in opened.unsigned:
            icon, more = "cloud-up", "chờ gửi"
        else:
            icon, more = "cloud-check", "máy chủ đã ký nhận"
        found.append(Entry(step.text, icon, f"{step.at} · {more}", says=event.id))
    return found
