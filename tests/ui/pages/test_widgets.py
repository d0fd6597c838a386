"""The vocabulary of the pages: names, keys, sizes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from desk_app.ui import theme
from desk_app.ui.theme import Look
from desk_app.ui.widgets import (
    Badge,
    BarTab,
    Button,
    CheckBox,
    Chip,
    ErrorLine,
    ErrorSummary,
    FlowRow,
    KeyHints,
    LabelledField,
    Notice,
    RadioButton,
    ScanBox,
    Segmented,
    UndoBar,
)

ANSWERS = (("cash", "Tiền mặt"), ("transfer", "Chuyển khoản"), ("exempt", "Miễn"))


def page_of(*parts: QWidget) -> QWidget:
    page = QWidget()
    column = QVBoxLayout(page)
    for part in parts:
        column.addWidget(part)
    return page


def test_a_button_says_its_words_and_its_key_and_is_as_wide_as_both(look: Look) -> None:
    button = Button("&Yêu cầu bổ sung", "plain", "F6", "message-report")
    assert button.accessibleName() == "Yêu cầu bổ sung"
    assert button.accessibleDescription() == "Phím F6"
    longer = Button("&Yêu cầu bổ sung", "plain", "Ctrl+Enter", "message-report")
    assert longer.sizeHint().width() > button.sizeHint().width()
    assert button.sizeHint().height() >= 24


def test_every_target_is_24_pixels_or_more(look: Look) -> None:
    look.resize(90)
    kinds = ("main", "plain", "link", "toast", "summary")
    targets: list[QWidget] = [Button("A", kind) for kind in kinds]  # type: ignore[arg-type]
    targets += [CheckBox("A"), RadioButton("A"), Chip("A"), BarTab("A", "F2", "home")]
    answers, field = Segmented("A", ANSWERS), LabelledField("A")
    targets += [*answers.buttons(), field.field, ScanBox("A", "B")]
    assert all(target.sizeHint().height() >= 24 for target in targets)


def test_arrow_keys_move_in_a_segmented_choice_and_say_so(
    show: Callable[..., Any], listener: Any
) -> None:
    fee = Segmented("Cách nộp", ANSWERS)
    fee.chosen.connect(listener.hear)
    keys = show(page_of(fee))
    fee.setFocus()
    keys.press(Qt.Key.Key_Right)
    assert fee.value() == "transfer" and listener.heard == ["transfer"]
    keys.press(Qt.Key.Key_Right)
    keys.press(Qt.Key.Key_Left)
    assert fee.value() == "transfer"
    assert next(b.accessibleName() for b in fee.buttons()) == "Cách nộp: Tiền mặt"


def test_an_answer_taken_by_the_program_is_not_said(listener: Any, look: Look) -> None:
    fee = Segmented("Cách nộp", ANSWERS)
    fee.chosen.connect(listener.hear)
    fee.take("exempt")
    assert fee.value() == "exempt" and listener.heard == []


def test_an_error_stands_under_its_field_and_is_read_with_it(show: Callable[..., Any]) -> None:
    phone = LabelledField("Số &điện thoại")
    show(page_of(phone))
    assert not phone.error.isVisible()
    phone.set_error("Số điện thoại gồm 10 số, bắt đầu bằng 0")
    assert phone.error.isVisible()
    assert phone.error.y() > phone.field.y()
    assert phone.field.accessibleName() == "Số điện thoại"
    assert phone.field.accessibleDescription() == "Số điện thoại gồm 10 số, bắt đầu bằng 0"
    assert phone.field.property("bad") is True
    phone.set_error("")
    assert not phone.error.isVisible() and phone.field.property("bad") is False


def test_a_long_error_wraps_instead_of_being_cut(show: Callable[..., Any]) -> None:
    phone = LabelledField("Số điện thoại")
    phone.setFixedWidth(160)
    show(page_of(phone))
    phone.set_error("Số điện thoại gồm 10 số, bắt đầu bằng 0, ví dụ 0912 345 678.")
    QApplication.processEvents()
    assert phone.error.height() >= phone.error.heightForWidth(160)
    assert phone.error.heightForWidth(160) > phone.error.heightForWidth(600)


def test_the_summary_takes_the_focus_and_enter_goes_to_the_first(
    show: Callable[..., Any], listener: Any
) -> None:
    summary = ErrorSummary()
    summary.wanted.connect(listener.hear)
    keys = show(page_of(summary, LabelledField("A")))
    assert not summary.isVisible()
    summary.show_errors(
        "Chưa lưu được, còn 2 việc",
        [("papers.1", "Nhận “Giấy tờ tùy thân”."), ("applicant.phone", "Gồm 10 số.")],
    )
    assert "Nhận “Giấy tờ tùy thân”." in summary.accessibleName()
    keys.press(Qt.Key.Key_Return)
    keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)
    assert listener.heard == ["papers.1", "applicant.phone"]
    summary.show_errors("", [])
    assert not summary.isVisible()


def test_a_row_that_flows_goes_on_in_the_next_line_and_cuts_nothing(look: Look) -> None:
    holder = QWidget()
    row = FlowRow(gap=6)
    holder.setLayout(row)
    chips = [Chip("Đến hạn hôm nay", "7") for _ in range(6)]
    for chip in chips:
        row.addWidget(chip)
        chip.show()
    row.setGeometry(QRect(0, 0, 400, row.heightForWidth(400)))
    assert all(chip.width() >= chip.sizeHint().width() for chip in chips)
    assert all(chip.geometry().right() <= 400 for chip in chips)
    assert len({chip.y() for chip in chips}) == 3


def test_a_hint_that_does_not_fit_steps_aside_whole(look: Look) -> None:
    hints = KeyHints([("F7", "in lại giấy"), ("Ctrl+C", "chép mã")])
    assert hints.accessibleName() == "F7 in lại giấy, Ctrl+C chép mã"
    hints.resize(hints.sizeHint())
    whole = hints.grab().toImage()
    hints.resize(hints.sizeHint().width() - 20, hints.height())
    narrow = hints.grab().toImage()
    background = narrow.pixelColor(narrow.width() - 1, 0)
    right_half = range(narrow.width() // 2 + 10, narrow.width())
    assert all(narrow.pixelColor(x, 12) == background for x in right_half)
    assert any(whole.pixelColor(x, 12) != background for x in right_half)


def test_enter_in_the_scan_box_hands_over_what_stands_in_it(
    show: Callable[..., Any], listener: Any
) -> None:
    box = ScanBox("Ô quét", "Quét thẻ, hoặc gõ tên, số")
    box.submitted.connect(listener.hear)
    keys = show(page_of(box))
    box.setFocus()
    keys.type("Ánh 031")
    keys.press(Qt.Key.Key_Return)
    assert listener.heard == ["Ánh 031"]
    assert box.edit.width() > 200 and box.edit.geometry().right() < box.width()


def test_a_notice_and_an_undo_bar_hide_when_they_have_nothing_to_say(
    show: Callable[..., Any], listener: Any
) -> None:
    notice, host = Notice("Chưa có bản thứ hai."), QWidget()
    bar = UndoBar(host)
    bar.wanted.connect(listener.hear)
    show(page_of(notice, host))
    bar.say("Đã trả kết quả cho ông Lộc")
    assert notice.isVisible() and bar.isVisible()
    assert bar.accessibleName() == "Đã trả kết quả cho ông Lộc"
    notice.say("")
    bar.say("")
    assert not notice.isVisible() and not bar.isVisible()


def test_widgets_grow_with_the_text_size(look: Look) -> None:
    parts: list[QWidget] = [Button("Lưu", "main", "F9"), CheckBox("Nộp thay"), Chip("Hôm nay", "3")]
    before = [part.sizeHint() for part in parts]
    look.resize(150)
    for part, hint in zip(parts, before, strict=True):
        assert part.sizeHint().width() > hint.width()
        assert part.sizeHint().height() > hint.height()
    assert theme.px(44) == 66


def test_a_click_anywhere_on_a_choice_takes_it(show: Callable[..., Any]) -> None:
    chip = Chip("Quá hạn", "2")
    show(page_of(chip))
    assert chip.hitButton(QPoint(chip.width() - 2, chip.height() - 2))


def test_what_appears_away_from_the_focus_is_announced(
    show: Callable[..., Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[str] = []
    monkeypatch.setattr(
        QAccessible, "updateAccessibility", lambda event: said.append(event.message())
    )
    notice, phone, summary = Notice("Cũ"), LabelledField("Số điện thoại"), ErrorSummary()
    show(page_of(notice, phone, summary))
    notice.say("Đã đính chính, vẫn mã cũ.")
    phone.set_error("Gồm 10 số.")
    summary.show_errors("Chưa lưu được, còn 1 việc", [("phone", "Gồm 10 số.")])
    notice.say("")
    assert said == [
        "Đã đính chính, vẫn mã cũ.",
        "Gồm 10 số.",
        "Chưa lưu được, còn 1 việc. Gồm 10 số.",
    ]


def test_a_part_made_before_it_has_a_place_opens_no_window_of_its_own(
    show: Callable[..., Any],
) -> None:
    notice, badge, line = Notice("Chưa có bản thứ hai."), Badge("Chưa in", "warn"), ErrorLine()
    line.say("Ghi lý do.")
    assert not any(part.isVisible() for part in (notice, badge, line))
    notice.say("")
    notice.say("Đã có bản thứ hai.")
    show(page_of(notice, badge, line))
    assert all(part.isVisible() for part in (notice, badge, line))


def test_alt_and_the_marked_letter_act_at_once(show: Callable[..., Any], listener: Any) -> None:
    button, tick = Button("&Sửa", "link", "Alt+S"), CheckBox("&Nộp thay")
    button.clicked.connect(listener.hear)
    keys = show(page_of(button, tick))
    keys.alt(Qt.Key.Key_S)
    keys.alt(Qt.Key.Key_N)
    assert len(listener.heard) == 1 and tick.isChecked()
    button.say("&Xong")
    keys.alt(Qt.Key.Key_S)
    keys.alt(Qt.Key.Key_X)
    assert len(listener.heard) == 2
    button.say("Thôi")
    keys.alt(Qt.Key.Key_X)
    assert len(listener.heard) == 2
