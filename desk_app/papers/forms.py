"""Which form an entry calls for, and the form as PDF."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from db.dossier import Dossier
from db.parts import Kind
from db.refused import Refused
from db.steps import (
    DossierChecked,
    DossierExtended,
    DossierRefused,
    DossierStopped,
    FeeTaken,
    ResultReturned,
    SupplementAsked,
)
from desk_app.papers.apology import apology
from desk_app.papers.control_slip import control_slip
from desk_app.papers.fee_slip import Paid, fee_slip
from desk_app.papers.form_parts import Texts, numbered
from desk_app.papers.refusal_slip import refusal_slip
from desk_app.papers.return_slip import return_slip
from desk_app.papers.slip import Slip
from desk_app.papers.stop_notice import stop_notice
from desk_app.papers.supplement_slip import supplement_slip

FORMS: Mapping[str, str] = {
    "01": "Giấy tiếp nhận hồ sơ và hẹn trả kết quả",
    "02": "Phiếu yêu cầu bổ sung, hoàn thiện hồ sơ",
    "03": "Phiếu từ chối tiếp nhận giải quyết hồ sơ",
    "04": "Phiếu xin lỗi và hẹn lại ngày trả kết quả",
    "05": "Thông báo dừng giải quyết hồ sơ",
    "return": "Giấy biên nhận trả kết quả",
    "fee": "Phiếu thu phí, lệ phí",
    "control": "Phiếu kiểm soát quá trình giải quyết hồ sơ",
    "handover": "Phiếu bàn giao hồ sơ",
    "results": "Phiếu bàn giao kết quả",
    "many": "Giấy tiếp nhận chung cho nhiều hồ sơ",
    "label": "Nhãn bìa hồ sơ",
    "ticket": "Phiếu nhỏ 80 mm",
}
"""Every form, by what the clerk calls it."""
ABOUT: Mapping[str, tuple[type[Kind], ...]] = {
    "02": (SupplementAsked, DossierChecked),
    "03": (DossierRefused, DossierChecked),
    "04": (DossierExtended,),
    "05": (DossierStopped,),
    "return": (ResultReturned,),
    "fee": (FeeTaken,),
}
"""What entry a form is about; the others are about the dossier as it stands."""
LISTS = frozenset({"handover", "results", "many"})
"""Papers about several dossiers."""
AS_IT_STANDS = frozenset({"control", "label", "ticket"})


ACROSS = frozenset({"fee"})
"""Forms of A5 across, whatever paper the others are set for."""


class NothingToPrint(Refused):
    """The dossier has nothing this form could be about; ``form``, in words."""


def form_of(body: Kind | None) -> str:
    """The form an entry calls for; empty when it calls for none."""
    if isinstance(body, DossierChecked):
        return "02" if body.outcome == "incomplete" else "03"
    return next((form for form, kinds in ABOUT.items() if isinstance(body, kinds)), "")


def set_on(form: str, paper: str) -> str:
    """How a form is set on a counter's paper, for ``slip_pdf``."""
    return "A5-across" if form in ACROSS else paper


def slip_of(
    form: str,
    dossier: Dossier,
    entry: str,
    texts: Texts,
    nth: int = 1,
    paid_with: Sequence[Paid] = (),
    before: Dossier | None = None,
    counter: int = 0,
) -> Slip:
    """The paper about one entry of a dossier.

    Args:
        dossier: as it stood with the entry, so that a reprint says what the first print said.
        paid_with: everything of the same payment.
        before: the dossier as it stood when the entry was written.
        counter: where that was; 0 is the dossier's own.

    Raises:
        NothingToPrint: the entry is not what this form is about.
    """
    body: Any = next((e.body for e in dossier.history if e.id == entry), None)
    if form != "control" and form_of(body) != form:
        raise NothingToPrint(form=FORMS.get(form, form).lower())
    before = before or dossier
    alike = [e.id for e in dossier.history if form_of(e.body) == form]
    # What was taken back keeps its number.
    which = 1 + alike.index(entry) if entry in alike else 0
    number = numbered(dossier.facts, which, counter)
    match form:
        case "02":
            return supplement_slip(dossier, number, body, texts, nth)
        case "03":
            return refusal_slip(dossier, number, body, texts, nth)
        case "04":
            return apology(dossier, before, number, body, texts, nth)
        case "05":
            return stop_notice(dossier, before, number, body, texts, nth)
        case "return":
            return return_slip(dossier, body, texts, nth)
        case "fee":
            return fee_slip(paid_with or [Paid(dossier, body)], texts, nth)
        case _:
            return control_slip(dossier, texts, nth)
