"""The office words its papers: what is refused, from when it holds, and what a reprint says."""

from __future__ import annotations

import base64
from datetime import timedelta
from io import BytesIO

import msgspec
import pypdfium2
import pytest
from PIL import Image
from sqlalchemy import delete
from two_counters import exchange, take_in

from db import engine as engines
from db import projection, tables
from db.identity import SERVER, Device
from db.journal import Journal
from db.kinds import TextPublished
from db.parts import ClerkFacts
from db.seed import named
from db.steps import Asked, DossierRefused, SupplementAsked
from db.texts import (
    OFFICE,
    PNG_URL,
    Change,
    DayGone,
    PartsDiffer,
    PlaceholderMissing,
    TextEmpty,
    UnknownPlaceholder,
    UnknownText,
    WordsTooLong,
    places,
    room,
)
from desk_app.messages import sentence_for
from desk_app.papers.logo import LogoRefused
from desk_app.papers.specimen import SHOWN, runs_over, specimen_pdf
from desk_app.published import Published
from desk_app.services import supplements
from desk_app.services.correct import NothingChanged, ReasonMissing
from desk_app.services.form_texts import (
    TextRunsOver,
    form_texts,
    may_publish,
    publish,
    specimen,
)
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.services.settle import OnlyTheChief
from desk_app.services.slips import write_slip
from desk_app.services.text_drafts import keep_text_drafts, text_drafts

TITLE = Change("01", "2025", "title", "GIẤY HẸN CỦA CHÚNG TÔI")
NOTE = Change("01", "2025", "note_3", "Mang theo căn cước khi đến nhận kết quả.")


@pytest.fixture
def chief(desk):
    with desk.reading() as connection:
        return desk.as_clerk(desk.published(connection).clerk("hung"))


def today(desk, **later):
    return desk.now().date() + timedelta(**later)


def said(path):
    document = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_bounded() for page in document]
    finally:
        document.close()
    return " ".join(" ".join(pages).split())


def printed(desk, id_, form="01"):
    """What stands on the paper that comes out now."""
    written = write_receipt(desk, id_) if form == "01" else write_slip(desk, id_, form)
    paper_printed(desk, written, "clerk")
    return said(written.path)


def the_text(desk, change):
    return next(
        t for t in form_texts(desk)
        if (t.form, t.form_set, t.text) == (change.form, change.form_set, change.text)
    )  # fmt: skip


# ---------------------------------------------------------------- refusals

REFUSED = [
    (TITLE._replace(says=" "), TextEmpty),
    (TITLE._replace(says="DÀI " * 40), WordsTooLong),
    (NOTE._replace(says="dài " * 200), WordsTooLong),
    (Change("01", "2025", "code", "Mã: {code} của {ai}"), UnknownPlaceholder),
    (Change("01", "2025", "code", "Mã: {code} {"), UnknownPlaceholder),
    (Change("01", "2025", "title", "GIẤY {}"), UnknownPlaceholder),
    (Change("01", "2025", "code", "Mã hồ sơ:"), PlaceholderMissing),
    (Change("04", "2025", "received", "Đã nhận hồ sơ {code} lúc {at}."), PlaceholderMissing),
    (Change("01", "2025", "weekdays", "Thứ Hai|Thứ Ba"), PartsDiffer),
    (Change("register", "2025", "columns", "TT|Mã"), PartsDiffer),
    (Change("01", "2025", "no_such", "x"), UnknownText),
    (Change("99", "2025", "title", "x"), UnknownText),
    (Change(OFFICE, "", "place", ""), TextEmpty),
    (Change(OFFICE, "", "place", "A" * 41), WordsTooLong),
    (Change(OFFICE, "", "logo", "/no/such/file.png"), LogoRefused),
    (Change(OFFICE, "", "logo", PNG_URL + "!!"), LogoRefused),
]


@pytest.mark.parametrize(("change", "refusal"), REFUSED)
def test_what_cannot_be_printed_is_refused_in_a_sentence(chief, change, refusal):
    with pytest.raises(refusal) as refused:
        publish(chief, [change], today(chief), "thử")
    assert sentence_for(refused.value)
    assert the_text(chief, TITLE).origin == "law"


def test_a_clerk_may_not(desk):
    assert not may_publish(desk)
    with pytest.raises(OnlyTheChief):
        publish(desk, [TITLE], today(desk), "thử")


def test_no_day_before_today_no_empty_reason_nothing_unchanged(chief):
    with pytest.raises(DayGone) as refused:
        publish(chief, [TITLE], today(chief, days=-1), "thử")
    assert "25/11/2026" in sentence_for(refused.value)
    with pytest.raises(ReasonMissing):
        publish(chief, [TITLE], today(chief), " ")
    with pytest.raises(NothingChanged):
        publish(chief, [TITLE._replace(says=the_text(chief, TITLE).law)], today(chief), "thử")
    publish(chief, [TITLE], today(chief), "thử")
    with pytest.raises(NothingChanged):
        publish(chief, [TITLE], today(chief), "thử")


TOO_MUCH = [
    [Change("01", "2025", "column_number", "Ủy ban nhân dân xã nghiêng Ủy ban")],
    [
        Change("01", "2025", "code", "Mã số của hồ sơ được tiếp nhận {code}"),
        Change("01", "2025", "copy_2", "Liên thứ hai giao cho người nộp hồ sơ"),
    ],
]


@pytest.mark.parametrize("changes", TOO_MUCH, ids=["off the sheet", "on other words"])
def test_what_the_paper_has_no_room_for_is_refused(chief, changes):
    with pytest.raises(TextRunsOver) as refused:
        publish(chief, changes, today(chief), "thử")
    assert "ngắn lại" in sentence_for(refused.value)
    assert the_text(chief, changes[0]).origin == "law"


WORDS = "Ủy ban nhân dân xã nghiêng "


def longest(text):
    """As many letters as a text may have, the places last."""
    braced = " ".join(f"{{{name}}}" for name in places(text.law))
    whole = WORDS * (room(text.form, text.text, text.law) // len(WORDS))
    while len(whole) + len(braced) > room(text.form, text.text, text.law):
        whole = whole[: -len(WORDS)]
    return whole + braced


@pytest.mark.parametrize("form", ["02", "03", "04", "05", "return", "fee", "many", "ticket"])
def test_every_text_at_its_longest_flows_and_loses_no_word(chief, form):
    texts = [t for t in form_texts(chief) if t.form == form]
    long = [Change(t.form, t.form_set, t.text, longest(t)) for t in texts]
    changes = [change for change in long if WORDS.strip() in change.says]
    assert changes
    publish(chief, changes, today(chief), "thử dài")
    for size in ("A5", "A4"):
        for how in (False, True):
            pdf = specimen_pdf(specimen(chief, form, how), size)
            assert not runs_over(pdf)
        whole = said(pdf)
        sentences = [c.says for c in changes if len(c.says) > 200]
        assert whole.count("nghiêng") >= sum(each.count("nghiêng") for each in sentences)


def test_all_or_none_are_published(chief):
    with pytest.raises(TextEmpty):
        publish(chief, [NOTE, TITLE._replace(says="")], today(chief), "thử")
    assert the_text(chief, NOTE).origin == "law"


# ---------------------------------------------------------------- from when it holds


def test_it_holds_from_its_day_on_and_not_before(chief, form, clock):
    publish(chief, [TITLE], today(chief, days=1), "theo mẫu của tỉnh")
    first = bytes.fromhex(receive(chief, form()).id)
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(chief, first)
    clock.forward(days=1)
    second = bytes.fromhex(receive(chief, form()).id)
    assert TITLE.says in printed(chief, second)
    again = printed(chief, first)
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in again and "BẢN IN LẦN 2" in again


def test_a_paper_printed_this_morning_says_the_same_this_afternoon(chief, form, clock):
    id_ = bytes.fromhex(receive(chief, form()).id)
    printed(chief, id_)
    clock.forward(hours=3)
    publish(chief, [TITLE], today(chief), "sửa ngay")
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(chief, id_)
    other = bytes.fromhex(receive(chief, form()).id)
    assert TITLE.says in printed(chief, other)
    clock.forward(hours=1)
    publish(chief, [TITLE._replace(says="GIẤY HẸN KHÁC")], today(chief), "sửa nữa")
    assert TITLE.says in printed(chief, other)


def test_a_slip_has_its_own_words_and_keeps_them(chief, form, clock):
    id_ = bytes.fromhex(receive(chief, form()).id)
    supplements.ask_for_papers(chief, id_, [Asked("Tờ khai", "Thiếu chữ ký")])
    closing = Change("02", "2025", "closing", "Hỏi {clerk}, số {phone}, giờ làm việc.")
    publish(chief, [closing], today(chief), "ngắn lại")
    assert "giờ làm việc." in printed(chief, id_, "02")
    clock.forward(days=2)
    publish(chief, [closing._replace(says=None)], today(chief), "trở về mẫu")
    assert "giờ làm việc." in printed(chief, id_, "02")
    text = the_text(chief, closing)
    assert (text.origin, text.says) == ("law", text.law)
    assert [e.says.says for e in text.history] == [None, closing.says]
    assert [e.says.clerk.name for e in text.history] == ["Phạm Văn Hùng"] * 2
    assert text.history[0].says.reason == "trở về mẫu"


def test_a_later_paper_has_the_forms_of_the_receipt_or_of_its_day_as_the_decree_says(chief, form):
    facts = receive(chief, form()).facts
    id_ = bytes(range(16))
    asked = SupplementAsked(
        at=facts.received_at, clerk=facts.clerk, asked=(Asked("Tờ khai", "Thiếu"),)
    )
    refused = DossierRefused(at=facts.received_at, clerk=facts.clerk, reason="Không đủ điều kiện")
    with chief.saving() as saving:
        old = msgspec.structs.replace(facts, form_set="2018", code="H24-250620-0001")
        for body in (old, asked, refused):
            saving.append(id_, body)
    of_2018, of_2025 = "Bộ phận tiếp nhận và trả kết quả Ủy", "Trung tâm Phục vụ hành chính công Ủy"
    assert of_2018 in printed(chief, id_, "03")
    with chief.reading() as connection:
        regime = chief.published(connection).regime_of("2025", today(chief))
    with chief.saving() as saving:
        body = msgspec.structs.replace(regime, later_papers="printed")
        saving.append(named("regime", "2025"), body)
    assert of_2018 in printed(chief, id_, "03")
    with chief.saving() as saving:
        saving.append(id_, msgspec.structs.replace(refused, reason="Lần nữa"))
    assert of_2025 in printed(chief, id_, "03")
    with chief.saving() as saving:
        saving.append(named("regime", "2025"), regime)
    assert of_2025 in printed(chief, id_, "03")


def test_the_office_and_its_signer_have_other_names_from_a_day_on(chief, form, clock):
    names = [
        Change(OFFICE, "", "desk_line", "TRUNG TÂM PHỤC VỤ HÀNH CHÍNH CÔNG"),
        Change(OFFICE, "", "place", "Đồi Mẫu"),
        Change(OFFICE, "", "signer", "Vũ Thị Thử"),
        Change(OFFICE, "", "signer_title", "TM. ỦY BAN NHÂN DÂN|KT. CHỦ TỊCH|PHÓ CHỦ TỊCH"),
    ]
    before = bytes.fromhex(receive(chief, form()).id)
    publish(chief, names, today(chief, days=1), "theo nghị định mới")
    assert chief.office.facts.place != "Đồi Mẫu"
    clock.forward(days=1)
    assert (chief.office.signer, chief.office.facts.place) == ("Vũ Thị Thử", "Đồi Mẫu")
    after = bytes.fromhex(receive(chief, form()).id)
    paper = printed(chief, after)
    assert "Đồi Mẫu, ngày 27 tháng 11 năm 2026" in paper and names[0].says in paper
    assert "Đồi Mẫu" not in printed(chief, before)
    letter = specimen_pdf(specimen(chief, "04", False), "A5")
    assert "KT. CHỦ TỊCH" in said(letter) and "|" not in said(letter)


def test_a_logo_is_small_on_the_paper_and_on_its_reprint(chief, form, tmp_path):
    file = tmp_path / "logo.png"
    Image.effect_noise((900, 600), 90).save(file)
    with pytest.raises(LogoRefused) as refused:
        publish(chief, [Change(OFFICE, "", "logo", str(file))], today(chief), "logo")
    assert "200 KB" in sentence_for(refused.value)
    Image.new("RGBA", (900, 600), "#d01").save(file)
    publish(chief, [Change(OFFICE, "", "logo", str(file))], today(chief), "logo")
    text = the_text(chief, Change(OFFICE, "", "logo", None))
    png = base64.b64decode(text.says.removeprefix(PNG_URL))
    assert Image.open(BytesIO(png)).size == (300, 200)
    id_ = bytes.fromhex(receive(chief, form()).id)
    first = write_receipt(chief, id_)
    paper_printed(chief, first, "clerk")
    publish(chief, [Change(OFFICE, "", "logo", "")], today(chief), "bỏ")
    for path in (first.path, write_receipt(chief, id_).path):
        document = pypdfium2.PdfDocument(path)
        kinds = [o.type for page in document for o in page.get_objects(max_depth=3)]
        document.close()
        assert 3 in kinds  # a picture


# ---------------------------------------------------------------- between counters


def test_another_counter_prints_the_new_text_from_the_day_on(pair, clock):
    a, b = pair
    publish(a, [TITLE], today(a, days=1), "theo mẫu của tỉnh")
    old = bytes.fromhex(take_in(b).id)
    exchange(a, b)
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(b, old)
    clock.forward(days=1)
    new = bytes.fromhex(take_in(b, seed=5).id)
    assert TITLE.says in printed(b, new)
    exchange(a, b)
    assert the_text(b, TITLE).history == the_text(a, TITLE).history
    # Each reprints what the other printed, as it was.
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(a, old)
    assert TITLE.says in printed(a, new)


def test_a_counter_that_learns_the_kind_later_finds_the_texts_it_had_stored(chief):
    publish(chief, [TITLE], today(chief), "theo mẫu của tỉnh")
    with engines.writing(chief.journal.engine) as connection:
        # As a program left it that did not know the kind.
        connection.execute(
            delete(tables.references).where(tables.references.c.kind == "text.published")
        )
        projection.write_meta(connection, "references", b"before")
    assert the_text(chief, TITLE).origin == "law"
    projection.rebuild(chief.journal.engine)
    with chief.reading() as connection:
        assert Published().refresh(connection).editions[0].says.says == TITLE.says


def test_a_counter_that_did_not_know_yet_printed_the_old_text_and_so_does_every_reprint(pair):
    a, b = pair
    publish(a, [TITLE], today(a), "ngay hôm nay")
    id_ = bytes.fromhex(take_in(b).id)
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(b, id_)
    exchange(a, b)
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(b, id_)
    assert "GIẤY TIẾP NHẬN HỒ SƠ" in printed(a, id_)


def write_as_server(desk, body):
    """A line of the server, as it would arrive."""
    device = Device(desk.journal.device._key, SERVER)
    server = Journal(desk.journal.engine, device, desk.journal.commune, desk.now)
    with server.saving("admin") as saving:
        saving.append(named("text", body.office, body.form, body.form_set, body.text), body)


def test_the_server_words_everybodys_papers_and_an_office_only_its_own(chief):
    everybody = TextPublished(
        "", "01", "2025", "title", "GIẤY HẸN CỦA TỈNH", today(chief).isoformat(), "thống nhất",
        "2026-11-26T08:00:00+07:00", ClerkFacts("admin", "Sở Nội vụ"),
    )  # fmt: skip
    with chief.saving() as saving:
        saving.append(named("text", "", "01", "2025", "title"), everybody)
    assert the_text(chief, TITLE).origin == "law"
    write_as_server(chief, everybody)
    assert (the_text(chief, TITLE).origin, the_text(chief, TITLE).says) == (
        "above", "GIẤY HẸN CỦA TỈNH",
    )  # fmt: skip
    publish(chief, [TITLE], today(chief), "riêng xã")
    assert (the_text(chief, TITLE).origin, the_text(chief, TITLE).says) == ("office", TITLE.says)


# ---------------------------------------------------------------- what there is, and to look at


def test_every_text_of_every_form_is_listed_with_where_it_comes_from(chief):
    texts = form_texts(chief)
    assert {t.form for t in texts} == {OFFICE, *SHOWN}
    assert {t.form_set for t in texts} == {"", "2025"}
    assert {t.origin for t in texts} == {"law"}
    assert all(t.label and t.since for t in texts)
    assert not any(t.text.startswith("_") for t in texts)


@pytest.mark.parametrize("form", [OFFICE, *SHOWN])
@pytest.mark.parametrize("longest", [False, True])
@pytest.mark.parametrize("size", ["A5", "A4"])
def test_every_form_can_be_looked_at_and_stays_on_its_sheet(chief, form, longest, size):
    pdf = specimen_pdf(specimen(chief, form, longest, [NOTE]), size)
    assert not runs_over(pdf)
    if form == "01":
        assert NOTE.says in said(pdf)
        assert NOTE.says not in said(specimen_pdf(specimen(chief, form, longest), size))


def test_what_was_typed_is_kept(desk, reopened):
    keep_text_drafts(desk, (TITLE, NOTE))
    assert text_drafts(desk) == (TITLE, NOTE)
    assert text_drafts(reopened()) == (TITLE, NOTE)
