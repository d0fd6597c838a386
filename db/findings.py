"""What the doctor may find: plain facts without names, numbers of persons or codes."""

from __future__ import annotations

from typing import NamedTuple


class Finding(NamedTuple):
    """One thing that is not as it should be.

    ``grave`` says that a fact is lost, changed or contradicted. What is not grave is told all the
    same: a stick that is out, a fork that nobody can undo any more.
    """

    what: str
    where: str
    detail: str = ""
    grave: bool = True


class Report(NamedTuple):
    """What an examination came to."""

    entries: int
    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing grave was found."""
        return not any(finding.grave for finding in self.findings)
