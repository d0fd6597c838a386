"""T13: the readers of what comes from outside, led by the code they reach (atheris, Linux).

    python tests/faults/t13_fuzz.py line|body|bundle|card [-max_total_time=3600] [-runs=…]

Whatever the bytes are, a reader gives a value or its own refusal; anything else ends the run, and so
does a second or 256 MB for one input.
"""

from __future__ import annotations

import io
import struct
import sys

import atheris

with atheris.instrument_imports(include=["db", "desk_app.rules", "msgspec"]):
    from db.entry import Malformed, parse
    from db.replication import bundle
    from db.replication.enrolment import Apply, Enrolled
    from db.replication.messages import AskIds, Hello, Ids, Page, Proof, Pull, Push, Pushed, Welcome
    from db.replication.wire import BodyWrong, unpack
    from desk_app.rules.card import read_card

import pyrage
import zstandard

KINDS = (Hello, Welcome, AskIds, Ids, Push, Pushed, Pull, Page, Proof, Apply, Enrolled)
_squeeze = zstandard.ZstdCompressor(level=1).compress
_identity = pyrage.x25519.Identity.generate()


def line(data: bytes) -> None:
    """One line of a journal."""
    try:
        entry = parse(data)
    except Malformed:
        return
    assert entry.line == data


def body(data: bytes) -> None:
    """A body of the wire: as it came, and as if its packing were right."""
    for given in (data, _squeeze(data)):
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


TARGETS = {"line": line, "body": body, "bundle": bundle_file, "card": card}

if __name__ == "__main__":
    target = TARGETS[sys.argv.pop(1)]
    limits = ["-timeout=1", "-rss_limit_mb=1024", "-max_len=4096", "-verbosity=0"]
    atheris.Setup([sys.argv[0], *limits, *sys.argv[1:]], target)
    atheris.Fuzz()
