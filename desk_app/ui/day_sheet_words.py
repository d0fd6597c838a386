"""What the end-of-day sheet says besides its figures, in the words of the screen."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final

from desk_app.papers.day_sheet import Said
from desk_app.rules.day_totals import Taken
from desk_app.rules.money import dotted
from desk_app.ui.dossier_words import FIELDS
from desk_app.ui.matter_words import title_of
from desk_app.ui.sending_words import backup_words, silence, standing

if TYPE_CHECKING:
    from desk_app.services.attention import Matter
    from desk_app.services.day_sheet import EndOfDay

MOST: Final = 30
"""Matters named; more are counted."""


def said_of(ended: EndOfDay) -> Said:
    """The sentences of a day's sheet."""
    return Said(_sending(ended), tuple(_open(ended)), FIELDS)


def _sending(ended: EndOfDay) -> tuple[str, ...]:
    state = ended.sending
    made = datetime.fromisoformat(ended.sheet.made_at)
    said = "Quầy này chưa nối máy chủ" if state.server is None else standing(state).text
    kept, then, _ = backup_words(ended.backup, made)
    lines = (f"{said}.", silence(state), f"{kept}. {then}.")
    return tuple(line for line in lines if line)


def _open(ended: EndOfDay) -> list[str]:
    sheet = ended.sheet
    dossiers = [each for counter in sheet.counters for each in counter.dossiers]
    said = [_matter(matter) for matter in ended.matters[:MOST]]
    if len(ended.matters) > MOST:
        more = dotted(len(ended.matters) - MOST)
        said.append(f"Còn {more} việc nữa ở màn hình Việc cần xử lý.")
    if unprinted := [d for d in dossiers if not d.printed and d.status != "voided"]:
        said.append(f"Chưa in giấy {_counted(unprinted)}.")
    if alone := [d for d in dossiers if d.alone]:
        then = ", hoặc gửi khi có mạng" if sheet.has_server else ""
        said.append(f"Chỉ có ở máy này {_counted(alone)}. Cắm ổ bản thứ hai{then}.")
    if ended.sending.refused:
        said.append(f"{dotted(len(ended.sending.refused))} mục bị để riêng, xem trang Gửi nhận.")
    if ended.drafts:
        said.append(f"{dotted(ended.drafts)} hồ sơ đang nhập dở ở quầy này.")
    if sheet.unread:
        said.append(
            f"{dotted(sheet.unread)} hồ sơ do bản phần mềm mới hơn ghi, máy này chưa đọc được. "
            "Cập nhật phần mềm rồi lập lại phiếu."
        )
    return said


def _matter(matter: Matter) -> str:
    title = title_of(matter)
    return f"{matter.code}: {title}." if matter.code else f"{title}."


def _counted(dossiers: list[Taken]) -> str:
    """How many, and the ends of the first few codes."""
    few = ", ".join(d.code.rsplit("-", 1)[-1] for d in dossiers[:10])
    more = ", …" if len(dossiers) > 10 else ""
    return f"{dotted(len(dossiers))} hồ sơ ({few}{more})"
