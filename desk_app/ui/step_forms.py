"""What a clerk types for each step of a dossier's life, and what becomes of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal, NamedTuple

from db.acts import ACTS
from db.living import could
from db.refused import Refused
from db.steps import Place
from desk_app.rules.money import read_money
from desk_app.rules.remarks import errors_of
from desk_app.services import duty, extending, fees, forwarding, results, supplements
from desk_app.services.find import dossier
from desk_app.services.steps import offered
from desk_app.ui.step_words import place_words
from desk_app.ui.typed_moments import MomentUnreadable, day_typed, moment_typed

if TYPE_CHECKING:
    from db.dossier import Dossier
    from desk_app.desk import Desk

Values = Mapping[str, str]
Job = Callable[["Desk", bytes, Values], "Dossier"]


class MoneyUnreadable(Refused):
    """An amount that cannot be read; ``text``."""


class Asked(NamedTuple):
    """One thing to type; ``choices`` makes it a choice instead."""

    name: str
    label: str
    kind: Literal["line", "text", "department", "how", "yes"] = "line"
    hint: str = ""


@dataclass(frozen=True)
class StepForm:
    """One step as the panel offers it."""

    kind: str
    about: str
    fields: tuple[Asked, ...]
    job: Job

    @property
    def title(self) -> str:
        """The verb of the table."""
        return ACTS[self.kind].says


def forms_for(desk: Desk, about: Dossier) -> list[StepForm]:
    """What this person may do with this dossier now: what moves it on, then the rest."""
    moving = offered(desk, about)
    rest = [kind for kind in could(about.life, desk.role) if kind not in moving]
    return [FORMS[kind] for kind in (*moving, *rest) if kind in FORMS and _makes_sense(about, kind)]


def _makes_sense(about: Dossier, kind: str) -> bool:
    life = about.life
    match kind:
        case "fee.taken":
            return bool(fees.owed(about))
        case "fee.refunded":
            return life.paid > 0
        case "result.arrived":
            return bool(life.ready) or any(r.delivery == "issued" for r in life.results)
        case "dossier.archived":
            return not life.box
        case _:
            return True


def _money(text: str) -> int:
    amount, remarks = read_money(text)
    if errors_of(remarks):
        raise MoneyUnreadable(text=text.strip())
    return amount or 0


def _place(desk: Desk, values: Values) -> Place | None:
    """Who is chosen, or typed because no list has it."""
    if elsewhere := values["elsewhere"].strip():
        return Place(elsewhere, office_name=elsewhere)
    chosen = values["department"]
    with desk.reading() as connection:
        places = forwarding.places_for(desk, desk.published(connection), "")
    named = (place for place in places if place_words(place) == chosen)
    return next(named, Place(chosen)) if chosen else None


def _forward(desk: Desk, id: bytes, values: Values) -> Dossier:
    until = moment_typed(desk, values["until"])
    lists = forwarding.forward(desk, [id], _place(desk, values), until, values["work"])
    for each in lists:
        for _, refused in each.refused:
            raise refused
    return lists[0].dossiers[0]


def _extend(desk: Desk, id: bytes, values: Values) -> Dossier:
    due = moment_typed(desk, values["due"])
    if due is None:
        raise MomentUnreadable(text="")
    return extending.extend(
        desk,
        id,
        due,
        values["reason"],
        values["agency"] or desk.office.facts.name,
        values["signer"] or desk.office.signer,
        desk.office.signer_title,
        values["override"],
        _nth(values["result"]),
    )


def _nth(typed: str) -> int | None:
    """The place of a result, which people count from 1; None for nothing."""
    return int(typed) - 1 if typed.strip().isdecimal() and int(typed) > 0 else None


def _issue(desk: Desk, id: bytes, values: Values) -> Dossier:
    place = _nth(values["result"]) or 0
    signed = moment_typed(desk, values["signed"])
    return results.issue(
        desk, id, values["number"], place, signed.date() if signed else None, values["signer"]
    )


def _take_fee(desk: Desk, id: bytes, values: Values) -> Dossier:
    how: fees.How = "transfer" if values["how"] == "transfer" else "cash"
    return fees.take_fee(desk, [id], how, number=values["number"]).dossiers[0]


def _refund(desk: Desk, id: bytes, values: Values) -> Dossier:
    how: fees.How = "transfer" if values["how"] == "transfer" else "cash"
    return fees.refund(desk, id, _money(values["amount"]), how, values["reason"])


_ELSEWHERE = Asked(
    "elsewhere", "Cơ quan khác (không có trong danh sách)", hint="Bảo hiểm xã hội huyện"
)
_REASON = Asked("reason", "Lý do", "text")
_HOW = Asked("how", "Cách thu, hoàn", "how")
_FORMS: Final = (
    StepForm(
        "dossier.forwarded",
        "Giao cho bộ phận giải quyết. Sau đó in phiếu bàn giao hoặc phiếu kiểm soát.",
        (
            Asked("department", "Nơi nhận", "department"),
            _ELSEWHERE,
            Asked("until", "Xong trước (không bắt buộc)", hint="16:30 15/12/2026"),
            Asked("work", "Nội dung việc"),
        ),
        _forward,
    ),
    StepForm(
        "dossier.taken",
        "Người nhận ký nhận hồ sơ.",
        (),
        lambda desk, id, _: forwarding.take_over(desk, id),
    ),
    StepForm(
        "dossier.sentback",
        "Chuyển lại quầy khi nhầm nơi, hoặc cần sửa.",
        (_REASON,),
        lambda desk, id, v: forwarding.send_back(desk, id, v["reason"]),
    ),
    StepForm(
        "opinion.asked",
        "Nơi khác trả lời, thời hạn vẫn tính.",
        (
            Asked("department", "Nơi cho ý kiến", "department"),
            _ELSEWHERE,
            Asked("about", "Nội dung"),
            Asked("until", "Trả lời trước", hint="16:30 15/12/2026"),
        ),
        lambda desk, id, v: forwarding.ask_opinion(
            desk, id, _place(desk, v) or Place(""), v["about"], moment_typed(desk, v["until"])
        ),
    ),
    StepForm(
        "opinion.given",
        "Ghi nội dung trả lời.",
        (Asked("answer", "Ý kiến", "text"), Asked("number", "Số văn bản")),
        lambda desk, id, v: forwarding.opinion_given(desk, id, v["answer"], v["number"]),
    ),
    StepForm(
        "supplement.brought",
        "Đủ giấy thì thời hạn tính lại theo quy định, ngày hẹn mới in ra được.",
        (Asked("complete", "Đã đủ giấy tờ", "yes"),),
        lambda desk, id, v: supplements.bring_papers(desk, id, complete=v["complete"] == "yes"),
    ),
    StepForm(
        "duty.asked",
        "Thời hạn dừng đến khi có chứng từ.",
        (
            Asked("what", "Nghĩa vụ", hint="Lệ phí trước bạ"),
            Asked("amount", "Số tiền", hint="1.200.000"),
            Asked("until", "Hạn nộp", hint="15/12/2026"),
        ),
        lambda desk, id, v: duty.ask_for_duty(
            desk, id, v["what"], _money(v["amount"]), day_typed(desk, v["until"])
        ),
    ),
    StepForm(
        "duty.met",
        "Ghi số chứng từ công dân mang đến.",
        (Asked("document", "Số chứng từ"),),
        lambda desk, id, v: duty.duty_met(desk, id, v["document"]),
    ),
    StepForm(
        "dossier.extended",
        "Phiếu xin lỗi (Mẫu 04) in ra sau khi lưu. Gửi trước ngày hẹn ít nhất một ngày.",
        (
            Asked("due", "Hẹn lại", hint="16:30 15/12/2026"),
            Asked("reason", "Lý do chậm"),
            Asked("agency", "Cơ quan giải quyết"),
            Asked("signer", "Người ký"),
            Asked("override", "Lý do hẹn thêm hoặc gửi muộn (khi cần)"),
            Asked("result", "Kết quả thứ mấy (khi có nhiều)", hint="để trống: kết quả cuối"),
        ),
        _extend,
    ),
    StepForm(
        "dossier.stopped",
        "Theo yêu cầu của công dân, khi chưa có kết quả. In thông báo dừng sau khi lưu.",
        (_REASON,),
        lambda desk, id, v: supplements.stop(desk, id, v["reason"]),
    ),
    StepForm(
        "dossier.refused",
        "Sau thẩm định. In phiếu từ chối (Mẫu 03) sau khi lưu.",
        (_REASON, Asked("basis", "Căn cứ")),
        lambda desk, id, v: supplements.refuse(desk, id, v["reason"], v["basis"]),
    ),
    StepForm(
        "result.issued",
        "Kết quả đã ký. Về quầy thì ghi nơi để.",
        (
            Asked("number", "Số, ký hiệu"),
            Asked("signer", "Người ký"),
            Asked("signed", "Ngày ký (để trống: hôm nay)", hint="15/12/2026"),
            Asked("result", "Kết quả thứ mấy (khi có nhiều)", hint="1"),
        ),
        _issue,
    ),
    StepForm(
        "result.arrived",
        "Nơi để kết quả, hiện to ở màn hình Trả kết quả.",
        (Asked("shelf", "Nơi để"), Asked("slot", "Ô, bìa")),
        lambda desk, id, v: results.put_on_shelf(
            desk, id, v["shelf"], v["slot"], _issued(desk, id)
        ),
    ),
    StepForm(
        "post.confirmed",
        "Bưu điện báo kết quả.",
        (Asked("delivered", "Đã giao đến nơi", "yes"),),
        lambda desk, id, v: results.post_confirmed(
            desk, id, "delivered" if v["delivered"] == "yes" else "came_back"
        ),
    ),
    StepForm(
        "citizen.told",
        "Ghi đã báo cho công dân qua điện thoại.",
        (Asked("reached", "Đã gặp được", "yes"), Asked("text", "Nội dung")),
        lambda desk, id, v: results.tell(
            desk, id, "phone", "other", v["reached"] == "yes", v["text"]
        ),
    ),
    StepForm(
        "dossier.archived",
        "Giao cho lưu trữ.",
        (Asked("box", "Hộp lưu"), Asked("note", "Ghi chú")),
        lambda desk, id, v: results.archive(desk, id, v["box"], v["note"]),
    ),
    StepForm(
        "fee.taken",
        "Thu số còn phải thu. Phiếu thu không thay biên lai; ghi số biên lai đã viết.",
        (_HOW, Asked("number", "Số biên lai")),
        _take_fee,
    ),
    StepForm(
        "fee.refunded",
        "Hoàn lại tiền đã thu, có lý do.",
        (Asked("amount", "Số tiền", hint="15.000"), _HOW, Asked("reason", "Lý do")),
        _refund,
    ),
)
FORMS: Final[Mapping[str, StepForm]] = {form.kind: form for form in _FORMS}
"""Steps that are typed in the panel; asking for papers and returning have pages of their own."""


def _issued(desk: Desk, id: bytes) -> int:
    """The first result that was signed and has not come; else the one that lies here."""
    life = dossier(desk, id).life
    signed = [i for i, r in enumerate(life.results) if r.delivery == "issued"]
    return [*signed, *life.ready, 0][0]
