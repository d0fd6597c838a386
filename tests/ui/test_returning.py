"""F4, one scan, F9: the whole window, real keys, and the budget of keys."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt

from desk_app.services import results
from desk_app.services.demo import required
from desk_app.services.find import dossier
from desk_app.services.receive import receive


def papers_of(desk, procedure):
    with desk.reading() as connection:
        return required(desk.published(connection).procedure(procedure, desk.now().date()).says)


@pytest.fixture
def shelved(desk, form):
    got = receive(desk, form())
    id_ = bytes.fromhex(got.id)
    results.issue(desk, id_, "12/XN-UBND")
    results.put_on_shelf(desk, id_, "Tủ 2, ngăn B", "bìa 14")
    return id_, got.facts.code


def looked_at(window, name):
    """Leaves a picture when somebody wants to look at it."""
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


def test_one_scan_and_one_key_return_a_result(desk, window, keys, shelved):
    id_, code = shelved
    keys.press(Qt.Key.Key_F4)
    page = window.screens.returns
    keys.until(lambda: page.list.rows.rowCount() == 1)
    keys.until(lambda: window.bar.returns.count == 1)
    looked_at(window, "return-empty")
    keys.scan(code).until(lambda: page.found is not None)
    looked_at(window, "return")
    keys.press(Qt.Key.Key_F9).until(lambda: page.last is not None)
    looked_at(window, "return-done")
    assert dossier(desk, id_).status == "returned"
    keys.until(lambda: window.bar.returns.count == 0)
    keys.ctrl(Qt.Key.Key_Z).until(lambda: page.last is None)
    assert dossier(desk, id_).status == "done"


def test_a_card_scanned_there_lists_that_persons_dossiers(window, keys, shelved):
    keys.press(Qt.Key.Key_F4)
    page = window.screens.returns
    keys.scan(keys.ANH.replace(keys.ANH[:12], "031187999912")).until(lambda: page.found is not None)
    assert page.card.where.text() == "Tủ 2, ngăn B, bìa 14"


def test_the_dossier_in_sight_is_opened_by_the_key(desk, window, keys, shelved):
    id_, _ = shelved
    window.ways.open_id(id_)
    keys.until(lambda: window.screens.card.opened is not None)
    keys.press(Qt.Key.Key_F4)
    page = window.screens.returns
    keys.until(lambda: page.found is not None)
    keys.press(Qt.Key.Key_2)
    assert page.collector.way() == "authorised"
    looked_at(window, "return-authorised")
    keys.press(Qt.Key.Key_Escape).press(Qt.Key.Key_Escape)
    assert window.receiving.isVisible()


def test_the_signing_slip_is_printed(desk, window, keys, shelved):
    id_, code = shelved
    keys.press(Qt.Key.Key_F4)
    page = window.screens.returns
    keys.scan(code).until(lambda: page.found is not None)
    keys.press(Qt.Key.Key_F9).until(lambda: page.last is not None)
    keys.press(Qt.Key.Key_F7)
    keys.until(lambda: any(p.form == "return" for p in dossier(desk, id_).prints))


def test_a_receipt_scanned_anywhere_opens_the_return_when_its_result_lies_here(
    desk, form, window, keys, shelved
):
    id_, code = shelved
    keys.scan(code)
    page = window.screens.open_return()
    keys.until(lambda: page.found is not None)
    assert page.isVisible()
    looked_at(window, "return-scanned")
    keys.press(Qt.Key.Key_F9).until(lambda: page.last is not None)
    assert dossier(desk, id_).status == "returned"
    later = receive(desk, form())
    keys.press(Qt.Key.Key_F8).scan(later.facts.code)
    keys.until(lambda: window.screens.card is not None and window.screens.card.isVisible())


def test_the_list_of_calls_opens_those_who_have_not_come(window, keys, clock, desk, shelved):
    clock.forward(days=desk.office.uncollected_days + 1)
    keys.press(Qt.Key.Key_F4)
    page = window.screens.returns
    keys.until(lambda: page.list.rows.rowCount() == 1)
    looked_at(window, "return-late")
    keys.alt(Qt.Key.Key_L)
    listed = window.screens.dossiers
    keys.until(lambda: listed.rows.rowCount() == 1)
    assert listed.lists.chips["uncollected"].isChecked()
    keys.until(lambda: listed.detail._phone.value.text() == "0912 345 678")


def test_several_results_and_another_dossier(desk, form, window, keys, shelved):
    got = receive(desk, form(procedure="2.000986", papers=papers_of(desk, "2.000986")))
    for place in range(3):
        results.issue(desk, bytes.fromhex(got.id), f"{place}", place)
        results.put_on_shelf(desk, bytes.fromhex(got.id), "Tủ 1", f"bìa {place}", place)
    keys.scan(got.facts.code)
    page = window.screens.open_return()
    keys.until(lambda: page.found is not None)
    keys.alt(Qt.Key.Key_1)
    looked_at(window, "return-several")
    assert "trả 2 hồ sơ" in page.main_button.text()
    keys.press(Qt.Key.Key_F9).until(lambda: page.last is not None)
    assert {d.status for d in page.last.dossiers} == {"returned"}
    assert "2 hồ sơ" in page.undo_bar.accessibleName()
