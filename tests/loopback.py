"""An ASGI application on a real socket of this machine."""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import uvicorn

from db.replication.listening import bound


@contextlib.contextmanager
def listening(app: Any, files: tuple[Path, Path] | None = None) -> Iterator[int]:
    """An ASGI application on a free port of loopback; its port."""
    with bound("127.0.0.1", 0) as place:
        config = uvicorn.Config(
            app,
            log_level="critical",
            access_log=False,
            lifespan="off",
            ssl_certfile=files[0] if files else None,
            ssl_keyfile=files[1] if files else None,
        )
        server = uvicorn.Server(config)
        ready = threading.Event()
        begun = server.startup

        async def startup(sockets: Any = None) -> None:
            await begun(sockets=sockets)
            ready.set()

        server.startup = startup  # type: ignore[method-assign]
        thread = threading.Thread(target=server.run, kwargs={"sockets": [place]})
        thread.start()
        assert ready.wait(20)
        try:
            yield place.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join(20)
