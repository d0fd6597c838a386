"""Papers as files."""

from __future__ import annotations

import errno
import os
from pathlib import Path


class FileNotWritten(Exception):
    """The disk did not take a file; ``why`` is the system's name for it, such as ENOSPC."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def write_whole(path: Path, content: bytes) -> None:
    """Write a file whole or not at all, and sync it; its folder is made when it is not there.

    Raises:
        FileNotWritten: what was at ``path`` is still there.
    """
    temporary = path.with_suffix(".new")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with temporary.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError as e:
        raise FileNotWritten(errno.errorcode.get(e.errno or 0, "OSError")) from e
