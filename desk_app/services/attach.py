"""Attach a scanned paper to a dossier, and get it back; the file follows its entry when there is a
line."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from db import engine as engines
from db.blobs import BlobMissing, note_held
from db.dossier import Dossier, File
from db.kinds import FileAttached
from db.refused import Refused
from db.replication.blobs import fetch_blob
from db.replication.night import Line
from db.trust import read_server
from desk_app.desk import Desk
from desk_app.services.correct import append_to
from desk_app.services.replicate import hello_to, peer_of

MOST_BYTES = 20_000_000
MOST_PAGES = 300
_HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")


class FileRefused(Refused):
    """Nothing was attached: ``why`` is ``missing``, ``empty``, ``large``, ``heic``, ``office``,
    ``program``, ``password``, ``pages``, ``damaged`` or ``kind``."""


class AttachedBefore(Refused):
    """The very same picture is attached to this dossier; ``name``."""


class Attached(NamedTuple):
    """The dossier afterwards, and the file's hash."""

    dossier: Dossier
    sha256: str


def attach(desk: Desk, id: bytes, path: Path, paper: str = "") -> Attached:
    """Put the file away and say so in one entry; the dossier does not wait for it.

    Raises:
        FileRefused, AttachedBefore: nothing was saved.
        UnknownDossier, UnreadableDossier, AlreadyVoided: nothing was saved.
    """
    content, kind, pages = look_at(path)
    sha = desk.blobs.put(content)
    body = FileAttached(sha, len(content), kind, path.name[:80], paper, pages)

    def entry(before: Dossier) -> FileAttached:
        for file in before.files:
            if file.sha256 == sha:
                raise AttachedBefore(name=file.name)
        return body

    after = append_to(desk, id, entry)
    with engines.writing(desk.journal.engine) as connection:
        note_held(connection, sha)
    return Attached(after, sha)


def content_of(desk: Desk, file: File) -> bytes:
    """A file of a dossier; fetched from the server when it is not here.

    Raises:
        BlobMissing: it is neither here nor at the server; the dossier is as it was.
        NoLine: it is not here, and the server was not reached.
    """
    try:
        return desk.blobs.get(file.sha256)
    except BlobMissing:
        with desk.reading() as connection:
            facts = read_server(connection)
        if facts is None:
            raise
    line = Line(peer_of(facts, desk.settings.server or facts.url), desk.journal.device)
    try:
        line.ask(hello_to(desk, line.peer.name))
        if not fetch_blob(line, desk.blobs, file.sha256, file.size):
            raise BlobMissing(sha=file.sha256)
    finally:
        line.close()
    return desk.blobs.get(file.sha256)


def look_at(path: Path) -> tuple[bytes, str, int]:
    """Content, media type and pages of a file that may be attached: a PDF, JPEG or PNG.

    Raises:
        FileRefused: it may not; ``why``.
    """
    try:
        size = path.stat().st_size
        if size > MOST_BYTES:
            raise FileRefused(why="large", path=path.name)
        content = path.read_bytes()
    except OSError as e:
        raise FileRefused(why="missing", path=path.name) from e
    if not content:
        raise FileRefused(why="empty", path=path.name)
    if content.startswith(b"%PDF-"):
        return content, "application/pdf", _pages_of(content, path.name)
    if content.startswith(b"\xff\xd8\xff"):
        return content, "image/jpeg", 1
    if content.startswith(b"\x89PNG\r\n\x1a\n"):
        return content, "image/png", 1
    raise FileRefused(why=_other_kind(content), path=path.name)


def _pages_of(content: bytes, name: str) -> int:
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(content)
    except pypdfium2.PdfiumError as e:
        why = "password" if "assword" in str(e) else "damaged"
        raise FileRefused(why=why, path=name) from e
    pages = len(document)
    document.close()
    if pages > MOST_PAGES:
        raise FileRefused(why="pages", path=name, pages=pages)
    return pages


def _other_kind(content: bytes) -> str:
    if content[4:8] == b"ftyp" and content[8:12] in _HEIC:
        return "heic"
    if content.startswith((b"MZ", b"\x7fELF")):
        return "program"
    if content.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        return "office"
    return "kind"
