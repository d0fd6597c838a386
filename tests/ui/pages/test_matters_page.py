"""Contradictions settled through the screen, with the keyboard alone."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from two_counters import exchange, take_in

from db.notices import note
from desk_app.messages import SENTENCES
from desk_app.services import correct as correcting
from desk_app.services.attention import matters
from desk_app.services.find import dossier
from desk_app.services.settle import give_new_code
from desk_app.ui.matter_words import TITLES, choices_of, side_text, title_of
from desk_app.ui.matters_page import MattersPage
from desk_app.ui.runner import Runner


@pytest.fixture
def desk(pair):
    """The page's counter is one of the two."""
    return pair[0]


@pytest.fixture
def page(runner: Runner) -> MattersPage:
    return MattersPage(runner)


def at_once(pair, first, second, seed=3):
    """The same dossier at two counters, acted on by both; its id."""
    one, two = pair
    id_ = bytes.fromhex(take_in(one, seed).id)
    exchange(one, two)
    first(one, id_)
    second(two, id_)
    exchange(one, two)
    return id_


def corrected(purpose):
    return lambda d, i: correcting.correct(d, i, {"purpose": purpose}, f"vì {purpose}")


def voided(d, i):
    correcting.void(d, i, "người dân rút")


@pytest.fixture
def opened(page, show, settle):
    def begin():
        keys = show(page)
        page.take_focus()
        settle()
        return keys

    return begin


def test_nothing_to_settle_is_said(page, opened):
    opened()
    assert page._none.isVisible() and not page._filled.isVisible()


def test_both_sides_are_shown_and_one_is_kept_with_a_reason(page, pair, opened, settle, qtbot):
    id_ = at_once(pair, corrected("vay vốn"), corrected("kết hôn"))
    keys = opened()
    assert page._title.text() == "Hai quầy sửa mục đích khác nhau"
    shown = [card._what.text() for card in page.sides if card.isVisible()]
    assert sorted(shown) == [
        "Mục đích: kết hôn\nLý do: vì kết hôn",
        "Mục đích: vay vốn\nLý do: vì vay vốn",
    ]
    who = [card._who.text() for card in page.sides if card.isVisible()]
    assert all("quầy 2" in w or "quầy 3" in w for w in who) and len(set(who)) == 2
    wanted = page.sides[1]._what.text().splitlines()[0].removeprefix("Mục đích: ")

    keys.alt(Qt.Key.Key_2)
    settle()
    assert page.reason.error.text and page.edit.hasFocus()
    assert matters(pair[0])

    keys.type("hỏi lại người dân")
    with qtbot.waitSignal(page.settled, timeout=20_000):
        keys.alt(Qt.Key.Key_2)
    settle()
    assert dossier(pair[0], id_).facts.purpose == wanted
    assert matters(pair[0]) == () and page._none.isVisible()
    exchange(*pair)
    assert matters(pair[1]) == () and dossier(pair[1], id_).facts.purpose == wanted


def test_a_void_beside_a_correction_is_the_chiefs(page, pair, runner, opened, settle, qtbot):
    id_ = at_once(pair, voided, corrected("kết hôn"))
    with pair[0].reading() as connection:
        mai = next(c for c in pair[0].published(connection).clerks if c.login == "mai")
    runner.replace_desk(pair[0].as_clerk(mai))
    keys = opened()
    assert page._chief.isVisible()
    page.edit.setPlainText("đã hỏi")
    keys.alt(Qt.Key.Key_1)
    settle()
    assert page.reason.error.text == SENTENCES["OnlyTheChief"]
    assert page.edit.toPlainText() == "đã hỏi"
    runner.replace_desk(pair[0])
    with qtbot.waitSignal(page.settled, timeout=20_000):
        keys.alt(Qt.Key.Key_1)
    settle()
    assert dossier(pair[0], id_).status == "voided" and page._none.isVisible()


def test_what_somebody_settled_meanwhile_is_refused_and_the_reason_stays(
    page, pair, opened, settle
):
    id_ = at_once(pair, corrected("vay vốn"), corrected("kết hôn"))
    keys = opened()
    correcting.correct(pair[1], id_, {"purpose": "du học"}, "bà Lan nói")
    exchange(*pair)
    page.edit.setPlainText("theo giấy")
    keys.alt(Qt.Key.Key_1)
    settle()
    assert "đã xử lý lúc" in page.reason.error.text
    assert page.edit.toPlainText() == "theo giấy"


def test_dossiers_that_look_alike_are_told_apart_without_a_reason(
    page, pair, opened, settle, qtbot
):
    one, two = pair
    take_in(one, 9), take_in(two, 9)
    exchange(one, two)
    keys = opened()
    assert page._title.text() == TITLES["alike"].title
    with qtbot.waitSignal(page.settled, timeout=20_000):
        keys.alt(Qt.Key.Key_2)
    settle()
    assert matters(one) == ()


def test_news_of_a_machine_is_read_and_gone(page, pair, opened, settle, qtbot):
    from db import engine as engines

    with engines.writing(pair[0].journal.engine) as connection:
        note(connection, "went_back", "S", {"day": "2026-11-26"}, "2026-11-26T09:00:00+07:00")
    keys = opened()
    assert page._title.text() == TITLES["went_back"].title and not page.reason.isVisible()
    with qtbot.waitSignal(page.settled, timeout=20_000):
        keys.alt(Qt.Key.Key_1)
    settle()
    assert page._none.isVisible()


def test_enter_opens_the_dossier_and_escape_leaves(page, pair, opened, listener):
    id_ = at_once(pair, corrected("vay vốn"), corrected("kết hôn"))
    page.open_wanted.connect(listener.hear)
    page.left.connect(listener.hear)
    keys = opened()
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Escape)
    assert listener.heard == [id_, None]


def test_every_matter_has_words_and_what_can_be_decided(pair):
    at_once(pair, lambda d, i: give_new_code(d, i, "trùng"), lambda d, i: give_new_code(d, i, "x"))
    at_once(pair, corrected("vay vốn"), corrected("kết hôn"), seed=5)
    at_once(pair, voided, corrected("kết hôn"), seed=7)
    found = matters(pair[0])
    assert {m.name for m in found} == {"recode_conflict", "field_conflict", "void_conflict"}
    for matter in found:
        assert title_of(matter) and 1 <= len(choices_of(matter)) <= 2
        assert all(side_text(matter, side) for side in matter.sides)


def test_what_is_typed_stays_while_a_round_brings_news(page, pair, opened, settle):
    at_once(pair, corrected("vay vốn"), corrected("kết hôn"))
    opened()
    page.edit.setPlainText("đang gõ")
    take_in(pair[0], 20)
    page.refresh()
    settle()
    assert page.edit.toPlainText() == "đang gõ"
