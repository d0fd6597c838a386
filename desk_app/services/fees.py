"""Money at the counter: taken, given back, counted at the end of the day.

The slip this program prints is not the legal receipt; the number of the legal one is recorded.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Literal

from sqlalchemy import func, select

from db.dossier import Dossier
from db.journal import Saving
from db.refused import Refused
from db.steps import FeeRefunded, FeeTaken
from db.tables import payments
from desk_app.desk import Desk
from desk_app.rules.typed import LINE
from desk_app.services.steps import Make, put_step, stamp, standing, text_of

How = Literal["cash", "transfer", "post", "online"]
HOWS: dict[How, str] = {
    "cash": "Tiền mặt",
    "transfer": "Chuyển khoản",
    "post": "Qua bưu điện",
    "online": "Trực tuyến",
}


class NothingOwed(Refused):
    """The fee is paid, or none is asked; ``code``."""


class MoreThanPaid(Refused):
    """Less was paid than is to go back; ``paid`` đồng."""


@dataclass(frozen=True)
class Payment:
    """One payment: its number, đồng in all, and the dossiers as they are now."""

    id: str
    amount: int
    dossiers: tuple[Dossier, ...]


@dataclass(frozen=True)
class Takings:
    """What one clerk took in one way on a day, in đồng, and how many payments that were."""

    by: str
    how: How
    amount: int
    payments: int


def owed(dossier: Dossier) -> int:
    """Đồng still to be paid for a dossier."""
    return dossier.life.owed(dossier.facts)


def take_fee(
    desk: Desk, ids: Sequence[bytes], how: How, series: str = "", number: str = ""
) -> Payment:
    """Take what is owed for some dossiers, in one payment.

    Raises:
        NothingOwed: one of them owes nothing; nothing was taken.
        TextTooLong, and as ``take_step``: nothing was saved.
    """
    with desk.saving() as saving:
        return put_fee(desk, saving, ids, how, series, number)


def put_fee(
    desk: Desk, saving: Saving, ids: Sequence[bytes], how: How, series: str = "", number: str = ""
) -> Payment:
    """The same inside a command that does more."""
    series = text_of(series, "ký hiệu biên lai", needed=False, most=200)
    number = text_of(number, "số biên lai", needed=False, most=200)
    payment = secrets.token_hex(16)
    done, total = [], 0
    for id in dict.fromkeys(ids):
        dossier = standing(saving.connection, id)
        amount = owed(dossier)
        if not amount:
            raise NothingOwed(code=dossier.facts.code)
        body = FeeTaken(
            amount=amount,
            how=how,
            payment=payment,
            what=dossier.facts.procedure.short_name,
            receipt_series=series,
            receipt_number=number,
            **stamp(desk),
        )
        done.append(put_step(desk, saving, id, _just(body)))
        total += amount
    return Payment(payment, total, tuple(done))


def _just(body: FeeTaken) -> Make:
    return lambda _: body


def refund(desk: Desk, id: bytes, amount: int, how: How, reason: str) -> Dossier:
    """Give money back.

    Raises:
        MoreThanPaid, TextMissing, TextTooLong, and as ``take_step``.
    """
    why = text_of(reason, "lý do hoàn phí", most=LINE)

    def body(before: Dossier) -> FeeRefunded:
        if not 0 < amount <= before.life.paid:
            raise MoreThanPaid(paid=before.life.paid)
        return FeeRefunded(amount=amount, how=how, reason=why, **stamp(desk))

    with desk.saving() as saving:
        return put_step(desk, saving, id, body)


def takings(desk: Desk, day: date) -> tuple[Takings, ...]:
    """The money of a day at this commune's counters, by clerk and by way; refunds are taken off."""
    zone = desk.now().tzinfo
    begin = datetime.combine(day, time(), zone)
    seconds = [int(moment.timestamp()) for moment in (begin, begin + timedelta(days=1))]
    table = payments.c
    query = (
        select(table.by, table.how, func.sum(table.amount), func.count())
        .where(table.valid == 1, table.at >= seconds[0], table.at < seconds[1])
        .group_by(table.by, table.how)
        .order_by(table.by, table.how)
    )
    with desk.reading() as connection:
        return tuple(
            Takings(by, how, int(amount), count)
            for by, how, amount, count in connection.execute(query)
        )
