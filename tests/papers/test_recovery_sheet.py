"""The recovery key on paper."""

from __future__ import annotations

from datetime import datetime

import pypdfium2

from db.sealing import key_from_recovery, recovery_words
from desk_app.papers.recovery_sheet import recovery_sheet

KEY = bytes(range(32))


def test_the_key_can_be_typed_back_from_the_page():
    pdf = recovery_sheet(
        recovery_words(KEY), "Ủy ban nhân dân xã Tú Sơn", 2, datetime(2026, 11, 26, 9, 41)
    )
    document = pypdfium2.PdfDocument(pdf)
    text = document[0].get_textpage().get_text_bounded()
    assert len(document) == 1
    assert all(group in text for group in recovery_words(KEY).split())
    assert "Ủy ban nhân dân xã Tú Sơn, quầy 2" in text
    groups = [word for word in text.split() if word in recovery_words(KEY).split()]
    assert key_from_recovery(" ".join(groups)) == KEY
