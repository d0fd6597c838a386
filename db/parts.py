"""What the bodies of entries are made of: texts of a length, moments, people, papers, money.

Money is in đồng. A moment is local time with offset, ``2026-11-26T09:41:00+07:00``; a day is
``2026-11-26``. There are no floats: a time limit is counted in halves, so that three and a half
working days is ``halves=7``.
"""

from __future__ import annotations

from typing import Annotated, Literal

from msgspec import Meta, Struct

Short = Annotated[str, Meta(max_length=200)]
Line = Annotated[str, Meta(max_length=1_000)]
Text = Annotated[str, Meta(max_length=4_000)]
Day = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}$")]
Moment = Annotated[str, Meta(pattern=r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}[+-]\d{2}:\d{2}$")]
Born = Annotated[str, Meta(pattern=r"^(\d{4}(-\d{2}(-\d{2})?)?)?$")]
Dong = Annotated[int, Meta(ge=0, le=1_000_000_000_000)]
Count = Annotated[int, Meta(ge=0, le=9_999)]
Minute = Annotated[int, Meta(ge=0, le=1_440)]


class Kind(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """A body of an entry, or a part of one."""


class Person(Kind, frozen=True):
    """An applicant or a submitter, as written on the receipt. Identity numbers are text."""

    name: Short
    kind: Literal["citizen", "business", "state_body", "organisation", "other"] = "citizen"
    id_number: Short = ""
    id_kind: Literal["", "personal", "cmnd", "passport", "tax", "other"] = ""
    born: Born = ""
    sex: Literal["", "Nam", "Nữ"] = ""
    address: Line = ""
    phone: Annotated[str, Meta(pattern=r"^(0\d{9,10})?$")] = ""
    email: Short = ""
    representative: Short = ""


class PaperCount(Kind, frozen=True):
    """One paper of a dossier and how many of it were handed in; ``shown`` was only looked at."""

    name: Line
    originals: Count = 0
    certified: Count = 0
    copies: Count = 0
    shown: bool = False


class Limit(Kind, frozen=True):
    """How long a procedure may take. ``halves`` counts half units: 7 halves = 3.5."""

    unit: Literal["working_days", "calendar_days", "hours", "same_day", "unknown"]
    halves: Annotated[int, Meta(ge=0, le=2_000)] = 0
    cut_off: bool = False
    """Received after 15:00 counts as received the next working day."""


class FeeRule(Kind, frozen=True):
    """What a procedure costs. ``pages``: per page with a cheaper tail and a cap per copy."""

    kind: Literal["free", "case", "copy", "pages", "unknown"]
    amount: Dong = 0
    first_pages: Count = 0
    then_amount: Dong = 0
    cap: Dong = 0


class Fee(Kind, frozen=True):
    """What is asked for this dossier and how it is paid."""

    amount: Dong = 0
    how: Literal["cash", "transfer", "post", "online", "exempt", "none"] = "none"
    reason: Line = ""
    pages: Count = 0
    copies: Count = 0


class ProcedureFacts(Kind, frozen=True):
    """The procedure a dossier was received under; ``version`` is the id of its entry."""

    code: Short
    name: Line
    short_name: Short
    field: Short
    version: Short


class OfficeFacts(Kind, frozen=True):
    """The names printed on this dossier's papers; a later renaming does not rewrite them."""

    code: Short
    name: Short
    upper_line: Short
    desk_line: Short
    place: Short
    phone: Short = ""
    address: Line = ""
    lookup_url: Short = ""


class ClerkFacts(Kind, frozen=True):
    """Who did it."""

    login: Short
    name: Short
