"""How long a receipt takes, against a bare reportlab page with the same fonts and letters."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from io import BytesIO
from itertools import cycle
from pathlib import Path

import msgspec

from db.kinds import DossierReceived, FormPublished
from db.parts import ClerkFacts, Fee, Limit, OfficeFacts, PaperCount, Person, ProcedureFacts
from desk_app.bench.rows import Row, measure_pair
from desk_app.papers.layout import Text
from desk_app.papers.lines import BOLD, ITALIC, REGULAR
from desk_app.papers.receipt import A5, Receipt, receipt_pdf, set_on_fewest
from desk_app.resources import resource

TIMES = 200
REACH = 1.8


def rows(data: Path) -> list[Row]:
    """A warm A5 page with both codes: the citizen's copy and the office's copy.

    The floor draws the same strings in the same places with the same fonts in reportlab's usual
    way, and neither sets lines nor draws codes. Every receipt has its own code and applicant.
    """
    del data  # A receipt needs no database.
    form_file = resource("catalogue/forms.json").read_bytes()
    texts = msgspec.json.decode(form_file, type=list[FormPublished])[0].texts
    receipts = [sample(number, texts) for number in range(TIMES)]
    _register_plain_fonts()
    return [
        _row("receipt, citizen's copy, A5 warm", receipts, copy=2),
        _row("receipt, office's copy with signed QR, A5 warm", receipts, copy=1),
    ]


def _register_plain_fonts() -> None:
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont

    for name in (REGULAR, BOLD, ITALIC):
        font = TTFont(f"plain {name}", str(resource(f"fonts/{name}.ttf")))
        # reportlab keeps one font a face: under its own name it would be taken for ours.
        font.face.name = f"plain {name}".encode()
        pdfmetrics.registerFont(font)


def _row(name: str, receipts: Sequence[Receipt], copy: int) -> Row:
    pages = [set_on_fewest(receipt, A5, (copy,))[0] for receipt in receipts]
    strings = [[text for text in page.texts if text.copy in (0, copy)] for page in pages]
    ours, floor = cycle(receipts), cycle(strings)
    # The codes of the setting above are still in the cache of codes, for the last few receipts
    # only: a turn of TIMES receipts has pushed them out again before they come.
    seconds, least = measure_pair(
        lambda: receipt_pdf(next(ours), "A5", (copy,)), lambda: _bare_page(next(floor)), TIMES
    )
    note = f"reach {REACH} times the bare page"
    return Row(name, seconds * 1000, least * 1000, seconds / least, "ms", note)


def _bare_page(texts: Sequence[Text]) -> None:
    from reportlab.pdfgen.canvas import Canvas

    canvas = Canvas(BytesIO(), pagesize=(A5.width, A5.height), invariant=1)
    for text in texts:
        canvas.setFont(f"plain {text.font}", text.size)
        canvas.drawString(text.x, A5.height - text.y, text.string)
    canvas.showPage()
    canvas.save()


FAMILY = ("Nguyễn", "Trần", "Phạm", "Đỗ", "Vũ", "Bùi", "Hoàng", "Đặng", "Lưu", "Ngô", "Khổng")
GIVEN = ("Ngọc Ánh", "Quốc Khánh", "Thùy Dương", "Hữu Phước", "Mỹ Lệ", "Đức Thuận", "Kim Yến")


def sample(number: int, texts: dict[str, str]) -> Receipt:
    """The receipt of a made-up dossier; every number gives another applicant."""
    name = f"{FAMILY[number % len(FAMILY)]} Thị {GIVEN[number % len(GIVEN)]}"
    digest = hashlib.sha512(b"%d" % number).digest()
    machine = digest.hex()[:32]
    facts = DossierReceived(
        code=f"H24.314.11680-261210-{number:04d}",
        procedure=ProcedureFacts(
            code="1.004873",
            name="Cấp Giấy xác nhận tình trạng hôn nhân",
            short_name="Tình trạng hôn nhân",
            field="Hộ tịch",
            version="",
        ),
        channel="direct",
        received_at="2026-12-10T09:41:00+07:00",
        applicant=Person(
            name=name,
            id_number=f"03118700{number:04d}",
            id_kind="personal",
            address=f"Thôn {1 + number % 9}, xã Tú Sơn, huyện Kiến Thụy, thành phố Hải Phòng",
            phone=f"091234{number:04d}",
        ),
        limit=Limit(unit="working_days", halves=6),
        due_at="2026-12-15T16:30:00+07:00",
        why_due="",
        office=OfficeFacts(
            code="H24.314.11680",
            name="Ủy ban nhân dân xã Tú Sơn",
            upper_line="ỦY BAN NHÂN DÂN XÃ TÚ SƠN",
            desk_line="BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
            place="Tú Sơn",
            lookup_url="https://dichvucong.haiphong.gov.vn/tra-cuu",
        ),
        counter=1,
        clerk=ClerkFacts(login="mai", name="Trần Thị Mai"),
        form_set="2018",
        papers=(
            PaperCount(name="Tờ khai cấp Giấy xác nhận tình trạng hôn nhân", originals=1),
            PaperCount(name="Giấy tờ tùy thân có dán ảnh và thông tin cá nhân", shown=True),
            PaperCount(name="Quyết định ly hôn đã có hiệu lực", certified=1, copies=2),
        ),
        fee=Fee(amount=15_000, how="cash"),
    )
    signed = "|".join(
        ("1", facts.code, machine, "1.004873", name, facts.due_at, "11680-1/1/4217")
    ) + base64.b64encode(digest).decode("ascii")
    return Receipt(facts=facts, texts=texts, machine=machine, signed=signed)
