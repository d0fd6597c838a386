"""The processes that check signatures answer in order, and end with the server."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import msgspec
import pytest

from db.entry import Entry, Envelope, seal
from db.identity import Device, new_device
from db.replication.verifying import WORTH_IT, Verifiers

SERVER = """
import time
from db.replication.verifying import Verifiers
if __name__ == "__main__":
    with Verifiers(1) as verifiers:
        print(verifiers._pool.submit(__import__("os").getpid).result(), flush=True)
        time.sleep(60)
"""


def is_there(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.skipif(sys.platform == "win32", reason="a process is killed otherwise there")
def test_a_killed_server_leaves_no_process_behind(tmp_path):
    program = tmp_path / "server.py"
    program.write_text(SERVER, encoding="utf-8")
    with subprocess.Popen([sys.executable, program], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        verifier = int(server.stdout.readline())
        assert is_there(verifier)
        server.send_signal(signal.SIGKILL)
    for _ in range(200):
        if not is_there(verifier):
            break
        time.sleep(0.1)
    assert not is_there(verifier)


def entry_by(device: Device, seq: int) -> Entry:
    return seal(
        Envelope(
            v=1,
            dev=device.id,
            ep="0" * 16,
            seq=seq,
            prev="",
            com="11749",
            obj="0" * 32,
            par=(),
            k="note.added",
            kv=1,
            ts="2026-11-26T09:41:00+07:00",
            ck="ok",
            by="mai",
            body={"text": "a"},
        ),
        device.sign,
    )


def test_each_answer_is_about_the_entry_in_its_place_wherever_it_was_checked():
    one, other = new_device(), new_device()
    keys = (other.public_key, one.public_key)
    batches = [[(entry_by(one, i), keys) for i in range(1, WORTH_IT + 1)] for _ in range(8)]
    forged = msgspec.structs.replace(batches[5][7][0], line=entry_by(new_device(), 8).line)
    batches[5][7] = (forged, keys)
    with Verifiers(1) as verifiers:
        # Asked for at once, so that the last ones are still waiting and are checked here.
        asked = [verifiers.check(batch) for batch in batches]
        found = [list(answers) for answers in asked]
    wrong = [
        (b, i) for b, answers in enumerate(found) for i, right in enumerate(answers) if not right
    ]
    assert wrong == [(5, 7)]
    assert {len(answers) for answers in found} == {WORTH_IT}
