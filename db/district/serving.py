"""Serve a district server over TLS until it is told to stop."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

from db.district.app import district_app
from db.district.pages import pages
from db.district.server import open_district
from db.refused import Refused
from db.replication.channel import certificate_for
from db.replication.listening import AddressTaken, bound
from db.replication.listening import serve as answer
from db.replication.verifying import Verifiers

YOUNG = 50_000
"""Objects made before Python looks for unused cycles: a page of lines makes as many and no cycle,
and looking at each 700 as it would was a sixth of the time of taking it."""
M_ARENA_MAX = -8
"""glibc's word for how many heaps a program has."""


class PlainHttpAbroad(Refused):
    """Plain HTTP is for this machine only; ``host``."""


def serve(data: Path, host: str, port: int, plain: bool, say: Callable[[str], None]) -> None:
    """Listen and answer; ``say`` is told the address once it listens. Port 0: any free one.

    Raises:
        PlainHttpAbroad, AddressTaken: nothing was served.
        DistrictMissing, ServerDatabaseGone, WrongKey, DatabaseDamaged: the server cannot be opened.
    """
    if plain and not ipaddress.ip_address(host).is_loopback:
        raise PlainHttpAbroad(host=host)
    server = open_district(data)
    try:
        listening = bound(host, port)
    except AddressTaken:
        server.close()
        raise
    names = {host, "localhost", "127.0.0.1", socket.gethostname(), *_addresses()} - {"0.0.0.0"}
    pair = None if plain else certificate_for(server.authority, names)
    _one_heap()
    with Verifiers() as verifiers:
        app = district_app(server, verifiers.check, pages(server))
        gc.freeze()
        gc.set_threshold(YOUNG)
        say(f"{'http' if plain else 'https'}://{host}:{listening.getsockname()[1]}")
        answer(app, listening, pair)
    server.close()


def _one_heap() -> None:
    """glibc gives every thread a heap of its own, and each keeps what its largest page took: with
    two hundred counters 650 MB that nobody used. Elsewhere there is no such word, nor the need."""
    with contextlib.suppress(OSError, AttributeError):
        ctypes.CDLL("libc.so.6").mallopt(M_ARENA_MAX, 1)


def _addresses() -> set[str]:
    """The addresses of this machine, for its certificate."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, family=socket.AF_INET)
    except OSError:
        return set()
    return {str(each[4][0]) for each in found}
