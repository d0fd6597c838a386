"""A laptop is thrown into the river between two nights; in the morning every dossier is there.

The programs are run as people run them, each a process of its own.
"""

from __future__ import annotations

import json
import re
import shutil
import subprocess
import sys

import pytest
from two_counters import codes_of

from desk_app.desk import open_desk
from desk_app.services.dossiers import page


def desk_app(*words, code=0):
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "desk_app", *map(str, words), "--json"],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == code, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()], ran.stderr


def server(district, *words):
    place = ("--data", str(district.server.data))
    ran = subprocess.run(
        [sys.executable, "-P", "-m", "db.district", *map(str, words), "--json", *place],
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert ran.returncode == 0, ran.stderr
    return [json.loads(line) for line in ran.stdout.splitlines()]


@pytest.fixture
def password(tmp_path):
    file = tmp_path / "password"
    file.write_text("mat-khau-thu-1")
    return file


def begin(district, data, stick, password, *more):
    """Enrol a new machine; its recovery key, as it goes into the safe."""
    [issued] = server(district, "enrol", "--office", "H24.314.11749")
    words = ["enrol", "--data", data, "--server", district.url, "--code", issued["code"]]
    words += ["--clerk", "mai", "--name", "Trần Thị Mai", "--password-file", password]
    _, said = desk_app(*words, "--spool", stick, *more)
    return re.search(r"két của xã:\n(.+)", said).group(1)


def test_thrown_into_the_river_between_two_nights(district, tmp_path, password):
    laptop, stick = tmp_path / "laptop", tmp_path / "stick"
    stick.mkdir()
    recovery = begin(district, laptop, stick, password)
    desk = open_desk(laptop)
    codes = set(codes_of(desk, 5))
    desk.close()
    [night], _ = desk_app("replicate", "--data", laptop)
    assert night["in_step"]
    desk = open_desk(laptop)
    dead = desk.journal.device.id
    codes |= set(codes_of(desk, 4, seed=9))  # of the next day, sent nowhere
    desk.close()
    shutil.rmtree(laptop)

    [issued] = server(district, "replace", dead, "--office", "H24.314.11749")
    safe = tmp_path / "safe"
    safe.write_text(recovery)
    new, second = tmp_path / "new", tmp_path / "second-stick"
    second.mkdir()
    results, _ = desk_app(
        "restore", "--data", new, "--server", district.url, "--code", issued["code"],
        "--clerk", "mai", "--spool", second, "--from-spool", stick, "--recovery-file", safe,
    )  # fmt: skip
    assert results[-1]["in_step"]
    desk = open_desk(new)
    assert {line.code for line in page(desk, "all")} == codes
    desk.close()
    # And the server has what the dead machine had never sent.
    standing = next(d for d in server(district, "devices") if d["device"] == dead)
    assert standing["revoked"] and standing["entries"] >= 9
    desk = open_desk(new)
    assert not codes & set(codes_of(desk, 6, seed=30))
    desk.close()
    assert desk_app("doctor", "--data", new)[0][-1]["sound"]


def test_by_stick_alone_and_in_words(district, tmp_path, password):
    data, stick = tmp_path / "counter", tmp_path / "carried"
    stick.mkdir(), (tmp_path / "spool").mkdir()
    begin(district, data, tmp_path / "spool", password)
    desk = open_desk(data)
    codes_of(desk, 2)
    desk.close()
    [out], said = desk_app("courier", "out", stick, "--data", data)
    assert "Đã chép xong" in said and out["lines"] >= 2
    [carried] = server(district, "courier", stick)
    assert carried["held"] == out["lines"] and carried["said"].startswith("Máy chủ đã ký nhận")
    [back], said = desk_app("courier", "in", stick, "--data", data)
    assert back["signed"] == out["lines"] and back["whole"]
    _, said = desk_app("courier", "in", tmp_path / "spool", "--data", data, code=1)
    assert "Không có gói nào" in said
