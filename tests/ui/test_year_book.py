"""The book of a year from the palette: PDF or Excel, shown, stopped, refused."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QStandardPaths, Qt
from two_counters import take_in_many

from tests.ui.test_day_sheets import Viewer, viewer  # noqa: F401 - a fixture


@pytest.fixture
def documents(tmp_path, monkeypatch):
    folder = tmp_path / "documents"
    folder.mkdir()
    monkeypatch.setattr(QStandardPaths, "writableLocation", lambda _: str(folder))
    return folder


@pytest.fixture
def said(window, keys):
    keys.ctrl(Qt.Key.Key_K).press(Qt.Key.Key_Escape)
    sentences = []
    window.screens.year_book.said.connect(sentences.append)
    return sentences


def ask_for_the_book(window, keys, down=0):
    keys.ctrl(Qt.Key.Key_K)
    palette = window.screens._palette
    keys.type("so theo doi").until(lambda: not palette._is_waiting())
    keys.press(Qt.Key.Key_Return)
    keys.until(lambda: palette.isVisible() and palette.edit.placeholderText().startswith("Sổ"))
    for _ in range(down):
        keys.press(Qt.Key.Key_Down)
    keys.press(Qt.Key.Key_Return)


def test_the_book_is_made_and_shown(window, keys, desk, documents, said, viewer):  # noqa: F811
    take_in_many(desk, 3)
    ask_for_the_book(window, keys)
    keys.until(lambda: "đã mở" in said[-1] if said else False)
    path = documents / "so-theo-doi-2026-quay-2.pdf"
    assert path.read_bytes()[:5] == b"%PDF-"
    assert viewer.opened == [str(path)]
    assert said[-1] == "Sổ năm 2026, quyển 2: 3 hồ sơ, đã mở."
    assert any("3/3 hồ sơ" in sentence for sentence in said)


def test_the_workbook_too(window, keys, desk, documents, said, viewer):  # noqa: F811
    take_in_many(desk, 1)
    ask_for_the_book(window, keys, down=1)
    keys.until(lambda: "1 hồ sơ, đã mở" in said[-1] if said else False)
    assert (documents / "so-theo-doi-2026-quay-2.xlsx").read_bytes()[:2] == b"PK"


def test_a_book_that_is_being_made_is_stopped_by_asking_again(window, keys, desk, documents, said):
    (documents / "so-theo-doi-2026-quay-2.pdf").write_bytes(b"before")
    take_in_many(desk, 2)
    ask_for_the_book(window, keys)
    keys.until(lambda: bool(said))
    ask_for_the_book(window, keys)
    assert said[-1] == "Đã dừng lập sổ năm 2026, tệp cũ còn nguyên."
    assert (documents / "so-theo-doi-2026-quay-2.pdf").read_bytes() == b"before"


def test_a_place_that_cannot_be_written_is_said(window, keys, desk, documents, said):
    (documents / "so-theo-doi-2026-quay-2.pdf").mkdir()
    take_in_many(desk, 1)
    ask_for_the_book(window, keys)
    keys.until(lambda: "Chưa ghi được" in said[-1] if said else False)
