"""A dossier as a clerk opens it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from desk_app.desk import Desk
from desk_app.services.dossier_form import DossierForm
from desk_app.services.find import UnknownDossier
from desk_app.services.opened import opened
from desk_app.services.receive import receive


def test_a_dossier_opens_with_the_names_its_entries_leave_out(
    desk: Desk, form: Callable[..., DossierForm]
) -> None:
    taken = receive(desk, form())
    found = opened(desk, bytes.fromhex(taken.id))
    assert found.dossier == taken
    assert found.line.code == taken.facts.code
    assert found.people == {"mai": "Trần Thị Mai", "hung": "Phạm Văn Hùng"}
    assert found.counters[taken.history[0].dev] == 2
    assert found.now == desk.now()


def test_a_dossier_that_is_not_here_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownDossier):
        opened(desk, bytes(16))
