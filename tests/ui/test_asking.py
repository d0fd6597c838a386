"""F6: one complete request with the keyboard, and the citizen who comes back."""

from __future__ import annotations

import os
from datetime import timedelta

import pytest
from PySide6.QtCore import Qt

from db.steps import Asked
from desk_app.rules.people import PersonTyped
from desk_app.services import extending, results, supplements
from desk_app.services.dossiers import page as listed
from desk_app.services.fees import take_fee
from desk_app.services.find import dossier
from desk_app.services.receive import receive
from desk_app.services.results import held_originals
from desk_app.ui.waiting_jobs import form_again


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
    keys.until(lambda: page.rows[0].choice().reason == 2)
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
    page.until.set_text("hôm qua")  # out of sight, and of no account to a refusal
    page.note.setFocus()
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
    window.ways.open_id(id_)
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
    assert "Đủ giấy hôm nay thì hẹn 16:30" in page.list.current().more
    looked_at(window, "ask-waiting-one")
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: "đã đủ giấy" in page._done.text())
    assert dossier(desk, id_).status == "received"
    assert "16:30" in page._done.text()
    assert "Tờ khai" in held_originals(dossier(desk, id_))
    keys.until(lambda: page._empty.isVisible())


def test_a_second_f9_after_a_save_brings_nobody_back(desk, form, window, keys):
    waits, asked = (bytes.fromhex(receive(desk, form()).id) for _ in range(2))
    supplements.ask_for_papers(desk, waits, [Asked("Tờ khai", "Thiếu chữ ký")])
    window.ways.open_id(asked)
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
    window.ways.open_id(id_)
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


def test_papers_brought_one_by_one_and_the_last_completes_it(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    wanted = [Asked("Tờ khai", "Thiếu chữ ký"), Asked("Giấy chứng sinh", "Chưa có")]
    supplements.ask_for_papers(desk, id_, wanted)
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.list.rows.rowCount() == 1)
    keys.alt(Qt.Key.Key_P)
    keys.until(page.brought.isVisible)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: "Chưa tích giấy nào" in page.brought.error.text())
    keys.press(Qt.Key.Key_Space)
    looked_at(window, "ask-brought")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: "còn thiếu giấy" in page._done.text())
    about = dossier(desk, id_)
    assert about.status == "supplement"
    assert [a.paper for a in about.life.requests[0].outstanding] == ["Giấy chứng sinh"]
    keys.until(lambda: page.list.current() is not None)
    keys.until(lambda: "Tờ khai" not in page.list.current().more)
    keys.alt(Qt.Key.Key_P)
    keys.until(page.brought.isVisible)
    assert [row.tick.isChecked() for row in page.brought.papers.rows if row.isVisible()] == [False]
    keys.press(Qt.Key.Key_Space).press(Qt.Key.Key_F9)
    keys.until(lambda: "đã đủ giấy" in page._done.text())
    about = dossier(desk, id_)
    assert about.status == "received"
    assert "Giấy chứng sinh" in held_originals(about)


def asked_about(window, keys, id_):
    window.ways.open_id(id_)
    keys.until(lambda: window.screens.card.opened is not None)
    keys.until(lambda: window.screens.card.opened.line.id == id_)
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.subject is not None and page.subject.id == id_)
    return page


def test_an_apology_with_a_new_day_counted_in_working_days(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    page = asked_about(window, keys, id_)
    keys.alt(Qt.Key.Key_H)
    assert page.note.hasFocus()
    assert not page.override.isVisible()
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: page.error.text() == "Ghi lý do chậm.")
    keys.type("Cho xac minh")
    page.due.setFocus()
    page.due.line().selectAll()
    keys.type("7").press(Qt.Key.Key_Tab)
    assert page.due.text() == "07/12/2026"
    assert page.due._reads.text() == "Thứ Hai, 7 ngày làm việc nữa"
    looked_at(window, "ask-extended")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, id_).life.extensions == 1)
    assert dossier(desk, id_).life.due_at == "2026-12-07T16:30:00+07:00"
    keys.until(lambda: any(p.form == "04" for p in dossier(desk, id_).prints))


def test_a_second_apology_wants_a_reason_of_its_own(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    later = desk.now() + timedelta(days=11)
    extending.extend(desk, id_, later, "Chờ xác minh", "Xã")
    page = asked_about(window, keys, id_)
    keys.alt(Qt.Key.Key_H)
    assert "Đã hẹn lại 1 lần" in page._warning.text()
    assert page.due.text() == "14/12/2026"  # five working days after the promise of the 7th
    keys.type("Cho nua")
    page.due.set_text("24/12/2026")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: "Đã hẹn lại 1 lần" in page.error.text())
    assert page.override.field.hasFocus()
    keys.type("Don vi yeu cau")
    looked_at(window, "ask-extended-again")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, id_).life.extensions == 2)


def test_a_stop_says_what_is_to_be_paid_back(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    take_fee(desk, [id_], "cash")
    page = asked_about(window, keys, id_)
    keys.alt(Qt.Key.Key_D)
    assert "Hoàn lại cho dân" in page._warning.text()
    keys.type("Khong con nhu cau")
    looked_at(window, "ask-stopped")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, id_).status == "stopped")
    keys.until(lambda: any(p.form == "05" for p in dossier(desk, id_).prints))


def test_a_refusal_names_its_law(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    page = asked_about(window, keys, id_)
    keys.alt(Qt.Key.Key_T)
    keys.type("Khong du dieu kien")
    page.basis.setFocus()
    keys.type("Dieu 5")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, id_).status == "refused")
    [step] = [e.body for e in dossier(desk, id_).history if e.kind == "dossier.refused"]
    assert (step.reason, step.basis) == ("Khong du dieu kien", "Dieu 5")


def test_only_what_the_table_allows_is_offered(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    results.done_at_once(desk, id_)
    page = asked_about(window, keys, id_)
    page.rows[0].tick.setFocus()
    keys.press(Qt.Key.Key_3).press(Qt.Key.Key_F9)
    keys.until(lambda: "Hồ sơ đang ở “Đã có kết quả”" in page.error.text())
    assert "Có thể:" in page.error.text()


def test_a_scan_turns_to_that_dossier_and_what_was_typed_stays_with_the_other(
    desk, form, window, keys
):
    first, second = (receive(desk, form()) for _ in range(2))
    page = asked_about(window, keys, bytes.fromhex(first.id))
    page.rows[0].choose(3)
    page.note.setPlainText("Mang theo bản chính")
    keys.scan(second.facts.code)
    keys.until(lambda: page.subject.code == second.facts.code)
    assert page.note.toPlainText() == ""
    assert not page.rows[0].tick.isChecked()
    keys.scan(first.facts.code)
    keys.until(lambda: page.subject.code == first.facts.code)
    assert page.note.toPlainText() == "Mang theo bản chính"
    assert page.rows[0].choice() == (True, 3, "")


def test_f6_on_the_list_asks_about_the_chosen_dossier(desk, form, window, keys):
    receive(desk, form())
    keys.press(Qt.Key.Key_F8)
    listed_ = window.screens.dossiers
    keys.until(lambda: bool(listed_.chosen))
    keys.press(Qt.Key.Key_F6)
    page = window.screens.asks
    keys.until(lambda: page.subject is not None)
    assert page.subject.id == listed_.chosen


def test_f6_on_who_is_waited_for_goes_to_the_line_that_resumes_it(desk, form, window, keys):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(2)]
    for id_ in ids:
        supplements.ask_for_papers(desk, id_, [Asked("Tờ khai", "Thiếu chữ ký")])
    page = window.screens.open_asks()

    def chosen():
        return page.list.current() and page.list.current().says.line.id

    for id_ in ids:
        window.ways.open_id(id_)
        keys.until(lambda: window.screens.card.opened is not None)
        keys.until(lambda id_=id_: window.screens.card.opened.line.id == id_)
        keys.press(Qt.Key.Key_F6)
        keys.until(lambda id_=id_: chosen() == id_)


def test_a_supplement_of_two_papers_takes_seven_keys_at_most(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    window.ways.open_id(id_)
    keys.until(lambda: window.screens.card is not None and window.screens.card.opened is not None)
    begun = keys.count
    keys.press(Qt.Key.Key_F6)
    page = window.screens.open_asks()
    keys.until(lambda: page.subject is not None)
    keys.until(page.rows[0].tick.hasFocus)
    keys.press(Qt.Key.Key_2)
    keys.until(lambda: page.rows[0].choice().reason == 2)
    keys.press(Qt.Key.Key_Down).press(Qt.Key.Key_1)
    keys.until(lambda: page.rows[1].choice().reason == 1)
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: dossier(desk, id_).status == "supplement")
    assert keys.count - begun <= 7
