"""Dossiers from a file: submitted online, or keyed elsewhere. The format is in db/README.md."""

from __future__ import annotations

import codecs
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta, Struct

from db.dossier import Dossier
from db.parts import Count, PaperCount
from db.refused import Refused
from desk_app.desk import Desk
from desk_app.rules.card import Card, read_card
from desk_app.rules.days import check_issued
from desk_app.rules.people import PersonTyped
from desk_app.rules.remarks import Remark
from desk_app.services.dossier_form import DossierForm
from desk_app.services.find import dossier
from desk_app.services.receive import AlreadyReceived, FormIncomplete, receive

LARGEST_FILE = 20 * 1024 * 1024
KEPT_OF_CARD = {"name": "họ tên", "sex": "giới tính", "address": "địa chỉ"}
"""What an entry takes from a card and a scan may leave in doubt; the day of issue is not kept."""


class FileUnreadable(Refused):
    """The file is not a list of dossiers; ``why`` in plain words, nothing was taken."""


class PersonInFile(Struct, frozen=True, forbid_unknown_fields=True):
    """A person as the file gives them; text as people write it."""

    name: str = ""
    id_number: str = ""
    born: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    kind: Literal["citizen", "business", "state_body", "organisation", "other"] = "citizen"
    representative: str = ""


class PaperInFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One paper handed in with the dossier."""

    name: str
    originals: Count = 0
    certified: Count = 0
    copies: Count = 0


class DossierInFile(Struct, frozen=True, forbid_unknown_fields=True):
    """One dossier of the file."""

    ref: Annotated[str, Meta(min_length=1, max_length=200)]
    procedure: str
    channel: Literal["direct", "online", "postal"] = "online"
    received_at: str = ""
    applicant: PersonInFile | None = None
    card: str = ""
    submitter: PersonInFile | None = None
    papers: tuple[PaperInFile, ...] = ()
    note: str = ""
    pages: Count = 0
    copies: Count = 0
    due_at: str = ""
    """Another promise than the rule's, in local time; needs ``due_reason``."""
    due_reason: str = ""


@dataclass(frozen=True)
class Taken:
    """What became of one dossier of the file; ``line`` counts from 1."""

    line: int
    status: Literal["received", "known", "refused"]
    dossier: Dossier | None = None
    refused: Refused | None = None


def read_file(path: Path) -> list[Any]:
    """The objects of a file, not yet looked at one by one.

    Raises:
        FileUnreadable: it is missing, too large, not JSON, or not a list.
    """
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise FileUnreadable(why="too-large", path=path.name)
        # Editors on Windows put a byte order mark in front.
        found = msgspec.json.decode(path.read_bytes().removeprefix(codecs.BOM_UTF8))
    except OSError as e:
        raise FileUnreadable(why="missing", path=path.name) from e
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as e:
        raise FileUnreadable(why="not-json", path=path.name) from e
    if not isinstance(found, list):
        raise FileUnreadable(why="not-a-list", path=path.name)
    return found


def receive_all(desk: Desk, found: list[Any]) -> Iterator[Taken]:
    """Take each dossier in by itself: a bad one is refused with its reason, the rest go on."""
    for line, item in enumerate(found, start=1):
        try:
            yield Taken(line, "received", receive(desk, _form(desk, item)))
        except AlreadyReceived as known:
            id_ = known.facts["id"]
            assert isinstance(id_, bytes)
            yield Taken(line, "known", dossier(desk, id_))
        except Refused as refused:
            yield Taken(line, "refused", refused=refused)


def _form(desk: Desk, item: object) -> DossierForm:
    try:
        given = msgspec.convert(item, DossierInFile)
    except msgspec.ValidationError as e:
        raise FileUnreadable(why=str(e), path="") from e
    received_at = _moment(desk, given.received_at, "received_at")
    due_at = _moment(desk, given.due_at, "due")
    return DossierForm(
        id=hashlib.sha256(f"ref\0{desk.office.statistic_code}\0{given.ref}".encode()).digest()[:16],
        procedure=given.procedure,
        applicant=_applicant(given, desk.now().date()),
        submitter=_typed(given.submitter) if given.submitter else None,
        papers=tuple(PaperCount(**msgspec.structs.asdict(p)) for p in given.papers),
        channel=given.channel,
        received_at=received_at,
        pages=given.pages,
        copies=given.copies,
        note=given.note,
        due_override=(due_at, given.due_reason) if due_at else None,
        sender=given.ref,
    )


def _applicant(given: DossierInFile, today: date) -> PersonTyped:
    """The applicant as written, or as on the card whose raw text the file carries."""
    if not given.card:
        return _typed(given.applicant or PersonInFile())
    card = read_card(given.card)
    if not isinstance(card, Card):
        raise FormIncomplete(remarks=(Remark("card", card.name, "error"),))
    if doubts := [word for field, word in KEPT_OF_CARD.items() if field in card.doubts]:
        facts: dict[str, object] = {"fields": ", ".join(doubts)}
        raise FormIncomplete(remarks=(Remark("card", "card_doubtful", "error", facts),))
    if wrong := check_issued(card.issued, card.born, today, "card"):
        raise FormIncomplete(remarks=wrong)
    extra = given.applicant or PersonInFile()
    return PersonTyped(
        name=card.name,
        id_number=card.id_number,
        born=card.born,
        sex=card.sex,
        address=card.address,
        phone=extra.phone,
        email=extra.email,
    )


def _typed(person: PersonInFile) -> PersonTyped:
    return PersonTyped(**msgspec.structs.asdict(person))


def _moment(desk: Desk, text: str, field: str) -> datetime | None:
    """A time such as 2026-11-26T09:41, local where it has no offset; as the office's clock says."""
    if not text:
        return None
    zone = desk.now().tzinfo
    try:
        moment = datetime.fromisoformat(text)
        return moment.astimezone(zone) if moment.tzinfo else moment.replace(tzinfo=zone)
    except (ValueError, OverflowError) as e:
        facts: dict[str, object] = {"text": text[:40]}
        raise FormIncomplete(remarks=(Remark(field, "moment_unreadable", "error", facts),)) from e
