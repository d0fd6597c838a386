"""What a text of the papers must keep when an office words it anew. Pure: no database, no clock.

The text of the law is the measure: its ``{places}`` are what the program fills in, the parts
between its ``|`` are as many as there are columns, and it says about how much room there is.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from typing import Final, NamedTuple

from db.refused import Refused

OFFICE: Final = "office"
"""The form under which an office's own names stand; it has no form set."""
LOGO: Final = "logo"
PNG_URL: Final = "data:image/png;base64,"
"""How a logo begins as a text."""
SENTENCE: Final = 60
"""Letters from which a text of the law is a sentence, which flows over many lines."""
MOST: Final = 700
"""Letters a sentence may have; a label may be twice as long as the law's, and ``LEAST_ROOM``."""
LEAST_ROOM: Final = 40
IN_PARTS: Final = frozenset({"weekdays", "columns"})
_EMPTY_NOTES: Final = frozenset({"note_1", "note_2", "note_3"})
_EMPTY_NAMES: Final = frozenset({LOGO, "phone", "lookup_url", "signer"})


class OfficeText(NamedTuple):
    """A name of the office: what the screen calls it, how many letters it may have."""

    label: str
    most: int


OFFICE_TEXTS: Final[Mapping[str, OfficeText]] = {
    "upper_line": OfficeText("Cơ quan chủ quản", 120),
    "desk_line": OfficeText("Tên nơi tiếp nhận, trả kết quả", 120),
    "name": OfficeText("Tên đơn vị trong câu", 120),
    "place": OfficeText("Địa danh trước ngày tháng", 40),
    "signer_title": OfficeText("Quyền hạn, chức vụ người ký", 120),
    "signer": OfficeText("Họ tên người ký", 60),
    "phone": OfficeText("Điện thoại hỏi hồ sơ", 30),
    "lookup_url": OfficeText("Địa chỉ tra cứu", 150),
    LOGO: OfficeText("Biểu trưng (PNG)", 100_000),
}


class Change(NamedTuple):
    """One text worded anew; ``says`` None: again as the law has it."""

    form: str
    form_set: str
    text: str
    says: str | None


class TextEmpty(Refused):
    """A text that the paper cannot do without."""


class WordsTooLong(Refused):
    """More letters than the place on the paper holds; ``most``, ``has``."""


class UnknownPlaceholder(Refused):
    """Something in braces that the program does not fill in; ``name``, and ``known`` ones."""


class PlaceholderMissing(Refused):
    """What the law wants said here is not: ``names``, in braces."""


class PartsDiffer(Refused):
    """A list with ``|`` between needs as many ``parts`` as the law's; ``has``."""


class DayGone(Refused):
    """From a day before today: papers of that day are printed already; ``day``."""


class UnknownText(Refused):
    """No form has this text; ``form``, ``text``."""


def places(text: str) -> tuple[str, ...]:
    """What the program fills in, in the order of the text, each once."""
    return tuple(dict.fromkeys(re.findall(r"\{(\w+)\}", text)))


def room(form: str, key: str, law: str) -> int:
    """How many letters a text may have."""
    if form == OFFICE:
        return OFFICE_TEXTS[key].most
    return MOST if len(law) > SENTENCE or key in _EMPTY_NOTES else max(LEAST_ROOM, 2 * len(law))


def may_be_empty(form: str, key: str) -> bool:
    """Whether the paper leaves the place out."""
    return key in (_EMPTY_NAMES if form == OFFICE else _EMPTY_NOTES)


def checked(form: str, key: str, law: str, says: str) -> str:
    """The text as it will be printed: in one line, its letters in NFC.

    Raises:
        TextEmpty, WordsTooLong, UnknownPlaceholder, PlaceholderMissing, PartsDiffer.
    """
    said = " ".join(unicodedata.normalize("NFC", says).split())
    most, known = room(form, key, law), places(law)
    if not said and not may_be_empty(form, key):
        raise TextEmpty()
    if len(said) > most:
        raise WordsTooLong(most=most, has=len(said))
    strange = [each for each in re.findall(r"\{[^}]*\}?|\}", said) if each[1:-1] not in known]
    if strange:
        raise UnknownPlaceholder(name=strange[0], known=_braced(known) or "không có")
    missing = [each for each in known if each not in places(said)]
    if missing and said:
        raise PlaceholderMissing(names=_braced(missing))
    parts, has = len(law.split("|")), len(said.split("|"))
    if key in IN_PARTS and parts != has:
        raise PartsDiffer(parts=parts, has=has)
    return said


def from_day(day: date, today: date) -> str:
    """The day as entries have it.

    Raises:
        DayGone: a paper that was printed would say something else.
    """
    if day < today:
        raise DayGone(day=f"{day:%d/%m/%Y}")
    return day.isoformat()


def _braced(names: tuple[str, ...] | list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
