"""Names of people: how they are tidied, searched, sorted and said."""

from __future__ import annotations

import re
import unicodedata

from desk_app.rules.remarks import Remark
from desk_app.rules.syllables import split_tone
from desk_app.rules.typed import SHORT, clean

_ALPHABET = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"
_PLACE = {letter: chr(ord("A") + place) for place, letter in enumerate(_ALPHABET)}
_TONE_ORDER = {"": "0", "f": "1", "r": "2", "x": "3", "s": "4", "j": "5"}


def tidy_name(
    text: str, field: str = "applicant.name", of_person: bool = True
) -> tuple[str, tuple[Remark, ...]]:
    """The name as it is stored, and what is odd about it.

    Organisations may have digits and capitals in their names, so ``of_person=False`` only
    cleans. The letters themselves are never changed without being asked: a name in capitals is
    kept and the usual form offered.
    """
    name, cleaned = clean(text, limit=SHORT, field=field)
    remarks = list(cleaned)
    letters = [sign for sign in name if sign.isalpha()]
    if of_person and name:
        if any(sign.isdigit() for sign in name):
            remarks.append(Remark(field, "name_has_digits", "error"))
        elif not letters:
            remarks.append(Remark(field, "name_without_letters", "warning"))
        elif len(letters) == 1:
            remarks.append(Remark(field, "name_one_letter", "warning"))
        elif any(remark.name == "legacy_text" for remark in remarks):
            pass  # its capitals mean nothing before it is converted
        elif name.isupper() or name.islower():
            offer = capitalised(name)
            which = "name_in_capitals" if name.isupper() else "name_in_small_letters"
            remarks.append(Remark(field, which, "warning", {"offer": offer}, offer))
    return name, tuple(remarks)


def capitalised(name: str) -> str:
    """The name with every word, and what follows H' or K', beginning with a capital."""
    return re.sub(
        r"[^\W\d_]+", lambda word: word.group()[0].upper() + word.group()[1:].lower(), name
    )


def sort_key(name: str, given_first: bool = False) -> str:
    """A text whose plain byte order is Vietnamese order: a ă â b c d đ …, then the tones.

    Tones decide only between words that are otherwise equal: ngang, huyền, hỏi, ngã, sắc, nặng.
    With ``given_first`` lists go by given name, then by the rest, as class lists do.
    """
    words = unicodedata.normalize("NFC", name).casefold().split()
    if given_first:
        words = words[-1:] + words[:-1]
    primary: list[str] = []
    secondary: list[str] = []
    for word in words:
        for sign in word:
            base, tone = split_tone(sign)
            primary.append(_PLACE.get(base, "~" + base if base.isalpha() else base))
            secondary.append(_TONE_ORDER.get(tone, "0"))
        primary.append(" ")
        secondary.append(" ")
    return "".join(primary).rstrip() + "\x01" + "".join(secondary).rstrip()


def given_name(name: str) -> str:
    """The last word: what a person is called by."""
    return name.split()[-1] if name.split() else ""


def honorific(sex: str) -> str:
    """ "ông" or "bà"; both when the sex is not known."""
    return {"Nam": "ông", "Nữ": "bà"}.get(sex, "ông/bà")


def called(name: str, sex: str) -> str:
    """How a sentence speaks of a person: "bà Ánh"."""
    return f"{honorific(sex)} {given_name(name)}".rstrip()
