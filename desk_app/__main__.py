"""desk-app: the window of the counter, and its commands."""

from __future__ import annotations

import argparse
import io
import sys
from datetime import date
from pathlib import Path

from platformdirs import user_data_path

from db.refused import Refused
from desk_app.bench import FAMILIES
from desk_app.node_words import add_parsers


def main(argv: list[str] | None = None) -> int:
    """Exit code 0 done, 1 refused, 2 wrong call."""
    _speak_vietnamese()
    parser = _parser(user_data_path("desk-app", appauthor=False))
    args = parser.parse_args(argv)
    if args.command == "init" and args.clerk is None:
        parser.error("init: --clerk LOGIN")
    if args.command == "form-texts" and args.action != "list" and args.file is None:
        parser.error(f"form-texts {args.action}: FILE.toml or FILE.json")
    if args.command in ("enrol", "restore") and not (args.server or args.stick):
        parser.error(f"{args.command}: --server URL, or --stick PATH")
    if args.command == "window" or (args.command == "demo" and not args.headless):
        return _window(args)
    from desk_app.commands import run

    return run(args)


def _speak_vietnamese() -> None:
    """A pipe on Windows, or a C locale, has an encoding that does not hold our letters."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def _window(args: argparse.Namespace) -> int:
    """Open the window; what keeps it from opening is said on standard error too."""
    from desk_app.app import open_window

    try:
        return open_window(args.data, demo=args.command == "demo")
    except Refused as refused:
        from desk_app.messages import sentence_for

        print(sentence_for(refused), file=sys.stderr)
        return 1


def _parser(data: Path) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="desk-app", description="Quầy tiếp nhận và trả kết quả của bộ phận Một cửa."
    )
    common = argparse.ArgumentParser(add_help=False)
    common.add_argument("--data", type=Path, default=data, metavar="DIR")
    common.add_argument("--json", action="store_true", help="one JSON object per result")
    common.add_argument("--clerk", metavar="LOGIN", help="who does it; default: the first clerk")
    common.add_argument("--passphrase-file", type=Path, metavar="FILE")
    parser.set_defaults(
        command="window", data=data, json=False, clerk=None, passphrase_file=None, headless=False
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND")

    def command(name: str, help: str) -> argparse.ArgumentParser:
        return commands.add_parser(name, parents=[common], help=help)

    command("window", "open the window of the counter in DIR")
    init = command("init", "make a new counter")
    init.add_argument("--office", required=True, metavar="CODE")
    init.add_argument("--counter", required=True, type=int, metavar="N")
    init.add_argument("--name", help="the clerk's name as on receipts")
    init.add_argument("--role", choices=("clerk", "chief"), default="chief")
    init.add_argument("--password-file", type=Path, metavar="FILE")
    init.add_argument("--spool", metavar="DIR", help="folder on a second medium")
    init.add_argument(
        "--recovery-sheet", type=Path, metavar="PDF", help="the recovery key as a page to print"
    )
    demo = command("demo", "the demonstration counter in DIR, made on first use")
    demo.add_argument("--headless", action="store_true", help="take one sample dossier in")
    night = command("demo-night", "three counters, a day's dossiers, one server, and their totals")
    night.add_argument("--a-day", type=int, default=100, metavar="N", help="dossiers a counter")
    night.add_argument("--seed", type=int, default=1, metavar="N")
    night.add_argument("--keep", type=Path, metavar="DIR2", help="an empty folder; default: none")
    week = command("demo-week", "five days of a commune, every paper made, the books balanced")
    week.add_argument("--dossiers", type=int, default=900, metavar="N")
    week.add_argument("--seed", type=int, default=1, metavar="N")
    week.add_argument("--keep", type=Path, metavar="DIR2", help="an empty folder; default: none")
    receive = command("receive", "take in dossiers from a file")
    receive.add_argument("file", type=Path, metavar="FILE.json")
    receive.add_argument("--receipt-dir", type=Path, metavar="DIR2")
    find = command("find", "people and dossiers, as in the find box")
    find.add_argument("text", metavar="TEXT")
    find.add_argument("--limit", type=int, default=20)
    register = command("register", "this counter's book of a year: PDF, or Excel by its name")
    register.add_argument("--year", type=int, metavar="YYYY", help="default: this year")
    register.add_argument("--count", action="store_true", help=argparse.SUPPRESS)
    register.add_argument("--volume", type=int, default=0, metavar="N", help="not this counter's")
    register.add_argument("--out", type=Path, required=True, metavar="FILE.pdf|.xlsx")
    show = command("show", "one dossier with its history")
    show.add_argument("code", metavar="CODE")
    print_ = command("print", "a paper again, marked as a reprint")
    print_.add_argument("code", metavar="CODE")
    print_.add_argument("--form", default="01")
    print_.add_argument("--out", type=Path, metavar="PDF")
    print_.add_argument("--printer", metavar="NAME")
    sheet = command("day-sheet", "the end-of-day sheet; exit 1 when its totals do not agree")
    sheet.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="not today")
    sheet.add_argument("--out", type=Path, metavar="FILE.pdf", help="default: DIR/day-sheets")
    sheet.add_argument("--second", type=int, metavar="N", help=argparse.SUPPRESS)
    book = command("day-book", "what one counter did on one day; exit 1 when its sums do not agree")
    book.add_argument("--date", type=date.fromisoformat, metavar="YYYY-MM-DD", help="not today")
    book.add_argument("--counter", type=int, metavar="N", help="not the one at this machine")
    book.add_argument("--out", type=Path, metavar="FILE.pdf", help="default: DIR/day-books")
    book.add_argument("--second", type=int, metavar="N", help=argparse.SUPPRESS)
    texts = command("form-texts", "the words of the papers: list, or a file out and in")
    texts.add_argument("action", choices=("list", "export", "import"))
    texts.add_argument("file", nargs="?", type=Path, metavar="FILE.toml|.json")
    texts.add_argument("--all", action="store_true", help="also what is as the forms have it")
    texts.add_argument("--office", action="store_true", help="also this office's own names")
    texts.add_argument("--from", dest="valid_from", type=date.fromisoformat, metavar="YYYY-MM-DD")
    texts.add_argument("--reason", default="", metavar="TEXT")
    command("doctor", "verify everything; exit 0 only when sound")
    command("rebuild", "fold the journal into the screen tables again")
    command(
        "repair", "make a damaged database again from the second medium and what it still holds"
    )
    unlock = command("unlock", "seal the key to this machine again with the recovery key")
    unlock.add_argument("--recovery-file", type=Path, metavar="FILE")
    add_parsers(command)
    bench = command("bench", "measure against floors in the same run")
    bench.add_argument("--only", choices=FAMILIES)
    return parser


if __name__ == "__main__":
    sys.exit(main())
