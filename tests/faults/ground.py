"""A small counter to break: a database, its key, its spool, and intake at journal level."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from db import engine as engines
from db import projection, tables
from db.entry import Entry
from db.identity import Device, device_from, new_device
from db.journal import Journal
from db.kinds import (
    ClerkRegistered,
    CounterEnrolled,
    DossierCorrected,
    DossierReceived,
    NoteAdded,
    OfficePublished,
    ReceiptPrinted,
)
from db.parts import ClerkFacts, Limit, OfficeFacts, Person, ProcedureFacts
from db.spool import Healed, Spool, heal

OFFICE = OfficeFacts(
    code="H21.13.9",
    name="UBND XÃ THỬ",
    upper_line="UBND HUYỆN THỬ",
    desk_line="BỘ PHẬN TIẾP NHẬN VÀ TRẢ KẾT QUẢ",
    place="Thử",
)
COMMUNE = "11749"
MORNING = datetime(2026, 11, 26, 8, 0, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))
NAMES = ("Nguyễn Văn An", "Trần Thị Bưởi", "Đặng Thị Ánh", "Lê Hoàng Ngọc Diễm", "Phạm Ỷ")


class Clock:
    """A clock that goes on by itself, a second a look, and can be set."""

    def __init__(self, start: datetime = MORNING) -> None:
        self.at = start

    def __call__(self) -> datetime:
        self.at += timedelta(seconds=1)
        return self.at


@dataclass
class Counter:
    """One opened counter."""

    folder: Path
    key: bytes
    journal: Journal
    spool: Spool | None
    healed: Healed | None
    clock: Callable[[], datetime]

    @property
    def database(self) -> Path:
        """The encrypted file."""
        return self.folder / "counter.db"

    def close(self) -> None:
        """Let go of the file without a checkpoint, as a killed program does."""
        self.journal.engine.dispose()


def found(folder: Path, *, key: bytes | None = None, device: Device | None = None) -> bytes:
    """Make the database of a new counter; returns its key."""
    folder.mkdir(parents=True, exist_ok=True)
    key, device = key or secrets.token_bytes(32), device or new_device()
    engine = engines.open_engine(folder / "counter.db", key)
    with engines.writing(engine) as connection:
        tables.create(connection)
        projection.stamp(connection)
        projection.write_meta(connection, "device", device.private_bytes())
    journal = Journal(engine, device, COMMUNE, Clock(MORNING - timedelta(hours=1)))
    with journal.saving("sang") as saving:
        saving.append(bytes(15) + b"\1", enrolment(device))
        saving.append(
            bytes(15) + b"\2",
            OfficePublished(OFFICE, COMMUNE, "H21.13", "xã", valid_from="2020-01-01"),
        )
        saving.append(
            bytes(15) + b"\3", ClerkRegistered("sang", "Vũ Thị Sáng", "clerk", "$argon2id$none")
        )
    engines.checkpoint(engine, truncate=True)
    engine.dispose()
    return key


def enrolment(device: Device, active: int = 0, reserve: int = 10) -> CounterEnrolled:
    """The entry by which a device may sign here."""
    return CounterEnrolled(device.id, device.public_key.hex(), OFFICE.code, 1, active, reserve)


def opened(
    folder: Path,
    key: bytes,
    spool: Path | None = None,
    clock: Callable[[], datetime] | None = None,
) -> Counter:
    """Open it as a program's start does: heal from the spool first."""
    engine = engines.open_engine(folder / "counter.db", key)
    with engines.reading(engine) as connection:
        kept = projection.read_meta(connection, "device")
    assert kept is not None
    device = device_from(kept)
    second = None
    if spool is not None:
        second = Spool(spool, device.id, key, beside=folder / "counter.db")
    clock = clock or Clock()
    journal = Journal(engine, device, COMMUNE, clock, second)
    healed = None if second is None else heal(journal, second)
    return Counter(folder, key, journal, second, healed, clock)


def facts(code: str, at: datetime, name: str = NAMES[0]) -> DossierReceived:
    """A dossier as the receiving page would save it."""
    return DossierReceived(
        code=code,
        procedure=ProcedureFacts("2.000815", "Chứng thực bản sao", "Chứng thực", "Tư pháp", "0"),
        channel="direct",
        received_at=at.isoformat(timespec="seconds"),
        applicant=Person(name=name, id_number="031085999991", phone="0912345678"),
        limit=Limit("same_day"),
        due_at=(at + timedelta(hours=8)).isoformat(timespec="seconds"),
        why_due="trong ngày",
        office=OFFICE,
        counter=1,
        clerk=ClerkFacts("sang", "Vũ Thị Sáng"),
        form_set="2018",
    )


def take_in(counter: Counter, obj: bytes | None = None, block: int = 0) -> tuple[str, Entry]:
    """One dossier: number, entry and tables in one transaction; its code and its entry."""
    obj = obj or secrets.token_bytes(16)
    at = counter.clock()
    with counter.journal.saving("sang") as saving:
        number = saving.draw(block, at.date().isoformat())
        code = f"{OFFICE.code}-{at:%y%m%d}-{500 * block + number:04d}"
        saving.append(obj, facts(code, at, NAMES[number % len(NAMES)]))
    return code, saving.entries[0]


def go_on_with(counter: Counter, entry: Entry) -> list[Entry]:
    """What else happens to a dossier: printed, noted, corrected."""
    obj = bytes.fromhex(entry.says.obj)
    more: list[Entry] = []
    for body in (
        ReceiptPrinted("01", 1, "printer"),
        NoteAdded("Hẹn gọi lại"),
        DossierCorrected({"applicant.phone": "0987654321"}, "gõ nhầm"),
    ):
        with counter.journal.saving("sang") as saving:
            saving.append(obj, body)
        more += saving.entries
    return more


def lines_of(counter: Counter) -> list[bytes]:
    """Every line of the journal, in its order."""
    found: list[bytes] = []
    n = 0
    while page := counter.journal.lines(n):
        found += [line for _, line in page]
        n = page[-1][0]
    return found
