"""The fixed words of the end-of-day sheet: an office's own paper, no statutory form."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Final

from db.acts import ACTS as STEPS
from desk_app.rules.day_totals import MONEY, Act, DaySheet, Difference, Series, added
from desk_app.rules.money import dotted

PAID: Final = {
    "cash": "Tiền mặt",
    "transfer": "Chuyển khoản",
    "post": "Thu qua bưu chính",
    "online": "Thanh toán trực tuyến",
    "exempt": "Miễn, giảm",
    "none": "Không thu",
}
"""Ways of paying, in the order in which they are counted."""

ACTS: Final = {
    "dossier.voided": "Hủy",
    "dossier.corrected": "Đính chính",
    "dossier.recoded": "Đổi mã",
}
COLUMNS: Final = {
    "code": "mã",
    "name": "họ tên",
    "id_number": "số định danh",
    "phone": "số điện thoại",
    "procedure": "thủ tục",
    "short_name": "tên thủ tục",
    "received": "giờ nhận",
    "due": "hẹn trả",
    "status": "tình trạng",
    "clock": "còn tính hạn hay không",
    "ready": "kết quả ở quầy",
    "ended": "lúc kết thúc",
    "department": "nơi đang giữ",
    "person": "người đang giữ",
    "prints": "số lần in giấy",
    "counter": "quầy",
    "own": "máy đã nhận",
    "flags": "số việc cần xử lý",
}
"""What is compared, as the clerk calls it."""

MOST_RANGES: Final = 8


def verdict(sheet: DaySheet) -> tuple[str, str]:
    """Whether the two sums agree: in capitals, and what that means or asks for."""
    journal = added(counter.journal for counter in sheet.counters).received
    screen = added(counter.screen for counter in sheet.counters).received
    if not sheet.agrees:
        return "TỔNG KHÔNG KHỚP", (
            f"Sổ gốc có {dotted(journal)} hồ sơ, danh sách trên màn hình có {dotted(screen)}; "
            f"{dotted(len(sheet.differences))} hồ sơ khác nhau. Phiếu lấy theo sổ gốc. "
            "Báo người phụ trách máy: chạy desk-app rebuild rồi lập lại phiếu."
        )
    if not journal:
        return "TỔNG KHỚP", "Sổ gốc và danh sách trên màn hình cùng không có hồ sơ nào trong ngày."
    return "TỔNG KHỚP", (
        f"Sổ gốc và danh sách trên màn hình cùng có {dotted(journal)} hồ sơ nhận trong ngày."
    )


def difference_words(found: Difference) -> str:
    """What is wrong with one dossier."""
    if found.columns == (MONEY,):
        return "Khác ở tiền thu, hoàn trong ngày"
    if found.what == "missing":
        return "Có trong sổ gốc, màn hình không có"
    if found.what == "extra":
        return "Chỉ có trên màn hình, sổ gốc không có"
    return f"Khác ở {', '.join(COLUMNS[column] for column in found.columns)}"


def counter_name(number: int, here: int = 0) -> str:
    """A counter in the tables; 0 where it is not known, as of a dossier made from its paper."""
    if not number:
        return "Chưa rõ quầy"
    return f"Quầy {number} (quầy này)" if number == here else f"Quầy {number}"


def series_words(series: Series, is_here: bool) -> str:
    """Codes from where to where, and which are missing."""
    said = f"Từ {series.first} đến {series.last}: {dotted(series.count)} mã, "
    if not series.missing:
        return f"{said}không thiếu số nào."
    ranges = [f"{a}" if a == b else f"{a}–{b}" for a, b in series.missing[:MOST_RANGES]]
    more = ", …" if len(series.missing) > MOST_RANGES else ""
    why = "Tìm giấy của các số này." if is_here else "Máy này chưa nhận được các số đó."
    return f"{said}thiếu {dotted(series.missing_count)} số: {', '.join(ranges)}{more}. {why}"


def act_words(act: Act, fields: Mapping[str, str]) -> str:
    """What was done; ``fields`` are the names of what may be corrected."""
    said = ACTS[act.kind]
    if act.paths:
        return f"{said} {', '.join(fields.get(path, path).lower() for path in act.paths)}"
    return said if act.stands else f"{said} (chưa có hiệu lực, chờ lãnh đạo)"


def steps_words(steps: Mapping[str, int]) -> str:
    """How often each other step was written, in the order of their table."""
    done = [
        f"{act.says.lower()} {dotted(steps[kind])}" for kind, act in STEPS.items() if kind in steps
    ]
    return f"Các bước khác ghi trong ngày: {', '.join(done)}."


def hour(moment: str) -> str:
    """ "09:41"."""
    return moment[11:16]


def short_day(day: str) -> str:
    """ "26/11/2026"."""
    return f"{date.fromisoformat(day):%d/%m/%Y}"


def due(moment: str) -> str:
    """ "16:30 01/12/2026"; nothing when nothing was promised."""
    return f"{datetime.fromisoformat(moment):%H:%M %d/%m/%Y}" if moment else ""
