"""Only the paper is left: the office's copies are scanned, and the dossiers are there again."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest
from PIL import Image, ImageFilter
from two_counters import exchange, take_in_many

from db.doctor import examine
from desk_app.messages import sentence_for
from desk_app.services.find import by_code, dossier
from desk_app.services.receipt_scans import (
    CounterUnknown,
    NotAReceipt,
    ReceiptForged,
    ScanUnreadable,
    from_scans,
    read_code,
    recover,
)
from desk_app.services.receipts import write_receipt


@pytest.fixture
def papers(pair, tmp_path: Path) -> list[Path]:
    """Receipts of the first counter, which the second has not heard of."""
    one, _ = pair
    taken = take_in_many(one, 3)
    return [write_receipt(one, bytes.fromhex(d.id), tmp_path).path for d in taken]


def picture(pdf: Path, dots: int) -> Image.Image:
    document = pypdfium2.PdfDocument(pdf)
    page = document[0]
    image = page.render(scale=dots / 72, grayscale=True).to_pil()
    page.close()
    document.close()
    return image


def codes(pdf: Path) -> list[str]:
    from desk_app.services.receipt_scans import _codes_of

    return [text for page in _codes_of(pdf) for text in page if text.startswith("HS1|")]


def test_a_stub_says_what_the_paper_says_and_is_found(pair, papers):
    _, two = pair
    [scanned] = from_scans(two, papers[:1])
    assert [f.what for f in scanned.found] == ["recovered"] and not scanned.pages_without
    [line] = by_code(two, scanned.found[0].code)
    stub = dossier(two, line.id)
    assert stub.recovered and stub.facts.code == papers[0].stem
    assert stub.facts.applicant.name and stub.facts.due_at and stub.facts.procedure.code
    assert examine(two.journal).sound


def test_the_same_paper_twice_and_at_two_counters_makes_one_dossier(pair, papers):
    one, two = pair
    assert [f.what for s in from_scans(two, papers) for f in s.found] == ["recovered"] * 3
    assert [f.what for s in from_scans(two, papers) for f in s.found] == ["known"] * 3
    assert [f.what for s in from_scans(one, papers) for f in s.found] == ["known"] * 3
    exchange(one, two)
    for pdf in papers:
        [here], [there] = by_code(one, pdf.stem), by_code(two, pdf.stem)
        assert here.id == there.id and not here.flagged and not there.flagged


def test_when_the_old_database_turns_up_its_entry_counts(pair, papers):
    one, two = pair
    list(from_scans(two, papers))
    exchange(one, two)
    for pdf in papers:
        [line] = by_code(two, pdf.stem)
        whole = dossier(two, line.id)
        assert not whole.recovered and whole == dossier(one, line.id)
        assert whole.facts.applicant.id_number


@pytest.mark.parametrize("dots", [150, 200, 300])
@pytest.mark.parametrize("turned", [0, 3, 90, 180])
def test_a_scan_is_read_turned_and_blurred(pair, papers, tmp_path, dots, turned):
    _, two = pair
    scan = picture(papers[0], dots).rotate(turned, expand=True, fillcolor=255)
    file = tmp_path / "scan.png"
    scan.filter(ImageFilter.GaussianBlur(0.6)).save(file)
    [scanned] = from_scans(two, [file])
    assert [f.what for f in scanned.found] == ["recovered"]


def test_many_receipts_in_one_file(pair, papers, tmp_path):
    _, two = pair
    pages = [picture(pdf, 200) for pdf in papers]
    file = tmp_path / "all.pdf"
    pages[0].save(file, save_all=True, append_images=[*pages[1:], Image.new("L", (800, 1100), 255)])
    [scanned] = from_scans(two, [file])
    assert [f.what for f in scanned.found] == ["recovered"] * 3
    assert scanned.pages_without == 1


def test_what_is_no_receipt_or_not_signed_so_is_refused(pair, papers):
    _, two = pair
    [text] = codes(papers[0])
    assert isinstance(recover(two, "xin chào").refused, NotAReceipt)
    parts = text.split("|")
    for place, other in ((4, "Nguyễn Văn Khác"), (5, "2030-01-01T16:30:00+07:00")):
        forged = "|".join([*parts[:place], other, *parts[place + 1 :]])
        refused = recover(two, forged).refused
        assert isinstance(refused, ReceiptForged) and "Đối chiếu sổ" in sentence_for(refused)
    stranger = "|".join([*parts[:6], "ab" * 8, *parts[7:]])
    assert isinstance(recover(two, stranger).refused, CounterUnknown)
    for broken in ("|".join(parts[:-1]), "|".join([*parts[:2], "zz", *parts[3:]])):
        with pytest.raises(NotAReceipt):
            read_code(broken)
    assert by_code(two, parts[1]) == ()


def test_a_file_that_cannot_be_read_is_said(pair, tmp_path):
    for name, content in (("a.pdf", b"%PDF-nothing"), ("b.jpg", b"no picture"), ("c.pdf", b"")):
        (tmp_path / name).write_bytes(content)
        with pytest.raises(ScanUnreadable):
            list(from_scans(pair[1], [tmp_path / name]))
    with pytest.raises(ScanUnreadable) as gone:
        list(from_scans(pair[1], [tmp_path / "gone.pdf"]))
    assert "gone.pdf" in sentence_for(gone.value)
