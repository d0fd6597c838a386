"""Everything that can be done with a dossier, through its page, by keys."""

from __future__ import annotations

import dataclasses

import pytest
from PySide6.QtCore import Qt

from desk_app.services import fees, forwarding, results, supplements
from desk_app.services.find import dossier
from desk_app.services.receive import receive
from desk_app.ui.dossier_card import DossierCard
from desk_app.ui.step_forms import FORMS, forms_for


@pytest.fixture
def page(runner) -> DossierCard:
    return DossierCard(runner)


@pytest.fixture
def taken(desk, form):
    return bytes.fromhex(receive(desk, form()).id)


@pytest.fixture
def opened(page, show, settle):
    def begin(id_):
        keys = show(page)
        page.show_dossier(id_)
        page.take_focus()
        settle()
        return keys

    return begin


def choose(keys, page, kind):
    keys.alt(Qt.Key.Key_X)
    rows = page.step_panel.list.rows
    at = next(n for n in range(rows.rowCount()) if rows.entry(n).says.kind == kind)
    if at < 9:
        keys.press(Qt.Key(Qt.Key.Key_1.value + at))
    else:
        page.step_panel._on_chosen(rows.entry(at))
    return page.step_panel


def fill(panel, **values):
    for name, text in values.items():
        field = panel.fields[name]
        if hasattr(field, "setPlainText"):
            field.setPlainText(text)
        elif hasattr(field, "setCurrentText"):
            field.setCurrentText(text)
        elif hasattr(field, "setChecked"):
            field.setChecked(bool(text))
        else:
            field.setText(text)


def do(keys, page, settle, kind, **values):
    panel = choose(keys, page, kind)
    fill(panel, **values)
    keys.press(Qt.Key.Key_F9)
    settle()
    settle()
    assert not panel.isVisible(), panel.error.text()


def test_it_is_forwarded_to_the_department_of_its_field(desk, page, opened, settle, taken):
    keys = opened(taken)
    do(keys, page, settle, "dossier.forwarded")
    assert dossier(desk, taken).life.holder.department == "Tư pháp - Hộ tịch"
    assert "đã chuyển" in page._notice.text()


def test_it_goes_to_the_office_above_or_to_one_no_list_has(desk, page, opened, settle, taken):
    keys = opened(taken)
    above = "Phòng Tư pháp, Ủy ban nhân dân huyện Kiến Thụy"
    until = "16:30 30/11/2026"
    do(keys, page, settle, "dossier.forwarded", department=above, until=until)
    life = dossier(desk, taken).life
    assert (life.holder.department, life.holder.office) == ("Phòng Tư pháp", "H24.314")
    assert life.held_until.startswith("2026-11-30T16:30")
    do(keys, page, settle, "dossier.taken")
    do(keys, page, settle, "dossier.forwarded", elsewhere="Bảo hiểm xã hội Kiến Thụy")
    assert dossier(desk, taken).life.holder.department == "Bảo hiểm xã hội Kiến Thụy"


def test_a_whole_life_by_keys(desk, page, opened, settle, taken, runner, qtbot):
    chief = dataclasses.replace(desk, role="chief")
    runner.replace_desk(chief)
    keys = opened(taken)
    do(keys, page, settle, "dossier.forwarded")
    do(keys, page, settle, "dossier.taken")
    do(keys, page, settle, "opinion.asked", department="Công an xã", about="Xác minh cư trú")
    do(keys, page, settle, "opinion.given", answer="Đúng nơi cư trú")
    do(keys, page, settle, "duty.asked", what="Lệ phí trước bạ", amount="1.200.000")
    do(keys, page, settle, "duty.met", document="CT 01")
    with qtbot.waitSignal(page.slip_wanted, timeout=20_000) as printed:
        do(keys, page, settle, "dossier.extended", due="20/12/2026", reason="Chờ xác minh")
    assert printed.args == [taken, "04"]
    do(keys, page, settle, "result.issued", number="12/XN")
    do(keys, page, settle, "result.arrived", shelf="Ngăn A", slot="3")
    do(keys, page, settle, "fee.taken", number="0001")
    do(keys, page, settle, "citizen.told", text="Mời đến lấy")
    after = dossier(desk, taken)
    assert (after.status, after.life.ready, after.flags) == ("done", (0,), ())
    assert after.life.due_at.startswith("2026-12-20T16:30")
    do(keys, page, settle, "fee.refunded", amount="2.000", reason="Thu thừa")
    do(keys, page, settle, "dossier.archived", box="Hộp 3")
    assert dossier(desk, taken).life.box == "Hộp 3"


@pytest.mark.parametrize(
    ("kind", "values", "said"),
    [
        ("dossier.stopped", {"reason": " "}, "Ghi lý do dừng."),
        ("dossier.refused", {"reason": ""}, "Ghi lý do từ chối."),
        ("dossier.extended", {"due": "mai", "reason": "x"}, "Ngày giờ chưa rõ"),
        ("dossier.extended", {"due": "", "reason": "x"}, "Ngày giờ chưa rõ"),
        ("dossier.extended", {"due": "27/11/2026", "reason": "x"}, "phải sau ngày đã hẹn"),
        ("duty.asked", {"what": "", "amount": "1"}, "Ghi nghĩa vụ tài chính."),
        ("duty.asked", {"what": "Thuế", "amount": "nhiều"}, "Số tiền “nhiều” chưa rõ"),
    ],
)
def test_a_refusal_is_said_there_and_what_was_typed_stays(
    desk, page, opened, settle, taken, kind, values, said
):
    keys = opened(taken)
    panel = choose(keys, page, kind)
    fill(panel, **values)
    keys.press(Qt.Key.Key_F9)
    settle()
    assert said in panel.error.text()
    assert panel.isVisible()
    assert {name: panel.values()[name] for name in values} == values
    assert dossier(desk, taken).status == "received"
    keys.press(Qt.Key.Key_Escape)
    assert panel.list.isVisible()
    keys.press(Qt.Key.Key_Escape)
    assert not panel.isVisible()


def test_only_what_makes_sense_is_offered(desk, form, taken):
    kinds = {f.kind for f in forms_for(desk, dossier(desk, taken))}
    assert "dossier.forwarded" in kinds
    assert "fee.taken" in kinds
    assert not kinds & {"dossier.sentback", "fee.refunded", "post.confirmed", "result.arrived"}
    fees.take_fee(desk, [taken], "cash")
    assert "fee.taken" not in {f.kind for f in forms_for(desk, dossier(desk, taken))}
    officer = dataclasses.replace(desk, role="officer")
    forwarding.forward(desk, [taken])
    kinds = {f.kind for f in forms_for(officer, dossier(desk, taken))}
    assert {"dossier.taken", "dossier.sentback"} <= kinds
    assert "dossier.stopped" not in kinds


def test_every_step_of_the_table_has_its_place_on_a_screen():
    from db.acts import ACTS

    elsewhere = {
        "dossier.checked",
        "supplement.asked",
        "result.returned",
        "result.posted",
        "paper.digitised",
        "steps.settled",
    }
    assert set(FORMS) | elsewhere == set(ACTS)


def test_a_part_of_what_was_asked_leaves_it_waiting(desk, page, opened, settle, taken):
    from db.steps import Asked

    supplements.ask_for_papers(desk, taken, [Asked("Tờ khai", "Thiếu chữ ký")])
    keys = opened(taken)
    do(keys, page, settle, "supplement.brought", complete="")
    assert dossier(desk, taken).status == "supplement"
    do(keys, page, settle, "supplement.brought", complete="yes")
    assert dossier(desk, taken).status == "received"


def test_what_came_back_by_post_lies_here_again(desk, page, opened, settle, taken):
    results.done_at_once(desk, taken)
    fees.take_fee(desk, [taken], "cash")
    results.post(desk, taken, "EA1")
    keys = opened(taken)
    do(keys, page, settle, "post.confirmed", delivered="")
    assert dossier(desk, taken).life.ready == (0,)
