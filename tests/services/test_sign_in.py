"""Passwords, and the wait that grows with wrong ones."""

from __future__ import annotations

import unicodedata

import msgspec
import pytest

from desk_app.messages import sentence_for
from desk_app.services.demo import PASSWORD
from desk_app.services.receive import receive
from desk_app.services.sign_in import (
    AccountDisabled,
    PasswordTooShort,
    UnknownClerk,
    WrongPassword,
    people_who_may,
    sign_in,
    verifier_of,
)


def wait_after(desk, password="sai mật khẩu", login="hung"):
    with pytest.raises(WrongPassword) as refused:
        sign_in(desk, login, password)
    return refused.value.facts["wait_seconds"]


def change(desk, login, **changes):
    with desk.reading() as connection:
        clerk = desk.published(connection).clerk(login)
    with desk.saving() as saving:
        saving.append(b"c" * 16, msgspec.structs.replace(clerk, **changes))


def test_the_right_password_seats_the_person_at_the_same_counter(desk, form):
    seated = sign_in(desk, "hung", PASSWORD)
    assert (seated.clerk.login, seated.clerk.name, seated.role) == (
        "hung",
        "Phạm Văn Hùng",
        "chief",
    )
    assert receive(seated, form()).facts.clerk.login == "hung"
    assert receive(desk, form()).facts.clerk.login == "mai"


def test_who_may_sign_in_is_listed_without_those_who_may_not(desk):
    assert [c.login for c in people_who_may(desk)] == ["hung", "mai"]
    change(desk, "hung", disabled=True)
    assert [c.login for c in people_who_may(desk)] == ["mai"]


@pytest.mark.parametrize("wrong", ["", " ", PASSWORD.upper(), PASSWORD + " ", "x" * 5000, "\ud800"])
def test_any_other_password_is_refused(desk, wrong):
    """Row 54."""
    assert wait_after(desk, wrong) == 0


def test_four_slips_cost_nothing_and_each_further_one_doubles_the_wait(desk, clock):
    """Row 54."""
    waits = []
    for _ in range(14):
        waits.append(wait_after(desk))
        clock.forward(seconds=waits[-1])
    assert waits == [0, 0, 0, 0, 5, 10, 20, 40, 80, 160, 320, 640, 900, 900]


def test_during_the_wait_not_even_the_right_password_is_looked_at(desk, clock):
    for _ in range(6):
        wait_after(desk)
    assert 0 < wait_after(desk, PASSWORD) <= 6
    clock.forward(seconds=6)
    assert sign_in(desk, "hung", PASSWORD).clerk.login == "hung"


def test_starting_the_program_again_does_not_clear_the_wait(desk, reopened, clock):
    for _ in range(5):
        wait_after(desk)
    again = reopened()
    assert wait_after(again, PASSWORD) > 0
    clock.forward(seconds=10)
    assert wait_after(again) == 10


def test_a_wait_counted_under_a_wrong_clock_locks_nobody_out(desk, clock):
    right = clock.at
    clock.at = right.replace(year=2098)
    for _ in range(6):
        wait_after(desk)
        clock.forward(minutes=1)
    clock.at = right
    assert sign_in(desk, "hung", PASSWORD).clerk.login == "hung"


def test_the_right_password_clears_the_count(desk, clock):
    for _ in range(4):
        wait_after(desk)
    sign_in(desk, "hung", PASSWORD)
    assert [wait_after(desk) for _ in range(4)] == [0, 0, 0, 0]


def test_one_persons_slips_are_not_anothers(desk):
    for _ in range(6):
        wait_after(desk)
    assert sign_in(desk, "mai", PASSWORD).clerk.login == "mai"


def test_an_account_that_was_closed_opens_no_more(desk):
    change(desk, "hung", disabled=True)
    with pytest.raises(AccountDisabled) as refused:
        sign_in(desk, "hung", PASSWORD)
    assert "hung" in sentence_for(refused.value)


@pytest.mark.parametrize("login", ["", "ai", "Hung", "hung'--"])
def test_a_login_nobody_has_is_refused(desk, login):
    with pytest.raises(UnknownClerk):
        sign_in(desk, login, PASSWORD)


def test_a_password_typed_on_another_keyboard_is_the_same(desk):
    change(desk, "hung", verifier=verifier_of("mật khẩu của tôi"))
    assert sign_in(desk, "hung", unicodedata.normalize("NFD", "mật khẩu của tôi"))


def test_a_password_of_seven_letters_is_not_taken(desk):
    with pytest.raises(PasswordTooShort) as refused:
        verifier_of("1234567")
    assert refused.value.facts == {"least": 8}


def test_what_is_kept_of_a_password_is_argon2id_and_different_each_time():
    one, two = verifier_of(PASSWORD), verifier_of(PASSWORD)
    assert one.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert one != two
    assert PASSWORD not in one
