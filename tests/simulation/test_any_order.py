"""T9: any program of ordinary acts and disasters, shrunk to the shortest that goes wrong."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule
from sim_world import Odds, World

PROGRAMS = int(os.environ.get("PROGRAMS", "600"))
"""8,000 by ``PROGRAMS=8000 pytest tests/simulation/test_any_order.py``."""

which = st.integers(0, 2)
back = st.integers(0, 5)


class AnyOrder(RuleBasedStateMachine):
    """Three counters of one commune and their server."""

    @initialize(seed=st.integers(0, 1_000))
    def begin(self, seed: int) -> None:
        self.world = World(seed, communes=1, odds=Odds(fault=0.0))
        self.counters = self.world.counters[:]
        self.saved = [[c.node.db.copy()] for c in self.counters]
        self.server_saved = [self.world.server.db.copy()]

    @rule(at=which, times=st.integers(1, 3))
    def receive(self, at: int, times: int) -> None:
        for _ in range(times):
            self.world.receive(self.counters[at])
        self.world.copy(self.counters[at])

    @rule(at=which)
    def touch(self, at: int) -> None:
        self.world.touch(self.counters[at])

    @rule(at=which)
    def sync(self, at: int) -> None:
        self.world.sync(self.counters[at], self.world.server, faults=False)

    @rule(at=which, fault=st.floats(0.2, 0.9))
    def sync_on_a_bad_line(self, at: int, fault: float) -> None:
        self.world.odds = Odds(fault=fault)
        self.world.sync(self.counters[at], self.world.server)
        self.world.odds = Odds(fault=0.0)

    @rule(at=which, which=back, often=st.floats(0.2, 0.9))
    def sync_while_the_server_goes_back(self, at: int, which: int, often: float) -> None:
        self.world.server_backups = [self.server_saved[which % len(self.server_saved)]]
        self.world.odds = Odds(fault=0.1, while_asked=often)
        self.world.sync(self.counters[at], self.world.server)
        self.world.odds = Odds(fault=0.0)

    @rule(at=which, to=which)
    def sync_over_the_cable(self, at: int, to: int) -> None:
        if at != to and self.counters[at].node.device != self.counters[to].node.device:
            self.world.sync(self.counters[at], self.counters[to].node, faults=False)

    @rule(at=which)
    def reboot(self, at: int) -> None:
        self.counters[at].node.start_again(self.world._hex(16))

    @rule(at=which)
    def save(self, at: int) -> None:
        self.saved[at].append(self.counters[at].node.db.copy())

    @rule(at=which, which=back, stick_lost=st.booleans())
    def restore(self, at: int, which: int, stick_lost: bool) -> None:
        copies = self.saved[at]
        counter = self.counters[at]
        counter.node.db = copies[which % len(copies)].copy()
        counter.node.start_again(self.world._hex(16))
        if stick_lost:
            counter.stick = []
        self.world.heal_from_stick(counter)

    @rule(at=which)
    def replace(self, at: int) -> None:
        self.world.replace(self.counters[at])
        self.saved[at] = [self.counters[at].node.db.copy()]

    @rule()
    def save_server(self) -> None:
        self.server_saved.append(self.world.server.db.copy())

    @rule(which=back)
    def restore_server(self, which: int) -> None:
        self.world.restore_server(self.server_saved[which % len(self.server_saved)])

    @rule()
    def server_writes(self) -> None:
        self.world._server_writes(self.counters[0].node.commune)

    @rule()
    def old_requests_arrive(self) -> None:
        self.world._replay_delayed()

    def teardown(self) -> None:
        if hasattr(self, "world"):
            self.world.heal()
            self.world.check()


TestAnyOrder = AnyOrder.TestCase
TestAnyOrder.settings = settings(
    max_examples=PROGRAMS,
    stateful_step_count=40,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
