"""How a dossier's state, its promise and its history are said on the screen."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Final

from db.acts import RUNNING
from db.kinds import (
    DossierCorrected,
    DossierLinked,
    DossierReceived,
    DossierRecoded,
    DossierRecovered,
    DossierVoided,
    FileAttached,
    NoteAdded,
    ReceiptPrinted,
)
from db.parts import PaperCount
from db.steps import Step as LifeStep
from desk_app.rules.days import show_day, show_moment
from desk_app.rules.money import show_money
from desk_app.rules.numbers import show_id
from desk_app.rules.phones import show_phone
from desk_app.ui.step_words import SHOWN, said_of

if TYPE_CHECKING:
    from db.dossier import Change, Correction, Dossier, Event
    from desk_app.services.dossiers import DossierLine
    from desk_app.services.opened import OpenedDossier
    from desk_app.ui.painting import Tone

FORMS: Final = {
    "01": "giấy tiếp nhận và hẹn trả",
    "02": "phiếu yêu cầu bổ sung",
    "03": "phiếu từ chối",
    "04": "phiếu xin lỗi và hẹn lại",
    "05": "thông báo dừng giải quyết",
    "return": "giấy biên nhận trả kết quả",
    "fee": "phiếu thu phí",
    "control": "phiếu kiểm soát",
    "handover": "phiếu bàn giao",
    "results": "phiếu bàn giao kết quả",
    "many": "giấy tiếp nhận chung",
    "label": "nhãn bìa",
    "ticket": "phiếu nhỏ",
}

FIELDS: Final = {
    "applicant.name": "Họ tên",
    "applicant.kind": "Loại người nộp",
    "applicant.id_number": "Số định danh",
    "applicant.id_kind": "Loại giấy tờ",
    "applicant.born": "Ngày sinh",
    "applicant.sex": "Giới tính",
    "applicant.address": "Địa chỉ",
    "applicant.phone": "Số điện thoại",
    "applicant.email": "Thư điện tử",
    "applicant.representative": "Người đại diện",
    "submitter": "Người nộp thay",
    "papers": "Thành phần hồ sơ",
    "sets": "Số bộ",
    "procedure": "Thủ tục",
    "limit": "Thời hạn",
    "due_at": "Hẹn trả",
    "why_due": "Cách tính hẹn trả",
    "due_override": "Lý do đổi hẹn",
    "fee": "Lệ phí",
    "delivery": "Nhận kết quả",
    "purpose": "Mục đích",
}
"""Every correctable fact, by what the clerk calls it."""

DELIVERY: Final = {"counter": "Tại quầy", "post": "Bưu chính", "electronic": "Bản điện tử"}
CHANNELS: Final = {
    "direct": "Nộp tại quầy",
    "online": "Nộp trực tuyến",
    "postal": "Nộp qua bưu chính",
}
PAID: Final = {
    "cash": "tiền mặt",
    "transfer": "chuyển khoản",
    "post": "thu qua bưu chính",
    "online": "đã nộp trực tuyến",
    "exempt": "được miễn",
    "none": "",
}


@dataclass(frozen=True)
class Step:
    """One line of a dossier's history."""

    icon: str
    token: str
    text: str
    at: str
    more: str = ""
    """Who, and what was changed; beneath in small letters."""


def state_of(line: DossierLine) -> tuple[str, Tone, str]:
    """A dossier's state as word, tone and icon."""
    if line.status == "voided":
        return SHOWN["voided"]
    if line.flagged:
        return "Cần xem", "bad", "alert-triangle"
    if line.status == "received" and not line.prints:
        return "Chưa in", "warn", "printer-off"
    return SHOWN[line.status]


def due_words(due_at: datetime, now: datetime) -> tuple[str, str]:
    """How near the promise is, and the tone it is said in."""
    days = (due_at.date() - now.date()).days
    if due_at < now:
        return (f"quá hạn {-days} ngày" if days else "quá giờ hẹn"), "bad"
    if not days:
        return "hôm nay", "warn"
    return f"còn {days} ngày", "muted"


def near_badge(line: DossierLine, now: datetime) -> tuple[str, Tone, str]:
    """How near the promise is, as word, tone and icon; no word while the clock does not run."""
    if line.status not in RUNNING:
        return "", "still", ""
    words, tone = due_words(line.due_at, now)
    tones: dict[str, Tone] = {"bad": "bad", "warn": "warn"}
    return words.capitalize(), tones.get(tone, "still"), "clock"


def received_words(received_at: datetime, now: datetime) -> str:
    """The time of today, the day of another day."""
    if received_at.date() == now.date():
        return f"{received_at:%H:%M}"
    pattern = "%d/%m" if received_at.year == now.year else "%d/%m/%y"
    return received_at.strftime(pattern)


def due_column(due_at: datetime, now: datetime) -> str:
    """The promised moment as a list shows it."""
    pattern = "%H:%M %d/%m" if due_at.year == now.year else "%H:%M %d/%m/%y"
    return due_at.strftime(pattern)


def short_moment(iso: str, now: datetime) -> str:
    """ "09:18 10/12" of an entry's moment; the year only where it is another one."""
    return due_column(datetime.fromisoformat(iso), now)


def copy_words(found: OpenedDossier) -> tuple[str, str, Tone]:
    """Where a dossier exists, in one sentence, with its icon and tone."""
    if found.line.one_copy:
        return "Mới có một bản, trên máy này. Chưa có bản thứ hai.", "cloud-up", "info"
    if found.waiting is None:
        return "Đã có bản thứ hai ngoài máy này.", "cloud-check", "ok"
    if found.waiting:
        text = f"Có bản thứ hai. Máy chủ chưa ký nhận {found.waiting} việc mới."
        return text, "cloud-up", "info"
    return "Máy chủ đã ký nhận đủ.", "cloud-check", "ok"


def papers_words(paper: PaperCount) -> str:
    """How many of a paper were handed in, and of which kind."""
    parts = [
        f"{count} {kind}"
        for count, kind in (
            (paper.originals, "bản chính"),
            (paper.certified, "bản chứng thực"),
            (paper.copies, "bản sao"),
        )
        if count
    ]
    if paper.shown or not parts:
        parts.append("xuất trình")
    return ", ".join(parts)


def fee_words(facts: DossierReceived) -> str:
    """What was asked and how it was paid."""
    fee = facts.fee
    how = PAID[fee.how]
    return f"{show_money(fee.amount)}, {how}" if how else show_money(fee.amount)


def value_words(path: str, value: Any) -> str:
    """The value of a correctable fact as a clerk reads it."""
    if value in (None, "", [], ()):
        return "để trống"
    if path == "applicant.id_number":
        return show_id(str(value))
    if path == "applicant.phone":
        return show_phone(str(value))
    if path == "applicant.born":
        return show_day(str(value))
    if path == "due_at":
        return show_moment(datetime.fromisoformat(str(value)))
    if path == "delivery":
        return DELIVERY.get(str(value), str(value))
    if path == "papers":
        return f"{len(value)} loại giấy"
    if path == "fee":
        return show_money(int(value["amount"]))
    if isinstance(value, dict):
        return str(value.get("short_name") or value.get("name") or "thông tin mới")
    return str(value)


def steps_of(opened: OpenedDossier) -> list[Step]:
    """A dossier's history, oldest first: when, what, who, at which counter, which paper."""
    corrections = {c.id: c for c in opened.dossier.corrections}
    return [step_of(event, opened, corrections.get(event.id)) for event in opened.dossier.history]


def step_of(event: Event, opened: OpenedDossier, correction: Correction | None = None) -> Step:
    """One entry of the history in words."""
    at = short_moment(event.at, opened.now)
    number = opened.counters.get(event.dev)
    who = opened.people.get(event.by, event.by)
    place = f"{who}, quầy {number}" if number else f"{who}, quầy khác"
    match event.body:
        case DossierReceived(channel=channel):
            text = "Tiếp nhận" if channel == "direct" else f"Tiếp nhận, {CHANNELS[channel].lower()}"
            return Step("circle-check", "ok", text, at, place)
        case ReceiptPrinted(form=form, nth=nth, word_of=word):
            text = f"In {FORMS.get(form, f'mẫu {form}')}" + (
                f", bản in lần {nth}" if nth > 1 else ""
            )
            said = {"printer": "máy in báo xong", "clerk": "cán bộ xác nhận", "file": "ghi ra tệp"}
            return Step("printer", "info", text, at, f"{place}, {said[word]}")
        case DossierCorrected(reason=reason):
            changes = correction.changes if correction else ()
            lines = [_change_words(c) for c in changes if c.path != "applicant.id_kind"]
            more = "\n".join([place, *lines, f"Lý do: {reason}"])
            return Step("pencil", "warn", "Đính chính", at, more)
        case DossierVoided(reason=reason):
            return Step("ban", "bad", "Hủy hồ sơ", at, f"{place}\nLý do: {reason}")
        case DossierRecoded(code=code, reason=reason):
            return Step("edit", "warn", f"Đổi mã thành {code}", at, f"{place}\nLý do: {reason}")
        case DossierLinked(how=how):
            text = "Cùng một việc với hồ sơ khác" if how == "same" else "Không trùng hồ sơ khác"
            return Step("copy", "muted", text, at, place)
        case DossierRecovered():
            return Step("file-text", "warn", "Dựng lại từ giấy tiếp nhận", at, place)
        case FileAttached(name=name, paper=paper):
            return Step("paperclip", "muted", f"Đính kèm {paper or name}", at, place)
        case LifeStep() as body:
            step = said_of(event.kind, body)
            mistaken = event.id in opened.dossier.life.annulled
            text = f"{step.text} (ghi nhầm)" if mistaken else step.text
            more = "\n".join(filter(None, (place, step.more)))
            return Step(step.icon, "faint" if mistaken else step.tone, text, at, more)
        case NoteAdded(text=note):
            return Step("note", "muted", "Ghi chú nội bộ", at, f"{place}\n{note}")
        case _:
            return Step("help", "faint", "Việc do bản phần mềm mới hơn ghi", at, place)


def _change_words(change: Change) -> str:
    name = FIELDS.get(change.path, change.path)
    old, new = value_words(change.path, change.old), value_words(change.path, change.new)
    return f"{name}: {old} → {new}" if old != new else f"{name}: {new}"


def flag_words(dossier: Dossier) -> str:
    """Why a dossier wants a person's eye; empty when it does not."""
    if not dossier.readable:
        return "Hồ sơ có việc do bản phần mềm mới hơn ghi. Chỉ xem, chưa sửa được ở máy này."
    said = {
        "parallel_update": "Hai quầy sửa cùng lúc, khác mục. Xem quá trình rồi đối chiếu.",
        "field_conflict": "Hai quầy sửa cùng một mục. Đính chính lại mục đó để chọn một bản.",
        "void_conflict": "Có quầy hủy trong lúc quầy khác sửa. Xem quá trình rồi quyết định.",
        "received_twice": "Hồ sơ được ghi nhận hai lần, có hai giấy hẹn. Đối chiếu rồi xác nhận.",
        "bad_correction": "Có một lần đính chính không đọc được. Xem quá trình.",
        "recode_conflict": "Hai quầy đổi mã cùng lúc. Đổi mã lại một lần để chọn một mã.",
        "recovered": "Dựng lại từ giấy tiếp nhận. Đối chiếu giấy rồi bổ sung cho đủ.",
        "out_of_turn": "Có việc ghi không đúng lượt, chưa được tính. Xem Việc cần xử lý.",
        "out_of_hand": "Có việc làm ở quầy khi hồ sơ đã chuyển đi. Xem Việc cần xử lý.",
        "state_conflict": "Hai nơi làm khác nhau cùng lúc. Xem Việc cần xử lý để chọn.",
        "returned_twice": "Ghi nhận trả hai lần. Lãnh đạo chọn lần đúng ở Việc cần xử lý.",
        "fee_twice": "Có thể đã thu phí hai lần. Lãnh đạo xem ở Việc cần xử lý.",
        "settled_twice": "Hai người xử lý khác nhau. Lãnh đạo quyết định ở Việc cần xử lý.",
    }
    return " ".join(dict.fromkeys(said[flag.name] for flag in dossier.flags))
