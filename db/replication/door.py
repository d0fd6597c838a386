"""The routes of a node that answers: signed questions in, signed answers out.

The district server opens it to its counters, and a counter to its siblings on the office's cable.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
import time
import traceback
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import NamedTuple

from anyio import CapacityLimiter, to_thread
from msgspec import Struct
from sqlalchemy import Engine
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from db import engine as engines
from db.identity import SERVER, Device
from db.projection import references_stamp
from db.refused import Refused
from db.replication.messages import AskIds, Declined, Hello, NotMyHistory, Pull, Push, Welcome
from db.replication.peers import Asker, Feed
from db.replication.protocol import answer
from db.replication.wire import (
    BODY_TYPE,
    DEVICE,
    MAX_BODY,
    NONCE,
    SIGNATURE,
    BodyWrong,
    pack,
    request_is_by,
    sign_answer,
    unpack,
)
from db.trust import Trust, read_trust

NONCE_LIVES = 3_600
"""Seconds a nonce may be used; a round that takes longer says hello again."""
AT_ONCE = 4
"""Questions answered at a time, beside one push: more together are no faster, and each has a page
of four million bytes in its hands."""

Question = type[AskIds] | type[Push] | type[Pull]
Greet = Callable[[Asker, Hello, Welcome], Welcome]
"""What the node adds to its welcome, and what it notes of the hello."""


class Known(NamedTuple):
    """A device that may ask: its keys, and as whom it asks."""

    keys: tuple[bytes, ...]
    asker: Asker


class Askers:
    """Who may ask, read again whenever somebody was enrolled or revoked.

    The server answers every counter; a counter the others of its one ``commune``.
    """

    def __init__(self, engine: Engine, own: str = SERVER, commune: str = "") -> None:
        self._engine, self._own, self._commune = engine, own, commune
        self._stamp = b"-"
        self._trust: Trust | None = None

    def __call__(self, device: str) -> Known | None:
        """The device's keys and commune; None for a stranger."""
        with engines.reading(self._engine) as connection:
            stamp = references_stamp(connection)
            if self._trust is None or stamp != self._stamp:
                self._trust, self._stamp = read_trust(connection), stamp
        trust = self._trust
        if device in (SERVER, self._own) or device not in trust.keys:
            return None
        com = trust.communes[device]
        if self._commune not in ("", com):
            return None
        return Known(trust.keys[device], Asker(device, com, device in trust.revoked))


class Signed(NamedTuple):
    """A request whose signature was right."""

    asker: Asker
    body: bytes
    signature: str


class Door:
    """Checks who asks, asks the feed, signs the answer. One push at a time."""

    def __init__(
        self,
        feed: Feed,
        identity: Device,
        known: Callable[[str], Known | None],
        now: Callable[[], datetime],
        greet: Greet | None = None,
    ) -> None:
        self._feed, self._identity, self._known = feed, identity, known
        self._now, self._greet = now, greet
        self._secret = secrets.token_bytes(32)
        # Who waits here waits without a thread: two hundred that push keep nobody from asking.
        self._pushing, self._reading = CapacityLimiter(1), CapacityLimiter(AT_ONCE)

    def routes(self) -> Sequence[Route]:
        """What to mount."""
        return (
            Route("/v1/hello", self._hello, methods=["POST"]),
            Route("/v1/ids", self._answering(AskIds), methods=["POST"]),
            Route("/v1/push", self._answering(Push), methods=["POST"]),
            Route("/v1/pull", self._answering(Pull), methods=["POST"]),
        )

    async def _hello(self, request: Request) -> Response:
        try:
            signed = await self.signed(request, nonce=False)
            hello = unpack(Hello, signed.body)
            if (hello.dev, hello.com) != (signed.asker.dev, signed.asker.com):
                raise No(403, "not-yourself")
            welcome = await run_in_threadpool(self._welcome, signed.asker, hello)
            return self.say(request, 200, welcome)
        except No as no:
            return self.say(request, no.status, Declined(no.why))
        except Refused as refused:
            return self.decline(request, refused)

    def _welcome(self, asker: Asker, hello: Hello) -> Welcome:
        own, all_ = self._feed.sums(asker)
        welcome = Welcome(
            dev=self._identity.id,
            own=own,
            all=all_,
            now=self._now().isoformat(timespec="seconds"),
            nonce=self._new_nonce(asker.dev),
            revoked=asker.revoked,
        )
        return self._greet(asker, hello, welcome) if self._greet else welcome

    def _answering(self, kind: Question) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            try:
                signed = await self.signed(request)
                if signed.asker.revoked and kind is not Push:
                    raise No(403, "revoked")
                turn = self._pushing if kind is Push else self._reading
                given = await to_thread.run_sync(self._give, kind, signed, limiter=turn)
                return self.say(request, 409 if isinstance(given, NotMyHistory) else 200, given)
            except No as no:
                return self.say(request, no.status, Declined(no.why))
            except Refused as refused:
                return self.decline(request, refused)

        return respond

    def _give(self, kind: Question, signed: Signed) -> Struct:
        question: AskIds | Push | Pull = unpack(kind, signed.body)
        return answer(self._feed, signed.asker, question)

    async def signed(self, request: Request, nonce: bool = True) -> Signed:
        """The body of a request, once it is sure who sent it.

        Raises:
            No: it is not; the refusal's status and word are the answer.
        """
        known = await run_in_threadpool(self._known, request.headers.get(DEVICE, "")[:40])
        if known is None:
            raise No(401, "unknown-device")
        said = request.headers.get(NONCE, "") if nonce else ""
        if nonce and not self._is_nonce(said, known.asker.dev):
            raise No(401, "nonce")
        body = await body_of(request)
        signature = request.headers.get(SIGNATURE, "")
        target = target_of(request)
        if not request_is_by(known.keys, signature, request.method, target, body, said):
            raise No(401, "signature")
        return Signed(known.asker, body, signature)

    def say(self, request: Request, status: int, message: Struct) -> Response:
        """A message as a signed answer to this request."""
        return self.say_bytes(request, status, pack(message), BODY_TYPE)

    def say_bytes(self, request: Request, status: int, body: bytes, media_type: str) -> Response:
        """Bytes as a signed answer to this request."""
        asked = request.headers.get(SIGNATURE, "")
        signature = sign_answer(self._identity, asked, status, body)
        return Response(body, status, {SIGNATURE: signature}, media_type=media_type)

    def decline(self, request: Request, refused: Refused) -> Response:
        """A refusal of this node's own as a signed answer."""
        _let_go(refused)
        if isinstance(refused, BodyWrong):
            why = str(refused.facts["why"])
            return self.say(request, 413 if why == "size" else 400, Declined(f"body-{why}"))
        # The world's faults here: disk full, database gone. The asker keeps what it has.
        return self.say(request, 503, Declined(type(refused).__name__))

    def _new_nonce(self, device: str) -> str:
        issued = str(int(time.monotonic()))
        return f"{issued}.{self._seal(issued, device)}"

    def _is_nonce(self, nonce: str, device: str) -> bool:
        issued, _, seal = nonce.partition(".")
        if not issued.isascii() or not issued.isdecimal() or len(issued) > 12:
            return False
        young = time.monotonic() - int(issued) < NONCE_LIVES
        return young and hmac.compare_digest(seal.encode(), self._seal(issued, device).encode())

    def _seal(self, issued: str, device: str) -> str:
        text = f"{issued} {device}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()[:32]


def application(door: Door) -> Starlette:
    """An application that is a door and nothing else."""
    return Starlette(routes=door.routes())


class No(Exception):
    """The signed answer is a status and a word."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


def _let_go(error: BaseException | None) -> None:
    """Free what the frames of a refusal held: a body unpacked is up to 8 MB, and what comes from a
    thread hangs in a ring with its future, until Python looks for rings; 900 MB had gathered."""
    while error is not None:
        traceback.clear_frames(error.__traceback__)
        error = error.__context__


def target_of(request: Request) -> str:
    """Path and query, as they are signed."""
    query = request.url.query
    return f"{request.url.path}?{query}" if query else request.url.path


async def body_of(request: Request) -> bytes:
    """The body, read no further than it may be long.

    Raises:
        BodyWrong: it is longer, or was cut off.
    """
    parts: list[bytes] = []
    room = MAX_BODY
    try:
        async for part in request.stream():
            room -= len(part)
            if room < 0:
                raise BodyWrong(why="size")
            parts.append(part)
    except ClientDisconnect as e:
        raise BodyWrong(why="cut-off") from e
    return b"".join(parts)
