"""The demonstrations: a server with three counters, and a night whose totals agree."""

from __future__ import annotations

import json
import signal
import subprocess
import sys

import pytest
from sqlalchemy import delete

from db import engine as engines
from db.district.demo import counter_of, district_of
from db.tables import tallies
from desk_app import demo_night
from desk_app.__main__ import main
from desk_app.demo_night import DemoNotStarted, totals_of
from desk_app.desk import open_desk
from desk_app.messages import sentence_for
from desk_app.services.replicate import replicate
from desk_app.ui.matter_words import TITLES

NIGHT = ["demo-night", "--a-day", "6", "--json"]


@pytest.fixture
def demo(tmp_path):
    """Starts ``district-server demo`` and gives what it said until everything was there."""
    started = []

    def start():
        command = [sys.executable, "-P", "-m", "db.district", "demo", "--json"]
        command += ["--data", str(tmp_path), "--port", "0"]
        started.append(subprocess.Popen(command, stdout=subprocess.PIPE, text=True))
        said = []
        while not said or "ready" not in said[-1]:
            said.append(json.loads(started[-1].stdout.readline()))
        return started[-1], said

    yield start
    for process in started:
        process.kill()
        process.wait()
        process.stdout.close()


def test_a_server_with_three_counters_is_there_again_on_the_next_start(demo, tmp_path):
    first, said = demo()
    address, *counters, ready = said
    assert address["password"] and address["listening"].startswith("https://127.0.0.1:")
    assert [c["counter"] for c in counters] == [1, 2, 3] and ready == {"ready": 3}
    first.send_signal(signal.SIGTERM)
    assert first.wait(30) == 0
    _, again = demo()
    desk = open_desk(counter_of(tmp_path, 2))
    assert again[2]["data"] == str(desk.data)
    ended = replicate(desk, again[0]["listening"])
    desk.close()
    assert ended.in_step and ended.why == ""
    assert district_of(tmp_path).is_dir()


def test_a_night_ends_with_the_same_totals_everywhere_and_each_contradiction_told(capsys):
    assert main(NIGHT) == 0
    [result] = map(json.loads, capsys.readouterr().out.splitlines())
    assert result["sound"] and len(result["totals"]) == 5
    # Six at each counter, two at the copy, and one person twice.
    assert [t["dossiers"] for t in result["totals"]] == [3 * 6 + 2 + 2] * 5
    words = [TITLES[name].title for name in ("void_conflict", "alike", "code_clash", "code_clash")]
    told = sorted(m.partition(" ")[2] for m in result["matters"])
    assert told == sorted([*words, "Hai quầy sửa mục đích khác nhau"])


def test_totals_that_differ_are_said_and_are_a_failure(monkeypatch, capsys):
    def one_more(name, engine, commune):
        found = totals_of(name, engine, commune)
        return found._replace(entries=found.entries + (name == "Quầy 3"))

    monkeypatch.setattr(demo_night, "totals_of", one_more)
    assert main(NIGHT[:3]) == 1
    assert "TỔNG KHÔNG KHỚP." in capsys.readouterr().out


def test_a_night_needs_nothing_of_the_screen():
    program = "import sys, desk_app.demo_night; sys.exit('PySide6' in sys.modules)"
    assert subprocess.run([sys.executable, "-P", "-c", program]).returncode == 0


def test_totals_show_a_tally_that_is_gone(counter_of):
    desk = counter_of("one")
    before = totals_of("", desk.journal.engine, desk.journal.commune)
    with engines.writing(desk.journal.engine) as connection:
        connection.execute(delete(tallies))
    assert totals_of("", desk.journal.engine, desk.journal.commune) != before


def test_a_server_that_does_not_come_up_is_said(tmp_path, capfd):
    (tmp_path / "district").write_text("no folder", encoding="utf-8")
    with pytest.raises(DemoNotStarted) as refused, demo_night.server_for(tmp_path):
        pass
    assert "không chạy" in sentence_for(refused.value)


def test_a_counter_that_cannot_be_made_ends_the_demonstration(tmp_path):
    (tmp_path / "counter-2").write_text("no folder", encoding="utf-8")
    command = [sys.executable, "-P", "-m", "db.district", "demo", "--json"]
    command += ["--data", str(tmp_path), "--port", "0"]
    ended = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ended.returncode == 1
    assert '"ready"' not in ended.stdout
