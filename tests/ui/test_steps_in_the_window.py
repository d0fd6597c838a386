"""Steps through the whole window: what was saved is printed, lists and counts follow."""

from __future__ import annotations

import os

from PySide6.QtCore import Qt

from desk_app.services.find import dossier
from desk_app.services.receive import receive


def looked_at(window, name):
    folder = os.environ.get("PICTURES")
    if folder:
        window.grab().save(f"{folder}/{name}.png")


def test_stopping_a_dossier_prints_its_notice(desk, form, window, keys):
    id_ = bytes.fromhex(receive(desk, form()).id)
    window.ways.open_id(id_)
    card = window.screens.card
    keys.until(lambda: card.opened is not None)
    keys.alt(Qt.Key.Key_X)
    looked_at(window, "steps")
    rows = card.step_panel.list.rows
    at = next(n for n in range(9) if rows.entry(n).says.kind == "dossier.stopped")
    keys.press(Qt.Key(Qt.Key.Key_1.value + at))
    keys.type("Cong dan rut ho so")
    looked_at(window, "steps-form")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: any(p.form == "05" for p in dossier(desk, id_).prints))
    assert dossier(desk, id_).status == "stopped"
    keys.until(lambda: "Đã dừng" in card._person._state.text)
    looked_at(window, "steps-done")
    keys.press(Qt.Key.Key_F8)
    keys.until(lambda: window.screens.dossiers.rows.rowCount() == 1)
    looked_at(window, "steps-list")


def test_the_whole_list_goes_to_the_departments_with_its_papers_by_one_key(
    desk, form, clock, window, keys
):
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(3)]
    keys.press(Qt.Key.Key_F8)
    page = window.screens.dossiers
    keys.alt(Qt.Key.Key_6)
    keys.until(lambda: page.rows.rowCount() == 3 and page.list_actions.forward_button.isVisible())
    looked_at(window, "to-forward")
    keys.press(Qt.Key.Key_F9)
    keys.until(lambda: all(dossier(desk, i).status == "forwarded" for i in ids))
    keys.until(lambda: all(dossier(desk, i).prints[-1:] for i in ids))
    assert {dossier(desk, i).prints[-1].form for i in ids} == {"handover"}
    keys.until(lambda: page.rows.rowCount() == 0)


def test_a_list_goes_to_excel(desk, form, window, keys, monkeypatch, tmp_path):
    from desk_app.ui import list_actions

    monkeypatch.setattr(
        list_actions.QStandardPaths, "writableLocation", staticmethod(lambda _: str(tmp_path))
    )
    receive(desk, form())
    keys.press(Qt.Key.Key_F8)
    page = window.screens.dossiers
    keys.until(lambda: page.rows.rowCount() == 1)
    keys.ctrl(Qt.Key.Key_E)
    keys.until(lambda: len(list(tmp_path.glob("*.xlsx"))) == 1)


def test_the_loads_are_in_the_palette_and_lead_to_the_dossiers(desk, form, window, keys):
    from desk_app.services import forwarding

    id_ = bytes.fromhex(receive(desk, form()).id)
    forwarding.forward(desk, [id_])
    keys.press(Qt.Key.Key_F3)
    keys.type("tai viec tre")
    palette = window.screens._palette
    keys.until(lambda: getattr(palette.list.current(), "text", "") == "Bàn xử lý")
    keys.press(Qt.Key.Key_Return)
    page = window.screens.open_work()
    keys.until(lambda: page.holders.rows.rowCount() == 2)
    looked_at(window, "loads")
    assert page.holders.rows.entry(0).more == "1 hồ sơ"
    assert page.list.current().says.line.id == id_


def test_a_step_is_taken_back_by_ctrl_z_on_the_dossiers_page(desk, form, clock, window, keys):
    from desk_app.services import supplements

    id_ = bytes.fromhex(receive(desk, form()).id)
    supplements.stop(desk, id_, "Công dân rút hồ sơ")
    window.ways.open_id(id_)
    card = window.screens.card
    keys.until(lambda: card.opened is not None)
    keys.ctrl(Qt.Key.Key_Z)
    keys.until(lambda: dossier(desk, id_).status == "received")
    keys.until(lambda: "hoàn tác" in card._notice.text())
    clock.forward(days=1)
    keys.ctrl(Qt.Key.Key_Z)
    keys.until(lambda: "không hoàn tác được" in card._notice.text())


def test_results_are_signed_for_and_the_list_is_printed_again_by_keys(
    desk, form, clock, window, keys
):
    import dataclasses

    from desk_app.services import forwarding, results

    chief = dataclasses.replace(desk, role="chief")
    ids = [bytes.fromhex(receive(desk, form()).id) for _ in range(2)]
    forwarding.forward(desk, ids)
    for id_ in ids:
        forwarding.take_over(chief, id_)
        results.issue(chief, id_, "12/XN")
        results.put_on_shelf(desk, id_, "Ngăn A")
    keys.press(Qt.Key.Key_F8)
    page = window.screens.dossiers
    keys.until(lambda: page.rows.rowCount() == 2)
    keys.ctrl(Qt.Key.Key_P)  # on another list: nothing
    keys.alt(Qt.Key.Key_9)
    keys.until(lambda: page.list_actions.results_button.isVisible())
    looked_at(window, "results-arrived")
    keys.ctrl(Qt.Key.Key_P)
    keys.until(lambda: all(dossier(desk, i).prints for i in ids))
    assert [p.form for i in ids for p in dossier(desk, i).prints] == ["results"] * 2
    assert "Đang in 1 phiếu bàn giao, 2 kết quả." in window.status.copies.text
    keys.ctrl(Qt.Key.Key_P)
    keys.until(lambda: "đều đã có phiếu" in window.status.copies.text)
    window.ways.open_id(ids[1])
    keys.until(lambda: window.screens.card.opened is not None)
    keys.alt(Qt.Key.Key_L)
    keys.until(lambda: len(dossier(desk, ids[0]).prints) == 2)
    assert dossier(desk, ids[0]).prints[-1].nth == 2
    looked_at(window, "results-card")


def test_a_ticket_goes_to_its_own_printer_as_bytes(desk, form, window, keys, monkeypatch):
    import msgspec

    id_ = bytes.fromhex(receive(desk, form()).id)
    asked: list[tuple[str, str, str]] = []
    request = window.printing._printing.request

    def note(job, path, printer, size):
        asked.append((path.suffix, printer, size))
        request(job, path, printer, size)

    monkeypatch.setattr(window.printing._printing, "request", note)
    window.ways.open_id(id_)
    keys.until(lambda: window.screens.card.opened is not None)
    keys.alt(Qt.Key.Key_V)
    keys.until(lambda: len(dossier(desk, id_).prints) == 1)
    runner = window._runner
    runner.take_settings(msgspec.structs.replace(desk.settings, ticket_printer="POS-80"))
    keys.alt(Qt.Key.Key_V)
    keys.until(lambda: len(dossier(desk, id_).prints) == 2)
    assert asked == [(".pdf", "", "A5"), (".bin", "POS-80", "raw")]
    assert dossier(desk, id_).prints[-1].printer == "POS-80"


def test_the_ticket_printer_is_chosen_from_the_palette(desk, window, keys, data):
    from desk_app.devices.spooler import Printer
    from desk_app.settings import load

    window.screens.know_printers((Printer("POS-80", True),))
    keys.ctrl(Qt.Key.Key_K)
    keys.type("may in nhiet").until(lambda: not window.screens._palette._is_waiting())
    keys.press(Qt.Key.Key_Return)
    palette = window.screens._palette
    keys.until(lambda: palette.edit.placeholderText() == "Máy in phiếu nhỏ")
    looked_at(window, "ticket-printer")
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: load(data).ticket_printer == "POS-80")
