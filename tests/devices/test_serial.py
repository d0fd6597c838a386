"""A scanner in COM mode, over a pair of pseudo terminals."""

from __future__ import annotations

import os
import pty
import termios
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from desk_app.devices.serial import SerialScanner, decoded

CARD = "031187999912||Nguyễn Thị Ngọc Ánh|14021987|Nữ|Thôn 3, Tú Sơn, Hải Phòng|25122021"


class Cable:
    """The scanner's end of the line; the port is a name that stays while the cable is out."""

    def __init__(self, folder: Path) -> None:
        self.port = folder / "scanner"
        self.plug()

    def plug(self) -> None:
        self.ours, theirs = pty.openpty()
        tty.setraw(self.ours, termios.TCSANOW)
        self.port.symlink_to(os.ttyname(theirs))
        self.theirs = theirs

    def pull(self) -> None:
        self.port.unlink()
        os.close(self.theirs)
        os.close(self.ours)

    def send(self, scan: bytes) -> None:
        os.write(self.ours, scan)


@pytest.fixture
def cable(tmp_path: Path) -> Iterator[Cable]:
    made = Cable(tmp_path)
    yield made
    made.pull()


@pytest.fixture
def scanner(cable: Cable, qtbot: QtBot) -> Iterator[SerialScanner]:
    made = SerialScanner()
    with qtbot.waitSignal(made.state_changed, check_params_cb=lambda state: state == "ready"):
        made.open(str(cable.port))
    yield made
    made.close()


def test_a_card_arrives_whole_with_its_marks(
    cable: Cable, scanner: SerialScanner, qtbot: QtBot
) -> None:
    texts: list[str] = []
    scanner.scanned.connect(texts.append)
    with qtbot.waitSignal(scanner.observed) as heard:
        cable.send(f"{CARD}\r\n".encode())
    qtbot.waitUntil(lambda: texts == [CARD])
    reading = heard.args[0]
    assert (reading.text, reading.keys, reading.verdict) == (CARD, len(CARD), "scan")


def test_bytes_that_come_in_pieces_are_one_scan(
    cable: Cable, scanner: SerialScanner, qtbot: QtBot
) -> None:
    whole = f"\x02{CARD}\x03\r".encode()
    with qtbot.waitSignal(scanner.scanned) as heard:
        for at in range(0, len(whole), 7):
            cable.send(whole[at : at + 7])
    assert heard.args == [CARD]


def test_two_scans_are_two(cable: Cable, scanner: SerialScanner, qtbot: QtBot) -> None:
    for text in ("031187999912", "H24.314.11749-261126-0019"):
        with qtbot.waitSignal(scanner.scanned) as heard:
            cable.send(f"{text}\r".encode())
        assert heard.args == [text]


def test_noise_is_said_to_be_unclear_and_measured(
    cable: Cable, scanner: SerialScanner, qtbot: QtBot
) -> None:
    with qtbot.waitSignals([scanner.unclear, scanner.observed]):
        cable.send(b"|||nothing we know|||\r")


def test_a_pulled_cable_is_noticed_and_taken_up_again(
    cable: Cable, scanner: SerialScanner, qtbot: QtBot
) -> None:
    with qtbot.waitSignal(
        scanner.state_changed, timeout=20_000, check_params_cb=lambda state: state == "absent"
    ):
        cable.pull()
    with qtbot.waitSignal(
        scanner.state_changed, timeout=20_000, check_params_cb=lambda state: state == "ready"
    ):
        cable.plug()
    with qtbot.waitSignal(scanner.scanned) as heard:
        cable.send(b"031187999912\r")
    assert heard.args == ["031187999912"]


def test_a_closed_scanner_lets_go_of_its_port(scanner: SerialScanner, qtbot: QtBot) -> None:
    with qtbot.waitSignal(scanner.state_changed) as heard:
        scanner.close()
    assert heard.args == ["off"] and scanner.state == "off"
    scanner.open("")
    assert scanner.state == "off"


def test_bytes_that_are_no_utf8_are_kept_one_by_one() -> None:
    assert decoded("Ánh".encode()) == "Ánh"
    assert decoded("Ánh".encode("cp1252")) == "Ánh"
    assert decoded(b"\xe1\xbb") == "á»"
