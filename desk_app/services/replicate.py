"""One round with the district server: what each side has alone goes to the other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import httpx
import msgspec
from sqlalchemy import Connection, func, select

from db import engine as engines
from db import projection, tables
from db.identity import SERVER
from db.notices import note
from db.refused import Refused
from db.replication.blobs import send_blobs
from db.replication.messages import (
    Answer,
    Hello,
    NotTaken,
    Page,
    Proof,
    Pushed,
    Request,
    Sum,
    Welcome,
)
from db.replication.night import (
    FAR,
    Line,
    NoLine,
    Patience,
    Peer,
    PeerDeclined,
    PeerStrange,
    run_round,
)
from db.replication.peers import Apart, Outcome
from db.replication.seen import MOST, PeerSeen, read_seen, write_seen
from db.replication.store import JournalStore, read_memory
from db.seed import named
from db.tables import dossiers
from db.trust import ServerFacts, read_server
from desk_app.desk import Desk
from desk_app.services.enrol import APP
from desk_app.services.node_keys import machine_of

ANY_SIZE = 2**31
SMALL = 1_000_000
"""Bytes of a file that may go in office hours."""
AGAIN = 2
"""A second round at once when own entries came back: the server then lends fresh numbers."""


NO_LINE_WHY = (
    "network",
    "refused",
    "silent",
    "cut-off",
    "not-the-server",
    "certificate",
    "plain-http",
    "no-address",
)
"""Words of ``NoLine``: nobody was reached who could prove to be the peer."""


class NoServer(Refused):
    """This counter does not belong to a district server yet."""


class Replicated(NamedTuple):
    """How the round with a peer ended. ``why`` is empty when it came to its end."""

    peer: str
    sent: int = 0
    fetched: int = 0
    parked: int = 0
    conflicts: int = 0
    in_step: bool = False
    more: bool = False
    lost: int = 0
    went_back: bool = False
    revoked: bool = False
    requests: int = 0
    bytes: int = 0
    why: str = ""
    refusal: Refused | None = None
    files_sent: int = 0
    files_waiting: int = 0
    """Files the server asked for that went, and that wait for the night or are not here."""


Progress = Callable[[int], None]
"""Told how many lines have come so far."""


def replicate(
    desk: Desk,
    url: str = "",
    pages: int = 0,
    progress: Progress | None = None,
    transport: httpx.BaseTransport | None = None,
    largest: int = ANY_SIZE,
) -> Replicated:
    """One round with the server, then the files it lacks that are no ``largest`` (bytes).

    Raises:
        NoServer: the counter was not enrolled.
        DiskFull, DiskFault, DatabaseBusy, DatabaseDamaged: what was stored until then stays.
    """
    with desk.reading() as connection:
        facts = read_server(connection)
    if facts is None:
        raise NoServer()
    peer = peer_of(facts, url or desk.settings.server or facts.url)
    return round_with_peer(desk, peer, pages, progress, transport, largest=largest)


def peer_of(facts: ServerFacts, url: str) -> Peer:
    """The server at an address, known by its pinned keys."""
    authority = b"" if url.startswith("http://") else facts.authority.encode()
    return Peer(SERVER, url, tuple(map(bytes.fromhex, facts.keys)), authority)


def round_with_peer(
    desk: Desk,
    peer: Peer,
    pages: int = 0,
    progress: Progress | None = None,
    transport: httpx.BaseTransport | None = None,
    patience: Patience = FAR,
    largest: int = ANY_SIZE,
) -> Replicated:
    """One round with the server or a sibling, and a note of how it ended."""
    came, wanted = [0], list[str]()

    def told(_: Request, answer: Answer) -> None:
        if isinstance(answer, Welcome):
            wanted[:] = answer.want_blobs
        if isinstance(answer, Page) and progress is not None:
            came[0] += len(answer.lines)
            progress(came[0])

    line: Line | None = None
    outcome, total, refusal, files = Outcome(), Outcome(), None, (0, 0)
    try:
        line = Line(peer, desk.journal.device, transport, patience)
        for _ in range(AGAIN):
            outcome = _round(desk, line, pages, told)
            total = _together(total, outcome)
            _note(desk, peer, line, outcome, None)
            if not outcome.lost:
                break
        # Last: a dossier never waits for its pictures.
        files = _send_files(desk, line, wanted, largest)
    except (NoLine, PeerDeclined, PeerStrange) as e:
        refusal = e
        _note(desk, peer, line, outcome, e)
    finally:
        if line is not None:
            line.close()
    result = _result(desk, peer, line, total, refusal)
    return result._replace(files_sent=files[0], files_waiting=files[1])


def _send_files(desk: Desk, line: Line, wanted: Sequence[str], largest: int) -> tuple[int, int]:
    """Files the peer lacks; a line that breaks meanwhile is no fault of the round."""
    try:
        return send_blobs(line, desk.blobs, wanted, largest)
    except NoLine:
        return 0, len(wanted)


def _together(first: Outcome, second: Outcome) -> Outcome:
    """Two rounds as one: what went over the line in both, and how the second ended."""
    return second._replace(
        sent=first.sent + second.sent,
        fetched=first.fetched + second.fetched,
        not_taken=(*first.not_taken, *second.not_taken),
        lost=max(first.lost, second.lost),
        peer_went_back=first.peer_went_back or second.peer_went_back,
    )


def _round(desk: Desk, line: Line, pages: int, told: Callable[[Request, Answer], None]) -> Outcome:
    """A round; to a server that does not know this counter, after proving that it once did."""
    store, peer = JournalStore(desk.journal), line.peer.name
    try:
        return run_round(store, line, hello_to(desk, peer), pages, told)
    except PeerDeclined as declined:
        if peer != SERVER or declined.facts["why"] != "unknown-device":
            raise
        pushed = line.ask(_proof(desk))
        assert isinstance(pushed, Pushed)
        return run_round(store, line, hello_to(desk, peer), pages, told)


def _proof(desk: Desk) -> Proof:
    """What the server signed about this counter."""
    device = desk.journal.device.id
    with desk.reading() as connection:
        lines = [
            line.entry.line
            for key in ("counter", "revoked")
            for line in projection.lines_of(connection, named(key, device))
            if line.entry.says.dev == SERVER
        ]
        machine = machine_of(connection)
    return Proof(tuple(lines), machine.recipient if machine else "")


def hello_to(desk: Desk, peer: str) -> Hello:
    """How this counter stands; the sums are filled in when the round begins."""
    journal = desk.journal
    with desk.reading() as connection:
        reached = read_memory(connection, peer).reached
        own = tables.journal.c
        unsent = select(func.count()).select_from(tables.journal)
        unsent = unsent.where(own.n > reached, own.own == 1)
        hello = Hello(
            dev=journal.device.id,
            com=journal.commune,
            own=Sum(),
            all=Sum(),
            ep=journal.epoch,
            now=desk.now().isoformat(timespec="seconds"),
            app=APP,
            lost=read_seen(connection, peer).lost,
            unsent=connection.scalar(unsent) or 0,
            conflicts=_conflicts(connection),
            parked=connection.scalar(select(func.count()).select_from(tables.parked)) or 0,
        )
    return msgspec.structs.replace(hello, clock=journal.clock_quality())


def _conflicts(connection: Connection) -> int:
    flagged = select(func.count()).select_from(dossiers).where(dossiers.c.flags > 0)
    return connection.scalar(flagged) or 0


def _note(
    desk: Desk, peer: Peer, line: Line | None, outcome: Outcome, refusal: Refused | None
) -> None:
    at = desk.now().isoformat(timespec="seconds")
    with engines.writing(desk.journal.engine) as connection:
        before = read_seen(connection, peer.name)
        heard = at if refusal is None or isinstance(refusal, PeerDeclined) else before.heard_at
        # A difference that was looked into today is not looked into again; it is still there.
        memory = read_memory(connection, peer.name)
        apart = (memory.own_apart, memory.all_apart) != (Apart(), Apart())
        _tell_a_person(connection, peer, outcome, apart, at)
        aside = outcome.not_taken or (before.not_taken if apart else ())
        write_seen(
            connection,
            peer.name,
            PeerSeen(
                tried_at=at,
                heard_at=heard,
                in_step_at=at if outcome.in_step else before.in_step_at,
                why="" if refusal is None else str(refusal.facts.get("why", "strange")),
                sent=outcome.sent,
                fetched=outcome.fetched,
                not_taken=aside[:MOST],
                lost=outcome.lost,
                went_back=outcome.peer_went_back,
                revoked=outcome.revoked,
                more=outcome.more,
                requests=line.requests if line else 0,
                bytes=line.sent + line.received if line else 0,
            ),
        )


def _tell_a_person(
    connection: Connection, peer: Peer, outcome: Outcome, apart: bool, at: str
) -> None:
    """Keep a notice of what a round showed, once a day."""
    for kind, holds in (
        ("restored", outcome.lost > 0),
        ("went_back", outcome.peer_went_back),
        ("different", apart and not outcome.in_step),
    ):
        if holds:
            note(connection, kind, peer.name, {"day": at[:10]}, at)


def _result(
    desk: Desk, peer: Peer, line: Line | None, outcome: Outcome, refusal: Refused | None
) -> Replicated:
    with desk.reading() as connection:
        conflicts = _conflicts(connection)
    aside: tuple[NotTaken, ...] = outcome.not_taken
    return Replicated(
        peer=peer.name,
        sent=outcome.sent,
        fetched=outcome.fetched,
        parked=len(aside),
        conflicts=conflicts,
        in_step=outcome.in_step,
        more=outcome.more,
        lost=outcome.lost,
        went_back=outcome.peer_went_back,
        revoked=outcome.revoked,
        requests=line.requests if line else 0,
        bytes=line.sent + line.received if line else 0,
        why="" if refusal is None else str(refusal.facts.get("why", "strange")),
        refusal=refusal,
    )
