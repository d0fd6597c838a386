"""The office's mark at the head of its papers: a small PNG, kept as a text like the others."""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from io import BytesIO
from pathlib import Path
from typing import Final

from db.refused import Refused
from db.texts import PNG_URL

LARGEST: Final = 200_000
"""Bytes of a file."""
DOTS: Final = 300
"""As many as a laser printer has in an inch; the mark is smaller than that."""
COLOURS: Final = 64


class LogoRefused(Refused):
    """Not a picture that can be printed; ``why``: missing, large, kind."""


def logo_text(said: str) -> str:
    """A logo as it is published, made of a file's path or of a text that was exported.

    Raises:
        LogoRefused: nothing can be made of it.
    """
    if not said:
        return ""
    png = _decoded(said) if said.startswith(PNG_URL) else _read(Path(said))
    if len(png) > LARGEST:
        raise LogoRefused(why="large")
    return PNG_URL + b64encode(_small(png)).decode()


def _decoded(said: str) -> bytes:
    try:
        return b64decode(said.removeprefix(PNG_URL), validate=True)
    except Error as fault:
        raise LogoRefused(why="kind") from fault


def _read(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST:
            raise LogoRefused(why="large")
        return path.read_bytes()
    except (OSError, ValueError) as fault:
        raise LogoRefused(why="missing") from fault


def _small(png: bytes) -> bytes:
    """The same picture in the few dots and colours it is printed with."""
    from PIL import Image

    try:
        with Image.open(BytesIO(png), formats=["PNG"]) as picture:
            if max(picture.size) > 20 * DOTS:
                raise LogoRefused(why="large")
            shown = picture.convert("RGBA")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as fault:
        raise LogoRefused(why="kind") from fault
    shown.thumbnail((DOTS, DOTS))
    file = BytesIO()
    shown.quantize(COLOURS).save(file, "PNG", optimize=True)
    return file.getvalue()
