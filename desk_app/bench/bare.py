"""The floor of the replication bench: a bare ASGI application that unpacks what it is sent and puts
the lines away, one transaction a request; no signatures, no fold, no index but the key.

``python -m desk_app.bench.bare FILE|URL`` prints its port as JSON.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import zstandard
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from db.replication.listening import bound, serve

MOST = 50_000_000

Put = Callable[[Sequence[bytes]], None]


def main() -> int:
    """Serve until killed."""
    place = sys.argv[1]
    put = _postgres(place) if place.startswith("postgresql:") else _sqlite(Path(place))

    async def push(request: Request) -> Response:
        body = await request.body()
        plain = zstandard.ZstdDecompressor().decompress(body, max_output_size=MOST)
        await run_in_threadpool(put, plain.splitlines())
        return Response(b"done")

    listening = bound("127.0.0.1", 0)
    print(json.dumps({"port": listening.getsockname()[1]}), flush=True)
    serve(Starlette(routes=[Route("/push", push, methods=["POST"])]), listening, None)
    return 0


def _sqlite(file: Path) -> Put:
    from db.engine import open_engine

    raw: Any = open_engine(file, bytes(32)).raw_connection()
    raw.cursor().execute("CREATE TABLE floor (id BLOB PRIMARY KEY, line BLOB)")

    def put(lines: Sequence[bytes]) -> None:
        cursor = raw.cursor()
        cursor.execute("BEGIN IMMEDIATE")
        rows = ((bytes.fromhex(line[:64].decode()), line) for line in lines)
        cursor.executemany("INSERT INTO floor VALUES (?, ?)", rows)
        cursor.execute("COMMIT")

    return put


def _postgres(url: str) -> Put:
    import psycopg

    connection = psycopg.connect(url)
    connection.execute("CREATE TABLE floor (id bytea PRIMARY KEY, line bytea)")
    connection.commit()

    def put(lines: Sequence[bytes]) -> None:
        with connection.cursor() as cursor, cursor.copy("COPY floor FROM STDIN") as copy:
            for line in lines:
                copy.write_row((bytes.fromhex(line[:64].decode()), line))
        connection.commit()

    return put


if __name__ == "__main__":
    sys.exit(main())
