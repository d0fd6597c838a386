"""T13: the readers of what comes from outside, led by the code they reach (atheris, Linux).

    python tests/faults/t13_fuzz.py line|body|bundle|card|receipt|file [-max_total_time=3600] [-runs=…]

Whatever the bytes are, a reader gives a value or its own refusal; anything else ends the run, and so
does five seconds or 1 GB for one input.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import functools
import io
import struct
import sys
import tempfile
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import atheris

with atheris.instrument_imports(include=["db", "desk_app.rules", "msgspec"]):
    from db.entry import Malformed, parse
    from db.replication import bundle
    from db.replication.blobs import PATH, BlobDoor
    from db.replication.door import Door, Known
    from db.replication.enrolment import Apply, Enrolled
    from db.replication.messages import (
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
        Stored,
        Sum,
        Welcome,
    )
    from db.replication.wire import DEVICE, NONCE, SIGNATURE, BodyWrong, pack, sign_request, unpack
    from desk_app.rules.card import read_card
    from desk_app.services import receipt_scans

import pyrage
import zstandard
from sqlalchemy import insert
from starlette.applications import Starlette

from db import engine as engines
from db import tables
from db.district.server import make_district, open_district
from db.identity import new_device
from db.replication.peers import Asker
from db.replication.store import JournalFeed
from db.trust import Trust
from desk_app.services.receipts import SIGNED_MARK, SIGNED_PREFIX

ASKS = (Hello, AskIds, Push, Pull, Proof, Apply)
ANSWERS = (Welcome, Ids, Pushed, Page, Enrolled, Stored, Declined, NotMyHistory)
KINDS = (*ASKS, *ANSWERS)
HEADERS = (DEVICE, NONCE, SIGNATURE)
SHA = "ab" * 32
DUE, EP = "2026-11-30T16:30:00+07:00", "0123456789abcdef"
OTHER_PLACES = str.maketrans("", "", "/?#")
Headers = list[tuple[bytes, bytes]]
_folder = tempfile.TemporaryDirectory()
_squeeze = zstandard.ZstdCompressor(level=1).compress
_identity = pyrage.x25519.Identity.generate()


def line(data: bytes) -> None:
    """One line of a journal."""
    try:
        entry = parse(data)
    except Malformed:
        return
    assert entry.line == data


_plain = [
    zstandard.ZstdDecompressor().decompress(pack(message))
    for message in (
        Hello("S", "H24", Sum(), Sum(), "0" * 16, "2026-11-26T20:00:00+07:00"),
        AskIds(of="own", after="0" * 64),
        Push(lines=(b"{}\n",)),
        Pull(),
    )
]


def body(data: bytes) -> None:
    """A body of the wire: as it came, as if its packing were right, and a true one bent."""
    true = _plain[data[0] % len(_plain)] if data else b""
    at = data[1] % len(true) if data[1:] else 0
    bent = true[:at] + data[2:] + true[at + len(data[2:]) :]
    for given in (data, _squeeze(data), _squeeze(bent)):
        for kind in KINDS:
            try:
                unpack(kind, given)
            except BodyWrong:
                continue


def bundle_file(data: bytes) -> None:
    """A bundle: its frames, and a part whose sealing was right."""
    for sealed in bundle._frames(io.BytesIO(data).read):
        if sealed is not None:
            bundle._open(sealed, _identity)
    plain = bytes(64) + struct.pack(">I", len(data) // 2) + data
    sealed = bytes(pyrage.encrypt(plain, [_identity.to_public()]))
    bundle._open(sealed, _identity)


def card(data: bytes) -> None:
    """The code on an identity card."""
    read_card(data.decode("utf-8", "replace"))


_counter = new_device()
_trust = Trust(None, keys={_counter.id: (_counter.public_key,)})


def receipt(data: bytes) -> None:
    """The code on a receipt: as it was read, and by its fields, unsigned and signed by a counter
    that is known."""
    take, device = atheris.FuzzedDataProvider(data), _counter
    fields = [
        take.PickValueInList([usual, take.ConsumeBytes(20).decode("utf-8", "replace")])
        for usual in (
            SIGNED_MARK,
            "X-1",
            "ab" * 16,
            "1.004873",
            "Lê Thị Bảy",
            DUE,
            device.id,
            EP,
            "7",
        )
    ]
    code = "|".join(fields)
    signature = device.sign(SIGNED_PREFIX + code.encode())
    signed = f"{code}|{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"
    for text in (data.decode("utf-8", "replace"), code, signed, f"{code}|{fields[1]}"):
        with contextlib.suppress(receipt_scans.NotAReceipt):
            paper = receipt_scans.read_code(text)
            with contextlib.suppress(receipt_scans.ReceiptForged, receipt_scans.CounterUnknown):
                receipt_scans.prove(paper, _trust)


class _Files:
    """The routes of files at a server that knows one device and one file of 700 bytes."""

    def __init__(self) -> None:
        place = Path(_folder.name) / "server"
        make_district(place, ())
        server, self.device = open_district(place), new_device()
        known = Known((self.device.public_key,), Asker(self.device.id, "H24"))
        self.door = Door(
            JournalFeed(server.journal),
            server.device,
            lambda said: known if said == self.device.id else None,
            server.now,
        )
        with engines.writing(server.engine) as connection:
            row = {"sha": SHA, "n": 1, "size": 700}
            connection.execute(insert(tables.attachments), row)
        self._app = Starlette(routes=BlobDoor(self.door, server.engine, server.blobs).routes())
        self._loop = asyncio.new_event_loop()

    def signed(self, method: str, path: str, query: bytes, body: bytes) -> Headers:
        """The headers of somebody who is known."""
        nonce = self.door._new_nonce(self.device.id)
        target = f"{path}?{query.decode()}" if query else path
        signature = sign_request(self.device, method, target, body, nonce)
        said = {DEVICE: self.device.id, NONCE: nonce, SIGNATURE: signature}
        return [(name.encode(), value.encode()) for name, value in said.items()]

    def ask(self, method: str, path: str, query: bytes, headers: Headers, body: bytes) -> int:
        """The status of the answer, asked as the web server asks."""
        scope = {"type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1"}
        scope |= {"method": method, "scheme": "http", "path": unquote(path), "root_path": ""}
        scope |= {"raw_path": path.encode(), "query_string": query, "headers": headers}
        scope |= {"server": ("127.0.0.1", 80), "client": ("127.0.0.1", 9)}
        statuses: list[int] = []

        async def receive() -> dict[str, Any]:
            return {"type": "http.request", "body": body, "more_body": False}

        async def send(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                statuses.append(message["status"])

        self._loop.run_until_complete(self._app(scope, receive, send))
        return statuses[0]


_files = functools.cache(_Files)


def file(data: bytes) -> None:
    """Path, query, headers and body of a piece of a file: by anybody, and by somebody known."""
    take = atheris.FuzzedDataProvider(data)
    files, method = _files(), take.PickValueInList(["PUT", "GET"])
    name = take.PickValueInList([SHA, _visible(take.ConsumeBytes(80)).decode("ascii", "ignore")])
    query = _visible(take.PickValueInList([b"off=", b""]) + take.ConsumeBytes(20))
    query = query.decode("ascii", "ignore").encode()
    headers = [(each.encode(), _visible(take.ConsumeBytes(99))) for each in HEADERS]
    body = take.ConsumeBytes(800) if method == "PUT" else b""
    path = f"{PATH}{name.translate(OTHER_PLACES)}"
    assert files.ask(method, path, query, headers, body) in (400, 401, 404, 413)
    known = files.signed(method, path, query, body)
    assert files.ask(method, path, query, known, body) in (200, 400, 401, 404, 409, 413)


def _visible(text: bytes) -> bytes:
    """What the web server lets through."""
    return bytes(each for each in text if each > 32 and each != 127)


TARGETS = {
    "line": line,
    "body": body,
    "bundle": bundle_file,
    "card": card,
    "receipt": receipt,
    "file": file,
}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    limits = ["-timeout=5", "-rss_limit_mb=1024", "-max_len=4096", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:]], target)
    atheris.Fuzz()
