"""The words of everybody's papers, from a day on: what a province or a district publishes."""

from __future__ import annotations

from datetime import date

from db import engine as engines
from db import projection
from db.district.counters import OfficeUnknown
from db.district.server import BY, LOCAL, District
from db.kinds import FormPublished, OfficePublished, TextPublished
from db.parts import ClerkFacts
from db.refused import Refused
from db.seed import named, seed_forms
from db.text_file import TextsFile
from db.texts import LOGO, OFFICE, OFFICE_TEXTS, Change, UnknownText, checked, from_day


class ReasonNeeded(Refused):
    """Neither the file nor the operator says why."""


def publish_texts(
    server: District, file: TextsFile, office: str = "", day: date | None = None, reason: str = ""
) -> list[Change]:
    """Publish every text of a file, or none; a counter's own wording of the same day holds there.

    Args:
        office: only the papers of this office, by its code; empty: everybody's.
        day: instead of the file's; without either it is today.

    Raises:
        ReasonNeeded, UnknownText, OfficeUnknown, DayGone, and what ``db.texts.checked`` raises.
    """
    why = (reason or file.reason).strip()
    if not why:
        raise ReasonNeeded()
    now = server.now().astimezone(LOCAL)
    whose = _statistic_code(server, office) if office else ""
    law = _law(server)
    changes = [_checked(change, law, whose) for change in file.changes()]
    valid_from = from_day(day or file.valid_from or now.date(), now.date())
    at, by = now.isoformat(timespec="seconds"), ClerkFacts(BY, server.facts.name)
    with server.journal.saving(by=BY) as saving:
        for change in changes:
            body = TextPublished(whose, *change, valid_from, why, at, by)
            saving.append(named("text", whose, *change[:3]), body)
    return changes


def _checked(change: Change, law: dict[tuple[str, str, str], str], whose: str) -> Change:
    names = change.form == OFFICE
    # A name fits one office only, and a logo is chosen where it can be looked at.
    if (names and (not whose or change.text == LOGO)) or (change[:3] not in law):
        raise UnknownText(form=change.form, text=change.text)
    if change.says is None:
        return change
    said = checked(change.form, change.text, law[change[:3]], change.says)
    return change._replace(says=said)


def _law(server: District) -> dict[tuple[str, str, str], str]:
    """Every text there is, as the forms have it."""
    found = {(OFFICE, "", key): "" for key in OFFICE_TEXTS}
    with engines.reading(server.engine) as connection:
        published = [body for _, body in projection.read_reference(connection, FormPublished)]
    for form in (*seed_forms(), *published):
        assert isinstance(form, FormPublished)
        found |= {(form.form, form.form_set, key): says for key, says in form.texts.items()}
    return found


def _statistic_code(server: District, code: str) -> str:
    with engines.reading(server.engine) as connection:
        offices = [body for _, body in projection.read_reference(connection, OfficePublished)]
    for office in offices:
        assert isinstance(office, OfficePublished)
        if code in (office.facts.code, office.statistic_code):
            return office.statistic_code
    raise OfficeUnknown(code=code)
