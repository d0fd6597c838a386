"""Bad input, typed and pasted into the form: each its sentence, nothing lost, nothing crashed."""

from __future__ import annotations

import unicodedata

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication

from db import engine as engines
from desk_app.services.dossiers import page
from desk_app.services.find import dossier
from desk_app.services.receive import receive


@pytest.fixture
def page_(window):
    return window.receiving


@pytest.fixture
def typed(page_, keys):
    """Types or pastes into a field of the person and leaves it; gives back the field."""

    def into(name, text):
        if page_.person.mode != "edit":
            keys.ctrl(Qt.Key.Key_N).until(lambda: page_.person.mode == "edit")
        field = page_.person.edit.fields[name]
        field.line().setFocus()
        QGuiApplication.clipboard().setText(text)
        keys.ctrl(Qt.Key.Key_V).press(Qt.Key.Key_Tab)
        return field

    return into


def said(field):
    return field.error.text or field.field.accessibleDescription()


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("name", "123456", "Họ tên không có chữ số. Gõ lại theo giấy tờ."),
        ("id_number", "03119099999", "Số định danh gồm 12 số, đang có 11."),
        ("id_number", "0311909999921", "Số định danh gồm 12 số, đang có 13."),
        ("phone", "912345", "Số điện thoại gồm 10 số, bắt đầu bằng 0, ví dụ 0912 345 678."),
        ("born", "31/02/1990", "Tháng 02/1990 chỉ có 28 ngày."),
        ("born", "29/02/2023", "Tháng 02/2023 chỉ có 28 ngày."),
        ("born", "01/01/2030", "Ngày 01/01/2030 ở sau hôm nay. Gõ lại theo giấy tờ."),
    ],
)
def test_what_cannot_be_is_red_and_the_text_stays(typed, name, text, sentence):
    field = typed(name, text)
    assert field.error.text == sentence
    assert field.field.property("bad") is True
    assert field.text() == text


@pytest.mark.parametrize(
    ("name", "text", "part"),
    [
        ("name", "A", "một chữ"),
        ("id_number", "031999991", "CMND"),
        ("born", "010285", "01/02/1985"),
        ("born", "1987", "1987"),
        ("email", "ở nhà", "Thư điện tử"),
    ],
)
def test_what_is_odd_is_amber_and_allowed(typed, name, text, part):
    field = typed(name, text)
    assert part in said(field)
    assert field.error.text == ""
    assert field.field.property("doubt") is True


@pytest.mark.parametrize(
    ("name", "text", "better"),
    [
        ("name", "NGUYỄN VĂN AN", "Nguyễn Văn An"),
        ("name", "NguyÔn V¨n An", "Nguyễn Văn An"),
        ("id_number", "O31190999992", "031 190 999 992"),
    ],
)
def test_the_better_text_is_offered_and_taken_with_one_press(typed, keys, name, text, better):
    field = typed(name, text)
    assert better in field._offer.text()
    keys.alt(Qt.Key.Key_C).until(lambda: field.text() in (better, better.replace(" ", "")))
    assert said(field) == ""


def test_a_number_that_contradicts_the_birth_year_is_a_warning_to_confirm(typed, page_, keys, desk):
    typed("name", "Nguyễn Văn Thử")
    typed("id_number", "031085999991")
    typed("born", "05/03/1990")
    page_.person.edit.check()
    number = page_.person.edit.fields["id_number"]
    assert "không khớp năm sinh 1990" in said(number)
    keys.press(Qt.Key.Key_F9).until(page_.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    keys.until(page_.summary.isVisible)
    assert page_.summary.title_line.text() == "Xem lại 1 điều trước khi lưu"
    keys.press(Qt.Key.Key_Space).until(lambda: len(page(desk, "today")) == 1)
    assert dossier(desk, page(desk, "today")[0].id).facts.confirmed == ("id_number_birth",)


def test_a_child_alone_is_asked_about_even_when_a_card_says_so(page_, keys):
    keys.scan("031218999998||Phạm Minh Mới|01062018|Nam|Thôn 4, Kiến Minh|20092024||||")
    keys.until(page_.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    keys.until(page_.summary.isVisible)
    assert "mới 8 tuổi" in page_.summary.things[0].sentence


@pytest.mark.parametrize(
    ("pasted", "saved"),
    [
        ("  Nguyễn\u00a0Văn\u200b  Thử ", "Nguyễn Văn Thử"),
        (unicodedata.normalize("NFD", "Nguyễn Văn Thử"), "Nguyễn Văn Thử"),
        ("Nguyễn Văn Thử\u202e", "Nguyễn Văn Thử"),
        ("<script>x</script> Thử", "<script>x</script> Thử"),
        ("=HYPERLINK(a) Thử", "=HYPERLINK(a) Thử"),
    ],
    ids=["blanks", "NFD", "direction marks", "markup", "formula"],
)
def test_what_is_pasted_is_cleaned_and_kept_as_plain_text(typed, page_, keys, desk, pasted, saved):
    typed("name", pasted)
    keys.press(Qt.Key.Key_F9).until(page_.procedure.search.hasFocus)
    assert page_.person.view.name.text() == saved
    keys.type("ctck").press(Qt.Key.Key_Return).type("+").press(Qt.Key.Key_F9)
    keys.until(lambda: page_.form.empty or page_.summary.isVisible())
    if page_.summary.isVisible():
        keys.press(Qt.Key.Key_Space)
    keys.until(lambda: len(page(desk, "today")) == 1)
    assert page(desk, "today")[0].name == saved


def test_ten_megabytes_in_the_note_leave_what_was_there(page_, keys, window):
    keys.scan(keys.ANH).until(page_.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return).alt(Qt.Key.Key_G).type("Goi truoc")
    QGuiApplication.clipboard().setText("a" * 10_000_000)
    keys.ctrl(Qt.Key.Key_V)
    note = page_.procedure.answers.note
    assert note.text() == "Goi truoc"
    assert note.error.text.startswith("Tối đa 4.000 ký tự, đang có 10.000.000.")


def test_wild_cards_are_searched_literally(page_, keys, desk, form):
    receive(desk, form())
    page_.scan_box.setFocus()
    keys.type("%_*\"' OR 1")
    keys.qtbot.wait(300)
    assert page_.person.mode == "invite"
    page_.procedure.search.setFocus()
    keys.type("%_*'")
    assert page_.procedure.list.rows.procedures == []
    assert page_.procedure.hint.text().startswith("Không có thủ tục nào khớp")


def test_a_full_disk_says_so_keeps_the_screen_and_saves_when_there_is_room(page_, keys, desk, form):
    keys.scan(keys.HAI).until(page_.procedure.search.hasFocus)
    keys.type("ctck").press(Qt.Key.Key_Return).type("+")
    keys.qtbot.wait(600)
    limit_pages(desk, 1)
    with pytest.raises(engines.DiskFull):
        for _ in range(200):
            receive(desk, form())
    before = len(page(desk, "today"))
    keys.press(Qt.Key.Key_F9).until(page_.summary.isVisible)
    assert page_.summary.things[0].sentence.startswith("Ổ đĩa đầy, chưa lưu. Giữ nguyên màn hình")
    assert page_.form.applicant.name == "Phạm Thị Thử Hai"
    assert len(page(desk, "today")) == before
    limit_pages(desk, 1_000_000)
    keys.press(Qt.Key.Key_F9).until(lambda: len(page(desk, "today")) == before + 1)


def limit_pages(desk, most):
    """On every connection at rest; fewer pages than there are means: not one more."""
    engine = desk.journal.engine
    resting = [engine.connect() for _ in range(engine.pool.checkedin())]
    for connection in resting:
        connection.exec_driver_sql(f"PRAGMA max_page_count={most}")
        connection.close()
