"""One dossier on the server's pages: found by its code, shown with everything that happened."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import select

from db import engine as engines
from db import projection
from db.acts import ACTS, STATES
from db.district.counters import counters
from db.district.server import District
from db.dossier import Dossier
from db.tables import dossiers

WORDS = {
    **{kind: act.says for kind, act in ACTS.items()},
    "dossier.received": "Tiếp nhận",
    "dossier.corrected": "Sửa thông tin",
    "dossier.voided": "Huỷ",
    "dossier.recovered": "Dựng lại từ giấy tiếp nhận",
    "dossier.recoded": "Đổi mã",
    "dossier.linked": "Liên hệ với hồ sơ khác",
    "file.attached": "Đính kèm tệp",
    "receipt.printed": "In giấy",
    "note.added": "Ghi chú",
}
FLAGS = {
    "parallel_update": "cập nhật song song",
    "field_conflict": "xung đột",
    "void_conflict": "xung đột về huỷ",
    "received_twice": "tiếp nhận hai lần",
    "bad_correction": "sửa không hợp lệ",
    "state_conflict": "hai nơi làm khác nhau cùng lúc",
    "out_of_hand": "làm khi hồ sơ đã chuyển đi",
    "out_of_turn": "việc không đúng lượt",
    "returned_twice": "ghi nhận trả hai lần",
    "fee_twice": "thu hai lần?",
    "settled_twice": "hai người xử lý khác nhau",
}


class Found(NamedTuple):
    """A dossier in a list."""

    id: str
    code: str
    name: str
    id_number: str
    status: str


class Step(NamedTuple):
    """One thing that happened to a dossier."""

    at: str
    what: str
    by: str
    where: str
    known: bool


class Shown(NamedTuple):
    """A dossier and its history."""

    code: str
    name: str
    id_number: str
    procedure: str
    received_at: str
    due_at: str
    status: str
    flags: tuple[str, ...]
    steps: tuple[Step, ...]
    readable: bool


def find(server: District, code: str) -> list[Found]:
    """Dossiers with exactly this code; two when two counters gave the same."""
    table = dossiers.c
    with engines.reading(server.engine) as connection:
        rows = connection.execute(select(dossiers).where(table.code == code.upper()).limit(50))
        return [
            Found(bytes(r.obj).hex(), r.code, r.name, r.id_number, STATES[r.status].lower())
            for r in rows
        ]


def history(server: District, id: str) -> Shown | None:
    """One dossier by its id (32 hex digits); None when it is not here."""
    try:
        obj = bytes.fromhex(id)
    except ValueError:
        return None
    with engines.reading(server.engine) as connection:
        dossier = projection.dossier_of(connection, obj)
        where = {c.device: f"quầy {c.says.number}" for c in counters(connection)}
    return None if dossier is None else _shown(dossier, where)


def _shown(dossier: Dossier, where: dict[str, str]) -> Shown:
    facts = dossier.facts
    return Shown(
        code=facts.code,
        name=facts.applicant.name,
        id_number=facts.applicant.id_number,
        procedure=facts.procedure.name,
        received_at=facts.received_at,
        due_at=dossier.life.due_at,
        status=STATES[dossier.status].lower(),
        flags=tuple(FLAGS.get(f.name, f.name) for f in dossier.flags),
        steps=tuple(
            Step(
                e.at,
                WORDS.get(e.kind, e.kind),
                e.by,
                where.get(e.dev, "máy chủ" if e.dev == "S" else e.dev),
                e.body is not None,
            )
            for e in dossier.history
        ),
        readable=dossier.readable,
    )
