"""What the rules say about something typed: which field, what is the matter, how grave."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal, NamedTuple

Severity = Literal["error", "warning", "told"]


class Remark(NamedTuple):
    """One finding about one field.

    ``name`` is a key of ``desk_app.messages.SENTENCES`` and ``facts`` fills that sentence.
    An ``error`` keeps the dossier from being saved, a ``warning`` can be confirmed, ``told``
    reports what was changed. ``offer`` is a better text the clerk may take with one key.
    """

    field: str
    name: str
    severity: Severity
    facts: dict[str, object] = {}  # noqa: RUF012 - a default nobody writes to
    offer: str = ""


def errors_of(remarks: Iterable[Remark]) -> tuple[Remark, ...]:
    """The remarks that keep a dossier from being saved."""
    return tuple(remark for remark in remarks if remark.severity == "error")
