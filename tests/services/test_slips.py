"""Forms as files: which one an entry calls for, which printing it is, what is noted of it."""

from __future__ import annotations

import dataclasses

import pytest
from sqlalchemy import text

from db import engine as engines
from db import projection
from db.steps import Asked
from desk_app.messages import sentence_for
from desk_app.papers.forms import NothingToPrint
from desk_app.services import fees, forwarding, supplements
from desk_app.services.find import UnknownDossier, dossier
from desk_app.services.forwarding import Handover
from desk_app.services.receipts import ReceiptNotWritten, paper_printed, unprinted
from desk_app.services.receive import receive
from desk_app.services.slips import write_handover, write_slip, write_together
from tests.papers.conftest import codes_of, pictures, text_of


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


def test_a_list_is_noted_with_every_dossier_on_it(desk, form):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]
    (given,) = forwarding.forward(desk, ids)
    written = write_handover(desk, given)
    paper_printed(desk, written, "clerk")
    assert [dossier(desk, id_).prints[-1].form for id_ in ids] == ["handover"] * 3
    fresh = dataclasses.replace(given, dossiers=tuple(dossier(desk, id_) for id_ in ids))
    assert write_handover(desk, fresh).nth == 2
    with pytest.raises(NothingToPrint):
        write_handover(desk, Handover("", given.to, ()))


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
