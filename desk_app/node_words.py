"""The words of the commands between nodes; what they do is in ``node_commands``."""

from __future__ import annotations

from pathlib import Path
from typing import Any


def add_parsers(command: Any) -> None:
    """Their words on the command line; ``command`` makes a parser of its own for each."""
    for name, about in (
        ("enrol", "become a counter of a district server"),
        ("restore", "a new machine in the place of a dead one"),
    ):
        parser = command(name, about)
        parser.add_argument("--server", metavar="URL")
        parser.add_argument(
            "--stick", type=Path, metavar="PATH", help="without a line: apply and be answered there"
        )
        parser.add_argument("--code", required=True, metavar="CODE", help="one-time code")
        parser.add_argument("--name", help="a new folder: the first clerk's name")
        parser.add_argument("--role", choices=("clerk", "chief"), default="chief")
        parser.add_argument("--password-file", type=Path, metavar="FILE")
        parser.add_argument("--spool", metavar="DIR", help="folder on a second medium")
        if name == "restore":
            parser.set_defaults(siblings=False)
            parser.add_argument(
                "--from", dest="source", type=Path, metavar="PATH", help="a bundle, or its folder"
            )
            parser.add_argument(
                "--from-spool", type=Path, metavar="DIR", help="the dead machine's stick"
            )
            parser.add_argument(
                "--recovery-file", type=Path, metavar="FILE", help="its recovery key"
            )
            parser.add_argument(
                "--from-receipts",
                dest="scans",
                type=Path,
                nargs="+",
                metavar="PDF",
                default=[],
                help="scans of the office's copies of the receipts",
            )
    recover = command("recover", "dossiers again from scans of the office's copies of the receipts")
    recover.add_argument("scans", type=Path, nargs="+", metavar="PDF")
    attach = command("attach", "a scanned paper to a dossier")
    attach.add_argument("code", metavar="CODE")
    attach.add_argument("file", type=Path, metavar="FILE")
    attach.add_argument("--paper", default="", help="which paper it is")
    file = command("file", "a dossier's scanned paper again, from the server when it is not here")
    file.add_argument("code", metavar="CODE")
    file.add_argument("sha256", metavar="SHA256")
    file.add_argument("out", type=Path, metavar="FILE")
    backup = command("backup", "a backup, restored into a scratch file and verified")
    backup.add_argument("--to", type=Path, metavar="DIR2", help="default: DIR/backups")
    backup.add_argument("--last", action="store_true", help="say when the last one was proven")
    stick = command("courier", "send and fetch by stick")
    stick.add_argument("way", choices=("out", "in"))
    stick.add_argument("path", type=Path, metavar="PATH")
    again = command("replicate", "one round with the server; exit 0 in step, 1 refused, 3 no line")
    again.add_argument("--server", metavar="URL", help="another address than the settings'")
    again.add_argument(
        "--siblings", action="store_true", help="then with the counters on the office's cable"
    )
    door = command("door", "answer the commune's other counters on the office's cable")
    door.add_argument("--host", default="0.0.0.0")
    door.add_argument("--port", type=int, default=8444)
