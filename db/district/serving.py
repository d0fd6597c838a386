"""Serve a district server over TLS until it is told to stop."""

from __future__ import annotations

import ipaddress
import socket
from collections.abc import Callable
from pathlib import Path

import uvicorn

from db.district.app import district_app
from db.district.pages import pages
from db.district.server import open_district
from db.refused import Refused
from db.replication.channel import certificate_for, write_pair
from db.replication.verifying import Verifiers

TLS = "tls"


class PlainHttpAbroad(Refused):
    """Plain HTTP is for this machine only; ``host``."""


class AddressTaken(Refused):
    """Another program listens there, or the address is not this machine's; ``host``, ``port``."""


def serve(data: Path, host: str, port: int, plain: bool, say: Callable[[str], None]) -> None:
    """Listen and answer; ``say`` is told the address once it listens. Port 0: any free one.

    Raises:
        PlainHttpAbroad, AddressTaken: nothing was served.
        DistrictMissing, ServerDatabaseGone, WrongKey, DatabaseDamaged: the server cannot be opened.
    """
    if plain and not ipaddress.ip_address(host).is_loopback:
        raise PlainHttpAbroad(host=host)
    server = open_district(data)
    listening = socket.socket()
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
    except OSError as e:
        server.close()
        raise AddressTaken(host=host, port=port) from e
    names = {host, "localhost", "127.0.0.1", socket.gethostname(), *_addresses()} - {"0.0.0.0"}
    files = () if plain else write_pair(certificate_for(server.authority, names), data, TLS)
    with Verifiers() as verifiers:
        config = uvicorn.Config(
            district_app(server, verifiers.check, pages(server)),
            log_level="warning",
            access_log=False,
            ssl_certfile=files[0] if files else None,
            ssl_keyfile=files[1] if files else None,
            timeout_keep_alive=75,
            server_header=False,
        )
        url = f"{'http' if plain else 'https'}://{host}:{listening.getsockname()[1]}"
        running = uvicorn.Server(config)
        say(url)
        running.run(sockets=[listening])
    server.close()


def _addresses() -> set[str]:
    """The addresses of this machine, for its certificate."""
    try:
        found = socket.getaddrinfo(socket.gethostname(), None, family=socket.AF_INET)
    except OSError:
        return set()
    return {str(each[4][0]) for each in found}
