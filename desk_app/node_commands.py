"""Commands between this counter and other nodes: enrol, restore, replicate."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterable, Iterator
from typing import Any

from desk_app.desk import open_desk
from desk_app.messages import sentence_for
from desk_app.terminal import passphrase_of, password_of, progress_of

NO_LINE = 3
Result = dict[str, Any]


def enrol(args: argparse.Namespace) -> Iterator[Result]:
    """Become a counter of a server: this folder's counter, or a new one in an empty folder."""
    from desk_app.services.enrol import NewClerk, enrol_desk, enrol_new
    from desk_app.settings import FILE

    if (args.data / FILE).exists():
        desk = open_desk(args.data, passphrase=passphrase_of(args))
        enrolled = enrol_desk(desk, args.server, args.code)
        desk.close()
        yield {"data": str(args.data), "counter": enrolled.number, "device": enrolled.device}
        return
    clerk = NewClerk(args.clerk or "", args.name or "", _typed(args), args.role)
    recovery = enrol_new(
        args.data, args.server, args.code, clerk, args.spool or "", passphrase=passphrase_of(args)
    )
    print(f"Khóa khôi phục, in ra và cất vào két của xã:\n{recovery}", file=sys.stderr)
    desk = open_desk(args.data, passphrase=passphrase_of(args))
    yield {
        "data": str(args.data),
        "counter": desk.counter.number,
        "device": desk.journal.device.id,
    }
    desk.close()


def restore(args: argparse.Namespace) -> Iterator[Result]:
    """A new machine in the place of a dead one: ready at once, then its history, newest first."""
    yield from enrol(args)
    yield from replicate(args)


def replicate(args: argparse.Namespace) -> Iterable[Result]:
    """One round with the server, said as one object."""
    from desk_app.services.replicate import replicate as go

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    shown = progress_of(args)
    told = None if shown is None else (lambda came: shown(came, came))
    ended = go(desk, args.server or "", progress=told)
    result = {k: v for k, v in ended._asdict().items() if k != "refusal"}
    if ended.refusal is not None:
        print(sentence_for(ended.refusal), file=sys.stderr)
    desk.close()
    yield result


def exit_of(result: Result) -> int:
    """What a round's result means to whoever called: 0 in step, 1 refused, 3 no line."""
    if result.get("in_step") is not False:
        return 0
    from desk_app.services.replicate import NO_LINE_WHY

    return NO_LINE if result.get("why") in NO_LINE_WHY else 1


def _typed(args: argparse.Namespace) -> str:
    return password_of(args) if args.name else ""
