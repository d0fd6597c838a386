"""What scanners do to Vietnamese letters, undone: one profile of damage per function.

Each takes one damaged word and gives every word it can have been. Choosing between them is the
business of ``card``: here nothing is guessed. The profiles were observed on wedge scanners of
counters (domain study §9.5): UTF-8 shown as Windows-1252, low bytes of code points shown in the
OEM page 437, code points or bytes in decimals, input-method keys instead of letters.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from itertools import product

from desk_app.rules.syllables import MARKED

Undo = Callable[[str], tuple[str, ...]]

_MOST = 512
"""Readings of one word beyond which it counts as unreadable."""

# ------------------------------------------------------------ UTF-8 read as Windows-1252

_SWALLOWED = b"\x81\x8d\x8f\x90\x9d\xa0\xad"
"""Bytes that vanish on the way: undefined in Windows-1252, or shown as nothing."""
_LEADS = {letter.encode()[0] for letter in MARKED}


def from_cp1252(word: str) -> tuple[str, ...]:
    """``Nguyá»…n`` → Nguyễn; bytes that were swallowed are tried one by one."""
    octets = bytearray()
    for sign in word:
        try:
            octets += sign.encode("cp1252")
        except UnicodeEncodeError:
            if ord(sign) > 0xFF:
                return ()
            octets.append(ord(sign))
    return tuple(_from_octets(bytes(octets), allow_gaps=True))


def _from_octets(octets: bytes, allow_gaps: bool) -> list[str]:
    """Every reading of UTF-8 octets as ASCII and Vietnamese letters."""
    readings = [""]
    at = 0
    while at < len(octets):
        if octets[at] < 0x80:
            letters, step = [chr(octets[at])], 1
        elif octets[at] in _LEADS:
            letters, step = _one_letter(octets[at : at + 3], allow_gaps)
        else:
            return []
        readings = [reading + letter for reading in readings for letter in letters]
        if not readings or len(readings) > _MOST:
            return []
        at += step
    return readings


def _one_letter(octets: bytes, allow_gaps: bool) -> tuple[list[str], int]:
    size = 3 if octets[0] >= 0xE0 else 2
    whole = octets[:size]
    if len(whole) == size and all(0x80 <= octet < 0xC0 for octet in whole[1:]):
        letter = whole.decode("utf-8", "replace")
        return ([letter] if letter in MARKED else []), size
    head = octets[: size - 1]
    if not allow_gaps or len(head) < size - 1 or any(not 0x80 <= o < 0xC0 for o in head[1:]):
        return [], 1
    tried = [(head + bytes([octet])).decode("utf-8", "replace") for octet in _SWALLOWED]
    return [letter for letter in tried if letter in MARKED], size - 1


# ------------------------------------------------------------ low byte in the OEM page

_PICTURES = {0x02: "☻", 0x03: "♥", 0x10: "►", 0x11: "◄"}
"""How code page 437 draws the control characters that low bytes of Ă ă Đ đ are."""


def _low_byte_signs(letter: str) -> list[str]:
    low = ord(letter) & 0xFF
    shown = bytes([low]).decode("cp437")
    return [shown, _PICTURES[low]] if low in _PICTURES else [shown]


_FROM_OEM: dict[str, str] = {}
for _letter in sorted(MARKED):
    for _sign in _low_byte_signs(_letter):
        _FROM_OEM[_sign] = _FROM_OEM.get(_sign, "") + _letter

OEM_LOOKS_VIETNAMESE = frozenset(sign for sign in _FROM_OEM if sign in MARKED)
"""Vietnamese letters that this damage produces from others: an í may have been ơ or ạ."""


def from_oem(word: str) -> tuple[str, ...]:
    """``Nguy┼n`` → Nguyễn; ``Phím`` → Phơm, Phạm: the low byte alone does not tell."""
    choices: list[str] = []
    for sign in word:
        letters = _FROM_OEM.get(sign, "")
        if sign.isascii() and sign.isprintable():
            letters += sign
        if not letters:
            return ()
        choices.append(letters)
    return _products(choices)


# ------------------------------------------------------------ decimals

_CODE_POINTS = {str(ord(letter)): letter for letter in MARKED}
_CODE_POINTS |= {number.zfill(4): letter for number, letter in _CODE_POINTS.items()}


def from_code_points(word: str) -> tuple[str, ...]:
    """``Nguy7877n`` → Nguyễn, ``Ph432417ng`` → Phương."""
    return _with_digits_read(word, _letters_of_code_points)


def _letters_of_code_points(digits: str) -> list[str]:
    if not digits:
        return [""]
    readings: list[str] = []
    for size in (3, 4):
        letter = _CODE_POINTS.get(digits[:size])
        if letter and len(digits) >= size:
            readings += [letter + rest for rest in _letters_of_code_points(digits[size:])]
    return readings


def from_bytes(word: str) -> tuple[str, ...]:
    """``Nguy022501870133n`` → Nguyễn: UTF-8 bytes as decimals of four digits."""
    return _with_digits_read(word, _letters_of_bytes)


def _letters_of_bytes(digits: str) -> list[str]:
    numbers = [int(digits[at : at + 4]) for at in range(0, len(digits), 4)]
    if len(digits) % 4 or max(numbers) > 0xFF:
        return []
    return _from_octets(bytes(numbers), allow_gaps=False)


def _with_digits_read(word: str, letters_of: Callable[[str], list[str]]) -> tuple[str, ...]:
    if not word.isascii():
        return ()
    parts = re.findall(r"\d+|\D+", word)
    if len(parts) > 12:
        return ()
    return _products([letters_of(part) if part.isdecimal() else [part] for part in parts])


# ------------------------------------------------------------ keys of an input method

_TONES_OF_TELEX = {"f": "\u0300", "s": "\u0301", "r": "\u0309", "x": "\u0303", "j": "\u0323"}
_TONES_OF_VNI = {"2": "\u0300", "1": "\u0301", "3": "\u0309", "4": "\u0303", "5": "\u0323"}
_TELEX = (
    *(("dd", "đ"), ("uow", "ươ"), ("uwow", "ươ"), ("uwo", "ươ"), ("aa", "â"), ("ee", "ê")),
    *(("oo", "ô"), ("aw", "ă"), ("ow", "ơ"), ("uw", "ư"), ("w", "ư")),
)
_VNI = (
    *(("d9", "đ"), ("uo7", "ươ"), ("u7o7", "ươ"), ("u7o", "ươ"), ("a6", "â"), ("e6", "ê")),
    *(("o6", "ô"), ("a8", "ă"), ("o7", "ơ"), ("u7", "ư")),
)
_VOWEL = "aăâeêioôơuưy"


def from_telex(word: str) -> tuple[str, ...]:
    """``Nguyeenx`` → Nguyễn: keys that no input method turned into letters."""
    return _from_keys(word, _TONES_OF_TELEX, _TELEX)


def from_vni(word: str) -> tuple[str, ...]:
    """``Nguye6n4`` → Nguyễn."""
    return _from_keys(word, _TONES_OF_VNI, _VNI)


def _from_keys(
    word: str, tones: dict[str, str], marks: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    if not word.isascii():
        return ()
    letters = word.lower()
    tone = ""
    found = re.search(rf"(?<=.)[{''.join(tones)}](?=[^{''.join(tones)}]*$)", letters)
    if found and re.search("[aeiouyw]", letters[: found.start()]):
        tone = tones[found.group()]
        letters = letters[: found.start()] + letters[found.end() :]
    for keys, letter in marks:
        letters = letters.replace(keys, letter)
    written = _with_tone(letters, tone)
    if word[:1].isupper():
        written = [text[:1].upper() + text[1:] for text in written]
    return tuple(written)


def _with_tone(letters: str, tone: str) -> list[str]:
    """The tone on its vowel; both places where writers differ (hòa, hoà)."""
    if not tone:
        return [letters]
    run = re.search(rf"(?:(?<=q)u|(?<=g)i(?=[{_VOWEL}]))?([{_VOWEL}]+)", letters)
    if run is None:
        return []
    start, vowels = run.start(1), run.group(1)
    shaped = [at for at, vowel in enumerate(vowels) if vowel in "ăâêôơư"]
    if shaped:
        places = [shaped[-1]]
    elif len(vowels) == 1:
        places = [0]
    elif run.end() < len(letters) or len(vowels) == 3:
        places = [1]
    elif vowels in {"oa", "oe", "uy"}:
        places = [0, 1]
    else:
        places = [0]
    return [_put(letters, start + place, tone) for place in places]


def _put(letters: str, at: int, tone: str) -> str:
    return unicodedata.normalize("NFC", letters[: at + 1] + tone + letters[at + 1 :])


def _products(choices: list[str] | list[list[str]]) -> tuple[str, ...]:
    count = 1
    for choice in choices:
        count *= len(choice)
    return tuple("".join(letters) for letters in product(*choices)) if 0 < count <= _MOST else ()
