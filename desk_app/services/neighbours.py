"""Find the doors of siblings on the office's cable by name (mDNS), and tell them of one's own."""

from __future__ import annotations

import socket
from types import TracebackType
from typing import Any

from zeroconf import Error, IPVersion, ServiceBrowser, ServiceInfo, Zeroconf

from desk_app.services.siblings import Neighbour

KIND = "_hoso._tcp.local."
"""Announced with the device and the port only: who stands behind it proves itself at its door."""


class Neighbours:
    """What is announced on the cable just now. Without a network card there is nobody, and no
    error: the next ``look`` tries again."""

    def __init__(self, device: str, port: int = 0) -> None:
        """``port`` of one's own door; 0: only listen."""
        self._device, self._port = device, port
        self._zeroconf: Zeroconf | None = None
        self._found: dict[str, Neighbour] = {}

    def __enter__(self) -> Neighbours:
        self._begin()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        fault: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._zeroconf is not None:
            self._zeroconf.close()

    def look(self) -> tuple[Neighbour, ...]:
        """The doors that are announced, without one's own."""
        if self._zeroconf is None:
            self._begin()
        return tuple(sorted(self._found.values()))

    def _begin(self) -> None:
        try:
            zeroconf = Zeroconf(ip_version=IPVersion.V4Only)
        except (OSError, Error):
            # No network card, or none that may speak to many: addresses still work.
            return
        try:
            if self._port:
                zeroconf.register_service(_announced(self._device, self._port))
            ServiceBrowser(zeroconf, KIND, self)  # type: ignore[arg-type]
        except (OSError, Error):
            zeroconf.close()
            return
        self._zeroconf = zeroconf

    # ------------------------------------------------------------ called by the browser

    def add_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        """A door was announced."""
        device = name.removesuffix(f".{KIND}")
        info = zeroconf.get_service_info(kind, name)
        addresses = info.parsed_addresses(IPVersion.V4Only) if info else []
        if device != self._device and info is not None and info.port and addresses:
            self._found[device] = Neighbour(device, addresses[0], info.port)

    def update_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        """It moved to another address."""
        self.add_service(zeroconf, kind, name)

    def remove_service(self, zeroconf: Zeroconf, kind: str, name: str) -> None:
        """It said good-bye."""
        self._found.pop(name.removesuffix(f".{KIND}"), None)


def _announced(device: str, port: int) -> ServiceInfo:
    addresses: list[Any] = [socket.inet_aton(a) for a in own_addresses()]
    return ServiceInfo(
        KIND, f"{device}.{KIND}", addresses=addresses, port=port, server=f"{device}.local."
    )


def own_addresses() -> list[str]:
    """The machine's IPv4 addresses on a cable; loopback when there is no other."""
    import ifaddr

    found = [
        str(ip.ip)
        for adapter in ifaddr.get_adapters()
        for ip in adapter.ips
        if ip.is_IPv4 and not str(ip.ip).startswith("127.")
    ]
    return found or ["127.0.0.1"]
