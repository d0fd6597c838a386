"""How the steps of a dossier's life are said in its history: icon, tone, words, and what more."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from db.acts import ACTS, State
from db.parts import Kind
from db.steps import (
    CitizenTold,
    DossierArchived,
    DossierChecked,
    DossierExtended,
    DossierForwarded,
    DossierRefused,
    DossierSentBack,
    DossierStopped,
    DossierTaken,
    DutyAsked,
    DutyMet,
    FeeRefunded,
    FeeTaken,
    OpinionAsked,
    OpinionGiven,
    PaperDigitised,
    Place,
    PostConfirmed,
    ResultArrived,
    ResultIssued,
    ResultPosted,
    ResultReturned,
    Step,
    StepsSettled,
    SupplementAsked,
    SupplementBrought,
)
from desk_app.rules.days import show_day, show_moment
from desk_app.rules.money import show_money

if TYPE_CHECKING:
    from desk_app.ui.painting import Tone

SHOWN: Final[dict[State, tuple[str, Tone, str]]] = {
    "checked": ("Chờ hoàn thiện", "warn", "clock"),
    "turned_away": ("Từ chối nhận", "still", "ban"),
    "received": ("Đã nhận", "info", "file-plus"),
    "forwarded": ("Đã chuyển", "info", "arrows-exchange"),
    "processing": ("Đang xử lý", "info", "edit"),
    "consulting": ("Lấy ý kiến", "info", "arrows-exchange"),
    "supplement": ("Chờ bổ sung", "warn", "clock"),
    "duty": ("Chờ nộp tiền", "warn", "cash"),
    "stopped": ("Đã dừng", "still", "ban"),
    "refused": ("Từ chối", "still", "ban"),
    "done": ("Có kết quả", "ok", "circle-check"),
    "returned": ("Đã trả", "still", "check"),
    "voided": ("Đã hủy", "still", "ban"),
}
"""Each state short, for a list's badge."""
TOLD: Final = {
    "phone": "gọi điện",
    "sms": "nhắn tin",
    "zalo": "nhắn Zalo",
    "email": "thư điện tử",
    "in_person": "nói trực tiếp",
    "post": "gửi thư",
}
WAYS: Final = {
    "cash": "tiền mặt",
    "transfer": "chuyển khoản",
    "post": "qua bưu chính",
    "online": "trực tuyến",
}


class StepSaid(NamedTuple):
    """A line of the history, without who and when."""

    icon: str
    tone: str
    text: str
    more: str = ""


def place_words(place: Place) -> str:
    """A place in one line."""
    parts = (place.department, place.office_name or place.office, place.person)
    return ", ".join(dict.fromkeys(filter(None, parts)))


def said_of(kind: str, body: Step) -> StepSaid:
    """What a step's line says."""
    icon, tone = _LOOKS.get(type(body), ("info-circle", "muted"))
    text, more = _words(body)
    return StepSaid(icon, tone, text or ACTS[kind].says, more)


_LOOKS: Final[dict[type[Kind], tuple[str, str]]] = {
    DossierChecked: ("info-circle", "warn"),
    DossierForwarded: ("arrows-exchange", "info"),
    DossierTaken: ("user-check", "info"),
    DossierSentBack: ("arrow-back-up", "warn"),
    SupplementAsked: ("note", "warn"),
    SupplementBrought: ("file-plus", "ok"),
    DutyAsked: ("cash", "warn"),
    DutyMet: ("cash", "ok"),
    DossierExtended: ("clock", "warn"),
    DossierStopped: ("ban", "bad"),
    DossierRefused: ("ban", "bad"),
    ResultIssued: ("circle-check", "ok"),
    ResultArrived: ("archive", "info"),
    CitizenTold: ("phone", "muted"),
    ResultReturned: ("circle-check", "ok"),
    ResultPosted: ("arrows-exchange", "info"),
    PostConfirmed: ("check", "ok"),
    DossierArchived: ("archive", "muted"),
    FeeTaken: ("cash", "ok"),
    FeeRefunded: ("cash", "warn"),
    PaperDigitised: ("scan", "muted"),
    StepsSettled: ("user-check", "muted"),
}


def _words(body: Step) -> tuple[str, str]:
    match body:
        case DossierChecked(outcome=outcome, asked=asked, reason=reason):
            text = "Từ chối tiếp nhận" if outcome == "refused" else "Chưa nhận, yêu cầu bổ sung"
            return text, "\n".join([*(f"{a.paper}: {a.reason}" for a in asked), reason]).strip()
        case DossierForwarded(to=to, until=until):
            more = f"Xong trước {_moment(until)}" if until else ""
            return f"Chuyển {place_words(to)}", more
        case SupplementAsked(asked=asked, note=note, until=until):
            lines = [f"{a.paper}: {a.reason}" for a in asked]
            lines += [note] if note else []
            lines += [f"Hạn {show_day(until)}"] if until else []
            return "", "\n".join(lines)
        case SupplementBrought(complete=complete, papers=papers, due_at=due_at, why_due=why):
            lines = [paper.name for paper in papers]
            lines += [f"Hẹn lại {_moment(due_at)}. {why}"] if due_at else []
            return "Đã bổ sung đủ" if complete else "Mang đến một phần", "\n".join(lines)
        case DossierExtended(due_at=due_at, reason=reason):
            return f"Xin lỗi, hẹn lại {_moment(due_at)}", f"Lý do: {reason}"
        case _:
            return _more_words(body)


def _more_words(body: Step) -> tuple[str, str]:
    match body:
        case DossierStopped(reason=reason) | DossierSentBack(reason=reason):
            return "", f"Lý do: {reason}"
        case DossierRefused(reason=reason, basis=basis):
            return "", "\n".join(filter(None, (f"Lý do: {reason}", basis)))
        case OpinionAsked(of=of, about=about):
            return f"Lấy ý kiến {place_words(of)}", about
        case OpinionGiven(answer=answer, number=number):
            return "Có ý kiến trả lời", " ".join(filter(None, (number, answer)))
        case DutyAsked(what=what, amount=amount):
            return "", f"{what}, {show_money(amount)}"
        case DutyMet(document=document):
            return "", f"Chứng từ {document}"
        case ResultIssued(number=number, signer=signer):
            return "", ", ".join(filter(None, (number, signer)))
        case ResultArrived(shelf=shelf, slot=slot):
            return "Kết quả về quầy", ", ".join(filter(None, (shelf, slot)))
        case CitizenTold(how=how, reached=reached, text=text):
            told = f"Đã báo, {TOLD[how]}" if reached else f"Chưa báo được, {TOLD[how]}"
            return told, text
        case _:
            return _last_words(body)


def _last_words(body: Step) -> tuple[str, str]:
    match body:
        case ResultReturned(collector=who, authorisation=given, originals=originals):
            lines = [f"Ủy quyền: {given}"] if given else []
            lines += [f"Trả bản chính: {'; '.join(originals)}"] if originals else []
            return f"Trả cho {who.name}", "\n".join(lines)
        case ResultPosted(item=item, postman=postman):
            return f"Gửi bưu điện, số {item}", postman
        case PostConfirmed(outcome=outcome, item=item):
            said = "Bưu điện đã giao" if outcome == "delivered" else "Bưu điện chuyển hoàn"
            return f"{said}, số {item}", ""
        case DossierArchived(box=box, uncollected=left):
            return f"Nộp lưu, {box}", "Không ai đến lấy kết quả" if left else ""
        case FeeTaken(amount=amount, how=how, receipt_number=number):
            return f"Thu {show_money(amount)}, {WAYS[how]}", f"Biên lai {number}" if number else ""
        case FeeRefunded(amount=amount, how=how, reason=reason):
            return f"Hoàn {show_money(amount)}, {WAYS[how]}", f"Lý do: {reason}"
        case PaperDigitised(paper=paper):
            return f"Số hóa {paper}", ""
        case StepsSettled(annulled=annulled, reason=reason):
            return ("Ghi là nhầm" if annulled else "Xác nhận lại"), f"Lý do: {reason}"
        case _:
            return "", ""


def _moment(iso: str) -> str:
    return show_moment(datetime.fromisoformat(iso))
