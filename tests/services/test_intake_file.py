"""Dossiers from a file: the good ones are kept, the bad ones say why, twice adds nothing."""

from __future__ import annotations

import json
import unicodedata
from typing import Any

import pytest

from desk_app.messages import sentence_for
from desk_app.services.correct import void
from desk_app.services.demo import SAMPLE_CARD
from desk_app.services.dossiers import counts
from desk_app.services.intake_file import LARGEST_FILE, FileUnreadable, read_file, receive_all
from desk_app.services.receive import receive

ANH: dict[str, Any] = {
    "name": "Nguyễn Thị Ngọc Ánh",
    "id_number": "031187999912",
    "born": "14/02/1987",
    "sex": "Nữ",
    "address": "Thôn 3, xã Tú Sơn",
    "phone": "0912 345 678",
}


def one(**changes: Any) -> dict[str, Any]:
    whole = {
        "ref": "DVC-1",
        "procedure": "1.004873",
        "channel": "online",
        "applicant": ANH,
        "papers": [{"name": "Tờ khai", "originals": 1}],
    }
    return {**whole, **changes}


def taken(desk, *items):
    return list(receive_all(desk, list(items)))


def refusal(desk, **changes):
    (result,) = taken(desk, one(**changes))
    assert (result.status, result.dossier) == ("refused", None)
    assert counts(desk)["all"] == 0
    return sentence_for(result.refused)


# ---------------------------------------------------------------- the file


@pytest.fixture
def file(tmp_path):
    path = tmp_path / "hồ sơ.json"

    def write(content: bytes | str):
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "không phải JSON"),
        (b"{", "không phải JSON"),
        (b"[1,]", "không phải JSON"),
        (b"\xff\xfe[\0]\0", "không phải JSON"),
        (b"[NaN]", "không phải JSON"),
        (b"[" * 100_000, "không phải JSON"),
        (b'{"ref":"1"}', "không phải một danh sách"),
        (b'"hello"', "không phải một danh sách"),
        (b"null", "không phải một danh sách"),
    ],
)
def test_a_file_that_is_no_list_is_refused_by_name(file, content, said):
    with pytest.raises(FileUnreadable) as refused:
        read_file(file(content))
    assert said in sentence_for(refused.value)
    assert "hồ sơ.json" in sentence_for(refused.value)


def test_a_file_that_is_not_there_or_too_large_is_refused(file, tmp_path):
    for path in (tmp_path / "gone.json", tmp_path):
        with pytest.raises(FileUnreadable) as refused:
            read_file(path)
        assert "Không đọc được" in sentence_for(refused.value)
    with pytest.raises(FileUnreadable) as refused:
        read_file(file(b" " * (LARGEST_FILE + 1)))
    assert "20 MB" in sentence_for(refused.value)


def test_a_file_saved_by_a_windows_editor_is_read(file, desk):
    found = read_file(file("\ufeff" + json.dumps([one()], ensure_ascii=False)))
    assert taken(desk, *found)[0].status == "received"


def test_an_empty_list_does_nothing(file, desk):
    assert taken(desk, *read_file(file("[]"))) == []


# ---------------------------------------------------------------- one dossier


def test_a_dossier_of_the_file_is_received_with_its_senders_number(desk):
    (result,) = taken(desk, one(note="Gửi qua cổng"))
    assert (result.line, result.status, result.refused) == (1, "received", None)
    facts = result.dossier.facts
    assert facts.code == "H24.314.11749-261126-0501"
    assert (facts.sender.ref, facts.channel, facts.note) == ("DVC-1", "online", "Gửi qua cổng")
    assert facts.applicant.phone == "0912345678"
    assert facts.due_at == "2026-12-01T16:30:00+07:00"
    assert facts.papers[0].originals == 1


def test_the_same_file_twice_adds_nothing(desk, reopened):
    items = [one(ref=f"DVC-{n}") for n in range(3)]
    first = taken(desk, *items)
    again = taken(reopened(), *items)
    assert [r.status for r in first] == ["received"] * 3
    assert [r.status for r in again] == ["known"] * 3
    assert [r.dossier.facts.code for r in again] == [r.dossier.facts.code for r in first]
    assert counts(desk)["all"] == 3


def test_one_number_twice_in_a_file_is_one_dossier(desk):
    first, second = taken(desk, one(), one(applicant={**ANH, "name": "Tên Khác"}))
    assert (first.status, second.status) == ("received", "known")
    assert second.dossier.facts.applicant.name == "Nguyễn Thị Ngọc Ánh"


def test_a_bad_dossier_does_not_stop_the_good_ones(desk):
    results = taken(
        desk,
        one(ref="1"),
        one(ref="2", procedure="9.999999"),
        "not an object",
        None,
        {"ref": "5"},
        one(ref="6", applicant=None),
        one(ref="7", due_at="0001-01-01T00:00:00+14:00", due_reason="thử"),
        one(ref="8", received_at="9999-12-31T23:59:59-12:00"),
        one(ref="9", papers=[{"name": "Tờ khai", "originals": 1}] * 61),
        one(ref="10"),
    )
    assert [r.line for r in results] == list(range(1, 11))
    assert [r.status for r in results] == ["received", *["refused"] * 8, "received"]
    assert [r.dossier.facts.code[-4:] for r in (results[0], results[-1])] == ["0501", "0502"]
    for result in results[1:-1]:
        assert sentence_for(result.refused)


def test_a_voided_dossier_is_known_and_not_received_again(desk):
    (first,) = taken(desk, one())
    void(desk, bytes.fromhex(first.dossier.id), "Nhận nhầm")
    (again,) = taken(desk, one())
    assert (again.status, again.dossier.status) == ("known", "voided")


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"ref": ""}, "ref"),
        ({"ref": "x" * 201}, "ref"),
        ({"ref": 1}, "ref"),
        ({"channel": "fax"}, "channel"),
        ({"mood": "good"}, "mood"),
        ({"papers": [{"name": "Tờ khai", "originals": -1}]}, "papers"),
        ({"papers": [{"name": "Tờ khai", "originals": 10_000}]}, "papers"),
        ({"papers": [{"originals": 1}]}, "papers"),
        ({"applicant": {**ANH, "kind": "robot"}}, "kind"),
        ({"pages": 1.5}, "pages"),
        ({"procedure": "9.999999"}, "9.999999"),
        ({"applicant": {}}, "họ và tên"),
        ({"applicant": {**ANH, "phone": "0912 345"}}, "10 số"),
        ({"applicant": {**ANH, "id_number": "03118799991"}}, "12 số, đang có 11"),
        ({"applicant": {**ANH, "born": "31/02/1987"}}, "chỉ có 28 ngày"),
        ({"papers": [{"name": "Tờ khai"}]}, "Ghi số bản"),
        ({"received_at": "hôm qua"}, "hôm qua"),
        ({"received_at": "2026-11-27T08:00"}, "sau giờ máy"),
        ({"due_at": "2026-12-05T10:00"}, "lý do"),
        ({"due_at": "2026-11-25T10:00", "due_reason": "thử"}, "sau lúc nhận"),
        ({"due_at": "mai", "due_reason": "thử"}, "mai"),
        ({"note": "x" * 4_001}, "4.000"),
        ({"card": "https://ngan-hang.example"}, "mã trên thẻ"),
    ],
    ids=repr,
)
def test_a_refused_dossier_says_which_field_and_what_to_do(desk, changes, said):
    assert said in refusal(desk, **changes)


def test_everything_wrong_with_a_dossier_is_said_at_once(desk):
    said = refusal(desk, procedure="9.999999", applicant={**ANH, "name": "", "phone": "1"})
    assert "còn 3 việc" in said
    for part in ("họ và tên", "10 số", "9.999999"):
        assert part in said


def test_the_raw_text_of_a_card_is_an_applicant(desk):
    (result,) = taken(
        desk, one(card=SAMPLE_CARD, applicant={"phone": "0987654321", "email": "a@b.vn"})
    )
    person = result.dossier.facts.applicant
    assert (person.name, person.id_number, person.born, person.sex) == (
        "Phạm Thị Thử Hai",
        "031190999992",
        "1990-12-12",
        "Nữ",
    )
    assert (person.phone, person.email) == ("0987654321", "a@b.vn")


def test_a_card_with_lost_letters_is_not_guessed_at(desk):
    damaged = SAMPLE_CARD.replace("ạ", "?").replace("ị", "?").replace("ử", "?")
    said = refusal(desk, card=damaged)
    assert "Thẻ đọc chưa chắc: họ tên" in said and "Quét lại" in said


def test_a_card_issued_before_its_holder_was_born_is_refused(desk):
    card = SAMPLE_CARD.replace("25122021", "25121980")
    assert "trước ngày sinh" in refusal(desk, card=card)


def test_a_card_cut_off_in_its_address_is_refused_for_its_address(desk):
    said = refusal(desk, card=SAMPLE_CARD.rpartition("|")[0])
    assert "Thẻ đọc chưa chắc: địa chỉ" in said


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-11-25T09:41", "2026-11-25T09:41:00+07:00"),
        ("2026-11-25T09:41:30", "2026-11-25T09:41:30+07:00"),
        ("2026-11-25T02:41:00Z", "2026-11-25T09:41:00+07:00"),
        ("2026-11-25T09:41:00+07:00", "2026-11-25T09:41:00+07:00"),
        ("2026-11-24T20:41:00-06:00", "2026-11-25T09:41:00+07:00"),
    ],
)
def test_the_moment_of_receipt_is_the_offices_whatever_zone_it_was_sent_in(desk, text, moment):
    (result,) = taken(desk, one(received_at=text))
    assert result.dossier.facts.received_at == moment
    assert "-261125-" in result.dossier.facts.code


def test_another_promise_with_its_reason_is_kept_in_the_offices_time(desk):
    (result,) = taken(
        desk, one(due_at="2026-12-05T03:00:00+00:00", due_reason="Theo lịch của huyện")
    )
    facts = result.dossier.facts
    assert (facts.due_at, facts.due_override) == (
        "2026-12-05T10:00:00+07:00",
        "Theo lịch của huyện",
    )


def test_an_unknown_time_limit_needs_a_promise_with_a_reason(desk):
    assert "thời hạn" in refusal(desk, procedure="2.000744")
    (result,) = taken(
        desk, one(procedure="2.000744", due_at="2026-12-05T10:00", due_reason="Nghị định 20/2021")
    )
    assert result.status == "received"


def test_certified_copies_are_counted_when_the_sender_says_how_many(desk):
    counted, not_counted = taken(
        desk,
        one(ref="1", procedure="2.000815", pages=3, copies=2),
        one(ref="2", procedure="2.000815"),
    )
    assert counted.dossier.facts.fee.amount == 10_000
    assert (not_counted.status, not_counted.dossier.facts.fee.amount) == ("received", 0)


def test_a_submitter_and_an_organisation_are_taken(desk):
    company = {"name": "Công ty TNHH Thử 99", "kind": "business", "id_number": "0201234567"}
    (result,) = taken(desk, one(applicant=company, submitter={**ANH}))
    assert result.dossier.facts.applicant.kind == "business"
    assert result.dossier.facts.submitter.name == "Nguyễn Thị Ngọc Ánh"


def test_text_from_a_mac_is_stored_composed(desk):
    """Row 2."""
    apart = unicodedata.normalize("NFD", "Nguyễn Thị Ngọc Ánh")
    papers = [{"name": unicodedata.normalize("NFD", "Tờ khai"), "originals": 1}]
    (result,) = taken(desk, one(applicant={**ANH, "name": apart}, papers=papers))
    assert result.dossier.facts.applicant.name == "Nguyễn Thị Ngọc Ánh"
    assert result.dossier.facts.papers[0].name == "Tờ khai"


def test_a_file_and_the_desk_draw_from_one_row_of_numbers(desk, form):
    receive(desk, form())
    taken(desk, one())
    assert receive(desk, form()).facts.code.endswith("-0503")


def test_a_childs_dossier_from_a_file_is_received_with_its_warning_only(desk):
    """Row 19."""
    child = {**ANH, "id_number": "031320999912", "born": "14/02/2020"}
    (result,) = taken(desk, one(applicant=child))
    assert result.status == "received"
