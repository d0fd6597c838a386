"""The second process of a counter, as the window runs it: real, against a real server."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time

import msgspec
import pytest
from two_counters import codes_of

from desk_app.services.backup import FOLDER
from desk_app.services.find import the_one
from desk_app.services.replicate import replicate
from desk_app.services.sending import sending
from desk_app.ui.background import Background, command_of

GONE = "https://127.0.0.1:9"


@pytest.fixture
def background(counter_of, qtbot):
    """A counter with three dossiers, and the window's side of its second process."""
    desk = counter_of("one")
    codes_of(desk, 3)
    made = Background(command_of(desk.data))
    yield desk, made
    made.close()


def test_it_sends_at_once_and_again_when_told(background, qtbot):
    desk, process = background
    with qtbot.waitSignal(process.ended, timeout=60_000) as ended:
        process.start()
    [result] = ended.args
    assert result["in_step"] and result["sent"] >= 3 and result["said"] == ""
    assert sending(desk).unsent == 0
    codes_of(desk, 2, seed=9)
    assert sending(desk).unsent == 2
    with qtbot.waitSignals([process.began, process.ended], timeout=60_000):
        process.send_now()
    assert sending(desk).unsent == 0


def test_what_other_counters_took_in_comes_beside_the_open_desk(background, counter_of, qtbot):
    desk, process = background
    two = counter_of("two")
    [code] = codes_of(two, seed=20)
    replicate(two)
    with qtbot.waitSignal(process.ended, timeout=60_000):
        process.start()
    assert the_one(desk, code).facts.code == code


def test_without_a_server_it_says_so_and_goes_on(background, district, qtbot):
    desk, process = background
    desk = desk.with_settings(msgspec.structs.replace(desk.settings, server=GONE))
    for _ in range(2):
        with qtbot.waitSignal(process.ended, timeout=60_000) as ended:
            process.send_now() if process._process else process.start()
        [result] = ended.args
        assert result["why"] == "refused" and "Sẽ tự gửi lại" in result["said"]
    assert sending(desk).server.why == "refused" and sending(desk).unsent == 3


def test_it_ends_when_its_window_was_killed(counter_of):
    desk = counter_of("one")
    # Stands in for the window: starts the process, says its number, and is killed.
    window = (
        "import subprocess, sys, time\n"
        "child = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)\n"
        "print(child.pid, child.stdout.readline().decode().strip(), flush=True)\n"
        "time.sleep(600)\n"
    )
    started = subprocess.Popen(
        [sys.executable, "-c", window, *command_of(desk.data)], stdout=subprocess.PIPE, text=True
    )
    assert started.stdout is not None
    number, _, said = started.stdout.readline().partition(" ")
    assert json.loads(said) == {"began": True}
    started.send_signal(signal.SIGKILL)
    started.wait(20)
    started.stdout.close()
    until = time.monotonic() + 30
    while _lives(int(number)):
        assert time.monotonic() < until
        time.sleep(0.1)


def _lives(pid: int) -> bool:
    try:
        with open(f"/proc/{pid}/stat") as stat:
            return stat.read().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_it_is_started_again_after_it_died(background, qtbot):
    _, process = background
    process._again.setInterval(10)
    with qtbot.waitSignal(process.ended, timeout=60_000):
        process.start()
    process._process.kill()
    with qtbot.waitSignal(process.ended, timeout=60_000):
        pass


def test_a_counter_that_belongs_to_nobody_makes_its_backups_and_says_nothing(desk, qtbot):
    codes_of(desk, 2)
    process, said = Background(command_of(desk.data)), []
    process.began.connect(lambda: said.append("began"))
    process.ended.connect(said.append)
    process.start()
    # By the machine's own clock, not the test's.
    made = (desk.data / FOLDER).glob
    qtbot.waitUntil(lambda: any(made("counter-*.db")), timeout=60_000)
    process.close()
    assert said == []
