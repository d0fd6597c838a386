"""The texts of the papers: which there are, what they say, and how an office words them anew.

What is published holds from a day on and travels like everything else; a paper that was printed is
printed again as it was.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal

from db.acts import PUBLISHERS
from db.kinds import OfficePublished, TextPublished
from db.parts import OfficeFacts
from db.refused import Refused
from db.seed import named, seed_forms
from db.texts import LOGO, OFFICE, OFFICE_TEXTS, Change, UnknownText, checked, from_day
from desk_app.desk import Desk
from desk_app.papers.forms import FORMS
from desk_app.papers.logo import logo_text
from desk_app.papers.receipt import Size
from desk_app.papers.specimen import SHOWN, Specimen, runs_over, specimen_pdf
from desk_app.published import Edition, Published, renamed
from desk_app.rules.typed import TEXT, clean
from desk_app.services.correct import NothingChanged, reason_of
from desk_app.services.settle import OnlyTheChief
from desk_app.services.steps import stamp

TITLES: Final = {
    OFFICE: "Tên đơn vị, người ký",
    **{form: FORMS.get(form, "Sổ theo dõi hồ sơ") for form in SHOWN},
}
"""Every form that has texts, by what the office calls it."""


class TextRunsOver(Refused):
    """The paper of a long dossier has no room for it; ``form``, ``size``."""


@dataclass(frozen=True)
class FormText:
    """One text: what the law says, what holds today, from which day and on whose word."""

    form: str
    form_set: str
    text: str
    label: str
    law: str
    says: str
    since: str
    """A day, ISO."""
    origin: Literal["law", "above", "office"]
    history: tuple[Edition, ...]
    """Every wording there was and will be, the newest first."""


def may_publish(desk: Desk) -> bool:
    """Whether who is signed in may word the office's papers."""
    return desk.role in PUBLISHERS


def form_texts(desk: Desk) -> tuple[FormText, ...]:
    """Every text that can be worded anew: the office's names, then form by form."""
    with desk.reading() as connection:
        published = desk.published(connection)
        today = desk.now().date()
        of = {form: "" if form == OFFICE else _form_set(published, form, today) for form in TITLES}
        return tuple(
            each
            for form, form_set in of.items()
            for each in _texts(desk, published, form, form_set)
        )


def check(desk: Desk, change: Change) -> str | None:
    """The text as it would be published; None when it is the law's.

    Raises:
        UnknownText, LogoRefused, and what ``db.texts.checked`` raises.
    """
    law = _the_text(desk, change).law
    if change.says is None:
        return None
    if (change.form, change.text) == (OFFICE, LOGO):
        return logo_text(change.says.strip())
    said = checked(change.form, change.text, law, clean(change.says, limit=TEXT).text)
    return None if said == law else said


def publish(desk: Desk, changes: Sequence[Change], day: date, reason: str) -> tuple[Change, ...]:
    """Word texts anew from a day on, all of them or none; returns those that were not so before.

    Raises:
        OnlyTheChief, DayGone, ReasonMissing, ReasonTooLong, NothingChanged, TextRunsOver, and as
        ``check``: nothing was published.
    """
    if not may_publish(desk):
        raise OnlyTheChief()
    why, valid_from = reason_of(reason), from_day(day, desk.now().date())
    new = [change._replace(says=check(desk, change)) for change in changes]
    new = [change for change in new if change.says != _said_on(desk, change, day)]
    if not new:
        raise NothingChanged()
    _look_at(desk, new)
    office = desk.office.statistic_code
    with desk.saving() as saving:
        for change in new:
            body = TextPublished(office, *change, valid_from=valid_from, reason=why, **stamp(desk))
            saving.append(named("text", office, *change[:3]), body)
    with desk.reading() as connection:
        desk.published(connection)  # the desk's own names may be among them
    return tuple(new)


def specimen(desk: Desk, form: str, longest: bool, changes: Iterable[Change] = ()) -> Specimen:
    """A paper of nobody in today's words and those of ``changes``, to be drawn.

    Raises:
        LogoRefused.
    """
    # The names of an office stand on every paper, and its signer on the letter.
    form = "04" if form == OFFICE else form
    today, own = desk.now().date(), desk.office
    with desk.reading() as connection:
        published = desk.published(connection)
        form_set = _form_set(published, form, today)
        words = published.words(form, form_set, own.statistic_code, today).texts
        law = published.form_of(form, form_set, today).texts
    office, words = _worded(own, words, law, form, changes)
    return Specimen(
        form, form_set, words, office.facts, office.signer, office.signer_title, longest
    )


def _worded(
    office: OfficePublished,
    words: dict[str, str],
    law: dict[str, str],
    form: str,
    changes: Iterable[Change],
) -> tuple[OfficePublished, dict[str, str]]:
    """With what is not published yet."""
    names: dict[str, str | None] = {}
    words = dict(words)
    for change in changes:
        if change.says is None:
            continue
        if change.form == OFFICE and change.text == LOGO:
            words[LOGO] = logo_text(change.says.strip())
        elif change.form == OFFICE:
            names[change.text] = change.says
        elif change.form == form or (change.form == "01" and change.text not in law):
            words[change.text] = change.says
    return renamed(office, names), words


def _look_at(desk: Desk, changes: Sequence[Change]) -> None:
    """Whether the longest papers still hold it.

    Raises:
        TextRunsOver.
    """
    for form in dict.fromkeys(change.form for change in changes):
        sizes: tuple[Size, ...] = ("A5", "A4")
        for size in sizes:
            if runs_over(specimen_pdf(specimen(desk, form, True, changes), size)):
                raise TextRunsOver(form=TITLES[form], size=size)


def _said_on(desk: Desk, change: Change, day: date) -> str | None:
    """What will hold on a day if nothing is published; None: what the law says."""
    with desk.reading() as connection:
        published = desk.published(connection)
        own = published.wording(change.form, change.form_set, desk.office.statistic_code, day)
    edition = own.get(change.text)
    return edition.says.says if edition else None


def _the_text(desk: Desk, change: Change) -> FormText:
    with desk.reading() as connection:
        published = desk.published(connection)
        known = {(f.form, f.form_set) for f in published.forms} | {(OFFICE, "")}
        found = _texts(desk, published, change.form, change.form_set) if change[:2] in known else ()
    for each in found:
        if each.text == change.text:
            return each
    raise UnknownText(form=change.form, text=change.text)


def _form_set(published: Published, form: str, day: date) -> str:
    return published.form(form, day).form_set


def _texts(desk: Desk, published: Published, form: str, form_set: str) -> tuple[FormText, ...]:
    today, office = desk.now().date(), desk.office.statistic_code
    law, since = _law(desk, published, form, form_set, today)
    now = published.wording(form, form_set, office, today)
    history: dict[str, list[Edition]] = {}
    for edition in reversed(published.editions):
        says = edition.says
        if (says.form, says.form_set) == (form, form_set) and says.office in ("", office):
            history.setdefault(says.text, []).append(edition)
    found = []
    for key, words in law.items():
        holds = now[key].says if key in now else None
        found.append(
            FormText(
                form,
                form_set,
                key,
                OFFICE_TEXTS[key].label if form == OFFICE else words or key,
                words,
                holds.says or "" if holds else words,
                holds.valid_from if holds else since,
                "law" if holds is None else "office" if holds.office else "above",
                tuple(history.get(key, ())),
            )
        )
    return tuple(found)


def _law(
    desk: Desk, published: Published, form: str, form_set: str, day: date
) -> tuple[dict[str, str], str]:
    """What the texts are when nobody words them otherwise, and since when."""
    if form != OFFICE:
        of = published.form_of(form, form_set, day)
        # In the order of the paper, as they are shipped: an entry has them by their names.
        shipped = [f.texts for f in seed_forms() if (f.form, f.form_set) == (form, form_set)]
        keys = dict.fromkeys([*shipped[0], *of.texts] if shipped else of.texts)
        # What begins with a stroke is a remark about the form, and on no paper.
        texts = {k: of.texts[k] for k in keys if k in of.texts and not k.startswith("_")}
        return texts, of.valid_from
    office = published.office_as_published(desk.settings.office, day)
    assert office is not None
    facts = {k: getattr(office.facts, k) for k in OfficeFacts.__struct_fields__}
    names = {**facts, "signer": office.signer, "signer_title": office.signer_title, LOGO: ""}
    return {key: names[key] for key in OFFICE_TEXTS}, office.valid_from
