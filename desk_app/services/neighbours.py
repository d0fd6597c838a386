"""Find the doors of siblings on the office's cable by name (mDNS), and tell them of one's own."""

from __future__ import annotations

import contextlib
import ipaddress
import logging
import re
import time
from types import TracebackType

import ifaddr
from zeroconf import Error, IPVersion, ServiceBrowser, ServiceInfo, Zeroconf

from desk_app.services.siblings import Neighbour

KIND = "_hoso._tcp.local."
"""Announced with the device and the port only: who stands behind it proves itself at its door."""
LISTENED = 1.5
"""Seconds; who is there answers in a fifth of one."""
MOST_DOORS, MOST_ADDRESSES = 50, 4
"""Doors, and addresses of each, that are kept: anybody on the cable can shout."""
ASKED_MS = 500
_FAULTS = (OSError, Error, AssertionError, RuntimeError)
"""What zeroconf raises without a network card, while a cable is pulled out, or when its own loop
has ended. None of it may keep entries from going another way."""
_DEVICE = re.compile(r"[0-9a-f]{16}")

_log = logging.getLogger(__name__)


class Neighbours:
    """What is announced on the cable just now. Without a network card there is nobody, and no
    error: the next ``look`` tries again."""

    def __init__(self, device: str, port: int = 0) -> None:
        """``port`` of one's own door; 0: only listen."""
        self._device, self._port = device, port
        self._zeroconf: Zeroconf | None = None
        self._cards: list[str] = []
        self._found: dict[str, tuple[Neighbour, ...]] = {}

    def __enter__(self) -> Neighbours:
        self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    @property
    def heard(self) -> bool:
        """Whether there is a cable to hear anybody on, and to be heard."""
        return self._zeroconf is not None

    def look(self) -> tuple[Neighbour, ...]:
        """The doors that are announced, without one's own; each under every address it names."""
        # An address may come hours after the start, and change: sockets stay with the old one.
        if self._zeroconf is None or own_addresses() != self._cards:
            self._end()
            self._begin()
        return tuple(each for door in sorted(self._found.items()) for each in door[1])

    def listen(self, seconds: float = LISTENED) -> tuple[Neighbour, ...]:
        """The same for who has just come: wait for the answers first."""
        if self.heard:
            time.sleep(seconds)
        return self.look()

    def _begin(self) -> None:
        self._cards = own_addresses()
        if not self._cards:
            return
        try:
            zeroconf = Zeroconf(interfaces=self._cards, ip_version=IPVersion.V4Only)
        except _FAULTS as fault:
            # Addresses of the settings still work.
            _log.info("mDNS: %r", fault)
            return
        try:
            if self._port:
                zeroconf.register_service(self._announced(), cooperating_responders=True)
            ServiceBrowser(zeroconf, KIND, self)  # type: ignore[arg-type]
        except _FAULTS as fault:
            _log.info("mDNS: %r", fault)
            _close(zeroconf)
            return
        self._zeroconf = zeroconf

    def _end(self) -> None:
        zeroconf, self._zeroconf = self._zeroconf, None
        if zeroconf is not None:
            _close(zeroconf)
        self._found = {}

    def _announced(self) -> ServiceInfo:
        return ServiceInfo(
            KIND,
            f"{self._device}.{KIND}",
            port=self._port,
            parsed_addresses=self._cards,
            server=f"{self._device}.local.",
        )

    # ------------------------------------------------------------ called by the browser

    def add_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        """A door was announced."""
        device = name.removesuffix(f".{KIND}")
        full = len(self._found) >= MOST_DOORS and device not in self._found
        if device == self._device or full or not _DEVICE.fullmatch(device):
            return
        try:
            info = zeroconf.get_service_info(kind, name, timeout=ASKED_MS)
        except _FAULTS as fault:
            _log.info("mDNS: %r", fault)
            return
        addresses = info.parsed_addresses(IPVersion.V4Only)[:MOST_ADDRESSES] if info else []
        if info is not None and info.port and addresses:
            port = info.port
            self._found[device] = tuple(Neighbour(device, each, port) for each in addresses)

    def update_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        """It moved to another address."""
        self.add_service(zeroconf, kind, name)

    def remove_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        """It said good-bye."""
        self._found.pop(name.removesuffix(f".{KIND}"), None)


def own_addresses() -> list[str]:
    """The machine's IPv4 addresses on a cable; none without a network card."""
    try:
        every = [str(ip.ip) for card in ifaddr.get_adapters() for ip in card.ips if ip.is_IPv4]
    except OSError:
        return []
    return sorted({each for each in every if not ipaddress.ip_address(each).is_loopback})


def _close(zeroconf: Zeroconf) -> None:
    with contextlib.suppress(*_FAULTS):
        zeroconf.close()
