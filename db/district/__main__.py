"""district-server: the node above the counters, and what its operator can ask of it."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

from db.district.words import said
from db.refused import Refused

DONE, REFUSED = 0, 1
Result = dict[str, Any]


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 done, 1 refused, 2 wrong call."""
    given = sys.argv[1:] if argv is None else argv
    if given and given[0].startswith("--") and given[0] != "--help":
        # ``district-server --data DIR`` serves.
        given = ["serve", *given]
    args = _parser().parse_args(given)
    try:
        if args.command == "serve":
            return _serve(args)
        if args.command == "demo":
            return _demo(args)
        code = DONE
        for result in _COMMANDS[args.command](args):
            _print(result, args.json)
            if result.get("sound") is False:
                code = REFUSED
        return code
    except Refused as refused:
        print(said(refused), file=sys.stderr)
        return REFUSED


def _print(result: Result, as_json: bool) -> None:
    text = "  ".join(f"{key}: {value}" for key, value in result.items())
    print(json.dumps(result, ensure_ascii=False) if as_json else text, flush=True)


def _demo(args: argparse.Namespace) -> int:
    """Serve a demonstration until told to stop."""
    from db.district.demo import Place, serve_demo

    place = Place(args.host, args.port, args.http, args.name, args.database)
    whole = serve_demo(args.data, place, lambda result: _print(result, args.json))
    return DONE if whole else REFUSED


def _serve(args: argparse.Namespace) -> int:
    """Run until told to stop; the first line of output says where it listens."""
    from db.district.serving import serve

    _made(args)
    serve(args.data, args.host, args.port, plain=args.http, say=_say_listening)
    return DONE


def _say_listening(url: str) -> None:
    print(json.dumps({"listening": url}), flush=True)


def _made(args: argparse.Namespace) -> None:
    """Make the server on its first start; what belongs in a safe is shown this once."""
    from db.district.accounts import first_account
    from db.district.server import KEY, make_district, open_district
    from db.seed import seed

    if (args.data / KEY).exists():
        return
    made = make_district(args.data, seed(), args.name, args.database)
    server = open_district(args.data)
    password = first_account(server, "admin")
    server.close()
    print(f"Khóa khôi phục, in ra và cất vào két:\n{made.recovery}", file=sys.stderr)
    print(f"Khóa ký dự phòng, cất riêng:\n{made.spare_key}", file=sys.stderr)
    print(f"Tài khoản admin, mật khẩu: {password}", file=sys.stderr, flush=True)


def _enrol(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.counters import issue_code
    from db.district.server import open_district

    server = open_district(args.data)
    yield {"code": issue_code(server, args.office, args.number)}
    server.close()


def _replace(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.counters import issue_code
    from db.district.server import open_district

    server = open_district(args.data)
    yield {"code": issue_code(server, args.office, replaces=args.device)}
    server.close()


def _devices(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.health import standings
    from db.district.server import open_district

    server = open_district(args.data)
    for standing in standings(server):
        yield standing.plain()
    server.close()


def _revoke(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.counters import revoke
    from db.district.server import open_district

    server = open_district(args.data)
    revoke(server, args.device, args.reason)
    yield {"revoked": args.device}
    server.close()


def _account(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.accounts import first_account
    from db.district.server import open_district

    server = open_district(args.data)
    yield {"login": args.login, "password": first_account(server, args.login)}
    server.close()


def _declare_restored(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.server import declare_restored, open_district

    server = open_district(args.data)
    declare_restored(server)
    server.close()
    yield {"declared": "restored"}


def _courier(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.courier import carry
    from db.district.server import open_district
    from db.district.words import brought_words

    server = open_district(args.data)
    for carried in carry(server, args.path):
        words = said(carried.refused) if carried.refused else brought_words(carried.brought)
        if carried.enrolled:
            words = f"Đã ghi danh quầy {carried.enrolled}. Mang câu trả lời về máy đó."
        yield {
            "file": carried.file,
            "device": carried.device,
            "lines": carried.brought.lines,
            "held": carried.brought.signed,
            "parked": len(carried.brought.not_taken),
            "answer": str(carried.answer.path) if carried.answer else "",
            "said": words,
            "sound": carried.refused is None and not carried.brought.damaged,
        }
    server.close()


def _form_texts(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.server import open_district
    from db.district.texts import publish_texts
    from db.text_file import read_texts

    server = open_district(args.data)
    file = read_texts(args.file)
    for change in publish_texts(server, file, args.office, args.valid_from, args.reason):
        yield change._asdict()
    server.close()


def _snapshot(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.courier import write_snapshot
    from db.district.server import open_district

    server = open_district(args.data)
    written = write_snapshot(server, args.device, args.path)
    server.close()
    yield {"path": str(written.path), "lines": written.lines, "bytes": written.bytes}


def _backup(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.backup import back_up
    from db.district.server import open_district

    server = open_district(args.data)
    made = back_up(server, args.to)
    server.close()
    yield {
        "path": str(made.proven.path),
        "at": made.proven.at.isoformat(),
        "entries": made.entries,
        "bytes": made.proven.bytes,
        "removed": made.removed,
    }


def _restore(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.backup import restore_district

    recovery = args.recovery_file.read_text("utf-8") if args.recovery_file else ""
    yield restore_district(args.data, args.file, recovery, args.database)._asdict()


def _grant(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.rights import serve_as

    yield {"serves_as": serve_as(args.data, args.database)}


def _doctor(args: argparse.Namespace) -> Iterator[Result]:
    from db.district.backup import last_proven
    from db.district.server import open_district
    from db.doctor_journal import Lines
    from db.engine import reading

    server = open_district(args.data)
    with reading(server.engine) as connection:
        lines = Lines(connection, server.device.id)
        found = list(lines.examine(lambda: None))
    for finding in found:
        yield {"what": finding.what, "where": finding.where, "detail": finding.detail}
    proven = last_proven(server)
    yield {
        "entries": len(lines.ids),
        "sound": not any(f.grave for f in found),
        "backup": proven.at.isoformat() if proven else None,
    }
    server.close()


_COMMANDS: dict[str, Callable[[argparse.Namespace], Iterator[Result]]] = {
    "enrol": _enrol,
    "replace": _replace,
    "devices": _devices,
    "revoke": _revoke,
    "account": _account,
    "declare-restored": _declare_restored,
    "courier": _courier,
    "form-texts": _form_texts,
    "snapshot": _snapshot,
    "backup": _backup,
    "restore": _restore,
    "grant": _grant,
    "doctor": _doctor,
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="district-server", description=__doc__)
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, required=True, metavar="DIR")
    common.add_argument("--json", action="store_true", help="one JSON object per result")
    served = argparse.ArgumentParser(add_help=False)
    served.add_argument("--database", default="", metavar="URL", help="postgresql://…")
    served.add_argument("--name", default="huyện", help="what counters call it")
    served.add_argument("--host", default="127.0.0.1")
    served.add_argument("--port", type=int, default=8443)
    served.add_argument("--http", action="store_true", help="without TLS; on loopback only")
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")
    commands.add_parser("serve", parents=[common, served], help="run the server (the default)")
    commands.add_parser("demo", parents=[common, served], help="a server with three counters")
    enrol = commands.add_parser("enrol", parents=[common], help="a one-time code for a counter")
    enrol.add_argument("--office", required=True, metavar="CODE")
    enrol.add_argument("--number", type=int, default=0, metavar="N")
    replace = commands.add_parser("replace", parents=[common], help="a code for a new machine")
    replace.add_argument("device", metavar="DEV")
    replace.add_argument("--office", required=True, metavar="CODE")
    commands.add_parser("devices", parents=[common], help="how every counter stands")
    revoke = commands.add_parser("revoke", parents=[common], help="no counter any more")
    revoke.add_argument("device", metavar="DEV")
    revoke.add_argument("--reason", required=True)
    account = commands.add_parser("account", parents=[common], help="who may read the pages")
    account.add_argument("login", metavar="LOGIN")
    commands.add_parser("declare-restored", parents=[common], help="after restoring a backup")
    courier = commands.add_parser("courier", parents=[common], help="take bundles in, and answer")
    courier.add_argument("path", type=Path, metavar="PATH")
    texts = commands.add_parser(
        "form-texts", parents=[common], help="the words of everybody's papers, from a file"
    )
    texts.add_argument("file", type=Path, metavar="FILE.toml|.json")
    texts.add_argument("--office", default="", metavar="CODE", help="only this office's papers")
    texts.add_argument("--from", dest="valid_from", type=date.fromisoformat, metavar="YYYY-MM-DD")
    texts.add_argument("--reason", default="", metavar="TEXT")
    snapshot = commands.add_parser(
        "snapshot", parents=[common], help="a counter's whole history as a file"
    )
    snapshot.add_argument("device", metavar="DEV")
    snapshot.add_argument("path", type=Path, metavar="PATH")
    backup = commands.add_parser("backup", parents=[common], help="a backup, restored and verified")
    backup.add_argument("--to", type=Path, metavar="DIR2", help="default: DIR/backups")
    restore = commands.add_parser("restore", parents=[common], help="the server from a backup")
    restore.add_argument("file", type=Path, metavar="FILE")
    restore.add_argument("--recovery-file", type=Path, metavar="FILE", help="on a new machine")
    restore.add_argument("--database", default="", metavar="URL", help="an empty PostgreSQL")
    grant = commands.add_parser(
        "grant", parents=[common], help="run as a user of PostgreSQL that cannot change entries"
    )
    grant.add_argument("--database", required=True, metavar="URL", help="as that user")
    commands.add_parser("doctor", parents=[common], help="verify every line, chain and sum")
    return parser


if __name__ == "__main__":
    sys.exit(main())
