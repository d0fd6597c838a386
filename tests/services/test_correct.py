"""Putting right what was received; nothing is ever deleted."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest

from db.entry import Envelope, seal
from db.identity import new_device
from db.kinds import CounterEnrolled
from db.parts import PaperCount
from desk_app.messages import sentence_for
from desk_app.services.correct import (
    UNDO_REASON,
    AlreadyVoided,
    CannotCorrect,
    NoteTooLong,
    NothingChanged,
    ReasonMissing,
    ReasonTooLong,
    UnreadableDossier,
    add_note,
    correct,
    undo,
    void,
)
from desk_app.services.dossiers import counts
from desk_app.services.find import UnknownDossier, dossier
from desk_app.services.receive import receive


@pytest.fixture
def received(desk, form):
    return bytes.fromhex(receive(desk, form()).id)


def test_a_correction_keeps_the_code_and_shows_both_values(desk, received):
    before = dossier(desk, received)
    after = correct(desk, received, {"applicant.name": "Nguyễn Ngọc Ánh"}, "Gõ nhầm tên đệm")
    assert after.facts.code == before.facts.code
    assert after.facts.applicant.name == "Nguyễn Ngọc Ánh"
    (change,) = after.corrections[0].changes
    assert (change.old, change.new) == ("Nguyễn Thị Ngọc Ánh", "Nguyễn Ngọc Ánh")
    assert (after.corrections[0].reason, after.corrections[0].by) == ("Gõ nhầm tên đệm", "mai")


def test_several_facts_are_one_correction(desk, received):
    after = correct(
        desk,
        received,
        {
            "applicant.phone": "0987654321",
            "papers": [{"name": "Tờ khai", "originals": 1}],
            "submitter": {"name": "Trần Văn Nộp"},
            "purpose": "vay vốn",
        },
        "Bổ sung",
    )
    assert len(after.corrections) == 1
    assert after.facts.papers == (PaperCount("Tờ khai", originals=1),)
    assert after.facts.submitter is not None
    assert correct(desk, received, {"submitter": None}, "Tự nộp").facts.submitter is None


def test_values_already_there_are_no_correction(desk, received):
    facts = dossier(desk, received).facts
    for same in (
        {},
        {"applicant.name": facts.applicant.name},
        {"applicant.name": f"  {facts.applicant.name} "},
        {"papers": facts.papers},
        {
            "papers": [
                {
                    "name": p.name,
                    "originals": p.originals,
                    "certified": p.certified,
                    "copies": p.copies,
                    "shown": p.shown,
                }
                for p in facts.papers
            ]
        },
        {"submitter": None},
    ):
        with pytest.raises(NothingChanged):
            correct(desk, received, same, "Không có gì")
    changed = {"applicant.name": facts.applicant.name, "sets": 2}
    after = correct(desk, received, changed, "Hai bộ")
    assert [c.path for c in after.corrections[0].changes] == ["sets"]


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "H24-1"},
        {"received_at": "2020-01-01T00:00:00+07:00"},
        {"applicant.phone": "912"},
        {"applicant.sex": "Khác"},
        {"applicant.name": "x" * 201},
        {"applicant.name": None},
        {"due_at": "2026-13-40T25:00:00+07:00"},
        {"sets": 0},
        {"papers": [{"name": "x"}] * 61},
        {"fee": {"amount": 10**13}},
        {"applicant.nickname": "Ánh"},
    ],
    ids=repr,
)
def test_a_value_that_does_not_fit_its_field_is_refused(desk, received, changes):
    before = dossier(desk, received)
    with pytest.raises(CannotCorrect):
        correct(desk, received, changes, "Thử")
    assert dossier(desk, received) == before


@pytest.mark.parametrize("reason", ["", "   ", "\n\t", "\u200b"])
def test_a_correction_and_a_void_say_why(desk, received, reason):
    with pytest.raises(ReasonMissing):
        correct(desk, received, {"sets": 2}, reason)
    with pytest.raises(ReasonMissing):
        void(desk, received, reason)
    with pytest.raises(ReasonMissing):
        add_note(desk, received, reason)
    assert len(dossier(desk, received).history) == 1


def test_a_reason_longer_than_its_field_is_refused_with_its_length(desk, received):
    for act in (
        lambda r: correct(desk, received, {"sets": 2}, r),
        lambda r: void(desk, received, r),
    ):
        with pytest.raises(ReasonTooLong) as refused:
            act("ờ" * 1_001)
        assert refused.value.facts == {"most": "1.000", "has": "1.001"}
    assert dossier(desk, received).readable


def test_a_void_ends_the_dossier_and_its_code_is_not_given_again(desk, received, form):
    after = void(desk, received, " Nhận nhầm người ")
    assert (after.status, after.void_reason) == ("voided", "Nhận nhầm người")
    assert counts(desk)["voided"] == 1
    assert receive(desk, form()).facts.code.endswith("-0502")


def test_nothing_more_happens_to_a_voided_dossier(desk, received):
    void(desk, received, "Nhận nhầm")
    for act in (
        lambda: correct(desk, received, {"sets": 2}, "Thử"),
        lambda: void(desk, received, "Lần nữa"),
        lambda: undo(desk, received),
        lambda: add_note(desk, received, "Thử"),
    ):
        with pytest.raises(AlreadyVoided) as refused:
            act()
        assert refused.value.facts["reason"] == "Nhận nhầm"
        assert "Nhận nhầm" in sentence_for(refused.value)


def test_undo_is_a_void_with_its_own_reason(desk, received, form):
    after = undo(desk, received)
    assert (after.status, after.void_reason) == ("voided", UNDO_REASON)
    assert [e.kind for e in after.history] == ["dossier.received", "dossier.voided"]
    assert receive(desk, form()).facts.code.endswith("-0502")


def test_notes_are_added_one_after_the_other(desk, received):
    add_note(desk, received, " Hẹn gọi lại\nbuổi chiều ")
    after = add_note(desk, received, "Đã gọi")
    assert [n.text for n in after.notes] == ["Hẹn gọi lại\nbuổi chiều", "Đã gọi"]


def test_a_note_of_four_thousand_letters_is_kept_and_one_more_is_refused(desk, received):
    """Row 9."""
    assert len(add_note(desk, received, "ờ" * 4_000).notes[0].text) == 4_000
    for length, said in ((4_001, "4.001"), (10_000_000, "10.000.000")):
        with pytest.raises(NoteTooLong) as refused:
            add_note(desk, received, "ờ" * length)
        assert refused.value.facts == {"most": "4.000", "has": said}
        assert sentence_for(refused.value) == (
            f"Ghi chú tối đa 4.000 ký tự, đang có {said}. Hãy đính kèm tệp."
        )
    assert len(dossier(desk, received).notes) == 1


@pytest.mark.parametrize(
    ("pasted", "kept"),
    [
        (unicodedata.normalize("NFD", "Nguyễn Thị Ánh"), "Nguyễn Thị Ánh"),
        ("Ánh\ud83d", "Ánh"),
        ("Á\0nh", "Ánh"),
        ("\u202eÁnh\u202c", "Ánh"),
        ("  Ánh\u00a0\u200b Ngọc ", "Ánh Ngọc"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("=HYPERLINK(A1)", "=HYPERLINK(A1)"),
    ],
    ids=["NFD", "surrogate", "NUL", "bidi", "spaces", "markup", "formula"],
)
def test_what_is_pasted_is_cleaned_in_notes_reasons_and_values_alike(desk, received, pasted, kept):
    """Rows 1, 2, 4, 5, 6, 24 and 25."""
    assert add_note(desk, received, pasted).notes[0].text == kept
    after = correct(desk, received, {"applicant.name": pasted, "purpose": pasted}, pasted)
    assert (after.facts.applicant.name, after.facts.purpose) == (kept, kept)
    assert after.corrections[0].reason == kept
    papers = [{"name": pasted, "originals": 1}]
    assert correct(desk, received, {"papers": papers}, "Sửa").facts.papers[0].name == kept
    assert void(desk, received, pasted).void_reason == kept


def test_what_is_not_here_is_refused(desk):
    for act in (
        lambda: correct(desk, bytes(16), {"sets": 2}, "Thử"),
        lambda: void(desk, bytes(16), "Thử"),
        lambda: undo(desk, bytes(16)),
        lambda: add_note(desk, bytes(16), "Thử"),
    ):
        with pytest.raises(UnknownDossier):
            act()


def test_a_dossier_with_an_entry_from_tomorrow_may_be_looked_at_only(desk, received):
    """Row 60."""
    other = new_device()
    enrolled = CounterEnrolled(other.id, other.public_key.hex(), "H24.314.11749", 3, 2, 12)

    def line(kind: str, obj: bytes, body: dict[str, object]) -> bytes:
        says = Envelope(
            1,
            other.id,
            "0" * 16,
            1,
            "",
            "11749",
            obj.hex(),
            (),
            kind,
            1,
            "2026-11-26T09:41:00+07:00",
            "ok",
            "hung",
            body,
        )
        return seal(says, other.sign).line

    taken = desk.journal.accept(
        [
            line("counter.enrolled", b"c" * 16, msgspec.to_builtins(enrolled)),
            line("dossier.routed", received, {"to": "Tư pháp"}),
        ]
    )
    assert taken.parked == ()
    assert not dossier(desk, received).readable
    for act in (
        lambda: correct(desk, received, {"sets": 2}, "Thử"),
        lambda: void(desk, received, "Thử"),
        lambda: add_note(desk, received, "Thử"),
    ):
        with pytest.raises(UnreadableDossier):
            act()
