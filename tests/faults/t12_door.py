"""T12, the door: whatever is said to it, it answers as its own description says, and never breaks.

    python tests/faults/t12_door.py --cases 10000

By schemathesis from the OpenAPI document, unsigned and signed; then with bodies as only somebody
who knows the protocol can make them: true, bent, huge, deep, bombs, by a known and by a revoked
device.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import secrets
import sys
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
import msgspec
import pyrage
import schemathesis
import zstandard
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from t22_server import Server
from two_counters import take_in

from db.district.counters import issue_code, revoke
from db.district.server import District, make_district, open_district
from db.identity import Device
from db.replication.messages import AskIds, Hello, Proof, Pull, Push, Sum, Welcome
from db.replication.wire import BODY_TYPE, DEVICE, NONCE, SIGNATURE, pack, sign_request, unpack
from db.seed import seed as published
from desk_app.desk import Desk, open_desk
from desk_app.services.attach import attach
from desk_app.services.enrol import NewClerk, enrol_new
from desk_app.services.replicate import replicate

OFFICE = "H24.314.11749"
SIZE = 700
"""Bytes of the file that pieces are given and asked of."""
PATHS = ("/v1/hello", "/v1/ids", "/v1/push", "/v1/pull", "/v1/proof", "/v1/enrol")


class Ground:
    """A server, a counter it knows and one it has revoked, and how to speak as either."""

    def __init__(self, place: Path, server: District, url: str) -> None:
        self.server = server
        self.client = httpx.Client(base_url=url, timeout=60)
        self.devices: list[Device] = []
        for name in ("known", "revoked"):
            clerk = NewClerk("mai", "Trần Thị Mai", "mat-khau-thu-1")
            enrol_new(place / name, url, issue_code(self.server, OFFICE), clerk)
            desk = open_desk(place / name)
            self.devices.append(desk.journal.device)
            self.com = desk.journal.commune
            if name == "known":
                self.sha = _attached(place, desk)
            desk.close()
        revoke(self.server, self.devices[1].id, "Mất máy")
        self.nonces = [self._nonce(device) for device in self.devices]
        self.met: Counter[int] = Counter()

    def _nonce(self, device: Device) -> str:
        hello = Hello(device.id, self.com, Sum(), Sum(), "0" * 16, "2026-11-26T20:00:00+07:00")
        body = pack(hello)
        answer = self.client.post("/v1/hello", content=body, headers=self.headers(
            device, "/v1/hello", body, ""))  # fmt: skip
        assert answer.status_code == 200, answer.status_code
        return unpack(Welcome, answer.content).nonce

    def headers(
        self, device: Device, path: str, body: bytes, nonce: str, method: str = "POST"
    ) -> dict[str, str]:
        signature = sign_request(device, method, path, body, nonce)
        return {DEVICE: device.id, NONCE: nonce, SIGNATURE: signature, "content-type": BODY_TYPE}

    def say(self, path: str, body: bytes, who: int) -> httpx.Response:
        """A body, signed by the known (0) or the revoked (1) device."""
        device, nonce = (
            self.devices[who],
            "" if path in ("/v1/hello", "/v1/proof") else self.nonces[who],
        )
        answer = self.client.post(
            path, content=body, headers=self.headers(device, path, body, nonce)
        )
        self.met[answer.status_code] += 1
        return answer

    def ask_for_file(self, method: str, path: str, body: bytes, who: int) -> httpx.Response:
        """A piece of a file given or asked for, signed."""
        headers = self.headers(self.devices[who], path, body, self.nonces[who], method)
        answer = self.client.request(method, path, content=body, headers=headers)
        self.met[answer.status_code] += 1
        return answer


def _attached(place: Path, desk: Desk) -> str:
    """The hash of a file that an entry at the server names."""
    scan = place / "scan.png"
    scan.write_bytes(b"\x89PNG\r\n\x1a\n" + secrets.token_bytes(SIZE - 8))
    sha = attach(desk, bytes.fromhex(take_in(desk).id), scan).sha256
    assert replicate(desk).in_step
    return sha


LINES = st.binary(max_size=200).map(lambda b: b.replace(b"\n", b" ") + b"\n")
HEX = st.text("0123456789abcdef", min_size=64, max_size=64)
AGE = st.just(str(pyrage.x25519.Identity.generate().to_public())) | st.text(max_size=80)
MESSAGES: dict[str, st.SearchStrategy[Any]] = {
    "/v1/hello": st.from_type(Hello),
    "/v1/ids": st.builds(AskIds, of=st.sampled_from(("own", "all")), after=HEX),
    "/v1/push": st.builds(Push, lines=st.lists(LINES, max_size=5).map(tuple)),
    "/v1/pull": st.from_type(Pull),
    "/v1/proof": st.builds(Proof, lines=st.lists(LINES, max_size=5).map(tuple), recipient=AGE),
}


def bodies(path: str) -> st.SearchStrategy[bytes]:
    """True messages, true ones bent, heads of any JSON, depth, bombs, noise."""
    true = MESSAGES.get(path, st.from_type(Pull)).map(pack)
    json = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=20),
        lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
        max_leaves=20,
    ).map(msgspec.json.encode)
    deep = st.integers(1, 50_000).map(lambda n: b"[" * n + b"]" * n)
    squeeze = zstandard.ZstdCompressor(level=1).compress
    bomb = st.integers(1, 200).map(lambda n: squeeze(bytes(n * 1_000_000)))
    return st.one_of(
        true,
        st.builds(_bent, true, st.integers(0, 10_000)),
        st.builds(lambda head, rest: squeeze(head + b"\n" + rest), json, st.binary(max_size=99)),
        deep.map(lambda head: squeeze(head + b"\n")),
        bomb,
        st.binary(max_size=2_000),
    )


def _bent(body: bytes, at: int) -> bytes:
    bent = bytearray(body)
    bent[at % len(bent)] ^= 1 + at % 255
    return bytes(bent)


schemathesis.openapi.media_type(BODY_TYPE, st.binary(max_size=500))


@schemathesis.serializer(BODY_TYPE)
def as_it_is(context: Any, value: Any) -> Any:
    """A body of this kind is bytes already."""
    return value


QUIET = settings(
    deadline=None, database=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
)


def by_description(ground: Ground, cases: int) -> int:
    """So many cases of every operation from the document, unsigned or as they are made."""
    schema = schemathesis.openapi.from_dict(ground.client.get("/v1/openapi.json").json())
    tried = 0
    for result in schema.get_all_operations():
        operation = result.ok()

        @settings(QUIET, max_examples=max(1, cases // len(PATHS)))
        @given(case=operation.as_strategy())
        def check(case: Any) -> None:
            nonlocal tried
            tried += 1
            headers = {k: str(v).encode("ascii", "ignore").decode() for k, v in
                       dict(case.headers or {}).items()}  # fmt: skip
            body = case.body if isinstance(case.body, bytes) else b""
            answer = ground.client.request(
                case.method, case.formatted_path, content=body, headers=_clean(headers)
            )
            ground.met[answer.status_code] += 1
            assert str(answer.status_code) in _described(schema, case), answer.status_code

        check()
    return tried


def _clean(headers: dict[str, str]) -> dict[str, str]:
    return {k: "".join(c for c in v if 32 <= ord(c) < 127) for k, v in headers.items()}


def _described(schema: Any, case: Any) -> set[str]:
    operations = schema.raw_schema["paths"][case.path]
    return set(operations.get(case.method.lower(), {}).get("responses", {"405": None}))


def by_knowledge(ground: Ground, cases: int) -> int:
    """So many signed bodies to every path; nothing but what is described, and 5xx never."""
    described = {"200", "400", "401", "403", "409", "413", "429"}
    tried = 0
    for path in PATHS:

        @settings(QUIET, max_examples=max(1, cases // len(PATHS)))
        @given(body=bodies(path), who=st.integers(0, 1))
        def check(path: str, body: bytes, who: int) -> None:
            nonlocal tried
            tried += 1
            assert str(ground.say(path, body, who).status_code) in described

        check(path)
    return tried + _files(ground, max(1, cases // len(PATHS)))


def _files(ground: Ground, cases: int) -> int:
    """Pieces of files given and asked for: of the one an entry names, of others, at any place."""
    shas = st.sampled_from((ground.sha, ground.sha, "0" * 64, "x" * 64, "0" * 63, "%2e%2e"))
    places = st.integers(-2, 3 * SIZE).map(str) | st.sampled_from(("", "1e9", "99999999", "٣"))
    tried = 0

    @settings(QUIET, max_examples=cases)
    @given(
        st.sampled_from(("PUT", "GET")), shas, places, st.binary(max_size=400), st.integers(0, 1)
    )
    def check(method: str, sha: str, place: str, piece: bytes, who: int) -> None:
        nonlocal tried
        tried += 1
        path = str(httpx.URL(f"/v1/blob/{sha}", params={"off": place}).raw_path, "ascii")
        answer = ground.ask_for_file(method, path, piece if method == "PUT" else b"", who)
        assert str(answer.status_code) in {"200", "400", "401", "403", "404", "409", "413"}

    check()
    return tried


def run(place: Path, cases: int) -> dict[str, Any]:
    """Half the cases each way; the statuses met, and the server's memory at its highest (MB)."""
    with _ground(place) as (ground, most):
        tried = by_description(ground, cases // 2) + by_knowledge(ground, cases // 2)
        return {"cases": tried, "statuses": dict(sorted(ground.met.items())), "most_mb": most()}


def refused(place: Path, bodies: int) -> tuple[int, int]:
    """The server's memory at its highest (MB), before and after so many bodies that swell."""
    with _ground(place) as (ground, most):
        before = most()
        bomb = zstandard.ZstdCompressor(level=1).compress(bytes(19_000_000))
        for _ in range(bodies):
            assert ground.say("/v1/ids", bomb, 0).status_code in (400, 413)
        return before, most()


@contextlib.contextmanager
def _ground(place: Path) -> Iterator[tuple[Ground, Callable[[], int]]]:
    make_district(place / "server", published())
    server = open_district(place / "server")
    door = Server(place / "server", 28_000 + os.getpid() % 1_000)
    door.start()
    try:
        ground = Ground(place, server, door.url)
        yield ground, lambda: door.most_memory() // 1_000_000
        ground.client.close()
    finally:
        door.kill()
        server.close()


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cases", type=int, default=10_000)
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as place:
        print(run(Path(place), args.cases))
    return 0


if __name__ == "__main__":
    sys.exit(main())
