"""What the command line does: the same services, one JSON object per result."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import msgspec

from db.dossier import Dossier
from db.refused import Refused
from desk_app import node_commands
from desk_app.desk import DATABASE, Desk, open_desk
from desk_app.messages import sentence_for
from desk_app.papers.forms import FORMS, LISTS
from desk_app.services import find as finding
from desk_app.services.backup import last_proven
from desk_app.services.handovers import list_of, write_given
from desk_app.services.receipts import (
    RECEIPT_FORM,
    RECEIPTS,
    ReceiptNotWritten,
    WrittenPaper,
    paper_printed,
    write_receipt,
)
from desk_app.services.slips import write_slip, write_ticket, write_together
from desk_app.terminal import ask, passphrase_of, password_of, progress_of, text_of

DONE, REFUSED, WRONG_CALL = 0, 1, 2
Result = dict[str, Any]


class ClerkMissing(Refused):
    """No account of this counter has the login given by ``--clerk``."""


class UnknownForm(Refused):
    """There is no such paper; ``form``, and ``known`` ones."""


class PrinterRefused(Refused):
    """The printer did not say that paper came out; ``why``."""


def run(args: argparse.Namespace) -> int:
    """Carry out one command; 0 done, 1 refused."""
    say = _say_json if args.json else _say_text
    try:
        exit_code = DONE
        for result in _COMMANDS[args.command](args):
            say(result)
            if result.get("refused") or False in (result.get("sound"), result.get("agrees")):
                exit_code = REFUSED
            exit_code = node_commands.exit_of(result) or exit_code
        return exit_code
    except Refused as refused:
        print(sentence_for(refused), file=sys.stderr)
        return REFUSED


def _init(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.papers.recovery_sheet import recovery_sheet
    from desk_app.services.create_counter import create_counter
    from desk_app.settings import Settings

    settings = Settings(
        office=args.office, counter=args.counter, clerk=args.clerk, spool=args.spool or ""
    )
    clerks = {args.clerk: (args.name or args.clerk, args.role, password_of(args))}
    recovery = create_counter(args.data, settings, clerks, passphrase=passphrase_of(args))
    if args.recovery_sheet:
        desk = _open(args)
        sheet = recovery_sheet(recovery, desk.office.facts.name, args.counter, desk.now())
        args.recovery_sheet.write_bytes(sheet)
        desk.close()
    else:
        print(f"Khóa khôi phục, in ra và cất vào két của xã:\n{recovery}", file=sys.stderr)
    yield {"data": str(args.data), "counter": args.counter}


def _demo(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.services.demo import open_demo, receive_sample
    from desk_app.services.receive import receive

    desk = open_demo(args.data)
    dossier = receive(desk, receive_sample(desk))
    written = write_receipt(desk, bytes.fromhex(dossier.id))
    paper_printed(desk, written, "file")
    yield {
        "code": dossier.facts.code,
        "due_at": dossier.facts.due_at,
        "receipt": str(written.path),
    }
    desk.close()


def _receive(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.services.intake_file import read_file, receive_all

    found = read_file(args.file)
    desk = _open(args)
    for taken in receive_all(desk, found):
        result: Result = {"line": taken.line, "status": taken.status}
        result |= dict.fromkeys(("id", "code", "due_at", "why_due", "receipt", "refused"))
        if taken.dossier is not None:
            result |= _short(taken.dossier)
            if taken.dossier.status == "received":
                result["receipt"] = _receipt_of(desk, taken.dossier, args.receipt_dir)
        if taken.refused is not None:
            result["refused"] = sentence_for(taken.refused)
        yield result
    desk.close()


def _receipt_of(desk: Desk, dossier: Dossier, folder: Path | None) -> str | None:
    """Path of the receipt's file; issued before, the first issue again, which adds nothing."""
    try:
        written = write_receipt(desk, bytes.fromhex(dossier.id), to=folder, nth=1)
    except ReceiptNotWritten as refused:
        # The dossier is saved, and the next ones of the file do not wait for this one's paper.
        print(f"{dossier.facts.code}: {sentence_for(refused)}", file=sys.stderr)
        return None
    if not dossier.prints:
        paper_printed(desk, written, "file")
    return str(written.path)


def _find(args: argparse.Namespace) -> Iterator[Result]:
    desk = _open(args)
    found = finding.find(desk, args.text, args.limit)
    for person in found.people:
        yield {
            "kind": "person",
            "name": person.person.name,
            "dossiers": person.total,
            "codes": [line.code for line in person.dossiers],
        }
    for line in found.dossiers:
        yield {
            "kind": "dossier",
            "id": line.id.hex(),
            "code": line.code,
            "name": line.name,
            "procedure": line.procedure,
            "received_at": line.received_at.isoformat(),
            "due_at": line.due_at.isoformat(),
            "status": line.status,
            "prints": line.prints,
            "counter": line.counter,
        }
    desk.close()


def _show(args: argparse.Namespace) -> Iterator[Result]:
    desk = _open(args)
    dossier = finding.the_one(desk, args.code)
    yield {**msgspec.to_builtins(dossier), **_short(dossier)}
    desk.close()


def _print(args: argparse.Namespace) -> Iterator[Result]:
    if args.form not in FORMS:
        raise UnknownForm(form=args.form, known=", ".join(FORMS))
    desk = _open(args)
    id_ = bytes.fromhex(finding.the_one(desk, args.code).id)
    raw = args.form == "ticket" and args.printer and args.printer == desk.settings.ticket_printer
    written = write_ticket(desk, id_) if raw else _paper(desk, id_, args.form, args.out)
    if args.printer:
        from desk_app.devices.printd import print_now

        paper = "A4" if args.form in LISTS else desk.settings.paper
        answer = print_now(written.path, args.printer, "raw" if raw else paper)
        if answer.state != "printed":
            raise PrinterRefused(why=answer.why)
        paper_printed(desk, written, "printer", args.printer)
    else:
        paper_printed(desk, written, "file")
    yield {"pdf": str(written.path), "copy": written.nth}
    desk.close()


def _paper(desk: Desk, id: bytes, form: str, to: Path | None) -> WrittenPaper:
    if form == RECEIPT_FORM:
        return write_receipt(desk, id, to=to)
    if form == "many":
        return write_together(desk, id, to)
    if form in LISTS:
        return write_given(desk, list_of(desk, id, form=form), to)
    return write_slip(desk, id, form, to=to)


def _day_sheet(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.day_sheet_command import day_sheet

    yield day_sheet(_open(args, second_medium=args.second is None), args)


def _form_texts(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.form_texts_command import form_texts_command

    yield from form_texts_command(_open(args), args)


def _day_book(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.day_sheet_command import day_book

    yield day_book(_open(args, second_medium=args.second is None), args)


def _doctor(args: argparse.Namespace) -> Iterator[Result]:
    from db.doctor import examine
    from db.engine import DatabaseDamaged, WrongKey
    from db.findings import Finding, Report
    from db.sealing import read_key_file
    from desk_app.desk import KEY

    try:
        desk = _open(args)
    except (DatabaseDamaged, WrongKey) as refused:
        print(sentence_for(refused), file=sys.stderr)
        unopened = Finding("database", DATABASE, type(refused).__name__)
        yield msgspec.to_builtins(Report(sound=False, entries=0, findings=(unopened,)))
        return
    receipts = desk.data / RECEIPTS
    report = examine(desk.journal, desk.spool, progress=progress_of(args), receipts=receipts)
    if not args.json and read_key_file(desk.data / KEY).protects == "copied_folder":
        print(
            "Khóa dữ liệu chống được việc chép thư mục, không chống được mất cả máy.",
            file=sys.stderr,
        )
    if not args.json:
        print(node_commands.backup_words(last_proven(desk)), file=sys.stderr)
    yield msgspec.to_builtins(report)
    desk.close()


def _repair(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.services.restore_counter import restore_counter

    yield restore_counter(args.data, passphrase=passphrase_of(args))._asdict()


def _rebuild(args: argparse.Namespace) -> Iterator[Result]:
    from db.projection import rebuild

    desk = _open(args)
    yield {"entries": rebuild(desk.journal.engine, progress_of(args))}
    desk.close()


def _unlock(args: argparse.Namespace) -> Iterator[Result]:
    from db.sealing import key_from_recovery, seal
    from desk_app.desk import KEY
    from desk_app.services.machine import take_over

    text = text_of(args.recovery_file) if args.recovery_file else ask("Khóa khôi phục: ")
    key = key_from_recovery(text)
    take_over(args.data, key)
    yield {"data": str(args.data), "sealed": seal(key, args.data / KEY, passphrase_of(args))}


def _demo_night(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.demo_night import demo_night

    yield from demo_night(args)


def _register(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.services.register import this_year
    from desk_app.services.register_file import write_register

    desk = _open(args, second_medium=False)
    year = args.year or this_year(desk)
    told = _counting if args.count else progress_of(args) or (lambda _, __: None)
    book = write_register(desk, year, args.out, told, args.volume)
    yield {"file": str(args.out), **book._asdict()}


def _counting(done: int, total: int) -> None:
    """For the window that waits for it."""
    print(f"{done}/{total}", file=sys.stderr, flush=True)


def _demo_week(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.demo_week import demo_week

    yield from demo_week(args)


def _bench(args: argparse.Namespace) -> Iterator[Result]:
    from desk_app.bench import all_rows

    for row in all_rows(args.only, args.data):
        yield row._asdict()


_COMMANDS: dict[str, Callable[[argparse.Namespace], Iterable[Result]]] = {
    "init": _init,
    "demo": _demo,
    "receive": _receive,
    "find": _find,
    "show": _show,
    "print": _print,
    "day-sheet": _day_sheet,
    "day-book": _day_book,
    "register": _register,
    "form-texts": _form_texts,
    "doctor": _doctor,
    "rebuild": _rebuild,
    "backup": node_commands.backup,
    "repair": _repair,
    "unlock": _unlock,
    "enrol": node_commands.enrol,
    "restore": node_commands.restore,
    "replicate": node_commands.replicate,
    "courier": node_commands.courier,
    "attach": node_commands.attach,
    "file": node_commands.file,
    "recover": node_commands.recover,
    "door": node_commands.door,
    "demo-night": _demo_night,
    "demo-week": _demo_week,
    "bench": _bench,
}


def _open(args: argparse.Namespace, second_medium: bool = True) -> Desk:
    """The counter with the named clerk at it, or its first one."""
    desk = open_desk(
        args.data,
        passphrase=passphrase_of(args),
        progress=progress_of(args),
        second_medium=second_medium,
    )
    if args.clerk is None:
        return desk
    with desk.reading() as connection:
        clerk = desk.published(connection).clerk(args.clerk)
    if clerk is None or clerk.disabled:
        raise ClerkMissing(login=args.clerk)
    return desk.as_clerk(clerk)


def _short(dossier: Dossier) -> Result:
    facts = dossier.facts
    return {
        "id": dossier.id,
        "code": facts.code,
        "due_at": facts.due_at,
        "why_due": facts.due_override or facts.why_due,
    }


def _say_json(result: Result) -> None:
    print(json.dumps(result, ensure_ascii=False, default=_plain), flush=True)


def _say_text(result: Result) -> None:
    for key, value in result.items():
        if value not in (None, ""):
            shown = (
                value
                if isinstance(value, str | int)
                else json.dumps(value, ensure_ascii=False, default=_plain)
            )
            print(f"{key}: {shown}")
    print(flush=True)


def _plain(value: object) -> object:
    if isinstance(value, datetime | Path):
        return str(value)
    if isinstance(value, bytes):
        return value.hex()
    raise TypeError(type(value))
