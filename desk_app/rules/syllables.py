"""Is this word a Vietnamese syllable, in how it is spelled?

Used to tell a name that was read well from one that a scanner or an old code page broke. It
knows the spelling of the language, not a dictionary: names of other peoples (Ka, H'Nhiêng, Niê)
fail it, so a failure asks for the clerk's eye and never refuses.
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

TONES = {"\u0300": "f", "\u0309": "r", "\u0303": "x", "\u0301": "s", "\u0323": "j"}
"""Combining tone marks and the Telex key of each: huyền, hỏi, ngã, sắc, nặng."""

LETTERS = frozenset("aăâbcdđeêghiklmnoôơpqrstuưvxy")
VOWELS = "aăâeêioôơuưy"

MARKED = frozenset(
    letter
    for vowel in VOWELS
    for tone in ("", *TONES)
    for lower in (unicodedata.normalize("NFC", vowel + tone),)
    for letter in (lower, lower.upper())
    if not letter.isascii()
) | {"đ", "Đ"}
"""Every letter of Vietnamese outside ASCII, both cases."""

_ONSETS = (
    *("ngh", "ch", "gh", "gi", "kh", "ng", "nh", "ph", "qu", "th", "tr"),
    *("b", "c", "d", "đ", "g", "h", "k", "l", "m", "n", "p", "r", "s", "t", "v", "x", ""),
)
_OPEN_RIMES = """
    a ai am an ang anh ao au ay ăm ăn ăng âm ân âng âu ây e em en eng eo ê êm ên ênh êu
    i ia im in inh iu iêm iên iêng iêu o oa oai oam oan oang oanh oao oay oăm oăn oăng
    oe oen oeo oi om on ong oong ô ôi ôm ôn ông ơ ơi ơm ơn ơng u ua uân uâng uây uê uênh ui um un
    ung uôi uôm uôn uông uơ uy uya uynh uyên uyu ư ưa ưi ưm ưn ưng ươi ươm ươn ương ươu ưu
    y yêm yên yêng yêu
"""
_STOPPED_RIMES = """
    ac ach ap at ăc ăp ăt âc âp ât ec ep et êch êp êt ich ip it iêc iêp iêt oac oach oap oat oăc
    oăt oc oet ooc op ot ôc ôp ôt ơp ơt uât uc uêch uôc uôt up ut uych uyêt uyt uyp ưc ươc ươp
    ươt ưt yêt
"""
_OPEN = frozenset(_OPEN_RIMES.split())
_STOPPED = frozenset(_STOPPED_RIMES.split())
_AFTER_QU = frozenset({"ynh", "ych", "yt"})
_AFTER_GI = frozenset({"êng", "êc"})


def split_tone(word: str) -> tuple[str, str]:
    """The word without its tone, and the tone as its Telex key ("" for level, "?" for two)."""
    kept: list[str] = []
    tone = ""
    for sign in unicodedata.normalize("NFD", word):
        if sign in TONES:
            tone = "?" if tone else TONES[sign]
        else:
            kept.append(sign)
    return unicodedata.normalize("NFC", "".join(kept)), tone


@lru_cache(maxsize=4096)
def is_syllable(word: str) -> bool:
    """Whether the word is spelled like one Vietnamese syllable, whatever its case."""
    base, tone = split_tone(word.lower())
    if tone == "?" or not base or not LETTERS.issuperset(base):
        return False
    return any(
        base.startswith(onset) and _fits(onset, base[len(onset) :], tone) for onset in _ONSETS
    )


def _fits(onset: str, rime: str, tone: str) -> bool:
    if onset == "qu":
        known = rime in _AFTER_QU or (rime[:1] in "aăâeêioôơy" and rime in _OPEN | _STOPPED)
    elif onset == "gi":
        known = rime in _AFTER_GI or (rime[:1] not in "iy" and rime in _OPEN | _STOPPED)
    elif onset == "g" and rime[:1] == "i":
        known = rime in {"i", "in"}
    else:
        known = rime in _OPEN | _STOPPED
    if not known:
        return False
    # A syllable closed by a stop carries sắc or nặng and nothing else, which is what gives
    # away a name that lost its marks ("Bich", "Duc").
    if (rime[-1] in "cpt" or rime.endswith("ch")) and tone not in {"s", "j"}:
        return False
    front = rime[0] in "eêiy"
    if onset in {"k", "gh", "ngh"}:
        return front
    return not (onset in {"c", "ng"} and front) and not (onset == "g" and rime[0] in "eêy")
