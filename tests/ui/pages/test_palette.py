"""The palette: commands, people, dossiers, as one types; settings by keys alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QWidget
from pytestqt.qtbot import QtBot

from db.dossier import Dossier
from desk_app import settings as settings_file
from desk_app.desk import Desk
from desk_app.rules.people import PersonTyped
from desk_app.services.find import Found
from desk_app.services.people import KnownPerson
from desk_app.ui import theme
from desk_app.ui.keys_help import EVERYWHERE, KeysHelp
from desk_app.ui.look_keeper import LookKeeper
from desk_app.ui.palette import Command, Palette, _Answer, matching
from desk_app.ui.runner import Runner
from desk_app.ui.settings_commands import SettingsCommands
from desk_app.ui.widgets import LineEdit

YEN = PersonTyped(
    name="Đặng Thị Thu Yến", id_number="031187999914", born="1987", sex="Nữ", phone="0987654321"
)


class Did:
    """Remembers which commands were acted on."""

    def __init__(self) -> None:
        self.done: list[str] = []

    def print_again(self) -> None:
        self.done.append("print")

    def lock(self) -> None:
        self.done.append("lock")


@pytest.fixture
def did() -> Did:
    return Did()


@pytest.fixture
def palette(runner: Runner, did: Did, show: Callable[..., Any]) -> Palette:
    """Over a window that holds one field."""
    keys = show(LineEdit("Ô ở dưới"))
    made = Palette(runner, keys.window)
    made.keys = keys
    made.set_commands(
        [
            Command("In lại giấy tiếp nhận vừa rồi", did.print_again, "printer", "F7", "may in"),
            Command("Khoá, đổi cán bộ", did.lock, "lock", "Ctrl+L", "dang xuat"),
        ]
    )
    return made


def shown(palette: Palette) -> list[str]:
    rows = palette.list.rows
    return [rows.entry(row).text for row in range(rows.rowCount())]  # type: ignore[union-attr]


def answered(palette: Palette, qtbot: QtBot) -> None:
    qtbot.waitUntil(lambda: not palette._asking and not palette._is_waiting(), timeout=20_000)


def test_empty_it_lists_the_commands_with_their_keys(palette: Palette) -> None:
    palette.ask()
    assert shown(palette) == ["Lệnh", "In lại giấy tiếp nhận vừa rồi", "Khoá, đổi cán bộ"]
    assert palette.list.rows.entry(1).key == "F7"  # type: ignore[union-attr]
    assert palette.edit.hasFocus()


@pytest.mark.parametrize("typed", ["in lai", "giấy", "may in", "TIEP NHAN"])
def test_commands_are_found_without_marks_by_any_word(typed: str, did: Did) -> None:
    command = Command("In lại giấy tiếp nhận vừa rồi", did.print_again, words="máy in")
    assert matching([command], typed) == [command]
    assert matching([command], "nhan lai xyz") == []


def test_enter_acts_and_esc_gives_the_keys_back(palette: Palette, did: Did, qtbot: QtBot) -> None:
    keys = palette.keys
    field = keys.window.findChild(LineEdit)
    field.setFocus()
    palette.ask()
    keys.type("dang xuat")
    answered(palette, qtbot)
    keys.press(Qt.Key.Key_Return)
    assert did.done == ["lock"]
    assert not palette.isVisible() and field.hasFocus()
    palette.ask()
    keys.press(Qt.Key.Key_Escape)
    assert not palette.isVisible() and field.hasFocus() and did.done == ["lock"]


def test_people_and_dossiers_come_in_groups_the_number_masked(
    palette: Palette, qtbot: QtBot, take_in: Callable[..., list[Dossier]]
) -> None:
    (dossier,) = take_in(1, applicant=YEN)
    palette.ask()
    palette.keys.type("yen dang")
    answered(palette, qtbot)
    assert shown(palette) == ["Người dân", "Đặng Thị Thu Yến", "Hồ sơ", dossier.facts.code]
    assert palette.list.rows.entry(1).more == "031 ••• ••• 914, 1 hồ sơ"  # type: ignore[union-attr]
    said = palette.list.rows.entry(3).more  # type: ignore[union-attr]
    assert said.startswith("Đặng Thị Thu Yến, ") and "hẹn 16:30 " in said
    assert said.endswith("chưa in")


def test_a_phone_number_finds_who_calls_about_their_papers(
    palette: Palette, qtbot: QtBot, take_in: Callable[..., list[Dossier]], listener: Any
) -> None:
    (dossier,) = take_in(1, applicant=YEN)
    palette.dossier_chosen.connect(listener.hear)
    palette.person_chosen.connect(listener.hear)
    palette.ask()
    palette.keys.type("0987654321")
    answered(palette, qtbot)
    palette.keys.press(Qt.Key.Key_Down)
    palette.keys.press(Qt.Key.Key_Return)
    assert [line.code for line in listener.heard] == [dossier.facts.code]


def test_a_person_is_chosen_by_enter(
    palette: Palette, qtbot: QtBot, take_in: Callable[..., list[Dossier]], listener: Any
) -> None:
    take_in(1, applicant=YEN)
    palette.person_chosen.connect(listener.hear)
    palette.ask()
    palette.keys.type("Đặng Yến")
    answered(palette, qtbot)
    palette.keys.press(Qt.Key.Key_Return)
    assert isinstance(listener.heard[0], KnownPerson)
    assert listener.heard[0].person.name == YEN.name


def test_enter_pressed_before_the_answer_acts_on_the_answer(
    palette: Palette, qtbot: QtBot, take_in: Callable[..., list[Dossier]], listener: Any
) -> None:
    take_in(1, applicant=YEN)
    palette.person_chosen.connect(listener.hear)
    palette.ask()
    palette.keys.type("yen")
    palette.keys.press(Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: bool(listener.heard), timeout=20_000)
    assert listener.heard[0].person.name == YEN.name


def test_stale_answers_are_dropped(
    palette: Palette, qtbot: QtBot, desk: Desk, take_in: Callable[..., list[Dossier]]
) -> None:
    take_in(1, applicant=YEN)
    take_in(1, applicant=PersonTyped(name="Lê Văn Bình", id_number="031085999995"))
    palette.ask()
    palette.keys.type("binh")
    answered(palette, qtbot)
    assert "Lê Văn Bình" in shown(palette)
    old = palette._answer
    assert old is not None
    palette.edit.setText("yen")
    late = _Answer(old.question, old.found, old.now)
    palette._on_found(late)
    assert palette._answer is not late
    answered(palette, qtbot)
    assert "Đặng Thị Thu Yến" in shown(palette)
    assert "Lê Văn Bình" not in shown(palette)


def test_letters_typed_during_an_answer_make_one_more_question_not_many(
    palette: Palette, qtbot: QtBot, runner: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    send = palette._send

    def counted() -> None:
        asked.append(palette.edit.text())
        send()

    monkeypatch.setattr(palette, "_send", counted)
    palette.ask()
    palette.keys.type("nguyen")
    answered(palette, qtbot)
    assert len(asked) <= 6 and asked[-1] == "nguyen"


def test_nothing_found_says_what_else_to_try(palette: Palette, qtbot: QtBot) -> None:
    palette.ask()
    palette.keys.type("xyzzy")
    answered(palette, qtbot)
    assert shown(palette) == []
    assert palette._none.isVisible()
    assert palette._none.accessibleName() == (
        "Không thấy “xyzzy”. Thử số định danh, số điện thoại, hoặc bớt chữ."
    )


def test_up_and_down_pass_over_the_titles_and_stop_at_the_ends(
    palette: Palette, qtbot: QtBot, take_in: Callable[..., list[Dossier]]
) -> None:
    take_in(1, applicant=YEN)
    palette.ask()
    palette.keys.type("yen")
    answered(palette, qtbot)
    chosen = []
    for key in (Qt.Key.Key_Up, Qt.Key.Key_Down, Qt.Key.Key_Down):
        palette.keys.press(key)
        chosen.append(palette.list.currentIndex().row())
    assert chosen == [1, 3, 3]


def test_keys_of_the_window_beneath_do_nothing_meanwhile(palette: Palette, listener: Any) -> None:
    from PySide6.QtGui import QKeySequence, QShortcut

    key = QShortcut(QKeySequence("Ctrl+L"), palette.keys.window)
    key.activated.connect(lambda: listener.hear("locked"))
    palette.keys.ctrl(Qt.Key.Key_L)
    palette.ask()
    palette.keys.ctrl(Qt.Key.Key_L)
    assert listener.heard == ["locked"]


@pytest.fixture
def settings(runner: Runner, look: theme.Look, palette: Palette) -> SettingsCommands:
    LookKeeper(runner, look, palette)
    made = SettingsCommands(runner, look, palette)
    palette.set_commands(made.commands())
    return made


def choose(palette: Palette, typed: str, qtbot: QtBot) -> None:
    palette.keys.type(typed)
    answered(palette, qtbot)
    palette.keys.press(Qt.Key.Key_Return)


def test_theme_and_text_size_are_set_and_saved(
    palette: Palette,
    settings: SettingsCommands,
    settle: Callable[[], None],
    desk: Desk,
    qtbot: QtBot,
) -> None:
    palette.ask()
    choose(palette, "tuong phan", qtbot)
    assert theme.theme_now() == "contrast"
    palette.set_commands(settings.commands())
    palette.ask()
    choose(palette, "co chu", qtbot)
    assert palette.isVisible() and shown(palette)[0] == "Cỡ chữ"
    palette.keys.type("120")
    palette.keys.press(Qt.Key.Key_Return)
    settle()
    saved = settings_file.load(desk.data)
    assert (saved.theme, saved.text_percent) == ("contrast", 120)


def test_the_text_size_is_kept_whichever_way_it_was_changed(
    settings: SettingsCommands, look: theme.Look, settle: Callable[[], None], desk: Desk
) -> None:
    look.larger()
    look.larger()
    settle()
    assert settings_file.load(desk.data).text_percent == 120


def test_paper_and_printer_are_set_and_saved(
    palette: Palette,
    settings: SettingsCommands,
    settle: Callable[[], None],
    runner: Runner,
    desk: Desk,
    qtbot: QtBot,
) -> None:
    settings.set_printers(["HP LaserJet 1020", "Canon LBP 2900"])
    palette.ask()
    choose(palette, "a4 hai lien", qtbot)
    settle()
    palette.ask()
    choose(palette, "chon may in", qtbot)
    assert shown(palette) == [
        "Máy in giấy tiếp nhận",
        "Máy in mặc định của máy",
        "HP LaserJet 1020",
        "Canon LBP 2900",
    ]
    choose(palette, "canon", qtbot)
    settle()
    saved = settings_file.load(desk.data)
    assert (saved.paper, saved.printer) == ("A4x2", "Canon LBP 2900")
    assert runner.desk.settings == saved
    taken = [c.text for c in settings.commands() if c.taken]
    assert taken == ["Giao diện sáng", "Khổ giấy A4, hai liên trên một tờ"]


def test_saving_settings_does_not_send_the_clerk_away(
    settings: SettingsCommands, settle: Callable[[], None], runner: Runner, desk: Desk
) -> None:
    with desk.reading() as connection:
        hung = desk.published(connection).clerk("hung")
    assert hung is not None
    settings._save({"paper": "A4"})
    runner.replace_desk(desk.as_clerk(hung))
    settle()
    assert (runner.desk.clerk.login, runner.desk.settings.paper) == ("hung", "A4")


def test_f1_shows_the_keys_of_the_screen_beside_those_of_all(show: Callable[..., Any]) -> None:
    field = LineEdit("Ô ở dưới")
    keys = show(field)
    field.setFocus()
    help_ = KeysHelp(keys.window)
    help_.show_keys("Hồ sơ", [("F7", "in lại giấy")])
    assert help_._here.accessibleName() == "F7: in lại giấy"
    assert "Ctrl+L: khoá màn hình" in help_._table.accessibleName()
    assert len({keys_ for keys_, _ in EVERYWHERE}) == len(EVERYWHERE)
    keys.press(Qt.Key.Key_F1)
    assert not help_.isVisible() and field.hasFocus()


def test_an_overlay_follows_the_size_of_its_window(palette: Palette, qtbot: QtBot) -> None:
    palette.ask()
    window: QWidget = palette.keys.window
    window.resize(1000, 500)
    qtbot.waitUntil(lambda: palette.size() == window.size(), timeout=20_000)
    assert palette.panel.geometry().right() < 1000
    assert palette.panel.geometry().bottom() < 500


def test_an_answer_that_comes_after_closing_opens_nothing(
    palette: Palette, settle: Callable[[], None]
) -> None:
    palette.ask()
    palette.keys.type("yen")
    palette.keys.press(Qt.Key.Key_Escape)
    settle()
    assert not palette.isVisible()
    palette._on_found(_Answer(palette._question, Found((), ()), palette._runner.desk.now()))
    assert not palette.isVisible()
