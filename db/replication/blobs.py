"""The fifth message: files in chunks, to go on where the line broke; checked by their hash."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Iterable

from sqlalchemy import Engine
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db import engine as engines
from db.blobs import CHUNK, BlobMissing, Blobs, is_of, note_held, note_lost, size_of
from db.engine import DiskFull
from db.refused import Refused
from db.replication.door import Door, No, Signed
from db.replication.messages import Declined, Stored
from db.replication.night import Line, PeerDeclined
from db.replication.wire import unpack

PATH = "/v1/blob/"
Act = Callable[[Request, Signed, str, int], Response]
_SHA = re.compile(r"[0-9a-f]{64}")


class BlobDoor:
    """The routes for files beside those of the door."""

    def __init__(self, door: Door, engine: Engine, blobs: Blobs) -> None:
        self._door, self._engine, self._blobs = door, engine, blobs

    def routes(self) -> tuple[Route, ...]:
        """What to mount."""
        place = f"{PATH}{{sha}}"
        return (
            Route(place, self._answering(self._take), methods=["PUT"]),
            Route(place, self._answering(self._give), methods=["GET"]),
        )

    def _answering(self, act: Act) -> Callable[[Request], Awaitable[Response]]:
        async def respond(request: Request) -> Response:
            try:
                sha, at = request.path_params["sha"], request.query_params.get("off", "0")
                if not _SHA.fullmatch(sha) or not (at.isascii() and at.isdecimal() and len(at) < 9):
                    raise No(400, "body-form")
                signed = await self._door.signed(request)
                if signed.asker.revoked:
                    raise No(403, "revoked")
                return await run_in_threadpool(act, request, signed, sha, int(at))
            except No as no:
                return self._door.say(request, no.status, Declined(no.why))
            except Refused as refused:
                return self._door.decline(request, refused)

        return respond

    def _take(self, request: Request, signed: Signed, sha: str, at: int) -> Response:
        stored = self._store(signed, sha, at)
        moved = stored.offset == at + len(signed.body)
        return self._door.say(request, 200 if moved else 409, stored)

    def _store(self, signed: Signed, sha: str, at: int) -> Stored:
        with engines.reading(self._engine) as connection:
            size = size_of(connection, sha)
        if not size:
            # No entry names it: nobody may fill the disk with files of his own.
            raise No(404, "blob-unknown")
        by = signed.asker.dev
        if self._blobs.has(sha):
            here = size
        elif signed.body:
            try:
                here = self._blobs.go_on(sha, by, at, signed.body, size)
            except OSError as fault:
                raise DiskFull() from fault
        else:
            here = self._blobs.begun(sha, by)
        if here == size:
            with engines.writing(self._engine) as connection:
                note_held(connection, sha)
        return Stored(offset=here, whole=here == size)

    def _give(self, request: Request, signed: Signed, sha: str, at: int) -> Response:
        with engines.reading(self._engine) as connection:
            known = is_of(connection, sha, signed.asker.com)
        try:
            content = self._blobs.get(sha) if known else b""
        except BlobMissing as e:
            # It is asked for again at the next hello.
            with engines.writing(self._engine) as connection:
                note_lost(connection, sha)
            raise No(404, "blob-missing") from e
        if not known:
            raise No(404, "blob-unknown")
        return self._door.say_bytes(
            request, 200, content[at : at + CHUNK], "application/octet-stream"
        )


def send_blob(line: Line, blobs: Blobs, sha: str) -> bool:
    """Give the peer a file it asked for, from where it stands; whether it has all of it now.

    Raises:
        NoLine: the line broke; the next round goes on where this one ended.
        BlobMissing: it is not here either.
    """
    content = blobs.get(sha)
    offset = _stored(line, sha, 0, b"").offset
    while offset < len(content):
        stored = _stored(line, sha, offset, content[offset : offset + CHUNK])
        if stored.offset <= offset:
            return False
        offset = stored.offset
    return True


def send_blobs(line: Line, blobs: Blobs, wanted: Iterable[str], largest: int) -> tuple[int, int]:
    """Give the peer what it lacks, as far as it is here and no larger; how many went and wait."""
    sent = waiting = 0
    for sha in wanted:
        try:
            content = blobs.get(sha)
            if len(content) > largest or not send_blob(line, blobs, sha):
                waiting += 1
                continue
        except (BlobMissing, PeerDeclined):
            waiting += 1
            continue
        sent += 1
    return sent, waiting


def fetch_blob(line: Line, blobs: Blobs, sha: str, size: int) -> bool:
    """Fetch a file that is not here; whether it is now.

    Raises:
        NoLine: the line broke.
    """
    content = b""
    while len(content) < size:
        status, chunk = line.exchange("GET", f"{PATH}{sha}?off={len(content)}")
        if status != 200 or not chunk:
            return False
        content += chunk
    return blobs.put(content) == sha


def _stored(line: Line, sha: str, at: int, chunk: bytes) -> Stored:
    status, body = line.exchange("PUT", f"{PATH}{sha}?off={at}", chunk)
    if status not in (200, 409):
        raise PeerDeclined(why="blob")
    try:
        return unpack(Stored, body)
    except Refused as e:
        raise PeerDeclined(why="blob") from e
