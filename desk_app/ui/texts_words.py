"""The words of the page "Mẫu giấy tờ": its lists, whose word a text is, what it was before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, Final

from db.spelling import search_key
from db.texts import LOGO, OFFICE, PNG_URL, Change
from desk_app.rules.days import show_moment
from desk_app.services.form_texts import TITLES, FormText
from desk_app.ui.entry_list import Entry
from desk_app.ui.texts_jobs import Key, key_of

if TYPE_CHECKING:
    from desk_app.published import Edition

LOGO_NOW: Final = "(biểu trưng đang dùng)"
"""Stands for a picture in a field of text."""
LONGEST_SHOWN: Final = 110
"""Letters of a text in a list."""
_ORIGIN: Final = {"law": "theo mẫu", "above": "cấp trên", "office": "riêng đơn vị"}


def form_entries(texts: Sequence[FormText], drafts: Mapping[Key, Change]) -> list[Entry]:
    """The forms, and how much of each is worded otherwise or being worded."""
    entries = []
    for form, title in TITLES.items():
        own = sum(text.form == form and text.origin != "law" for text in texts)
        typed = sum(key[0] == form for key in drafts)
        said = (f"{own} lời riêng" if own else "", f"{typed} đang sửa" if typed else "")
        icon = "home" if form == OFFICE else "file-text"
        entries.append(Entry(title, icon, ", ".join(filter(None, said)), says=form))
    return entries


def text_entries(
    texts: Sequence[FormText], form: str, sought: str, drafts: Mapping[Key, Change]
) -> list[Entry]:
    """The texts of a form that hold the words sought, without marks."""
    words = search_key(sought)
    entries = []
    for text in texts:
        known = search_key(f"{text.label} {text.says} {text.law}")
        if text.form != form or words not in known:
            continue
        draft = drafts.get(key_of(text))
        icon = "edit" if draft else "note" if text.origin == "law" else "check"
        entries.append(Entry(title_of(text, draft), icon, about_of(text, draft), says=text))
    return entries


def editable(text: FormText) -> str:
    """A text as it stands in the field."""
    return LOGO_NOW if text.says.startswith(PNG_URL) else text.says


def title_of(text: FormText, draft: Change | None) -> str:
    """A text as it stands in the list."""
    if text.form == OFFICE:
        return text.label
    said = (draft.says if draft and draft.says is not None else text.says) or "(để trống)"
    return said if len(said) <= LONGEST_SHOWN else f"{said[:LONGEST_SHOWN]}…"


def about_of(text: FormText, draft: Change | None) -> str:
    """Whose word it is and since when; the value of a name."""
    since = f"{_ORIGIN[text.origin]} từ {_day(text.since)}"
    says = editable(text) if draft is None or draft.says is None else draft.says
    value = f"{says.replace('|', ' / ') or 'để trống'}, " if text.form == OFFICE else ""
    return f"{value}{'đang sửa, chưa áp dụng' if draft else since}"


def law_of(text: FormText) -> str:
    """What the form says itself."""
    if (text.form, text.text) == (OFFICE, LOGO):
        return "Gõ đường dẫn hoặc chọn tệp PNG, tối đa 200 KB. Để trống là không in."
    return f"Theo mẫu: {text.law or '(để trống)'}"


def history_entries(text: FormText) -> list[Entry]:
    """Every wording there was, the newest first; the law's last."""
    law = Entry(text.law or "(để trống)", "file-text", "lời của mẫu")
    return [*(_edition_entry(edition) for edition in text.history), law]


def _edition_entry(edition: Edition) -> Entry:
    """What it said; from when, by whom, when and why."""
    says = edition.says
    words = "Trở về lời của mẫu" if says.says is None else says.says or "(để trống)"
    if words.startswith(PNG_URL):
        words = "(biểu trưng)"
    whose = says.clerk.name if says.office else f"{says.clerk.name} (cấp trên)"
    at = show_moment(datetime.fromisoformat(says.at))
    more = f"từ {_day(says.valid_from)}, {whose}, {at}: {says.reason}"
    return Entry(words, "note", more, says=edition)


def _day(iso: str) -> str:
    return f"{date.fromisoformat(iso):%d/%m/%Y}"
