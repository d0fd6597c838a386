"""Forms as files: which one an entry calls for, which printing it is, what is noted of it."""

from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from functools import partial

import msgspec
import pytest
from sqlalchemy import text
from two_counters import exchange, take_in, take_in_many

from db import engine as engines
from db import projection
from db.kinds import DossierRecoded
from db.steps import Asked, Place
from desk_app.messages import sentence_for
from desk_app.papers.forms import NothingToPrint
from desk_app.rules.money import show_money
from desk_app.services import extending, fees, forwarding, supplements
from desk_app.services.correct import AlreadyVoided, void
from desk_app.services.find import UnknownDossier, dossier
from desk_app.services.receipts import ReceiptNotWritten, paper_printed, unprinted
from desk_app.services.receive import receive
from desk_app.services.slips import (
    StepTakenBack,
    write_slip,
    write_ticket,
    write_together,
)
from desk_app.services.steps import undo_step
from tests.papers.conftest import codes_of, pictures, read_ticket, text_of


@pytest.fixture
def taken(desk, form):
    return bytes.fromhex(receive(desk, form()).id)


@pytest.mark.parametrize(
    ("step", "stage"),
    [
        (None, "mới tiếp nhận"),
        (
            lambda desk, id_: supplements.ask_for_papers(desk, id_, [Asked("Tờ khai", "Mờ")]),
            "chờ bổ sung",
        ),
        (lambda desk, id_: forwarding.forward(desk, [id_]), "đã chuyển"),
    ],
)
def test_a_stop_notice_names_the_stage_the_dossier_had_reached(desk, taken, step, stage):
    if step:
        step(desk, taken)
    supplements.stop(desk, taken, "Công dân rút hồ sơ")
    assert stage in text_of(write_slip(desk, taken, "05").path.read_bytes())[0]


def test_an_entry_calls_for_its_form(desk, taken):
    with pytest.raises(NothingToPrint):
        write_slip(desk, taken)
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    first = write_slip(desk, taken)
    assert (first.form, first.nth) == ("02", 1)
    assert "Thiếu chữ ký" in text_of(first.path.read_bytes())[0]
    paper_printed(desk, first, "printer", "HP")
    noted = dossier(desk, taken).prints[-1]
    assert (noted.form, noted.of, noted.nth) == ("02", first.entry, 1)
    again = write_slip(desk, taken, "02")
    assert again.nth == 2
    assert "BẢN IN LẦN 2" in text_of(again.path.read_bytes())[0]


def test_another_form_is_no_receipt(desk, taken):
    before = len(unprinted(desk))
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    paper_printed(desk, write_slip(desk, taken), "printer", "HP")
    assert len(unprinted(desk)) == before == 1


def test_a_control_slip_is_of_the_dossier_as_it_stands(desk, taken):
    forwarding.forward(desk, [taken])
    slip = write_slip(desk, taken, "control")
    assert "Tư pháp - Hộ tịch" in text_of(slip.path.read_bytes())[0]


def test_what_was_paid_at_once_stands_on_one_paper(desk, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(2)]
    paid = fees.take_fee(desk, ids, "cash")
    said = " ".join(text_of(write_slip(desk, ids[1]).path.read_bytes()))
    for each in paid.dossiers:
        assert each.facts.code in said


def test_a_full_disk_and_an_unknown_dossier_are_said(desk, taken):
    with pytest.raises(UnknownDossier):
        write_slip(desk, bytes(16))
    (desk.data / "slips").write_text("in the way")
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    with pytest.raises(ReceiptNotWritten) as refused:
        write_slip(desk, taken)
    assert "Hồ sơ đã lưu" in sentence_for(refused.value)


def test_a_counter_of_an_earlier_program_has_the_shipped_words(desk, taken):
    with desk.reading() as connection:
        published = desk.published(connection)
        published.forms = published.forms[:2]
    engine = desk.journal.engine
    with engines.writing(engine) as connection:
        connection.execute(
            text("DELETE FROM reference WHERE kind = 'form.published' AND key NOT LIKE '01/%'")
        )
        projection.write_meta(connection, "references", b"0")
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    assert write_slip(desk, taken).path.exists()


@pytest.mark.parametrize("form_", ["label", "ticket", "control"])
def test_papers_about_the_dossier_as_it_stands(desk, taken, form_, tmp_path):
    written = write_slip(desk, taken, form_, to=tmp_path / "x.pdf")
    paper_printed(desk, written, "printer", "HP")
    assert (tmp_path / "x.pdf").exists()
    assert dossier(desk, taken).facts.code in " ".join(text_of(written.path.read_bytes()))
    assert write_slip(desk, taken, form_).nth == 2


def test_one_receipt_for_several_dossiers_of_one_person(desk, form):
    one = bytes.fromhex(receive(desk, form()).id)
    with pytest.raises(NothingToPrint) as refused:
        write_together(desk, one)
    assert "giấy chung" in sentence_for(refused.value)
    codes = [dossier(desk, one).facts.code, *(receive(desk, form()).facts.code for _ in range(3))]
    written = write_together(desk, one)
    assert "Giấy chung cho 4 hồ sơ" in " ".join(text_of(written.path.read_bytes()))
    read = codes_of(pictures(written.path.read_bytes(), 203)[0])
    assert set(read["QR Code"]) == set(codes)
    paper_printed(desk, written, "printer", "HP")
    assert dossier(desk, one).prints[-1].form == "many"
    assert write_together(desk, one).nth == 2
    receive(desk, form())
    longer = write_together(desk, one)
    assert longer.nth == 1
    said = " ".join(text_of(longer.path.read_bytes()))
    assert "Giấy chung cho 5 hồ sơ" in said
    assert "BẢN IN LẦN" not in said


@pytest.fixture
def paid_and_taken_back(desk, taken):
    fees.take_fee(desk, [taken], "cash")
    entry = dossier(desk, taken).history[-1].id
    assert write_slip(desk, taken).form == "fee"
    undo_step(desk, taken)
    return entry


@pytest.mark.parametrize("form_", ["", "fee"])
@pytest.mark.parametrize("named", [True, False])
def test_a_payment_that_was_taken_back_has_no_slip(desk, taken, paid_and_taken_back, form_, named):
    with pytest.raises(StepTakenBack) as refused:
        write_slip(desk, taken, form_, paid_and_taken_back if named else "")
    said = sentence_for(refused.value)
    assert said.startswith("Phiếu thu phí, lệ phí: việc này")
    assert "Làm lại rồi in phiếu mới" in said


def test_what_was_taken_back_is_passed_over_for_what_stands(desk, taken):
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    asked = dossier(desk, taken).history[-1].id
    fees.take_fee(desk, [taken], "cash")
    undo_step(desk, taken)
    assert write_slip(desk, taken).entry == asked


def test_one_of_several_paid_at_once_was_taken_back(desk, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(2)]
    paid = fees.take_fee(desk, ids, "cash")
    undo_step(desk, ids[1])
    said = " ".join(text_of(write_slip(desk, ids[0]).path.read_bytes()))
    assert all(d.facts.code in said for d in paid.dossiers)
    assert "ĐÃ HỦY" in said
    assert f"{show_money(paid.amount // 2)}" in said
    assert f"{show_money(paid.amount)}" not in said
    with pytest.raises(StepTakenBack):
        write_slip(desk, ids[1])


def test_an_apology_names_the_promise_it_breaks_not_one_that_was_taken_back(desk, clock, taken):
    promised = dossier(desk, taken).life.due_at
    day = datetime.fromisoformat(promised)
    desk = dataclasses.replace(desk, role="chief")
    extend = partial(extending.extend, desk, taken, agency="UBND xã", reason="chờ xác minh")
    extend(day + timedelta(days=20))
    undo_step(desk, taken)
    extend(day + timedelta(days=10))
    assert len(dossier(desk, taken).life.annulled) == 1
    said = " ".join(text_of(write_slip(desk, taken, "04").path.read_bytes()))
    assert f"hẹn trả kết quả là 16 giờ 30 phút, ngày {day.day:02d}" in said
    assert ".2/PXL" in said


def test_a_reprint_says_what_the_first_print_said(desk, taken, form):
    """A new code, money that came in, a later promise: none of it was so when it was written."""
    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Mờ")])
    first = write_slip(desk, taken, "02", nth=1)
    was = text_of(first.path.read_bytes())
    paper_printed(desk, first, "printer", "HP")
    code = dossier(desk, taken).facts.code
    with desk.saving() as saving:
        saving.append(taken, DossierRecoded(code=code[:-4] + "9999", reason="Trùng mã"))
    supplements.bring_papers(desk, taken, complete=True)
    fees.take_fee(desk, [taken], "cash")
    again = write_slip(desk, taken, "02")
    said = text_of(again.path.read_bytes())
    assert (again.nth, again.code) == (2, code)
    assert said[0].replace("BẢN IN LẦN 2 ", "") == was[0]
    assert codes_of(pictures(again.path.read_bytes(), 203)[0])["Code 128"] == [code]


def test_a_stop_notice_reprinted_says_what_had_been_paid_then(desk, taken):
    fees.take_fee(desk, [taken], "cash")
    supplements.stop(desk, taken, "Công dân rút hồ sơ")
    was = text_of(write_slip(desk, taken, "05", nth=1).path.read_bytes())
    paid = dossier(desk, taken).life.paid
    fees.refund(dataclasses.replace(desk, role="chief"), taken, paid, "cash", "Dừng hồ sơ")
    assert text_of(write_slip(desk, taken, "05", nth=1).path.read_bytes()) == was
    assert show_money(paid) in was[0]


def test_words_an_office_never_heard_of_are_the_shipped_ones(desk, taken):
    with desk.reading() as connection:
        known = desk.published(connection).form_of("return", "2025", desk.now().date())
    texts = {k: v for k, v in known.texts.items() if k not in ("column_summary", "summary")}
    body = msgspec.structs.replace(known, texts=texts | {"title": "GIẤY TRẢ CỦA XÃ"})
    with desk.saving() as saving:
        saving.append(b"a published form", body)
    with desk.reading() as connection:
        words = desk.published(connection).form_of("return", "2025", desk.now().date()).texts
    assert words["title"] == "GIẤY TRẢ CỦA XÃ"
    assert words["column_summary"] == "Trích yếu"


def test_a_ticket_is_also_the_bytes_a_ticket_printer_is_sent(desk, taken):
    written = write_ticket(desk, taken)
    sent = written.path.read_bytes()
    assert (written.form, written.nth, written.path.suffix) == ("ticket", 1, ".bin")
    assert read_ticket(sent) == [dossier(desk, taken).facts.code]
    paper_printed(desk, written, "printer", "POS-80")
    assert write_ticket(desk, taken).nth == 2
    with pytest.raises(UnknownDossier):
        write_ticket(desk, bytes(16))


def test_an_opinion_that_was_taken_back_is_no_partner_on_the_control_slip(desk, taken):
    forwarding.forward(desk, [taken])
    officer = dataclasses.replace(desk, role="chief")
    forwarding.take_over(officer, taken)
    forwarding.ask_opinion(officer, taken, Place("Địa chính - Xây dựng"), "Nguồn gốc đất")
    assert "Địa chính" in text_of(write_slip(desk, taken, "control").path.read_bytes())[0]
    undo_step(officer, taken)
    assert "Địa chính" not in text_of(write_slip(desk, taken, "control").path.read_bytes())[0]


@pytest.mark.parametrize("form_", ["label", "ticket", "control", "raw"])
def test_a_voided_dossier_gets_no_label_and_no_ticket(desk, taken, form_):
    void(desk, taken, "Nhận nhầm")
    with pytest.raises(AlreadyVoided) as refused:
        write_ticket(desk, taken) if form_ == "raw" else write_slip(desk, taken, form_)
    assert sentence_for(refused.value) == "Hồ sơ này đã hủy: Nhận nhầm."


def test_two_counters_that_ask_at_once_give_two_numbers(pair):
    one, two = pair
    id_ = bytes.fromhex(take_in(one).id)
    exchange(one, two)
    for desk in pair:
        supplements.ask_for_papers(desk, id_, [Asked("Tờ khai", "Mờ")])
    exchange(one, two)
    entries = [e for e in dossier(one, id_).history if e.kind == "supplement.asked"]
    said = {
        desk.counter.number: [
            next(w for w in text_of(write_slip(desk, id_, "02", e.id).path.read_bytes())[0].split()
                 if w.endswith("/HDHS"))
            for e in entries
        ]
        for desk in pair
    }  # fmt: skip
    assert said[one.counter.number] == said[two.counter.number]
    tail = dossier(one, id_).facts.code[-11:]
    assert sorted(said[2]) == [f"{tail}.1-Q3/HDHS", f"{tail}.1/HDHS"]


def test_an_apology_reprinted_after_a_later_one_names_the_promise_it_broke(desk, taken):
    day = datetime.fromisoformat(dossier(desk, taken).life.due_at)
    chief = dataclasses.replace(desk, role="chief")
    extend = partial(extending.extend, chief, taken, agency="UBND xã", reason="chờ xác minh")
    extend(day + timedelta(days=10))
    first = dossier(desk, taken).history[-1].id
    was = text_of(write_slip(desk, taken, "04", first, nth=1).path.read_bytes())
    extend(day + timedelta(days=20), override="Lãnh đạo đồng ý")
    assert text_of(write_slip(desk, taken, "04", first, nth=1).path.read_bytes()) == was
    second = " ".join(text_of(write_slip(desk, taken, "04").path.read_bytes()))
    assert f"hẹn trả kết quả là 16 giờ 30 phút, ngày {day + timedelta(days=10):%d}" in second


def test_one_payment_is_the_same_paper_at_every_counter(pair):
    one, two = pair
    ids = [bytes.fromhex(d.id) for d in take_in_many(one, 3)]
    fees.take_fee(one, ids, "cash")
    exchange(one, two, backwards=True)
    papers = [text_of(write_slip(desk, ids[1], "fee").path.read_bytes()) for desk in pair]
    assert papers[0] == papers[1]
