"""The asking side over a real line: one round with one peer, retried until the line is given up.

Only a body with the peer's own signature is an answer. A status code, a login page of some Wi-Fi
or a proxy's apology acknowledges nothing.
"""

from __future__ import annotations

import ipaddress
import logging
import ssl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import NamedTuple, TypeVar
from urllib.parse import urlsplit

import httpx
import stamina
from msgspec import Struct

from db.identity import Device
from db.refused import Refused
from db.replication.channel import client_context
from db.replication.messages import (
    Answer,
    AskIds,
    Declined,
    Hello,
    Ids,
    NotMyHistory,
    Page,
    Proof,
    Pull,
    Push,
    Pushed,
    Request,
    Welcome,
)
from db.replication.peers import Outcome, Store
from db.replication.protocol import Unexpected, round_with
from db.replication.tail import Tail
from db.replication.wire import (
    BODY_TYPE,
    DEVICE,
    NONCE,
    SIGNATURE,
    BodyWrong,
    answer_is_by,
    pack,
    sign_request,
    unpack,
)

M = TypeVar("M", bound=Struct)

# Every further attempt is a warning of the library's; without a log nobody needs to read it.
logging.getLogger("stamina").addHandler(logging.NullHandler())

_ANSWERS: dict[type[Struct], type[Struct]] = {
    Hello: Welcome,
    AskIds: Ids,
    Push: Pushed,
    Pull: Page,
    Proof: Pushed,
}


class NoLine(Refused):
    """The peer was not reached: ``why`` is ``network``, ``refused``, ``silent``, ``cut-off``,
    ``not-the-server`` (something else answered), ``certificate``,
    ``plain-http``, or ``no-address`` where sticks are all there is."""


class PeerDeclined(Refused):
    """The peer answered, with its signature, that it will not: ``why``."""


class PeerStrange(Refused):
    """The peer's signed answers make no sense; one of the two programs is broken."""


class Peer(NamedTuple):
    """Where a node is and by which keys it signs."""

    name: str
    url: str
    keys: tuple[bytes, ...]
    authority: bytes = b""
    """PEM; empty for plain HTTP on loopback."""
    host: str = ""
    """The name in its certificate when it is not that of the URL, as at a counter's own door."""


class Patience(NamedTuple):
    """How long a peer is waited for, in seconds, and how often one request is tried."""

    connect: float
    silent: float
    """How long nothing may come."""
    attempts: int


FAR = Patience(10.0, 60.0, 4)
"""For the server; the round begins again ten minutes later anyway."""
NEAR = Patience(3.0, 20.0, 1)
"""For a sibling on the cable, which may be switched off."""


class Line:
    """A connection to one peer; counts what goes over it."""

    def __init__(
        self,
        peer: Peer,
        device: Device,
        transport: httpx.BaseTransport | None = None,
        patience: Patience = FAR,
    ) -> None:
        """``transport`` is the broken line of the tests.

        Raises:
            NoLine: plain HTTP to anywhere but this machine.
        """
        self.peer = peer
        self._device = device
        self._attempts = patience.attempts
        self._nonce = ""
        self.requests = self.sent = self.received = 0
        """Requests, and bytes of bodies up and down."""
        self._client = httpx.Client(
            base_url=peer.url,
            verify=_context(peer),
            transport=transport,
            timeout=httpx.Timeout(patience.silent, connect=patience.connect),
            follow_redirects=False,
            # The office's proxy leads out of the house; a sibling's door is in it.
            trust_env=not (peer.host or _is_loopback(peer.url)),
        )

    def close(self) -> None:
        """Hang up."""
        self._client.close()

    def ask(self, request: Request | Proof, body: bytes = b"") -> Answer:
        """The peer's signed answer. ``body`` is the request, where it was packed before.

        Raises:
            NoLine: it was not reached after some attempts.
            PeerDeclined: it signed a refusal.
            PeerStrange: it signed something that is no answer to this.
        """
        expected = _ANSWERS[type(request)]
        if isinstance(request, Hello):
            # A round begins without a nonce, also the second one over this line.
            self._nonce = ""
        path = f"/v1/{'ids' if isinstance(request, AskIds) else type(request).__name__.lower()}"
        status, body = self.exchange("POST", path, body or pack(request))
        try:
            if status == 409:
                return unpack(NotMyHistory, body)
            if status != 200:
                raise PeerDeclined(why=unpack(Declined, body).why)
            answer = unpack(expected, body)
        except BodyWrong as e:
            raise PeerStrange() from e
        if isinstance(answer, Welcome):
            self._nonce = answer.nonce
        return answer  # type: ignore[return-value]

    def exchange(self, method: str, target: str, body: bytes = b"") -> tuple[int, bytes]:
        """Status and body of one signed request, once the answer's own signature is right.

        Raises:
            NoLine: as ``ask``.
        """
        # A request may have been carried out although its answer was lost: every one of them can
        # be said twice.
        for attempt in stamina.retry_context(
            on=_worth_another, attempts=self._attempts, wait_initial=0.5, wait_max=20, timeout=None
        ):
            with attempt:
                return self._once(method, target, body)
        raise AssertionError("the last attempt returns or raises")

    def _once(self, method: str, target: str, body: bytes) -> tuple[int, bytes]:
        signature = sign_request(self._device, method, target, body, self._nonce)
        headers = {
            DEVICE: self._device.id,
            SIGNATURE: signature,
            NONCE: self._nonce,
            "content-type": BODY_TYPE,
        }
        extensions = {"sni_hostname": self.peer.host} if self.peer.host else {}
        try:
            answer = self._client.request(
                method, target, content=body, headers=headers, extensions=extensions
            )
        except httpx.UnsupportedProtocol as e:
            raise NoLine(why="plain-http") from e
        except httpx.ConnectError as e:
            raise NoLine(why=_why_unconnected(e)) from e
        except httpx.TimeoutException as e:
            raise NoLine(why="silent") from e
        except httpx.ProxyError as e:
            raise NoLine(why="not-the-server") from e
        except httpx.NetworkError as e:
            raise NoLine(why="cut-off") from e
        except (httpx.ProtocolError, httpx.DecodingError) as e:
            raise NoLine(why="cut-off") from e
        self.requests += 1
        self.sent += len(body)
        self.received += len(answer.content)
        said = answer.headers.get(SIGNATURE, "")
        right = answer_is_by(self.peer.keys, said, signature, answer.status_code, answer.content)
        if not right:
            raise NoLine(why="not-the-server")
        return answer.status_code, answer.content


def run_round(
    store: Store,
    line: Line,
    hello: Hello,
    pages: int = 0,
    told: Callable[[Request, Answer], None] | None = None,
) -> Outcome:
    """One round over a line. ``told`` hears every question and its answer, for progress.

    Raises:
        NoLine, PeerDeclined, PeerStrange: as ``Line.ask``; what was stored until then stays.
    """
    tail = Tail(store, line.peer.name)
    asking = round_with(store, line.peer.name, hello, pages, tail)
    with ThreadPoolExecutor(1) as beside:
        try:
            request, body = next(asking), b""
            while True:
                # While the peer takes one page the next is read and packed; the round itself
                # stands still meanwhile.
                early = beside.submit(_packed, tail) if isinstance(request, Push) else None
                answer = line.ask(request, body)
                following, packed = early.result() if early else (None, b"")
                if told is not None:
                    told(request, answer)
                request = asking.send(answer)
                body = packed if request is following else b""
        except StopIteration as end:
            outcome: Outcome = end.value
            return outcome
        except Unexpected as e:
            raise PeerStrange() from e


def _packed(tail: Tail) -> tuple[Push | None, bytes]:
    push = tail.ahead()
    return push, pack(push) if push else b""


def _worth_another(error: Exception) -> bool:
    """A line may come back; a wrong certificate or somebody else's page will not in seconds."""
    return isinstance(error, NoLine) and error.facts["why"] in ("network", "silent", "cut-off")


def _why_unconnected(error: httpx.ConnectError) -> str:
    text = str(error)
    if "CERTIFICATE" in text or "certificate" in text:
        return "certificate"
    if "SSL" in text:
        return "not-the-server"
    return "refused" if "refused" in text else "network"


def _context(peer: Peer) -> ssl.SSLContext | bool:
    if not peer.url:
        raise NoLine(why="no-address")
    if peer.authority:
        return client_context(peer.authority)
    if not _is_loopback(peer.url):
        raise NoLine(why="plain-http")
    return False


def _is_loopback(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"
