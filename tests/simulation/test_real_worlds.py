"""Small worlds on real encrypted databases: the simulated journal answers as the real one does."""

from __future__ import annotations

from pathlib import Path

import pytest
import sim_nodes
from sim_real import real_world
from sim_world import Odds

from db.replication import store

STORMY = Odds(
    clone=0.02, restore=0.06, dead_disk=0.02, server_restore=0.15, while_asked=0.005, copied_every=1
)


@pytest.mark.timeout(300)
@pytest.mark.parametrize("seed", range(10))
def test_real_databases_answer_as_the_simulated_ones(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "PAGE_LINES", sim_nodes.PAGE)
    world = real_world(seed, tmp_path, desks=2, devices=12, odds=STORMY)
    world.run(20)
    for node in (world.server, *(c.node for c in world.counters)):
        node.check()
        node.close()
    assert world.figures["receipts"] > 10
