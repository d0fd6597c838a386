"""The other counters of the commune on the office's cable: the same rounds, with no internet."""

from __future__ import annotations

import socket
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from db.replication.channel import client_context, device_named, door_name
from db.replication.night import NEAR, Peer
from db.trust import Trust, read_trust
from desk_app.desk import Desk
from desk_app.services.replicate import NO_LINE_WHY, Progress, Replicated, round_with_peer


class Neighbour(NamedTuple):
    """A door on the cable: whose it says it is, and where."""

    device: str
    host: str
    port: int


def round_with_siblings(
    desk: Desk, found: Iterable[Neighbour] = (), progress: Progress | None = None
) -> Iterator[Replicated]:
    """A round with every sibling that is known, found by name or by the addresses of the settings.

    Who answers at a door proves it by its certificate and by signing with its own key; whoever is
    no counter of this commune is not asked anything.

    Raises:
        DiskFull, DiskFault, DatabaseBusy, DatabaseDamaged: what was stored until then stays.
    """
    with desk.reading() as connection:
        trust = read_trust(connection)
    if trust.server is None:
        return
    authority = trust.server.authority.encode()
    places: dict[str, dict[Neighbour, None]] = {}
    for each in (*found, *by_address(desk.settings.siblings, authority)):
        if is_sibling(desk, trust, each.device):
            places.setdefault(each.device, {})[each] = None
    for doors in places.values():
        # Anybody may announce a sibling's name: at another of its addresses it may be itself.
        for last, door in enumerate(doors, 1 - len(doors)):
            peer = peer_at(door, trust, authority)
            ended = round_with_peer(desk, peer, progress=progress, patience=NEAR)
            if ended.why not in NO_LINE_WHY or last == 0:
                yield ended
                break


def is_sibling(desk: Desk, trust: Trust, device: str) -> bool:
    """Whether it is another counter of this commune that is not revoked."""
    return (
        device != desk.journal.device.id
        and trust.communes.get(device) == desk.journal.commune
        and device not in trust.revoked
    )


def peer_at(each: Neighbour, trust: Trust, authority: bytes) -> Peer:
    """A sibling as the line wants it: its keys, and the name in its certificate."""
    host = f"[{each.host}]" if ":" in each.host else each.host
    url = f"https://{host}:{each.port}"
    return Peer(each.device, url, trust.keys[each.device], authority, door_name(each.device))


def by_address(addresses: Iterable[str], authority: bytes) -> Iterator[Neighbour]:
    """Whose doors are at these addresses (``host:port``); where nobody answers, nobody."""
    for address in addresses:
        host, _, port = address.rpartition(":")
        if not host or not port.isdecimal():
            continue
        device = _whose(host.strip("[]"), int(port), authority)
        if device:
            yield Neighbour(device, host.strip("[]"), int(port))


def _whose(host: str, port: int, authority: bytes) -> str:
    """The device in the certificate of a door, once the authority has vouched for it."""
    context = client_context(authority)
    context.check_hostname = False
    try:
        with (
            socket.create_connection((host, port), NEAR.connect) as plain,
            context.wrap_socket(plain) as door,
        ):
            return device_named(door.getpeercert() or {})
    except (OSError, UnicodeError):
        # Nobody, or nobody of this authority: a wrong certificate is an OSError too.
        return ""
