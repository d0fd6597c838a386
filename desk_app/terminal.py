"""What the command line asks for and shows while it works."""

from __future__ import annotations

import argparse
import getpass
import sys
from collections.abc import Callable
from pathlib import Path

from desk_app.services.intake_file import FileUnreadable


def password_of(args: argparse.Namespace) -> str:
    """The clerk's password, from ``--password-file`` or asked for."""
    return first_line(args.password_file) if args.password_file else ask("Mật khẩu: ")


def passphrase_of(args: argparse.Namespace) -> str | None:
    """What opens the key, when it is sealed by a passphrase."""
    return first_line(args.passphrase_file) if args.passphrase_file else None


def first_line(path: Path) -> str:
    """The first line of a file."""
    return text_of(path).partition("\n")[0].rstrip("\r")


def text_of(path: Path) -> str:
    """A file's text.

    Raises:
        FileUnreadable: it is not there, or is no text.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as e:
        raise FileUnreadable(why="missing", path=str(path)) from e


def ask(prompt: str) -> str:
    """Asked on the terminal; without one, from standard input."""
    if sys.stdin.isatty():
        return getpass.getpass(prompt)
    return sys.stdin.readline().rstrip("\r\n")


def progress_of(args: argparse.Namespace) -> Callable[[int, int], None] | None:
    """A counting line on a terminal; nothing in a pipe."""
    if args.json or not sys.stderr.isatty():
        return None
    return lambda done, total: print(f"\r{done:,}/{total:,}", end="", file=sys.stderr)
