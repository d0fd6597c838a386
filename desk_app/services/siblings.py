"""The other counters of the commune on the office's cable: the same rounds, with no internet."""

from __future__ import annotations

import socket
import ssl
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from cryptography import x509

from db.replication.channel import client_context, door_name
from db.replication.night import NEAR, Peer
from db.trust import Trust, read_trust
from desk_app.desk import Desk
from desk_app.services.replicate import Progress, Replicated, round_with_peer

DOOR_ENDING = door_name("")


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
    """
    with desk.reading() as connection:
        trust = read_trust(connection)
    if trust.server is None:
        return
    authority = trust.server.authority.encode()
    asked: set[str] = set()
    for each in (*found, *by_address(desk.settings.siblings, authority)):
        if each.device not in asked and is_sibling(desk, trust, each.device):
            asked.add(each.device)
            peer = peer_at(each, trust, authority)
            yield round_with_peer(desk, peer, progress=progress, patience=NEAR)


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
            stated = door.getpeercert(binary_form=True) or b""
    except (OSError, ssl.SSLError):
        return ""
    names = _names(stated)
    device = next((n.removesuffix(DOOR_ENDING) for n in names if n.endswith(DOOR_ENDING)), "")
    return device


def _names(certificate: bytes) -> list[str]:
    read = x509.load_der_x509_certificate(certificate)
    try:
        found = read.extensions.get_extension_for_class(x509.SubjectAlternativeName)
    except x509.ExtensionNotFound:
        return []
    return found.value.get_values_for_type(x509.DNSName)
