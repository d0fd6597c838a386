"""Two real counters act at the same moment; whatever order the lines come in, both see the same,
a person settles it, and it is gone at both."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from two_counters import exchange, take_in

from db.dossier import Dossier
from db.kinds import DossierReceived
from db.steps import Asked
from desk_app.desk import Desk
from desk_app.services import correct as correcting
from desk_app.services import supplements
from desk_app.services.attention import matters, matters_count
from desk_app.services.day_sheet import end_of_day
from desk_app.services.dossier_form import DossierForm
from desk_app.services.find import by_code, dossier, the_one
from desk_app.services.receipts import unprinted
from desk_app.services.receive import receive
from desk_app.services.settle import (
    NothingToSettle,
    OnlyTheChief,
    give_new_code,
    keep_value,
    let_it_live,
    link,
    noted,
    void_after_all,
)
from desk_app.ui.matter_words import choices_of


def same(one: Desk, two: Desk, id_: bytes) -> Dossier:
    assert dossier(one, id_) == dossier(two, id_)
    return dossier(one, id_)


ACTS: dict[str, tuple[Callable[[Desk, bytes], object], Callable[[Desk, bytes], object], str]] = {
    "notes": (
        lambda d, i: correcting.add_note(d, i, "một"),
        lambda d, i: correcting.add_note(d, i, "hai"),
        "",
    ),
    "different fields": (
        lambda d, i: correcting.correct(d, i, {"purpose": "vay vốn"}, "sửa"),
        lambda d, i: correcting.correct(d, i, {"applicant.phone": "0987654321"}, "sửa"),
        "parallel_update",
    ),
    "the same value": (
        lambda d, i: correcting.correct(d, i, {"purpose": "vay vốn"}, "sửa"),
        lambda d, i: correcting.correct(d, i, {"purpose": "vay vốn"}, "sửa"),
        "",
    ),
    "different values": (
        lambda d, i: correcting.correct(d, i, {"purpose": "vay vốn"}, "sửa"),
        lambda d, i: correcting.correct(d, i, {"purpose": "kết hôn"}, "sửa"),
        "field_conflict",
    ),
    "void and correction": (
        lambda d, i: correcting.void(d, i, "nhầm"),
        lambda d, i: correcting.correct(d, i, {"purpose": "kết hôn"}, "sửa"),
        "void_conflict",
    ),
    "void and note": (
        lambda d, i: correcting.void(d, i, "nhầm"),
        lambda d, i: correcting.add_note(d, i, "hai"),
        "",
    ),
    "void and void": (
        lambda d, i: correcting.void(d, i, "nhầm"),
        lambda d, i: correcting.void(d, i, "trùng"),
        "",
    ),
    "two other codes": (
        lambda d, i: give_new_code(d, i, "trùng mã"),
        lambda d, i: give_new_code(d, i, "trùng mã"),
        "recode_conflict",
    ),
}


@pytest.mark.parametrize("backwards", [False, True])
@pytest.mark.parametrize("act", ACTS)
def test_what_two_counters_do_at_once_is_the_same_at_both(pair, act, backwards):
    one, two = pair
    id_ = bytes.fromhex(take_in(one).id)
    exchange(one, two)
    first, second, flag = ACTS[act]
    first(one, id_)
    second(two, id_)
    exchange(one, two, backwards=backwards)
    merged = same(one, two, id_)
    assert {f.name for f in merged.flags} == ({flag} if flag else set())
    assert len(merged.history) == 3
    for desk in pair:
        # Two corrections of different fields both hold: nobody has to decide anything.
        asks = [flag] if flag and flag != "parallel_update" else []
        assert [m.name for m in matters(desk)] == asks
        assert matters_count(desk) == len(matters(desk))


def conflicting(pair: tuple[Desk, Desk], act: str) -> bytes:
    one, two = pair
    id_ = bytes.fromhex(take_in(one).id)
    exchange(one, two)
    ACTS[act][0](one, id_)
    ACTS[act][1](two, id_)
    exchange(one, two)
    return id_


def test_both_values_are_shown_with_who_and_where_and_one_is_kept(pair):
    one, two = pair
    id_ = conflicting(pair, "different values")
    [matter] = matters(one)
    assert {side.value for side in matter.sides} == {"vay vốn", "kết hôn"}
    assert {side.counter for side in matter.sides} == {2, 3}
    assert matter.path == "purpose" and matter.person
    keep_value(two, id_, "purpose", "kết hôn", "hỏi lại bà Ánh")
    exchange(one, two)
    assert same(one, two, id_).facts.purpose == "kết hôn"
    assert matters(one) == matters(two) == ()


def test_what_another_person_settled_meanwhile_says_who_and_when(pair):
    one, two = pair
    id_ = conflicting(pair, "different values")
    keep_value(two, id_, "purpose", "kết hôn", "hỏi lại")
    exchange(one, two)
    with pytest.raises(NothingToSettle) as refused:
        keep_value(one, id_, "purpose", "vay vốn", "theo tờ khai")
    assert refused.value.facts == {"by": "hung", "at": "09:41"}


def test_a_contested_void_is_decided_by_the_chief(pair):
    one, two = pair
    id_ = conflicting(pair, "void and correction")
    with one.reading() as connection:
        clerk = one.published(connection).clerk("mai")
    assert clerk is not None
    with pytest.raises(OnlyTheChief):
        void_after_all(one.as_clerk(clerk), id_, "nhầm")
    assert same(one, two, id_).status == "received"
    void_after_all(one, id_, "đúng là nhầm")
    exchange(one, two)
    assert same(one, two, id_).status == "voided"
    assert matters(two) == ()


def test_a_dossier_that_was_voided_by_one_may_live(pair):
    one, two = pair
    id_ = conflicting(pair, "void and correction")
    let_it_live(two, id_, "dân vẫn cần")
    exchange(one, two)
    alive = same(one, two, id_)
    assert (alive.status, alive.flags, alive.facts.purpose) == ("received", (), "kết hôn")
    with pytest.raises(NothingToSettle):
        let_it_live(one, id_, "dân vẫn cần")


def clash(pair: tuple[Desk, Desk]) -> tuple[Dossier, Dossier]:
    """Two dossiers with one code, as a cloned machine makes them."""
    one, two = pair
    first, other = take_in(one), take_in(two, seed=9)
    body = next(e.body for e in other.history)
    assert isinstance(body, DossierReceived)
    import msgspec

    twin = msgspec.structs.replace(body, code=first.facts.code)
    with two.saving() as saving:
        made = saving.append(b"\x07" * 16, twin)
    assert made is not None
    exchange(one, two)
    return first, made


def test_two_dossiers_with_one_code_are_both_kept_and_one_gets_another(pair):
    one, two = pair
    first, twin = clash(pair)
    code = first.facts.code
    assert {line.id.hex() for line in by_code(one, code)} == {first.id, twin.id}
    [matter] = [m for m in matters(one) if m.name == "code_clash"]
    assert {side.id.hex() for side in matter.sides} == {first.id, twin.id}
    after = give_new_code(two, bytes.fromhex(twin.id), "trùng mã")
    exchange(one, two)
    assert after.facts.code != code and after.former_codes == (code,)
    for desk in pair:
        assert "code_clash" not in {m.name for m in matters(desk)}
        # The paper in somebody's hand bears the old code, and finds both for ever.
        assert {line.id.hex() for line in by_code(desk, code)} == {first.id, twin.id}
        assert the_one(desk, after.facts.code).id == twin.id


def test_one_matter_taken_in_at_two_counters_is_suggested_not_decided(pair):
    one, two = pair
    first, second = take_in(one), take_in(two)
    exchange(one, two)
    for desk in pair:
        [matter] = matters(desk)
        assert matter.name == "alike"
        assert {side.id.hex() for side in matter.sides} == {first.id, second.id}
    link(one, bytes.fromhex(first.id), bytes.fromhex(second.id), "distinct")
    exchange(one, two)
    assert matters(one) == matters(two) == ()
    for made in (first, second):
        assert same(one, two, bytes.fromhex(made.id)).status == "received"


def test_a_notice_about_a_machine_is_read_once(pair):
    from db import engine as engines
    from db.notices import note

    one, _ = pair
    with engines.writing(one.journal.engine) as connection:
        note(connection, "restored", "a" * 16, {"count": 3}, "2026-11-26T09:41:00+07:00")
        note(connection, "restored", "a" * 16, {"count": 3}, "2026-11-26T09:51:00+07:00")
    [matter] = matters(one)
    assert (matter.name, matter.device) == ("restored", "a" * 16)
    noted(one, matter.key)
    assert matters(one) == ()


def test_a_kind_from_tomorrow_is_shown_and_not_touched(pair):
    one, two = pair
    made = take_in(one)
    exchange(one, two)
    from db.entry import Envelope, seal

    device = two.journal.device
    envelope = Envelope(
        1,
        device.id,
        "0" * 16,
        1,
        "",
        two.journal.commune,
        made.id,
        made.heads,
        "dossier.flown",
        1,
        "2026-11-26T09:41:00+07:00",
        "ok",
        "hung",
        {"to": "x"},
    )
    one.journal.accept([seal(envelope, device.sign).line])
    [matter] = matters(one)
    assert matter.name == "unreadable"
    with pytest.raises(correcting.UnreadableDossier):
        correcting.add_note(one, bytes.fromhex(made.id), "thử")


def test_two_receipts_of_one_dossier_are_compared_and_settled(
    pair: tuple[Desk, Desk], form: Callable[..., DossierForm]
) -> None:
    """Sent home once; then both counters take it in, neither knowing of the other."""
    one, two = pair
    asked = form()
    supplements.check(one, asked, "incomplete", [Asked("Tờ khai", "Chưa có")])
    exchange(one, two)
    codes = {receive(desk, asked).facts.code for desk in (one, two)}
    exchange(one, two)
    found = same(one, two, asked.id)
    assert {found.facts.code, *found.former_codes} >= codes
    for code in codes:
        assert the_one(two, code).id == found.id
    [matter] = matters(one)
    assert matter.name == "received_twice"
    [choice] = choices_of(matter)
    choice.job(one, "Đối chiếu hai giấy hẹn")
    exchange(one, two)
    assert same(one, two, asked.id).flags == ()
    assert matters(two) == ()


def test_who_took_it_in_prints_its_receipt_wherever_it_was_looked_at_first(
    pair: tuple[Desk, Desk], form: Callable[..., DossierForm]
) -> None:
    one, two = pair
    asked = form()
    supplements.check(one, asked, "incomplete", [Asked("Tờ khai", "Chưa có")])
    exchange(one, two)
    taken = receive(two, asked)
    exchange(one, two)
    assert [line.code for line in unprinted(two)] == [taken.facts.code]
    assert unprinted(one) == ()
    for desk in pair:
        assert end_of_day(desk).sheet.agrees
