"""Lists of what was given over together: dossiers to a department, results to the counter."""

from __future__ import annotations

import dataclasses

import pytest

from db.steps import Place
from desk_app.messages import sentence_for
from desk_app.papers.forms import NothingToPrint
from desk_app.services import forwarding, results
from desk_app.services.find import UnknownDossier, dossier
from desk_app.services.forwarding import Handover
from desk_app.services.handovers import (
    NoNewResults,
    list_of,
    of_handover,
    results_of_today,
    write_given,
)
from desk_app.services.receipts import paper_printed
from desk_app.services.receive import receive
from desk_app.services.results import Collecting, hand_over
from desk_app.services.steps import undo_step
from tests.papers.conftest import codes_of, pictures, text_of

LAW = "Tư pháp - Hộ tịch"


@pytest.fixture
def ids(desk, form):
    return [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]


@pytest.fixture
def chief(desk):
    return dataclasses.replace(desk, role="chief")


def printed(desk, given):
    written = write_given(desk, given)
    paper_printed(desk, written, "clerk")
    return written, " ".join(text_of(written.path.read_bytes()))


def arrived(desk, chief, ids):
    forwarding.forward(desk, ids)
    for number, id_ in enumerate(ids):
        forwarding.take_over(chief, id_)
        results.issue(chief, id_, f"{number}/XN-UBND")
        results.put_on_shelf(desk, id_, "Ngăn A")


def test_a_list_is_noted_with_every_dossier_on_it_and_reprinted_from_any(desk, ids):
    (given,) = forwarding.forward(desk, ids)
    first, said = printed(desk, of_handover(desk, given))
    assert [dossier(desk, id_).prints[-1].form for id_ in ids] == ["handover"] * 3
    for nth, id_ in enumerate(ids, start=2):
        again, more = printed(desk, list_of(desk, id_))
        assert (again.nth, again.code) == (nth, first.code)
        assert more.replace(f"BẢN IN LẦN {nth} ", "") == said
    with pytest.raises(NothingToPrint):
        of_handover(desk, Handover("", given.to, ()))


def test_what_was_taken_back_of_a_list_is_called_so_on_its_reprint(desk, ids):
    (given,) = forwarding.forward(desk, ids)
    printed(desk, of_handover(desk, given))
    undo_step(desk, ids[1])
    _, said = printed(desk, list_of(desk, ids[0]))
    assert "ĐÃ HỦY" in said
    assert "2 hồ sơ" in said
    with pytest.raises(NothingToPrint) as refused:
        list_of(desk, ids[1])
    assert "phiếu bàn giao" in sentence_for(refused.value)


def test_what_went_by_post_bears_its_own_item(desk, ids):
    (given,) = forwarding.forward(desk, ids[:1], Place("Phòng Tư pháp", "H24.314"), post_item="RN7")
    _, said = printed(desk, of_handover(desk, given))
    assert "QUA DỊCH VỤ BƯU CHÍNH" in said
    assert "RN7" in said


def test_results_that_came_today_are_signed_for_once(desk, chief, ids):
    with pytest.raises(NoNewResults) as refused:
        results_of_today(desk)
    assert "Alt+L" in sentence_for(refused.value)
    arrived(desk, chief, ids[:2])
    (given,) = results_of_today(desk)
    written, said = printed(desk, given)
    assert (written.form, written.nth, len(written.beside)) == ("results", 1, 1)
    assert "PHIẾU BÀN GIAO KẾT QUẢ GIẢI QUYẾT THỦ TỤC HÀNH CHÍNH" in said
    assert f"Bên giao: {LAW}" in said
    assert "số 0/XN-UBND" in said
    assert "số 1/XN-UBND" in said
    assert codes_of(pictures(written.path.read_bytes(), 203)[0])["Code 128"] == [written.code]
    with pytest.raises(NoNewResults):
        results_of_today(desk)
    arrived(desk, chief, ids[2:])
    (later,) = results_of_today(desk)
    assert [g.dossier.id for g in later.lines] == [ids[2].hex()]


def test_a_result_that_was_fetched_before_the_list_was_printed_is_on_it(desk, chief, ids):
    arrived(desk, chief, ids[:2])
    hand_over(desk, ids[:1], Collecting(pay="cash"))
    (given,) = results_of_today(desk)
    assert [g.dossier.id for g in given.lines] == [id_.hex() for id_ in ids[:2]]


def test_a_list_of_results_is_reprinted_as_it_was_from_any_line_of_it(desk, chief, ids):
    arrived(desk, chief, ids)
    (given,) = results_of_today(desk)
    first, said = printed(desk, given)
    hand_over(desk, ids[:1], Collecting(pay="cash"))
    for nth, id_ in enumerate(ids, start=2):
        again, more = printed(desk, list_of(desk, id_))
        assert (again.form, again.nth, again.code) == ("results", nth, first.code)
        assert more.replace(f"BẢN IN LẦN {nth} ", "") == said
    by_entry = list_of(desk, ids[1], first.beside[0][1])
    assert by_entry.entries == given.entries


def test_a_result_made_at_the_counter_is_handed_over_by_nobody(desk, chief, ids):
    results.done_at_once(chief, ids[0], "9/XN")
    with pytest.raises(NoNewResults):
        results_of_today(desk)
    with pytest.raises(NothingToPrint):
        list_of(desk, ids[0])


def test_yesterdays_results_are_on_yesterdays_list(desk, chief, clock, ids):
    arrived(desk, chief, ids)
    clock.forward(days=1)
    with pytest.raises(NoNewResults):
        results_of_today(desk)
    assert len(list_of(desk, ids[0]).lines) == 1


def test_an_unknown_dossier_is_on_no_list(desk):
    with pytest.raises(UnknownDossier):
        list_of(desk, bytes(16))
