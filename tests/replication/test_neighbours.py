"""Doors found by name on the cable, with nobody there, and without a cable."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import time

import pytest
from zeroconf import ServiceInfo, Zeroconf

from desk_app.services.neighbours import KIND, Neighbours, own_addresses

ONE, TWO = "1" * 16, "2" * 16

with_a_card = pytest.mark.skipif(not own_addresses(), reason="this machine has no network card")


def until(there):
    end = time.monotonic() + 20
    while not there():
        assert time.monotonic() < end
        time.sleep(0.05)


@with_a_card
def test_two_doors_hear_of_each_other_and_when_one_shuts():
    with Neighbours(ONE, 8441) as one, Neighbours(TWO, 8442) as two:
        until(lambda: [n.device for n in one.look()] and [n.device for n in two.look()])
        assert {(n.device, n.port) for n in one.look()} == {(TWO, 8442)}
        assert {n.host for n in two.look()} <= set(own_addresses())
        two.__exit__(None, None, None)
        until(lambda: not one.look())


@with_a_card
def test_who_only_listens_is_not_announced():
    with Neighbours(ONE, 8441), Neighbours(TWO) as ear:
        assert [n.device for n in ear.listen()] == [ONE]
        with Neighbours("3" * 16) as other:
            assert [n.device for n in other.listen()] == [ONE]


@with_a_card
def test_nonsense_on_the_cable_is_nobody():
    said = Zeroconf(interfaces=own_addresses())
    for name, addresses in (("in hàng xóm", ["192.0.2.9"]), ("4" * 16, [])):
        info = ServiceInfo(KIND, f"{name}.{KIND}", port=80, parsed_addresses=addresses)
        said.register_service(info, cooperating_responders=True)
    try:
        with Neighbours(ONE) as ear:
            assert ear.listen() == ()
    finally:
        said.close()


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="network namespaces need root")
@pytest.mark.skipif(shutil.which("ip") is None, reason="Debian: iproute2")
def test_without_a_network_card_there_is_nobody_until_one_comes():
    space = f"hn{os.getpid() % 10_000}"
    program = (
        "import sys\n"
        "from desk_app.services.neighbours import Neighbours\n"
        "with Neighbours('1' * 16, 8441) as one:\n"
        "    for line in sys.stdin:\n"
        "        print(one.look(), one.heard, flush=True)\n"
    )
    subprocess.run(["ip", "netns", "add", space], check=True)
    try:
        with subprocess.Popen(
            ["ip", "netns", "exec", space, sys.executable, "-P", "-c", program],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        ) as process:  # fmt: skip

            def look() -> str:
                process.stdin.write("\n")
                process.stdin.flush()
                return process.stdout.readline().strip()

            def ip(*words: str) -> None:
                subprocess.run(["ip", "-n", space, *words], check=True)

            assert look() == "() False"
            ip("link", "set", "lo", "up")
            assert look() == "() False"
            ip("link", "add", "eth0", "type", "veth", "peer", "eth1")
            ip("addr", "add", "10.78.0.1/24", "dev", "eth0")
            ip("link", "set", "eth0", "up")
            ip("link", "set", "eth1", "up")
            until(lambda: look() == "() True")
            ip("link", "del", "eth0")
            until(lambda: look() == "() False")
            process.stdin.close()
            assert process.wait(20) == 0
    finally:
        with contextlib.suppress(subprocess.CalledProcessError):
            subprocess.run(["ip", "netns", "del", space], check=True)
