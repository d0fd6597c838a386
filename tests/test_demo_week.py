"""A small week through the real server: it balances, replays, and every paper is made."""

from __future__ import annotations

import json

from desk_app.__main__ import main


def test_a_week_balances_and_replays(capsys):
    assert main(["demo-week", "--dossiers", "40", "--seed", "4", "--json"]) == 0
    said = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert said["sound"] and said["alike"] and said["replayed"]
    assert said["findings"] == [] and said["flagged"] == 0
    assert sum(said["endings"].values()) == said["counted"]["nhận"] >= 30
    assert said["money"][0] == said["money"][1]
    assert said["counted"]["giấy"] > said["counted"]["nhận"]
