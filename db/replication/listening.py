"""Listen at an address and answer over TLS: the district server, and a counter's door."""

from __future__ import annotations

import signal
import socket
import threading
from typing import Any

import uvicorn

from db.refused import Refused
from db.replication.channel import Pair, server_context

KEEP_ALIVE = 75
"""Seconds; a round's requests come over one connection."""


class AddressTaken(Refused):
    """Another program listens there, or the address is not this machine's; ``host``, ``port``."""


def bound(host: str, port: int) -> socket.socket:
    """A socket at this address; port 0: any free one.

    Raises:
        AddressTaken: nobody can listen there.
    """
    # asyncio sends at once (TCP_NODELAY) only where the socket says that it is TCP; otherwise every
    # answer waits 40 ms for the asker's acknowledgement.
    listening = socket.socket(proto=socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        # From here on who comes waits to be answered, instead of being turned away.
        listening.listen(128)
    except OSError as e:
        listening.close()
        raise AddressTaken(host=host, port=port) from e
    return listening


def serve(app: Any, listening: socket.socket, pair: Pair | None) -> None:
    """Answer with this ASGI application until told to stop; without a pair over plain HTTP.

    Told by a signal it returns, so that whoever called closes what it had opened.
    """
    if threading.current_thread() is threading.main_thread():
        # uvicorn ends its loop on these, then raises them once more for whoever was there before.
        for told in (signal.SIGTERM, signal.SIGINT):
            signal.signal(told, lambda *_: None)
    uvicorn.Server(_config(app, pair)).run(sockets=[listening])


def _config(app: Any, pair: Pair | None) -> uvicorn.Config:
    context = server_context(pair) if pair else None
    return uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        ssl_context_factory=(lambda _config, _default: context) if context else None,
        timeout_keep_alive=KEEP_ALIVE,
        server_header=False,
    )
