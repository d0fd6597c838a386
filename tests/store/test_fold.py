"""A dossier from its entries: what merges, what contradicts, and that arrival order means nothing."""

from __future__ import annotations

import itertools
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from db.dossier import Dossier, Flag
from db.entry import Entry, Envelope, seal
from db.fold import corrected, fold, heads, in_order, value_at
from db.identity import Device, device_from
from db.kinds import (
    CORRECTABLE,
    NAME_OF,
    DossierCorrected,
    DossierReceived,
    DossierVoided,
    NoteAdded,
    ReceiptPrinted,
)
from db.parts import ClerkFacts, Fee, Kind, Limit, OfficeFacts, PaperCount, Person, ProcedureFacts

ONE, TWO = device_from(b"\1" * 32), device_from(b"\2" * 32)
OBJ = "0a" * 16
RECEIVED = DossierReceived(
    code="H24.314.11749-261126-0501",
    procedure=ProcedureFacts("1.004873", "Cấp giấy xác nhận", "Tình trạng hôn nhân", "Hộ tịch", ""),
    channel="direct",
    received_at="2026-11-26T09:41:00+07:00",
    applicant=Person(name="Nguyễn Thị Ngọc Ánh", phone="0912345678"),
    limit=Limit("working_days", 6),
    due_at="2026-12-01T16:30:00+07:00",
    why_due="3 ngày làm việc",
    office=OfficeFacts(
        "H24.314.11749", "UBND XÃ TÚ SƠN", "UBND HUYỆN", "BỘ PHẬN MỘT CỬA", "Tú Sơn"
    ),
    counter=1,
    clerk=ClerkFacts("mai", "Trần Thị Mai"),
    form_set="2018",
)


class History:
    """Entries about one dossier, each written by a counter that had seen certain others."""

    def __init__(self) -> None:
        self.entries: dict[str, Entry] = {}
        self.received = self.add(RECEIVED)

    def add(
        self,
        body: Kind | dict[str, Any],
        *seen: str,
        at: str = "09:42",
        by: str = "mai",
        device: Device = ONE,
        kind: tuple[str, int] | None = None,
    ) -> str:
        """One more entry that names ``seen`` as its parents; its id."""
        name, version = kind or NAME_OF[type(body)]
        says = Envelope(
            v=1,
            dev=device.id,
            ep="00" * 8,
            seq=len(self.entries) + 1,
            prev="",
            com="11749",
            obj=OBJ,
            par=seen,
            k=name,
            kv=version,
            ts=f"2026-11-26T{at}:00+07:00",
            ck="ok",
            by=by,
            body=msgspec.to_builtins(body),
        )
        entry = seal(says, device.sign)
        self.entries[entry.id] = entry
        return entry.id

    def correct(self, path: str, value: Any, *seen: str, **more: Any) -> str:
        return self.add(DossierCorrected({path: value}, "gõ nhầm"), *seen, **more)

    def fold(self) -> Dossier:
        """The dossier, which every order of arrival must give."""
        entries = list(self.entries.values())
        found = fold(entries)
        assert found is not None
        if len(entries) <= 5:
            assert all(fold(order) == found for order in itertools.permutations(entries))
        else:
            assert fold(reversed(entries)) == found
        return found

    def flags(self) -> list[str]:
        return [flag.name for flag in self.fold().flags]


@pytest.fixture
def history() -> History:
    return History()


# ---------------------------------------------------------------- one after the other


def test_a_received_dossier_is_what_was_received(history):
    dossier = history.fold()
    assert (dossier.id, dossier.facts, dossier.status) == (OBJ, RECEIVED, "received")
    assert dossier.heads == (history.received,)
    assert dossier.readable and not dossier.flags


def test_there_is_no_dossier_before_it_was_received(history):
    note = history.add(NoteAdded("Đến trước"), history.received)
    assert fold([]) is None
    assert fold([history.entries[note]]) is None


def test_a_correction_shows_both_values_and_keeps_the_code(history):
    first = history.correct("applicant.name", "Nguyễn Thị Ánh", history.received)
    history.correct("applicant.name", "Nguyễn Ngọc Ánh", first, by="hung", at="10:05")
    dossier = history.fold()
    assert dossier.facts.applicant.name == "Nguyễn Ngọc Ánh"
    assert dossier.facts.code == RECEIVED.code
    assert [(c.changes[0].old, c.changes[0].new) for c in dossier.corrections] == [
        ("Nguyễn Thị Ngọc Ánh", "Nguyễn Thị Ánh"),
        ("Nguyễn Thị Ánh", "Nguyễn Ngọc Ánh"),
    ]
    assert (dossier.corrections[1].by, dossier.corrections[1].at[11:16]) == ("hung", "10:05")
    assert not dossier.flags


def test_every_correctable_path_can_be_read_and_changed():
    for path in CORRECTABLE:
        was = value_at(RECEIVED, path)
        after = corrected(RECEIVED, {path: was})
        assert value_at(after, path) == was, path
    whole = corrected(
        RECEIVED,
        {
            "submitter": {"name": "Trần Văn Nộp"},
            "papers": [{"name": "Tờ khai", "originals": 1}],
            "fee": {"amount": 5000, "how": "cash"},
        },
    )
    assert whole.submitter == Person(name="Trần Văn Nộp")
    assert whole.papers == (PaperCount("Tờ khai", originals=1),)
    assert whole.fee == Fee(5000, "cash")
    assert corrected(whole, {"submitter": None}).submitter is None


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("code", "H24-1"),
        ("received_at", "2026-11-26T10:00:00+07:00"),
        ("applicant", {"name": "x"}),
        ("applicant.nickname", "Ánh"),
        ("applicant.sex", "Khác"),
        ("applicant.phone", "912"),
        ("applicant.name", None),
        ("applicant.name", 5),
        ("sets", 0),
        ("sets", "2"),
        ("papers", [{"name": "x", "originals": -1}]),
        ("fee", {"amount": -1}),
        ("due_at", "mai"),
        ("", ""),
        ("__class__", "x"),
    ],
)
def test_a_correction_of_what_may_not_be_corrected_changes_nothing_and_is_flagged(
    history, path, value
):
    with pytest.raises(msgspec.ValidationError):
        corrected(RECEIVED, {path: value})
    bad = history.correct(path, value, history.received)
    dossier = history.fold()
    assert dossier.facts == RECEIVED
    assert dossier.flags == (Flag("bad_correction", (bad,)),)
    assert dossier.corrections == ()


def test_a_void_says_why(history):
    history.add(DossierVoided("Nhận nhầm"), history.received)
    dossier = history.fold()
    assert (dossier.status, dossier.void_reason, dossier.flags) == ("voided", "Nhận nhầm", ())


def test_what_comes_after_a_void_does_not_raise_the_dossier(history):
    void = history.add(DossierVoided("Nhận nhầm"), history.received)
    history.add(NoteAdded("Đã báo công dân"), void)
    assert history.fold().status == "voided"
    assert len(history.fold().notes) == 1


# ---------------------------------------------------------------- at the same time


def test_notes_and_papers_made_at_the_same_time_are_all_there(history):
    for device, by in ((ONE, "mai"), (TWO, "hung")):
        history.add(NoteAdded(f"Của {by}"), history.received, device=device, by=by)
        history.add(
            ReceiptPrinted("01", 1, "printer", "HP"), history.received, device=device, by=by
        )
    dossier = history.fold()
    assert {note.text for note in dossier.notes} == {"Của mai", "Của hung"}
    assert [(p.nth, p.word_of, p.printer) for p in dossier.prints] == [(1, "printer", "HP")] * 2
    assert dossier.flags == ()
    assert len(dossier.heads) == 4


def test_corrections_of_different_fields_both_apply_and_are_told(history):
    a = history.correct("applicant.name", "Nguyễn Ngọc Ánh", history.received)
    b = history.correct("applicant.phone", "0987654321", history.received, device=TWO)
    dossier = history.fold()
    assert dossier.facts.applicant.name == "Nguyễn Ngọc Ánh"
    assert dossier.facts.applicant.phone == "0987654321"
    assert [(f.name, set(f.entries)) for f in dossier.flags] == [("parallel_update", {a, b})]


def test_the_same_correction_twice_is_one(history):
    history.correct("sets", 2, history.received)
    history.correct("sets", 2, history.received, device=TWO)
    dossier = history.fold()
    assert dossier.facts.sets == 2
    assert dossier.flags == ()


def test_different_values_for_one_field_are_both_shown(history):
    a = history.correct("applicant.name", "Nguyễn Ngọc Ánh", history.received)
    b = history.correct("applicant.name", "Nguyễn Thị Anh", history.received, device=TWO)
    dossier = history.fold()
    first, second = sorted((a, b))
    values = {a: "Nguyễn Ngọc Ánh", b: "Nguyễn Thị Anh"}
    assert dossier.facts.applicant.name == values[second]
    facts = {"path": "applicant.name", "first": values[first], "second": values[second]}
    assert dossier.flags == (Flag("field_conflict", (first, second), facts),)


def test_a_later_correction_that_saw_both_settles_the_conflict(history):
    a = history.correct("applicant.name", "Nguyễn Ngọc Ánh", history.received)
    b = history.correct("applicant.name", "Nguyễn Thị Anh", history.received, device=TWO)
    history.correct("applicant.name", "Nguyễn Thị Ngọc Anh", a, b)
    assert history.fold().facts.applicant.name == "Nguyễn Thị Ngọc Anh"
    assert history.flags() == []


def test_a_later_correction_of_another_field_or_of_one_side_settles_nothing(history):
    a = history.correct("applicant.name", "Nguyễn Ngọc Ánh", history.received)
    b = history.correct("applicant.name", "Nguyễn Thị Anh", history.received, device=TWO)
    history.correct("sets", 2, a, b)
    assert history.flags() == ["field_conflict"]
    history.correct("applicant.name", "Nguyễn Ánh", a)
    assert "field_conflict" in history.flags()


def test_one_correction_of_two_fields_conflicts_only_in_the_field_that_differs(history):
    history.add(DossierCorrected({"sets": 2, "purpose": "vay vốn"}, "sửa"), history.received)
    history.add(
        DossierCorrected({"sets": 3, "purpose": "vay vốn"}, "sửa"), history.received, device=TWO
    )
    (flag,) = history.fold().flags
    assert (flag.name, flag.facts["path"]) == ("field_conflict", "sets")


@pytest.mark.parametrize("body", [NoteAdded("Đã gọi"), ReceiptPrinted("01", 1, "clerk")])
def test_a_void_beside_a_note_or_a_print_stands(history, body):
    history.add(DossierVoided("Nhận nhầm"), history.received)
    history.add(body, history.received, device=TWO)
    assert history.fold().status == "voided"
    assert history.flags() == []


def test_a_void_beside_a_correction_is_not_applied_and_is_flagged(history):
    void = history.add(DossierVoided("Nhận nhầm"), history.received)
    other = history.correct("sets", 2, history.received, device=TWO)
    dossier = history.fold()
    assert (dossier.status, dossier.void_reason) == ("received", "")
    assert dossier.facts.sets == 2
    assert dossier.flags == (Flag("void_conflict", (void, other)),)


def test_a_correction_that_saw_both_lets_the_dossier_live(history):
    void = history.add(DossierVoided("Nhận nhầm"), history.received)
    other = history.correct("sets", 2, history.received, device=TWO)
    history.correct("sets", 3, void, other)
    assert history.fold().status == "received"
    assert history.flags() == []


def test_a_void_beside_something_unknown_is_not_applied(history):
    history.add(DossierVoided("Nhận nhầm"), history.received)
    history.add({"to": "Tư pháp"}, history.received, device=TWO, kind=("dossier.routed", 1))
    assert history.fold().status == "received"
    assert history.flags() == ["void_conflict"]


def test_a_second_void_that_saw_both_settles_it(history):
    void = history.add(DossierVoided("Nhận nhầm"), history.received)
    other = history.correct("sets", 2, history.received, device=TWO)
    history.add(DossierVoided("Đúng là nhầm"), void, other, by="hung")
    dossier = history.fold()
    assert (dossier.status, dossier.void_reason) == ("voided", "Đúng là nhầm")
    assert dossier.flags == ()


def test_the_same_void_twice_is_one(history):
    history.add(DossierVoided("Nhận nhầm"), history.received)
    history.add(DossierVoided("Trùng hồ sơ"), history.received, device=TWO)
    dossier = history.fold()
    assert dossier.status == "voided"
    assert dossier.void_reason in ("Nhận nhầm", "Trùng hồ sơ")
    assert dossier.flags == ()


def test_a_dossier_received_twice_keeps_both_and_is_flagged(history):
    again = history.add(
        msgspec.structs.replace(RECEIVED, code="H24.314.11749-261126-1001"), device=TWO
    )
    dossier = history.fold()
    first, second = sorted((history.received, again))
    assert dossier.facts == msgspec.convert(history.entries[first].says.body, DossierReceived)
    assert dossier.flags == (Flag("received_twice", (first, second)),)
    assert len(dossier.history) == 2


# ---------------------------------------------------------------- what this program does not know


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        (("dossier.routed", 1), {"to": "Tư pháp"}),
        (("note.added", 2), {"text": "Xin chào", "colour": "red"}),
        (("note.added", 1), {"text": "Xin chào", "colour": "red"}),
        (("note.added", 1), {"text": "x" * 4_001}),
    ],
    ids=["kind", "version", "field", "length"],
)
def test_what_this_program_cannot_read_is_listed_and_makes_the_dossier_read_only(
    history, kind, body
):
    history.add(body, history.received, kind=kind, by="hung")
    dossier = history.fold()
    assert not dossier.readable
    assert (dossier.history[1].kind, dossier.history[1].by) == (kind[0], "hung")
    assert dossier.history[1].body is None
    assert dossier.facts == RECEIVED


def test_a_parent_that_has_not_arrived_is_waited_for_by_nobody(history):
    missing = "f" * 64
    note = history.add(NoteAdded("Từ quầy 2"), missing, history.received, device=TWO)
    dossier = history.fold()
    assert dossier.heads == (note,)
    assert len(dossier.notes) == 1


# ---------------------------------------------------------------- order


def test_parents_come_before_children_and_ties_go_by_id(history):
    a = history.add(NoteAdded("a"), history.received)
    b = history.add(NoteAdded("b"), history.received)
    c = history.add(NoteAdded("c"), a, b)
    ordered = [e.id for e in in_order(history.entries)]
    assert ordered == [history.received, *sorted((a, b)), c]
    assert heads(list(history.entries.values())) == (c,)


def test_the_clock_decides_nothing(history):
    first = history.correct("sets", 2, history.received, at="23:59")
    history.correct("sets", 3, first, at="00:01")
    assert history.fold().facts.sets == 3


bodies = st.one_of(
    st.builds(NoteAdded, st.sampled_from(["một", "hai"])),
    st.builds(ReceiptPrinted, st.just("01"), st.integers(1, 3), st.sampled_from(["clerk", "file"])),
    st.builds(DossierVoided, st.sampled_from(["nhầm", "trùng"])),
    st.builds(
        DossierCorrected,
        st.dictionaries(
            st.sampled_from(["sets", "applicant.name", "purpose", "code"]),
            st.sampled_from([2, 3, "Ánh", "Anh", None]),
            min_size=1,
            max_size=2,
        ),
        st.just("sửa"),
    ),
    st.just(RECEIVED),
)


@st.composite
def histories(draw: st.DrawFn) -> list[Entry]:
    """A random tree of events: each saw some of those before it."""
    history = History()
    for _ in range(draw(st.integers(0, 9))):
        ids = list(history.entries)
        seen = draw(st.lists(st.sampled_from(ids), max_size=3, unique=True))
        if draw(st.integers(0, 9)) == 0:
            history.add({"x": 1}, *seen, kind=("dossier.routed", 1))
        else:
            history.add(draw(bodies), *seen, device=draw(st.sampled_from([ONE, TWO])))
    return list(history.entries.values())


@given(entries=histories(), data=st.data())
def test_any_order_of_arrival_gives_the_same_dossier(entries, data):
    shuffled = data.draw(st.permutations(entries))
    twice = [*shuffled, *data.draw(st.lists(st.sampled_from(entries), max_size=3))]
    assert fold(twice) == fold(entries)


@given(entries=histories())
def test_nothing_that_happened_is_missing_from_the_history(entries):
    dossier = fold(entries)
    assert dossier is not None
    assert {event.id for event in dossier.history} == {entry.id for entry in entries}
    assert set(dossier.heads) == set(heads(entries))


@given(entries=histories())
def test_simultaneous_different_values_never_pass_without_a_flag(entries):
    dossier = fold(entries)
    assert dossier is not None
    above: dict[str, set[str]] = {}
    for entry in in_order({e.id: e for e in entries}):
        above[entry.id] = set(entry.says.par).union(*(above[p] for p in entry.says.par))
    done = dossier.corrections
    flagged = {(f.entries, f.facts["path"]) for f in dossier.flags if f.name == "field_conflict"}
    for a, b in itertools.combinations(done, 2):
        if a.id in above[b.id] or b.id in above[a.id]:
            continue
        for x, y in itertools.product(a.changes, b.changes):
            if x.path == y.path and x.new != y.new:
                later = [c for c in done if {a.id, b.id} <= above[c.id]]
                settled = any(x.path == change.path for c in later for change in c.changes)
                assert settled or ((a.id, b.id), x.path) in flagged
