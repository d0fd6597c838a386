"""Many worlds on all processors; prints what happened in them and which seeds failed.

python tests/simulation/simulate.py                      400 worlds of 60 nights
python tests/simulation/simulate.py --worlds 20 --nights 365
python tests/simulation/simulate.py --sabotage feed-not-checked --nights 60
"""

from __future__ import annotations

import argparse
import sys
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from sim_sabotage import CONTROL, LIFE_CONTROL, SABOTAGES, sabotaged
from sim_world import World

from db.replication import protocol
from db.replication.messages import PAGE_LINES


def one(seed: int, nights: int, sabotage: str = "", communes: int = 3) -> tuple[int, str, dict]:
    """One world: its seed, what was wrong with it, and its figures.

    No world has so much that nodes ask each other for ids when they first meet: in every other one
    they always do.
    """
    protocol.MUCH = 0 if seed % 2 else PAGE_LINES
    with sabotaged(sabotage) as made:
        world = World(seed, communes=communes, **made)
        try:
            world.run(nights)
        except AssertionError as wrong:
            return seed, str(wrong).splitlines()[0] or "wrong", dict(world.figures)
    return seed, "", dict(world.figures)


def many(seeds: range, nights: int, sabotage: str = "", communes: int = 3) -> tuple[Counter, dict]:
    """Figures of all worlds together, and the failing seeds with what was wrong."""
    figures: Counter[str] = Counter()
    wrong = {}
    run = partial(one, nights=nights, sabotage=sabotage, communes=communes)
    with ProcessPoolExecutor() as processes:
        for seed, what, seen in processes.map(run, seeds, chunksize=2):
            figures.update(seen)
            if what:
                wrong[seed] = what
    return figures, wrong


def main() -> int:
    """Exit 0 when no world failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--worlds", type=int, default=400)
    parser.add_argument("--nights", type=int, default=60)
    parser.add_argument("--first", type=int, default=0, help="the first seed")
    parser.add_argument("--communes", type=int, default=3, help="of three counters each")
    parser.add_argument("--sabotage", default="", choices=["", CONTROL, LIFE_CONTROL, *SABOTAGES])
    args = parser.parse_args()
    begin = time.perf_counter()
    seeds = range(args.first, args.first + args.worlds)
    figures, wrong = many(seeds, args.nights, args.sabotage, args.communes)
    print(f"{args.worlds} worlds of {args.nights} nights in {time.perf_counter() - begin:.0f} s")
    for name, value in sorted(figures.items()):
        print(f"  {name}: {value:,}")
    print(f"  failing worlds: {len(wrong)}")
    for seed, what in sorted(wrong.items())[:20]:
        print(f"    seed {seed}: {what}")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
