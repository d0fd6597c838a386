"""How far a dossier has come: its state, its results, who holds it, its money. Values only."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from db.acts import RUNNING, State
from db.kinds import DossierReceived
from db.parts import Line, PaperCount
from db.steps import Asked, CitizenTold, PaperDigitised, Place

Delivery = Literal["awaited", "issued", "at_counter", "posted", "out"]
Money = Literal["none", "exempt", "owed", "paid", "over"]

DELIVERY: Mapping[Delivery, str] = {
    "awaited": "Chưa có",
    "issued": "Đã ký, chưa về quầy",
    "at_counter": "Đang ở quầy",
    "posted": "Đã gửi bưu điện",
    "out": "Đã trả",
}
MONEY: Mapping[Money, str] = {
    "none": "Không thu phí",
    "exempt": "Được miễn",
    "owed": "Chưa thu đủ",
    "paid": "Đã thu đủ",
    "over": "Thu thừa",
}


class Result(Struct, frozen=True):
    """One result: what was promised, and how far it has come."""

    name: str
    due_at: str
    delivery: Delivery = "awaited"
    number: str = ""
    signer: str = ""
    issued_at: str = ""
    arrived_at: str = ""
    shelf: str = ""
    slot: str = ""
    item: str = ""
    """The post's number of it."""
    out_at: str = ""
    out_to: str = ""
    """Who holds it now, by name."""


class Request(Struct, frozen=True):
    """One request for a supplement, and when everything was there."""

    id: str
    at: str
    by: str
    asked: tuple[Asked, ...]
    note: str
    until: str
    brought: tuple[Line, ...] = ()
    """Papers of it that came before the others."""
    brought_at: str = ""

    @property
    def outstanding(self) -> tuple[Asked, ...]:
        """What of it has not come yet."""
        if self.brought_at:
            return ()
        return tuple(each for each in self.asked if each.paper not in self.brought)


class Receipt(Struct, frozen=True):
    """Money that came in, or with a negative amount went back."""

    id: str
    at: str
    by: str
    amount: int
    how: str
    payment: str = ""
    number: str = ""


class Life(Struct, frozen=True):
    """What the steps of one dossier come to."""

    state: State
    due_at: str
    """The moment promised now; ``facts.due_at`` is what the receipt says."""
    results: tuple[Result, ...] = ()
    before: State = "received"
    """Where it goes on once what it waits for has come; of a stopped one where it was."""
    holder: Place | None = None
    """None: the counter that took it in."""
    held_since: str = ""
    held_until: str = ""
    """The holder's own time, when it has one."""
    requests: tuple[Request, ...] = ()
    extensions: int = 0
    late_reason: str = ""
    receipts: tuple[Receipt, ...] = ()
    told: tuple[CitizenTold, ...] = ()
    digitised: tuple[PaperDigitised, ...] = ()
    brought: tuple[PaperCount, ...] = ()
    """What was handed in after the receipt."""
    originals_back: tuple[Line, ...] = ()
    handed_back_at: str = ""
    """When the papers of a refused, stopped or void dossier were given back."""
    box: str = ""
    """Where the archive has it."""
    ended_at: str = ""
    duty: int = 0
    """Đồng of financial duty asked and not met."""
    annulled: frozenset[str] = frozenset()
    """Entries written by mistake."""

    @property
    def clock_runs(self) -> bool:
        """Whether it can be due, and late."""
        return self.state in RUNNING

    @property
    def paid(self) -> int:
        """Đồng that came in, less what went back."""
        return sum(receipt.amount for receipt in self.receipts)

    @property
    def ready(self) -> tuple[int, ...]:
        """Places of the results that lie at the counter."""
        return tuple(i for i, r in enumerate(self.results) if r.delivery == "at_counter")

    @property
    def waits_here_since(self) -> str:
        """When the first of them came to the counter; empty when none lies there."""
        return min((self.results[i].arrived_at for i in self.ready), default="")

    def owed(self, facts: DossierReceived) -> int:
        """Đồng still to be paid for the dossier."""
        asked = 0 if facts.fee.how == "exempt" else facts.fee.amount
        return max(0, asked - self.paid)

    def money(self, facts: DossierReceived) -> Money:
        """How its fee stands."""
        asked = 0 if facts.fee.how == "exempt" else facts.fee.amount
        if self.paid > asked:
            return "over"
        if asked:
            return "paid" if self.paid == asked else "owed"
        return "exempt" if facts.fee.how == "exempt" else "none"
