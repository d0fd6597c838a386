"""Identity numbers: twelve digits since 2016, nine before, passports, tax numbers.

The twelve digits of a personal number are checked for their count only. Their structure
(province, century and sex, year; Circular 59/2021/TT-BCA Art. 4) is no longer in force since
01/07/2024 and people have had sex or year corrected, so a contradiction is a warning.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Literal

from desk_app.rules.remarks import Remark
from desk_app.rules.typed import clean

IdKind = Literal["", "personal", "cmnd", "passport", "tax", "other"]
_LOOKS_LIKE_DIGIT = str.maketrans("OОQILSB", "0001158")


def read_id_number(
    text: str, field: str = "applicant.id_number", of_person: bool = True
) -> tuple[str, IdKind, tuple[Remark, ...]]:
    """The number without spaces, what kind of number it is, and remarks."""
    typed, remarks = clean(text, field=field)
    number = "".join(_plain_digit(sign) for sign in typed if sign not in " .-_·").upper()
    if not number:
        return "", "", remarks
    kind, remark = _judge(number, field, of_person)
    return number, kind, (*remarks, remark) if remark else remarks


def _judge(number: str, field: str, of_person: bool) -> tuple[IdKind, Remark | None]:
    count = len(number)
    if not of_person and number.isdecimal():
        if count in {10, 12, 13}:
            return "tax", None
        return "tax", Remark(field, "tax_number_digits", "error", {"count": count})
    if number.isdecimal():
        if count == 12:
            return "personal", None
        if count == 9:
            return "cmnd", Remark(field, "id_number_cmnd", "warning")
        return "", Remark(field, "id_number_digits", "error", {"count": count})
    read = number.translate(_LOOKS_LIKE_DIGIT)
    is_passport = re.fullmatch(r"[A-Z]\d+", number) is not None
    if read.isdecimal() and (len(read) == 12 or (len(read) == 9 and not is_passport)):
        offer = show_id(read)
        return "", Remark(field, "id_number_letters", "error", {"offer": offer}, offer)
    if re.fullmatch(r"(?=.*\d)[A-Z0-9]{6,9}", number):
        return "passport", Remark(field, "id_number_passport", "told")
    return "", Remark(field, "id_number_not_digits", "error")


def _plain_digit(sign: str) -> str:
    digit = unicodedata.decimal(sign, None)
    return sign if digit is None else str(digit)


def check_against(
    number: str, born: str, sex: str, field: str = "applicant.id_number"
) -> tuple[Remark, ...]:
    """Warnings where a personal number does not fit the year of birth or the sex."""
    if not re.fullmatch(r"\d{12}", number):
        return ()
    remarks: list[Remark] = []
    century_and_sex = int(number[3])
    year = 1900 + 100 * (century_and_sex // 2) + int(number[4:6])
    if born and int(born[:4]) != year:
        remarks.append(Remark(field, "id_number_birth", "warning", {"year": born[:4]}))
    if sex and sex != ("Nữ" if century_and_sex % 2 else "Nam"):
        remarks.append(Remark(field, "id_number_sex", "warning", {"sex": sex}))
    return tuple(remarks)


def show_id(number: str) -> str:
    """Digits in threes, "031 085 999 991"; a number with letters as it is."""
    if not number.isdecimal() or len(number) % 3:
        return number
    return " ".join(number[at : at + 3] for at in range(0, len(number), 3))


def mask_id(number: str) -> str:
    """For lists and screens the public can see: "031 ••• ••• 991"."""
    if number.isdecimal() and len(number) % 3 == 0 and len(number) >= 9:
        return " ".join([number[:3], *["•••"] * (len(number) // 3 - 2), number[-3:]])
    return number[:2] + "•" * max(0, len(number) - 4) + number[-2:] if len(number) > 4 else number
