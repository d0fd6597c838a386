"""Papers of nobody, to look at the words of a form: a short dossier, and the longest of a year.

They are drawn by the routines that print; only the people, the code and the papers are invented.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final, NamedTuple

import msgspec

from db.dossier import Dossier, Event
from db.kinds import BookLine, DossierReceived
from db.life import Result
from db.living import begun
from db.parts import ClerkFacts, Fee, Limit, OfficeFacts, PaperCount, Person, ProcedureFacts
from db.steps import (
    Asked,
    DossierExtended,
    DossierForwarded,
    DossierRefused,
    DossierStopped,
    DossierTaken,
    FeeTaken,
    Place,
    ResultReturned,
    Step,
    SupplementAsked,
)
from desk_app.papers.forms import set_on, slip_of
from desk_app.papers.handover_list import Given, handover_list
from desk_app.papers.many_receipt import many_receipt
from desk_app.papers.receipt import Receipt, Size, receipt_pdf
from desk_app.papers.register import register_pdf
from desk_app.papers.slip import slip_pdf
from desk_app.papers.small_papers import label_pdf, ticket_pdf

AT: Final = "2026-02-05T14:05:00+07:00"
CLERK: Final = ClerkFacts("", "Lê Thị Mẫu")
SHOWN: Final = ("01", "02", "03", "04", "05", "return", "fee", "control", "handover", "many",
                "register", "label", "ticket")  # fmt: skip
"""Every form there is a specimen of, in the order of a list."""
REACH: Final = 10.0
"""Points from the edge of a sheet that a laser printer leaves white."""
TOUCH: Final = 2.0
"""Points by which letters beside each other may touch."""
SHEET: Final = 300.0
"""Points from which it is one: labels and tickets are printed to their edge."""
_NAME: Final = "Nguyễn Văn Mẫu"
_LONG_NAME: Final = (
    "Công ty Trách nhiệm hữu hạn một thành viên Thương mại Dịch vụ Sản xuất và Xuất nhập khẩu "
    "Thủy sản Mẫu Thử Nghiệm"
)
_DOING: Final = "Cấp Giấy xác nhận tình trạng hôn nhân"
_LONG_DOING: Final = (
    "Giải quyết trợ cấp một lần đối với người có thành tích tham gia kháng chiến đã được tặng "
    "Bằng khen của Thủ tướng Chính phủ, Bằng khen của Chủ tịch Hội đồng Bộ trưởng hoặc Bằng "
    "khen của Bộ trưởng, Thủ trưởng cơ quan ngang bộ, Thủ trưởng cơ quan thuộc Chính phủ, Bằng "
    "khen của Chủ tịch Ủy ban nhân dân tỉnh, thành phố trực thuộc Trung ương"
)
_ADDRESS: Final = "Số 125/12/7 đường Giả Lập, tổ dân phố số 7, thôn Mẫu"
_PAPER: Final = "Tờ khai theo mẫu"
_LONG_PAPER: Final = (
    "Bản sao có chứng thực giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản "
    "khác gắn liền với đất, kèm trích lục bản đồ địa chính và biên bản xác minh hiện trạng"
)
_PLACE: Final = Place("Bộ phận chuyên môn")


@dataclass(frozen=True)
class Specimen:
    """What to draw: the form, in whose words and names, and for which of the two dossiers."""

    form: str
    form_set: str
    texts: Mapping[str, str]
    office: OfficeFacts
    signer: str = ""
    signer_title: str = ""
    longest: bool = False


class Box(NamedTuple):
    """Where a piece of text stands on a page; y grows upwards."""

    left: float
    low: float
    right: float
    up: float


def specimen_pdf(wanted: Specimen, size: Size) -> bytes:
    """The paper as PDF; lists and small papers have one size only.

    Raises:
        FormTextMissing: the form's texts are not complete.
    """
    dossier, texts = _dossier(wanted), wanted.texts
    match wanted.form:
        case "01":
            return receipt_pdf(Receipt(dossier.facts, texts, draft=True), size, copies=(2,))
        case "label":
            return label_pdf(dossier, texts)
        case "ticket":
            return ticket_pdf(dossier, texts)
        case "register":
            return _register(wanted, dossier)
        case "handover":
            step = DossierForwarded(at=AT, clerk=CLERK, to=_PLACE, handover="0" * 32)
            lines = [Given(dossier, step)] * (12 if wanted.longest else 2)
            return slip_pdf(handover_list(lines, "0" * 32, _PLACE, texts), "across")
        case "many":
            return slip_pdf(
                many_receipt([dossier] * (6 if wanted.longest else 2), texts, 1), "across"
            )
        case form:
            about = "" if form == "control" else dossier.history[0].id
            return slip_pdf(slip_of(form, dossier, about, texts), set_on(form, size))


def runs_over(pdf: bytes) -> bool:
    """Whether letters stand nearer to the edge of a sheet than a printer reaches, or on others."""
    import pypdfium2

    document = pypdfium2.PdfDocument(pdf)
    try:
        for page in document:
            wide, high = page.get_size()
            reach = REACH if min(wide, high) > SHEET else 1.0
            text = page.get_textpage()
            boxes = [Box(*text.get_rect(n)) for n in range(text.count_rects())]
            for box in boxes:
                if min(box.left, box.low, wide - box.right, high - box.up) < reach:
                    return True
            if any(_over(one, other) for one, other in combinations(boxes, 2)):
                return True
        return False
    finally:
        document.close()


def _over(one: Box, other: Box) -> bool:
    """Whether two pieces of text cover each other by more than the tails of their letters."""
    across = min(one.right, other.right) - max(one.left, other.left)
    down = min(one.up, other.up) - max(one.low, other.low)
    return across > TOUCH and down > min(one.up - one.low, other.up - other.low) / 2


def _register(wanted: Specimen, dossier: Dossier) -> bytes:
    facts = dossier.facts
    row = ("01", facts.code, facts.procedure.name, "01", facts.applicant.name,
           facts.applicant.address, _PLACE.department, "05/02/2026", "10/02/2026", "",
           wanted.texts["counter"], "", "")  # fmt: skip
    heading = wanted.texts["year"].format(year=2026, volume=1)
    rows = [row] * (40 if wanted.longest else 3)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "register.pdf"
        register_pdf(path, wanted.office, wanted.texts, heading, AT, rows, lambda _: None)
        return path.read_bytes()


def _dossier(wanted: Specimen) -> Dossier:
    facts = _facts(wanted)
    steps = _steps(wanted)
    events = [Event(f"{n:064x}", "", AT, CLERK.login, "", step) for n, step in enumerate(steps)]
    result = Result("", facts.due_at, "out", number="12/XN", arrived_at=AT)
    life = msgspec.structs.replace(begun(facts), results=(result,))
    return Dossier("0" * 32, facts, "done", life, (), tuple(events))


def _facts(wanted: Specimen) -> DossierReceived:
    long = wanted.longest
    person = Person(
        _LONG_NAME if long else _NAME,
        kind="business" if long else "citizen",
        id_number="0201999999" if long else "031085999991",
        id_kind="tax" if long else "personal",
        address="; chi nhánh tại ".join([_ADDRESS] * (1 + long)),
        phone="0912345678",
        email="vanphong.xuatnhapkhau@congtymau.example.vn" if long else "",
        representative="Nguyễn Hoàng Phương Thảo Nguyên" if long else "",
    )
    name = _LONG_DOING if long else _DOING
    papers = [PaperCount(_LONG_PAPER, 1, n % 3, n % 2) for n in range(12)]
    return DossierReceived(
        code="H00.00.00-260205-0001",
        procedure=ProcedureFacts("0.000000", name, name[:28], "", ""),
        channel="direct",
        received_at=AT,
        applicant=person,
        submitter=Person("Đặng Trần Bảo Quốc Khánh", phone="0987654321") if long else None,
        limit=Limit("working_days", 7),
        due_at="2026-02-10T16:30:00+07:00",
        why_due="",
        office=wanted.office,
        counter=1,
        clerk=CLERK,
        form_set=wanted.form_set,
        papers=tuple(papers) if long else (PaperCount(_PAPER, 1), PaperCount("Giấy tờ tùy thân")),
        fee=Fee(1_250_000, "transfer", pages=12, copies=5) if long else Fee(15_000, "cash"),
        delivery="post" if long else "counter",
        book=BookLine(1, 1),
    )


def _steps(wanted: Specimen) -> tuple[Step, ...]:
    """What the form is about."""
    why = _LONG_PAPER if wanted.longest else "chờ xác minh"
    match wanted.form:
        case "02":
            asked = [Asked(_LONG_PAPER, why)] * 8 if wanted.longest else [Asked(_PAPER, why)]
            return (
                SupplementAsked(
                    at=AT, clerk=CLERK, asked=tuple(asked), note=why, until="2026-03-09"
                ),
            )
        case "03":
            return (DossierRefused(at=AT, clerk=CLERK, reason=why, basis="Điều 5"),)
        case "04":
            return (_extended(wanted, why),)
        case "05":
            return (DossierStopped(at=AT, clerk=CLERK, reason=why),)
        case "return":
            came = Person(_NAME, id_number="031085999991", id_kind="personal")
            return (ResultReturned(at=AT, clerk=CLERK, to="authorised", collector=came),)
        case "fee":
            paid = FeeTaken(at=AT, clerk=CLERK, amount=15_000, how="cash", payment="0" * 32)
            return (paid,)
        case "control":
            given = DossierForwarded(at=AT, clerk=CLERK, to=_PLACE, handover="0" * 32)
            return (given, DossierTaken(at=AT, clerk=CLERK, place=_PLACE))
        case _:
            return ()


def _extended(wanted: Specimen, why: str) -> DossierExtended:
    return DossierExtended(
        at=AT,
        clerk=CLERK,
        due_at="2026-02-20T16:30:00+07:00",
        reason=why,
        agency=wanted.office.name,
        signer=wanted.signer,
        signer_title=wanted.signer_title,
    )
