"""A counter the server does not know proves that it does: by the server's own signed lines.

A server restored from a backup older than an enrolment has forgotten that counter, and may take
nothing from a stranger. But the counter holds the enrolment the server once signed.
"""

from __future__ import annotations

from collections.abc import Callable

import msgspec
from sqlalchemy import bindparam, select
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from db import engine as engines
from db.district.server import District
from db.district.tables import devices
from db.engine import Prepared
from db.entry import Entry, Malformed, parse, verify
from db.identity import SERVER, device_id
from db.kinds import CounterEnrolled
from db.refused import Refused
from db.replication.door import Askers, Door, Known, body_of, target_of
from db.replication.enrolment import is_recipient
from db.replication.messages import Declined, Proof, Pushed
from db.replication.peers import Asker
from db.replication.store import JournalFeed
from db.replication.wire import DEVICE, SIGNATURE, BodyWrong, request_is_by, unpack
from db.seed import named
from db.tables import put

MOST = 1_000
"""Lines of a proof; a counter has one for every time it was lent other numbers."""
_put_device = Prepared(put(devices, keep=True))
_get_device = Prepared(select(devices.c.dev).where(devices.c.dev == bindparam("dev")))


def known_whole(server: District) -> Callable[[str], Known | None]:
    """Whom the server knows, and whom bundles for it are encrypted to.

    A sibling may have given a forgotten counter's enrolment back before that counter came; the rest
    only the counter itself can tell, so it is asked for its proof all the same.
    """
    askers = Askers(server.engine)

    def known(device: str) -> Known | None:
        found = askers(device)
        if found is None:
            return None
        with engines.reading(server.engine) as connection:
            there = _get_device.run(connection, {"dev": device})
        return found if there else None

    return known


class Proving:
    """The route for a device that is unknown and says that it should not be."""

    def __init__(self, server: District, door: Door, feed: JournalFeed) -> None:
        self._server, self._door, self._feed = server, door, feed

    async def prove(self, request: Request) -> Response:
        """Take the lines in when all of them are the server's own and about who asks."""
        device = request.headers.get(DEVICE, "")[:40]
        try:
            body = await body_of(request)
            proof = unpack(Proof, body)
            if not is_recipient(proof.recipient) or len(proof.lines) > MOST:
                raise BodyWrong(why="form")
            enrolment = await run_in_threadpool(self._enrolment, proof, device)
            # No nonce: a stranger was given none, and the same proof twice changes nothing.
            said, target = request.headers.get(SIGNATURE, ""), target_of(request)
            if enrolment is None or not request_is_by(
                (_key_in(enrolment),), said, request.method, target, body, ""
            ):
                return self._door.say(request, 401, Declined("unknown-device"))
            asker = Asker(device, enrolment.says.com)
            pushed = await run_in_threadpool(self._take, asker, proof)
            return self._door.say(request, 200, pushed)
        except Refused as refused:
            return self._door.decline(request, refused)

    def _enrolment(self, proof: Proof, device: str) -> Entry | None:
        """The device's enrolment; None when any line is not the server's word about it."""
        keys = tuple(map(bytes.fromhex, self._server.facts.keys))
        about = {
            "counter.enrolled": named("counter", device).hex(),
            "counter.revoked": named("revoked", device).hex(),
        }
        found: Entry | None = None
        for line in proof.lines:
            try:
                entry = parse(line)
            except Malformed:
                return None
            says = entry.says
            if says.dev != SERVER or about.get(says.k) != says.obj:
                return None
            if not any(verify(entry, key) for key in keys):
                return None
            if says.k == "counter.enrolled" and device_id(_key_in(entry)) == device:
                found = entry
        return found

    def _take(self, asker: Asker, proof: Proof) -> Pushed:
        pushed = self._feed.take(asker, proof.lines)
        kept = dict.fromkeys(column.name for column in devices.columns)
        row = {**kept, "dev": asker.dev, "recipient": proof.recipient}
        with engines.writing(self._server.engine) as connection:
            _put_device.run(connection, row)
        return pushed


def _key_in(enrolment: Entry) -> bytes:
    """The device's key; empty in a body of a shape this program does not know."""
    try:
        return bytes.fromhex(msgspec.convert(enrolment.says.body, CounterEnrolled).public_key)
    except msgspec.ValidationError:
        return b""
