"""What the doctor may find: plain facts without names, numbers of persons or codes."""

from __future__ import annotations

from msgspec import Struct


class Finding(Struct, frozen=True):
    """One thing that is not as it should be.

    ``grave`` says that a fact is lost, changed or contradicted. What is not grave is told all the
    same: a stick that is out, a fork that nobody can undo any more.
    """

    what: str
    where: str
    detail: str = ""
    grave: bool = True


class Report(Struct, frozen=True):
    """What an examination came to; ``sound`` says that nothing grave was found."""

    sound: bool
    entries: int
    findings: tuple[Finding, ...]
