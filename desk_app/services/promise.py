"""When the result is promised, and why."""

from __future__ import annotations

from datetime import datetime

from db.deadlines import Promise, due
from db.kinds import ProcedurePublished
from desk_app.desk import Desk


def promise(desk: Desk, procedure: ProcedurePublished, received_at: datetime) -> Promise:
    """The promise for a procedure received at a moment.

    Raises:
        LimitUnknown: the catalogue gives no time limit; the clerk sets the moment with a reason.
    """
    with desk.reading() as connection:
        calendar = desk.published(connection).calendar
    return due(procedure.limit, received_at, desk.office, calendar)
