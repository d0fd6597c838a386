"""Every form after the receipt: what stands on it, in both regimes, on both sizes, short and long."""

from __future__ import annotations

from itertools import product

import msgspec
import pytest

from db.dossier import Dossier, Event
from db.kinds import DossierReceived, FormPublished
from db.life import Result
from db.living import begun
from db.parts import ClerkFacts, Person
from db.steps import (
    Asked,
    DossierChecked,
    DossierExtended,
    DossierForwarded,
    DossierRefused,
    DossierStopped,
    DossierTaken,
    FeeTaken,
    Place,
    ResultArrived,
    ResultReturned,
    Step,
    SupplementAsked,
)
from desk_app.messages import sentence_for
from desk_app.papers.fee_slip import Paid
from desk_app.papers.forms import FORMS, NothingToPrint, form_of, set_on, slip_of
from desk_app.papers.handover_list import Given, handover_list
from desk_app.papers.many_receipt import many_receipt
from desk_app.papers.slip import Slip, slip_pdf
from desk_app.papers.small_papers import label_pdf, ticket_bytes, ticket_picture
from desk_app.papers.specimen import runs_over
from desk_app.resources import resource
from tests.papers.conftest import (
    codes_of,
    long,
    opened,
    pictures,
    short,
    text_of,
    zbar_reads,
)

MAI = ClerkFacts("mai", "Trần Thị Mai")
AT = "2026-02-05T14:05:00+07:00"
SON = Person("Vũ Văn Sơn", id_number="031085999991", id_kind="personal", phone="0912345678")
STEPS: dict[str, Step] = {
    "02": SupplementAsked(
        at=AT,
        clerk=MAI,
        asked=(Asked("Tờ khai theo mẫu", "Thiếu chữ ký"), Asked("Quyết định ly hôn", "Chữ mờ")),
        note="Mang theo bản chính để đối chiếu.",
        until="2026-03-09",
    ),
    "03": DossierRefused(at=AT, clerk=MAI, reason="Không đủ điều kiện.", basis="Điều 5 Luật A"),
    "04": DossierExtended(
        at=AT,
        clerk=MAI,
        due_at="2026-12-20T16:30:00+07:00",
        reason="chờ xác minh nơi thường trú trước đây",
        agency="Ủy ban nhân dân xã Tú Sơn",
        signer="Phạm Văn Hùng",
        signer_title="CHỦ TỊCH",
    ),
    "05": DossierStopped(at=AT, clerk=MAI, reason="đã làm tại nơi khác"),
    "return": ResultReturned(
        at=AT,
        clerk=MAI,
        to="authorised",
        collector=SON,
        authorisation="số 12 ngày 10/12/2026",
        originals=("Sổ hộ khẩu",),
    ),
    "fee": FeeTaken(
        at=AT,
        clerk=MAI,
        amount=15_000,
        how="cash",
        payment="cd" * 16,
        receipt_series="BL/26",
        receipt_number="0012345",
    ),
}
SAID: dict[str, tuple[str, ...]] = {
    "02": ("PHIẾU YÊU CẦU BỔ SUNG", "Số: 261210-0019.1/HDHS", "Thiếu chữ ký", "Quyết định ly hôn",
           "ngày 09 tháng 3 năm 2026", "NGƯỜI HƯỚNG DẪN", "0225 3881 234"),
    "03": ("PHIẾU TỪ CHỐI TIẾP NHẬN GIẢI QUYẾT HỒ SƠ", "/TCHS", "Không đủ điều kiện.", "Điều 5 Luật A"),
    "04": ("/PXL", "Kính gửi:", "16 giờ 30 phút, ngày 15 tháng 12 năm 2026", "chờ xác minh",
           "ngày 20 tháng 12 năm 2026", "CHỦ TỊCH", "Phạm Văn Hùng", "(Ký, đóng dấu)"),
    "05": ("THÔNG BÁO DỪNG GIẢI QUYẾT HỒ SƠ", "đã làm tại nơi khác", "chưa thu"),
    "return": ("GIẤY BIÊN NHẬN TRẢ KẾT QUẢ", "Vũ Văn Sơn", "số 12 ngày 10/12/2026", "12/XN", "Sổ hộ khẩu",
               "Số điện thoại: 0225 3881 234", "0912 345 678", "Trích yếu",
               "V/v Tình trạng hôn nhân: Nguyễn Thị Ngọc Ánh"),
    "fee": ("Mười lăm nghìn đồng", "15.000 đ", "BL/26 0012345", "không thay biên lai"),
    "control": ("PHIẾU KIỂM SOÁT", "1. Giao:", "Tư pháp - Hộ tịch", "Ngô Thị Lan"),
}  # fmt: skip
TITLES_OF_2025 = {"04": "VĂN BẢN XIN LỖI VÀ ĐỀ NGHỊ GIA HẠN THỜI GIAN GIẢI QUYẾT"}
CASES = [*product(SAID, ("2018", "2025"), ("A5", "A4"), (short, long))]


@pytest.fixture(scope="session")
def words():
    file = resource("catalogue/forms.json").read_bytes()
    forms = msgspec.json.decode(file, type=list[FormPublished])
    known = {(f.form, f.form_set): f.texts for f in forms}
    return lambda form, of: {**known["01", of], **known[form, of]}


def entry(number: int, kind: str, body: Step | DossierReceived) -> Event:
    return Event(f"{number:064x}", kind, AT, "mai", "00" * 8, body)


def after(facts: DossierReceived, *steps: Step) -> Dossier:
    events = [entry(n, form_of(step) or type(step).__name__, step) for n, step in enumerate(steps)]
    life = begun(facts)
    life = msgspec.structs.replace(
        life, results=(Result("", facts.due_at, "out", number="12/XN", arrived_at=AT),)
    )
    return Dossier("0a" * 16, facts, "done", life, (), tuple(events))


def paper(form: str, facts: DossierReceived, words, **changes) -> Slip:
    if form == "control":
        given = DossierForwarded(
            at=AT, clerk=MAI, to=Place("Tư pháp - Hộ tịch"), handover="ab" * 16
        )
        lan = ClerkFacts("lan", "Ngô Thị Lan")
        taken = DossierTaken(at=AT, clerk=lan, place=Place("Tư pháp - Hộ tịch", "", lan.name))
        dossier, about = after(facts, given, taken), ""
    else:
        dossier = after(facts, STEPS[form])
        about = dossier.history[0].id
    return slip_of(form, dossier, about, words(form, facts.form_set), **changes)


@pytest.mark.parametrize(("form", "of", "size", "length"), CASES)
def test_a_form_says_what_it_must_and_its_codes_are_read(form, of, size, length, words):
    facts = length(form_set=of)
    pdf = slip_pdf(paper(form, facts, words), set_on(form, size))
    pages = text_of(pdf)
    whole = " ".join(pages)
    assert "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM" in whole
    for said in SAID[form] if length is short else ():
        assert said in whole, said
    if of == "2025" and form in TITLES_OF_2025:
        assert TITLES_OF_2025[form] in whole
    if form != "control":
        assert "ngày 05 tháng 02 năm 2026" in whole  # NĐ 30/2020: 0 before months 1 and 2
    assert all(f"Trang {n}/{len(pages)}" in page for n, page in enumerate(pages, start=1))
    assert "{" not in whole
    assert codes_of(pictures(pdf, 203)[0]) == {"Code 128": [facts.code], "QR Code": [facts.code]}
    assert slip_pdf(paper(form, facts, words), set_on(form, size)) == pdf


@pytest.mark.parametrize(("form", "of", "size", "length"), CASES)
def test_no_letters_run_over_others_or_over_the_edge(form, of, size, length, words):
    pdf = slip_pdf(paper(form, length(form_set=of), words, nth=2), set_on(form, size))
    assert not runs_over(pdf)
    with opened(pdf) as pages:
        for page in pages:
            assert overlaps(page) == []


def overlaps(page) -> list[tuple[str, str]]:
    """Lines of letters that stand in one another, an accent's height left alone."""
    text = page.get_textpage()
    boxes = [text.get_rect(n) for n in range(text.count_rects())]
    found = []
    for n, (left, low, right, up) in enumerate(boxes):
        for other in boxes[n + 1 :]:
            wide = min(right, other[2]) - max(left, other[0])
            high = min(up, other[3]) - max(low, other[1])
            if wide > 1 and high > 0.4 * min(up - low, other[3] - other[1]):
                found.append((text.get_text_bounded(*boxes[n]), text.get_text_bounded(*other)))
    return found


@pytest.mark.parametrize("form", [*STEPS, "control"])
def test_a_second_printing_says_so(form, words):
    assert "BẢN IN LẦN 2" in " ".join(text_of(slip_pdf(paper(form, short(), words, nth=2), "A5")))


def test_a_long_request_flows_over_pages_and_nothing_is_lost(words):
    asked = tuple(Asked(f"Giấy tờ số {n:02d} " + "rất dài " * 20, "Thiếu dấu") for n in range(60))
    dossier = after(short(), SupplementAsked(at=AT, clerk=MAI, asked=asked))
    slip = slip_of("02", dossier, dossier.history[0].id, words("02", "2018"))
    pages = text_of(slip_pdf(slip, "A5"))
    assert len(pages) > 3
    assert all(f"Giấy tờ số {n:02d}" in " ".join(pages) for n in range(60))
    assert "NGƯỜI HƯỚNG DẪN" in pages[-1]
    assert "Thành phần hồ sơ" in pages[1]


def test_what_is_empty_leaves_no_label(words):
    bare = short(applicant=Person("Bùi Thị Hoa"))
    asked = SupplementAsked(at=AT, clerk=MAI, asked=(Asked("Tờ khai", "Thiếu"),))
    dossier = after(bare, asked)
    slip = slip_of("02", dossier, dossier.history[0].id, words("02", "2018"))
    said = " ".join(text_of(slip_pdf(slip, "A5")))
    for label in ("Email:", "Hướng dẫn thêm:", "Thời hạn bổ sung", "Người nộp thay:"):
        assert label not in said


def test_an_organisation_is_no_mister(words):
    said = " ".join(text_of(slip_pdf(paper("04", long(), words), "A4")))
    assert "Ông/Bà" not in said
    assert "quý đơn vị" in said


@pytest.mark.parametrize("outcome", ["incomplete", "refused"])
def test_before_there_is_a_code_the_paper_bears_the_desks_own(outcome, words):
    facts = short(code="HD-3KF9Q2A")
    body = DossierChecked(
        at=AT,
        clerk=MAI,
        outcome=outcome,
        procedure=facts.procedure,
        applicant=facts.applicant,
        office=facts.office,
        counter=1,
        form_set="2018",
        asked=(Asked("Tờ khai", "Chưa nộp"),),
        reason="Không thuộc thẩm quyền",
    )
    dossier = after(facts, body)
    form = form_of(body)
    pdf = slip_pdf(slip_of(form, dossier, dossier.history[0].id, words(form, "2018")), "A5")
    assert codes_of(pictures(pdf, 203)[0])["Code 128"] == ["HD-3KF9Q2A"]
    assert ("Chưa nộp" if outcome == "incomplete" else "thẩm quyền") in text_of(pdf)[0]


def test_one_payment_for_several_dossiers_is_added_up(words):
    dossiers = [after(short(), STEPS["fee"]) for _ in range(3)]
    paid = [Paid(d, STEPS["fee"]) for d in dossiers]
    first = dossiers[0]
    slip = slip_of("fee", first, first.history[0].id, words("fee", "2018"), paid_with=paid)
    said = " ".join(text_of(slip_pdf(slip, "A5")))
    assert "45.000 đ" in said
    assert "Bốn mươi lăm nghìn đồng" in said


@pytest.mark.parametrize("paper_", ["A5", "A4", "A4x2"])
@pytest.mark.parametrize("length", [short, long])
def test_a_fee_slip_is_one_page_of_a5_across(paper_, length, words):
    pdf = slip_pdf(paper("fee", length(), words), set_on("fee", paper_))
    with opened(pdf) as pages:
        assert [round(side) for page in pages for side in page.get_size()] == [595, 420]


def test_what_was_taken_back_of_a_payment_is_called_so_and_counts_nothing(words):
    dossiers = [after(short(code=f"H24.314.11680-261210-{n:04d}"), STEPS["fee"]) for n in range(3)]
    paid = [Paid(d, STEPS["fee"], n != 1) for n, d in enumerate(dossiers)]
    first = dossiers[0]
    slip = slip_of("fee", first, first.history[0].id, words("fee", "2018"), paid_with=paid)
    (said,) = text_of(slip_pdf(slip, "A5-across"))
    assert "ĐÃ HỦY" in said
    assert "30.000 đ" in said
    assert all(d.facts.code in said for d in dossiers)


def test_papers_are_numbered_by_their_form(words):
    looked = {"at": AT, "clerk": MAI, "procedure": short().procedure, "form_set": "2018",
              "applicant": short().applicant, "office": short().office, "counter": 1}  # fmt: skip
    dossier = after(
        short(),
        DossierChecked(outcome="incomplete", asked=(Asked("Tờ khai", "Thiếu"),), **looked),
        STEPS["02"],
        DossierChecked(outcome="refused", reason="Không thuộc thẩm quyền", **looked),
        STEPS["03"],
    )
    numbers = []
    for event in dossier.history:
        form = form_of(event.body)
        numbers.append(slip_of(form, dossier, event.id, words(form, "2018")).number)
    assert [n.rpartition(".")[2] for n in numbers] == ["1/HDHS", "2/HDHS", "1/TCHS", "2/TCHS"]


@pytest.mark.parametrize("length", [short, long])
@pytest.mark.parametrize("of", ["dossiers", "post", "results"])
@pytest.mark.parametrize("form_set", ["2018", "2025"])
def test_a_list_goes_over_pages_with_every_dossier(of, form_set, length, words):
    place = Place("Tư pháp - Hộ tịch", "", "Ngô Thị Lan")
    gone = DossierForwarded(at=AT, clerk=MAI, to=place, handover="ab" * 16, post_item="RN123VN")
    step = ResultArrived(at=AT, clerk=MAI) if of == "results" else gone
    many = [after(length(code=f"H24.314.11680-261210-{n:04d}"), step) for n in range(40)]
    given = [Given(d, step, stands=n != 3) for n, d in enumerate(many)]
    slip = handover_list(given, "ab" * 16, place, words("handover", form_set), of)
    pdf = slip_pdf(slip, "across")
    said = " ".join(text_of(pdf))
    assert all(d.facts.code in said for d in many)
    assert "39 hồ sơ" in said
    assert said.count("ĐÃ HỦY") == 1
    wanted = {"dossiers": "Giấy tờ kèm", "post": "RN123VN", "results": "Kết quả, số 12/XN"}
    assert said.count(wanted[of]) >= 3
    giver = said.partition("Bên nhận:")[0]
    assert ("Ngô Thị Lan" in giver) == (of == "results")
    for page in text_of(pdf):
        assert words("handover", form_set)["column_code"] in page or "NGƯỜI GIAO" in page
    assert codes_of(pictures(pdf, 203)[0])["Code 128"] == ["BG-ABABABABAB"]


def test_a_form_that_fits_nothing_says_so(words):
    dossier = after(short(), STEPS["fee"])
    with pytest.raises(NothingToPrint) as refused:
        slip_of("02", dossier, dossier.history[0].id, words("02", "2018"))
    assert FORMS["02"].lower() in sentence_for(refused.value)


@pytest.mark.parametrize("length", [short, long])
def test_a_label_fits_and_its_bars_are_read(length, words):
    facts = length()
    pdf = label_pdf(after(facts, STEPS["fee"]), words("label", "2018"))
    (page,) = text_of(pdf)
    assert facts.code in page
    assert "Hẹn trả: 16 giờ 30 phút" in page
    assert codes_of(pictures(pdf, 300)[0])["Code 128"] == [facts.code]
    for said in (facts.applicant.name, facts.procedure.short_name or facts.procedure.name):
        assert said in page
    assert not runs_over(pdf)


@pytest.mark.parametrize("length", [short, long])
def test_a_ticket_is_576_dots_wide_and_its_code_is_read_from_them(length, words):
    facts = length()
    dossier = after(facts, STEPS["fee"])
    picture = ticket_picture(dossier, words("ticket", "2018"))
    assert (picture.width, picture.mode) == (576, "1")
    assert codes_of(picture.convert("L"))["QR Code"] == [facts.code]
    sent = ticket_bytes(picture)
    assert sent.startswith(b"\x1b@\x1dv0\x00" + bytes((72, 0)))
    assert len(sent) == 2 + 4 + 4 + 72 * picture.height + 3 + 3


@pytest.mark.parametrize("length", [short, long])
@pytest.mark.parametrize("form_set", ["2018", "2025"])
def test_every_line_of_a_receipt_for_many_is_read_from_its_page(form_set, length, words):
    dossiers = [
        after(length(code=f"H24.314.11680-261210-{n:04d}", form_set=form_set), STEPS["fee"])
        for n in range(14)
    ]
    pdf = slip_pdf(many_receipt(dossiers, words("many", form_set), 1), "across")
    codes = [d.facts.code for d in dossiers]
    pages = pictures(pdf, 203)
    assert len(pages) > 1
    read = [codes_of(page) for page in pages]
    # The paper's own code stands on the first page as bars and as QR, beside that of its line.
    assert read[0]["Code 128"] == codes[:1]
    assert sorted(c for page in read for c in page.get("QR Code", [])) == sorted([codes[0], *codes])
    other = [c for page in pages for c in zbar_reads(page)]
    assert sorted(set(other)) == codes
    heads = [words("many", form_set)["column_mark"] in page for page in text_of(pdf)]
    assert heads == [any(page.get("QR Code", [])) for page in read]
