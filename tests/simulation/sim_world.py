"""One seed is one world: counters and a server through many nights, with everything going wrong.

Run as a program for many worlds: see ``simulate.py``.
"""

from __future__ import annotations

import random
from collections import Counter as Tallies
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from sim_life import check_life, is_physical, looked_at, moved, next_act, receipt
from sim_nodes import Node

from db.entry import Entry
from db.identity import SERVER
from db.kinds import NAME_OF, DossierReceived, NoteAdded, read_body
from db.replication.messages import START, Answer, Hello, Push, Request, Welcome
from db.replication.peers import Asker, Memory, Outcome
from db.replication.protocol import answer, round_with


class LineDown(Exception):
    """The request or its answer did not arrive."""


@dataclass(frozen=True)
class Odds:
    """How often what goes wrong; per request, per counter and day, or per night."""

    fault: float = 0.12
    offline: float = 0.15
    reboot: float = 0.3
    clone: float = 0.001
    restore: float = 0.002
    dead_disk: float = 0.001
    stick_lost: float = 0.25
    stick_out: float = 0.1
    server_restore: float = 0.012
    server_copies: int = 6
    """How many older copies of the server there are, and one is made every ``copied_every``."""
    copied_every: int = 3
    while_asked: float = 0.0003
    """Of the server going back in time between two messages of a round."""
    cable: float = 0.3
    touches: int = 3
    """Fewer acts than these a counter and day on dossiers that are there."""
    odd_entry: float = 0.02
    wrong_clock: float = 0.01


HARD = Odds(clone=0.002, restore=0.004, dead_disk=0.002, server_restore=0.025, while_asked=0.001)
"""Twice as many disasters; what the runs of the test command live in."""


@dataclass(frozen=True)
class Receipt:
    """A paper in somebody's hand."""

    id: bytes
    obj: str
    code: str
    commune: str


@dataclass
class Counter:
    """A desk: its machine, its stick, its older copies."""

    node: Node
    stick: list[bytes] | None
    copied: int = 0
    """Of the journal, lines up to here are on the stick."""
    backups: list = field(default_factory=list)
    retires: int | None = None


class World:
    """Everything there is, driven by one seed."""

    def __init__(
        self,
        seed: int,
        communes: int = 3,
        desks: int = 3,
        odds: Odds = Odds(),
        node: Callable[[str, str, str], Node] = Node,
        server: Callable[[str, str, str], Node] = Node,
    ) -> None:
        self.dice, self.odds, self.node = random.Random(seed), odds, node
        self.server = server(SERVER, "*", self._hex(16))
        self.counters: list[Counter] = []
        self.receipts: list[Receipt] = []
        self.facts: dict[bytes, int] = {}
        """Entries with which paper or money changed hands, and the đồng that came in."""
        self.figures: Tallies[str] = Tallies()
        self.delayed: list[tuple[Asker, Request]] = []
        self.server_backups: list = []
        self.blocks = 0
        self.night = 0
        self.loose: list[list[bytes]] = []
        for c in range(communes):
            for _ in range(desks):
                self.counters.append(self._new_counter(f"{11700 + c}"))

    # ------------------------------------------------------------ days

    def run(self, nights: int) -> None:
        """Live through so many days and nights, then check."""
        for self.night in range(nights):
            for counter in list(self.counters):
                self._day(counter)
            self._disasters()
            self._replay_delayed()
            for counter in self.dice.sample(self.counters, len(self.counters)):
                self._night(counter)
            self.figures["counter-nights"] += len(self.counters)
            if self.night % self.odds.copied_every == 0:
                kept = [*self.server_backups, self.server.db.copy()]
                self.server_backups = kept[-self.odds.server_copies :]
        self.heal()
        self.check()

    def _day(self, counter: Counter) -> None:
        if self.dice.random() < self.odds.reboot:
            counter.node.start_again(self._hex(16))
        if self.night % 7 == self.dice.randrange(7):
            counter.backups = [*counter.backups[-3:], counter.node.db.copy()]
        for _ in range(self.dice.randrange(4)):
            self.receive(counter)
        for _ in range(self.dice.randrange(self.odds.touches)):
            self.touch(counter)
        if self.dice.random() < self.odds.odd_entry:
            odd = {"poison": "x"} if self.dice.random() < 0.5 else {"later": "x"}
            counter.node.append(self._hex(32), odd, self._ts())
        if self.dice.random() > self.odds.stick_out:
            self.copy(counter)
        if self.dice.random() < 0.3:
            # The office on the other side writes too: about dossiers, and for everybody.
            self._server_writes(counter.node.commune)

    def receive(self, counter: Counter) -> None:
        """A citizen goes away with a paper; one in eight is sent home first."""
        obj = self._hex(32)
        if self.dice.random() < 0.125:
            counter.node.append(obj, looked_at(self._ts()), self._ts())
        if self.dice.random() < 0.95:
            self._take_in(counter.node, obj)

    def _take_in(self, node: Node, obj: str) -> None:
        day = f"{self.night // 28 % 12 + 1:02d}{self.night % 28 + 1:02d}"
        if self.dice.random() < self.odds.wrong_clock:
            day = "0101"
        key = f"{node.db.block}/{day}"
        n = node.db.counters[key] = node.db.counters.get(key, 0) + 1
        code = f"H1.{node.commune}-{day}-{node.db.block * 500 + n:04d}"
        at = self._ts()
        entry = node.append(obj, receipt(code, at, joint=self.dice.random() < 0.3), at)
        self.receipts.append(Receipt(bytes.fromhex(entry.id), obj, code, node.commune))

    def touch(self, counter: Counter) -> None:
        """Somebody does something with a dossier known here, whoever received it."""
        node = counter.node
        if not node.db.rows:
            return
        row = self.dice.choice(node.db.rows[-60:])
        if row.com != node.commune:
            return
        known = node.entries_of(row.obj)
        if known[0].says.k == "dossier.checked" and not any(map(_is_receipt, known)):
            self._take_in(node, row.obj)
            return
        act = next_act(self.dice, known, self._ts())
        entry = node.append(row.obj, act, self._ts())
        if is_physical(entry):
            self.facts[bytes.fromhex(entry.id)] = moved(act)

    def _server_writes(self, commune: str) -> None:
        rows = [r for r in self.server.db.rows[-60:] if r.com == commune]
        if rows and self.dice.random() < 0.7:
            body = NoteAdded(f"huyện {self.dice.random()}")
            self.server.append(self.dice.choice(rows).obj, body, self._ts(), commune)
        else:
            self.server.append(self._hex(32), {"catalogue": "x"}, self._ts(), "*")

    def copy(self, counter: Counter) -> None:
        """The second medium catches up."""
        if counter.stick is not None:
            rows = counter.node.db.rows
            counter.stick += [row.line for row in rows[counter.copied :]]
            counter.copied = len(rows)

    # ------------------------------------------------------------ disasters

    def _disasters(self) -> None:
        for counter in list(self.counters):
            if counter.retires == self.night:
                self.counters.remove(counter)
            elif self.dice.random() < self.odds.clone:
                self.clone(counter)
            elif counter.backups and self.dice.random() < self.odds.restore:
                self.restore(counter)
            elif self.dice.random() < self.odds.dead_disk:
                self.replace(counter)
        if self.server_backups and self.dice.random() < self.odds.server_restore:
            self.restore_server(self.dice.choice(self.server_backups))

    def clone(self, counter: Counter) -> None:
        """Two machines with one key, until somebody notices."""
        self.figures["clones"] += 1
        twin = self.node(counter.node.device, counter.node.commune, self._hex(16))
        twin.db = counter.node.db.copy()
        self.counters.append(Counter(twin, None, retires=self.night + self.dice.randint(1, 9)))

    def restore(self, counter: Counter) -> None:
        """The machine is what it was some days ago; its stick may remember more."""
        self.figures["restored"] += 1
        counter.node.db = self.dice.choice(counter.backups).copy()
        counter.node.start_again(self._hex(16))
        self._after_loss(counter)

    def replace(self, counter: Counter) -> None:
        """A new machine with a new key in the place of a dead one; history follows by itself."""
        self.figures["dead disks"] += 1
        fresh = self._new_counter(counter.node.commune)
        counter.node, counter.backups = fresh.node, []
        end = self.server.cursor(len(self.server.db.rows))
        below = end.no + 1 if end.no else 0
        counter.node.remember(SERVER, Memory(cursors=(end, START), before=below))
        self._after_loss(counter)

    def _after_loss(self, counter: Counter) -> None:
        if counter.stick is not None and self.dice.random() < self.odds.stick_lost:
            counter.stick = []
        self.heal_from_stick(counter)

    def heal_from_stick(self, counter: Counter) -> None:
        """Each of machine and stick gets what only the other holds, as at every start."""
        if counter.stick is None:
            return
        stored, _, _ = counter.node.take_lines(counter.stick, None)
        for id_ in stored:
            entry = counter.node.db.rows[counter.node.db.at[id_] - 1].entry
            if entry.says.dev == counter.node.device and entry.says.k == "dossier.received":
                counter.node._never_again(str(entry.says.body["code"]))
        counter.stick, counter.copied = [], 0
        self.copy(counter)

    def restore_server(self, backup) -> None:
        """The server is what it was some nights ago; nobody tells anybody, and it works on."""
        self.figures["server restores"] += 1
        self.server.db = backup.copy()
        self.server.start_again(self._hex(16))
        for _ in range(self.dice.randrange(5)):
            self._server_writes(self.dice.choice(self.counters).node.commune)

    # ------------------------------------------------------------ nights

    def _night(self, counter: Counter) -> None:
        if self.dice.random() < self.odds.cable:
            siblings = [
                c
                for c in self.counters
                if c.node.commune == counter.node.commune and c.node.device != counter.node.device
            ]
            if siblings:
                self.sync(counter, self.dice.choice(siblings).node)
        if self.dice.random() < self.odds.offline:
            return
        for _ in range(3):
            if self.sync(counter, self.server) is not None:
                return

    def sync(
        self, counter: Counter, peer: Node, faults: bool = True, pages: int = 0
    ) -> Outcome | None:
        """One round with a peer; None when the line broke."""
        node = counter.node
        asker = Asker(node.device, node.commune)
        asking = round_with(node, peer.device, self._hello(node), pages)
        try:
            request = next(asking)
            while True:
                given = self._carry(peer, asker, request, faults)
                if isinstance(given, Welcome):
                    self._lend(node, peer, request, given)
                request = asking.send(given)
        except StopIteration as end:
            outcome: Outcome = end.value
            node.db.lost = outcome.lost
            return outcome
        except LineDown:
            self.figures["failed attempts"] += 1
            return None

    def _hello(self, node: Node) -> Hello:
        own, all_ = node.standing()[1:]
        return Hello(
            node.device, node.commune, own, all_, node.epoch, self._ts(), lost=node.db.lost
        )

    def _lend(self, node: Node, peer: Node, hello: Request, welcome: Welcome) -> None:
        """The server gives other numbers to who was restored or has a twin."""
        assert isinstance(hello, Hello)
        if peer is self.server and (hello.lost or hello.own.n < welcome.own.n):
            node.db.block = self._new_block()

    def _carry(self, peer: Node, asker: Asker, request: Request, faults: bool) -> Answer:
        fault = self.dice.random() if faults else 1.0
        odds = self.odds.fault
        if faults and self.server_backups and self.dice.random() < self.odds.while_asked:
            self.figures["server restores within a round"] += 1
            self.restore_server(self.dice.choice(self.server_backups))
        if fault < odds * 0.3:
            raise LineDown
        if fault < odds * 0.45:
            self.delayed.append((asker, request))
            raise LineDown
        if fault < odds * 0.6 and isinstance(request, Push):
            cut = request.lines[: self.dice.randrange(len(request.lines) + 1)]
            self.reply(peer, asker, Push(cut))
            raise LineDown
        given = self.reply(peer, asker, request)
        if fault < odds * 0.75:
            self.reply(peer, asker, request)
        elif fault < odds:
            raise LineDown
        return given

    def reply(self, peer: Node, asker: Asker, request: Request) -> Answer:
        """What the peer says; a sabotaged one may break on it."""
        if isinstance(request, Hello):
            own, all_ = peer.sums(asker)
            return Welcome(peer.device, own, all_, "")
        try:
            return answer(peer, asker, request)
        except ValueError as e:
            raise LineDown from e

    def _replay_delayed(self) -> None:
        """Old requests that were under way for nights arrive after all."""
        due = [d for d in self.delayed if self.dice.random() < 0.4]
        self.delayed = [d for d in self.delayed if d not in due][-50:]
        for asker, request in due:
            try:
                self.reply(self.server, asker, request)
            except LineDown:
                continue

    # ------------------------------------------------------------ the end

    def heal(self, passes: int = 3) -> None:
        """Faults stop: sticks are put in, and everybody speaks with the server."""
        for counter in self.counters:
            self.heal_from_stick(counter)
        for _ in range(passes):
            for counter in self.counters:
                self.sync(counter, self.server, faults=False)

    def check(self) -> None:
        """Nothing lost, nothing doubled, the same everywhere.

        Raises:
            AssertionError: with what is wrong.
        """
        nodes = [self.server, *(c.node for c in self.counters)]
        for node in nodes:
            assert len(node.db.rows) == len(node.db.at), "doubled"
        self._check_receipts(nodes)
        self._check_in_step()
        held = {c: self.server.dossiers(c) for c in {c.node.commune for c in self.counters}}
        for counter in self.counters:
            mine = counter.node.dossiers(counter.node.commune)
            assert mine == held[counter.node.commune], "diverged"
        self.figures["entries"] += len(self.server.db.rows)
        self._check_codes(held.values())
        self._check_lives()

    def _check_receipts(self, nodes: Iterable[Node]) -> None:
        sticks = [c.stick for c in self.counters if c.stick]
        living = {i for node in nodes for i in node.db.at}
        living |= {bytes.fromhex(line[:64].decode()) for stick in sticks for line in stick}
        self.figures["receipts"] += len(self.receipts)
        for id_ in (*(r.id for r in self.receipts), *self.facts):
            if id_ in self.server.db.at:
                continue
            assert id_ not in living, "lost: a copy lives, and the server has none"
            self.figures["no copy left"] += 1

    def _check_in_step(self) -> None:
        for counter in self.counters:
            node = counter.node
            outcome = self.sync(counter, self.server, faults=False)
            assert outcome is not None and outcome.in_step, "not in step"
            assert node.sum_all(node.commune) == self.server.sum_all(node.commune), "not in step"
            assert outcome.sent == outcome.fetched == 0, "still something to do"

    def _check_codes(self, communes: Iterable[dict]) -> None:
        """Two dossiers with one code are both there, so that both can be shown."""
        codes = Tallies(r.code for r in self.receipts if r.id in self.server.db.at)
        found = [d for held in communes for d in held.values() if d is not None]
        shown = Tallies(code for d in found for code in {d.facts.code, *d.former_codes})
        for code, times in codes.items():
            assert shown[code] == times, "a code hides a dossier"
            self.figures["codes twice"] += times - 1

    def _check_lives(self) -> None:
        """What was done with each dossier, and all the money together."""
        objects = {row.obj for row in self.server.db.rows if row.com != "*"}
        paid = 0
        for obj in objects:
            known = self.server.entries_of(obj)
            check_life(known)
            paid += sum(moved(read_body(e.says.k, e.says.kv, e.says.body)) for e in known)
            self.figures["paper and money"] += sum(map(is_physical, known))
        money = sum(dong for id_, dong in self.facts.items() if id_ in self.server.db.at)
        assert paid == money, "money lost or doubled"

    # ------------------------------------------------------------ chance

    def _new_counter(self, commune: str) -> Counter:
        node = self.node(self._hex(16), commune, self._hex(16))
        node.db.block = self._new_block()
        return Counter(node, [])

    def _new_block(self) -> int:
        self.blocks += 1
        return self.blocks

    def _hex(self, digits: int) -> str:
        return f"{self.dice.getrandbits(digits * 4):0{digits}x}"

    def _ts(self) -> str:
        return f"2026-{self.night // 28 % 12 + 1:02d}-{self.night % 28 + 1:02d}T09:00:00+07:00"


def _is_receipt(entry: Entry) -> bool:
    return entry.says.k == NAME_OF[DossierReceived][0]
