"""The frame: first paint, screens, keys that work everywhere, the status line."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from desk_app.devices.printing import PrintDesk
from desk_app.devices.wedge import Wedge
from desk_app.services.receive import receive
from desk_app.ui.day_strip import MOST, cells
from desk_app.ui.main_window import MainWindow
from desk_app.ui.runner import Runner
from desk_app.ui.top_bar import short_office

FIRST_PAINT = """
import sys
from datetime import datetime
from PySide6.QtCore import QTimer
from desk_app.devices.printing import PrintDesk
from desk_app.devices.wedge import Wedge
from desk_app.ui.main_window import MainWindow
from desk_app.ui.runner import Runner
from desk_app.ui.top_bar import short_office
from desk_app.ui.theme import Look, application

app = application("x")
look = Look(app, "light", 100)
window = MainWindow(Runner(), Runner(), PrintDesk(), Wedge(app), look, datetime.now)
window._empty.painted.disconnect()
window._empty.painted.connect(app.quit)
window.resize(1366, 768)
window.show()
app.exec()
heavy = ("sqlalchemy", "sqlcipher3", "msgspec", "reportlab", "pypdfium2", "cryptography", "argon2")
print(" ".join(name for name in heavy if name in sys.modules) or "none")
window.complete()
print(" ".join(name for name in heavy if name in sys.modules) or "none", flush=True)
sys.stdout.flush()
import os
os._exit(0)
"""


def test_the_first_paint_and_the_page_after_it_need_no_database_and_no_pdf_library():
    done = subprocess.run(
        [sys.executable, "-c", FIRST_PAINT],
        capture_output=True,
        text=True,
        timeout=120,
        cwd=Path(__file__).parents[2],
        env=os.environ | {"PYTHONUTF8": "1"},
    )
    assert done.stdout.split() == ["none", "none"], done.stderr


def test_what_is_typed_before_the_page_is_made_is_not_lost(qtbot, qapp, look, key_clock, desk):
    runner, drawing, printing = Runner(desk), Runner(), PrintDesk()
    wedge = Wedge(qapp, clock=key_clock)
    window = MainWindow(runner, drawing, printing, wedge, look, desk.now)
    window._empty.painted.disconnect()
    window.show()
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    assert window._empty.scan_box.edit.hasFocus()
    for letter in "anh":
        QTest.keyClick(window.windowHandle(), letter)
    window.complete()
    assert window.receiving.scan_box.text() == "anh"
    assert window.receiving.scan_box.edit.hasFocus()
    window.close()
    for each in (runner, drawing, printing):
        each.close()
    for each in (window, wedge):
        each.deleteLater()
    qapp.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


def test_the_keys_go_to_the_scan_box_when_the_window_opens(window):
    assert window.receiving.scan_box.edit.hasFocus()


def test_screens_that_do_not_exist_yet_have_no_tab(window):
    shown = [window.bar.receive.text(), window.bar.dossiers.text()]
    assert shown == ["Tiếp nhận", "Hồ sơ"]
    assert window.bar.receive.isChecked()


def test_f8_and_f2_go_to_the_list_and_back(window, keys):
    keys.press(Qt.Key.Key_F8)
    assert window.stack.currentWidget() is window.screens.dossiers
    assert window.bar.dossiers.isChecked()
    keys.press(Qt.Key.Key_F2)
    assert window.receiving.isVisible()
    assert window.receiving.scan_box.edit.hasFocus()


def test_f2_keeps_the_open_form(window, keys):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.press(Qt.Key.Key_F8).press(Qt.Key.Key_F2)
    assert window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh"


@pytest.mark.parametrize("opens", ["F3", "Ctrl+K"])
def test_the_palette_opens_over_any_screen_and_esc_gives_the_keys_back(window, keys, opens):
    if opens == "F3":
        keys.press(Qt.Key.Key_F3)
    else:
        keys.ctrl(Qt.Key.Key_K)
    assert window.screens.covered
    keys.press(Qt.Key.Key_Escape)
    assert not window.screens.covered
    assert window.receiving.scan_box.edit.hasFocus()


def test_a_person_chosen_in_the_palette_opens_the_intake(window, keys, desk, form):
    receive(desk, form())
    keys.press(Qt.Key.Key_F8).press(Qt.Key.Key_F3).type("ngoc anh")
    keys.qtbot.wait(400)
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: window.receiving.form.applicant.name == "Nguyễn Thị Ngọc Ánh")
    assert window.receiving.isVisible()


def test_f1_shows_the_keys_of_the_screen_in_sight(window, keys):
    keys.press(Qt.Key.Key_F1)
    assert window.screens.covered
    keys.press(Qt.Key.Key_F1)
    assert not window.screens.covered


def test_global_keys_do_nothing_while_something_lies_over_the_page(window, keys):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F3)
    keys.press(Qt.Key.Key_F9)
    keys.qtbot.wait(200)
    assert window.receiving.form.procedure == "1.004873"
    assert not window.receiving.person._done


def test_locking_keeps_what_was_typed(window, keys, desk):
    from desk_app.services.drafts import drafts

    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.type("xnhn").press(Qt.Key.Key_Return)
    keys.ctrl(Qt.Key.Key_L).until(lambda: window.screens.covered)
    keys.until(lambda: [d.form["procedure"] for d in drafts(desk)] == ["1.004873"])


def test_text_grows_shrinks_and_goes_back(window, keys, look):
    keys.ctrl(Qt.Key.Key_Plus).ctrl(Qt.Key.Key_Equal)
    assert look.percent == 120
    keys.ctrl(Qt.Key.Key_Minus)
    assert look.percent == 110
    keys.ctrl(Qt.Key.Key_0)
    assert look.percent == 100


def test_f11_fills_the_screen_and_gives_it_back(window, keys):
    keys.press(Qt.Key.Key_F11).until(window.isFullScreen)
    keys.press(Qt.Key.Key_F11).until(lambda: not window.isFullScreen())


def test_the_bar_says_whose_desk_it_is_and_who_works_there(window):
    assert window.bar.name.text == "Một cửa Tú Sơn"
    assert window.bar.clerk.text() == "Trần Thị Mai"
    assert "quầy 2" in window.windowTitle()


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("UBND xã Tú Sơn", "Tú Sơn"),
        ("Ủy ban nhân dân phường An Biên", "An Biên"),
        ("Sở Tư pháp", "Sở Tư pháp"),
    ],
)
def test_an_office_is_called_by_its_place(name, short):
    assert short_office(name) == short


def test_the_status_line_says_what_exists_once_only_and_what_has_no_paper(
    window, keys, desk, form, qtbot
):
    keys.until(lambda: window.status.copies.text == "Mọi hồ sơ đã in và có bản thứ hai")
    receive(desk, form())
    window.refresh()
    keys.until(lambda: "1 hồ sơ chỉ có một bản" in window.status.copies.text)
    assert "Chưa in giấy 1 hồ sơ" in window.status.copies.text
    assert window.bar.dossiers.count == 1


def test_a_sentence_steps_aside_for_what_stands(window, qtbot):
    window.status._said.setInterval(50)
    window.status.say("Đã lưu")
    assert window.status.copies.text == "Đã lưu"
    qtbot.waitUntil(lambda: window.status.copies.text == "Mọi hồ sơ đã in và có bản thứ hai")


def test_the_status_line_shows_the_draft_the_scanner_and_the_printer(window, keys):
    keys.scan(keys.ANH).until(window.receiving.procedure.search.hasFocus)
    keys.until(lambda: window.status.draft.text == "Nháp tự lưu 09:41:00")
    assert window.status.scanner.text == "Máy quét: tốt"
    keys.type("xnhn").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    keys.until(lambda: window.status.printer.text == "Máy in: tốt")
    keys.until(lambda: window.status.draft.text == "Chưa có gì để lưu")
    assert window.status.counter.text == "Quầy 2, 09:41"


def test_nothing_is_said_about_sending(window):
    words = " ".join(
        item.text for item in (window.status.copies, window.status.draft, window.status.disk)
    )
    assert "gửi" not in words and "mạng" not in words


def test_the_scanner_page_shows_a_scan_and_takes_no_dossier_in(window, keys):
    window.screens.test_scanner()
    keys.scan(keys.HAI)
    keys.qtbot.wait(200)
    assert window.stack.currentWidget() is window.screens.scanner
    assert window.receiving.form.empty


def test_the_strip_shows_every_day_up_to_nine_and_the_ends_of_a_longer_way(desk):
    from desk_app.services.procedures import catalogue
    from desk_app.services.promise import promise

    procedures = catalogue(desk)
    short = cells(promise(desk, procedures.by_code("1.004873"), desk.now()).steps)
    assert [cell.label for cell in short[:6]] == ["nay", "+1", "nghỉ", "nghỉ", "+2", "trả"]
    assert len(short) == MOST
    longest = max(
        (p for p in procedures.procedures if p.limit.unit == "working_days"),
        key=lambda p: p.limit.halves,
    )
    long = cells(promise(desk, longest, desk.now()).steps)
    assert len(long) == MOST
    assert long[4].day is None and long[4].label.endswith(" ngày")
    assert long[-1].result


def test_same_day_is_one_cell_that_says_today(desk):
    from desk_app.services.procedures import catalogue
    from desk_app.services.promise import promise

    steps = promise(desk, catalogue(desk).by_code("2.000815"), desk.now()).steps
    first = cells(steps)[0]
    assert (first.label, first.result) == ("nay", True)
    assert cells(steps)[1].day == first.day + timedelta(days=1)


def test_pasting_a_cards_text_into_the_box_is_as_good_as_a_scan(window, keys):
    QGuiApplication.clipboard().setText(keys.HAI)
    keys.ctrl(Qt.Key.Key_V).press(Qt.Key.Key_Return)
    keys.until(lambda: window.receiving.form.applicant.name == "Phạm Thị Thử Hai")
