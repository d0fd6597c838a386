"""The server's program: the door to its counters, enrolment, and the pages for people."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable

import msgspec
from sqlalchemy import update
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from db import engine as engines
from db.blobs import lacking
from db.district.counters import lend_fresh_blocks, seal_of, take_application
from db.district.openapi import openapi
from db.district.proving import Proving, known_whole
from db.district.server import District
from db.district.tables import devices
from db.refused import Refused
from db.replication.blobs import BlobDoor
from db.replication.door import Door, body_of, target_of
from db.replication.enrolment import PATH, PROOF, Apply, CodeWrong, proof_of
from db.replication.messages import Declined, Hello, Welcome
from db.replication.peers import Asker
from db.replication.store import JournalFeed
from db.replication.wire import BODY_TYPE, SIGNATURE, BodyWrong, pack, request_is_by, unpack
from db.taking import Verify, verify_here

FREE_TRIES = 5
"""Wrong codes from one address before it has to wait, each time twice as long."""
ADDRESSES = 1_000


def district_app(
    server: District, check: Verify = verify_here, more: tuple[BaseRoute, ...] = ()
) -> Starlette:
    """The whole application; ``more`` are the pages."""
    feed = JournalFeed(server.journal, check)
    door = Door(
        feed,
        server.device,
        known_whole(server),
        server.now,
        Greeter(server),
    )
    enrolment = _Enrolment(server)
    described = openapi()

    async def description(request: Request) -> Response:
        return JSONResponse(described)

    return Starlette(
        routes=[
            *door.routes(),
            *BlobDoor(door, server.engine, server.blobs).routes(),
            Route("/v1/proof", Proving(server, door, feed).prove, methods=["POST"]),
            Route(PATH, enrolment.apply, methods=["POST"]),
            Route("/v1/openapi.json", description, methods=["GET"]),
            *more,
        ]
    )


class Greeter:
    """Notes how a counter stands, and lends it fresh numbers when it was restored."""

    def __init__(self, server: District) -> None:
        self._server = server

    def __call__(self, asker: Asker, hello: Hello, welcome: Welcome) -> Welcome:
        server = self._server
        at = server.now().isoformat(timespec="seconds")
        kept: dict[str, str] = {"seen_at": at, "hello": msgspec.json.encode(hello).decode()}
        if (hello.own, hello.all) == (welcome.own, welcome.all):
            kept["in_step_at"] = at
        with engines.writing(server.engine) as connection:
            connection.execute(update(devices).where(devices.c.dev == asker.dev).values(**kept))
        fewer = hello.own.n < welcome.own.n
        if (hello.lost or fewer) and not asker.revoked:
            lend_fresh_blocks(server, asker.dev, hello.ep)
        wanted = () if asker.revoked else self._lacking(asker.com)
        return msgspec.structs.replace(welcome, srv=server.facts.srv, want_blobs=wanted)

    def _lacking(self, commune: str) -> tuple[str, ...]:
        with engines.reading(self._server.engine) as connection:
            return lacking(connection, commune)


class _Enrolment:
    """The one route that needs no known device, and so waits for who guesses."""

    def __init__(self, server: District, clock: Callable[[], float] = time.monotonic) -> None:
        self._server, self._clock = server, clock
        self._wrong: OrderedDict[str, tuple[int, float]] = OrderedDict()

    async def apply(self, request: Request) -> Response:
        address = request.client.host if request.client else ""
        if self._must_wait(address):
            return self._no(429, "wait")
        try:
            body = await body_of(request)
            application = unpack(Apply, body)
            key = bytes.fromhex(application.public_key)
            signature = request.headers.get(SIGNATURE, "")
            if not request_is_by((key,), signature, "POST", target_of(request), body, ""):
                return self._no(401, "signature")
            said = request.headers.get(PROOF, "")
            enrolled = await run_in_threadpool(
                take_application, self._server, application, body, said
            )
            answer = pack(enrolled)
            seal = await run_in_threadpool(seal_of, self._server, application)
            headers = {PROOF: proof_of(seal, answer)}
            return Response(answer, 200, headers, media_type=BODY_TYPE)
        except CodeWrong as wrong:
            self._count(address)
            return self._no(403, str(wrong.facts["why"]))
        except BodyWrong:
            return self._no(400, "body")
        except Refused as refused:
            return self._no(503, type(refused).__name__)

    def _must_wait(self, address: str) -> bool:
        times, until = self._wrong.get(address, (0, 0.0))
        return times > FREE_TRIES and self._clock() < until

    def _count(self, address: str) -> None:
        times = self._wrong.pop(address, (0, 0.0))[0] + 1
        self._wrong[address] = (times, self._clock() + 2.0 ** min(times - FREE_TRIES, 12))
        if len(self._wrong) > ADDRESSES:
            self._wrong.popitem(last=False)

    def _no(self, status: int, why: str) -> Response:
        return Response(pack(Declined(why)), status, media_type=BODY_TYPE)
