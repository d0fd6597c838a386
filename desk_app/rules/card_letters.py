"""The Vietnamese text of a card, read under the damage profile that explains all of it.

A profile is believed when it is established: some word of the card shows the damage and becomes a
Vietnamese syllable when it is undone. A name is accepted when each of its words has exactly one
reading that is a syllable. Everything else is left as it arrived and doubted.
"""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

from desk_app.rules.damage import (
    OEM_LOOKS_VIETNAMESE,
    Undo,
    from_bytes,
    from_code_points,
    from_cp1252,
    from_oem,
    from_telex,
    from_vni,
)
from desk_app.rules.names import capitalised
from desk_app.rules.syllables import MARKED, VOWELS, is_syllable, split_tone


class Profile(NamedTuple):
    """A damage, how to undo it, and the sign without which nothing was undone."""

    name: str
    undo: Undo
    sign: re.Pattern[str]
    shows_in: Literal["name", "anywhere"] = "anywhere"
    """Where the sign has to be seen. "Khu A1" is no VNI, so keys must show in the name."""


PROFILES = (
    Profile("cp1252", from_cp1252, re.compile("[^ -~]")),
    Profile("oem", from_oem, re.compile("[^ -~]")),
    Profile("code_points", from_code_points, re.compile("[0-9]")),
    Profile("bytes", from_bytes, re.compile("[0-9]")),
    Profile("telex", from_telex, re.compile("[A-Za-z]"), "name"),
    Profile("vni", from_vni, re.compile("[0-9]"), "name"),
)

_PLAIN_SIGNS = MARKED | frozenset(chr(code) for code in range(0x20, 0x7F)) | frozenset("–—’‘“”°²")
_SURE_LETTERS = MARKED - OEM_LOOKS_VIETNAMESE
_TWO_LETTERS = 6
"""Digits of two letters as code points; no house has so long a number."""
_BETWEEN_WORDS = re.compile("([ ,./:\\-\n]+)")


class Letters(NamedTuple):
    """The texts of a card as they may be shown, and which of them need the clerk's eye."""

    name: str
    address: str
    extra: tuple[str, ...]
    doubts: tuple[str, ...]
    profile: str


class _Reading(NamedTuple):
    profile: str
    name: str
    address: str
    extra: tuple[str, ...]
    unread: int = 0
    """Words outside the name that this profile does not explain."""
    is_name_sure: bool = True


def read_letters(name: str, address: str, extra: tuple[str, ...]) -> Letters:
    """The name and the other texts with their damage undone where only one reading exists."""
    name, address, extra, capitals_inverted = _undo_caps_lock(name, address, extra)
    tried = [_read_plain(name, address, extra)]
    tried += [_read_damaged(profile, name, address, extra) for profile in PROFILES]
    readings = [reading for reading in tried if reading is not None]
    believed = [reading for reading in readings if reading.is_name_sure]
    if len({reading.name for reading in believed}) == 1:
        best = min(believed, key=lambda reading: reading.unread)
        doubts: tuple[str, ...] = ("address",) if best.unread else ()
        profile = "caps" if capitals_inverted and best.profile == "plain" else best.profile
        return Letters(best.name, best.address, best.extra, doubts, profile)
    if len(readings) == 1 and not believed:
        # One damage explains the card, but a word of the name can be read in two ways.
        only = readings[0]
        doubts = ("name", "address") if only.unread else ("name",)
        return Letters(only.name, only.address, only.extra, doubts, only.profile)
    # Nothing explains the name, or two things do: shown as it came, for the clerk to retype.
    doubts = ("name",) if not address or _is_whole(address) else ("name", "address")
    return Letters(_one_space(name), _one_space(address), extra, doubts, "unknown")


# ---------------------------------------------------------------- undamaged


def _read_plain(name: str, address: str, extra: tuple[str, ...]) -> _Reading | None:
    """The text as it stands, if every letter is Vietnamese and one proves it was not damaged.

    A name without any mark, or with only á í ó ú (which the OEM damage makes out of others), is
    believed when two other words of the card have a mark that no damage produces: an input method
    makes one out of a letter and a digit, as of the block "A1" in an address.
    """
    everything = "\n".join([name, address, *extra])
    if not _is_whole(everything):
        return None
    if not _proofs(name) and len(_proofs(everything)) < 2:
        return None
    read = _plain_name(name)
    if read is None:
        return None
    joined, unsure = _joined(address)
    return _Reading("plain", read, joined, tuple(_one_space(part) for part in extra), unsure)


def _is_whole(text: str) -> bool:
    """Nothing in it but Vietnamese, and a letter that proves it."""
    known = all(sign in _PLAIN_SIGNS or sign == "\n" for sign in text)
    return known and any(sign in _SURE_LETTERS for sign in text)


def _proofs(text: str) -> list[str]:
    """Words of two letters and more with a mark that proves them."""
    words = re.split(r"[\W_]+", text)
    return [w for w in words if len(w) > 1 and w.isalpha() and any(s in _SURE_LETTERS for s in w)]


def _plain_name(name: str) -> str | None:
    """The name, with line breaks inside it healed, if all its words are syllables."""
    healed = {
        _one_space(variant)
        for variant in _break_variants(name)
        if _all_names(_one_space(variant).split(" "))
    }
    if len(healed) != 1:
        return None
    read = healed.pop()
    return capitalised(read) if read.isupper() else read


def _break_variants(text: str) -> list[str]:
    """A line break may stand in place of a space, or have been put inside a word."""
    variants = [""]
    for number, part in enumerate(text.split("\n")):
        joints = ("", " ") if number else ("",)
        variants = [so_far + joint + part for so_far in variants for joint in joints]
        if len(variants) > 64:
            return []
    return variants


def _all_names(words: list[str]) -> bool:
    capitals = "".join(words).isupper()
    return bool(words) and all(is_syllable(w) and (capitals or _has_name_case(w)) for w in words)


def _has_name_case(word: str) -> bool:
    return word[:1].isupper() and word[1:] == word[1:].lower()


def _joined(address: str) -> tuple[str, int]:
    """The address on one line, and how many breaks may have been put inside a word."""
    lines = re.sub(r"(?<=[ ,])\n|\n(?=[ ,])", " ", address)
    return _one_space(lines.replace("\n", " ")).replace(" ,", ","), lines.count("\n")


# ---------------------------------------------------------------- damaged


def _read_damaged(
    profile: Profile, name: str, address: str, extra: tuple[str, ...]
) -> _Reading | None:
    """The card under one profile, or None when it does not explain every word of the name."""
    words: list[str] = []
    is_shown = False
    is_sure = True
    for word in _one_space(name).split(" "):
        fitting = {w for w in profile.undo(word) if is_syllable(w) and _has_name_case(w)}
        if not fitting:
            return None
        is_sure = is_sure and len(fitting) == 1
        words.append(fitting.pop() if len(fitting) == 1 else word)
        is_shown = is_shown or _is_undone(profile, word, words[-1])
    texts: list[str] = []
    unread = 0
    for text in (address, *extra):
        pieces = [(piece, _read_piece(profile, piece)) for piece in _BETWEEN_WORDS.split(text)]
        unread += sum(read is None for _, read in pieces)
        if profile.shows_in == "anywhere":
            is_shown = is_shown or any(_is_undone(profile, raw, read) for raw, read in pieces)
        joined = "".join(raw if read is None else read for raw, read in pieces)
        texts.append(_one_space(joined.replace("\n", " ")))
    if not is_shown:
        return None
    return _Reading(profile.name, " ".join(words), texts[0], tuple(texts[1:]), unread, is_sure)


def _is_undone(profile: Profile, raw: str, read: str | None) -> bool:
    if read is None or read == raw or not profile.sign.search(raw):
        return False
    return any(sign in MARKED for sign in read)


def _read_piece(profile: Profile, piece: str) -> str | None:
    """A word of an address with its one reading; None when it has none, or several."""
    if not piece or _BETWEEN_WORDS.fullmatch(piece):
        return piece
    fitting = {word for word in profile.undo(piece) if is_syllable(word) and _has_word_case(word)}
    if piece.isdecimal() and len(piece) < _TWO_LETTERS:
        # House 212, or the Ô of Ô Chợ Dừa: nobody can tell.
        return None if fitting else piece
    if len(fitting) == 1:
        return fitting.pop()
    # Abbreviations and numbers (TT, 12A) are no syllables, and there is nothing to undo.
    untouched = re.fullmatch(r"[A-Z0-9()'&]*", piece) is not None
    return piece if untouched and not fitting else None


def _has_word_case(word: str) -> bool:
    # A small vowel in front is what is left of Đông or Đan when the Đ did not come through.
    return word[1:] == word[1:].lower() and split_tone(word[0])[0] not in VOWELS


# ---------------------------------------------------------------- Caps Lock


def _undo_caps_lock(
    name: str, address: str, extra: tuple[str, ...]
) -> tuple[str, str, tuple[str, ...], bool]:
    """Cards write "Nguyễn Văn An"; "nGUYỄN vĂN aN" came through with Caps Lock on."""
    words = [word for word in _one_space(name.replace("\n", " ")).split(" ") if word]
    ascii_letters = [[sign for sign in word if sign.isascii() and sign.isalpha()] for word in words]
    inverted = bool(words) and all(
        all(sign.isupper() for sign in letters[word[:1].isascii() :])
        and (not word[:1].isascii() or word[:1].islower())
        for word, letters in zip(words, ascii_letters, strict=True)
    )
    if not inverted or not any(word[:1].isascii() for word in words):
        return name, address, extra, False
    # Letters sent as Unicode pass Caps Lock untouched, letters sent as keys do not.
    inner = [s for text in (name, address) for w in text.split(" ") for s in w[1:] if s in MARKED]
    all_turned = any(sign.isupper() for sign in inner)

    def turned(text: str) -> str:
        return "".join(s.swapcase() if s.isascii() or all_turned else s for s in text)

    return capitalised(turned(name)), turned(address), tuple(turned(e) for e in extra), True


def _one_space(text: str) -> str:
    # Only the space itself: a no-break space can be half of a damaged letter.
    return re.sub(" +", " ", text).strip(" ")
