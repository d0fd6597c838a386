"""Who may sit at the counter: argon2id passwords, and a wait that grows with wrong ones."""

from __future__ import annotations

import unicodedata
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import msgspec

from db import engine as engines
from db import projection
from db.kinds import ClerkRegistered
from db.refused import Refused
from desk_app.desk import Desk

if TYPE_CHECKING:
    from argon2 import PasswordHasher

FREE_TRIES = 5
LONGEST_WAIT = timedelta(minutes=15)
SHORTEST_PASSWORD = 8


class WrongPassword(Refused):
    """Not this person's password; ``wait_seconds`` until the next try is looked at."""


class AccountDisabled(Refused):
    """The office closed this account; ``login``."""


class UnknownClerk(Refused):
    """Nobody here has this login; ``login``."""


class PasswordTooShort(Refused):
    """Passwords have at least ``least`` characters."""


class _Tries(msgspec.Struct):
    wrong: int = 0
    until: str = ""


def verifier_of(password: str) -> str:
    """The argon2id string kept for a password (64 MiB, 3 passes; about 0.1 s).

    Raises:
        PasswordTooShort: fewer than eight characters.
    """
    if len(password) < SHORTEST_PASSWORD:
        raise PasswordTooShort(least=SHORTEST_PASSWORD)
    return _hasher().hash(_typed(password))


def people_who_may(desk: Desk) -> tuple[ClerkRegistered, ...]:
    """Everybody who may sign in, in the order of their names."""
    with desk.reading() as connection:
        clerks = desk.published(connection).clerks
    return tuple(sorted((c for c in clerks if not c.disabled), key=lambda c: c.name))


def sign_in(desk: Desk, login: str, password: str) -> Desk:
    """The desk with this person at it.

    After five wrong passwords each further one doubles the wait, up to 15 minutes; the count
    is in the database, so that starting again does not clear it.

    Raises:
        UnknownClerk, AccountDisabled: there is no such account to sign in to.
        WrongPassword: not the password, or the wait is not over.
    """
    with desk.reading() as connection:
        clerk = desk.published(connection).clerk(login)
        stored = projection.read_meta(connection, _key(login))
    if clerk is None:
        raise UnknownClerk(login=login)
    if clerk.disabled:
        raise AccountDisabled(login=login)
    tries = msgspec.json.decode(stored, type=_Tries) if stored else _Tries()
    now = desk.now()
    left = datetime.fromisoformat(tries.until) - now if tries.until else timedelta(0)
    # A longer wait was counted under a clock that was wrong; it must not lock anybody out.
    if timedelta(0) < left <= LONGEST_WAIT:
        raise WrongPassword(wait_seconds=int(left.total_seconds()) + 1)
    if not _matches(clerk.verifier, password):
        wrong = tries.wrong + 1
        wait = _wait_after(wrong)
        _remember(desk, login, _Tries(wrong, (now + wait).isoformat()))
        raise WrongPassword(wait_seconds=int(wait.total_seconds()))
    if tries.wrong:
        _remember(desk, login, _Tries())
    return desk.as_clerk(clerk)


def _wait_after(wrong: int) -> timedelta:
    if wrong < FREE_TRIES:
        return timedelta(0)
    return min(timedelta(seconds=5 * 2 ** (wrong - FREE_TRIES)), LONGEST_WAIT)


def _matches(verifier: str, password: str) -> bool:
    from argon2.exceptions import VerifyMismatchError

    try:
        return _hasher().verify(verifier, _typed(password))
    except VerifyMismatchError:
        return False


def _typed(password: str) -> bytes:
    """The same bytes from every keyboard: some send a letter and its mark apart."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


def _hasher() -> PasswordHasher:
    from argon2 import PasswordHasher

    return PasswordHasher(time_cost=3, memory_cost=64 * 1024, parallelism=4)


def _remember(desk: Desk, login: str, tries: _Tries) -> None:
    with engines.writing(desk.journal.engine) as connection:
        projection.write_meta(connection, _key(login), msgspec.json.encode(tries))


def _key(login: str) -> str:
    return f"tries:{login}"
