"""The receipt: every field in the text layer, both codes read back, nothing cut and nothing hidden."""

from __future__ import annotations

import itertools
import os
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import msgspec
import pypdfium2
import pytest
import zxingcpp

from db.kinds import BookLine, DossierReceived
from db.parts import Fee, Limit, PaperCount, Person
from desk_app.papers import fonts, wording
from desk_app.papers.layout import DOT
from desk_app.papers.receipt import A4, A5, FormTextMissing, Receipt, Size, receipt_pdf
from desk_app.resources import resource
from tests.papers.conftest import (
    CODE,
    LONGEST_PROCEDURE,
    MACHINE,
    OFFICE,
    SIGNED,
    codes_of,
    long,
    opened,
    pictures,
    short,
    text_of,
)

Make = Callable[..., Receipt]
LOOKUP = f"{OFFICE.lookup_url}?ma={CODE}"
FACTS = {"short": short, "long": long}
LETTERS = "".join(
    unicodedata.normalize("NFC", vowel + tone)
    for vowel in "aăâeêioôơuưy"
    for tone in ("", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323")
) + "đ"  # fmt: skip
ALL_LETTERS = LETTERS + LETTERS.upper()


def plain(text: str) -> str:
    return " ".join(text.split())


# ---------------------------------------------------------------- words


def test_the_line_of_the_book_stands_on_it_and_dots_where_there_is_none(receipt_of: Make) -> None:
    entered = receipt_pdf(receipt_of(short(book=BookLine(4, 7))), "A5")
    assert "Quyển số: 04 Số thứ tự: 07" in plain(text_of(entered)[0])
    assert "Quyển số: ………… Số thứ tự: …………" in plain(text_of(receipt_pdf(receipt_of(), "A5"))[0])


@pytest.mark.parametrize("form_set", ["2018", "2025"])
@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_the_text_layer_gives_back_every_field(receipt_of: Make, size: Size, form_set: str) -> None:
    receipt = receipt_of(long(form_set=form_set))
    facts, texts = receipt.facts, receipt.texts
    whole = " ".join(text_of(receipt_pdf(receipt, size, (1,))))
    assert facts.submitter is not None
    for wanted in (
        facts.office.upper_line,
        facts.office.desk_line,
        facts.office.name,
        "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM",
        "Độc lập - Tự do - Hạnh phúc",
        "Tú Sơn, ngày 10 tháng 12 năm 2026",
        "GIẤY TIẾP NHẬN HỒ SƠ VÀ HẸN TRẢ KẾT QUẢ",
        "Liên 1: Lưu",
        f"Mã hồ sơ: {CODE}",
        facts.applicant.name,
        facts.applicant.representative,
        facts.applicant.address,
        "0225 388 1999",
        facts.applicant.email,
        "0201999999",
        facts.submitter.name,
        "031 085 999 991",
        "0987 654 321",
        LONGEST_PROCEDURE,
        facts.purpose,
        *(paper.name for paper in facts.papers),
        "01 (bộ)",
        "3,5 ngày làm việc",
        "09 giờ 41 phút, ngày 10 tháng 12 năm 2026",
        "16 giờ 30 phút, ngày 15 tháng 12 năm 2026",
        "Thứ Ba",
        texts["delivery_post"],
        "1.250.000 đồng (Một triệu hai trăm năm mươi nghìn đồng); chuyển khoản",
        "12 trang × 05 bản",
        "NGƯỜI NỘP HỒ SƠ",
        "NGƯỜI TIẾP NHẬN HỒ SƠ",
        facts.clerk.name,
        texts["note_1"],
        texts["note_2"],
        texts["note_3"],
        OFFICE.lookup_url,
        OFFICE.phone,
        MACHINE,
    ):
        assert plain(wanted) in whole, wanted


def test_each_paper_stands_in_its_row_with_its_counts(receipt_of: Make) -> None:
    whole = text_of(receipt_pdf(receipt_of(), "A5", (2,)))[0]
    assert "1 Tờ khai theo mẫu 01" in whole or "Tờ khai theo mẫu 1 01" in whole
    assert "xuất trình" in whole
    row = whole[whole.index("Quyết định ly hôn") : whole.index("2. Số lượng hồ sơ")]
    assert "02" in row and "03" in row


def test_a_paper_shown_and_handed_in_says_both(receipt_of: Make) -> None:
    papers = (PaperCount(name="Giấy chứng sinh", originals=1, shown=True),)
    whole = text_of(receipt_pdf(receipt_of(short(papers=papers)), "A5", (2,)))[0]
    assert "Giấy chứng sinh (xuất trình)" in whole


def test_who_handed_it_in_signs_for_the_applicant(receipt_of: Make) -> None:
    submitter = Person(name="Phạm Văn Bách")
    whole = text_of(receipt_pdf(receipt_of(short(submitter=submitter)), "A5", (2,)))[0]
    assert whole.count("Phạm Văn Bách") == 2
    assert "Người nộp thay: Phạm Văn Bách" in whole


def test_a_dossier_without_papers_or_reachable_applicant_has_dots_to_write_on(
    receipt_of: Make,
) -> None:
    facts = short(papers=(), applicant=Person(name="Vũ Thị Mận"))
    whole = text_of(receipt_pdf(receipt_of(facts), "A5", (2,)))[0]
    assert "Địa chỉ: ………" in whole and "Số điện thoại: ………" in whole
    assert "Thành phần hồ sơ" in whole


@pytest.mark.parametrize(
    ("limit", "written"),
    [
        (Limit(unit="working_days", halves=6), "03 ngày làm việc"),
        (Limit(unit="working_days", halves=40), "20 ngày làm việc"),
        (Limit(unit="calendar_days", halves=20), "10 ngày"),
        (Limit(unit="hours", halves=8), "04 giờ làm việc"),
        (Limit(unit="same_day"), "trong ngày làm việc"),
        (Limit(unit="same_day", cut_off=True), "nhận sau 15 giờ"),
        (Limit(unit="unknown"), "mục 5"),
    ],
)
def test_a_limit_is_written_as_the_form_has_it(
    texts_of: dict[str, dict[str, str]], limit: Limit, written: str
) -> None:
    assert written in wording.limit(texts_of["2018"], limit)


@pytest.mark.parametrize(
    ("fee", "written"),
    [
        (Fee(), "không thu"),
        (Fee(amount=8_000, how="cash"), "8.000 đồng (Tám nghìn đồng); tiền mặt"),
        (Fee(how="exempt", reason="hộ nghèo"), "miễn, giảm; hộ nghèo"),
    ],
)
def test_a_fee_is_written_in_figures_and_words(
    texts_of: dict[str, dict[str, str]], fee: Fee, written: str
) -> None:
    assert wording.fee(texts_of["2025"], fee) == written


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        ("2026-03-05T08:00:00+07:00", "ngày 05 tháng 3 năm 2026"),
        ("2026-02-15T08:00:00+07:00", "ngày 15 tháng 02 năm 2026"),
        ("2026-01-01T08:00:00+07:00", "ngày 01 tháng 01 năm 2026"),
        ("2026-10-31T08:00:00+07:00", "ngày 31 tháng 10 năm 2026"),
    ],
)
def test_days_are_written_as_decree_30_has_them(
    texts_of: dict[str, dict[str, str]], moment: str, written: str
) -> None:
    assert wording.day(texts_of["2018"], moment) == written


def test_a_place_nobody_knows_stays_in_the_text_and_values_are_not_read_as_places() -> None:
    assert wording.fill("{a} và {b}", a="{b}") == "{b} và {b}"


def test_the_regimes_differ_in_their_words(receipt_of: Make) -> None:
    old = text_of(receipt_pdf(receipt_of(short()), "A5", (2,)))[0]
    new = text_of(receipt_pdf(receipt_of(short(form_set="2025")), "A5", (2,)))[0]
    assert "Bộ phận tiếp nhận và trả kết quả:" in old
    assert "Trung tâm Phục vụ hành chính công:" in new


def test_every_shipped_form_has_all_texts_and_no_unknown_ones(
    texts_of: dict[str, dict[str, str]],
) -> None:
    for texts in texts_of.values():
        assert texts.keys() - {"_note"} == wording.TEXTS


def test_a_form_that_lacks_texts_is_refused(receipt_of: Make) -> None:
    whole = receipt_of()
    texts = {name: text for name, text in whole.texts.items() if name not in ("title", "motto")}
    with pytest.raises(FormTextMissing) as refused:
        receipt_pdf(Receipt(facts=whole.facts, texts=texts), "A5")
    assert refused.value.names == ["motto", "title"]


# ---------------------------------------------------------------- letters


def test_every_vietnamese_letter_is_printed_and_read_back(receipt_of: Make) -> None:
    assert len(set(ALL_LETTERS)) == 146
    spaced = " ".join(ALL_LETTERS)
    facts = short(applicant=Person(name=spaced, address=spaced), purpose="₫ – …")
    whole = text_of(receipt_pdf(receipt_of(facts), "A5", (2,)))[0]
    assert whole.count(spaced) == 2
    for name in ("Regular", "Bold", "Italic", "BoldItalic"):
        face = fonts.TTFont(name, str(resource(f"fonts/LiberationSerif-{name}.ttf"))).face
        assert {ord(letter) for letter in ALL_LETTERS + "₫"} <= face.charToGlyph.keys()


def test_separate_tone_marks_are_joined_before_printing(receipt_of: Make) -> None:
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh")
    facts = short(applicant=Person(name=apart))
    whole = text_of(receipt_pdf(receipt_of(facts), "A5", (2,)))[0]
    assert "Nguyễn Thị Ngọc Ánh" in whole


def test_letters_of_other_languages_are_printed_too(receipt_of: Make) -> None:
    facts = short(applicant=Person(name="François Škvorecký Møller"))
    whole = text_of(receipt_pdf(receipt_of(facts), "A5", (2,)))[0]
    assert whole.count("François Škvorecký Møller") == 2


# ---------------------------------------------------------------- codes


@pytest.mark.parametrize("dpi", [203, 300])
@pytest.mark.parametrize("form_set", ["2018", "2025"])
@pytest.mark.parametrize("content", ["short", "long"])
@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_both_codes_of_both_copies_are_read_from_the_printed_dots(
    receipt_of: Make, size: Size, content: str, form_set: str, dpi: int
) -> None:
    pdf = receipt_pdf(receipt_of(FACTS[content](form_set=form_set)), size)
    read: dict[str, list[str]] = {}
    for picture in pictures(pdf, dpi):
        for kind, texts in codes_of(picture).items():
            read.setdefault(kind, []).extend(texts)
    assert sorted(read) == ["Code 128", "QR Code"]
    assert read["Code 128"] == [CODE, CODE]
    assert sorted(read["QR Code"]) == sorted([SIGNED, LOOKUP])


@pytest.mark.parametrize("dpi", [203, 300])
def test_another_decoder_reads_the_same(receipt_of: Make, tmp_path: Path, dpi: int) -> None:
    zbar = shutil.which("zbarimg")
    if zbar is None:
        pytest.fail("zbarimg is not installed: apt-get install zbar-tools")
    for copy, qr in ((1, SIGNED), (2, LOOKUP)):
        picture = tmp_path / f"{copy}.png"
        pictures(receipt_pdf(receipt_of(), "A5", (copy,)), dpi)[0].save(picture)
        said = subprocess.check_output([zbar, "-q", "--raw", picture], text=True).splitlines()
        assert sorted(said) == sorted([CODE, qr])


@pytest.mark.slow
def test_two_hundred_receipts_in_a_row_are_read(receipt_of: Make) -> None:
    for number in range(200):
        code = f"H24.314.11680-261210-{number:04d}"
        facts = short(code=code)
        signed = SIGNED.replace(CODE, code)[:-4] + f"{number:04d}"
        receipt = receipt_of(facts, signed=signed)
        for copy, qr in ((1, signed), (2, f"{OFFICE.lookup_url}?ma={code}")):
            picture = pictures(receipt_pdf(receipt, "A5", (copy,)), 203)[0]
            assert codes_of(picture) == {"Code 128": [code], "QR Code": [qr]}


def test_a_code_of_many_signs_still_has_its_place(receipt_of: Make) -> None:
    code = "H24.314.11680.0012.99-261210-0000019"
    pdf = receipt_pdf(receipt_of(short(code=code), signed=""), "A5", (2,))
    assert codes_of(pictures(pdf, 300)[0])["Code 128"] == [code]


def test_a_long_signed_content_is_read_at_203_dpi(receipt_of: Make) -> None:
    signed = "1|" + "Nguyễn Thị Ngọc Ánh|" * 12 + "k7Q+" * 30
    assert len(signed.encode()) > 400
    pdf = receipt_pdf(receipt_of(signed=signed), "A5", (1,))
    assert codes_of(pictures(pdf, 203)[0])["QR Code"] == [signed]


def test_without_a_lookup_address_the_citizens_code_is_the_bare_code(receipt_of: Make) -> None:
    office = msgspec.structs.replace(OFFICE, lookup_url="")
    pdf = receipt_pdf(receipt_of(short(office=office)), "A5", (2,))
    assert codes_of(pictures(pdf, 300)[0]) == {"Code 128": [CODE], "QR Code": [CODE]}


def test_the_signed_code_comes_with_its_clear_line_and_on_the_offices_copy_only(
    receipt_of: Make,
) -> None:
    office, citizen = text_of(receipt_pdf(receipt_of(), "A5"))
    assert MACHINE in office
    assert MACHINE not in citizen


def test_an_office_may_have_the_signed_code_on_both_copies(receipt_of: Make) -> None:
    pdf = receipt_pdf(receipt_of(signed_on_both=True), "A5")
    office, citizen = (codes_of(picture)["QR Code"] for picture in pictures(pdf, 300))
    assert office == [SIGNED]
    assert citizen == sorted([SIGNED, LOOKUP])
    assert all(MACHINE in text for text in text_of(pdf))


def test_an_unsigned_receipt_has_the_lookup_code_on_both_copies(receipt_of: Make) -> None:
    pdf = receipt_pdf(receipt_of(signed=""), "A5")
    assert [codes_of(p)["QR Code"] for p in pictures(pdf, 300)] == [[LOOKUP], [LOOKUP]]


def test_bars_stand_on_whole_dots_and_are_a_quarter_millimetre_wide(receipt_of: Make) -> None:
    with opened(receipt_pdf(receipt_of(), "A5", (2,))) as pages:
        # A sheet of whole dots, or the renderer stretches the page to the next one.
        pages[0].set_mediabox(0, 0, 1752 * DOT - 0.001, 2480 * DOT - 0.001)
        picture = pages[0].render(scale=300 / 72, grayscale=True).to_pil()
    picture = picture.point(lambda tone: 255 * (tone > 127))
    (bars,) = [c for c in zxingcpp.read_barcodes(picture) if c.text == CODE]
    row = (bars.position.top_left.y + bars.position.bottom_left.y) // 2
    dots = [picture.getpixel((x, row)) for x in range(picture.width)]
    widths = [len(list(run)) for _, run in itertools.groupby(dots)][1:-1]
    assert len(widths) > 100
    assert {width % 3 for width in widths} == {0}


# ---------------------------------------------------------------- place


Box = tuple[float, float, float, float]


def boxes_of(page: pypdfium2.PdfPage) -> list[Box]:
    """Left, bottom, right and top of every stretch of text."""
    layer = page.get_textpage()
    return [layer.get_rect(number) for number in range(layer.count_rects())]


def meets(one: Box, other: Box, slack: float = 0.0) -> bool:
    across = min(one[2], other[2]) - max(one[0], other[0])
    up = min(one[3], other[3]) - max(one[1], other[1])
    return across > slack and up > slack


@pytest.mark.parametrize("content", ["short", "long"])
@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_no_text_leaves_its_margins_or_runs_over_other_text(
    receipt_of: Make, size: Size, content: str
) -> None:
    look = A4 if size == "A4" else A5
    pdf = receipt_pdf(receipt_of(FACTS[content](), nth=3), size)
    with opened(pdf) as pages:
        for page in pages:
            boxes = boxes_of(page)
            half = page.get_width() / 2 if size == "A4x2" else 0.0
            for left, bottom, right, top in boxes:
                start = half if half and left > half else 0.0
                assert left >= start + look.left - 1
                assert right <= start + look.width - look.right + 1
                assert bottom >= look.bottom - 3
                assert top <= look.height - look.top + 1
            for one, other in itertools.combinations(boxes, 2):
                assert not meets(one, other, slack=1.5)


@pytest.mark.parametrize("content", ["short", "long"])
@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_nothing_stands_in_the_white_round_a_code(
    receipt_of: Make, size: Size, content: str
) -> None:
    pdf = receipt_pdf(receipt_of(FACTS[content]()), size)
    dots = 300 / 72
    with opened(pdf) as pages:
        for page, picture in zip(pages, pictures(pdf, 300), strict=True):
            for code in zxingcpp.read_barcodes(picture):
                place = code.position
                xs = [p.x / dots for p in (place.top_left, place.top_right, place.bottom_right)]
                ys = [p.y / dots for p in (place.top_left, place.top_right, place.bottom_right)]
                sides, above = (3.8, 3.8) if "QR" in str(code.format) else (7.0, 0.0)
                white = (
                    min(xs) - sides,
                    page.get_height() - max(ys) - above,
                    max(xs) + sides,
                    page.get_height() - min(ys) + above,
                )
                assert not any(meets(white, box) for box in boxes_of(page))


@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_thirty_long_papers_flow_on_with_code_and_page_number_on_every_page(
    receipt_of: Make, size: Size
) -> None:
    texts = text_of(receipt_pdf(receipt_of(long()), size, (2,)))
    assert len(texts) >= 2
    for number, text in enumerate(texts, start=1):
        assert f"Mã hồ sơ: {CODE}" in text
        assert f"Trang {number}/{len(texts)}" in text
        assert "Liên 2: Giao khách hàng" in text
    # The promise, the signatures and the QR code are never parted.
    assert "16 giờ 30 phút" in texts[-1] and "NGƯỜI TIẾP NHẬN HỒ SƠ" in texts[-1]
    assert all("TT" in text.split() for text in texts[:-1])


def test_thirty_short_papers_stand_on_two_a5_pages(receipt_of: Make) -> None:
    papers = tuple(PaperCount(name=f"Giấy tờ thứ {n}", originals=1) for n in range(1, 31))
    texts = text_of(receipt_pdf(receipt_of(short(papers=papers)), "A5", (2,)))
    assert len(texts) == 2
    assert all(f"Giấy tờ thứ {n}" in " ".join(texts) for n in range(1, 31))


@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_an_everyday_receipt_is_one_page_a_copy(receipt_of: Make, size: Size) -> None:
    assert len(text_of(receipt_pdf(receipt_of(), size))) == (1 if size == "A4x2" else 2)


def test_a_name_without_spaces_longer_than_a_page_is_cut_into_lines_not_off(
    receipt_of: Make,
) -> None:
    papers = (PaperCount(name="Ừ" * 1000, originals=1),)
    facts = short(papers=papers, applicant=Person(name="W" * 200, address="Đ" * 1000))
    pdf = receipt_pdf(receipt_of(facts), "A5", (2,))
    whole = "".join("".join(text_of(pdf)).split())
    assert whole.count("Ừ") == 1000
    assert whole.count("W") == 400
    assert whole.count("Đ") >= 1000


# ---------------------------------------------------------------- the document


@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_the_same_receipt_gives_the_same_bytes_in_any_process(
    receipt_of: Make, tmp_path: Path, size: Size
) -> None:
    receipt = receipt_of()
    here = receipt_pdf(receipt, size)
    facts, texts = tmp_path / "facts", tmp_path / "texts"
    facts.write_bytes(msgspec.json.encode(receipt.facts))
    texts.write_bytes(msgspec.json.encode(receipt.texts))
    program = (
        "import sys, msgspec; from pathlib import Path;"
        "from db.kinds import BookLine, DossierReceived;"
        "from desk_app.papers.receipt import Receipt, receipt_pdf;"
        "facts = msgspec.json.decode(Path(sys.argv[1]).read_bytes(), type=DossierReceived);"
        "texts = msgspec.json.decode(Path(sys.argv[2]).read_bytes());"
        "receipt = Receipt(facts, texts, machine=sys.argv[3], signed=sys.argv[4]);"
        "receipt_pdf(receipt, 'A4'); receipt_pdf(Receipt(facts, texts, draft=True), 'A5');"
        "sys.stdout.buffer.write(receipt_pdf(receipt, sys.argv[5]))"
    )
    there = subprocess.check_output(
        [sys.executable, "-c", program, facts, texts, MACHINE, SIGNED, size],
        env=os.environ | {"PYTHONHASHSEED": "7"},
    )
    assert there == here == receipt_pdf(receipt, size)


def test_the_documents_title_is_the_code_and_names_nobody(receipt_of: Make) -> None:
    document = pypdfium2.PdfDocument(receipt_pdf(receipt_of(), "A5"))
    about: dict[str, Any] = document.get_metadata_dict()
    document.close()
    assert about["Title"] == CODE
    assert "Ánh" not in str(about)


def test_only_the_embedded_typeface_is_used(receipt_of: Make) -> None:
    pdf = receipt_pdf(receipt_of(long()), "A5")
    assert b"Helvetica" not in pdf
    assert pdf.count(b"/FontFile2") == 3


@pytest.mark.parametrize("nth", [2, 13])
def test_a_reprint_says_which_one_it_is(receipt_of: Make, nth: int) -> None:
    for text in text_of(receipt_pdf(receipt_of(nth=nth), "A5")):
        assert f"BẢN IN LẦN {nth}" in text
    assert "BẢN IN LẦN" not in text_of(receipt_pdf(receipt_of(), "A5"))[0]


def test_a_provisional_code_is_called_one(receipt_of: Make) -> None:
    whole = text_of(receipt_pdf(receipt_of(short(code="T01-0007", provisional=True)), "A5"))[0]
    assert "Mã hồ sơ tạm: T01-0007" in whole


def draft_facts() -> DossierReceived:
    return short(
        applicant=Person(name=""),
        received_at="",
        due_at="",
        papers=(),
        limit=Limit(unit="unknown"),
    )


@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_a_draft_says_so_and_claims_no_code(receipt_of: Make, size: Size) -> None:
    for facts in (short(), draft_facts()):
        pdf = receipt_pdf(receipt_of(facts, draft=True), size)
        assert all("BẢN NHÁP" in text and CODE in text for text in text_of(pdf))
        assert all(codes_of(picture) == {} for picture in pictures(pdf, 300))
        assert MACHINE not in " ".join(text_of(pdf))


def test_a_draft_without_anything_yet_is_still_a_page(receipt_of: Make) -> None:
    facts = msgspec.structs.replace(draft_facts(), code="")
    (whole,) = text_of(receipt_pdf(receipt_of(facts, draft=True), "A5", (2,)))
    assert "…… giờ" in whole
