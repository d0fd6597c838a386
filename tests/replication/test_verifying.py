"""The processes that check signatures end with the server, however it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest

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
