"""Who may read the server's pages: accounts, passwords, and sessions that end with the program."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from typing import NamedTuple

from argon2 import PasswordHasher
from argon2.exceptions import VerificationError
from sqlalchemy import select

from db import engine as engines
from db.district.server import District
from db.district.tables import accounts
from db.tables import put

LIVES = 8 * 3600
"""Seconds a session lasts: one working day."""

LOGINS = 1_000
"""Logins whose wrong passwords are counted; who tries more forgets the oldest."""

_hasher = PasswordHasher(time_cost=3, memory_cost=65_536, parallelism=4)


class Session(NamedTuple):
    """A person signed in at a browser."""

    login: str
    csrf: str
    until: float


def first_account(server: District, login: str) -> str:
    """Make an account, or give it another password; returns the password, shown once."""
    password = secrets.token_urlsafe(12)
    row = {"login": login, "name": login, "role": "reader", "verifier": _hasher.hash(password)}
    with engines.writing(server.engine) as connection:
        connection.execute(put(accounts), row)
    return password


class Sessions:
    """Signs people in and knows them again by their cookie."""

    def __init__(self, server: District, clock: Callable[[], float] = time.monotonic) -> None:
        self._server, self._clock = server, clock
        self._open: dict[str, Session] = {}
        self._wrong: dict[str, tuple[int, float]] = {}
        self._nobody = _hasher.hash(secrets.token_urlsafe(12))

    def sign_in(self, login: str, password: str) -> str | None:
        """A cookie's value, or None when login and password do not go together, or too soon after
        wrong ones: the wait doubles each time."""
        times, until = self._wrong.get(login, (0, 0.0))
        if self._clock() < until:
            return None
        if not self._fits(login, password):
            self._wrong.pop(login, None)
            self._wrong[login] = (times + 1, self._clock() + min(2.0**times, 900))
            if len(self._wrong) > LOGINS:
                del self._wrong[next(iter(self._wrong))]
            return None
        self._wrong.pop(login, None)
        token = secrets.token_urlsafe(32)
        self._open[token] = Session(login, secrets.token_urlsafe(16), self._clock() + LIVES)
        return token

    def session(self, token: str | None) -> Session | None:
        """Whose cookie it is; None when it is nobody's any more."""
        session = self._open.get(token or "")
        if session is not None and self._clock() > session.until:
            del self._open[token or ""]
            return None
        return session

    def sign_out(self, token: str | None) -> None:
        """The cookie is nobody's from now on."""
        self._open.pop(token or "", None)

    def _fits(self, login: str, password: str) -> bool:
        with engines.reading(self._server.engine) as connection:
            wanted = accounts.c.login == login
            kept = connection.scalar(select(accounts.c.verifier).where(wanted))
        try:
            # An unknown login takes as long as a wrong password.
            return _hasher.verify(kept or self._nobody, password) and kept is not None
        except VerificationError:
            return False
