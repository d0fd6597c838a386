"""A dossier that will be late: apologise and promise another moment (Mẫu 04)."""

from __future__ import annotations

from datetime import datetime, timedelta

from msgspec.structs import replace

from db.dossier import Dossier
from db.refused import Refused
from db.steps import DossierExtended, PromisedResult, Step
from desk_app.desk import Desk
from desk_app.published import Published
from desk_app.rules.days import show_moment
from desk_app.rules.remarks import Remark
from desk_app.rules.typed import LINE
from desk_app.services.clock import regime_of
from desk_app.services.steps import put_step, stamp, text_of


class DueTooEarly(Refused):
    """The new moment is not after the promised one; ``due``."""


class ApologyTooLate(Refused):
    """It should have been written by ``by``; a reason for writing it now is missing."""


class ExtendedBefore(Refused):
    """It was put back ``times`` before, and may be put back ``most``; a reason is missing."""


class NotAwaited(Refused):
    """The dossier waits for no such result; ``nth``, counted from 1."""


def extend(
    desk: Desk,
    id: bytes,
    due_at: datetime,
    reason: str,
    agency: str,
    signer: str = "",
    signer_title: str = "",
    override: str = "",
    result: int | None = None,
) -> Dossier:
    """Apologise and promise another moment (Mẫu 04): once, and in time, or with a reason why not.

    Of several results ``result`` is the one that will be late, by its place; None: the dossier as
    a whole, with the last of them. The others keep their own moments.

    Raises:
        DueTooEarly, ApologyTooLate, ExtendedBefore, NotAwaited, TextMissing, TextTooLong, and as
        ``take_step``.
    """
    why = text_of(reason, "lý do chậm", most=LINE)
    who = text_of(agency, "cơ quan giải quyết", most=200)
    over = text_of(override, "lý do hẹn lại thêm", needed=False, most=LINE)
    with desk.saving() as saving:
        published = desk.published(saving.connection)

        def body(before: Dossier) -> Step:
            promised = datetime.fromisoformat(_promised(before, result))
            if due_at <= promised:
                raise DueTooEarly(due=show_moment(promised))
            moment = due_at.isoformat(timespec="seconds")
            one = result if before.facts.results else None
            if not over:
                _may_extend(desk, published, before, promised)
            return DossierExtended(
                due_at=moment,
                reason=why,
                agency=who,
                signer=signer,
                signer_title=signer_title,
                override=over,
                results=_each(before, moment) if one is None else (),
                result=one,
                **stamp(desk),
            )

        return put_step(desk, saving, id, body)


def _promised(dossier: Dossier, result: int | None) -> str:
    """The moment that cannot be kept."""
    results = dossier.life.results
    if result is None:
        return dossier.life.due_at
    if result >= len(results) or results[result].delivery != "awaited":
        raise NotAwaited(nth=result + 1)
    return results[result].due_at


def _each(dossier: Dossier, moment: str) -> tuple[PromisedResult, ...]:
    """Of several results only the last to come is late when the whole dossier is."""
    results = dossier.life.results
    last = max(
        (r.due_at for r in results if r.delivery == "awaited"),
        key=datetime.fromisoformat,
        default="",
    )
    dues = [moment if r.due_at == last else r.due_at for r in results]
    said = zip(dossier.facts.results, dues, strict=False)
    return tuple(replace(each, due_at=due) for each, due in said)


def before_extending(desk: Desk, dossier: Dossier) -> tuple[Remark, ...]:
    """What an apology now would need a reason of its own for: it is late, or not the first."""
    promised = datetime.fromisoformat(dossier.life.due_at)
    try:
        with desk.reading() as connection:
            _may_extend(desk, desk.published(connection), dossier, promised)
    except ExtendedBefore as refused:
        facts: dict[str, object] = {"times": refused.times, "most": refused.most}
        return (Remark("override", "ExtendedBefore", "warning", facts),)
    except ApologyTooLate as refused:
        return (Remark("override", "ApologyTooLate", "warning", {"by": refused.by}),)
    return ()


def _may_extend(desk: Desk, published: Published, dossier: Dossier, promised: datetime) -> None:
    regime = regime_of(desk, published, dossier)
    if dossier.life.extensions >= regime.extensions:
        raise ExtendedBefore(times=dossier.life.extensions, most=regime.extensions)
    last = promised.date() - timedelta(days=regime.apology_days)
    if desk.now().date() > last:
        raise ApologyTooLate(by=f"{last:%d/%m/%Y}")
