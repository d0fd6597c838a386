"""Commands that carry the journal elsewhere: enrol, restore, replicate, courier, backup."""

from __future__ import annotations

import argparse
import contextlib
import json
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from db.identity import SERVER
from desk_app.desk import open_desk
from desk_app.messages import sentence_for
from desk_app.terminal import ask, passphrase_of, password_of, progress_of, text_of

if TYPE_CHECKING:
    from db.backup import Proven
    from desk_app.services.replicate import Replicated

NO_LINE = 3
Result = dict[str, Any]


def enrol(args: argparse.Namespace) -> Iterator[Result]:
    """Become a counter of a server: this folder's counter, or a new one in an empty folder."""
    from desk_app.services.enrol import NewClerk, apply_desk, apply_new, on_a_stick, on_the_line
    from desk_app.settings import FILE

    url, passphrase = args.server or "", passphrase_of(args)
    ask = on_a_stick(args.stick, args.code) if args.stick else on_the_line(url, args.code)
    if (args.data / FILE).exists():
        desk = open_desk(args.data, passphrase=passphrase)
        answered = apply_desk(desk, ask, url) is not None
        desk.close()
    else:
        clerk = NewClerk(args.clerk or "", args.name or "", _typed(args), args.role)
        recovery = apply_new(args.data, ask, clerk, args.spool or "", url, passphrase=passphrase)
        answered = recovery is not None
        if answered:
            print(f"Khóa khôi phục, in ra và cất vào két của xã:\n{recovery}", file=sys.stderr)
    if not answered:
        print("Đã ghi đơn lên ổ. Mang tới máy chủ, rồi chạy lại lệnh này.", file=sys.stderr)
        yield {"data": str(args.data), "enrolled": False}
        return
    desk = open_desk(args.data, passphrase=passphrase)
    number, device = desk.counter.number, desk.journal.device.id
    desk.close()
    yield {"data": str(args.data), "counter": number, "device": device}


def restore(args: argparse.Namespace) -> Iterator[Result]:
    """A new machine in the place of a dead one: ready at once, then its history, newest first."""
    for enrolled in enrol(args):
        yield enrolled
        if enrolled.get("enrolled") is False:
            return
    if args.from_spool is not None:
        yield _from_stick(args)
    if args.source is not None:
        yield _brought(args, args.source)
    if args.server:
        yield from replicate(args)
    if args.scans:
        # Last: what has come from elsewhere needs no paper.
        yield from recover(args)
        if args.server:
            yield from replicate(args)


def recover(args: argparse.Namespace) -> Iterator[Result]:
    """Dossiers again from their receipts; one object a file."""
    from desk_app.services.receipt_scans import from_scans

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    for scanned in from_scans(desk, args.scans):
        refused = [each for each in scanned.found if each.refused is not None]
        for each in refused:
            assert each.refused is not None
            print(f"{each.code}: {sentence_for(each.refused)}", file=sys.stderr)
        count = {w: sum(f.what == w for f in scanned.found) for w in ("recovered", "known")}
        yield {
            "file": scanned.file,
            **count,
            "not_taken": len(refused),
            "pages_without": scanned.pages_without,
            "whole": not refused and not scanned.pages_without,
        }
    desk.close()


def _from_stick(args: argparse.Namespace) -> Result:
    from desk_app.services.recover import from_stick

    text = text_of(args.recovery_file) if args.recovery_file else ask("Khóa khôi phục máy cũ: ")
    desk = open_desk(args.data, passphrase=passphrase_of(args))
    recovered = from_stick(desk, args.from_spool, text)
    desk.close()
    return recovered._asdict()


def courier(args: argparse.Namespace) -> Iterator[Result]:
    """Send and fetch by stick: ``out`` writes a bundle, ``in`` takes the answer."""
    from desk_app.services.courier import take_out

    if args.way == "in":
        yield _brought(args, args.path)
        return
    desk = open_desk(args.data, passphrase=passphrase_of(args))
    written = take_out(desk, args.path)
    desk.close()
    print(f"Đã chép xong {written.lines} dòng. Rút ổ được rồi.", file=sys.stderr)
    yield {"path": str(written.path), "lines": written.lines, "bytes": written.bytes}


def _brought(args: argparse.Namespace, place: Path) -> Result:
    from db.district.words import brought_words
    from desk_app.services.courier import bring_in

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    brought = bring_in(desk, place)
    desk.close()
    print(brought_words(brought), file=sys.stderr)
    plain = {k: v for k, v in brought._asdict().items() if k != "not_taken"}
    return {**plain, "parked": len(brought.not_taken), "whole": not brought.damaged}


def attach(args: argparse.Namespace) -> Iterator[Result]:
    """A scanned paper for a dossier."""
    from desk_app.services.attach import attach as put
    from desk_app.services.find import the_one

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    dossier = the_one(desk, args.code)
    attached = put(desk, bytes.fromhex(dossier.id), args.file, args.paper)
    desk.close()
    yield {"code": dossier.facts.code, "sha256": attached.sha256}


def file(args: argparse.Namespace) -> Iterator[Result]:
    """A scanned paper again."""
    from db.blobs import BlobMissing
    from desk_app.services.attach import content_of
    from desk_app.services.find import the_one

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    files = the_one(desk, args.code).files
    found = next((f for f in files if f.sha256 == args.sha256), None)
    if found is None:
        raise BlobMissing(sha=args.sha256)
    args.out.write_bytes(content_of(desk, found))
    desk.close()
    yield {"file": str(args.out), "size": found.size}


def backup(args: argparse.Namespace) -> Iterator[Result]:
    """A copy that was restored into a scratch file and looked through."""
    from desk_app.services.backup import back_up, last_proven

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    if args.last:
        last = last_proven(desk)
        desk.close()
        print(backup_words(last), file=sys.stderr)
        yield {
            "path": str(last.path) if last else None,
            "at": last.at.isoformat() if last else None,
        }
        return
    made = back_up(desk, passphrase_of(args), args.to)
    desk.close()
    print("Đã sao lưu, phục hồi thử và kiểm tra đủ.", file=sys.stderr)
    proven = made.proven
    yield {
        "path": str(proven.path),
        "at": proven.at.isoformat(),
        "entries": made.entries,
        "bytes": proven.bytes,
        "absent": [finding.what for finding in made.absent],
        "removed": made.removed,
    }


def backup_words(last: Proven | None) -> str:
    """The date of the last proven restore, for a person."""
    if last is None:
        return "Chưa có bản sao lưu nào đã phục hồi thử."
    return f"Bản sao lưu gần nhất đã phục hồi thử: {last.at:%H:%M ngày %d/%m/%Y}."


def replicate(args: argparse.Namespace) -> Iterable[Result]:
    """One round with the server, said as one object."""
    from desk_app.services.replicate import replicate as go

    desk = open_desk(args.data, passphrase=passphrase_of(args))
    shown = progress_of(args)
    told = None if shown is None else (lambda came: shown(came, came))
    ended = go(desk, args.server or "", progress=told)
    yield _plain(ended)
    if args.siblings:
        from desk_app.services.neighbours import Neighbours
        from desk_app.services.siblings import round_with_siblings

        with Neighbours(desk.journal.device.id) as cable:
            for met in round_with_siblings(desk, cable.listen()):
                # That one of them is switched off is no failure: the server is asked as well.
                yield {**_plain(met), "sibling": True}
    desk.close()


def _plain(ended: Replicated) -> Result:
    if ended.refusal is not None and ended.peer == SERVER:
        print(sentence_for(ended.refusal), file=sys.stderr)
    return {k: v for k, v in ended._asdict().items() if k != "refusal"}


def door(args: argparse.Namespace) -> Iterator[Result]:
    """Answer siblings until told to stop."""
    from desk_app.services.door import serve_door
    from desk_app.services.neighbours import Neighbours

    desk = open_desk(args.data, passphrase=passphrase_of(args), second_medium=False)
    with contextlib.ExitStack() as announced:

        def opened(port: int) -> None:
            if args.host not in ("127.0.0.1", "::1", "localhost"):
                announced.enter_context(Neighbours(desk.journal.device.id, port))
            print(json.dumps({"listening": port}), flush=True)

        serve_door(desk, args.host, args.port, opened)
    desk.close()
    yield {"closed": True}


def exit_of(result: Result) -> int:
    """What a round's result means to whoever called: 0 in step, 1 refused, 3 no line."""
    if result.get("whole") is False:
        return 1
    if result.get("in_step") is not False or "whole" in result:
        return 0
    from desk_app.services.replicate import NO_LINE_WHY

    if result.get("why") in NO_LINE_WHY:
        return 0 if result.get("sibling") else NO_LINE
    return 1


def _typed(args: argparse.Namespace) -> str:
    return password_of(args) if args.name else ""
