"""The lists a clerk chooses from, and the job that fetches one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from desk_app.services import dossiers as lists
from desk_app.services.dossiers import DossierLine, Which
from desk_app.services.find import find
from desk_app.services.saved_filters import SavedFilter

if TYPE_CHECKING:
    from desk_app.desk import Desk

PAGE: Final = 200

FILTERS: Final[tuple[tuple[Which, str, str], ...]] = (
    ("today", "Hôm nay", "Hôm nay chưa có hồ sơ. F2 để tiếp nhận"),
    ("unprinted", "Chưa in", "Giấy nào cũng đã in."),
    ("due_today", "Đến hạn hôm nay", "Hôm nay không có hồ sơ đến hạn."),
    ("due_tomorrow", "Đến hạn mai", "Ngày mai không có hồ sơ đến hạn."),
    ("overdue", "Quá hạn", "Không có hồ sơ quá hạn."),
    ("to_forward", "Cần chuyển", "Không còn hồ sơ nào ở quầy chờ chuyển."),
    ("held", "Ở bộ phận", "Không bộ phận nào đang giữ hồ sơ."),
    ("waiting", "Chờ dân", "Không có hồ sơ nào chờ người dân."),
    ("ready", "Có kết quả", "Không có kết quả nào đang chờ trả."),
    ("uncollected", "Chưa đến lấy", "Không có kết quả nào để quá lâu."),
    ("flagged", "Cần xem lại", "Không có hồ sơ nào hai nơi làm khác nhau."),
    ("voided", "Đã hủy", "Chưa có hồ sơ nào bị hủy."),
    ("all", "Tất cả", "Chưa có hồ sơ nào. F2 để tiếp nhận"),
)
"""Filter, its words, and what an empty list says."""


@dataclass(frozen=True)
class Listed:
    """An answer and the question it belongs to; counts come with a first page only."""

    question: int
    lines: list[DossierLine]
    now: datetime
    counts: dict[str, int] | None


@dataclass(frozen=True)
class Choices:
    """By what a list can be narrowed: values and their words."""

    procedures: tuple[tuple[str, str], ...]
    counters: tuple[tuple[int, str], ...]
    departments: tuple[tuple[str, str], ...]


def choices(desk: Desk) -> Choices:
    """Procedures of today by their short names, the office's counters and departments."""
    with desk.reading() as connection:
        published = desk.published(connection)
        catalogue = published.catalogue(desk.now().date())
        numbers = {c.number for c in published.counters if c.office == desk.office.facts.code}
    named = sorted(((p.says.code, p.says.short_name) for p in catalogue), key=lambda p: p[1])
    return Choices(
        tuple((code, f"{name}  ({code})") for code, name in named),
        tuple((number, f"Quầy {number}") for number in sorted(numbers)),
        tuple((d.name, d.name) for d in desk.office.departments),
    )


def list_dossiers(
    question: int, wanted: SavedFilter, text: str, after: DossierLine | None, desk: Desk
) -> Listed:
    """A page of a list, or what fits a text; a job for the runner."""
    if text:
        return Listed(question, list(find(desk, text, PAGE).dossiers), desk.now(), None)
    lines = lists.page(desk, wanted.which, after, PAGE, wanted.narrow)
    return Listed(question, lines, desk.now(), None if after else lists.counts(desk))
