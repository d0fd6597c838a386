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
    window.open_id(id_)
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
