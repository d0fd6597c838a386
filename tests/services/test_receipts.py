"""The receipt as a file, and what counts as printed."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pypdfium2
import pytest
import zxingcpp
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from db.entry import parse
from desk_app.messages import sentence_for
from desk_app.services.correct import AlreadyVoided, correct, void
from desk_app.services.find import UnknownDossier, dossier
from desk_app.services.receipts import (
    ReceiptNotWritten,
    paper_printed,
    unprinted,
    write_receipt,
)
from desk_app.services.receive import receive


def text_of(path: Path) -> str:
    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [page.get_textpage().get_text_range() for page in pdf]
    finally:
        pdf.close()
    return " ".join(" ".join(pages).split())


@pytest.fixture
def received(desk, form):
    return bytes.fromhex(receive(desk, form()).id)


def test_a_receipt_is_kept_by_day_and_code_and_says_what_was_received(desk, received):
    written = write_receipt(desk, received)
    assert written.path == (desk.data / "receipts" / "2026-11-26" / "H24.314.11749-261126-0501.pdf")
    assert (written.nth, written.code, written.id) == (1, "H24.314.11749-261126-0501", received)
    said = text_of(written.path)
    for part in ("H24.314.11749-261126-0501", "Nguyễn Thị Ngọc Ánh", "16 giờ 30", "Trần Thị Mai"):
        assert part in said
    assert "BẢN IN LẦN" not in said


def test_the_hash_is_that_of_the_file_and_goes_into_the_entry(desk, received):
    written = write_receipt(desk, received)
    assert written.sha256 == hashlib.sha256(written.path.read_bytes()).hexdigest()
    after = paper_printed(desk, written, "printer", "HP LaserJet")
    (out,) = after.prints
    assert (out.nth, out.word_of, out.printer, out.by) == (1, "printer", "HP LaserJet", "mai")
    assert after.history[-1].body.pdf_sha256 == written.sha256


def test_writing_a_receipt_is_not_printing_it(desk, received):
    for _ in range(3):
        assert write_receipt(desk, received).nth == 1
    assert [line.prints for line in unprinted(desk)] == [0]
    assert dossier(desk, received).prints == ()


def test_a_reprint_says_which_it_is_and_leaves_the_first_file_alone(desk, received):
    first = write_receipt(desk, received)
    paper_printed(desk, first, "clerk")
    before = first.path.read_bytes()
    second = write_receipt(desk, received)
    assert (second.nth, second.path.name) == (2, "H24.314.11749-261126-0501-2.pdf")
    assert "BẢN IN LẦN 2" in text_of(second.path)
    paper_printed(desk, second, "printer")
    assert "BẢN IN LẦN 3" in text_of(write_receipt(desk, received).path)
    assert first.path.read_bytes() == before
    assert second.code == first.code


def test_a_corrected_dossier_is_printed_corrected_under_the_same_code(desk, received):
    paper_printed(desk, write_receipt(desk, received), "clerk")
    correct(desk, received, {"applicant.name": "Nguyễn Ngọc Ánh"}, "Gõ nhầm")
    said = text_of(write_receipt(desk, received).path)
    assert "Nguyễn Ngọc Ánh" in said and "Nguyễn Thị Ngọc Ánh" not in said
    assert "H24.314.11749-261126-0501" in said and "BẢN IN LẦN 2" in said


def test_the_first_issue_can_be_written_again_as_it_was(desk, received):
    paper_printed(desk, write_receipt(desk, received), "clerk")
    again = write_receipt(desk, received, nth=1)
    assert again.nth == 1
    assert "BẢN IN LẦN" not in text_of(again.path)


def test_a_receipt_goes_where_it_is_asked_to(desk, received, tmp_path):
    into = write_receipt(desk, received, to=tmp_path / "new" / "folder")
    assert into.path == tmp_path / "new" / "folder" / "H24.314.11749-261126-0501.pdf"
    named = write_receipt(desk, received, to=tmp_path / "phiếu của bà Ánh.PDF")
    assert named.path == tmp_path / "phiếu của bà Ánh.PDF"
    assert named.path.read_bytes().startswith(b"%PDF")
    assert not list(tmp_path.rglob("*.new"))


@pytest.mark.parametrize("size", ["A5", "A4", "A4x2"])
def test_every_size_holds_the_whole_receipt(desk, received, size):
    said = text_of(write_receipt(desk, received, size=size).path)
    assert said.count("H24.314.11749-261126-0501") >= 2
    assert "Nguyễn Thị Ngọc Ánh" in said


def test_a_voided_dossier_has_no_receipt(desk, received):
    void(desk, received, "Nhận nhầm")
    with pytest.raises(AlreadyVoided) as refused:
        write_receipt(desk, received)
    assert "Nhận nhầm" in sentence_for(refused.value)
    assert not (desk.data / "receipts").exists()


def test_what_is_not_here_has_no_receipt(desk):
    with pytest.raises(UnknownDossier):
        write_receipt(desk, bytes(16))


def test_a_dossier_is_unprinted_until_somebody_says_so(desk, form, received):
    other = bytes.fromhex(receive(desk, form()).id)
    assert [line.id for line in unprinted(desk)] == [other, received]
    paper_printed(desk, write_receipt(desk, received), "clerk")
    assert [line.id for line in unprinted(desk)] == [other]
    void(desk, other, "Nhận nhầm")
    assert unprinted(desk) == ()


def test_a_file_is_enough_for_a_dossier_that_nobody_handed_in(desk, form, received):
    online = bytes.fromhex(receive(desk, form(channel="online", sender="DVC-1")).id)
    for id_ in (received, online):
        paper_printed(desk, write_receipt(desk, id_), "file")
    assert [line.id for line in unprinted(desk)] == [received]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs a device that is always full")
def test_a_full_disk_is_said_and_the_dossier_is_safe(desk, received, tmp_path):
    """Rows 49 and 53: the paper waits, the dossier does not."""
    full = tmp_path / "receipt.pdf"
    full.with_suffix(".new").symlink_to("/dev/full")
    with pytest.raises(ReceiptNotWritten) as refused:
        write_receipt(desk, received, to=full)
    assert refused.value.facts["why"] == "ENOSPC"
    assert sentence_for(refused.value).startswith("Hồ sơ đã lưu. Chưa ghi được tệp giấy hẹn")
    assert not full.exists()
    assert dossier(desk, received).status == "received"
    assert len(unprinted(desk)) == 1


def test_a_folder_that_cannot_be_made_is_said(desk, received, tmp_path):
    (tmp_path / "file").write_text("không phải thư mục")
    with pytest.raises(ReceiptNotWritten):
        write_receipt(desk, received, to=tmp_path / "file" / "in")


def test_a_receipt_half_written_before_a_power_cut_is_written_over(desk, received):
    path = write_receipt(desk, received).path
    path.with_suffix(".new").write_bytes(b"%PDF-1.4 half")
    assert write_receipt(desk, received).path.read_bytes()[-6:].strip() == b"%%EOF"
    assert not path.with_suffix(".new").exists()


# ---------------------------------------------------------------- the paper proves itself


def codes_on(path: Path) -> list[str]:
    """What an independent decoder reads on the paper at 300 dots an inch."""
    pdf = pypdfium2.PdfDocument(path)
    try:
        pages = [page.render(scale=300 / 72).to_pil() for page in pdf]
    finally:
        pdf.close()
    return [found.text for page in pages for found in zxingcpp.read_barcodes(page)]


def test_what_the_office_copys_code_says_is_signed_by_this_counter(desk, received):
    entry = parse(desk.journal.lines()[-1][1])
    (payload,) = {c for c in codes_on(write_receipt(desk, received).path) if c.startswith("HS1|")}
    text, _, signature = payload.rpartition("|")
    assert text.split("|") == [
        "HS1",
        "H24.314.11749-261126-0501",
        received.hex(),
        "1.004873",
        "Nguyễn Thị Ngọc Ánh",
        "2026-12-01T16:30:00+07:00",
        entry.says.dev,
        entry.says.ep,
        str(entry.says.seq),
    ]
    key = Ed25519PublicKey.from_public_bytes(desk.journal.device.public_key)
    key.verify(base64.urlsafe_b64decode(signature + "=="), b"hoso-receipt-1\0" + text.encode())


def test_the_receipts_folder_is_made_when_it_is_needed(desk, received):
    assert not (desk.data / "receipts").exists()
    write_receipt(desk, received)
    assert (desk.data / "receipts").is_dir()
