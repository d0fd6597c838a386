"""A financial duty, such as a land tax, that is to be met before the dossier goes on."""

from __future__ import annotations

from db.dossier import Dossier
from db.steps import DutyAsked, DutyMet, Step
from desk_app.desk import Desk
from desk_app.rules.typed import LINE
from desk_app.services.clock import after_waiting
from desk_app.services.steps import put_step, stamp, take_step, text_of
from desk_app.services.supplements import until_later


def ask_for_duty(desk: Desk, id: bytes, what: str, amount: int, until: str = "") -> Dossier:
    """A financial duty is to be met first; the clock stands.

    Raises:
        TextMissing, TextTooLong, UntilTooEarly, and as ``take_step``.
    """
    named = text_of(what, "nghĩa vụ tài chính", most=LINE)
    until_later(desk, until)
    body = DutyAsked(what=named, amount=amount, until=until, **stamp(desk))
    return take_step(desk, id, lambda _: body)


def duty_met(desk: Desk, id: bytes, document: str) -> Dossier:
    """The duty was met; the clock runs again by the same rule as after a supplement.

    Raises:
        TextMissing, TextTooLong, and as ``take_step``.
    """
    proof = text_of(document, "số chứng từ", most=200)
    with desk.saving() as saving:
        published = desk.published(saving.connection)

        def body(before: Dossier) -> Step:
            if before.status != "duty":
                return DutyMet(document=proof, **stamp(desk))
            since = next(e.at for e in reversed(before.history) if e.kind == "duty.asked")
            promise = after_waiting(desk, published, before, since, desk.now())
            return DutyMet(
                document=proof,
                due_at=promise.due_at,
                why_due=promise.why,
                results=promise.results,
                **stamp(desk),
            )

        return put_step(desk, saving, id, body)
