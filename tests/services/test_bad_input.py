"""Bad input as the services answer it, each row of the list with its Vietnamese sentence.

Rows 9, 19, 24-26, 32-34, 48, 49, 52, 54 and 60 have their tests beside the service they concern;
what only a screen can show is tested on the screen.
"""

from __future__ import annotations

import dataclasses
import threading
import unicodedata
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from db import engine as engines
from db.engine import DiskFault
from db.parts import PaperCount
from db.refused import Refused
from desk_app.desk import open_desk
from desk_app.messages import sentence, sentence_for
from desk_app.rules.card import CardProblem, read_card
from desk_app.rules.codes import read_code
from desk_app.rules.money import read_money
from desk_app.rules.people import PersonTyped
from desk_app.rules.remarks import Remark
from desk_app.services.dossiers import counts, page
from desk_app.services.find import find
from desk_app.services.people import person_by_number
from desk_app.services.receipts import write_receipt
from desk_app.services.receive import FormIncomplete, check, preview, receive


@pytest.fixture
def with_person(form):
    """The whole form with one field of the applicant changed."""

    def make(**changes: str):
        return form(applicant=dataclasses.replace(form().applicant, **changes))

    return make


def remarks(desk, asked, name):
    found = [r for r in check(desk, asked) if r.name == name]
    assert len(found) == 1, [r.name for r in check(desk, asked)]
    return found[0]


def refused_for(desk, asked):
    """(field, sentence) of everything that keeps a form from being saved."""
    with pytest.raises(FormIncomplete) as refused:
        receive(desk, asked)
    assert counts(desk)["all"] == 0
    assert sentence_for(refused.value).startswith("Chưa lưu được, còn ")
    return [(r.field, sentence(r)) for r in refused.value.facts["remarks"]]


def test_row_1_spaces_and_invisible_signs_go_silently(desk, with_person):
    asked = with_person(name="\ufeff  Nguyễn\u00a0\u2003Thị  Ngọc\u200b Ánh\u200d ")
    assert check(desk, asked) == check(desk, with_person())
    assert receive(desk, asked).facts.applicant.name == "Nguyễn Thị Ngọc Ánh"


def test_row_2_letters_and_marks_apart_are_put_together_and_both_are_found(desk, with_person):
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh")
    asked = with_person(name=apart, address=unicodedata.normalize("NFD", "Thôn Đồng Mới"))
    assert check(desk, asked) == check(desk, with_person())
    facts = receive(desk, asked).facts
    assert facts.applicant.name == "Nguyễn Thị Ngọc Ánh" != apart
    assert facts.applicant.address == "Thôn Đồng Mới"
    for typed in (apart, "Nguyễn Thị Ngọc Ánh", "nguyen thi ngoc anh"):
        assert len(find(desk, typed).dossiers) == 1


def test_row_3_text_in_an_old_code_page_is_offered_in_unicode(desk, with_person):
    remark = remarks(desk, with_person(name="NguyÔn V¨n An"), "legacy_text")
    assert (remark.severity, remark.offer) == ("warning", "Nguyễn Văn An")
    assert sentence(remark) == (
        "Chữ dán vào dùng bảng mã cũ (TCVN3). Chuyển thành “Nguyễn Văn An”?"
    )
    assert receive(desk, with_person(name="NguyÔn V¨n An")).facts.applicant.name == "NguyÔn V¨n An"


@pytest.mark.parametrize("broken", ["\ud83d", "\udc00", "\0", "\ufffe"], ids=ascii)
def test_rows_4_and_5_broken_characters_are_taken_out_and_told(desk, with_person, broken):
    asked = with_person(name=f"Nguyễn{broken} Thị Ngọc Ánh")
    remark = remarks(desk, asked, "broken_characters")
    assert (remark.severity, sentence(remark)) == ("told", "Đã bỏ 1 ký tự hỏng.")
    assert receive(desk, asked).facts.applicant.name == "Nguyễn Thị Ngọc Ánh"


def test_row_6_marks_that_turn_the_writing_round_are_taken_out_and_told(desk, with_person):
    asked = with_person(address="A\u202egnp.exe\u2066")
    remark = remarks(desk, asked, "direction_marks")
    assert (remark.field, remark.severity) == ("applicant.address", "told")
    assert sentence(remark).startswith("Đã bỏ 2 ")
    assert receive(desk, asked).facts.applicant.address == "Agnp.exe"


def test_row_7_tabs_and_control_characters_become_spaces(desk, form):
    purpose = receive(desk, form(purpose="vay\tvốn\x07 ngân\x1b hàng")).facts.purpose
    assert purpose == "vay vốn ngân hàng"


def test_row_8_line_breaks_in_a_name_are_joined_and_told(desk, with_person):
    asked = with_person(name="Nguyễn Thị\r\nNgọc Ánh")
    remark = remarks(desk, asked, "line_breaks_joined")
    assert (remark.severity, sentence(remark)) == ("told", "Đã nối các dòng thành một dòng.")
    assert receive(desk, asked).facts.applicant.name == "Nguyễn Thị Ngọc Ánh"


@pytest.mark.parametrize("field", ["name", "address", "email", "id_number", "born", "phone", "sex"])
def test_row_9_ten_megabytes_in_any_field_are_refused_at_once(desk, with_person, field):
    said = refused_for(desk, with_person(**{field: "ờ" * 10_000_000}))
    assert {where for where, _ in said} == {f"applicant.{field}"}
    assert "10.000.000" in said[0][1]


def test_row_10_look_alike_letters_of_a_code_are_read_or_pointed_at(desk):
    assert read_code("Н24.314.11749-261126-0501")[0] == ("H24.314.11749-261126-0501",)
    (remark,) = read_code("H24.Ж14.11749-261126-0501")[1]
    assert sentence(remark) == "Mã có chữ “Ж” không phải La-tinh ở vị trí 5. Gõ lại."


@pytest.mark.parametrize(
    ("name", "found", "severity"),
    [
        ("Nguyễn 2", "name_has_digits", "error"),
        ("Ý", "name_one_letter", "warning"),
        ("...", "name_without_letters", "warning"),
        ("NGUYỄN THỊ NGỌC ÁNH", "name_in_capitals", "warning"),
    ],
)
def test_row_11_odd_names_are_remarked_and_only_digits_refused(
    desk, with_person, name, found, severity
):
    remark = remarks(desk, with_person(name=name), found)
    assert (remark.severity, bool(sentence(remark))) == (severity, True)
    if severity == "error":
        assert refused_for(desk, with_person(name=name))
    else:
        assert receive(desk, with_person(name=name)).facts.applicant.name == name


def test_row_11_capitals_are_offered_as_a_name_is_written(desk, with_person):
    remark = remarks(desk, with_person(name="NGUYỄN THỊ NGỌC ÁNH"), "name_in_capitals")
    assert remark.offer == "Nguyễn Thị Ngọc Ánh"


@pytest.mark.parametrize(
    ("number", "said"),
    [
        ("03118799991", "Số định danh gồm 12 số, đang có 11."),
        ("0311879999123", "Số định danh gồm 12 số, đang có 13."),
        ("O31187999912", "Số định danh có chữ cái. Đổi thành 031 187 999 912?"),
        ("số mới", "Số định danh gồm 12 số. Gõ lại theo thẻ."),
    ],
)
def test_row_12_a_number_that_is_not_twelve_digits_is_refused(desk, with_person, number, said):
    assert refused_for(desk, with_person(id_number=number)) == [("applicant.id_number", said)]


def test_row_13_a_number_that_contradicts_birth_or_sex_is_only_warned_about(
    desk, with_person, form
):
    asked = dataclasses.replace(
        with_person(born="14/02/1985", sex="Nam"),
        confirmed=frozenset({"id_number_birth", "id_number_sex"}),
    )
    assert sentence(remarks(desk, asked, "id_number_birth")) == (
        "Số định danh không khớp năm sinh 1985. Đối chiếu thẻ."
    )
    assert remarks(desk, asked, "id_number_sex").severity == "warning"
    assert receive(desk, asked).facts.confirmed == ("id_number_birth", "id_number_sex")


def test_row_14_an_old_nine_digit_number_is_taken_with_a_warning(desk, with_person):
    asked = with_person(id_number="031 234 567")
    assert "CMND" in sentence(remarks(desk, asked, "id_number_cmnd"))
    person = receive(desk, asked).facts.applicant
    assert (person.id_number, person.id_kind) == ("031234567", "cmnd")


def test_row_15_the_same_number_under_another_name_shows_who_had_it(desk, with_person):
    receive(desk, with_person())
    receive(desk, with_person(name="Nguyễn Thị Lan"))
    known = person_by_number(desk, "031187999912")
    assert known is not None
    assert {line.name for line in known.dossiers} == {"Nguyễn Thị Ngọc Ánh", "Nguyễn Thị Lan"}


@pytest.mark.parametrize(
    "phone", ["+84 912 345 678", "84912345678", "0912.345.678", "0912-345-678", "912345678"]
)
def test_row_16_a_telephone_is_kept_in_one_form(desk, with_person, phone):
    assert receive(desk, with_person(phone=phone)).facts.applicant.phone == "0912345678"


def test_row_16_a_second_number_is_told_and_an_unreadable_one_refused(desk, with_person):
    remark = remarks(desk, with_person(phone="0912345678 / 0987654321"), "phone_second")
    assert sentence(remark) == "Có hai số. Số thứ hai 0987 654 321 ghi vào ghi chú."
    for wrong in ("0912 345 67", "0912 345 678 9", "không có"):
        (said,) = refused_for(desk, with_person(phone=wrong))
        assert said == (
            "applicant.phone",
            "Số điện thoại gồm 10 số, bắt đầu bằng 0, ví dụ 0912 345 678.",
        )


@pytest.mark.parametrize(
    ("born", "said"),
    [
        ("31/02/2023", "Tháng 02/2023 chỉ có 28 ngày."),
        ("29/02/2023", "Tháng 02/2023 chỉ có 28 ngày."),
        ("01/13/1987", "Không có tháng 13. Gõ ngày trước, tháng sau."),
        ("00/00/1987", "Chưa đọc được ngày. Gõ ngày, tháng, năm, ví dụ 14/02/1987."),
        ("27/11/2026", "Ngày 27/11/2026 ở sau hôm nay. Gõ lại theo giấy tờ."),
        ("15 tháng 8 âm lịch 1987", "Nhập ngày dương lịch."),
    ],
)
def test_rows_17_19_and_21_a_day_that_cannot_be_is_refused(desk, with_person, born, said):
    assert refused_for(desk, with_person(born=born)) == [("applicant.born", said)]


@pytest.mark.parametrize(
    ("born", "kept"),
    [
        ("1/2/87", "1987-02-01"),
        ("010287", "1987-02-01"),
        ("01021987", "1987-02-01"),
        ("1987-02-01", "1987-02-01"),
        ("1.2.1987", "1987-02-01"),
        ("02/1987", "1987-02"),
        ("1987", "1987"),
    ],
)
def test_row_18_a_day_is_read_as_people_type_it(desk, with_person, born, kept):
    assert receive(desk, with_person(born=born)).facts.applicant.born == kept


def test_row_18_a_year_of_two_digits_is_shown_for_confirmation(desk, with_person):
    remark = remarks(desk, with_person(born="1/2/87"), "year_of_two_digits")
    assert sentence(remark) == "Năm có hai chữ số, đọc là 01/02/1987. Đúng chưa?"


def test_row_19_an_unlikely_age_or_a_child_alone_is_warned_about(desk, with_person):
    assert sentence(remarks(desk, with_person(born="14/02/1900"), "age_over_120"))
    remark = remarks(desk, with_person(born="14/02/2020"), "child_alone")
    assert sentence(remark) == "Người nộp mới 6 tuổi, cần người đại diện."
    accompanied = dataclasses.replace(
        with_person(born="14/02/2020"), submitter=PersonTyped(name="Trần Văn Cha")
    )
    assert "child_alone" not in [r.name for r in check(desk, accompanied)]


@pytest.mark.parametrize("typed", ["1.000.000đ", "1,000,000", "1000000", "1 000 000 đồng", "1tr"])
def test_row_22_money_is_read_with_either_separator(typed):
    assert read_money(typed)[0] == 1_000_000


@pytest.mark.parametrize("typed", ["-5", "1e9", "12,5", "một nghìn"])
def test_row_22_an_amount_that_is_no_whole_number_is_refused_with_an_example(typed):
    amount, (remark,) = read_money(typed)
    assert amount is None
    assert "ví dụ 15.000" in sentence(remark)


def test_row_23_no_copy_is_not_handed_in_and_many_copies_are_asked_about(desk, form):
    papers = form().papers
    none = (*papers, PaperCount("Giấy chứng sinh"))
    assert refused_for(desk, form(papers=none)) == [
        (f"papers.{len(papers)}", "Ghi số bản của “Giấy chứng sinh”, hoặc bỏ tích.")
    ]
    many = form(papers=(*papers, PaperCount("Ảnh", copies=120)))
    remark = remarks(desk, many, "paper_count_large")
    assert (remark.severity, sentence(remark)) == (
        "warning",
        "“Ảnh” có 120 bản. Đúng số bản thì lưu.",
    )
    assert receive(desk, many).facts.papers[-1].copies == 120


def test_row_23_more_papers_than_an_entry_holds_are_refused(desk, form):
    papers = (*form().papers, *(PaperCount(f"Tờ {n}", originals=1) for n in range(60)))
    (said,) = refused_for(desk, form(papers=papers))
    assert said[1] == "Một hồ sơ ghi được 60 giấy tờ, đang có 62. Gộp bớt dòng."


@pytest.mark.parametrize(
    "text",
    ["🙂🙂", "<script>alert(1)</script>", "=HYPERLINK(A1)", "+84|cmd", "'; DROP TABLE x; --"],
)
def test_rows_24_and_25_markup_formulas_and_emoji_are_plain_text(desk, form, text):
    papers = (*form().papers, PaperCount(text, originals=1))
    facts = receive(desk, form(purpose=text, note=text, papers=papers)).facts
    assert (facts.purpose, facts.note, facts.papers[-1].name) == (text, text, text)
    assert preview(desk, form(purpose=text)).purpose == text


@pytest.mark.parametrize(
    ("scanned", "name", "said"),
    [
        ("00020101021138570010A00000072701270006970436", "not_a_card", "không phải mã trên thẻ"),
        ("https://ngan-hang.example/qr", "not_a_card", "không phải mã trên thẻ"),
        ("H24.314.11749-261126-0501", "not_a_card", "không phải mã trên thẻ"),
        ("031190999992||Phạm Thị", "card_unclear", "quét lại"),
    ],
)
def test_rows_27_and_28_what_is_no_card_is_said_and_never_filled_in(scanned, name, said):
    read = read_card(scanned)
    assert isinstance(read, CardProblem)
    assert read.name == name
    assert said in sentence(Remark("card", read.name, "error"))


def test_row_47_saving_from_two_threads_at_once_makes_one_dossier(desk, form):
    once, codes = form(), []

    def save():
        codes.append(receive(desk, once).facts.code)

    threads = [threading.Thread(target=save) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(codes) == 4 and len(set(codes)) == 1
    assert counts(desk)["all"] == 1


def test_row_50_a_disk_that_reports_an_error_saves_nothing_and_says_so(desk, form):
    whole = form()
    with engines.reading(desk.journal.engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only=ON")
    with pytest.raises(DiskFault) as refused:
        receive(desk, whole)
    assert "đừng đưa giấy cho dân" in sentence_for(refused.value)
    assert counts(desk)["all"] == 0
    with engines.reading(desk.journal.engine) as connection:
        connection.exec_driver_sql("PRAGMA query_only=OFF")
    assert receive(desk, whole).facts.code.endswith("-0501")


def test_row_56_a_second_program_on_the_same_counter_shares_no_number(desk, form, data, clock):
    other = open_desk(data, now=clock)
    codes = [receive(each, form()).facts.code[-4:] for each in (desk, other, desk, other)]
    assert codes == ["0501", "0502", "0503", "0504"]
    assert counts(desk) == counts(other)
    other.close()


# ---------------------------------------------------------------- anything at all

anything = st.text(
    st.characters() | st.sampled_from("0123456789/-.,|@ \n\t\0\ud800\u202e\u0301đĐ"), max_size=40
)
person = st.builds(
    PersonTyped,
    **{field.name: anything for field in dataclasses.fields(PersonTyped) if field.name != "kind"},
    kind=st.sampled_from(["citizen", "business", "state_body", "organisation", "other"]),
)
counts_of_papers = st.integers(-5, 10**12)
paper = st.builds(
    PaperCount, anything, counts_of_papers, counts_of_papers, counts_of_papers, st.booleans()
)


moments = st.datetimes(timezones=st.just(ZoneInfo("Asia/Ho_Chi_Minh")), allow_imaginary=False)
whole_form = st.fixed_dictionaries(
    {"id": st.binary(min_size=16, max_size=16)},
    optional={
        "applicant": person,
        "submitter": st.none() | person,
        "procedure": st.none() | anything,
        "papers": st.lists(paper, max_size=3).map(tuple),
        "purpose": anything,
        "note": anything,
        "fee_reason": anything,
        "fee_how": st.sampled_from(["cash", "exempt", "none"]),
        "pages": st.integers(0, 10**9),
        "copies": st.integers(0, 10**9),
        "sets": st.integers(-1, 10**6),
        "due_override": st.none() | st.tuples(moments, anything),
        "sender": st.just("") | anything,
    },
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=whole_form)
def test_whatever_is_typed_is_answered_in_words_and_never_breaks(desk, form, changes):
    asked = form(**changes)
    for remark in check(desk, asked):
        assert sentence(remark)
    preview(desk, asked)
    find(desk, asked.applicant.name)
    find(desk, asked.applicant.id_number)
    person_by_number(desk, asked.applicant.id_number)
    try:
        dossier = receive(desk, asked)
    except Refused as refused:
        assert sentence_for(refused)
    else:
        assert dossier.readable
        assert write_receipt(desk, bytes.fromhex(dossier.id), to=desk.data / "x.pdf")
    assert len(page(desk, "all")) == counts(desk)["all"]
