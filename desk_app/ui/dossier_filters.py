"""The lists a clerk chooses from, and the job that fetches one of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Final

from desk_app.services import dossiers as lists
from desk_app.services.dossiers import DossierLine, Which
from desk_app.services.find import find

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


def list_dossiers(
    question: int, which: Which, text: str, after: DossierLine | None, desk: Desk
) -> Listed:
    """A page of a list, or what fits a text; a job for the runner."""
    if text:
        return Listed(question, list(find(desk, text, PAGE).dossiers), desk.now(), None)
    lines = lists.page(desk, which, after, PAGE)
    return Listed(question, lines, desk.now(), None if after else lists.counts(desk))
