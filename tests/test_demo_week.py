"""A small week through the real server: it balances, replays, and every paper is made."""

from __future__ import annotations

import json

from desk_app.__main__ import main
from desk_app.week_books import EVERY_PAPER


def test_a_week_balances_and_replays(capsys):
    assert main(["demo-week", "--dossiers", "60", "--seed", "4", "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["sound"] and said["alike"] and said["replayed"]
    assert said["wrong"] == [] and said["flagged"] == 0
    assert sum(said["endings"].values()) == said["counted"]["nhận"] >= 50
    assert set(said["papers"]) == EVERY_PAPER
    assert said["papers"]["day-sheet"] == 15
    assert said["joint"] >= 1 and said["procedures"] >= 45
    assert {"returned_twice", "field_conflict", "void_conflict"} <= said["settled"].keys()
    assert {"clerk", "officer", "chief"} == said["roles"].keys()
    for happened in ("xin lỗi", "từ chối", "bổ sung", "bưu điện", "hoàn tác", "đính chính", "huỷ"):
        assert said["counted"][happened] >= 1, happened
