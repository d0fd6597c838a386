"""A person as typed into the form, read into the person an entry holds."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from db.parts import Person
from desk_app.rules.days import age, read_day, show_day
from desk_app.rules.names import tidy_name
from desk_app.rules.numbers import check_against, read_id_number
from desk_app.rules.phones import read_phone
from desk_app.rules.remarks import Remark
from desk_app.rules.typed import LINE, SHORT, clean

ACTS_ALONE_FROM = 15
"""Years. Younger people need a representative's consent (Civil Code 2015, Art. 21)."""

PersonKind = Literal["citizen", "business", "state_body", "organisation", "other"]


@dataclass(frozen=True, slots=True)
class PersonTyped:
    """The fields of one person, exactly as they stand in the form."""

    name: str = ""
    id_number: str = ""
    born: str = ""
    sex: str = ""
    address: str = ""
    phone: str = ""
    email: str = ""
    kind: PersonKind = "citizen"
    representative: str = ""


def read_person(
    typed: PersonTyped, today: date, field_prefix: str = "applicant"
) -> tuple[Person, tuple[Remark, ...]]:
    """The person, and every remark with the field it belongs to (``applicant.phone``).

    A field with an error is left empty in the person; what was typed stays in the form.
    """
    of_person = typed.kind == "citizen"
    name, name_remarks = tidy_name(typed.name, f"{field_prefix}.name", of_person)
    number, id_kind, number_remarks = read_id_number(
        typed.id_number, f"{field_prefix}.id_number", of_person
    )
    born, born_remarks = read_day(typed.born, today, f"{field_prefix}.born")
    sex, sex_remarks = _read_sex(typed.sex, f"{field_prefix}.sex")
    address, address_remarks = clean(typed.address, limit=LINE, field=f"{field_prefix}.address")
    phone, phone_remarks = read_phone(typed.phone, f"{field_prefix}.phone")
    email, email_remarks = _read_email(typed.email, f"{field_prefix}.email")
    representative, representative_remarks = tidy_name(
        typed.representative, f"{field_prefix}.representative"
    )
    remarks = (
        *(() if name else (Remark(f"{field_prefix}.name", "name_missing", "error"),)),
        *name_remarks,
        *number_remarks,
        *(check_against(number, born, sex, f"{field_prefix}.id_number") if of_person else ()),
        *born_remarks,
        *sex_remarks,
        *address_remarks,
        *phone_remarks,
        *email_remarks,
        *representative_remarks,
    )
    person = Person(
        name=name,
        kind=typed.kind,
        id_number=number,
        id_kind=id_kind,
        born=born,
        sex=sex,
        address=address,
        phone=phone,
        email=email,
        representative=representative,
    )
    return person, remarks


def check_acts_alone(
    applicant: Person, submitter: Person | None, today: date, field: str = "applicant.born"
) -> tuple[Remark, ...]:
    """A warning when a child hands in a dossier with nobody acting for it."""
    if submitter is not None or applicant.representative or not applicant.born:
        return ()
    years = age(applicant.born, today)
    if applicant.kind != "citizen" or years >= ACTS_ALONE_FROM:
        return ()
    return (Remark(field, "child_alone", "warning", {"age": years}),)


def typed_from(person: Person) -> PersonTyped:
    """The person put back into the fields of a form, as for a returning citizen."""
    return PersonTyped(
        name=person.name,
        id_number=person.id_number,
        born=show_day(person.born),
        sex=person.sex,
        address=person.address,
        phone=person.phone,
        email=person.email,
        kind=person.kind,
        representative=person.representative,
    )


def _read_sex(text: str, field: str) -> tuple[Literal["", "Nam", "Nữ"], tuple[Remark, ...]]:
    typed, remarks = clean(text, field=field)
    said = typed.casefold()
    if said in {"nam", "m", "male"}:
        return "Nam", remarks
    if said in {"nữ", "nu", "f", "female"}:
        return "Nữ", remarks
    return "", (*remarks, Remark(field, "sex_unreadable", "error")) if said else remarks


def _read_email(text: str, field: str) -> tuple[str, tuple[Remark, ...]]:
    email, remarks = clean(text, limit=SHORT, field=field)
    if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
        remarks = (*remarks, Remark(field, "email_odd", "warning"))
    return email, remarks
