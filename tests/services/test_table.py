"""Every cell of the table through the gate that all steps go through: who may do what when, and what
is said instead to whoever may not."""

from __future__ import annotations

import dataclasses
from itertools import product

import pytest
from msgspec.structs import replace
from store.test_acts import EXAMPLES, standing_in

from db.acts import ACTS, NOT_TAKEN_IN, STATES
from db.fold import fold
from db.living import fits_in
from db.steps import ResultArrived, ResultIssued, ResultPosted, ResultReturned
from desk_app.messages import sentence_for
from desk_app.services.steps import NotNow, NotYourRole, allow

ROLES = ("clerk", "officer", "chief")


def tries(kind):
    """A step of a kind about each of two results."""
    body = EXAMPLES[kind]
    match body:
        case ResultIssued() | ResultArrived():
            return [replace(body, result=place) for place in (0, 1)]
        case ResultReturned() | ResultPosted():
            return [replace(body, results=(place,)) for place in (0, 1)]
        case _:
            return [body]


@pytest.mark.parametrize(("state", "role"), list(product(STATES, ROLES)))
def test_a_person_in_a_state(desk, state, role):
    person = dataclasses.replace(desk, role=role)
    for kind, act in ACTS.items():
        dossier = fold(standing_in(state, kind).entries.values())
        assert dossier is not None
        with desk.reading() as connection:
            if role not in act.who:
                with pytest.raises(NotYourRole) as refused:
                    allow(person, connection, dossier, EXAMPLES[kind])
                said = sentence_for(refused.value)
                assert act.says in said and "mời người đó" in said.lower()
            elif state in act.when:
                allow(person, connection, dossier, EXAMPLES[kind])
            else:
                with pytest.raises(NotNow) as refused:
                    allow(person, connection, dossier, EXAMPLES[kind])
                says_what_is_possible(dossier, role, refused.value)


def says_what_is_possible(dossier, role, refused):
    said = sentence_for(refused)
    assert STATES[dossier.status] in said
    left = said.partition("Có thể: ")[2].removesuffix(".")
    words = {act.says.lower(): kind for kind, act in ACTS.items() if role in act.who}
    for word in sorted(words, key=len, reverse=True):
        if word in left:
            left = left.replace(word, "")
            assert any(fits_in(dossier.life, words[word], step) for step in tries(words[word])), (
                word
            )
    assert left.strip(", ") in ("", "chỉ xem", "tiếp nhận")
    if dossier.status in NOT_TAKEN_IN and role != "officer":
        assert "Có thể: tiếp nhận" in said


def test_papers_given_back_are_not_offered_again(desk):
    told = standing_in("refused", "")
    told.then(EXAMPLES["result.returned"])
    dossier = fold(told.entries.values())
    with desk.reading() as connection, pytest.raises(NotNow) as refused:
        allow(desk, connection, dossier, EXAMPLES["result.returned"])
    assert "trả kết quả" not in sentence_for(refused.value).partition("Có thể")[2]
