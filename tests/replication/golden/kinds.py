"""Golden lines of every kind: once with nothing but what it must have, once with every field.

    python tests/replication/golden/kinds.py tests/replication/golden/v2/kinds.lines

Run once a release, with the kinds of that day; what is written never changes again. The values
mean nothing, but for their shape. The key is the goldens' own and guards nothing.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from msgspec import NODEFAULT
from msgspec import inspect as shapes

from db.entry import Entry, Envelope, seal
from db.identity import device_from
from db.kinds import KINDS

DEVICE = device_from(bytes(range(32)))
SAMPLES = (
    "2026-11-26T09:41:00+07:00",
    "2026-11-26",
    "0c" * 32,
    "0d" * 16,
    "0912345678",
    "mai",
    "0e" * 8,
    "11-26",
    'Đủ "bản"\\ chính\n\t₫',
)
"""Tried in this order where a field is a text of a certain form; the last where it is of none."""
CORRECTION = {"applicant.name": "Đặng Thị Ánh", "fee": {"amount": 2**53 - 1}, "purpose": None}
"""What nobody can guess from the shape: any value goes there."""


def golden_lines() -> Iterator[Entry]:
    """A bare line and a full one of every kind, each the parent of the next."""
    before = ""
    for seq, ((name, version), whole) in enumerate(
        ((kind, whole) for kind in sorted(KINDS) for whole in (False, True)), start=1
    ):
        shape = shapes.type_info(KINDS[name, version])
        says = Envelope(
            v=1, dev=DEVICE.id, ep="00112233445566ff", seq=seq, prev=before, com="11749",
            obj="0f" * 16, par=(before,) if before else (), k=name, kv=version,
            ts=SAMPLES[0], ck="ok", by="mai", body=value_of(shape, whole),
        )  # fmt: skip
        entry = seal(says, DEVICE.sign)
        before = entry.id
        yield entry


def value_of(shape: shapes.Type, whole: bool, but: Any = None) -> Any:
    """A value of a shape; with everything it may have, or nothing it may leave out. ``but``: what
    is left out anyway, being the default."""
    match shape:
        case shapes.StructType(fields=fields):
            wanted = [f for f in fields if whole or _must(f)]
            return {f.encode_name: value_of(f.type, whole, f.default) for f in wanted}
        case shapes.StrType(pattern=None):
            return SAMPLES[-1]
        case shapes.StrType(pattern=str() as pattern):
            return next(s for s in SAMPLES if re.search(pattern, s))
        case shapes.IntType(ge=least):
            return (least or 0) + 7 * whole
        case shapes.BoolType():
            return but is not True
        case shapes.LiteralType(values=values):
            return next(v for v in reversed(values) if v != but)
        case shapes.VarTupleType(item_type=item, min_length=least):
            return [value_of(item, whole)] * (2 if whole else least or 0)
        case shapes.TupleType(item_types=items):
            return [value_of(item, whole) for item in items]
        case shapes.DictType(value_type=value):
            if isinstance(value, shapes.AnyType):
                return CORRECTION if whole else {}
            return {"title": value_of(value, whole)} if whole else {}
        case shapes.UnionType(types=types):
            some = next(t for t in types if not isinstance(t, shapes.NoneType))
            return value_of(some, whole)
        case _:
            raise AssertionError(shape)


def _must(field: shapes.Field) -> bool:
    return field.required and field.default is NODEFAULT


if __name__ == "__main__":
    Path(sys.argv[1]).write_bytes(b"".join(entry.line for entry in golden_lines()))
