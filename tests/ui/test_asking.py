"""F6: one complete request with the keyboard, and the citizen who comes back."""

from __future__ import annotations

import os

import pytest
from PySide6.QtCore import Qt

from db.steps import Asked
from desk_app.rules.people import PersonTyped
from desk_app.services import supplements
from desk_app.services.dossiers import page as listed
from desk_app.services.find import dossier
from desk_app.services.receive import receive
from desk_app.ui.ask_jobs import form_again


def looked_at(window, name):
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


@pytest.fixture
def at_the_desk(window, keys):
    """Somebody with a procedure chosen and no paper ticked."""
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return)
    keys.until(lambda: bool(window.receiving.form.procedure))
    return window.receiving.form


def test_sent_home_from_the_intake_with_what_is_missing_and_back_again(
    desk, window, keys, at_the_desk
):
    form_id = at_the_desk.id
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.subject is not None)
    assert [row.paper for row in page.rows if row.tick.isChecked()] == [
        row.name for row in at_the_desk.missing()
    ]
    keys.until(page.rows[0].tick.hasFocus)
    keys.press(Qt.Key.Key_2)
    looked_at(window, "ask")
    assert "bản photo chưa chứng thực" in page._preview.text().lower()
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: bool(listed(desk, "waiting")))
    found = dossier(desk, bytes.fromhex(form_id))
    assert found.status == "checked"
    keys.until(lambda: any(p.form == "02" for p in dossier(desk, bytes.fromhex(form_id)).prints))
    assert window.receiving.form.empty
    keys.until(lambda: page.list.rows.rowCount() == 1)
    looked_at(window, "ask-waiting")
    keys.press(Qt.Key.Key_F9)  # once too often
    assert not window.receiving.isVisible()
    keys.press(Qt.Key.Key_F6)
    keys.press(Qt.Key.Key_F9)
    keys.until(window.receiving.isVisible)
    assert window.receiving.form.id == form_id
    assert window.receiving.form.applicant.name == found.facts.applicant.name
    assert window.receiving.form.procedure == "1.004873"


def test_escape_goes_back_with_everything_kept(window, keys, at_the_desk):
    keys.press(Qt.Key.Key_F6)
    keys.until(lambda: window.screens.asks.subject is not None)
    keys.press(Qt.Key.Key_Escape)
    assert window.receiving.isVisible()
    assert window.receiving.form is at_the_desk


def test_a_refusal_at_the_desk_needs_its_reason(desk, window, keys, at_the_desk):
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.subject is not None)
    keys.alt(Qt.Key.Key_T)
    assert "từ chối" in page.main_button.text()
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: bool(page.error.text()))
    assert page.error.text() == "Ghi lý do."
    assert page.note.hasFocus()
    keys.type("Khong thuoc tham quyen")
    keys.press(Qt.Key.Key_F6)
    assert page.note.toPlainText() == "Khong thuoc tham quyen"
    looked_at(window, "ask-refused")
    keys.press(Qt.Key.Key_F9)
    id_ = bytes.fromhex(at_the_desk.id)
    keys.until(lambda: page.subject is None)
    assert dossier(desk, id_).status == "turned_away"


def test_a_ticked_paper_without_a_reason_is_asked_for(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    window.open_id(id_)
    keys.until(lambda: window.screens.card.opened is not None)
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.subject is not None)
    assert not any(row.tick.isChecked() for row in page.rows)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: "Chưa tích giấy nào" in page.error.text())
    page.rows[0].tick.setChecked(True)
    page.main_action()
    keys.until(lambda: "Chọn lý do cho" in page.error.text())
    page.rows[0].choose(len(page.rows[0].chips))
    page.rows[0].other.setText("Thiếu trang 2")
    page.until.set_text("hôm qua")
    page.main_action()
    keys.until(lambda: "Ngày giờ chưa rõ" in page.error.text())
    page.until.set_text("24/12/2026")
    page.main_action()
    keys.until(lambda: dossier(desk, id_).status == "supplement")
    asked = dossier(desk, id_).life.requests[0]
    assert (asked.asked[0].reason, asked.until) == ("Thiếu trang 2", "2026-12-24")


def test_who_brought_everything_is_promised_anew_by_one_key(desk, form, clock, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    supplements.ask_for_papers(desk, id_, [Asked("Tờ khai", "Thiếu chữ ký")])
    clock.forward(days=1)
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.list.rows.rowCount() == 1)
    keys.until(lambda: window.bar.asks.count == 1)
    keys.alt(Qt.Key.Key_P)
    keys.until(lambda: "còn thiếu giấy" in page._done.text())
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: "đã đủ giấy" in page._done.text())
    assert dossier(desk, id_).status == "received"
    assert "16:30" in page._done.text()
    keys.until(lambda: page._empty.isVisible())


def test_a_second_f9_after_a_save_brings_nobody_back(desk, form, window, keys):
    waits, asked = (bytes.fromhex(receive(desk, form()).id) for _ in range(2))
    supplements.ask_for_papers(desk, waits, [Asked("Tờ khai", "Thiếu chữ ký")])
    window.open_id(asked)
    keys.until(lambda: window.screens.card.opened is not None)
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.subject is not None)
    page.rows[0].choose(1)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: page.list.rows.rowCount() == 2)
    keys.press(Qt.Key.Key_F9)
    keys.press(Qt.Key.Key_F8)
    keys.until(lambda: window.screens.dossiers.rows.rowCount() == 2)
    assert [dossier(desk, i).status for i in (waits, asked)] == ["supplement"] * 2


def test_escape_from_a_dossiers_request_goes_back_to_the_dossier(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    window.open_id(id_)
    keys.until(lambda: window.screens.card.opened is not None)
    keys.press(Qt.Key.Key_F6)
    keys.until(lambda: window.screens.asks.subject is not None)
    keys.press(Qt.Key.Key_Escape)
    keys.until(window.screens.card.isVisible)


def test_who_handed_in_for_another_is_still_there_when_they_come_back(desk, form):
    submitter = PersonTyped(name="Vũ Văn Sơn", id_number="031085999991", born="05/03/1985")
    about = supplements.check(
        desk, form(papers=(), submitter=submitter), "incomplete", [Asked("Tờ khai", "Chưa có")]
    )
    again = form_again(about)
    assert again.submitter is not None
    assert (again.submitter.name, again.id) == ("Vũ Văn Sơn", about.id)
