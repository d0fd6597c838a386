"""The demonstration counter: Tú Sơn commune, two clerks, synthetic dossiers of the last weeks."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from db.hours import is_working_day
from db.kinds import ProcedurePublished
from db.parts import PaperCount
from desk_app import settings as settings_file
from desk_app.clock import local_clock
from desk_app.desk import Desk, open_desk
from desk_app.resources import resource
from desk_app.rules.card import Card, read_card
from desk_app.rules.people import PersonTyped
from desk_app.services.create_counter import CounterExists, create_counter
from desk_app.services.dossier_form import DossierForm
from desk_app.services.procedures import USUAL
from desk_app.services.receipts import paper_printed, write_receipt
from desk_app.services.receive import receive
from desk_app.settings import FILE, Settings

OFFICE = "H24.314.11749"
COUNTER = 2
PASSWORD = "motcua-demo"
CLERKS = {
    "mai": ("Trần Thị Mai", "clerk", PASSWORD),
    "hung": ("Phạm Văn Hùng", "chief", PASSWORD),
}
DAYS, A_DAY = 15, 3
SAMPLE_CARD = (
    "031190999992||Phạm Thị Thử Hai|12121990|Nữ|"
    "Tổ dân phố 3, TT Núi Đối, Kiến Thụy, Hải Phòng|25122021"
)
"""An invented identity card (its number was chosen to be unlikely)."""


def open_demo(data: Path) -> Desk:
    """The demo counter in this folder, made on first use.

    Raises:
        CounterExists: a real counter is there; nobody invented is ever taken in at it.
    """
    if not (data / FILE).exists():
        settings = Settings(office=OFFICE, counter=COUNTER, clerk="mai", demo=True)
        zone = local_clock(settings.time_zone)
        first = zone() - timedelta(days=DAYS * 7 // 5 + 3)
        create_counter(data, settings, CLERKS, now=lambda: first)
        _fill(data, first, zone())
    elif not settings_file.load(data).demo:
        raise CounterExists(path=str(data))
    return open_desk(data)


def receive_sample(desk: Desk) -> DossierForm:
    """A whole form from the sample card, as the clerk would fill it by scan and two keys."""
    card = read_card(SAMPLE_CARD)
    assert isinstance(card, Card)
    with desk.reading() as connection:
        procedure = desk.published(connection).procedure("1.004873", desk.now().date())
    assert procedure is not None
    return DossierForm(
        procedure=procedure.says.code,
        applicant=PersonTyped(
            name=card.name,
            id_number=card.id_number,
            born=card.born,
            sex=card.sex,
            address=card.address,
            phone="0912 345 678",
        ),
        papers=required(procedure.says),
        ticked_together=True,
    )


def required(procedure: ProcedurePublished) -> tuple[PaperCount, ...]:
    """The papers the law asks for, as handed in complete."""
    return tuple(
        PaperCount(
            name=p.name,
            originals=p.originals,
            certified=p.certified,
            copies=p.copies,
            shown=p.shown or not (p.originals or p.certified or p.copies),
        )
        for p in procedure.papers
        if p.required
    )


def people(seed: int) -> Iterator[PersonTyped]:
    """Synthetic citizens without end; the same seed gives the same people."""
    dice = random.Random(seed)
    names = json.loads(resource("catalogue/names.json").read_bytes())
    villages = [
        v["village"]
        for v in json.loads(resource("catalogue/villages.json").read_bytes())
        if v["commune"] == "Tú Sơn"
    ] or ["Thôn 1", "Thôn 2", "Thôn 3"]
    serial = seed % 1_000 * 1_000
    while True:
        serial += 1
        sex = dice.choice(("male", "female"))
        year = dice.randint(1950, 2006)
        century = (0 if year < 2000 else 2) + (sex == "female")
        family, middle, given = (
            dice.choices(list(part), list(part.values()))[0]
            for part in (names["family"], names["middle"][sex], names["given"][sex])
        )
        yield PersonTyped(
            name=f"{family} {middle} {given}",
            id_number=f"031{century}{year % 100:02d}{serial % 1_000_000:06d}",
            born=f"{dice.randint(1, 28):02d}/{dice.randint(1, 12):02d}/{year}",
            sex="Nam" if sex == "male" else "Nữ",
            address=f"{dice.choice(villages)}, xã Tú Sơn, huyện Kiến Thụy, thành phố Hải Phòng",
            phone=f"09{dice.randint(0, 99_999_999):08d}",
        )


def _fill(data: Path, first: datetime, until: datetime) -> None:
    """A few dossiers on each working day until yesterday, at the times they would have come."""
    hands = [first]
    desk = open_desk(data, now=lambda: hands[0])
    dice, citizens = random.Random(20), people(7)
    with desk.reading() as connection:
        published = desk.published(connection)
        choice = [p for c in USUAL if (p := published.procedure(c, until.date())) is not None]
    day = first.replace(hour=7, minute=30, second=0)
    while (day := day + timedelta(days=1)).date() < until.date():
        if not is_working_day(desk.office, day.date(), published.calendar):
            continue
        for minute in sorted(dice.sample(range(5, 235), A_DAY)):
            hands[0] = day + timedelta(minutes=minute)
            dossier = receive(desk, demo_form(dice, next(citizens), dice.choice(choice).says))
            paper_printed(desk, write_receipt(desk, bytes.fromhex(dossier.id)), "clerk")
    desk.close()


def demo_form(
    dice: random.Random, person: PersonTyped, procedure: ProcedurePublished
) -> DossierForm:
    """What a citizen hands in for a procedure, complete."""
    return DossierForm(
        procedure=procedure.code,
        applicant=person,
        papers=required(procedure),
        pages=dice.randint(1, 5),
        copies=dice.randint(1, 4),
    )
