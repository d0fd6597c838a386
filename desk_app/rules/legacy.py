"""Text in the code pages used before Unicode (TCVN3 or ABC, VNI): recognised, never converted
unasked.

Source of the tables: TCVN 5712:1993 (VN3) and the VNI for Windows character set.
"""

from __future__ import annotations

import re
from typing import NamedTuple

from desk_app.rules.syllables import MARKED, is_syllable

_TCVN3 = dict(
    zip(
        "µ¶·¸¹»¼½¾ÆÇÈÉÊËÌÎÏÐÑÒÓÔÕÖ×ØÜÝÞßáâãäåæçèéêëìíîïñòóôõö÷øùúûüýþ¨©ª«¬\u00ad®¡¢£¤¥¦§",
        "àảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵăâêôơưđĂÂÊÔƠƯĐ",
        strict=True,
    )
)

_VNI_PAIRS = {
    "a": "ùá øà ûả õã ïạ ââ êă áấ àầ åẩ ãẫ äậ éắ èằ úẳ üẵ ëặ",
    "e": "ùé øè ûẻ õẽ ïẹ âê áế àề åể ãễ äệ",
    "o": "ùó øò ûỏ õõ ïọ âô áố àồ åổ ãỗ äộ",
    "ô": "ùớ øờ ûở õỡ ïợ",
    "u": "ùú øù ûủ õũ ïụ",
    "ö": "ùứ øừ ûử õữ ïự",
    "y": "ùý øỳ ûỷ õỹ",
}
_VNI_ALONE = {"ô": "ơ", "ö": "ư", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ", "ñ": "đ"}
_VNI = _VNI_ALONE | {
    base + pair[0]: pair[1] for base, pairs in _VNI_PAIRS.items() for pair in pairs.split()
}
_VNI |= {key.upper(): letter.upper() for key, letter in _VNI.items()} | {
    key[0].upper() + key[1]: letter.upper() for key, letter in _VNI.items() if len(key) == 2
}
_VNI_SIGNS = re.compile("|".join(sorted(_VNI, key=len, reverse=True)))
_WORD = re.compile(r"[^\s\d,.;:()\[\]/\\\"'“”!?|-]+")
_PIECES = re.compile(_WORD.pattern + r"|[\s\d,.;:()\[\]/\\\"'“”!?|-]+")


class LegacyText(NamedTuple):
    """What the text says once it is read in its own code page."""

    encoding: str
    text: str


def recognise(text: str) -> LegacyText | None:
    """The text in Unicode if it was plainly written in TCVN3 or VNI, else None.

    Plainly: some word is not Vietnamese as it stands, and every word outside ASCII is a
    Vietnamese syllable once converted. Text that can be read both ways is left alone.
    """
    words = [word for word in _WORD.findall(text) if not word.isascii()]
    if all(is_syllable(word) for word in words):
        return None
    if any(sign in MARKED and ord(sign) > 0xFF for sign in text):
        return None  # letters the old code pages did not have: this is Unicode already
    for encoding, convert in (("TCVN3", _from_tcvn3), ("VNI", _from_vni)):
        if all(is_syllable(convert(word)) for word in words):
            pieces = _PIECES.findall(text)
            return LegacyText(encoding, "".join(convert(piece) for piece in pieces))
    return None


def _from_tcvn3(word: str) -> str:
    # Capital letters with tones were lower-case codes shown in a font of capitals.
    plain = [sign for sign in word if sign.isascii()]
    capitals = len(plain) > 1 and all(sign.isupper() for sign in plain)
    converted = "".join(_TCVN3.get(sign, sign) for sign in word)
    return converted.upper() if capitals else converted


def _from_vni(word: str) -> str:
    return _VNI_SIGNS.sub(lambda sign: _VNI[sign.group()], word)
