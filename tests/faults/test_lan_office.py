"""Three counters and a server on cables that are pulled at random; longer by command."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from lan_office import afternoon


@pytest.mark.skipif(os.name != "posix" or os.geteuid() != 0, reason="network namespaces need root")
@pytest.mark.skipif(shutil.which("ip") is None, reason="Debian: iproute2")
def test_pulled_cables_keep_nobody_from_the_same_end(tmp_path: Path) -> None:
    ended = afternoon(tmp_path, seconds=10, seed=3)
    assert ended.dossiers > 10 and ended.cuts > 3 and ended.met >= 3
    assert (ended.missing, ended.codes_twice, ended.apart, ended.notes) == (0, 0, 0, [])
