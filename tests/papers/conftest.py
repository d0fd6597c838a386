"""Receipts to look at: short and long, both regimes, and the reading of a PDF."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
import zxingcpp
from PIL import Image

from db.kinds import DossierReceived, FormPublished
from db.parts import ClerkFacts, Fee, Limit, OfficeFacts, PaperCount, Person, ProcedureFacts
from desk_app.papers.receipt import Receipt
from desk_app.resources import resource

OFFICE = OfficeFacts(
    code="H24.314.11680",
    name="Ủy ban nhân dân xã Tú Sơn",
    upper_line="ỦY BAN NHÂN DÂN XÃ TÚ SƠN",
    desk_line="BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
    place="Tú Sơn",
    phone="0225 3881 234",
    lookup_url="https://dichvucong.haiphong.gov.vn/tra-cuu",
)
CODE = "H24.314.11680-261210-0019"
MACHINE = "hồ sơ 5f3a9c0e7b1d4f62a8c4e0d19b7f3a55 · thiết bị 11680-1 · đời 1 · số 4217"
SIGNED = f"1|{CODE}|5f3a9c0e7b1d4f62a8c4e0d19b7f3a55|1.004873|Nguyễn Thị Ngọc Ánh|" + "k7Q+" * 30
LONGEST_PROCEDURE = (
    "Giải quyết trợ cấp một lần đối với người có thành tích tham gia kháng chiến đã được tặng "
    "Bằng khen của Thủ tướng Chính phủ, Bằng khen của Chủ tịch Hội đồng Bộ trưởng hoặc Bằng khen "
    "của Bộ trưởng, Thủ trưởng cơ quan ngang bộ, Thủ trưởng cơ quan thuộc Chính phủ, Bằng khen "
    "của Chủ tịch Ủy ban nhân dân tỉnh, thành phố trực thuộc Trung ương"
)
LONG_PAPER = (
    "Bản sao có chứng thực giấy chứng nhận quyền sử dụng đất, quyền sở hữu nhà ở và tài sản khác "
    "gắn liền với đất số {number}, kèm trích lục bản đồ địa chính, sơ đồ kỹ thuật thửa đất, biên "
    "bản xác minh hiện trạng sử dụng đất có chữ ký của các hộ liền kề và ý kiến của trưởng thôn nơi "
    "có đất"
)


@pytest.fixture(scope="session")
def texts_of() -> dict[str, dict[str, str]]:
    """The fixed texts of Mẫu 01 by form set, as they ship."""
    file = resource("catalogue/forms.json").read_bytes()
    forms = msgspec.json.decode(file, type=list[FormPublished])
    return {form.form_set: form.texts for form in forms if form.form == "01"}


def short(**changes: Any) -> DossierReceived:
    """An everyday dossier."""
    facts = DossierReceived(
        code=CODE,
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
            name="Nguyễn Thị Ngọc Ánh",
            id_number="031187999912",
            id_kind="personal",
            address="Thôn 3, xã Tú Sơn, huyện Kiến Thụy, thành phố Hải Phòng",
            phone="0912345678",
        ),
        limit=Limit(unit="working_days", halves=7),
        due_at="2026-12-15T16:30:00+07:00",
        why_due="",
        office=OFFICE,
        counter=1,
        clerk=ClerkFacts(login="mai", name="Trần Thị Mai"),
        form_set="2018",
        papers=(
            PaperCount(name="Tờ khai theo mẫu", originals=1),
            PaperCount(name="Giấy tờ tùy thân có dán ảnh", shown=True),
            PaperCount(name="Quyết định ly hôn đã có hiệu lực", certified=2, copies=3),
        ),
        fee=Fee(amount=15_000, how="cash"),
    )
    return msgspec.structs.replace(facts, **changes)


def long(**changes: Any) -> DossierReceived:
    """The longest a day brings: an organisation, somebody else handing in, thirty papers."""
    facts = short(
        applicant=Person(
            name="Công ty Trách nhiệm hữu hạn một thành viên Thương mại Dịch vụ Sản xuất và Xuất "
            "nhập khẩu Thủy sản Kiến Thụy Hải Phòng",
            kind="business",
            id_number="0201999999",
            id_kind="tax",
            address="Số 125/12/7 đường Nguyễn Văn Trỗi, tổ dân phố số 7, thị trấn Núi Đối; chi "
            "nhánh tại thôn Hồi Xuân, xã Tú Sơn, huyện Kiến Thụy, thành phố Hải Phòng",
            phone="02253881999",
            email="vanphong.xuatnhapkhau.kienthuy@congtythuysan.example.vn",
            representative="Nguyễn Hoàng Phương Thảo Nguyên",
        ),
        submitter=Person(
            name="Đặng Trần Bảo Quốc Khánh",
            id_number="031085999991",
            id_kind="personal",
            phone="0987654321",
        ),
        procedure=ProcedureFacts(
            code="1.005387", name=LONGEST_PROCEDURE, short_name="", field="", version=""
        ),
        papers=tuple(
            PaperCount(
                name=LONG_PAPER.format(number=number),
                originals=number % 3,
                certified=(number + 1) % 2,
                copies=number % 4,
            )
            for number in range(1, 31)
        ),
        purpose="bổ sung hồ sơ vay vốn của ngân hàng chính sách xã hội huyện Kiến Thụy",
        fee=Fee(amount=1_250_000, how="transfer", pages=12, copies=5),
        delivery="post",
    )
    return msgspec.structs.replace(facts, **changes)


@pytest.fixture
def receipt_of(texts_of: dict[str, dict[str, str]]) -> Callable[..., Receipt]:
    """A receipt of some facts, in the words of their form set, signed like a real one."""

    def make(facts: DossierReceived | None = None, **changes: Any) -> Receipt:
        facts = facts or short()
        given = {"machine": MACHINE, "signed": SIGNED, **changes}
        return Receipt(facts=facts, texts=texts_of[facts.form_set], **given)

    return make


@contextmanager
def opened(pdf: bytes) -> Iterator[list[pypdfium2.PdfPage]]:
    document = pypdfium2.PdfDocument(pdf)
    try:
        yield [document[number] for number in range(len(document))]
    finally:
        document.close()


def text_of(pdf: bytes) -> list[str]:
    """The text layer, page by page, with single spaces."""
    with opened(pdf) as pages:
        return [" ".join(page.get_textpage().get_text_bounded().split()) for page in pages]


def pictures(pdf: bytes, dpi: int) -> list[Image.Image]:
    """Every page as a laser printer lays it down: black or white dots, nothing between."""
    with opened(pdf) as pages:
        grey = [page.render(scale=dpi / 72, grayscale=True).to_pil() for page in pages]
        return [page.point(lambda tone: 255 * (tone > 127)) for page in grey]


def codes_of(picture: Image.Image) -> dict[str, list[str]]:
    """What an independent decoder reads on a page: texts by kind of code, sorted."""
    found: dict[str, list[str]] = {}
    for code in zxingcpp.read_barcodes(picture):
        if code.format == zxingcpp.BarcodeFormat.MicroQRCode:
            # Nobody prints these: the decoder sees one now and then in the noise of a page.
            continue
        found.setdefault(str(code.format).rpartition(".")[2], []).append(code.text)
    return {kind: sorted(texts) for kind, texts in found.items()}


def zbar_reads(picture: Image.Image) -> list[str]:
    """What a second decoder, of other makers, reads in a picture."""
    zbar = shutil.which("zbarimg")
    if zbar is None:
        pytest.fail("zbarimg is not installed: apt-get install zbar-tools")
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "picture.png"
        picture.save(file)
        said = subprocess.run([zbar, "-q", "--raw", file], capture_output=True, text=True)
    return sorted(said.stdout.splitlines())


def read_ticket(sent: bytes) -> list[str]:
    """What stands in the codes of a ticket, read from the very bytes a printer is sent."""
    assert sent.startswith(b"\x1b@\x1dv0\x00")
    across, down = (int.from_bytes(sent[at : at + 2], "little") for at in (6, 8))
    dots = bytes(byte ^ 0xFF for byte in sent[10 : 10 + across * down])
    assert sent[10 + across * down :] == b"\x1bd\x03\x1dV\x00"
    picture = Image.frombytes("1", (across * 8, down), dots).convert("L")
    # A printer's paper goes on beside and beyond the raster.
    paper = Image.new("L", (picture.width + 64, picture.height + 64), 255)
    paper.paste(picture, (32, 32))
    return zbar_reads(paper)
